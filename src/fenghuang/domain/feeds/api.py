"""POST /api/v1/deliveries: a department's system delivers as its clerk does on the page, by the same actions.

Only with a token (platform/accounts/tokens.py) and only for uploads; a browser's session counts for nothing here. What
an upload would change is told before anything takes effect. Errors are problem details (RFC 9457), in Chinese.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from ninja import File, Form, NinjaAPI, Schema, UploadedFile
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer
from pydantic import Field

from fenghuang.domain.feeds import sensitive
from fenghuang.domain.feeds import submit as uploads
from fenghuang.domain.feeds.forms import UploadForm
from fenghuang.domain.feeds.models import Submission
from fenghuang.domain.feeds.queries import submissions_for
from fenghuang.domain.feeds.templates import template
from fenghuang.platform.accounts.models import ApiToken, User
from fenghuang.platform.accounts.tokens import owner
from fenghuang.platform.audit.reach import within_reach

_log = logging.getLogger("django.request")
TITLES = {
    400: "请求无法使用",
    401: "令牌无效",
    403: "没有权限",
    404: "没有这次报送",
    405: "这个地址不接受这种请求方法",
    409: "状态已改变，没有执行",
    422: "文件或字段无法使用",
    429: "请求过于频繁",
    500: "系统出错",
}
NO_TOKEN = "请在 Authorization 头中给出 Bearer 令牌；令牌在“我的账号－接口令牌”中生成，过期或停用后无效"  # noqa: S105


class Token(HttpBearer):
    """The person whose token it is, for what tokens of this scope are for."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = owner(token, ApiToken.Scope.DELIVER, request.META.get("REMOTE_ADDR", ""))
        if user is not None:
            request.user = user
        return user


api = NinjaAPI(
    title="凤凰部门报送接口",
    version="1",
    description="部门业务系统报送文件：上传后先核对，列出差异，确认后生效。须持接口令牌，只能报送本部门的表。",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-deliveries",
    auth=Token(),
)


class Sheet(Schema):
    """A sheet of the upload and what it would change."""

    file: str
    sheet: str
    template: str
    title: str
    department: str
    years: list[int]
    rows: int
    counts: dict[str, int] = Field(description="new 新增、changed 改动、quarantined 隔离、vanished 本次未出现等的行数")
    remarks: list[str]
    doubts: list[dict[str, Any]] = Field(description="须逐项确认的疑点：id、kind、sentence")
    sums: list[dict[str, Any]] = Field(description="各数值列的合计，与上次报送比较；无权查看的以 *** 代替")


class Job(Schema):
    """The background work."""

    id: int
    state: str
    progress: int
    message: str


class Upload(Schema):
    """Where an upload stands."""

    id: int
    state: str = Field(description="checking 核对中、waiting 待采用、taking 采用中、taken 已采用、discarded 已放弃")
    state_title: str
    files: list[str]
    submitted_at: str
    job: Job | None
    said: str = Field(description="系统的提醒，如核对之后有其他数据生效")
    usable: bool | None = Field(description="有没有可采用的表；核对完成前为 null")
    sheets: list[Sheet]
    others: list[dict[str, Any]] = Field(description="不能用或未变化的文件，以及原因")
    recording: int | None = Field(description="采用后的记录号")


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class Confirmed(Schema):
    """Which doubts somebody has looked at."""

    confirmed: list[str] = Field(default_factory=list, max_length=1000, description="已核对的疑点的 id")


class Reason(Schema):
    reason: str = Field("", max_length=300, description="记入审计日志")


def told(user: User, one: Submission) -> dict[str, Any]:
    """What the page shows, as data; figures that the person may not read are masked."""
    summary = one.summary or {}
    hidden = sensitive.hidden_from(user, None)
    names = ("file", "sheet", "template", "title", "department", "years", "rows", "counts", "remarks", "doubts")
    sheets = [
        {
            **{name: sheet[name] for name in names},
            "sums": sensitive.masked_sums(template(sheet["template"]), sheet["sums"], hidden),
        }
        for sheet in summary.get("sheets", [])
    ]
    job = one.job
    return {
        "id": one.pk,
        "state": one.state,
        "state_title": "已中断，可重新核对" if one.is_broken_off else one.get_state_display(),
        "files": one.files,
        "submitted_at": timezone.localtime(one.submitted_at).isoformat(timespec="seconds"),
        "job": job and {"id": job.pk, "state": job.state, "progress": job.progress, "message": job.message},
        "said": one.said,
        "usable": summary.get("usable"),
        "sheets": sheets,
        "others": summary.get("others", []),
        "recording": one.recording,
    }


