"""One case, whichever door it comes in by: the rule asked for, the day, the readings, the subjects; records or faults.

The command, the API and the pages all come through here, so that they answer alike and refuse alike.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fenghuang.engines.door import Fault, Faulty, carried, subject
from fenghuang.engines.explain import explainer
from fenghuang.engines.texts import Digits
from fenghuang.language.numbers import days
from fenghuang.language.readings import choose
from fenghuang.language.record import Record
from fenghuang.language.values import RuleError
from fenghuang.law.pack import STANDING, Overlay, Pack, find, packs


class NoSuchRule(LookupError):
    """No rule has this name; `near` is the nearest that has one, or empty."""

    def __init__(self, rule: str) -> None:
        near = difflib.get_close_matches(rule, [name for pack in packs().values() for name in pack.rules], 1, 0.4)
        self.rule, self.near = rule, near[0] if near else ""
        super().__init__(f"没有名为 {rule} 的规则{f'，是否指 {self.near}' if near else ''}")


def pack_of(rule: str) -> Pack:
    """The pack that holds a rule; NoSuchRule suggests the nearest name."""
    pack = find(rule)
    if pack is None:
        raise NoSuchRule(rule)
    return pack


def today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def day(pack: Pack, text: str | None) -> date:
    """The day a case answers for; nothing said is the pack's own default. Faulty names the field `on`."""
    if not text:
        return pack.default_day(today())
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise Faulty([Fault("on", text, "应为日期，如 2022-12-31")]) from fault
    if not 1900 <= found.year <= 2199:
        raise Faulty([Fault("on", text, "年份应在 1900 与 2199 之间")])
    return found


def settings(written: Iterable[str]) -> dict[str, str]:
    """Readings as `--set` and `?set=` write them: NAME=VALUE."""
    wanted: dict[str, str] = {}
    for setting in written:
        name, equals, choice = setting.partition("=")
        if not equals:
            raise Faulty([Fault("", setting, "应为 名称=取值")])
        wanted[name] = choice
    return wanted


def overlay(pack: Pack, rules: Sequence[str], wanted: Mapping[str, str]) -> Overlay:
    """The readings set for this run; every one must belong to a rule that is asked for."""
    own = {r.name: r for rule in rules for r in pack.readings.get(rule, ())}
    undecided = {r.name: r for rule in rules for r in pack.open_readings(rule)}
    for name in wanted:
        if name in undecided:
            raise Faulty([Fault(name, "", f"这项口径只作记录，不能选定：还需要{undecided[name].needs}")])
        if name not in own:
            expected = f"{'、'.join(rules)} 没有这项口径；可用 {'、'.join(own) or '（无）'}"
            raise Faulty([Fault(name, "", expected)])
    for rule in rules:
        try:
            choose(pack.readings.get(rule, ()), wanted)
        except RuleError as fault:
            setting, _, expected = str(fault).partition(": ")
            name, _, choice = setting.partition("=")
            raise Faulty([Fault(name, choice, expected)]) from fault
    return Overlay(readings=dict(wanted)) if wanted else STANDING


def records(
    pack: Pack, rule: str, rows: Iterable[tuple[int, Mapping[str, Any]]], on: date, chosen: Overlay = STANDING
) -> list[Record]:
    """Records in input order; Faulty with the faults of every row when any has one."""
    explain = explainer(pack, rule, chosen)
    inputs = pack.rules[rule].inputs
    at = days(on)
    found, faults = [], list[Fault]()
    strangers = set[str]()
    for number, raw in rows:
        given, wrong = subject(inputs, raw)
        # a column the rule does not have is one fault, not one a row
        faults += [f._replace(row=number) for f in wrong if f.field not in strangers]
        strangers |= {f.field for f in wrong if f.field not in inputs}
        if not faults:
            found.append(explain.record(given, at, {k: _as_it_was(v) for k, v in raw.items() if carried(k)}))
    if faults:
        raise Faulty(faults)
    return found


def _as_it_was(value: Any) -> Any:
    """A carried JSON number is a number again."""
    if not isinstance(value, Digits):
        return value
    try:
        return json.loads(value, parse_constant=str)
    except ValueError:  # thousands of digits
        return str(value)
