"""Search everywhere: firms, projects, cases, clauses and pages, each within what the person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse

from fenghuang.domain.casework import concerning
from fenghuang.domain.registry import queries as registry
from fenghuang.engines import search as law
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
    groups = [
        firms(request.user, words),
        projects(request.user, words),
        cases(request.user, words),
        rules(text),
        pages(request, words),
    ]
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
    gone = registry.ended_of(listed[:HITS])
    hits = [
        Hit(
            firm.name,
            reverse("cockpit:firm", args=[firm.uscc]),
            " · ".join([*_about(firm, former.get(firm.pk, "")), *gone.get(firm.pk, [])]),
        )
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


def cases(user: User, words: list[str]) -> Group:
    """By subject or title; open ones first."""
    listed = list(concerning.searched(user, words).defer("entry", "fields")[: HITS + 1])
    hits = [
        Hit(one.title, reverse("casework:case", args=[one.pk]), f"{one.declared.title} · {one.at.title} · {one.unit}")
        for one in listed[:HITS]
    ]
    return Group("清单事项", "check", hits, _more("casework:index", words, len(listed), show="all"))


def _more(pattern: str, words: list[str], found: int, **more: str) -> str:
    return f"{reverse(pattern)}?{urlencode({**more, 'q': ' '.join(words)})}" if found > HITS else ""


def rules(text: str) -> Group:
    """Clauses and what stands in them, as the pages of the policies find it."""
    found = law.found(text)
    hits = [_law_hit(hit) for kind in law.KINDS for hit in found.get(kind, [])[:HITS]]
    more = f"{reverse('policies:search')}?{urlencode({'q': text})}" if sum(map(len, found.values())) > len(hits) else ""
    return Group("条款与政策", "book", hits, more)


def _law_hit(hit: law.Hit) -> Hit:
    """A rule leads to its calculator, everything else to its clause."""
    about = f"{law.KINDS[hit.kind]} · {hit.about}"
    if hit.kind == "rule":
        return Hit(hit.title, reverse("explorer:rule", args=[hit.rule]), about)
    if not hit.clause:
        return Hit(hit.title, reverse("policies:policy", args=[hit.pack]), about)
    place = f"#{hit.rule}" if hit.rule else ""
    return Hit(hit.title, reverse("policies:clause", args=[hit.pack, hit.clause]) + place, about)


def pages(request: Any, words: list[str]) -> Group:
    """Entries of the navigation that this person has."""
    found = [entry for entry in entries(request) if all(word in entry.title for word in words)]
    return Group("页面", "right", [Hit(entry.title, entry.url) for entry in found])
