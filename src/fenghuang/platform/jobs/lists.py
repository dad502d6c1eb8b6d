"""Background jobs as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.queries import visible_to
from fenghuang.platform.lists.registry import FILE_ONLY, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import moment

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
NOWRAP = {"td": {"class": "nowrap"}}
ASIDE = {**NOWRAP, FILE_ONLY: True}


class JobTable(tables.Table):
    """One line a job."""

    title = tables.Column("任务", attrs={"td": {"class": "is-title"}})
    state = tables.Column("状态", attrs=NOWRAP)
    progress = tables.Column("进度（%）", attrs=NUMBER)
    message = tables.Column("进展")
    created_by = tables.Column("发起人", default="系统")
    created_at = tables.Column("发起时间", attrs=NOWRAP)
    started_at = tables.Column("开始时间", attrs=ASIDE)
    finished_at = tables.Column("结束时间", attrs=ASIDE)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = "—"
        caption = "后台任务"

    def render_title(self, value: str, record: Job) -> str:
        return format_html('<a href="{}">{}</a>', reverse("jobs:detail", args=[record.pk]), value)

    def render_state(self, record: Job) -> str:
        return format_html('<span class="job-state is-{}">{}</span>', record.state, record.get_state_display())

    def render_created_at(self, value: Any) -> str:
        return moment(value)

    render_started_at = render_finished_at = render_created_at

    # --- what the cells are worth in a file

    def _same(self, value: Any) -> Any:
        return value

    value_title = value_state = value_progress = value_created_at = value_started_at = value_finished_at = _same


@listing("jobs", "后台任务", "jobs:index")
def jobs(user: User, query: QueryDict) -> Shown:
    """What the person may see of them, newest first."""
    table = JobTable(visible_to(user).defer("log"))
    words = ["全部任务" if user.sees_whole_city else "我发起的任务"]
    return Shown(table, words, is_demo=bool(settings.FENGHUANG_DEMO))
