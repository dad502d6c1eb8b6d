"""Firms and their yearly facts as versions: what was known at any recording can be asked again.

Every number is a BIGINT of the smallest unit (language/numbers.py), NULL is unknown. Rows with `recorded` and
`superseded` are never changed: a correction supersedes the row and adds another. Only `actions.py` writes here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fenghuang.domain.feeds.models import ImmutableModel, RawRow

if TYPE_CHECKING:
    from datetime import datetime


class Recording(models.Model):
    """What was recorded together (one import). Its id grows; "as known at N" is asked with it."""

    at = models.DateTimeField("记录时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "记录"

    def __str__(self) -> str:
        return f"记录 {self.pk}"

    @classmethod
    def latest(cls) -> Recording | None:
        """The newest recording."""
        return cls.objects.order_by("-id").first()

    @classmethod
    def at_time(cls, moment: datetime) -> Recording | None:
        """The recording that was the newest at a past moment."""
        return cls.objects.filter(at__lte=moment).order_by("-id").first()


class Firm(models.Model):
    """A firm by its 统一社会信用代码; name, unit and industry are those of its latest directory."""

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("企业名称", max_length=200, db_index=True)
    initials = models.CharField("拼音首字母", max_length=100, blank=True)
    pinyin = models.CharField("拼音", max_length=600, blank=True)
    unit = models.ForeignKey("accounts.Unit", verbose_name="县（市、区）", null=True, on_delete=models.PROTECT)
    township = models.CharField("乡镇（街道）", max_length=60, blank=True)
    industry = models.CharField("行业代码", max_length=4, blank=True)

    class Meta:
        ordering = ["uscc"]
        verbose_name = verbose_name_plural = "企业"
        constraints = [models.CheckConstraint(condition=Q(uscc__regex=r"^[0-9A-Z]{18}$"), name="firm_uscc_form")]

    def __str__(self) -> str:
        return self.name


class FirmName(models.Model):
    """A name and the years in which the directories used it."""

    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="names")
    name = models.CharField("名称", max_length=200, db_index=True)
    first_year = models.SmallIntegerField("始于年度")
    last_year = models.SmallIntegerField("止于年度")

    class Meta:
        ordering = ["firm_id", "first_year"]
        verbose_name = verbose_name_plural = "企业名称"
        constraints = [
            models.UniqueConstraint(fields=["firm", "first_year"], name="firmname_once"),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="firmname_span"),
        ]

    def __str__(self) -> str:
        return self.name


class FirmWords(models.Model):
    """What a firm is searched by (words.py): names of any year or event; initials and pinyin of the present one."""

    firm = models.OneToOneField(
        Firm, verbose_name="企业", primary_key=True, on_delete=models.CASCADE, related_name="words"
    )
    uscc = models.CharField("统一社会信用代码", max_length=18)
    names = models.TextField("名称")
    latin = models.TextField("拼音")

    class Meta:
        verbose_name = verbose_name_plural = "企业检索词"

    def __str__(self) -> str:
        return self.names


class FirmEvent(ImmutableModel):
    """What happened to a firm, as somebody said it with its source. Never changed: a wrong one is countered by another.

    Of a merger `firm` goes into the one of `others`; of a split `firm` is divided into all of them. A name or place
    given here holds until a directory of that year or a later one says its own (names.py).
    """

    class Kind(models.TextChoices):
        RENAMED = "renamed", "更名"
        MOVED = "moved", "迁移"
        CANCELLED = "cancelled", "注销"
        MERGED = "merged", "并入"
        SPLIT = "split", "分立"
        COUNTERED = "countered", "撤销登记"

    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    year = models.SmallIntegerField("自年度")
    others = models.ManyToManyField(Firm, verbose_name="相关企业", related_name="events_of_others")
    name = models.CharField("新名称", max_length=200, blank=True, db_index=True)
    unit = models.ForeignKey("accounts.Unit", verbose_name="迁入地", null=True, on_delete=models.PROTECT)
    source = models.CharField("依据", max_length=300)
    counters = models.OneToOneField(
        "self", verbose_name="撤销的登记", null=True, on_delete=models.PROTECT, related_name="countered_by"
    )
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["year", "id"]
        verbose_name = verbose_name_plural = "企业变更"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="countered", counters__isnull=False) | (~Q(kind="countered") & Q(counters=None)),
                name="firmevent_counters",
            )
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.get_kind_display()}（{self.year} 年起）"

    @classmethod
    def standing(cls) -> models.QuerySet[FirmEvent]:
        """Events that were not countered."""
        return cls.objects.filter(countered_by__isnull=True).exclude(kind=cls.Kind.COUNTERED)


class Versions(models.QuerySet):  # type: ignore[type-arg]
    """Rows that are valid from a recording until they are superseded."""

    def current(self) -> Self:
        """As known today."""
        return self.filter(superseded__isnull=True)

    def as_of(self, recording: Recording | int | None) -> Self:
        """As known at a recording; None is today."""
        if recording is None:
            return self.current()
        number = recording.pk if isinstance(recording, Recording) else recording
        return self.filter(Q(superseded__isnull=True) | Q(superseded__gt=number), recorded__lte=number)


class Version(models.Model):
    """Valid from `recorded` (included) until `superseded` (excluded; null while current)."""

    recorded = models.ForeignKey(
        Recording, verbose_name="记录于", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    superseded = models.ForeignKey(
        Recording, verbose_name="取代于", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    objects = Versions.as_manager()

    class Meta:
        abstract = True

    def is_known_at(self, recording: int | None) -> bool:
        """Of a row already read what `as_of` asks the database."""
        if recording is None:
            return self.superseded_id is None
        return self.recorded_id <= recording and (self.superseded_id is None or self.superseded_id > recording)


def once_while_current(*fields: str, name: str) -> list[models.BaseConstraint]:
    """At most one current version of a thing, and no version that ends before it begins."""
    return [
        models.UniqueConstraint(fields=fields, condition=Q(superseded__isnull=True), name=f"{name}_current"),
        models.CheckConstraint(
            condition=Q(superseded__isnull=True) | Q(superseded__gt=F("recorded")), name=f"{name}_span"
        ),
    ]


def not_negative(name: str, *fields: str) -> list[models.BaseConstraint]:
    """Amounts that cannot be below zero."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{field}__gte": 0}) | Q(**{f"{field}__isnull": True}), name=f"{name}_{field}"
        )
        for field in fields
    ]


