"""Two officials move the same case at the same moment; a run over many is killed: in processes of their own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from processes import COMMIT, Done, Place, Stage

ROUNDS, MANY = 3, 6
TODAY = date(2023, 3, 6)
NAME = "inefficient_firms"


def prepare(count: int = 1) -> list[int]:
    """Cases that wait for the township, and two officials of the county."""
    from fenghuang.domain.casework import actions
    from fenghuang.domain.casework.code import Found
    from fenghuang.platform.accounts.actions import create_user

    for username, name in (("chen", "陈"), ("qian", "钱")):
        create_user(username, "Tenglong-Huanniao-27", role="county_official", unit="331002", display_name=name)
    found = [Found(f"S{one:03d}", f"企业{one}", None, "331002", "章安街道", "测") for one in range(count)]
    return [actions.enter(None, NAME, one).pk for one in found]


def _person(username: str) -> Any:
    from fenghuang.platform.accounts.models import User

    return User.objects.get(username=username)


def move(pk: int, username: str, step: str) -> None:
    """As from a page that was opened before anybody moved the case."""
    from fenghuang.domain.casework import actions
    from fenghuang.platform.evidence import Proof

    proof = {"核实材料": Proof("核实.pdf", b"%PDF-1.7 x")} if step == "strike_as_wrong" else {}
    actions.move(_person(username), pk, step, version=1, documents=proof, reason="核实")


def enter(username: str) -> None:
    """The same subject onto the same register."""
    from fenghuang.domain.casework import actions
    from fenghuang.domain.casework.code import Found

    found = Found("T1", "企业甲", None, "331002", "章安街道", "测")
    actions.enter(_person(username), NAME, found)


def bulk_move(keys: list[int]) -> int:
    from fenghuang.domain.casework import bulk

    return bulk.move_each(_person("chen"), dict.fromkeys(keys, 1), "verify", "").done


def seen() -> dict[str, Any]:
    from fenghuang.domain.casework.models import Answer, Attachment, Case, Movement
    from fenghuang.platform.audit.log import verify
    from fenghuang.platform.audit.models import Event

    assert verify().ok
    return {
        "states": sorted(Case.objects.values_list("state", flat=True)),
        "moved": Movement.objects.exclude(step="enter").count(),
        "events": Event.objects.filter(action__in=("casework.verify", "casework.strike_as_wrong")).count(),
        "entered": Event.objects.filter(action="casework.enter").count(),
        "asked": Answer.objects.count(),
        "files": Attachment.objects.count(),
    }


def lost(done: list[Done]) -> Done:
    """The one of two that came second."""
    assert sorted(bool(one.error) for one in done) == [False, True], done
    return next(one for one in done if one.error)


def test_two_officials_move_the_same_case_and_one_of_them_does(stage: Stage) -> None:
    start, (pk,) = stage.prepared(prepare)
    for _ in range(ROUNDS):
        place = stage.copy(start)
        second = lost(place.together((move, pk, "chen", "verify"), (move, pk, "qian", "strike_as_wrong")))
        assert second.error == "Stale"
        assert "已于" in second.sentence  # who was first, when, and where the case is now
        now = place.run(seen).value
        verified = now["states"] == ["legality"]
        assert now["states"] in (["legality"], ["not_so"])
        assert ("陈" if verified else "钱") in second.sentence
        assert ("合法性核查" if verified else "退出清单") in second.sentence
        assert (now["moved"], now["events"]) == (1, 1)
        assert (now["asked"], now["files"]) == ((4, 0) if verified else (0, 1))


def test_two_enter_the_same_subject_and_one_of_them_does(stage: Stage) -> None:
    start, _ = stage.prepared(prepare)
    for _ in range(ROUNDS):
        place = stage.copy(start)
        second = lost(place.together((enter, "chen"), (enter, "qian")))
        assert second.error == "Refused"
        assert "企业甲" in second.sentence
        assert place.run(seen).value["entered"] == 2  # with the prepared one


def _whole(place: Place, keys: list[int]) -> int:
    """Each case is moved with movement, event and questions, or not at all; the run goes on where it stopped."""
    now = place.run(seen).value
    done = now["states"].count("legality")
    assert now["states"] == sorted(["found"] * (MANY - done) + ["legality"] * done)
    assert (now["moved"], now["events"], now["asked"]) == (done, done, 4 * done)
    again = place.run(bulk_move, keys)
    assert (again.value, again.error) == (MANY - done, "")
    assert place.run(seen).value["states"] == ["legality"] * MANY
    return int(done)


def test_a_run_killed_anywhere_leaves_whole_cases(stage: Stage) -> None:
    start, keys = stage.prepared(prepare, MANY)
    whole = stage.copy(start).run(bulk_move, keys)
    assert whole.value == MANY
    left = set()
    for place_of_kill in (whole.statements // 3, whole.statements // 2, whole.statements - 1, COMMIT, COMMIT * MANY):
        place = stage.copy(start)
        killed = place.run(bulk_move, keys, killed_before=place_of_kill)
        assert killed.was_killed, killed
        left.add(_whole(place, keys))
    assert {0, MANY - 1} <= left


# --- the night


def prepare_late() -> list[int]:
    """Cases whose limit was yesterday, and the township that holds them."""
    from fenghuang.domain.casework.models import Case
    from fenghuang.platform.accounts.actions import create_user
    from fenghuang.platform.accounts.models import Township

    keys = prepare(MANY)
    Case.objects.update(due=TODAY - timedelta(days=1))
    town, _ = Township.objects.get_or_create(unit_id="331002", name="章安街道")
    create_user("zhen", "Tenglong-Huanniao-27", role="township_official", unit="331002", township=town)
    return keys


def night() -> bool:
    """Whether this worker ran it to its end and noted it; two cases in a transaction."""
    from fenghuang.domain.casework import alarms
    from fenghuang.platform.notices.daily import run_due

    alarms.AT_ONCE = 2
    return "casework.alarms" in run_due(TODAY)


def after_night() -> dict[str, int]:
    """How far it got; every case that is late has its one event, the others have none."""
    from fenghuang.domain.casework.models import Alarm, Case
    from fenghuang.platform.audit.log import verify
    from fenghuang.platform.audit.models import Event
    from fenghuang.platform.notices.models import DailyRun, Notice

    assert verify().ok
    late = Case.objects.filter(alarm=Alarm.OVERDUE, alarm_on=TODAY).values_list("pk", flat=True)
    told = Event.objects.filter(action="casework.alarm").order_by("subject_id").values_list("subject_id", flat=True)
    assert sorted(told) == sorted(map(str, late))
    return {
        "late": len(late),
        "noted": DailyRun.objects.filter(name="casework.alarms", day=TODAY).count(),
        "notices": Notice.objects.filter(kind="casework.waiting").count(),
    }


ALL_DONE = {"late": MANY, "noted": 1, "notices": 1}


def test_a_night_killed_anywhere_leaves_whole_batches_and_goes_on(stage: Stage) -> None:
    start, _ = stage.prepared(prepare_late)
    whole_place = stage.copy(start)
    whole = whole_place.run(night)
    assert whole.value
    assert whole_place.run(after_night).value == ALL_DONE
    left = set()
    commits = [-number for number in range(1, whole.commits + 1)]
    for place_of_kill in (*commits, whole.statements // 2, whole.statements - 1):
        place = stage.copy(start)
        killed = place.run(night, killed_before=place_of_kill)
        assert killed.was_killed, killed
        now = place.run(after_night).value
        assert now["late"] % 2 == 0
        assert not now["noted"]
        left.add(now["late"])
        assert place.run(night).value
        assert place.run(after_night).value == ALL_DONE
    assert not whole_place.run(night).value
    assert {0, 2, 4, MANY} <= left


def test_two_workers_at_night_raise_every_alarm_once(stage: Stage) -> None:
    start, _ = stage.prepared(prepare_late)
    for _ in range(ROUNDS):
        place = stage.copy(start)
        done = place.together((night,), (night,))
        assert [one.error for one in done] == ["", ""], done
        assert sum(one.value for one in done) == 1
        assert place.run(after_night).value == ALL_DONE
