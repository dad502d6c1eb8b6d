"""Small policy packs and rules made for one test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from fenghuang.language import Outputs
from fenghuang.language.declare import rule
from fenghuang.language.program import Program, trace
from fenghuang.law.pack import Pack

POLICY = "id: made\ntitle: 试验\nnumber: 试〔2022〕1号\nvalid: {from: 2022-01-01, to: 2022-12-31}\n"
ALWAYS = (-25567, 84006)


def pack(
    folder: Path,
    code: str,
    parameters: str = "{}",
    readings: str = "{}",
    references: str = "{}",
    words: str = "names: {}",
    **others: str,
) -> Pack:
    """A pack whose art_01.py holds `code`; `others` are further files by their stem."""
    made = folder / "made"
    made.mkdir(exist_ok=True)
    head = "from decimal import Decimal\nfrom fractions import Fraction\nfrom fenghuang.language import *\n"
    files = {"policy.yaml": POLICY, "parameters.yaml": parameters, "readings.yaml": readings, "words.yaml": words}
    files["references.yaml"] = references
    files |= {"art_01.py": head + dedent(code)} | {f"{stem}.py": head + dedent(c) for stem, c in others.items()}
    for name, text in files.items():
        (made / name).write_text(dedent(text), "utf-8")
    return Pack(made)


def traced(function: Callable[..., Outputs], chosen: Mapping[str, Any] | None = None) -> Program:
    """A rule without parameters, always in force."""
    return trace(rule("art.1")(function), {}, (), chosen or {}, ALWAYS)
