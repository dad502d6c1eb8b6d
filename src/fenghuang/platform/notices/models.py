"""What people are told inside the product, and which daily tasks have run."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """A sentence for one person, or for a firm by its code: whoever enters for the firm sees it, one reads it for all.

    `once` names what may be told only once (a reminder of a day); blank where every occasion is told.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="收件人", null=True, on_delete=models.CASCADE, related_name="notices"
    )
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    kind = models.CharField("种类", max_length=40)
    text = models.CharField("内容", max_length=300)
    link = models.CharField("链接", max_length=200, blank=True)
    once = models.CharField("只发一次的事", max_length=80, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = verbose_name_plural = "通知"
        indexes = [
            models.Index(fields=["user", "read_at"], name="notice_user"),
            models.Index(fields=["uscc", "read_at"], name="notice_uscc"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, uscc="") | (Q(user__isnull=True) & ~Q(uscc="")), name="notice_to_one"
            ),
            models.UniqueConstraint(fields=["user", "once"], condition=~Q(once=""), name="notice_user_once"),
            models.UniqueConstraint(
                fields=["uscc", "once"], condition=~Q(once="") & Q(user__isnull=True), name="notice_uscc_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class DailyRun(models.Model):
    """A daily task that has run on a day: the database lets it run once, however many workers there are."""

    name = models.CharField("任务", max_length=60)
    day = models.DateField("日期")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="daily_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
