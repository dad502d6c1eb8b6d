"""宗地 walked in a browser: a term renewed, 标准地 brought to its yield, land sold by advance notice and outright."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from deliveries import A, B, code, firms
from django.utils import timezone
from walking import Files, Walk, Walker, work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARCEL = "331002001001GB00001"
TEN = [A, B, *(code(2000 + 37 * place) for place in range(8))]


def in_days(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def holds(uscc: str) -> list[dict[str, object]]:
    """The land list: whose the parcel is."""
    return [{"uscc": uscc, "reference": PARCEL, "amount": 10}]


def contract(**more: object) -> list[dict[str, object]]:
    return [{"uscc": A, "reference": PARCEL, "right": "出让", "area": 10, "start": "2013-01-01", **more}]


def screened(county: Walker, title: str) -> str:
    """The one parcel that the contracts bring onto the list; where its case lies."""
    county.opens("/cases/").follows(title, "main").follows("筛查", "main").sees(PARCEL)
    county.page.check("input[name=subject]")
    county.presses("预览列入").presses("确认列入").sees("已列入 1 个对象").follows(PARCEL, "main td.is-title")
    return county.page.url


def by_hand(who: Walker, title: str) -> str:
    """The land office enters it; whose the parcel is, the land list says."""
    who.opens("/cases/").follows(title, "main").follows("手工列入", "main")
    entry = {"subject": PARCEL, "title": "章安 1 号地块", "unit": "331002", "reason": "双方申请"}
    return who.presses("列入清单", **entry).sees(A, "章安街道").page.url


def test_a_term_that_ends_is_renewed(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    county, land = walk(people.county), walk(people.clerks["natural_resources"])
    ends, new_end = in_days(200), in_days(3850)
    directory = firms(A, township="章安街道")
    walk(people.operator).uploads(files(directory=directory, parcels=holds(A), contracts=contract(end=ends)))
    case = screened(county, "工业用地到期续签")
    walk(people.township).steps(case, "受理续签申请", ends_on=ends)
    for agency in ("natural_resources", "economy", "development_reform"):
        walk(people.clerks[agency]).answers(case, "同意")
    county.steps(case, "同意续签", new_end=new_end)
    county.steps(case, "提请续签核验")
    land.answers(case, "完成", "已登记")
    county.tries(case, "续签，销号").sees("列入以来没有这宗地的合同数据")
    land.uploads(files(contracts=contract(end=new_end)))
    county.steps(case, "续签，销号").sees(f"合同使用期止 {new_end}")


def test_standard_land_reaches_what_was_agreed(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    county, township, tax = walk(people.county), walk(people.township), walk(people.clerks["tax"])
    directory, agreed = firms(A, township="章安街道"), contract(end=in_days(9000), standard="是", agreed_tax=20)
    walk(people.operator).uploads(files(directory=directory, parcels=holds(A), contracts=agreed))
    case = screened(county, "标准地投资监管协议")
    county.sees("还没有登记协议指标")
    walk(people.clerks["natural_resources"]).opens(case).presses("登记", title="亩均税收", **{"f-agreed": "20 万元/亩"})
    county.steps(case, "开始监管", agreed_until=in_days(300)).sees("履约监管", in_days(300))
    township.opens(case).sees("还有 1 项没有“验收通过”：亩均税收")
    walk(people.clerks["economy"]).opens(case).presses("验收通过", words="达到").sees("已办结“亩均税收”")
    township.steps(case, "提请达产复核")
    for agency in ("natural_resources", "development_reform", "economy"):
        walk(people.clerks[agency]).answers(case, "达到")
    tax.uploads(files(tax=[{"uscc": A, "tax": 1_999_999.99}]))
    county.tries(case, "达产，销号").sees("199999.99 元/亩，协议约定 200000.00 元/亩")
    tax.uploads(files(tax=[{"uscc": A, "tax": 2_000_000}]))
    county.steps(case, "达产，销号").sees("2022 年度亩均税收 200000.00 元/亩")


def test_land_is_sold_by_advance_notice(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    county, land = walk(people.county), walk(people.clerks["natural_resources"])
    walk(people.operator).uploads(files(directory=firms(A, B, township="章安街道"), parcels=holds(A)))
    case = by_hand(land, "预告登记转让")
    for agency in ("natural_resources", "economy"):
        walk(people.clerks[agency]).answers(case, "同意")
    yes = dict.fromkeys(("is_inefficient_land", "line_agency_approved", "county_agreed"), "是")
    deal = {"buyer": B, "invested": "1000000", "total_investment": "10000000", **yes}
    county.tries(case, "同意，转预告登记", **deal, contract_forbids="是").sees("不能“同意，转预告登记”")
    county.steps(case, "同意，转预告登记", **deal, contract_forbids="否")
    land.steps(case, "登记生效", certificate="预告〔2023〕1 号", in_force_until=in_days(600)).sees("预告登记有效")
    walk(people.township).steps(case, "更新投资进度", invested="2400000").sees("2,400,000 元")
    county.tries(case, "提请转移登记", invested="2499999.99").sees("不能“提请转移登记”")
    county.steps(case, "提请转移登记", invested="2500000")
    land.answers(case, "可以转移", "已达百分之二十五")
    county.tries(case, "转移登记，销号").sees("列入以来没有这宗地的宗地数据")
    land.uploads(files(parcels=holds(B)))
    county.steps(case, "转移登记，销号").sees("2022 年度宗地表中使用权人为受让人")


def test_land_is_sold_outright_to_a_buyer_who_may(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    county, land = walk(people.county), walk(people.clerks["natural_resources"])
    directory = firms(*TEN, above_scale="否", revenue=100_000, value_added=30_000, township="章安街道")
    taxes = [{"uscc": one, "tax": 5_000_000 - 400_000 * place} for place, one in enumerate(reversed(TEN))]
    parcels = [{"uscc": one, "reference": f"{one}-1", "amount": 10} for one in TEN[1:]]
    meters = [{"uscc": one, "reference": f"3310{place}", "amount": 800_000} for place, one in enumerate(TEN)]
    year = files(directory=directory, tax=taxes, parcels=[*holds(A), *parcels], meters=meters)
    walk(people.operator).uploads(year)
    walk(people.city).opens("/incentives/").presses("开始测算")
    work()
    case, best = by_hand(land, "工业用地转让"), TEN[-1]
    deal = {"kind": "whole", "contract_allows": "是", "standard_land": "否"}
    agencies = ("development_reform", "ecology", "market_regulation", "emergency")
    land.steps(case, "受理整宗转让", buyer=B, **deal)
    for agency in agencies:
        walk(people.clerks[agency]).answers(case, "不符合" if agency == "ecology" else "符合")
    county.opens(case).sees("须全部答复“符合”")
    county.steps(case, "不符合，更换受让人", "环保不达标").sees("受理")
    land.steps(case, "受理整宗转让", buyer=best, **deal)
    for agency in agencies:
        walk(people.clerks[agency]).answers(case, "符合")
    meets = {f"buyer_meets_{one}": "是" for one in ("energy", "environment", "quality", "safety")}
    county.steps(case, "受让人符合，签约登记", **meets)
    county.steps(case, "提请登记核验")
    land.answers(case, "完成", "已登记")
    county.tries(case, "转移登记，销号").sees("列入以来没有这宗地的宗地数据")
    land.uploads(files(parcels=holds(best)))
    county.steps(case, "转移登记，销号").sees("2022 年度宗地表中使用权人为受让人")
