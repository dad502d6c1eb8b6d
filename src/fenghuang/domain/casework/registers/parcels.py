"""宗地 (task.4, art.7, art.12): what the land registry's deliveries show of a parcel since its case began."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from fenghuang.domain.casework.code import Found, Search, Shown, fact, finder, guard, shower
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.registers.quality import grade_of
from fenghuang.domain.registry.land_models import Building, Contract, Parcel
from fenghuang.domain.registry.models import FirmYear, Recording
from fenghuang.language.numbers import add_months, day, days, show_decimal

EXPIRES_WITHIN = 24  # months ahead that a term's end is listed: what the loop needs to run, no figure of the law
PER_MU = 10**4  # 分 and 10⁻⁴亩 into 分/亩


@finder("standard_land")
def standard_land(unit: str | None) -> Search:
    """Parcels whose latest contract says 标准地."""
    return _contracts(unit, lambda one: one.standard is True, "合同载明为标准地")


@finder("land_expiring")
def land_expiring(unit: str | None) -> Search:
    """Parcels whose term ends within two years, or has ended."""
    last = add_months(days(timezone.localdate()), EXPIRES_WITHIN)
    assert last is not None
    limit = day(last)
    return _contracts(unit, lambda one: one.end is not None and one.end <= limit, "使用期临近届满")


def _contracts(unit: str | None, holds: Any, why: str) -> Search:
    recording = Recording.latest()
    if recording is None:
        return Search(None, [])
    rows = Contract.objects.current().filter(counts=True, firm__isnull=False).select_related("firm")
    if unit:
        rows = rows.filter(firm__unit=unit)
    latest = {one.reference: one for one in rows.order_by("year")}
    return Search(recording, [_found(one, why) for one in latest.values() if holds(one)])


def _found(one: Contract, why: str) -> Found:
    firm = one.firm
    assert firm is not None  # of the filter
    said = f"{why}（使用期止 {one.end or '不详'}）" if one.end else why
    facts = {"year": one.year, "contract": one.pk, "row": one.raw_row_id}
    return Found(one.reference, f"{one.reference}（{firm.name}）", firm, firm.unit_id or "", firm.township, said, facts)


def _since(rows: Any, case: Case) -> Any:
    """Of the parcel, what counts today and was recorded after the entry."""
    found = rows.filter(counts=True, reference=case.subject)
    return found.filter(recorded__gt=case.recording_id) if case.recording_id else found


@shower("parcel_built_on")
def parcel_built_on(case: Case) -> Shown:
    """动工开发: buildings on the parcel were delivered since the entry, or the floor area has grown."""
    now = _since(Building.objects.current(), case).order_by("-year")
    if not now.exists():
        return Shown(None, "列入以来的不动产数据中没有这宗地的建筑物，无法核验")
    year = now[0].year
    area = sum(one.floor_area or 0 for one in now.filter(year=year))
    before = Building.objects.as_of(case.recording_id).filter(counts=True, reference=case.subject).order_by("-year")
    had = sum(one.floor_area or 0 for one in before.filter(year=before[0].year)) if before.exists() else 0
    facts = {"year": year, "floor_area": area, "before": had}
    if area <= had:
        return Shown(False, f"{year} 年度建筑面积 {show_decimal(area, 2)} 平方米，列入以来没有增加", facts)
    return Shown(
        True, f"{year} 年度建筑面积 {show_decimal(area, 2)} 平方米，列入时 {show_decimal(had, 2)} 平方米", facts
    )


@shower("parcel_left_firm")
def parcel_left_firm(case: Case) -> Shown:
    """收回: the latest land list, delivered since the entry, names another holder or none for the parcel."""
    one = _since(Parcel.objects.current(), case).order_by("-year").first()
    if one is None:
        newer = Parcel.objects.current().filter(recorded__gt=case.recording_id or 0).exists()
        if not newer:
            return Shown(None, "列入以来没有新的宗地表，无法核验")
        return Shown(True, "列入以来的宗地表中已没有这宗地", {})
    facts = {"year": one.year, "parcel": one.pk, "holder": one.uscc}
    if one.firm_id == case.firm_id:
        return Shown(False, f"{one.year} 年度宗地表中使用权人没有变化", facts)
    return Shown(True, f"{one.year} 年度宗地表中使用权人已变更", facts)


@shower("parcel_with_buyer")
def parcel_with_buyer(case: Case) -> Shown:
    """转移登记: the latest land list names the buyer."""
    one = _since(Parcel.objects.current(), case).order_by("-year").first()
    if one is None:
        return Shown(None, "列入以来没有这宗地的宗地数据，无法核验")
    facts = {"year": one.year, "parcel": one.pk, "holder": one.uscc}
    if one.uscc != case.fields.get("buyer"):
        return Shown(False, f"{one.year} 年度宗地表中使用权人不是受让人", facts)
    return Shown(True, f"{one.year} 年度宗地表中使用权人为受让人", facts)


@shower("term_extended")
def term_extended(case: Case) -> Shown:
    """续签: a contract delivered since the entry ends on or after the new end."""
    one = _since(Contract.objects.current(), case).order_by("-year").first()
    wanted = case.fields.get("new_end")
    if one is None or one.end is None or not wanted:
        return Shown(None, "列入以来没有这宗地的合同数据，或没有使用期止，无法核验")
    facts = {"contract": one.pk, "end": str(one.end)}
    if one.end < date.fromisoformat(wanted):
        return Shown(False, f"合同使用期止 {one.end}，早于续签后的 {wanted}", facts)
    return Shown(True, f"合同使用期止 {one.end}", facts)


@shower("agreement_met")
def agreement_met(case: Case) -> Shown:
    """达产: the holder's tax per 亩 of the latest year, delivered since the entry, reaches what the contract agreed."""
    contract = Contract.objects.current().filter(counts=True, reference=case.subject).order_by("-year").first()
    if contract is None or contract.agreed_tax is None:
        return Shown(None, "合同数据中没有约定亩均税收，无法核验")
    holder = case.fields.get("transferee")
    years = FirmYear.objects.current().filter(directory_row__isnull=False).order_by("-year")
    year = (years.filter(firm__uscc=holder) if holder else years.filter(firm=case.firm_id)).first()
    if year is None or (case.recording_id is not None and year.recorded_id <= case.recording_id):
        return Shown(None, "列入以来没有企业的新数据，无法核验")
    if year.tax is None or not year.land_mu:
        return Shown(None, f"{year.year} 年度税收或用地还不知道，无法核验")
    facts = {"year": year.year, "tax": year.tax, "land_mu": year.land_mu, "agreed_tax": contract.agreed_tax}
    said = f"{year.year} 年度亩均税收 {show_decimal(year.tax * PER_MU // year.land_mu, 2)} 元/亩"
    said += f"，协议约定 {show_decimal(contract.agreed_tax, 2)} 元/亩"
    return Shown(year.tax * PER_MU >= contract.agreed_tax * year.land_mu, said, facts)


@fact("grade_of_buyer")
def grade_of_buyer(_case: Case, fields: Mapping[str, Any]) -> int | None:
    """The buyer's grade of the latest data year (art.7: 上一年度)."""
    return grade_of(str(fields.get("buyer") or ""))


@guard("indicators_there")
def indicators_there(case: Case, _today: date) -> str:
    """The agreement has indicators to supervise."""
    return "" if case.parts.filter(group="indicator", dropped="").exists() else "还没有登记协议指标"
