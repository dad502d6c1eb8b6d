"""The facts of a firm and year, and the indicators made of them (spec/evaluation.md).

Facts come as columns, `{"land_mu": [...], ...}`, one cell a firm:

- numbers of the contract: integers of 10^-decimals of the unit (money 分, 亩 and tce ×10⁴, t ×10⁶, 人, 千瓦时);
- an indicator given directly: an exact `Fraction` (or int) in the indicator's unit;
- other numbers that a method names: `Fraction` or int, as written;
- bools, texts; `None` is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fenghuang.law.methods.expressions import Column, Kind
from fenghuang.law.methods.faults import FactsError, Fault

Cell = int | bool | str | Fraction | None
Columns = Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of a facts file. `decimals` None: an exact number without a scale of its own."""

    name: str
    title: str
    kind: Kind
    unit: str = ""
    decimals: int | None = None
    not_negative: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quotient of two facts. `unit_size`: how many of the numerator's unit make one (10,000 元 = 1 万元)."""

    name: str
    title: str
    unit: str
    numerator: str
    denominator: str
    unit_size: int = 1

    @property
    def factor(self) -> Fraction:
        """value = numerator cell / denominator cell x factor."""
        top, bottom = FACTS[self.numerator].decimals or 0, FACTS[self.denominator].decimals or 0
        return Fraction(10**bottom, 10**top * self.unit_size)


def _table(*facts: Fact) -> dict[str, Fact]:
    return {fact.name: fact for fact in facts}


FACTS = _table(
    Fact("uscc", "统一社会信用代码", "text"),
    Fact("id", "评价对象", "text"),
    Fact("name", "名称", "text"),
    Fact("county", "县（市、区）", "text"),
    Fact("township", "乡镇（街道）", "text"),
    Fact("industry", "行业代码", "code"),
    Fact("industry_group", "行业分组", "text"),
    Fact("above_scale", "规上", "bool"),
    Fact("land_mu", "用地面积", "number", "亩", 4, not_negative=True),
    Fact("tax", "评价税收", "number", "元", 2),
    Fact("value_added", "工业增加值", "number", "元", 2),
    Fact("revenue", "营业收入", "number", "元", 2),
    Fact("rnd_expense", "研发经费", "number", "元", 2, not_negative=True),
    Fact("energy_tce", "综合能耗（等价值）", "number", "吨标准煤", 4, not_negative=True),
    Fact("emission_t", "主要污染物排放量", "number", "吨", 6, not_negative=True),
    Fact("employees", "年平均职工人数", "number", "人", 0, not_negative=True),
    Fact("electricity_kwh", "用电量", "number", "千瓦时", 0, not_negative=True),
    # what the rules of the policy pack ask for (spec/rules.yaml)
    Fact("key_project_investment", "重点产业项目总投资", "number", "元", 2, not_negative=True),
    Fact("under_construction", "重点产业项目在建", "bool"),
)

_WAN = 10_000
INDICATORS = {
    indicator.name: indicator
    for indicator in (
        Indicator("tax_per_mu", "亩均税收", "万元/亩", "tax", "land_mu", _WAN),
        Indicator("value_added_per_mu", "亩均增加值", "万元/亩", "value_added", "land_mu", _WAN),
        Indicator("revenue_per_mu", "亩均营业收入", "万元/亩", "revenue", "land_mu", _WAN),
        Indicator("value_added_per_tce", "单位能耗增加值", "万元/吨标准煤", "value_added", "energy_tce", _WAN),
        Indicator("value_added_per_emission_t", "单位排放增加值", "万元/吨", "value_added", "emission_t", _WAN),
        Indicator("labour_productivity", "全员劳动生产率", "万元/人", "value_added", "employees", _WAN),
        Indicator("rnd_share", "研发经费占营业收入比重", "", "rnd_expense", "revenue"),
        Indicator("tax_per_kwh", "单位电耗税收", "元/千瓦时", "tax", "electricity_kwh"),
        Indicator("revenue_per_kwh", "单位电耗营业收入", "元/千瓦时", "revenue", "electricity_kwh"),
    )
}

DERIVED = "below_scale"  # the opposite of above_scale; no column of its own

KNOWN_KINDS: dict[str, Kind] = {
    **{name: fact.kind for name, fact in FACTS.items()},
    **dict.fromkeys(INDICATORS, "number"),
    DERIVED: "bool",
}


def fact(name: str, kinds: Mapping[str, Kind]) -> Fact:
    """The fact of that name: of the contract, or one that the method names (its kind from its use there)."""
    return FACTS.get(name) or Fact(name, name, kinds.get(name, "text"))


