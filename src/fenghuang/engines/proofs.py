"""Proofs made by machine: what a rule says must be able to matter.

For every input, condition, figure of the law, label and branch a witness is looked for: a case in which another value
of it changes an output. What has a witness is proved to matter. What has none is reported as a flaw: an input nobody
needs, a condition that can never decide, a figure that never binds, a branch that another one covers, a label no case
reaches. Cases are taken from the examples, then changed in one or two inputs around every bound, then at random.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from fenghuang.engines.door import Refused, value
from fenghuang.engines.python import Values, compiled
from fenghuang.engines.walk import needed
from fenghuang.language import types, units
from fenghuang.language.numbers import days
from fenghuang.language.parameters import TABLES
from fenghuang.language.program import DAYS, Program
from fenghuang.language.values import Choice, Flag, Number, Value
from fenghuang.law.pack import STANDING, Overlay, Pack

RANDOM_CASES = 3000
Case = tuple[tuple[Any, ...], int]  # inputs in contract order, day


class Flaw(NamedTuple):
    """Something in a rule that decides nothing."""

    rule: str
    kind: str  # input | condition | parameter | label | branch | output
    name: str
    sentence: str


def flaws(pack: Pack, rule: str, overlay: Overlay = STANDING) -> list[Flaw]:
    """What of a rule has no witness; empty for a rule of which everything can matter."""
    texts = [pack.words.example(name) for name, kind in pack.rules[rule].inputs.items() if kind.name == "text"]
    pack = pack.with_sample_rows(texts[0]) if texts else pack
    program = pack.program(rule, overlay)
    found = [
        *_unread(program),
        *_labels(pack, program),
        *_constant_outputs(pack, program),
        *(flaw for node in _watched(program) if (flaw := _idle(pack, program, node))),
    ]
    return [Flaw(rule, *flaw) for flaw in dict.fromkeys(found) if not _stands_for_others(program, flaw, found)]


def _stands_for_others(program: Program, flaw: Found, found: Sequence[Found]) -> bool:
    """Whether a figure is the row `others` for a label, and that row matters for another label of the table."""
    kind, path, _ = flaw
    name, bracket, rest = path.rsplit(".", 1)[-1].partition("[")
    parameter = program.parameters.get(name) if kind == "parameter" and bracket else None
    label, _, place = rest.partition("]")
    if parameter is None or not parameter.by or label in parameter.figures:
        return False
    alike = [other for other in TABLES[parameter.by] if other not in parameter.figures]
    idle = {name for kind, name, _ in found if kind == "parameter"}
    return any(f"{parameter.path}[{other}]{place}" not in idle for other in alike)


Found = tuple[str, str, str]


def _unread(program: Program) -> Iterator[Found]:
    read = set(needed([*program.outputs.values(), *program.conditions.values()]))
    for name, node in program.inputs.items():
        if node not in read:
            yield "input", name, "没有任何条件或结果用到这项输入"


def _labels(pack: Pack, program: Program) -> Iterator[Found]:
    """Labels of a result that no case gives."""
    for name, node in program.outputs.items():
        if isinstance(node, Choice):
            given = {run[0] for run in _runs(pack, program, node)}
            for code, label in enumerate(node.labels):
                if code not in given and _is_own(program, node):
                    yield "label", f"{name}={label}", "没有任何情形得到这一结果"


def _is_own(program: Program, node: Value) -> bool:
    """Whether the choice is made by the rule; a grade that is handed through may lack some of its labels."""
    return not any(isinstance(v, Choice) and v.labels == node.labels for v in program.inputs.values())  # type: ignore[attr-defined]


def _constant_outputs(pack: Pack, program: Program) -> Iterator[Found]:
    for name, node in program.outputs.items():
        if len({repr(run[0]) for run in _runs(pack, program, node)}) < 2:
            yield "output", name, "在任何情形下都是同一结果"


def _runs(pack: Pack, program: Program, node: Value) -> Iterator[Values]:
    run = compiled(program, [node], nullable=True)
    return (run(*case) for case in _cases(pack, program))


def _watched(program: Program) -> list[Value]:
    """What must be able to matter: the inputs, conditions and figures that the outputs read."""
    nodes = needed(list(program.outputs.values()))
    own = {id(node) for node in [*program.inputs.values(), *program.conditions.values()]}
    periods = {id(node.args[1]) for node in nodes if node.op == "after"}  # these matter where the later date does
    return [
        node
        for node in nodes
        if id(node) in own
        or (isinstance(node, Flag) and node.op not in ("const", "unknown", "unknown?", "when"))
        or node.op == "after"
        or (node.op == "const" and isinstance(node, Number) and _is_figure(node) and id(node) not in periods)
    ]


def _is_figure(node: Number) -> bool:
    return node.data[1] not in ("", "valid")


def _idle(pack: Pack, program: Program, node: Value) -> Found | None:
    """The node as a flaw when no case is found in which another value of it changes an output."""
    targets = list(program.outputs.values())
    run = compiled(program, [node, *targets], nullable=True)
    forced = compiled(program, targets, nullable=True, forced=node)
    seen: set[Any] = set()
    wanted = {True, False} if isinstance(node, Flag) else {"any"}
    for case in _cases(pack, program):
        own, *results = run(*case)
        if own is None:
            continue
        key = own if isinstance(node, Flag) else "any"
        if key not in seen and any(_differs(forced, case, other, results) for other in _others(node, own)):
            seen.add(key)
            if seen == wanted:
                return None
    return _said(program, node, wanted - seen)


def _differs(forced: Any, case: Case, other: Any, results: Sequence[Any]) -> bool:
    try:
        return list(forced(*case, other)) != list(results)
    except OverflowError:
        return True


def _others(node: Value, own: Any) -> Sequence[Any]:
    """Other values of a node."""
    if isinstance(node, Flag):
        return (not own,)
    if isinstance(node, Choice):
        return [code for code in range(len(node.labels)) if code != own]
    if isinstance(node, Number):
        return (own + 400, own - 400) if node.dimension == units.DATE else (own + 1, own - 1, own * 2 + 1, 0, node.hi)
    return ("？",)


def _said(program: Program, node: Value, without: set[Any]) -> Found:
    names = {id(v): n for n, v in [*program.meaning.items(), *program.conditions.items(), *program.inputs.items()]}
    if node.op == "after":
        return "parameter", node.args[1].data[1], "改动这个期限不影响任何结果"
    if isinstance(node, Number) and node.op == "const":
        return "parameter", node.data[1], "改动这个数不影响任何结果"
    name = names.get(id(node), node.op)
    if id(node) in {id(v) for v in program.inputs.values()}:
        return "input", name, "改动这项输入不影响任何结果"
    if without == {True, False}:
        return "condition", name, "这项条件从不起作用"
    verdict = "成立" if True in without else "不成立"
    return "branch", name, f"这项条件{verdict}时从不改变结果"


# -- cases


@cache
def _cases(pack: Pack, program: Program) -> tuple[Case, ...]:
    """Cases to look for witnesses in, the same ones every time."""
    dice = random.Random(program.name)  # noqa: S311 - reproducible cases, no secret
    choices = [_candidates(pack, program, name, node) for name, node in program.inputs.items()]
    for kind in {id(k) for k in program.rule.inputs.values() if isinstance(k, types.NumberType)}:
        alike = [n for n, k in enumerate(program.rule.inputs.values()) if id(k) == kind]
        together = list(
            dict.fromkeys(v for n in alike for v in choices[n])
        )  # inputs of a kind are held against each other
        choices = [together if n in alike else some for n, some in enumerate(choices)]
    example = tuple(
        some[len(some) // 2] if given is None and not kind.optional else given
        for some, (name, kind) in zip(choices, program.rule.inputs.items(), strict=True)
        for given in (_example(pack, program.rule.inputs, name),)
    )
    in_force = min(max(_example_days(pack, program)), days(pack.valid[1] or date.max))
    found: dict[Case, None] = {(example, in_force): None}
    bases = [example]
    for place, some in enumerate(choices):
        for other in some:
            near = (*example[:place], other, *example[place + 1 :])
            found[near, in_force] = None
            bases.append(near)
    for _ in range(RANDOM_CASES):
        case = list(dice.choice(bases))
        for place in dice.sample(range(len(choices)), min(len(choices), dice.randint(1, 4))):
            case[place] = dice.choice(choices[place])
        found[tuple(case), dice.choice(_days(pack, in_force)) if dice.random() < 0.3 else in_force] = None
    for _ in range(RANDOM_CASES):
        found[tuple(dice.choice(some) for some in choices), dice.choice(_days(pack, in_force))] = None
    return tuple(found)


def _example_days(pack: Pack, program: Program) -> list[int]:
    """The dates of the examples, or a year after the document began."""
    kinds = program.rule.inputs
    given = [_example(pack, kinds, name) for name in program.inputs if kinds[name].name == "date"]
    return [day for day in given if day is not None] or [days(pack.valid[0]) + 365]


def _days(pack: Pack, in_force: int) -> list[int]:
    first = days(pack.valid[0])
    return [first - 1, first, *(in_force + n for n in (0, 200, 500, 900))]


def _example(pack: Pack, inputs: Mapping[str, types.Type], name: str) -> Any:
    example = pack.words.example(name)
    try:
        return value(inputs[name], example)
    except Refused:
        return None


def _candidates(pack: Pack, program: Program, name: str, node: Value) -> list[Any]:
    """Values of one input that sit on and around the bounds it is held against."""
    kind = program.rule.inputs[name]
    none = [None] if kind.optional else []
    if isinstance(node, Flag):
        return [True, False]
    if isinstance(node, Choice):
        return [*range(len(node.labels)), *none]
    if not isinstance(node, Number):
        return ["01", "29", "34"]
    example = _example(pack, program.rule.inputs, name)
    around = {node.lo, 0, 1} | {n for n in (example,) if n is not None}
    for bound in _bounds(program, node):
        around |= {bound - 1, bound, bound + 1}
    if node.dimension == units.DATE:
        near = (-800, -400, -93, -31, -1, 0, 1, 31, 93, 367, 800)
        around = {day + n for day in _example_days(pack, program) for n in near} | (around - {node.lo, 0, 1})
        lo, hi = DAYS.lo + 4000, DAYS.hi - 4000
    else:
        lo, hi = node.lo, node.hi
        around |= {n * k for n in set(around) for k in (2, 10)} | {n // 2 for n in around}
    return [*sorted(n for n in around if lo <= n <= hi), *none]


def _bounds(program: Program, node: Number) -> Iterator[int]:
    """The figures that this input is compared with, in its own smallest unit; of products about the right size."""
    below = {id(v) for v in program.graph.nodes if _reads(v, node)}
    for made in program.graph.nodes:
        if made.op in ("ge", "gt", "le", "lt", "least", "greatest") and any(id(a) in below for a in made.args):
            for other in made.args:
                if isinstance(other, Number) and other.op == "const":
                    yield other.lo * node.denominator // other.denominator


def _reads(node: Value, wanted: Value) -> bool:
    return node is wanted or (node.op in ("scale", "round", "sub", "add") and any(_reads(a, wanted) for a in node.args))
