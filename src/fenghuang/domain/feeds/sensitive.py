"""Fields of a firm that not everybody who works here may read: who may, masking them, and noting who did."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from fenghuang.domain.feeds.intake import layout
from fenghuang.domain.feeds.models import Finding, RawRow
from fenghuang.domain.feeds.templates import Template, template
from fenghuang.language.record import MASK
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.platform.accounts.rules import PERMISSIONS
from fenghuang.platform.audit.log import record_read

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import Unit, User

FIELDS = {"tax": "评价税收", "local_contribution": "地方贡献", "revenue": "营业收入"}
# A quotient gives its part away to whom sees the other one.
DERIVED = {name for name, it in INDICATORS.items() if {it.numerator, it.denominator} & set(FIELDS)}


def may_read(user: User, unit: Unit | str | None) -> bool:
    """Whether the person reads the sensitive fields of the unit's firms. Asked of the rule itself, not of `has_perm`:
    the account that maintains the system has every permission, and yet no business with a firm's taxes."""
    return bool(PERMISSIONS["accounts.see_sensitive"].test(user, unit))


def hidden_from(user: User, unit: Unit | str | None) -> frozenset[str]:
    """Facts and indicators whose values are masked for the person on pages of the unit's firms."""
    return frozenset() if may_read(user, unit) else frozenset(FIELDS) | DERIVED


def hidden_in_lists(user: User) -> frozenset[str]:
    """The same for lists, which hold no firm but those of the person's units."""
    return hidden_from(user, user.unit)


def masked_cells(row: RawRow) -> list[str]:
    """The row's cells, the sensitive ones masked."""
    cells = list(row.cells)
    for name, place in layout(row.delivery):
        if name in FIELDS and place is not None and place < len(cells) and cells[place]:
            cells[place] = MASK
    return cells


def has_sensitive(row: RawRow) -> bool:
    """Whether the row's sheet carries a sensitive field."""
    return bool(set(template(row.delivery.template).fields) & set(FIELDS))


def masked_findings(user: User, findings: Iterable[Finding]) -> list[Finding]:
    """Findings as the person may read them: a sentence about a sensitive field keeps no figure and no quotation."""
    found = list(findings)
    for one in found:
        if one.field in FIELDS and not may_read(user, one.unit_id or user.unit_id):
            one.sentence = re.sub(r"“[^”]*”|\d[\d,.]*", MASK, one.sentence)
            one.found = MASK
    return found


def told(user: User, findings: QuerySet[Finding]) -> tuple[str, ...]:
    """Sensitive fields that sentences of these findings tell the person in full."""
    if not may_read(user, user.unit):
        return ()
    return tuple(sorted(set(findings.filter(field__in=FIELDS).order_by().values_list("field", flat=True))))


def note_list(user: User, name: str, title: str, fields: Iterable[str]) -> None:
    """Log that a person opened a list that tells these fields in full; one that tells none is not noted."""
    if fields := set(fields):
        note_read(user, "lists.read", ("lists.listing", name, title), fields)


def masked_lines(template: Template, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of an upload's difference without what they say of sensitive fields."""
    masked = []
    carries = bool(set(template.fields) & set(FIELDS))
    for line in lines:
        if line["field"] in FIELDS:
            line = {**line, "old": MASK, "new": MASK, "change": MASK, "ratio": None}  # noqa: PLW2901
        elif carries and not line["field"]:  # a whole row in words
            said = re.sub(r"“[^”]*”", MASK, line["sentence"])
            line = {**line, "old": "", "new": MASK, "sentence": said}  # noqa: PLW2901
        masked.append(line)
    return masked


def masked_sums(template: Template, sums: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sums of columns, those of sensitive fields left out."""
    hidden = {column.header for column in template.columns if column.field in FIELDS}
    return [one for one in sums if one["header"] not in hidden]


def note_read(user: User, action: str, subject: Model | tuple[str, str, str], fields: Iterable[str]) -> None:
    """Log that a person opened what shows these fields (none when they were masked)."""
    record_read(action, actor=user, subject=subject, fields=set(fields))
