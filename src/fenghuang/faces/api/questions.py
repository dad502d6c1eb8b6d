"""What is asked: body and parameters of `calculate`, read exactly; every fault is an entry of a problem."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, RawPostDataException, UnreadablePostError

from fenghuang.engines import case, texts
from fenghuang.engines.door import Fault, Faulty
from fenghuang.faces.api.answers import Problem
from fenghuang.language.record import Record
from fenghuang.law.pack import Overlay, Pack


def only(request: HttpRequest, *known: str, instead: str = "这个地址不用参数") -> None:
    """A parameter there is not may be a misspelt one, and one said twice is a riddle: refused."""
    errors = [
        {"detail": f"没有参数 {name}；{instead}", "parameter": name, "expected": instead}
        for name in request.GET
        if name not in known
    ]
    errors += [
        {"detail": f"参数 {name} 只能写一次", "parameter": name, "expected": "只写一次"}
        for name in known
        if len(request.GET.getlist(name)) > 1
    ]
    if errors:
        raise Problem("parameter", "；".join(error["detail"] for error in errors[:3]), errors)


def pack_of(rule: str) -> Pack:
    """The pack of a rule; 404 suggests the nearest name."""
    try:
        return case.pack_of(rule)
    except case.NoSuchRule as fault:
        known = [{"detail": str(fault), "field": "rule", "value": rule, "expected": fault.near}] if fault.near else []
        raise Problem("no-rule", f"{fault}；全部规则见 /api/v1/rules", known) from fault


def records(request: HttpRequest, rule: str) -> list[Record]:
    """The answer to a request, in the order of its subjects."""
    pack = pack_of(rule)
    on, chosen = _parameters(request, pack, rule)
    subjects, is_array = _subjects(request)
    try:
        return case.records(pack, rule, enumerate(subjects, 1), on, chosen)
    except Faulty as fault:
        errors = [_error(pack, rule, f, is_array) for f in fault.faults]
        raise Problem("input", f"{len(errors)} 处数据无法使用，请按 errors 逐项改正后重试", errors) from fault


def _parameters(request: HttpRequest, pack: Pack, rule: str) -> tuple[date, Overlay]:
    """`on` and `set`, as the command's --on and --set; a parameter there is not may be a misspelt one: refused."""
    errors = [
        _parameter(name, Fault("", "", "没有这个参数；可用 on（日期）与 set（口径，可重复）"))
        for name in request.GET
        if name not in ("on", "set")
    ]
    on, chosen = pack.default_day(case.today()), Overlay()
    try:
        on = case.day(pack, request.GET.get("on"))
    except Faulty as fault:
        errors += [_parameter("on", f) for f in fault.faults]
    try:
        chosen = case.overlay(pack, [rule], case.settings(request.GET.getlist("set")))
    except Faulty as fault:
        errors += [_parameter("set", f) for f in fault.faults]
    if errors:
        raise Problem("parameter", "；".join(str(e["detail"]) for e in errors[:3]), errors)
    return on, chosen


def _parameter(name: str, fault: Fault) -> dict[str, Any]:
    value = f"{fault.field}={fault.found}" if name == "set" and fault.field else fault.found
    said = f"读到“{value}”，" if value else ""
    return {"detail": f"参数 {name}：{said}{fault.expected}", "parameter": name, "value": value,
            "expected": fault.expected}  # fmt: skip


def _subjects(request: HttpRequest) -> tuple[Sequence[dict[str, Any]], bool]:
    """The body as subjects with every number by its characters, and whether it was an array."""
    text = body_text(request, "一个对象或对象的数组")
    try:
        subjects = texts.json_subjects(text)
    except Faulty as fault:
        raise unreadable(fault) from fault
    not_too_many(len(subjects))
    return subjects, text.lstrip()[:1] == "["


def not_too_many(subjects: int) -> None:
    """413 beyond the limit of subjects."""
    most = settings.API_MAX_SUBJECTS
    if subjects > most:
        raise Problem("too-large", f"一次最多 {most} 个对象，读到 {subjects} 个；更多请用 fenghuang batch")


def body_text(request: HttpRequest, expected: str) -> str:
    """The text of a JSON body; a Problem where it is none, is too large or empty."""
    kind = request.content_type or ""
    if kind != "application/json" and not kind.endswith("+json"):
        found = f"，读到“{kind}”" if kind else ""
        raise Problem(
            "media-type",
            f"请求头 Content-Type 应为 application/json{found}",
            headers={"Accept-Post": "application/json"},
        )
    try:
        text = _body(request).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Problem("json", "请求正文应为 UTF-8 编码") from fault
    if not text.strip():
        raise Problem("json", f"请求正文是空的，应为{expected}")
    return text


def _body(request: HttpRequest) -> bytes:
    most = settings.API_MAX_BYTES
    too_large = Problem("too-large", f"请求正文最多 {most // 1024} KiB；更多请用 fenghuang batch")
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise too_large  # said before it is read
    try:
        body = request.body
    except RequestDataTooBig as fault:
        raise too_large from fault
    except (UnreadablePostError, RawPostDataException) as fault:
        raise Problem("json", "请求正文没有完整送达") from fault
    if len(body) > most:
        raise too_large
    return body


def unreadable(fault: Faulty) -> Problem:
    """Bad JSON (the number is a line), a name that stands twice, an array with something that is no object."""
    errors: list[dict[str, Any]] = []
    for f in fault.faults:
        said = f._replace(row=None).sentence().lstrip("：")
        if f.found and f.row:
            errors.append({"detail": f"第 {f.row} 个对象：{said}", "subject": f.row, "value": f.found})
        elif f.field:
            errors.append({"detail": said, "field": f.field})
        else:
            errors.append({"detail": f"第 {f.row} 行：{said}", "line": f.row} if f.row else {"detail": said})
        errors[-1]["expected"] = f.expected
    return Problem("json", str(errors[0]["detail"]), errors)


def _error(pack: Pack, rule: str, fault: Fault, is_array: bool) -> dict[str, Any]:
    """One fault: where it is (a JSON pointer into the body), what was found, what is expected."""
    inputs = pack.rules[rule].inputs
    title = f"{pack.words.title(rule, fault.field)}（{fault.field}）" if fault.field in inputs else fault.field
    where = f"第 {fault.row} 个对象，" if is_array else ""
    found = f"读到“{' '.join(fault.found.split())}”，" if fault.found else ""
    token = fault.field.replace("~", "~0").replace("/", "~1")
    place = f"/{(fault.row or 1) - 1}" if is_array else ""
    return {
        "detail": f"{where}字段 {title}：{found}{fault.expected}",
        "pointer": f"#{place}/{token}",
        "subject": fault.row,
        "field": fault.field,
        "value": fault.found,
        "expected": fault.expected,
    }
