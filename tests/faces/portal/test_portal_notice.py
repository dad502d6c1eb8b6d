"""The firm takes its notice home: while its result is open, of itself alone, without what others' data tell."""

from __future__ import annotations

from io import BytesIO

import pytest
from campaign_asked import LATER, announced
from pypdf import PdfReader

from fenghuang.domain.campaign import actions, own

pytestmark = pytest.mark.django_db


def test_a_firm_has_its_notice_from_the_announcement_on(asked, years, clerk_of, as_user, on) -> None:
    firm = as_user(clerk_of(years[0].firm))
    assert firm.get("/my/result/notice.pdf").status_code == 404
    on(LATER)
    announced(asked)
    assert "告知书 PDF" in firm.get("/my/result/").content.decode()
    answer = firm.get("/my/result/notice.pdf")
    assert answer["Cache-Control"] == "private, no-store"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert years[0].firm.uscc in text
    assert years[1].firm.uscc not in text


def test_between_announcement_and_publication_there_is_none(asked, years, clerk_of, as_user, on) -> None:
    """What is being worked on inside is nobody's notice."""
    firm = as_user(clerk_of(years[0].firm))
    on(LATER)
    campaign = announced(asked)
    on(campaign.due.replace(month=campaign.due.month + 1))
    actions.advance(None, campaign.pk, "close_objections")
    assert firm.get("/my/result/notice.pdf").status_code == 404
    assert "PDF" not in firm.get("/my/result/").content.decode()


def test_the_notice_is_printed_from_what_the_firm_may_know(asked, years, clerk_of, as_user, on, monkeypatch) -> None:
    asked_for = []
    plain = own.why
    monkeypatch.setattr(own, "why", lambda grade: asked_for.append(grade.firm) or plain(grade))
    on(LATER)
    announced(asked)
    assert as_user(clerk_of(years[0].firm)).get("/my/result/notice.pdf").status_code == 200
    assert asked_for == [years[0].firm]
