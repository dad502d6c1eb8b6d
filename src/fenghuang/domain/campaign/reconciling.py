"""Whether a scoring balances: classes add up, and its totals / totals agree with the averages the place has printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fenghuang.domain.campaign import totals
from fenghuang.domain.campaign.models import Campaign, ControlFigure, Scoring
from fenghuang.domain.campaign.totals import Average
from fenghuang.language.numbers import fraction, plain, round_half_away, show_decimal, show_fraction
from fenghuang.language.record import Input, Record, Step
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.law.methods.result import scope_title

if TYPE_CHECKING:
    from fenghuang.language.record import Value

AGREES, TRUNCATED, DIFFERS, UNKNOWN = "agrees", "truncated", "differs", "unknown"
VERDICTS = {AGREES: "一致", TRUNCATED: "仅按截位一致", DIFFERS: "不一致", UNKNOWN: "无法计算"}
EVERY = "全部参评企业"
MOST_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class Balance:
    """A scope's counts: A + B + C + D = evaluated, evaluated + not graded + marked = firms."""

    title: str
    counts: dict[str, Any]

    @property
    def classes(self) -> int:
        return int(sum(self.counts["classes"].values()))

    @property
    def holds(self) -> bool:
        one = self.counts
        return self.classes == one["evaluated"] == one["firms"] - one["not_graded"] - one["marked"]

    @property
    def sentence(self) -> str:
        one = self.counts
        letters = " + ".join(str(n) for n in one["classes"].values())
        return (
            f"{letters} = {self.classes}，已评级 {one['evaluated']}；"
            f"{one['evaluated']} + {one['not_graded']} + {one['marked']} = "
            f"{one['evaluated'] + one['not_graded'] + one['marked']}，范围内 {one['firms']}"
        )


def balances(made: Scoring) -> list[Balance]:
    """One a scope, from the stored counts."""
    return [Balance(scope_title(one["scope"]), one) for one in made.counts]


@dataclass(frozen=True, slots=True)
class Compared:
    """A printed average beside the computed one."""

    figure: ControlFigure
    average: Average
    made: Scoring

    @property
    def title(self) -> str:
        return f"{scope_of(self.figure.scope)}{INDICATORS[self.figure.indicator].title}"

    @property
    def verdict(self) -> str:
        return agreement(self.average.value, self.figure.value, self.figure.decimals)

    @property
    def said(self) -> str:
        return VERDICTS[self.verdict]

    @property
    def difference(self) -> Fraction | None:
        """Computed less printed, exactly."""
        printed = Fraction(self.figure.value, 10**self.figure.decimals)
        return None if self.average.value is None else self.average.value - printed

    @property
    def is_accepted(self) -> bool:
        """For the scoring at hand: an earlier acceptance was about other numbers."""
        return self.figure.accepted_id == self.made.pk

    @property
    def is_open(self) -> bool:
        """Whether it stands in the way of 报审定 and 公布."""
        return self.verdict != AGREES and not self.is_accepted

    @property
    def computed_text(self) -> str:
        """With two decimals more than were printed, so that it is seen how near it is."""
        return "—" if self.average.value is None else self._shown(self.average.value, self.figure.decimals + 2)

    @property
    def rounded_text(self) -> str:
        value = self.average.value
        return "—" if value is None else self._shown(value, self.figure.decimals)

    @property
    def difference_text(self) -> str:
        gap = self.difference
        if gap is None:
            return "—"
        return f"{'-' if gap < 0 else '+'}{self._shown(abs(gap), self.figure.decimals + 2)}"

    def _shown(self, value: Fraction, decimals: int) -> str:
        it = INDICATORS[self.figure.indicator]
        return f"{show_fraction(value, decimals)} {it.unit}" if it.unit else f"{_percent(value, decimals)}%"

    @property
    def record(self) -> Record:
        """How it was computed and compared."""
        return _record(self)


def _percent(value: Fraction, decimals: int) -> str:
    return show_fraction(value * 100, max(decimals - 2, 0))


def agreement(computed: Fraction | None, printed: int, decimals: int) -> str:
    """Against a value of 10^-decimals: as rounded half away from zero, else only with the further digits cut off."""
    if computed is None:
        return UNKNOWN
    scaled = computed * 10**decimals
    if round_half_away(scaled.numerator, scaled.denominator) == printed:
        return AGREES
    cut = abs(scaled.numerator) // scaled.denominator * (-1 if scaled < 0 else 1)
    return TRUNCATED if cut == printed else DIFFERS


