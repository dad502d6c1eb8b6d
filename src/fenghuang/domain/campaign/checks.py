"""The self-check as it stands: every firm's items, what was said of them, what the township said; and what it bars.

Items are the facts that the campaign's method uses. Land and electricity need the firm's word; of the rest silence
counts as confirmed when the self-check ends. A statement stands on the value it was made of: another value voids it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, TextChoices

from fenghuang.domain.campaign.flow import ORDER, State
from fenghuang.domain.campaign.methods import method_of
from fenghuang.domain.campaign.models import Campaign, Confirmation, TownshipCheck
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.law.methods.facts import FACTS
from fenghuang.platform.ui.numbers import amount

NEEDED = ("land_mu", "electricity_kwh")
ITEMS = (*NEEDED, "tax", "value_added", "revenue", "energy_tce", "emission_t", "employees", "rnd_expense")
NOWHERE = "未登记乡镇（街道）"
SHOWN_NAMES = 3


# Of a firm and its year what a list of thousands needs; a page of one firm fetches the rest.
READ = ("year", "name", "township", "unit_id", "recorded_id", "firm__uscc", "firm__name", "firm__unit_id")


class Standing(TextChoices):
    """Where an item stands."""

    WAITING = "waiting", "待核对"
    CONFIRMED = "confirmed", "已确认"
    CONTESTED = "contested", "有异议"
    UPHELD = "upheld", "异议已处理：维持"
    CORRECTED = "corrected", "异议已处理：已更正"
    VOID = "void", "数据有变，原确认失效"
    ASSUMED = "assumed", "视为确认"
    UNKNOWN = "unknown", "数据未知"
    SILENT = "silent", "未确认"


LACKING = (Standing.WAITING, Standing.VOID, Standing.SILENT)  # of an item that needs it, the firm's word is lacking


@dataclass(frozen=True, slots=True)
class Item:
    """A fact of a firm and what the firm said of it. Values in the fact's smallest unit; None is unknown."""

    name: str
    value: int | None
    said: Confirmation | None
    standing: Standing

    @property
    def title(self) -> str:
        return FACTS[self.name].title

    @property
    def unit(self) -> str:
        return FACTS[self.name].unit

    @property
    def needed(self) -> bool:
        return self.name in NEEDED

    @property
    def is_lacking(self) -> bool:
        return self.needed and self.standing in LACKING

    @property
    def how(self) -> str:
        """For the number filter."""
        return shape(self.name)

    @property
    def shown(self) -> str:
        return said_value(self.name, self.value)


@dataclass(frozen=True)
class FirmCheck:
    """A firm in the self-check."""

    campaign: Campaign
    year: FirmYear
    items: tuple[Item, ...]
    township: TownshipCheck | None

    @property
    def firm(self) -> Firm:
        return self.year.firm

    def item(self, name: str) -> Item | None:
        return next((one for one in self.items if one.name == name), None)

    @cached_property
    def contested(self) -> list[Item]:
        """Items whose objection has no answer yet."""
        return [one for one in self.items if one.standing == Standing.CONTESTED]

    @cached_property
    def lacking(self) -> list[Item]:
        """Items that need the firm's word and lack it."""
        return [one for one in self.items if one.is_lacking]

    @property
    def values(self) -> dict[str, int | None]:
        """What the township confirms."""
        return {one.name: one.value for one in self.items if one.needed}

    @property
    def seen(self) -> str:
        """What a person saw, to be compared when the form comes back."""
        return "|".join(f"{one.value}:{one.standing.value}" for one in self.items if one.needed)

    @property
    def is_sent_back(self) -> bool:
        return self.township is not None and self.township.state == TownshipCheck.State.SENT_BACK

    @property
    def is_void(self) -> bool:
        """The township confirmed other values than these."""
        one = self.township
        return one is not None and one.state == TownshipCheck.State.CONFIRMED and one.values != self.values

    @property
    def is_confirmed(self) -> bool:
        one = self.township
        return one is not None and one.state == TownshipCheck.State.CONFIRMED and not self.is_void

    @property
    def township_state(self) -> str:
        """In words."""
        if self.is_void:
            return "数据有变，须重新确认"
        if self.township is None:
            return str(TownshipCheck.State.WAITING.label)
        by_county = "（县级代）" if self.is_confirmed and self.township.in_place else ""
        return f"{self.township.get_state_display()}{by_county}"

    @property
    def silent_titles(self) -> str:
        """Items that the township confirmed for a silent firm."""
        return "、".join(FACTS[name].title for name in self.township.for_silent) if self.township else ""

    @property
    def why_not(self) -> str:
        """Why the township cannot confirm it now; "" when it can."""
        if self.is_confirmed:
            return "已确认"
        if self.is_sent_back:
            return "已退回企业，等企业核对（也可以在企业页上直接确认）"
        if self.contested:
            return f"{'、'.join(one.title for one in self.contested)}有异议，由县级或部门处理后再确认"
        return ""


