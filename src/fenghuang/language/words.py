"""How a person says it: titles, labels, figures with their unit, and the formula of a step, read from its graph."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from fenghuang.language import numbers, types, units
from fenghuang.language.program import Program
from fenghuang.language.values import Choice, Flag, Number, RuleError, Value

_COMPOUND = ("add", "sub", "and", "or", "when", "by", "least", "greatest")
_COMPARISONS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


class Words:
    """words.yaml of a pack: one vocabulary, with `rule.name` where a rule says it otherwise."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._rules: Mapping[str, Mapping[str, str]] = document.get("rules", {})
        self._names: Mapping[str, str] = document.get("names", {})
        self._labels: Mapping[str, str] = document.get("labels", {})
        self._hints: Mapping[str, str] = document.get("hints", {})
        self._examples: Mapping[str, Any] = document.get("examples", {})

    def rule_title(self, rule: str) -> str:
        return self._rules[rule]["title"]

    def subject(self, rule: str) -> str:
        return self._rules[rule]["subject"]

    def title(self, rule: str, name: str) -> str:
        """The title of a name; RuleError when the vocabulary lacks it: no page may show a bare identifier."""
        found = self._names.get(f"{rule}.{name}", self._names.get(name))
        if found is None:
            raise RuleError(f"words.yaml: {rule} has no word for {name!r}")
        return found

    def label(self, rule: str, name: str, label: str) -> str:
        """A label of a choice; a grade says itself (A 类)."""
        if label in ("A", "B", "C", "D"):
            return f"{label} 类"
        return self._labels.get(f"{rule}.{name}.{label}", self._labels.get(label, label))

    def hint(self, name: str) -> str:
        return self._hints.get(name, "")

    def example(self, name: str) -> Any:
        return self._examples.get(name)


_SYSTEM = {
    errno.ENOENT: "没有这个位置",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EISDIR: "是一个文件夹",
    errno.ENOTDIR: "上级不是文件夹",
    errno.ENAMETOOLONG: "名称过长",
}


