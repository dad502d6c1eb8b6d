"""The command, the API and the page of every rule give the same answer and refuse with the same words."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fenghuang.cli import main
from fenghuang.engines.case import pack_of
from fenghuang.engines.describe import described
from fenghuang.language import types
from fenghuang.law.pack import packs
from fenghuang.platform.ui.explanation import figure

RULES = [rule for pack in packs().values() for rule in pack.rules]
DAYS = ("2021-12-25", "2022-12-31", "2023-12-31", "2024-01-01")


def cases(rule: str) -> Iterator[tuple[dict[str, Any], str, dict[str, str]]]:
    """Subjects, each with day and readings: the example, nothing known, each field lost, every reading, chance."""
    pack = pack_of(rule)
    about = described(pack, rule)
    inputs = pack.rules[rule].inputs
    example = {field["name"]: field.get("example") for field in about["inputs"]}
    chance = random.Random(f"same answers of {rule}")
    yield example, "2022-12-31", {}
    yield {}, "2022-12-31", {}
    for name in example:
        yield {**example, name: None}, "2022-12-31", {}
    for reading in about["readings"]:
        for choice in reading["choices"]:
            yield example, "2022-12-31", {reading["name"]: choice}
    for _ in range(6):
        some = {name: chance.choice([example[name], typical(kind, chance)]) for name, kind in inputs.items()}
        readings = {r["name"]: chance.choice(list(r["choices"])) for r in about["readings"]}
        yield some, chance.choice(DAYS), readings


def typical(kind: types.Type, chance: random.Random) -> Any:
    if isinstance(kind, types.ChoiceType):
        return chance.choice([*kind.labels, None])
    if isinstance(kind, types.NumberType):
        size = min(kind.hi, 10 ** chance.randint(1, 11))
        return f"{chance.randint(0, size) / 10**kind.decimals:.{kind.decimals}f}"
    some_day = chance.choice(["2020-02-29", "2021-11-30", "2022-06-30", "2022-12-31", None])
    return {"bool": chance.choice([True, False, None]), "date": some_day, "text": "29"}.get(kind.name)


class Headline(HTMLParser):
    """The headline of an explanation: title and figure, in the order of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.figures: dict[str, str] = {}
        self.title, self.tag, self.kind = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs).get("class") or ""
        if tag == "dl":
            self.depth = int("explain-headline" in names)
        self.tag, self.kind = tag, names

    def handle_endtag(self, tag: str) -> None:
        if tag == "dl":
            self.depth = 0

    def handle_data(self, data: str) -> None:
        if self.depth and self.tag == "dt" and data.strip():
            self.title = data.strip()
            self.figures[self.title] = ""
        elif self.depth and data.strip() and ("figure-text" in self.kind or "unknown" in self.kind):
            self.figures[self.title] += data.strip()


def by_page(rule: str, subject: dict[str, Any], on: str, readings: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Headline figures by title, and the verdicts of the conditions, as a reader sees them."""
    said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in subject.items()}
    query = {name: value for name, value in said.items() if value is not None}
    query |= {"on": on} | {f"set.{name}": choice for name, choice in readings.items()}
    response = Client().get(f"/rules/{rule}/", query, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "field-errors" not in text
    parser = Headline()
    parser.feed(text)
    return parser.figures, re.findall(r'class="condition is-(\w+)"', text)


@pytest.mark.parametrize("rule", RULES)
def test_command_api_and_page_agree(rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], db: None) -> None:
    words = pack_of(rule).words
    file = tmp_path / "case.json"
    for subject, on, readings in cases(rule):
        body = json.dumps(subject, ensure_ascii=False)
        file.write_text(body, "utf-8")
        settings = [f"{name}={choice}" for name, choice in readings.items()]
        options = [part for setting in settings for part in ("--set", setting)]
        assert main(["calc", rule, "--input", str(file), "--on", on, *options, "--format", "json"]) == 0
        by_command = json.loads(capsys.readouterr().out)

        response = Client().post(
            f"/api/v1/rules/{rule}/calculate", body, content_type="application/json",
            query_params={"on": on, "set": settings},
        )  # fmt: skip
        assert response.json() == by_command

        (answer,) = by_command
        units = {step["name"]: step["unit"] for step in answer["steps"]}
        shown, verdicts = by_page(rule, subject, on, readings)
        assert len(shown) == len(answer["outputs"])
        for name, value in answer["outputs"].items():
            label = ""
            if isinstance(value, list):
                label = "、".join(words.label(rule, name, each) for each in value)
            elif isinstance(value, str) and not units[name]:
                label = words.label(rule, name, value)
            wanted = figure(value, units[name], label if label != value else "")
            assert shown[words.title(rule, name)] == wanted.text, (name, subject)
        assert verdicts == [{True: "yes", False: "no"}.get(v, "unknown") for v in answer["conditions"].values()]


@pytest.mark.parametrize("rule", RULES)
def test_command_and_api_refuse_alike(rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subjects = [dict.fromkeys(pack_of(rule).rules[rule].inputs, "不是值"), {"nonsense": 1}]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(subjects), "utf-8")
    assert main(["calc", rule, "--input", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    told = Client().post(f"/api/v1/rules/{rule}/calculate", subjects, content_type="application/json").json()
    assert len(told["errors"]) == len(lines)
    for line, error in zip(lines, told["errors"], strict=True):
        assert line.endswith(error["expected"])
        assert f"第 {error['subject']} 行，字段 {error['field']}：" in line
