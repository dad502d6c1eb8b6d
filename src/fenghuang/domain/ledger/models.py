"""Ledgers: accounts of what a county's pool or a firm holds, entries that are never changed, claims, grant revenue.

Amounts are integers of the kind's smallest unit (kinds.py): 10⁻⁴ 吨标准煤, 10⁻⁶ 吨, 10⁻⁴ 亩, 分. The database refuses
a changed or deleted entry (migration 0002) and a balance below zero.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from fenghuang.domain.ledger.kinds import CHOICES, CLASSES, KINDS, Kind
from fenghuang.domain.registry.models import Firm

MAY_OWE = [one.name for one in KINDS.values() if one.may_owe]


def person(title: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=title, null=True, on_delete=models.PROTECT, related_name="+"
    )


def unit_of() -> Any:
    return models.ForeignKey("accounts.Unit", verbose_name="县（市、区）", on_delete=models.PROTECT, related_name="+")


class Account(models.Model):
    """What a county's pool (no firm) or a firm holds of a kind. `balance` is that of its last entry."""

    kind = models.CharField("台账", max_length=12, choices=CHOICES)
    unit = unit_of()  # of a firm: where it lay when the account was opened
    firm = models.ForeignKey(Firm, verbose_name="企业", null=True, on_delete=models.PROTECT, related_name="+")
    balance = models.BigIntegerField("余额", default=0)
    entered = models.PositiveIntegerField("笔数", default=0)

    class Meta:
        ordering = ["kind", "unit__order", "id"]
        verbose_name = verbose_name_plural = "账户"
        constraints = [
            models.UniqueConstraint(fields=["kind", "unit"], condition=Q(firm=None), name="account_pool_once"),
            models.UniqueConstraint(fields=["kind", "firm"], name="account_firm_once"),
            models.CheckConstraint(
                condition=Q(balance__gte=0) | Q(kind__in=MAY_OWE), name="account_balance_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}{self.about.title}"

    @property
    def about(self) -> Kind:
        return KINDS[self.kind]

    @property
    def holder(self) -> str:
        return str(self.firm or self.unit)


class Tally(models.Model):
    """What came and went on an account in a year under a label; kept with each entry, so that no page adds up."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tallies")
    year = models.SmallIntegerField("年度")
    label = models.CharField("事由", max_length=20)
    amount = models.BigIntegerField("合计", default=0)  # signed, as entries are

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "year", "label"], name="tally_once")]
        indexes = [models.Index(fields=["year", "label"], name="tally_year")]

    def __str__(self) -> str:
        return f"{self.account} {self.year} {self.label}"


def document_path(one: models.Model, name: str) -> str:
    return f"ledger/{name}"


class Entry(models.Model):
    """One movement of an account with all it stands on. Written once; a wrong one is countered by another."""

    account = models.ForeignKey(Account, verbose_name="账户", on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField("台账", max_length=12, choices=CHOICES)  # the account's: an origin counts once a kind
    number = models.PositiveIntegerField("序号")
    amount = models.BigIntegerField("数量")  # above zero comes, below zero goes
    balance = models.BigIntegerField("余额")
    year = models.SmallIntegerField("年度")
    on = models.DateField("日期")
    label = models.CharField("事由", max_length=20)
    origin_type = models.CharField("来源种类", max_length=40, blank=True)  # casework.case, ledger.claim
    origin = models.CharField("来源编号", max_length=40, blank=True)
    origin_title = models.CharField("来源", max_length=200, blank=True)
    project = models.CharField("项目", max_length=200, blank=True)
    project_code = models.CharField("项目代码", max_length=60, blank=True)
    clause = models.CharField("条款", max_length=40)
    reason = models.CharField("说明", max_length=500, blank=True)
    why = models.JSONField("依据的事实", default=dict)  # sentence, recording, facts, rules
    document = models.CharField("文件编号", max_length=120, blank=True)
    file = models.FileField("文件", upload_to=document_path, max_length=300, blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    counters = models.OneToOneField(
        "self", verbose_name="冲正的分录", null=True, on_delete=models.PROTECT, related_name="countered_by"
    )
    by = person("经办人")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "台账分录"
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="entry_number"),
            models.UniqueConstraint(
                fields=["kind", "origin_type", "origin"], condition=~Q(origin_type=""), name="entry_origin_once"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves"),
            models.CheckConstraint(condition=Q(balance__gte=0) | Q(kind__in=MAY_OWE), name="entry_not_negative"),
        ]
        indexes = [models.Index(fields=["kind", "year"], name="entry_kind_year")]

    def __str__(self) -> str:
        return f"{self.account}第 {self.number} 笔"

    @property
    def about(self) -> Kind:
        return KINDS[self.kind]

    @property
    def label_title(self) -> str:
        said = self.about.labels[self.label]
        return f"冲正：{said}" if self.counters_id else said


class Claim(models.Model):
    """A project's application for what a county's pool holds. `rank` 0 comes before 1 (art.15)."""

    class State(models.TextChoices):
        WAITING = "waiting", "待安排"
        GRANTED = "granted", "已安排"
        WITHDRAWN = "withdrawn", "已撤回"
        REVERSED = "reversed", "已冲正"

    kind = models.CharField("台账", max_length=12, choices=CHOICES)
    unit = unit_of()
    project = models.CharField("项目", max_length=200)
    project_code = models.CharField("项目代码", max_length=60, blank=True)
    sort = models.CharField("项目类别", max_length=20, choices=list(CLASSES.items()))
    rank = models.SmallIntegerField("次序")
    amount = models.BigIntegerField("申请量")
    applied_on = models.DateField("申请日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="claim")
    reason = models.CharField("理由", max_length=500, blank=True)
    by = person("登记人")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    decided_by = person("经办人")
    decided_at = models.DateTimeField("办理时间", null=True)

    class Meta:
        ordering = ["rank", "applied_on", "id"]
        verbose_name = verbose_name_plural = "指标申请"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="claim_asks"),
            models.CheckConstraint(
                condition=Q(state__in=["granted", "reversed"], entry__isnull=False)
                | Q(state__in=["waiting", "withdrawn"], entry=None),
                name="claim_granted_by_entry",
            ),
            models.CheckConstraint(
                condition=Q(sort="other", rank=1) | (~Q(sort="other") & Q(rank=0)), name="claim_rank"
            ),
        ]
        indexes = [models.Index(fields=["kind", "unit", "state", "rank"], name="claim_queue")]

    def __str__(self) -> str:
        return f"{self.project}申请{self.about.title}"

    @property
    def about(self) -> Kind:
        return KINDS[self.kind]


class Revenue(models.Model):
    """A county's land-grant revenue of a year in 分, as a document tells it; the latest row counts, none is changed."""

    unit = unit_of()
    year = models.SmallIntegerField("年度")
    amount = models.BigIntegerField("土地出让收入（分）")
    reason = models.CharField("说明", max_length=500, blank=True)
    document = models.CharField("文件编号", max_length=120)
    file = models.FileField("文件", upload_to=document_path, max_length=300)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    by = person("经办人")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "土地出让收入"
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="revenue_not_negative")]
        indexes = [models.Index(fields=["year", "unit"], name="revenue_year")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} 年土地出让收入"
