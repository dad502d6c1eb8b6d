"""The document over the API: policies, clauses, figures as of a day, readings; and explanations in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fenghuang.faces.api import schemas

POLICY = "/api/v1/policies/taizhou-2021-27"
SHAPES = {
    "": schemas.Policy,
    "/clauses": schemas.Clause,
    "/parameters": schemas.Figure,
    "/readings": schemas.OpenPassage,
}


def get(path: str) -> Any:
    response = Client().get(path)
    assert response.status_code == 200, response.content.decode()
    assert "\\u" not in response.content.decode()
    return response.json()


def refused(path: str, status: int, kind: str) -> dict[str, Any]:
    response = Client().get(path)
    assert response.status_code == status
    problem: dict[str, Any] = response.json()
    schemas.ProblemDetails.model_validate(problem, extra="forbid")
    assert problem["type"].endswith(f"#{kind}")
    return problem


def explained(rule: str, subject: dict[str, Any], query: str = "?on=2022-12-31") -> dict[str, Any]:
    response = Client().post(f"/api/v1/rules/{rule}/explain{query}", subject, content_type="application/json")
    assert response.status_code == 200
    (found,) = response.json()
    schemas.Explanation.model_validate(found, extra="forbid")
    return dict(found)


@pytest.mark.parametrize("below", SHAPES)
def test_every_answer_has_the_described_shape(below: str) -> None:
    for one in get("/api/v1/policies"):
        schemas.Policy.model_validate(one, extra="forbid")
        found = get(f"/api/v1/policies/{one['id']}{below}")
        for part in found if isinstance(found, list) else [found]:
            SHAPES[below].model_validate(part, extra="forbid")


def test_policies() -> None:
    found = {one["id"]: one for one in get("/api/v1/policies")}
    policy = found["taizhou-2021-27"]
    assert policy["number"] == "台政发〔2021〕27号"
    assert policy["valid"] == {"from": "2021-12-26", "to": "2023-12-31"}
    assert "upgrade_subsidy" in policy["rules"]
    assert policy == get(POLICY)
    assert found["idle-land-2012"]["valid"]["to"] is None


def test_clauses_say_how_far_they_are_carried_out() -> None:
    found = {one["clause"]: one for one in get(f"{POLICY}/clauses")}
    first = found["art.1"]
    assert first["agencies"][0] == "市自然资源规划局"
    assert (first["status"], first["todo"]) == ("done", [])
    assert first["done"][0]["by"] == ["retain_industrial_use"]
    for clause in found.values():
        wanted = "done" if not clause["todo"] else "partly" if clause["done"] else "not yet"
        assert clause["status"] == wanted, clause["clause"]
    assert get(f"{POLICY}/clauses/art.10") == found["art.10"]


def test_clauses_as_the_command_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from fenghuang.cli import main

    main(["clauses", "--format", "json"])
    assert get(f"{POLICY}/clauses") == json.loads(capsys.readouterr().out)


def test_figures_with_unit_and_place() -> None:
    found = {one["path"]: one for one in get(f"{POLICY}/parameters?on=2022-12-31")}
    rates = found["art.10.upgrade_subsidy.rates"]
    assert (rates["clause"], rates["rule"], rates["unit"], rates["by"]) == ("art.10", "upgrade_subsidy", "%", "grade")
    assert rates["values"]["A"] == ["10", "12", "15"]
    assert rates["at"]["A"] == ["49:148", "49:152", "49:156"]
    assert rates["valid"] == {"from": "2021-12-26", "to": "2023-12-31"}


@pytest.mark.parametrize(
    ("on", "any_"),
    [("2021-12-25", False), ("2021-12-26", True), ("2023-12-31", True), ("2024-01-01", False)],
)
def test_figures_of_a_day_outside_validity_are_none(on: str, any_: bool) -> None:
    assert bool(get(f"{POLICY}/parameters?on={on}")) is any_


def test_readings_name_what_is_open() -> None:
    found = {(one["rule"], one["name"]): one for one in get(f"{POLICY}/readings")}
    choice = found["upgrade_subsidy", "first_band_from"]
    assert (choice["open"], list(choice["choices"])) == (False, ["zero", "threshold"])
    assert choice["default"] in choice["choices"]
    recorded = [one for one in found.values() if one["open"]]
    assert recorded
    assert all(one["needs"] for one in recorded)


def test_what_is_not_there() -> None:
    for below in SHAPES:
        said = refused(f"/api/v1/policies/taizhou-2021-72{below}", 404, "no-policy")["detail"]
        assert "taizhou-2021-27" in said
    told = refused(f"{POLICY}/clauses/art.99", 404, "no-clause")
    assert f"{POLICY}/clauses" in told["detail"]


@pytest.mark.parametrize("below", ["/clauses", "/clauses/art.1", "/parameters"])
def test_parameters_that_cannot_be_used(below: str) -> None:
    (error,) = refused(f"{POLICY}{below}?of=2022-12-31", 400, "parameter")["errors"]
    assert (error["parameter"], error["detail"]) == ("of", "没有参数 of；可用 on（日期）")
    (error,) = refused(f"{POLICY}{below}?on=31.12.2022", 400, "parameter")["errors"]
    assert (error["parameter"], error["value"]) == ("on", "31.12.2022")
    assert error["expected"] == "应为日期，如 2022-12-31"


@pytest.mark.parametrize("path", ["/api/v1/policies", POLICY, f"{POLICY}/readings", "/api/v1/rules",
                                  "/api/v1/rules/rent_subsidy"])  # fmt: skip
def test_no_parameter_where_none_is_known(path: str) -> None:
    assert refused(f"{path}?on=2022-12-31", 400, "parameter")["errors"][0]["parameter"] == "on"


def test_an_explanation_has_words_and_distances() -> None:
    found = explained("upgrade_subsidy", {"equipment_investment": 4000000, "grade": "A", "local_contribution": 9000000})
    assert (found["title"], found["clause"]) != ("", "")
    words = {step["name"]: step["text"] for step in found["steps"]}
    assert "否" in words.values()
    assert any(step["distance"] for step in found["steps"])
    (used,) = [one for one in found["used_readings"] if one["name"] == "first_band_from"]
    assert used["choice_title"]


def test_an_explanation_names_what_is_missing() -> None:
    found = explained("upgrade_subsidy", {"grade": "A"})
    assert len(found["missing_titles"]) == len(found["missing"])
    assert "投资额" in "".join(found["missing_titles"])


def test_a_missing_reference_row_is_named() -> None:
    """The guide came without rows: the answer stays unknown and says which row would settle it."""
    rule = get("/api/v1/rules/output_benchmark")
    subject = {field["name"]: field["example"] for field in rule["inputs"] if "example" in field}
    found = explained("output_benchmark", {**subject, "industry_division": "29"})
    rows = [name for name in found["missing"] if name.startswith("output_guide[")]
    assert rows == ["output_guide[29]"]
    assert None in found["outputs"].values()
    assert "29" in found["missing_titles"][found["missing"].index(rows[0])]