def fact(title: str) -> models.BigIntegerField:  # type: ignore[type-arg]
    return models.BigIntegerField(title, null=True)


def row_of(title: str) -> models.ForeignKey:  # type: ignore[type-arg]
    """The department's row that the facts came from. Followed, never searched: no index."""
    return models.ForeignKey(
        RawRow, verbose_name=title, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class FirmYear(Version):
    """One firm and year: a typed column a fact, and per department a pointer to the source row."""

    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="years")
    year = models.SmallIntegerField("年度")

    name = models.CharField("当年名称", max_length=200, blank=True)
    unit = models.ForeignKey("accounts.Unit", verbose_name="县（市、区）", null=True, on_delete=models.PROTECT)
    township = models.CharField("乡镇（街道）", max_length=60, blank=True)
    industry = models.CharField("行业代码", max_length=4, blank=True)
    above_scale = models.BooleanField("规上", null=True)

    tax = fact("评价税收（分）")
    local_contribution = fact("地方贡献（分）")
    revenue = fact("营业收入（分）")
    value_added = fact("工业增加值（分）")
    rnd_expense = fact("研发经费（分）")
    land_mu = fact("用地面积（10⁻⁴亩）")
    energy_tce = fact("综合能耗（10⁻⁴吨标准煤）")
    emission_t = fact("主要污染物排放量（10⁻⁶吨）")
    employees = fact("年平均职工人数")
    electricity_kwh = fact("用电量（千瓦时）")

    directory_row = row_of("名录行")
    tax_row = row_of("税务行")
    energy_row = row_of("能耗行")
    emissions_row = row_of("排放行")
    employees_row = row_of("职工行")
    research_row = row_of("研发行")

    class Meta:
        ordering = ["firm_id", "year"]
        verbose_name = verbose_name_plural = "企业年度"
        constraints = [
            *once_while_current("firm", "year", name="firmyear"),
            *not_negative(
                "firmyear", "land_mu", "energy_tce", "emission_t", "employees", "electricity_kwh", "rnd_expense"
            ),
        ]
        indexes = [models.Index(fields=["year", "unit"], name="firmyear_year_unit")]

    def __str__(self) -> str:
        return f"{self.firm} {self.year}"


