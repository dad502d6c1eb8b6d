"""Entries: amounts that come and go, each with what it stands on; countered, never changed.

`credit` and `debit` are for whoever decided already whether it may be (a case's step, a granted claim). `enter` is by
hand: permission, document, reason. Every function locks the account, changes, notes the event, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from fenghuang.domain.feeds.values import EARLIEST_YEAR
from fenghuang.domain.ledger.kinds import KINDS
from fenghuang.domain.ledger.models import Account, Claim, Entry, Tally
from fenghuang.domain.ledger.people import require_entering
from fenghuang.domain.ledger.refusals import Twice, said
from fenghuang.domain.registry.models import Firm, Project
from fenghuang.language.numbers import fits_int64
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.audit.log import record
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused


@dataclass(frozen=True, slots=True)
class Origin:
    """What an entry comes from; it counts once a kind."""

    type: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says beside its amount."""

    label: str
    year: int
    on: date
    origin: Origin | None = None
    project: str = ""
    project_code: str = ""
    clause: str = ""
    reason: str = ""
    why: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
    proof: Proof | None = None


def credit(actor: User | None, kind: str, unit: Unit, amount: int, told: Told, *, firm: Firm | None = None) -> Entry:
    """Add to a county's pool, or to what a firm holds. Twice when its origin was entered before."""
    return _book(actor, kind, unit, _above_zero(amount), told, firm)


def debit(actor: User | None, kind: str, unit: Unit, amount: int, told: Told, *, firm: Firm | None = None) -> Entry:
    """Take away. Refused with both figures when there is less."""
    return _book(actor, kind, unit, -_above_zero(amount), told, firm)


def _above_zero(amount: int) -> int:
    if amount <= 0:
        raise Refused("数量应大于 0")
    return amount


@transaction.atomic
def enter(actor: User | None, kind: str, unit: Unit, amount: int, told: Told, today: date | None = None) -> Entry:
    """By hand into a county's pool, with the document that it stands on; the label says whether it comes or goes."""
    about = KINDS[kind]
    require_entering(actor, about, unit.pk)
    if told.label not in about.by_hand:
        raise Refused(f"{about.title}台账不能手工记入这一事由")
    check_dates(told.year, told.on, today or timezone.localdate())
    if not told.document.strip() or told.proof is None:
        raise Refused("请填写文件编号并附上文件")
    if told.label in about.reasoned and not told.reason.strip():
        raise Refused(f"“{about.labels[told.label]}”须填写说明")
    comes = told.label in about.credits
    return (credit if comes else debit)(actor, kind, unit, amount, told)


def check_dates(year: int, on: date, today: date) -> None:
    """Refused for a year or a day that cannot be."""
    if not EARLIEST_YEAR <= year <= today.year:
        raise Refused(f"年度填的是 {year}，应在 {EARLIEST_YEAR} 与 {today.year} 之间")
    if on > today:
        raise Refused(f"日期 {on} 晚于今天，请填写今天或以前的日期")


def known_project(unit: Unit, title: str, code: str) -> tuple[str, str]:
    """Title and code of a project: by its code as the registry has it in this county, else by its title."""
    title, code = title.strip(), code.strip()
    if code:
        found = Project.objects.current().filter(code=code, firm__unit=unit).order_by("-year").first()
        if found is None:
            raise Refused(f"{unit}没有项目代码为“{code}”的项目；没有代码的请只填项目名称")
        return found.title, code
    if not title:
        raise Refused("请填写项目名称或项目代码")
    return title[:200], ""


@transaction.atomic
def counter(actor: User | None, pk: int, *, reason: str, document: str, proof: Proof | None) -> Entry:
    """冲正: the opposite of a wrong entry, in its year and under its label. Both stay."""
    wrong = Entry.objects.select_related("account__unit", "account__firm").get(pk=pk)
    account = wrong.account
    require_entering(actor, wrong.about, account.unit_id)
    if wrong.counters_id:
        raise Refused("冲正本身不能再冲正；如原分录无误，请凭文件重新记入")
    if not reason.strip() or not document.strip() or proof is None:
        raise Refused("冲正须填写理由、文件编号并附上文件")
    told = Told(
        wrong.label, wrong.year, timezone.localdate(), None, wrong.project, wrong.project_code, wrong.clause,
        reason, {"sentence": f"冲正第 {wrong.number} 笔"}, document, proof,
    )  # fmt: skip
    made = _book(actor, wrong.kind, account.unit, -wrong.amount, told, account.firm, wrong)
    _reverse_claim(actor, wrong, reason)
    return made


