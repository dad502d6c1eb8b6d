"""Anchors outside the database: what a chain of hashes alone cannot see."""

from __future__ import annotations

import json
import stat
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from fenghuang.commands.audit import run
from fenghuang.platform.audit import anchors
from fenghuang.platform.audit.log import GENESIS, digest, record, verify
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db
DAYS = (date(2023, 5, 4), date(2023, 5, 5), date(2023, 5, 6))


@pytest.fixture
def anchored() -> list[Any]:
    """Three days of two events, each with its anchor."""
    for day in DAYS:
        for name in ("one", "two"):
            _event(name)
        anchors.write(day)
    return anchors.files()


def _event(action: str) -> None:
    with transaction.atomic():
        record(f"thing.{action}", actor=None, subject=("thing", "1", "甲"))


def rewrite(*, reason_of: int = 0, keep: int = 6) -> None:
    """As somebody who owns the database: triggers off, one event changed, the tail dropped, all hashes made anew."""
    with connection.cursor() as cursor:
        off, on = _triggers(cursor)
        for statement in off:
            cursor.execute(statement)
        previous = GENESIS
        cursor.execute("DELETE FROM audit_event WHERE id > %s", [keep])
        for event in Event.objects.order_by("id"):
            event.previous = previous
            event.reason = "另有原因" if event.pk == reason_of else event.reason
            previous = event.hash = digest(event)
            values = [event.previous, event.reason, event.hash, event.pk]
            cursor.execute("UPDATE audit_event SET previous = %s, reason = %s, hash = %s WHERE id = %s", values)
        for statement in on:
            cursor.execute(statement)


def _triggers(cursor: Any) -> tuple[list[str], list[str]]:
    if connection.vendor == "postgresql":
        settled = "SET CONSTRAINTS ALL IMMEDIATE"  # a table with pending checks cannot be altered
        return (
            [settled, "ALTER TABLE audit_event DISABLE TRIGGER USER"],
            [settled, "ALTER TABLE audit_event ENABLE TRIGGER USER"],
        )
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
    found = cursor.execute(query).fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]


def told() -> list[str]:
    return [fault.sentence for fault in anchors.check().faults]


def test_a_log_that_only_grew_holds_and_the_key_is_for_nobody_else(anchored, settings) -> None:
    assert [path.name for path in anchored] == [f"{day}.json" for day in DAYS]
    _event("later")
    assert anchors.check().ok
    key = settings.HOME / "keys/anchor.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert anchors.private_key().public_key() == anchors.public_key()


def test_a_whole_log_rewritten_consistently_is_found(anchored) -> None:
    rewrite(reason_of=3)
    assert verify().ok  # the chain itself sees nothing
    first = told()[0]
    assert "2023-05-05 的锚点与现在的日志不符：第 3 条至第 4 条" in first
    assert anchors.check().faults[0].event == 3
    with pytest.raises(anchors.Broken):
        anchors.write(date(2023, 5, 7))
    assert len(anchors.files()) == 3


def test_a_tail_cut_off_is_found(anchored) -> None:
    rewrite(keep=5)
    assert verify().ok
    assert told() == ["2023-05-06 的锚点记着 6 条事件，现在只到第 5 条：第 6 条起被删除"]


def test_a_changed_anchor_fails_by_its_signature(anchored) -> None:
    said = json.loads(anchored[2].read_text())
    rewrite(keep=5)
    head = Event.objects.get(pk=5).hash
    anchored[2].write_text(json.dumps({**said, "events": 5, "head": head}))
    assert told() == ["锚点 2023-05-06.json 的签名不符：文件被改动，或不是用本系统的密钥签的"]
    anchored[2].write_text("no json")
    assert "签名不符" in told()[0]


def test_an_anchor_signed_with_another_key_or_under_another_day_is_refused(anchored, settings) -> None:
    (settings.HOME / "keys/anchor.pem").unlink()
    public = (settings.HOME / "keys/anchor.pub").read_text()
    _event("more")
    anchors.write(DAYS[2])
    assert (settings.HOME / "keys/anchor.pub").read_text() == public
    assert "签名不符" in told()[0]
    anchored[0].rename(anchors.folder() / "2023-05-01.json")
    assert "2023-05-01.json 的签名不符" in told()[0]


def test_an_anchor_taken_away_is_missed_by_the_next(anchored) -> None:
    anchored[1].unlink()
    assert told() == ["锚点 2023-05-06.json 之前的锚点文件被删除或替换"]


def test_the_commands_say_it(anchored, capsys, monkeypatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr("fenghuang.commands.audit.django_ready", lambda: None)
    assert run(SimpleNamespace(what="verify")) == 0
    assert "锚点 3 个" in capsys.readouterr().out
    assert run(SimpleNamespace(what="anchor")) == 0
    assert len(anchors.files()) == 4
    rewrite(reason_of=1)
    assert run(SimpleNamespace(what="verify")) == 1
    assert "2023-05-04 的锚点与现在的日志不符：第 1 条至第 2 条" in capsys.readouterr().out
    assert run(SimpleNamespace(what="anchor")) == 1
    assert "没有签锚点" in capsys.readouterr().err


def test_the_worker_signs_once_a_day() -> None:
    assert anchors.write_once_a_day() is None  # nothing to sign yet
    _event("one")
    assert anchors.write_once_a_day() is not None
    assert anchors.write_once_a_day() is None
