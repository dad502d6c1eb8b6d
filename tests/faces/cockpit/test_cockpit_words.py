"""The list of firms finds what the registry's search finds, whichever way the database is asked."""

from __future__ import annotations

from typing import Any

import pytest

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.registry.models import Firm
from fenghuang.domain.registry.queries import search_firms
from fenghuang.faces.cockpit import firms

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("few", [0, 20, 500])
def test_a_word_finds_the_same_firms_of_few_and_of_many(
    city: Any, small_city: Any, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(firms, "FEW", few)
    refresh = evaluation.latest()
    assert refresh is not None
    found = evaluation.results(city, refresh, 2022)
    one = Firm.objects.filter(years__year=2022).order_by("uscc")[7]
    words = [
        one.uscc,
        one.uscc[:12],
        one.uscc[:8],
        one.uscc[:7],
        "9",
        "公司",
        one.name[2:4],
        one.initials[:3],
        "Z9Z9",
        "%",
    ]
    for word in [*words, f"{one.uscc[:6]} {one.name[2:3]}"]:
        wanted = set(found.values_list("firm", flat=True))
        for piece in word.split():
            wanted &= set(search_firms(city, piece).values_list("pk", flat=True))
        listed = firms.FirmFilter({"q": word}, queryset=found, user=city).qs
        assert sorted(listed.values_list("firm", flat=True)) == sorted(wanted), word
        assert (one.pk in wanted) == (word not in ("Z9Z9", "%")), word
