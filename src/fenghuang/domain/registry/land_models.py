"""The registry's things beside firms and their facts: parcels, contracts, buildings, leases, meters, parks, milestones.

Each row is what a department said of a thing for a year, as a version like the others. `counts` says whether the row
stands: a readable row in quarantine is kept too, so that a check can say how much is missing because of it; no fact is
made of these rows (facts come from Part). `firm` is null when the year's directory does not name the code.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fenghuang.domain.feeds.models import ImmutableModel, RawRow
from fenghuang.domain.registry.models import Firm, FirmEvent, Version, fact, not_negative, once_while_current


class Thing(Version):
    """A row about a thing: the year, the firm that holds it (by the code as delivered), and the row it came from."""

    year = models.SmallIntegerField("年度")
    firm = models.ForeignKey(Firm, verbose_name="企业", null=True, on_delete=models.PROTECT, related_name="+")
    uscc = models.CharField("企业代码", max_length=40, blank=True)
    counts = models.BooleanField("采用")
    raw_row = models.ForeignKey(
        RawRow, verbose_name="原始行", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


def constraints(name: str, *key: str) -> list[models.BaseConstraint]:
    """One current version a row, and one that counts a key and year."""
    return [
        *once_while_current("raw_row", name=name),
        models.UniqueConstraint(
            fields=["year", *key], condition=Q(superseded__isnull=True, counts=True), name=f"{name}_counts_once"
        ),
    ]


def current_by(name: str, *fields: str) -> list[models.Index]:
    """Pages ask for today's versions of a year."""
    return [models.Index(fields=["year", *fields], condition=Q(superseded__isnull=True), name=f"{name}_today")]


def reference(title: str = "不动产单元号") -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(title, max_length=200, blank=True)


def day(title: str) -> models.DateField:  # type: ignore[type-arg]
    return models.DateField(title, null=True)


class Parcel(Thing):
    """A parcel of the land list with who holds it."""

    reference = reference()
    area = fact("宗地面积（10⁻⁴亩）")

    class Meta:
        verbose_name = verbose_name_plural = "宗地"
        constraints = [*constraints("parcel", "reference")]
        indexes = current_by("parcel", "reference")

    def __str__(self) -> str:
        return self.reference


class Contract(Thing):
    """Rights, term and agreements of a parcel. `far_agreed` tells none agreed (否) from not known (null)."""

    reference = reference()
    right = models.CharField("权利性质", max_length=40, blank=True)
    use = models.CharField("土地用途", max_length=60, blank=True)
    area = fact("合同宗地面积（10⁻⁴亩）")
    start = day("使用期起")
    end = day("使用期止")
    granted = day("合同签订日期")
    price = fact("土地价款（分）")
    far_agreed = models.BooleanField("合同是否约定容积率", null=True)
    far_min = fact("约定容积率下限（10⁻⁶）")
    far_max = fact("约定容积率上限（10⁻⁶）")
    standard = models.BooleanField("是否标准地", null=True)
    agreed_investment = fact("标准地约定投资强度（分/亩）")
    agreed_tax = fact("标准地约定亩均税收（分/亩）")
    park = models.CharField("所在园区", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "宗地合同"
        constraints = [*constraints("contract", "reference"), *not_negative("contract", "price", "far_min", "far_max")]
        indexes = current_by("contract", "reference")

    def __str__(self) -> str:
        return self.reference


class Building(Thing):
    """A building on a parcel. Areas in 10⁻² m²."""

    reference = reference()
    building = models.CharField("幢号", max_length=40, blank=True)
    floor_area = fact("建筑面积（10⁻²平方米）")
    storeys = models.SmallIntegerField("地上层数", null=True)
    certified_area = fact("证载建筑面积（10⁻²平方米）")
    completed = day("竣工日期")

    class Meta:
        verbose_name = verbose_name_plural = "建筑物"
        constraints = [*constraints("building", "reference", "building")]
        indexes = current_by("building", "reference")

    def __str__(self) -> str:
        return f"{self.reference} {self.building}"


class Lease(Thing):
    """A part of a parcel that the firm (the lessor) lets to a tenant; `tenant_firm` is null where nobody knows it."""

    reference = reference()
    tenant = models.CharField("承租方代码", max_length=40, blank=True)
    tenant_firm = models.ForeignKey(
        Firm, verbose_name="承租方", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    tenant_name = models.CharField("承租方", max_length=200, blank=True)
    area = fact("租赁面积（10⁻⁴亩）")
    place = models.CharField("租赁部位", max_length=200, blank=True)
    start = day("起租日期")
    end = day("止租日期")

    class Meta:
        verbose_name = verbose_name_plural = "租赁"
        constraints = [*constraints("lease", "reference", "tenant")]
        indexes = [
            *current_by("lease", "reference"),
            models.Index(fields=["tenant_firm"], condition=Q(superseded__isnull=True), name="lease_tenant_today"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.tenant}"


class Meter(Thing):
    """A meter of the power company (电) with its holder and the year's amount."""

    reference = reference("户号")
    amount = fact("用电量（千瓦时）")

    class Meta:
        verbose_name = verbose_name_plural = "电表"
        constraints = [*constraints("meter", "reference")]
        indexes = current_by("meter", "reference")

    def __str__(self) -> str:
        return self.reference


class MeterShare(Thing):
    """A firm's share of a meter."""

    reference = reference("户号")
    share = fact("分摊比例（10⁻⁶）")

    class Meta:
        verbose_name = verbose_name_plural = "电表分摊"
        constraints = [*constraints("metershare", "reference", "uscc")]
        indexes = current_by("metershare", "reference")

    def __str__(self) -> str:
        return f"{self.reference} {self.uscc}"


class Park(Thing):
    """An industrial park. Stars: 0 is not rated, null is not known. Parcels name it in their contracts."""

    park = models.CharField("园区名称", max_length=100)
    unit = models.ForeignKey("accounts.Unit", verbose_name="县（市、区）", null=True, on_delete=models.PROTECT)
    category = models.CharField("园区类型", max_length=40, blank=True)
    stars = models.SmallIntegerField("园区星级", null=True)
    area = fact("园区用地面积（10⁻⁴亩）")
    name = models.CharField("运营单位", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "园区"
        constraints = [*constraints("park", "park")]
        indexes = current_by("park", "park")

    def __str__(self) -> str:
        return self.park


class Milestone(Thing):
    """A step of a project: when it is planned, when it was reached (null: not yet, or not known)."""

    code = models.CharField("项目代码", max_length=60)
    category = models.CharField("项目类别", max_length=40, blank=True)
    milestone = models.CharField("项目节点", max_length=40)
    planned = day("计划日期")
    actual = day("实际日期")

    class Meta:
        verbose_name = verbose_name_plural = "项目节点"
        constraints = [*constraints("milestone", "code", "milestone")]
        indexes = current_by("milestone", "code")

    def __str__(self) -> str:
        return f"{self.code} {self.milestone}"


class ParcelGoes(ImmutableModel):
    """Which firm takes a parcel over when its holder was divided, as registered with the event; moves no fact."""

    event = models.ForeignKey(FirmEvent, verbose_name="变更", on_delete=models.PROTECT, related_name="parcels")
    reference = reference()
    to = models.ForeignKey(Firm, verbose_name="承接企业", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "宗地承接"
        constraints = [models.UniqueConstraint(fields=["event", "reference"], name="parcelgoes_once")]

    def __str__(self) -> str:
        return f"{self.reference} → {self.to}"
