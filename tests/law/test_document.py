"""The document as data: each of its numbers lives somewhere, targets and agencies are those of the register."""

from __future__ import annotations

import hashlib
from collections import Counter
from copy import copy
from datetime import date
from fractions import Fraction
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from fenghuang.language.numbers import fraction
from fenghuang.law.document import Document, documents, superseded
from fenghuang.law.figures import KINDS, faults, left_over
from fenghuang.law.pack import packs
from source_text import SOURCE, with_text
from subjects import ROOT, contract


@pytest.fixture
def document() -> Document:
    """A document of its own, that a test may change."""
    return Document(packs()["taizhou-2021-27"])


def test_every_number_has_a_home_and_every_figure_a_row(document: Document) -> None:
    assert list(faults(document)) == []
    kinds = Counter(row.where.partition(":")[0] for row in document.numbers)
    assert set(kinds) <= set(KINDS)
    assert kinds["target"] >= 50
    assert kinds["parameter"] >= 50
    for row in document.numbers:
        if row.where.startswith("rule:"):
            rule, _, part = row.where.removeprefix("rule:").partition("/")
            said = contract()[rule]
            assert part in {**said["inputs"], **said.get("conditions", {}), **said["outputs"]}, row


@with_text
def test_the_text_and_the_list_of_numbers_are_the_same(document: Document) -> None:
    text = SOURCE.read_text("utf-8")
    assert left_over(document, text) == ([], [])
    more, stale = left_over(document, text + "\n另有七家，补助 9 万元")
    assert [token.text for token in more] == ["七", "9"]
    assert stale == []
    more, stale = left_over(document, text.replace("2.3%", "2.4%"))
    assert ([token.text for token in more], [row.token for row in stale]) == (["2.4%"], ["2.3%"])


def test_a_number_without_home_or_with_another_figure_is_told(document: Document) -> None:
    first = next(row for row in document.numbers if row.where == "parameter:art.5/fragment_land/area_limit")
    place = document.numbers.index(first)
    for changed, told in [
        (first._replace(where="parameter:art.5/fragment_land/none"), "no such parameter"),
        (first._replace(token="11"), "the parameter has 10"),
        (first._replace(where="target:target.tax_per_mu"), "the target has 28"),
        (first._replace(where="citation:nobody"), "no such citation"),
        (first._replace(where="somewhere"), "expected one of"),
    ]:
        document.numbers[place] = changed
        assert any(told in fault for fault in faults(document)), told
    del document.numbers[place]
    assert list(faults(document)) == ["37:39: no row says parameter:art.5/fragment_land/area_limit"]


def listed(document: Document) -> dict[str, dict[str, Any]]:
    """The targets of the register of clauses."""
    own = {target["id"]: {**target, "clause": target["id"]} for target in document.clauses["targets"]}
    for task in document.clauses["tasks"]:
        own |= {target["id"]: {**target, "clause": task["id"]} for target in task.get("targets", [])}
    return own


def test_targets_are_those_of_the_register(document: Document) -> None:
    assert list(document.targets) == list(listed(document))
    assert sum(target.clause.startswith("target.") for target in document.targets.values()) == 15
    for name, said in listed(document).items():
        target = document.targets[name]
        assert (target.clause, target.period, target.by) == (said["clause"], said["period"], 2023)
        assert target.unit == said.get("unit", "")
        assert target.complete is bool(said.get("complete"))
        if "exact" in said:
            assert target.at_least == Fraction(100, 3)
        else:
            assert target.at_least == (fraction(str(said["at_least"])) if "at_least" in said else None)
        assert target.above == (fraction(str(said["above"])) if "above" in said else None)
        assert target.agencies == document.duties(said["clause"])


def test_a_target_is_met_at_its_number_or_only_beyond_it(document: Document) -> None:
    at_least, above = document.targets["target.tax_per_mu"], document.targets["target.rnd_share"]
    assert at_least.met(Fraction(28)) is True
    assert at_least.met(Fraction(2799, 100)) is False
    assert above.met(Fraction(23, 10)) is False
    assert above.met(Fraction(231, 100)) is True
    assert above.met(None) is None
    third = document.targets["manufacturing_share"]
    assert third.met(Fraction(3333, 100)) is False
    assert third.met(Fraction(100, 3)) is True


