"""The description of the API (OpenAPI 3.1): ninja's, with problem details and every rule's fields."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings

from fenghuang.engines.describe import described
from fenghuang.faces.api.answers import STATUSES, written
from fenghuang.faces.api.api import api
from fenghuang.language.words import clause_title
from fenghuang.law.pack import packs

PREFIX = "api/v1/"
ABOUT = (
    "把政策条文变成可计算、可解释的决定。本接口公开，无须登录，不涉及任何企业数据；按来源地址限制频率，超过时为 429，"
    "请按 Retry-After 等待。错误一律为 RFC 9457 问题说明（application/problem+json）。"
)


@cache
def document() -> bytes:
    """The description as it is sent."""
    return written(schema())


def schema() -> dict[str, Any]:
    """The description as data."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    made["info"]["description"] = ABOUT
    parts = made["components"]["schemas"]
    for operations in made["paths"].values():
        for operation in operations.values():
            _problems(operation)
            _names(operation)
    rules = [described(pack, name) for pack in packs().values() for name in pack.rules]
    for rule in rules:
        parts[f"subject.{rule['name']}"] = _subject(rule)
    for operation in ("calculate", "explain"):
        made["paths"][f"/{PREFIX}rules/{{rule}}/{operation}"]["post"]["requestBody"] = _body(rules)
    made["paths"][f"/{PREFIX}whatif"]["post"]["requestBody"] = _question(rules)
    return made


def _names(operation: dict[str, Any]) -> None:
    """The names a path may hold: the rules and the policies there are."""
    known = {"rule": [name for pack in packs().values() for name in pack.rules], "policy": list(packs())}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and parameter["name"] in known:
            parameter["schema"]["enum"] = known[parameter["name"]]


def _problems(operation: dict[str, Any]) -> None:
    """What every operation may answer, as application/problem+json; a title a status, in Chinese."""
    shape = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    titles: dict[int, str] = {}
    for status, title in STATUSES.values():
        titles[status] = f"{titles[status]}；{title}" if status in titles else title
    told = operation["responses"]
    wanted = [int(status) for status in told if int(status) >= 400] + [429, 500]
    for status in wanted:
        told.pop(status, told.pop(str(status), None))
        told[str(status)] = {"description": titles[status], "content": {"application/problem+json": shape}}
    told["429"]["headers"] = {"Retry-After": {"description": "等待的秒数", "schema": {"type": "integer"}}}
    for status in [s for s in told if int(s) == 200]:
        told[status]["description"] = "成功"


def _body(rules: list[dict[str, Any]]) -> dict[str, Any]:
    subjects = {"anyOf": [{"$ref": f"#/components/schemas/subject.{rule['name']}"} for rule in rules]}
    one = {rule["name"]: {"summary": rule["title"], "value": _example(rule)} for rule in rules}
    return {
        "required": True,
        "description": "一个对象，或对象的数组（与 fenghuang calc 的 JSON 文件相同）；字段见各规则的 subject",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [subjects, {"type": "array", "items": subjects, "maxItems": settings.API_MAX_SUBJECTS}]
                },
                "examples": one,
            }
        },
    }


def _question(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of `whatif`."""
    text = {"type": ["object", "null"], "additionalProperties": {"type": ["string", "number"]}}
    variant = {
        "title": {"type": ["string", "number"], "minLength": 1, "maxLength": 100},
        "parameters": {**text, "description": "数值的路径与取值，带单位，如 12%、600万元"},
        "readings": {**text, "description": "规则.口径与取值"},
    }
    subjects = {"type": "object", "description": "字段同 calculate；只读所算规则的字段，没有一条规则有的字段不接受"}
    shape = {
        "policy": {"type": "string", "enum": list(packs())},
        "variant": {
            "type": "object", "properties": variant, "required": ["title"], "additionalProperties": False,
        },
        "rules": {"type": ["array", "null"], "items": {"enum": [rule["name"] for rule in rules]}},
        "on": {"type": ["string", "null"], "format": "date"},
        "population": {"type": "array", "items": subjects, "maxItems": settings.API_MAX_SUBJECTS},
    }  # fmt: skip
    example = {
        "policy": "taizhou-2021-27",
        "variant": {"title": "第一档 12%", "parameters": {"art.10.upgrade_subsidy.rates[A][0]": "12%"}},
        "on": "2022-12-31",
        "population": [{**_example(rule), "id": 1} for rule in rules if rule["name"] == "upgrade_subsidy"],
    }
    schema = {
        "type": "object", "properties": shape, "required": ["policy", "variant", "population"],
        "additionalProperties": False,
    }  # fmt: skip
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def _example(rule: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: field["example"] for field in rule["inputs"] if "example" in field}


def _subject(rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "title": rule["title"],
        "description": f"{clause_title(rule['clause'])} {rule['title']}：{rule['name']} 的{rule['subject']}",
        "properties": {field["name"]: _field(field) for field in rule["inputs"]},
        "patternProperties": {"^(id|x_.*)$": {}},
        "additionalProperties": False,
    }


def _field(field: dict[str, Any]) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": field["title"]}
    words = [field.get("hint", "")]
    if "decimals" in field:
        unit = f"（{field['unit']}）" if field["unit"] else ""
        words.insert(0, f"{field['min']} 至 {field['max']}{unit}，最多 {field['decimals']} 位小数")
        shape["type"] = ["string", "number", "null"]
    elif "labels" in field:
        shape |= {"type": ["string", "null"], "enum": [*field["labels"], "", None]}
    elif field["type"].rstrip("?") == "bool":
        shape["anyOf"] = [{"type": ["boolean", "string", "null"]}, {"enum": [0, 1]}]
    elif field["type"].rstrip("?") == "date":
        shape["anyOf"] = [{"type": "string", "format": "date"}, {"enum": ["", None]}]
    # a text is taken as it is written, whatever it is
    if said := "；".join(word for word in words if word):
        shape["description"] = said
    if "example" in field:
        shape["examples"] = [field["example"]]
    return shape
