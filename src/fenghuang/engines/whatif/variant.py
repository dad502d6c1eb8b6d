"""A variant of the law: figures, readings and perhaps a method, as a person writes them in a YAML file.

    title: 第一档提高到 12%
    policy: taizhou-2021-27
    parameters:
      art.10.upgrade_subsidy.rates[A][0]: 12%
      art.10.upgrade_subsidy.threshold: 600万元
    readings:
      upgrade_subsidy.first_band_from: threshold
    method: huangyan-2022          # a packaged method or a file; only where the population has the method's facts

What is not named stays as the law has it. A figure carries its unit; one that cannot be (negative, of another unit,
finer than the smallest unit) is refused, and so is whatever is said twice. Faults name line, path and nearest name.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from fenghuang.engines import texts
from fenghuang.engines.door import Fault, Faulty, Refused, written
from fenghuang.language import numbers, types, units
from fenghuang.language.parameters import Parameter
from fenghuang.language.readings import Reading
from fenghuang.law.pack import Overlay, Pack, packs

KEYS = ("title", "policy", "parameters", "readings", "method")
LONGEST_TITLE = 100
_FIGURE = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(.*)", re.DOTALL)
_TYPES = (
    *(types.MONEY, types.WAN_PER_MU, types.AREA, types.MU, types.LENGTH, types.ENERGY, types.EMISSION, types.YEARS),
    *(types.MONTHS, types.PRICE_PER_M2),
)
_BY_DIMENSION = {kind.unit.dimension: kind for kind in _TYPES}


class Place(NamedTuple):
    """One figure of the law by its path: art.10.upgrade_subsidy.rates[A][0]."""

    path: str
    parameter: Parameter
    label: str
    number: int

    @property
    def rule(self) -> str:
        return self.parameter.path.rsplit(".", 2)[1]

    @property
    def present(self) -> Fraction:
        """The figure as the law has it, in the parameter's own unit."""
        return self.parameter.figures[self.label][self.number]


class Scale(NamedTuple):
    """How fine a figure may be said: its smallest step in its own unit, and the highest figure in steps."""

    step: Fraction
    highest: int


@dataclass(frozen=True)
class Variant:
    """A checked overlay. Figures are kept as they were written ("12%"), readings as `rule.reading`."""

    title: str
    policy: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    method: str = ""

    @property
    def pack(self) -> Pack:
        return packs()[self.policy]

    def rules(self) -> list[str]:
        """The rules whose figures or readings differ, in the order of the document."""
        known = places(self.pack)
        touched = {known[path].rule for path in self.parameters} | {key.split(".")[0] for key in self.readings}
        return [rule for rule in self.pack.rules if rule in touched]

    def overlay(self, rule: str) -> Overlay:
        """What the variant changes of one rule."""
        known = places(self.pack)
        figures = {
            path: figure(known[path].parameter, text)
            for path, text in self.parameters.items()
            if known[path].rule == rule
        }
        chosen = {key.split(".")[1]: v for key, v in self.readings.items() if key.split(".")[0] == rule}
        return Overlay(figures, chosen)

    def as_document(self) -> dict[str, Any]:
        """What `read` reads again."""
        said = {"title": self.title, "policy": self.policy}
        rest = {"parameters": dict(self.parameters), "readings": dict(self.readings), "method": self.method}
        return said | {key: value for key, value in rest.items() if value}


# -- figures


def places(pack: Pack) -> dict[str, Place]:
    """Every figure of the law that a variant may change, by its path."""
    found = {}
    for parameter in pack.parameters.values():
        for label, row in parameter.figures.items():
            for index in range(len(row)):
                path = parameter.path + (f"[{label}]" if label else "") + (f"[{index}]" if parameter.is_list else "")
                found[path] = Place(path, parameter, label, index)
    return found


def scale(parameter: Parameter) -> Scale:
    """The smallest step of a parameter's figures: that of its type in spec/rules.yaml (分, 0.0001 %, one day ...)."""
    unit = parameter.unit
    if unit.dimension == units.DATE:
        return Scale(Fraction(1), numbers.days(date(2199, 12, 31)))
    if unit.dimension == units.PLAIN:
        kind = types.RATIO if unit.text == "%" else types.COUNT
    else:
        kind = _BY_DIMENSION.get(unit.dimension) or types.NumberType("", unit, 2, 0, 10**10)
    step = kind.unit.factor / 10**kind.decimals
    return Scale(step / unit.factor, kind.hi)


def say(parameter: Parameter, value: Fraction) -> str:
    """A figure in the parameter's own unit, as a file writes it: 12%, 600万元, 2023-06-30."""
    if parameter.unit.dimension == units.DATE:
        return numbers.day(int(value)).isoformat()
    decimals = 0
    while decimals < 12 and (value * 10**decimals).denominator != 1:
        decimals += 1
    return numbers.trim(numbers.show_fraction(value, decimals)) + parameter.unit.text


