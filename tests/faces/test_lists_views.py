"""Columns, density and saved filters: remembered by person, shared by link, changed by the owner."""

from __future__ import annotations

from typing import Any

import pytest

from fenghuang.platform.audit.models import Event
from fenghuang.platform.lists.models import Choice, SavedView


def shown(client: Any, query: str = "", path: str = "/firms/") -> list[str]:
    return [column.name for column in client.get(f"{path}?{query}").context["table"].columns]


def keep(client: Any, name: str = "黄岩的A类", query: str = "unit=331003&grade=A&page=3", **more: str) -> SavedView:
    client.post("/lists/firms/save", {"name": name, "query": query, **more})
    return SavedView.objects.filter(name=name).last()


def test_columns_of_the_address(as_user, city, small_city) -> None:
    client = as_user(city)
    usual = shown(client)
    assert "township" not in usual
    assert shown(client, "cols=score,township") == ["name", "township", "score"]
    assert shown(client, "cols=nonsense") == usual
    assert 'list-tools is-compact"' in client.get("/firms/?density=compact").content.decode()
    assert not Choice.objects.exists()  # a colleague's link changes nobody's liking


def test_columns_are_remembered_by_person(as_user, city, auditor, small_city) -> None:
    client = as_user(city)
    sent = {"cols": ["uscc", "reason"], "density": "compact", "query": "unit=331003&cols=score"}
    answer = client.post("/lists/firms/columns", sent)
    assert answer["Location"] == "/firms/?unit=331003"
    assert shown(client) == ["name", "uscc", "reason"]
    page = client.get("/firms/").content.decode()
    assert "is-compact" in page
    assert "None" not in page
    assert len(shown(as_user(auditor))) > 3
    client = as_user(city)
    client.post("/lists/firms/columns", {"reset": "1", "query": ""})
    assert "score" in shown(client)


def test_decisions_have_columns_too(as_user, city, small_city) -> None:
    client = as_user(city)
    assert shown(client, "cols=code,amount,missing", "/incentives/") == ["firm", "code", "amount", "missing"]


def test_a_filter_is_kept_and_opened_by_link(as_user, city, small_city) -> None:
    client = as_user(city)
    view = keep(client)
    assert (view.query, view.shared, view.owner) == ("unit=331003&grade=A", False, city)
    assert client.get(f"/lists/views/{view.pk}/")["Location"] == "/firms/?unit=331003&grade=A"
    assert "黄岩的A类" in client.get("/firms/").content.decode()
    assert Event.objects.filter(action="lists.save_view").first().after["name"] == "黄岩的A类"
    again = keep(client, query="grade=B")
    assert (again.pk, again.query) == (view.pk, "grade=B")


def test_private_is_private_and_shared_is_shared(as_user, city, county, small_city) -> None:
    private, shared = keep(as_user(city), "私"), keep(as_user(city), "共", shared="on")
    client = as_user(county)
    assert client.get(f"/lists/views/{private.pk}/").status_code == 404
    assert client.get(f"/lists/views/{shared.pk}/").status_code == 302
    listed = client.get("/lists/").content.decode()
    assert "共" in listed
    assert "私" not in listed.replace("私有", "")


def test_only_the_owner_changes_it(as_user, city, county, small_city) -> None:
    view = keep(as_user(city), "共", shared="on")
    client = as_user(county)
    assert client.post(f"/lists/views/{view.pk}/delete").status_code == 403
    assert client.post(f"/lists/views/{view.pk}/change", {"name": "改"}).status_code == 403
    client = as_user(city)
    client.post(f"/lists/views/{view.pk}/change", {"name": "新名"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("新名", False)
    assert Event.objects.filter(action="lists.change_view").first().before == {"name": "共", "shared": True}
    other = keep(client, "另一个")
    client.post(f"/lists/views/{other.pk}/change", {"name": "新名"})
    other.refresh_from_db()
    assert other.name == "另一个"
    client.post(f"/lists/views/{view.pk}/delete")
    assert not SavedView.objects.filter(pk=view.pk).exists()
    assert Event.objects.filter(action="lists.delete_view").count() == 1


def test_auditors_keep_filters_for_themselves(as_user, auditor, small_city) -> None:
    client = as_user(auditor)
    assert keep(client, "自用").owner == auditor
    assert client.post("/lists/firms/save", {"name": "共", "query": "", "shared": "on"}).status_code == 403
    view = SavedView.objects.get()
    assert client.post(f"/lists/views/{view.pk}/change", {"name": "共", "shared": "on"}).status_code == 403


def test_views_of_a_closed_list_stay_closed(as_user, city, county) -> None:
    as_user(city).post("/lists/audit/save", {"name": "导出记录", "query": "action=lists.export", "shared": "on"})
    view = SavedView.objects.get()
    client = as_user(county)
    assert client.get(f"/lists/views/{view.pk}/").status_code == 404
    assert "导出记录" not in client.get("/lists/").content.decode()
    assert client.post("/lists/audit/save", {"name": "x", "query": ""}).status_code == 404


@pytest.mark.parametrize("sent", [{"name": ""}, {"name": "名" * 61}, {"name": "x", "query": "q=" + "a" * 2001}])
def test_what_cannot_be_kept_is_said(as_user, city, small_city, sent: dict[str, str]) -> None:
    answer = as_user(city).post("/lists/firms/save", sent, follow=True)
    assert "没有保存" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_view_leads_nowhere_else(as_user, city, small_city) -> None:
    view = keep(as_user(city), "外", query="//evil.example/?x=1")
    assert as_user(city).get(f"/lists/views/{view.pk}/")["Location"].startswith("/firms/")
