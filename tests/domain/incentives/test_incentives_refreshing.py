"""New data and old results: every page says so, and those who may have it computed anew."""

import pytest

from fenghuang.domain.incentives import actions
from fenghuang.domain.incentives.jobs import run_refresh
from fenghuang.domain.registry.models import Recording
from fenghuang.platform.jobs.models import Job

PAGES = ["/", "/evaluation/", "/incentives/"]


@pytest.fixture
def newer(small_city):
    from django.utils import timezone

    return Recording.objects.create(at=timezone.now(), note="更正")


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_when_the_data_are_newer(as_user, city, newer, page: str) -> None:
    text = as_user(city).get(page).content.decode()
    assert "数据已更新" in text
    assert "重新测算" in text


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_said_while_results_are_current(as_user, city, small_city, page: str) -> None:
    assert "数据已更新" not in as_user(city).get(page).content.decode()


def test_who_may_not_gets_no_button_and_no_job(as_user, auditor, newer) -> None:
    client = as_user(auditor)
    assert '<form method="post" action="/incentives/refresh"' not in client.get("/").content.decode()
    assert client.post("/incentives/refresh").status_code == 403
    assert not Job.objects.filter(kind="incentives.refresh").exists()


def test_asking_twice_queues_once_and_the_job_computes_anew(as_user, city, newer) -> None:
    client = as_user(city)
    for _ in range(2):
        assert client.post("/incentives/refresh").status_code == 302
    job = Job.objects.get(kind="incentives.refresh")
    done = run_refresh(job, user=city.pk)
    assert done["new"]
    assert "数据已更新" not in client.get("/").content.decode()


def test_a_get_changes_nothing(as_user, city, newer) -> None:
    assert as_user(city).get("/incentives/refresh").status_code == 405
    assert not Job.objects.filter(kind="incentives.refresh").exists()


def test_the_queue_takes_one_refresh_of_the_system(newer) -> None:
    assert actions.request_refresh(None).pk == actions.request_refresh(None).pk
