"""Amounts of ledgers in the unit of their kind: {{ entry|change }} +12.5, {{ kind|held:balance }} 30."""

from __future__ import annotations

from typing import Any

from django import template

from fenghuang.domain.ledger.kinds import Kind
from fenghuang.domain.ledger.lists import amount, signed
from fenghuang.domain.ledger.models import Claim, Entry
from fenghuang.domain.ledger.refusals import said

register = template.Library()


@register.filter
def change(entry: Entry) -> str:
    return signed(entry.about, entry.amount)


@register.filter
def after(entry: Entry) -> str:
    return amount(entry.about, entry.balance)


@register.filter
def asked(claim: Claim) -> str:
    return amount(claim.about, claim.amount)


@register.filter
def held(kind: Kind, balance: int) -> str:
    return amount(kind, balance)


@register.filter
def fact_value(fact: dict[str, Any]) -> str:
    """A fact that an entry stands on, with its unit."""
    return "未知" if fact["value"] is None else said(fact["kind"], fact["value"])
