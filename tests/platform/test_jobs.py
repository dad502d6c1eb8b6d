"""Jobs: progress, stop, failure, and what becomes of the work of a worker that died."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from fenghuang.platform.jobs import actions, registry, worker
from fenghuang.platform.jobs.models import Job, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """Kinds of jobs the tests need."""

    @registry.job("test.good")
    def good(job: Job, *, to: int) -> dict[str, int]:
        actions.progress(job, 50, "一半")
        actions.attach(job, "结果.txt", "好".encode())
        return {"to": to}

    @registry.job("test.bad")
    def bad(job: Job) -> None:
        raise ValueError("第 7 行没有企业名称")

    @registry.job("test.stopped")
    def stopped(job: Job) -> None:
        actions.progress(job, 10, "开始")
        actions.cancel(Job.objects.get(pk=job.pk), actor=None)
        actions.progress(job, 20, "不应到达")
        raise AssertionError("went on")

    yield
    for kind in ("test.good", "test.bad", "test.stopped"):
        registry._kinds.pop(kind)


def work() -> None:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def test_a_job_runs_and_keeps_its_result(city, as_user) -> None:
    job = actions.enqueue("test.good", "试一试", actor=city, arguments={"to": 3})
    assert job.state == State.QUEUED
    work()
    job.refresh_from_db()
    assert (job.state, job.progress, job.result) == (State.DONE, 100, {"to": 3})
    assert "一半" in job.log
    client = as_user(city)
    assert b"".join(client.get(f"/jobs/{job.pk}/file").streaming_content).decode() == "好"
    assert "已完成" in client.get(f"/jobs/{job.pk}/").content.decode()


def test_a_failure_says_why(city) -> None:
    job = actions.enqueue("test.bad", "坏", actor=city)
    work()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.message == "第 7 行没有企业名称"
    assert "ValueError" in job.log


def test_a_running_job_stops_at_its_next_progress() -> None:
    job = actions.enqueue("test.stopped", "停", actor=None)
    work()
    job.refresh_from_db()
    assert (job.state, job.progress) == (State.CANCELLED, 20)


def test_a_queued_job_never_starts_when_cancelled(city) -> None:
    job = actions.enqueue("test.good", "停", actor=city, arguments={"to": 1})
    actions.cancel(job, actor=city)
    work()
    job.refresh_from_db()
    assert (job.state, job.started_at) == (State.CANCELLED, None)


def test_rights(city, county, auditor, operator, as_user) -> None:
    with pytest.raises(PermissionDenied):
        actions.enqueue("test.good", "审", actor=auditor)
    job = actions.enqueue("test.good", "市", actor=city, arguments={"to": 1})
    for other in (county, auditor):
        with pytest.raises(PermissionDenied):
            actions.cancel(job, actor=other)
    assert as_user(county).get(f"/jobs/{job.pk}/").status_code == 404
    actions.cancel(job, actor=operator)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        actions.enqueue("test.none", "无", actor=None)
    assert not Job.objects.exists()


def test_jobs_of_a_dead_worker_are_marked() -> None:
    living, lock = worker.enrol()
    kept = Job.objects.create(kind="test.good", title="活", state=State.RUNNING, worker=living)
    lost = Job.objects.create(kind="test.good", title="亡", state=State.RUNNING, worker="0" * 32)
    assert worker.bury_the_dead() == 1
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.state, lost.state) == (State.RUNNING, State.FAILED)
    lock.close()  # as the kernel does when the process ends
    assert worker.bury_the_dead() == 1


def test_the_fragment_asks_again_until_the_job_is_over(city, as_user) -> None:
    job = actions.enqueue("test.good", "看", actor=city, arguments={"to": 1})
    client = as_user(city)
    fragment = client.get(f"/jobs/{job.pk}/", headers={"hx-request": "true"})
    text = fragment.content.decode()
    assert "hx-get" in text
    assert "<html" not in text
    assert "HX-Request" in fragment.headers["Vary"]
    work()
    fragment = client.get(f"/jobs/{job.pk}/", headers={"hx-request": "true"})
    assert "hx-get" not in fragment.content.decode()
    assert fragment.headers["HX-Refresh"] == "true"
