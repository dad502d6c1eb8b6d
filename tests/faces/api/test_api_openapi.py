"""The description of the API: a snapshot of its shape, every rule's fields, a page all from our own address.

A change of the shape is a change of a public promise: make the snapshot again on purpose, with
FENGHUANG_SNAPSHOT=1 pytest tests/faces/api/test_api_openapi.py
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fenghuang.faces.api import schemas
from subjects import contract

SNAPSHOT = Path(__file__).with_name("openapi.json")


def document() -> dict[str, Any]:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert "\\u" not in response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def test_the_shape_is_the_promised_one() -> None:
    found = document()
    parts = found["components"]["schemas"]
    for name in [name for name in parts if name.startswith("subject.")]:
        del parts[name]  # rules come and go; the next test looks at them
    for operation in ("rules/{rule}/calculate", "rules/{rule}/explain", "whatif"):
        found["paths"][f"/api/v1/{operation}"]["post"].pop("requestBody")
    for operations in found["paths"].values():
        for parameter in [p for operation in operations.values() for p in operation.get("parameters", ())]:
            if parameter["in"] == "path":
                parameter["schema"].pop("enum", None)
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("FENGHUANG_SNAPSHOT"):
        SNAPSHOT.write_text(text, "utf-8")
    assert text == SNAPSHOT.read_text("utf-8")


def test_every_rule_has_its_fields() -> None:
    found = document()
    body = found["paths"]["/api/v1/rules/{rule}/calculate"]["post"]["requestBody"]["content"]["application/json"]
    rules = [rule["name"] for rule in Client().get("/api/v1/rules").json()]
    assert list(body["examples"]) == rules
    for rule in rules:
        shape = found["components"]["schemas"][f"subject.{rule}"]
        assert rule not in contract() or list(shape["properties"]) == list(contract()[rule]["inputs"])
        answer = Client().post(
            f"/api/v1/rules/{rule}/calculate", body["examples"][rule]["value"], content_type="application/json"
        )
        assert answer.status_code == 200
        schemas.Answer.model_validate(answer.json()[0], extra="forbid")
        schemas.RuleInFull.model_validate(Client().get(f"/api/v1/rules/{rule}").json(), extra="forbid")


def test_problems_are_as_described() -> None:
    response = Client().post("/api/v1/rules/rent_subsidy/calculate", {"grad": 1}, content_type="application/json")
    schemas.ProblemDetails.model_validate(response.json(), extra="forbid")


@pytest.mark.django_db
def test_the_documentation_is_served_from_here() -> None:
    response = Client().get("/api/v1/docs")
    text = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert not re.findall(r"<script(?![^>]*(src=|application/json))", text)
    assert '"validatorUrl":null' in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_documentation_in_the_browser(browse: Any) -> None:
    page = browse("/api/v1/docs")
    page.locator("#operations-计算-calculate, .opblock-post").first.click()
    page.get_by_text("Try it out").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
