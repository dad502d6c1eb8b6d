"""A department's system delivers: with a token only, by the same steps as the page, and never more than its right."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from deliveries import A, B, firms, workbook
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase

from fenghuang.config.wsgi import application
from fenghuang.domain.feeds.models import Submission
from fenghuang.domain.registry.models import FirmYear
from fenghuang.platform.accounts import tokens
from fenghuang.platform.accounts.actions import create_user, set_active
from fenghuang.platform.accounts.models import ApiToken, User
from fenghuang.platform.audit.models import Event
from fenghuang.platform.jobs.tasks import run_job
from people import PASSWORD

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/deliveries"
SNAPSHOT = Path(__file__).with_name("deliveries_openapi.json")


class System:
    """Another system with a token."""

    def __init__(self, token: str) -> None:
        self.client, self.head = Client(), {"authorization": f"Bearer {token}"}

    def get(self, address: str) -> Any:
        return self.client.get(address, headers=self.head)

    def post(self, address: str, data: Any = None, **more: Any) -> Any:
        more = more or {"content_type": "application/json"}
        return self.client.post(address, data or {}, headers=self.head, **more)

    def deliver(self, path: Path, **fields: str) -> Any:
        file = SimpleUploadedFile(path.name, path.read_bytes())
        return self.client.post(ADDRESS, {"files": [file], **fields}, headers=self.head)


@pytest.fixture
def system(clerk: User) -> System:
    """The tax office's."""
    return System(tokens.make(clerk, "税务局数据平台", 30, actor=clerk))


@pytest.fixture
def sheet(deliver: Any, tmp_path: Path) -> Path:
    deliver(directory=firms(A, B), tax=[{"uscc": A, "tax": 100}, {"uscc": B, "tax": 100}])
    return workbook(tmp_path / "税.xlsx", ("tax", [{"uscc": A, "tax": 100}, {"uscc": B, "tax": 150}]))


def checked(found: dict[str, Any]) -> None:
    run_job.call(found["job"]["id"])


def taxes() -> list[int | None]:
    return list(FirmYear.objects.current().order_by("firm__uscc").values_list("tax", flat=True))


def test_delivered_looked_at_and_taken(system: System, sheet: Path, clerk: User) -> None:
    before = taxes()
    answer = system.deliver(sheet, note="税函〔2023〕8号")
    assert answer.status_code == 202
    found = answer.json()
    assert (found["state"], found["usable"], found["sheets"]) == ("checking", None, [])
    one = f"{ADDRESS}/{found['id']}"
    assert system.post(f"{one}/accept").status_code == 409, "not yet checked"
    checked(found)
    found = system.get(one).json()
    [told] = found["sheets"]
    assert (found["state"], told["title"], told["counts"]["changed"]) == ("waiting", "企业评价税收与地方贡献", 1)
    assert told["sums"][0]["after"] == "250", "of the own department's sheet, here as on the page"
    assert Event.objects.filter(action="feeds.read_upload", actor=clerk).exists()
    assert taxes() == before, "nothing has taken effect"
    taking = system.post(f"{one}/accept", {"confirmed": [doubt["id"] for doubt in told["doubts"]]})
    assert taking.status_code == 202
    checked(taking.json())
    found = system.get(one).json()
    assert found["state"] == "taken"
    assert found["recording"]
    assert sorted(taxes()) == [10000, 15000]
    again = system.post(f"{one}/accept")
    assert again.status_code == 409
    assert "已由" in again.json()["detail"]
    acted = Event.objects.filter(actor=clerk).values_list("action", flat=True)
    assert {"accounts.make_token", "accounts.use_token", "feeds.submitted", "feeds.accepted"} <= set(acted)
    assert Event.objects.filter(action="accounts.use_token").count() == 1, "once a day"


def test_dropped_before_it_takes_effect(system: System, sheet: Path) -> None:
    found = system.deliver(sheet).json()
    checked(found)
    before = taxes()
    dropped = system.post(f"{ADDRESS}/{found['id']}/withdraw", {"reason": "传错了文件"})
    assert (dropped.status_code, dropped.json()["state"]) == (200, "discarded")
    assert taxes() == before
    assert Event.objects.get(action="feeds.discarded").reason == "传错了文件"


