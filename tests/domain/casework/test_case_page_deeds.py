"""What people do on the pages: by their offices from screening to the exit, and what comes back when it cannot be."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A
from lowfirms import delivered
from test_case_pages import OF_REGISTER, a_file, text
from test_inefficient_firms import ACCEPTANCE, LEGALITY, NAME, entered, to_acceptance

from fenghuang.domain.casework import actions, bulk, jobs
from fenghuang.domain.casework.code import Found
from fenghuang.domain.casework.models import Case, Movement, Period
from fenghuang.law.registers import register
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event
from fenghuang.platform.jobs.models import Job, State
from fenghuang.platform.jobs.registry import Cancelled

pytestmark = pytest.mark.django_db


def sent(client: Any, case: Case, step: str, **more: Any) -> Any:
    case.refresh_from_db()
    return client.post(f"/cases/{case.pk}/go", {"step": step, "version": case.version, **more})


def test_the_page_offers_the_step_or_says_who_may(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    case = entered()
    page = text(as_user(people.township).get(f"/cases/{case.pk}/"))
    assert "核实属实</button>" in page
    assert "“核实不符，退出”由县级经办办理" in page
    page = text(as_user(people.auditor).get(f"/cases/{case.pk}/"))
    assert "核实属实</button>" not in page
    assert "“核实属实”由乡镇（街道）经办或县级经办办理" in page


def test_what_cannot_be_taken_comes_back_as_it_was_typed(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    case = entered()
    answer = sent(as_user(people.county), case, "strike_as_wrong", reason="数据有误，已核对")
    assert answer.status_code == 422
    assert "须附：核实材料" in text(answer)
    assert 'value="数据有误，已核对"' in text(answer)
    wrong = sent(as_user(people.county), case, "strike_as_wrong", reason="x", **{"d-0": a_file("核实.pdf", b"no")})
    assert "内容不是 PDF 文件" in text(wrong)
    case.refresh_from_db()
    assert case.is_open


def test_who_comes_second_sees_both_sides(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    case = entered()
    seen = case.version
    actions.move(people.township, case.pk, "verify")
    answer = as_user(people.county).post(
        f"/cases/{case.pk}/go", {"step": "strike_as_wrong", "version": seen, "reason": "我的理由"}
    )
    assert answer.status_code == 409
    assert "township 已于" in text(answer)
    assert "现在：“合法性核查”" in text(answer)
    assert Case.objects.get().state == "legality"


def test_from_screening_to_the_exit_by_the_proper_offices(low: Any, people: Any, as_user: Any, deliver: Any) -> None:
    as_user(people.county).post(f"{OF_REGISTER}screen", {"subject": [A], "confirmed": "1"})
    case = Case.objects.get()
    assert "还没有新的部门数据" in text(as_user(people.county).get(f"/cases/{case.pk}/"))
    sent(as_user(people.township), case, "verify")
    for agency in LEGALITY:
        given = {"agency": agency, "answer": "lawful", "words": "现场检查合法"}
        assert as_user(people.clerks[agency]).post(f"/cases/{case.pk}/answer", given).status_code == 302
    sent(as_user(people.county), case, "all_lawful")
    plan = {
        "problem": "设备老旧", "aim": "达标", "f-land_freed_mu": "2.5", "m-pk": ["", ""], "m-title": ["更新设备", ""],
        "m-agency": ["economy", ""], "m-due": ["2099-06-30", ""],
    }  # fmt: skip
    case.refresh_from_db()
    client = as_user(people.township)
    bad = client.post(f"/cases/{case.pk}/plan", {**plan, "version": case.version, "f-land_freed_mu": "99"})
    assert bad.status_code == 422
    assert "不能超过企业 2022 年度的用地面积" in text(bad)
    assert 'value="更新设备"' in text(bad)
    assert client.post(f"/cases/{case.pk}/plan", {**plan, "version": case.version}).status_code == 302
    sent(as_user(people.county), case, "approve_plan", **{"f-way": "upgrade"})
    measure = case.plan.measures.get()
    as_user(people.clerks["economy"]).post(f"/cases/measures/{measure.pk}/done", {"note": "已投产"})
    sent(as_user(people.township), case, "ask_acceptance", **{"d-0": a_file()})
    for agency in ACCEPTANCE:
        as_user(people.clerks[agency]).post(
            f"/cases/{case.pk}/answer", {"agency": agency, "answer": "met", "words": "通过"}
        )
    refused = sent(as_user(people.county), case, "strike_off")
    assert "还没有新的部门数据" in text(refused)
    delivered(deliver, 2023, a=201, b=200, c=2000)
    assert sent(as_user(people.county), case, "strike_off").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("struck_off", False)
    page = text(as_user(people.auditor).get(f"/cases/{case.pk}/"))
    for sentence in ("达标销号，转入“达标销号”", "市应急管理局答复“合法合规”", "按 2023 年度数据已不属低亩均税收企业"):
        assert sentence in page
    assert "2.5 亩" in text(as_user(people.township).get(f"/cases/{case.pk}/print"))
    assert verify().ok


def test_files_are_downloads_for_those_who_may_and_are_noted(low: Any, people: Any, as_user: Any) -> None:
    case = entered()
    to_acceptance(case, people)
    file = case.attachments.get()
    answer = as_user(people.township).get(f"/cases/files/{file.pk}/")
    assert answer.getvalue().startswith(b"%PDF")
    assert "attachment" in answer["Content-Disposition"]
    assert Event.objects.filter(action="casework.read_attachment").count() == 1
    assert as_user(people.operator).get(f"/cases/files/{file.pk}/").status_code == 403
    assert as_user(people.other_township).get(f"/cases/files/{file.pk}/").status_code == 404


def test_taxes_behind_the_entry_are_masked_and_reads_noted(low: Any, people: Any, as_user: Any) -> None:
    case = entered()
    assert "***" not in text(as_user(people.county).get(f"/cases/{case.pk}/"))
    noted = Event.objects.filter(action="registry.read_firm", actor=people.county)
    assert "tax" in noted.get().after["fields"]
    page = text(as_user(people.operator).get(f"/cases/{case.pk}/"))
    assert "无查看权限" in page


def test_the_city_sets_a_limit_on_the_page(low: Any, people: Any, as_user: Any) -> None:
    client = as_user(people.city)
    bad = client.post(f"{OF_REGISTER}periods", {"state": "found", "days": "十", "warn": "3", "basis": "会议"})
    assert "应为工作日数" in text(bad)
    client.post(f"{OF_REGISTER}periods", {"state": "found", "days": "10", "warn": "3", "basis": "会议"})
    assert Period.objects.get().days == 10
    assert as_user(people.county).post(f"{OF_REGISTER}periods", {"state": "found", "days": "9"}).status_code == 403
    case = entered()
    assert "逾期" in text(client.get(f"/cases/{case.pk}/"))


def test_the_city_sets_how_many_deliveries_must_show_an_exit(low: Any, people: Any, as_user: Any) -> None:
    client = as_user(people.city)
    told = {"state": "struck_off", "deliveries": "13", "basis": "专班会议"}
    bad = client.post(f"{OF_REGISTER}periods", told)
    assert "须为 1 至 12 次，填的是 13" in text(bad)
    assert 'value="13"' in bad.content.decode()
    client.post(f"{OF_REGISTER}periods", told | {"deliveries": "2"})
    assert "2 次" in text(client.get(f"{OF_REGISTER}periods"))


def test_by_hand_on_the_page(low: Any, people: Any, as_user: Any) -> None:
    client = as_user(people.township)
    assert "章安街道" in text(client.get(f"{OF_REGISTER}enter?q={A}"))
    told = {"q": A, "subject": A, "reason": "群众举报"}
    bad = client.post(f"{OF_REGISTER}enter", told)
    assert "须附证明材料" in text(bad)
    assert "群众举报</textarea>" in text(bad)
    assert client.post(f"{OF_REGISTER}enter", {**told, "evidence": a_file()}).status_code == 302
    assert Case.objects.get().entry["by_hand"]
    assert as_user(people.auditor).get(f"{OF_REGISTER}enter").status_code == 403


# --- many at once


def many(count: int, start: int = 0) -> list[Case]:
    unit = Unit.objects.get(pk="331002")
    made = [
        Found(f"S{number:06d}", f"企业{number}", None, unit.pk, "章安街道", "测")
        for number in range(start, start + count)
    ]
    return [actions.enter(None, NAME, one) for one in made]


def test_many_at_once_with_a_preview(people: SimpleNamespace, as_user: Any) -> None:
    cases = many(3)
    actions.move(None, cases[0].pk, "verify")
    client = as_user(people.township)
    page = text(client.get(f"{OF_REGISTER}bulk?state=found&step=verify"))
    assert "2 件可以办理" in page
    chosen = {"state": "found", "step": "verify", "case": [one.pk for one in cases]}
    versions = {f"version-{one.pk}": one.version for one in cases}
    actions.move(None, cases[1].pk, "verify")  # somebody was first
    client.post(f"{OF_REGISTER}bulk", {**chosen, **versions})
    assert set(Case.objects.values_list("state", flat=True)) == {"legality"}
    assert Event.objects.filter(action="casework.verify").count() == 3
    assert Event.objects.filter(action="casework.verify", actor=people.township).count() == 1


def test_more_than_fifty_are_a_job(people: SimpleNamespace, as_user: Any) -> None:
    many(51)
    as_user(people.county).post(f"{OF_REGISTER}bulk", {"state": "found", "step": "verify", "all": "1"})
    job = Job.objects.get()
    assert job.kind == "casework.move"
    arguments = {**job.arguments}
    assert jobs.run_move(job, **arguments) == {"done": 51, "refused": 0}
    assert Case.objects.filter(state="legality").count() == 51
    again = jobs.run_move(job, **arguments)  # run again nothing is done twice
    assert again == {"done": 0, "refused": 51}


def test_a_run_that_is_killed_leaves_whole_cases(people: SimpleNamespace, monkeypatch: Any) -> None:
    cases = many(6)
    seen = {one.pk: one.version for one in cases}
    written = []

    def dies(*args: Any, **more: Any) -> None:
        written.append(1)
        if len(written) == 4:
            raise KeyboardInterrupt
        recorded(*args, **more)

    recorded = actions.record
    monkeypatch.setattr(actions, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        bulk.move_each(people.township, seen, "verify", "")
    monkeypatch.undo()
    assert Case.objects.filter(state="legality").count() == 3
    assert Movement.objects.filter(step="verify").count() == 3
    assert Event.objects.filter(action="casework.verify").count() == 3
    assert bulk.move_each(people.township, seen, "verify", "").done == 3
    assert verify().ok


def test_a_cancelled_job_stops_between_two_cases(people: SimpleNamespace) -> None:
    cases = many(45)
    job = Job.objects.create(kind="casework.move", title="x", state=State.RUNNING, cancel_requested=True)
    with pytest.raises(Cancelled):
        jobs.run_move(
            job, seen={str(one.pk): one.version for one in cases}, step="verify", reason="", user=people.county.pk
        )
    assert Case.objects.filter(state="legality").count() == 0


@pytest.mark.parametrize(
    "address",
    ["/cases/?show=all", OF_REGISTER, f"{OF_REGISTER}?view=board", f"{OF_REGISTER}?view=calendar",
     f"{OF_REGISTER}?view=map", f"{OF_REGISTER}bulk?state=legality&step=all_lawful"],
)  # fmt: skip
def test_more_rows_ask_no_more_questions(
    people: Any, as_user: Any, address: str, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_user(people.county)
    counts = []
    for start in (0, 5):
        for one in many(5, start):
            actions.move(None, one.pk, "verify")
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_the_log_says_steps_in_the_words_of_the_declaration(low: Any, people: Any, as_user: Any) -> None:
    actions.move(people.township, entered().pk, "verify")
    assert "核实属实" in text(as_user(people.auditor).get("/audit/"))


def test_files_of_lists(low: Any, people: Any, as_user: Any) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    entered()
    for name, query in (("cases", "show=all"), ("register-cases", f"key={NAME}")):
        answer = as_user(people.county).get(f"/lists/{name}/export?{query}")
        book = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        cells = [cell for row in book.iter_rows(values_only=True) for cell in row if cell]
        assert A in cells
        assert "待乡镇核实" in cells
    assert as_user(people.neighbour).get("/lists/cases/export?show=all").status_code == 200


def test_what_is_settled_one_by_one_is_on_the_page(people: Any, as_user: Any) -> None:
    name = "zero_land_projects"
    one = register(name)
    if not one.parts:
        pytest.skip("the register has no parts")
    found = Found("P1", "项目甲", None, "331002", "章安街道", "测")
    group = next(iter(one.parts.values()))
    case = Case.objects.create(
        register=name, subject=found.subject, title=found.title, unit_id="331002", township="章安街道",
        state=group.added_in[0], holder=one.states[group.added_in[0]].held_by, since=date(2023, 3, 6),
        entered_on=date(2023, 3, 6),
    )  # fmt: skip
    page = text(as_user(people.county).get(f"/cases/{case.pk}/"))
    assert group.title in page
    bad = as_user(people.county).post(f"/cases/{case.pk}/parts", {"group": group.name, "title": ""})
    assert bad.status_code == 422
