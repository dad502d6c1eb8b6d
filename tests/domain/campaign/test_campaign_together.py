"""Two officials at the same moment, in processes of their own: one wins, the other reads both sides, nothing twice."""

from __future__ import annotations

from typing import Any

import deeds
import pytest

from processes import Done, Place, Stage

ROUNDS = 3  # the same race again, on copies


def sides(done: list[Done]) -> tuple[Done, Done]:
    """(who won, who lost)"""
    winners, losers = [one for one in done if not one.error], [one for one in done if one.error]
    assert (len(winners), len(losers)) == (1, 1), done
    return winners[0], losers[0]


@pytest.fixture
def scored(stage: Stage) -> tuple[Place, int]:
    return stage.prepared(deeds.prepare, "to_scoring")


@pytest.mark.parametrize(("until", "step"), [("to_townships", "to_scoring"), ("publish", "freeze")])
def test_two_carry_the_same_campaign_on(stage: Stage, until: str, step: str) -> None:
    start, campaign = stage.prepared(deeds.prepare, until)
    version = start.run(deeds.version, campaign).value
    for _ in range(ROUNDS):
        place = stage.copy(start)
        both = [(deeds.advance, step, campaign, username, version) for username in ("chen", "qian")]
        won, lost = sides(place.together(*both))
        seen = place.run(deeds.seen).value
        if step == "freeze":
            assert "已于" in lost.sentence
            assert "归档" in lost.sentence
        else:
            assert lost.error == "Stale"
            winner = {"chen": "陈", "qian": "钱"}[seen["campaigns"][0][4]]
            assert lost.sentence.startswith(f"{winner} 已于")
            assert "现在处于“计分”" in lost.sentence
            assert "您的操作没有执行" in lost.sentence
        assert (won.value, seen["campaigns"][0][2]) == (("frozen", "scoring")[step != "freeze"], version + 1)
        assert [count for _, action, count in seen["events"] if action == f"campaign.{step}"] == [1]


def test_two_regrade_the_same_firm(stage: Stage, scored: Any) -> None:
    start, campaign = scored
    for _ in range(ROUNDS):
        place = stage.copy(start)
        given = [("chen", "promote", "陈说"), ("qian", "demote", "钱说")]
        _, lost = sides(place.together(*((deeds.regrade, campaign, *one) for one in given)))
        assert lost.error == "Differs"
        assert "陈说" in lost.sentence
        assert "钱说" in lost.sentence
        [(_, reason, withdrawn)] = place.run(deeds.seen).value["regrades"]
        assert withdrawn is None
        assert f"您要改为：{ {'陈说': '降档：钱说', '钱说': '提档：陈说'}[reason] }" in lost.sentence


def test_an_objection_comes_while_the_period_is_closed(stage: Stage) -> None:
    start, campaign = stage.prepared(deeds.prepare, "publicise")
    for _ in range(ROUNDS):
        place = stage.copy(start)
        closed, filed = place.together((deeds.advance, "close_objections", campaign), (deeds.object_, campaign, "qian"))
        assert closed.value == "adjusting"
        waiting = place.run(deeds.waiting, campaign).value
        if filed.error:  # it came second, and says why
            assert "现在处于“调整”" in filed.sentence
            assert waiting == (0, 0)
        else:  # it came first: it is there, with its event, and the next step waits for its answer
            assert waiting == (1, 1)
            assert "还有 1 件异议没有处理" in place.run(deeds.advance, "reconcile", campaign).sentence
