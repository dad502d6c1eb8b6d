"""一企一方案 as Word and PDF, read back: what is printed is what is kept; who gets it; the same bytes each time."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A
from docx import Document as Word
from pypdf import PdfReader
from test_case_pages import text
from test_inefficient_firms import entered, to_acceptance

from fenghuang.domain.casework import actions, paper
from fenghuang.domain.casework.models import Case
from fenghuang.platform.audit.models import Event
from fenghuang.platform.documents import forms

pytestmark = pytest.mark.django_db


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def docx_text(content: bytes) -> str:
    found = Word(BytesIO(content))
    headers = [line.text for part in found.sections for line in part.header.paragraphs]
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "".join([*headers, *(paragraph.text for paragraph in found.paragraphs), *cells])


READERS = {"pdf": pdf_text, "docx": docx_text}


@pytest.fixture
def accepted(low: Any, people: SimpleNamespace) -> Case:
    """In 对标验收, one of four agencies has answered."""
    case = to_acceptance(entered(), people)
    actions.answer(people.clerks["tax"], case.pk, "tax", "met", "税收已经达标")
    return case


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_paper_says_what_is_kept(accepted: Case, people: Any, as_user: Any, form: str, settings: Any) -> None:
    settings.FENGHUANG_DEMO = True
    answer = as_user(people.township).get(f"/cases/{accepted.pk}/plan.{form}")
    assert answer["Content-Type"] == forms.TYPES[form]
    assert "attachment" in answer["Content-Disposition"]
    said = "".join(READERS[form](answer.content).split())
    anchor = Event.objects.filter(subject_id=str(accepted.pk), action="casework.answer").order_by("-pk")[0]
    for words in (
        "一企一方案", "高耗低效企业", A, "章安街道", "设备老旧", "亩均税收达标", "腾出土地", "2.5亩", "500,000",
        "更新注塑设备", "2023-06-30", "2023-06-01完成：已投产", "市税务局", "达标", "税收已经达标", "市应急管理局",
        "合法合规", "按数据筛查列入", f"审计日志第{anchor.pk}条", anchor.hash, accepted.declared.sha256, "演示数据",
    ):  # fmt: skip
        assert words in said, words
    noted = Event.objects.get(action="casework.read_plan")
    assert (noted.actor, noted.subject_id) == (people.township, str(accepted.pk))


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_same_bytes_until_something_is_done(accepted: Case, people: Any, as_user: Any, form: str) -> None:
    address = f"/cases/{accepted.pk}/plan.{form}"
    first = as_user(people.county).get(address).content
    assert as_user(people.auditor).get(address).content == first  # others read it, that changes nothing
    actions.answer(people.clerks["economy"], accepted.pk, "economy", "met", "产能已提升")
    assert as_user(people.county).get(address).content != first


def test_word_and_pdf_carry_one_fingerprint(accepted: Case, settings: Any) -> None:
    document = paper.plan_paper(accepted)
    for form, read in READERS.items():
        assert document.fingerprint in "".join(read(forms.made(document, form)).split())
    settings.FENGHUANG_DEMO = False
    assert "演示数据" not in paper.plan_paper(accepted).mark


def test_who_gets_it(accepted: Case, people: Any, as_user: Any) -> None:
    address = f"/cases/{accepted.pk}/plan.pdf"
    page = text(as_user(people.county).get(f"/cases/{accepted.pk}/"))
    assert f'href="{address}"' in page
    assert f'href="{address}"' not in text(as_user(people.operator).get(f"/cases/{accepted.pk}/"))
    for who, status in (("operator", 403), ("neighbour", 404), ("other_township", 404), ("firm", 403), ("city", 200)):
        assert as_user(getattr(people, who)).get(address).status_code == status, who


def test_without_a_plan_there_is_none(low: Any, people: Any, as_user: Any) -> None:
    case = entered()
    answer = as_user(people.county).get(f"/cases/{case.pk}/plan.docx", follow=True)
    assert "还没有方案，不能生成文件" in text(answer)
