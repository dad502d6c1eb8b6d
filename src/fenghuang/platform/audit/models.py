"""The event log: append-only, each event chained to the one before by hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, models

ENCODED = ("at", "before", "after")  # fields that the database keeps otherwise than Python


class AppendOnly(models.QuerySet["Event"]):
    """Refuses what would change history (the database refuses it again, with triggers)."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("events are never changed")

    def delete(self) -> NoReturn:
        raise PermissionDenied("events are never deleted")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("events are written by audit.log, which links them")

    def append(self, linked: Sequence[Event]) -> None:
        """Events that audit.log has linked to the last one: one prepared statement, executed for each."""
        fields, quote = Event._meta.concrete_fields, connection.ops.quote_name
        names, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {quote(Event._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608 - names alone
                list(zip(*(_column(field, linked) for field in fields), strict=True)),
            )
        for event in linked:
            event._state.adding = False

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("events are never changed")


def _column(field: Any, events: Sequence[Event]) -> list[Any]:
    values = [getattr(event, field.attname) for event in events]
    return [field.get_db_prep_save(one, connection) for one in values] if field.name in ENCODED else values


class Event(models.Model):
    """Who did what to which subject, why, by which clause, and what it was before and after."""

    id = models.BigIntegerField("序号", primary_key=True)  # 1, 2, 3 …: a gap is evidence
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField("经办人姓名", max_length=100)
    address = models.CharField("来源地址", max_length=45, blank=True)
    action = models.CharField("动作", max_length=80)
    subject_type = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象编号", max_length=80)
    subject_label = models.CharField("对象", max_length=200)
    clause = models.CharField("条款", max_length=60, blank=True)
    reason = models.TextField("理由", blank=True)
    before = models.JSONField("变更前", null=True)
    after = models.JSONField("变更后", null=True)
    previous = models.CharField("前一哈希", max_length=64)
    hash = models.CharField("哈希", max_length=64, unique=True)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "事件"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="event_subject"),
            models.Index(fields=["action"], name="event_action"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.action} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PermissionDenied("events are never changed")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("events are never deleted")
