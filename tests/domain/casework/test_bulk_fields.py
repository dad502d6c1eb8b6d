"""A step with fields for many cases: the same values for all, looked at case by case, each done whole or not at all."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from fenghuang.domain.casework import actions, bulk, jobs, planning
from fenghuang.domain.casework.code import Found
from fenghuang.domain.casework.models import Case, Movement
from fenghuang.law.registers import register
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event
from fenghuang.platform.jobs.models import Job

pytestmark = pytest.mark.django_db
NAME, STATE, STEP = "inefficient_firms", "planning", "approve_plan"
ADDRESS = f"/cases/registers/{NAME}/bulk"
LEGALITY = ("emergency", "ecology", "development_reform", "market_regulation")


def planned(people: SimpleNamespace, count: int, without: int = 0) -> list[Case]:
    """Cases in 制定方案; the last ones without a plan."""
    cases = [
        actions.enter(None, NAME, Found(f"S{number:03d}", f"企业{number}", None, "331002", "章安街道", "测"))
        for number in range(count)
    ]
    for number, case in enumerate(cases):
        actions.move(None, case.pk, "verify")
        for agency in LEGALITY:
            actions.answer(people.clerks[agency], case.pk, agency, "lawful", "合法")
        actions.move(None, case.pk, "all_lawful")
        if number < count - without:
            measure = planning.Item("更新设备", date(2999, 6, 30))
            planning.write(
                None, case.pk, version=None, problem="设备老旧", aim="达标", figures={}, measures=[measure]
            )  # fmt: skip
    return list(Case.objects.order_by("pk"))


def sent(cases: list[Case], **more: str) -> dict[str, Any]:
    versions = {f"version-{one.pk}": one.version for one in cases}
    return {"state": STATE, "step": STEP, "case": [one.pk for one in cases], **versions, **more}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_each_case_is_looked_at_and_nothing_is_changed(people: SimpleNamespace, as_user: Any) -> None:
    cases, client = planned(people, 3, without=1), as_user(people.county)
    before = Event.objects.count(), list(Case.objects.values_list("state", "version", "fields"))
    page = text(client.post(ADDRESS, sent(cases, look="1", **{"f-way": "upgrade"})))
    assert "2 件可以办理，1 件不能" in page
    assert "改造提升" in page
    assert page.count("转入“方案实施”") == 2
    assert "还没有方案：请写明存在问题" in page
    assert (Event.objects.count(), list(Case.objects.values_list("state", "version", "fields"))) == before


def test_all_take_the_same_values_and_each_has_its_event(people: SimpleNamespace, as_user: Any) -> None:
    cases, client = planned(people, 3, without=1), as_user(people.county)
    page = text(client.post(ADDRESS, sent(cases, **{"f-way": "upgrade"}), follow=True))
    assert "已办理 2 件" in page
    assert "企业2：还没有方案" in page
    assert [one.fields.get("way") for one in Case.objects.order_by("pk")] == ["upgrade", "upgrade", None]
    events = Event.objects.filter(action=f"casework.{STEP}", actor=people.county)
    assert [one.after["fields"] for one in events] == [{"way": "upgrade"}] * 2
    assert verify().ok


@pytest.mark.parametrize(
    ("typed", "sentence"), [({}, "请填写处置方式"), ({"f-way": "炸毁"}, "炸毁"), ({"f-violation": "x"}, "这一步不填")]
)
def test_what_no_case_could_take_comes_back_as_it_was_typed(
    people: SimpleNamespace, as_user: Any, typed: dict[str, str], sentence: str
) -> None:
    cases = planned(people, 2)
    answer = as_user(people.county).post(ADDRESS, {**sent(cases[:1], look="1"), **typed})
    page = text(answer)
    assert (answer.status_code, sentence in page) == (422, True)
    assert page.count("checked") == 1  # the other one was not ticked
    assert set(Case.objects.values_list("state", flat=True)) == {STATE}


def test_who_was_overtaken_is_told(people: SimpleNamespace, as_user: Any) -> None:
    cases, client = planned(people, 2), as_user(people.county)
    given = sent(cases, **{"f-way": "upgrade"})
    actions.move(None, cases[0].pk, STEP, fields={"way": "park"})
    planning.write(
        None, cases[1].pk, version=None, problem="改写", aim="达标", figures={},
        measures=[planning.Item("另一项", date(2999, 1, 1))],
    )  # fmt: skip
    page = text(client.post(ADDRESS, given, follow=True))
    assert "有 1 件已由他人办理" in page
    assert "您的操作没有执行" in page  # the plan that the county looked at is another one now
    assert Case.objects.get(pk=cases[0].pk).fields["way"] == "park"
    assert Case.objects.get(pk=cases[1].pk).state == STATE


def test_many_with_fields_are_a_job(people: SimpleNamespace, as_user: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    planned(people, 3)
    as_user(people.county).post(ADDRESS, {"state": STATE, "step": STEP, "all": "1", "f-way": "park"})
    job = Job.objects.get()
    assert jobs.run_move(job, **job.arguments) == {"done": 3, "refused": 0}
    assert {one.fields["way"] for one in Case.objects.all()} == {"park"}


def test_killed_in_the_middle_each_is_done_whole_or_not_at_all(people: SimpleNamespace, monkeypatch: Any) -> None:
    cases = planned(people, 4)
    seen = {one.pk: one.version for one in cases}
    recorded, written = actions.record, []

    def dies(*args: Any, **more: Any) -> None:
        written.append(1)
        if len(written) == 3:
            raise KeyboardInterrupt
        recorded(*args, **more)

    monkeypatch.setattr(actions, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        bulk.move_each(people.county, seen, STEP, "", fields={"way": "park"})
    monkeypatch.undo()
    assert [one.fields.get("way") for one in Case.objects.order_by("pk")] == ["park", "park", None, None]
    assert Movement.objects.filter(step=STEP).count() == Event.objects.filter(action=f"casework.{STEP}").count() == 2
    assert bulk.move_each(people.county, seen, STEP, "", fields={"way": "park"}).done == 2


def test_what_asks_for_documents_is_taken_one_by_one() -> None:
    declared = register(NAME)
    offered = {
        state.name: [step.name for step in bulk.bulk_steps(declared, state.name)] for state in declared.open_states
    }
    assert offered["legality"] == ["all_lawful"]  # 责令限期整改 has a notice of its own for each firm
    assert offered["planning"] == [STEP]
