"""What corrections need to know: who may, what the row would be, what to say to whom was too late. Writes nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from fenghuang.domain.feeds.intake import layout
from fenghuang.domain.feeds.models import Delivery, RawRow
from fenghuang.domain.feeds.read import File
from fenghuang.domain.feeds.recognise import Sheet
from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.feeds.templates import template as template_of
from fenghuang.domain.registry.models import Firm
from fenghuang.domain.registry.plan import Plan
from fenghuang.domain.registry.take import DIRECTORY
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.accounts.rules import PERMISSIONS
from fenghuang.platform.audit.models import Event

SHORTEST = 2  # characters of a reason
MOST_SAID = 3  # cells told to who came second
ELSEWHERE = "更正后的企业不属于本单位，或代码不在当年名录中；请核对代码，或请市级专班更正"


def needed(reason: str) -> str:
    """A reason that says something."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST:
        raise Stale("请填写理由（至少两个字），它会记入审计日志")
    return reason[:300]


# --- rights -------------------------------------------------------------------------------------------------------


def units_of(row: RawRow) -> set[str | None]:
    """The units that a row in quarantine is about: of its findings, and of the firm whose code it bears."""
    units: set[str | None] = set(row.findings.values_list("unit_id", flat=True))
    for name, place in layout(row.delivery):
        if name == "uscc" and place is not None:
            code = row.cells[place].strip().upper()
            units |= set(Firm.objects.filter(uscc=code).values_list("unit_id", flat=True))
    return units


def may_change_row(user: User | None, row: RawRow) -> bool:
    """The task force may change every row, clerks those of their department's sheets, county officials those that are
    about nobody but their own firms."""
    if user is None:
        return True
    may = PERMISSIONS["accounts.change"]
    if user.role == Role.CLERK:
        return bool(PERMISSIONS["accounts.import_data"].test(user, row.delivery.department))
    if user.role != Role.COUNTY:
        return bool(may.test(user, None))
    units = units_of(row)
    return bool(units) and all(may.test(user, unit) for unit in units)


def require_row(user: User | None, row: RawRow) -> None:
    """Raise PermissionDenied unless the person may change the row."""
    if not may_change_row(user, row):
        raise PermissionDenied("accounts.change")


def require_result(user: User | None, plan: Plan) -> None:
    """A county official may not move a row to a firm of another unit, nor a firm there."""
    if user is None or user.role != Role.COUNTY:
        return
    (arrival,) = plan.arrivals
    for year, judged in plan.take.outcomes[arrival.template.name].judged.items():
        for row in judged.frame.filter(pl.col("id") == arrival.first).iter_rows(named=True):
            units = {plan.take.years[year].known.units.get(row["uscc"] or "")}
            if arrival.template.name == DIRECTORY:
                units.add(row["unit_id"])
            if not all(PERMISSIONS["accounts.change"].test(user, unit) for unit in units):
                raise Stale(ELSEWHERE)


# --- the corrected row --------------------------------------------------------------------------------------------


def corrected_sheet(row: RawRow, cells: list[str], folder: Path, user: User | None) -> Sheet:
    """The corrected row as a sheet of one line, under the headers and line number of the original."""
    delivery = row.delivery
    if len(cells) != len(row.cells):
        raise Stale("格数与原表不符，请刷新页面后重试")
    cells = [cell.replace("\0", "").strip()[:2000] for cell in cells]
    said = {
        "corrects": row.pk,
        "headers": delivery.headers,
        "cells": cells,
        "by": str(user or "系统"),
        "at": timezone.localtime().isoformat(),
    }
    content = json.dumps(said, ensure_ascii=False).encode()
    path = folder / "correction.json"
    path.write_bytes(content)
    name = f"{delivery.file_name.removesuffix('（更正）')}（更正）"
    file = File(path, name, hashlib.sha256(content).hexdigest(), len(content), "correction", ())
    columns = {f"c{place}": pl.Series([cell], dtype=pl.String) for place, cell in enumerate(cells)}
    frame = pl.DataFrame({"row": pl.Series([row.row], dtype=pl.Int64), **columns})
    template = template_of(delivery.template)
    found = {name: place for name, place in layout(delivery) if place is not None}
    mapping = delivery.mapping
    return Sheet(file, delivery.sheet, template, frame, delivery.headers, delivery.header_row, found, [], mapping)


def with_corrections(delivery: Delivery) -> list[Delivery]:
    """The delivery, and the corrections of its rows, and of those."""
    found = [delivery]
    numbers = [delivery.pk]
    while numbers:
        more = Delivery.objects.filter(
            withdrawn_at__isnull=True, raw_rows__corrects__delivery__in=numbers
        ).distinct()  # fmt: skip
        fresh = [one for one in more if one not in found]
        found += fresh
        numbers = [one.pk for one in fresh]
    return found


# --- too late -----------------------------------------------------------------------------------------------------


def outdated(row: RawRow, mine: list[str] | None = None) -> str:
    """Who did what with the row, for somebody who still saw it as it was; with both values where `mine` differ."""
    place = f"第 {row.row} 行"
    event = (
        Event.objects.filter(
            subject_type="feeds.rawrow",
            subject_id=str(row.pk),
            action__in=["feeds.corrected", "feeds.rejected", "feeds.restored"],
        )
        .order_by("-id")
        .first()
    )
    if event and row.status in (RawRow.Status.RESOLVED, RawRow.Status.REJECTED, RawRow.Status.QUARANTINED):
        when = f"{timezone.localtime(event.at):%m-%d %H:%M}"
        did = {"feeds.corrected": "更正", "feeds.rejected": "定为不予采用", "feeds.restored": "恢复核对"}[event.action]
        both = _both_values(row, mine) if mine else ""
        return f"{place}已由{event.actor_name}于 {when} {did}{both}，您的修改没有保存；请查看现在的内容"
    return f"{place}现在是“{row.get_status_display()}”，您的修改没有保存；请查看现在的内容"


def _both_values(row: RawRow, mine: list[str]) -> str:
    """What the correction has in a cell, and what the person would have put there."""
    kept = row.corrections.order_by("-id").first()
    if kept is None:
        return ""
    cells = zip(row.delivery.headers, kept.cells, mine, strict=False)
    said = [f"“{header}”现为“{now}”，您填的是“{own}”" for header, now, own in cells if now != own.strip()]
    return f"（{'；'.join(said[:MOST_SAID])}）" if said else "（与您填的相同）"
