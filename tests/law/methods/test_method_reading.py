"""Method files: what is packaged, every fault told with its place, the content hash."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from method_build import CUTS

from fenghuang.law.methods.document import canonical
from fenghuang.law.methods.faults import MethodError
from fenghuang.law.methods.reading import find_method, from_document, load_method, packaged, read_method

ROOT = Path(__file__).parents[3]
SPEC_EXAMPLE = (ROOT / "spec" / "evaluation.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]


@pytest.mark.parametrize(("name", "year"), [("huangyan-2021", 2021), ("huangyan-2022", 2022)])
def test_the_packaged_methods_carry_the_published_figures(name: str, year: int) -> None:
    published = yaml.safe_load((ROOT / "data" / "published_facts.yaml").read_text(encoding="utf-8"))["methods"]
    method = find_method(name)
    assert method.data_year == year
    assert method.title
    assert method.place == "黄岩区"
    assert set(method.source) == {"title", "address", "evidence"}
    for scope in method.scopes:
        part = scope.name.removesuffix("_scale")
        figures = next(m for m in published if m["id"] == f"huangyan_{year}_{part}")
        assert method.source["address"] == figures["source"]
        assert {item.name: (item.weight, item.benchmark) for item in scope.items} == {
            indicator: (Fraction(str(row["weight"])), Fraction(str(row["benchmark"])))
            for indicator, row in figures["indicators"].items()
        }
        assert "grades" in scope.assumed
        assert "missing" in scope.assumed
        assert [r.clause for r in scope.regrades] == ["art.8"]


def test_the_example_of_the_contract_is_read_whole() -> None:
    method = read_method(SPEC_EXAMPLE, "example.yaml")
    second = method.scopes[1]
    assert second.items[0].score == "min_max"
    assert (second.items[0].low, second.items[0].high) == (20, 100)
    assert (second.items[1].cap, second.items[1].floor) == (25, 0)
    assert second.min_group_size == 5
    assert second.cuts[0] == ("A", Fraction("12.5"))
    assert second.adjustments[0].per == "tenants"
    assert method.kinds == {"tenants": "number", "cloud_star": "number", "fatal_accidents": "number"}
    assert "tenants" in method.columns_read()


def test_unknown_method() -> None:
    with pytest.raises(MethodError, match="没有方法"):
        find_method("huangyan-1999")
    with pytest.raises(MethodError, match="无法读取"):
        find_method("nowhere.yaml")
    assert "huangyan-2022" in packaged()


GOOD = """\
method: t
scopes:
- scope: above_scale
  indicators:
    tax_per_mu: {weight: 100, benchmark: 10, missing: zero}
  grades: {A: 20, B: 80, C: 95, D: 100}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("weight: 100", "weight: 0", "weight（第 5 行）：“0”；应为大于 0 的权重"),
        ("weight: 100", "weight: many", "“many”"),
        ("missing: zero", "missing: nothing", "zero、group_mean_score、reweight、unknown 之一"),
        (", missing: zero", "", "缺少 missing"),
        ("benchmark: 10, ", "", "缺少 benchmark"),
        ("benchmark: 10", "benchmark: -1", "大于 0"),
        ("benchmark: 10", "benchmark: 10, score: share_of_max", "不用 benchmark"),
        ("benchmark: 10", "score: {min_max: {from: 0}}", "缺少 to"),
        ("benchmark: 10", "benchmark: 10, cap: 1, floor: 2", "低于 floor"),
        ("tax_per_mu", "tax_per_muu", "应为tax_per_mu"),
        ("D: 100", "D: 99", "D 为 100"),
        ("B: 80", "B: 10", "不减"),
        (", D: 100", "", "缺少 D"),
        ("scope: above_scale", "scope: above_scale and", "条件不完整"),
        ("scope: above_scale", "scope: industry > 3", "代码文本"),
        ("method: t\n", "", "缺少 method"),
        ("method: t", "method: t\nmethod: u", "写了两次"),
        ("method: t", "method: [t", "不是合法的 YAML"),
        ("  grades", "  group_by: [tax_per_mu]\n  grades", "分组所用的事实名"),
        ("  grades", "  surprises: []\n  grades", "不认识的键 surprises"),
        ("  grades", "  regrades: [{rule: nonsense, clause: a}]\n  grades", "evaluation_override 之一"),
        ("  grades", "  regrades: [{name: a, kind: fix, only_if: above_scale}]\n  grades", "没有 to"),
        ("  grades", "  adjustments: [{name: a, kind: points, value: 1, first: 1}]\n  grades", "无 per"),
        ("  grades", "  adjustments: [{name: a, kind: points, value: 1, per: county}]\n  grades", "数值事实名"),
    ],
)
def test_faults_have_place_and_expectation(old: str, new: str, expected: str) -> None:
    with pytest.raises(MethodError) as caught:
        read_method(GOOD.replace(old, new), "m.yaml")
    assert expected in str(caught.value)
    assert all(fault.file == "m.yaml" for fault in caught.value.faults)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(MethodError) as caught:
        read_method(GOOD.replace("weight: 100", "weight: x").replace("D: 100", "D: 1").replace("zero", "none"))
    assert len(caught.value.faults) == 3


