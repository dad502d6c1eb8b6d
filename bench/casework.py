"""What casework costs with 50,000 open cases: pages through Django's whole stack, the nightly run, a step for many.

    python bench/casework.py [--cases 50000] [--times 40] [--home FOLDER]         SQLite
    python tools/postgres.py python bench/casework.py                             PostgreSQL

Cases stand in every open state of all registers, in all ten units and fifteen townships of each. Pages are asked for in
turn beside the baseline of bench/pages.py. The night is measured as it usually is (one case in a hundred falls due) and
at its worst (all of them at once). The step is the background job for 1,000 cases, with its progress. FOLDER keeps the
database for another run.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pages import AIM, BASELINE, ROOT, measure, percentile  # puts src in place of this folder on the path

NIGHT_AIM, BULK_AIM, MANY = 10.0, 5.0, 1000  # s, s, cases
TOWNSHIPS, CLERKS, CLERK = 15, 12, "clerk-ecology"
Ask = Callable[[random.Random], str]


def build(home: str, cases: int) -> None:
    """People of every office, 20,000 firms, the cases."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FENGHUANG_HOME": home}
    command = [sys.executable, "-m", "fenghuang.cli", "manage", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=env, check=True, stdout=sys.stderr)
    import django

    django.setup()
    from fenghuang.platform.accounts.models import Department, Role, Township, Unit, User

    units = list(Unit.objects.all())
    for unit in units:
        Township.objects.bulk_create(
            [Township(unit=unit, name=f"{unit.name}{one}街道") for one in range(TOWNSHIPS)], ignore_conflicts=True
        )
        User.objects.create(username=f"county-{unit.pk}", display_name="县", role=Role.COUNTY, unit=unit)
        for town in unit.townships.all() if hasattr(unit, "townships") else Township.objects.filter(unit=unit):
            User.objects.create(
                username=f"town-{town.pk}", display_name="镇", role=Role.TOWNSHIP, unit=unit, township=town
            )
    for one in Department.objects.all()[:CLERKS]:
        User.objects.create(username=f"clerk-{one.pk}", display_name="部", role=Role.CLERK, agency=one)
    User.objects.create(username="city", display_name="市", role=Role.CITY)
    begun = time.monotonic()
    put_in(cases, units)
    print(f"{cases} cases put in: {time.monotonic() - begun:.1f} s", file=sys.stderr)


