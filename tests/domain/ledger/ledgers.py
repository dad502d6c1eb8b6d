"""What every test of ledgers says."""

from __future__ import annotations

from datetime import date
from typing import Any

from fenghuang.domain.ledger.actions import Told
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.evidence import Proof

HERE, ELSEWHERE = "331003", "331002"  # 黄岩区, as tests/conftest.py has its county official; 椒江区
PROOF = Proof("批复.pdf", b"%PDF-1.7 x")
DAY = date(2023, 3, 6)


def here() -> Unit:
    return Unit.objects.get(pk=HERE)


def told(label: str = "by_hand", year: int = 2023, **more: Any) -> Told:
    given = {"reason": "核查报告", "document": "黄经信〔2023〕1 号", "proof": PROOF, **more}
    return Told(label, year, DAY, **given)
