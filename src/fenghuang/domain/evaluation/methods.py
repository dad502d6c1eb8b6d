"""Which method grades a unit's year."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from fenghuang.law.methods.method import Method
from fenghuang.law.methods.reading import find_method, packaged

BORROWED_FROM = "黄岩区"  # units without a published method use Huangyan's, and say so


class Chosen(NamedTuple):
    method: Method
    borrowed: bool


@cache
def _by_place_and_year() -> dict[tuple[str, int | None], Method]:
    return {(method.place, method.data_year): method for method in map(find_method, packaged())}


def method_for(unit_name: str, year: int) -> Chosen | None:
    """The unit's own method for the data year, else Huangyan's marked as borrowed, else None."""
    known = _by_place_and_year()
    own = known.get((unit_name, year))
    if own:
        return Chosen(own, borrowed=False)
    lent = known.get((BORROWED_FROM, year))
    return Chosen(lent, borrowed=True) if lent else None
