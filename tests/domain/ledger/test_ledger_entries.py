"""Entries: what is never below zero, never twice, never changed; who enters what; two at once; killed in the middle."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from ledgers import DAY, here, told

from fenghuang.domain.ledger import actions, fund, queries, replacement
from fenghuang.domain.ledger.kinds import KINDS
from fenghuang.domain.ledger.models import Account, Entry, Tally
from fenghuang.domain.ledger.refusals import Twice
from fenghuang.platform.accounts.actions import create_user
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event
from fenghuang.platform.refusals import Refused
from people import PASSWORD

pytestmark = pytest.mark.django_db


def clerk_of(agency: str, unit: str | None = None) -> Any:
    return create_user(f"clerk-{agency}-{unit}", PASSWORD, role="department_clerk", agency=agency, unit=unit)


def project(title: str = "技改项目") -> Any:
    return told("project", project=title)


def test_a_pool_is_filled_and_used_to_the_last_unit(county: Any) -> None:
    assert actions.enter(county, "land", here(), 25_000, told(), today=DAY).balance == 25_000
    with pytest.raises(Refused, match=r"黄岩区腾出土地余额 2\.5 亩，不足以减去 2\.5001 亩"):
        actions.enter(county, "land", here(), 25_001, project(), today=DAY)
    below = actions.enter(county, "land", here(), 24_999, project(), today=DAY)
    assert (below.balance, below.number, below.amount) == (1, 2, -24_999)
    at = actions.enter(county, "land", here(), 1, project(), today=DAY)
    assert (at.balance, at.account.balance, at.account.entered) == (0, 0, 3)
    with pytest.raises(Refused, match="余额 0 亩，不足以减去"):
        actions.enter(county, "land", here(), 1, project(), today=DAY)
    assert verify().ok


def test_the_database_itself_refuses_what_is_below_zero(county: Any) -> None:
    account = actions.enter(county, "land", here(), 5, told(), today=DAY).account
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(balance=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(
            account=account,
            kind="land",
            number=2,
            amount=-6,
            balance=-1,
            year=2023,
            on=DAY,
            label="project",
            clause="x",
        )


def test_what_was_entered_is_never_changed_nor_deleted(county: Any) -> None:
    entry = actions.enter(county, "land", here(), 5, told(), today=DAY)
    for deed in (lambda: Entry.objects.filter(pk=entry.pk).update(amount=6), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    with pytest.raises(DatabaseError), transaction.atomic():
        Tally.objects.all().delete()


def test_one_origin_counts_once_a_kind(city: Any) -> None:
    origin = actions.Origin("casework.case", "7", "高耗低效企业：甲公司")
    first = actions.credit(city, "energy", here(), 10, told("closed", origin=origin))
    with pytest.raises(Twice, match="甲公司已于 2023-03-06 记入黄岩区用能第 1 笔，不能重复记入"):
        actions.credit(city, "energy", here(), 10, told("closed", origin=origin))
    actions.credit(city, "land", here(), 10, told("closed", origin=origin))
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(
            account=first.account, kind="energy", number=2, amount=1, balance=11, year=2023, on=DAY, label="closed",
            clause="x", origin_type="casework.case", origin="7",
        )  # fmt: skip


def test_a_wrong_entry_is_countered_once_and_stays(county: Any, city: Any) -> None:
    wrong = actions.enter(county, "land", here(), 30, told(year=2022), today=DAY)
    said = {"reason": "多记一位", "document": "黄自规〔2023〕2 号", "proof": told().proof}
    with pytest.raises(Refused, match="冲正须填写理由、文件编号并附上文件"):
        actions.counter(county, wrong.pk, **{**said, "reason": " "})
    made = actions.counter(county, wrong.pk, **said)
    assert (made.amount, made.balance, made.label_title, made.year) == (-30, 0, "冲正：凭文件补记", 2022)
    assert Tally.objects.get(account=wrong.account, year=2022).amount == 0
    with pytest.raises(Twice, match="这一笔已由wang 某于"):
        actions.counter(city, wrong.pk, **said)
    with pytest.raises(Refused, match="冲正本身不能再冲正"):
        actions.counter(county, made.pk, **said)
    assert Event.objects.filter(action="ledger.counter").get().reason == "多记一位"


def test_what_is_used_already_cannot_be_countered(county: Any) -> None:
    wrong = actions.enter(county, "land", here(), 30, told(), today=DAY)
    actions.enter(county, "land", here(), 1, project(), today=DAY)
    with pytest.raises(Refused, match=r"余额 0\.0029 亩，不足以减去 0\.003 亩"):
        actions.counter(county, wrong.pk, reason="x", document="y", proof=told().proof)


def test_tallies_are_the_sums_of_entries(county: Any) -> None:
    for year, amount in ((2022, 7), (2022, 8), (2023, 9)):
        actions.enter(county, "land", here(), amount, told(year=year), today=DAY)
    actions.enter(county, "land", here(), 3, project(), today=DAY)
    summed = Entry.objects.order_by().values_list("account", "year", "label").annotate(n=Sum("amount"))
    assert set(Tally.objects.values_list("account", "year", "label", "amount")) == set(summed)
    assert Account.objects.get().balance == Entry.objects.aggregate(n=Sum("amount"))["n"]


@pytest.mark.parametrize(
    ("agency", "kinds"),
    [
        ("natural_resources", {"land", "replacement"}),
        ("finance", {"fund"}),
        ("development_reform", {"energy"}),
        ("ecology", {"carbon", "emission"}),
        ("economy", set()),
        ("tax", set()),
    ],
)
def test_clerks_enter_what_is_theirs_and_read_the_rest(agency: str, kinds: set[str]) -> None:
    clerk = clerk_of(agency)
    for kind in KINDS.values():
        label = next(iter(kind.credits)) if "by_hand" not in kind.by_hand else "by_hand"
        if kind.name in kinds:
            assert actions.enter(clerk, kind.name, here(), 1, told(label), today=DAY).balance == 1
        else:
            with pytest.raises(PermissionDenied):
                actions.enter(clerk, kind.name, here(), 1, told(label), today=DAY)
    assert queries.entries(clerk).count() == len(kinds)
    with pytest.raises(PermissionDenied):
        actions.enter(clerk_of(agency, "331002"), "energy", here(), 1, told(), today=DAY)


@pytest.mark.parametrize("who", ["auditor", "operator", "township", "company"])
def test_others_enter_nothing(request: Any, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.enter(request.getfixturevalue(who), "land", here(), 1, told(), today=DAY)


def test_clerks_of_agencies_that_no_clause_names_read_nothing(township: Any, company: Any) -> None:
    for person in (clerk_of("public_security"), township, company):
        with pytest.raises(PermissionDenied):
            queries.entries(person)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"document": " "}, "请填写文件编号并附上文件"),
        ({"proof": None}, "请填写文件编号并附上文件"),
        ({"reason": ""}, "“凭文件补记”须填写说明"),
        ({"year": 2009}, "年度填的是 2009，应在 2010 与 2023 之间"),
        ({"year": 2024}, "应在 2010 与 2023 之间"),
        ({"label": "closed"}, "不能手工记入这一事由"),
    ],
)
def test_a_slip_is_said(county: Any, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        actions.enter(county, "land", here(), 1, told(**given), today=DAY)
    assert not Account.objects.exists()


def test_the_fund_says_by_how_much_it_falls_short(county: Any) -> None:
    drawn = {"reason": ""}
    fund.set_revenue(county, here(), 2022, 100_000_000_00, document="黄财〔2023〕1 号", proof=told().proof, reason="")
    actions.enter(county, "fund", here(), 499_999_99, told("drawn", 2022, **drawn), today=DAY)
    (short,) = fund.standings([here()], 2022)
    assert (short.minimum, short.shortfall, short.asked.outputs["drawn_enough"]) == (500_000_00, 1, False)
    actions.enter(county, "fund", here(), 1, told("drawn", 2022, **drawn), today=DAY)
    with pytest.raises(Refused, match="“其他用途”须填写说明"):
        actions.enter(county, "fund", here(), 1, told("other", 2022, **drawn), today=DAY)
    actions.enter(county, "fund", here(), 3, told("dormitory", 2022, **drawn), today=DAY)
    (enough,) = fund.standings([here()], 2022)
    assert (enough.shortfall, enough.asked.outputs["within_named_uses"], enough.total_used) == (0, True, 3)
    actions.enter(county, "fund", here(), 2, told("other", 2022), today=DAY)
    (other,) = fund.standings([here()], 2022)
    assert (other.used["other"], other.asked.outputs["within_named_uses"]) == (2, False)
    with pytest.raises(Refused, match=r"专项经费余额 499,999\.95 元，不足以减去 500,000 元"):
        actions.enter(county, "fund", here(), 500_000_00, told("dormitory", 2022), today=DAY)


def test_revenue_that_is_not_known_is_not_zero(county: Any) -> None:
    (standing,) = fund.standings([here()], 2022)
    assert (standing.revenue, standing.minimum, standing.shortfall) == (None, None, None)
    first = fund.set_revenue(county, here(), 2022, 0, document="a", proof=told().proof, reason="")
    assert fund.standings([here()], 2022)[0].shortfall == 0
    with pytest.raises(Refused, match="改为另一个数须填写理由"):
        fund.set_revenue(county, here(), 2022, 200, document="b", proof=told().proof, reason="")
    fund.set_revenue(county, here(), 2022, 200, document="b", proof=told().proof, reason="补报")
    assert fund.standings([here()], 2022)[0].minimum == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        type(first).objects.filter(pk=first.pk).update(amount=1)


def test_what_changed_its_use_is_owed_until_it_is_replaced(county: Any) -> None:
    """Before or after: the clause says neither."""
    (one,) = replacement.standings([here()])
    assert (one.changed, one.owed, one.balanced) == (None, None, None)  # no entry is no zero
    actions.enter(county, "replacement", here(), 30_000, told("changed"), today=DAY)
    (one,) = replacement.standings([here()])
    assert (one.changed, one.replaced, one.owed, one.balanced) == (30_000, 0, 30_000, False)
    assert Account.objects.get().balance == -30_000
    actions.enter(county, "replacement", here(), 29_999, told("replaced"), today=DAY)
    assert replacement.standings([here()])[0].owed == 1
    actions.enter(county, "replacement", here(), 2, told("replaced"), today=DAY)
    (one,) = replacement.standings([here()])
    assert (one.owed, one.balanced, Account.objects.get().balance) == (0, True, 1)


def test_a_kill_in_the_middle_leaves_nothing(county: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "record", lambda *_a, **_k: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        actions.enter(county, "land", here(), 5, told(), today=DAY)
    assert not Account.objects.exists()
    assert not Entry.objects.exists()
    monkeypatch.undo()
    assert actions.enter(county, "land", here(), 5, told(), today=DAY).number == 1


# --- two at once

DEED = """
import sys, time
from pathlib import Path
import django; django.setup()
from ledgers import here, told
from fenghuang.domain.ledger import actions
from fenghuang.platform.refusals import Refused
from fenghuang.platform.accounts.models import Unit
kind, unit, n = sys.argv[1:4]
ready = Path(sys.argv[4]); (ready / n).touch()
while len(list(ready.iterdir())) < 3: time.sleep(.005)
try:
    if kind == "debit":
        print(actions.debit(None, "land", here(), 4, told("project", project=n)).balance)
    else:
        origin = actions.Origin("casework.case", "7", "甲公司")
        print(actions.credit(None, "land", Unit.objects.get(pk=unit), 4, told("closed", origin=origin)).balance)
