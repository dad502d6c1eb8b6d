"""Reading a method file: every fault at once, each with file, path, line, what was found and what is expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast

from fenghuang.language.numbers import NotANumber, fraction
from fenghuang.law.methods.document import Branch, Complaints, from_plain, read_yaml, sha256
from fenghuang.law.methods.expressions import Expression, ExpressionError, Kind, infer_kinds, parse
from fenghuang.law.methods.facts import DERIVED, FACTS, INDICATORS, KNOWN_KINDS
from fenghuang.law.methods.faults import Fault, MethodError
from fenghuang.law.methods.method import (
    GRADES,
    RULES,
    Adjustment,
    Exclusion,
    Item,
    Method,
    Missing,
    Regrade,
    RegradeKind,
    Scope,
    Score,
    Statistic,
)

HERE = Path(__file__).parent

_NAME = re.compile(r"[^\W\d]\w*\Z")
_MISSING = ("zero", "group_mean_score", "reweight", "unknown")
_STATISTICS = ("mean", "median", "max")


def packaged() -> tuple[str, ...]:
    """The ids of the methods that come with the program."""
    return tuple(sorted(path.stem for path in HERE.glob("*.yaml")))


def find_method(name: str) -> Method:
    """A packaged method by id, or a method file by path."""
    if name in packaged():
        return load_method(HERE / f"{name}.yaml")
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return load_method(path)
    raise MethodError([Fault("", "方法", f"没有方法“{name}”", f"方法文件，或 {'、'.join(packaged())} 之一")])


def load_method(path: Path) -> Method:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MethodError([Fault(str(path), "", "无法读取", "可读的方法文件")]) from error
    except UnicodeDecodeError as error:
        raise MethodError([Fault(str(path), "", "不是 UTF-8 文本", "UTF-8 编码的 YAML 文件")]) from error
    return read_method(text, str(path))


def read_method(text: str, file: str = "") -> Method:
    """A method from YAML text; MethodError with every fault."""
    return _method(read_yaml(text, file), file)


def from_document(document: object, file: str = "") -> Method:
    """A method from its stored document (`Method.document`), as it is or changed for a what-if."""
    return _method(from_plain(document), file)


def _method(root: Branch, file: str) -> Method:
    reader = _Reader(Complaints(file))
    method = reader.method(root, file)
    reader.complaints.raise_any()
    return method


class _Reader:
    """Builds a method and goes on after a fault with a stand-in, so that all faults are told together."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.kinds: dict[str, Kind] = {}

    # --- small parts ---

    def mapping(self, branch: Branch, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Branch]:
        if not isinstance(branch.value, dict):
            self.complaints.add(branch, "不是键值表", f"键值表（{'、'.join(allowed)}）")
            return {}
        allowed = list(allowed)
        for key, part in branch.value.items():
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, 1)
                self.complaints.add(part, f"不认识的键 {key}", near[0] if near else "、".join(allowed) + " 之一")
        for key in required:
            if key not in branch.value:
                self.complaints.add(branch, f"缺少 {key}", f"写明 {key}")
        return branch.value

    def items_of(self, branch: Branch | None) -> list[Branch]:
        if branch is None or branch.value == "":
            return []
        if isinstance(branch.value, list):
            return branch.value
        self.complaints.add(branch, "不是列表", "列表")
        return []

    def text(self, branch: Branch | None) -> str:
        if branch is None:
            return ""
        if isinstance(branch.value, str):
            return branch.value.strip()
        self.complaints.add(branch, "不是文本", "文本")
        return ""

    def number(self, branch: Branch, expected: str = "十进制数") -> Fraction:
        text = self.text(branch)
        try:
            return fraction(text)
        except (NotANumber, ValueError):
            self.complaints.add(branch, f"“{text}”", expected)
            return Fraction(1)

    def optional(self, parts: dict[str, Branch], key: str) -> Fraction | None:
        return self.number(parts[key]) if key in parts else None

    def whole(self, branch: Branch, expected: str) -> int:
        number = self.number(branch, expected)
        if number.denominator != 1 or number < 0:
            self.complaints.add(branch, f"“{self.text(branch)}”", expected)
            return 1
        return number.numerator

    def choice(self, branch: Branch, choices: Iterable[str]) -> str:
        text = self.text(branch)
        choices = list(choices)
        if text not in choices:
            self.complaints.add(branch, f"“{text}”", "、".join(choices) + " 之一")
            return choices[0]
        return text

    def condition(self, branch: Branch) -> Expression:
        text = self.text(branch)
        try:
            expression = parse(text)
            self.kinds |= infer_kinds(expression, {**KNOWN_KINDS, **self.kinds})
        except ExpressionError as fault:
            self.complaints.add(branch, f"“{fault.text}”：{fault.found}", fault.expected)
            return parse("true")
        return expression

    def optional_condition(self, parts: dict[str, Branch]) -> Expression | None:
        return self.condition(parts["only_if"]) if "only_if" in parts else None

    # --- the document ---

    def method(self, root: Branch, file: str) -> Method:
        parts = self.mapping(root, ("method", "title", "place", "data_year", "source", "scopes"), ("method", "scopes"))
        source = self.mapping(parts["source"], ("title", "address", "evidence")) if "source" in parts else {}
        scopes = [self.scope(branch) for branch in self.items_of(parts.get("scopes"))]
        if "scopes" in parts and not scopes:
            self.complaints.add(parts["scopes"], "没有评价范围", "至少一个 scope")
        identifier = self.text(parts.get("method"))
        if "method" in parts and not re.fullmatch(r"[\w.-]+", identifier):
            self.complaints.add(parts["method"], f"“{identifier}”", "由字母、数字、- 和 . 组成的编号")
        year = self.whole(parts["data_year"], "四位年份") if "data_year" in parts else None
        document = root.plain()
        return Method(
            id=identifier,
            title=self.text(parts.get("title")) or identifier,
            place=self.text(parts.get("place")),
            data_year=year,
            source={key: self.text(branch) for key, branch in source.items()},
            scopes=tuple(scopes),
            kinds=self.kinds,
            document=document,
            sha256=sha256(document),
            file=file,
        )

    def scope(self, branch: Branch) -> Scope:
        parts = self.mapping(
            branch,
            (
                *("scope", "indicators", "group_by", "min_group_size", "grades", "assumed"),
                *("adjustments", "regrades", "not_graded"),
            ),
            ("scope", "indicators", "grades"),
        )
        condition = self.condition(parts["scope"]) if "scope" in parts else parse("true")
        indicators = parts.get("indicators", Branch({}))
        items = [self.item(name, part) for name, part in self.mapping(indicators, INDICATORS).items()]
        if "indicators" in parts and not items:
            self.complaints.add(indicators, "没有指标", "至少一个指标")
        size = self.whole(parts["min_group_size"], "不小于 1 的整数") if "min_group_size" in parts else 1
        return Scope(
            name=condition.text,
            condition=condition,
            items=tuple(item for item in items if item is not None),
            group_by=tuple(self.group_fact(part) for part in self.items_of(parts.get("group_by"))),
            min_group_size=size,
            cuts=self.cuts(parts["grades"]) if "grades" in parts else (),
            assumed=tuple(self.text(part) for part in self.items_of(parts.get("assumed"))),
            adjustments=tuple(self.adjustment(part) for part in self.items_of(parts.get("adjustments"))),
            regrades=tuple(self.regrade(part) for part in self.items_of(parts.get("regrades"))),
            not_graded=tuple(self.exclusion(part) for part in self.items_of(parts.get("not_graded"))),
        )

    def item(self, name: str, branch: Branch) -> Item | None:
        if name not in INDICATORS:
            return None  # told as an unknown key
        parts = self.mapping(branch, ("weight", "benchmark", "score", "cap", "floor", "missing"), ("weight", "missing"))
        weight = self.number(parts["weight"], "大于 0 的权重") if "weight" in parts else Fraction(1)
        if weight <= 0:
            self.complaints.add(parts["weight"], f"“{self.text(parts['weight'])}”", "大于 0 的权重")
        score, low, high = self.score(parts.get("score"))
        benchmark = self.benchmark(parts["benchmark"]) if "benchmark" in parts else None
        if score in ("ratio", "inverse") and benchmark is None and parts:
            self.complaints.add(branch, "缺少 benchmark", "数值，或 mean、median、max")
        if score in ("min_max", "share_of_max") and benchmark is not None:
            self.complaints.add(parts["benchmark"], f"{score} 不用 benchmark", "去掉 benchmark")
        cap, floor = self.optional(parts, "cap"), self.optional(parts, "floor")
        if cap is not None and floor is not None and cap < floor:
            self.complaints.add(parts["cap"], f"cap {cap} 低于 floor {floor}", "不低于 floor 的 cap")
        missing = self.choice(parts["missing"], _MISSING) if "missing" in parts else "zero"
        return Item(name, weight, score, benchmark, cast(Missing, missing), low, high, cap, floor)

    def score(self, branch: Branch | None) -> tuple[Score, Fraction, Fraction]:
        low, high = Fraction(0), Fraction(100)
        if branch is None:
            return "ratio", low, high
        if not isinstance(branch.value, dict):
            return cast(Score, self.choice(branch, ("ratio", "inverse", "share_of_max"))), low, high
        parts = self.mapping(branch, ("min_max",), ("min_max",))
        if "min_max" in parts:
            ends = self.mapping(parts["min_max"], ("from", "to"), ("from", "to"))
            low = self.number(ends["from"]) if "from" in ends else low
            high = self.number(ends["to"]) if "to" in ends else high
        return "min_max", low, high

    def benchmark(self, branch: Branch) -> Fraction | Statistic:
        text = self.text(branch)
        if text in _STATISTICS:
            return cast(Statistic, text)
        number = self.number(branch, "大于 0 的数值，或 mean、median、max")
        if number <= 0:
            self.complaints.add(branch, f"“{text}”", "大于 0 的数值，或 mean、median、max")
            return Fraction(1)
        return number

    def group_fact(self, branch: Branch) -> str:
        name = self.text(branch)
        if not _NAME.match(name) or name in INDICATORS or name == DERIVED:
            self.complaints.add(branch, f"“{name}”", "分组所用的事实名，如 county、industry_group")
            return "county"
        return name

    def cuts(self, branch: Branch) -> tuple[tuple[str, Fraction], ...]:
        parts = self.mapping(branch, GRADES, GRADES)
        cuts = [(grade, self.number(parts[grade], "累计百分比")) for grade in GRADES if grade in parts]
        ordered = all(a <= b for (_, a), (_, b) in pairwise(cuts))
        if cuts and not (cuts[0][1] >= 0 and ordered and cuts[-1] == ("D", Fraction(100))):
            shown = "、".join(f"{grade} {self.text(parts[grade])}" for grade, _ in cuts)
            self.complaints.add(branch, shown, "由 A 到 D 不减的累计百分比，D 为 100")
        return tuple(cuts)

    def adjustment(self, branch: Branch) -> Adjustment:
        parts = self.mapping(
            branch, ("name", "kind", "value", "per", "first", "only_if", "evidence"), ("name", "kind", "value")
        )
        kind = self.choice(parts["kind"], ("points", "percent")) if "kind" in parts else "points"
        if "first" in parts and "per" not in parts:
            self.complaints.add(parts["first"], "有 first 而无 per", "与 per 一起使用的 first")
        return Adjustment(
            name=self.text(parts.get("name")),
            kind=cast(Literal["points", "percent"], kind),
            value=self.number(parts["value"]) if "value" in parts else Fraction(0),
            per=self.per(parts["per"]) if "per" in parts else None,
            first=self.optional(parts, "first") or Fraction(0),
            only_if=self.optional_condition(parts),
            evidence=self.choice(parts["evidence"], ("required", "optional", "none")) if "evidence" in parts else "",
        )

    def per(self, branch: Branch) -> str:
        name = self.text(branch)
        kind = KNOWN_KINDS.get(name) or self.kinds.get(name)
        if not _NAME.match(name) or kind not in (None, "number"):
            self.complaints.add(branch, f"“{name}”", "数值事实名")
            return "employees"
        if kind is None:
            self.kinds[name] = "number"
        return name

    def regrade(self, branch: Branch) -> Regrade:
        if isinstance(branch.value, dict) and "rule" in branch.value:
            parts = self.mapping(branch, ("rule", "clause"), ("rule", "clause"))
            return Regrade(self.choice(parts["rule"], RULES), "rule", None, None, self.text(parts.get("clause")))
        parts = self.mapping(branch, ("name", "kind", "to", "only_if", "clause"), ("name", "kind", "only_if"))
        kinds = ("fix", "promote", "demote", "not_below")
        kind = self.choice(parts["kind"], kinds) if "kind" in parts else "fix"
        to = self.choice(parts["to"], GRADES) if "to" in parts else None
        if to is None and kind in ("fix", "not_below"):
            self.complaints.add(branch, f"{kind} 没有 to", "to: A、B、C 或 D")
        return Regrade(
            name=self.text(parts.get("name")),
            kind=cast(RegradeKind, kind),
            to=to,
            only_if=self.optional_condition(parts),
            clause=self.text(parts.get("clause")),
        )

    def exclusion(self, branch: Branch) -> Exclusion:
        parts: dict[str, Any] = self.mapping(branch, ("name", "only_if"), ("name", "only_if"))
        condition = self.condition(parts["only_if"]) if "only_if" in parts else parse("false")
        return Exclusion(self.text(parts.get("name")), condition)


assert set(RULES["evaluation_override"]) <= set(FACTS)
