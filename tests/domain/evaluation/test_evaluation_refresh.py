"""A refresh freezes what was known, grades every unit by itself, and computes the same thing once."""

from fractions import Fraction

import pytest
from deliveries import A, B, C, D, firm
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from fenghuang.domain.evaluation import queries
from fenghuang.domain.evaluation.models import LawVersion, Refresh, Result, Run
from fenghuang.domain.incentives.actions import refresh
from fenghuang.domain.registry.snapshot import facts
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event


def person(role: str, unit: str | None = None) -> User:
    return User.objects.create(username=f"{role}{unit or ''}", role=role, unit_id=unit)


@pytest.fixture
def city(deliver):
    """Two firms in 椒江 (one with twice the tax per 亩), one in 黄岩, one that gave no facts."""
    deliver(
        directory=[
            firm(A, above_scale="是", revenue=100_000, value_added=30_000),
            firm(B, above_scale="是", revenue=100_000, value_added=30_000),
            firm(C, above_scale="否", unit="黄岩区"),
            firm(D, above_scale="否", unit="黄岩区"),
        ],
        tax=[{"uscc": A, "tax": 4_000_000}, {"uscc": B, "tax": 2_000_000}, {"uscc": C, "tax": 231_864}],
        parcels=[
            {"uscc": A, "reference": "P1", "amount": 10},
            {"uscc": B, "reference": "P2", "amount": 10},
            {"uscc": C, "reference": "P3", "amount": 2},
        ],
        emissions=[{"uscc": A, "emission_t": 1}, {"uscc": B, "emission_t": 1}],
        meters=[{"uscc": C, "reference": "M1", "amount": 985_816}],
    )


def result(uscc: str) -> Result:
    return Result.objects.select_related("run__method", "run__unit", "run__refresh__recording").get(firm__uscc=uscc)


def test_every_firm_has_one_result_and_the_classes_add_up(city) -> None:
    made, new = refresh()
    assert new
    assert Result.objects.filter(refresh=made).count() == 4
    for run in Run.objects.exclude(scope=""):
        assert sum(run.classes.values()) == run.evaluated
        assert run.evaluated + run.not_graded + run.marked == run.firms


def test_the_better_firm_ranks_first_inside_its_own_unit(city) -> None:
    refresh()
    assert (result(A).rank, result(B).rank) == (1, 2)
    assert result(C).rank == 1, "another unit's firms do not count"
    assert result(A).tax_per_mu == 400_000, "40 万元/亩 in 10^-4"


def test_a_method_that_is_not_the_units_own_says_so(city) -> None:
    refresh()
    assert result(A).run.borrowed
    assert not result(C).run.borrowed
    assert any("借用" in note for note in queries.explain(result(A)).notes)


def test_a_firm_at_both_benchmarks_scores_a_hundred(city) -> None:
    refresh()
    firm_c = result(C)
    assert firm_c.items["tax_per_mu"][0] == "11.5932"
    assert firm_c.items["tax_per_mu"][1] == "50.000000000000000000"


def test_unknown_facts_are_zero_points_by_the_method_and_said(city) -> None:
    refresh()
    why = queries.explain(result(D))
    assert result(D).tax_per_mu is None
    assert result(D).grade
    assert any("亩均税收" in note and "按 0 分计" in note for note in why.notes)
    assert why.missing == (), "what is scored 0 blocks nothing"


def test_the_explanation_ends_in_the_stored_grade_and_names_its_rows(city) -> None:
    refresh()
    why = queries.explain(result(A))
    assert why.outputs["grade"] == result(A).grade
    assert why.outputs["score"] == f"{result(A).score / 10**4:.4f}"
    tax = next(i for step in why.steps for i in step.inputs if i.name == "tax")
    assert tax.sources[0].row == 2
    assert tax.sources[0].sheet == "tax"
    assert tax.sources[0].department == "市税务局"


def test_the_same_facts_and_law_are_computed_once(city) -> None:
    first, _ = refresh()
    again, new = refresh()
    assert (again.pk, new) == (first.pk, False)
    assert Refresh.objects.count() == 1


