"""What a page costs in a city of 100,000 firms: through Django's whole stack, templates included.

    python bench/pages.py [--firms 100000] [--times 60] [--home FOLDER]           SQLite
    python tools/postgres.py python bench/pages.py                                PostgreSQL

Builds the demonstration city of two years with the product's own commands, unless FOLDER holds one already. Every page
is asked for with other arguments each time, all pages in turn, so that all meet the same machine; beside them a page of
the same shell that asks for nothing (the baseline). The first round warms up and is not counted. Ctrl-C ends the rounds
and reports those that were made.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT / "src")  # in place of this folder: its rules.py would hide the package of that name

AIM = 150.0  # ms, p95
SCORING_AIM = 2.0  # s
BASELINE = "baseline: an empty list (/lists/)"
FIRST = "the first firm of a unit in a process"
UNIT = "331003"
SORTS = ("name", "uscc", "unit", "industry", "township", "above_scale", "tax_per_mu", "score", "rank", "group_size",
         "grade", "status")  # fmt: skip
Ask = Callable[[random.Random], str]


def build(home: str, firms: int) -> None:
    """The city, imported, graded and computed; seconds of each step."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FENGHUANG_HOME": home}
    with tempfile.TemporaryDirectory() as folder:
        for step in (
            ["manage", "migrate", "--verbosity", "0"],
            ["demo", "--firms", str(firms), "--out", f"{folder}/city"],
            ["import", f"{folder}/city"],
            ["refresh"],
        ):
            begun = time.monotonic()
            subprocess.run([sys.executable, "-m", "fenghuang.cli", *step], env=env, check=True, stdout=sys.stderr)
            print(f"{step[0]}: {time.monotonic() - begun:.1f} s", file=sys.stderr)


def client() -> Any:
    """A city official, and one campaign scored."""
    from django.test import Client

    from fenghuang.domain.campaign.models import Campaign
    from fenghuang.platform.accounts.actions import create_user
    from fenghuang.platform.accounts.models import User

    user = User.objects.filter(username="bench").first()
    user = user or create_user("bench", None, role="city_official", display_name="测")
    if not Campaign.objects.exists():
        score_one()
    found = Client(SERVER_NAME="localhost")
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def score_one() -> None:
    """A campaign as far as its first scoring: every firm silent, all confirmed in place of the townships."""
    from django.db import transaction

    from fenghuang.domain.campaign import actions, checking, checks
    from fenghuang.platform.accounts.models import Unit

    with transaction.atomic():
        campaign = actions.start(None, Unit.objects.get(pk=UNIT), 2022)
        for name in ("collect", "send_to_firms", "to_townships"):
            campaign = actions.advance(None, campaign.pk, name)
        seen = {one.firm.uscc: one.seen for one in checks.checks(campaign, campaign.since)}
        for some in batched(seen, 5000):
            checking.confirm_township(None, campaign.pk, {code: seen[code] for code in some}, reason="测")
        actions.advance(None, campaign.pk, "to_scoring")


