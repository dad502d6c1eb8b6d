"""Documents handed to staff: a firm's notice, and all notices of a campaign as background work."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from fenghuang.domain.campaign.firm_views import found_grade
from fenghuang.domain.campaign.notices import may_make, name_of, request_all
from fenghuang.domain.campaign.notices import notice as notice_of
from fenghuang.domain.campaign.views import found_campaign
from fenghuang.domain.feeds.sensitive import FIELDS, note_read
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.documents import forms
from fenghuang.platform.refusals import Refused


@require_GET
def notice(request: Request, pk: int, uscc: str, form: str) -> HttpResponse:
    """A firm's notice. It tells taxes: not for all, and noted before it is made, so that it states that event too."""
    campaign, grade = found_grade(request, pk, uscc)
    if not may_make(request.user, campaign):
        raise PermissionDenied("a notice tells taxes")
    note_read(request.user, "campaign.read_notice", grade.firm, FIELDS)
    try:
        content = forms.made(notice_of(grade), form)
    except Refused as refused:
        messages.error(request, f"{refused}。")
        return redirect("campaign:firm", pk=pk, uscc=grade.firm.uscc)
    answer = HttpResponse(content, content_type=forms.TYPES[form])
    answer["Content-Disposition"] = content_disposition_header(True, name_of(grade, form)) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def notices(request: Request, pk: int) -> HttpResponse:
    """All of them, by the worker."""
    campaign = found_campaign(request, pk)
    require(request.user, "accounts.change", campaign.unit_id)
    try:
        job = request_all(request.user, campaign, request.POST.get("form", ""))
    except Refused as refused:
        messages.error(request, f"{refused}。")
        return redirect("campaign:grades", pk=pk)
    messages.success(request, "正在后台生成全部告知书，完成后在本页下载。")
    return redirect("jobs:detail", pk=job.pk)
