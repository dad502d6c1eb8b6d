"""A case: one subject on one register (清单), where it stands, and everything that was done to it.

Movements, answers that were given, comments and files are written once; the database refuses to change them. What a
state means, who may do what and when a case leaves is the register's declaration (law/registers), not a column here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from fenghuang.domain.registry.models import Firm, Recording
from fenghuang.law.registers import register
from fenghuang.law.registers.declaration import Register as Declared
from fenghuang.law.registers.declaration import State as DeclaredState

# All that lists of cases filter and order by: a page's keys are found in an index alone, not in rows with their facts.
# Open and ended cases have each their own, or SQLite walks the rows by a narrower index of open cases.
LISTED = [
    "due", "register", "state", "holder", "risen_to", "alarm", "kind", "unit", "township", "since", "entered_on",
    "ended_on", "subject", "title",
]  # fmt: skip


def person(title: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=title, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Alarm(models.IntegerChoices):
    """How late a case is; it rises by the nightly run (deadlines.py) and falls when the case moves on."""

    NONE = 0, "正常"
    WARNED = 1, "临期"
    OVERDUE = 2, "逾期"
    ESCALATED = 3, "逾期已上报"


class Case(models.Model):
    """A subject on a register. `version` grows with every change: who comes second sees that someone was first."""

    register = models.CharField("清单", max_length=40)
    subject = models.CharField("对象代码", max_length=60)  # credit code, 不动产单元号, project code …
    title = models.CharField("对象", max_length=200)
    firm = models.ForeignKey(Firm, verbose_name="企业", null=True, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey("accounts.Unit", verbose_name="县（市、区）", on_delete=models.PROTECT)
    township = models.CharField("乡镇（街道）", max_length=60, blank=True)

    state = models.CharField("状态", max_length=40)
    holder = models.CharField("由谁办理", max_length=50, blank=True)  # as the declaration says it; "" when ended
    since = models.DateField("进入本状态")
    due = models.DateField("期限", null=True)
    due_estimated = models.BooleanField("暂按周末推算", default=False)
    paused_since = models.DateField("暂停自", null=True)
    alarm = models.SmallIntegerField("时限", choices=Alarm.choices, default=Alarm.NONE)
    alarm_on = models.DateField("提醒日期", null=True)
    risen_to = models.CharField("上报至", max_length=10, blank=True)  # township, county, city

    kind = models.CharField("分类", max_length=30, blank=True)  # the register's class
    fields = models.JSONField("填报内容", default=dict)  # by field name, in the smallest unit
    entry = models.JSONField("列入依据", default=dict)
    recording = models.ForeignKey(
        Recording, verbose_name="列入时的数据", null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_on = models.DateField("列入日期")
    ended_on = models.DateField("结束日期", null=True)
    is_demo = models.BooleanField("演示数据", default=False)

    version = models.PositiveIntegerField("修改次数", default=1)
    changed_by = person("最近修改人")
    changed_at = models.DateTimeField("最近修改", auto_now=True)

    class Meta:
        ordering = ["due", "id"]
        verbose_name = verbose_name_plural = "清单事项"
        constraints = [
            models.UniqueConstraint(
                fields=["register", "subject"], condition=Q(ended_on__isnull=True), name="case_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(holder="", due__isnull=True), name="case_ended_waits_for_nobody"
            ),
        ]
        indexes = [
            models.Index(fields=["register", "state", "due"], name="case_register"),
            models.Index(fields=["unit", "township"], name="case_place"),
            models.Index(fields=["register", "ended_on", "alarm", "unit"], name="case_tally"),
            models.Index(fields=LISTED, condition=Q(ended_on__isnull=True), name="case_listed"),
            models.Index(fields=LISTED, condition=Q(ended_on__isnull=False), name="case_listed_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.declared.title}：{self.title}"

    @property
    def declared(self) -> Declared:
        return register(self.register)

    @property
    def at(self) -> DeclaredState:
        return self.declared.states[self.state]

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


class Movement(models.Model):
    """A step that was taken: from where to where, by whom, with which words, and under which declaration."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="movements")
    number = models.PositiveSmallIntegerField("次")
    step = models.CharField("操作", max_length=40)  # of the declaration; enter, pause, resume, reopen are everywhere
    title = models.CharField("操作名称", max_length=60)
    before = models.CharField("从", max_length=40, blank=True)
    after = models.CharField("到", max_length=40)
    due = models.DateField("新的期限", null=True)
    on = models.DateField("办理日期")
    at = models.DateTimeField("时间", auto_now_add=True)
    by = person("经办人")
    reason = models.CharField("理由", max_length=500, blank=True)
    fields = models.JSONField("填报内容", default=dict)
    shown = models.JSONField("事实核验", default=dict)  # what showed on the facts that the case may leave
    declaration = models.CharField("清单定义指纹", max_length=64)

    class Meta:
        ordering = ["number"]
        verbose_name = verbose_name_plural = "办理记录"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="movement_once")]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """What one agency answers to a joint state's question; empty until given. A round begins at each entry."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="asked")
    agency = models.CharField("部门", max_length=40)
    answer = models.CharField("答复", max_length=30, blank=True)
    words = models.CharField("意见", max_length=500, blank=True)
    by = person("答复人")
    at = models.DateTimeField("时间", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = "部门意见"
        constraints = [
            models.UniqueConstraint(fields=["movement", "agency"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(answer="", at__isnull=True) | (~Q(answer="") & Q(at__isnull=False)), name="answer_has_time"
            ),
        ]
        indexes = [models.Index(fields=["agency"], condition=Q(answer=""), name="answer_waiting")]

    def __str__(self) -> str:
        return f"{self.agency} {self.answer}"


class Plan(models.Model):
    """一企一方案: what is wrong, what is to be reached. Figures in the smallest unit of their type, by name."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="plan")
    problem = models.TextField("存在问题", max_length=2000)
    aim = models.TextField("整治目标", max_length=2000)
    planned = models.JSONField("计划数", default=dict)

    def __str__(self) -> str:
        return f"{self.case}的方案"


