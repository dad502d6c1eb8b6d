"""The public API: answers as spec/cli.md has them, refusals as problem details in Chinese, limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, override_settings

CALCULATE = "/api/v1/rules/upgrade_subsidy/calculate"
CASE = {"equipment_investment": "48750000.00", "grade": "A", "local_contribution": "12600000"}


def ask(body: Any, query: str = "", kind: str = "application/json", path: str = CALCULATE, **more: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Client(enforce_csrf_checks=True, **more).post(path + query, data, content_type=kind)


def problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    """The problem details of a refusal, checked for their common shape."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert told["type"] == f"/api/v1/docs#{kind}"
    assert told["status"] == status
    assert any("一" <= sign <= "鿿" for sign in told["title"] + told["detail"])
    assert "\\u" not in response.content.decode()
    return told


def test_an_answer(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        response = ask({"id": 7, "x_name": "甲厂", **CASE}, "?on=2022-12-31")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert "技术改造" not in response.content.decode()  # the record speaks of steps
    assert "投资额达到起点" in response.content.decode()  # not escaped
    (answer,) = response.json()
    assert list(answer) == [
        "id",
        "x_name",
        "rule",
        "policy",
        "on",
        "outputs",
        "conditions",
        "missing",
        "readings",
        "steps",
    ]
    assert answer["outputs"]["amount"] == "5450000.00"
    assert answer["id"] == 7


def test_readings_days_and_arrays() -> None:
    first, second = ask([CASE, {"grade": "A"}], "?on=2022-12-31&set=first_band_from=threshold").json()
    assert first["readings"] == {"first_band_from": "threshold", "bands_apply_to": "slices"}
    assert first["outputs"]["amount"] == "4950000.00"
    assert second["outputs"]["amount"] is None
    assert second["missing"] == ["equipment_investment", "local_contribution"]
    assert ask([]).json() == []
    assert ask(CASE, "?on=2024-01-01").json()[0]["outputs"]["amount"] == "0.00"


@pytest.mark.parametrize("digits", ["48750000.00", "4.875e7", '"48750000"', '"４８７５００００"'])
def test_numbers_are_read_by_their_characters(digits: str) -> None:
    body = f'{{"equipment_investment": {digits}, "grade": "A", "local_contribution": 12600000}}'
    assert ask(body.encode()).json()[0]["outputs"]["amount"] == "5450000.00"


def test_no_double_comes_between() -> None:
    """As a double 33333333333.335 would be 33333333333.3349…: it has one decimal too many, and that is said."""
    told = problem(ask(b'{"equipment_investment": 33333333333.335}'), 422, "input")
    assert told["errors"][0]["value"] == "33333333333.335"
    assert told["errors"][0]["expected"] == "最多 2 位小数"


def test_every_fault_has_an_entry() -> None:
    body = [
        {"grade": "A"},
        {"grade": "E", "investment": 1},
        {"equipment_investment": "十万", "local_contribution": True},
    ]
    told = problem(ask(body), 422, "input")
    assert [e["pointer"] for e in told["errors"]] == [
        "#/1/investment", "#/1/grade", "#/2/equipment_investment", "#/2/local_contribution",
    ]  # fmt: skip
    first, second, third, _ = told["errors"]
    assert first["expected"] == "没有这个字段，是否指 equipment_investment"
    assert (second["subject"], second["field"], second["value"]) == (2, "grade", "E")
    assert second["detail"] == "第 2 个对象，字段 亩均评价等级（grade）：读到“E”，应为 A、B、C、D、ungraded 之一"
    assert "万" not in third["expected"]
    assert problem(ask({"grade": "E"}), 422, "input")["errors"][0]["pointer"] == "#/grade"


def test_a_flood_of_faults_is_cut_short() -> None:
    told = problem(ask([{"grade": "E"}] * 80), 422, "input")
    assert len(told["errors"]) == 50
    assert told["more_errors"] == 30


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b" ", "空的"),
        (b"{", "第 1 行：不是有效的 JSON"),
        (b'{"grade": "A",\n"grade": "B"}', "字段 grade：同一对象中出现了两次"),
        (b"[1]", "第 1 个对象：读到“1”，应为 JSON 对象"),
        ("{'中': 1}".encode("gb18030"), "UTF-8"),
        (b"[" * 200_000, "嵌套过深"),
        (b'{"grade": NaN', "不是有效的 JSON"),
    ],
)
def test_a_body_that_is_no_json(body: bytes, said: str) -> None:
    assert said in problem(ask(body), 400, "json")["detail"]


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("?on=2022-13-01", "on", "参数 on：读到“2022-13-01”，应为日期，如 2022-12-31"),
        ("?set=first_band_from", "set", "参数 set：读到“first_band_from”，应为 名称=取值"),
        ("?set=first_band_from=one", "set", "参数 set：读到“first_band_from=one”，可选 zero、threshold"),
        ("?set=first=zero", "set", "没有这项口径；可用 first_band_from、bands_apply_to、in_force_from"),
        ("?date=2022-01-01", "date", "没有这个参数"),
    ],
)
def test_parameters_that_cannot_be_used(query: str, parameter: str, said: str) -> None:
    (error,) = problem(ask(CASE, query), 400, "parameter")["errors"]
    assert error["parameter"] == parameter
    assert said in error["detail"]


