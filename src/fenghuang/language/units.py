"""Units of measure: what a number counts, so that 元 + 平方米 is refused when a rule is loaded.

A dimension is a sorted tuple of (base, exponent): 元/平方米 is (("m2", -1), ("元", 1)). A unit is a dimension, an exact
factor to the base unit (万元 = 10000 元, % = 1/100) and the text a person reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

Dimension = tuple[tuple[str, int], ...]
PLAIN: Dimension = ()
DATE: Dimension = (("日期", 1),)  # days since 1970-01-01

_UNITS: dict[str, tuple[str, Fraction]] = {
    "元": ("元", Fraction(1)),
    "万元": ("元", Fraction(10**4)),
    "亿元": ("元", Fraction(10**8)),
    "平方米": ("平方米", Fraction(1)),
    "亩": ("亩", Fraction(1)),
    "米": ("米", Fraction(1)),
    "吨": ("吨", Fraction(1)),
    "吨标准煤": ("吨标准煤", Fraction(1)),
    "月": ("月", Fraction(1)),
    "年": ("年", Fraction(1)),
    "日期": ("日期", Fraction(1)),
    "%": ("", Fraction(1, 100)),
    **dict.fromkeys(("个", "宗", "幢"), ("", Fraction(1))),  # what is counted is a plain number
    "": ("", Fraction(1)),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written in a contract or a parameter file."""

    text: str
    dimension: Dimension
    factor: Fraction


def multiply(left: Dimension, right: Dimension) -> Dimension:
    """The dimension of a product."""
    powers = dict(left)
    for base, exponent in right:
        powers[base] = powers.get(base, 0) + exponent
    return tuple(sorted((base, exponent) for base, exponent in powers.items() if exponent))


def unit(text: str) -> Unit:
    """Parse "万元", "%", "元/平方米", "元/平方米/月"; ValueError names an unknown one."""
    dimension: Dimension = PLAIN
    factor = Fraction(1)
    for place, part in enumerate(re.split("/", text)):
        if part not in _UNITS:
            raise ValueError(f"unknown unit {part!r} in {text!r}; known: {'、'.join(k for k in _UNITS if k)}")
        base, scale = _UNITS[part]
        sign = -1 if place else 1
        if base:
            dimension = multiply(dimension, ((base, sign),))
        factor = factor / scale if place else factor * scale
    return Unit(text, dimension, factor)


def name(dimension: Dimension) -> str:
    """The base unit as a person reads it: "元", "元/平方米", "" for a plain number."""
    above = [base for base, exponent in dimension for _ in range(exponent)]
    below = [base for base, exponent in dimension for _ in range(-exponent)]
    return "·".join(above) + "".join(f"/{base}" for base in below)
