"""The documents: every clause has a page that names its rules, figures, readings and cases; open to all; search."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from fenghuang.engines.graph import nodes
from fenghuang.engines.worked import outcome, record, shown, text, worked
from fenghuang.faces.explorer.drawing import PASSING, draw
from fenghuang.faces.explorer.policies import case_address
from fenghuang.law.addresses import clauses, holder
from fenghuang.law.clauses import STATUS, coverage
from fenghuang.law.document import documents
from fenghuang.law.pack import packs
from fenghuang.law.paraphrase import paraphrase, sentences
from fenghuang.platform.carried import carried

pytestmark = pytest.mark.django_db
TAIZHOU = "taizhou-2021-27"
RULES = [(pack.id, rule) for pack in packs().values() for rule in pack.rules]
CLAUSES = [(pack, clause) for pack in packs() for clause in clauses(pack)]
CITED = re.compile(r"\{[^}]*\}|〔\d+〕\d+号|DB33/1021-2013")


def page(path: str, **query: str) -> str:
    response = Client().get(path, query, follow=True)
    assert response.status_code == 200, path
    return unescape(response.content.decode())


@pytest.mark.parametrize(("pack", "clause"), CLAUSES)
def test_a_clause_names_all_that_carries_it_out(pack: str, clause: str) -> None:
    said = page(f"/policies/{pack}/{clause}")
    assert said.count("<h1") == 1
    holding = packs()[pack]
    for name, rule in holding.rules.items():
        if rule.clause != clause:
            continue
        assert holding.words.rule_title(name) in said
        assert f'href="/rules/{name}/"' in said
        for title in (
            *(holding.words.title(name, one) for one in rule.inputs),
            *(holding.words.title(name, p.name) for p in holding.parameters.values() if f".{name}." in p.path),
            *(r.title for r in holding.every_reading if r.rule == name),
            *(case.name for case in worked(holding, name)),
        ):
            assert title in said, title
    if document := documents().get(pack):
        assert all(agency in said for agency in document.duties(clause))
        assert all(sentence in said for sentence in paraphrase(document, clause))
        assert all(t.title in said for t in document.targets.values() if t.clause == clause)


def test_every_clause_is_said_in_our_own_words() -> None:
    for pack, document in documents().items():
        for clause in clauses(pack):
            said = paraphrase(document, clause)
            assert 2 <= len(said) <= 5 or clause.startswith("work."), clause
        for written in sentences(pack).values():
            assert not any(re.search(r"\d", CITED.sub("", sentence)) for sentence in written), written


def test_figures_of_the_paraphrase_come_from_the_pack() -> None:
    said = "".join(paraphrase(documents()[TAIZHOU], "art.10"))
    assert "500 万元以上" in said
    assert "A 类 10%、12%、15%，B 类 8%、9%、10%" in said
    assert "按 3 元/平方米/月补 12 个月，最多 50 万元" in said


def test_the_table_of_clauses_and_its_coverage_agree_with_the_code() -> None:
    found = coverage(documents()[TAIZHOU], carried())
    for path in ("", "coverage"):
        said = page(f"/policies/{TAIZHOU}/{path}")
        for clause in found:
            assert f'href="/policies/{TAIZHOU}/{clause.id}"' in said
        told = re.findall(r'<span class="verdict is-\w+">(.*?)</span>', said)
        assert told == [STATUS[clause.status] for clause in found]
    done = page(f"/policies/{TAIZHOU}/coverage")
    assert all(duty.title in done for clause in found for duty in clause.duties)


def test_the_documents_are_open_to_all_and_name_no_firm(small_city: Any) -> None:
    for path in ("", f"{TAIZHOU}/", f"{TAIZHOU}/coverage", "search?q=补助", f"{TAIZHOU}/art.8", f"{TAIZHOU}/art.10"):
        assert "shell-nav" not in page(f"/policies/{path}")
    assert not any(firm in page(f"/policies/{TAIZHOU}/art.10") for firm in _firms())


def _firms() -> list[str]:
    from fenghuang.domain.registry.models import Firm

    return list(Firm.objects.values_list("uscc", flat=True))


def test_where_a_rule_is_used_tells_nothing_yet_from_not_used() -> None:
    """Nothing computed is not 0, and a rule nobody uses says so."""
    assert "还没有测算过" in page(f"/policies/{TAIZHOU}/art.10")
    assert "平台还没有用它作决定" in page(f"/policies/{TAIZHOU}/art.5")


def test_last_years_decisions_are_counted(small_city: Any) -> None:
    from fenghuang.domain.evaluation.queries import latest, years
    from fenghuang.domain.incentives.models import Decision

    year = years(latest())[0]
    decided = Decision.objects.filter(refresh=latest(), year=year, rule="upgrade_subsidy").count()
    said = page(f"/policies/{TAIZHOU}/art.10").partition('id="rent_subsidy"')[0]
    assert f"{year} 年度决定了 <b>{decided:,}</b> 个项目" in said
    assert re.search(rf"{year} 年度决定了 <b>[\d,]+</b> 家企业（因此调整等级", page(f"/policies/{TAIZHOU}/art.8"))


def test_what_is_not_there() -> None:
    for path in ("nowhere/", f"{TAIZHOU}/art.99", "nowhere/coverage", "idle-land-2012/art.1"):
        assert Client().get(f"/policies/{path}").status_code == 404


def test_a_clause_without_its_document_is_of_the_first() -> None:
    assert holder("art.10") == TAIZHOU
    assert holder("task.4", "idle-land-2012") == "idle-land-2012"
    assert holder("art.10", "huangyan-2022") == ""
    assert holder("art.99") == ""


def test_every_clause_cited_leads_to_its_page() -> None:
    assert f'class="clause" href="/policies/{TAIZHOU}/art.10"' in page("/rules/upgrade_subsidy/")
    assert 'class="clause" href="/policies/idle-land-2012/task.4"' in page("/rules/idle_land/")


def test_the_text_is_shown_only_where_it_was_loaded(monkeypatch: Any) -> None:
    from fenghuang.faces.explorer import document

    assert "看原文" not in page(f"/policies/{TAIZHOU}/art.8")
    monkeypatch.setattr(document, "passage", lambda *_: ["一段原文。"])
    assert "一段原文。" in page(f"/policies/{TAIZHOU}/art.8")


# --- the graph ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_the_graph_leads_from_every_input_to_every_output(pack: str, rule: str) -> None:
    holding = packs()[pack]
    drawn = {node.name: node for node in nodes(holding, rule)}
    program = holding.program(rule)
    assert set(program.inputs) <= {name for name, node in drawn.items() if node.kind == "input"}
    assert set(program.outputs) == {name for name, node in drawn.items() if node.is_output}
    for node in drawn.values():
        assert all(drawn[source].column < node.column for source in node.reads)
        assert bool(node.formula) == (node.kind == "step")
    read = {source for node in drawn.values() for source in node.reads}
    assert set(program.inputs) <= read | {n for n in drawn if drawn[n].is_output}, "an input that leads nowhere"


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_no_box_covers_another(pack: str, rule: str) -> None:
    drawing = draw(packs()[pack], rule)
    for box in drawing.boxes:
        assert box.y >= 0
        assert box.y + box.height <= drawing.height
        assert box.x + box.width <= drawing.width
        assert "".join(box.words) == box.node.title
        for other in drawing.boxes:
            apart = abs(box.middle - other.middle) >= (box.height + other.height) / 2 + PASSING / 2
            assert other is box or other.x != box.x or apart, (box.name, other.name)


def test_the_graph_of_a_case_says_its_values_and_verdicts() -> None:
    said = page("/rules/upgrade_subsidy/", equipment_investment="1000000", grade="A", on="2022-12-31")
    assert 'is-condition is-no" aria-label="条件：投资额达到起点，否"' in said
    assert 'aria-label="输入：企业当年地方贡献，未知"' in said
    plain = page(f"/policies/{TAIZHOU}/art.10")
    assert 'aria-label="条件：投资额达到起点"' in plain
    assert "g-upgrade_subsidy-amount" in plain


# --- worked cases and the calculators -------------------------------------------------------------------------------


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_every_worked_case_opens_in_the_calculator(pack: str, rule: str) -> None:
    holding = packs()[pack]
    for case in worked(holding, rule):
        if case.supposes:
            continue
        query = dict(parse_qsl(urlsplit(case_address(holding, rule, case)).query))
        asked = {name: value for name, value in query.items() if name != "on" and not name.startswith("set.")}
        assert asked == text(holding, rule, case)
        found = record(holding, rule, case)
        assert {name: found.conditions.get(name) for name, want in case.expect.items() if name in found.conditions} == {
            name: want for name, want in case.expect.items() if name in found.conditions
        }
    for kind, case in shown(holding, rule):
        assert kind == outcome(record(holding, rule, case))
        said = page(f"/rules/{rule}/", **dict(parse_qsl(urlsplit(case_address(holding, rule, case)).query)))
        assert "field-errors" not in said
        assert case.name in said


def test_an_input_that_may_be_absent_is_not_unknown() -> None:
    said = page("/rules/site_indicators/", far="2.1", far_max="3")
    assert "可以没有：留空就是没有，不是未知。" in said
    assert 'aria-label="输入：容积率下限，没有"' in said
    assert 'aria-label="输入：建筑高度，未知"' in said


def test_a_long_form_is_in_parts_and_a_day_has_a_calendar() -> None:
    said = page("/rules/site_indicators/")
    parts = re.findall(r'<fieldset class="case-group"><legend>(.*?)</legend>', said)
    assert parts[0] == "容积率符合详细规划"
    assert parts[-1] == "其他条件"
    assert "case-group" not in page("/rules/quality_firm/")
    assert 'data-writes="f-applied_on"' in page("/rules/legacy_registration/")


# --- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("第10条", f"/policies/{TAIZHOU}/art.10"),
        ("第十条", f"/policies/{TAIZHOU}/art.10"),
        ("art.1", f"/policies/{TAIZHOU}/art.1"),
        ("技术改造", "/rules/upgrade_subsidy/"),
        ("vertical_subsidy", "/rules/vertical_subsidy/"),
        ("jsgz", f"/policies/{TAIZHOU}/art.10"),
        ("分档界限", f"/policies/{TAIZHOU}/art.10#upgrade_subsidy"),
        ("第一档", f"/policies/{TAIZHOU}/art.10#upgrade_subsidy"),
        ("小巨人", f"/policies/{TAIZHOU}/task.8"),
        ("土地闲置费", "/policies/idle-land-2012/task.4#idle_land"),
    ],
)
def test_search(asked: str, address: str) -> None:
    assert f'href="{address}"' in page("/policies/search", q=asked)


def test_search_is_exact_about_numbers_and_says_when_nothing_is_found() -> None:
    said = page("/policies/search", q="art.1")
    assert "/art.10" not in said
    assert "没有找到" in page("/policies/search", q="没有这个词")
    assert "<script>x" not in Client().get("/policies/search", {"q": "<script>x"}).content.decode()
    assert "没有找到" not in page("/policies/search")
