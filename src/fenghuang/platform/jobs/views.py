"""A person's jobs, one job, and its progress as a fragment that asks again until the job is over."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fenghuang.platform.accounts.http import Request, wants_fragment
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.jobs import actions
from fenghuang.platform.jobs.lists import JobTable
from fenghuang.platform.jobs.queries import visible_to
from fenghuang.platform.lists.page import on_page


@require_GET
def index(request: Request) -> HttpResponse:
    """The newest jobs."""
    table = on_page(request, "jobs", JobTable(visible_to(request.user).defer("log")), per_page=25)
    return render(request, "jobs/index.html", {"table": table, "sees_all": request.user.sees_whole_city})


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """One job with its log; the progress alone for htmx."""
    job = within_reach(request, visible_to(request.user), pk=pk)
    fragment = wants_fragment(request)
    context = {"job": job, "may_cancel": not job.is_over and actions.may_cancel(request.user, job)}
    response = render(request, "jobs/_progress.html" if fragment else "jobs/detail.html", context)
    if fragment and job.is_over:
        response["HX-Refresh"] = "true"  # the page around may show what the job has made
    return response


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Ask the job to stop."""
    job = within_reach(request, visible_to(request.user), pk=pk)
    actions.cancel(job, actor=request.user)
    return redirect("jobs:detail", pk=pk)


@require_GET
def file(request: Request, pk: int) -> FileResponse:
    """The job's result file."""
    job = within_reach(request, visible_to(request.user), pk=pk)
    if not job.result_file:
        raise Http404
    return FileResponse(job.result_file.open("rb"), as_attachment=True)
