"""Ledgers walked in a browser: what is in the pool is claimed and granted in order; the fund is drawn and used."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone
from walking import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_quota_is_claimed_in_order_and_never_overdrawn(walk: Walk, people: SimpleNamespace) -> None:
    day = str(timezone.localdate())
    county, energy = walk(people.county), walk(people.clerks["development_reform"])
    credit = {"unit": "331002", "label": "by_hand", "amount": "10", "document": "椒发改〔2023〕1 号", "on": day}
    energy.opens("/ledgers/new/energy").presses("记入", reason="核查报告", **credit).sees("已记入", "+10")
    for project, sort, amount in (("其他甲", "other", "3"), ("技改乙", "upgrade", "8")):
        claim = {"unit": "331002", "sort": sort, "project": project, "amount": amount, "applied_on": day}
        county.opens("/ledgers/claims/new/energy").presses("登记", **claim).sees("已登记")
    county.opens("/ledgers/claims/")
    listed = county.page.inner_text("main table")
    assert listed.index("技改乙") < listed.index("其他甲")  # what comes first stands first, though it came later
    county.follows("技改乙", "main table").presses("安排").sees("已安排", "第 2 笔")
    county.follows("第 2 笔", "main").sees("-8", "技改乙")
    county.opens("/ledgers/claims/").follows("其他甲", "main table").presses("安排")
    county.sees("余额 2 吨标准煤，不足以减去 3")


def test_the_fund_is_drawn_used_and_never_overdrawn(walk: Walk, people: SimpleNamespace) -> None:
    today = timezone.localdate()
    finance, auditor = walk(people.clerks["finance"]), walk(people.auditor)
    year = f"/ledgers/fund/331002/{today.year}/"
    finance.opens(year).presses("登记", amount="100000000", document="椒财〔2023〕2 号").sees("已登记椒江区")
    entry = {"unit": "331002", "year": str(today.year), "on": str(today), "document": "椒财〔2023〕3 号"}
    finance.opens("/ledgers/new/fund").presses("记入", label="drawn", amount="500000", **entry).sees("已记入")
    use = {"label": "land_revival", **entry}
    finance.opens("/ledgers/new/fund").presses("记入", amount="500000.01", **use).sees("不足以减去")
    finance.opens("/ledgers/new/fund").presses("记入", amount="500000", **use).sees("已记入")
    auditor.opens(year).sees("盘活工业用地", "500,000.00").misses("更改土地出让收入")
