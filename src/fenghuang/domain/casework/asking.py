"""Rules asked at a step: of what is filled in, by the name of the rule's input, and of what the registry knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fenghuang.domain.casework import code
from fenghuang.domain.casework.models import Case
from fenghuang.domain.evaluation.asking import Asked, ask, inputs_of, title
from fenghuang.language import types
from fenghuang.language.numbers import days
from fenghuang.law.registers.declaration import Ask, Step
from fenghuang.platform.refusals import Refused


def asked(case: Case, step: Step, fields: Mapping[str, Any], today: date) -> list[dict[str, Any]]:
    """The records of the rules that a step asks; Refused when one does not give what it must."""
    return [_asked(case, one, fields, today, step.title).record for one in step.asks]


def verdict(case: Case, one: Ask, fields: Mapping[str, Any], today: date) -> Asked:
    """The rule on the fields as they stand; what is neither filled in nor registered is unknown."""
    given = {name: _value(case, name, one.field(name), kind, fields) for name, kind in inputs_of(one.rule).items()}
    return ask(one.rule, given, today)


def _asked(case: Case, one: Ask, fields: Mapping[str, Any], today: date, step: str) -> Asked:
    found = verdict(case, one, fields, today)
    for output, wanted in one.must.items():
        value = found.outputs[output]
        if value in wanted and value is not None:
            continue
        if value is None:
            raise Refused(f"不能“{step}”：{title(one.rule, output)}还不知道，缺{'、'.join(found.missing)}")
        why = f"；不符合：{'、'.join(found.failed)}" if found.failed else ""
        raise Refused(f"不能“{step}”：{found.verdict(output)}{why}")
    return found


def _value(case: Case, name: str, field: str, kind: types.Type, fields: Mapping[str, Any]) -> Any:
    """What the engine takes: days for a date, the place of a label."""
    register = case.declared
    if field not in register.fields:
        return code.fact_of(register.facts[name])(case, fields)
    value = fields.get(field)
    if value is None:
        return None
    if isinstance(kind, types.ChoiceType):
        return kind.labels.index(value)
    return days(date.fromisoformat(value)) if kind.name == "date" else value
