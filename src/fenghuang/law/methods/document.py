"""Method files as plain trees that remember their lines. Every scalar is text: no number passes through a float."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from fenghuang.law.methods.faults import Fault, MethodError

Plain = str | list[Any] | dict[str, Any]

MAX_DEPTH = 12  # a method has six levels


@dataclass(slots=True)
class Branch:
    """A node of the document: text, list or mapping, with its path and line (0 when it did not come from a file)."""

    value: str | list[Branch] | dict[str, Branch]
    path: str = ""
    line: int = 0

    def plain(self) -> Plain:
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, list):
            return [part.plain() for part in self.value]
        return {key: part.plain() for key, part in self.value.items()}


@dataclass(slots=True)
class Complaints:
    """Collects faults while a document is read."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def add(self, branch: Branch, found: str, expected: str) -> None:
        place = f"{branch.path}（第 {branch.line} 行）" if branch.line else branch.path
        self.faults.append(Fault(self.file, place, found, expected))

    def raise_any(self) -> None:
        if self.faults:
            raise MethodError(self.faults)


def read_yaml(text: str, file: str) -> Branch:
    """The YAML text as a tree; MethodError for broken YAML, doubled keys and references to itself."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行" if mark else ""
        raise MethodError([Fault(file, place, "不是合法的 YAML", "按 evaluation.md 书写的方法文件")]) from error
    except RecursionError as error:
        raise MethodError([Fault(file, "", "嵌套过深", f"不超过 {MAX_DEPTH} 层")]) from error
    complaints = Complaints(file)
    branch = _branch(root, "", complaints, 0) if root is not None else Branch({})
    complaints.raise_any()
    return branch


def _branch(node: yaml.Node, path: str, complaints: Complaints, depth: int) -> Branch:
    line = node.start_mark.line + 1
    here = Branch("", path, line)
    if depth > MAX_DEPTH:
        complaints.add(here, "嵌套过深", f"不超过 {MAX_DEPTH} 层")
        return here
    if isinstance(node, yaml.ScalarNode):
        here.value = node.value
    elif isinstance(node, yaml.SequenceNode):
        here.value = [_branch(part, f"{path}[{i}]", complaints, depth + 1) for i, part in enumerate(node.value)]
    elif isinstance(node, yaml.MappingNode):
        parts: dict[str, Branch] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            part = _branch(value_node, f"{path}.{key}" if path else key, complaints, depth + 1)
            if key in parts:
                complaints.add(part, f"{key} 写了两次", "每个键只写一次")
            parts[key] = part
        here.value = parts
    return here


def from_plain(value: object, path: str = "") -> Branch:
    """A tree of a document kept as JSON (a method stored with a campaign, or changed for a what-if)."""
    if isinstance(value, Mapping):
        parts = {str(key): from_plain(part, f"{path}.{key}" if path else str(key)) for key, part in value.items()}
        return Branch(parts, path)
    if isinstance(value, (list, tuple)):
        return Branch([from_plain(part, f"{path}[{i}]") for i, part in enumerate(value)], path)
    if isinstance(value, bool):
        return Branch("true" if value else "false", path)
    if isinstance(value, (str, int)):
        return Branch(str(value), path)
    if isinstance(value, Decimal):
        return Branch(format(value, "f"), path)
    if value is None:
        return Branch("", path)
    raise TypeError(f"{path}: {type(value).__name__} in a method; numbers are text, int or Decimal")


def canonical(document: Plain) -> bytes:
    """The same bytes for the same content: comments, quoting and layout do not count, order and wording do."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(document: Plain) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()
