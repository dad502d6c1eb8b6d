"""亩均评价: snapshots, runs and the grade of every firm and year, kept as they were decided.

A refresh freezes the facts (recording and content hash), runs one evaluation per county-level unit and scope, and
stores what it decided with the versions of method and policy. Nothing here is changed afterwards; a later refresh adds.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fenghuang.domain.registry.models import Firm, Recording


class LawVersion(models.Model):
    """The very text of a method or a policy pack that decided, by content hash."""

    class Kind(models.TextChoices):
        METHOD = "method", "评价方法"
        POLICY = "policy", "政策"

    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=80)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    content = models.TextField("内容")
    first_used = models.DateTimeField("首次使用", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "法规版本"

    def __str__(self) -> str:
        return f"{self.name} · {self.sha256[:12]}"


class Refresh(models.Model):
    """Everything computed together from one recording."""

    at = models.DateTimeField("时间", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recording = models.ForeignKey(Recording, verbose_name="数据记录", on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(LawVersion, verbose_name="政策版本", on_delete=models.PROTECT, related_name="+")
    methods = models.CharField("方法指纹", max_length=64)  # over the methods used: tells whether anything changed
    announced = models.JSONField("公布的评价", default=list)  # unit, year, scoring: whose grades were taken as they are
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        ordering = ["-id"]
        get_latest_by = "id"
        verbose_name = verbose_name_plural = "测算"

    def __str__(self) -> str:
        return f"第 {self.pk} 次测算"


class Snapshot(models.Model):
    """The frozen facts of a year: those known at the refresh's recording, with the hash over every value."""

    refresh = models.ForeignKey(Refresh, on_delete=models.PROTECT, related_name="snapshots")
    year = models.SmallIntegerField("年度")
    sha256 = models.CharField("SHA-256", max_length=64)
    firms = models.PositiveIntegerField("企业数")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refresh", "year"], name="snapshot_once")]

    def __str__(self) -> str:
        return f"{self.year} · {self.sha256[:12]}"


class Run(models.Model):
    """One evaluation: a unit, a data year, a scope of the method ('' holds firms in no scope, or in an unknown one)."""

    refresh = models.ForeignKey(Refresh, on_delete=models.PROTECT, related_name="runs")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    method = models.ForeignKey(LawVersion, verbose_name="方法版本", on_delete=models.PROTECT, related_name="+")
    method_id_text = models.CharField("方法", max_length=60)
    borrowed = models.BooleanField("借用其他地区方法", default=False)
    unit = models.ForeignKey("accounts.Unit", verbose_name="县（市、区）", on_delete=models.PROTECT)
    year = models.SmallIntegerField("年度")
    scope = models.CharField("评价范围", max_length=80, blank=True)
    on = models.DateField("调档规则所依据的日期")
    firms = models.PositiveIntegerField("企业数")
    evaluated = models.PositiveIntegerField("参评", default=0)
    not_graded = models.PositiveIntegerField("不参评", default=0)
    marked = models.PositiveIntegerField("待定", default=0)
    classes = models.JSONField("各类企业数", default=dict)
    groups = models.JSONField("分组统计", default=list)
    assumed = models.JSONField("来源未公布而假定的内容", default=list)
    notices = models.JSONField("说明", default=list)
    # A year announced by decision: the facts it stood on (null: the refresh's), and which scoring by which document.
    recording = models.ForeignKey(
        Recording, verbose_name="数据记录", null=True, on_delete=models.PROTECT, related_name="+"
    )
    announced = models.JSONField("公布依据", default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refresh", "unit", "year", "scope"], name="run_once"),
            models.CheckConstraint(
                condition=Q(scope="") | Q(firms=models.F("evaluated") + models.F("not_graded") + models.F("marked")),
                name="run_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} {self.scope}"

    @property
    def known_at(self) -> int:
        """The recording whose facts were graded."""
        return self.recording_id or self.refresh.recording_id


LISTED = [
    *(
        "refresh",
        "year",
        "place",
        "unit",
        "grade",
        "above_scale",
        "industry",
        "township",
        "status",
        "tax_per_mu",
        "score",
    ),
    *("rank", "group_size", "firm"),
]


class Result(models.Model):
    """The grade of one firm and year. Scores in 10^-4 points; a firm without a grade says why."""

    class Status(models.TextChoices):
        EVALUATED = "evaluated", "已评价"
        NOT_GRADED = "not_graded", "不参评"
        MARKED = "marked", "待定"
        OUTSIDE = "outside", "不在评价范围"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="results")
    refresh = models.ForeignKey(Refresh, on_delete=models.PROTECT, related_name="results", db_index=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="results")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False)
    year = models.SmallIntegerField("年度")
    # among all of the refresh and year: units in their order, above scale first, by rank
    place = models.PositiveIntegerField("名单中的位次", default=0)
    status = models.CharField("状态", max_length=10, choices=Status.choices)
    above_scale = models.BooleanField("规上", null=True)
    industry = models.CharField("行业代码", max_length=4, blank=True)
    township = models.CharField("乡镇（街道）", max_length=60, blank=True)
    score = models.BigIntegerField("得分（10⁻⁴）", null=True)
    rank = models.PositiveIntegerField("名次", null=True)
    group_size = models.PositiveIntegerField("组内企业数", null=True)
    initial_grade = models.CharField("初评等级", max_length=1, blank=True)
    grade = models.CharField("评价等级", max_length=1, blank=True)
    tax_per_mu = models.BigIntegerField("亩均税收（10⁻⁴万元/亩）", null=True)
    items = models.JSONField("各项指标值与得分", default=dict)
    regrades = models.CharField("调档", max_length=300, blank=True)
    reason = models.CharField("未定等级的原因", max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refresh", "year", "firm"], name="result_once")]
        indexes = [
            models.Index(fields=["refresh", "year", "unit", "grade"], name="result_unit_grade"),
            models.Index(fields=["refresh", "year", "-score"], name="result_score"),
            # all that the list of firms filters and orders by: it never walks the rows themselves, which are wide
            models.Index(fields=LISTED, name="result_list"),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.year} {self.grade or self.get_status_display()}"


class Figure(models.Model):
    """A total of a unit: an indicator is numerator / denominator, exactly, over the firms that know both.

    Dashboards read these and never walk the firms. Units are those of the facts (分, 10^-4 亩, ...).
    """

    refresh = models.ForeignKey(Refresh, on_delete=models.PROTECT, related_name="figures", db_index=False)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False)
    year = models.SmallIntegerField("年度")
    above_scale = models.BooleanField("规上")
    name = models.CharField("指标", max_length=40)
    numerator = models.BigIntegerField("分子")
    denominator = models.BigIntegerField("分母")
    firms = models.PositiveIntegerField("计入企业数")
    left_out = models.PositiveIntegerField("缺数未计入")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refresh", "year", "unit", "above_scale", "name"], name="figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} {self.name}"