def finest(parameter: Parameter) -> str:
    """The smallest step as people say it: 0.0001%, 0.01元, 1日."""
    step, unit = scale(parameter).step, parameter.unit
    if unit.dimension == units.DATE:
        return "1日"
    if unit.text in ("万元", "亿元"):
        return say(replace(parameter, unit=units.unit("元")), step * unit.factor)
    return say(parameter, step)


def figure(parameter: Parameter, text: str) -> Fraction:
    """A written figure in the parameter's own unit; Refused says what is expected."""
    step, highest = scale(parameter)
    present = say(parameter, next(iter(parameter.figures.values()))[0])
    unit = parameter.unit
    if unit.dimension == units.DATE:
        try:
            return Fraction(numbers.days(date.fromisoformat(numbers.plain(text))))
        except ValueError as fault:
            raise Refused(f"应为日期，如 {present}") from fault
    match = _FIGURE.fullmatch(numbers.plain(text).replace(" ", ""))
    if not match:
        raise Refused(f"应为数{f'和单位（{unit.text}）' if unit.text else ''}，如 {present}")
    try:
        said = units.unit(match[2])
    except ValueError as fault:
        raise Refused(f"单位应为 {unit.text or '（无）'}，如 {present}") from fault
    if said.dimension != unit.dimension or (unit.dimension == units.PLAIN and said.text != unit.text):
        raise Refused(f"应带单位 {unit.text}，如 {present}" if unit.text else f"不带单位，如 {present}")
    value = numbers.fraction(match[1]) * said.factor / unit.factor
    if value < 0:
        raise Refused(f"不能是负数，如 {present}")
    if (value / step).denominator != 1:
        raise Refused(f"最小单位为 {finest(parameter)}")
    if value > step * highest:
        raise Refused(f"不应超过 {say(parameter, step * highest)}")
    return value


# -- reading


class _Said(NamedTuple):
    """One `key: value` of a mapping with its line; a value is text, or the entries of a mapping below."""

    key: str
    value: Any
    line: int | None


def load(path: Path) -> Variant:
    """The variant of a YAML file; Faulty lists every fault with its line."""
    try:
        node = yaml.compose(texts.decode(path.read_bytes()), yaml.SafeLoader)
    except OSError as fault:
        raise Faulty([Fault("", "", f"无法读取：{fault.strerror}")]) from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Faulty([Fault("", "", "不是正确的 YAML：缩进或标点有误", mark.line + 1 if mark else None)]) from fault
    return _checked(_said_of(node))


def read(document: Mapping[str, Any]) -> Variant:
    """The variant of a mapping as `as_document` gives it; Faulty as for a file, without lines."""
    return _checked(_entries(document))


def _entries(mapping: Mapping[str, Any]) -> list[_Said]:
    return [_Said(str(k), _entries(v) if isinstance(v, Mapping) else str(v), None) for k, v in mapping.items()]


def _said_of(node: Any) -> list[_Said]:
    """The entries of a YAML mapping; scalars as they are written, so that no figure passes through a double."""
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1 if node is not None else None
        raise Faulty([Fault("", "", "应为 title、policy、parameters 等项，每项一行", line)])
    found = []
    for key, value in node.value:
        line = key.start_mark.line + 1
        if isinstance(value, yaml.SequenceNode) or not isinstance(key, yaml.ScalarNode):
            raise Faulty([Fault(str(key.value), "", "应为“名称: 取值”，不应为列表", line)])
        empty = isinstance(value, yaml.ScalarNode) and value.tag.endswith(":null")
        content = "" if empty else value.value if isinstance(value, yaml.ScalarNode) else _said_of(value)
        found.append(_Said(key.value, content, line))
    return found


def _checked(entries: list[_Said]) -> Variant:
    """Everything checked against the pack; all faults together."""
    faults: list[Fault] = []
    parts = {}
    for said in _once(entries, faults, lambda key: key):
        if said.key not in KEYS:
            faults.append(Fault(said.key, "", f"没有这一项{_near(said.key, KEYS)}；可用 {'、'.join(KEYS)}", said.line))
        elif isinstance(said.value, list) != (said.key in ("parameters", "readings")) and said.value != "":
            expected = "应为名称和取值各一行" if said.key in ("parameters", "readings") else "应为文字"
            faults.append(Fault(said.key, "", expected, said.line))
        else:
            parts[said.key] = said
    title = _text(parts, "title", "应写明方案名称", faults)
    if len(title) > LONGEST_TITLE:
        faults.append(Fault("title", written(title), f"最多 {LONGEST_TITLE} 字", parts["title"].line))
    policy = _text(parts, "policy", f"应写明政策编号，如 {'、'.join(packs())}", faults)
    if policy and policy not in packs():
        near = f"没有这个政策{_near(policy, packs())}；可用 {'、'.join(packs())}"
        faults.append(Fault("policy", written(policy), near, parts["policy"].line))
    if policy not in packs():
        raise Faulty(faults)
    pack = packs()[policy]
    figures = _parameters(pack, parts, faults)
    chosen = _readings(pack, parts, faults)
    if faults:
        raise Faulty(sorted(faults, key=lambda f: f.row or 0))
    method = parts["method"].value if "method" in parts else ""
    return Variant(title, policy, figures, chosen, method)


