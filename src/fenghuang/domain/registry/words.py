"""What firms are searched by, one narrow row a firm: a word of any length is found in one walk over them."""

from __future__ import annotations

import re
from collections import defaultdict

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from fenghuang.domain.feeds import bulk
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmName, FirmWords

LENGTH = 18  # of a code
BEGUN = re.compile(r"[0-9A-Z]{1,18}")


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


def called(word: str) -> QuerySet[FirmWords]:
    """Of the firms with the word in a name; a Latin one may also be in the pinyin. One walk over all of them."""
    rows = FirmWords.objects.alias(named=StrIndex("names", Value(word.lower())))
    if not word.isascii():  # no pinyin has anything else
        return rows.filter(named__gt=0)
    rows = rows.alias(spelt=StrIndex("latin", Value(word.lower().replace(" ", ""))))
    return rows.filter(Q(named__gt=0) | Q(spelt__gt=0))


def coded(word: str, column: str = "uscc") -> Q:
    """That a code begins with the word, as a range of the codes' index.

    Every code has eighteen digits and capitals (`firm_uscc_form`), so the first and the last that begin so are known;
    0 comes before and Z after all others in the collation of either database.
    """
    begun = word.upper()
    if not BEGUN.fullmatch(begun):
        return Q(pk__in=[])
    return Q(**{f"{column}__range": (begun.ljust(LENGTH, "0"), begun.ljust(LENGTH, "Z"))})


def having(word: str) -> QuerySet[FirmWords]:
    """Of the firms that the word is found by: called so, or with a code that begins so."""
    return called(word) | FirmWords.objects.filter(coded(word))
