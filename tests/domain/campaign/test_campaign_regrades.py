"""Objections, regrades by decision, what a rescoring changed, a method tried before it is adopted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from campaigns import LATER, MONDAY, begun, carried

from fenghuang.domain.campaign import actions, objecting, queries
from fenghuang.domain.campaign.models import Campaign, Grade, Objection, Regrade
from fenghuang.domain.registry.models import Firm
from fenghuang.law.methods.reading import find_method, from_document
from fenghuang.platform.audit.log import verify
from fenghuang.platform.evidence import MOST, Proof, Unfit, proof
from fenghuang.platform.refusals import Refused, Stale

PDF = proof("批复.pdf", b"%PDF-1.7 ...")


def decided(campaign: Campaign, uscc: str, kind: str, to: str = "", **more: Any) -> Regrade:
    given: dict[str, Any] = {
        "reason": "关键技术攻关",
        "clause": "本地办法第六条",
        "document": "台经信〔2023〕9 号",
        "proof": PDF,
    }
    return objecting.regrade(None, campaign.pk, Firm.objects.get(uscc=uscc), kind=kind, to=to, **{**given, **more})


def grade(campaign: Campaign, uscc: str) -> Grade:
    return Grade.objects.select_related("scoring", "firm").get(scoring=campaign.scorings.first(), firm__uscc=uscc)


@pytest.mark.parametrize(
    ("place", "kind", "to", "initial", "final"),
    [
        (4, "fix", "D", "B", "D"),
        (4, "promote", "", "B", "A"),
        (4, "demote", "C", "B", "C"),
        (9, "not_below", "B", "D", "B"),
    ],
)
def test_a_regrade_changes_the_final_grade_and_leaves_the_initial_one(ten, place, kind, to, initial, final) -> None:
    campaign = carried(begun(), "close_objections")
    decided(campaign, ten[place], kind, to)
    campaign = actions.advance(None, campaign.pk, "reconcile", today=LATER)
    found = grade(campaign, ten[place])
    assert (found.initial, found.final) == (initial, final)
    assert "台经信〔2023〕9 号" in found.chain[0]
    record = queries.why(found)
    assert record.outputs["grade"] == final
    assert any("关键技术攻关" in step.title or "关键技术攻关" in str(step) for step in record.steps)
    others = Grade.objects.filter(scoring=found.scoring).exclude(pk=found.pk)
    assert all(one.initial == one.final for one in others)


def test_a_regrade_counts_from_the_next_scoring_and_that_is_asked_for(ten) -> None:
    campaign = carried(begun(), "to_scoring")
    decided(campaign, ten[4], "promote")
    with pytest.raises(Refused, match="请重新计分"):
        actions.advance(None, campaign.pk, "publicise", today=MONDAY)
    made = actions.rescore(None, campaign.pk)
    [change] = queries.changes(made)
    assert (change.uscc, change.before["final"], change.after["final"]) == (ten[4], "B", "A")
    assert change.why == ["调档：关键技术攻关（台经信〔2023〕9 号）"]


def test_two_officials_see_both_values(ten) -> None:
    campaign = carried(begun(), "to_scoring")
    first = decided(campaign, ten[4], "promote", reason="甲说")
    with pytest.raises(Stale, match=r"现在是：提档：甲说.*您要改为：降档：乙说"):
        decided(campaign, ten[4], "demote", reason="乙说")
    second = decided(campaign, ten[4], "demote", reason="乙说", seen=first.pk)
    assert list(Regrade.objects.filter(withdrawn_at__isnull=True)) == [second]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "理由"),
        ({"clause": ""}, "依据条款"),
        ({"document": ""}, "文件编号"),
        ({"proof": None}, "证明材料"),
    ],
)
def test_a_regrade_needs_reason_clause_document_and_proof(ten, change, words) -> None:
    with pytest.raises(Refused, match=words):
        decided(carried(begun(), "to_scoring"), ten[4], "promote", **change)
    assert not Regrade.objects.exists()


def test_a_withdrawn_regrade_no_longer_counts(ten) -> None:
    campaign = carried(begun(), "to_scoring")
    one = decided(campaign, ten[4], "promote")
    actions.rescore(None, campaign.pk)
    objecting.withdraw(None, one, "文件作废")
    assert queries.changes(actions.rescore(None, campaign.pk))[0].why == ["撤销调档"]
    assert grade(campaign, ten[4]).final == "B"
    assert verify().ok


def test_a_corrected_fact_says_so_and_moves_others_by_rank(ten, deliver) -> None:
    campaign = carried(begun(), "to_scoring")
    deliver(tax=[{"uscc": ten[9], "tax": 5_000_000}])
    found = {one.uscc: one for one in queries.changes(actions.rescore(None, campaign.pk))}
    assert found[ten[9]].why == ["评价税收有更正"], "no figure of a tax"
    assert (found[ten[9]].before["final"], found[ten[9]].after["final"]) == ("D", "A")
    assert found[ten[1]].why == ["其他企业的变动改变了名次或平均值"]


# --- objections


def objected(campaign: Campaign, uscc: str, today: date, item: str = "land_mu", given: Proof | None = PDF) -> Objection:
    firm = Firm.objects.get(uscc=uscc)
    return objecting.file_objection(None, campaign.pk, firm, item, "用地多算 2 亩", given, today)


def test_an_objection_is_taken_until_the_last_day_and_not_after(ten) -> None:
    campaign = carried(begun(), "publicise")
    objected(campaign, ten[3], date(2023, 3, 13))
    with pytest.raises(Refused, match="公示期已于 2023-03-13 截止"):
        objected(campaign, ten[4], date(2023, 3, 14))
    with pytest.raises(Refused, match="证明材料"):
        objected(campaign, ten[4], MONDAY, given=None)
    with pytest.raises(Refused, match="只在公示期内"):
        objected(begun("331003"), ten[4], MONDAY)


def test_a_flood_of_objections_is_refused_until_some_are_answered(ten, monkeypatch) -> None:
    monkeypatch.setattr(objecting, "MOST_PENDING", 2)
    campaign = carried(begun(), "publicise")
    first, _ = objected(campaign, ten[3], MONDAY), objected(campaign, ten[3], MONDAY, item="other")
    with pytest.raises(Refused, match="已有 2 件异议待处理"):
        objected(campaign, ten[3], MONDAY)
    assert objected(campaign, ten[4], MONDAY).state == "pending"
    objecting.answer(None, first, "returned", "不动产登记为 10 亩")
    assert objected(campaign, ten[3], MONDAY).state == "pending"


def test_every_objection_is_answered_before_the_campaign_goes_on(ten) -> None:
    campaign = carried(begun(), "publicise")
    one = objected(campaign, ten[3], MONDAY)
    actions.advance(None, campaign.pk, "close_objections", today=LATER)
    with pytest.raises(Refused, match="还有 1 件"):
        actions.advance(None, campaign.pk, "reconcile", today=LATER)
    with pytest.raises(Refused, match="处理意见"):
        objecting.answer(None, one, "returned", " ")
    objecting.answer(None, one, "returned", "不动产登记为 10 亩")
    with pytest.raises(Stale, match="不动产登记为 10 亩"):
        objecting.answer(None, one, "accepted", "同意")
    actions.advance(None, campaign.pk, "reconcile", today=LATER)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("脚本.html", b"<script>", "请用 PDF"),
        ("假.pdf", b"<script>", "不是 PDF"),
        ("空.png", b"", "空文件"),
        ("大.pdf", b"%PDF-" + b"0" * MOST, "最大 10 MB"),
    ],
)
def test_files_that_prove_nothing_are_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(Unfit, match=words):
        proof(name, content)


# --- a method before it is adopted


def test_a_method_is_tried_on_last_years_data(ten) -> None:
    campaign = begun(year=2023)
    document: Any = find_method("huangyan-2022").document
    scopes = [dict(scope) for scope in document["scopes"]]
    scopes[1]["grades"] = {"A": "50", "B": "80", "C": "95", "D": "100"}
    found = queries.trial(campaign, from_document({**document, "scopes": scopes}))
    assert found is not None
    assert (found.year, found.firms) == (2022, 10)
    assert (found.before["A"], found.after["A"]) == (2, 5)
    assert [(uscc, old, new) for uscc, _, old, new in found.moved] == [(c, "B", "A") for c in ten[2:5]]
    assert queries.trial(begun(year=2021), from_document(document)) is None