def _text(parts: Mapping[str, _Said], key: str, expected: str, faults: list[Fault]) -> str:
    text = str(parts[key].value).strip() if key in parts else ""
    if not text:
        faults.append(Fault(key, "", expected, parts[key].line if key in parts else None))
    return text


def _once(entries: Iterable[_Said], faults: list[Fault], name: Callable[[str], str]) -> list[_Said]:
    """The entries without those that say the same thing again, which is a fault."""
    first: dict[str, _Said] = {}
    for said in entries:
        key = name(said.key)
        if key in first:
            at = f"第 {first[key].line} 行" if first[key].line else "前面"
            faults.append(Fault(said.key, "", f"与{at}重复：同一项只能写一次", said.line))
        first.setdefault(key, said)
    return list(first.values())


def _below(parts: Mapping[str, _Said], key: str) -> list[_Said]:
    value = parts[key].value if key in parts else []
    return value if isinstance(value, list) else []


def _parameters(pack: Pack, parts: Mapping[str, _Said], faults: list[Fault]) -> dict[str, str]:
    known = places(pack)
    found = {}
    for said in _once(_below(parts, "parameters"), faults, lambda key: key.replace(" ", "")):
        path = said.key.replace(" ", "")
        if path not in known:
            faults.append(Fault(said.key, "", _no_figure(path, known), said.line))
            continue
        text = said.value if isinstance(said.value, str) else ""
        try:
            figure(known[path].parameter, text)
            found[path] = text.strip()
        except Refused as fault:
            faults.append(Fault(path, written(text), str(fault), said.line))
    for said in _below(parts, "parameters"):
        if (path := said.key.replace(" ", "")) in found and (wrong := _out_of_order(known, found, path)):
            faults.append(Fault(path, written(found[path]), wrong, said.line))
    return found


def _out_of_order(known: Mapping[str, Place], found: Mapping[str, str], path: str) -> str:
    """What is wrong with the edges of bands (`edges`): bands that overlap would count a part twice."""
    parameter = known[path].parameter
    if parameter.name != "edges":
        return ""
    row = [p for p, place in known.items() if place.parameter is parameter and place.label == known[path].label]
    edges = [figure(parameter, found[p]) if p in found else known[p].present for p in row]
    if edges == sorted(set(edges)):
        return ""
    return f"各档界限须逐档增大，方案中为 {'、'.join(say(parameter, edge) for edge in edges)}"


def _no_figure(path: str, known: Mapping[str, Place]) -> str:
    name = path.split("[", maxsplit=1)[0]
    own = [p for p, place in known.items() if place.parameter.path == name]
    if own:
        return f"须指明是哪一个数：{'、'.join(own)}"
    return f"没有这个参数{_near(path, known)}"


def _readings(pack: Pack, parts: Mapping[str, _Said], faults: list[Fault]) -> dict[str, str]:
    found = {}
    own = {f"{rule}.{one.name}": one for rule, listed in pack.readings.items() for one in listed}

    def whole(key: str) -> str:
        """first_band_from -> upgrade_subsidy.first_band_from, where one rule alone has it."""
        named = [name for name in own if name.endswith(f".{key}")]
        return named[0] if "." not in key and len(named) == 1 else key

    for said in _once(_below(parts, "readings"), faults, whole):
        key = whole(said.key)
        reading: Reading | None = own.get(key)
        if reading is None:
            faults.append(Fault(said.key, "", _no_reading(said.key, own), said.line))
        elif said.value not in reading.choices:
            found_text = written(said.value) if isinstance(said.value, str) else ""
            faults.append(Fault(key, found_text, f"可选 {'、'.join(reading.choices)}", said.line))
        else:
            found[key] = said.value
    return found


def _no_reading(key: str, own: Mapping[str, Reading]) -> str:
    rule, dot, name = key.partition(".")
    others = [one for one in own if one.endswith(f".{name if dot else key}")]
    if dot and others:
        return f"{rule} 没有这项口径；它属于 {'、'.join(one.partition('.')[0] for one in others)}"
    if others:
        return f"不止一条规则有这项口径，应写明 {'、'.join(others)}"
    return f"没有这项口径{_near(key, own)}"


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"，是否指 {near[0]}" if near else ""
