"""What the departments delivered: the files, their rows as they came, and what is wrong with them.

A delivery and its rows are immutable; only the outcome of a row (its status) and of a finding (what answered
it) moves on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models

from fenghuang.domain.feeds.templates import template


class Immutable(models.QuerySet):  # type: ignore[type-arg]
    """Refuses to change what came; `outcome` names the columns that may move on."""

    def update(self, **kwargs: Any) -> int:
        if frozen := sorted(set(kwargs) - self.model.outcome):
            raise PermissionDenied(f"{self.model.__name__} is immutable: {', '.join(frozen)}")
        return super().update(**kwargs)

    def delete(self) -> NoReturn:
        raise PermissionDenied(f"{self.model.__name__} is never deleted")


class ImmutableModel(models.Model):
    """A row that is written once."""

    outcome: frozenset[str] = frozenset()
    objects = Immutable.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        changed = set(kwargs.get("update_fields") or [])
        if not self._state.adding and (not changed or not changed <= self.outcome):
            raise PermissionDenied(f"{type(self).__name__} is immutable")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied(f"{type(self).__name__} is never deleted")


class Delivery(ImmutableModel):
    """One sheet of a file that a department delivered, or a row corrected by hand. Counts are those of the day it came.

    A withdrawn one stays with its rows and counts for nothing.
    """

    class Kind(models.TextChoices):
        FILE = "file", "文件"
        CORRECTION = "correction", "在线更正"

    outcome = frozenset({"withdrawn_at", "withdrawn_by", "withdrawn_by_id", "withdrawn_reason"})

    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.FILE)
    template = models.CharField("模板", max_length=40)
    department = models.CharField("部门", max_length=60)
    years = models.JSONField("年度", default=list)
    file_name = models.CharField("文件名", max_length=255)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField("字节")
    encoding = models.CharField("编码", max_length=20, blank=True)
    headers = models.JSONField("表头", default=list)
    header_row = models.PositiveIntegerField("表头行号", default=1)
    received_at = models.DateTimeField("收到时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_demo = models.BooleanField("演示数据", default=False)
    rows = models.PositiveIntegerField("行数", default=0)
    taken = models.PositiveIntegerField("采用", default=0)
    unchanged = models.PositiveIntegerField("未变", default=0)
    quarantined = models.PositiveIntegerField("隔离", default=0)
    notices = models.PositiveIntegerField("提示", default=0)
    remarks = models.JSONField("说明", default=list)
    mapping = models.JSONField("列对应", default=dict)  # field -> place; empty: told by the headers alone
    reason = models.CharField("更正理由", max_length=300, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="撤销人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField("撤销理由", max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "交付文件"
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "sheet"],
                condition=models.Q(withdrawn_at__isnull=True),  # what was withdrawn may come again
                name="delivery_once_while_it_counts",
            )
        ]
        indexes = [models.Index(fields=["template"], name="delivery_template")]

    def __str__(self) -> str:
        return f"{self.file_name} · {self.sheet}" if self.sheet else self.file_name

    @property
    def title(self) -> str:
        """What the sheet is about."""
        return template(self.template).title

    @property
    def path(self) -> Path:
        """Where the file as received is kept."""
        return Path(settings.HOME) / "deliveries" / self.sha256[:2] / self.sha256


class RawRow(ImmutableModel):
    """A row as it came: cells as text, in the order of the delivery's headers."""

    class Status(models.TextChoices):
        TAKEN = "taken", "已采用"
        UNCHANGED = "unchanged", "与已有相同"
        QUARANTINED = "quarantined", "隔离"
        RESOLVED = "resolved", "隔离后已更正"
        SUPERSEDED = "superseded", "已被新数据取代"
        REJECTED = "rejected", "不予采用"
        WITHDRAWN = "withdrawn", "已随交付撤销"

    outcome = frozenset({"status", "resolved_by", "resolved_by_id"})

    delivery = models.ForeignKey(
        Delivery, verbose_name="交付文件", on_delete=models.PROTECT, related_name="raw_rows", db_index=False
    )
    row = models.PositiveIntegerField("行号")
    year = models.SmallIntegerField("年度", null=True)  # of a row whose own year is bad: the delivery's
    key = models.CharField("行键", max_length=200, blank=True)
    cells = models.JSONField("单元格")
    status = models.CharField("状态", max_length=12, choices=Status.choices)
    resolved_by = models.ForeignKey(
        Delivery, verbose_name="更正于", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    corrects = models.ForeignKey(
        "self", verbose_name="更正的行", null=True, on_delete=models.PROTECT, related_name="corrections", db_index=False
    )

    class Meta:
        ordering = ["delivery_id", "row"]
        verbose_name = verbose_name_plural = "原始行"
        constraints = [
            models.UniqueConstraint(fields=["delivery", "row"], name="rawrow_place"),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "taken",
                        "unchanged",
                        "quarantined",
                        "resolved",
                        "superseded",
                        "rejected",
                        "withdrawn",
                    ]
                ),
                name="rawrow_status",
            ),
        ]
        indexes = [
            models.Index(fields=["delivery"], condition=models.Q(status="quarantined"), name="rawrow_quarantined"),
            models.Index(fields=["corrects"], condition=models.Q(corrects__isnull=False), name="rawrow_corrections"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery} 第 {self.row} 行"


class Finding(ImmutableModel):
    """What is wrong (quarantine) or worth knowing (notice) about a row, and what to do."""

    class Severity(models.TextChoices):
        QUARANTINE = "quarantine", "隔离"
        NOTICE = "notice", "提示"

    outcome = frozenset(
        {"resolved_by", "resolved_by_id", "resolved_at", "sentence", "proposals", "uscc", "unit", "unit_id"}
    )

    raw_row = models.ForeignKey(RawRow, verbose_name="原始行", on_delete=models.PROTECT, related_name="findings")
    field = models.CharField("字段", max_length=40, blank=True)
    kind = models.CharField("种类", max_length=30)
    severity = models.CharField("级别", max_length=10, choices=Severity.choices)
    found = models.CharField("实际", max_length=300, blank=True)
    expected = models.CharField("应为", max_length=300, blank=True)
    sentence = models.CharField("说明", max_length=600)
    proposals = models.JSONField("可能是", default=list)  # codes it might be; never taken silently
    uscc = models.CharField("涉及企业", max_length=18, blank=True)
    unit = models.ForeignKey("accounts.Unit", verbose_name="县级单位", null=True, on_delete=models.PROTECT)
    resolved_by = models.ForeignKey(
        Delivery, verbose_name="更正于", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    resolved_at = models.DateTimeField("更正时间", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = "问题"
        indexes = [
            models.Index(fields=["kind"], condition=models.Q(resolved_at__isnull=True), name="finding_open_kind"),
            models.Index(fields=["uscc"], name="finding_uscc"),
        ]

    def __str__(self) -> str:
        return self.sentence


class Submission(models.Model):
    """Files somebody uploaded, from the check of what they would change to the decision to take or discard them.

    `summary` is what the check found (registry/preview.py); the single lines are in a file beside the uploads.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        WAITING = "waiting", "待采用"
        TAKING = "taking", "采用中"
        TAKEN = "taken", "已采用"
        DISCARDED = "discarded", "已放弃"

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.CHECKING)
    folder = models.CharField("暂存文件夹", max_length=40)
    files = models.JSONField("文件", default=list)  # names, in the order of the files 0, 1, … in the folder
    expected = models.CharField("所选模板", max_length=40, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    job = models.ForeignKey("jobs.Job", verbose_name="任务", null=True, on_delete=models.PROTECT, related_name="+")
    summary = models.JSONField("核对结果", null=True)
    basis = models.BigIntegerField("核对时的记录号", null=True)
    recording = models.BigIntegerField("记录号", null=True)
    said = models.CharField("提醒", max_length=300, blank=True)
    submitted_at = models.DateTimeField("上传时间")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="决定人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "上传"
        indexes = [models.Index(fields=["state"], name="submission_state")]

    def __str__(self) -> str:
        return (
            self.files[0] + (f" 等 {len(self.files)} 个文件" if len(self.files) > 1 else "") if self.files else "上传"
        )

    @property
    def path(self) -> Path:
        """Where the uploads wait for the decision."""
        return Path(settings.HOME) / "deliveries" / "incoming" / self.folder

    @property
    def lines(self) -> Path:
        """Every line of the difference."""
        return self.path / "difference.parquet"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.WAITING, self.State.TAKING)

    @property
    def has_nothing_usable(self) -> bool:
        """Checked, but no sheet of it can be taken: it can only be discarded."""
        return self.state == self.State.WAITING and not (self.summary or {}).get("usable")

    @property
    def is_broken_off(self) -> bool:
        """The job that should have moved it on has ended without: nothing was taken, it may be checked again."""
        return self.state in (self.State.CHECKING, self.State.TAKING) and (self.job is None or self.job.is_over)


class ColumnMap(models.Model):
    """Which column of files with these headers is which field, as a person said it once."""

    template = models.CharField("模板", max_length=40)
    department = models.CharField("部门", max_length=60)
    headers = models.JSONField("表头")
    key = models.CharField("表头指纹", max_length=64)  # of the headers whatever their order (recognise.header_key)
    columns = models.JSONField("列对应")  # field -> header
    made_at = models.DateTimeField("记下时间")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="记下人", on_delete=models.PROTECT, related_name="+"
    )
    forgotten_at = models.DateTimeField("停用时间", null=True)
    forgotten_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="停用人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["department", "-id"]
        verbose_name = verbose_name_plural = "列对应关系"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "key"],
                condition=models.Q(forgotten_at__isnull=True),
                name="columnmap_once_while_remembered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department}《{template(self.template).title}》"

    @property
    def title(self) -> str:
        """The sheet that files with these headers are."""
        return template(self.template).title

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(header of the file, header of the template), where they differ."""
        sheet = template(self.template)
        said = [(header, sheet.column(name).header) for name, header in self.columns.items()]
        return [(theirs, ours) for theirs, ours in said if theirs != ours]
