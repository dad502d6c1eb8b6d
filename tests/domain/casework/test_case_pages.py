"""The pages of casework as people of each office see them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A
from django.core.files.uploadedfile import SimpleUploadedFile
from test_inefficient_firms import NAME, entered

from fenghuang.domain.casework.models import Case

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 x"
OF_REGISTER = f"/cases/registers/{NAME}/"


def text(answer: Any) -> str:
    return answer.content.decode()


def a_file(name: str = "材料.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("who", ["city", "county", "township", "auditor", "operator"])
@pytest.mark.parametrize(
    "address",
    ["/cases/", "/cases/?show=all&state=found&q=x&township=章安街道", OF_REGISTER, f"{OF_REGISTER}?view=board",
     f"{OF_REGISTER}?view=calendar&month=2023-03", f"{OF_REGISTER}?view=map", f"{OF_REGISTER}diagram",
     f"{OF_REGISTER}periods", "/cases/{pk}/", "/cases/{pk}/print", "/cases/{pk}/plan"],
)  # fmt: skip
def test_every_page_opens_for_every_office(
    low: Any, people: SimpleNamespace, as_user: Any, who: str, address: str
) -> None:
    case = entered()
    answer = as_user(getattr(people, who)).get(address.format(pk=case.pk))
    assert answer.status_code == 200, address


def test_screening_previews_and_enters(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    client = as_user(people.county)
    page = text(client.get(f"{OF_REGISTER}screen"))
    assert "应列入 1 个" in page
    preview = text(client.post(f"{OF_REGISTER}screen", {"subject": [A]}))
    assert "将列入 1 个对象" in preview
    assert not Case.objects.exists()
    client.post(f"{OF_REGISTER}screen", {"subject": [A], "confirmed": "1"})
    assert Case.objects.get().subject == A
    assert "应列入 0 个" in text(client.get(f"{OF_REGISTER}screen"))
    assert as_user(people.township).get(f"{OF_REGISTER}screen").status_code == 403
    assert as_user(people.neighbour).post(f"{OF_REGISTER}screen", {"subject": [A], "confirmed": "1"}).status_code == 302
    assert Case.objects.count() == 1
