"""An answer from a clause that a newer rule has replaced says so, from that day on."""

from __future__ import annotations

from datetime import date

import pytest

from fenghuang.engines import explain
from fenghuang.language.numbers import days
from fenghuang.law.document import Superseded
from fenghuang.law.pack import find

NEWER = Superseded("art.10", "甲文件", date(2023, 3, 1), "公报")


@pytest.mark.parametrize(("on", "said"), [(date(2023, 2, 28), False), (date(2023, 3, 1), True)])
def test_the_newer_source_is_named(monkeypatch: pytest.MonkeyPatch, on: date, said: bool) -> None:
    def superseded(pack: str, clause: str, day: date) -> Superseded | None:
        return NEWER if (pack, clause) == ("taizhou-2021-27", "art.10") and NEWER.since <= day else None

    monkeypatch.setattr(explain, "superseded", superseded)
    pack = find("upgrade_subsidy")
    assert pack is not None
    record = explain.explainer(pack, "upgrade_subsidy").record((500_000_000, 0, 100_000_000), days(on))
    assert ("本条款自 2023-03-01 起由甲文件取代，应按新规定办理（公报）" in record.notes) is said
    assert not [n for n in explain.explainer(pack, "fee_exemption").record((True,) * 4, days(on)).notes if "取代" in n]
