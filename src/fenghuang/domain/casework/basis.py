"""Why a case is on its register, and what the facts say of its leaving today: rules run again on what was stored."""

from __future__ import annotations

from typing import Any, NamedTuple

from fenghuang.domain.casework import code, quiet
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.wording import Told
from fenghuang.domain.evaluation.asking import explained
from fenghuang.domain.feeds.sensitive import FIELDS, hidden_from, note_read, readable
from fenghuang.language.record import Record
from fenghuang.law.pack import find
from fenghuang.platform.accounts.models import User
from fenghuang.platform.ui.explanation import view


class Basis(NamedTuple):
    """One rule of an entry: its title, the explanation, and whether the law changed since."""

    rule: str
    title: str
    policy: str
    record: Record
    same_law: bool

    @property
    def said(self) -> str:
        """What the rule answers, in one line."""
        lines = [(one.title, one.figure) for one in view(self.record).headline]
        return "；".join(
            f"{title} {it.text} {it.unit}".rstrip() if it.known else f"{title} 未知" for title, it in lines
        )


def of_entry(case: Case, user: User) -> list[Basis]:
    """The rules of the entry, explained on the inputs kept then; taxes masked, reads noted."""
    stored = [
        one for one in case.entry.get("facts", {}).get("rules", []) if {"rule", "inputs", "on", "policy"} <= set(one)
    ]
    hidden = hidden_from(user, case.unit_id)
    hidden |= {f"{name}_previous" for name in hidden}
    if stored and case.firm and any(name in FIELDS for one in stored for name in one.get("inputs", {})):
        note_read(user, "registry.read_firm", case.firm, readable(user, case.unit_id))
    return [made for one in stored if (made := _explained(one, hidden)) is not None]


def of_steps(told: list[Told], case: Case, user: User) -> list[Told]:
    """What happened, with every rule that was asked at a step explained."""
    hidden = hidden_from(user, case.unit_id)
    hidden |= {f"{name}_previous" for name in hidden}
    return [one._replace(rules=[made for it in one.rules if (made := _explained(it, hidden))]) for one in told]


def _explained(stored: dict[str, Any], hidden: frozenset[str]) -> Basis | None:
    pack = find(stored["rule"])
    if pack is None:  # a rule of a pack that is no longer there
        return None
    title = pack.words.rule_title(stored["rule"])
    record = explained(stored).masked(hidden)
    return Basis(stored["rule"], title, stored["policy"], record, stored["policy"] == pack.sha256)


class Leaving(NamedTuple):
    """An end that is shown on the facts, and what they say today: True, False or None."""

    title: str
    holds: bool | None
    sentence: str


def leaving(case: Case, user: User) -> list[Leaving]:
    """若现在验收: each exit that the facts show or do not show; taxes masked, reads noted."""
    if not case.is_open:
        return []
    found = []
    for end in case.declared.ends:
        if end.shown_by:
            shown = code.shown(end.shown_by, case)
            if case.firm and set(quiet.named(shown.facts)) & quiet.SENSITIVE:
                note_read(user, "registry.read_firm", case.firm, readable(user, case.unit_id))
            sentence = quiet.told(shown.sentence, shown.facts, user, case.unit_id)
            found.append(Leaving(end.title, shown.holds, sentence))
    return found