def test_new_facts_make_a_new_refresh_and_the_old_one_is_explained_as_it_was(city, deliver) -> None:
    old, _ = refresh()
    before = result(B)
    deliver(tax=[{"uscc": B, "tax": 9_000_000}])
    new, made = refresh()
    assert made
    assert new.pk != old.pk
    later = Result.objects.get(refresh=new, firm__uscc=B)
    assert (later.rank, later.tax_per_mu) == (1, 900_000)
    before.refresh_from_db()
    why = queries.explain(before)
    assert why.outputs["rank"] == 2
    assert not any("不一致" in note for note in why.notes)
    tax = next(i for step in why.steps for i in step.inputs if i.name == "tax")
    assert Fraction(tax.value) == 2_000_000


def test_the_snapshot_hash_follows_every_value(city, deliver) -> None:
    old, _ = refresh()
    sha = old.snapshots.get().sha256
    assert facts(2022, old.recording).sha256 == sha
    deliver(tax=[{"uscc": B, "tax": "2000000.01"}])
    new, _ = refresh()
    assert new.snapshots.get().sha256 != sha
    assert facts(2022, old.recording).sha256 == sha, "what was known then is known still"


def test_versions_of_method_and_policy_are_kept_with_their_text(city) -> None:
    made, _ = refresh()
    assert "upgrade_subsidy" in made.policy.content
    assert {v.kind for v in LawVersion.objects.all()} == {"method", "policy"}


def test_unit_figures_are_sums_over_sums(city) -> None:
    made, _ = refresh()
    user = person(Role.CITY)
    found = queries.indicator(user, made, 2022, "tax_per_mu")
    assert found.value == Fraction(600, 20)
    below = queries.indicator(user, made, 2022, "tax_per_mu", above_scale=False)
    assert (below.value, below.firms, below.left_out) == (Fraction("11.5932"), 1, 1)


def test_a_county_official_sees_the_own_unit_only(city) -> None:
    made, _ = refresh()
    own = person(Role.COUNTY, "331002")
    assert set(queries.results(own, made).values_list("firm__uscc", flat=True)) == {A, B}
    assert {run.unit_id for run in queries.runs(own, made, 2022)} == {"331002"}
    assert queries.indicator(own, made, 2022, "tax_per_mu", above_scale=False).firms == 0


@pytest.mark.parametrize(("role", "unit"), [(Role.AUDITOR, None), (Role.COUNTY, "331002")])
def test_who_may_not_refresh(city, role: str, unit: str | None) -> None:
    with pytest.raises(PermissionDenied):
        refresh(person(role, unit))
    assert not Refresh.objects.exists()


def test_a_break_in_the_middle_leaves_nothing(city, monkeypatch) -> None:
    from fenghuang.domain.incentives import actions

    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    events = Event.objects.count()
    monkeypatch.setattr(actions, "settle", broken)
    with pytest.raises(RuntimeError):
        refresh()
    assert not Refresh.objects.exists()
    assert not Result.objects.exists()
    assert Event.objects.count() == events


def test_the_chain_of_events_holds(city) -> None:
    refresh()
    assert verify().ok
    assert Event.objects.filter(action="incentives.refresh").count() == 1


def test_two_results_of_one_firm_and_year_are_refused(city) -> None:
    refresh()
    twice = result(A)
    twice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save(force_insert=True)


def test_a_key_project_under_construction_lifts_the_grade(city, deliver) -> None:
    deliver(
        projects=[
            {
                "uscc": B, "code": "K1", "title": "重点项目", "is_key_project": "是",
                "under_construction": "是", "total_investment": 10_000,
            }
        ]
    )  # fmt: skip
    refresh()
    lifted = result(B)
    assert lifted.grade == "A"
    assert lifted.initial_grade != "A"
    assert "第八条" in lifted.regrades
    why = queries.explain(lifted)
    read = {i.name: i for step in why.steps if step.name == "regrade_1" for i in step.inputs}
    assert read["key_project_investment"].sources[0].department == "市经信局"
    assert read["under_construction"].value


def test_a_key_project_of_unknown_size_is_named_as_what_is_missing(city, deliver) -> None:
    project = {"uscc": B, "code": "K2", "title": "重点项目", "is_key_project": "是", "under_construction": "是"}
    deliver(projects=[project])
    refresh()
    open_ = result(B)
    assert open_.status == "marked"
    assert "重点产业项目总投资" in open_.reason
    why = queries.explain(open_)
    assert why.missing == ("key_project_investment",)
    assert not any("不一致" in note for note in why.notes)
