from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "fenghuang.domain.ledger"
    label = "ledger"
    verbose_name = "指标台账"
    default_auto_field = "django.db.models.BigAutoField"
