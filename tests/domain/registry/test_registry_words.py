"""A search finds exactly the firms with the word in a name of any time, in the pinyin, or at the start of the code."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q

from fenghuang.domain.feeds import actions as feeds
from fenghuang.domain.registry import events, words
from fenghuang.domain.registry.events import Said
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmName, FirmWords
from fenghuang.domain.registry.queries import search_firms

pytestmark = pytest.mark.django_db


def looked_for(text: str) -> set[int]:
    """By walking over every name, one after the other."""
    word = text.lower()
    latin = word.replace(" ", "") if word.isascii() else None
    said = [*FirmName.objects.values_list("firm_id", "name"), *Firm.objects.values_list("id", "name")]
    said += FirmEvent.standing().values_list("firm_id", "name")
    found = {firm for firm, name in said if word in name.lower()}
    if latin is not None:
        for firm in Firm.objects.all():
            if latin in firm.initials or latin in firm.pinyin or firm.uscc.startswith(text.upper()):
                found.add(firm.pk)
    return found


def test_every_piece_of_names_and_codes_finds_what_a_walk_finds(city: Any, small_city: Any) -> None:
    firms = list(Firm.objects.order_by("uscc")[::40])
    pieces = {"公司", "有", "限公", "不会有的词", "%", "_", "'", "\\", "9133", "3100", "tz", "t z"}
    for firm in firms:
        pieces |= {firm.name[2:3], firm.name[2:4], firm.name[2:5], firm.name, firm.uscc, firm.uscc[:9], firm.uscc[4:9]}
        pieces |= {firm.initials[:4], firm.initials[:4].upper(), firm.pinyin[3:9]}
    for piece in pieces:
        assert set(search_firms(city, piece).values_list("pk", flat=True)) == looked_for(piece), piece


def test_a_rename_is_found_at_once_and_the_former_name_stays(city: Any, small_city: Any) -> None:
    one = Firm.objects.filter(years__year=2022).order_by("uscc").first()
    former = one.name
    event = events.register(one, Said("renamed", 2023, "市监〔2023〕1号", name="Ω新名（ABC）"), user=None)
    for text in ("Ω新", "新名", "abc", "ABC", "xmabc", former):
        assert one in search_firms(city, text), text
    events.counter(event, user=None, reason="登记有误")
    assert one not in search_firms(city, "新名")
    assert one in search_firms(city, former)


def test_gathering_again_changes_nothing(small_city: Any) -> None:
    before = dict(FirmWords.objects.values_list("firm_id", "names"))
    assert len(before) == Firm.objects.count()
    FirmWords.objects.filter(Q(pk=min(before))).update(names="?")
    FirmWords.objects.filter(pk=max(before)).delete()
    feeds.lock()
    words.gather()
    assert dict(FirmWords.objects.values_list("firm_id", "names")) == before
