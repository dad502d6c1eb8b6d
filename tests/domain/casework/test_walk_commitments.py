"""企业承诺 walked in a browser: one kept on the taxes delivered, one broken, heard, and paid back by instalments."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from deliveries import A, B, firms
from django.utils import timezone
from walking import Files, Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AGENCIES = ("development_reform", "investment_promotion", "science", "commerce", "market_regulation")


def promised(county: Walker, code: str, uscc: str, ends: str) -> str:
    """A promise of at least 200 万元 of taxes in 2022; where its case lies."""
    county.opens("/cases/registers/commitments/enter")
    entry = {"subject": code, "title": f"设备补助{code}", "uscc": uscc, "reason": "设备补助"}
    county.presses("列入清单", **entry, **{"f-benefit": "subsidy", "f-ends_on": ends}).sees("履约中", uscc)
    indicator = {"f-fact": "tax", "f-year": "2022", "f-at_least": "2000000"}
    county.presses("登记", title="2022 年税收", **indicator).sees("已登记“2022 年税收”", "2,000,000")
    return county.page.url


def test_a_promise_kept_and_a_promise_broken(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    soon = str(timezone.localdate() + timedelta(days=60))
    county, finance, operator = walk(people.county), walk(people.clerks["finance"]), walk(people.operator)
    operator.uploads(files(2021, directory=firms(A, B, township="章安街道")))
    kept, broken = promised(county, "承诺〔2022〕1 号", A, soon), promised(county, "承诺〔2022〕2 号", B, soon)
    for case, said in ((kept, "已履约"), (broken, "未履约")):
        walk(people.township).steps(case, "提请履约核查")
        for agency in AGENCIES:
            walk(people.clerks[agency]).answers(case, said)

    # five agencies say kept; the county needs the tax office's figure as well
    county.tries(kept, "履约销号").sees("2022 年度税收还没有部门数据")
    taxes = [{"uscc": A, "tax": 2000000}, {"uscc": B, "tax": 1999999.99}]
    operator.uploads(files(directory=firms(A, B)))
    walk(people.clerks["tax"]).uploads(files(tax=taxes))
    county.steps(kept, "履约销号").sees("承诺的各项指标均已达到")

    # a breach: told, heard, recovered
    county.opens(broken).sees("1,999,999.99 元，承诺不低于 2,000,000 元")
    county.steps(broken, "发出违约告知", breach="2022 年税收未达承诺", answer_by=soon)
    county.steps(broken, "记录陈述申辩", statement="订单减少，请求分期")
    listing = {"amount_due": "100000", "interest_due": "1234.56", "pay_by": soon}
    county.steps(broken, "决定追缴资金", **listing).sees("100,000 元")
    for title, amount in (("第 1 期", "60000"), ("第 2 期", "41234.55")):
        county.opens(broken).presses("登记", title=title, due=soon, **{"f-amount": amount}).sees(f"已登记“{title}”")
        finance.opens(broken).presses("已缴清", words="已入库").sees(f"已办结“{title}”")
    county.steps(broken, "提请核验")
    for agency in ("development_reform", "market_regulation"):
        walk(people.clerks[agency]).answers(broken, "已履行")
    county.tries(broken, "移出并销号").sees("应缴 101,234.56 元，已缴 101,234.55 元，还差 0.01 元")
    county.steps(broken, "退回继续追缴", "还差 1 分", pay_by=soon)
    county.opens(broken).presses("登记", title="第 3 期", due=soon, **{"f-amount": "0.01"})
    finance.opens(broken).presses("已缴清", words="已入库").sees("已办结“第 3 期”")
    county.steps(broken, "提请核验")
    for agency in ("development_reform", "market_regulation"):
        walk(people.clerks[agency]).answers(broken, "已履行")
    county.steps(broken, "移出并销号").sees("已缴 101,234.56 元")
