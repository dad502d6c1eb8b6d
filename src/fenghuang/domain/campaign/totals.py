"""Totals of a scoring by township, industry, scope or park, and totals / totals averages: from the stored texts alone.

A sum over firms of which some fact is unknown says how many are lacking; nothing is guessed in their place. An average
is the sum of one fact over the sum of the other, of the firms that have both, divided once and exactly.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fenghuang.domain.campaign.models import Content
from fenghuang.domain.campaign.queries import LETTERS
from fenghuang.domain.feeds.sensitive import FIELDS, PARTS
from fenghuang.domain.registry.industries import division
from fenghuang.language.numbers import show_decimal, show_fraction
from fenghuang.language.record import MASK, Input, Record, Step
from fenghuang.law.methods.facts import FACTS, INDICATORS, Fact, Indicator
from fenghuang.law.methods.result import scope_title

if TYPE_CHECKING:
    from fenghuang.domain.campaign.models import Scoring

SUMMED = (
    "land_mu",
    "tax",
    "value_added",
    "energy_tce",
    "revenue",
    "rnd_expense",
    "emission_t",
    "employees",
    "electricity_kwh",
)
FEWEST = 3  # firms: a total of fewer would tell one of them what the other has
DECIMALS = 4  # of an average on pages
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sum:
    """A fact over the firms that have it, in its smallest unit; `unknown` firms are not in it."""

    name: str
    total: int
    known: int
    unknown: int

    @property
    def fact(self) -> Fact:
        return FACTS[self.name]

    def told(self, hidden: frozenset[str]) -> int | str | None:
        """The total; None when no firm has the fact; MASK for whom it is hidden from, or of too few firms."""
        if self.known == 0:
            return None
        small = self.name in FIELDS and self.known < FEWEST
        return MASK if small or self.name in hidden else self.total


@dataclass(frozen=True, slots=True)
class Average:
    """Total / total of the `pairs` firms that have both facts; the others are `lacking`."""

    name: str
    top: int
    bottom: int
    pairs: int
    lacking: int

    @property
    def indicator(self) -> Indicator:
        return INDICATORS[self.name]

    @property
    def value(self) -> Fraction | None:
        """Exact, in the indicator's unit."""
        return Fraction(self.top, self.bottom) * self.indicator.factor if self.bottom else None

    def is_masked(self, hidden: frozenset[str]) -> bool:
        """Whether it would tell what is hidden, or what few firms have."""
        return self.name in hidden or (bool(PARTS[self.name]) and 0 < self.pairs < FEWEST)


@dataclass(frozen=True, slots=True)
class Line:
    """Some firms together: how many by initial and final grade, sums, averages."""

    key: str
    title: str
    firms: int
    initial: dict[str, int]
    final: dict[str, int]
    sums: dict[str, Sum]
    averages: dict[str, Average]

    @property
    def ungraded(self) -> int:
        return self.firms - sum(self.final.values())


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to divide the firms. `key` gives a firm's part of its facts and result; `title` what the part is called."""

    name: str
    title: str
    key: Callable[[Row, Row], str]
    called: Callable[[str], str]
    column: str = ""  # of the facts: offered only where a scoring has it


OUTSIDE = "不在园区"

DIMENSIONS = {
    one.name: one
    for one in (
        Dimension("township", "乡镇（街道）", lambda facts, _: facts["township"] or "", lambda key: key or "不详"),
        Dimension(
            "division",
            "行业大类",
            lambda facts, _: (facts["industry"] or "")[:2],
            lambda key: f"{key} {division(key)}".strip() or "不详",
        ),
        Dimension(
            "group",
            "行业中类",
            lambda facts, _: (facts["industry"] or "")[:3],
            lambda key: f"{key}（{division(key) or '不详'}）" if key else "不详",
        ),
        Dimension("scope", "评价范围", lambda _, result: result["scope"], lambda key: scope_title(key) or "不在范围内"),
        Dimension(
            "park",
            "园区",
            lambda facts, _: OUTSIDE if facts["park"] == "" else facts["park"] or "",
            lambda key: key or "不详（没有宗地合同）",
            column="park",
        ),
    )
}


# --- computing


def by(made: Scoring, dimension: str) -> tuple[Line, ...]:
    """A line a part, in the order of their keys."""
    return _by(made.facts_id, made.results_id, dimension)


def whole(made: Scoring) -> Line:
    """All firms of the scoring."""
    return merged("", "合计", by(made, "scope"))


def offered(made: Scoring) -> list[Dimension]:
    """The dimensions that this scoring's facts know."""
    columns = _columns(made.facts_id)
    return [one for one in DIMENSIONS.values() if not one.column or one.column in columns]


@lru_cache(maxsize=64)
def _columns(facts_id: str) -> frozenset[str]:
    return frozenset(json.loads(Content.objects.get(pk=facts_id).text)["columns"])


@lru_cache(maxsize=128)
def _by(facts_id: str, results_id: str, dimension: str) -> tuple[Line, ...]:
    how = DIMENSIONS[dimension]
    parts: dict[str, list[tuple[Row, Row]]] = {}
    for facts, result in firms(facts_id, results_id):
        parts.setdefault(how.key(facts, result), []).append((facts, result))
    return tuple(line(key, how.called(key), parts[key]) for key in sorted(parts))


