"""People who walk a case through in a browser: each clicks, fills in and reads; nothing here calls an action."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deliveries import Rows, workbook
from playwright.sync_api import Locator, Page, expect

READY = "html[data-scripts=ready]"
REFUSALS = ("status of 409", "status of 422")  # a browser notes these itself; the walks say where they expect them
PAPER = {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}


class Walker:
    """Somebody before a browser of their own."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self, path: str) -> Walker:
        self.page.goto(path)
        self.page.wait_for_selector(READY, state="attached")
        return self

    def follows(self, name: str, within: str = "body") -> Walker:
        """A link, by its words."""
        return self._leads(self.page.locator(within).get_by_role("link", name=name).first)

    def presses(self, button: str, within: str = "main", papers: bool = True, **fields: str) -> Walker:
        """Fill the form of a button by the names of its fields, attach the papers it asks for, press."""
        form = self.page.locator(f"{within} form").filter(has=self.page.get_by_role("button", name=button, exact=True))
        for name, value in fields.items():
            self._fill(form.first.locator(f"[name='{name}']"), value)
        if papers:
            for file in form.first.locator("input[type=file]:visible").all():
                file.set_input_files(PAPER)
        return self._leads(form.first.get_by_role("button", name=button, exact=True))

    def sees(self, *texts: str) -> Walker:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        return self

    def misses(self, *texts: str) -> Walker:
        for text in texts:
            expect(self.page.locator("main")).not_to_contain_text(text)
        return self

    # --- a case

    def steps(self, case: str, title: str, reason: str = "", **fields: str) -> Walker:
        """Take a step of the case at an address; the page says that it was taken."""
        return self.tries(case, title, reason, **fields).sees(f"已办理“{title}”")

    def tries(self, case: str, title: str, reason: str = "", **fields: str) -> Walker:
        """Press it; what the page says is for the walk to read."""
        given = {f"f-{name}": value for name, value in fields.items()} | ({"reason": reason} if reason else {})
        return self.opens(case).presses(title, "#next", **given)

    def answers(self, case: str, answer: str, words: str = "现场检查") -> Walker:
        """What this person's agency says."""
        self.opens(case).page.locator("#asked").get_by_label(answer, exact=True).check()
        return self.presses("答复", "#asked", papers=False, words=words).sees("已答复")

    def uploads(self, file: Path) -> Walker:
        """A department's file: looked at, then let take effect."""
        self.opens("/").follows("数据接入").follows("上传文件")
        self.page.set_input_files("input[type=file]", file)
        self.presses("上传并核对", papers=False)
        work()
        self.page.wait_for_selector("h1:has-text('采用前的差异')")  # the page looks for it by itself
        for box in self.page.locator("input[name=confirm]").all():
            box.check()
        self._leads(self.page.get_by_role("button", name="采用", exact=True))
        work()
        self.page.wait_for_selector("main :text('已生效')")
        return self

    def _fill(self, field: Locator, value: str) -> None:
        kind = field.first.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
        if kind == "select":
            field.select_option(value)
        elif kind == "radio":
            field.and_(self.page.locator(f"[value='{value}']")).check()
        else:
            field.fill(value)

    def _leads(self, control: Locator) -> Walker:
        """Click, and wait for the page that comes."""
        with self.page.expect_navigation():
            control.click()
        self.page.wait_for_selector(READY, state="attached")
        return self


class Files:
    """What departments send, as workbooks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    def __call__(self, year: int = 2022, **sheets: Rows) -> Path:
        self._number += 1
        return workbook(self._folder / f"报送{self._number}.xlsx", *sheets.items(), year=year)


def work() -> None:
    """What the worker beside the web server does: in a thread of its own, this one belongs to the browser."""
    from fenghuang.platform.jobs.models import Job
    from fenghuang.platform.jobs.tasks import run_job

    for pk in list(Job.objects.filter(state="queued").values_list("pk", flat=True)):
        worker = threading.Thread(target=run_job.call, args=(pk,))
        worker.start()
        worker.join()


Walk = Callable[[Any], Walker]
