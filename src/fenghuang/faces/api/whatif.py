"""A variant of the law over a population sent with the question: `fenghuang whatif --format json` over the network.

Nothing is stored. A method of 亩均评价 cannot be named here: only figures and readings of the policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from fenghuang.engines import case, door, texts
from fenghuang.engines.door import Fault, Faulty
from fenghuang.faces.api import answers, questions, schemas
from fenghuang.faces.api.answers import Problem
from fenghuang.law.pack import Pack

router = Router(tags=["计算"])
KEYS = ("policy", "variant", "rules", "on", "population")
VARIANT = ("title", "parameters", "readings")


@router.post(
    "/whatif",
    response={200: schemas.Comparison, **dict.fromkeys((400, 413, 415, 422), schemas.ProblemDetails)},
    operation_id="whatif",
    summary="方案与现行政策比较",
    description="按方案（改动的数值和口径）重新计算随请求送来的人群，并与现行政策比较，"
    "与 fenghuang whatif --format json 相同。"
    "不存储任何内容。未知的金额只计数，不计入合计。x_county、x_industry、x_size 和 grade 列按取值分组。",
)
def whatif(request: HttpRequest) -> HttpResponse:
    questions.only(request, instead="全部内容写在请求正文中")
    asked = _asked(request)
    try:
        return answers.answer(_compared(asked))
    except Faulty as fault:
        raise _refused(fault.faults) from fault


def _asked(request: HttpRequest) -> dict[str, Any]:
    try:
        asked = texts.json_value(questions.body_text(request, "一个对象，含 policy、variant 和 population"))
    except Faulty as fault:
        raise questions.unreadable(fault) from fault
    if not isinstance(asked, dict):
        raise Problem("json", "请求正文应为一个对象，含 policy、variant 和 population")
    return asked


def _compared(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer; a fault has its place in the body as its field: variant/parameters/<path>, population/<n>/<field>."""
    from fenghuang.engines import batch, whatif  # the column engine is loaded only when it is needed
    from fenghuang.engines.whatif.comparison import told

    _only(asked, KEYS, "")
    said = asked.get("variant")
    people = asked.get("population")
    if not isinstance(people, list) or not isinstance(said, dict):
        wrong: list[tuple[str, Any, type, str]] = [("variant", said, dict, "应为对象，含 title、parameters、readings")]
        wrong += [("population", people, list, "应为对象的数组")]
        raise Faulty(
            [Fault(name, _found(value), text) for name, value, kind, text in wrong if not isinstance(value, kind)]
        )
    questions.not_too_many(len(people))
    document = {"policy": _text(asked.get("policy"), "policy"), **_variant(said)}
    try:
        variant = whatif.read(document)
    except Faulty as fault:
        raise Faulty([f._replace(field=_place(f.field, said)) for f in fault.faults]) from fault
    pack = variant.pack
    on = _day(pack, asked.get("on"))
    rules = _rules(pack, asked.get("rules"))
    try:
        table = batch.of_subjects(_read(pack, texts.subjects_of(people)))
        rules = rules or whatif.rules_for(pack, table, variant)
        if not rules:
            raise Faulty([Fault("", "", "没有一条有金额的规则能由这些字段计算；用 rules 写明规则")])
        return told(variant, whatif.compare(pack, rules, table, on, variant))
    except Faulty as fault:
        raise Faulty([_of_population(f) for f in fault.faults]) from fault


