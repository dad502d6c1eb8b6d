"""What the engines ask of a graph: which nodes a result needs, which may be unknown, how large they may become."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from fenghuang.language.values import Number, Value, span


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
        if node.op in ("unknown?", "known true", "const", "names"):
            continue
        if node.op == "input":
            may_be = node.data[0] in inputs
        else:
            may_be = node.op in ("unknown", "no row", "muldiv") or any(id(a) in found for a in node.args)
        if may_be:
            found.add(id(node))
    return found


Range = tuple[int, int]


def ranges(nodes: Sequence[Value], found: Mapping[int, Range]) -> dict[int, Range]:
    """The range of each number (by id), given those found in the data for some inputs; never wider than declared.

    The declared ranges prove that nothing can overflow 128 bits; these prove, for one table, what stays within 64.
    """
    known: dict[int, Range] = {}
    for node in nodes:
        if isinstance(node, Number):
            known[id(node)] = found.get(id(node)) or _range(node, [known.get(id(a), (0, 0)) for a in node.args])
    return known


def _range(node: Number, args: list[Range]) -> Range:
    lows, highs = [lo for lo, _ in args], [hi for _, hi in args]
    match node.op:
        case "add":
            return sum(lows), sum(highs)
        case "sub":
            return lows[0] - highs[1], highs[0] - lows[1]
        case "mul":
            return span(*(a * b for a in args[0] for b in args[1]))
        case "scale":
            return lows[0] * node.data, highs[0] * node.data
        case "least":
            return min(lows), min(highs)
        case "greatest":
            return max(lows), max(highs)
        case "when" | "by":
            return min(lows[1:]), max(highs[1:])
        case "round":
            up, down = node.data
            return lows[0] * up // down - 1, highs[0] * up // down + 1
    return node.lo, node.hi
