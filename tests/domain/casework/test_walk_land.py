"""闲置工业用地 walked in a browser: by hand, fee, paid, checked, left when a building is delivered."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from deliveries import A, B, firms
from django.utils import timezone
from walking import Files, Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARCEL = {"uscc": A, "reference": "331002001001GB00001", "amount": 10}


def test_idle_land_from_a_patrol_to_the_first_building(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    today = timezone.localdate()
    soon, idle_since = str(today + timedelta(days=90)), str(today - timedelta(days=500))
    land, county, township = walk(people.clerks["natural_resources"]), walk(people.county), walk(people.township)
    directory = firms(A, B, township="章安街道")
    walk(people.operator).uploads(files(directory=directory, parcels=[PARCEL]))

    # the land office finds it; what the parcel's code says of its holder nobody types
    land.opens("/cases/").follows("闲置工业用地", "main").follows("手工列入", "main")
    entry = {"subject": PARCEL["reference"], "title": "章安 1 号地块", "unit": "331002", "reason": "巡查发现未动工"}
    land.presses("列入清单", **entry).sees("已列入“闲置工业用地”清单", A, "章安街道")
    case = land.page.url
    land.opens("/cases/registers/idle_land/enter").presses("列入清单", **entry).sees("同一对象不能同时有两件")
    land.steps(case, "认定闲置", agreed_start_on=idle_since, government_caused="否", land_price="5000000")
    land.sees("已认定闲置，待处置")

    # the county may only do what the dates allow: a fee, not a recovery
    county.tries(case, "无偿收回", measure="recover").sees("不能“无偿收回”")
    county.steps(case, "征缴土地闲置费", measure="fee", until=soon).sees("征缴闲置费", "1,000,000.00 元")
    county.steps(case, "闲置费缴清，限期动工", until=soon)
    township.opens("/cases/").sees("章安 1 号地块")
    township.steps(case, "提请动工核验", started_on=str(today - timedelta(days=1)))
    for agency, said in (("natural_resources", "已动工"), ("development_reform", "仍闲置"), ("economy", "已动工")):
        walk(people.clerks[agency]).answers(case, said)
    county.opens(case).sees("动工开发，销号")
    county.steps(case, "仍闲置，继续督促", "只打了围墙", until=soon)
    township.steps(case, "提请动工核验", started_on=str(today))
    for agency in ("natural_resources", "development_reform", "economy"):
        walk(people.clerks[agency]).answers(case, "已动工", "厂房一层已建")

    # all agree, and still it does not leave: the registry has to show a building
    county.tries(case, "动工开发，销号").sees("列入以来的不动产数据中没有这宗地的建筑物")
    building = {"uscc": A, "reference": PARCEL["reference"], "building": "1", "floor_area": 3000}
    land.uploads(files(buildings=[building]))
    county.steps(case, "动工开发，销号").sees("建筑面积 3000")
    county.opens("/cases/registers/idle_land/?show=ended").sees("章安 1 号地块")