def test_what_is_no_table_is_refused_with_a_sentence(system: System, tmp_path: Path) -> None:
    (tmp_path / "甲.pdf").write_bytes(b"%PDF")
    refused = system.deliver(tmp_path / "甲.pdf")
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "“甲.pdf”不是 XLSX 或 CSV" in refused.json()["detail"]
    assert "files" in system.client.post(ADDRESS, headers=system.head).json()["detail"]
    assert not Submission.objects.exists()


def test_another_departments_upload_is_not_there(system: System, sheet: Path) -> None:
    found = system.deliver(sheet).json()
    other = create_user("he", PASSWORD, role="department_clerk", agency="statistics", display_name="何")
    theirs = System(tokens.make(other, "统计平台", 30, actor=other))
    for answer in (theirs.get(f"{ADDRESS}/{found['id']}"), theirs.post(f"{ADDRESS}/{found['id']}/accept")):
        assert answer.status_code == 404
        assert "属于其他部门" in answer.json()["detail"]
    assert Event.objects.filter(action="accounts.reached_beyond", actor=other).count() == 2


def test_only_a_good_token_opens_and_it_opens_nothing_else(system: System, clerk: User, operator: User) -> None:
    assert system.get("/data/").status_code == 302, "no page"
    browser = Client()
    browser.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(ADDRESS).status_code == 401, "no session"
    bad = System("fh_wrong").post(ADDRESS)
    assert (bad.status_code, bad.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "接口令牌" in bad.json()["detail"]

    def status() -> int:
        return int(system.get(f"{ADDRESS}/9999").status_code)

    assert status() == 404
    token = ApiToken.objects.get()
    assert system.head["authorization"].removeprefix("Bearer ") not in repr(vars(token))
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert status() == 401
    ApiToken.objects.update(expires_at=token.expires_at)
    set_active(clerk, False, reason="调离", actor=operator)
    assert status() == 401
    set_active(clerk, True, reason="返岗", actor=operator)
    assert status() == 404
    tokens.revoke(token, actor=operator)
    assert status() == 401
    assert Event.objects.filter(action="accounts.revoke_token", actor=operator).count() == 1


def test_the_own_page_shows_a_token_once(as_user: Any, clerk: User, county: User) -> None:
    client = as_user(clerk)
    page = client.post("/accounts/tokens/", {"name": "税务局数据平台", "days": "30"}).content.decode()
    token = page.split('<code class="user-select-all text-break">')[1].split("<")[0]
    assert System(token).get(f"{ADDRESS}/1").status_code == 404
    again = client.get("/accounts/tokens/").content.decode()
    assert "税务局数据平台" in again
    assert token not in again
    assert "1 至 366" in client.post("/accounts/tokens/", {"name": "甲乙", "days": "999"}).content.decode()
    client.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke")
    assert System(token).get(f"{ADDRESS}/1").status_code == 401
    with pytest.raises(PermissionDenied):
        tokens.make(county, "县里", 30, actor=county)
    with pytest.raises(PermissionDenied):
        tokens.make(clerk, "代办", 30, actor=county)


def test_the_shape_is_the_promised_one() -> None:
    """A change is one of a public promise: make the snapshot again on purpose, with FENGHUANG_SNAPSHOT=1."""
    found = Client().get(f"{ADDRESS}/openapi.json").json()
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("FENGHUANG_SNAPSHOT"):
        SNAPSHOT.write_text(text, "utf-8")
    assert text == SNAPSHOT.read_text("utf-8")


CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {"deterministic": True, "mode": "all"},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "422"]},
            "negative_data_rejection": {"expected-statuses": ["400", "401", "404", "405", "409", "415", "422"]},
            "ignored_auth": {"enabled": False},  # every question of this test has a token: tested above
        },
    }
)


@pytest.fixture
def kept_open() -> Iterator[None]:
    """Requests through WSGI end the connection, which here is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi(f"{ADDRESS}/openapi.json", application, config=CONFIG)


@schema.parametrize()
@hypothesis.seed(20211226)
@hypothesis.settings(
    max_examples=int(os.environ.get("FENGHUANG_EXAMPLES", "6")), deadline=None, database=None, derandomize=True,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_the_interface_is_as_described(case: Any, kept_open: None, clerk: User, settings: Any) -> None:
    settings.PUBLIC_RATE = 0
    ApiToken.objects.all().delete()
    case.headers["Authorization"] = f"Bearer {tokens.make(clerk, '核对', 1, actor=clerk)}"
    case.call_and_validate()
