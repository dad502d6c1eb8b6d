"""What happens to firms: renamed, moved, cancelled, merged, split; registered, and countered when it was wrong.

Facts of a firm and year stay where the departments' rows put them: a merger moves none, it says whom to ask afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from fenghuang.domain.feeds import actions as feeds
from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.feeds.values import EARLIEST_YEAR
from fenghuang.domain.registry.actions import refresh_firms
from fenghuang.domain.registry.land_models import Parcel, ParcelGoes
from fenghuang.domain.registry.mending import needed
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record

Kind = FirmEvent.Kind
ENDS = (Kind.CANCELLED, Kind.MERGED, Kind.SPLIT)
LONGEST_NAME = 200
MOST_PARTS = 20


@dataclass(frozen=True)
class Said:
    """What a person registers: of a name, a unit and other firms those that the kind asks for."""

    kind: str
    year: int
    source: str
    name: str = ""
    unit: Unit | None = None
    others: list[Firm] = field(default_factory=list)
    parcels: dict[str, Firm] = field(default_factory=dict)  # of a split: which parcel goes to whom
    seen: int | None = None  # the last event of the firm that the person saw (last_event); None: does not matter

    def __str__(self) -> str:
        what = self.name.strip() or (self.unit and self.unit.name) or "、".join(other.name for other in self.others)
        kind = Kind(self.kind).label if self.kind in Kind.values else "变更"
        return f"{kind}{f'为{what}' if what else ''}（{self.year} 年起）"


@transaction.atomic
def register(firm: Firm, said: Said, *, user: User | None) -> FirmEvent:
    """Register an event. Needs the right to change every firm it is about; Stale says why it cannot be."""
    feeds.lock()
    ids = [firm.pk, *(other.pk for other in said.others)]
    locked = {one.pk: one for one in Firm.objects.select_for_update(of=("self",)).filter(pk__in=ids)}
    for one in locked.values():
        require(user, "accounts.change", one.unit_id)
    firm = locked[firm.pk]
    source = needed(said.source)
    _check_seen(firm, said)
    _check(firm, said)
    event = FirmEvent.objects.create(
        firm=firm,
        kind=said.kind,
        year=said.year,
        name=said.name.strip() if said.kind == Kind.RENAMED else "",
        unit=said.unit if said.kind == Kind.MOVED else None,
        source=source,
        at=timezone.now(),
        by=user,
    )
    event.others.set(said.others if said.kind in (Kind.MERGED, Kind.SPLIT) else [])
    after = {"种类": event.get_kind_display(), "自年度": said.year, "名称": event.name, "单位": event.unit_id or ""}
    others = [other.uscc for other in said.others]
    if said.kind == Kind.SPLIT:
        ParcelGoes.objects.bulk_create(
            ParcelGoes(event=event, reference=ref, to=to) for ref, to in said.parcels.items()
        )
        after["宗地"] = {reference: to.uscc for reference, to in said.parcels.items()}
    record("registry.firm_event", actor=user, subject=firm, reason=source, after={**after, "相关企业": others})
    refresh_firms()
    return event


@transaction.atomic
def counter(event: FirmEvent, *, user: User | None, reason: str) -> FirmEvent:
    """Register that an event was registered wrongly. Both stay in the history."""
    feeds.lock()
    firm = Firm.objects.select_for_update(of=("self",)).get(pk=event.firm_id)
    for one in (firm, *event.others.all()):
        require(user, "accounts.change", one.unit_id)
    reason = needed(reason)
    if event.kind == Kind.COUNTERED:
        raise Stale("撤销登记本身不能再撤销；如原登记无误，请重新登记")
    if twice := FirmEvent.objects.filter(counters=event).select_related("by").first():
        raise Stale(f"这条登记已由{twice.by or '系统'}于 {timezone.localtime(twice.at):%Y-%m-%d %H:%M} 撤销")
    if event.kind in (Kind.RENAMED, Kind.MOVED):
        later = FirmEvent.standing().filter(firm=firm, kind=event.kind, pk__gt=event.pk)
        if later.exists():
            raise Stale(f"之后还登记过一次{event.get_kind_display()}，请先撤销较晚的那一条")
    made = FirmEvent.objects.create(
        firm=firm, kind=Kind.COUNTERED, year=event.year, source=reason, counters=event, at=timezone.now(), by=user
    )
    before = {"种类": event.get_kind_display(), "自年度": event.year}
    record("registry.firm_event_countered", actor=user, subject=firm, reason=reason, before=before)
    refresh_firms()
    return made


def last_event(firm: Firm) -> int:
    """The version of a firm's history: the number of its last event, 0 before the first."""
    return FirmEvent.objects.filter(firm=firm).order_by("-pk").values_list("pk", flat=True).first() or 0


