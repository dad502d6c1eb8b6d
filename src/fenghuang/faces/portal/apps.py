from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "fenghuang.faces.portal"
    label = "portal"
    verbose_name = "企业门户"
