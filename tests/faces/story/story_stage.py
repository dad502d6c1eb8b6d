"""The stage of the story: a clock that can be put forward, people with a browser each, the worker beside the server."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from people import PASSWORD

SHANGHAI = ZoneInfo("Asia/Shanghai")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
READY = "html[data-scripts=ready]"
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
REFUSALS = ("status of 404", "status of 422")  # a browser notes these itself; the story says where it expects them
PICTURES = os.environ.get("STORY_PICTURES", "")  # a folder: every step is photographed into it


class Clock:
    """Now, for the server in this process: the morning of a day, and from there as time goes by."""

    def __init__(self, monkeypatch: Any, day: date) -> None:
        self._real = timezone.now
        self.on(day)
        monkeypatch.setattr("django.utils.timezone.now", lambda: self._real() + self._ahead)

    def on(self, day: date, at: time = time(9)) -> None:
        """It is that day, nine in the morning if nothing else is said."""
        self._ahead: timedelta = datetime.combine(day, at, SHANGHAI) - self._real()


@dataclass
class Person:
    """Somebody before a browser, who clicks, types and reads."""

    page: Page
    username: str
    pictures: Iterator[int]
    errors: list[str] = field(default_factory=list)

    def sits_down(self) -> Person:
        """Opens the product; signs in when asked to (a session ends after a working day)."""
        self.page.goto("/")
        if "/accounts/login/" in self.page.url:
            self.page.fill("input[name=login]", self.username)
            self.page.fill("input[name=password]", PASSWORD)
            self.presses("登录")
        return self.waits()

    def waits(self) -> Person:
        """Until the page's scripts are ready."""
        self.page.wait_for_selector(READY, state="attached")
        return self

    def clicks(self, what: Locator) -> Person:
        """Something that leads to another page, or to this one again: until that one is ready."""
        self.page.evaluate("document.documentElement.dataset.left = ''")
        what.first.click()
        self.page.wait_for_selector(f"{READY}:not([data-left])", state="attached")
        return self

    def sees(self, *texts: str) -> Person:
        """Each of them somewhere on the page, in time."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        return self

    def misses(self, *texts: str) -> Person:
        for text in texts:
            expect(self.page.locator("main")).not_to_contain_text(text)
        return self

    def follows(self, name: str, within: str = "body") -> Person:
        """A link, by its words."""
        return self.clicks(self.page.locator(within).get_by_role("link", name=name))

    def presses(self, name: str, within: str = "main") -> Person:
        """A button, by its words."""
        return self.clicks(self.page.locator(within).get_by_role("button", name=name, exact=True))

    def fills(self, **typed: str) -> Person:
        """Fields by their id."""
        for name, text in typed.items():
            self.page.fill(f"#{name}", text)
        return self

    def types(self, label: str, text: str) -> Person:
        """A field by its label."""
        self.page.get_by_label(label).first.fill(text)
        return self

    def attaches(self, field: str, file: Any) -> Person:
        self.page.set_input_files(field, file)
        return self

    def goes(self, path: str) -> Person:
        """An address typed in by hand."""
        self.page.goto(path)
        return self.waits()

    def downloads(self, name: str) -> BytesIO:
        """What the browser receives, by the link's words."""
        with self.page.expect_download() as arriving:
            self.page.get_by_role("link", name=name).first.click()
        return BytesIO(arriving.value.path().read_bytes())

    def status(self, path: str) -> int:
        """What the server answers to an address typed in by hand."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status

    def shows(self, name: str) -> Person:
        """A phone's page is no wider than the phone; a picture of the page, when somebody asked for pictures."""
        if self.page.viewport_size == PHONE:
            assert not self.page.evaluate(WIDER), self.page.url
        if PICTURES:
            self.page.screenshot(path=f"{PICTURES}/{next(self.pictures):02}-{self.username}-{name}.png", full_page=True)
        return self


@dataclass
class Stage:
    """Who is called enters with a browser of their own, and stays."""

    enter: Callable[[str], Person]
    clock: Clock
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)

    def who(self, username: str) -> Person:
        """The person of that account; "" is somebody without one."""
        if username not in self.people:
            self.people[username] = self.enter(username)
        return self.people[username]


def work() -> None:
    """What the worker beside the web server does: in a thread of its own, this one belongs to the browser."""
    from fenghuang.platform.jobs.models import Job
    from fenghuang.platform.jobs.tasks import run_job

    for pk in Job.objects.filter(state="queued").values_list("pk", flat=True):
        worker = threading.Thread(target=run_job.call, args=(pk,))
        worker.start()
        worker.join()
