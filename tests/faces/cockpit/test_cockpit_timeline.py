"""A firm's page tells what happened to it: who did what when and why."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import transaction

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.registry.models import FirmYear
from fenghuang.platform.audit.log import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(small_city) -> Any:
    graded = Result.objects.filter(unit="331003", firm__unit="331003", year=2022).exclude(grade="").first()
    return FirmYear.objects.current().get(firm=graded.firm, year=2022)


def text(client: Any, year: Any) -> str:
    return unescape(client.get(f"/firms/{year.firm.uscc}/").content.decode())


def test_a_correction_is_told_with_person_reason_and_link(as_user, city, operator, year) -> None:
    row = year.tax_row
    with transaction.atomic():
        record("feeds.corrected", actor=city, subject=row, reason="税额应为 8888777 元")
        record("feeds.corrected", actor=city, subject=("feeds.rawrow", "0", "别家的行"), reason="与此无关")
    told = text(as_user(city), year)
    assert f'{city}更正一行：<a href="/firms/rows/{row.pk}/">{row}</a>。理由：税额应为 8888777 元' in told
    assert "与此无关" not in told
    masked = text(as_user(operator), year)
    assert "理由：税额应为 *** 元" in masked
    assert "8888777" not in masked


def test_who_read_is_told_only_to_readers_of_the_log(as_user, city, county, auditor, year) -> None:
    text(as_user(city), year)
    assert f"{city}查看企业" in text(as_user(auditor), year)
    assert f"{city}查看企业" not in text(as_user(county), year)