def _reverse_claim(actor: User | None, wrong: Entry, reason: str) -> None:
    """The claim that was granted by the entry, if one was, stands no more."""
    claim = Claim.objects.select_for_update(of=("self",)).filter(entry=wrong).first()
    if claim is None:
        return
    before = {"state": claim.state}
    claim.state = Claim.State.REVERSED
    claim.save(update_fields=["state"])
    after = {"state": claim.state, "entry": wrong.pk}
    record("ledger.reverse_claim", actor=actor, subject=claim, reason=reason.strip(), before=before, after=after)


# --- the account


def locked(kind: str, unit: Unit, firm: Firm | None = None) -> Account:
    """The account, opened when there is none, locked until the transaction ends."""
    if firm is None:
        found, _ = Account.objects.get_or_create(kind=kind, unit=unit, firm=None)
    else:
        found, _ = Account.objects.get_or_create(kind=kind, firm=firm, defaults={"unit": firm.unit or unit})
    return Account.objects.select_for_update(of=("self",)).select_related("unit", "firm").get(pk=found.pk)


@transaction.atomic
def _book(
    actor: User | None,
    kind: str,
    unit: Unit,
    amount: int,
    told: Told,
    firm: Firm | None,
    wrong: Entry | None = None,
) -> Entry:
    account = locked(kind, unit, firm)
    _not_twice(kind, told.origin, wrong)
    balance = account.balance + amount
    if balance < 0 and not account.about.may_owe:
        have, need = said(account.about, account.balance), said(account.about, -amount)
        raise Refused(f"{account}余额 {have}，不足以减去 {need}")
    if not fits_int64(balance, balance):
        raise Refused("数量过大，请核对单位")
    before = account.balance
    account.balance, account.entered = balance, account.entered + 1
    account.save(update_fields=["balance", "entered"])
    entry = _written(actor, account, amount, told, wrong)
    tally, _ = Tally.objects.get_or_create(account=account, year=told.year, label=told.label)
    Tally.objects.filter(pk=tally.pk).update(amount=F("amount") + amount)
    record(
        "ledger.counter" if wrong else "ledger.credit" if amount > 0 else "ledger.debit",
        actor=actor,
        subject=entry,
        clause=entry.clause,
        reason=entry.reason,
        before={"balance": before},
        after={
            "kind": kind,
            "holder": account.holder,
            "amount": amount,
            "balance": balance,
            "label": told.label,
            "year": told.year,
            "origin": entry.origin_title,
            "project": entry.project,
            "document": entry.document,
            "file": entry.sha256,
        },
    )
    return entry


def _not_twice(kind: str, origin: Origin | None, wrong: Entry | None) -> None:
    if wrong and (first := Entry.objects.filter(counters=wrong).first()):
        raise Twice(f"这一笔已由{first.by or '系统'}于 {first.on} 冲正（第 {first.number} 笔）")
    if origin is None:
        return
    known = Entry.objects.filter(kind=kind, origin_type=origin.type, origin=origin.id)
    if entry := known.select_related("account__unit", "account__firm").first():
        raise Twice(f"{origin.title}已于 {entry.on} 记入{entry}，不能重复记入")


def _written(actor: User | None, account: Account, amount: int, told: Told, wrong: Entry | None) -> Entry:
    origin, proof = told.origin, told.proof
    entry = Entry(
        account=account,
        kind=account.kind,
        number=account.entered,
        amount=amount,
        balance=account.balance,
        year=told.year,
        on=told.on,
        label=told.label,
        origin_type=origin.type if origin else "",
        origin=origin.id if origin else "",
        origin_title=origin.title[:200] if origin else "",
        project=told.project[:200],
        project_code=told.project_code[:60],
        clause=told.clause or account.about.clause,
        reason=told.reason.strip()[:500],
        why=dict(told.why),
        document=told.document.strip()[:120],
        counters=wrong,
        by=actor,
        **(proof.fields() if proof else {}),
    )
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as fault:  # the same origin on another account, or the same counter, at the same moment
        raise Twice(f"{origin.title if origin else '这一笔'}刚刚由他人记入，不能重复记入") from fault
    return entry
