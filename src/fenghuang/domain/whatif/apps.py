from django.apps import AppConfig


class WhatifConfig(AppConfig):
    name = "fenghuang.domain.whatif"
    label = "whatif"
    verbose_name = "政策推演"
    default_auto_field = "django.db.models.BigAutoField"
