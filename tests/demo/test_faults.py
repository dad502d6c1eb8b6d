"""The truth points at the right cells, and every kind of fault is there often enough."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from stdnum.cn import uscc as gb32100

from fenghuang.demo.city import make_city

KINDS = {
    "wrong_check_digit": "quarantine",
    "letter_for_digit": "quarantine",
    "seventeen_characters": "quarantine",
    "fifteen_digits": "quarantine",
    "renamed_firm": "notice",
    "renamed_in_directory": "unchanged",
    "duplicate_same": "unchanged",
    "duplicate_conflict": "quarantine",
    "land_counted_twice": "quarantine",
    "lease_exceeds_parcel": "quarantine",
    "meter_shares_do_not_add": "quarantine",
    "meter_without_valid_shares": "quarantine",
    "text_in_number": "quarantine",
    "negative": "quarantine",
    "unknown_firm": "quarantine",
    "bad_date": "quarantine",
    "far_contradicts": "quarantine",
    "missing_department": "missing_delivery",
}


@pytest.fixture(scope="module", params=["city", "small"])
def read(request):
    return request.getfixturevalue(request.param)


def seen(read, kind):
    """Faults of the kind with the row that they name."""
    for fault in read.truth["faults"]:
        if fault["kind"] == kind:
            yield fault, read.rows[fault["year"], fault["template"]][fault["row"] - 2]


def test_every_kind_has_its_effect_and_no_row_two_faults(read):
    assert {fault["kind"]: fault["effect"] for fault in read.truth["faults"]} == KINDS
    rows = Counter((fault["file"], fault["sheet"], fault["row"]) for fault in read.truth["faults"])
    assert max(rows.values()) == 1


def test_the_city_of_20000_has_each_kind_eight_times():
    _, truth = make_city(20_000, 7)
    counts = Counter(fault["kind"] for fault in truth.faults)
    assert counts.pop("missing_department") == 1
    assert min(counts.values()) >= 8


def test_found_is_in_the_cell(read):
    for fault in read.truth["faults"]:
        if fault["field"]:
            row = read.rows[fault["year"], fault["template"]][fault["row"] - 2]
            cell = row[fault["field"]]
            assert cell == fault["found"] or float(cell) == fault["found"]


def test_codes(read):
    for kind, length in (("wrong_check_digit", 18), ("letter_for_digit", 18), ("seventeen_characters", 17)):
        for fault, row in seen(read, kind):
            assert len(row["uscc"]) == length
            assert not gb32100.is_valid(row["uscc"])
            assert gb32100.is_valid(fault["uscc_true"])
            if kind == "letter_for_digit":
                assert row["uscc"].replace("O", "0").replace("I", "1") == fault["uscc_true"]
    for _, row in seen(read, "fifteen_digits"):
        assert len(row["uscc"]) == 15
        assert row["uscc"].isdigit()


def test_unknown_firms_are_valid_codes_outside_the_directory(read):
    directory = {year: {row["uscc"] for row in read.rows[year, "directory"]} for year in (2021, 2022)}
    for fault, row in seen(read, "unknown_firm"):
        code = row[fault["field"]]
        assert gb32100.is_valid(code)
        assert code not in directory[fault["year"]]
        assert fault["known_in"] == [year for year in (2021, 2022) if code in directory[year]]


def test_renamed_firms(read):
    directory = {year: {row["uscc"]: row["name"] for row in read.rows[year, "directory"]} for year in (2021, 2022)}
    for fault, row in seen(read, "renamed_firm"):
        code = row["uscc"]
        assert row["name"] == fault["old"] == directory[2021][code]
        assert directory[2022][code] == fault["new"] != fault["old"]
    for fault, row in seen(read, "renamed_in_directory"):
        assert (directory[2021][row["uscc"]], row["name"]) == (fault["old"], fault["new"])
    changed = {code for code, name in directory[2022].items() if directory[2021].get(code, name) != name}
    assert changed == {row["uscc"] for _, row in seen(read, "renamed_in_directory")}


def test_duplicates(read):
    for fault, row in seen(read, "duplicate_same"):
        rows = read.rows[fault["year"], fault["template"]]
        places = [place for place, other in enumerate(rows, 2) if other == row]
        assert len(places) == 2
        assert fault["row"] == places[1]
    groups = defaultdict(list)
    for fault, row in seen(read, "duplicate_conflict"):
        key = row.get("reference") or row.get("code") or row["uscc"]
        groups[fault["year"], fault["template"], key, row["uscc"]].append(row[fault["field"]])
    assert all(len(values) == 2 and values[0] != values[1] for values in groups.values())
    holders = defaultdict(set)
    for fault, row in seen(read, "land_counted_twice"):
        holders[fault["year"], row["reference"]].add(row["uscc"])
    assert all(len(codes) == 2 for codes in holders.values())


def test_sums(read):
    let, shares = defaultdict(Decimal), defaultdict(Decimal)
    for fault, row in seen(read, "lease_exceeds_parcel"):
        let[fault["year"], row["reference"]] += Decimal(repr(row["amount"]))
    for fault, row in seen(read, "meter_shares_do_not_add"):
        shares[fault["year"], row["reference"]] += Decimal(repr(row["share"]))
    for (year, reference), area in let.items():
        parcel = next(row for row in read.rows[year, "parcels"] if row["reference"] == reference)
        assert area > Decimal(repr(parcel["amount"]))
    assert all(total != 100 for total in shares.values())
    meters = {(fault["year"], row["reference"]) for fault, row in seen(read, "meter_without_valid_shares")}
    assert meters == set(shares)


def test_cells(read):
    for fault, row in seen(read, "text_in_number"):
        with pytest.raises(ValueError, match="could not convert"):
            float(row[fault["field"]])
        assert float(fault["value_true"]) == fault["value_true"]
    for fault, row in seen(read, "negative"):
        assert float(row[fault["field"]]) == -fault["value_true"] < 0
