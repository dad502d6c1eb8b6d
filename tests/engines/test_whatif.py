"""A variant beside the law: amounts by hand, sums that add up, unknown never a zero, the found figure the outermost."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghuang.engines import whatif
from fenghuang.engines.batch import Table
from fenghuang.engines.door import Faulty
from fenghuang.engines.whatif.comparison import as_json
from fenghuang.law.pack import packs

PACK = packs()["taizhou-2021-27"]
ON = date(2022, 12, 31)
WAN = 1_000_000  # 分 in 万元
RATE = "art.10.upgrade_subsidy.rates[A][0]"
# id, investment 万元, grade, contribution 万元, county
FIRMS = [
    ("甲", "1000", "A", "9000", "黄岩区"),  # 10 % of 1000 = 100
    ("乙", "400", "A", "9000", "黄岩区"),  # below the threshold: 0
    ("丙", "6000", "B", "9000", "椒江区"),  # 160 + 270 + 100 = 530, capped at 500
    ("丁", "3000", "A", "9000", "椒江区"),  # 200 + 120 = 320
    ("戊", None, "A", "9000", ""),  # unknown
    ("己", "500", "A", "30", "黄岩区"),  # 50, no more than the contribution of 30
]


def people(rows: list[tuple[Any, ...]] = FIRMS) -> Table:
    def yuan(wan: str | None) -> str | None:
        return None if wan is None else f"{int(wan)}0000"

    frame = pl.DataFrame(
        {
            "id": [r[0] for r in rows],
            "equipment_investment": [yuan(r[1]) for r in rows],
            "grade": [r[2] for r in rows],
            "local_contribution": [yuan(r[3]) for r in rows],
            "x_county": [r[4] for r in rows],
        },
        schema_overrides=dict.fromkeys(("equipment_investment", "local_contribution", "grade"), pl.String),
    )
    return Table(frame, range(2, len(rows) + 2))


def variant(**said: Any) -> whatif.Variant:
    return whatif.read({"title": "方案", "policy": PACK.id, **said})


def compared(changed: whatif.Variant, table: Table | None = None, rules: tuple[str, ...] = ("upgrade_subsidy",)) -> Any:
    return whatif.compare(PACK, rules, table or people(), ON, changed)


def test_a_higher_first_rate_by_hand() -> None:
    """12 % of the first 2000: 甲 +20, 丁 +40; 丙 is graded B, 己 is held by its contribution."""
    found = compared(variant(parameters={RATE: "12%"}))
    total = found.total
    assert (total.before, total.after, total.difference) == (950 * WAN, 1010 * WAN, 60 * WAN)
    assert (total.winners, total.gain, total.losers, total.loss) == (2, 60 * WAN, 0, 0)
    assert (total.same, total.unknown, total.subjects) == (3, 1, 6)
    assert [(one.id, one.before, one.after) for one in found.largest] == [
        ("丁", 320 * WAN, 360 * WAN),
        ("甲", 100 * WAN, 120 * WAN),
    ]
    assert {name: change.difference for name, change in found.by["x_county"]} == {
        "黄岩区": 20 * WAN,
        "椒江区": 40 * WAN,
        "未知": 0,
    }
    assert found.spread == (0, 0, 0, 0, 0, 0, 2, 0, 0, 0)  # both between 10 and 50 万元


def test_a_higher_threshold_takes_from_those_below_it_and_names_the_condition() -> None:
    found = compared(variant(parameters={"art.10.upgrade_subsidy.threshold": "1500万元"}))
    (rule,) = found.rules
    assert (rule.total.losers, rule.total.loss, rule.total.no_longer) == (2, -130 * WAN, 2)
    (condition,) = rule.conditions
    assert (condition.name, condition.became_false, condition.became_true) == ("investment_reaches_threshold", 2, 0)


def test_a_lower_threshold_makes_newly_entitled() -> None:
    total = compared(variant(parameters={"art.10.upgrade_subsidy.threshold": "400 万元"})).total
    assert (total.newly, total.gain) == (1, 40 * WAN)


def test_another_reading_by_hand() -> None:
    """Only what is above 500: 甲 50, 丁 150 + 120, 己 0, 丙 120 + 270 + 100 = 490."""
    total = compared(variant(readings={"first_band_from": "threshold"})).total
    assert total.loss == -(50 + 50 + 30 + 10) * WAN
    assert total.losers == 4


def test_prices_say_who_changes_and_by_how_much() -> None:
    prices = whatif.price_table(PACK, ["upgrade_subsidy"], people(), ON)
    (price,) = [p for p in prices if p.reading == "first_band_from"]
    assert (price.reading, price.choice, price.changed) == ("first_band_from", "threshold", 4)
    assert (price.more, price.less, price.net) == (0, -140 * WAN, -140 * WAN)


def test_a_rule_without_money_counts_verdicts() -> None:
    frame = pl.DataFrame({"id": ["1", "2"], "no_energy_quota": ["true", "false"]})
    frame = frame.drop("no_energy_quota")
    inputs = PACK.rules["four_lacks"].inputs
    rows = {name: ["true", "false"] if not place else ["false", "false"] for place, name in enumerate(inputs)}
    prices = whatif.price_table(
        PACK, ["four_lacks"], Table(frame.with_columns(**{n: pl.Series(v) for n, v in rows.items()}), [2, 3]), ON
    )
    assert ("all", 1, None) in [(p.choice, p.changed, p.net) for p in prices]


def test_unknown_is_counted_and_what_becomes_unknown_is_told_apart() -> None:
    """B firms paid like A firms of unknown contribution: nothing is summed as zero."""
    table = people([("甲", "1000", "A", None, "黄岩区"), ("乙", "400", "A", None, "黄岩区")])
    total = compared(variant(parameters={"art.10.upgrade_subsidy.threshold": "300万元"}), table).total
    assert (total.unknown_before, total.unknown_after, total.unknown) == (1, 2, 2)
    assert (total.before, total.after, total.difference, total.became_unknown) == (0, 0, 0, 0)


def test_subjects_are_counted_under_the_rules_they_apply_for() -> None:
    table = people()
    said = ["upgrade_subsidy;rent_subsidy", "rent_subsidy", "upgrade_subsidy", "", None, "upgrade_subsidy"]
    table = table._replace(frame=table.frame.with_columns(x_applies_for=pl.Series(said)))
    found = compared(variant(parameters={RATE: "12%"}), table)
    assert found.total.subjects == 3
    assert found.largest[0].id == "甲"


def test_a_method_regrades_and_says_what_it_lacks() -> None:
    from fenghuang.engines.whatif.regrade import method_of

    with pytest.raises(Faulty) as fault:
        whatif.regraded(method_of("huangyan-2022"), people(), ON)
    assert "不能按这个方法重新评级" in fault.value.faults[0].expected
    assert "缺少" in fault.value.faults[0].expected
    grades = pl.Series("grade", [1, 0, 0, 2, 0, 0], dtype=pl.Int64)  # 甲 B, 丙 A, 丁 C
    found = whatif.compare(PACK, ["upgrade_subsidy"], people(), ON, variant(), grades)
    assert {one.id: one.after - one.before for one in found.largest} == {
        "甲": -20 * WAN,
        "丁": -320 * WAN,
        "丙": (200 + 360 + 150 - 500) * WAN,
    }


def test_the_command_s_answer_keeps_every_figure_exact() -> None:
    said = as_json(compared(variant(parameters={RATE: "10.0001%"})))
    assert said["total"]["difference"] == "30.00"  # 0.0001 % of 1000 and 2000 万元: 10 and 20 元


# -- properties

firms = st.lists(
    st.tuples(
        st.text("甲乙丙", min_size=1, max_size=2),
        st.one_of(st.none(), st.integers(0, 12_000).map(str)),
        st.one_of(st.none(), st.sampled_from(["A", "B", "C", "D", "ungraded"])),
        st.one_of(st.none(), st.integers(-50, 3000).map(str)),
        st.sampled_from(["黄岩区", "椒江区", ""]),
    ),
    min_size=1,
    max_size=30,
)
variants = st.builds(
    lambda rate, threshold, first: variant(
        parameters={RATE: f"{rate}%", "art.10.upgrade_subsidy.threshold": f"{threshold}万元"},
        readings={"first_band_from": first},
    ),
    st.integers(0, 30),
    st.integers(0, 3000),
    st.sampled_from(["zero", "threshold"]),
)


@settings(max_examples=40, deadline=None)
@given(firms)
def test_an_empty_variant_changes_nothing(rows: list[tuple[Any, ...]]) -> None:
    found = compared(variant(), people(rows))
    assert (found.total.difference, found.total.changed, found.total.winners + found.total.losers) == (0, 0, 0)
    assert not found.largest


@settings(max_examples=40, deadline=None)
@given(firms, variants)
def test_sums_add_up(rows: list[tuple[Any, ...]], changed: whatif.Variant) -> None:
    found = compared(changed, people(rows))
    for change in (found.total, *(c for groups in found.by.values() for _, c in groups)):
        assert change.winners + change.losers + change.same + change.unknown == change.subjects
        assert change.gain + change.loss == change.difference
        assert change.after == change.before + change.difference + change.became_known - change.became_unknown
    for groups in found.by.values():
        for name in whatif.comparison.Change.__slots__:
            assert sum(getattr(c, name) for _, c in groups) == getattr(found.total, name)
    assert sum(found.spread) == found.total.winners + found.total.losers


@settings(max_examples=25, deadline=None)
@given(firms, st.integers(0, 3000))
def test_the_found_rate_is_the_highest(rows: list[tuple[Any, ...]], wan: int) -> None:
    found = whatif.search(PACK, ["upgrade_subsidy"], people(rows), ON, variant(), RATE, wan * WAN)
    if found.value is None:
        assert whatif.search(PACK, ["upgrade_subsidy"], people(rows), ON, variant(), RATE, 10**15).total is not None
        return
    assert found.total is not None
    assert found.total <= wan * WAN
    assert found.total == compared(variant(parameters={RATE: found.value}), people(rows)).total.after
    if found.beyond is None:
        assert found.value == "100%"
    else:
        assert found.beyond_total is not None
        assert found.beyond_total > wan * WAN


# -- searches


def test_a_search_by_hand() -> None:
    """甲 and 丁 together: 3000 x rate + 120 (丁's second band) + 30 (己) + 500 (丙) within 710 gives 2 %; 己 holds
    30 from 6 % on, so below it gives 500 x rate: 3000r + 500r + 120 + 500 = 710 -> 2.5714 %."""
    found = whatif.search(PACK, ["upgrade_subsidy"], people(), ON, variant(), RATE, 710 * WAN)
    assert (found.value, found.beyond, found.resolution) == ("2.5714%", "2.5715%", "0.0001%")
    assert found.total == (620 * WAN + 35 * WAN * 25714 // 10000)
    assert found.monotone
    assert found.unknown == 1


def test_the_lowest_threshold() -> None:
    found = whatif.search(
        PACK, ["upgrade_subsidy"], people(), ON, variant(), "art.10.upgrade_subsidy.threshold", 920 * WAN, "lowest"
    )
    assert (found.value, found.beyond, found.resolution) == ("500.000001万元", "500万元", "0.01元")


def test_a_search_that_nothing_satisfies_and_one_that_everything_does() -> None:
    none = whatif.search(PACK, ["upgrade_subsidy"], people(), ON, variant(), RATE, 100 * WAN)
    assert (none.value, none.total, none.beyond) == (None, None, None)
    every = whatif.search(PACK, ["upgrade_subsidy"], people(), ON, variant(), RATE, 10**12)
    assert (every.value, every.beyond) == ("100%", None)


def test_a_search_of_what_pays_nothing_is_refused() -> None:
    with pytest.raises(Faulty, match="faults"):
        whatif.search(PACK, ["upgrade_subsidy"], people(), ON, variant(), "art.7.split_transfer.parcel_limit", 1)


# -- what cannot be used

REFUSED = {
    "0.12": "应带单位 %",
    "-1%": "不能是负数",
    "5亩": "应带单位 %",
    "12.34567%": "最小单位为 0.0001%",
    "20000%": "不应超过 10000%",
    "很多": "应为数",
    "": "应为数",
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items())
def test_a_figure_that_cannot_be_is_refused(text: str, expected: str) -> None:
    with pytest.raises(Faulty) as fault:
        variant(parameters={RATE: text})
    assert expected in fault.value.faults[0].expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"parameters": {"art.10.upgrade_subsidy.rate[A][0]": "12%"}}, f"是否指 {RATE}"),
        ({"parameters": {"art.10.upgrade_subsidy.rates[A]": "12%"}}, "须指明是哪一个数"),
        ({"parameters": {"art.10.upgrade_subsidy.edges[0]": "6000万元"}}, "各档界限须逐档增大"),
        ({"readings": {"rent_subsidy.first_band_from": "zero"}}, "它属于 upgrade_subsidy"),
        ({"readings": {"first_band_form": "zero"}}, "是否指"),
        ({"readings": {"first_band_from": "one"}}, "可选 zero、threshold"),
        ({"readings": {"first_band_from": "zero", "upgrade_subsidy.first_band_from": "threshold"}}, "只能写一次"),
        ({"policy": "taizhou-2021-28"}, "是否指 taizhou-2021-27"),
        ({"title": ""}, "应写明方案名称"),
        ({"readings": "zero"}, "各一行"),
        ({"methods": "x"}, "是否指 method"),
    ],
)
def test_contradictions_and_slips_are_refused(said: dict[str, Any], expected: str) -> None:
    with pytest.raises(Faulty) as fault:
        variant(**said)
    assert expected in fault.value.faults[0].expected


def test_a_variant_says_itself_again() -> None:
    one = variant(parameters={RATE: "12%"}, readings={"first_band_from": "threshold"})
    assert whatif.read(one.as_document()) == one


def test_a_rule_left_out_is_told() -> None:
    with pytest.raises(Faulty, match="faults") as fault:
        compared(variant(parameters={RATE: "12%"}), rules=("rent_subsidy",))
    assert "upgrade_subsidy" in fault.value.faults[0].expected
