"""The action plan: tasks 1 to 4, 16 and 17, the target of low-tax firms, and the national idle-land measures."""

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
    both,
    choose,
    day,
    decision,
    either,
    label,
    lift,
    money,
    months_later,
    names,
    negate,
    one_of,
    times,
    unknown,
)


def zero_land_admission(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "category_allowed": one_of(x["category"], "encouraged", "permitted"),
        "not_to_be_relocated": negate(x["to_be_relocated_soon"]),
    }
    approved = unknown("approved_on") if x["approved_on"] is None else x["approved_on"]
    due = lift(lambda d: months_later(d, 3), approved)
    not_yet = choose(below(due, x.on), False, NOTHING)  # late once the day has passed, else nobody knows
    in_time = not_yet if x["started_on"] is None else at_most(x["started_on"], due)
    return {
        "admitted": decision(both(*conditions.values())),
        "start_due_on": day(due),
        "started_in_time": decision(in_time),
    }, conditions


def quality_firm(x: Case) -> tuple[Outputs, Conditions]:
    marks = (
        "listed", "listing_filed", "single_champion", "little_giant", "hidden_champion", "future_factory",
        "in_cluster_chain_list", "strategic_emerging",
    )  # fmt: skip
    conditions = {"graded_a_or_b": a_or_b(x["grade"]), **{name: x[name] for name in marks}}
    return {"is_local_quality_firm": decision(either(*conditions.values()))}, conditions


def screening_scope(x: Case) -> tuple[Outputs, Conditions]:
    large = either(x["above_scale"], at_least(x["land_mu"], 3))
    return {"in_scope": decision(both(x["is_manufacturing"], large))}, {}


def low_tax_firm(x: Case) -> tuple[Outputs, Conditions]:
    def both_years(limit: int) -> object:
        return both(at_most(x["tax_per_mu"], limit), at_most(x["tax_per_mu_previous"], limit))

    large = both(at_least(x["revenue"], 100_000_000), both_years(10))
    inefficient = both(x["is_inefficient"], both_years(5))
    return {"must_be_upgraded": decision(either(large, inefficient))}, {}


def idle_land(x: Case) -> tuple[Outputs, Conditions]:
    """What holds on the day: a year must be full by then, a start or a halt after it has not happened."""
    started_on = x["started_on"] if x["started_on"] is not None and x["started_on"] <= x.on else None
    halted_since = x["halted_since"]

    def waits(agreed_later: int) -> object:
        """The years since the agreed start are full, and building had not begun by their end."""
        end = lift(lambda d: months_later(d, 12 * agreed_later), x["agreed_start_on"])
        return both(at_most(end, x.on), True if started_on is None else below(end, started_on))

    little = either(below(x["developed_area_share"], Fraction(1, 3)), below(x["invested_share"], Fraction(1, 4)))
    halt_full = halted_since is not None and months_later(halted_since, 12) <= x.on
    halted = both(started_on is not None, halt_full, little)
    never_begun, halt_ends = waits(1), None if halted_since is None else months_later(halted_since, 12)
    idle = either(never_begun, halted)
    year_later = lift(lambda d: months_later(d, 12), x["agreed_start_on"])
    since = choose(never_begun, year_later, choose(halted, halt_ends, NOTHING))

    not_started = started_on is None
    extend = both(x["government_caused"], idle)
    recover, charged = both(not_started, waits(2)), both(idle, not_started)
    measure = choose(extend, "extend", choose(recover, "recover", choose(charged, "fee", "none")))
    price = times(Fraction(20, 100), x["land_price"])
    if both(negate(extend), negate(recover), charged) is False:
        price = Fraction(0)  # whatever the measure turns out to be, it is not the fee: nobody waits for the price
    fee = choose(one_of(measure, "fee"), price, Fraction(0))
    return {"idle_since": day(since), "measure": label(measure), "fee": money(fee)}, {}


def two_high_project(x: Case) -> tuple[Outputs, Conditions]:
    built = negate(x["is_planned"])
    found = {
        "industrial_policy": negate(x["industrial_policy_met"]),
        "capacity_replacement": negate(x["capacity_replaced"]),
        "energy_review": negate(x["energy_reviewed"]),
        "eia": negate(x["eia_approved"]),
        "approved_against_rules": negate(x["approved_lawfully"]),
        "built_before_approval": both(built, x["built_before_approval"]),
        "built_otherwise": both(built, negate(x["built_as_approved"])),
    }
    must_stop = either(x["clearly_over_energy_budget"], x["clearly_over_emission_capacity"])
    no_violation = negate(either(*found.values()))
    return {
        "violations": names(found),
        "must_stop": decision(must_stop),
        "may_proceed": decision(both(no_violation, negate(must_stop), either(built, x["justified"]))),
    }, {}


def four_lacks(x: Case) -> tuple[Outputs, Conditions]:
    lacks = [
        x[f"lacks_{name}"] for name in ("licence", "safety", "lawful_premises", "environmental_measures")
    ]  # fmt: skip
    joined = either(*lacks) if x.readings["four_lacks_when"] == "any" else both(*lacks)
    return {"is_four_lacks": decision(joined)}, {}
