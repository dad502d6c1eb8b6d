"""The event log: it tells what changed, it does not fork, and nobody rewrites it."""

from __future__ import annotations

import ast
import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from fenghuang.platform.audit.log import from_address, record, verify
from fenghuang.platform.audit.models import Event
from fenghuang.platform.audit.titles import TITLES

pytestmark = pytest.mark.django_db
SUBJECT = ("thing", "1", "一件事")
TRIGGERS = {
    "sqlite": ["audit_event_no_update", "audit_event_no_delete"],
    "postgresql": ["audit_event_no_change"],
}


def write(count: int) -> list[Event]:
    with from_address("10.0.0.7"):
        return [
            record(
                f"thing.step{i}", actor=None, subject=SUBJECT, clause="art.10", reason="因", after={"n": i, "名": "甲"}
            )
            for i in range(count)
        ]


def forge(sql: str) -> None:
    """What somebody with the database's own tools could do."""
    with connection.cursor() as cursor:
        for trigger in TRIGGERS[connection.vendor]:
            where = " ON audit_event" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {trigger}{where}")
        cursor.execute(sql)


def test_chain_holds_and_tells_who_from_where() -> None:
    events = write(3)
    verdict = verify()
    assert verdict.ok
    assert verdict.events == Event.objects.count()
    assert verdict.head == events[-1].hash
    assert (events[0].actor_name, events[0].address) == ("系统", "10.0.0.7")


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE audit_event SET reason = '果' WHERE action = 'thing.step1'", "content"),
        ("UPDATE audit_event SET after = NULL WHERE action = 'thing.step1'", "content"),
        ("DELETE FROM audit_event WHERE action = 'thing.step1'", "gap"),
    ],
)
def test_verify_finds_a_change_and_a_gap(sql: str, kind: str) -> None:
    write(3)
    forge(sql)
    assert kind in {fault.kind for fault in verify().faults}


def test_verify_finds_an_event_hashed_anew() -> None:
    write(3)
    from fenghuang.platform.audit.log import digest

    event = Event.objects.get(action="thing.step1")
    event.reason = "果"
    forge(f"UPDATE audit_event SET reason = '果', hash = '{digest(event)}' WHERE id = {event.pk}")
    assert [fault.kind for fault in verify().faults] == ["link"]


def test_the_model_refuses() -> None:
    event = write(1)[0]
    event.reason = "果"
    for refused in (event.save, event.delete, Event.objects.all().delete):
        with pytest.raises(PermissionDenied):
            refused()
    with pytest.raises(PermissionDenied):
        Event.objects.update(reason="果")


@pytest.mark.parametrize("sql", ["UPDATE audit_event SET reason = 'x'", "DELETE FROM audit_event"])
def test_the_database_refuses(sql: str) -> None:
    write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_its_change() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record("thing", actor=None, subject=SUBJECT)


def test_only_readers_of_the_log_see_it(as_user, auditor, county) -> None:
    assert as_user(auditor).get("/audit/").status_code == 200
    assert as_user(county).get("/audit/").status_code == 403


LOGGERS = {"record", "record_read", "note_read"}


def logged_actions() -> set[str]:
    """The actions that the code writes into the log."""
    found = set()
    for path in (settings.REPOSITORY / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                words = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)] if name in LOGGERS else []
                found |= {word for word in words if re.fullmatch(r"[a-z]+\.[a-z_]+", str(word))}
    return found


def test_every_action_has_a_title_and_the_page_shows_it(as_user, auditor) -> None:
    logged = logged_actions()
    assert {"registry.recorded", "feeds.read_row"} < logged
    assert logged <= set(TITLES)
    with transaction.atomic():
        record("incentives.refresh", actor=None, subject=SUBJECT)
        record("thing.unheard", actor=None, subject=SUBJECT)
    page = as_user(auditor).get("/audit/").content.decode()
    assert "重新评价和测算" in page
    assert "thing.unheard" in page
    one = as_user(auditor).get("/audit/?action=incentives.refresh").content.decode()
    assert "重新评价和测算" in one
    assert "thing.unheard" not in one
