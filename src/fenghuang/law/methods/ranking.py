"""Ranks and cuts in integers: a grade is a comparison of products, never of a rounded percentile."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def rank_scores(scores: Sequence[int]) -> list[int]:
    """Rank of each score, highest first; equal scores share the better rank (1, 2, 2, 4)."""
    ranks = [0] * len(scores)
    previous, rank = None, 0
    for place, position in enumerate(sorted(range(len(scores)), key=scores.__getitem__, reverse=True), 1):
        if scores[position] != previous:
            previous, rank = scores[position], place
        ranks[position] = rank
    return ranks


def last_ranks(cuts: Sequence[tuple[str, Fraction]], size: int) -> list[tuple[str, int]]:
    """The last rank inside each cut: the largest rank with rank x 100 <= cut x size."""
    return [(grade, cut.numerator * size // (100 * cut.denominator)) for grade, cut in cuts]


def grade_by_rank(rank: int, limits: Sequence[tuple[str, int]]) -> str:
    """The first class whose cut reaches the rank (the last cut is 100 %)."""
    return next((grade for grade, last in limits if rank <= last), limits[-1][0])
