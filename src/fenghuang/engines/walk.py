"""What both engines ask of a graph: which nodes a result needs, and which of them may be unknown."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fenghuang.language.values import Value


def needed(targets: Sequence[Value]) -> list[Value]:
    """The targets and all they read, operands first."""
    wanted: set[int] = set()
    stack = list(targets)
    while stack:
        node = stack.pop()
        if id(node) not in wanted:
            wanted.add(id(node))
            stack.extend(node.args)
    return [node for node in targets[0].graph.nodes if id(node) in wanted] if targets else []


def unknowable(nodes: Sequence[Value], inputs: Collection[str]) -> set[int]:
    """The ids of those nodes (operands first) that may be unknown when these inputs may be."""
    found: set[int] = set()
    for node in nodes:
        if node.op in ("unknown?", "known true", "const"):
            continue
        if node.op == "input":
            may_be = node.data[0] in inputs
        else:
            may_be = node.op in ("unknown", "muldiv") or any(id(a) in found for a in node.args)
        if may_be:
            found.add(id(node))
    return found
