"""The city looks like the published one: counts, classes, group means; its projects stand on every threshold."""

from collections import Counter, defaultdict
from statistics import mean, median

import pytest

ABOVE = {
    2021: {"va_mu": 132.27, "tax_mu": 26.01, "va_tce": 2.54, "va_t": 4861.08, "rnd": 0.0305},
    2022: {"va_mu": 136.16, "tax_mu": 24.097, "va_tce": 2.694, "va_t": 4929.81, "staff": 18.14, "rnd": 0.0302},
}
BELOW = {2021: {"tax_mu": 16.601058, "tax_kwh": 0.236565}, 2022: {"tax_mu": 11.5932, "tax_kwh": 0.2352}}


def facts(city, year):
    """Facts by code from the clean rows: 万元, 亩, tce, t, 人; kWh of unshared meters only."""
    found = defaultdict(dict)
    for row in city.clean(year, "directory"):
        firm = found[row["uscc"]]
        firm["above"] = row["above_scale"] == "是"
        for name, source in (("revenue", "revenue"), ("added", "value_added")):
            if row[source]:
                firm[name] = float(row[source]) / 10
    single = {"tax": ("tax", 1e-4), "energy": ("energy_tce", 1), "employees": ("employees", 1)}
    single |= {"research": ("rnd_expense", 1), "emissions": ("emission_t", 1)}
    for template, (name, scale) in single.items():
        for row in city.clean(year, template):
            if row[name] is not None:
                found[row["uscc"]][name] = float(row[name]) * scale
    for row in city.clean(year, "parcels"):
        found[row["uscc"]]["land"] = found[row["uscc"]].get("land", 0) + row["amount"]
    for row in city.clean(year, "leases"):
        found[row["uscc"]]["land"] -= row["amount"]
        found[row["tenant"]]["land"] = found[row["tenant"]].get("land", 0) + row["amount"]
    shared = {row["reference"] for row in city.rows[year, "meter_shares"]}
    for row in city.clean(year, "meters"):
        if row["reference"] not in shared:
            found[row["uscc"]]["kwh"] = found[row["uscc"]].get("kwh", 0) + row["amount"]
    return found


def ratio(firms, top, below):
    return [firm[top] / firm[below] for firm in firms if firm.get(top) is not None and firm.get(below)]


@pytest.mark.parametrize("year", [2021, 2022])
def test_group_means_are_near_the_published_benchmarks(city, year):
    # A landlord whose lease row is faulty has more land than it uses: a handful, they do not move the mean.
    known = [firm for firm in facts(city, year).values() if firm.get("land", 1) > 0.05]
    above = [firm for firm in known if firm.get("above")]
    below = [firm for firm in known if firm.get("above") is False]
    assert sum(firm.get("above") is not None for firm in known) == pytest.approx(3000, rel=0.05)
    assert len(above) == pytest.approx(4235 * 3000 / 20000, rel=0.05)
    means = {
        "va_mu": ratio(above, "added", "land"),
        "tax_mu": ratio(above, "tax", "land"),
        "va_tce": ratio(above, "added", "energy_tce"),
        "va_t": ratio(above, "added", "emission_t"),
        "rnd": ratio(above, "rnd_expense", "revenue"),
        "staff": ratio(above, "added", "employees"),
    }
    for name, published in ABOVE[year].items():
        assert mean(means[name]) == pytest.approx(published, rel=0.15), name
        assert median(means[name]) < mean(means[name])  # a heavy right tail
    assert mean(ratio(below, "tax", "land")) == pytest.approx(BELOW[year]["tax_mu"], rel=0.15)
    assert mean(firm["tax"] * 1e4 / firm["kwh"] for firm in below if firm.get("kwh") and "tax" in firm) == (
        pytest.approx(BELOW[year]["tax_kwh"], rel=0.15)
    )
    assert 0.20 < mean(ratio(above, "added", "revenue")) < 0.25


def test_size_classes(city):
    shares = {10: 46, 4: 110, 1: 781, 0.5: 953, 0: 2345}
    sizes = [firm["revenue"] / 1e4 for firm in facts(city, 2022).values() if firm.get("above") and "revenue" in firm]
    counts = Counter(next(low for low in shares if size >= low) for size in sizes)
    for low, published in shares.items():
        assert counts[low] / len(sizes) == pytest.approx(published / 4235, abs=0.04)


def test_contributions(city):
    rows = [row for row in city.clean(2022, "tax") if row["local_contribution"] is not None and row["tax"] > 0]
    assert 0.40 < mean(row["local_contribution"] / row["tax"] for row in rows) < 0.50
    assert any(row["local_contribution"] < 0 for row in city.clean(2022, "tax") if row["local_contribution"])


def test_firms_come_and_go(city):
    first, second = ({row["uscc"] for row in city.rows[year, "directory"]} for year in (2021, 2022))
    assert len(first - second) > 20
    assert len(second - first) > 20


@pytest.mark.parametrize("fixture", ["city", "small"])
def test_projects_stand_on_every_threshold(fixture, request):
    read = request.getfixturevalue(fixture)
    rows = [row for year in (2021, 2022) for row in read.clean(year, "projects")]
    for name, amounts in {
        "equipment_investment": (500, 2000, 5000),
        "actual_investment": (1000,),
        "total_investment": (3000, 10000),
    }.items():
        cells = {row[name] for row in rows}
        for amount in amounts:
            assert {amount, float(f"{amount - 1}.999999"), float(f"{amount}.000001")} <= cells, (name, amount)
    assert {0, 1, 6, 11, 12, 13, 24} <= {row["rented_months"] for row in rows}
    assert {0, 13888.88, 13888.89, None} <= {row["rented_area_m2"] for row in rows}
    assert {(1, 1.2), (1, 1.200001), (1.5, 1.8)} <= {(row["far_before"], row["far_after"]) for row in rows}
    assert {(1920, 9600), (1920.01, 9600)} <= {
        (row["upgrade_floor_area_m2"], row["total_floor_area_after_m2"]) for row in rows
    }
    assert {"技改补助", "租赁厂房补助", "垂直工业补助", None} <= {row["applies_for"] for row in rows}
    assert {"是", "否", None} <= {row["under_construction"] for row in rows}


def test_a_tie_of_amount_and_contribution(city):
    local = {(year, row["uscc"]): row["local_contribution"] for year in (2021, 2022) for row in city.clean(year, "tax")}
    ties = [case for case in city.truth["cases"] if case["case"] == "upgrade_contribution_tie"]
    for case in ties:
        assert case["fields"]["equipment_investment"] == 10 * round(local[case["year"], case["uscc"]] * 100)
    assert ties


def test_cases_point_at_their_row(city):
    for case in city.truth["cases"]:
        row = city.rows[case["year"], "projects"][case["row"] - 2]
        assert (row["code"], row["uscc"]) == (case["code"], case["uscc"])


def test_key_projects_of_the_override_have_a_firm_of_their_own(city):
    holders = Counter(
        row["uscc"] for year in (2021, 2022) for row in city.clean(year, "projects") if row["is_key_project"] == "是"
    )
    cases = [case["uscc"] for case in city.truth["cases"] if case["case"].startswith("key_")]
    assert len(cases) == len(set(cases))
    assert all(holders[code] <= 1 for code in cases)
