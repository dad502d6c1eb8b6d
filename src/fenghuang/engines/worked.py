"""The worked cases of a rule (cases/*.yaml of its pack), worked out: what is given, what must come out, and why.

A case writes numbers with their units (4875 万元, 12.5 亩) and unknown as null; `plain` makes of it what the door
reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from fenghuang.engines import door
from fenghuang.engines.case import overlay as overlay_of
from fenghuang.engines.explain import explainer
from fenghuang.language import numbers, references, types, units
from fenghuang.language.numbers import days
from fenghuang.language.program import Program
from fenghuang.language.record import Record
from fenghuang.language.values import Number, RuleError
from fenghuang.law import cases
from fenghuang.law.cases import Case as Worked
from fenghuang.law.faults import Fault
from fenghuang.law.files import load_yaml
from fenghuang.law.pack import Pack

GRANTED, REFUSED, OPEN = "granted", "refused", "open"
COUNTED = {"幢": "", "宗": "", "个": ""}  # what a plain count counts


@cache
def _cases(pack: Pack) -> tuple[Worked, ...]:
    return tuple(cases.read(pack).cases)


def worked(pack: Pack, rule: str) -> tuple[Worked, ...]:
    """The worked cases of a rule, in the order of their file."""
    return tuple(case for case in _cases(pack) if case.rule == rule)


# -- figures as a case writes them


def plain(kind: types.Type, said: Any) -> Any:
    """A written value in the contract's own unit: 4875 万元 is "48750000"; what has no unit stays as it is."""
    figure = _with_unit(said)
    if figure is None or not isinstance(kind, types.NumberType) or figure[1].dimension != kind.unit.dimension:
        return said
    return _text(figure[0] * figure[1].factor / kind.unit.factor, kind.decimals)


def _with_unit(said: Any) -> tuple[Fraction, units.Unit] | None:
    """A figure with its unit, or None where it is something else."""
    number, space, unit = str(said).rpartition(" ")
    try:
        return (numbers.fraction(number), units.unit(COUNTED.get(unit, unit))) if space and unit else None
    except ValueError:
        return None


def _text(value: Fraction, decimals: int) -> str:
    """The exact decimal; one that has more decimals than its type stays a fraction, which the door refuses."""
    scaled = value * 10**decimals
    return numbers.trim(numbers.show_decimal(scaled.numerator, decimals)) if scaled.denominator == 1 else str(value)


def text(pack: Pack, rule: str, case: Worked) -> dict[str, str]:
    """The inputs of a case as a form takes them; unknown ones are left out."""
    kinds = pack.rules[rule].inputs
    found = {name: plain(kinds[name], value) for name, value in case.given.items() if value is not None}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in found.items()}


# -- working a case out


def work(pack: Pack, case: Worked) -> tuple[Record | None, list[Fault]]:
    """The record of a case and how it differs from what the case expects; None where it cannot be worked out."""
    rule = pack.rules[case.rule]
    kinds = rule.inputs
    faults = [case.fault(f"没有写输入 {name}，未知的应写 null") for name in kinds if name not in case.given]
    written = {name: plain(kinds[name], said) if name in kinds else said for name, said in case.given.items()}
    given, wrong = door.subject(kinds, written)
    faults += [case.fault(fault.sentence()) for fault in wrong]
    try:
        chosen = overlay_of(pack, [case.rule], case.readings)
        supposed = _supposing(pack, case)
    except door.Faulty as refused:
        faults += [case.fault(fault.sentence()) for fault in refused.faults]
    except (RuleError, LookupError, TypeError) as refused:
        faults.append(case.fault(f"rows：{refused}"))
    if faults:
        return None, faults
    found = explainer(supposed, case.rule, chosen).record(given, days(case.on))
    return found, list(_differences(supposed.program(case.rule, chosen), case, found))


def _supposing(pack: Pack, case: Worked) -> Pack:
    """The pack with the rows of reference tables that a case supposes: the document they stand in was not found."""
    if not case.rows:
        return pack
    document = load_yaml(pack.folder / "references.yaml")
    for table, figures in case.rows.items():
        document[table]["versions"] = [{"source": "算例假设", "rows": figures}]
    supposed = copy(pack)
    supposed.references, supposed._programs = references.read(document, pack.valid), {}
    return supposed


def _differences(program: Program, case: Worked, found: Record) -> Iterator[Fault]:
    answers = {**found.outputs, **found.conditions}
    for name, said in case.expect.items():
        if name not in answers:
            yield case.fault(f"没有名为 {name} 的结果或条件；有 {'、'.join(answers)}")
        elif not _is(answers[name], said, program.shown[name]):
            yield case.fault(f"{name}：算得 {_shown(answers[name])}，应为 {_shown(said)}")
    if set(found.missing) != set(case.missing):
        was, wanted = ("、".join(names) or "无" for names in (found.missing, case.missing))
        yield case.fault(f"missing：算得 {was}，应为 {wanted}")


def _is(answer: Any, said: Any, node: Any) -> bool:
    """Whether an answer is what the case expects; a figure to its last decimal, its unit counting the same thing."""
    if isinstance(said, date):
        return bool(answer == said.isoformat())
    if isinstance(node, Number) and node.dimension != units.DATE and None not in (answer, said):
        figure = _with_unit(said)
        try:
            value = numbers.fraction(str(said)) if figure is None else figure[0] * figure[1].factor
        except ValueError:
            return False
        return (figure is None or figure[1].dimension == node.dimension) and numbers.fraction(str(answer)) == value
    return bool(answer == said) and type(answer) is type(said)


def _shown(value: Any) -> str:
    if value is None:
        return "未知"
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def record(pack: Pack, rule: str, case: Worked) -> Record:
    """The case run, whatever it expects; ValueError when it cannot be."""
    found, faults = work(pack, case)
    if found is None:
        raise ValueError("\n".join(map(str, faults)))
    return found


def outcome(found: Record) -> str:
    """Granted, refused, or open: neither, or not known. Told by the amount, else by the first yes or no."""
    values = [found.outputs["amount"]] if "amount" in found.outputs else list(found.outputs.values())
    verdicts = [value for value in values if isinstance(value, bool)]
    if "amount" in found.outputs and values[0] is not None:
        verdicts = [Fraction(str(values[0])) > 0]
    if not verdicts:
        return OPEN
    return GRANTED if verdicts[0] else REFUSED


@cache
def shown(pack: Pack, rule: str) -> tuple[tuple[str, Worked], ...]:
    """The first case that is granted and the first that is refused; of a rule without such, the first two."""
    cases = worked(pack, rule)
    by_outcome: dict[str, Worked] = {}
    for case in cases:
        by_outcome.setdefault(outcome(record(pack, rule, case)), case)
    told = tuple((kind, by_outcome[kind]) for kind in (GRANTED, REFUSED) if kind in by_outcome)
    return told or tuple((OPEN, case) for case in cases[:2])