def answer(user: User, one: Submission, status: int) -> HttpResponse:
    body = json.dumps(told(user, one), ensure_ascii=False, default=str)
    return HttpResponse(body, status=status, content_type="application/json")


def problem(status: int, detail: str, path: str) -> HttpResponse:
    said = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, "instance": path}
    body = json.dumps(said, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type="application/problem+json")


def wrong(*statuses: int) -> dict[int, Any]:
    return dict.fromkeys(statuses, Problem)


def upload_of(request: HttpRequest, pk: int) -> tuple[User, Submission]:
    user: Any = request.user
    return user, within_reach(request, submissions_for(user), pk=pk)


@api.post("deliveries", response={202: Upload, **wrong(400, 401, 403, 422)}, operation_id="deliver", summary="上传文件")
def deliver(
    request: HttpRequest,
    files: list[UploadedFile] = File(..., description="XLSX 或 CSV，可一次多个；按表头识别"),  # type: ignore[type-arg]  # noqa: B008
    expected: str = Form("", max_length=40, description="模板名；选定后别的表会被退回"),  # type: ignore[type-arg]
    note: str = Form("", max_length=300, description="来文编号等，记入日志"),  # type: ignore[type-arg]
) -> HttpResponse:
    """Keep the files aside; the check runs in the background and changes nothing."""
    user: Any = request.user
    form = UploadForm({"expected": expected, "note": note}, MultiValueDict({"files": list(files)}))
    if not form.is_valid():
        return problem(422, "；".join(str(said) for faults in form.errors.values() for said in faults), request.path)
    given = form.cleaned_data
    one = uploads.submit(given["files"], user=user, note=given["note"], expected=given["expected"])
    return answer(user, one, 202)


@api.get(
    "deliveries/{int:pk}",
    response={200: Upload, **wrong(400, 401, 404)},
    operation_id="delivery",
    summary="查看状态和差异",
)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    user, one = upload_of(request, pk)
    carried = {name for sheet in (one.summary or {}).get("sheets", []) for name in template(sheet["template"]).fields}
    if read := (carried & set(sensitive.FIELDS)) - sensitive.hidden_from(user, None):
        sensitive.note_read(user, "feeds.read_upload", one, read)
    return answer(user, one, 200)


@api.post(
    "deliveries/{int:pk}/accept",
    response={202: Upload, **wrong(400, 401, 403, 404, 409)},
    operation_id="accept",
    summary="确认采用",
)
def accept(request: HttpRequest, pk: int, given: Confirmed) -> HttpResponse:
    """Every doubt has to be confirmed by its id; taking runs in the background."""
    user, one = upload_of(request, pk)
    return answer(user, uploads.take(one, user=user, confirmed=given.confirmed), 202)


@api.post(
    "deliveries/{int:pk}/withdraw",
    response={200: Upload, **wrong(400, 401, 403, 404, 409)},
    operation_id="withdraw",
    summary="放弃（采用之前）",
)
def withdraw(request: HttpRequest, pk: int, given: Reason) -> HttpResponse:
    """Drop an upload that was not taken; one that was is taken back on the page, where its consequences are shown."""
    user, one = upload_of(request, pk)
    return answer(user, uploads.discard(one, user=user, reason=given.reason), 200)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, fault: Any) -> HttpResponse:
    found = problem(401, NO_TOKEN, request.path)
    found["WWW-Authenticate"] = "Bearer"
    return found


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, fault: Any) -> HttpResponse:
    places = "、".join(str(one.get("loc", ("",))[-1]) for one in fault.errors)
    return problem(422, f"字段 {places} 缺少或无法使用，请对照接口说明", request.path)


@api.exception_handler(uploads.Stale)
def _stale(request: HttpRequest, fault: Any) -> HttpResponse:
    return problem(409, str(fault), request.path)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, fault: Any) -> HttpResponse:
    return problem(403, "这个账号不能报送，或这次上传属于其他部门", request.path)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, fault: Any) -> HttpResponse:
    return problem(404, "没有这次报送，或它属于其他部门", request.path)


@api.exception_handler(Exception)
def _fault(request: HttpRequest, fault: Any) -> HttpResponse:
    _log.error("%s %s", request.method, request.path, exc_info=fault, extra={"request": request, "status_code": 500})
    return problem(500, "系统没能完成，已记入日志；可稍后重试或与运维人员联系", request.path)
