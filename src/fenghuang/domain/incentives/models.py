"""政策直兑: the decision of every rule a project applies for, with its inputs, as it was made."""

from __future__ import annotations

from django.db import models

from fenghuang.domain.evaluation.models import LawVersion, Refresh, Result
from fenghuang.domain.registry.models import Firm, Project


class Decision(models.Model):
    """One rule for one project. Inputs are the integers the engine read; running them again must give the outputs."""

    refresh = models.ForeignKey(Refresh, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    project = models.ForeignKey(Project, verbose_name="项目", on_delete=models.PROTECT, related_name="decisions")
    firm = models.ForeignKey(
        Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    unit = models.ForeignKey(
        "accounts.Unit", verbose_name="县（市、区）", null=True, on_delete=models.PROTECT, db_index=False
    )
    year = models.SmallIntegerField("年度")
    rule = models.CharField("规则", max_length=60)
    clause = models.CharField("条款", max_length=20)
    on = models.DateField("所依据的日期")
    policy = models.ForeignKey(LawVersion, verbose_name="政策版本", on_delete=models.PROTECT, related_name="+")
    readings = models.JSONField("口径", default=dict)
    inputs = models.JSONField("输入", default=dict)
    outputs = models.JSONField("结果", default=dict)
    conditions = models.JSONField("条件", default=dict)
    missing = models.JSONField("缺少", default=list)
    amount = models.BigIntegerField("金额（分）", null=True)
    # Where grades among the inputs came from: the results of this and of the year before; their runs tell whether they
    # were announced, and by which document. Provisional: one of them is only calculated.
    graded_by = models.ForeignKey(Result, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    graded_before_by = models.ForeignKey(Result, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    is_provisional = models.BooleanField("暂定", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refresh", "project", "rule"], name="decision_once")]
        indexes = [
            models.Index(fields=["refresh", "year", "unit"], name="decision_unit"),
            models.Index(fields=["firm", "refresh"], name="decision_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.rule}"
