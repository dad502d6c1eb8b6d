"""The firms' pages: what a firm reads of itself, never of another, and what is said when it is too late."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from campaign_asked import LATER, announced
from django.core.files.uploadedfile import SimpleUploadedFile

from fenghuang.domain.campaign import checking, objecting, own
from fenghuang.domain.campaign.models import Confirmation, Grade, Objection
from fenghuang.platform.audit.models import Event
from fenghuang.platform.evidence import proof
from fenghuang.platform.notices.models import Notice
from people import PASSWORD

pytestmark = pytest.mark.django_db
PROOF = proof("证.pdf", b"%PDF-1.7 land")


def text(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == status, address
    return unescape(answer.content.decode())


def pdf(name: str = "不动产证.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 land")


def test_a_firm_enters_at_its_own_pages(client, years, clerk_of) -> None:
    who = clerk_of(years[0].firm)
    sent = {"login": who.username, "password": PASSWORD}
    assert client.post("/accounts/login/", sent)["Location"] == "/my/"
    assert client.get("/")["Location"] == "/my/"
    assert "还没有评价工作" in text(client, "/my/")


def test_a_code_that_no_directory_knows_is_told_so(as_user, company, small_city) -> None:
    client = as_user(company)
    for address in ("/my/", "/my/data/", "/my/result/", "/my/objections/", "/my/account/"):
        page = text(client, address)
        assert "名录中没有这个统一社会信用代码" in page
        assert company.uscc in page


def test_the_first_page_says_what_is_to_be_done_until_when(as_user, asked, years, clerk_of) -> None:
    page = text(as_user(clerk_of(years[0].firm)), "/my/")
    assert "核对并确认用地面积" in page
    assert "截止 2023-03-10，还有 4 个工作日" in page


def test_items_show_value_source_and_how_they_count_and_are_confirmed_in_one_go(as_user, asked, years, clerk_of):
    year, who = years[0], clerk_of(years[0].firm)
    client = as_user(who)
    page = text(client, "/my/data/")
    assert "《" in page
    assert "行" in page
    assert "分母，权重" in page
    assert "全表" not in page
    assert "到期未提异议视为确认" in page
    sent = {"year": 2022, "item": ["land_mu"], "seen-land_mu": year.land_mu}
    assert "已确认 1 项" in unescape(client.post("/my/data/confirm", sent, follow=True).content.decode())
    assert Confirmation.objects.get(item="land_mu").by == who
    assert "没有重复办理" in unescape(client.post("/my/data/confirm", sent, follow=True).content.decode())
    sent["seen-land_mu"] = year.land_mu + 1
    assert "刚刚有变" in unescape(client.post("/my/data/confirm", sent, follow=True).content.decode())


@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        ("abc", "填的是“abc”，应为以亩为单位的数，最多 4 位小数"),
        ("1.23456", "最多 4 位小数"),
        ("-3", "不能为负数"),
        ("", "请填写用地面积"),
    ],
)
def test_a_bad_value_is_said_and_what_was_typed_stays(as_user, asked, years, clerk_of, claimed, said) -> None:
    client = as_user(clerk_of(years[0].firm))
    sent = {"claimed": claimed, "note": "少算一块", "seen": years[0].land_mu, "evidence": pdf()}
    answer = client.post("/my/data/land_mu/contest", sent)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    assert "少算一块" in page
    assert not Confirmation.objects.exists()


def test_evidence_of_another_firm_is_not_there_and_the_log_knows(as_user, asked, years, clerk_of) -> None:
    mine, other = years
    given = {"seen": other.land_mu, "claimed": other.land_mu + 1, "note": "错", "proof": PROOF}
    one = checking.contest(clerk_of(other.firm), asked.pk, other.firm, "land_mu", **given)
    client = as_user(clerk_of(mine.firm))
    assert client.get(f"/my/data/files/{one.pk}").status_code == 404
    event = Event.objects.get(action="accounts.reached_beyond")
    assert event.actor is not None
    assert event.actor.uscc == mine.firm.uscc
    assert client.get("/my/data/files/999999").status_code == 404
    assert Event.objects.filter(action="accounts.reached_beyond").count() == 1


def test_staff_have_no_business_here_and_firms_none_there(as_user, asked, years, clerk_of, city, county) -> None:
    for who in (city, county):
        assert as_user(who).get("/my/").status_code == 403
    client = as_user(clerk_of(years[0].firm))
    assert client.get(f"/campaigns/{asked.pk}/check/").status_code == 403
    assert client.get(f"/firms/{years[1].firm.uscc}/").status_code == 403


def test_an_operator_who_looks_as_the_firm_reads_no_taxes(as_user, asked, years, clerk_of, operator) -> None:
    who = clerk_of(years[0].firm)
    client = as_user(operator)
    client.post(f"/accounts/users/{who.pk}/view-as", {"reason": "企业来电求助"})
    tax = f"{years[0].tax / 100:,.2f}"
    seen = text(client, "/my/data/")
    assert tax not in seen
    assert f'"{years[0].tax}"' not in seen  # nor what a form would send back
    assert tax in text(as_user(who), "/my/data/")


# --- the result ------------------------------------------------------------------------------------------------------


def test_a_result_is_shown_from_its_announcement_and_tells_of_nobody_else(as_user, asked, years, clerk_of, on) -> None:
    mine, client = years[0], as_user(clerk_of(years[0].firm))
    assert "结果尚未公示" in text(client, "/my/result/")
    on(LATER)
    campaign = announced(asked)
    page = text(client, "/my/result/")
    grade = Grade.objects.get(scoring=campaign.announced, firm=mine.firm)
    assert f"第 {grade.rank:,} 名，本组共 {grade.group_size:,} 家" in page
    assert "最后一家" not in page
    assert "距 " not in page
    others = [name for name in Grade.objects.exclude(firm=mine.firm).values_list("name", flat=True) if name in page]
    assert not others
    assert Notice.objects.filter(kind="campaign.announced", uscc=mine.firm.uscc).exists()


def test_benchmarks_that_are_another_firms_value_are_masked(asked, years, on) -> None:
    from fenghuang.domain.campaign.own import OF_OTHERS, _is_of_others, _own
    from fenghuang.language.record import MASK, Input, Step
    from fenghuang.law.methods.method import Item

    item = Item("tax_per_mu", 60, "share_of_max", None, "zero")  # type: ignore[arg-type]
    assert _is_of_others(item, 400)
    assert _is_of_others(Item("tax_per_mu", 60, "ratio", "mean", "zero"), 2)  # type: ignore[arg-type]
    assert not _is_of_others(Item("tax_per_mu", 60, "ratio", "mean", "zero"), 3)  # type: ignore[arg-type]
    step = Step(
        "score_tax_per_mu", "得分", "3", formula="60 × 1 ÷ 99",
        inputs=(Input("tax_per_mu", "亩均税收", "1"), Input("benchmark_tax_per_mu", "最高值", "99")),
    )  # fmt: skip
    told = _own(step, {"score_tax_per_mu"})
    assert (told.formula, told.inputs[0].value, told.inputs[1].value) == (OF_OTHERS, "1", MASK)


def test_between_announcement_and_publication_the_announced_result_stands(asked, years, on) -> None:
    from fenghuang.domain.campaign import actions

    on(LATER)
    campaign, firm = announced(asked), years[0].firm
    before = own.result(campaign, firm)
    on(LATER.replace(day=22))
    actions.advance(None, campaign.pk, "close_objections")
    given = {"reason": "关键技术", "clause": "第八条", "document": "测〔2023〕1 号", "proof": PROOF}
    objecting.regrade(None, campaign.pk, firm, kind="fix", to="A", **given)
    for name in ("reconcile", "submit"):
        campaign = actions.advance(None, campaign.pk, name)
        assert own.result(campaign, firm) == before
    campaign = actions.advance(None, campaign.pk, "publish", document="常务会〔2023〕5 号")
    assert own.result(campaign, firm).is_final
    assert own.result(campaign, firm).grade.final == "A"


def test_an_objection_with_evidence_its_answer_and_the_refusal_after_the_last_day(
    as_user, asked, years, clerk_of, on
) -> None:
    mine, other = years
    who = clerk_of(mine.firm)
    client = as_user(who)
    assert "评价结果还没有公示" in text(client, "/my/objections/")
    on(LATER)
    campaign = announced(asked)
    sent = {"year": 2022, "item": "land_mu", "claim": "多算了道路"}
    answer = client.post("/my/objections/", sent)
    assert answer.status_code == 422
    assert "请附证明材料" in answer.content.decode()
    client.post("/my/objections/", {**sent, "evidence": pdf()})
    one = Objection.objects.get()
    assert (one.firm, one.by, one.state) == (mine.firm, who, "pending")
    objecting.answer(None, one, "returned", "红线内计入")
    page = text(client, "/my/objections/")
    assert "红线内计入" in page
    assert "退回" in page
    assert client.get(f"/my/objections/files/{one.pk}").status_code == 200
    assert as_user(clerk_of(other.firm)).get(f"/my/objections/files/{one.pk}").status_code == 404
    client = as_user(who)
    on(campaign.due.replace(day=campaign.due.day + 1))
    said = f"公示期已于 {campaign.due} 截止，不再受理异议"
    assert said in text(client, "/my/objections/")
    answer = client.post("/my/objections/", {**sent, "evidence": pdf()})
    assert said in answer.content.decode()
    assert Objection.objects.count() == 1


# --- the township's pages --------------------------------------------------------------------------------------------


def test_a_township_sees_its_own_firms_and_confirms_many_after_a_preview(as_user, asked, years, on, clerk_of) -> None:
    from fenghuang.domain.campaign import actions
    from fenghuang.domain.campaign.models import TownshipCheck
    from fenghuang.platform.accounts.actions import create_user
    from fenghuang.platform.accounts.models import Township

    mine, other = years
    town, _ = Township.objects.get_or_create(unit_id="331003", name=mine.township)
    who = create_user("zhen", PASSWORD, role="township_official", unit="331003", township=town, display_name="镇 办")
    on(LATER)
    actions.advance(None, asked.pk, "to_townships")
    client = as_user(who)
    address = f"/campaigns/{asked.pk}/check/"
    assert Notice.objects.filter(user=who, kind="campaign.township").exists()
    page = text(client, address)
    assert mine.name in page
    assert other.name not in page
    assert other.name not in text(client, f"/campaigns/{asked.pk}/")
    assert client.get(f"{address}{other.firm.uscc}/").status_code == 404
    page = text(client, f"{address}{mine.firm.uscc}/")
    assert f"{mine.tax / 100:,.2f}" not in page
    preview = text(client, f"{address}confirm")
    assert "代企业确认" in preview
    import re

    found = dict(re.findall(r'name="seen-(\w+)" value="([^"]*)"', preview))
    assert mine.firm.uscc in found
    sent = {"firm": list(found), **{f"seen-{uscc}": seen for uscc, seen in found.items()}}
    stolen = {**sent, "firm": [*found, other.firm.uscc]}
    assert client.post(f"{address}confirm", stolen).status_code == 404
    assert not TownshipCheck.objects.exists()
    page = unescape(client.post(f"{address}confirm", sent, follow=True).content.decode())
    assert f"已确认 {len(found)} 家企业" in page
    assert set(TownshipCheck.objects.values_list("firm__township", flat=True)) == {mine.township}
    assert "没有待确认的企业" in text(client, f"{address}confirm")


def test_accounts_for_all_firms_of_a_unit_in_one_workbook(as_user, operator, years, client) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    from fenghuang.domain.registry.firm_accounts import without_account
    from fenghuang.domain.registry.models import Firm
    from fenghuang.platform.accounts.models import Unit, User

    unit = Unit.objects.get(pk="331003")
    firms = Firm.objects.filter(unit=unit).count()
    client = as_user(operator)
    answer = client.post("/firms/accounts", {"unit": "331003"})
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert len(rows) == firms + 1
    assert not without_account(unit).exists()
    assert User.objects.filter(role="firm").count() == firms
    assert "都已开户" in text(client, "/firms/accounts")
    again = unescape(client.post("/firms/accounts", {"unit": "331003"}, follow=True).content.decode())
    assert "都已开户" in again
    link = next(row[4] for row in rows[1:] if row[0] == years[0].firm.uscc)
    client.logout()
    assert "设置密码" in text(client, link[link.index("/accounts/") :])
