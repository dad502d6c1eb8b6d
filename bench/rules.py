"""Three subsidies for a million projects, and one subject explained: what it costs, beside the plainest rival.

    python bench/rules.py            prints the table of bench/README.md

The contenders run in this process, one after the other in turn, so that all meet the same machine; each peak of memory
is taken in a process of its own. The rival is what one would write by hand: numpy int64, two-valued, three amounts.
Every amount of both is compared.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from fenghuang.engines import columns
from fenghuang.engines.explain import explainer
from fenghuang.engines.python import Engine
from fenghuang.language.program import Program
from fenghuang.law.pack import days, find

RULES = ("upgrade_subsidy", "rent_subsidy", "vertical_subsidy")
ON = date(2022, 12, 31)
SIZE = 1_000_000
ROUNDS = 9
CONTENDERS = {
    "outputs": "Polars, all outputs",
    "unknown": "Polars, all outputs, 2 % unknown",
    "steps": "Polars, every step, output and condition",
    "numpy": "numpy by hand, three amounts",
}
YUAN, WAN = 100, 1_000_000


def programs() -> list[Program]:
    pack = find(RULES[0])
    assert pack is not None
    return [pack.program(rule) for rule in RULES]


def projects(size: int, unknown: float = 0.0) -> dict[str, pl.DataFrame]:
    """Plausible projects, a tenth of them exactly on a bound."""
    chance = np.random.default_rng(27)

    def money(highest: int, *bounds: int) -> np.ndarray:
        found = chance.integers(0, highest, size)
        return np.where(chance.random(size) < 0.1, chance.choice(np.array(bounds) * WAN, size), found)

    def whole(low: int, high: int) -> np.ndarray:
        return chance.integers(low, high, size)

    def mostly(share: float) -> np.ndarray:
        return chance.random(size) < share

    grades = chance.choice(5, size, p=(0.2, 0.4, 0.25, 0.1, 0.05)).astype(np.int64)
    total = whole(100_000, 20_000_000)
    tables = {
        "upgrade_subsidy": {
            "equipment_investment": money(20_000 * WAN, 500, 2000, 5000),
            "grade": grades,
            "local_contribution": money(3_000 * WAN, 500, 2000),
        },
        "rent_subsidy": {
            "actual_investment": money(5_000 * WAN, 1000),
            "is_new_major_upgrade": mostly(0.8),
            "previous_grade": grades,
            "rented_area_m2": whole(0, 3_000_000),
            "rented_months": whole(0, 25),
        },
        "vertical_subsidy": {
            "self_owned_and_used": mostly(0.9),
            "standards_met": mostly(0.95),
            "grade": grades,
            "land_area_m2": whole(100_000, 10_000_000),
            "far_before": whole(200_000, 2_000_000),
            "far_after": whole(500_000, 3_500_000),
            "upgrade_floor_area_m2": (total * chance.random(size) * 0.5).astype(np.int64),
            "total_floor_area_after_m2": total,
            "area_storey_4_m2": whole(0, 500_000) * mostly(0.5),
            "area_storey_5_m2": whole(0, 500_000) * mostly(0.4),
            "area_storey_6_up_m2": whole(0, 500_000) * mostly(0.3),
        },
    }
    frames = {rule: pl.DataFrame(table) for rule, table in tables.items()}
    if unknown:
        frames = {
            rule: frame.with_columns(
                pl.when(pl.Series(chance.random(size) >= unknown)).then(pl.col(name)).alias(name)
                for name in frame.columns
            )
            for rule, frame in frames.items()
        }
    return frames


# -- the rival


def by_hand(tables: dict[str, dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The three amounts in 分 as a careful programmer writes them for int64: no unknowns, no steps, one reading."""
    return {
        "upgrade_subsidy": _upgrade(**tables["upgrade_subsidy"]),
        "rent_subsidy": _rent(**tables["rent_subsidy"]),
        "vertical_subsidy": _vertical(**tables["vertical_subsidy"]),
    }


def _half_up(value: np.ndarray, by: int) -> np.ndarray:
    return (2 * value + by) // (2 * by)


def _upgrade(equipment_investment: np.ndarray, grade: np.ndarray, local_contribution: np.ndarray) -> np.ndarray:
    rates = np.array([(10, 12, 15), (8, 9, 10), (0, 0, 0), (0, 0, 0), (0, 0, 0)])
    first, second = 2000 * WAN, 5000 * WAN
    by_bands = np.minimum(equipment_investment, first) * rates[grade, 0]
    by_bands += np.clip(equipment_investment - first, 0, second - first) * rates[grade, 1]
    by_bands += np.maximum(equipment_investment - second, 0) * rates[grade, 2]
    cap = np.array([2000 * WAN, 500 * WAN, 0, 0, 0])[grade]
    paid = np.maximum(np.minimum(np.minimum(_half_up(by_bands, 100), cap), local_contribution), 0)
    return np.where((equipment_investment >= 500 * WAN) & (grade <= 1), paid, 0)


