from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "fenghuang.domain.casework"
    label = "casework"
    verbose_name = "清单管理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A register that is not sound, or that names code there is not, does not start (law/registers)."""
        from fenghuang.domain.casework import code
        from fenghuang.law.registers import registers
        from fenghuang.platform.audit.titles import declare

        code.check(registers().values())
        for one in registers().values():
            for step in one.steps.values():
                declare(f"casework.{step.name}", step.title)
