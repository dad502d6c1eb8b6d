"""A piece of background work as people see it: progress, messages, result; django-tasks carries it out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    kind = models.CharField("种类", max_length=60)  # a name registered with jobs.registry.job
    title = models.CharField("标题", max_length=200)
    arguments = models.JSONField("参数", default=dict, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField("进度", default=0)
    message = models.CharField("进展", max_length=300, blank=True)
    log = models.TextField("日志", blank=True)
    result = models.JSONField("结果", null=True, blank=True)
    result_file = models.FileField("结果文件", upload_to="jobs/%Y/%m", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("发起时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    cancel_requested = models.BooleanField("请求取消", default=False)
    worker = models.CharField("执行进程", max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "后台任务"
        constraints = [models.CheckConstraint(condition=models.Q(progress__lte=100), name="job_progress_percent")]
        indexes = [models.Index(fields=["state"], name="job_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state in {State.DONE, State.FAILED, State.CANCELLED}
