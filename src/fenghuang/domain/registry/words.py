"""What firms are searched by, one narrow row a firm: a word of any length is found in one walk over them."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from fenghuang.domain.feeds import bulk
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmName, FirmWords


def gather() -> None:
    """Write the words of every firm whose names are not what they were. Call it under the lock."""
    names: dict[int, list[str]] = defaultdict(list)
    for rows in (FirmName.objects.order_by("id"), FirmEvent.standing().exclude(name="").order_by("id")):
        for firm, name in rows.values_list("firm_id", "name"):
            names[firm].append(name)
    written = {firm: words for firm, *words in FirmWords.objects.values_list("firm_id", "names", "latin")}
    fresh, changed = [], []
    columns = ("id", "uscc", "name", "initials", "pinyin")
    for firm, uscc, name, initials, pinyin in Firm.objects.order_by("id").values_list(*columns):
        words = [_lines(name, *names[firm]), _lines(initials, pinyin)]
        if firm not in written:
            fresh.append((firm, uscc, *words))
        elif written[firm] != words:
            changed.append((*words, firm))
    bulk.insert(FirmWords, ["firm_id", "uscc", "names", "latin"], fresh)
    bulk.update(FirmWords, ["names", "latin"], changed)


def _lines(*texts: str) -> str:
    """Each once, a line each, in small letters: no word goes over the end of a line."""
    return "\n".join(dict.fromkeys(text.lower() for text in texts))


def having(word: str) -> QuerySet[FirmWords]:
    """Of the firms with the word in a name; a Latin one may also be in the pinyin, or begin the code."""
    rows = FirmWords.objects.alias(named=StrIndex("names", Value(word.lower())))
    if not word.isascii():  # no code and no pinyin has anything else
        return rows.filter(named__gt=0)
    latin = StrIndex("latin", Value(word.lower().replace(" ", "")))
    rows = rows.alias(spelt=latin, coded=StrIndex("uscc", Value(word.upper())))
    return rows.filter(Q(named__gt=0) | Q(spelt__gt=0) | Q(coded=1))
