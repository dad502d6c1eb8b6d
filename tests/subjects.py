"""Subjects for the four rules: what the contract says of their inputs, and values that sit on and around every bound.

A subject is a dict of integers of the smallest unit (分, 0.01 平方米, 10⁻⁶), labels, booleans or None, by input name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

import oracle

ROOT = Path(__file__).parents[1]
GRADES = ("A", "B", "C", "D", "ungraded")
DECIMALS = {"money": 2, "m2": 2, "ratio": 6, "int": 0, "mu": 4, "wan_per_mu": 6}  # spec/rules.yaml, types
IN_FORCE = date(2022, 12, 31)
DAYS = (date(2021, 12, 25), date(2021, 12, 26), IN_FORCE, date(2023, 12, 31), date(2024, 1, 1))

WAN = 1_000_000  # 1 万元 in 分
# Bounds of the contract and the amounts at which a cap begins to bind, in smallest units, by input.
BOUNDS: dict[str, tuple[int, ...]] = {
    "key_project_investment": (3000 * WAN, 10000 * WAN),
    "equipment_investment": (500 * WAN, 2000 * WAN, 5000 * WAN, 5600 * WAN, 16266_666_666, 12),
    "local_contribution": (0, 500 * WAN, 2000 * WAN, 200 * WAN),
    "actual_investment": (1000 * WAN,),
    "rented_area_m2": (0, 1388888, 1388889, 1666667, 33),
    "rented_months": (0, 1, 11, 12, 13),
    "land_area_m2": (0, 1, 2_000_000),
    "far_before": (0, 1_000_000, 1_200_001, 5),
    "far_after": (0, 1_200_000, 1_440_001, 6),
    "upgrade_floor_area_m2": (0, 1, 200_000),
    "total_floor_area_after_m2": (0, 5, 1_000_000),
    "area_storey_4_m2": (0, 3_333_333),
    "area_storey_5_m2": (0, 2_500_000),
    "area_storey_6_up_m2": (0, 2_000_000),
}
RANGES = {"money": (-(10**14), 10**14), "m2": (0, 10**10), "ratio": (0, 10**8), "int": (0, 1200)}


@cache
def contract() -> dict[str, dict[str, Any]]:
    """The rules of spec/rules.yaml by name."""
    return {rule["rule"]: rule for rule in yaml.safe_load((ROOT / "spec/rules.yaml").read_text("utf-8"))["rules"]}


def inputs(rule: str) -> dict[str, str]:
    return contract()[rule]["inputs"]


def readings(rule: str) -> list[dict[str, str]]:
    """Every combination of the rule's readings."""
    choices = oracle.READINGS[rule]
    return [dict(zip(choices, combination, strict=True)) for combination in product(*choices.values())]


def around(name: str, kind: str) -> list[int]:
    """Every bound of an input and its neighbours one smallest unit away, and the ends of its range."""
    lowest, highest = RANGES[kind]
    near = {bound + step for bound in BOUNDS[name] for step in (-1, 0, 1)} | {lowest, highest}
    return sorted(n for n in near if lowest <= n <= highest)


def values(name: str, kind: str) -> st.SearchStrategy[Any]:
    if kind == "bool":
        return st.booleans()
    if kind == "grade":
        return st.sampled_from(GRADES)
    usual = {"money": 10**11, "m2": 10**7, "ratio": 5 * 10**6, "int": 24}[kind]
    return st.one_of(st.sampled_from(around(name, kind)), st.integers(0, usual), st.integers(*RANGES[kind]))


def subjects(rule: str, *, unknowns: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Subjects of a rule; with `unknowns` some inputs are None."""
    fields = {name: values(name, kind) for name, kind in inputs(rule).items()}
    whole = st.fixed_dictionaries(fields)
    if not unknowns:
        return whole
    holes = st.sets(st.sampled_from(sorted(fields)), max_size=3)
    return st.builds(lambda s, lost: {n: None if n in lost else v for n, v in s.items()}, whole, holes)


def decimal(value: int | Fraction, places: int) -> str:
    """An exact decimal as text: 1250, 2 -> "12.50" for an integer of the smallest unit, Fraction(25, 2) alike."""
    scaled = value if isinstance(value, int) else value * 10**places
    assert scaled == int(scaled)
    digits = str(abs(int(scaled))).rjust(places + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def as_text(rule: str, subject: Mapping[str, Any]) -> dict[str, Any]:
    """The subject as a program writes it in JSON: decimals as text, labels, booleans, null."""
    found = {name: subject[name] for name in inputs(rule)}
    for name, kind in inputs(rule).items():
        if kind in DECIMALS and found.get(name) is not None:
            found[name] = decimal(found[name], DECIMALS[kind])
    return found


def exact(rule: str, subject: Mapping[str, Any]) -> dict[str, Any]:
    """The subject as the oracle wants it: fractions of the contract's own unit."""
    return {
        name: Fraction(subject[name], 10 ** DECIMALS[kind])
        if kind in DECIMALS and subject[name] is not None
        else subject[name]
        for name, kind in inputs(rule).items()
    }


def codes(rule: str, subject: Mapping[str, Any]) -> tuple[Any, ...]:
    """The subject as an engine wants it: integers, booleans, label places, in contract order."""
    return tuple(
        GRADES.index(subject[name]) if kind == "grade" and subject[name] is not None else subject[name]
        for name, kind in inputs(rule).items()
    )
