"""Firms whose names are very similar to one that a row gives with a code nobody knows. Only ever shown to people.

Similar means: the same but for the kind of company, the place in front, and about one character in five
(difflib's ratio of what is left, at least 0.8): 宏达机械 and 宏发机械 are two firms, 宏达机械制造 may be the first.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

ENOUGH = 0.8
MOST = 3  # firms that are shown
RAREST, COMMON = 4, 1000  # pairs of a name that are looked up, the rarest; those that more firms have tell little
LOOKED_AT = 20  # firms that share the most pairs of characters, compared in full
PLACES = re.compile(r"^(浙江省?)?(台州市?)?(椒江区?|黄岩区?|路桥区?|临海市?|温岭市?|玉环市?|天台县?|仙居县?|三门县?)?")
KINDS = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|厂)$")


def plain(name: str) -> str:
    """A name without what typists change: width, blanks, kind of brackets."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def core(name: str) -> str:
    """What tells a firm from others: its name without place and kind of company; all of it if nothing is left."""
    text = re.sub(r"[()]", "", plain(name))
    return KINDS.sub("", PLACES.sub("", text)) or text


@dataclass
class Alike:
    """The names of a year's firms, found by pairs of characters. Made when it is first asked."""

    cores: dict[str, str] = field(default_factory=dict)  # code -> core
    by_pair: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # pair -> codes

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Alike:
        """`names`: code -> name."""
        found = cls()
        for uscc, name in names.items():
            found.cores[uscc] = core(name)
            for pair in pairs(found.cores[uscc]):
                found.by_pair[pair].append(uscc)
        return found

    def to(self, name: str, among: Collection[str] | None = None) -> list[str]:
        """Codes of the firms with very similar names, the most similar first; with `among`, of these only."""
        wanted = core(name)
        rare = sorted((self.by_pair[pair] for pair in pairs(wanted) if pair in self.by_pair), key=len)
        lists = [codes for place, codes in enumerate(rare[:RAREST]) if place == 0 or len(codes) <= COMMON]
        shared = Counter(uscc for codes in lists for uscc in codes if among is None or uscc in among)
        compared = [(ratio(wanted, self.cores[uscc]), uscc) for uscc, _ in shared.most_common(LOOKED_AT)]
        return [uscc for _, uscc in sorted((-one, uscc) for one, uscc in compared if one >= ENOUGH)][:MOST]


def pairs(text: str) -> set[str]:
    """Every two characters beside each other."""
    return {text[place : place + 2] for place in range(max(1, len(text) - 1))}


def ratio(one: str, two: str) -> float:
    """How much two names have in common, 1 when they are the same."""
    return SequenceMatcher(None, one, two, autojunk=False).ratio()
