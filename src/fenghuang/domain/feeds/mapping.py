"""Which column is which in files whose headers no template knows: said once by a person, remembered, forgotten again.

A correspondence belongs to a department and a set of headers: the order of the columns and the file's name do not
matter. Every sheet that was read by one says so, and keeps it (Delivery.mapping), whatever is forgotten later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from django.db import IntegrityError, transaction
from django.utils import timezone

from fenghuang.domain.feeds.models import ColumnMap
from fenghuang.domain.feeds.recognise import Remembered, header_key, places
from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.feeds.templates import Column, Template, plain_header, template
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record

UNITS = (
    "元", "千元", "万元", "亿元", "亩", "公顷", "平方米", "万平方米", "平方公里", "千瓦时", "万千瓦时", "度", "万度",
    "吨", "千克", "万吨", "吨标准煤", "万吨标准煤", "吨标煤", "人", "%",
)  # fmt: skip
SAME = {"度": "千瓦时", "万度": "万千瓦时", "吨标煤": "吨标准煤"}
LOOKS_ALIKE = 0.6  # of two headers, for a suggestion that a person sees before it counts


def remembered() -> list[Remembered]:
    """Every correspondence that counts."""
    rows = ColumnMap.objects.filter(forgotten_at__isnull=True).select_related("made_by")
    return [
        Remembered(
            one.template, one.key, one.columns, f"{one.made_by}于 {timezone.localtime(one.made_at):%Y-%m-%d %H:%M}"
        )
        for one in rows
    ]


# --- what a person is shown ---------------------------------------------------------------------------------------


def suggested(of: Template, headers: list[str]) -> dict[str, int]:
    """Field -> column: the headers that are the template's own, then those that look alike. Only ever a suggestion."""
    found = places(of, headers)
    free = {plain_header(header): place for place, header in reversed(list(enumerate(headers))) if header.strip()}
    for place in found.values():
        free.pop(plain_header(headers[place]), None)
    for column in of.columns:
        if column.field not in found and (near := get_close_matches(plain_header(column.header), free, 1, LOOKS_ALIKE)):
            found[column.field] = free.pop(near[0])
    return found


def likeliest(headers: list[str], among: Iterable[Template]) -> Template:
    """The template of which the most columns are recognised or look alike."""
    return max(among, key=lambda one: len(suggested(one, headers)) / len(one.columns))


def faults(of: Template, headers: list[str], chosen: Mapping[str, int]) -> list[str]:
    """What is wrong with a correspondence, in sentences; none when it can be remembered."""
    found = []
    if missing := [column.header for column in of.needed if column.field not in chosen]:
        found.append(f"还有必需的列没有对应：{'、'.join(missing)}")
    used: dict[int, str] = {}
    for name, place in chosen.items():
        column = of.column(name)
        if not (0 <= place < len(headers) and headers[place].strip()):
            found.append(f"“{column.header}”对应的列没有表头")
            continue
        header = headers[place]
        if [plain_header(text) for text in headers].count(plain_header(header)) > 1:
            found.append(f"文件里有两列都叫“{header}”，请先改好表头再上传")
        if place in used:
            found.append(f"“{header}”同时对应了“{used[place]}”和“{column.header}”，一列只能用一次")
        used[place] = column.header
        if wrong := other_unit(column, header):
            found.append(wrong)
    return found


def other_unit(column: Column, header: str) -> str:
    """Said when both headers name a unit and not the same; nothing is converted here. "" when they agree."""
    theirs, ours = unit_in(header), unit_in(column.header)
    if not column.is_number or not theirs or not ours or theirs == ours:
        return ""
    return f"“{header}”以“{theirs}”为单位，模板的“{column.header}”以“{ours}”为单位；请在表中换算后再上传"


def unit_in(header: str) -> str:
    """The unit that stands in a header's brackets, if it is one that we know."""
    for text in re.findall(r"\(([^()]*)\)", plain_header(header)):
        unit = text.removeprefix("单位:")
        if unit in UNITS:
            return SAME.get(unit, unit)
    return ""


# --- actions ------------------------------------------------------------------------------------------------------


@transaction.atomic
def remember(of: str, headers: list[str], chosen: Mapping[str, int], *, user: User) -> ColumnMap:
    """Remember which column is which, in place of what was said of these headers before. Stale when it is wrong."""
    sheet = template(of)
    require(user, "accounts.import_data", sheet.department)
    if wrong := faults(sheet, headers, chosen):
        raise Stale("；".join(wrong))
    key = header_key(headers)
    columns = {name: headers[place] for name, place in chosen.items()}
    alive = ColumnMap.objects.select_for_update().filter(
        department=sheet.department, key=key, forgotten_at__isnull=True
    )
    before = {one.template: one.columns for one in alive}
    alive.update(forgotten_at=timezone.now(), forgotten_by=user)
    try:
        with transaction.atomic():
            made = ColumnMap.objects.create(
                template=sheet.name,
                department=sheet.department,
                headers=headers,
                key=key,
                columns=columns,
                made_at=timezone.now(),
                made_by=user,
            )
    except IntegrityError as twice:
        raise Stale("另一位同事刚刚记下了同样表头的对应关系，请刷新查看") from twice
    record("feeds.columns_mapped", actor=user, subject=made, before=before or None, after={sheet.name: columns})
    return made


@transaction.atomic
def forget(one: ColumnMap, *, user: User) -> None:
    """Do not read files by it any more. What was taken with it stays and is read by it."""
    require(user, "accounts.import_data", one.department)
    now = ColumnMap.objects.select_for_update(of=("self",)).select_related("forgotten_by").get(pk=one.pk)
    if now.forgotten_at:
        when = f"{timezone.localtime(now.forgotten_at):%Y-%m-%d %H:%M}"
        raise Stale(f"这条对应关系已由{now.forgotten_by}于 {when} 停用")
    now.forgotten_at, now.forgotten_by = timezone.now(), user
    now.save(update_fields=["forgotten_at", "forgotten_by"])
    record("feeds.columns_forgotten", actor=user, subject=now, before={now.template: now.columns})
