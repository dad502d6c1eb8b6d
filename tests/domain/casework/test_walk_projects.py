"""“零增地”技改项目 walked in a browser from the township's survey to the certificate of all buildings."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from deliveries import A, firms
from django.utils import timezone
from walking import Files, Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILING = ("economy", "development_reform", "natural_resources", "construction", "ecology")
ACCEPTANCE = ("construction", "natural_resources", "ecology", "economy")
BUILDING = {"uscc": A, "reference": "R1", "floor_area": 3000, "certified_area": 3000}


def registers_building(who: Walker, case: str, title: str) -> None:
    given = {"title": title, "f-floor_area": "3000"}
    who.opens(case).presses("登记", **given).sees(f"已登记“{title}”")


def accepts_building(who: Walker, case: str, title: str) -> None:
    """The first that is not yet accepted."""
    who.opens(case).presses("分幢验收合格", words="现场验收合格").sees(f"已办结“{title}”")


def test_a_project_from_the_survey_to_the_certificate(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    today = timezone.localdate()
    day = str(today)
    county, township = walk(people.county), walk(people.township)
    construction, economy = walk(people.clerks["construction"]), walk(people.clerks["economy"])
    walk(people.operator).uploads(files(directory=firms(A, township="章安街道")))

    township.opens("/cases/registers/zero_land_projects/enter")
    entry = {"subject": "P-1", "title": "厂房加层改造", "uscc": A, "reason": "乡镇排摸"}
    township.presses("列入清单", **entry).sees("准入审核", A)
    case = township.page.url
    county.tries(case, "准入，转并联备案", category="restricted", to_be_relocated_soon="否").sees("不符合：产业类别")
    county.steps(case, "准入，转并联备案", category="permitted", to_be_relocated_soon="否")
    for agency in FILING:
        walk(people.clerks[agency]).answers(case, "同意备案")
    approval = {"approved_on": day, "building_count": "2", "work_class": "ordinary", "adds_storey": "否"}
    county.steps(case, "审批同意", **approval, has_legacy="否").sees("已批待开工", "期限")
    township.steps(case, "开工", started_on=day)

    # the fee is the rule's matter
    yes = dict.fromkeys(("land_use_unchanged", "rules_met", "far_and_intensity_raised", "own_production"), "是")
    county.steps(case, "认定费用免除", **yes).sees("不再增收土地价款和配套费 是")

    # building by building
    registers_building(township, case, "1 幢")
    accepts_building(construction, case, "1 幢")
    township.opens(case).sees("审批的幢数是 2，登记的建筑物有 1 幢")
    registers_building(township, case, "2 幢")
    township.opens(case).sees("还有 1 项没有“分幢验收合格”：2 幢")
    accepts_building(construction, case, "2 幢")
    township.steps(case, "提请竣工验收")
    for agency in ACCEPTANCE:
        walk(people.clerks[agency]).answers(case, "合格")

    # the certificate follows the departments' data alone
    county.tries(case, "整体发证，销号").sees("还没有项目“竣工”的日期")
    economy.uploads(files(milestones=[{"code": "P-1", "uscc": A, "milestone": "竣工", "actual": day}]))
    built = [{**BUILDING, "building": number, "completed": day} for number in "12"]
    land = walk(people.clerks["natural_resources"])
    land.uploads(files(parcels=[{"uscc": A, "reference": "R1", "amount": 10}], buildings=built[:1]))
    county.tries(case, "整体发证，销号").sees("竣工并已办证的有 1 幢，项目共 2 幢")
    land.uploads(files(buildings=built))
    county.steps(case, "整体发证，销号").sees("2 幢已办证")
