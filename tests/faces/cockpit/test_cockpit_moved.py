"""A firm that moved to another county: each county's officials find it, for the years that were theirs."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.incentives.actions import refresh
from fenghuang.domain.registry import queries
from fenghuang.domain.registry.actions import import_files
from fenghuang.domain.registry.models import Firm, FirmYear

pytestmark = pytest.mark.django_db
OLD, NEW = "331003", "331081"


@pytest.fixture
def moved(small_city: Any, tmp_path: Path) -> Firm:
    """Of 黄岩区 in 2021; then comes a directory of 2022 that has it in 温岭市, and all is computed anew."""
    years = FirmYear.objects.current().filter(year=2021, unit=OLD, tax_row__isnull=False, firm__results__year=2022)
    firm = years.exclude(firm__results__grade="").first().firm
    row = FirmYear.objects.current().get(firm=firm, year=2022).directory_row
    cells = ["温岭市" if text == "黄岩区" else text for text in row.cells]
    file = tmp_path / "2022-名录-补报.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([row.delivery.headers, cells])
    import_files([file])
    refresh()
    firm.refresh_from_db()
    assert firm.unit_id == NEW
    return firm


@pytest.fixture
def wenling(db: None) -> Any:
    from fenghuang.platform.accounts.actions import create_user
    from people import PASSWORD

    return create_user("chen", PASSWORD, role="county_official", unit=NEW, display_name="陈")


@pytest.fixture
def stranger(db: None) -> Any:
    from fenghuang.platform.accounts.actions import create_user
    from people import PASSWORD

    return create_user("lin", PASSWORD, role="county_official", unit="331002", display_name="林")


def test_both_counties_find_it_and_no_other(as_user, county, wenling, stranger, moved) -> None:
    for person, status in ((county, 200), (wenling, 200), (stranger, 404)):
        assert as_user(person).get(f"/firms/{moved.uscc}/").status_code == status, person
        hits = as_user(person).get("/search/", {"q": moved.uscc}).context["groups"]
        assert any(hit.address == f"/firms/{moved.uscc}/" for group in hits for hit in group.hits) == (status == 200)


def test_each_sees_the_years_that_were_theirs(as_user, county, wenling, moved) -> None:
    old = as_user(county).get(f"/firms/{moved.uscc}/").context
    assert old["fact_years"] == [2021]
    assert {result.year for result in old["results"]} <= {2021}
    assert {project.year for project in queries.projects(county, moved)} <= {2021}
    new = as_user(wenling).get(f"/firms/{moved.uscc}/").context
    assert new["fact_years"] == [2022, 2021]  # it is theirs now, with its history
    assert {result.year for result in new["results"]} == {2022}


def test_a_row_of_a_later_year_stays_closed(as_user, county, wenling, moved) -> None:
    rows = dict(FirmYear.objects.current().filter(firm=moved).values_list("year", "tax_row"))
    assert as_user(county).get(f"/firms/rows/{rows[2021]}/").status_code == 200
    assert as_user(county).get(f"/firms/rows/{rows[2022]}/").status_code == 404
    assert as_user(wenling).get(f"/firms/rows/{rows[2022]}/").status_code == 200


def test_the_former_county_reads_its_taxes_in_full_and_that_is_noted(as_user, county, moved) -> None:
    from fenghuang.domain.feeds.sensitive import FIELDS
    from fenghuang.platform.audit.models import Event

    page = as_user(county).get(f"/firms/{moved.uscc}/").content.decode()
    assert 'title="无查看权限"' not in page
    assert Event.objects.get(action="registry.read_firm").after["fields"] == sorted(FIELDS)


def test_the_list_of_a_year_leads_to_the_page(as_user, county, moved) -> None:
    client = as_user(county)
    listed = client.get(f"/firms/?year=2021&q={moved.uscc}").content.decode()
    assert Result.objects.filter(firm=moved, year=2021, unit=OLD).exists()
    assert f"/firms/{moved.uscc}/" in listed
    assert "没有符合条件的企业" in client.get(f"/firms/?year=2022&q={moved.uscc}").content.decode()
