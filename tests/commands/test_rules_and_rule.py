"""`fenghuang rules` and `fenghuang rule`: what can be calculated, and how."""

from __future__ import annotations

import json
from collections.abc import Callable

from subjects import contract

Run = Callable[..., tuple[int, str, str]]


def test_rules_are_listed_as_the_contract_has_them(fenghuang: Run) -> None:
    code, out, _ = fenghuang("rules", "--format", "json")
    assert code == 0
    rules = {rule["name"]: rule for rule in json.loads(out)}
    assert {"evaluation_override", "upgrade_subsidy", "rent_subsidy", "vertical_subsidy"} <= set(rules)
    for name, rule in rules.items():
        wanted = contract().get(name)
        if wanted is None:  # of a further pack
            continue
        assert {"name", "clause", "title", "subject", "inputs", "conditions", "outputs", "readings"} <= set(rule)
        assert [i["name"] for i in rule["inputs"]] == list(wanted["inputs"])
        assert rule["outputs"] == list(wanted["outputs"])
        for field in rule["inputs"]:
            assert field["title"]
        for reading in rule["readings"]:
            assert reading["default"] in reading["choices"]
            assert reading["reason"]
    _, table, _ = fenghuang("rules")
    assert len(table.splitlines()) == len(rules)
    assert "技术改造设备投资补助（项目）" in table


def test_a_rule_shows_its_figures_with_their_place_in_the_document(fenghuang: Run) -> None:
    code, out, _ = fenghuang("rule", "upgrade_subsidy", "--format", "json")
    about = json.loads(out)
    assert code == 0
    formulas = {step["name"]: step["formula"] for step in about["steps"]}
    assert formulas["investment_reaches_threshold"] == "当年生产设备（含软件）实际投资额 ≥ 500 万元"
    assert formulas["band_1"] == "当年生产设备（含软件）实际投资额其中 0 元 至 2,000 万元 的部分"
    assert formulas["rate_1"] == "按亩均评价等级：A 类 10%，B 类 8%，其余 0%"
    assert {p["path"]: p["at"] for p in about["parameters"]}["art.10.upgrade_subsidy.threshold"] == "49:31"
    code, out, _ = fenghuang("rule", "upgrade_subsidy")
    assert code == 0
    for heading in ("输入", "步骤", "口径"):
        assert heading in out.splitlines()
    assert fenghuang("rule", "upgrade")[0] == 2


def test_inputs_have_the_types_of_the_contract(fenghuang: Run) -> None:
    """Also the mark that absence means "there is none", and the labels of a choice."""
    _, out, _ = fenghuang("rules", "--format", "json")
    for rule in json.loads(out):
        if rule["name"] in contract():
            assert {field["name"]: field["type"] for field in rule["inputs"]} == contract()[rule["name"]]["inputs"]