def read_printed(text: str, indicator: str) -> tuple[int, int]:
    """What was printed as (value, decimals): "26.01" is (2601, 2), the share "3.05%" is (305, 4).

    ValueError when it is no number, has too many decimals, or is a percentage of what is none.
    """
    said = plain(text)
    share = said.endswith("%")
    number = said.removesuffix("%").replace(",", "").strip()
    value = fraction(number)
    decimals = len(number.partition(".")[2]) + (2 if share else 0)
    if (share and INDICATORS[indicator].unit) or decimals > MOST_DECIMALS or "e" in number.lower():
        raise ValueError(text)
    scaled = (value / 100 if share else value) * 10**decimals
    if abs(scaled) >= 10**15:
        raise ValueError(text)
    return scaled.numerator, decimals


def scope_of(scope: str) -> str:
    return scope_title(scope) if scope else EVERY


def scopes(made: Scoring) -> list[tuple[str, str]]:
    """What a printed average may be of."""
    return [("", EVERY), *((one["scope"], scope_title(one["scope"])) for one in made.counts)]


def average(made: Scoring, scope: str, indicator: str) -> Average:
    """Totals / totals over the firms that were ranked in the scope and have both facts."""
    return _ranked(made.facts_id, made.results_id, scope)[indicator]


@lru_cache(maxsize=64)
def _ranked(facts_id: str, results_id: str, scope: str) -> dict[str, Average]:
    pairs = [
        (facts, result)
        for facts, result in totals.firms(facts_id, results_id)
        if result["rank"] is not None and scope in ("", result["scope"])
    ]
    return totals.line(scope, scope, pairs).averages


def compared(campaign: Campaign, made: Scoring | None) -> list[Compared]:
    """The printed averages that stand, beside this scoring's."""
    if made is None:
        return []
    standing = campaign.figures.filter(withdrawn_at__isnull=True).select_related("by", "accepted_by", "accepted")
    return [Compared(one, average(made, one.scope, one.indicator), made) for one in standing]


def unbalanced(campaign: Campaign) -> str:
    """The printed averages that do not agree and were not accepted, named; "" when nothing is in the way.

    Without the computed figures: who reads the sentence may not be allowed to read taxes.
    """
    named = [
        f"{one.title}（印发 {one.figure.printed}，{one.figure.document}）{one.said}"
        for one in compared(campaign, campaign.scorings.first())
        if one.is_open
    ]
    return f"与印发的平均值不符：{'；'.join(named)}。请在“核对平衡”页更正，或说明理由后接受" if named else ""


def _record(one: Compared) -> Record:
    figure, decimals = one.figure, one.figure.decimals
    it = INDICATORS[figure.indicator]
    return Record(
        "reconciliation",
        one.title,
        "",
        str(one.made.campaign.year),
        "",
        {},
        {},
        steps=tuple(_steps(one)),
        notes=(
            f"印发值 {figure.printed}{f' {it.unit}' if it.unit else ''}，{figure.document}，{figure.source}",
            f"{one.made}中在{scope_of(figure.scope)}参加排名的企业；按印发的 {decimals} 位小数比较",
        ),
    )


def _steps(one: Compared) -> Iterator[Step]:
    figure, it = one.figure, INDICATORS[one.figure.indicator]
    yield totals.divided(one.average)
    if one.average.value is None:
        return
    scaled = one.average.value * 10**figure.decimals
    nearest = round_half_away(scaled.numerator, scaled.denominator)
    cut = abs(scaled.numerator) // scaled.denominator * (-1 if scaled < 0 else 1)
    printed: Value = show_decimal(figure.value, figure.decimals)
    read = (Input("printed", "印发值", printed, it.unit),)
    for name, title, value in (("rounded", "四舍五入", nearest), ("cut", "截位（舍去其后各位）", cut)):
        same = "与印发值相同" if value == figure.value else "与印发值不同"
        yield Step(name, title, show_decimal(value, figure.decimals), it.unit, formula=same, inputs=read)
    gap = one.difference
    yield Step(
        "difference", "差", show_fraction(gap or Fraction(0), figure.decimals + 2), it.unit, formula="计算值 − 印发值"
    )
