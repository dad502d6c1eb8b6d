"""The document over the API: policies, clauses, figures as of a day, readings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from fenghuang.engines import case, describe
from fenghuang.engines.door import Faulty
from fenghuang.faces.api import answers, questions, schemas
from fenghuang.faces.api.answers import Problem
from fenghuang.law.clauses import coverage, told
from fenghuang.law.document import documents
from fenghuang.law.pack import Pack, packs
from fenghuang.platform.carried import carried

router = Router(tags=["政策"])
FAULTS = dict.fromkeys((400, 404), schemas.ProblemDetails)
ON: Any = Query(  # type: ignore[type-arg]
    None, description="所依据的日期；默认今天或政策最后有效日，取较早者", example="2022-12-31"
)


@router.get(
    "/policies",
    response={200: list[schemas.Policy], 400: schemas.ProblemDetails},
    operation_id="policies",
    by_alias=True,
    summary="全部政策",
)
def policies(request: HttpRequest) -> HttpResponse:
    questions.only(request)
    return answers.answer([describe.policy(pack) for pack in packs().values()])


@router.get(
    "/policies/{policy}", response={200: schemas.Policy, **FAULTS}, operation_id="policy", by_alias=True,
    summary="一份政策",
)  # fmt: skip
def policy(request: HttpRequest, policy: str) -> HttpResponse:
    questions.only(request)
    return answers.answer(describe.policy(_pack(policy)))


@router.get(
    "/policies/{policy}/clauses", response={200: list[schemas.Clause], **FAULTS}, operation_id="clauses", by_alias=True,
    summary="各条款及其实现情况", description="与 fenghuang clauses --format json 相同；没有登记条款的政策为空。",
)  # fmt: skip
def clauses(request: HttpRequest, policy: str, on: str | None = ON) -> HttpResponse:
    pack = _pack(policy)
    return answers.answer(_clauses(pack, _day(request, pack)))


@router.get(
    "/policies/{policy}/clauses/{clause}", response={200: schemas.Clause, **FAULTS}, operation_id="clause",
    by_alias=True, summary="一个条款",
)  # fmt: skip
def clause(request: HttpRequest, policy: str, clause: str, on: str | None = ON) -> HttpResponse:
    pack = _pack(policy)
    for found in _clauses(pack, _day(request, pack)):
        if found["clause"] == clause:
            return answers.answer(found)
    raise Problem("no-clause", f"{pack.number} 没有条款 {clause}；全部条款见 /api/v1/policies/{policy}/clauses")


@router.get(
    "/policies/{policy}/parameters", response={200: list[schemas.Figure], **FAULTS}, operation_id="parameters",
    by_alias=True, summary="某日有效的数值", description="政策的每个数值：单位、有效期、条款和在原文中的行:列。",
)  # fmt: skip
def parameters(request: HttpRequest, policy: str, on: str | None = ON) -> HttpResponse:
    pack = _pack(policy)
    return answers.answer(describe.parameters(pack, _day(request, pack)))


@router.get(
    "/policies/{policy}/readings", response={200: list[schemas.OpenPassage], **FAULTS}, operation_id="readings",
    summary="口径", description="原文留有选择之处：可选的读法、默认读法、理由，以及由谁在何时确认。",
)  # fmt: skip
def readings(request: HttpRequest, policy: str) -> HttpResponse:
    pack = _pack(policy)
    questions.only(request)
    return answers.answer([describe.reading(r) for r in pack.every_reading])


def _pack(policy: str) -> Pack:
    try:
        return packs()[policy]
    except KeyError as fault:
        raise Problem("no-policy", f"没有编号为 {policy} 的政策；可用 {'、'.join(packs())}") from fault


def _clauses(pack: Pack, on: date) -> list[dict[str, Any]]:
    document = documents().get(pack.id)
    return [told(document, clause, on) for clause in coverage(document, carried())] if document else []


def _day(request: HttpRequest, pack: Pack) -> date:
    """The day asked for."""
    questions.only(request, "on", instead="可用 on（日期）")
    try:
        return case.day(pack, request.GET.get("on"))
    except Faulty as fault:
        (wrong,) = fault.faults
        said = f"参数 on：读到“{wrong.found}”，{wrong.expected}"
        told_ = {"detail": said, "parameter": "on", "value": wrong.found, "expected": wrong.expected}
        raise Problem("parameter", said, [told_]) from fault
