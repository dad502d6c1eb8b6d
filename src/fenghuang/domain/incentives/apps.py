from django.apps import AppConfig


class IncentivesConfig(AppConfig):
    name = "fenghuang.domain.incentives"
    label = "incentives"
    verbose_name = "政策直兑"
    default_auto_field = "django.db.models.BigAutoField"