class Measure(models.Model):
    """One thing to be done, by when, and which agency stands behind it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    title = models.CharField("措施", max_length=200)
    agency = models.CharField("责任部门", max_length=40, blank=True)
    due = models.DateField("完成期限")
    done_on = models.DateField("完成日期", null=True)
    done_by = person("登记人")
    note = models.CharField("完成情况", max_length=300, blank=True)
    dropped = models.BooleanField("已取消", default=False)  # a changed plan drops a measure, it does not erase it

    class Meta:
        ordering = ["due", "id"]
        verbose_name = verbose_name_plural = "措施"

    def __str__(self) -> str:
        return self.title


def attachment_path(one: models.Model, name: str) -> str:
    return f"casework/{one.case_id}/{name}"  # type: ignore[attr-defined]


class Attachment(models.Model):
    """A file of a case: what a step asked for, or what somebody added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    movement = models.ForeignKey(Movement, null=True, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField("材料", max_length=60)
    file = models.FileField("文件", upload_to=attachment_path, max_length=300)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField("时间", auto_now_add=True)
    by = person("上传人")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = "附件"

    def __str__(self) -> str:
        return self.title


class Part(models.Model):
    """One of the things of a case that are settled one by one: a building, an instalment, an agreed indicator."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parts")
    group = models.CharField("类别", max_length=40)
    title = models.CharField("名称", max_length=100)
    fields = models.JSONField("内容", default=dict)
    due = models.DateField("期限", null=True)
    settled_on = models.DateField("办结日期", null=True)
    settled_by = person("办结人")
    words = models.CharField("办结情况", max_length=300, blank=True)
    dropped = models.CharField("取消原因", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = "分项"
        constraints = [
            models.UniqueConstraint(fields=["case", "group", "title"], condition=Q(dropped=""), name="part_named_once"),
            models.CheckConstraint(
                condition=Q(dropped="") | Q(settled_on__isnull=True), name="part_settled_or_dropped"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """A remark among those who work on a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    text = models.CharField("内容", max_length=1000)
    at = models.DateTimeField("时间", auto_now_add=True)
    by = person("留言人")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = "留言"

    def __str__(self) -> str:
        return self.text[:30]


class Period(models.Model):
    """What the city sets for a state where the document sets nothing: working days and from when it warns; for an exit
    that the facts show, on how many deliveries running."""

    register = models.CharField("清单", max_length=40)
    state = models.CharField("状态", max_length=40)
    days = models.PositiveSmallIntegerField("工作日", null=True)  # null: no limit
    warn = models.PositiveSmallIntegerField("提前提醒（工作日）", default=3)
    rise = models.PositiveSmallIntegerField("逾期后上报（工作日）", default=5)
    deliveries = models.PositiveSmallIntegerField("连续达标的数据交付（次）", default=1)
    basis = models.CharField("依据", max_length=200, blank=True)
    changed_by = person("最近修改人")
    changed_at = models.DateTimeField("最近修改", auto_now=True)

    class Meta:
        ordering = ["register", "state"]
        verbose_name = verbose_name_plural = "办理时限"
        constraints = [models.UniqueConstraint(fields=["register", "state"], name="period_once")]

    def __str__(self) -> str:
        return f"{self.register}.{self.state}"
