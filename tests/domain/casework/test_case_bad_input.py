"""What people type wrongly: refused on the page with a sentence that says what is expected, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A
from django.utils import timezone
from test_case_pages import OF_REGISTER, a_file, text
from test_inefficient_firms import LEGALITY, entered, to_planning

from fenghuang.domain.casework import actions
from fenghuang.domain.casework.models import Attachment, Case, Measure, Movement, Plan
from fenghuang.domain.ledger.models import Account, Entry
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.audit.models import Event
from fenghuang.platform.evidence import MOST
from fenghuang.platform.notices.models import Notice

pytestmark = pytest.mark.django_db
Given = tuple[str, str, dict[str, Any]]  # who sends, where to, what
Make = Callable[[SimpleNamespace], Given]
TABLES = (Case, Movement, Attachment, Plan, Measure, Account, Entry, Notice)


def whole() -> tuple[Any, ...]:
    """Everything that a step could have changed."""
    cases = list(Case.objects.order_by("pk").values_list("pk", "state", "version", "fields", "due"))
    deeds = Event.objects.exclude(action__startswith="registry.read").count()
    return cases, [table.objects.count() for table in TABLES], deeds


def go(case: Case, step: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return f"/cases/{case.pk}/go", {"step": step, "version": case.version, **more}


def unlawful(people: SimpleNamespace) -> Case:
    case = entered()
    actions.move(people.township, case.pk, "verify")
    for agency in LEGALITY:
        actions.answer(people.clerks[agency], case.pk, agency, "unlawful", "检查不合格")
    case.refresh_from_db()
    return case


def order(people: SimpleNamespace, until: str, file: Any) -> Given:
    return ("county", *go(unlawful(people), "order", **{"f-violation": "废水", "f-rectify_until": until, "d-0": file}))


def plan(people: SimpleNamespace, **more: Any) -> Given:
    case = to_planning(entered(), people)
    told = {
        "problem": "老旧", "aim": "达标", "m-pk": [""], "m-title": ["更新设备"], "m-agency": ["economy"],
        "m-due": ["2099-06-30"], "version": case.version,
    }  # fmt: skip
    return "township", f"/cases/{case.pk}/plan", {**told, **more}


def past_deadline(people: SimpleNamespace) -> Given:
    return order(people, "2023-01-05", a_file())


def no_date(people: SimpleNamespace) -> Given:
    return order(people, "下个月", a_file())


def not_a_pdf(people: SimpleNamespace) -> Given:
    return order(people, "2099-06-30", a_file("责令整改通知.pdf", b"MZ\x90\x00 a program"))


def empty_file(people: SimpleNamespace) -> Given:
    return order(people, "2099-06-30", a_file("责令整改通知.pdf", b""))


def another_kind(people: SimpleNamespace) -> Given:
    return order(people, "2099-06-30", a_file("责令整改通知.exe", b"MZ"))


def too_large(people: SimpleNamespace) -> Given:
    return order(people, "2099-06-30", a_file("责令整改通知.pdf", b"%PDF-" + bytes(MOST)))


def more_land_than_there_is(people: SimpleNamespace) -> Given:
    return plan(people, **{"f-land_freed_mu": "20.0001"})


def past_measure(people: SimpleNamespace) -> Given:
    return plan(people, **{"m-due": ["2023-01-05"]})


def no_number(people: SimpleNamespace) -> Given:
    return plan(people, **{"f-land_freed_mu": "约两亩"})


def by_whom_it_is_not(people: SimpleNamespace) -> Given:
    return ("township", *go(entered(), "strike_as_wrong", reason="不符", **{"d-0": a_file()}))


def by_an_auditor(people: SimpleNamespace) -> Given:
    return ("auditor", *go(entered(), "verify"))


def no_such_step(people: SimpleNamespace) -> Given:
    return ("county", *go(entered(), "strike_off_now"))


def too_early(people: SimpleNamespace) -> Given:
    return ("county", *go(entered(), "strike_off"))


def twice(people: SimpleNamespace) -> Given:
    case = entered()
    return "county", f"{OF_REGISTER}enter", {"q": A, "subject": case.subject, "reason": "举报", "evidence": a_file()}


def no_evidence(people: SimpleNamespace) -> Given:
    return "county", f"{OF_REGISTER}enter", {"q": A, "subject": A, "reason": "举报"}


def debit_beyond(people: SimpleNamespace) -> Given:
    today = timezone.localdate()
    given = {
        "unit": "331002", "label": "project", "amount": "5", "year": str(today.year), "on": str(today),
        "project": "新建厂房", "project_code": "", "reason": "", "document": "椒自然资〔2023〕1 号", "proof": a_file(),
    }  # fmt: skip
    return "county", "/ledgers/new/land", given


BAD: list[tuple[Make, int, str]] = [
    (past_deadline, 422, "期限 2023-01-05 早于今天，请填写今天或以后的日期"),
    (no_date, 422, "整改期限填的是“下个月”"),
    (not_a_pdf, 422, "的内容不是 PDF 文件，请核对后重新上传"),
    (empty_file, 422, "是空文件"),
    (another_kind, 422, "不能作为证明材料：请用 PDF、PNG、JPG、DOCX、XLSX"),
    (too_large, 422, "最大 10 MB"),
    (more_land_than_there_is, 422, "腾出土地不能超过企业 2022 年度的用地面积（20.0001 亩 大于 20 亩）"),
    (past_measure, 422, "第 1 项措施的期限 2023-01-05 早于今天"),
    (no_number, 422, "腾出土地填的是“约两亩”"),
    (by_whom_it_is_not, 422, "“核实不符，退出”由县级经办办理"),
    (by_an_auditor, 422, "“核实属实”由乡镇（街道）经办或县级经办办理"),
    (no_such_step, 422, "“高耗低效企业”没有这一步"),
    (too_early, 422, "“达标销号”只能在“对标验收”时办理，现在是“待乡镇核实”"),
    (twice, 422, "清单上办理，同一对象不能同时有两件"),
    (no_evidence, 422, "手工列入须附证明材料"),
    (debit_beyond, 422, "不足以减去 5 亩"),
]


@pytest.mark.parametrize(("make", "status", "sentence"), BAD, ids=[make.__name__ for make, _, _ in BAD])
def test_it_is_refused_in_a_sentence_and_nothing_changes(
    low: Any, people: Any, as_user: Any, make: Make, status: int, sentence: str
) -> None:
    assert Firm.objects.filter(uscc=A).exists()
    who, address, given = make(people)
    client, before = as_user(getattr(people, who)), whole()
    answer = client.post(address, given)
    assert answer.status_code == status
    assert sentence in text(answer)
    assert whole() == before