class Table:
    """The facts of all firms as columns, checked, with indicators as exact pairs."""

    def __init__(self, columns: Columns, kinds: Mapping[str, Kind]) -> None:
        self.columns = columns
        self.kinds = kinds
        self.key = "uscc" if "uscc" in columns else "id"
        sizes = {name: len(cells) for name, cells in columns.items()}
        self.size = sizes.get(self.key, next(iter(sizes.values()), 0))
        if any(size != self.size for size in sizes.values()):
            raise ValueError(f"columns of different length: {sizes}")

    def has(self, name: str) -> bool:
        return name in self.columns

    def check(self, names: Sequence[str]) -> None:
        """Loud when a cell is not of its kind: a float or a text in a number would silently be wrong."""
        for name in names:
            kind = "number" if name in INDICATORS else fact(name, self.kinds).kind
            allowed: dict[Kind, tuple[type, ...]] = {
                "text": (str,),
                "code": (str,),
                "bool": (bool,),
                "number": (int,) if name in FACTS else (int, Fraction),
            }
            wrong = set(map(type, self.columns.get(name, ()))) - {*allowed[kind], type(None)}
            if wrong:
                raise TypeError(f"{name}: {sorted(t.__name__ for t in wrong)} in a column of {kind}")

    def subject(self, i: int) -> str:
        """Who the firm is, for messages: its code, or its position."""
        value = self.columns[self.key][i] if self.key in self.columns else None
        return str(value) if value is not None else f"第 {i + 1} 家"

    def check_subjects(self) -> None:
        """Every firm is named, and once."""
        if self.key not in self.columns:
            raise FactsError([Fault("", "列", "没有 uscc 列，也没有 id 列", "其中之一，用以区分评价对象")])
        seen: dict[Cell, int] = {}
        faults = []
        for i, value in enumerate(self.columns[self.key]):
            if value is None or value == "":
                faults.append(Fault("", f"第 {i + 1} 家 {self.key}", "空", "非空的代码"))
            elif value in seen:
                faults.append(
                    Fault("", f"第 {i + 1} 家 {self.key}", f"{value} 与第 {seen[value] + 1} 家相同", "不重复的代码")
                )
            else:
                seen[value] = i
        if faults:
            raise FactsError(faults)

    def cells(self, name: str) -> Sequence[Any]:
        """A column, or unknown throughout when the file has none."""
        return self.columns[name] if name in self.columns else [None] * self.size

    def column(self, name: str) -> Column:
        """A fact or an indicator as conditions read it."""
        if name == DERIVED:
            return Column("bool", [None if value is None else not value for value in self.cells("above_scale")])
        if name in INDICATORS:
            factor = INDICATORS[name].factor
            numerators, denominators = self.pairs(name)
            values = [
                None if n is None else Fraction(n * factor.numerator, d * factor.denominator)
                for n, d in zip(numerators, denominators, strict=True)
            ]
            return Column("number", values)
        described = fact(name, self.kinds)
        return Column(described.kind, self.cells(name), described.decimals or 0)

    def pairs(self, name: str) -> tuple[list[int | None], list[int]]:
        """An indicator of all firms as (numerator, positive denominator); value = n / d x factor, n None when unknown.

        Raw facts come first; a value given directly counts where a raw fact is absent. A zero denominator makes the
        indicator unknown whatever is given.
        """
        indicator = INDICATORS[name]
        factor = indicator.factor
        up, down = factor.denominator, factor.numerator
        numerators: list[int | None] = []
        denominators: list[int] = []
        for n, d, given in zip(
            self.cells(indicator.numerator), self.cells(indicator.denominator), self.cells(name), strict=True
        ):
            if n is not None and d is not None:
                known = d != 0
                numerators.append((n if d > 0 else -n) if known else None)
                denominators.append(abs(d) if known else 1)
            elif given is not None and d != 0:
                numerators.append(given.numerator * up)  # value / factor, so that one formula serves both
                denominators.append(given.denominator * down)
            else:
                numerators.append(None)
                denominators.append(1)
        return numerators, denominators

    def why_missing(self, name: str, i: int) -> str:
        """What an unknown indicator lacks: "用地面积未知", "用地面积为 0"; empty when nothing more can be said."""
        indicator = INDICATORS[name]
        raw = (indicator.numerator, indicator.denominator)
        if not all(self.has(part) for part in raw):
            return ""
        absent = [FACTS[part].title for part in raw if self.cells(part)[i] is None]
        if self.cells(indicator.denominator)[i] == 0:
            return f"{FACTS[indicator.denominator].title}为 0"
        return "、".join(absent) + "未知" if absent else ""
