"""The distribution of scores as stacked bars: drawn by the page itself, so it prints and needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fenghuang.domain.evaluation.queries import BUCKET, GRADES, LAST_BUCKET

Counted = Sequence[tuple[int, Mapping[str, int]]]  # (lower bound of the bar, firms by class)


@dataclass(frozen=True, slots=True)
class Segment:
    """The firms of one class in a bar; `share` of the bar's height in percent."""

    grade: str
    firms: int
    share: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `height` in percent of the highest."""

    start: int
    words: str
    firms: int
    height: str
    segments: tuple[Segment, ...]
    here: bool


def stacked(counted: Counted, score: int | None = None) -> list[Bar]:
    """Bars of equal width, the lowest class at the foot; the bar of `score` (10^-4 points) is marked."""
    highest = max((sum(counts.values()) for _, counts in counted), default=0)
    place = None if score is None else min(max(score // (BUCKET * 10**4), 0), LAST_BUCKET) * BUCKET
    return [bar_of(start, counts, highest, start == place, span(start)) for start, counts in counted]


def bar_of(start: int, counts: Mapping[str, int], highest: int, here: bool, said: str) -> Bar:
    """One bar; `said` is what its firms have in common ("70 至 80 分")."""
    firms = sum(counts.values())
    parts = tuple(Segment(g, counts[g], _percent(counts[g], firms)) for g in GRADES if counts[g])
    told = "，".join(f"{part.grade} 类 {part.firms:,} 家" for part in parts)
    words = f"{said}：{firms:,} 家" + (f"（{told}）" if told else "")
    return Bar(start, words, firms, _percent(firms, highest), parts, here)


def span(start: int) -> str:
    """ "70 至 80 分"; the first bar holds everything below it, the last everything above."""
    if start == 0:
        return f"{BUCKET} 分以下"
    if start == LAST_BUCKET * BUCKET:
        return f"{start} 分及以上"
    return f"{start} 至 {start + BUCKET} 分"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "0"
