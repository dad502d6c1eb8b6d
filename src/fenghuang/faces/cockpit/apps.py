from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "fenghuang.faces.cockpit"
    label = "cockpit"
    verbose_name = "驾驶舱"
