from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "fenghuang.domain.campaign"
    label = "campaign"
    verbose_name = "评价工作"
    default_auto_field = "django.db.models.BigAutoField"
