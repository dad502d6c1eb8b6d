"""Subjects of every rule: what the contract says of their inputs, and values that sit on and around every bound.

A subject is a dict of integers of the smallest unit (分, 0.01 平方米, 10⁻⁶), labels, texts, dates, booleans or None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

import oracle
from fenghuang.language.numbers import days
from fenghuang.law.pack import find

ROOT = Path(__file__).parents[1]
GRADES = ("A", "B", "C", "D", "ungraded")
DECIMALS = {"money": 2, "m2": 2, "m": 2, "ratio": 6, "int": 0, "mu": 4, "wan_per_mu": 6}  # spec/rules.yaml, types
IN_FORCE = date(2022, 12, 31)
DAYS = (date(2021, 12, 25), date(2021, 12, 26), IN_FORCE, date(2023, 12, 31), date(2024, 1, 1))
IDLE_DAYS = (date(2012, 6, 30), date(2012, 7, 1), IN_FORCE, date(2020, 2, 29), date(2190, 12, 31))
TEXTS = ("29", "C29", "制造业")

WAN = 1_000_000  # 1 万元 in 分
PERCENT = 10_000  # 1 % in 10⁻⁶
# Bounds of the contract and the amounts at which a cap begins to bind, in smallest units, by input. Inputs that are
# measured against another input meet around the same few values.
BOUNDS: dict[str, tuple[int, ...]] = {
    "key_project_investment": (3000 * WAN, 10000 * WAN),
    "equipment_investment": (500 * WAN, 2000 * WAN, 5000 * WAN, 5600 * WAN, 16266_666_666, 12),
    "local_contribution": (0, 500 * WAN, 2000 * WAN, 200 * WAN),
    "actual_investment": (1000 * WAN,),
    "new_project_investment": (20000 * WAN,),
    "invested": (250 * WAN, 1),
    "total_investment": (1000 * WAN, 4),
    "revenue": (10000 * WAN,),
    "land_grant_revenue": (200, 300, 20000 * WAN),
    "fund_drawn": (1, 2, 100 * WAN),
    "used_outside_four_purposes": (0,),
    "land_price": (2, 3, 1000 * WAN),
    "minimum_price_per_m2": (1, 48000),
    "area_m2": (1, 1_000_000),
    "rented_area_m2": (0, 1388888, 1388889, 1666667, 33),
    "rented_months": (0, 1, 11, 12, 13),
    "land_area_m2": (0, 1, 2_000_000),
    "contract_far": (0, 1_200_000),
    "certified_floor_area_m2": (0, 2_400_000),
    "floor_area_before_m2": (0, 2_400_000),
    "floor_area_after_m2": (0, 2_400_000),
    "far": (1_000_000, 2_000_000),
    "far_min": (1_000_000, 2_000_000),
    "far_max": (1_000_000, 2_000_000),
    "far_before": (0, 1_000_000, 1_200_001, 5),
    "far_after": (0, 1_200_000, 1_440_001, 6),
    "upgrade_floor_area_m2": (0, 1, 200_000),
    "total_floor_area_after_m2": (0, 5, 1_000_000),
    "area_storey_4_m2": (0, 3_333_333),
    "area_storey_5_m2": (0, 2_500_000),
    "area_storey_6_up_m2": (0, 2_000_000),
    "height_m": (2400,),
    "height_limit_m": (2400,),
    "green_ratio": (10 * PERCENT, 20 * PERCENT),
    "green_ratio_min": (10 * PERCENT, 20 * PERCENT),
    "green_ratio_max": (10 * PERCENT, 20 * PERCENT),
    "building_density": (45 * PERCENT, 60 * PERCENT),
    "building_density_max": (45 * PERCENT, 60 * PERCENT),
    "parking_spaces": (0, 40),
    "parking_required": (0, 40),
    "building_count": (0, 2),
    "parcel_count": (0, 3),
    "smallest_parcel_mu": (100_000,),
    "fragment_area_mu": (50_000, 100_000),
    "original_area_mu": (250_000, 500_000),
    "target_land_mu": (0,),
    "target_energy_tce": (0,),
    "target_emission_t": (0,),
    "shortest_remaining_years": (0,),
    "industrial_land_granted_mu": (0, 300_000),
    "land_granted_mu": (0, 1_000_000),
    "changed_use_mu": (0, 300_000),
    "replacement_mu": (0, 300_000),
    "land_area_mu": (500_000,),
    "land_mu": (30_000,),
    "supporting_land_share": (7 * PERCENT, 15 * PERCENT),
    "supporting_floor_share": (30 * PERCENT,),
    "tax_per_mu": (5_000_000, 10_000_000),
    "tax_per_mu_previous": (5_000_000, 10_000_000),
    "value_added_per_mu": (1_000_000,),
    "developed_area_share": (333_333, 333_334),
    "invested_share": (25 * PERCENT,),
}
# Where yes speaks against the subject.
AGAINST = {
    "in_near_term_expropriation", "splits_supporting_land", "was_split_before", "was_merged_before", "contract_forbids",
    "to_be_relocated_soon", "built_before_approval", "clearly_over_energy_budget", "clearly_over_emission_capacity",
}  # fmt: skip
USUAL = {
    "money": 10**11, "m2": 10**7, "m": 10**4, "ratio": 5 * 10**6, "int": 24, "mu": 10**6, "wan_per_mu": 2 * 10**7,
}  # fmt: skip


@cache
def contract() -> dict[str, dict[str, Any]]:
    """The rules of spec/rules.yaml by name."""
    return {rule["rule"]: rule for rule in yaml.safe_load((ROOT / "spec/rules.yaml").read_text("utf-8"))["rules"]}


def inputs(rule: str) -> dict[str, str]:
    """The type of every input as the contract writes it, whether or not absence means that there is none."""
    return {name: kind.removesuffix("?") for name, kind in contract()[rule]["inputs"].items()}


def optional(rule: str) -> set[str]:
    """Inputs whose absence says that there is none."""
    return {name for name, kind in contract()[rule]["inputs"].items() if kind.endswith("?")}


def labels(kind: str) -> tuple[str, ...]:
    """The labels of a choice; none for another type."""
    listed = re.fullmatch(r"one of \[(.+)]", kind)
    return GRADES if kind == "grade" else tuple(listed[1].split(", ")) if listed else ()


@cache
def limits(rule: str, name: str) -> tuple[int, int]:
    """The smallest and the largest number that the door lets in, in smallest units."""
    pack = find(rule)
    assert pack is not None
    kind: Any = pack.rules[rule].inputs[name]
    return kind.lo, kind.hi


def on_days(rule: str) -> tuple[date, ...]:
    """Days to answer for: the first and the last valid one, those outside, and others."""
    return IDLE_DAYS if rule == "idle_land" else DAYS


def readings(rule: str) -> list[dict[str, str]]:
    """Every combination of the rule's readings."""
    choices = oracle.READINGS[rule]
    return [dict(zip(choices, combination, strict=True)) for combination in product(*choices.values())]