def _rent(
    actual_investment: np.ndarray,
    is_new_major_upgrade: np.ndarray,
    previous_grade: np.ndarray,
    rented_area_m2: np.ndarray,
    rented_months: np.ndarray,
) -> np.ndarray:
    eligible = (actual_investment >= 1000 * WAN) & is_new_major_upgrade & (previous_grade <= 1) & (rented_area_m2 > 0)
    return np.where(eligible, np.minimum(3 * rented_area_m2 * np.minimum(rented_months, 12), 50 * WAN), 0)


def _vertical(
    self_owned_and_used: np.ndarray,
    standards_met: np.ndarray,
    grade: np.ndarray,
    land_area_m2: np.ndarray,
    far_before: np.ndarray,
    far_after: np.ndarray,
    upgrade_floor_area_m2: np.ndarray,
    total_floor_area_after_m2: np.ndarray,
    area_storey_4_m2: np.ndarray,
    area_storey_5_m2: np.ndarray,
    area_storey_6_up_m2: np.ndarray,
) -> np.ndarray:
    # areas in 1/5 of 10⁻⁸ m², so that 1.2 x FAR x land is whole; these projects stay within 64 bits
    beyond_far = np.maximum(5 * far_after - 6 * far_before, 0) * land_area_m2
    beyond_share = np.maximum(5 * upgrade_floor_area_m2 - total_floor_area_after_m2, 0) * 1_000_000
    area = np.maximum(beyond_far, beyond_share)
    rate = np.array([60, 50, 0, 0, 0])[grade]
    uplift = np.minimum(_half_up(area * rate, 5_000_000), 100 * WAN)
    storeys = np.minimum(30 * area_storey_4_m2 + 40 * area_storey_5_m2 + 50 * area_storey_6_up_m2, 100 * WAN)
    return np.where(self_owned_and_used & standards_met, np.where(area > 0, uplift, storeys), 0)


# -- the contest


def contender(kind: str, size: int) -> Callable[[], Any]:
    """What one round runs; the data lies ready in memory."""
    if kind == "numpy":
        tables = {
            rule: {name: frame[name].to_numpy() for name in frame.columns} for rule, frame in projects(size).items()
        }
        return lambda: by_hand(tables)
    frames = projects(size, 0.02 if kind == "unknown" else 0.0)
    traced = programs()
    names = {p.name: list(p.outputs) if kind != "steps" else list(p.shown) for p in traced}
    return lambda: {p.name: columns.run(p, frames[p.name], ON, names[p.name]) for p in traced}


def peak(kind: str, size: int) -> int:
    """MiB of a process that runs this contender three times."""
    done = subprocess.run(
        [sys.executable, __file__, "--peak", kind, "--size", str(size)], capture_output=True, check=True, text=True
    )
    return int(done.stdout)


def highest_resident() -> int:
    """KiB. Not ru_maxrss: that is inherited from the process that started this one."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def contest(size: int) -> None:
    runs = {kind: contender(kind, size) for kind in CONTENDERS}
    took: dict[str, list[float]] = {kind: [] for kind in runs}
    results: dict[str, Any] = {kind: run() for kind, run in runs.items()}  # and warm
    for _ in range(ROUNDS):
        for kind, run in runs.items():
            start = time.perf_counter()
            run()
            took[kind].append(time.perf_counter() - start)
    wrong = sum(
        int((results["outputs"][rule]["amount"].to_numpy() != amounts).sum())
        for rule, amounts in results["numpy"].items()
    )
    print(f"{len(RULES)} subsidies x {size:,} projects, median of {ROUNDS}     seconds  (fastest)  columns  peak MiB")
    for kind, title in CONTENDERS.items():
        width = len(RULES) if kind == "numpy" else sum(f.width for f in results[kind].values())
        median, best = statistics.median(took[kind]), min(took[kind])
        print(f"  {title:46} {median:12.3f}  ({best:.3f})  {width:7}  {peak(kind, size):8}")
    print(f"  amounts that differ between Polars and numpy: {wrong:,} of {len(RULES) * size:,}")


def one_subject(rounds: int = 20_000) -> None:
    """Microseconds for one subject in process, projects taken in turn."""
    pack = find(RULES[0])
    assert pack is not None
    print(f"one subject, {rounds:,} runs" + " " * 23 + "median µs       p99     plain compute, all steps")
    frames = projects(1000)
    day = days(ON)
    for rule in RULES:
        explain, engine = explainer(pack, rule), Engine(pack.program(rule))
        subjects = frames[rule].rows()
        explained = _times(lambda i, e=explain, s=subjects: e.record(s[i], day), rounds)
        plain = _times(lambda i, e=engine, s=subjects: e.run(s[i], day), rounds)
        print(
            f"  {rule:46} {statistics.median(explained):9.1f} {np.percentile(explained, 99):9.1f}     "
            f"{statistics.median(plain):.1f}  (p99 {np.percentile(plain, 99):.1f})"
        )


def _times(run: Callable[[int], Any], rounds: int) -> list[float]:
    clock = time.perf_counter_ns
    found = []
    for place in range(rounds):
        start = clock()
        run(place % 1000)
        found.append((clock() - start) / 1000)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--peak", choices=list(CONTENDERS), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.peak:
        run = contender(args.peak, args.size)
        for _ in range(3):
            run()
        print(highest_resident() // 1024)
        return
    contest(args.size)
    one_subject()


if __name__ == "__main__":
    main()
