"""The YAML files of a pack: exact decimals, keys that stand once, and the line of every entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml

from fenghuang.language.values import RuleError
from fenghuang.law.faults import Collected, Fault, Faulty, faults_of

T = TypeVar("T")


class _Decimals(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML whose decimals stay text: 0.1 is one tenth, not the nearest double."""


def _once(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    """A mapping; a key that stands twice is refused, for one of its figures would be lost in silence."""
    keys = [loader.construct_object(key) for key, _ in node.value]
    for number, (key, (place, _)) in enumerate(zip(keys, node.value, strict=True)):
        if key in keys[:number]:
            raise yaml.constructor.ConstructorError(problem=f"{key} stands twice", problem_mark=place.start_mark)
    return dict(zip(keys, (loader.construct_object(value, deep=True) for _, value in node.value), strict=True))


_Decimals.add_constructor("tag:yaml.org,2002:float", lambda loader, node: node.value)
_Decimals.add_constructor("tag:yaml.org,2002:map", _once)
# YAML 1.1 takes on, off, yes and no for booleans: here they are words (`settled: {by: ..., on: 2023-01-01}`).
_Decimals.yaml_implicit_resolvers = {
    first: [(tag, said) for tag, said in found if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, found in _Decimals.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path) -> Any:
    """A YAML file with decimals as text; RuleError names file and line of a slip."""
    try:
        return yaml.load(path.read_text("utf-8"), _Decimals) or {}  # noqa: S506 - a safe loader
    except FileNotFoundError as fault:
        raise Faulty([Fault(path.name, 0, "", "no such file")]) from fault
    except UnicodeDecodeError as fault:
        raise Faulty([Fault(path.name, 0, "", "expected text in UTF-8")]) from fault
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        text = " ".join(part for part in (fault.context, fault.problem) if part)
        raise Faulty([Fault(path.name, mark.line + 1 if mark else 0, "", text)]) from fault
    except (yaml.YAMLError, ValueError) as fault:  # a date there is not
        raise Faulty([Fault(path.name, 0, "", str(fault))]) from fault


class Place(NamedTuple):
    """Where an entry stands: its keys from the outermost, and its line."""

    keys: tuple[str, ...]
    line: int


def places(path: Path) -> dict[str, Place]:
    """Every entry of a file by its dotted path (art.10.upgrade_subsidy.cap, output_guide.versions[0])."""
    try:
        root = yaml.compose(path.read_text("utf-8"), _Decimals)
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return dict(_places(root, "", ()))


def _places(node: Any, above: str, keys: tuple[str, ...]) -> Iterator[tuple[str, Place]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            dotted = f"{above}.{key.value}" if above else str(key.value)
            own = (*keys, str(key.value))
            yield dotted, Place(own, key.start_mark.line + 1)
            yield from _places(value, dotted, own)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            dotted = f"{above}[{number}]"
            yield dotted, Place((*keys, str(number)), value.start_mark.line + 1)
            yield from _places(value, dotted, (*keys, str(number)))


def read(path: Path, reader: Callable[..., T], *more: Any, depth: int) -> T:
    """What a reader makes of a file. Faulty tells the fault of every entry (`depth` keys deep), each with its line."""
    document = load_yaml(path)
    try:
        return reader(document, *more)
    except RuleError as first:
        collected, known = Collected(), places(path)
        for entry in _alone(document, depth):
            with collected:
                reader(entry, *more)
        found = collected.faults or faults_of(first)
        raise Faulty(_placed(fault, known) for fault in found) from first


def _alone(document: Any, depth: int) -> Iterator[Any]:
    """The document with one entry at a time."""
    if not isinstance(document, Mapping) or depth == 0:
        yield document
        return
    for key, value in document.items():
        for part in _alone(value, depth - 1):
            yield {key: part}


def _placed(fault: Fault, known: Mapping[str, Place]) -> Fault:
    """The fault with the line and the rule of the entry whose path its words begin with."""
    dotted = fault.text.split(": ", 1)[0]
    while dotted and dotted not in known:
        dotted = dotted.rpartition(".")[0]
    if fault.line or not dotted:
        return fault
    place = known[dotted]
    rule = place.keys[1] if len(place.keys) > 1 and fault.file in ("parameters.yaml", "readings.yaml") else ""
    return Fault(fault.file, place.line, rule, fault.text)