def firms(facts_id: str, results_id: str) -> Iterable[tuple[Row, Row]]:
    """Each firm's facts and result, as they are stored."""
    columns = json.loads(Content.objects.get(pk=facts_id).text)["columns"]
    results = json.loads(Content.objects.get(pk=results_id).text)
    for place, result in enumerate(results):
        yield {name: cells[place] for name, cells in columns.items()}, result


def line(key: str, title: str, pairs: Sequence[tuple[Row, Row]]) -> Line:
    """The firms together."""
    facts = [one for one, _ in pairs]
    initial, final = (Counter(result[name] for _, result in pairs) for name in ("initial", "final"))
    return Line(
        key,
        title,
        len(pairs),
        {x: initial[x] for x in LETTERS},
        {x: final[x] for x in LETTERS},
        {name: _sum(name, facts) for name in SUMMED},
        {name: _average(name, facts) for name in INDICATORS},
    )


def _sum(name: str, facts: Sequence[Row]) -> Sum:
    known = [one[name] for one in facts if one.get(name) is not None]
    return Sum(name, sum(known), len(known), len(facts) - len(known))


def _average(name: str, facts: Sequence[Row]) -> Average:
    top, bottom = INDICATORS[name].numerator, INDICATORS[name].denominator
    both = [(one[top], one[bottom]) for one in facts if one.get(top) is not None and one.get(bottom) is not None]
    return Average(name, sum(t for t, _ in both), sum(b for _, b in both), len(both), len(facts) - len(both))


def merged(key: str, title: str, lines: Sequence[Line]) -> Line:
    """Several lines as one: sums of sums; averages again total / total, never averages of averages."""

    def together(counts: Iterable[dict[str, int]]) -> dict[str, int]:
        every = list(counts)
        return {x: sum(one[x] for one in every) for x in LETTERS}

    def sums(name: str) -> Sum:
        every = [one.sums[name] for one in lines]
        return Sum(
            name, sum(one.total for one in every), sum(one.known for one in every), sum(one.unknown for one in every)
        )

    def averages(name: str) -> Average:
        every = [one.averages[name] for one in lines]
        return Average(
            name, *(sum(getattr(one, part) for one in every) for part in ("top", "bottom", "pairs", "lacking"))
        )

    return Line(
        key,
        title,
        sum(one.firms for one in lines),
        together(one.initial for one in lines),
        together(one.final for one in lines),
        {name: sums(name) for name in SUMMED},
        {name: averages(name) for name in INDICATORS},
    )


# --- how each number came about


def explained(one: Line, title: str, year: int, hidden: frozenset[str]) -> Record:
    """Every sum with who is in it and who is not, every average as its one division."""
    steps = [_counted(one), *(_summed(part, hidden) for part in one.sums.values())]
    steps += [divided(part, hidden) for part in one.averages.values()]
    missing = tuple(name for name, part in one.sums.items() if part.unknown)
    notes = (
        "数字取自该次计分存档的数据和结果，与企业库以后的更正无关",
        f"涉及税收、营业收入的合计，少于 {FEWEST} 家的不显示",
    )
    return Record(
        "totals", title, "", str(year), "", {"firms": str(one.firms)}, {}, missing, steps=tuple(steps), notes=notes
    )


def _counted(one: Line) -> Step:
    final = " + ".join(str(one.final[x]) for x in LETTERS)
    formula = f"A、B、C、D 类 {final}，未定级 {one.ungraded}；初评 {'、'.join(str(one.initial[x]) for x in LETTERS)}"
    return Step("firms", "企业数", str(one.firms), "家", formula=formula, kind="output")


def _summed(part: Sum, hidden: frozenset[str]) -> Step:
    fact, told = part.fact, part.told(hidden)
    value = show_decimal(told, fact.decimals or 0) if isinstance(told, int) else told
    note = f"不完整：另有 {part.unknown} 家未知，没有计入，也没有估计" if part.unknown else ""
    return Step(part.name, f"{fact.title}合计", value, fact.unit, formula=f"{part.known} 家之和", note=note)


def divided(part: Average, hidden: frozenset[str] = frozenset()) -> Step:
    """The one division of an average."""
    it = part.indicator
    top, bottom = FACTS[it.numerator], FACTS[it.denominator]
    masked = part.is_masked(hidden)
    inputs = tuple(
        Input(fact.name, f"{fact.title}合计", MASK if masked else show_decimal(total, fact.decimals or 0), fact.unit)
        for fact, total in ((top, part.top), (bottom, part.bottom))
    )
    value = part.value
    shown = None if value is None else MASK if masked else show_fraction(value, DECIMALS if it.unit else 6)
    text = f"{show_fraction(value * 100, DECIMALS)}%" if value is not None and not it.unit and not masked else ""
    formula = f"{top.title}合计 ÷ {bottom.title}合计（{part.pairs} 家两项都已知），一次相除，四舍五入"
    note = f"另有 {part.lacking} 家缺其中一项或两项，两个合计都没有计入" if part.lacking else ""
    return Step(part.name, it.title, shown, it.unit, formula=formula, inputs=inputs, note=note, text=text)
