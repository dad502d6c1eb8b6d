"""What cannot be entered, as sentences that people read."""

from __future__ import annotations

from fenghuang.domain.ledger.kinds import Kind
from fenghuang.platform.refusals import Refused
from fenghuang.platform.ui.numbers import amount as in_words


class Twice(Refused):
    """What it comes from was entered before."""


def said(kind: Kind, amount: int) -> str:
    """12.5 吨标准煤"""
    return in_words(amount, kind.decimals, kind.unit)
