"""Everything that can be said of a pack before it decides anything: its files, its rules, proofs, worked cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fenghuang.engines import door
from fenghuang.engines.proofs import flaws
from fenghuang.engines.worked import work
from fenghuang.language.declare import Rule
from fenghuang.language.values import RuleError
from fenghuang.law import cases as worked
from fenghuang.law import check
from fenghuang.law.cases import Case
from fenghuang.law.faults import Fault, faults_of
from fenghuang.law.files import places
from fenghuang.law.pack import Pack, packs

FEWEST_CASES = 3
SAID = {"True": "是", "False": "否", "None": "未知"}


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
    """What of a rule can never matter as the law stands. Another reading may well do without an input or a figure."""
    for flaw in flaws(pack, name):
        yield _flawed(pack, pack.rules[name], flaw.kind, flaw.name, f"{flaw.kind} {flaw.name}：{flaw.sentence}")


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
            given.setdefault(name, set()).add(str(value))
    for name, values in given.items():
        only = values - {"None"} if values & {"True", "False"} else values  # of yes and no, both
        if len(cases) >= FEWEST_CASES and len(only) < 2:
            text = f"各算例的 {name} 都是 {SAID.get(said := next(iter(only)), said)}，应有得到另一结果的算例"
            yield Fault(cases[0].file, cases[0].line, rule.name, text)
