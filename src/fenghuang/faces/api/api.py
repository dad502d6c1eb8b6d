"""The operations. Public: no session is read, no database is asked, nothing about firms can be reached from here."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from fenghuang.engines.describe import described, detailed
from fenghuang.faces.api import answers, law, questions, schemas, whatif
from fenghuang.faces.api.answers import Problem
from fenghuang.law.pack import packs

_log = logging.getLogger("django.request")

# The address of the description and the documentation page are ours (docs.py): ninja's escape Chinese.
api = NinjaAPI(title="凤凰", version="1", openapi_url=None, docs_url=None, urls_namespace="api-v1")

api.add_router("", law.router)
api.add_router("", whatif.router)


@api.get(
    "/rules",
    response={200: list[schemas.Rule], 400: schemas.ProblemDetails},
    operation_id="rules",
    tags=["规则"],
    summary="全部规则",
    description="每条规则一个对象，与 fenghuang rules --format json 相同。",
)
def rules(request: HttpRequest) -> HttpResponse:
    questions.only(request)
    return answers.answer(_rules())


@api.get(
    "/rules/{rule}",
    response={200: schemas.RuleInFull, **dict.fromkeys((400, 404), schemas.ProblemDetails)},
    operation_id="rule",
    tags=["规则"],
    summary="一条规则",
    description="另有每一步的公式，以及每个参数在原文中的位置。",
)
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    questions.only(request)
    return answers.answer(_rule(rule))


@api.post(
    "/rules/{rule}/calculate",
    response={200: list[schemas.Answer], **dict.fromkeys((400, 404, 413, 415, 422), schemas.ProblemDetails)},
    operation_id="calculate",
    tags=["计算"],
    summary="按一条规则计算",
    description="与 fenghuang calc --format json 相同：对象按顺序各有一个结果；一处有误则全部不计算。"
    "数可写成 JSON 数或字符串，按所写的十进制数精确读取；缺少的字段和 null 为未知，不按 0 处理。"
    "id 与 x_ 开头的字段原样带回。",
)
def calculate(
    request: HttpRequest,
    rule: str,
    on: str | None = Query(None, description="所依据的日期；默认今天或政策最后有效日，取较早者", example="2022-12-31"),  # type: ignore[type-arg]
    settings: list[str] = Query(  # type: ignore[type-arg]  # noqa: B008 - how ninja declares a parameter
        [], alias="set", description="改变一项口径：名称=取值，可重复", example=["first_band_from=threshold"]
    ),
) -> HttpResponse:
    return answers.array(record.as_json() for record in questions.records(request, rule))


@api.post(
    "/rules/{rule}/explain",
    response={200: list[schemas.Explanation], **dict.fromkeys((400, 404, 413, 415, 422), schemas.ProblemDetails)},
    operation_id="explain",
    tags=["计算"],
    summary="计算并用文字说明",
    description="在 calculate 的结果之外，给出每一步的文字取值、与界限的差距、原则性条件，以及所缺资料和所用口径。",
)
def explain(
    request: HttpRequest,
    rule: str,
    on: str | None = Query(None, description="同 calculate"),  # type: ignore[type-arg]
    settings: list[str] = Query([], alias="set", description="同 calculate"),  # type: ignore[type-arg]  # noqa: B008
) -> HttpResponse:
    return answers.array(record.in_words() for record in questions.records(request, rule))


@cache
def _rules() -> list[dict[str, Any]]:
    return [described(pack, name) for pack in packs().values() for name in pack.rules]


@cache
def _details(rule: str) -> dict[str, Any]:
    return detailed(questions.pack_of(rule), rule)


def _rule(rule: str) -> dict[str, Any]:
    questions.pack_of(rule)  # an unknown name must not fill the cache
    return _details(rule)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, fault: Any) -> HttpResponse:
    return fault.answer(request.path)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, fault: Any) -> HttpResponse:
    said = [str(e.get("msg", "")) for e in fault.errors]
    return Problem("parameter", "；".join(said)).answer(request.path)


@api.exception_handler(Http404)
def _nowhere(request: HttpRequest, fault: Any) -> HttpResponse:
    return Problem("no-page", f"没有 {request.path} 这个接口").answer(request.path)


@api.exception_handler(Exception)
def _fault(request: HttpRequest, fault: Any) -> HttpResponse:
    """Ours to mend: the log has the traceback, the asker a sentence."""
    _log.error("%s %s", request.method, request.path, exc_info=fault, extra={"request": request, "status_code": 500})
    return Problem("fault", "系统没能完成这次计算，已记入日志；可稍后重试或与运维人员联系").answer(request.path)
