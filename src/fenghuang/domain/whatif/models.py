"""政策推演: scenarios in numbered versions; a version is never changed, saving again adds the next."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fenghuang.domain.evaluation.models import LawVersion, Refresh
from fenghuang.platform.jobs.models import Job


class Scenario(models.Model):
    """A name under which versions are kept."""

    name = models.CharField("名称", max_length=100, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "推演方案"

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """A variant, the data and the law it was compared on, and the result, which is written once.

    The population is the decisions of `refresh` and `year` with the inputs they store: the same for ever.
    """

    scenario = models.ForeignKey(Scenario, verbose_name="方案", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    year = models.SmallIntegerField("年度")
    refresh = models.ForeignKey(Refresh, verbose_name="测算", on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(LawVersion, verbose_name="政策版本", on_delete=models.PROTECT, related_name="+")
    method = models.ForeignKey(
        LawVersion, verbose_name="方法版本", null=True, on_delete=models.PROTECT, related_name="+"
    )
    variant = models.JSONField("方案内容")  # engines.whatif.Variant.as_document
    search = models.JSONField("预算反推", null=True)  # {"path": ..., "under": 分}
    result = models.JSONField("结果", null=True)  # null while it is computed; see compute.py
    job = models.ForeignKey(Job, verbose_name="后台任务", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "推演版本"
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="whatif_version_once")]

    def __str__(self) -> str:
        return f"{self.scenario} 第 {self.number} 版"

    @property
    def difference(self) -> int | None:
        """分 that the variant costs more or less; unknown until computed."""
        return self._total("difference")

    @property
    def winners(self) -> int | None:
        return self._total("winners")

    @property
    def losers(self) -> int | None:
        return self._total("losers")

    def _total(self, name: str) -> int | None:
        return None if self.result is None else int(self.result["total"][name])
