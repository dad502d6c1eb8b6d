"""Every row that the truth does not name is clean: checked here without the generator's own code."""

import re
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from stdnum.cn import uscc as gb32100

YEARS = (2021, 2022)
KEYS = {
    "contracts": ("reference",),
    "buildings": ("reference", "building"),
    "parks": ("park",),
    "milestones": ("code", "milestone"),
    "parcels": ("reference",),
    "leases": ("reference", "tenant"),
    "meters": ("reference",),
}
KEYS |= {"meter_shares": ("reference", "uscc"), "projects": ("code",)}
NUMBERS = {
    "tax": ("tax", "local_contribution"),
    "parcels": ("amount",),
    "leases": ("amount",),
    "meters": ("amount",),
    "meter_shares": ("share",),
    "energy": ("energy_tce",),
    "employees": ("employees",),
    "research": ("rnd_expense",),
    "projects": ("total_investment", "equipment_investment", "actual_investment", "rented_area_m2", "far_after"),
}
UNITS = {"椒江区", "黄岩区", "路桥区", "临海市", "温岭市", "玉环市", "天台县", "仙居县", "三门县", "台州湾新区"}


@pytest.fixture(scope="module", params=["city", "small"])
def read(request):
    return request.getfixturevalue(request.param)


def test_codes_are_valid_and_in_the_directory_of_the_year(read):
    for year in YEARS:
        known = {row["uscc"]: row["name"] for row in read.rows[year, "directory"]}
        assert all(gb32100.is_valid(code) for code in known)
        for when, template in read.rows:
            if when != year:
                continue
            for row in (
                read.clean(year, template) if template != "parks" else ()
            ):  # run by whom the directory need not name
                assert known[row["uscc"]] == row["name"], (template, row)
                if template == "leases":
                    assert known[row["tenant"]] == row["tenant_name"]


def test_keys_are_unique(read):
    twins = read.fault_rows("duplicate_same")
    for (year, template), rows in read.rows.items():
        key = KEYS.get(template, ("uscc",))
        clean = Counter(tuple(row[name] for name in key) for row in read.clean(year, template))
        assert max(clean.values()) == 1, template
        # and the twin that the truth does not name is where its double is
        for place, row in enumerate(rows, 2):
            if (year, template, place) in twins:
                assert clean[tuple(row[name] for name in key)] == 1


def test_numbers_are_numbers_and_not_negative_where_they_may_not_be(read):
    for (year, template), names in ((pair, NUMBERS.get(pair[1], ())) for pair in read.rows):
        for row in read.clean(year, template):
            for name in names:
                assert row[name] is None or isinstance(row[name], int | float), (template, row)
                if template != "tax":
                    assert (row[name] or 0) >= 0
    for year in YEARS:
        for row in read.clean(year, "emissions"):
            assert row["emission_t"] is None or re.fullmatch(r"\d+(\.\d{1,6})?", row["emission_t"])
        for row in read.clean(year, "directory"):
            assert row["unit"] in UNITS
            assert re.fullmatch(r"(1[3-9]|[23]\d|4[0-3])\d{0,2}", row["industry"])
            assert row["above_scale"] in ("是", "否")
            assert row["revenue"] is None or row["revenue"].isdigit()
            assert row["value_added"] is None or (row["above_scale"] == "是" and row["value_added"].isdigit())


def test_leases_stay_inside_their_holders_parcel(read):
    for year in YEARS:
        parcels = {row["reference"]: row for row in read.clean(year, "parcels")}
        let = defaultdict(Decimal)
        for row in read.clean(year, "leases"):
            assert row["uscc"] != row["tenant"]
            assert parcels[row["reference"]]["uscc"] == row["uscc"]
            let[row["reference"]] += Decimal(repr(row["amount"]))
        slack = [Decimal(repr(parcels[reference]["amount"])) - area for reference, area in let.items()]
        assert min(slack) >= 0
        assert 0 in slack or len(slack) < 100  # some parcels are let to the last corner
        assert any(len(reference) != 28 for reference in parcels) is False


def test_shares_add_up_and_hang_on_a_meter_of_one_of_them(read):
    for year in YEARS:
        meters = {row["reference"]: row for row in read.clean(year, "meters")}
        shares = defaultdict(dict)
        for row in read.clean(year, "meter_shares"):
            shares[row["reference"]][row["uscc"]] = Decimal(repr(row["share"]))
        assert shares
        for reference, held in shares.items():
            assert sum(held.values()) == 100
            assert len(held) >= 2
            assert meters[reference]["uscc"] in held


def test_samples_are_what_the_rows_add_up_to(read):
    """The truth's facts, summed again from the cells; an unknown fact has no row or an empty cell."""
    assert len(read.truth["samples"]) == 50
    assert {sample["sort"] for sample in read.truth["samples"]} >= {"tenant", "landlord", "shared_meter", "one_year"}
    plain = {"tax": ("tax", 100), "local_contribution": ("tax", 100), "employees": ("employees", 1)}
    plain |= {"energy_tce": ("energy", 10**4), "emission_t": ("emissions", 10**6)}
    plain |= {"rnd_expense": ("research", 10**6), "revenue": ("directory", 10**5), "value_added": ("directory", 10**5)}
    for year in YEARS:
        by_code = {
            template: {row["uscc"]: row for row in read.rows.get((year, template), [])}
            for template in {template for template, _ in plain.values()}
        }
        for sample in read.truth["samples"]:
            if (held := sample["years"].get(str(year))) is None:
                assert sample["uscc"] not in by_code["directory"]
                continue
            for name, (template, scale) in plain.items():
                cell = by_code[template].get(sample["uscc"], {}).get(name)
                found = None if cell is None else round(float(cell) * scale)
                assert held["facts"][name] == found, (name, sample["uscc"])
            assert held["facts"]["land_mu"] == land(read, year, sample["uscc"])
            assert held["facts"]["electricity_kwh"] == power(read, year, sample["uscc"])


def land(read, year, code):
    own = sum(round(row["amount"] * 10**4) for row in read.rows[year, "parcels"] if row["uscc"] == code)
    for row in read.rows[year, "leases"]:
        if code in (row["uscc"], row["tenant"]):
            own += round(row["amount"] * 10**4) * (1 if row["tenant"] == code else -1)
    return own


def power(read, year, code):
    shared = {row["reference"] for row in read.rows[year, "meter_shares"]}
    amounts = {row["reference"]: row["amount"] for row in read.rows[year, "meters"]}
    whole = [
        row["amount"] for row in read.rows[year, "meters"] if row["uscc"] == code and row["reference"] not in shared
    ]
    parts = [
        Decimal(amounts[row["reference"]]) * Decimal(repr(row["share"])) / 100
        for row in read.rows[year, "meter_shares"]
        if row["uscc"] == code
    ]
    return sum(whole + parts) if whole or parts else None
