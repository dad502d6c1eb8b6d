"""Every rule a project applies for is decided with the grade of the right year, exactly, and can be explained."""

import pytest
from deliveries import A, B, C, D, firm

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.incentives import queries
from fenghuang.domain.incentives.actions import refresh
from fenghuang.domain.incentives.models import Decision
from fenghuang.language.record import Record
from fenghuang.platform.accounts.models import Role, User

YEARS = (2021, 2022)


@pytest.fixture
def city(deliver):
    """Ten firms in one unit so that classes exist: A leads in both years, D is last."""
    from deliveries import code

    others = [code(9000 + n) for n in range(6)]
    order = [A, B, *others, C, D]
    for year in YEARS:
        deliver(
            year=year,
            directory=[firm(u, above_scale="否") for u in order],
            tax=[
                {"uscc": u, "tax": 1_000_000 - 90_000 * n, "local_contribution": 30_000_000}
                for n, u in enumerate(order)
            ],
            parcels=[{"uscc": u, "reference": f"P{n}", "amount": 5} for n, u in enumerate(order)],
            meters=[{"uscc": u, "reference": f"M{n}", "amount": 1_000_000} for n, u in enumerate(order)],
        )
    return order


def upgrade(uscc: str, wan: object, code: str = "T1", **more: object) -> dict[str, object]:
    row = {"uscc": uscc, "code": code, "title": "技改", "applies_for": "技改补助", "equipment_investment": wan}
    return {**row, **more}


def decided(rule: str = "upgrade_subsidy", **where: object) -> Decision:
    return Decision.objects.get(rule=rule, **where)


def grade(uscc: str, year: int) -> str:
    return Result.objects.get(firm__uscc=uscc, year=year).grade


def test_amount_of_an_a_firm_to_the_fen(city, deliver) -> None:
    deliver(projects=[upgrade(A, 4875)])
    refresh()
    assert grade(A, 2022) == "A"
    assert decided().amount == 545_000_000, "2000 万 x 10 % + 2875 万 x 12 %"
    assert decided().outputs["bound_by"] == "none"


@pytest.mark.parametrize(("wan", "amount"), [("499.999999", 0), ("500", 50_000_000), ("500.000001", 50_000_000)])
def test_the_threshold_is_met_at_the_fen(city, deliver, wan: str, amount: int) -> None:
    deliver(projects=[upgrade(A, wan)])
    refresh()
    assert decided().amount == amount


def test_a_firm_of_a_lower_class_gets_nothing_and_the_verdict_says_why(city, deliver) -> None:
    deliver(projects=[upgrade(D, 4875)])
    refresh()
    assert grade(D, 2022) in "CD"
    assert decided().amount == 0
    assert decided().conditions == {"investment_reaches_threshold": True, "graded_a_or_b": False, "in_force": True}


def test_an_unknown_contribution_leaves_the_amount_unknown_and_named(city, deliver) -> None:
    deliver(tax=[{"uscc": A, "tax": 1_000_000}])
    deliver(projects=[upgrade(A, 4875)])
    refresh()
    assert decided().amount is None
    assert decided().missing == ["local_contribution"]
    assert queries.totals(Decision.objects.all())["unknown"] == 1


def test_the_rent_subsidy_asks_for_the_grade_of_the_year_before(city, deliver) -> None:
    rent = {
        "uscc": A, "code": "R1", "title": "租房", "applies_for": "租赁厂房补助", "actual_investment": 1500,
        "is_new_major_upgrade": "是", "rented_area_m2": 6000, "rented_months": 12,
    }  # fmt: skip
    deliver(projects=[rent])
    deliver(projects=[{**rent, "code": "R0"}], year=2021)
    refresh()
    now = decided("rent_subsidy", year=2022)
    assert now.amount == 21_600_000
    assert now.graded_before_by == Result.objects.get(firm__uscc=A, year=2021)
    first = decided("rent_subsidy", year=2021)
    assert first.amount is None, "nobody knows the grade of 2020"
    assert first.missing == ["previous_grade"]


def test_only_what_is_applied_for_is_decided(city, deliver) -> None:
    deliver(projects=[upgrade(A, 4875, applies_for=None), upgrade(B, 600, "T2", applies_for="技改补助、垂直工业补助")])
    refresh()
    assert sorted(Decision.objects.values_list("project__code", "rule")) == [
        ("T2", "upgrade_subsidy"),
        ("T2", "vertical_subsidy"),
    ]


def why_of(decision: Decision) -> Record:
    ((_, record),) = queries.explain_all(Decision.objects.filter(pk=decision.pk))
    return record


def test_the_explanation_gives_the_stored_amount_and_its_rows(city, deliver) -> None:
    deliver(projects=[upgrade(A, 4875)])
    refresh()
    why = why_of(decided())
    assert why.outputs["amount"] == "5450000.00"
    assert why.notes == ("评价等级来源：测算（未公布）", queries.PROVISIONAL)
    inputs = {i.name: i for step in why.steps for i in step.inputs}
    assert inputs["equipment_investment"].sources[0].row == 2
    assert inputs["equipment_investment"].sources[0].department == "市经信局"
    assert inputs["local_contribution"].sources[0].department == "市税务局"
    assert "2022 年度测算（未公布）" in inputs["grade"].sources[0].file


def test_an_old_decision_is_explained_on_what_was_known_then(city, deliver) -> None:
    deliver(projects=[upgrade(A, 4875)])
    refresh()
    old = decided()
    deliver(projects=[upgrade(A, 600)])
    refresh()
    assert Decision.objects.count() == 2
    assert why_of(old).outputs["amount"] == "5450000.00"
    assert why_of(Decision.objects.order_by("-id")[0]).outputs["amount"] == "600000.00"


def test_an_altered_amount_is_noticed(city, deliver) -> None:
    deliver(projects=[upgrade(A, 4875)])
    refresh()
    Decision.objects.update(amount=1)
    assert any("不一致" in note for note in why_of(decided()).notes)


def test_a_county_official_sees_the_own_units_decisions(city, deliver) -> None:
    deliver(projects=[upgrade(A, 4875)])
    made, _ = refresh()
    own = User.objects.create(username="own", role=Role.COUNTY, unit_id="331002")
    other = User.objects.create(username="other", role=Role.COUNTY, unit_id="331003")
    assert queries.decisions(own, made).count() == 1
    assert queries.decisions(other, made).count() == 0
    assert queries.amounts_by_unit(other, made, 2022) == {}