@given(st.text(max_size=200))
def test_any_text_is_a_method_or_told_faults(text: str) -> None:
    with pytest.raises(MethodError):
        read_method(text, "f")


PLACES = (
    ("method",),
    ("scopes",),
    ("scopes", 0, "scope"),
    ("scopes", 0, "indicators"),
    ("scopes", 0, "indicators", "tax_per_mu"),
    ("scopes", 0, "indicators", "tax_per_mu", "weight"),
    ("scopes", 0, "indicators", "tax_per_mu", "benchmark"),
    ("scopes", 0, "indicators", "tax_per_mu", "missing"),
    ("scopes", 0, "grades"),
    ("scopes", 0, "grades", "A"),
)
ODD = ["2021-01-01", "[1, 2]", "true", ".nan", "{a: 1}", "~", "1_000", "0x1F", "1:30", "１０", "!!float 1", "", "1e400"]


def written_over(place: tuple[str | int, ...], text: str) -> str:
    """The good method with other text at a place."""
    document: Any = yaml.safe_load(GOOD)
    at = document
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = "@here@"
    return yaml.safe_dump(document, allow_unicode=True).replace("'@here@'", text)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", ODD)
def test_a_value_of_another_kind_is_told_or_read_exactly(place: tuple[str | int, ...], text: str) -> None:
    """Dates, lists, truth values and what YAML takes for numbers reach no number unread."""
    try:
        scope = read_method(written_over(place, text), "f").scopes[0]
    except MethodError as error:
        told = [fault.found and fault.expected for fault in error.faults]
    else:
        told = [isinstance(figure, Fraction) for figure in (scope.items[0].weight, dict(scope.cuts)["A"])]
    assert told
    assert all(told)


@given(st.sampled_from(PLACES), st.text(max_size=40))
def test_any_text_at_any_place_is_a_method_or_told_faults(place: tuple[str | int, ...], text: str) -> None:
    with contextlib.suppress(MethodError):
        read_method(written_over(place, text), "f")


def test_the_hash_is_of_the_content_not_of_the_layout(tmp_path: Path) -> None:
    commented = GOOD.replace(
        "{A: 20, B: 80, C: 95, D: 100}", "\n    A: '20'\n    B: 80 # percent\n    C: 95\n    D: 100"
    )
    method = read_method(GOOD)
    assert read_method(commented).sha256 == method.sha256
    assert read_method(GOOD.replace("20", "21")).sha256 != method.sha256
    again = from_document(method.document)
    assert (again.sha256, again.bytes, again.scopes) == (method.sha256, canonical(method.document), method.scopes)
    path = tmp_path / "copy.yaml"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert load_method(path).sha256 == method.sha256


def test_floats_cannot_enter_a_method() -> None:
    items = {"tax_per_mu": {"weight": 0.1, "benchmark": 1, "missing": "zero"}}
    with pytest.raises(TypeError):
        from_document({"method": "t", "scopes": [{"scope": "true", "indicators": items, "grades": CUTS}]})
