"""How people like their lists: saved filters, and each person's columns and density."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SavedView(models.Model):
    """A filter and order of a list under a name; a shared one is seen by all who may see the list."""

    listing = models.CharField("列表", max_length=40)  # a name registered with lists.registry.listing
    name = models.CharField("名称", max_length=60)
    query = models.CharField("查询", max_length=2000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="所有者", on_delete=models.PROTECT)
    shared = models.BooleanField("共享", default=False)
    created_at = models.DateTimeField("保存时间", default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = verbose_name_plural = "筛选方案"
        constraints = [models.UniqueConstraint(fields=["owner", "listing", "name"], name="savedview_once")]

    def __str__(self) -> str:
        return self.name


class Choice(models.Model):
    """The columns (empty: the list's own) and the density a person chose for a list."""

    class Density(models.TextChoices):
        ROOMY = "roomy", "宽松"
        COMPACT = "compact", "紧凑"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE)
    listing = models.CharField("列表", max_length=40)
    columns = models.JSONField("列", default=list)
    density = models.CharField("密度", max_length=10, choices=Density.choices, default=Density.ROOMY)

    class Meta:
        verbose_name = verbose_name_plural = "列表设置"
        constraints = [models.UniqueConstraint(fields=["user", "listing"], name="listchoice_once")]

    def __str__(self) -> str:
        return self.listing
