"""Empty forms for departments, and which column is which in files that do not keep to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.domain.feeds import mapping, sensitive
from fenghuang.domain.feeds import submit as uploads
from fenghuang.domain.feeds.blank import blank, departments, file_name
from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.forms import sheets
from fenghuang.domain.feeds.models import ColumnMap, Submission
from fenghuang.domain.feeds.queries import submissions_for
from fenghuang.domain.feeds.read import Table, read
from fenghuang.domain.feeds.recognise import DEEPEST
from fenghuang.domain.feeds.templates import Template, templates
from fenghuang.language.record import MASK
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.rules import may, require
from fenghuang.platform.audit.reach import within_reach

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 6  # rows below the headers that the page shows


@require_GET
def blanks(request: Request) -> HttpResponse:
    """Every department's form, and what was said of other headers."""
    known = ColumnMap.objects.filter(forgotten_at__isnull=True).select_related("made_by")
    context = {
        "departments": departments(),
        "remembered": [(one, may(request.user, "accounts.import_data", one.department)) for one in known],
    }
    return render(request, "feeds/blanks.html", context)


@require_GET
def blank_form(request: Request, department: str) -> HttpResponse:
    """A department's empty workbook."""
    if department not in departments():
        raise Http404
    answer = HttpResponse(blank(department), content_type=XLSX)
    answer.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=file_name(department))
    )
    return answer


@require_POST
def forget(request: Request, pk: int) -> HttpResponse:
    """Do not read files by this correspondence any more."""
    one = get_object_or_404(ColumnMap, pk=pk)
    try:
        mapping.forget(one, user=request.user)
        messages.success(request, f"已停用{one}的列对应关系；已采用的数据不受影响")
    except uploads.Stale as stale:
        messages.error(request, str(stale))
    return redirect("feeds:blanks")


# --- which column is which ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """A sheet of an upload as the page shows it: the line of its headers, and a few rows below."""

    file: int
    table: Table
    line: int
    is_masked: bool  # nobody knows yet which column is the tax: to whom may not read it, no cell is shown

    @property
    def headers(self) -> list[str]:
        return [(text or "").strip() for text in self.table.frame.row(self.line)]

    @property
    def places(self) -> list[tuple[int, str, str]]:
        """(place, header, first value) of the columns that have a header."""
        below = self.rows
        return [
            (place, header, next((row[place] for row in below if row[place]), ""))
            for place, header in enumerate(self.headers)
            if header
        ]

    @property
    def rows(self) -> list[list[str]]:
        rows = self.table.frame.slice(self.line + 1, SHOWN).rows()
        return [[self._seen((text or "").strip()) for text in row] for row in rows]

    def _seen(self, text: str) -> str:
        return MASK if text and self.is_masked else text


@require_http_methods(["GET", "POST"])
def columns(request: Request, pk: int) -> HttpResponse:
    """Say which column of a file is which; the upload is checked again with it, and files like it later."""
    one = within_reach(request, submissions_for(request.user), pk=pk)
    require(request.user, "accounts.import_data")
    asked = request.POST if request.method == "POST" else request.GET
    reads = sensitive.readable(request.user, None)
    looked = _look(one, asked, is_masked=not reads)
    if looked is None:
        messages.error(request, "这次上传已有变化，或找不到要对应的表，请查看现在的内容")
        return redirect("feeds:submission", pk=pk)
    sensitive.note_read(request.user, "feeds.read_upload", one, reads)
    own = {
        name: each
        for name, each in templates().items()
        if one.expected in ("", name) and may(request.user, "accounts.import_data", each.department)
    }
    if not own:
        raise PermissionDenied("accounts.import_data")
    sheet = own.get(asked.get("template", "")) or mapping.likeliest(looked.headers, own.values())
    chosen = mapping.suggested(sheet, looked.headers)
    said: list[str] = []
    if request.method == "POST":
        chosen = _chosen(sheet, request)
        said = mapping.faults(sheet, looked.headers, chosen)
        if not said and (answer := _remember(request, one, sheet, looked, chosen)):
            return answer
    context: dict[str, Any] = {
        "one": one,
        "looked": looked,
        "name": one.files[looked.file],
        "sheet": sheet,
        "sheets": [choice for choice in sheets() if choice[0] in own],
        "lines": range(1, min(DEEPEST, looked.table.frame.height) + 1),
        "fields": [(column, chosen.get(column.field), column in sheet.needed) for column in sheet.columns],
        "said": said,
    }
    return render(request, "feeds/columns.html", context, status=422 if said else 200)


def _remember(
    request: Request, one: Submission, sheet: Template, looked: Looked, chosen: dict[str, int]
) -> HttpResponse | None:  # fmt: skip
    """Remember and check again, both or neither."""
    try:
        with transaction.atomic():
            mapping.remember(sheet.name, looked.headers, chosen, user=request.user)
            uploads.check_again(one, user=request.user)
    except uploads.Stale as stale:
        messages.error(request, str(stale))
    else:
        messages.success(request, f"已记下对应关系，以后{sheet.department}同样表头的文件照此读取")
    return redirect("feeds:submission", pk=one.pk)


def _look(one: Submission, asked: Any, *, is_masked: bool) -> Looked | None:
    """The sheet of the upload that is asked about; None when it is not there (any more)."""
    number, line = asked.get("file", "0"), asked.get("line", "")
    if one.state != Submission.State.WAITING or not number.isdecimal() or int(number) >= len(one.files):
        return None
    path = one.path / str(int(number))
    if not path.is_file():
        return None
    try:
        tables = [table for table in read(path, one.files[int(number)]).tables if not table.frame.is_empty()]
    except Fault:
        return None
    table = next((table for table in tables if table.sheet == asked.get("sheet", "")), tables[0] if tables else None)
    if table is None:
        return None
    most = min(DEEPEST, table.frame.height)
    if line.isdecimal() and 1 <= int(line) <= most:
        return Looked(int(number), table, int(line) - 1, is_masked)
    filled = [sum(bool((text or "").strip()) for text in table.frame.row(place)) for place in range(most)]
    return Looked(int(number), table, filled.index(max(filled)), is_masked)


def _chosen(sheet: Template, request: Request) -> dict[str, int]:
    said = {name: request.POST.get(f"field-{name}", "") for name in sheet.fields}
    return {name: int(text) for name, text in said.items() if text.isdecimal() and len(text) < 6}
