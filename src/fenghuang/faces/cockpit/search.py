"""Search everywhere: firms, projects, clauses and pages, each within what the person may see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import Resolver404, resolve, reverse

from fenghuang.domain.registry import queries as registry
from fenghuang.language.words import clause_title
from fenghuang.law.pack import packs
from fenghuang.platform.ui.navigation import entries

if TYPE_CHECKING:
    from fenghuang.domain.registry.models import Firm
    from fenghuang.platform.accounts.models import User

HITS = 12  # of a group; the group says when there are more
LONGEST = 100
WORDS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of the answer."""

    title: str
    address: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of a kind, and where the rest of them is found."""

    title: str
    icon: str
    hits: list[Hit]
    more: str = ""


def search(request: Any, text: str) -> list[Group]:
    """Groups with something in them, firms first."""
    words = text[:LONGEST].replace("\0", " ").split()[:WORDS]  # PostgreSQL takes no NUL
    if not words:
        return []
    groups = [firms(request.user, words), projects(request.user, words), rules(words), pages(request, words)]
    return [group for group in groups if group.hits]


def firms(user: User, words: list[str]) -> Group:
    """By name, former name, code, pinyin or initials; names that begin so first."""
    found = registry.search_firms(user, words[0])
    for word in words[1:]:
        found = found.filter(pk__in=registry.search_firms(user, word).order_by().values("pk"))
    first = Case(
        When(Q(name__startswith=words[0]) | Q(initials__startswith=words[0].lower()), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    listed = list(found.select_related("unit").order_by(first, "pinyin", "uscc")[: HITS + 1])
    former = _former([firm for firm in listed[:HITS] if not all(word in firm.name for word in words)], words)
    hits = [
        Hit(firm.name, reverse("cockpit:firm", args=[firm.uscc]), " · ".join(_about(firm, former.get(firm.pk, ""))))
        for firm in listed[:HITS]
    ]
    return Group("企业", "building", hits, _more("cockpit:firms", words, len(listed)))


def _about(firm: Firm, former: str) -> list[str]:
    parts = [firm.uscc, str(firm.unit or "地区未知")]
    return [*parts, f"曾用名 {former}"] if former else parts


def _former(listed: list[Firm], words: list[str]) -> dict[int, str]:
    """The earlier name that was found, by firm."""
    from fenghuang.domain.registry.models import FirmName

    names = FirmName.objects.filter(firm__in=listed).order_by("first_year").values_list("firm_id", "name", "firm__name")
    return {firm: name for firm, name, now in names if name != now and any(word in name for word in words)}


def projects(user: User, words: list[str]) -> Group:
    """By title or code; one line a project and year."""
    found = registry.projects(user)
    for word in words:
        found = found.filter(Q(title__contains=word) | Q(code__contains=word.upper()) | Q(code__contains=word))
    listed = list(found.order_by("-year", "code")[: HITS + 1])
    hits = [
        Hit(
            project.title,
            f"{reverse('cockpit:firm', args=[project.firm.uscc])}?year={project.year}",
            f"{project.code} · {project.year} 年 · {project.firm}",
        )
        for project in listed[:HITS]
    ]
    return Group("项目", "file", hits, _more("incentives:index", words, len(listed)))


def _more(pattern: str, words: list[str], found: int) -> str:
    from urllib.parse import urlencode

    return f"{reverse(pattern)}?{urlencode({'q': ' '.join(words)})}" if found > HITS else ""


@cache
def _rules() -> list[tuple[str, str, str, str]]:
    """(rule, title, clause in words, its policy) of every rule of every policy."""
    return [
        (name, pack.words.rule_title(name), clause_title(rule.clause), f"{pack.number} {pack.title}")
        for pack in packs().values()
        for name, rule in pack.rules.items()
    ]


def rules(words: list[str]) -> Group:
    """By title, name or clause (第十条, 第10条, 任务16), or by the policy's own title and number."""
    asked = [re.sub(r"(\d+)条", lambda found: clause_title(f"art.{found[1]}").removeprefix("第"), w) for w in words]
    hits = [
        Hit(title, _address(name), f"{clause} · {policy}")
        for name, title, clause, policy in _rules()
        if all(word.lower() in f"{title} {name} {clause} {policy}".lower() for word in asked)
    ]
    return Group("条款与政策", "book", hits[: 2 * HITS])


def _address(rule: str) -> str:
    """The rule's calculator where there is one, else the decisions made by it."""
    address = f"/rules/{rule}/"
    try:
        resolve(address)
    except Resolver404:
        return f"{reverse('incentives:index')}?rule={rule}"
    return address


def pages(request: Any, words: list[str]) -> Group:
    """Entries of the navigation that this person has."""
    found = [entry for entry in entries(request) if all(word in entry.title for word in words)]
    return Group("页面", "right", [Hit(entry.title, entry.url) for entry in found])
