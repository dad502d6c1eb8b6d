"""The types of spec/rules.yaml: unit, decimals and the range a value may have.

Ranges decide which products need 128 bits and what is refused at the door as a slip of the pen; each has its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from fenghuang.language.units import Unit, unit

GRADES = ("A", "B", "C", "D", "ungraded")


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number of the contract: an integer of 10^-decimals `unit`, between `lo` and `hi` (in that integer)."""

    name: str
    unit: Unit
    decimals: int
    lo: int
    hi: int
    optional: bool = False  # absent means that there is none; otherwise absent is unknown

    @property
    def denominator(self) -> int:
        """The integer is 1/denominator of the base unit (万元/亩 with 6 decimals: 1/100 元/亩)."""
        scale: Fraction = self.unit.factor / 10**self.decimals
        if scale.numerator != 1:
            raise ValueError(f"{self.name}: unit too coarse for an integer")
        return scale.denominator


@dataclass(frozen=True, slots=True)
class ChoiceType:
    """One of a few labels, carried as its place in `labels`."""

    name: str
    labels: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PlainType:
    """bool, date (days since 1970-01-01 inside) or text."""

    name: str
    optional: bool = False


Type = NumberType | ChoiceType | PlainType


def or_none(kind: Type) -> Type:
    """The same type where absence says that there is none ("ratio?" in the contract)."""
    return replace(kind, optional=True)


def contract_name(kind: Type) -> str:
    """How spec/rules.yaml writes the type."""
    name = f"one of [{', '.join(kind.labels)}]" if isinstance(kind, ChoiceType) and kind.name != "grade" else kind.name
    return f"{name}?" if kind.optional else name


def one_of(*labels: str) -> ChoiceType:
    """A choice that one rule knows."""
    return ChoiceType("one of", labels)


def _number(name: str, unit_text: str, decimals: int, lowest: int, highest: int) -> NumberType:
    """Bounds are given in whole units; inside they are integers of the smallest unit."""
    return NumberType(name, unit(unit_text), decimals, lowest * 10**decimals, highest * 10**decimals)


# Money: a firm's yearly figure stays below 1 万亿元; refunds and losses make it negative.
MONEY = _number("money", "元", 2, -(10**12), 10**12)
WAN_PER_MU = _number("wan_per_mu", "万元/亩", 6, -(10**8), 10**8)
# Areas: the whole city has about 9.4e9 m²; no parcel or building comes near 1e8.
AREA = _number("m2", "平方米", 2, 0, 10**8)
MU = _number("mu", "亩", 4, 0, 10**7)
LENGTH = _number("m", "米", 2, 0, 10**5)
ENERGY = _number("tce", "吨标准煤", 4, 0, 10**9)
EMISSION = _number("t", "吨", 6, 0, 10**9)
YEARS = _number("years", "年", 4, 0, 1000)
# What a merger passes on, and remaining years: the contract writes plain ratios, but they count something.
ENERGY_PASSED_ON = _number("ratio", "吨标准煤", 6, 0, 10**9)
EMISSION_PASSED_ON = _number("ratio", "吨", 6, 0, 10**9)
YEARS_LEFT = _number("ratio", "年", 6, 0, 1000)
# A price per square metre, which the contract writes as money.
PRICE_PER_M2 = _number("money", "元/平方米", 2, 0, 10**8)
# Shares and floor-area ratios: 100 is ten times the highest FAR ever planned.
RATIO = _number("ratio", "", 6, 0, 100)
COUNT = _number("int", "", 0, 0, 10**9)
MONTHS = _number("int", "月", 0, 0, 1200)
BOOL = PlainType("bool")
DATE = PlainType("date")
TEXT = PlainType("text")
GRADE = ChoiceType("grade", GRADES)

# Decimals shown for a base unit that no input type names (元/平方米 and the like).
SHOWN_DECIMALS = {"元": 2, "平方米": 2, "亩": 4, "米": 2, "吨标准煤": 6, "吨": 6, "年": 6, "月": 0, "日期": 0}


def shown_decimals(unit_name: str) -> int:
    """How many decimals a derived number is shown with (spec/rules.yaml, rounding)."""
    return SHOWN_DECIMALS.get(unit_name, 6)
