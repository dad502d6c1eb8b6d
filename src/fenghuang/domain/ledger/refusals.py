"""What cannot be entered, as sentences that people read."""

from __future__ import annotations

from fenghuang.domain.ledger.kinds import Kind
from fenghuang.language.numbers import show_decimal, trim
from fenghuang.platform.ui.numbers import thousands


class Refused(Exception):
    """Cannot be entered: the sentence says why."""


class Twice(Refused):
    """What it comes from was entered before."""


def said(kind: Kind, amount: int) -> str:
    """12.5 吨标准煤"""
    return f"{thousands(trim(show_decimal(amount, kind.decimals)))} {kind.unit}"
