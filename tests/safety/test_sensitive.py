"""评价税收, 地方贡献, 营业收入: whom they are shown, whom masked, and that reading them is noted."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from addresses import places
from openpyxl import load_workbook

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.feeds.models import Finding, RawRow
from fenghuang.domain.feeds.sensitive import FIELDS
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.language.record import MASK, Input, Record, Step
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event
from fenghuang.platform.ui.numbers import money, scaled

pytestmark = pytest.mark.django_db
MASKED = 'title="无查看权限">***'


def page(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def figures(firm: Firm) -> set[str]:
    """Every way a page writes the firm's sensitive figures; small ones could be anything else."""
    found = set()
    for year in FirmYear.objects.current().filter(firm=firm):
        for name in FIELDS:
            if (value := getattr(year, name)) and value > 10**6:
                plain = scaled(value, 2, 2)
                if Decision.objects.filter(firm=firm, amount=value).exists():
                    continue  # a subsidy capped by the contribution: the decision itself is shown to all staff
                found |= {plain, plain.replace(",", ""), plain.removesuffix(".00"), money(value, "万元")}
    return found


def quotients(firm: Firm) -> set[str]:
    """And the quotients that give them away."""
    found = Result.objects.filter(firm=firm, tax_per_mu__isnull=False)
    return {scaled(result.tax_per_mu, 4, 4) for result in found if result.tax_per_mu > 10**4}


def firms_to_read() -> list[Firm]:
    """Graded ones of 黄岩区, and one whose subsidy reads its contribution."""
    graded = Firm.objects.filter(unit="331003", results__grade__in="ABCD").distinct().order_by("pk")[:4]
    read = Decision.objects.filter(inputs__has_key="local_contribution", amount__gt=0).first()
    assert read
    return [*graded, read.firm]


def test_the_operator_sees_none_of_them(as_user, operator, small_city) -> None:
    client = as_user(operator)
    for firm in firms_to_read():
        for year in ("", "?year=2021"):
            text = page(client, f"/firms/{firm.uscc}/{year}")
            told = {figure for figure in figures(firm) | quotients(firm) if re.search(rf"(?<!\d){figure}(?!\d)", text)}
            assert not told, firm
            assert text.count(MASKED) >= 3
    assert page(client, "/firms/").count(MASKED) > 20


def test_files_are_masked_too(as_user, operator, city, small_city) -> None:
    for user, masked in ((operator, True), (city, False)):
        content = b"".join(as_user(user).get("/lists/firms/export").streaming_content)
        cells = [c for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True) for c in row]
        assert (MASK in cells) == masked


def test_city_auditor_and_the_unit_see_them_in_full(as_user, city, auditor, county, small_city) -> None:
    firm = firms_to_read()[0]
    year = FirmYear.objects.current().filter(firm=firm, tax__isnull=False).first()
    for user in (city, auditor, county):
        text = page(as_user(user), f"/firms/{firm.uscc}/")
        assert scaled(year.tax, 2, 2) in text
        assert MASK not in text
        assert MASK not in page(as_user(user), "/firms/")


def test_delivered_rows_are_masked_too(as_user, operator, city, county, small_city) -> None:
    row = places(county)["row"]
    tax = FirmYear.objects.current().get(tax_row=row).tax
    assert scaled(tax, 2).replace(",", "") in page(as_user(city), f"/firms/rows/{row}/")
    text = page(as_user(operator), f"/firms/rows/{row}/")
    assert text.count(MASKED) == 2
    assert scaled(tax, 2).replace(",", "") not in text
    reads = Event.objects.filter(action="feeds.read_row", subject_id=str(row)).order_by("id")
    assert [len(event.after["fields"]) for event in reads] == [3, 0]


def test_findings_about_them_keep_no_figure(as_user, operator, city, small_city) -> None:
    firm = firms_to_read()[0]
    row = FirmYear.objects.current().filter(firm=firm, tax__isnull=False).first().tax_row
    Finding.objects.create(
        raw_row=row, field="tax", kind="text_in_number", severity="quarantine", found="8888777元整",
        sentence="评价税收（元）“8888777元整”不是数字，去年为 8,123.45；请更正", uscc=firm.uscc, unit_id="331003",
    )  # fmt: skip
    RawRow.objects.filter(pk=row.pk).update(status="quarantined")
    delivery = f"/data/deliveries/{row.delivery_id}/"
    for address in ("/data/findings/?kind=text_in_number", delivery, f"/firms/rows/{row.pk}/", f"/firms/{firm.uscc}/"):
        assert "8888777元整" in page(as_user(city), address), address
        text = page(as_user(operator), address)
        assert "评价税收（元）***不是数字，去年为 ***；请更正" in text, address
        assert "8888777" not in text


def test_reading_is_noted_once_a_person_firm_and_day(as_user, city, operator, small_city) -> None:
    firm = firms_to_read()[0]
    for user in (city, city, operator):
        page(as_user(user), f"/firms/{firm.uscc}/")
    page(as_user(city), f"/firms/{firms_to_read()[1].uscc}/")
    reads = Event.objects.filter(action="registry.read_firm").order_by("id")
    assert [(e.actor_id, e.subject_id == str(firm.pk), e.after["fields"]) for e in reads] == [
        (city.pk, True, sorted(FIELDS)),
        (operator.pk, True, []),
        (city.pk, False, sorted(FIELDS)),
    ]
    assert verify().ok


def test_a_record_loses_the_value_and_what_is_made_of_it() -> None:
    tax, land = Input("tax", "税", "120.00", "元"), Input("land", "地", "2")
    steps = (
        Step("per_mu", "亩均", "60", formula="税 ÷ 地", inputs=(tax, land)),
        Step("points", "得分", "30", formula="50 × 60 ÷ 100", inputs=(Input("per_mu", "亩均", "60", kind="step"),)),
        Step("enough", "达标", True, kind="condition", inputs=(tax,), distance="高出 20 元", formula="税 ≥ 100"),
        Step("score", "总分", "30", kind="output", inputs=(Input("points", "得分", "30", kind="step"),)),
    )
    record = Record("r", "规则", "p", "2022", "art.1", {"score": "30"}, {"enough": True}, steps=steps)
    hidden = record.masked({"tax"})
    assert [step.value for step in hidden.steps] == [MASK, MASK, True, "30"]
    assert hidden.steps[1].formula == f"50 × {MASK} ÷ 100"
    assert hidden.steps[2].distance == MASK
    assert "120.00" not in repr(hidden)
    assert "60" not in repr(hidden)
    assert record.masked(()) == record
