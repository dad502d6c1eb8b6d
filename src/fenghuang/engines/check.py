"""Everything that can be said of a pack before it decides anything: its files, its rules, proofs, worked cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from fenghuang.engines import door
from fenghuang.engines.case import overlay as overlay_of
from fenghuang.engines.door import Faulty
from fenghuang.engines.explain import explainer
from fenghuang.engines.proofs import flaws
from fenghuang.language import numbers, types, units
from fenghuang.language.declare import Rule
from fenghuang.language.numbers import days
from fenghuang.language.program import Program
from fenghuang.language.record import Record
from fenghuang.language.values import Number, RuleError
from fenghuang.law import cases as worked
from fenghuang.law import check
from fenghuang.law.cases import Case
from fenghuang.law.faults import Fault, faults_of
from fenghuang.law.files import places
from fenghuang.law.pack import Pack, packs

FEWEST_CASES = 3


def everything(folder: Path) -> list[Fault]:
    """All faults of the pack in a folder, in the order of its files; empty for a pack that is fit for use."""
    try:
        pack = Pack(folder)
    except RuleError as fault:
        return faults_of(fault)
    found = [*check.beside(pack, packs().values()), *check.faults(pack)]
    broken = {fault.rule for fault in found if fault.file.endswith((".py", "words.yaml"))}
    sound = [name for name in pack.rules if name not in broken]
    cases = [case for case in worked.read(pack).cases if case.rule in sound]
    for name in sound:
        found += [*_proofs(pack, name), *_examples(pack, name)]
        found += _worked(pack, pack.rules[name], [case for case in cases if case.rule == name])
    return sorted(dict.fromkeys(found), key=lambda fault: (fault.file, fault.line))


# -- proofs


def _proofs(pack: Pack, name: str) -> Iterator[Fault]:
    """What of a rule can never matter. Another than the standing reading may well do without an input or a label."""
    for place, overlay in enumerate(check.overlays(pack, name)):
        for flaw in flaws(pack, name, overlay):
            if place and flaw.kind in ("input", "label"):
                continue
            said = "，".join(f"{reading}={choice}" for reading, choice in overlay.readings.items()) if place else ""
            text = f"{flaw.kind} {flaw.name}：{flaw.sentence}" + (f"（口径 {said}）" if said else "")
            yield _flawed(pack, pack.rules[name], flaw.kind, flaw.name, text)


def _flawed(pack: Pack, rule: Rule, kind: str, what: str, text: str) -> Fault:
    if kind == "parameter" and (place := places(pack.folder / "parameters.yaml").get(what.partition("[")[0])):
        return Fault("parameters.yaml", place.line, rule.name, text)
    return Fault(Path(rule.file).name, rule.line, rule.name, text)


def _examples(pack: Pack, name: str) -> Iterator[Fault]:
    """An example that the calculator's own form would refuse."""
    for field, kind in pack.rules[name].inputs.items():
        try:
            door.value(kind, pack.words.example(field))
        except door.Refused as fault:
            place = places(pack.folder / "words.yaml").get(f"examples.{field}")
            text = f"examples：{field}：读到“{pack.words.example(field)}”，{fault}"
            yield Fault("words.yaml", place.line if place else 0, name, text)


# -- worked cases


def _worked(pack: Pack, rule: Rule, cases: list[Case]) -> Iterator[Fault]:
    """Too few cases, cases that all go one way, cases in another file, cases that come out otherwise."""
    if len(cases) < FEWEST_CASES:
        text = f"{len(cases)} 个算例，至少应有 {FEWEST_CASES} 个（{worked.file_of(rule.file)}）"
        yield Fault(Path(rule.file).name, rule.line, rule.name, text)
    given: dict[str, set[str]] = {}
    for case in cases:
        if case.file != worked.file_of(rule.file):
            yield case.fault(f"应写在 {worked.file_of(rule.file)}")
        record, faults = work(pack, case)
        yield from faults
        for name, value in record.outputs.items() if record else ():
            given.setdefault(name, set()).update([] if value is None else [str(value)])
    for name, values in given.items():
        if len(cases) >= FEWEST_CASES and len(values) < 2:
            only = f"都是 {next(iter(values))}" if values else "都是未知"
            text = f"各算例的 {name} {only}，应有得到另一结果的算例"
            yield Fault(cases[0].file, cases[0].line, rule.name, text)


