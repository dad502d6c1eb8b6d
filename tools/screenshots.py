"""Photograph pages: log in, open each address at three widths, light and dark, into var/screenshots/.

    .venv/bin/python tools/screenshots.py / /style/ --user city --sizes 1440,390 --themes light

Pages are served by the running `make run` (--base); an address may name its own user: auditor@/audit/. `login` stands
for the login page before logging in. An address may name its file, and a link to follow from there:
"guide-firm=/firms/?grade=B > td.is-title a". Console errors are printed: a page with errors is not finished.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError as NeverSettled
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
HEIGHTS = {1440: 900, 768: 1024, 390: 844}


def settle(page: Any) -> None:
    """Wait until scripts have run and every chart stands."""
    page.wait_for_selector("html[data-scripts=ready]", state="attached", timeout=10_000)
    page.wait_for_load_state("networkidle")
    for chart in page.query_selector_all("[data-chart]"):
        handle = chart.get_attribute("data-source")
        page.wait_for_selector(f"[data-source='{handle}'][data-ready='true']", state="attached", timeout=10_000)


def main() -> int:
    """0 when every page answered 200 and no console said an error."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="city")
    parser.add_argument("--password", default="")
    parser.add_argument("--sizes", default="1440,768,390")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--out", type=Path, default=ROOT / "var/screenshots")
    parser.add_argument("--viewport-only", action="store_true", help="not the whole length of the page")
    args = parser.parse_args()
    password = args.password or demo_password()
    args.out.mkdir(parents=True, exist_ok=True)
    faults = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for theme in args.themes.split(","):
            states: dict[str, Any] = {}
            for words in args.addresses:
                name, address, link = parts_of(words)
                user, _, path = address.rpartition("@")
                user = "" if address == "login" else user or args.user
                if user and user not in states:
                    states[user] = log_in(browser, args.base, user, password)
                for size in map(int, args.sizes.split(",")):
                    context = browser.new_context(
                        viewport={"width": size, "height": HEIGHTS.get(size, 900)},
                        color_scheme=theme,
                        locale="zh-CN",
                        storage_state=states.get(user),
                    )
                    page = context.new_page()
                    errors: list[str] = []
                    page.on("console", lambda m, errors=errors: errors.append(m.text) if m.type == "error" else None)
                    page.on("pageerror", lambda e, errors=errors: errors.append(str(e)))
                    answer = page.goto(args.base + ("/accounts/login/" if address == "login" else path))
                    try:
                        settle(page)
                        if link:
                            page.locator(link).first.click()
                            page.wait_for_load_state()
                            settle(page)
                    except NeverSettled as error:
                        errors.append(f"never settled: {str(error).splitlines()[0]}")
                    wide = page.evaluate("document.documentElement.scrollWidth") > size
                    plain = re.sub(r"[^\w]+", "-", address).strip("-") or "home"
                    file = args.out / (f"{name}.png" if name else f"{plain}-{size}-{theme}.png")
                    page.screenshot(path=file, full_page=not args.viewport_only)
                    status = answer.status if answer else 0
                    problems = [*errors, *(["scrolls sideways"] if wide else [])]
                    faults += status >= 400 or bool(problems)
                    print(status, file, *problems, sep="  ")
                    context.close()
        browser.close()
    return 1 if faults else 0


def parts_of(words: str) -> tuple[str, str, str]:
    """The file's name, the address, the link to follow from there; name and link may be empty."""
    named = re.match(r"([\w-]+)=(?=/|\w+@/)", words)
    address, _, link = words[named.end() if named else 0 :].partition(" > ")
    return (named[1] if named else ""), address, link


def demo_password() -> str:
    """From its one place, read as text: no need to start Django here."""
    text = (ROOT / "src/fenghuang/platform/accounts/actions.py").read_text(encoding="utf-8")
    found = re.search(r'DEMO_PASSWORD = "([^"]+)"', text)
    assert found
    return found[1]


def log_in(browser: Any, base: str, user: str, password: str) -> Any:
    """A logged-in browser's cookies."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")
    if "/accounts/login" in page.url:
        sys.exit(f"login as {user} failed")
    state = context.storage_state()
    context.close()
    return state


if __name__ == "__main__":
    sys.exit(main())
