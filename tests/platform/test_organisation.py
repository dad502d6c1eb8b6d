"""Departments, townships, firms: who sees and does what; invitations, lists of accounts, looking as another."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.feeds.sensitive import FIELDS, hidden_from, readable
from fenghuang.domain.feeds.templates import templates
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.domain.registry.queries import firms_for
from fenghuang.law.document import documents
from fenghuang.platform.accounts import actions
from fenghuang.platform.accounts.middleware import FOR_STAFF, NOT_HERS, READ_ONLY
from fenghuang.platform.accounts.models import Department, Invitation, Township, User
from fenghuang.platform.accounts.rules import PERMISSIONS
from fenghuang.platform.audit.models import Event
from fenghuang.platform.ui.numbers import scaled
from people import PASSWORD

pytestmark = pytest.mark.django_db
USERS = "/accounts/users/"
GOOD = "Neues-Geheimnis-27"


def test_departments_are_those_of_the_document_and_of_the_sheets() -> None:
    known = dict(Department.objects.values_list("code", "name"))
    assert documents()["taizhou-2021-27"].agencies.items() <= known.items()
    assert {one.department for one in templates().values()} <= set(known.values())


@pytest.mark.parametrize(
    "about",
    [
        {"role": "department_clerk"},
        {"role": "township_official", "unit": "331003"},
        {"role": "firm"},
        {"role": "firm", "uscc": "123"},
        {"role": "auditor", "uscc": "91331003MA2AAAAAAA"},
        {"role": "city_official", "agency": "tax"},
    ],
)
def test_a_role_has_what_it_answers_for(about: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        actions.create_user("neu", PASSWORD, **about)


def test_a_township_lies_in_its_unit() -> None:
    elsewhere = Township.objects.create(unit_id="331081", name="晴滩镇")
    with pytest.raises(ValidationError):
        actions.create_user("neu", PASSWORD, role="township_official", unit="331003", township=elsewhere)


# --- what each sees ---------------------------------------------------------------------------------------------------


def test_a_township_sees_its_own_firms_without_taxes(as_user, small_city, township) -> None:
    seen = set(firms_for(township).values_list("unit_id", "township"))
    assert ("331003", township.township.name) in seen
    now = firms_for(township).filter(unit="331003", township=township.township.name)
    years = FirmYear.objects.current().filter(unit="331003", township=township.township.name)
    assert set(firms_for(township)) == set(now) | {year.firm for year in years}
    other = Firm.objects.filter(unit="331003").exclude(township=township.township.name).exclude(
        pk__in=firms_for(township).values("pk")
    )  # fmt: skip
    client = as_user(township)
    assert client.get(f"/firms/{other.first().uscc}/").status_code == 404
    rows = client.get("/firms/").context["table"].data
    assert {(row.unit_id, row.township) for row in rows} == {("331003", township.township.name)}
    firm = next(row.firm for row in rows)
    text = client.get(f"/firms/{firm.uscc}/").content.decode()
    assert "***" in text
    assert township.township.name in client.get("/").content.decode()


def test_a_tax_clerk_sees_all_firms_and_the_taxes_but_no_revenue(as_user, small_city, clerk) -> None:
    assert firms_for(clerk).count() == Firm.objects.count()
    assert readable(clerk, None) == {"tax", "local_contribution"}
    assert "revenue" in hidden_from(clerk, None)
    assert "rnd_share" in hidden_from(clerk, None)
    assert "tax_per_mu" not in hidden_from(clerk, None)
    graded = Result.objects.filter(year=2022, tax_per_mu__isnull=False).exclude(grade="")
    year = next(
        FirmYear.objects.current().get(firm=one.firm, year=2022)
        for one in graded
        if FirmYear.objects.current().filter(firm=one.firm, year=2022, revenue__gt=10**9, tax__gt=10**6).exists()
    )
    text = as_user(clerk).get(f"/firms/{year.firm.uscc}/").content.decode()
    assert scaled(year.tax, 2, 2) in text
    assert scaled(year.revenue, 2, 2) not in text
    noted = Event.objects.get(action="registry.read_firm", actor=clerk)
    assert noted.after["fields"] == ["local_contribution", "tax"]
    statistician = actions.create_user("tong", PASSWORD, role="department_clerk", agency="statistics")
    assert readable(statistician, None) == {"revenue"}


def test_who_reads_all_sensitive_fields(city, county, auditor, operator, township, company) -> None:
    full = [user.role for user in (city, county, auditor, operator, township, company) if readable(user, "331003")]
    assert full == ["city_official", "county_official", "auditor"]
    assert readable(city, None) == set(FIELDS)


# --- what each delivers -----------------------------------------------------------------------------------------------


def test_a_clerk_delivers_only_the_own_departments_sheets(clerk, city, operator, township, auditor) -> None:
    may = PERMISSIONS["accounts.import_data"]
    assert {one.name for one in templates().values() if may.test(clerk, one.department)} == {"tax"}
    assert all(may.test(city, one.department) and may.test(operator, one.department) for one in templates().values())
    assert not any(may.test(user, None) for user in (township, auditor))


def test_sheets_of_other_departments_are_turned_back_in_words(clerk, tmp_path) -> None:
    from fenghuang.domain.registry.actions import import_files

    path = tmp_path / "能耗.csv"
    path.write_text("统一社会信用代码,用能单位,年度,综合能耗（吨标准煤）\n91331003MA2AAAAAAA,甲,2022,3\n")
    report = import_files([path], user=clerk)
    assert [file.sentence for file in report.files] == [
        "能耗.csv：是市发展改革委的《企业综合能耗（等价值）》。您只能报送市税务局的表。"
    ]


def test_a_clerk_undoes_and_decides_nothing_of_others(clerk, city, small_city) -> None:
    from fenghuang.domain.feeds import submit
    from fenghuang.domain.feeds.models import Delivery, Submission

    other = Delivery.objects.exclude(department="市税务局").first()
    with pytest.raises(PermissionDenied):
        submit.undo_later(other, user=clerk, reason="试试")
    upload = Submission.objects.create(folder="0", files=[], submitted_at=timezone.now(), submitted_by=city)
    for deed in (submit.check_again, submit.discard):
        with pytest.raises(PermissionDenied):
            deed(upload, user=clerk)


# --- firms ------------------------------------------------------------------------------------------------------------


def test_a_firm_is_told_why_pages_of_staff_stay_closed(as_user, company) -> None:
    client = as_user(company)
    assert client.get("/")["Location"] == "/my/"
    for address in ("/firms/", "/jobs/", "/lists/", "/search/?q=a", "/taizhou.geojson"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert FOR_STAFF in answer.content.decode()
    assert client.get("/policies/").status_code == 200
    assert client.get("/accounts/password/change/").status_code == 200
    assert not firms_for(company).exists()


# --- invitations and lists --------------------------------------------------------------------------------------------


def test_an_invitation_opens_once_for_seven_days(as_user, operator) -> None:
    user = actions.create_user("neu", None, role="auditor", display_name="新")
    text = as_user(operator).post(f"{USERS}{user.pk}/invite").content.decode()
    link = re.search(r"http://testserver(/accounts/invitations/[^<]+)<", text)[1]
    assert link.split("/")[3] not in str(list(Invitation.objects.values())) + str(list(Event.objects.values()))
    person = Client()
    assert "新" in person.get(link).content.decode()
    assert "不一致" in person.post(link, {"password1": GOOD, "password2": "x"}).content.decode()
    assert person.post(link, {"password1": "12345", "password2": "12345"}).status_code == 200
    assert person.post(link, {"password1": GOOD, "password2": GOOD}).status_code == 302
    assert person.get(link).status_code == 410
    assert person.post("/accounts/login/", {"login": "neu", "password": GOOD}).headers["Location"] == "/"
    late = actions.invite(user, actor=operator)
    Invitation.objects.update(expires_at=timezone.now())
    assert "链接已失效" in Client().get(f"/accounts/invitations/{late}/").content.decode()
    first = actions.invite(user, actor=operator)
    actions.invite(user, actor=operator)
    assert actions.invited(first) is None


HEAD = "登录名,姓名,角色,县（市、区）,乡镇（街道）,所属部门,统一社会信用代码,工作单位\n"


def sent(client: Any, rows: str) -> Any:
    return client.post(f"{USERS}many", {"file": SimpleUploadedFile("名单.csv", (HEAD + rows).encode())})


def test_a_list_opens_all_accounts_and_tells_the_links_once(as_user, operator) -> None:
    Township.objects.create(unit_id="331003", name="澹溪镇")
    rows = (
        "a1,甲,县级经办,黄岩区,,,,经信局\na2,乙,乡镇（街道）经办,黄岩区,澹溪镇,,,\n"
        "a3,丙,部门经办,,,市税务局,,\na4,丁,企业,,,,91331003ma2aaaaaaa,\n"
    )
    answer = sent(as_user(operator), rows)
    cells = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert [line[0] for line in cells[1:]] == ["a1", "a2", "a3", "a4"]
    assert [line[3] for line in cells[1:]] == ["黄岩区", "黄岩区澹溪镇", "市税务局", "91331003MA2AAAAAAA"]
    assert not User.objects.get(username="a3").has_usable_password()
    link = cells[3][4].removeprefix("http://testserver")
    assert Client().post(link, {"password1": GOOD, "password2": GOOD}).status_code == 302
    assert Event.objects.filter(action="accounts.import_users").get().after == {"accounts": ["a1", "a2", "a3", "a4"]}


def test_one_wrong_row_opens_nothing_and_every_fault_names_its_cell(as_user, operator) -> None:
    rows = "b1,甲,审计,,,,,\nzhao,乙,县级经办,黄岩,,,,\nb1,,国王,,,,,\nb4,丁,部门经办,,,,,\n"
    answer = sent(as_user(operator), rows)
    assert answer.status_code == 422
    said = answer.content.decode()
    for sentence in (
        "名单.csv：第 3 行 登录名：读到“zhao”，已有人使用",
        "第 3 行 县（市、区）：读到“黄岩”，没有这个县（市、区）",
        "第 4 行 登录名：读到“b1”，已有人使用，或在本表中重复",
        "第 4 行 姓名：请填写姓名",
        "第 4 行 角色：读到“国王”，应为 市级专班",
        "第 5 行 所属部门：部门经办必须属于一个部门",
    ):
        assert sentence in said, sentence
    assert not User.objects.filter(username__startswith="b").exists()
    for content, sentence in (
        (b"PK\x03\x04nothing", "工作簿无法读取"),
        ("姓名\n甲\n".encode(), "缺少“登录名”“角色”列"),
    ):
        file = SimpleUploadedFile("x.xlsx", content)
        assert sentence in as_user(operator).post(f"{USERS}many", {"file": file}).content.decode()


# --- looking as another -----------------------------------------------------------------------------------------------


def test_the_operator_looks_as_another_reads_only_and_every_page_is_logged(
    as_user, operator, county, small_city
) -> None:
    client = as_user(operator)
    assert client.post(f"{USERS}{county.pk}/view-as", {"reason": ""}).headers["Location"] == f"{USERS}{county.pk}/"
    client.post(f"{USERS}{county.pk}/view-as", {"reason": "电话求助"})
    page = client.get("/firms/").content.decode()
    assert f"{operator}正在以" in page
    assert "结束查看" in page
    assert {row.unit_id for row in client.get("/firms/").context["table"].data} == {"331003"}
    firm = Result.objects.filter(unit="331003", firm__unit="331003", year=2022).exclude(grade="").first().firm
    assert "***" in client.get(f"/firms/{firm.uscc}/").content.decode()  # what the operator may not read stays masked
    refused = client.post("/incentives/refresh")
    assert refused.status_code == 403
    assert READ_ONLY in refused.content.decode()
    assert NOT_HERS in client.get("/accounts/2fa/").content.decode()
    assert client.get(USERS).status_code == 403
    assert client.post(f"{USERS}view-as/end").headers["Location"] == f"{USERS}{county.pk}/"
    assert client.get(USERS).status_code == 200
    told = Event.objects.filter(action__startswith="accounts.view_as").order_by("id")
    assert {event.actor for event in told} == {operator}
    assert {event.subject_id for event in told} == {str(county.pk)}
    assert [event.action.removeprefix("accounts.view_as") for event in told] == ["", *["_page"] * 3, "_end"]
    assert told[0].reason == "电话求助"
    assert told[1].after == {"page": "/firms/"}
    read = Event.objects.get(action="registry.read_firm")
    assert (read.actor, read.after["fields"]) == (operator, [])
    assert str(county) in read.actor_name


def test_nobody_looks_as_an_operator_and_others_not_at_all(as_user, operator, city, auditor, county) -> None:
    second = actions.create_user("qian", PASSWORD, role="operator", display_name="钱")
    for user in (second, operator):
        assert as_user(operator).post(f"{USERS}{user.pk}/view-as", {"reason": "试试"}).status_code == 403
    for user in (city, auditor, county):
        assert as_user(user).post(f"{USERS}{county.pk}/view-as", {"reason": "试试"}).status_code == 403
        assert "view_as" not in as_user(user).session


def test_a_view_ends_when_the_account_is_closed(as_user, operator, county) -> None:
    client = as_user(operator)
    client.post(f"{USERS}{county.pk}/view-as", {"reason": "电话求助"})
    actions.set_active(county, False, reason="调离")
    assert client.get(USERS).status_code == 200
    assert Event.objects.filter(action="accounts.view_as_end").exists()
