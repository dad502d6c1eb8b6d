"""A method of 亩均评价: what spec/evaluation.md lets a place write, as frozen values. Reading it is in reading.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from fenghuang.law.methods.document import Plain, canonical
from fenghuang.law.methods.expressions import Expression, Kind
from fenghuang.law.methods.facts import DERIVED, INDICATORS, Indicator

Score = Literal["ratio", "min_max", "inverse", "share_of_max"]
Missing = Literal["zero", "group_mean_score", "reweight", "unknown"]
Statistic = Literal["mean", "median", "max"]
RegradeKind = Literal["fix", "promote", "demote", "not_below", "rule"]

GRADES = ("A", "B", "C", "D")
UNGRADED = "ungraded"  # the grade type of spec/rules.yaml
RULES = {"evaluation_override": ("key_project_investment", "under_construction")}
"""Rules of a policy pack that may regrade a firm, with the facts they read (spec/rules.yaml)."""

ART_8 = "art.8"  # a fix under this clause also reaches firms that were not graded


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator with its weight and how it scores. Weight, cap and floor in points."""

    name: str
    weight: Fraction
    score: Score
    benchmark: Fraction | Statistic | None  # None where the kind of score needs none
    missing: Missing
    low: Fraction = Fraction(0)  # min_max: points of 100 at the lowest ...
    high: Fraction = Fraction(100)  # ... and at the highest value
    cap: Fraction | None = None
    floor: Fraction | None = None

    @property
    def indicator(self) -> Indicator:
        return INDICATORS[self.name]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points, or percent of the sum of items, added to a firm's score."""

    name: str
    kind: Literal["points", "percent"]
    value: Fraction
    per: str | None  # a fact: value x max(0, fact - first)
    first: Fraction
    only_if: Expression | None
    evidence: str  # "required": an action that books it needs a document


@dataclass(frozen=True, slots=True)
class Regrade:
    """A change of the grade after ranking: by a condition, or by a rule of the policy pack."""

    name: str
    kind: RegradeKind
    to: str | None
    only_if: Expression | None
    clause: str

    @property
    def reaches_ungraded(self) -> bool:
        return self.kind == "rule" or (self.kind == "fix" and self.clause == ART_8)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Firms that are not graded."""

    name: str
    only_if: Expression


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the firms with its own items, groups and cuts."""

    name: str
    condition: Expression
    items: tuple[Item, ...]
    group_by: tuple[str, ...]
    min_group_size: int
    cuts: tuple[tuple[str, Fraction], ...]  # cumulative percent, A first
    assumed: tuple[str, ...]
    adjustments: tuple[Adjustment, ...]
    regrades: tuple[Regrade, ...]
    not_graded: tuple[Exclusion, ...]

    @property
    def weight(self) -> Fraction:
        return sum((item.weight for item in self.items), Fraction(0))

    def facts(self) -> tuple[str, ...]:
        """The facts and indicators that conditions, groups and `per` read (not those behind the items)."""
        found = [self.condition, *(e.only_if for e in self.not_graded)]
        found += [adjustment.only_if for adjustment in self.adjustments if adjustment.only_if]
        found += [regrade.only_if for regrade in self.regrades if regrade.only_if]
        names = [name for expression in found for name in expression.names()]
        names += [*self.group_by, *(a.per for a in self.adjustments if a.per)]
        return tuple(dict.fromkeys("above_scale" if name == DERIVED else name for name in names))

    def indicators_read(self) -> tuple[str, ...]:
        """Every indicator needed, scored or named in a condition."""
        named = [name for name in self.facts() if name in INDICATORS]
        return tuple(dict.fromkeys([*(item.name for item in self.items), *named]))

    def columns_read(self) -> tuple[str, ...]:
        """Every column the scope can use."""
        names = [name for name in self.facts() if name not in INDICATORS]
        for name in self.indicators_read():
            names += [INDICATORS[name].numerator, INDICATORS[name].denominator, name]
        return tuple(dict.fromkeys(names))


def columns_absent(facts: Sequence[str], present: Sequence[str]) -> list[str]:
    """What a file with these columns lacks of facts and indicators: "land_mu", "tax 和 land_mu，或 tax_per_mu"."""
    have = set(present)
    absent = []
    for name in dict.fromkeys("above_scale" if name == DERIVED else name for name in facts):
        if name in have:
            continue
        if name not in INDICATORS:
            absent.append(name)
        elif not {INDICATORS[name].numerator, INDICATORS[name].denominator} <= have:
            absent.append(f"{INDICATORS[name].numerator} 和 {INDICATORS[name].denominator}，或 {name}")
    return absent


@dataclass(frozen=True, slots=True)
class Method:
    """A method as loaded. `document` is the tree it was read from, `sha256` the hash of its canonical bytes."""

    id: str
    title: str
    place: str
    data_year: int | None
    source: dict[str, str]
    scopes: tuple[Scope, ...]
    kinds: dict[str, Kind]  # facts outside the contract, with the kind their use gives them
    document: Plain
    sha256: str
    file: str = ""

    @property
    def bytes(self) -> bytes:
        """What sha256 is taken of; stored with a campaign, reading.from_document gives the same method again."""
        return canonical(self.document)

    def items(self) -> tuple[str, ...]:
        """The indicators of all scopes, in order of appearance, each once."""
        return tuple(dict.fromkeys(item.name for scope in self.scopes for item in scope.items))

    def rule_facts(self) -> tuple[str, ...]:
        """What the rules of the policy pack read: wanted, but a file without them is usable."""
        used = [r.name for scope in self.scopes for r in scope.regrades if r.kind == "rule"]
        return tuple(dict.fromkeys(name for rule in used for name in RULES[rule]))

    def columns_read(self) -> tuple[str, ...]:
        """Every column the method can use."""
        names = [name for scope in self.scopes for name in scope.columns_read()]
        return tuple(dict.fromkeys([*names, *self.rule_facts()]))

    def summary(self) -> dict[str, Any]:
        """For lists of methods."""
        return {"method": self.id, "title": self.title, "place": self.place, "data_year": self.data_year}
