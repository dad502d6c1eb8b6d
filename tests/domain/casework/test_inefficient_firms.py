"""高耗低效企业 from entry to exit, and everything that must not be possible on the way."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, B, C, firms
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from lowfirms import delivered

from fenghuang.domain.casework import actions, code, planning, queries, settings
from fenghuang.domain.casework.code import finder_of
from fenghuang.domain.casework.models import Case, Measure
from fenghuang.law.registers import register
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused, Stale

pytestmark = pytest.mark.django_db
NAME = "inefficient_firms"
MONDAY = date(2023, 3, 6)
PROOF = Proof("证明.pdf", b"%PDF-1.7 x")
LEGALITY = ("emergency", "ecology", "development_reform", "market_regulation")
ACCEPTANCE = ("economy", "development_reform", "natural_resources", "tax")


def entered(actor: Any = None) -> Case:
    search = finder_of(register(NAME))(None)
    return actions.enter(actor, NAME, search.found[0], recording=search.recording, today=MONDAY)


def to_planning(case: Case, people: SimpleNamespace) -> Case:
    actions.move(people.township, case.pk, "verify", today=MONDAY)
    for agency in LEGALITY:
        actions.answer(people.clerks[agency], case.pk, agency, "lawful", "现场检查合法")
    return actions.move(people.county, case.pk, "all_lawful", today=MONDAY)


def to_acceptance(case: Case, people: SimpleNamespace) -> Case:
    to_planning(case, people)
    measure = planning.Item("更新注塑设备", date(2023, 6, 30), "economy")
    planning.write(
        people.township, case.pk, version=None, problem="设备老旧", aim="亩均税收达标", today=MONDAY,
        figures={"land_freed_mu": "2.5", "tax_rise": "500000"}, measures=[measure],
    )  # fmt: skip
    actions.move(people.county, case.pk, "approve_plan", fields={"way": "upgrade"}, today=MONDAY)
    planning.done(people.clerks["economy"], case.plan.measures.get().pk, note="已投产", today=date(2023, 6, 1))
    return actions.move(
        people.township, case.pk, "ask_acceptance", documents={"完成情况报告": PROOF}, today=date(2023, 6, 2)
    )


def accepted(case: Case, people: SimpleNamespace, last: str = "met") -> None:
    for agency in ACCEPTANCE:
        actions.answer(people.clerks[agency], case.pk, agency, last if agency == "tax" else "met", "验收通过")


def test_the_facts_say_who_is_found(low: Any) -> None:
    found = finder_of(register(NAME))(None)
    assert [one.subject for one in found.found] == [A]
    assert found.recording == low
    assert [one.subject for one in found.unknown] == []
    assert found.found[0].facts["year"] == 2022


def test_who_is_not_known_is_told_apart(deliver: Any) -> None:
    delivered(deliver, 2022, a=200, b=20, c=2000)  # no year before: whether two years running is not known
    found = finder_of(register(NAME))(None)
    assert found.found == []
    assert sorted(one.subject for one in found.unknown) == sorted([A, B])
    assert "还不知道" in found.unknown[0].why


def test_from_entry_to_exit(low: Any, people: SimpleNamespace, deliver: Any) -> None:
    case = entered(people.county)
    to_acceptance(case, people)
    accepted(case, people)
    with pytest.raises(Refused, match="列入清单之后还没有新的部门数据"):
        actions.move(people.county, case.pk, "strike_off", today=date(2023, 7, 3))
    delivered(deliver, 2023, a=201, b=200, c=2000)
    done = actions.move(people.county, case.pk, "strike_off", today=date(2023, 7, 3))
    assert (done.state, done.is_open, done.holder, done.due) == ("struck_off", False, "", None)
    last = done.movements.last()
    assert last is not None
    assert last.shown["year"] == 2023
    assert last.shown["rules"][0]["rule"] == "low_tax_firm"
    titles = [one.title for one in done.movements.all()]
    assert titles == [
        "列入清单", "核实属实", "全部合法，制定方案", "方案审定，开始实施", "提请验收", "达标销号",
    ]  # fmt: skip
    assert verify().ok
    struck = Event.objects.filter(subject_type="casework.case", action="casework.strike_off")
    assert [one.clause for one in struck] == ["task.1"]


def test_as_many_deliveries_running_as_the_city_sets(low: Any, people: SimpleNamespace, deliver: Any) -> None:
    case = entered()
    to_acceptance(case, people)
    accepted(case, people)
    with pytest.raises(Refused, match="须为 1 至 12 次，填的是 0"):
        settings.set_deliveries(people.city, NAME, "struck_off", 0, "x")
    with pytest.raises(Refused, match="请写明这一次数的依据"):
        settings.set_deliveries(people.city, NAME, "struck_off", 2, " ")
    with pytest.raises(Refused, match="不按连续交付的次数核验"):
        settings.set_deliveries(people.city, NAME, "closed", 2, "x")
    with pytest.raises(PermissionDenied):
        settings.set_deliveries(people.county, NAME, "struck_off", 2, "x")
    settings.set_deliveries(people.city, NAME, "struck_off", 2, "专班会议〔2023〕1 号")
    delivered(deliver, 2023, a=201, b=200, c=2000)
    with pytest.raises(Refused, match="须连续 2 次数据交付都达标，列入以来只有 1 次"):
        actions.move(people.county, case.pk, "strike_off")
    delivered(deliver, 2023, a=201, b=200, c=2001)  # nothing new of this firm: no further delivery of it
    with pytest.raises(Refused, match="列入以来只有 1 次"):
        actions.move(people.county, case.pk, "strike_off")
    delivered(deliver, 2023, a=200, b=200, c=2000)
    with pytest.raises(Refused, match="按 2023 年度数据仍属低亩均税收企业"):
        actions.move(people.county, case.pk, "strike_off")
    delivered(deliver, 2023, a=300, b=200, c=2000)
    with pytest.raises(Refused, match="但须连续 2 次数据交付都达标：前次按 2023 年度数据仍属低亩均税收企业"):
        actions.move(people.county, case.pk, "strike_off")
    delivered(deliver, 2023, a=301, b=200, c=2000)
    done = actions.move(people.county, case.pk, "strike_off")
    last = done.movements.last()
    assert last is not None
    assert (done.state, last.shown["year"], len(last.shown["before"])) == ("struck_off", 2023, 1)


def test_a_delivery_that_does_not_tell_is_not_one_that_failed(low: Any, people: SimpleNamespace, deliver: Any) -> None:
    case = entered()
    settings.set_deliveries(people.city, NAME, "struck_off", 2, "专班会议〔2023〕1 号")
    row = {"uscc": A, "reference": f"{A}-1", "amount": 20}
    deliver(year=2023, directory=firms(A, revenue=200_000_000, township="章安街道"), parcels=[row])
    deliver(year=2023, tax=[{"uscc": A, "tax": 3_000_000}])
    shown = code.shown("benchmark_met", case)
    assert shown.holds is None
    assert "前次2023 年度还不知道" in shown.sentence


def test_who_is_still_low_does_not_leave(low: Any, people: SimpleNamespace, deliver: Any) -> None:
    case = entered()
    to_acceptance(case, people)
    accepted(case, people)
    delivered(deliver, 2023, a=200, b=200, c=2000)
    with pytest.raises(Refused, match="仍属低亩均税收企业"):
        actions.move(people.county, case.pk, "strike_off")
    assert Case.objects.get(pk=case.pk).state == "acceptance"


def test_one_agency_that_does_not_agree_sends_it_back(low: Any, people: SimpleNamespace) -> None:
    case = entered()
    to_acceptance(case, people)
    with pytest.raises(Refused, match="还有 4 个部门没有答复"):
        actions.move(people.county, case.pk, "strike_off")
    accepted(case, people, last="not_met")
    with pytest.raises(Refused, match="须全部答复“达标”"):
        actions.move(people.county, case.pk, "strike_off")
    back = actions.move(people.county, case.pk, "not_met", reason="税收未达标")
    assert back.state == "carrying_out"
    actions.move(people.county, case.pk, "ask_acceptance", documents={"完成情况报告": PROOF})
    assert queries.asked(back).filter(answer="").count() == 4  # asked anew, the first round stays
    assert case.answers.count() == 4 + 4 + 4


def test_the_law_breaker_is_ordered_and_shut_down(low: Any, people: SimpleNamespace) -> None:
    case = entered()
    actions.move(people.township, case.pk, "verify", today=MONDAY)
    for agency in LEGALITY:
        said = "unlawful" if agency == "ecology" else "lawful"
        actions.answer(people.clerks[agency], case.pk, agency, said, "检查记录")
    with pytest.raises(Refused, match="须全部答复“合法合规”"):
        actions.move(people.county, case.pk, "all_lawful")
    fields = {"violation": "污染物超标", "rectify_until": "2023-03-03"}
    documents = {"责令整改通知": PROOF}
    with pytest.raises(Refused, match="早于今天"):
        actions.move(people.county, case.pk, "order", fields=fields, documents=documents, today=MONDAY)
    fields["rectify_until"] = "2023-03-10"
    actions.move(people.county, case.pk, "order", fields=fields, documents=documents, today=MONDAY)
    shut = {"reason": "逾期未整改", "documents": {"关停决定": PROOF}}
    with pytest.raises(Refused, match="期满次日起"):
        actions.move(people.county, case.pk, "shut_down", today=date(2023, 3, 10), **shut)
    gone = actions.move(people.county, case.pk, "shut_down", today=date(2023, 3, 11), **shut)
    actions.move(people.county, case.pk, "check_closure")
    for agency in ("economy", "market_regulation"):
        actions.answer(people.clerks[agency], case.pk, agency, "done", "已停产")
    with pytest.raises(Refused, match="没有列入之后的注销或并入登记"):
        actions.move(people.county, gone.pk, "closure_done")


@pytest.mark.parametrize("who", ["neighbour", "other_township", "auditor", "operator", "firm"])
def test_others_move_nothing(low: Any, people: SimpleNamespace, who: str) -> None:
    case = entered()
    with pytest.raises(Refused, match="由乡镇（街道）经办或县级经办办理"):
        actions.move(getattr(people, who), case.pk, "verify")
    seen = queries.cases(getattr(people, who)).exists()
    assert seen == (who in ("auditor", "operator"))


def test_an_agency_answers_for_itself_once(low: Any, people: SimpleNamespace) -> None:
    case = entered()
    actions.move(people.township, case.pk, "verify")
    with pytest.raises(PermissionDenied):
        actions.answer(people.clerks["tax"], case.pk, "ecology", "lawful", "代答")
    with pytest.raises(PermissionDenied):
        actions.answer(people.county, case.pk, "ecology", "lawful", "代答")
    actions.answer(people.clerks["ecology"], case.pk, "ecology", "lawful", "合法")
    with pytest.raises(Stale, match="一轮只能答复一次"):
        actions.answer(people.clerks["ecology"], case.pk, "ecology", "unlawful", "改口")
    one = case.answers.get(agency="ecology")
    one.answer = "unlawful"
    with pytest.raises(DatabaseError), transaction.atomic():
        one.save()


def test_a_second_open_case_is_refused(low: Any, people: SimpleNamespace) -> None:
    entered()
    with pytest.raises(Refused, match="已在“高耗低效企业”清单上"):
        entered(people.county)
    assert Case.objects.count() == 1


def test_by_hand_needs_reason_and_evidence(low: Any, people: SimpleNamespace) -> None:
    one = finder_of(register(NAME))(None).found[0]
    by_hand = {"by_hand": True, "today": MONDAY}
    with pytest.raises(Refused, match="须写明理由"):
        actions.enter(people.township, NAME, one, **by_hand)
    with pytest.raises(Refused, match="须附证明材料"):
        actions.enter(people.township, NAME, one, reason="群众举报", **by_hand)
    with pytest.raises(PermissionDenied):
        actions.enter(people.neighbour, NAME, one, reason="群众举报", proof=PROOF, **by_hand)
    case = actions.enter(people.township, NAME, one, reason="群众举报", proof=PROOF, **by_hand)
    assert case.attachments.get().title == "列入依据"


def test_who_comes_second_sees_who_was_first(low: Any, people: SimpleNamespace) -> None:
    case = entered()
    seen = case.version
    actions.move(people.township, case.pk, "verify", version=seen)
    with pytest.raises(Stale, match=r"township 已于 .* 办理过（现在是“合法性核查”）"):
        actions.move(people.county, case.pk, "verify", version=seen)


def test_a_plan_frees_no_more_than_there_is(low: Any, people: SimpleNamespace) -> None:
    case = to_planning(entered(), people)
    measure = planning.Item("腾退厂房", date(2023, 6, 30))
    told = {"version": None, "problem": "低效", "aim": "腾退", "today": MONDAY}
    with pytest.raises(Refused, match=r"腾出土地不能超过企业 2022 年度的用地面积（20.0001 亩 大于 20 亩）"):
        planning.write(people.county, case.pk, figures={"land_freed_mu": "20.0001"}, measures=[measure], **told)
    with pytest.raises(Refused, match="第 1 项措施的期限 2023-03-03 早于今天"):
        planning.write(people.county, case.pk, figures={}, measures=[planning.Item("x", date(2023, 3, 3))], **told)
    with pytest.raises(Refused, match="还没有方案"):
        actions.move(people.county, case.pk, "approve_plan", fields={"way": "upgrade"})
    planning.write(people.county, case.pk, figures={"land_freed_mu": "20"}, measures=[measure], **told)
    assert case.plan.planned == {"land_freed_mu": 200_000}
    with pytest.raises(Refused, match="请填写处置方式"):
        actions.move(people.county, case.pk, "approve_plan")
    moved = actions.move(people.county, case.pk, "approve_plan", fields={"way": "leave"})
    assert (moved.state, moved.kind) == ("carrying_out", "leave")
    with pytest.raises(Refused, match="还有 1 项措施没有完成：腾退厂房"):
        actions.move(people.county, case.pk, "ask_acceptance", documents={"完成情况报告": PROOF})


def test_a_return_gives_reason_and_document(low: Any, people: SimpleNamespace) -> None:
    case = entered()
    with pytest.raises(Refused, match="须填写理由"):
        actions.move(people.county, case.pk, "strike_as_wrong")
    with pytest.raises(Refused, match="须附：核实材料"):
        actions.move(people.county, case.pk, "strike_as_wrong", reason="数据有误")
    with pytest.raises(Refused, match="由县级经办办理"):
        actions.move(people.township, case.pk, "strike_as_wrong", reason="x", documents={"核实材料": PROOF})
    ended = actions.move(people.county, case.pk, "strike_as_wrong", reason="数据有误", documents={"核实材料": PROOF})
    assert ended.ended_on
    with pytest.raises(Refused, match="重新办理须填写理由"):
        actions.reopen(people.county, case.pk, version=None, reason="")
    again = actions.reopen(people.county, case.pk, version=None, reason="复核后仍应整治")
    assert (again.state, again.is_open) == ("found", True)


def test_what_was_done_is_never_changed(low: Any, people: SimpleNamespace) -> None:
    case = entered()
    for row in (case.movements.get(),):
        row.title = "x"
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).delete()


def test_what_was_settled_stays_as_it_was(low: Any, people: SimpleNamespace) -> None:
    case = to_acceptance(entered(), people)
    measure, plan = case.plan.measures.get(), case.plan
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(done_on=date(2023, 5, 1))
    for row in (measure, plan):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()


def test_a_clerk_sees_the_registers_of_the_agency(low: Any, people: SimpleNamespace) -> None:
    case = entered()
    assert C not in {one.subject for one in queries.cases(people.clerks["tax"])}
    assert list(queries.cases(people.clerks["tax"])) == [case]
    assert list(queries.waiting(people.clerks["ecology"])) == []
    assert list(queries.waiting(people.township)) == [case]
    actions.move(people.township, case.pk, "verify")
    assert list(queries.waiting(people.clerks["ecology"])) == [case]
    assert list(queries.waiting(people.clerks["tax"])) == []
    actions.answer(people.clerks["ecology"], case.pk, "ecology", "lawful", "合法")
    assert list(queries.waiting(people.clerks["ecology"])) == []