def _read(pack: Pack, subjects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields that a comparison reads; a carried one that it does not must not widen the table."""
    from fenghuang.engines.whatif.people import APPLIES_FOR, DIMENSIONS

    known = {name for rule in pack.rules.values() for name in rule.inputs}
    names = {name: place for place, one in reversed(list(enumerate(subjects, 1))) for name in one}
    strangers = [(name, at) for name, at in names.items() if name not in known and not door.carried(name)]
    if strangers:
        first = sorted(strangers, key=lambda s: s[1])[: answers.MOST_ERRORS]
        raise Faulty([Fault(name, "", door.stranger(name, known), at) for name, at in first])
    used = known | {"id", APPLIES_FOR, *DIMENSIONS}
    return [{name: value for name, value in one.items() if name in used} for one in subjects]


def _variant(said: Mapping[str, Any]) -> dict[str, Any]:
    """The variant with figures and readings as text; null is nothing said."""
    _only(said, VARIANT, "variant/")
    found: dict[str, Any] = {"title": _text(said.get("title"), "variant/title")}
    for part in ("parameters", "readings"):
        entries = {} if said.get(part) is None else said[part]
        if not isinstance(entries, dict):
            raise Faulty([Fault(f"variant/{part}", _found(entries), "应为对象：名称与取值")])
        found[part] = {name: _text(value, f"variant/{part}/{name}") for name, value in entries.items()}
    return found


def _rules(pack: Pack, named: Any) -> list[str]:
    if named is None:
        return []
    if not isinstance(named, list):
        raise Faulty([Fault("rules", _found(named), "应为规则名的数组")])
    faults = []
    for place, name in enumerate(named):
        if not isinstance(name, str) or name not in pack.rules:
            near = door.stranger(str(name), pack.rules).removeprefix("没有这个字段")
            faults.append(Fault(f"rules/{place}", _found(name), f"应为政策 {pack.id} 的规则名{near}"))
    if faults:
        raise Faulty(faults)
    return list(dict.fromkeys(named))


def _day(pack: Pack, said: Any) -> date:
    if said is None:
        return case.day(pack, None)
    if not isinstance(said, str) or not said:
        raise Faulty([Fault("on", _found(said), "应为日期，如 2022-12-31")])
    return case.day(pack, said)


def _text(value: Any, place: str) -> str:
    if isinstance(value, list | dict | bool):
        raise Faulty([Fault(place, _found(value), "应为文字或数")])
    return "" if value is None else str(value)


def _only(said: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    strangers = [name for name in said if name not in known]
    if strangers:
        expected = f"没有这一项；可用 {'、'.join(known)}"
        raise Faulty([Fault(f"{where}{name}", "", expected) for name in strangers])


def _found(value: Any) -> str:
    return "" if value is None else door.written(texts.as_json(value))


# -- faults


def _place(field: str, said: Mapping[str, Any]) -> str:
    """Where the field of a variant stands in the body."""
    for part in ("parameters", "readings"):
        entries = said.get(part) or {}
        written = [name for name in entries if name.replace(" ", "") == field or field.endswith(f".{name}")]
        if written:
            return f"variant/{part}/{written[0]}"
    return field if field == "policy" else f"variant/{field}"


def _of_population(fault: Fault) -> Fault:
    if fault.field in ("on", "rules"):
        return fault
    place = "population" if fault.row is None else f"population/{fault.row - 1}"
    return fault._replace(field=f"{place}/{fault.field}" if fault.field else place)


def _refused(faults: list[Fault]) -> Problem:
    """One entry a fault: pointer, field (a figure's path, a reading, a field of a subject), value, expectation."""
    errors = []
    for fault in faults:
        *above, name = _tokens(fault.field)
        number = int(above[1]) + 1 if len(above) == 2 and above[0] == "population" else 0
        where = f"第 {number} 个对象，字段 {name}" if number else name
        found = f"读到“{' '.join(fault.found.split())}”，" if fault.found else ""
        error: dict[str, Any] = {
            "detail": f"{where}：{found}{fault.expected}",
            "pointer": "#/" + "/".join(t.replace("~", "~0").replace("/", "~1") for t in (*above, name)),
            "field": name,
            "value": fault.found,
            "expected": fault.expected,
        }
        errors.append({**error, "subject": number} if number else error)
    return Problem("input", f"{len(errors)} 处数据无法使用，请按 errors 逐项改正后重试", errors)


def _tokens(field: str) -> list[str]:
    """variant/parameters/<path> and population/<n>/<field>, whose last part may itself hold a slash."""
    top = field.split("/", 1)[0]
    return field.split("/", 2 if top in ("variant", "population") and field.count("/") > 1 else 1)
