"""A process killed in the middle of scoring, freezing or a step for many: whole with its event or nothing at all."""

from __future__ import annotations

from typing import Any

import deeds
import pytest

from processes import COMMIT, Stage


def moments(statements: int) -> tuple[int, ...]:
    """When to die: at the beginning, in the middle, at the last statement, with all written and nothing committed."""
    return (1, statements // 3, 2 * statements // 3, statements, COMMIT)


@pytest.mark.parametrize(
    ("until", "step", "state"), [("to_townships", "to_scoring", "scoring"), ("publish", "freeze", "frozen")]
)
def test_a_step_is_whole_or_absent_and_finished_by_a_second_start(
    stage: Stage, until: str, step: str, state: str
) -> None:
    start, campaign = stage.prepared(deeds.prepare, until)
    absent = start.run(deeds.seen).value
    undisturbed = stage.copy(start)
    done = undisturbed.run(deeds.advance, step, campaign)
    assert (done.value, done.commits) == (state, 1), done
    whole = undisturbed.run(deeds.seen).value
    assert whole != absent
    for moment in moments(done.statements):
        place = stage.copy(start)
        assert place.run(deeds.advance, step, campaign, killed_before=moment).was_killed
        assert place.run(deeds.seen).value == absent, f"killed before statement {moment} of {done.statements}"
        assert place.run(deeds.advance, step, campaign).value == state
        assert place.run(deeds.seen).value == whole, f"a second start after {moment}"
    if state == "frozen":
        assert undisturbed.run(deeds.replayed, campaign).value == []


def test_a_step_for_many_stops_between_two_units_and_goes_on_from_there(stage: Stage) -> None:
    start, _ = stage.prepared(deeds.prepare, "to_townships")
    absent = start.run(deeds.seen).value
    undisturbed = stage.copy(start)
    done = undisturbed.run(deeds.bulk, "to_scoring")
    whole = undisturbed.run(deeds.seen).value
    found = set()
    for moment in (done.statements // 3, done.statements // 2, 3 * done.statements // 4, -done.commits):
        place = stage.copy(start)
        assert place.run(deeds.bulk, "to_scoring", killed_before=moment).was_killed
        halted = place.run(deeds.seen).value
        assert all(_whole_or_absent(halted, absent, whole)), f"killed before {moment} of {done.statements}"
        found.add(sum(state == "scoring" for _, state, *_ in halted["campaigns"]))
        assert place.run(deeds.bulk, "to_scoring").exit == 0
        assert place.run(deeds.seen).value == whole
    assert 1 in found, "one moment lies between the two"


def test_notices_killed_while_written_leave_no_file_whole_or_half(stage: Stage) -> None:
    place, campaign = stage.prepared(deeds.prepare, "publish")
    job = place.run(deeds.ask_for_notices, campaign).value
    before = place.run(deeds.files).value
    assert place.run(deeds.write_notices_and_die, job).was_killed
    assert place.run(deeds.bury, job).value == (1, "failed", "")
    assert place.run(deeds.files).value == before


def _whole_or_absent(halted: dict[str, Any], absent: dict[str, Any], whole: dict[str, Any]) -> list[bool]:
    """For each campaign: its line, scorings and events are all as before, or all as after."""
    return [
        any(
            _about(halted, place) == _about(side, place)
            for side in (absent, whole)
        )
        for place in range(len(absent["campaigns"]))
    ]  # fmt: skip


def _about(seen: dict[str, Any], place: int) -> tuple[Any, ...]:
    number = place + 1  # campaigns are numbered from one
    scorings = [(n, results) for campaign, n, results in seen["scorings"] if campaign == number]
    return seen["campaigns"][place], scorings, [one for one in seen["events"] if one[0] == str(number)]
