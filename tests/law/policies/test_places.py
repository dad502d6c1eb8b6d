"""Every figure of the parameters stands in the document where the parameters say it does."""

from __future__ import annotations

from typing import Any

from fenghuang.language import numbers
from fenghuang.language.parameters import Parameter
from fenghuang.law.pack import packs
from source_text import SOURCE, with_text

# Figures that the document says in other words: (unit, figure) -> how they begin there.
SAID = {
    ("月", "12"): "1 年",
    ("", "2"): "多",
    ("", "1"): "改一补一",
    ("亿元", "1"): ("1", "亿"),
    ("日期", "19538"): "2023 年 6 月底",
}


def figures(parameter: Parameter) -> list[tuple[str, str]]:
    """The figures of a parameter with their places; one figure may stand at several."""
    found = []
    for label, row in parameter.figures.items():
        at: Any = parameter.at[label] if isinstance(parameter.at, dict) and label != "others" else parameter.at
        if label == "others":
            continue
        places = at if isinstance(at, list) else [at]
        row_at_places = row * len(places) if len(row) == 1 else row
        found += [
            (numbers.trim(numbers.show_fraction(figure, 6)), place)
            for figure, place in zip(row_at_places, places, strict=True)
        ]
    return found


@with_text
def test_every_figure_stands_at_its_place() -> None:
    lines = SOURCE.read_text("utf-8").splitlines()
    for parameter in packs()["taizhou-2021-27"].parameters.values():
        for figure, place in figures(parameter):
            line, column = map(int, place.split(":"))
            there = lines[line - 1][column - 1 :]
            said = SAID.get((parameter.unit.text, figure), figure)
            assert there.startswith(said), f"{parameter.path}: {place} has {there[:8]!r}, not {said}"
