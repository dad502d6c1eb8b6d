from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "fenghuang.domain.evaluation"
    label = "evaluation"
    verbose_name = "亩均评价"
    default_auto_field = "django.db.models.BigAutoField"
