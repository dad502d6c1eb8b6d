"""Articles 12 to 15: advance notice, intensive land use, dormitories, the special fund."""

from __future__ import annotations

from fractions import Fraction

from oracle.logic import (
    NOTHING,
    Case,
    Conditions,
    Outputs,
    a_or_b,
    at_least,
    at_most,
    below,
    beyond,
    both,
    choose,
    decision,
    either,
    known,
    lift,
    money,
    mu,
    negate,
    share,
    times,
)


def advance_notice_transfer(x: Case) -> tuple[Outputs, Conditions]:
    quarter = times(Fraction(25, 100), x["total_investment"])
    conditions = {
        "is_inefficient_land": x["is_inefficient_land"],
        "below_share": below(x["invested"], quarter),
        "line_agency_approved": x["line_agency_approved"],
        "county_agreed": x["county_agreed"],
        "no_contract_bar": negate(x["contract_forbids"]),
    }
    return {
        "may_register_notice": decision(both(*conditions.values())),
        "may_transfer_title": decision(at_least(x["invested"], quarter)),
    }, conditions


def land_supply_share(x: Case) -> tuple[Outputs, Conditions]:
    industrial, everything = x["industrial_land_granted_mu"], x["land_granted_mu"]
    none_granted = known(everything) and everything == 0
    industrial_share = NOTHING if none_granted else lift(lambda part, whole: part / whole, industrial, everything)
    met = choose(x["is_big_industrial_county"], at_least(industrial_share, Fraction(30, 100)), NOTHING)
    return {"industrial_share": share(industrial_share), "share_met": decision(met)}, {}


def control_line_replacement(x: Case) -> tuple[Outputs, Conditions]:
    changed, replaced = x["changed_use_mu"], x["replacement_mu"]
    return {"balanced": decision(at_least(replaced, changed)), "shortfall_mu": mu(beyond(changed, replaced))}, {}


def reserve_price(x: Case) -> tuple[Outputs, Conditions]:
    lowered = x.all("is_priority_industry", "high_land_use_and_tax")
    ratio = choose(lowered, Fraction(70, 100), Fraction(1))
    floor = times(x["area_m2"], x["minimum_price_per_m2"], ratio)
    return {"price_ratio": share(ratio), "reserve_price_floor": money(floor)}, {}


def headquarters_land(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "headquartered_in_city": x["headquartered_in_city"],
        "is_local_quality_firm": x["is_local_quality_firm"],
        "investment_reaches_threshold": at_least(x["new_project_investment"], 200_000_000),
        "recognised_major": x["recognised_major"],
    }
    return {"may_be_treated_as_invited": decision(both(*conditions.values()))}, conditions


def dormitory_allowance(x: Case) -> tuple[Outputs, Conditions]:
    leading = both(x["is_existing_project"], x["is_leading_firm"], a_or_b(x["grade"]), at_least(x["land_area_mu"], 50))
    conditions = {
        "in_priority_rental_city": x["in_priority_rental_city"],
        "qualifies": either(x["inside_park"], leading),
        "safety_assured": x["safety_assured"],
    }
    raised = both(*conditions.values())
    land_limit = choose(raised, Fraction(15, 100), Fraction(7, 100))
    floor_limit = choose(raised, Fraction(30, 100), NOTHING)
    return {
        "land_share_limit": share(land_limit),
        "floor_share_limit": share(floor_limit),
        "land_share_ok": decision(at_most(x["supporting_land_share"], land_limit)),
        "floor_share_ok": decision(at_most(x["supporting_floor_share"], floor_limit)),
    }, conditions


def special_fund(x: Case) -> tuple[Outputs, Conditions]:
    minimum = times(Fraction(5, 1000), x["land_grant_revenue"])
    return {
        "fund_minimum": money(minimum),
        "drawn_enough": decision(at_least(x["fund_drawn"], minimum)),
        "within_named_uses": decision(lift(lambda used: used == 0, x["used_outside_four_purposes"])),
    }, {}