def test_an_unknown_rule_suggests_the_nearest() -> None:
    told = problem(ask(CASE, path="/api/v1/rules/upgrade_subsidi/calculate"), 404, "no-rule")
    assert "是否指 upgrade_subsidy" in told["detail"]
    assert told["errors"][0]["expected"] == "upgrade_subsidy"
    problem(Client().get("/api/v1/rules/%3Cscript%3E"), 404, "no-rule")


def test_limits_of_size(settings: Any) -> None:
    problem(ask(b'"' + b" " * settings.API_MAX_BYTES + b'"'), 413, "too-large")
    assert "1000 个对象" in problem(ask([{}] * 1001), 413, "too-large")["detail"]
    assert len(ask([{}] * 1000).json()) == 1000


def test_what_is_not_asked_for() -> None:
    assert "application/json" in problem(ask(CASE, kind="text/plain"), 415, "media-type")["detail"]
    response = Client().get(CALCULATE)
    problem(response, 405, "method")
    assert response.headers["Allow"] == "POST"
    for path in ("/api/", "/api/v1/", "/api/v1/firms", "/api/v1/rules/", "/api/v2/rules"):
        problem(Client().get(path), 404, "no-page")


def test_no_other_origin_is_let_in() -> None:
    preflight = Client().options(CALCULATE, HTTP_ORIGIN="https://evil.example")
    asked = ask(CASE, headers={"origin": "https://evil.example"})
    for response in (preflight, asked):
        assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert not asked.cookies


def test_the_rate_is_limited_by_address() -> None:
    with override_settings(PUBLIC_RATE=3):
        assert [ask(CASE, REMOTE_ADDR="198.51.100.7").status_code for _ in range(3)] == [200] * 3
        response = ask(CASE, REMOTE_ADDR="198.51.100.7")
        problem(response, 429, "rate")
        assert 1 <= int(response.headers["Retry-After"]) <= 20
        assert ask(CASE, REMOTE_ADDR="198.51.100.8").status_code == 200


def test_a_fault_of_ours_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from fenghuang.faces.api import questions

    def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(questions, "_subjects", broken)
    told = problem(ask(CASE), 500, "fault")
    assert "secret" not in json.dumps(told)


def test_rules_as_the_command_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    from fenghuang.cli import main

    main(["rules", "--format", "json"])
    assert Client().get("/api/v1/rules").json() == json.loads(capsys.readouterr().out)
    main(["rule", "rent_subsidy", "--format", "json"])
    assert Client().get("/api/v1/rules/rent_subsidy").json() == json.loads(capsys.readouterr().out)
