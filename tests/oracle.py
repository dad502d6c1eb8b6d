"""The four rules of articles 8, 10 and 11 said a second time, from spec/rules.yaml alone, in exact fractions.

Slow and plain on purpose; shares nothing with fenghuang.language, the pack or the engines. A value is known (any Python
value) or `Unknown(names of the inputs it waits for)`. Inputs and results are in the contract's own units (元, 平方米).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

FIRST_DAY, LAST_DAY = date(2021, 12, 26), date(2023, 12, 31)


@dataclass(frozen=True)
class Unknown:
    waits_for: frozenset[str]


@dataclass(frozen=True)
class Answer:
    outputs: dict[str, Any]  # None: unknown; amounts rounded to the fen, areas to 0.01 m²
    conditions: dict[str, bool | None]
    missing: frozenset[str]


def known(*values: Any) -> bool:
    return not any(isinstance(value, Unknown) for value in values)


def waiting(*values: Any) -> Unknown:
    return Unknown(frozenset().union(*(value.waits_for for value in values if isinstance(value, Unknown))))


def lift(function: Callable[..., Any], *values: Any) -> Any:
    """The function of known values; unknown as soon as one is."""
    return function(*values) if known(*values) else waiting(*values)


def both(*values: Any) -> Any:
    if any(value is False for value in values):
        return False
    return True if known(*values) else waiting(*values)


def either(*values: Any) -> Any:
    if any(value is True for value in values):
        return True
    return False if known(*values) else waiting(*values)


def choose(condition: Any, yes: Any, no: Any) -> Any:
    if known(condition):
        return yes if condition else no
    return waiting(condition, yes, no)


def at_least(value: Any, bound: int) -> Any:
    return lift(lambda v: v >= bound, value)


def half_up(value: Fraction, places: int = 2) -> Fraction:
    """Half away from zero."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled, 1)
    rounded = whole + (1 if rest >= Fraction(1, 2) else 0)
    return Fraction(rounded if value >= 0 else -rounded, 10**places)


Given = Mapping[str, Any]
Body = Callable[[dict[str, Any], Given, bool], tuple[dict[str, Any], dict[str, Any]]]


