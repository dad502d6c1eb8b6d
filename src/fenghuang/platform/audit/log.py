"""Write an event inside the caller's transaction; walk the chain.

The hash of an event covers the hash before it and everything the event says, as canonical JSON. `verify` therefore
finds a changed, a missing and an inserted event; a chain cut off at its end is found by comparing its head with one
noted elsewhere (`fenghuang audit verify` prints it).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from fenghuang.platform.audit.models import Event

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

GENESIS = "0" * 64
_LOCK = 7_330_133_100  # the advisory lock's number on PostgreSQL: any constant that is ours alone
_PLAIN = (str, int, bool, type(None))  # what JSON gives back as it was
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
_address: ContextVar[str] = ContextVar("audit_address", default="")


class Told(NamedTuple):
    """What an event tells of one subject: a saved model, or (type, id, label)."""

    subject: Model | tuple[str, str, str]
    clause: str = ""
    reason: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


@contextmanager
def from_address(address: str) -> Iterator[None]:
    """Events written inside carry this address (set per request by AuditAddress)."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def record(
    action: str,
    *,
    actor: User | None,
    subject: Model | tuple[str, str, str],
    clause: str = "",
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Event:
    """Append an event. `subject` is a saved model, or (type, id, label); actor None is the system itself.

    Must be called inside the transaction of the change it tells of, so that both are kept or neither.
    """
    told = Told(subject, clause, reason, before, after)
    [event] = record_all(action, [told], actor=actor)
    return event


def record_all(action: str, told: Sequence[Told], *, actor: User | None) -> list[Event]:
    """Append an event for each of many subjects of one action (a nightly run), linked in their order."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event belongs into the transaction of its change")
    _lock()
    last = Event.objects.order_by("-id").values("id", "hash").first()
    count, previous = (last["id"], last["hash"]) if last else (0, GENESIS)
    events = []
    for number, one in enumerate(told, count + 1):
        event = _event(number, previous, action, one, actor)
        previous = event.hash
        events.append(event)
    Event.objects.append(events)
    return events


def _event(number: int, previous: str, action: str, told: Told, actor: User | None) -> Event:
    kind, identifier, label = told.subject if isinstance(told.subject, tuple) else _describe(told.subject)
    event = Event(
        id=number,
        at=timezone.now(),
        actor=getattr(actor, "seen_by", None) or actor,
        actor_name=_name(actor),
        address=_address.get(),
        action=action,
        subject_type=kind,
        subject_id=identifier,
        subject_label=label[:200],
        clause=told.clause,
        reason=told.reason,
        before=_plain(told.before),
        after=_plain(told.after),
        previous=previous,
    )
    event.hash = digest(event)
    return event


def record_read(action: str, *, actor: User, subject: Model | tuple[str, str, str], fields: Collection[str]) -> None:
    """Note that a person saw these fields of a subject: once a person, subject and day, opens no transaction else."""
    record_once(action, actor=actor, subject=subject, after={"fields": sorted(fields)})


def record_once(action: str, *, actor: User, subject: Model | tuple[str, str, str], after: dict[str, Any]) -> None:
    """An event of nothing but a look or a try: the same one by the same person is noted once a day."""
    kind, identifier, label = subject if isinstance(subject, tuple) else _describe(subject)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    about = Event.objects.filter(subject_type=kind, subject_id=identifier, action=action)
    if about.filter(
        actor=getattr(actor, "seen_by", None) or actor,
        actor_name=_name(actor),
        at__gte=today,
        after=after,
    ).exists():
        return
    with transaction.atomic():
        record(action, actor=actor, subject=(kind, identifier, label), after=after)


def _name(actor: User | None) -> str:
    """Who acts; an operator who looks as somebody by both names."""
    if actor is None:
        return "系统"
    seen_by = getattr(actor, "seen_by", None)
    return f"{seen_by}（以{actor}的身份查看）"[:100] if seen_by else str(actor)


def _describe(subject: Model) -> tuple[str, str, str]:
    return subject._meta.label_lower, str(subject.pk), str(subject)


def _plain(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """As the database will give it back: dates as text, keys as text."""
    if value is None:
        return None
    if all(type(key) is str and type(one) in _PLAIN for key, one in value.items()):
        return dict(value)
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _lock() -> None:
    """One writer of the chain at a time, until the transaction ends (SQLite's IMMEDIATE already sees to it)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def digest(event: Event) -> str:
    """The hash this event must have."""
    content = {
        "id": event.pk,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "address": event.address,
        "action": event.action,
        "subject": [event.subject_type, event.subject_id, event.subject_label],
        "clause": event.clause,
        "reason": event.reason,
        "before": event.before,
        "after": event.after,
        "previous": event.previous,
    }
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain breaks, and how."""

    event: int
    kind: str  # gap | link | content
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found."""

    events: int
    head: str
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


def verify() -> Verdict:
    """Walk the whole chain from its first event."""
    faults: list[Fault] = []
    expected, previous, count = 1, GENESIS, 0
    for event in Event.objects.order_by("id").iterator(chunk_size=2000):
        count += 1
        if event.pk != expected:
            faults.append(Fault(event.pk, "gap", f"第 {expected} 条至第 {event.pk - 1} 条事件缺失"))
        elif event.previous != previous:
            faults.append(Fault(event.pk, "link", f"第 {event.pk} 条事件与前一条不相连"))
        if digest(event) != event.hash:
            faults.append(Fault(event.pk, "content", f"第 {event.pk} 条事件的内容被改动"))
        expected, previous = event.pk + 1, event.hash
    return Verdict(count, previous, tuple(faults))