def system_fault(error: OSError) -> str:
    """Why the machine refused a file, in words; a rare reason as the machine says it."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


_DIGITS = "〇一二三四五六七八九"
_ANNEX = {"target": "附件主要目标", "work": "附件工作要求"}  # the headings of the annex


def clause_title(clause: str) -> str:
    """A clause as people cite it: art.8 is 第八条, task.16 is 附件任务16. What is no clause id stays as it is."""
    kind, _, rest = clause.partition(".")
    number = rest.partition(".")[0]
    if kind in _ANNEX and rest:
        return _ANNEX[kind]
    if not number.isdecimal():
        return clause
    return {"art": f"第{_chinese(int(number))}条", "task": f"附件任务{number}"}.get(kind, clause)


def with_clause_titles(text: str) -> str:
    """A sentence with its clause ids as people cite them: （art.8） becomes （第八条）."""
    return re.sub(r"\b(?:art|task)\.\d+", lambda found: clause_title(found[0]), text)


def _chinese(number: int) -> str:
    """1 to 99: 八, 十, 十五, 二十一; digit by digit beyond."""
    tens, ones = divmod(number, 10)
    if not 0 < tens < 10:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


def figure(value: Fraction, unit: str) -> str:
    """A figure as an official writes it: 500 万元, 1.2 亿元, 60 元/平方米, 1.2."""
    if unit == "元":
        for name, size in (("亿元", 10**8), ("万元", 10**4)):
            if abs(value) >= size:
                return f"{_plain(value / size, 6)} {name}"
    return f"{_plain(value, 6)} {unit}".rstrip()


def _plain(value: Fraction, decimals: int) -> str:
    text = numbers.trim(numbers.show_fraction(value, decimals))
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole not in ("-0",) else text


class Formula:
    """The formula of a step in words, and what it reads: inputs, parameters, earlier steps."""

    def __init__(self, program: Program, words: Words) -> None:
        self._program, self._words = program, words
        self._names = {id(node): name for name, node in program.inputs.items()}
        # Words speak of the exact value; a gated or rounded output is the same thing to a reader.
        for name, node in program.meaning.items():
            self._names.setdefault(id(node), name)
        self.reads: dict[str, Value] = {}

    def title(self, name: str) -> str:
        for said in self._program.graph.said.values():
            if said.name == name:
                return said.title
        return self._words.title(self._program.name, name)

    def of(self, node: Value) -> str:
        """The formula of this node; fills `reads`."""
        self.reads = {}
        said = self._program.graph.said.get(node)
        text = self._open(node)  # fills `reads` also where other words are used
        if said and said.words:
            first = next((self.title(name) for name, v in self.reads.items() if not name.startswith("art.")), "")
            return first + "".join(self._part(p) for p in said.words)
        return text

    def is_share(self, node: Value) -> bool:
        """Whether it can only be a percentage of the law: a rate or a share, said as percent."""
        if node.op in ("scale", "round"):
            return self.is_share(node.args[0])
        if node.op in ("by", "when"):
            return all(self.is_share(a) for a in node.args[1:])
        path = node.data[1] if node.op == "const" and isinstance(node, Number) else None
        parameter = self._program.parameters.get(path.split("[")[0].rsplit(".", 1)[-1]) if path else None
        return bool(parameter and parameter.unit.text == "%")

    def _part(self, part: object) -> str:
        return self._constant(part) if isinstance(part, Number) else str(part)

    def _closed(self, node: Value, tight: bool = False) -> str:
        """A node inside a formula: by its name if it has one."""
        if node.op in ("scale", "round"):
            return self._closed(node.args[0], tight)
        name = self._names.get(id(node))
        if name is not None:
            self.reads.setdefault(name, node)
            return self.title(name)
        text = self._open(node)
        return f"（{text}）" if tight and node.op in _COMPOUND else text

    def _open(self, node: Value) -> str:
        say: Callable[[Any], str] = getattr(self, f"_{_METHODS.get(node.op, node.op)}", self._unsaid)
        return say(node)

    def _unsaid(self, node: Value) -> str:
        raise RuleError(f"no words for the operation {node.op!r}")

    def _input(self, node: Value) -> str:
        name = node.data[0]
        if name == "on":
            return "所依据的日期"
        self.reads.setdefault(name, node)  # a condition taken as given: its verdict leads to its source
        return self.title(name)

    def _scale(self, node: Value) -> str:
        return self._closed(node.args[0])

    def _constant(self, node: Any) -> str:
        if isinstance(node, Choice):
            return self._words.label(self._program.name, "", node.labels[node.data])
        if isinstance(node, Flag):
            return "是" if node.data else "否"
        n, path = node.data
        parameter = self._program.parameters.get(path.split("[")[0].rsplit(".", 1)[-1]) if path else None
        if parameter and not (parameter.by and path.split("[")[1].rstrip("]") not in parameter.figures):
            self.reads.setdefault(path, node)  # a row that only `others` stands for is not read by name
        value = Fraction(n, node.denominator)
        if node.dimension == units.DATE:
            return numbers.day(int(value)).isoformat()
        if value.denominator != 1 and 10**6 % value.denominator:  # one third has no decimal form
            return f"{value.numerator}/{value.denominator}"
        if parameter and parameter.unit.text == "%":
            return f"{_plain(value * 100, 6)}%"
        if parameter:
            return f"{_plain(value / parameter.unit.factor, 6)} {parameter.unit.text}".rstrip()
        return figure(value, node.unit)

    def _infix(self, node: Value) -> str:
        sign = {"add": " + ", "sub": " − ", "mul": " × "}[node.op]
        first, second = node.args
        # a + b + c needs no brackets, a − (b + c) and a × (b + c) do
        left = self._closed(first, tight=node.op == "mul" or first.op not in ("add", "sub"))
        return left + sign + self._closed(second, tight=node.op != "add" or second.op not in ("add", "sub"))

    def _compare(self, node: Value) -> str:
        return f"{self._closed(node.args[0])} {_COMPARISONS[node.op]} {self._closed(node.args[1])}"

    def _and(self, node: Value) -> str:
        return " 且 ".join(self._closed(a, tight=a.op == "or") for a in node.args)

    def _or(self, node: Value) -> str:
        return " 或 ".join(self._closed(a, tight=a.op == "and") for a in node.args)

    def _not(self, node: Value) -> str:
        if node.args[0].op == "unknown?":
            return f"有{self._closed(node.args[0].args[0])}"
        return f"不符合“{self._closed(node.args[0])}”"

    def _all(self, node: Value) -> str:
        return "以下条件全部成立：" + "；".join(self._closed(a) for a in node.args)

    def _any(self, node: Value) -> str:
        return "以下条件之一成立：" + "；".join(self._closed(a) for a in node.args)

    def _among(self, node: Value) -> str:
        choice: Any = node.args[0]
        labels = [self._words.label(self._program.name, "", choice.labels[code]) for code in node.data]
        return f"{self._closed(choice)}为" + "或".join(f" {said}" if said[0].isascii() else said for said in labels)

    def _least(self, node: Value) -> str:
        return f"取最小者：{'、'.join(self._closed(a, tight=True) for a in node.args)}"

    def _greatest(self, node: Value) -> str:
        zero = [a for a in node.args if a.op == "const" and a.data[0] == 0]
        rest = [a for a in node.args if all(a is not z for z in zero)]
        if zero and len(rest) == 1:
            return f"{self._closed(rest[0])}，不低于 0"
        return f"取较大者：{'、'.join(self._closed(a, tight=True) for a in node.args)}"

    def _when(self, node: Value) -> str:
        condition, then, otherwise = (self._closed(a, tight=place > 0) for place, a in enumerate(node.args))
        return f"“{condition}”时为 {then}，否则为 {otherwise}"

    def _by(self, node: Value) -> str:
        choice: Any = node.args[0]
        if node.data:  # a column of a reference table
            self._closed(choice.args[0])
            return str(node.data)
        name = self._names.get(id(choice), "")
        head = f"按{self._closed(choice)}："
        cases = [(label, self._closed(a)) for label, a in zip(choice.labels, node.args[1:], strict=True)]
        rest = cases[-1][1]
        while len(cases) > 1 and cases[-2][1] == rest:
            cases.pop()
        spoken = [f"{self._words.label(self._program.name, name, label)} {text}" for label, text in cases]
        if len(cases) < len(choice.labels):
            spoken[-1] = f"其余 {rest}"
        return head + "，".join(spoken)

    def _muldiv(self, node: Value) -> str:
        a, b, c = (self._closed(x, tight=True) for x in node.args)
        if b == "1":
            return f"{a} ÷ {c}"
        return f"{a} × {b} ÷ {c}"

    def _after(self, node: Value) -> str:
        day, period = (self._closed(a) for a in node.args)
        return f"{day}之后满 {period.replace(' 月', ' 个月')}之日"

    def _absent(self, node: Value) -> str:
        return f"没有{self._closed(node.args[0])}"

    def _listed(self, node: Value) -> str:
        return "逐项检查：" + "；".join(self._closed(a) for a in node.args)

    def _unknown(self, node: Value) -> str:
        return "本规则不作答"


_METHODS = {
    **dict.fromkeys(("add", "sub", "mul"), "infix"),
    **dict.fromkeys(_COMPARISONS, "compare"),
    "const": "constant",
    "unknown?": "absent",
    "names": "listed",
    "round": "scale",
}


def bound_distance(node: Value, left: Fraction, right: Fraction) -> str:
    """How far a compared value is from its bound, in words: 差 12.5 万元, 高出 3 亩."""
    number: Any = node.args[0]
    gap, unit = left - right, number.unit
    if gap == 0:
        return "恰在界上"
    if number.dimension == units.DATE:
        return f"{'晚' if gap > 0 else '早'} {abs(gap)} 天"
    size = figure(abs(gap), unit) if unit != "元" or abs(gap) >= 10**4 else f"{_plain(abs(gap), 2)} 元"
    if types.shown_decimals(unit) == 6 and not unit:
        size = _plain(abs(gap), 6)
    return (
        (f"高出 {size}" if gap > 0 else f"差 {size}")
        if node.op in ("ge", "gt")
        else (f"超出 {size}" if gap > 0 else f"尚余 {size}")
    )
