"""Notices and the published document, read back: what is printed is what is stored, and the same bytes each time."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from campaigns import CODES, LATER, begun, carried, rows
from docx import Document as Word
from pypdf import PdfReader

from fenghuang.domain.campaign import actions, jobs, notices, objecting
from fenghuang.domain.campaign.models import Campaign, Grade
from fenghuang.language.numbers import show_decimal
from fenghuang.law.methods.reading import read_method
from fenghuang.platform.audit.models import Event
from fenghuang.platform.documents import forms
from fenghuang.platform.evidence import proof
from fenghuang.platform.jobs.models import Job, State

GIVEN = {"reason": "上市培育", "clause": "第六条", "document": "椒政发〔2023〕2 号"}


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")


def docx_text(content: bytes) -> str:
    found = Word(BytesIO(content))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


READERS = {"pdf": pdf_text, "docx": docx_text}


@pytest.fixture
def regraded(ten: list[str]) -> Campaign:
    """Of 椒江 in 公示, the last of the ten regraded by decision."""
    campaign = carried(begun(), "to_scoring")
    firm = Grade.objects.get(firm__uscc=ten[-1]).firm
    objecting.regrade(None, campaign.pk, firm, kind="promote", to="", proof=proof("批复.pdf", b"%PDF-1.7"), **GIVEN)
    actions.rescore(None, campaign.pk)
    return actions.advance(None, campaign.pk, "publicise", today=campaign.since)


def grade_of(campaign: Campaign, uscc: str) -> Grade:
    found = Grade.objects.select_related("firm", "scoring__campaign__unit", "scoring__method", "scoring__policy")
    return found.get(scoring=campaign.scorings.first(), firm__uscc=uscc)


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_notice_says_what_is_stored(regraded, ten, form: str) -> None:
    for uscc in (ten[0], ten[-1]):
        grade = grade_of(regraded, uscc)
        text = READERS[form](forms.made(notices.notice(grade), form)).replace(" ", "")
        stored = next(one for one in json.loads(grade.scoring.results.text) if one["uscc"] == uscc)
        assert f"初评等级{stored['initial']}类最终等级{stored['final']}类" in text
        assert f"综合得分{show_decimal(stored['score'], 4)}分" in text
        assert f"第{stored['rank']}名（同组{stored['group_size']}家）" in text
        for shown, _ in stored["items"].values():
            assert f"{float(shown):,.4f}" in text
        assert grade.scoring.results_id in text
        assert Event.objects.first().hash in text
    assert "上市培育（椒政发〔2023〕2号）（第六条）D→C" in text
    assert "2023年3月6日至2023年3月13日" in text


def test_the_same_data_give_the_same_bytes_in_another_process_too(regraded, ten) -> None:
    document = notices.notice(grade_of(regraded, ten[0]))
    script = (
        "import sys, pickle, hashlib\n"
        "from fenghuang.platform.documents.pdf import pdf\n"
        "from fenghuang.platform.documents.word import word\n"
        "document = pickle.load(sys.stdin.buffer)\n"
        "print(*(hashlib.sha256(made(document)).hexdigest() for made in (pdf, word)))\n"
    )
    import hashlib
    import pickle

    ran = subprocess.run([sys.executable, "-c", script], input=pickle.dumps(document), capture_output=True, check=True)
    here = [hashlib.sha256(forms.made(document, form)).hexdigest() for form in ("pdf", "docx")]
    assert ran.stdout.decode().split() == here


def test_word_and_pdf_carry_the_same_fingerprint(regraded, ten) -> None:
    document = notices.notice(grade_of(regraded, ten[0]))
    assert all(document.fingerprint in READERS[form](forms.made(document, form)) for form in forms.TYPES)


def test_a_notice_before_it_is_announced_says_so_on_every_page(ten) -> None:
    campaign = carried(begun(), "to_scoring")
    content = forms.made(notices.notice(grade_of(campaign, ten[0])), "pdf")
    assert all(notices.DRAFT in page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_the_download_is_for_whom_taxes_are_and_is_noted(as_user, city, operator, regraded, ten) -> None:
    address = f"/campaigns/{regraded.pk}/firms/{ten[0]}/notice.pdf"
    assert as_user(operator).get(address).status_code == 403
    assert "告知书 PDF" not in as_user(operator).get(address.removesuffix("notice.pdf")).content.decode()
    answer = as_user(city).get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    event = Event.objects.get(action="campaign.read_notice")
    assert event.after == {"fields": ["local_contribution", "revenue", "tax"]}
    assert event.hash in pdf_text(answer.content).replace(" ", "")
    assert as_user(city).get(address).content == answer.content  # noted once a day: the log has not grown


# --- all of them


def asked(as_user: Any, user: Any, campaign: Campaign, form: str) -> Job:
    as_user(user).post(f"/campaigns/{campaign.pk}/notices", {"form": form})
    return Job.objects.get()


def test_all_notices_in_one_file(as_user, city, county, operator, auditor, regraded, ten) -> None:
    from fenghuang.platform.jobs.tasks import run_job

    assert as_user(auditor).post(f"/campaigns/{regraded.pk}/notices", {"form": "pdf"}).status_code == 403
    job = asked(as_user, city, regraded, "pdf")
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["notices"]) == (State.DONE, 10), job.message
    answer = as_user(city).get(f"/jobs/{job.pk}/file")
    packed = ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert sorted(packed.namelist()) == packed.namelist()
    assert [name[:18] for name in packed.namelist()] == sorted(ten)
    grade = grade_of(regraded, ten[-1])
    name = next(name for name in packed.namelist() if name.startswith(ten[-1]))
    assert f"最终等级{grade.final}类" in pdf_text(packed.read(name)).replace(" ", "")
    for other in (operator, auditor):  # who sees every job, and not every firm's taxes by this way
        assert as_user(other).get(f"/jobs/{job.pk}/").status_code == 200
        assert as_user(other).get(f"/jobs/{job.pk}/file").status_code == 404


def test_cancelled_in_the_middle_nothing_is_left(as_user, city, regraded, ten, settings, monkeypatch) -> None:
    from fenghuang.platform.jobs.tasks import run_job

    monkeypatch.setattr(jobs, "SAID_EVERY", 1)
    job = asked(as_user, city, regraded, "pdf")
    made = forms.made

    def cancelled(document: Any, form: str) -> bytes:
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        return made(document, form)

    monkeypatch.setattr(forms, "made", cancelled)
    run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result_file.name) == (State.CANCELLED, "")
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file() and "campaign" not in path.parts]


# --- what is published


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_published_document_lists_every_grade_and_its_anchor(client, ten, form: str) -> None:
    campaign = carried(begun(), "publish")
    address = f"/publication/331002/2022/list.{form}"
    content = b"".join(client.get(address).streaming_content)
    text = READERS[form](content).replace(" ", "")
    grades = list(Grade.objects.filter(scoring=campaign.scorings.first()).select_related("firm"))
    assert all(one.firm.uscc in text and one.name in text for one in grades)
    for grade in "ABCD":
        assert f"{grade}类（{sum(one.final == grade for one in grades)}家）" in text
    event = Event.objects.get(action="campaign.publish")
    assert f"审计日志第{event.pk}条，哈希{event.hash}" in text
    assert "政府常务会议〔2023〕5号审定" in text
    actions.advance(None, campaign.pk, "freeze", today=LATER)
    assert b"".join(client.get(address).streaming_content) == content  # archived, it is still the one published


def test_nothing_is_open_before(client, ten) -> None:
    carried(begun(), "to_scoring")
    assert client.get("/publication/331002/2022/list.pdf").status_code == 404


@pytest.mark.parametrize("benchmark", ["max", "median", "mean"])
def test_a_notice_tells_no_figure_of_another_firm(deliver, benchmark: str) -> None:
    """Of ten firms two have known land: the highest value, the median and the mean would each give the other away."""
    given = rows([1_000_000 - 50_000 * place for place in range(10)])
    given["parcels"] = given["parcels"][:2]
    deliver(**given)
    campaign = begun()
    document = json.loads(campaign.method.content)
    for scope in document["scopes"]:
        for item in scope["indicators"].values():
            item["benchmark"] = benchmark
    method = read_method(yaml.safe_dump(document, allow_unicode=True), "方法")
    campaign = actions.adopt(None, campaign.pk, method, version=None, reason="测", confirmed=True)
    campaign = carried(campaign, "publicise")
    mine = grade_of(campaign, CODES[1])
    [tax] = [row for block in notices.notice(mine).body for row in getattr(block, "rows", ()) if row[0] == "亩均税收"]
    assert tax[2] == "不公开"
    assert tax[1] != "不公开"
    assert tax[4] != "—"
