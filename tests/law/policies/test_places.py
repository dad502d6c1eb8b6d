"""Every figure of the parameters stands in the document where the parameters say it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fenghuang.language.parameters import Parameter
from fenghuang.law.pack import packs

DOCUMENT = Path("/work/shared/source/taizhou-2021-27.txt")


def figures(parameter: Parameter) -> list[tuple[str, str]]:
    """The figures of a parameter with their places; one figure may stand at several."""
    found = []
    for label, row in parameter.figures.items():
        at: Any = parameter.at[label] if isinstance(parameter.at, dict) and label != "others" else parameter.at
        if label == "others":
            continue
        places = at if isinstance(at, list) else [at]
        row_at_places = row * len(places) if len(row) == 1 else row
        found += [(str(figure), place) for figure, place in zip(row_at_places, places, strict=True)]
    return found


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the document's text is not at hand")
def test_every_figure_stands_at_its_place() -> None:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    for parameter in packs()["taizhou-2021-27"].parameters.values():
        for figure, place in figures(parameter):
            line, column = map(int, place.split(":"))
            there = lines[line - 1][column - 1 :]
            said = "1 年" if parameter.unit.text == "月" and figure == "12" else figure
            assert there.startswith(said), f"{parameter.path}: {place} has {there[:8]!r}, not {said}"
