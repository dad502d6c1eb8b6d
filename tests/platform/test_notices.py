"""Notices: to whom, once, read by whom; daily tasks run once a day however many workers there are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from fenghuang.platform.notices import daily
from fenghuang.platform.notices.actions import mark_read, notify
from fenghuang.platform.notices.models import DailyRun, Notice
from fenghuang.platform.notices.queries import notices, unread

pytestmark = pytest.mark.django_db
TODAY = date(2023, 3, 6)


def test_a_notice_is_for_one_person_or_for_a_firm(city, county, company) -> None:
    notify("test", "请看", users=[city])
    notify("test", "贵企业", firms=[company.uscc, "91331003MA2BBBBBBB"])
    assert [unread(one) for one in (city, county, company)] == [1, 0, 1]
    assert notices(company).get().text == "贵企业"


def test_what_is_told_once_is_not_doubled(city, company) -> None:
    for _ in range(3):
        notify("remind", "今天截止", users=[city], firms=[company.uscc], once="remind:2023-03-06")
    notify("remind", "今天截止", users=[city], once="remind:2023-03-07")
    assert (unread(city), unread(company)) == (2, 1)


def test_the_bell_counts_a_click_reads_and_leads_on(as_user, city, county) -> None:
    notify("test", "请看评价工作", users=[city], link="/campaigns/")
    notify("test", "另一件", users=[city])
    client = as_user(city)
    page = client.get("/notices/").content.decode()
    assert 'aria-label="通知，2 条未读"' in page
    one = Notice.objects.get(link="/campaigns/")
    assert client.post(f"/notices/{one.pk}/follow")["Location"] == "/campaigns/"
    assert unread(city) == 1
    client.post("/notices/read")
    assert unread(city) == 0
    assert as_user(county).post(f"/notices/{one.pk}/follow").status_code == 404


def test_nobody_reads_anothers(city, county) -> None:
    notify("test", "请看", users=[city])
    assert mark_read(county, Notice.objects.get().pk) == 0
    assert unread(city) == 1


@pytest.fixture
def tasks(monkeypatch: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    monkeypatch.setattr(daily, "_tasks", found)
    return found


def test_a_daily_task_runs_once_a_day_and_again_when_it_failed(tasks) -> None:
    ran: list[date] = []
    tasks["good"] = ran.append

    def broken(today: date) -> None:
        Notice.objects.create(uscc="91331003MA2AAAAAAA", kind="x", text="x", at="2023-03-06T00:00:00+08:00")
        raise RuntimeError("no")

    tasks["broken"] = broken
    assert daily.run_due(TODAY) == ["good"]
    assert daily.run_due(TODAY) == []
    assert daily.run_due(date(2023, 3, 7)) == ["good"]
    assert ran == [TODAY, date(2023, 3, 7)]
    assert not Notice.objects.exists()  # what a broken task wrote is undone
    assert not DailyRun.objects.filter(name="broken").exists()


def test_a_second_worker_that_comes_at_the_same_time_does_nothing(tasks) -> None:
    ran: list[date] = []
    tasks["one"] = ran.append
    with transaction.atomic():
        DailyRun.objects.create(name="one", day=TODAY)
    assert not daily._run("one", TODAY)
    assert not ran


def test_a_task_in_parts_keeps_what_it_did_and_goes_on_at_the_next_look(tasks, monkeypatch) -> None:
    monkeypatch.setattr(daily, "_in_parts", {"long"})
    parts, broken = ["one", "two"], [True]

    def long(today: date) -> None:
        while parts:
            DailyRun.objects.create(name=f"part {parts.pop(0)}", day=today)
            if broken.pop() if broken else False:
                raise RuntimeError("no")

    tasks["long"] = long
    assert daily.run_due(TODAY) == []
    assert DailyRun.objects.filter(name="part one").exists()
    assert daily.run_due(TODAY) == ["long"]
    assert daily.run_due(TODAY) == []
    assert DailyRun.objects.filter(name__startswith="part").count() == 2
