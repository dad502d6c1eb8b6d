"""Cases where people meet them: pages of firms and parcels, search, home, ledger, and the firm's own page."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, B, C, firms
from django.utils import timezone
from lowfirms import delivered
from test_case_pages import text
from test_inefficient_firms import LEGALITY, PROOF, accepted, entered, to_acceptance

from fenghuang.domain.casework import actions, alarms
from fenghuang.domain.casework.code import Found
from fenghuang.domain.casework.models import Case, Comment
from fenghuang.domain.ledger.models import Entry
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.accounts.models import Unit

pytestmark = pytest.mark.django_db


def renewal(reference: str = f"{A}-1") -> Case:
    firm = Firm.objects.get(uscc=A)
    found = Found(reference, f"{reference}（{firm.name}）", firm, firm.unit_id or "", firm.township, "使用期临近届满")
    return actions.enter(None, "land_renewal", found)


def test_the_firms_page_shows_its_cases_to_who_sees_them(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    case = entered()
    page = text(as_user(people.county).get(f"/firms/{A}/"))
    assert f'href="/cases/{case.pk}/">高耗低效企业</a>' in page
    assert "待乡镇核实" in page
    assert 'id="cases"' not in text(as_user(people.county).get(f"/firms/{B}/"))


def test_the_parcels_page_shows_its_cases(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    case = renewal()
    page = text(as_user(people.county).get(f"/land/parcels/{A}-1/"))
    assert f'href="/cases/{case.pk}/">工业用地到期续签</a>' in page
    assert "清单事项" not in text(as_user(people.county).get(f"/land/parcels/{B}-1/")).split("<main")[1]


def test_search_finds_cases_in_the_own_place(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    case = renewal()
    name = Firm.objects.get(uscc=A).name
    for words in (f"{A}-1", name[:4], f"{name[:2]} {A[:6]}"):
        page = text(as_user(people.county).get("/search/", {"q": words}))
        assert f'href="/cases/{case.pk}/"' in page, words
        assert f'href="/cases/{case.pk}/"' not in text(as_user(people.neighbour).get("/search/", {"q": words}))


def test_a_township_begins_with_what_waits_for_it(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    case, client = entered(), as_user(people.township)
    page = text(client.get("/"))
    assert f'href="/cases/{case.pk}/"' in page
    assert "工作台" in page
    actions.move(people.township, case.pk, "verify")
    assert f'href="/cases/{case.pk}/"' not in text(client.get("/"))


def test_the_home_page_says_how_many_are_late(small_city: Any, people: SimpleNamespace, as_user: Any) -> None:
    unit = Unit.objects.get(pk="331002")
    late = timezone.localdate() - timedelta(days=20)
    case = actions.enter(None, "inefficient_firms", Found("S1", "企业一", None, unit.pk, "章安街道", "测"))
    Case.objects.filter(pk=case.pk).update(due=late)
    assert "清单事项逾期" not in text(as_user(people.city).get("/"))
    alarms.run()
    for who in (people.city, people.county):
        page = text(as_user(who).get("/"))
        assert "清单事项逾期 <b>1</b> 件" in page
        assert 'href="/cases/?show=late"' in page
    assert "清单事项逾期" not in text(as_user(people.neighbour).get("/"))
    assert "清单事项逾期" not in text(as_user(people.auditor).get("/"))
    assert 'href="/cases/?unit=331002&amp;show=late"' in text(as_user(people.city).get("/?unit=331002"))
    assert "清单事项逾期" not in text(as_user(people.city).get("/?unit=331003"))


def test_case_and_ledger_lead_to_each_other(low: Any, people: SimpleNamespace, as_user: Any, deliver: Any) -> None:
    case = entered()
    to_acceptance(case, people)
    accepted(case, people)
    deliver(
        year=2023,
        directory=firms(A, B, C, revenue=200_000_000, value_added=30_000_000, township="章安街道"),
        tax=[{"uscc": A, "tax": 3_000_000}],
        parcels=[{"uscc": A, "reference": f"{A}-1", "amount": 5}],
    )
    actions.move(people.county, case.pk, "strike_off", today=date(2023, 7, 3))
    entry = Entry.objects.get(kind="land")
    assert f'href="/ledgers/entries/{entry.pk}/"' in text(as_user(people.county).get(f"/cases/{case.pk}/"))
    assert f'href="/cases/{case.pk}/"' in text(as_user(people.county).get(f"/ledgers/entries/{entry.pk}/"))
    assert "/ledgers/entries/" not in text(as_user(people.township).get(f"/cases/{case.pk}/"))


# --- the firm itself


def test_a_firm_hears_of_its_case_when_an_office_has_looked(low: Any, people: Any, as_user: Any) -> None:
    case = entered()
    mine = as_user(people.firm)
    assert "高耗低效" not in text(mine.get("/my/"))  # found by data alone, not yet looked at
    actions.move(people.township, case.pk, "verify")
    actions.answer(people.clerks["emergency"], case.pk, "emergency", "unlawful", "消防通道堵塞")
    Comment.objects.create(case=case, text="内部意见", by=people.county)
    page = text(mine.get("/my/"))
    assert "高耗低效企业" in page
    assert "有关部门正在联合核查，现在不需要贵企业操作" in page
    for hidden in ("消防通道堵塞", "违法违规", "内部意见", f"/cases/{case.pk}/"):
        assert hidden not in page
    assert mine.get(f"/cases/{case.pk}/").status_code in (403, 404)


def test_a_firm_reads_what_to_do_until_when(low: Any, people: Any, as_user: Any) -> None:
    case = entered()
    actions.move(people.township, case.pk, "verify")
    for agency in LEGALITY:
        actions.answer(people.clerks[agency], case.pk, agency, "unlawful" if agency == "ecology" else "lawful", "看过")
    until = (timezone.localdate() + timedelta(days=40)).isoformat()
    actions.move(
        people.county, case.pk, "order", fields={"violation": "废水超标", "rectify_until": until},
        documents={"责令整改通知": PROOF},
    )  # fmt: skip
    page = text(as_user(people.firm).get("/my/"))
    assert "请按责令整改通知在期限前整改到位" in page
    assert f"截止 {until}" in page
    people.firm.uscc = B
    people.firm.save()
    assert "责令整改" not in text(as_user(people.firm).get("/my/"))
    assert "高耗低效企业" in text(as_user(people.county).get(f"/firms/{A}/"))


def test_an_ended_case_is_no_business_of_the_firm_any_more(low: Any, people: Any, as_user: Any, deliver: Any) -> None:
    case = entered()
    to_acceptance(case, people)
    assert "对标验收" in text(as_user(people.firm).get("/my/"))
    accepted(case, people)
    delivered(deliver, 2023, a=201, b=200, c=2000)
    actions.move(people.county, case.pk, "strike_off", today=date(2023, 7, 3))
    assert "高耗低效" not in text(as_user(people.firm).get("/my/"))
