"""Fields of a firm that not everybody who works here may read: who may, masking them, and noting who did."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from fenghuang.domain.feeds.intake import layout
from fenghuang.domain.feeds.models import Finding, RawRow
from fenghuang.domain.feeds.templates import Template, template, templates
from fenghuang.language.record import MASK
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.platform.accounts.models import Role
from fenghuang.platform.accounts.rules import PERMISSIONS
from fenghuang.platform.audit.log import record_read

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import Unit, User

FIELDS = {"tax": "评价税收", "local_contribution": "地方贡献", "revenue": "营业收入"}
# A quotient gives its part away to whom sees the other one.
PARTS = {name: {it.numerator, it.denominator} & set(FIELDS) for name, it in INDICATORS.items()}


def readable(user: User, unit: Unit | str | None) -> frozenset[str]:
    """The sensitive fields of the unit's firms that the person reads in full: all of them by role and unit, else those
    of the own department's sheets. An operator who looks as somebody reads no more than the operator may."""
    if may_read(user, unit):
        fields = frozenset(FIELDS)
    elif user.is_active and user.role == Role.CLERK and user.agency:
        own = {name for one in templates().values() if one.department == user.agency.name for name in one.fields}
        fields = frozenset(FIELDS) & own
    else:
        fields = frozenset()
    return fields & readable(user.seen_by, unit) if user.seen_by else fields


def may_read(user: User, unit: Unit | str | None) -> bool:
    """Whether the person reads every sensitive field of the unit's firms. Asked of the rule itself, not of `has_perm`:
    the account that maintains the system has every permission, and yet no business with a firm's taxes."""
    if user.seen_by and not may_read(user.seen_by, unit):
        return False
    return bool(PERMISSIONS["accounts.see_sensitive"].test(user, unit))


def hidden_from(user: User, unit: Unit | str | None) -> frozenset[str]:
    """Facts and indicators whose values are masked for the person on pages of the unit's firms."""
    hidden = frozenset(FIELDS) - readable(user, unit)
    return hidden | {name for name, parts in PARTS.items() if parts & hidden}


def hidden_in_lists(user: User) -> frozenset[str]:
    """The same for lists, which hold no firm but those of the person's units."""
    return hidden_from(user, user.unit)


def in_log(name: str, value: Any) -> Any:
    """A fact's value as an event says it: some who read the log read no taxes; the row that it names holds them."""
    return MASK if name in FIELDS and value not in (None, "") else value


def masked_cells(user: User, row: RawRow) -> list[str]:
    """The row's cells, those masked that the person may not read. Whom a row is open to, has a firm of the own unit."""
    hidden = hidden_from(user, user.unit)
    cells = list(row.cells)
    for name, place in layout(row.delivery):
        if name in hidden and place is not None and place < len(cells) and cells[place]:
            cells[place] = MASK
    return cells


def sensitive_in(row: RawRow) -> frozenset[str]:
    """The sensitive fields that the row's sheet carries."""
    return frozenset(template(row.delivery.template).fields) & frozenset(FIELDS)


def masked_findings(user: User, findings: Iterable[Finding]) -> list[Finding]:
    """Findings as the person may read them: a sentence about a sensitive field keeps no figure and no quotation."""
    found = list(findings)
    for one in found:
        if one.field in hidden_from(user, one.unit_id or user.unit_id):
            one.sentence = re.sub(r"“[^”]*”|\d[\d,.]*", MASK, one.sentence)
            one.found = MASK
    return found


def told(user: User, findings: QuerySet[Finding]) -> tuple[str, ...]:
    """Sensitive fields that sentences of these findings tell the person in full."""
    fields = readable(user, user.unit)
    if not fields:
        return ()
    return tuple(sorted(set(findings.filter(field__in=fields).order_by().values_list("field", flat=True))))


def note_list(user: User, name: str, title: str, fields: Iterable[str]) -> None:
    """Log that a person opened a list that tells these fields in full; one that tells none is not noted."""
    if fields := set(fields):
        note_read(user, "lists.read", ("lists.listing", name, title), fields)


def masked_lines(template: Template, lines: Iterable[dict[str, Any]], hidden: frozenset[str]) -> list[dict[str, Any]]:
    """Lines of an upload's difference without what they say of sensitive fields."""
    masked = []
    carries = bool(set(template.fields) & hidden)
    for line in lines:
        if line["field"] in hidden:
            line = {**line, "old": MASK, "new": MASK, "change": MASK, "ratio": None}  # noqa: PLW2901
        elif carries and not line["field"]:  # a whole row in words
            said = re.sub(r"“[^”]*”", MASK, line["sentence"])
            line = {**line, "old": "", "new": MASK, "sentence": said}  # noqa: PLW2901
        masked.append(line)
    return masked


def masked_sums(template: Template, sums: Iterable[dict[str, Any]], hidden: frozenset[str]) -> list[dict[str, Any]]:
    """Sums of columns, those of sensitive fields left out."""
    headers = {column.header for column in template.columns if column.field in hidden}
    return [one for one in sums if one["header"] not in headers]


def note_read(user: User, action: str, subject: Model | tuple[str, str, str], fields: Iterable[str]) -> None:
    """Log that a person opened what shows these fields (none when they were masked)."""
    record_read(action, actor=user, subject=subject, fields=set(fields))
