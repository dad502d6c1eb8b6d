"""企业承诺 walked in a browser: one kept on the taxes delivered, one broken and paid back, one listed and repaired."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from deliveries import A, firms
from django.utils import timezone
from playwright.sync_api import expect
from walking import Files, Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHECKED_BY = ("development_reform", "investment_promotion", "science", "commerce", "market_regulation")
VERIFIED_BY = ("development_reform", "market_regulation")
CODE, TITLE = "承诺〔2022〕1 号", "设备补助承诺"


def in_days(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def promised(walk: Walk, people: SimpleNamespace, files: Files) -> str:
    """The firm promises at least 200 万元 of taxes in 2022; where its case lies."""
    county = walk(people.county)
    walk(people.operator).uploads(files(2021, directory=firms(A, township="章安街道")))
    county.opens("/cases/").follows("企业承诺", "main").follows("手工列入", "main")
    entry = {"subject": CODE, "title": TITLE, "reason": "设备补助"}
    terms = {"f-benefit": "subsidy", "f-ends_on": in_days(60)}
    county.presses("列入清单", **entry, uscc="91331002MA2AAAAA0X", **terms).sees("企业库中没有统一社会信用代码")
    county.presses("列入清单", **entry, uscc=A, **terms).sees("履约中", "资金补助", A)
    indicator = {"f-fact": "tax", "f-year": "2022", "f-at_least": "2000000"}
    county.presses("登记", title="2022 年税收", **indicator).sees("已登记“2022 年税收”", "2,000,000 元")
    return county.page.url


def checked(walk: Walk, people: SimpleNamespace, case: str, last: str) -> None:
    """The township asks; five departments answer, the last of them with this."""
    township = walk(people.township).opens("/cases/").follows("企业承诺", "main").follows(TITLE, "main")
    township.steps(case, "提请履约核查")
    for agency in CHECKED_BY:
        walk(people.clerks[agency]).answers(case, last if agency == CHECKED_BY[-1] else "已履约")


def broken(walk: Walk, people: SimpleNamespace, case: str) -> Walker:
    """Not kept, told and heard: the county decides."""
    county = walk(people.county)
    checked(walk, people, case, "未履约")
    county.tries(case, "发出违约告知", breach="税收未达承诺", answer_by=in_days(-1)).sees("早于今天")
    county.steps(case, "发出违约告知", breach="税收未达承诺", answer_by=in_days(10)).sees("违约告知书")
    county.sees("期满次日起")  # nobody is passed over before the day has passed
    return county.steps(case, "记录陈述申辩", statement="订单减少，请求分期").sees("审议决定")


def verified(walk: Walk, people: SimpleNamespace, case: str, said: str = "已履行") -> None:
    walk(people.township).steps(case, "提请核验")
    for agency in VERIFIED_BY:
        walk(people.clerks[agency]).answers(case, said)


def instalment(walk: Walk, people: SimpleNamespace, case: str, title: str, amount: str) -> None:
    """Agreed by the county, settled by finance with the receipt; finance finds the case on its own list."""
    finance = walk(people.clerks["finance"])
    given = {"title": title, "due": in_days(30), "f-amount": amount}
    walk(people.county).opens(case).presses("登记", **given).sees(f"已登记“{title}”")
    finance.opens("/cases/").follows("企业承诺", "main").follows(TITLE, "main")
    finance.presses("已缴清", words="已入库").sees(f"已办结“{title}”")


def test_a_promise_is_kept_when_the_taxes_say_so(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    case, county = promised(walk, people, files), walk(people.county)
    checked(walk, people, case, "已履约")
    county.tries(case, "履约销号").sees("2022 年度税收还没有部门数据")
    walk(people.operator).uploads(files(directory=firms(A, township="章安街道")))
    tax = walk(people.clerks["tax"])
    tax.uploads(files(tax=[{"uscc": A, "tax": 1_999_999.99}]))
    county.tries(case, "履约销号").sees("1,999,999.99 元，承诺不低于 2,000,000 元")
    tax.uploads(files(tax=[{"uscc": A, "tax": 2_000_000}]))
    county.steps(case, "履约销号").sees("承诺的各项指标均已达到")


def test_without_a_legal_basis_the_money_is_recovered(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    case = promised(walk, people, files)
    county = broken(walk, people, case)
    due = {"amount_due": "100000", "interest_due": "1234.56", "pay_by": in_days(60)}
    county.steps(case, "决定追缴资金", **due).sees("追缴资金", "100,000 元", "1,234.56 元")
    instalment(walk, people, case, "第 1 期", "60000")
    instalment(walk, people, case, "第 2 期", "41234.55")
    verified(walk, people, case)
    county.tries(case, "移出并销号").sees("应缴 101,234.56 元，已缴 101,234.55 元，还差 0.01 元")
    reader = walk(people.auditor).opens(case).sees("还差 0.01 元")
    expect(reader.page.locator("#next form")).to_have_count(0)
    instalment(walk, people, case, "尾款", "0.01")
    county.steps(case, "移出并销号").sees("追缴到位，修复移出", "已缴 101,234.56 元")


def test_listed_on_its_legal_basis_and_repaired(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    case = promised(walk, people, files)
    county = broken(walk, people, case)
    listing = {"legal_representative": "王某", "amount_due": "100000", "interest_due": "0", "pay_by": in_days(60)}
    county.opens(case).sees("没有明确的法律依据不能列入，只追缴资金")
    basis = "（演示）某办法第一条"
    county.tries(case, "列入严重失信名单", legal_basis=" ", **listing).sees("请填写列入的法律依据")
    county.steps(case, "列入严重失信名单", legal_basis=basis, **listing).sees("严重失信名单", basis, "王某")
    instalment(walk, people, case, "一次缴清", "100000")
    verified(walk, people, case, "未履行")
    county.opens(case).sees("履行义务以前不能退出名单")
    county.steps(case, "未履行，仍在名单", "整改未完成", pay_by=in_days(60)).sees("严重失信名单")
    verified(walk, people, case)
    county.steps(case, "移出并销号").sees("追缴到位，修复移出", "应缴 100,000 元，已缴 100,000 元")
    county.opens("/cases/registers/commitments/?show=ended").sees(TITLE)
