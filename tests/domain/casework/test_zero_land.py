"""“零增地”技改项目: every decision of art.1 to 6 falls where its rule says; the end is what the land registry says."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, firms
from lowfirms import HERE

from fenghuang.domain.casework import actions, alarms, parts
from fenghuang.domain.casework.code import Found
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry.models import Firm, Recording
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

pytestmark = pytest.mark.django_db
PROOF = Proof("证明.pdf", b"%PDF-1.7 x")
ALL = ("economy", "development_reform", "natural_resources", "construction", "ecology")
DAY = date(2022, 12, 1)
APPROVED = {"approved_on": "2022-11-30", "building_count": "2", "work_class": "ordinary", "adds_storey": "否"}


@pytest.fixture
def case(deliver: Any, people: SimpleNamespace) -> Case:
    deliver(directory=firms(A, township="章安街道"))
    firm = Firm.objects.get(uscc=A)
    found = Found("P-1", "厂房加层改造", firm, HERE, "章安街道", "乡镇排摸")
    return actions.enter(
        people.county, "zero_land_projects", found, by_hand=True, reason="排摸", proof=PROOF,
        recording=Recording.latest(), today=DAY,
    )  # fmt: skip


def admit(case: Case, people: SimpleNamespace, category: str = "permitted", moving: str = "否") -> Case:
    fields = {"category": category, "to_be_relocated_soon": moving}
    return actions.move(people.county, case.pk, "admit", fields=fields, today=DAY)


def approve(case: Case, people: SimpleNamespace, **more: str) -> Case:
    admit(case, people)
    for agency in ALL:
        clerk = people.clerks.get(agency)
        actions.answer(clerk, case.pk, agency, "agree", "同意")
    fields = {**APPROVED, "has_legacy": "否", **more}
    return actions.move(people.county, case.pk, "approve", fields=fields, documents={"备案承诺书": PROOF}, today=DAY)


def build(case: Case, people: SimpleNamespace, **more: str) -> Case:
    approve(case, people, **more)
    return actions.move(
        people.township, case.pk, "start", fields={"started_on": "2023-02-28"}, documents={"开工证明": PROOF},
        today=date(2023, 3, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("category", "moving", "sentence"),
    [
        ("eliminated", "否", "不符合：产业类别"),
        ("restricted", "否", "不符合：产业类别"),
        ("encouraged", "是", "不符合"),
    ],
)
def test_who_is_not_admitted(case: Case, people: SimpleNamespace, category: str, moving: str, sentence: str) -> None:
    with pytest.raises(Refused, match="不能“准入"):
        admit(case, people, category, moving)
    assert Case.objects.get(pk=case.pk).state == "admission"


def test_three_months_to_start_from_the_approval(case: Case, people: SimpleNamespace) -> None:
    waiting = approve(case, people)
    assert (waiting.state, waiting.due) == ("not_started", date(2023, 2, 28))
    records = waiting.movements.last().shown["rules_asked"]  # type: ignore[union-attr]
    said = {one["rule"]: one["outputs"] for one in records}
    assert said["drawing_review"]["review"] == "after_permit"
    assert said["phased_acceptance"]["phased_acceptance_allowed"] is True
    assert alarms.run(date(2023, 2, 28)).overdue == 0
    assert alarms.run(date(2023, 3, 1)).overdue == 1


def test_the_start_on_the_last_day_is_in_time(case: Case, people: SimpleNamespace) -> None:
    started = build(case, people)
    outputs = started.movements.last().shown["rules_asked"][0]["outputs"]  # type: ignore[union-attr]
    assert outputs["started_in_time"] is True


def test_fees_and_fragments_are_decided_by_their_rules(case: Case, people: SimpleNamespace) -> None:
    build(case, people)
    yes = dict.fromkeys(("land_use_unchanged", "rules_met", "far_and_intensity_raised", "own_production"), "是")
    done = actions.move(people.county, case.pk, "decide_fees", fields=yes)
    assert done.state == "building"
    assert done.movements.last().shown["rules_asked"][0]["outputs"] == {"fees_exempt": True}  # type: ignore[union-attr]
    fragments = {
        "fragment_area_mu": "4.0001", "original_area_mu": "20", "far_before": "1", "far_after": "1.2",
        "upgrade_floor_area_m2": "100", "total_floor_area_after_m2": "10000", "industry_encouraged": "是",
        "planning_compliant": "是", "county_agreed": "是", "assessed_price": "3000000",
    }  # fmt: skip
    documents = {"土地使用者申请": PROOF, "评估报告": PROOF}
    with pytest.raises(Refused, match="不能“一并开发零星地块”"):
        actions.move(people.county, case.pk, "join_fragments", fields=fragments, documents=documents)
    fragments["fragment_area_mu"] = "4"
    actions.move(people.county, case.pk, "join_fragments", fields=fragments, documents=documents)


def test_from_entry_to_certificate(case: Case, people: SimpleNamespace, deliver: Any) -> None:
    build(case, people)
    finish = {"documents": {"竣工报告": PROOF}}
    with pytest.raises(Refused, match="还没有登记建筑物"):
        actions.move(people.township, case.pk, "finish", **finish)
    one = parts.add(people.township, case.pk, "building", "1 幢", fields={"floor_area": "3000"})
    with pytest.raises(Refused, match="须附：分幢验收意见"):
        parts.settle(people.clerks["construction"], one.pk, "合格")
    with pytest.raises(Refused, match="由市建设局或县级经办办理"):
        parts.settle(people.clerks["tax"], one.pk, "合格", proof=PROOF)
    parts.settle(people.clerks["construction"], one.pk, "合格", proof=PROOF)
    with pytest.raises(Refused, match="审批的幢数是 2，登记的建筑物有 1 幢"):
        actions.move(people.township, case.pk, "finish", **finish)
    other = parts.add(people.township, case.pk, "building", "2 幢", fields={"floor_area": "3000"})
    with pytest.raises(Refused, match="还有 1 项没有“分幢验收合格”：2 幢"):
        actions.move(people.township, case.pk, "finish", **finish)
    parts.settle(people.clerks["construction"], other.pk, "合格", proof=PROOF)
    actions.move(people.township, case.pk, "finish", **finish)
    for agency in ("construction", "natural_resources", "ecology", "economy"):
        actions.answer(people.clerks[agency], case.pk, agency, "passed", "合格")
    with pytest.raises(Refused, match="还没有项目“竣工”的日期"):
        actions.move(people.county, case.pk, "certify")
    milestone = {"code": "P-1", "uscc": A, "milestone": "竣工", "actual": "2023-09-30"}
    building = {"uscc": A, "reference": "R1", "floor_area": 3000, "certified_area": 3000, "completed": "2023-09-30"}
    parcels = [{"uscc": A, "reference": "R1", "amount": 10}]
    first = [{**building, "building": "1"}]
    deliver(year=2023, directory=firms(A), parcels=parcels, milestones=[milestone], buildings=first)
    with pytest.raises(Refused, match="竣工并已办证的有 1 幢，项目共 2 幢"):
        actions.move(people.county, case.pk, "certify")
    both = [{**building, "building": number} for number in ("1", "2")]
    deliver(year=2023, buildings=both)
    assert actions.move(people.county, case.pk, "certify").state == "certified"


def test_legacy_defects_are_settled_in_step(case: Case, people: SimpleNamespace) -> None:
    build(case, people, has_legacy="是")
    for number in ("1 幢", "2 幢"):
        one = parts.add(people.county, case.pk, "building", number, fields={"floor_area": "3000"})
        parts.settle(people.county, one.pk, "合格", proof=PROOF)
    actions.move(people.county, case.pk, "finish", documents={"竣工报告": PROOF})
    for agency in ("construction", "natural_resources", "ecology", "economy"):
        actions.answer(people.clerks[agency], case.pk, agency, "passed", "合格")
    with pytest.raises(Refused, match="历史遗留问题是否同步解决还不知道"):
        actions.move(people.county, case.pk, "certify")
