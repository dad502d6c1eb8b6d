"""What each open passage is worth: every alternative of every reading beside the default, priced over a population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fenghuang.engines.batch import Table
from fenghuang.engines.whatif.comparison import Change, compare, is_money
from fenghuang.engines.whatif.people import People, of_table
from fenghuang.engines.whatif.variant import Variant
from fenghuang.language.readings import Reading
from fenghuang.law.pack import Pack


@dataclass(frozen=True, slots=True)
class Price:
    """One alternative of one reading, all else as the law has it; amounts in 分, None where the rule pays nothing."""

    rule: str
    reading: str
    title: str
    default: str
    choice: str
    means: str
    changed: int  # subjects whose amount differs; without money any output
    more: int | None  # 分 that winners gain
    less: int | None  # 分 that losers lose, negative
    net: int | None  # 分 over what is known under both
    change: Change


def price_table(pack: Pack, rules: Sequence[str], population: Table | People, on: date) -> list[Price]:
    """Every computable alternative of the rules' own readings; Faulty for cells that cannot be used.

    When a whole document begins to hold has no price: on one day it changes everything, on every other nothing.
    """
    people = population if isinstance(population, People) else of_table(pack, population)
    found = []
    for rule in rules:
        for reading in (r for r in pack.readings.get(rule, ()) if r.rule == rule):
            for choice, means in reading.choices.items():
                if choice == reading.default:
                    continue
                variant = Variant(reading.title, pack.id, readings={f"{rule}.{reading.name}": choice})
                change = compare(pack, [rule], people, on, variant).rules[0].total
                found.append(_price(rule, reading, choice, means, change, money=is_money(pack.program(rule))))
    return found


def _price(rule: str, reading: Reading, choice: str, means: str, change: Change, *, money: bool) -> Price:
    more, less, net = (change.gain, change.loss, change.difference) if money else (None, None, None)
    said = (rule, reading.name, reading.title, reading.default, choice, means)
    return Price(*said, change.changed, more, less, net, change)