def evaluation_override(x: dict[str, Any], _: Given, in_force: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    by_score, invested, building = x["grade_by_score"], x["key_project_investment"], x["under_construction"]
    if not in_force:
        return {"grade": by_score}, {}
    becomes_a = both(building, at_least(invested, 100_000_000))
    saved_from_d = both(building, at_least(invested, 30_000_000), lift(lambda g: g == "D", by_score))
    return {"grade": choose(becomes_a, "A", choose(saved_from_d, "C", by_score))}, {}


UPGRADE_RATES = {"A": (10, 12, 15), "B": (8, 9, 10)}
UPGRADE_CAP = {"A": 20_000_000, "B": 5_000_000}


def upgrade_subsidy(x: dict[str, Any], reading: Given, in_force: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    invested, grade, local = x["equipment_investment"], x["grade"], x["local_contribution"]
    conditions = {
        "investment_reaches_threshold": at_least(invested, 5_000_000),
        "graded_a_or_b": lift(lambda g: g in ("A", "B"), grade),
    }
    if not in_force:
        return {"eligible": False, "amount_by_bands": Fraction(0), "amount": Fraction(0), "bound_by": None}, conditions
    eligible = both(*conditions.values())
    first = 0 if reading["first_band_from"] == "zero" else 5_000_000

    def bands(money: Fraction, letter: str) -> Fraction:
        total = Fraction(0)
        edges = ((first, 20_000_000), (20_000_000, 50_000_000), (50_000_000, None))
        for (low, high), percent in zip(edges, UPGRADE_RATES.get(letter, (0, 0, 0)), strict=True):
            top = money if high is None else min(money, high)
            total += max(Fraction(0), top - low) * Fraction(percent, 100)
        return total

    by_bands = lift(bands, invested, grade)
    cap = lift(lambda g: Fraction(UPGRADE_CAP.get(g, 0)), grade)

    def binding(by_bands: Fraction, cap: Fraction, local: Fraction) -> str:
        least = min(by_bands, cap, local)
        return "none" if by_bands == least else "project_cap" if cap == least else "local_contribution"

    payable = lift(lambda *three: max(Fraction(0), min(three)), by_bands, cap, local)
    return {
        "eligible": eligible,
        "amount_by_bands": lift(half_up, by_bands),
        "amount": lift(half_up, choose(eligible, payable, Fraction(0))),
        "bound_by": lift(binding, by_bands, cap, local),
    }, conditions


def rent_subsidy(x: dict[str, Any], _: Given, in_force: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    area, months = x["rented_area_m2"], x["rented_months"]
    conditions = {
        "investment_reaches_threshold": at_least(x["actual_investment"], 10_000_000),
        "is_new_major_upgrade": x["is_new_major_upgrade"],
        "graded_b_or_better": lift(lambda g: g in ("A", "B"), x["previous_grade"]),
        "rents_new_plant": lift(lambda a: a > 0, area),
    }
    if not in_force:
        return {"eligible": False, "amount": Fraction(0)}, conditions
    eligible = both(*conditions.values())
    rent = lift(lambda a, m: min(3 * a * min(m, 12), Fraction(500_000)), area, months)
    return {"eligible": eligible, "amount": lift(half_up, choose(eligible, rent, Fraction(0)))}, conditions


def vertical_subsidy(x: dict[str, Any], reading: Given, in_force: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    if not in_force:
        empty = dict.fromkeys(("area_beyond_far", "area_beyond_share", "subsidised_area", "route"))
        return {**empty, "amount": Fraction(0)}, {}
    far = lift(
        lambda before, after, land: max(Fraction(0), after - Fraction(12, 10) * before) * land,
        *(x[name] for name in ("far_before", "far_after", "land_area_m2")),
    )
    share = lift(
        lambda part, whole: max(Fraction(0), part - Fraction(2, 10) * whole),
        *(x[name] for name in ("upgrade_floor_area_m2", "total_floor_area_after_m2")),
    )
    positive = lambda value: lift(lambda v: v > 0, value)  # noqa: E731
    if reading["both_uplifts"] == "larger":
        subsidised = lift(max, far, share)
    else:  # the reading speaks of both conditions being met; where only one is, that one's area counts
        first, second = (far, share) if reading["both_uplifts"] == "far_only" else (share, far)
        subsidised = choose(positive(first), first, second)
    storeys = [x[name] for name in ("area_storey_4_m2", "area_storey_5_m2", "area_storey_6_up_m2")]
    uplift, any_storey = positive(subsidised), either(*map(positive, storeys))
    route = choose(uplift, "uplift", choose(any_storey, "storeys", "none"))

    cap = Fraction(1_000_000)
    by_uplift = lift(lambda area, g: min(area * {"A": 60, "B": 50}.get(g, 0), cap), subsidised, x["grade"])
    by_storeys = lift(lambda a, b, c: min(30 * a + 40 * b + 50 * c, cap), *storeys)
    if reading["storeys_grade"] == "a_or_b":
        by_storeys = choose(lift(lambda g: g in ("A", "B"), x["grade"]), by_storeys, Fraction(0))
    paid = choose(uplift, by_uplift, choose(any_storey, by_storeys, Fraction(0)))
    amount = choose(both(x["self_owned_and_used"], x["standards_met"]), paid, Fraction(0))
    return {
        "area_beyond_far": lift(half_up, far),
        "area_beyond_share": lift(half_up, share),
        "subsidised_area": lift(half_up, subsidised),
        "route": route,
        "amount": lift(half_up, amount),
    }, {}


RULES: dict[str, Body] = {
    function.__name__: function for function in (evaluation_override, upgrade_subsidy, rent_subsidy, vertical_subsidy)
}
READINGS = {
    "evaluation_override": {"not_d_becomes": ("C",)},
    "upgrade_subsidy": {"first_band_from": ("zero", "threshold")},
    "rent_subsidy": {},
    "vertical_subsidy": {
        "both_uplifts": ("larger", "far_only", "share_only"),
        "storey_areas": ("by_storey", "by_building"),
        "storeys_grade": ("any", "a_or_b"),
    },
}


def answer(rule: str, inputs: Given, readings: Given, on: date) -> Answer:
    """Inputs in the contract's units, None for unknown; readings complete."""
    in_force = FIRST_DAY <= on <= LAST_DAY
    values = {name: Unknown(frozenset({name})) if value is None else value for name, value in inputs.items()}
    outputs, conditions = RULES[rule](values, readings, in_force)
    waits: Iterable[frozenset[str]] = (value.waits_for for value in outputs.values() if isinstance(value, Unknown))
    bare = lambda value: None if isinstance(value, Unknown) else value  # noqa: E731
    return Answer(
        outputs={name: bare(value) for name, value in outputs.items()},
        conditions={"in_force": in_force, **{name: bare(value) for name, value in conditions.items()}},
        missing=frozenset().union(*waits),
    )
