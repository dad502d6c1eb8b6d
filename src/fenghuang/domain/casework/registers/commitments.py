"""企业承诺 (work.2b): kept when each promised figure is reached on its year's facts; recovered when all is paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from fenghuang.domain.casework.code import Shown, guard, shower
from fenghuang.domain.casework.filling import shown
from fenghuang.domain.casework.models import Case, Part
from fenghuang.domain.registry.models import FirmYear


@shower("commitment_kept")
def commitment_kept(case: Case) -> Shown:
    """Every indicator: the registry's figure of the year promised is not below the promise (不低于 includes)."""
    promised = list(case.parts.filter(group="indicator", dropped=""))
    if not promised:
        return Shown(None, "没有登记承诺指标，无法核验")
    if case.firm_id is None:
        return Shown(None, "没有对应的企业，无法核验")
    found = [_kept(case, one) for one in promised]
    facts = {"indicators": [line for _, line in found]}
    broken = [line["sentence"] for holds, line in found if holds is False]
    unknown = [line["sentence"] for holds, line in found if holds is None]
    if broken:
        return Shown(False, "；".join(broken), facts)
    if unknown:
        return Shown(None, "；".join(unknown), facts)
    return Shown(True, "承诺的各项指标均已达到", facts)


def _kept(case: Case, one: Part) -> tuple[bool | None, dict[str, Any]]:
    fields = case.declared.parts["indicator"].fields
    fact, year, least = one.fields["fact"], one.fields["year"], one.fields["at_least"]
    title = fields["fact"].choices[fact]
    row = FirmYear.objects.current().filter(firm=case.firm_id, year=year).first()
    value = getattr(row, fact) if row else None
    line = {"year": year, "fact": fact, "at_least": least, "value": value, "row": row.pk if row else None}
    if value is None:
        return None, {**line, "sentence": f"{year} 年度{title}还没有部门数据"}
    if value >= least:
        return True, {**line, "sentence": ""}
    amounts = f"{shown(fields['at_least'], value)}，承诺不低于 {shown(fields['at_least'], least)}"
    return False, {**line, "sentence": f"{year} 年度{title} {amounts}"}


@shower("recovered")
def recovered(case: Case) -> Shown:
    """The settled instalments add up to what is due with the interest agreed, to the fen."""
    due = int(case.fields.get("amount_due") or 0) + int(case.fields.get("interest_due") or 0)
    paid = sum(one.fields["amount"] for one in case.parts.filter(group="instalment", settled_on__isnull=False))
    facts = {"due": due, "paid": paid}
    amount = case.declared.parts["instalment"].fields["amount"]
    if paid < due:
        said = f"应缴 {shown(amount, due)}，已缴 {shown(amount, paid)}，还差 {shown(amount, due - paid)}"
        return Shown(False, said, facts)
    return Shown(True, f"应缴 {shown(amount, due)}，已缴 {shown(amount, paid)}", facts)


@guard("listed")
def listed(case: Case, _today: date) -> str:
    """The duties are verified of a subject that is on the list of the seriously untrustworthy."""
    return "" if _was_listed(case) else "没有列入严重失信名单，请退回继续追缴"


@guard("not_listed")
def not_listed(case: Case, _today: date) -> str:
    """Nobody leaves the list because the verification failed: its only way off is the repair."""
    return "已列入严重失信名单，履行义务以前不能退出名单" if _was_listed(case) else ""


def _was_listed(case: Case) -> bool:
    """Where the case stood before it came to be verified."""
    came = case.movements.exclude(before=case.state).filter(after=case.state).order_by("number").last()
    return came is not None and came.before == "untrustworthy"
