"""The projects that stand on and around every threshold of the subsidies and of art. 8 (spec/rules.yaml).

Money in 分, areas in 0.01 m², ratios in 10^-6. `holder` says which firm has to carry the case: a likely grade of the
project's year (for rent of the year before), or one of the special wishes of projects.Holders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WAN = 1_000_000
YI = 10_000 * WAN
M2 = 100
RATIO = 1_000_000
EDGE = {"one_fen_below": -1, "exact": 0, "one_fen_above": 1}


@dataclass(frozen=True)
class Case:
    """A named project on a threshold: its kind of support, its holder, and the inputs that matter."""

    name: str
    applies_for: tuple[str, ...]
    holder: str
    fields: dict[str, Any]


def upgrade(name: str, holder: str, investment: int | None) -> Case:
    return Case(f"upgrade_{name}", ("upgrade_subsidy",), holder, {"equipment_investment": investment})


def upgrade_cases() -> list[Case]:
    """Threshold and bands at 500, 2000, 5000 万; caps reached at 14,600 万 (A) and 5,700 万 (B)."""
    cases = [
        upgrade(f"{wan}wan_{edge}_{grade}", f"{grade}_rich", wan * WAN + fen)
        for grade in "AB"
        for wan in (500, 2000, 5000)
        for edge, fen in EDGE.items()
    ]
    # 10 元 more or less moves the amount by a yuan and more: one fen would vanish in rounding.
    for grade, wan in (("A", 14_600), ("B", 5_700)):
        cases += [
            upgrade(f"cap_{edge}_{grade}", f"{grade}_rich", wan * WAN + yuan * 100)
            for edge, yuan in (("below", -10), ("exact", 0), ("above", 10))
        ]
    cases += [
        upgrade("contribution_binds", "A_poor", 4_000 * WAN),
        upgrade("contribution_tie", "A_tie", 0),  # the amount equals the contribution: see projects.place
        upgrade("contribution_tie_above", "A_tie", 10),
        upgrade("contribution_tie_below", "A_tie", -10),
        upgrade("contribution_zero_or_negative", "refunded", 800 * WAN),
        upgrade("contribution_unknown", "untaxed", 800 * WAN),
        upgrade("investment_unknown", "A", None),
        upgrade("graded_c", "C", 2_000 * WAN),
        upgrade("graded_d", "D", 2_000 * WAN),
    ]
    return cases


def rent(name: str, holder: str = "B", **changed: Any) -> Case:
    fields = {
        "actual_investment": 1_600 * WAN,
        "is_new_major_upgrade": True,
        "rented_area_m2": 3_000 * M2,
        "rented_months": 12,
        **changed,
    }
    return Case(f"rent_{name}", ("rent_subsidy",), holder, fields)


def rent_cases() -> list[Case]:
    """Threshold 1000 万, months 0 to 24 (12 count), area 0, cap 50 万 (no area of two decimals hits it exactly)."""
    cases = [rent(f"1000wan_{edge}", actual_investment=1_000 * WAN + fen) for edge, fen in EDGE.items()]
    cases += [rent(f"months_{months}", "A", rented_months=months) for months in (0, 1, 6, 11, 12, 13, 24)]
    cases += [rent("area_zero", rented_area_m2=0), rent("area_least", rented_area_m2=1)]
    for months, area in ((12, 1_388_888), (10, 1_666_666), (8, 2_083_333)):
        cases += [
            rent(f"cap_below_{months}_months", rented_area_m2=area, rented_months=months),
            rent(f"cap_above_{months}_months", rented_area_m2=area + 1, rented_months=months),
        ]
    cases += [
        rent("cap_above_24_months", rented_area_m2=1_388_889, rented_months=24),
        rent("not_new_major", is_new_major_upgrade=False),
        rent("new_major_unknown", is_new_major_upgrade=None),
        rent("area_unknown", rented_area_m2=None),
        rent("months_unknown", rented_months=None),
        rent("investment_unknown", actual_investment=None),
        rent("graded_c", "C"),
        rent("graded_d", "D"),
    ]
    return cases


def vertical(name: str, holder: str, **changed: Any) -> Case:
    fields = {
        "self_owned_and_used": True,
        "standards_met": True,
        "land_area_m2": 8_000 * M2,
        "far_before": RATIO,
        "far_after": RATIO,
        "upgrade_floor_area_m2": 0,
        "total_floor_area_after_m2": 9_600 * M2,
        "area_storey_4_m2": 0,
        "area_storey_5_m2": 0,
        "area_storey_6_up_m2": 0,
        **changed,
    }
    return Case(f"vertical_{name}", ("vertical_subsidy",), holder, fields)


def vertical_cases() -> list[Case]:
    """FAR rise and floor share of 20 % (exclusive), storeys, flags, and the cap of 100 万 at every rate."""
    cases = []
    for grade in "AB":
        cases += [
            vertical(f"far_20_percent_{grade}", grade, far_after=1_200_000),
            vertical(f"far_one_millionth_above_{grade}", grade, far_after=1_200_001),
            vertical(f"far_15_to_18_{grade}", grade, far_before=1_500_000, far_after=1_800_000),
            vertical(f"share_20_percent_{grade}", grade, upgrade_floor_area_m2=1_920 * M2),
            vertical(f"share_one_cm_above_{grade}", grade, upgrade_floor_area_m2=1_920 * M2 + 1),
            vertical(f"both_uplifts_{grade}", grade, far_after=1_500_000, upgrade_floor_area_m2=5_000 * M2),
        ]
    # Share route: of 40,000 m² in all the first fifth is free, the upgrade beyond it is subsidised.
    for rate, holder, below in ((60, "A", 1_666_666), (50, "B", 1_999_999)):
        for edge, area in (("below", below), ("exact_or_above", below + 1), ("above", below + 2)):
            floors = {"upgrade_floor_area_m2": area + 8_000 * M2, "total_floor_area_after_m2": 40_000 * M2}
            cases.append(vertical(f"cap_{rate}_{edge}", holder, **floors))
    cases += [
        vertical("storeys_4_5_6", "B", area_storey_4_m2=120_050, area_storey_5_m2=110_025, area_storey_6_up_m2=99_999),
        vertical("storeys_4_only", "C", area_storey_4_m2=1_000 * M2),
        vertical("storeys_5_only", "A", area_storey_5_m2=1_000 * M2),
        vertical("storeys_6_only", "D", area_storey_6_up_m2=1_000 * M2),
        vertical("storeys_4_cap_below", "B", area_storey_4_m2=3_333_333, total_floor_area_after_m2=50_000 * M2),
        vertical("storeys_4_cap_above", "B", area_storey_4_m2=3_333_334, total_floor_area_after_m2=50_000 * M2),
        vertical("storeys_6_cap_exact", "A", area_storey_6_up_m2=2_000_000, total_floor_area_after_m2=40_000 * M2),
        vertical("uplift_graded_c", "C", far_after=1_500_000),
        vertical("not_self_owned", "A", far_after=1_500_000, self_owned_and_used=False),
        vertical("standards_not_met", "B", far_after=1_500_000, standards_met=False),
        vertical("no_uplift_no_storeys", "B"),
        vertical("far_before_unknown", "A", far_before=None, far_after=1_500_000),
        vertical("storeys_unknown", "B", area_storey_5_m2=None, area_storey_6_up_m2=None),
        vertical("self_owned_unknown", "A", far_after=1_500_000, self_owned_and_used=None),
    ]
    return cases


def key(name: str, holder: str, investment: int | None, building: bool | None = True, is_key: bool = True) -> Case:
    fields = {"total_investment": investment, "is_key_project": is_key, "under_construction": building}
    return Case(f"key_{name}_{holder}", (), f"{holder}_alone", fields)


def key_cases() -> list[Case]:
    """Art. 8: 1 亿 makes A, 3000 万 keeps from D, while being built. No firm has two of these."""
    cases = []
    for holder in "DC":
        for label, amount in (("1yi", YI), ("3000wan", 3_000 * WAN)):
            cases += [key(f"{label}_{edge}", holder, amount + fen) for edge, fen in EDGE.items()]
            cases.append(key(f"{label}_finished", holder, amount, building=False))
    cases += [
        key("1yi_construction_unknown", "D", YI, building=None),
        key("investment_unknown", "D", None),
        key("1yi_no_key_project", "D", YI, is_key=False),
    ]
    return cases


def all_cases() -> list[Case]:
    return upgrade_cases() + rent_cases() + vertical_cases() + key_cases()