def work(pack: Pack, case: Case) -> tuple[Record | None, list[Fault]]:
    """The record of a case and how it differs from what the case expects; None where it cannot be worked out."""
    rule = pack.rules[case.rule]
    lacking = [name for name in rule.inputs if name not in case.given]
    faults = [case.fault(f"没有写输入 {name}，未知的应写 null") for name in lacking]
    given, wrong = door.subject(
        rule.inputs, {name: _given(rule.inputs, name, said) for name, said in case.given.items()}
    )
    faults += [case.fault(fault.sentence()) for fault in wrong]
    try:
        chosen = overlay_of(pack, [case.rule], case.reading)
    except Faulty as fault:
        faults += [case.fault(f.sentence()) for f in fault.faults]
    if faults:
        return None, faults
    record = explainer(pack, case.rule, chosen).record(given, days(case.on))
    return record, list(_differences(pack.program(case.rule, chosen), case, record))


def _differences(program: Program, case: Case, record: Record) -> Iterator[Fault]:
    answers = {**record.outputs, **record.conditions}
    for name, said in case.expect.items():
        if name not in answers:
            yield case.fault(f"没有名为 {name} 的结果或条件；有 {'、'.join(answers)}")
        elif (wanted := _expected(program, name, said)) != answers[name]:
            yield case.fault(f"{name}：算得 {_shown(answers[name])}，应为 {_shown(wanted)}")
    if set(record.missing) != set(case.missing):
        found, wanted = ("、".join(names) or "无" for names in (record.missing, case.missing))
        yield case.fault(f"missing：算得 {found}，应为 {wanted}")


def _given(inputs: Mapping[str, types.Type], name: str, said: Any) -> Any:
    """4875 万元 for an input in 元 is 48750000: the number in the input's own unit, as text."""
    kind = inputs.get(name)
    figure = _with_unit(said)
    if figure is None or not isinstance(kind, types.NumberType) or figure[1].dimension != kind.unit.dimension:
        return said
    return _text(figure[0] * figure[1].factor / kind.unit.factor, kind.decimals)


def _expected(program: Program, name: str, said: Any) -> Any:
    """What a case expects as the record writes it: amounts and decimals as text with their decimals."""
    node = {**program.outputs, **program.conditions}[name]
    if not isinstance(node, Number) or said is None:
        return said.isoformat() if hasattr(said, "isoformat") else said
    if node.dimension == units.DATE:
        return str(said)
    figure = _with_unit(said)
    decimals = types.shown_decimals(node.unit)
    if figure is not None and figure[1].dimension == node.dimension:
        return _text(figure[0] * figure[1].factor, decimals)
    try:
        return _text(numbers.fraction(str(said)), decimals)
    except numbers.NotANumber:
        return said


def _with_unit(said: Any) -> tuple[Fraction, units.Unit] | None:
    """A figure with its unit, or None where it is something else."""
    number, space, unit = str(said).rpartition(" ")
    try:
        return (numbers.fraction(number), units.unit(unit)) if space and unit else None
    except (ValueError, numbers.NotANumber):
        return None


def _text(value: Fraction, decimals: int) -> str:
    """The exact decimal; one that has more decimals than its type stays a fraction, which the door refuses."""
    scaled = value * 10**decimals
    return numbers.show_decimal(scaled.numerator, decimals) if scaled.denominator == 1 else str(value)


def _shown(value: Any) -> str:
    if value is None:
        return "未知"
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)