# --- what cannot be -----------------------------------------------------------------------------------------------


def _check_seen(firm: Firm, said: Said) -> None:
    """Somebody registered something since the person looked: both are said, nothing is done."""
    if said.seen is None or said.seen == last_event(firm):
        return
    one = FirmEvent.objects.select_related("by", "unit").prefetch_related("others").filter(firm=firm).latest("pk")
    if one.kind == Kind.COUNTERED:
        theirs = f"撤销登记（{one.source}）"
    else:
        theirs = str(Said(one.kind, one.year, one.source, one.name, one.unit, list(one.others.all())))
    when = f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}"
    raise Stale(f"{one.by or '系统'} 已于 {when} 登记：{theirs}；您要登记的是：{said}。没有登记，请看过后再决定")


def _check(firm: Firm, said: Said) -> None:
    latest = timezone.localdate().year + 1
    if not EARLIEST_YEAR <= said.year <= latest:
        raise Stale(f"年度应在 {EARLIEST_YEAR} 到 {latest} 之间")
    if ended := FirmEvent.standing().filter(firm=firm, kind__in=ENDS).first():
        raise Stale(f"该企业已登记{ended.get_kind_display()}（{ended.year} 年起）；如登记有误，请先撤销那一条")
    match said.kind:
        case Kind.RENAMED:
            _check_name(firm, said)
        case Kind.MOVED:
            if said.unit is None or said.unit.pk == firm.unit_id:
                raise Stale("请选择与现在不同的迁入地")
            _check_directory(firm, said.year, "地区")
        case Kind.MERGED | Kind.SPLIT:
            _check_others(firm, said)
            _check_parcels(firm, said)
        case Kind.CANCELLED:
            pass
        case _:
            raise Stale("请选择变更种类")


def _check_name(firm: Firm, said: Said) -> None:
    name = said.name.strip()
    if not 2 <= len(name) <= LONGEST_NAME:
        raise Stale(f"请填写新名称（2 到 {LONGEST_NAME} 个字）")
    if name == firm.name:
        raise Stale("新名称与现在的名称相同")
    _check_directory(firm, said.year, "名称")


def _check_directory(firm: Firm, year: int, what: str) -> None:
    """A directory that names the firm in that year or later has said it already."""
    told = FirmYear.objects.current().filter(firm=firm, year__gte=year, directory_row__isnull=False).order_by("-year")
    if one := told.first():
        raise Stale(f"{one.year} 年名录已报送该企业，{what}以名录为准；名录有误请更正名录中的这一行")


def _check_others(firm: Firm, said: Said) -> None:
    if firm in said.others:
        raise Stale("不能并入或分立为企业自身")
    if said.kind == Kind.MERGED and len(said.others) != 1:
        raise Stale("请填写一个并入企业的统一社会信用代码")
    if said.kind == Kind.SPLIT and not 1 <= len(set(said.others)) <= MOST_PARTS:
        raise Stale(f"请填写分立后的企业（1 到 {MOST_PARTS} 家）的统一社会信用代码")
    gone = FirmEvent.standing().filter(firm__in=said.others, kind__in=ENDS, year__lte=said.year).first()
    if gone:
        raise Stale(f"{gone.firm}自 {gone.year} 年起已{gone.get_kind_display()}，不能再承接")
    known = {firm.pk} | {other.pk for other in said.others}
    reached = {other.pk for other in said.others}
    while reached:
        later = FirmEvent.standing().filter(firm__in=reached, kind__in=(Kind.MERGED, Kind.SPLIT))
        reached = set(later.values_list("others", flat=True)) - {None}
        if firm.pk in reached:
            raise Stale("承接企业之后又归入本企业，前后矛盾；请核对年度和企业")
        reached -= known
        known |= reached


def _check_parcels(firm: Firm, said: Said) -> None:
    """Only what the firm holds can be given, and only to those into whom it is divided."""
    if said.kind != Kind.SPLIT or not said.parcels:
        return
    held = set(Parcel.objects.current().filter(firm=firm, counts=True).values_list("reference", flat=True))
    if strange := [reference for reference in said.parcels if reference not in held]:
        raise Stale(f"宗地“{strange[0]}”不在该企业名下，不能由分立后的企业承接")
    if outside := [to for to in said.parcels.values() if to not in said.others]:
        raise Stale(f"{outside[0]}不在分立后的企业之列，不能承接宗地")
