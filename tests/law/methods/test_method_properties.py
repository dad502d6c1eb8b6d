"""Properties over random firms: an independent reference in Fractions, order and scale do not matter."""

from __future__ import annotations

import random
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from method_build import CUTS, half_up, method, scope

from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.reading import find_method

KINDS = st.sampled_from(["ratio", "inverse", "share_of_max", "min_max"])
MISSING = st.sampled_from(["zero", "group_mean_score", "reweight", "unknown"])
BENCHMARK = st.sampled_from(["7", "0.3", "mean", "median", "max"])
LIMIT = st.sampled_from([None, "0", "12.5"])
INDICATORS = {"tax_per_mu": ("tax", "land_mu", 100), "rnd_share": ("rnd_expense", "revenue", 1)}


@st.composite
def item(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(KINDS)
    keys: dict[str, Any] = {"weight": draw(st.sampled_from(["10", "33.3", "60"])), "missing": draw(MISSING)}
    if kind == "min_max":
        keys["score"] = {"min_max": {"from": draw(st.sampled_from(["0", "20"])), "to": "100"}}
    else:
        keys["score"] = kind
    if kind in ("ratio", "inverse"):
        keys["benchmark"] = draw(BENCHMARK)
    cap = draw(LIMIT)
    if cap and cap != "0":
        keys["cap"] = cap
    if draw(LIMIT) == "0":
        keys["floor"] = "0"
    return keys


@st.composite
def population(draw: st.DrawFn) -> dict[str, list[Any]]:
    size = draw(st.integers(2, 12))
    unknown = st.none()
    columns: dict[str, list[Any]] = {"id": [str(i) for i in range(size)]}
    for top, bottom, _ in INDICATORS.values():
        columns[top] = draw(st.lists(st.integers(0, 60) | unknown, min_size=size, max_size=size))
        columns[bottom] = draw(st.lists(st.integers(0, 12) | unknown, min_size=size, max_size=size))
    return columns


def reference(items: dict[str, dict[str, Any]], columns: dict[str, list[Any]]) -> list[Fraction | str] | None:
    """Totals by the words of the contract; a text is why there is none; None where a benchmark cannot be."""
    size = len(columns["id"])
    values: dict[str, list[Fraction | None]] = {}
    for name, (top, bottom, unit) in INDICATORS.items():
        values[name] = [
            None if t is None or not b else Fraction(t, b * unit)
            for t, b in zip(columns[top], columns[bottom], strict=True)
        ]
    out: list[Fraction | str] = [Fraction(0)] * size
    for i in range(size):
        if any(values[name][i] is None and items[name]["missing"] == "unknown" for name in items):
            out[i] = "unknown"
    scores: dict[str, list[Fraction | None]] = {}
    for name, keys in items.items():
        counted = [v for i, v in enumerate(values[name]) if v is not None and out[i] != "unknown"]
        if not counted:
            if any(v is not None for v in values[name]) or keys["missing"] == "group_mean_score":
                return None
            scores[name] = [None] * size
            continue
        scores[name] = []
        for v in values[name]:
            score = None if v is None else _score(keys, v, counted)
            if v is not None and score is None:
                return None
            scores[name].append(score)
    whole = sum(Fraction(keys["weight"]) for keys in items.values())
    for i in range(size):
        if out[i] == "unknown":
            continue
        total, kept = Fraction(0), whole
        for name, keys in items.items():
            score = scores[name][i]
            if score is None and keys["missing"] == "reweight":
                kept -= Fraction(keys["weight"])
            elif score is None and keys["missing"] == "group_mean_score":
                known = [s for j, s in enumerate(scores[name]) if s is not None and out[j] != "unknown"]
                total += sum(known) / len(known)
            else:
                total += score or 0
        out[i] = half_up(total * whole / kept) if kept else "nothing"
    return out


def _score(keys: dict[str, Any], value: Fraction, counted: list[Fraction]) -> Fraction | None:
    weight, kind = Fraction(keys["weight"]), keys["score"]
    measure = {"mean": sum(counted) / len(counted), "median": median(counted), "max": max(counted)}
    if isinstance(kind, dict):
        if max(counted) == min(counted):
            return None
        low, high = Fraction(kind["min_max"]["from"]), Fraction(kind["min_max"]["to"])
        score = weight * (low + (high - low) * (value - min(counted)) / (max(counted) - min(counted))) / 100
    else:
        named = "max" if kind == "share_of_max" else keys["benchmark"]
        top = measure[named] if named in measure else Fraction(named)
        if top == 0:
            return None
        score = weight * value / top
        if kind == "inverse":
            score = (2 - value / top) * weight / 2 if value < 2 * top else Fraction(0)
    if "cap" in keys:
        score = min(score, Fraction(keys["cap"]))
    if "floor" in keys:
        score = max(score, Fraction(keys["floor"]))
    return score


@settings(max_examples=400, deadline=None)
@given(item(), item(), population())
def test_totals_equal_the_reference(
    first: dict[str, Any], second: dict[str, Any], columns: dict[str, list[Any]]
) -> None:
    items = {"tax_per_mu": first, "rnd_share": second}
    expected = reference(items, columns)
    if expected is None:
        return  # a benchmark cannot be: told apart in test_method_scores
    result = evaluate(method(scope(items)), columns)
    found = [result.firm(i) for i in range(len(result))]
    for firm, total in zip(found, expected, strict=True):
        if total == "unknown":
            assert firm.status == "not_graded"
        elif total == "nothing":
            assert firm.status == "marked"
        else:
            assert firm.score is not None
            assert Fraction(firm.score, 10**4) == total
    graded = [f for f in found if f.score is not None]
    for firm in graded:
        assert firm.rank == 1 + sum(1 for other in graded if (other.score or 0) > (firm.score or 0))
        assert firm.rank is not None
        share = Fraction(100 * firm.rank, len(graded))
        assert firm.grade == next(grade for grade, cut in CUTS.items() if share <= Fraction(cut))


@settings(max_examples=60, deadline=None)
@given(item(), item(), population(), st.randoms(use_true_random=False))
def test_the_order_of_the_firms_does_not_matter(
    first: dict[str, Any], second: dict[str, Any], columns: dict[str, list[Any]], rng: random.Random
) -> None:
    used = method(scope({"tax_per_mu": first, "rnd_share": second}))
    order = list(range(len(columns["id"])))
    rng.shuffle(order)
    straight = evaluate(used, columns)
    mixed = evaluate(used, {name: [cells[i] for i in order] for name, cells in columns.items()})
    assert [mixed.firm(k) for k in range(len(order))] == [straight.firm(i) for i in order]


@settings(max_examples=60, deadline=None)
@given(population(), st.sampled_from(["mean", "median", "max"]), st.integers(1, 10**6))
def test_measured_by_its_own_population_the_unit_does_not_matter(
    columns: dict[str, list[Any]], benchmark: str, times: int
) -> None:
    items = {"tax_per_mu": {"weight": "100", "benchmark": benchmark, "missing": "zero"}}
    scaled = {**columns, "tax": [None if t is None else t * times for t in columns["tax"]]}
    one, other = evaluate(method(scope(items)), columns), evaluate(method(scope(items)), scaled)
    assert [one.firm(i).score for i in range(len(one))] == [other.firm(i).score for i in range(len(other))]


@settings(max_examples=60, deadline=None)
@given(population(), st.integers(1, 1000))
def test_tax_and_land_times_the_same_is_the_same(columns: dict[str, list[Any]], times: int) -> None:
    larger = {
        name: [None if c is None else c * times for c in cells] if name in ("tax", "land_mu") else cells
        for name, cells in columns.items()
    }
    one, other = evaluate(method(), columns), evaluate(method(), larger)
    assert [one.firm(i).score for i in range(len(one))] == [other.firm(i).score for i in range(len(other))]


def test_a_whole_town_against_fractions() -> None:
    """The published method over 400 random firms, each total against Fractions."""
    rng = random.Random(7)
    size = 400
    columns: dict[str, list[Any]] = {
        "uscc": [str(i) for i in range(size)],
        "above_scale": [True] * size,
        "land_mu": [rng.randrange(1, 10**6) for _ in range(size)],
        "tax": [rng.randrange(-(10**8), 10**10) for _ in range(size)],
        "value_added": [rng.randrange(-(10**8), 10**11) for _ in range(size)],
        "revenue": [rng.randrange(1, 10**12) for _ in range(size)],
        "rnd_expense": [rng.choice([None, rng.randrange(10**10)]) for _ in range(size)],
        "energy_tce": [rng.randrange(1, 10**8) for _ in range(size)],
        "emission_t": [rng.choice([None, 0, rng.randrange(1, 10**8)]) for _ in range(size)],
        "employees": [rng.randrange(1, 1000) for _ in range(size)],
    }
    used = find_method("huangyan-2022")
    result = evaluate(used, columns)
    scale = {"tax": 100, "value_added": 100, "revenue": 100, "rnd_expense": 100, "land_mu": 10**4, "energy_tce": 10**4}
    scale |= {"emission_t": 10**6, "employees": 1}
    parts: dict[str, list[Fraction | None]] = {}
    for it in used.scopes[0].items:
        top, bottom = it.indicator.numerator, it.indicator.denominator
        unit = 1 if it.name == "rnd_share" else 10000
        assert isinstance(it.benchmark, Fraction)
        parts[it.name] = [
            None
            if not b or t is None
            else it.weight * Fraction(t, scale[top]) / Fraction(b, scale[bottom]) / unit / it.benchmark
            for t, b in zip(columns[top], columns[bottom], strict=True)
        ]
    emission = [p for p in parts["value_added_per_emission_t"] if p is not None]
    mean = sum(emission) / len(emission)
    for i in range(size):
        total = sum((p[i] or Fraction(0) for p in parts.values()), Fraction(0))
        if parts["value_added_per_emission_t"][i] is None:
            total += mean
        assert Fraction(result.firm(i).score or 0, 10**4) == half_up(total)
    statistics = result.statistics()[0]
    assert statistics.classes == {"A": 80, "B": 240, "C": 60, "D": 20}
    assert statistics.groups[0].averages["tax_per_mu"] == Fraction(sum(columns["tax"]), sum(columns["land_mu"]) * 100)


@pytest.mark.parametrize("size", [20_000])
def test_a_city_takes_well_under_a_second(size: int) -> None:
    import time

    rng = random.Random(1)
    columns: dict[str, list[Any]] = {"id": [str(i) for i in range(size)], "above_scale": [True] * size}
    for name in ("land_mu", "tax", "value_added", "revenue", "rnd_expense", "energy_tce", "emission_t", "employees"):
        columns[name] = [rng.randrange(1, 10**9) for _ in range(size)]
    started = time.process_time()
    evaluate(find_method("huangyan-2022"), columns)
    assert time.process_time() - started < 1.5  # 0.25 s on a quiet machine
