"""Two officials put the same row right, or register a change of the same firm, at the same moment."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deliveries import A, B, firms, workbook

from processes import Done, Stage

ROUNDS = 3


def prepare() -> int:
    """Two firms, a row in quarantine (a text where taxes should be), two officials; the number of the row."""
    from fenghuang.domain.feeds.models import RawRow
    from fenghuang.domain.registry.actions import import_files
    from fenghuang.platform.accounts.actions import create_user

    sheets = ("directory", firms(A, B)), ("tax", [{"uscc": A, "tax": "约一百"}, {"uscc": B, "tax": 2}])
    with TemporaryDirectory() as folder:
        import_files([workbook(Path(folder) / "甲.xlsx", *sheets)])
    for username, name in (("chen", "陈"), ("qian", "钱")):
        create_user(username, "Tenglong-Huanniao-27", role="city_official", display_name=name)
    return RawRow.objects.get(status=RawRow.Status.QUARANTINED).pk


def _person(username: str) -> Any:
    from fenghuang.platform.accounts.models import User

    return User.objects.get(username=username)


def correct(pk: int, username: str, tax: str) -> None:
    from fenghuang.domain.feeds.models import RawRow
    from fenghuang.domain.registry import actions

    row = RawRow.objects.select_related("delivery").get(pk=pk)
    cells = [tax if cell == "约一百" else cell for cell in row.cells]
    actions.correct(row, cells, user=_person(username), reason="与报送人核对")


def rename(username: str, name: str, seen: int) -> None:
    from fenghuang.domain.registry import events
    from fenghuang.domain.registry.models import Firm

    said = events.Said("renamed", 2023, "变更通知书", name=name, seen=seen)
    events.register(Firm.objects.get(uscc=A), said, user=_person(username))


def seen(pk: int) -> dict[str, Any]:
    from fenghuang.domain.feeds.models import RawRow
    from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear
    from fenghuang.platform.audit.log import verify
    from fenghuang.platform.audit.models import Event

    assert verify().ok
    return {
        "corrections": RawRow.objects.filter(corrects=pk).count(),
        "taxes": list(FirmYear.objects.current().filter(firm__uscc=A).values_list("tax", flat=True)),
        "corrected": Event.objects.filter(action="feeds.corrected").count(),
        "names": list(FirmEvent.objects.values_list("name", flat=True)),
        "name": Firm.objects.get(uscc=A).name,
        "registered": Event.objects.filter(action="registry.firm_event").count(),
    }


def lost(done: list[Done]) -> Done:
    """The one of two that came second."""
    assert sorted(bool(one.error) for one in done) == [False, True], done
    return next(one for one in done if one.error)


def test_two_put_the_same_row_right(stage: Stage) -> None:
    start, row = stage.prepared(prepare)
    for _ in range(ROUNDS):
        place = stage.copy(start)
        second = lost(place.together((correct, row, "chen", "100"), (correct, row, "qian", "250")))
        found = place.run(seen, row).value
        assert (found["corrections"], found["corrected"]) == (1, 1)
        [tax] = found["taxes"]
        who, now, mine = {10000: ("陈", "100", "250"), 25000: ("钱", "250", "100")}[tax]
        assert second.error == "Stale"
        assert f"已由{who}于" in second.sentence
        assert f"现为“{now}”，您填的是“{mine}”" in second.sentence
        assert "您的修改没有保存" in second.sentence


def test_two_register_a_change_of_the_same_firm(stage: Stage) -> None:
    start, row = stage.prepared(prepare)
    for _ in range(ROUNDS):
        place = stage.copy(start)
        names = {"chen": "台州陈记有限公司", "qian": "台州钱记有限公司"}
        second = lost(place.together(*((rename, who, name, 0) for who, name in names.items())))
        found = place.run(seen, row).value
        assert (found["names"], found["registered"]) == ([found["name"]], 1)
        other = next(name for name in names.values() if name != found["name"])
        assert f"登记：更名为{found['name']}（2023 年起）" in second.sentence
        assert f"您要登记的是：更名为{other}（2023 年起）" in second.sentence
