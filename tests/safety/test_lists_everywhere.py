"""Every page with a table has a registered list: export, columns, density, saved filters; or says why not."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from addresses import fill, places, routes

from fenghuang.domain.feeds.models import Finding
from fenghuang.domain.registry.models import FirmYear
from fenghuang.platform.lists.models import Choice
from fenghuang.platform.lists.registry import find, names

pytestmark = pytest.mark.django_db

EXEMPT = {  # pages whose tables are no lists
    "": "the ranking of ten units beside the map; the list behind it is 亩均评价",
    "firms/<str:uscc>/": "one firm: its facts by year and its grade, explained; the lists are 企业库 and 政策直兑",
    "firms/<str:uscc>/events/": "one firm's history, and what stands under it",
    "firms/<str:uscc>/path": "one firm beside its group, and what would change its grade",
    "land/parcels/<path:reference>/": "one parcel: rights, buildings, who uses it, its versions; the list is 宗地",
    "land/meters/<path:reference>/": "one meter and who hangs on it; the list is 电表",
    "firms/rows/<int:pk>/": "one delivered row under its headers",
    "data/uploads/<int:pk>/": "a preview that is decided on and gone; what was taken is 报送文件",
    "data/uploads/<int:pk>/columns": "the first rows of a file, to say which column is which",
    "cases/registers/<slug:key>/diagram": "the declaration of a register, drawn and said",
    "cases/registers/<slug:key>/periods": "the limits of a register's states, with a form in each line",
    "cases/registers/<slug:key>/screen": "who would enter, decided on and gone; what was entered is 清单事项",
    "cases/registers/<slug:key>/bulk": "a preview that is decided on and gone; the list is 清单事项",
    "cases/<int:pk>/": "one case",
    "cases/<int:pk>/print": "one case as a sheet of paper",
    "campaigns/<int:pk>/": "one campaign: states, counts and what changed; its firms are 评价结果",
    "campaigns/<int:pk>/firms/<str:uscc>/": "one firm's grade, explained",
    "ledgers/fund/<slug:unit>/<int:year>/": "one county's year; its entries are 台账分录",
    "campaigns/<int:pk>/reconciliation": "a few figures, each with what can be done about it",
    "campaigns/<int:pk>/method": "a form: weights and benchmarks of one method beside last year's",
    "campaigns/<int:pk>/check/confirm": "a preview that is decided on; the list is 企业核对",
    "firms/accounts": "ten units with how many firms are without an account",
    "publication/": "what is open to all, a line a list; each has files of its own",
    "publication/<slug:unit>/<int:year>/": "open to all, with a file of its own",
    "lists/": "the saved filters themselves, with a form in each line",
    "style/": "samples of components",
    "rules/<str:rule>/": "the steps of one calculation",
    "policies/<str:pack>/": "the document, open to all; the API gives its clauses as data",
    "policies/<str:pack>/coverage": "the same clauses with what is done",
    "policies/<str:pack>/<str:clause>": "one clause: figures, readings and cases",
    "api/v1/docs": "the documentation of the API",
}
LISTS = {  # list: the address of its page
    "firms": "firms/",
    "evaluation": "evaluation/",
    "incentives": "incentives/",
    "parcels": "land/",
    "meters": "land/meters/",
    "parks": "land/parks/",
    "land-check": "land/check/",
    "deliveries": "data/",
    "delivery": "data/deliveries/<int:pk>/",
    "findings": "data/findings/",
    "audit": "audit/",
    "jobs": "jobs/",
    "sessions": "accounts/sessions/",
    "users": "accounts/users/",
    "whatif": "whatif/",
    "cases": "cases/",
    "register-cases": "cases/registers/<slug:key>/",
    "campaigns": "campaigns/",
    "campaign-grades": "campaigns/<int:pk>/grades",
    "ledgers": "ledgers/",
    "ledger-entries": "ledgers/entries/",
    "ledger-claims": "ledgers/claims/",
    "ledger-fund": "ledgers/fund/",
    "ledger-replacement": "ledgers/replacement/",
    "campaign-check": "campaigns/<int:pk>/check/",
    "campaign-totals": "campaigns/<int:pk>/totals",
    "city-totals": "campaigns/totals",
}


@pytest.fixture
def given(county: Any, small_city: Any) -> dict[str, Any]:
    """What stands in addresses, with something found in the delivery."""
    found = places(county)
    found["delivery"] = Finding.objects.first().raw_row.delivery_id
    return found


def text(client: Any, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_every_page_with_a_table_has_a_list(client, operator, given) -> None:
    from people import PASSWORD

    client.post("/accounts/login/", {"login": "zhao", "password": PASSWORD})
    without, with_table = [], set()
    for route in routes():
        answer = client.get(fill(route, given))
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        body = answer.content.decode()
        main = body[body.find("<main") :]
        if "<table" not in main and "mend-list" not in main:
            continue
        with_table.add(route)
        exports = re.findall(r'href="/lists/([\w-]+)/export', main)
        if route in EXEMPT:
            assert not exports, f"/{route} is exempt and has a list: {exports}"
        elif not exports or not all(find(name) for name in exports):
            without.append(route)
    assert not without, f"neither a list (lists.py) nor exempt: {without}"
    assert set(LISTS.values()) <= with_table
    assert set(LISTS) == set(names())


@pytest.mark.parametrize("name", LISTS)
def test_columns_are_chosen_remembered_and_exported(client, operator, city, given, name: str) -> None:
    """The same on every list, the first column always first: it says what the line is about."""
    from people import PASSWORD

    client.post("/accounts/login/", {"login": "zhao", "password": PASSWORD})
    address = fill(LISTS[name], given) + ("?show=notices" if name == "findings" else "")
    before = client.get(address).context["table"]
    every = [str(column) for column in before.columns.names()]
    wanted = [every[0], every[-1]]
    of_one = {"delivery": given["delivery"]}
    of_one |= dict.fromkeys(("campaign-grades", "campaign-check", "campaign-totals"), given["campaign"])
    query = f"pk={of_one[name]}" if name in of_one else address.partition("?")[2]
    query = "key=inefficient_firms" if name == "register-cases" else query
    sent = {"cols": wanted, "density": "compact", "query": query}
    assert client.post(f"/lists/{name}/columns", sent)["Location"] == address
    page = client.get(address)
    assert [column.name for column in page.context["table"].columns] == wanted
    assert "list-tools is-compact" in page.content.decode()
    assert Choice.objects.get(user=operator, listing=name).columns == wanted
    assert not Choice.objects.filter(user=city).exists()
    headers = [str(before.columns[column].header) for column in wanted]
    assert exported(client, name, query)[0] == headers
    client.post(f"/lists/{name}/columns", {"reset": "1", "query": query})
    usual = [column.name for column in client.get(address).context["table"].columns]
    assert len(usual) > 2
    assert len(exported(client, name, query)[0]) == len(every)


def exported(client: Any, name: str, query: str) -> list[list[Any]]:
    """Header and rows of the file."""
    from io import BytesIO

    from openpyxl import load_workbook

    content = b"".join(client.get(f"/lists/{name}/export?{query}").streaming_content)
    rows = [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]
    blank = next(place for place, row in enumerate(rows) if not any(row))
    return [[cell for cell in rows[blank + 1] if cell is not None], *rows[blank + 2 :]]


def test_a_filter_of_one_thing_leads_back_to_its_page(as_user, city, given) -> None:
    client = as_user(city)
    number = given["delivery"]
    client.post("/lists/delivery/save", {"name": "这份", "query": f"pk={number}&cols=place"})
    assert f'href="/data/deliveries/{number}/?cols=place"' in text(client, f"/data/deliveries/{number}/")
    for query in ("", "pk=x", "pk=999999", "pk=" + "9" * 40, "pk=%00"):
        assert client.get(f"/lists/delivery/export?{query}").status_code == 404, query


def test_corrections_are_a_part_of_the_deliveries(as_user, city, given) -> None:
    from fenghuang.domain.feeds.models import Delivery

    one = Delivery.objects.filter(kind="file").first()
    made = {"template": one.template, "department": one.department, "size": 1, "received_at": one.received_at}
    Delivery.objects.create(kind="correction", file_name="更正", sha256="0" * 64, reason="抄错一位", **made)
    client = as_user(city)
    assert "更正" not in [row[0] for row in exported(client, "deliveries", "")]
    header, *rows = exported(client, "deliveries", "show=corrections")
    assert [(row[0], row[header.index("更正理由")]) for row in rows] == [("更正", "抄错一位")]
    assert "抄错一位" in text(client, "/data/?show=corrections&cols=reason")


# --- sensitive fields in lists ---


@pytest.fixture
def told(given: Any) -> Finding:
    """An open finding whose sentence tells a tax."""
    row = FirmYear.objects.current().filter(firm__unit="331003", tax__isnull=False).first().tax_row
    type(row).objects.filter(pk=row.pk).update(status="quarantined")
    return Finding.objects.create(
        raw_row=row, field="tax", kind="text_in_number", severity="quarantine", found="8888777元整",
        sentence="评价税收（元）“8888777元整”不是数字；请更正", uscc="", unit_id="331003",
    )  # fmt: skip


@pytest.mark.parametrize(("role", "reads"), [("city", True), ("county", True), ("auditor", True), ("operator", False)])
def test_files_of_findings_are_masked_like_pages_and_reading_is_noted(request, as_user, told, role, reads) -> None:
    from fenghuang.platform.audit.models import Event

    person = request.getfixturevalue(role)
    client = as_user(person)
    number = told.raw_row.delivery_id
    for name, query, address in (
        ("findings", "kind=text_in_number", "/data/findings/?kind=text_in_number"),
        ("delivery", f"pk={number}&cols=place,sentence,found", f"/data/deliveries/{number}/?cols=sentence,found"),
    ):
        assert ("8888777" in str(exported(client, name, query))) == reads, name
        event = Event.objects.filter(action="lists.export").order_by("-id").first()
        assert (event.actor, event.subject_id) == (person, name)
        assert event.after["fields"] == (["tax"] if reads else [])
        assert ("8888777" in text(client, address)) == reads, address
        assert ("8888777" in text(client, address)) == reads, address
    noted = Event.objects.filter(action="lists.read").order_by("id")
    assert [(e.actor, e.subject_id, e.after["fields"]) for e in noted] == (
        [(person, "findings", ["tax"]), (person, f"delivery:{number}", ["tax"])] if reads else []
    )


@pytest.mark.parametrize(("role", "reads"), [("city", True), ("auditor", True), ("operator", False)])
def test_the_list_of_firms_is_noted_and_its_file_says_so(request, as_user, given, role, reads) -> None:
    from fenghuang.platform.audit.models import Event

    client = as_user(request.getfixturevalue(role))
    text(client, "/firms/")
    text(client, "/firms/?grade=A")
    assert Event.objects.filter(action="lists.read", subject_id="firms").count() == int(reads)
    exported(client, "firms", "")
    assert Event.objects.get(action="lists.export").after["fields"] == (["tax_per_mu"] if reads else [])
