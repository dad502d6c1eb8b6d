"""Where a clause is found: which pack holds it. A clause named without its document is the first document's."""

from __future__ import annotations

from functools import cache

from fenghuang.law.clauses import coverage
from fenghuang.law.document import documents
from fenghuang.law.pack import packs


@cache
def clauses(pack: str) -> tuple[str, ...]:
    """The clauses of a pack in the order of its document; of a pack without a register those its rules carry out."""
    if document := documents().get(pack):
        return tuple(clause.id for clause in coverage(document))
    return tuple(dict.fromkeys(rule.clause for rule in packs()[pack].rules.values()))


def holder(clause: str, pack: str = "") -> str:
    """The pack that holds a clause, or ""; with `pack` only that one is asked (a method's id is no pack)."""
    asked = [pack] if pack else [*documents(), *packs()]
    return next((name for name in asked if name in packs() and clause in clauses(name)), "")
