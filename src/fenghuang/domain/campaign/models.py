"""A year's evaluation of a unit as the work it is: states, scorings, objections, regrades, and the frozen end.

Contents, scorings and grades are written once; the database refuses to change them. A frozen campaign refuses all.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fenghuang.domain.campaign.flow import State
from fenghuang.domain.evaluation.models import LawVersion
from fenghuang.domain.registry.models import Firm, Recording

GRADES = [(letter, f"{letter} 类") for letter in "ABCD"]


def law(title: str, *, null: bool = False) -> models.ForeignKey[LawVersion, LawVersion]:
    return models.ForeignKey(LawVersion, verbose_name=title, on_delete=models.PROTECT, related_name="+", null=null)


def person(title: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=title, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Content(models.Model):
    """A text that decided (facts of a unit and year, regrades, results), under the hash of its bytes."""

    class Kind(models.TextChoices):
        FACTS = "facts", "数据"
        REGRADES = "regrades", "调档"
        RESULTS = "results", "结果"

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    text = models.TextField("内容")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sha256[:12]}"


def content(title: str) -> models.ForeignKey[Content, Content]:
    return models.ForeignKey(Content, verbose_name=title, on_delete=models.PROTECT, related_name="+")


class Campaign(models.Model):
    """One unit, one data year. `version` grows with every change: who comes second sees that someone was first."""

    unit = models.ForeignKey("accounts.Unit", verbose_name="县（市、区）", on_delete=models.PROTECT)
    year = models.SmallIntegerField("数据年度")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.PREPARED)
    method = law("评价方法")
    weights_confirmed = models.BooleanField("权重合计已确认", default=False)
    periods = models.JSONField("各环节工作日", default=dict)  # state: working days
    since = models.DateField("进入本环节")
    due = models.DateField("截止", null=True)
    due_estimated = models.BooleanField("暂按周末推算", default=False)
    # what was announced in 公示: firms see it until the final result is published
    announced = models.ForeignKey(
        "campaign.Scoring", verbose_name="公示的计分", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.CharField("审定文件", max_length=120, blank=True)
    seal = models.CharField("归档指纹", max_length=64, blank=True)
    frozen_at = models.DateTimeField("归档时间", null=True)
    version = models.PositiveIntegerField("修改次数", default=1)
    changed_by = person("最近修改人")
    changed_at = models.DateTimeField("最近修改", auto_now=True)

    class Meta:
        ordering = ["-year", "unit__order"]
        verbose_name = verbose_name_plural = "评价工作"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="campaign_once"),
            models.CheckConstraint(
                condition=Q(state="frozen", frozen_at__isnull=False) | (~Q(state="frozen") & Q(frozen_at__isnull=True)),
                name="campaign_frozen_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} 年度"

    @property
    def is_frozen(self) -> bool:
        return self.state == State.FROZEN

    def is_late(self, today: date) -> bool:
        return self.due is not None and today > self.due


class Scoring(models.Model):
    """The evaluation run once: on these facts, under this method with these regrades, by this policy."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="scorings")
    number = models.PositiveSmallIntegerField("次")
    at = models.DateTimeField("时间", auto_now_add=True)
    by = person("经办人")
    recording = models.ForeignKey(Recording, verbose_name="数据记录", on_delete=models.PROTECT, related_name="+")
    facts = content("数据快照")
    method = law("评价方法")
    policy = law("政策")
    regrades = content("调档")
    results = content("结果")
    counts = models.JSONField("各范围家数", default=list)  # scope, firms, evaluated, not_graded, marked, classes

    class Meta:
        ordering = ["-number"]
        verbose_name = verbose_name_plural = "计分"
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="scoring_once")]

    def __str__(self) -> str:
        return f"第 {self.number} 次计分"


class Grade(models.Model):
    """A firm in a scoring. Score in 10^-4 points; `chain` are the regrades that changed the grade, in order."""

    scoring = models.ForeignKey(Scoring, on_delete=models.PROTECT, related_name="grades")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("企业名称", max_length=200)
    township = models.CharField("乡镇（街道）", max_length=60, blank=True)
    industry = models.CharField("行业代码", max_length=4, blank=True)
    scope = models.CharField("评价范围", max_length=80, blank=True)
    status = models.CharField("状态", max_length=10)
    score = models.BigIntegerField("得分（10⁻⁴）", null=True)
    rank = models.PositiveIntegerField("名次", null=True)
    group_size = models.PositiveIntegerField("组内企业数", null=True)
    initial = models.CharField("初评等级", max_length=1, blank=True)
    final = models.CharField("最终等级", max_length=1, blank=True)
    chain = models.JSONField("调档经过", default=list)  # sentences
    reason = models.TextField("未定等级的原因", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scoring", "firm"], name="grade_once")]
        indexes = [models.Index(fields=["scoring", "final"], name="grade_final")]

    def __str__(self) -> str:
        return f"{self.name} {self.final}"


def evidence_path(one: models.Model, name: str) -> str:
    return f"campaign/{one.campaign_id}/{one._meta.model_name}/{name}"  # type: ignore[attr-defined]


class Evidence(models.Model):
    """What objections and regrades share: a file that proves it."""

    file = models.FileField("证明材料", upload_to=evidence_path, max_length=300)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        abstract = True


class Objection(Evidence):
    """What a firm holds against its result during 公示, and what became of it."""

    class State(models.TextChoices):
        PENDING = "pending", "待处理"
        ACCEPTED = "accepted", "成立"
        RETURNED = "returned", "退回"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="objections")
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="+")
    item = models.CharField("事项", max_length=40)
    claim = models.TextField("异议内容", max_length=1000)
    at = models.DateTimeField("提出时间", auto_now_add=True)
    by = person("登记人")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    answer = models.TextField("处理意见", blank=True)
    answered_by = person("处理人")
    answered_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        ordering = ["state", "-at"]
        verbose_name = verbose_name_plural = "异议"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", answer="") | (~Q(state="pending") & ~Q(answer="")),
                name="objection_answered_with_words",
            )
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.item}"


