"""A firm's facts as they were known on a past day, with the rows that counted then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from fenghuang.domain.registry.models import FirmYear, Recording
from fenghuang.domain.registry.past import Past

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(small_city: Any) -> FirmYear:
    """A firm-year whose number of employees was corrected today; the first recording was ten days ago."""
    then = timezone.now() - timedelta(days=10)
    Recording.objects.update(at=then)
    old = FirmYear.objects.current().filter(employees__isnull=False, directory_row__isnull=False).first()
    assert old
    now = Recording.objects.create(at=timezone.now())
    FirmYear.objects.filter(pk=old.pk).update(superseded=now)
    old.pk, old.recorded, old.employees = None, now, 987_654
    old.save(force_insert=True)
    return old


def page(client: Any, year: FirmYear, known: str) -> Any:
    return client.get(f"/firms/{year.firm.uscc}/", {"known": known})


def test_the_page_shows_what_was_known_then(changed, city, as_user) -> None:
    client = as_user(city)
    today = timezone.localdate()
    assert "987,654" in page(client, changed, "").content.decode()
    assert "987,654" in page(client, changed, today.isoformat()).content.decode()
    answer = page(client, changed, (today - timedelta(days=1)).isoformat())
    text = answer.content.decode()
    assert "987,654" not in text
    assert "当日结束时系统所知显示" in text
    assert any(cell.sources for line in answer.context["lines"] for cell in line.cells)
    before = page(client, changed, (today - timedelta(days=20)).isoformat())
    assert "还没有记录任何数据" in before.content.decode()
    assert before.context["results"] == page(client, changed, "").context["results"]  # the grade is the latest one


def test_a_day_that_has_not_been_is_said(changed, city, as_user) -> None:
    client = as_user(city)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for asked in ("昨天", "2023-02-30", "0001-01-01", "9999-12-31", tomorrow, "2023-13-01"):
        text = page(client, changed, asked).content.decode()
        assert "不是已经过去的日期" in text
        assert "987,654" in text


def test_the_day_ends_at_midnight_here(db) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    Recording.objects.create(at=datetime(2024, 3, 5, 23, 59, 59, 999999, tzinfo=zone))
    last = Recording.objects.latest("id").pk
    Recording.objects.create(at=datetime(2024, 3, 6, 0, 0, tzinfo=zone))
    assert Past.of("2024-03-05").recording == last
    assert Past.of("2024-03-04").recording is None
    assert Past.of("2024-03-06").recording == last + 1