def shape(name: str) -> str:
    """How the number filter shows a fact."""
    decimals = FACTS[name].decimals or 0
    return f"{decimals}>{decimals}" if decimals else "0"


def said_value(name: str, value: int | None) -> str:
    """ "12.5 亩"; 未知 is a value too."""
    return "未知" if value is None else amount(value, FACTS[name].decimals or 0, FACTS[name].unit)


def items_of(campaign: Campaign) -> tuple[str, ...]:
    """The facts that firms check: those of the method, land and electricity first."""
    read = set(method_of(campaign).columns_read())
    return tuple(name for name in ITEMS if name in read)


def has_ended(campaign: Campaign, today: date) -> bool:
    """Whether silence has become an answer."""
    place, check = ORDER.index(State(campaign.state)), ORDER.index(State.SELF_CHECK)
    return place > check or (place == check and campaign.is_late(today))


def standing(name: str, value: int | None, said: Confirmation | None, ended: bool) -> Standing:
    """Of one item."""
    if said is None:
        if not ended:
            return Standing.WAITING
        if name in NEEDED:
            return Standing.SILENT
        return Standing.ASSUMED if value is not None else Standing.UNKNOWN  # what is unknown confirms nothing
    if said.is_open:
        return Standing.CONTESTED
    if value != said.holds:
        return Standing.VOID
    return Standing(said.answer or said.state)


def checks(campaign: Campaign, today: date, within: Q | None = None) -> list[FirmCheck]:
    """The unit's firms of the year, by township and name; `within` narrows their FirmYear rows."""
    rows = FirmYear.objects.current().filter(year=campaign.year, unit=campaign.unit_id, directory_row__isnull=False)
    names, ended = items_of(campaign), has_ended(campaign, today)
    rows = rows.select_related("firm").only(*READ, *names).order_by("township", "name")
    years = list(rows.filter(within) if within else rows)
    said: dict[tuple[int, str], Confirmation] = {}
    confirmations = campaign.confirmations.filter(is_current=True).select_related("by", "answered_by")
    townships = campaign.township_checks.select_related("by")
    if within is not None:
        firms = [one.firm_id for one in years]
        confirmations, townships = confirmations.filter(firm__in=firms), townships.filter(firm__in=firms)
    for one in confirmations:
        said[one.firm_id, one.item] = one
    of_townships = {one.firm_id: one for one in townships}
    found = []
    for year in years:
        items = []
        for name in names:
            value, word = getattr(year, name), said.get((year.firm_id, name))
            items.append(Item(name, value, word, standing(name, value, word, ended)))
        found.append(FirmCheck(campaign, year, tuple(items), of_townships.get(year.firm_id)))
    return found


def check_of(campaign: Campaign, firm: Firm, today: date) -> FirmCheck | None:
    """One firm's; None when it is not among the unit's firms of the year."""
    return next(iter(checks(campaign, today, Q(firm=firm))), None)


# --- what it bars, and what to know (guards.GUARDS, flow.Transition.tells) ------------------------------------------


def _silent(found: Iterable[FirmCheck]) -> int:
    return sum(bool(one.lacking) for one in found)


def _check_over(campaign: Campaign, today: date) -> str:
    """Before the last day only when every firm has spoken."""
    if campaign.due is None or today > campaign.due:
        return ""
    silent = _silent(checks(campaign, today))
    if not silent:
        return ""
    return f"核对期到 {campaign.due} 为止，还有 {silent} 家企业没有核对完用地、用电；期满次日起可以送乡镇"


def _check_counts(campaign: Campaign, today: date) -> str:
    found = checks(campaign, today)
    contested = sum(len(one.contested) for one in found)
    said = f"{len(found)} 家企业中 {_silent(found)} 家没有确认用地、用电（送出后记为未确认，由乡镇代为确认）"
    return said + (f"；{contested} 项异议待处理，计分前须处理完" if contested else "")


def _contested(campaign: Campaign, _today: date) -> str:
    waiting = campaign.confirmations.filter(is_current=True, state=Confirmation.State.CONTESTED, answer="")
    names = list(dict.fromkeys(waiting.order_by("firm__name").values_list("firm__name", flat=True)))
    if not names:
        return ""
    return f"还有 {waiting.count()} 项企业核对的异议没有处理：{_some(names)}"


def _townships(campaign: Campaign, today: date) -> str:
    counted = Counter(one.year.township or NOWHERE for one in checks(campaign, today) if not one.is_confirmed)
    if not counted:
        return ""
    names = "、".join(f"{name} {n} 家" for name, n in sorted(counted.items()))
    return f"还有 {counted.total()} 家企业没有经乡镇（街道）确认：{names}"


def _some(names: list[str]) -> str:
    more = f"等 {len(names)} 家" if len(names) > SHOWN_NAMES else ""
    return "、".join(names[:SHOWN_NAMES]) + more


Said = Callable[[Campaign, date], str]
GUARDS: dict[str, Said] = {"check_over": _check_over, "contested": _contested, "townships": _townships}
TELLS: dict[str, Said] = {"check_counts": _check_counts}
