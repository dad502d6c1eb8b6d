"""A comparison over the network: as the command has it, refused with the place in the body, nothing kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from fenghuang.faces.api import schemas

RATE = "art.10.upgrade_subsidy.rates[A][0]"
READING = "upgrade_subsidy.first_band_from"
PEOPLE = [
    {
        "id": "甲",
        "equipment_investment": 10000000,
        "grade": "A",
        "local_contribution": "90000000",
        "x_county": "黄岩区",
    },
    {"id": "丙", "equipment_investment": "60000000.00", "grade": "B", "local_contribution": 9e7, "x_county": "椒江区"},
    {"id": "戊", "equipment_investment": None, "grade": "A", "local_contribution": 90000000, "x_note": ["无", 1]},
]
BODY = {
    "policy": "taizhou-2021-27",
    "variant": {"title": "第一档 12%", "parameters": {RATE: "12%"}, "readings": {READING: "threshold"}},
    "on": "2022-12-31",
    "population": PEOPLE,
}


def ask(body: Any, query: str = "") -> Any:
    return Client(enforce_csrf_checks=True).post(f"/api/v1/whatif{query}", body, content_type="application/json")


def told(response: Any, status: int = 422) -> list[dict[str, Any]]:
    problem = response.json()
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    schemas.ProblemDetails.model_validate(problem, extra="forbid")
    errors: list[dict[str, Any]] = problem.get("errors", [])
    return errors


def test_the_answer_is_the_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], db: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = ask(BODY)
    assert response.status_code == 200
    found = response.json()
    schemas.Comparison.model_validate(found, extra="forbid")
    assert (found["total"]["subjects"], found["total"]["unknown"]) == (3, 1)
    assert [group["label"] for group in found["by"]["x_county"]] == ["未知", "椒江区", "黄岩区"]
    from fenghuang.cli import main

    variant, people = tmp_path / "v.yaml", tmp_path / "p.json"
    variant.write_text(json.dumps({**BODY["variant"], "policy": BODY["policy"]}), "utf-8")  # type: ignore[dict-item]
    people.write_text(json.dumps(PEOPLE), "utf-8")
    main(["whatif", str(variant), "--population", str(people), "--on", "2022-12-31", "--format", "json"])
    assert found == json.loads(capsys.readouterr().out)


def test_figures_of_the_example() -> None:
    found = ask({**BODY, "variant": {"title": "12%", "parameters": {RATE: "12%"}}}).json()
    assert (found["total"]["before"], found["total"]["after"]) == ("6000000.00", "6200000.00")
    assert found["largest"][0]["id"] == "甲"
    assert found["policy_sha256"] == Client().get("/api/v1/policies/taizhou-2021-27").json()["sha256"]


@pytest.mark.parametrize(
    ("change", "pointer", "value", "expected"),
    [
        ({"parameters": {RATE: "12"}}, f"#/variant/parameters/{RATE}", "12", "应带单位 %"),
        ({"parameters": {RATE: -1}}, f"#/variant/parameters/{RATE}", "-1", "应带单位 %"),
        ({"parameters": {RATE: [1]}}, f"#/variant/parameters/{RATE}", "[1]", "应为文字或数"),
        ({"parameters": {"art.10/x~": "1"}}, "#/variant/parameters/art.10~1x~0", "", "没有这个参数"),
        ({"parameters": "12%"}, "#/variant/parameters", '"12%"', "应为对象"),
        ({"readings": {READING: "one"}}, f"#/variant/readings/{READING}", "one", "可选 zero、threshold"),
        ({"readings": {"first_band_from": "one"}}, "#/variant/readings/first_band_from", "one", "可选"),
        ({"method": "../../etc/passwd"}, "#/variant/method", "", "可用 title、parameters、readings"),
        ({"title": None}, "#/variant/title", "", "应写明方案名称"),
    ],
)
def test_a_variant_that_cannot_be_used(change: Any, pointer: str, value: str, expected: str) -> None:
    (error,) = told(ask({**BODY, "variant": {"title": "方案", **change}}))
    assert error["pointer"] == pointer
    assert error["value"] == value
    assert expected in error["expected"]


@pytest.mark.parametrize(
    ("change", "pointer", "expected"),
    [
        ({"policy": "taizhou-2021-72"}, "#/policy", "是否指 taizhou-2021-27"),
        ({"on": "2022-13-01"}, "#/on", "应为日期"),
        ({"on": 2022}, "#/on", "应为日期"),
        ({"rules": ["upgrade_subsidi"]}, "#/rules/0", "是否指 upgrade_subsidy"),
        ({"rules": "upgrade_subsidy"}, "#/rules", "数组"),
        ({"rules": ["rent_subsidy"]}, "#/rules", "方案改动了 upgrade_subsidy"),
        ({"population": None}, "#/population", "数组"),
        ({"population": [1]}, "#/population/0", "JSON 对象"),
        ({"population": [{}, {"grade": "E"}]}, "#/population/1/grade", "应为 A"),
        ({"population": [{"grad": "A"}]}, "#/population/0/grad", "是否指 grade"),
        ({"populations": []}, "#/populations", "没有这一项"),
    ],
)
def test_a_question_that_cannot_be_used(change: Any, pointer: str, expected: str) -> None:
    error, *_ = told(ask({**BODY, **change}))
    assert error["pointer"] == pointer
    assert expected in error["expected"]


def test_without_rules_that_can_be_calculated() -> None:
    (error,) = told(ask({**BODY, "variant": {"title": "不变"}, "population": [{"id": 1}]}))
    assert "用 rules 写明规则" in error["expected"]


def test_limits() -> None:
    assert told(ask({**BODY, "population": [{}] * 1001}), 413) == []
    with override_settings(API_MAX_BYTES=100):
        assert told(ask(BODY), 413) == []
    assert told(ask(BODY, "?on=2022-12-31"), 400)[0]["parameter"] == "on"
    assert told(ask([BODY]), 400) == []
    wide = [{f"x_{place}_{number}": 1 for number in range(50)} for place in range(500)]
    assert ask({**BODY, "population": wide}).status_code == 200  # carried columns do not widen the table