class Confirmation(Evidence):
    """What a firm says of one item of its data before the scoring: that it is right, or what it should be and why.

    Amounts in the smallest unit of the fact (law/methods/facts.py). What is said later replaces it: the earlier row
    stays, not current. It stands on a value (`holds`): when the data say another, it is void.
    """

    class State(models.TextChoices):
        CONFIRMED = "confirmed", "已确认"
        CONTESTED = "contested", "有异议"

    class Answer(models.TextChoices):
        UPHELD = "upheld", "维持"
        CORRECTED = "corrected", "已更正"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="confirmations")
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="+")
    item = models.CharField("数据项", max_length=40)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    is_current = models.BooleanField("现行", default=True)
    value = models.BigIntegerField("当时的数据", null=True)
    recording = models.ForeignKey(Recording, verbose_name="数据记录", on_delete=models.PROTECT, related_name="+")
    by = person("经办人")
    at = models.DateTimeField("时间", auto_now_add=True)
    claimed = models.BigIntegerField("企业主张", null=True)
    note = models.CharField("理由", max_length=500, blank=True)
    answer = models.CharField("处理", max_length=10, choices=Answer.choices, blank=True)
    answer_note = models.CharField("处理意见", max_length=500, blank=True)
    answered_by = person("处理人")
    answered_at = models.DateTimeField("处理时间", null=True)
    new_value = models.BigIntegerField("更正后的数据", null=True)
    new_recording = models.ForeignKey(
        Recording, verbose_name="更正的记录", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = "企业核对"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "firm", "item"], condition=Q(is_current=True), name="confirmation_current"
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", value__isnull=False, answer="") | (Q(state="contested") & ~Q(note="")),
                name="confirmation_whole",
            ),
            models.CheckConstraint(condition=Q(answer="") | ~Q(answer_note=""), name="confirmation_answered"),
        ]
        indexes = [models.Index(fields=["firm", "campaign"], name="confirmation_firm")]

    def __str__(self) -> str:
        return f"{self.firm} {self.item}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.CONTESTED and not self.answer

    @property
    def holds(self) -> int | None:
        """The value it stands on."""
        return self.new_value if self.answer == self.Answer.CORRECTED else self.value


class TownshipCheck(models.Model):
    """What the township said of a firm's data. `values` are those of the items that need it, as they were then."""

    class State(models.TextChoices):
        WAITING = "waiting", "待确认"
        CONFIRMED = "confirmed", "已确认"
        SENT_BACK = "sent_back", "已退回企业"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="township_checks")
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State.choices)
    values = models.JSONField("确认的数据", default=dict)
    for_silent = models.JSONField("企业未确认、由乡镇确认的项", default=list)
    in_place = models.BooleanField("由县级代为确认", default=False)
    reason = models.CharField("理由", max_length=300, blank=True)
    by = person("经办人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "乡镇确认"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "firm"], name="township_check_once"),
            models.CheckConstraint(
                condition=(Q(in_place=False) & ~Q(state="sent_back")) | ~Q(reason=""), name="township_check_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.get_state_display()}"


class Regrade(Evidence):
    """A change of one firm's grade by decision: applied by the method's own regrade step. Withdrawn, never deleted."""

    class Kind(models.TextChoices):
        FIX = "fix", "直接定级"
        PROMOTE = "promote", "提档"
        DEMOTE = "demote", "降档"
        NOT_BELOW = "not_below", "不低于"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="regrades")
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    to = models.CharField("等级", max_length=1, choices=GRADES, blank=True)
    reason = models.CharField("理由", max_length=300)
    clause = models.CharField("依据条款", max_length=60)
    document = models.CharField("文件编号", max_length=120)
    at = models.DateTimeField("时间", auto_now_add=True)
    by = person("经办人")
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_by = person("撤销人")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = "调档"
        constraints = [
            models.CheckConstraint(condition=~Q(kind__in=["fix", "not_below"]) | ~Q(to=""), name="regrade_has_grade"),
            models.UniqueConstraint(
                F("campaign"), F("firm"), condition=Q(withdrawn_at__isnull=True), name="regrade_once_while_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.get_kind_display()}{self.to}"
