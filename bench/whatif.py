"""What if: three subsidies under the law and under a variant, over 20,000 firms and 1,000,000 subjects.

    python bench/whatif.py            prints the table of bench/README.md

Timed is what a person waits for once the population is read: cells into integers, both laws, sums by county, industry,
size and grade, the ten largest changes. Beside it the baseline (the same rules once, no comparison) and a search.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from fenghuang.engines import batch, columns, whatif
from fenghuang.engines.batch import Table
from fenghuang.language.types import GRADES
from fenghuang.law.pack import packs

RULES = ("upgrade_subsidy", "rent_subsidy", "vertical_subsidy")
ON = date(2022, 12, 31)
PACK = packs()["taizhou-2021-27"]
RATE = "art.10.upgrade_subsidy.rates[A][0]"
ONE = {"title": "第一档 12%", "policy": PACK.id, "parameters": {RATE: "12%"}}
ALL = {
    **ONE,
    "parameters": {
        RATE: "12%",
        "art.10.rent_subsidy.rate": "4元/平方米/月",
        "art.11.vertical_subsidy.cap": "150万元",
    },
    "readings": {"first_band_from": "threshold"},
}


def population(size: int) -> Table:
    """Plausible subjects as a file would bring them: typed columns of a Parquet, two in a hundred cells unknown."""
    chance = np.random.default_rng(27)

    def whole(low: int, high: int) -> Any:
        return chance.integers(low, high, size)

    data = {
        "id": [str(n) for n in range(size)],
        "equipment_investment": whole(0, 200_000_000),
        "grade": np.array(GRADES)[chance.choice(5, size, p=(0.2, 0.4, 0.25, 0.1, 0.05))],
        "local_contribution": whole(0, 30_000_000),
        "actual_investment": whole(0, 50_000_000),
        "is_new_major_upgrade": chance.random(size) < 0.8,
        "previous_grade": np.array(GRADES)[chance.choice(5, size)],
        "rented_area_m2": whole(0, 30_000),
        "rented_months": whole(0, 25),
        "self_owned_and_used": chance.random(size) < 0.9,
        "standards_met": chance.random(size) < 0.95,
        "land_area_m2": whole(1000, 100_000),
        "far_before": whole(1, 3),
        "far_after": whole(1, 4),
        "upgrade_floor_area_m2": whole(0, 50_000),
        "total_floor_area_after_m2": whole(1000, 200_000),
        "area_storey_4_m2": whole(0, 5000),
        "area_storey_5_m2": whole(0, 5000),
        "area_storey_6_up_m2": whole(0, 5000),
        "x_county": np.array(["椒江区", "黄岩区", "路桥区", "临海市", "温岭市", "玉环市"])[whole(0, 6)],
        "x_industry": np.array([str(n) for n in range(13, 44)])[whole(0, 31)],
        "x_size": np.array(["规上", "规下"])[whole(0, 2)],
    }
    frame = pl.DataFrame(data)
    gaps = ("equipment_investment", "local_contribution", "far_after", "rented_area_m2")
    frame = frame.with_columns(
        pl.when(pl.Series(chance.random(size) >= 0.02)).then(pl.col(name)).alias(name) for name in gaps
    )
    return Table(frame, range(1, size + 1))


def baseline(table: Table) -> None:
    """The law alone: cells, three rules, their outputs and conditions."""
    for rule in RULES:
        program = PACK.program(rule)
        columns.run(program, batch.cells(table, program.rule.inputs), ON)


def timed(run: Callable[[], Any], rounds: int) -> tuple[float, float]:
    run()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    return statistics.median(took), min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    for size in (20_000, 1_000_000):
        table = population(size)
        one, every = whatif.read(ONE), whatif.read(ALL)
        contenders: dict[str, Callable[[], Any]] = {
            "the law alone (baseline), 3 rules": lambda t=table: baseline(t),
            "one rule changed, that rule compared": lambda t=table, v=one: whatif.compare(PACK, RULES[:1], t, ON, v),
            "one rule changed, 3 rules compared": lambda t=table, v=one: whatif.compare(PACK, RULES, t, ON, v),
            "all three changed and compared": lambda t=table, v=every: whatif.compare(PACK, RULES, t, ON, v),
            "search: highest first rate": lambda t=table, v=one, n=size: whatif.search(
                PACK, RULES[:1], t, ON, v, RATE, n * 150_000_000
            ),
        }
        for title, run in contenders.items():
            median, best = timed(run, args.rounds)
            print(f"| {size:,} | {title} | {median:.2f} | {best:.2f} |")


if __name__ == "__main__":
    main()