class Part(Version):
    """A piece of a summed fact. A `withheld` one has no amount: its row is in quarantine and the fact is unknown."""

    class Kind(models.TextChoices):
        OWN = "own", "自有"
        RENTED_IN = "rented_in", "租入"
        RENTED_OUT = "rented_out", "租出"
        METER = "meter", "电表"
        SHARE = "share", "分摊"
        WITHHELD = "withheld", "隔离待更正"

    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="parts")
    year = models.SmallIntegerField("年度")
    fact = models.CharField("事实", max_length=30)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    reference = models.CharField("不动产单元号或户号", max_length=60, blank=True)
    other = models.CharField("对方代码", max_length=18, blank=True)  # of a lease
    amount = models.BigIntegerField("数量", null=True)  # signed: rented out is negative
    raw_row = models.ForeignKey(
        RawRow, verbose_name="原始行", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["firm_id", "year", "fact", "kind", "reference"]
        verbose_name = verbose_name_plural = "事实分项"
        constraints = [
            *once_while_current("firm", "year", "fact", "kind", "raw_row", name="part"),
            models.CheckConstraint(
                condition=Q(kind="withheld", amount__isnull=True) | (~Q(kind="withheld") & Q(amount__isnull=False)),
                name="part_amount_known",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0) | Q(kind="rented_out"), name="part_sign"
            ),
        ]
        indexes = [models.Index(fields=["year", "fact"], name="part_year_fact")]

    def __str__(self) -> str:
        return f"{self.firm} {self.year} {self.fact} {self.reference}"


class Project(Version):
    """A project of a firm and year as the department reported it; the columns are those of the template."""

    code = models.CharField("项目代码", max_length=60)
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="projects")
    year = models.SmallIntegerField("年度")
    title = models.CharField("项目名称", max_length=200)
    applies_for = models.JSONField("申报事项", default=list)  # names of rules

    total_investment = fact("项目总投资（分）")
    is_key_project = models.BooleanField("重点产业项目", null=True)
    under_construction = models.BooleanField("在建", null=True)
    equipment_investment = fact("设备（含软件）当年实际投资（分）")
    actual_investment = fact("项目实际投资（分）")
    is_new_major_upgrade = models.BooleanField("新增重大技改", null=True)
    rented_area_m2 = fact("新增租赁厂房面积（10⁻²平方米）")
    rented_months = fact("租赁月数")
    self_owned_and_used = models.BooleanField("自有自用", null=True)
    standards_met = models.BooleanField("符合技术规范标准", null=True)
    land_area_m2 = fact("用地面积（10⁻²平方米）")
    far_before = fact("改造前生产厂房容积率（10⁻⁶）")
    far_after = fact("改造后生产厂房容积率（10⁻⁶）")
    upgrade_floor_area_m2 = fact("技改建筑面积（10⁻²平方米）")
    total_floor_area_after_m2 = fact("改造后总建筑面积（10⁻²平方米）")
    area_storey_4_m2 = fact("4层新增厂房面积（10⁻²平方米）")
    area_storey_5_m2 = fact("5层新增厂房面积（10⁻²平方米）")
    area_storey_6_up_m2 = fact("6层及以上新增厂房面积（10⁻²平方米）")

    raw_row = models.ForeignKey(
        RawRow, verbose_name="原始行", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["year", "code"]
        verbose_name = verbose_name_plural = "项目"
        constraints = once_while_current("code", "year", name="project")
        indexes = [models.Index(fields=["year"], name="project_year")]

    def __str__(self) -> str:
        return self.title


from fenghuang.domain.registry import land_models  # noqa: E402, F401 - Django finds an app's models by this module
