"""亩均评价: one line a run; borrowed and assumed are said; the sums are those of the results."""

from __future__ import annotations

from fenghuang.domain.evaluation.models import Result, Run, Snapshot


def test_one_line_a_unit_and_scope(as_user, city, small_city) -> None:
    lines = as_user(city).get("/evaluation/").context["lines"]
    assert len(lines) == Run.objects.filter(year=2022).count()
    assert [line.run.unit.order for line in lines] == sorted(line.run.unit.order for line in lines)
    assert all(line.adds_up for line in lines)


def test_only_huangyan_has_its_own_method(as_user, city, small_city) -> None:
    page = as_user(city).get("/evaluation/?year=2021")
    assert {line.run.unit.name for line in page.context["lines"] if not line.run.borrowed} == {"黄岩区"}
    text = page.content.decode()
    assert "借用，演示" in text
    assert "假定" in text
    assert "huangyan-2021" in text


def test_the_total_is_that_of_the_results(as_user, city, small_city) -> None:
    total = as_user(city).get("/evaluation/").context["total"]
    results = Result.objects.filter(year=2022)
    assert total["firms"] == results.count()
    assert total["classes"] == [results.filter(grade=grade).count() for grade in "ABCD"]
    assert total["marked"] == results.filter(status="marked").count()


def test_the_snapshot_is_named(as_user, city, small_city) -> None:
    snapshot = Snapshot.objects.get(year=2022)
    assert snapshot.sha256[:12] in as_user(city).get("/evaluation/").content.decode()


def test_a_run_that_does_not_add_up_is_said(as_user, city, small_city) -> None:
    run = Run.objects.filter(year=2022).first()
    Run.objects.filter(pk=run.pk).update(classes={**run.classes, "A": run.classes["A"] + 1})
    page = as_user(city).get("/evaluation/")
    assert not page.context["total"]["adds_up"]
    assert "不平衡" in page.content.decode()
