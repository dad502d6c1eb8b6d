"""Which cases a page shows: the address's query as a queryset, in words, and as fields of a form."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from fenghuang.domain.casework import queries
from fenghuang.domain.casework.models import Alarm, Case
from fenghuang.law.registers import registers
from fenghuang.law.registers.declaration import Register
from fenghuang.platform.accounts.models import Role, User

SHOWS = {"mine": "我的待办", "late": "逾期", "soon": "临期", "open": "全部在办", "ended": "已结束", "all": "全部"}
LONGEST = 60  # characters of a search


class Field(NamedTuple):
    """A select of the filter form."""

    name: str
    title: str
    chosen: str
    choices: list[tuple[str, str]]


class Chosen(NamedTuple):
    """The cases asked for; `show` is one of SHOWS."""

    cases: QuerySet[Case]
    show: str
    words: list[str]
    fields: list[Field]
    text: str


def of_show(user: User, show: str) -> QuerySet[Case]:
    """The cases of a switch."""
    if show == "mine":
        return queries.waiting(user)
    if show == "late":
        return queries.late(user)
    if show == "soon":
        return queries.open_cases(user).filter(alarm=Alarm.WARNED)
    if show == "ended":
        return queries.cases(user).filter(ended_on__isnull=False)
    return queries.cases(user) if show == "all" else queries.open_cases(user)


def usual_show(user: User) -> str:
    """Who only reads has no todo."""
    return "open" if user.role in queries.READERS else "mine"


def chosen(user: User, query: QueryDict, register: Register | None = None) -> Chosen:
    """What the address asks for; on a register's page only its cases, all of them unless asked otherwise."""
    show = query.get("show", "")
    if show not in SHOWS:
        show = "open" if register else usual_show(user)
    found = of_show(user, show)
    if register:
        found = found.filter(register=register.name)
    fields = _fields(user, query, register)
    words = [SHOWS[show]]
    for field in fields:
        titles = dict(field.choices)
        if field.chosen in titles and field.chosen:
            found = found.filter(**{LOOKUPS.get(field.name, field.name): field.chosen})
            words.append(f"{field.title}：{titles[field.chosen]}")
    text = query.get("q", "").replace("\0", "").strip()[:LONGEST]
    if text:
        for word in text.split():
            found = found.filter(Q(title__icontains=word) | Q(subject__startswith=word.upper()))
        words.append(f"查找：{text}")
    if day := _day(query.get("due", "")):
        found = found.filter(due=day)
        words.append(f"期限：{day}")
    return Chosen(found.order_by(F("due").asc(nulls_last=True), "pk"), show, words, fields, text)


LOOKUPS = {"class": "kind"}


def _fields(user: User, query: QueryDict, register: Register | None) -> list[Field]:
    def field(name: str, title: str, choices: list[tuple[str, str]]) -> Field:
        asked = query.get(name, "").replace("\0", "")[:60]
        return Field(name, title, asked, [("", "全部"), *choices])

    fields = []
    seen = queries.seen_registers(user) if register is None else []
    if register is None:
        fields.append(field("register", "清单", [(one.name, one.title) for one in seen]))
        register = registers().get(query.get("register", ""))
    if register:
        fields.append(field("state", "状态", [(one.name, one.title) for one in register.states.values()]))
        if register.classes:
            kinds = list(register.fields[register.classes].choices.items())
            fields.append(field("class", register.fields[register.classes].title, kinds))
    if user.sees_all_units:
        fields.append(field("unit", "地区", [(unit.pk, unit.name) for unit in user.units()]))
    if user.role != Role.TOWNSHIP:
        fields.append(field("township", "乡镇（街道）", _townships(user, query)))
    return fields


def _townships(user: User, query: QueryDict) -> list[tuple[str, str]]:
    """The townships that have cases, of the unit asked for."""
    found = queries.cases(user).exclude(township="").order_by("township")
    if user.sees_all_units:
        unit = query.get("unit", "").replace("\0", "")
        if not unit:
            return []
        found = found.filter(unit=unit)
    return [(one, one) for one in found.values_list("township", flat=True).distinct()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
