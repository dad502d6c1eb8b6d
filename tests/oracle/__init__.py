"""The rules said a second time, from spec/rules.yaml and the document alone, in exact fractions.

Slow and plain on purpose; shares nothing with fenghuang.language, the packs or the engines. Inputs are in the units of
the contract (元, 平方米, 亩); outputs are what `fenghuang calc` prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from oracle import articles_01_07, articles_08_11, articles_12_15, tasks
from oracle.logic import Body, Case, Names, Unknown, unknown

PARTS = (articles_01_07, articles_08_11, articles_12_15, tasks)
RULES: dict[str, Body] = {
    name: body
    for part in PARTS
    for name, body in vars(part).items()
    if getattr(body, "__module__", "") == part.__name__
}
READINGS: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in RULES} | {
    "excess_floor_area": {"basis_order": ("certificate_first", "contract_first")},
    "split_transfer": {"real_estate_exception": ("count", "count_and_area")},
    "evaluation_override": {"not_d_becomes": ("C",)},
    "upgrade_subsidy": {"first_band_from": ("zero", "threshold")},
    "vertical_subsidy": {
        "both_uplifts": ("larger", "far_only", "share_only"),
        "storey_areas": ("by_storey", "by_building"),
        "storeys_grade": ("any", "a_or_b"),
    },
    "four_lacks": {"four_lacks_when": ("any", "all")},
}
OPTIONAL = {  # absent: there is none
    "site_indicators": {"far_min", "far_max", "green_ratio_min", "green_ratio_max"},
    "zero_land_admission": {"approved_on", "started_on"},
    "idle_land": {"started_on", "halted_since"},
}


@dataclass(frozen=True)
class Answer:
    outputs: dict[str, Any]  # as printed; None: unknown
    conditions: dict[str, bool | None]
    missing: frozenset[str]


def valid(rule: str) -> tuple[date, date]:
    """First and last day, both included."""
    return (date(2012, 7, 1), date.max) if rule == "idle_land" else (date(2021, 12, 26), date(2023, 12, 31))


def answer(rule: str, inputs: Mapping[str, Any], readings: Mapping[str, str], on: date) -> Answer:
    """Inputs in the contract's units, None for unknown; readings complete."""
    first, last = valid(rule)
    in_force = first <= on <= last
    optional = OPTIONAL.get(rule, ())
    given = {name: unknown(name) if value is None and name not in optional else value for name, value in inputs.items()}
    told, conditions = RULES[rule](Case(given, readings, on))
    values = {name: output.value if in_force else output.out_of_force for name, output in told.items()}
    waits: Iterable[frozenset[str]] = (v.waits_for for v in values.values() if isinstance(v, Unknown | Names))
    return Answer(
        outputs={name: None if isinstance(v, Unknown) else told[name].printed(v) for name, v in values.items()},
        conditions={
            **{name: None if isinstance(value, Unknown) else value for name, value in conditions.items()},
            "in_force": in_force,
        },
        missing=frozenset().union(*waits),
    )