def batched(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = list(texts)
    while rest:
        yield rest[:size]
        rest = rest[size:]


def pages() -> Iterator[tuple[str, Ask]]:
    """(title, address for a chance)"""
    from fenghuang.domain.campaign.models import Campaign
    from fenghuang.domain.evaluation.models import Result
    from fenghuang.domain.registry.models import Firm
    from fenghuang.platform.accounts.models import Unit

    campaign = Campaign.objects.first()
    assert campaign is not None
    names, codes, initials = zip(*Firm.objects.order_by("?").values_list("name", "uscc", "initials")[:500], strict=True)
    industries = sorted(set(Result.objects.order_by("?").values_list("industry", flat=True)[:500]) - {""})
    units = list(Unit.objects.values_list("pk", flat=True))
    of_unit = list(campaign.scorings.get(number=1).grades.order_by("?").values_list("firm__uscc", flat=True)[:500])
    last = Result.objects.filter(year=2022).count() // 50

    def firms(**wanted: Callable[[random.Random], Any]) -> Ask:
        year: Ask = lambda chance: chance.choice(["2021", "2022"])  # noqa: E731
        return lambda chance: (
            f"/firms/?{urlencode({'year': year(chance), **{k: v(chance) for k, v in wanted.items()}})}"
        )

    def piece(texts: tuple[str, ...], size: int, start: int = 2) -> Callable[[random.Random], str]:
        def choose(chance: random.Random) -> str:
            text = chance.choice(texts)
            place = chance.randrange(start, max(start + 1, len(text) - size))
            return text[place : place + size]

        return choose

    def unit(chance: random.Random) -> str:
        return chance.choice(units)

    def industry(chance: random.Random) -> str:
        return chance.choice(industries)[:2]

    def grade(chance: random.Random) -> str:
        return chance.choice(["A", "B", "C", "D", "none"])

    yield BASELINE, lambda _: "/lists/"
    yield "cockpit", lambda chance: f"/?{urlencode({'unit': chance.choice(['', *units]), 'by': 'rnd_share'})}"
    yield "firms, first page", firms()
    yield "firms, a deep page", firms(page=lambda chance: chance.randrange(last // 2, last))
    yield "firms of a unit", firms(unit=unit)
    yield "firms of an industry", firms(industry=industry)
    yield "firms of a grade", firms(grade=grade)
    yield (
        "firms of unit, grade, industry, scale",
        firms(unit=unit, grade=grade, industry=industry, scale=lambda chance: chance.choice(["above", "below"])),
    )
    for sort in SORTS:
        yield f"firms by {sort}", firms(sort=lambda chance, sort=sort: chance.choice([sort, f"-{sort}"]))  # type: ignore[misc]
    yield "firms: two characters of a name", firms(q=piece(names, 2))
    yield "firms: initials", firms(q=piece(initials, 4))
    yield "firms: a code", firms(q=lambda chance: chance.choice(codes))
    yield "firms: half a code", firms(q=lambda chance: chance.choice(codes)[:12])
    yield "firms: seven digits of a code", firms(q=lambda chance: chance.choice(codes)[:7])
    yield "search everywhere: a name", lambda chance: f"/search/?{urlencode({'q': piece(names, 3)(chance)})}"
    yield "a firm", lambda chance: f"/firms/{chance.choice(codes)}/?year=2022"
    yield "a firm's history", lambda chance: f"/firms/{chance.choice(codes)}/events/"
    yield "evaluation", lambda chance: f"/evaluation/?year={chance.choice(['2021', '2022'])}"
    yield "incentives", lambda chance: f"/incentives/?{urlencode({'unit': chance.choice(['', *units])})}"
    yield "incentives, a deep page", lambda chance: f"/incentives/?page={chance.randrange(20, 60)}"
    for title in ("", "parks/", "meters/", "check/"):
        yield f"land/{title}", lambda chance, title=title: f"/land/{title}?unit={unit(chance)}"  # type: ignore[misc]
    yield "data", lambda _: "/data/"
    yield "findings", lambda chance: f"/data/findings/?unit={unit(chance)}"
    yield "audit", lambda chance: f"/audit/?page={chance.choice([1, 2])}"
    yield "campaigns", lambda _: "/campaigns/"
    yield "a campaign", lambda _: f"/campaigns/{campaign.pk}/"
    yield (
        "grades of a campaign",
        lambda chance: f"/campaigns/{campaign.pk}/grades?{urlencode({'grade': grade(chance)})}",
    )
    yield "grades, a deep page", lambda chance: f"/campaigns/{campaign.pk}/grades?page={chance.randrange(50, 150)}"
    yield "a firm in a campaign", lambda chance: f"/campaigns/{campaign.pk}/firms/{chance.choice(of_unit)}/"


def cold(found: Any) -> list[tuple[float, float]]:
    """Milliseconds of the first firm of each unit, on the clock and on a core: its unit's evaluation is read from what
    the refresh kept (with --home: any process before), or else computed again."""
    from fenghuang.domain.evaluation.models import Result
    from fenghuang.platform.accounts.models import Unit

    spent = []
    for unit in Unit.objects.all():
        if result := Result.objects.filter(unit=unit, year=2022).select_related("firm").first():
            address = f"/firms/{result.firm.uscc}/?year=2022"
            begun, worked = time.perf_counter(), time.process_time()
            found.get(address)
            spent.append((1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked)))
    return spent


def _asked(found: Any, address: str) -> tuple[float, float]:
    begun, worked = time.perf_counter(), time.process_time()
    status = found.get(address).status_code
    spent = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked)
    if status != 200:
        raise SystemExit(f"{address}: {status}")
    return spent


def measure(found: Any, asked: list[tuple[str, Ask]], times: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds by title: on the clock, and of this process on a core (with SQLite that is all of the work)."""
    chance = random.Random(27)
    taken: dict[str, list[tuple[float, float]]] = {title: [] for title, _ in asked}
    with contextlib.suppress(KeyboardInterrupt):
        for turn in range(times + 1):
            this = [(title, _asked(found, ask(chance))) for title, ask in asked]
            for title, spent in this if turn else ():
                taken[title].append(spent)
    return taken


def scoring() -> dict[str, float]:
    """Seconds to score the whole city's firms as one unit's, and to keep what came out; nothing of it stays."""
    from django.db import transaction

    from fenghuang.domain.campaign import actions, scoring
    from fenghuang.domain.campaign.models import Campaign
    from fenghuang.domain.registry.models import FirmYear, Recording
    from fenghuang.domain.registry.snapshot import facts

    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        found = work()
        spent[name] = time.perf_counter() - begun
        return found

    campaign = Campaign.objects.select_related("method", "unit").get(unit=UNIT)
    recording = Recording.latest()
    assert recording is not None
    part = timed("facts read", lambda: facts(2022, recording))
    known = timed("facts as text", lambda: scoring.facts_text(part))
    spent["firms"] = len(part)
    worked = time.process_time()
    timed("computed", lambda: scoring.score(known, campaign.method.content, "[]"))
    spent["computed, on a core"] = time.process_time() - worked
    with transaction.atomic():
        FirmYear.objects.current().filter(year=2022).update(unit=UNIT)
        timed("scored and kept, all in all", lambda: actions.score_now(campaign, None))
        transaction.set_rollback(True)
    return spent


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main() -> int:
    """Print the tables; 1 when a number misses the aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--home", default="")
    parser.add_argument("--only", default="", help="pages whose title has this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fenghuang-bench-") as folder:
        home = options.home or folder
        os.environ |= {"FENGHUANG_HOME": home, "DJANGO_SETTINGS_MODULE": "fenghuang.config.settings"}
        if not options.home:
            build(home, options.firms)
        import django

        django.setup()
        return report(options.times, options.only)


def report(times: int, only: str) -> int:
    from django.db import connection

    found = client()
    asked = [(title, ask) for title, ask in pages() if only in title or title == BASELINE]
    found.get("/")
    first = cold(found) if not only or only in FIRST else []
    taken = measure(found, asked, times)
    base = statistics.median(clock for clock, _ in taken[BASELINE])
    missed = False
    made = len(taken[BASELINE])
    print(
        f"\n| {connection.vendor}, {made} times each | p50 ms | p95 ms | p50 / baseline | p50 core ms | p95 core ms |"
    )
    print("|---|---|---|---|---|---|")
    for title, pairs in taken.items():
        values, core = [clock for clock, _ in pairs], [core for _, core in pairs]
        middle, high = statistics.median(values), percentile(values, 0.95)
        own = f"{statistics.median(core):.0f} | {percentile(core, 0.95):.0f}"
        missed |= high > AIM
        print(f"| {title} | {middle:.0f} | {high:.0f}{' !' * (high > AIM)} | {middle / base:.1f} | {own} |")
    if first:
        values, core = [clock for clock, _ in first], [core for _, core in first]
        middle = statistics.median(values)
        own = f"{statistics.median(core):.0f} | {max(core):.0f}"
        print(f"| {FIRST} (most: not p95) | {middle:.0f} | {max(values):.0f} | {middle / base:.1f} | {own} |")
    if not only:
        spent = scoring()
        missed |= spent["computed, on a core"] > SCORING_AIM
        print("\n| scoring | |\n|---|---|")
        for name, seconds in spent.items():
            print(f"| {name} | {seconds:,.0f} |" if name == "firms" else f"| {name} | {seconds:.2f} s |")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