def put_in(count: int, units: list[Any]) -> None:
    """As the actions would leave them: a movement each, and the questions of joint states."""
    from django.utils import timezone

    from fenghuang.domain.casework.models import Answer, Case, Movement
    from fenghuang.domain.registry.models import Firm
    from fenghuang.law.registers import registers

    chance, today, declared = random.Random(27), timezone.localdate(), list(registers().values())
    syllables = "鸿达昌盛源新瑞丰泰安海虹星辰金宇宏博"
    firms = Firm.objects.bulk_create(
        [
            Firm(
                uscc=f"91331000B{number:09d}",
                name=f"台州{''.join(chance.choices(syllables, k=3))}{number}有限公司",
                unit=units[number % len(units)],
                township=f"{units[number % len(units)].name}{number % TOWNSHIPS}街道",
            )
            for number in range(20_000)
        ],
        batch_size=1000,
    )
    made = []
    for number in range(count):
        one = declared[number % len(declared)]
        state, firm = chance.choice(one.open_states), firms[number // len(declared) % len(firms)]
        made.append(
            Case(
                register=one.name, subject=f"B{number:08d}", title=firm.name, firm=firm, unit=firm.unit,
                township=firm.township, state=state.name, holder=state.held_by, since=today - timedelta(days=9),
                due=today + timedelta(days=70 + chance.randrange(300)), entered_on=today - timedelta(days=99),
                kind=chance.choice(list(one.fields[one.classes].choices)) if one.classes else "",
            )
        )  # fmt: skip
    made = Case.objects.bulk_create(made, batch_size=1000)
    movements = Movement.objects.bulk_create(
        [Movement(case=one, number=1, step="enter", title="列入清单", after=one.state, on=one.since) for one in made],
        batch_size=1000,
    )
    Answer.objects.bulk_create(
        [
            Answer(case=moved.case, movement=moved, agency=agency)
            for moved in movements
            if (joint := moved.case.at.joint)
            for agency in joint.agencies
        ],
        batch_size=1000,
    )


def pages() -> Iterator[tuple[str, Ask]]:
    """(title, address for a chance)"""
    from fenghuang.domain.casework.filters import SHOWS
    from fenghuang.domain.casework.models import Case
    from fenghuang.law.registers import registers
    from fenghuang.platform.accounts.models import Unit

    keys = list(Case.objects.order_by("?").values_list("pk", flat=True)[:500])
    titles = list(Case.objects.order_by("?").values_list("title", flat=True)[:500])
    names, units = list(registers()), list(Unit.objects.values_list("pk", flat=True))

    def asked(address: str, **query: Any) -> str:
        return f"{address}?{urlencode(query)}" if query else address

    yield BASELINE, lambda _: "/lists/"
    for show, title in SHOWS.items():
        yield f"worktop: {title}", lambda _, show=show: asked("/cases/", show=show)  # type: ignore[misc]
    yield "worktop: of a register", lambda c: asked("/cases/", show="open", register=c.choice(names))
    yield "worktop: of a unit", lambda c: asked("/cases/", show="open", unit=c.choice(units))
    yield "worktop: three characters", lambda c: asked("/cases/", show="all", q=c.choice(titles)[2:5])
    yield "worktop: a code", lambda c: asked("/cases/", show="all", q=f"B{c.randrange(50_000):08d}"[:8])
    yield "worktop: a deep page", lambda c: asked("/cases/", show="open", page=c.randrange(200, 900))
    yield "worktop, sorted", lambda c: asked("/cases/", show="open", sort=c.choice(["title", "-unit", "state"]))
    for view in ("table", "board", "calendar", "map"):
        yield f"register: {view}", lambda c, view=view: asked(f"/cases/registers/{c.choice(names)}/", view=view)  # type: ignore[misc]
    yield "register: diagram", lambda c: f"/cases/registers/{c.choice(names)}/diagram"
    yield "a case", lambda c: f"/cases/{c.choice(keys)}/"
    yield "search everywhere: a title", lambda c: asked("/search/", q=c.choice(titles)[2:5])


def night(share: int) -> tuple[float, float]:
    """Seconds (clock, core) of the nightly run when one case in `share` fell due yesterday; once more does nothing."""
    from django.utils import timezone

    from fenghuang.domain.casework import alarms, reminders
    from fenghuang.domain.casework.models import Alarm, Case
    from fenghuang.platform.notices.models import Notice

    today = timezone.localdate()
    Notice.objects.all().delete()
    Case.objects.update(due=today + timedelta(days=90), alarm=Alarm.NONE, alarm_on=None, risen_to="")
    due = list(Case.objects.order_by("pk").values_list("pk", flat=True))[::share]
    for start in range(0, len(due), 10_000):
        Case.objects.filter(pk__in=due[start : start + 10_000]).update(due=today - timedelta(days=1))
    begun, worked = time.perf_counter(), time.process_time()
    reminders.remind(today)
    spent = time.perf_counter() - begun, time.process_time() - worked
    assert Case.objects.filter(alarm=Alarm.OVERDUE).count() == len(due)
    assert alarms.run(today) == (0, 0, 0)
    return spent


def many() -> tuple[float, float]:
    """Seconds (clock, core) of the job that takes one step with MANY cases."""
    from fenghuang.domain.casework import jobs
    from fenghuang.domain.casework.models import Case
    from fenghuang.platform.accounts.models import User
    from fenghuang.platform.jobs.models import Job

    found = Case.objects.filter(register="inefficient_firms", state="found")[:MANY]
    seen = {str(pk): version for pk, version in found.values_list("pk", "version")}
    if len(seen) < MANY:
        raise SystemExit("earlier runs have moved the cases on: build the database anew")
    job = Job.objects.create(kind="casework.move", title="bench", state="running", arguments={})
    begun, worked = time.perf_counter(), time.process_time()
    told = jobs.run_move(job, seen=seen, step="verify", reason="", user=User.objects.get(username="city").pk)
    spent = time.perf_counter() - begun, time.process_time() - worked
    assert told["refused"] == 0, told
    return spent[0] * MANY / told["done"], spent[1] * MANY / told["done"]


def main() -> int:
    """Print the tables; 1 when a number misses its aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--only", default="", help="pages whose title has this")
    parser.add_argument("--home", help="a folder that holds the built database, or shall")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fenghuang-bench-") as folder:
        home = options.home or folder
        built = Path(home, "fenghuang.sqlite3").exists()
        os.environ |= {"FENGHUANG_HOME": home, "DJANGO_SETTINGS_MODULE": "fenghuang.config.settings"}
        if built:
            import django

            django.setup()
        else:
            build(home, options.cases)
        return report(options.times, options.only)


def report(times: int, only: str) -> int:
    from django.db import connection
    from django.test import Client

    from fenghuang.platform.accounts.models import User

    missed = False
    asked = [(title, ask) for title, ask in pages() if only in title or title == BASELINE]
    for who in ("city", "county-331003", f"town-{_a_town()}", CLERK):
        found = Client(SERVER_NAME="localhost")
        found.force_login(User.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
        mine = (
            asked
            if who == "city"
            else [one for one in asked if one[0] == BASELINE or "mine" in one[0]]
            + [one for one in asked if one[0].startswith(("worktop: 我", "worktop: 全部在办"))]
            + [one for one in asked if one[0].startswith("register:") and who != CLERK]  # sees some registers only
        )
        taken = measure(found, mine, times)
        base = percentile([clock for clock, _ in taken[BASELINE]], 0.5)
        about = f"{connection.vendor}, {who.split('-')[0]}, {times} times each"
        print(f"\n| {about} | p50 ms | p95 ms | p50 / baseline | p50 core ms | p95 core ms |")
        print("|---|---|---|---|---|---|")
        for title, pairs in taken.items():
            clock, core = [one for one, _ in pairs], [one for _, one in pairs]
            high = percentile(clock, 0.95)
            missed |= high > AIM
            print(
                f"| {title} | {percentile(clock, 0.5):.0f} | {high:.0f}{' !' * (high > AIM)} "
                f"| {percentile(clock, 0.5) / base:.1f} | {percentile(core, 0.5):.0f} | {percentile(core, 0.95):.0f} |"
            )
    print(f"\nload of the machine: {', '.join(f'{one:.1f}' for one in os.getloadavg())}")
    print("\n| runs | s | core s | aim |\n|---|---|---|---|")
    works: list[tuple[str, Callable[[], tuple[float, float]], float]] = [
        (f"a step with {MANY} cases", many, BULK_AIM),
        ("a usual night", lambda: night(100), NIGHT_AIM),
        ("the worst night", lambda: night(1), NIGHT_AIM),
    ]
    for title, work, aim in works if not only else []:
        clock, core = work()
        missed |= clock > aim
        print(f"| {title} | {clock:.1f}{' !' * (clock > aim)} | {core:.1f} | {aim:.0f} |")
    return int(missed)


def _a_town() -> int:
    from fenghuang.platform.accounts.models import Township

    return Township.objects.filter(unit="331003").values_list("pk", flat=True)[0]


if __name__ == "__main__":
    sys.exit(main())