def test_agencies_and_their_duties_are_those_of_the_register(document: Document) -> None:
    register = document.clauses
    for clause in [*register["policy"], *register["tasks"], *register["work"]]:
        assert document.duties(clause["id"]) == tuple(clause["agencies"])
    assert document.clauses_of("customs") == ["task.14"]
    assert document.leads["task.1"].keys() <= set(document.agencies)
    assert document.duties("target.tax_per_mu") == ()


@with_text
def test_places_dates_and_text_are_those_of_the_source(document: Document) -> None:
    assert hashlib.sha256(SOURCE.read_bytes()).hexdigest() == document.sha256
    lines = SOURCE.read_text("utf-8").splitlines()
    for agency in document.agencies.values():
        assert any(agency in line for line in lines), agency
    for clause in [*document.clauses["policy"], *document.clauses["tasks"], *document.clauses["work"]]:
        first, last = document.lines(clause["id"]) or (0, 0)
        said = "".join(lines[first - 1 : last])
        assert all(agency in said for agency in clause["agencies"]), clause["id"]
    for row in document.numbers:
        assert lines[row.line - 1].startswith(row.token, row.column - 1)


def test_validity_is_that_of_the_pack(document: Document) -> None:
    days = {name: said.get("day") for name, said in document.dates.items()}
    assert (days["valid_from"], days["valid_to"]) == document.pack.valid
    assert days["signed"] == document.clauses["document"]["signed"]
    assert days["issued"] == document.clauses["document"]["issued"]


def test_a_superseded_clause_answers_with_the_newer_source(tmp_path: Path, document: Document) -> None:
    assert superseded("taizhou-2021-27", "art.10", date(2023, 1, 1)) is None
    assert superseded("idle-land-2012", "task.4", date(2023, 1, 1)) is None
    about = copytree(document.folder, tmp_path / "document") / "document.yaml"
    newer = "superseded: {art.10: {by: 浙政发〔2023〕1号, from: 2023-03-01, source: 省政府公报}}"
    about.write_text(about.read_text("utf-8").replace("superseded: {}", newer), "utf-8")
    made = Document(replaced(tmp_path))
    assert made.superseded("art.10", date(2023, 2, 28)) is None
    found = made.superseded("art.10", date(2023, 3, 1))
    assert found is not None
    assert (found.by, found.source) == ("浙政发〔2023〕1号", "省政府公报")


def replaced(folder: Path) -> Any:
    """The pack with the document of another folder."""
    pack = copy(packs()["taizhou-2021-27"])
    pack.folder = folder
    return pack


@with_text
def test_no_sentence_of_the_document_is_kept(document: Document) -> None:
    """Names and figures are fine; a run of sixteen characters of its text is a sentence."""
    text = "".join(SOURCE.read_text("utf-8").split())
    named = [citation.title for citation in document.citations.values()]
    named += [*document.agencies.values(), document.clauses["document"]["title"]]
    kept = [p for p in document.pack.folder.rglob("*") if p.suffix in (".yaml", ".py", ".csv")]
    for path in kept:
        for line in path.read_text("utf-8").splitlines():
            said = "".join(line.split())
            for name in sorted(named, key=len, reverse=True):
                said = said.replace("".join(name.split()), "\n")
            runs = (said[i : i + 16] for i in range(len(said) - 15))
            copied = [run for run in runs if run in text]
            assert not copied, f"{path.name}: {copied[0]}"


def test_the_register_in_the_pack_is_that_of_the_specification(document: Document) -> None:
    assert (document.folder / "clauses.yaml").read_bytes() == (ROOT / "spec/clauses.yaml").read_bytes()


def test_documents_are_those_of_the_packs_that_have_one() -> None:
    assert list(documents()) == ["taizhou-2021-27"]
