"""The pages of deliveries, findings and rows: who sees what, and an upload that runs as a job."""

from io import BytesIO

import pytest
from deliveries import A, B, firm, firms, workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fenghuang.domain.feeds.models import Delivery, RawRow, Submission
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.tasks import run_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unbuilt_assets(settings) -> None:
    """These pages are looked at without the built stylesheet."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def sign_in(client, role: str, unit: str | None = None) -> User:
    user = User.objects.create(username=f"{role}{unit}", role=role, unit_id=unit)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_upload_runs_as_a_job_and_is_shown(client, tmp_path) -> None:
    user = sign_in(client, Role.CITY)
    content = workbook(tmp_path / "t.xlsx", ("directory", firms(A)), ("tax", [{"uscc": A, "tax": "无"}])).read_bytes()
    assert client.get(reverse("feeds:upload")).status_code == 200
    broken = SimpleUploadedFile("坏.xlsx", b"PK")
    answer = client.post(reverse("feeds:upload"), {"files": [SimpleUploadedFile("甲.xlsx", content), broken]})
    one = Submission.objects.get()
    assert answer.url == reverse("feeds:submission", args=[one.pk])
    for deed in ("registry.preview", "registry.take"):
        job = Job.objects.get(kind=deed)
        run_job.call(job.pk)
        job.refresh_from_db()
        assert job.state == "done", job.log
        if deed == "registry.preview":
            assert "1 个文件不能用" in job.message
            client.post(reverse("feeds:take", args=[one.pk]))
    assert "1 个文件未导入" in job.message
    assert "坏.xlsx" in job.log
    assert Delivery.objects.filter(received_by=user, file_name="甲.xlsx").count() == 2
    shown = client.get(reverse("feeds:index")).content.decode()
    assert "甲.xlsx · tax" in shown
    assert "市科技局" in shown  # missing
    for pk in Delivery.objects.values_list("pk", flat=True):
        assert client.get(reverse("feeds:delivery", args=[pk])).status_code == 200
    found = client.get(reverse("feeds:findings"), {"kind": "text_in_number"}).content.decode()
    assert "不是数字" in found


def test_rights(client, deliver) -> None:
    deliver(directory=[firm(A), firm(B, unit="黄岩区")], tax=[{"uscc": A, "tax": "x"}, {"uscc": B, "tax": "y"}])
    own, other = (RawRow.objects.get(delivery__template="tax", key=uscc) for uscc in (B, A))
    sign_in(client, Role.COUNTY, "331003")
    assert client.get(reverse("feeds:upload")).status_code == 403
    assert client.post(reverse("feeds:upload"), {"files": [BytesIO(b"x")]}).status_code == 403
    shown = client.get(reverse("feeds:findings")).content.decode()
    assert B in shown
    assert A not in shown
    assert client.get(reverse("registry:row", args=[own.pk])).status_code == 200
    assert client.get(reverse("registry:row", args=[other.pk])).status_code == 404
    client.logout()
    assert client.get(reverse("feeds:index")).status_code == 302


def test_wrong_endings_are_refused_in_the_form(client) -> None:
    sign_in(client, Role.CITY)
    answer = client.post(reverse("feeds:upload"), {"files": [SimpleUploadedFile("旧.xls", b"x")]})
    assert "另存为 .xlsx" in answer.content.decode()
    assert not Firm.objects.exists()
    assert not Job.objects.exists()