except Refused as refused:
    print(refused)
"""


def at_once(tmp_path: Path, *deeds: tuple[str, str]) -> list[str]:
    """What processes of their own say that do these at the same moment, on the test's database or a copy in a file."""
    home, ready = tmp_path / "parallel", tmp_path / "ready"
    home.mkdir()
    ready.mkdir()
    env = {**os.environ, "FENGHUANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "fenghuang.config.settings"}
    env["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(home / "fenghuang.sqlite3")) as copy:
            connection.connection.backup(copy)
    else:
        address = urlsplit(os.environ["DATABASE_URL"])
        env["DATABASE_URL"] = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", DEED, kind, unit, str(n), str(ready)], env=env, stdout=subprocess.PIPE, text=True
        )
        for n, (kind, unit) in enumerate(deeds)
    ]
    return sorted(one.communicate(timeout=120)[0].strip() for one in running)


@pytest.mark.django_db(transaction=True)
def test_three_debits_at_once_take_no_more_than_there_is(tmp_path: Path) -> None:
    actions.credit(None, "land", here(), 10, told())
    said = at_once(tmp_path, *[("debit", "331003")] * 3)
    assert said == ["2", "6", "黄岩区腾出土地余额 0.0002 亩，不足以减去 0.0004 亩"]
    if connection.vendor != "sqlite":
        assert list(Entry.objects.order_by("number").values_list("number", "balance")) == [(1, 10), (2, 6), (3, 2)]
        assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_one_origin_at_once_on_several_accounts_counts_once(tmp_path: Path) -> None:
    said = at_once(tmp_path, *[("credit", unit) for unit in ("331002", "331003", "331004")])
    assert said[0] == "4"
    assert all("不能重复记入" in one for one in said[1:])
