"""The explanation record: one form for a grade, a subsidy and a verdict; the page, the letter and the replay read it.

`Record.as_json()` is the answer of spec/cli.md. A value is text as it is shown ("7100000.00"), True / False for a
condition, or None for unknown. Named tuples, because a batch of explanations makes a great many of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from fenghuang.language.numbers import round_half_away

Value = str | bool | int | None | list[str]
_NUMBER = re.compile(r"(?<![\d.])(?P<number>-?\d+(?:\.\d+)?)(?P<percent>%)?(?!\.?\d)")
MASK = "***"  # in place of a value that the reader may not see
ABSENT = "没有"  # the text of an input that may be absent and is: not an unknown one


class Source(NamedTuple):
    """Where a value came from: a cell of a delivered file, or who typed it."""

    file: str
    sheet: str = ""
    row: int | None = None
    field: str = ""
    department: str = ""
    received: str = ""  # ISO time
    link: str = ""

    def __str__(self) -> str:
        place = [
            self.department,
            self.file,
            self.sheet,
            f"第 {self.row} 行" if self.row is not None else "",
            self.field,
        ]
        return " · ".join(part for part in place if part)


class Input(NamedTuple):
    """A value a step reads: an input of the rule, a parameter of the law, or an earlier step."""

    name: str
    title: str
    value: Value
    unit: str = ""
    kind: str = "input"  # input | parameter | step
    sources: tuple[Source, ...] = ()
    text: str = ""  # the value in words, where it is a label or a yes / no

    def masked(self) -> Input:
        """The same input, its value not told; unknown stays unknown."""
        return self if self.value is None else self._replace(value=MASK, text="")


class Step(NamedTuple):
    """One named value of the run."""

    name: str
    title: str
    value: Value
    unit: str = ""
    clause: str = ""
    formula: str = ""
    inputs: tuple[Input, ...] = ()
    kind: str = "value"  # input | value | condition | output
    distance: str = ""  # to the bound, in words: "差 12.5 万元", "超出 3 亩"
    in_principle: bool = False  # 原则上: a false one needs a reasoned decision
    note: str = ""
    text: str = ""  # the value in words, where it is a label or a yes / no


class Reading(NamedTuple):
    """A reading of an open passage that this answer depends on."""

    name: str
    title: str
    choice: str
    choice_title: str = ""
    default: str = ""
    clause: str = ""


class Record(NamedTuple):
    """A decided subject. `outputs` and `conditions` keep the contract's names and order."""

    rule: str
    title: str
    policy: str
    on: str
    clause: str
    outputs: dict[str, Value]
    conditions: dict[str, bool | None]
    missing: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    carried: Mapping[str, Any] = {}  # id and x_ columns
    rows_missing: Mapping[str, str] = {}  # rows that reference tables lack, in words

    @property
    def missing_titles(self) -> tuple[str, ...]:
        """What is missing, as a person calls it."""
        titles = {i.name: i.title for s in self.steps for i in s.inputs} | dict(self.rows_missing)
        return tuple(titles.get(name, name) for name in self.missing)

    def as_json(self) -> dict[str, Any]:
        """The answer of spec/cli.md."""
        return {
            **self.carried,
            "rule": self.rule,
            "policy": self.policy,
            "on": self.on,
            "outputs": self.outputs,
            "conditions": self.conditions,
            "missing": list(self.missing),
            "readings": {r.name: r.choice for r in self.readings},
            "steps": [
                {
                    "name": s.name,
                    "title": s.title,
                    "value": s.value,
                    "unit": s.unit,
                    "clause": s.clause,
                    "formula": s.formula,
                    "inputs": [
                        {"name": i.name, "title": i.title, "value": i.value, "unit": i.unit, "kind": i.kind}
                        for i in s.inputs
                    ],
                    **({"distance": s.distance} if s.distance else {}),
                }
                for s in self.steps
            ],
        }

    def in_words(self) -> dict[str, Any]:
        """The same with what a person reads: titles, values in words, notes."""
        told = self.as_json()
        for step, words in zip(told["steps"], self.steps, strict=True):
            step |= {"text": words.text, "kind": words.kind, "in_principle": words.in_principle, "note": words.note}
        return told | {
            "title": self.title,
            "clause": self.clause,
            "missing_titles": list(self.missing_titles),
            "used_readings": [r._asdict() for r in self.readings],
            "notes": list(self.notes),
        }

    def with_sources(self, sources: Mapping[str, tuple[Source, ...]]) -> Record:
        """The same record, its inputs tied to the rows they came from."""
        steps = tuple(
            s._replace(inputs=tuple(i._replace(sources=sources.get(i.name, i.sources)) for i in s.inputs))
            for s in self.steps
        )
        return self._replace(steps=steps)

    def masked(self, names: Collection[str]) -> Record:
        """The same record without the values of these inputs and of what is calculated from them.

        Outputs and conditions stay: they are the decision. Their formulas and distances lose the masked figures.
        """
        hidden, figures = set(names), set[str]()
        if not hidden:
            return self
        steps = []
        for told in self.steps:
            step = told
            figures |= {_as_written(i.value) for i in step.inputs if i.name in hidden} - {""}
            reads = any(i.name in hidden for i in step.inputs)
            if step.name in hidden or (reads and step.kind == "value" and not isinstance(step.value, bool)):
                hidden.add(step.name)
                figures |= {_as_written(step.value)} - {""}
                step = step._replace(value=None if step.value is None else MASK, text="", distance="")
            steps.append(step._replace(inputs=tuple(i.masked() if i.name in hidden else i for i in step.inputs)))
            if reads:
                formula, note = _without(step.formula, figures), _without(step.note, figures)
                steps[-1] = steps[-1]._replace(formula=formula, note=note, distance=MASK if step.distance else "")
        return self._replace(steps=tuple(steps))


def _as_written(value: Value) -> str:
    """A number as formulas show it; nothing for unknown, labels and yes / no."""
    return value if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) else ""


def _without(text: str, figures: Collection[str]) -> str:
    """The text with these figures masked, also where it writes them with more decimals or as percent; no others."""
    if not figures or not text:
        return text
    return _NUMBER.sub(lambda found: MASK if any(_says(found, figure) for figure in figures) else found[0], text)


def _says(found: re.Match[str], figure: str) -> bool:
    """Whether the number in the text is the figure, or rounds to it."""
    decimals = len(figure.partition(".")[2])
    number = Fraction(found["number"]) / (100 if found["percent"] else 1) * 10**decimals
    return Fraction(round_half_away(number.numerator, number.denominator), 10**decimals) == Fraction(figure)
