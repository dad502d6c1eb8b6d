from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    name = "fenghuang.faces.explorer"
    label = "explorer"
    verbose_name = "政策计算器"
