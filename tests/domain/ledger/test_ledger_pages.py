"""The pages of ledgers: numbers explained, the queue, forms with sentences, queries that do not grow."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from ledgers import DAY, PROOF, here, told

from fenghuang.domain.ledger import actions, claims, fund
from fenghuang.domain.ledger.models import Claim, Entry, Revenue
from fenghuang.platform.accounts.models import Unit

pytestmark = pytest.mark.django_db
RULE = {"rule": "merger_quota_transfer", "on": "2023-03-06"}
GIVEN = {
    "acquirer_previous_grade": 0, "target_is_two_high_one_low": True, "registration_stays": True, "tax_stays": True,
    "target_land_mu": 200_000, "target_energy_tce": 10**8, "target_emission_t": 3 * 10**6,
}  # fmt: skip


def text(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def file(name: str = "批复.pdf", content: bytes = b"%PDF-1.7 x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def form(**more: Any) -> dict[str, Any]:
    given = {"unit": "331003", "label": "by_hand", "amount": "12.5", "year": "2023", "on": "2023-03-06"}
    return {**given, "reason": "核查报告", "document": "黄发改〔2023〕1 号", "proof": file(), **more}


def test_an_entry_by_hand_is_explained_and_its_document_kept(as_user, county) -> None:
    client = as_user(county)
    answer = client.post("/ledgers/new/energy", form())
    entry = Entry.objects.get()
    assert answer["Location"] == f"/ledgers/entries/{entry.pk}/"
    page = text(client, answer["Location"])
    assert "+12.5" in page
    assert "吨标准煤" in page
    assert "黄发改〔2023〕1 号" in page
    kept = client.get(f"/ledgers/entries/{entry.pk}/file")
    assert kept.getvalue() == b"%PDF-1.7 x"
    assert "attachment" in kept["Content-Disposition"]
    assert ">12.5</a>" in text(client, "/ledgers/")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"amount": "十二"}, "填的是“十二”，应为最多 4 位小数的数（吨标准煤）"),
        ({"amount": "0.00001"}, "最多 4 位小数"),
        ({"amount": "-1"}, "填的是“-1”"),
        ({"amount": "0"}, "数量应大于 0"),
        ({"amount": ""}, "必填"),
        ({"year": "1999"}, "年度填的是 1999，应在 2010 与"),
        ({"on": "2099-01-01"}, "晚于今天"),
        ({"proof": file("批复.exe")}, "不能作为证明材料"),
        ({"proof": file(content=b"MZ")}, "内容不是 PDF 文件"),
        ({"unit": "331002"}, "选择一个有效的选项"),
        ({"reason": ""}, "须填写说明"),
    ],
)
def test_a_slip_is_said_beside_the_form(as_user, county, given: dict[str, Any], sentence: str) -> None:
    answer = as_user(county).post("/ledgers/new/energy", form(**given))
    assert answer.status_code == 422
    assert sentence in unescape(answer.content.decode())
    assert not Entry.objects.exists()


def test_an_entry_of_a_merger_shows_what_the_rule_says(as_user, auditor) -> None:
    why = {"sentence": "全部计为腾出", "rules": [{**RULE, "inputs": GIVEN}]}
    entry = actions.credit(None, "land", here(), 200_000, told("merged", clause="art.9", why=why))
    page = text(as_user(auditor), f"/ledgers/entries/{entry.pk}/")
    assert "全部计为腾出" in page
    assert "兼并企业上一年度" in page or "上一年度" in page
    assert 'class="explain"' in page


def test_a_counter_by_the_page(as_user, county) -> None:
    client = as_user(county)
    client.post("/ledgers/new/energy", form())
    wrong = Entry.objects.get()
    answer = client.post(f"/ledgers/entries/{wrong.pk}/counter", {"reason": "多记", "document": "x", "proof": file()})
    made = Entry.objects.get(counters=wrong)
    assert answer["Location"] == f"/ledgers/entries/{made.pk}/"
    page = text(client, f"/ledgers/entries/{wrong.pk}/")
    assert "已冲正" in page
    assert "/counter" not in page


def test_the_queue_and_a_grant_that_passes_another(as_user, county) -> None:
    client = as_user(county)
    actions.credit(None, "energy", here(), 10**6, told("closed"))
    for sort, title in (("other", "丙项目"), ("chain", "甲项目")):
        sent = {"unit": "331003", "sort": sort, "project": title, "amount": "3", "applied_on": "2023-03-06"}
        assert client.post("/ledgers/claims/new/energy", sent).status_code == 302
    page = text(client, "/ledgers/claims/").partition("<table")[2]
    assert page.index("甲项目") < page.index("丙项目")
    other = Claim.objects.get(project="丙项目")
    assert "须写明理由" in text(client, f"/ledgers/claims/{other.pk}/")
    said = client.post(f"/ledgers/claims/{other.pk}/grant", follow=True).content.decode()
    assert "还有优先的申请在等" in said
    client.post(f"/ledgers/claims/{other.pk}/grant", {"reason": "急需"})
    assert Claim.objects.get(pk=other.pk).state == "granted"
    assert "丙项目" not in text(client, "/ledgers/claims/").partition("<table")[2]
    assert "丙项目" in text(client, "/ledgers/claims/?state=granted")


def test_the_fund_of_a_year(as_user, county) -> None:
    client = as_user(county)
    page = text(client, "/ledgers/fund/331003/2022/")
    assert "还没有登记" in page
    sent = {"amount": "1000000", "document": "黄财〔2023〕1 号", "proof": file()}
    assert client.post("/ledgers/fund/331003/2022/", sent).status_code == 302
    assert Revenue.objects.get().amount == 10**8
    page = text(client, "/ledgers/fund/331003/2022/")
    assert "5,000.00" in page
    again = client.post("/ledgers/fund/331003/2022/", {**sent, "amount": "2", "proof": file()})
    assert "须填写理由" in unescape(again.content.decode())
    assert "黄岩区</a>还差 5,000.00 元" in text(client, "/ledgers/fund/?year=2022")
    assert client.get("/ledgers/fund/331003/1999/").status_code == 404


def test_a_county_sees_its_own_and_the_city_all(as_user, city, county) -> None:
    other = Unit.objects.get(pk="331002")
    entry = actions.credit(None, "land", other, 7, told("closed"))
    assert "椒江区" in text(as_user(city), "/ledgers/entries/")
    client = as_user(county)
    for address in ("/ledgers/", "/ledgers/entries/", "/ledgers/fund/", "/ledgers/replacement/"):
        assert "椒江区" not in text(client, address), address
    assert client.get(f"/ledgers/entries/{entry.pk}/").status_code == 404


def test_what_is_owed_is_said(as_user, city) -> None:
    actions.enter(None, "replacement", here(), 25_000, told("changed"), today=DAY)
    page = text(as_user(city), "/ledgers/replacement/")
    assert "黄岩区欠 2.5 亩" in page
    assert "-2.5" in text(as_user(city), "/ledgers/")


@pytest.mark.parametrize(
    "address", ["", "entries/", "claims/", "fund/", "fund/331003/2022/", "replacement/", "entries/?kind=land&q=项目"]
)
def test_as_many_queries_for_much_as_for_little(as_user, city, address: str) -> None:
    client = as_user(city)

    def filled(n: int) -> None:
        for unit in Unit.objects.all()[:n]:
            for number in range(n):
                actions.credit(None, "land", unit, 9, told("closed"))
                actions.debit(None, "land", unit, 1, told("project", project=f"项目{number}"))
                actions.credit(None, "fund", unit, 9, told("drawn", 2022))
                claims.apply(None, "energy", unit, 1, sort="chain", project="x", applied_on=DAY, today=DAY)
            fund.set_revenue(None, unit, 2022, 1, document="x", proof=PROOF, reason="x")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(client, f"/ledgers/{address}")
        return len(queries)

    filled(2)
    text(client, f"/ledgers/{address}")
    few = asked()
    filled(4)
    assert asked() == few