@cache
def around(rule: str, name: str) -> list[Any]:
    """Every bound of a number or a date and its neighbours one smallest unit away, and the ends of its range."""
    if inputs(rule)[name] == "date":
        return _days_around(rule)
    lowest, highest = limits(rule, name)
    near = {bound + step for bound in BOUNDS[name] for step in (-1, 0, 1)} | {lowest, highest}
    return sorted(n for n in near if lowest <= n <= highest)


def _days_around(rule: str) -> list[date]:
    """Month ends, the days a rule answers for, and days from which three months, a year or two years end there."""
    marks = {date(2023, 6, 30), date(2020, 2, 29), date(2022, 11, 30), date(2022, 5, 31)}
    for on in on_days(rule)[2:4]:
        marks |= {on, on - timedelta(365), on - timedelta(366), on - timedelta(730), on - timedelta(731)}
        marks |= {on - timedelta(91), on - timedelta(92)}
    near = {mark + timedelta(step) for mark in marks for step in (-1, 0, 1)}
    return sorted(near | {date(1900, 1, 1), date(2199, 12, 31)})


def values(rule: str, name: str) -> st.SearchStrategy[Any]:
    """Values of one input."""
    kind = inputs(rule)[name]
    if kind == "bool":
        return st.booleans()
    if kind == "text":
        return st.sampled_from(TEXTS)
    if labels(kind):
        return st.sampled_from(labels(kind))
    if kind == "date":
        return st.one_of(st.sampled_from(around(rule, name)), st.dates(date(2019, 1, 1), date(2024, 12, 31)))
    usual = min(USUAL[kind], limits(rule, name)[1])
    return st.one_of(st.sampled_from(around(rule, name)), st.integers(0, usual), st.integers(*limits(rule, name)))


def subjects(rule: str, *, unknowns: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Subjects of a rule; with `unknowns` some inputs are None."""
    fields = {name: values(rule, name) for name in inputs(rule)}
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
    """The subject as a program writes it in JSON: decimals and dates as text, labels, booleans, null."""
    found = {name: subject[name] for name in inputs(rule)}
    for name, kind in inputs(rule).items():
        if found[name] is None:
            continue
        if kind in DECIMALS:
            found[name] = decimal(found[name], DECIMALS[kind])
        elif kind == "date":
            found[name] = found[name].isoformat()
    return found


def exact(rule: str, subject: Mapping[str, Any]) -> dict[str, Any]:
    """The subject as the oracle wants it: fractions of the contract's own unit."""
    return {
        name: Fraction(subject[name], 10 ** DECIMALS[kind])
        if kind in DECIMALS and subject[name] is not None
        else subject[name]
        for name, kind in inputs(rule).items()
    }


def code(kind: str, value: Any) -> Any:
    """One value as an engine wants it: integers, booleans, texts, label places, days."""
    if value is None or not (labels(kind) or kind == "date"):
        return value
    return days(value) if kind == "date" else labels(kind).index(value)


def codes(rule: str, subject: Mapping[str, Any]) -> tuple[Any, ...]:
    """The subject as an engine wants it, in contract order."""
    return tuple(code(kind, subject[name]) for name, kind in inputs(rule).items())
