"""宗地: idle land by the dates of its rule, notices, transfers, terms, agreements; the land list says who leaves."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, B, firms
from lowfirms import HERE

from fenghuang.domain.casework import actions, parts
from fenghuang.domain.casework.code import Found, finder_of
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry.models import Firm, Recording
from fenghuang.law.registers import register
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

pytestmark = pytest.mark.django_db
PROOF = Proof("证明.pdf", b"%PDF-1.7 x")
DAY = date(2023, 3, 1)
AGENCIES = ("natural_resources", "development_reform", "economy")


@pytest.fixture
def land(deliver: Any) -> None:
    contract = {"uscc": A, "reference": "R1", "right": "出让", "area": 10, "start": "2013-01-01", "end": "2024-06-30",
                "standard": "是", "agreed_tax": 20}  # fmt: skip
    parcels = [{"uscc": A, "reference": "R1", "amount": 10}]
    deliver(directory=firms(A, B, township="章安街道"), parcels=parcels, contracts=[contract])


def entered(name: str, people: SimpleNamespace) -> Case:
    found = Found("R1", "R1（企业）", Firm.objects.get(uscc=A), HERE, "章安街道", "")
    return actions.enter(
        people.county, name, found, by_hand=True, reason="巡查", proof=PROOF, recording=Recording.latest(), today=DAY
    )


def identified(people: SimpleNamespace, start: str, caused: str = "否") -> Case:
    case = entered("idle_land", people)
    fields = {"agreed_start_on": start, "government_caused": caused, "land_price": "5000000"}
    clerk = people.clerks["natural_resources"]
    return actions.move(clerk, case.pk, "identify", fields=fields, documents={"闲置土地认定书": PROOF}, today=DAY)


@pytest.mark.parametrize(
    ("start", "caused", "step", "document"),
    [
        ("2022-03-01", "否", "charge", "征缴决定书"),  # one year to the day
        ("2021-03-02", "否", "charge", "征缴决定书"),  # one day short of two years
        ("2021-03-01", "否", "recover", "收回决定书"),  # two years to the day
        ("2022-03-02", "否", "urge", "处置方案"),  # one day short of one year
        ("2021-03-01", "是", "extend", "处置方案"),
    ],
)
def test_the_dates_decide_what_follows(
    land: None, people: SimpleNamespace, start: str, caused: str, step: str, document: str
) -> None:
    case = identified(people, start, caused)
    ways = {"extend": "处置方案", "charge": "征缴决定书", "recover": "收回决定书", "urge": "处置方案"}
    labels = {"extend": "extend", "charge": "fee", "recover": "recover", "urge": "none"}
    for name, paper in ways.items():
        fields = {"measure": labels[name]} | ({} if name == "recover" else {"until": "2023-12-31"})
        if name != step:
            with pytest.raises(Refused, match="不能“"):
                actions.move(people.county, case.pk, name, fields=fields, documents={paper: PROOF}, today=DAY)
    fields = {"measure": labels[step]} | ({} if step == "recover" else {"until": "2023-12-31"})
    done = actions.move(people.county, case.pk, step, fields=fields, documents={document: PROOF}, today=DAY)
    record = done.movements.last().shown["rules_asked"][0]  # type: ignore[union-attr]
    assert record["outputs"]["measure"] == labels[step]
    assert record["outputs"]["fee"] == (100_000_000 if step == "charge" else 0)  # 20 % of 500 万元


def test_idle_land_leaves_when_the_land_list_has_buildings(land: None, people: SimpleNamespace, deliver: Any) -> None:
    case = identified(people, "2022-03-02")
    fields = {"measure": "none", "until": "2023-12-31"}
    actions.move(people.county, case.pk, "urge", fields=fields, documents={"处置方案": PROOF}, today=DAY)
    started = {"fields": {"started_on": "2023-06-01"}, "documents": {"动工证明": PROOF}}
    actions.move(people.township, case.pk, "check_use", today=date(2023, 6, 2), **started)
    for agency in AGENCIES:
        actions.answer(people.clerks[agency], case.pk, agency, "started", "已动工")
    with pytest.raises(Refused, match="没有这宗地的建筑物"):
        actions.move(people.county, case.pk, "close_use")
    deliver(year=2023, directory=firms(A, B), parcels=[{"uscc": A, "reference": "R1", "amount": 10}],
            buildings=[{"uscc": A, "reference": "R1", "building": "1", "floor_area": 100}])  # fmt: skip
    assert actions.move(people.county, case.pk, "close_use").state == "in_use"


def test_recovery_is_shown_by_the_land_list(land: None, people: SimpleNamespace, deliver: Any) -> None:
    case = identified(people, "2021-03-01")
    actions.move(
        people.county, case.pk, "recover", fields={"measure": "recover"}, documents={"收回决定书": PROOF}, today=DAY
    )
    actions.move(people.county, case.pk, "check_recovery", documents={"注销登记材料": PROOF}, today=DAY)
    actions.answer(people.clerks["natural_resources"], case.pk, "natural_resources", "done", "已注销")
    with pytest.raises(Refused, match="列入以来没有新的宗地表"):
        actions.move(people.county, case.pk, "close_recovery")
    deliver(year=2023, directory=firms(A, B), parcels=[{"uscc": B, "reference": "R1", "amount": 10}])
    assert actions.move(people.county, case.pk, "close_recovery").state == "taken_back"


@pytest.mark.parametrize(("invested", "may"), [("2499999.99", False), ("2500000.00", True)])
def test_title_moves_at_a_quarter(land: None, people: SimpleNamespace, deliver: Any, invested: str, may: bool) -> None:
    case = entered("advance_notice", people)
    for agency in ("natural_resources", "economy"):
        actions.answer(people.clerks[agency], case.pk, agency, "agree", "同意")
    fields = {
        "buyer": B, "is_inefficient_land": "是", "invested": "1000000", "total_investment": "10000000",
        "line_agency_approved": "是", "county_agreed": "是", "contract_forbids": "否",
    }  # fmt: skip
    with pytest.raises(Refused, match="不能“同意"):
        actions.move(people.county, case.pk, "agree", fields={**fields, "contract_forbids": "是"}, today=DAY)
    actions.move(people.county, case.pk, "agree", fields=fields, today=DAY)
    told = {"certificate": "预告〔2023〕1 号", "in_force_until": "2024-12-31"}
    documents = {"附条件转让合同": PROOF, "预告登记证明": PROOF}
    done = actions.move(people.county, case.pk, "register", fields=told, documents=documents, today=DAY)
    assert (done.state, done.due) == ("in_force", date(2024, 12, 31))
    check = {"fields": {"invested": invested}, "documents": {"投资证明": PROOF}, "today": DAY}
    if not may:
        with pytest.raises(Refused, match="不能“提请转移登记”"):
            actions.move(people.county, case.pk, "check", **check)
        return
    actions.move(people.county, case.pk, "check", **check)
    actions.answer(people.clerks["natural_resources"], case.pk, "natural_resources", "reached", "达到")
    deliver(year=2023, directory=firms(A, B), parcels=[{"uscc": B, "reference": "R1", "amount": 10}])
    assert actions.move(people.county, case.pk, "transfer").state == "transferred"


def test_a_split_obeys_its_article(land: None, people: SimpleNamespace) -> None:
    case = entered("land_transfers", people)
    yes = ("completed_and_in_production", "whole_buildings", "planning_fire_environment_met", "contract_allows")
    no = ("is_industrial_real_estate", "splits_supporting_land", "was_split_before", "was_merged_before")
    fields = {"kind": "split", "buyer": B, "parcel_count": "3", "smallest_parcel_mu": "9.9999", "standard_land": "是"}
    fields |= dict.fromkeys(yes, "是") | dict.fromkeys(no, "否")
    with pytest.raises(Refused, match="不能“受理分割转让”"):
        actions.move(people.county, case.pk, "accept_split", fields=fields, today=DAY)
    actions.move(people.county, case.pk, "accept_split", fields={**fields, "smallest_parcel_mu": "10"}, today=DAY)
    for agency in ("development_reform", "ecology", "market_regulation", "emergency"):
        actions.answer(people.clerks[agency], case.pk, agency, "meets", "符合")
    meets = {f"buyer_meets_{one}": "是" for one in ("energy", "environment", "quality", "safety")}
    with pytest.raises(Refused, match="还不知道"):  # nobody evaluated the buyer
        actions.move(people.county, case.pk, "approve", fields=meets, today=DAY)


def test_standard_land_is_found_and_its_indicators_accepted_one_by_one(
    land: None, people: SimpleNamespace, deliver: Any
) -> None:
    search = finder_of(register("standard_land"))(None)
    assert [one.subject for one in search.found] == ["R1"]
    case = actions.enter(people.county, "standard_land", search.found[0], recording=search.recording, today=DAY)
    begin = {"fields": {"agreed_until": "2024-12-31"}, "documents": {"投资监管协议": PROOF}, "today": DAY}
    with pytest.raises(Refused, match="还没有登记协议指标"):
        actions.move(people.county, case.pk, "supervise", **begin)
    one = parts.add(people.county, case.pk, "indicator", "亩均税收", fields={"agreed": "20 万元/亩"}, today=DAY)
    actions.move(people.county, case.pk, "supervise", **begin)
    with pytest.raises(Refused, match="还有 1 项没有“验收通过”"):
        actions.move(people.county, case.pk, "ask", today=DAY)
    parts.settle(people.clerks["economy"], one.pk, "达到", proof=PROOF)
    actions.move(people.county, case.pk, "ask", today=DAY)
    for agency in AGENCIES:
        actions.answer(people.clerks[agency], case.pk, agency, "met", "达到")
    parcels = [{"uscc": A, "reference": "R1", "amount": 10}]
    deliver(year=2023, directory=firms(A, B), parcels=parcels, tax=[{"uscc": A, "tax": 1_999_999.99}])
    with pytest.raises(Refused, match=r"199999.99 元/亩，协议约定 200000"):
        actions.move(people.county, case.pk, "met")
    deliver(year=2023, tax=[{"uscc": A, "tax": 2_000_000}])
    assert actions.move(people.county, case.pk, "met").state == "met"


def test_a_term_that_ends_is_found(land: None, people: SimpleNamespace) -> None:
    assert [one.subject for one in finder_of(register("land_renewal"))(HERE).found] == ["R1"]
    assert finder_of(register("land_renewal"))("331003").found == []
