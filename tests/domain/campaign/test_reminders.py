"""Who is reminded of which period, from three working days before its end; each once a day."""

from __future__ import annotations

from datetime import date

import pytest
from campaigns import MONDAY, NORTH, SOUTH, begun, carried
from django.utils import timezone

from fenghuang.domain.campaign import checking, objecting
from fenghuang.domain.campaign.checks import checks
from fenghuang.domain.campaign.reminders import remind
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.evidence import proof
from fenghuang.platform.notices import daily
from fenghuang.platform.notices.models import Notice

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY, NEXT, AFTER = (date(2023, 3, n) for n in (7, 10, 13, 14))


def told(kind: str) -> list[tuple[str, str]]:
    """To whom, and what after the title."""
    found = Notice.objects.filter(kind=f"campaign.remind_{kind}").order_by("id")
    return [(one.uscc or one.user.username, one.text.partition("：")[2]) for one in found]


def test_firms_that_have_not_spoken_are_reminded_once_a_day(towns, person) -> None:
    campaign = carried(begun(self_check=5), "send_to_firms")  # until Monday 13
    who = person("firm", towns[0])
    checking.confirm(who, campaign.pk, Firm.objects.get(uscc=towns[0]), {"land_mu": 100_000, "electricity_kwh": 10**6},
                     today=MONDAY)  # fmt: skip
    remind(TUESDAY)
    assert not told("self_check")  # four working days are left
    remind(FRIDAY)
    remind(FRIDAY)
    found = told("self_check")
    assert [uscc for uscc, _ in found] == sorted(towns[1:])
    assert found[0][1] == "企业核对还有 1 个工作日截止，贵企业的用地、用电还没有核对完"
    remind(NEXT)
    assert told("self_check")[-1][1].startswith("企业核对今天截止")
    assert len(told("self_check")) == 18


def test_when_it_is_over_the_county_is_told_and_firms_no_more(towns, person) -> None:
    carried(begun(self_check=4), "send_to_firms")
    person("county")
    remind(AFTER)
    assert told("self_check") == [("jiao", "企业核对已逾期 2 个工作日，10 家企业未确认，请送乡镇确认")]


def test_townships_that_have_not_confirmed_and_their_county_when_late(towns, person) -> None:
    campaign = carried(begun(township=2), "to_townships")  # until Wednesday 8
    north, _south = person("township", NORTH), person("township", SOUTH, name="south")
    person("county")
    seen = {one.firm.uscc: one.seen for one in checks(campaign, MONDAY) if one.year.township == NORTH}
    checking.confirm_township(north, campaign.pk, seen, today=MONDAY)
    remind(TUESDAY)
    assert told("township") == [("south", f"乡镇确认还有 1 个工作日截止，{SOUTH}还有 4 家企业没有确认")]
    remind(FRIDAY)
    assert told("township")[1:] == [
        ("south", f"乡镇确认已逾期 2 个工作日，{SOUTH}还有 4 家企业没有确认"),
        ("jiao", "乡镇确认已逾期 2 个工作日，还有 1 个乡镇（街道）4 家企业没有确认"),
    ]


def test_the_county_is_told_of_objections_without_an_answer(towns, person) -> None:
    campaign = carried(begun(), "publicise")  # five working days, until Monday 13
    person("county")
    remind(FRIDAY)
    assert not told("objections")
    file = proof("证.pdf", b"%PDF-1.7")
    firm = Firm.objects.get(uscc=towns[0])
    objecting.file_objection(None, campaign.pk, firm, "land_mu", "多算", file, today=MONDAY)
    remind(FRIDAY)
    remind(AFTER)
    assert [said for _, said in told("objections")] == [
        "公示异议还有 1 个工作日截止，还有 1 件异议没有处理",
        "公示异议已逾期 1 个工作日，还有 1 件异议没有处理",
    ]


def test_the_worker_finds_the_task(towns) -> None:
    assert "campaign.reminders" in daily._tasks
    assert daily.run_due(timezone.localdate())
