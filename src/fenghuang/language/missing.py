"""Which unknown inputs could still decide an output: what an answer names as missing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import cast

from fenghuang.language.values import Choice, Flag, Graph, Number, Value

# Operations that have no answer as soon as one operand has none.
_STRICT = {"scale", "add", "sub", "mul", "muldiv", "least", "greatest", "round", "after"}
_STRICT |= {"ge", "gt", "le", "lt", "not", "among"}

Known = Flag | bool  # a condition of the graph, or one that is settled when the rule is loaded


def waiting_for(graph: Graph, inputs: Mapping[str, Value], outputs: list[Value], valid: Flag) -> dict[str, Flag]:
    """For each input a condition: it is unknown, and an unknown output still waits for it.

    Walks the graph backwards: an unknown node waits for its unknown operands, but a branch only while it may still be
    taken, and nothing for ever without answer (a limit that is not set, a share of nothing) waits at all. A list of
    names waits for every unknown condition of its own. A row that a reference table does not have is named as
    `table[input]`.
    """
    waits: dict[int, list[Flag]] = {}

    def unknown(node: Value) -> Flag:
        return graph.flag("unknown?", (node,))

    for output in outputs:
        waits.setdefault(id(output), []).append(unknown(output))
    for node in graph.nodes:
        for flag in node.args if node.op == "names" else ():
            waits.setdefault(id(flag), []).append(valid & unknown(flag))
    missing: dict[str, Flag] = {}
    rows: dict[str, list[Flag]] = {}
    names = {id(node): name for name, node in inputs.items()}
    for node in reversed(list(graph.nodes)):
        if id(node) not in waits or (never := _without_answer(node)) is True:
            continue
        waiting = _unless(never, reduce(lambda a, b: a | b, waits[id(node)]))
        if id(node) in names:
            missing[names[id(node)]] = waiting
        if node.op == "no row":
            key: Value = node.args[0]
            rows.setdefault(f"{node.data}[{key.data[0]}]", []).append(waiting & ~unknown(key))
        for place, operand in enumerate(node.args):
            if operand.op in ("const", "unknown"):
                continue
            ruled_out = _ruled_out(node, place) if place and node.op in ("when", "by") else False
            if ruled_out is not True:
                waits.setdefault(id(operand), []).append(_unless(ruled_out, waiting & unknown(operand)))
    told = {name: missing[name] for name in inputs if name in missing}
    return told | {name: reduce(lambda a, b: a | b, flags) for name, flags in rows.items()}


def _unless(condition: Known, waiting: Flag) -> Flag:
    """Waiting, unless the condition is known to hold."""
    if isinstance(condition, bool):
        return waiting
    return waiting & ~waiting.graph.flag("known true", (condition,))


def _both(a: Known, b: Known) -> Known:
    if a is False or b is False:
        return False
    return b if a is True else a if b is True else a & b


def _either(a: Known, b: Known) -> Known:
    if a is True or b is True:
        return True
    return b if a is False else a if b is False else a | b


def _of_branches(condition: Flag, then: Known, otherwise: Known) -> Known:
    """Holds where it holds of the branch taken; while that is open, where it holds of both."""
    taken = _either(_both(condition, then), _both(~condition, otherwise))
    return _either(taken, _both(then, otherwise))


def _ruled_out(node: Value, place: int) -> Known:
    """The condition under which the branch at this place is not taken."""
    chooser = node.args[0]
    if isinstance(chooser, Choice):
        return _not_the_label(chooser, place - 1)
    condition = cast(Flag, chooser)
    return ~condition if place == 1 else condition


def _not_the_label(choice: Choice, code: int) -> Known:
    """The choice is another label, however its open conditions turn out."""
    if choice.op == "const":
        return bool(choice.data != code)
    if choice.op == "when":
        condition, then, otherwise = cast(tuple[Flag, Choice, Choice], choice.args)
        return _of_branches(condition, _not_the_label(then, code), _not_the_label(otherwise, code))
    return ~choice.among(choice.labels[code])


def _without_answer(node: Value) -> Known:
    """The condition under which no input can bring the node an answer."""
    if node.op == "unknown":
        return True
    if node.op == "when":
        condition, then, otherwise = node.args
        return _of_branches(cast(Flag, condition), _without_answer(then), _without_answer(otherwise))
    none: Known = False
    for operand in node.args if node.op in _STRICT else ():
        none = _either(none, _without_answer(operand))
    if node.op == "muldiv":
        whole = cast(Number, node.args[2])
        none = _either(none, (whole <= 0) & (whole >= 0))
    return none
