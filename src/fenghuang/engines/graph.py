"""A rule as a graph from its inputs to its outputs, read from the program that computes: what a drawing shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fenghuang.language.program import Program
from fenghuang.language.values import Value
from fenghuang.language.words import Formula
from fenghuang.law.pack import STANDING, Overlay, Pack

DAY = "on"  # the day a case answers for: drawn where a step other than validity reads it


@dataclass(frozen=True, slots=True)
class Node:
    """An input, a step or an output. `reads` are the nodes it is computed from, `column` its place."""

    name: str
    title: str
    kind: str  # input | step
    is_condition: bool
    is_output: bool
    formula: str
    reads: tuple[str, ...]
    column: int


def nodes(pack: Pack, rule: str, overlay: Overlay = STANDING) -> tuple[Node, ...]:
    """The nodes of a rule, inputs first, then steps in the order of the run.

    Validity is not among them: it stands over every output of every rule alike.
    """
    program = pack.program(rule, overlay)
    reads = _reads(program)
    columns = _columns(reads, set(program.inputs) | {DAY})
    formula = Formula(program, pack.words)
    conditions = {id(node) for name, node in program.conditions.items() if name != "in_force"}
    known: dict[str, Value] = {DAY: program.on, **program.meaning, **program.inputs}
    found = []
    for name, sources in reads.items():
        node = known[name]
        is_step = name not in program.inputs and name != DAY
        found.append(
            Node(
                name=name,
                title="所依据的日期" if name == DAY else formula.title(name),
                kind="step" if is_step else "input",
                is_condition=id(node) in conditions,
                is_output=name in program.outputs,
                formula=formula.of(node) if is_step else "",
                reads=sources,
                column=columns[name],
            )
        )
    return tuple(found)


def _reads(program: Program) -> dict[str, tuple[str, ...]]:
    """By node the nodes it is computed from. An input that is a condition as given is one node: the input."""
    steps = {
        name: node
        for name, node in program.meaning.items()
        if name != "in_force" and (node.op != "input" or name in program.outputs)
    }
    names = {id(node): name for name, node in program.inputs.items()}
    for name, node in steps.items():
        names.setdefault(id(node), name)
    names[id(program.on)] = DAY
    read = {name: tuple(dict.fromkeys(_named(node, names))) for name, node in steps.items()}
    first: dict[str, tuple[str, ...]] = dict.fromkeys(program.inputs, ())
    if any(DAY in sources for sources in read.values()):
        first[DAY] = ()
    return {**first, **{name: sources for name, sources in read.items() if name not in first}}


def _named(node: Value, names: Mapping[int, str]) -> Iterator[str]:
    """The nearest nodes with a name below this one."""
    below, seen = list(node.args) if node.op != "input" else [node], set[int]()
    while below:
        one = below.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        if id(one) in names:
            yield names[id(one)]
        else:
            below += one.args


def _columns(reads: Mapping[str, tuple[str, ...]], given: set[str]) -> dict[str, int]:
    """Inputs stand in column 0, a step right of all it reads, and what nothing else reads at the right edge."""
    columns: dict[str, int] = {}

    def column(name: str) -> int:
        if name not in columns:
            columns[name] = 0 if name in given else 1 + max((column(source) for source in reads[name]), default=0)
        return columns[name]

    last = max(column(name) for name in reads)
    read = {source for sources in reads.values() for source in sources}
    return {name: column(name) if name in read or name in given else last for name in reads}
