"""What happens to firms: registered with a source, followed to predecessors and successors, countered when wrong."""

from __future__ import annotations

from typing import Any

import pytest
from deliveries import A, B, C, D, firm
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.registry import events
from fenghuang.domain.registry.events import Said
from fenghuang.domain.registry.history import ELSEWHERE, history
from fenghuang.domain.registry.models import Firm, FirmEvent
from fenghuang.domain.registry.queries import firms_for, search_firms
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db
SOURCE = "台市监变字〔2023〕1号"


@pytest.fixture(autouse=True)
def unbuilt_assets(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def four(deliver: Any) -> list[Firm]:
    """A, B and C of 黄岩区, D of 椒江区."""
    here = [firm(code, f"台州{name}有限公司", unit="黄岩区") for code, name in ((A, "甲甲"), (B, "乙乙"), (C, "丙丙"))]
    deliver(directory=[*here, firm(D, "台州丁丁有限公司")])
    return [Firm.objects.get(uscc=code) for code in (A, B, C, D)]


def said(kind: str, year: int = 2023, **more: Any) -> Said:
    return Said(kind, year, more.pop("source", SOURCE), **more)


def test_a_new_name_is_shown_and_found_and_gone_when_countered(four, city) -> None:
    one = four[0]
    event = events.register(one, said("renamed", name="台州新名有限公司"), user=city)
    one.refresh_from_db()
    assert one.name == "台州新名有限公司"
    assert one in search_firms(city, "新名")
    assert one in search_firms(city, "甲甲")
    assert one in search_firms(city, "tzxm")
    events.counter(event, user=city, reason="登记错了企业")
    one.refresh_from_db()
    assert one.name == "台州甲甲有限公司"
    assert one not in search_firms(city, "新名")
    with pytest.raises(Stale, match="这条登记已由"):
        events.counter(event, user=city, reason="再撤一次")
    assert [told.is_countered for told in history(city, one)] == [True, False]
    assert Event.objects.filter(action__startswith="registry.firm_event").count() == 2


def test_a_later_directory_has_the_last_word(four, city, deliver) -> None:
    events.register(four[0], said("renamed", name="台州新名有限公司"), user=city)
    deliver(directory=[firm(A, "台州更新有限公司", unit="黄岩区")], year=2023)
    assert Firm.objects.get(uscc=A).name == "台州更新有限公司"
    with pytest.raises(Stale, match="2023 年名录已报送该企业，名称以名录为准"):
        events.register(four[0], said("renamed", name="台州再改有限公司"), user=city)


def test_a_firm_that_moves_belongs_to_the_new_unit_and_its_past_to_the_old(four, city, county) -> None:
    events.register(four[3], said("moved", unit=Unit.objects.get(pk="331003")), user=city)
    moved = Firm.objects.get(uscc=D)
    assert moved.unit_id == "331003"
    assert moved in firms_for(county)


def test_a_merger_is_followed_from_both_sides(four, city, as_user) -> None:
    one, two, three, _ = four
    events.register(one, said("merged", others=[two]), user=city)
    events.register(two, said("split", 2024, others=[three, four[3]]), user=city)
    for each in four:
        assert [told.event.kind for told in history(city, each)] == ["merged", "split"]
    client = as_user(city)
    page = client.get(reverse("cockpit:firm", args=[A])).content.decode()
    assert "2023 年起已并入" in page
    page = client.get(reverse("registry:events", args=[A])).content.decode()
    assert reverse("cockpit:firm", args=[B]) in page
    assert "登记变更" not in page
    assert "2023 年起已并入" in client.get("/search/", {"q": A}).content.decode()


def test_what_cannot_be_is_refused_with_the_reason(four, city) -> None:
    one, two, three, _ = four
    for wrong, why in (
        (said("merged", others=[one]), "不能并入或分立为企业自身"),
        (said("merged"), "请填写一个并入企业"),
        (said("merged", others=[two, three]), "请填写一个并入企业"),
        (said("split"), "请填写分立后的企业"),
        (said("renamed", name=one.name), "与现在的名称相同"),
        (said("renamed", name=" "), "请填写新名称"),
        (said("renamed", 2022, name="台州新名"), "2022 年名录已报送该企业"),
        (said("moved", unit=one.unit), "与现在不同的迁入地"),
        (said("cancelled", 2009), "年度应在 2010 到"),
        (said("cancelled", 2099), "年度应在"),
        (said("cancelled", source="无"), "请填写理由"),
        (said("countered"), "请选择变更种类"),
    ):
        with pytest.raises(Stale, match=why):
            events.register(one, wrong, user=city)
    events.register(one, said("merged", others=[two]), user=city)
    with pytest.raises(Stale, match="已登记并入（2023 年起）"):
        events.register(one, said("cancelled"), user=city)
    with pytest.raises(Stale, match=r"前后矛盾|不能再承接"):
        events.register(two, said("merged", 2022, others=[one]), user=city)
    assert FirmEvent.objects.count() == 1


@pytest.mark.parametrize(("who", "may"), [("county", True), ("auditor", False), ("operator", False)])
def test_who_may_register(four, who: str, may: bool, request) -> None:
    user = request.getfixturevalue(who)
    if not may:
        with pytest.raises(PermissionDenied):
            events.register(four[0], said("cancelled"), user=user)
        return
    with pytest.raises(PermissionDenied):  # of another unit
        events.register(four[3], said("cancelled"), user=user)
    with pytest.raises(PermissionDenied):  # into one of another unit
        events.register(four[0], said("merged", others=[four[3]]), user=user)
    event = events.register(four[0], said("cancelled"), user=user)
    events.counter(event, user=user, reason="登记有误")
    assert not FirmEvent.standing().exists()


def test_a_county_official_does_not_learn_names_of_other_units(four, city, county) -> None:
    events.register(four[3], said("merged", others=[four[0]]), user=city)
    (told,) = history(county, four[0])
    assert (told.firm.name, told.firm.uscc) == (ELSEWHERE, "")


def test_the_form_registers_and_says_what_is_wrong(four, city, as_user) -> None:
    client = as_user(city)
    address = reverse("registry:events", args=[A])
    sent = {"kind": "merged", "year": "2023", "source": SOURCE, "others": "913310020000000000"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "企业库中没有您可以变更的企业“913310020000000000”" in answer.content.decode()
    assert client.post(address, {**sent, "others": B.lower(), "year": "23"}).status_code == 422
    assert client.post(address, {**sent, "others": f" {B.lower()}，"}).status_code == 302
    event = FirmEvent.objects.get()
    assert [one.uscc for one in event.others.all()] == [B]
    client.post(reverse("registry:counter", args=[A, event.pk]), {"reason": "看错了"})
    assert not FirmEvent.standing().exists()


def test_an_event_is_never_changed(four, city) -> None:
    event = events.register(four[0], said("cancelled"), user=city)
    event.year = 2020
    with pytest.raises(PermissionDenied):
        event.save()
    with pytest.raises(PermissionDenied):
        event.delete()
