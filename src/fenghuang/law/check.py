"""What can be wrong with a pack that no single file shows: names without rules, words that lack, rules that do not run.

Proofs and worked cases need the engines: engines/check.py adds them for `fenghuang policy check`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fenghuang.language.declare import Rule
from fenghuang.language.program import Program
from fenghuang.language.values import Choice, Names, RuleError
from fenghuang.language.words import Formula
from fenghuang.law import cases, contract
from fenghuang.law.faults import Fault, faults_of
from fenghuang.law.files import Place, places

if TYPE_CHECKING:
    from fenghuang.law.pack import Overlay, Pack

MAY_IMPORT = ("fenghuang.language", "__future__")


def faults(pack: Pack) -> list[Fault]:
    """Everything that is wrong with a loaded pack, short of proofs and the outcome of its cases."""
    found = [*_figures(pack), *_imports(pack), *contract.faults(pack), *cases.read(pack).faults, *_document(pack)]
    if not pack.rules:
        found.append(Fault("", 0, "", "no rule: expected a function with @rule(...) in a file such as art_01.py"))
    for rule in pack.rules.values():
        found += _rule(pack, rule)
    return list(dict.fromkeys(found))


def beside(pack: Pack, others: Iterable[Pack]) -> list[Fault]:
    """What two packs may not share: an id, the name of a rule."""
    found = []
    for other in others:
        if other.folder == pack.folder:
            continue
        if other.id == pack.id:
            text = f"id: {pack.id} is the id of {other.title}（{other.number}）"
            found.append(Fault("policy.yaml", _line(pack, "policy.yaml", "id"), "", text))
        for name in pack.rules.keys() & other.rules.keys():
            text = f"a second rule named {name}; the first is in {other.id}"
            found.append(_at(pack.rules[name], text))
    return sorted(found, key=str)


def twice(path: Path) -> list[Fault]:
    """Functions of one name in one file: the later would take the place of the earlier in silence."""
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except SyntaxError as fault:
        return [Fault(path.name, fault.lineno or 0, "", f"not Python: {fault.msg}")]
    first: dict[str, int] = {}
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            if node.name in first:
                text = f"a second rule named {node.name}; the first is in line {first[node.name]}"
                found.append(Fault(path.name, node.lineno, node.name, text))
            first.setdefault(node.name, node.lineno)
    return found


def strangers(pack: Pack) -> list[Fault]:
    """Parameters, readings and tables of rules there are not, and those under another clause than their rule's."""
    found: list[Fault] = []
    for file in ("parameters.yaml", "readings.yaml"):
        for place in places(pack.folder / file).values():
            if len(place.keys) == len(("clause", "rule")):
                found += _misplaced(pack, file, place)
    for table in pack.references.values():
        for rule in table.rules:
            if rule not in pack.rules:
                line = _line(pack, "references.yaml", f"{table.name}.rules")
                found.append(Fault("references.yaml", line, rule, f"{table.name}: no rule {rule!r}"))
    return found


def _misplaced(pack: Pack, file: str, place: Place) -> Iterator[Fault]:
    clause, name = place.keys
    rule = pack.rules.get(name)
    if rule is None and name != "every_rule":
        yield Fault(file, place.line, name, f"{clause}: no rule {name!r}")
    elif rule and rule.clause != clause:
        text = f"stands under {clause}, expected {rule.clause}: the clause of @rule in {Path(rule.file).name}"
        yield Fault(file, place.line, name, text)


def _figures(pack: Pack) -> Iterator[Fault]:
    """Figures valid outside the document's validity, and rows of tables that contradict each other."""
    first, last = pack.valid
    for parameter in pack.parameters.values():
        begins, ends = parameter.valid
        if begins < first or (last and (ends is None or ends > last)) or (ends and ends < begins):
            text = f"{parameter.path}: valid {begins} 至 {ends or '无期限'}, expected within {pack.validity}"
            line = _line(pack, "parameters.yaml", parameter.path)
            yield Fault("parameters.yaml", line, parameter.path.split(".")[-2], text)
        if not parameter.at:
            line = _line(pack, "parameters.yaml", parameter.path)
            text = f"{parameter.path}: no place in the source (`at`)"
            yield Fault("parameters.yaml", line, parameter.path.split(".")[-2], text)
    for table in pack.references.values():
        for place, row in enumerate(table.rows):
            for other in table.rows[:place]:
                if row.key == other.key and row.valid[0] <= other.valid[1] and other.valid[0] <= row.valid[1]:
                    text = f"{table.name}: two rows for {row.key!r} hold on {max(row.valid[0], other.valid[0])}"
                    yield Fault("references.yaml", _line(pack, "references.yaml", table.name), "", text)


def _imports(pack: Pack) -> Iterator[Fault]:
    """A rule sees the language and nothing else: no file, no clock, no other rule."""
    for path in sorted(pack.folder.glob("*_[0-9][0-9].py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for name in [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or "."]:
                if name not in MAY_IMPORT:
                    yield Fault(path.name, node.lineno, "", f"imports {name}: expected fenghuang.language only")


def _document(pack: Pack) -> Iterator[Fault]:
    """The document as data, where the pack has it: it must load, and its numbers must be those of the pack."""
    if not (pack.folder / "document").is_dir():
        return
    from fenghuang.law import figures
    from fenghuang.law.document import Document

    try:
        document = Document(pack)
        _ = document.clauses, document.does, document.targets
        wrong = list(figures.faults(document))
    except (RuleError, LookupError, TypeError, ValueError, AttributeError, OSError) as fault:
        yield Fault("document/", 0, "", f"cannot be read: {type(fault).__name__} {fault}")
        return
    yield from (Fault("document/numbers.csv", 0, "", text) for text in wrong)


# -- one rule


def overlays(pack: Pack, rule: str) -> Iterator[Overlay]:
    """The law as it stands, then each other choice of each reading by itself."""
    from fenghuang.law.pack import Overlay

    yield Overlay()
    for reading in pack.readings.get(rule, ()):
        yield from (Overlay(readings={reading.name: choice}) for choice in reading.choices if choice != reading.default)


def _rule(pack: Pack, rule: Rule) -> Iterator[Fault]:
    try:
        programs = [pack.program(rule.name, overlay) for overlay in overlays(pack, rule.name)]
    except RuleError as fault:
        yield from faults_of(fault)
        return
    names = _line(pack, "words.yaml", "names")
    for name in ("title", "subject"):
        try:
            pack.words.rule_title(rule.name) if name == "title" else pack.words.subject(rule.name)
        except (KeyError, TypeError):
            line = _line(pack, "words.yaml", f"rules.{rule.name}") or _line(pack, "words.yaml", "rules")
            yield Fault("words.yaml", line, rule.name, f"no {name}: expected rules: {rule.name}: {{title, subject}}")
    for name in dict.fromkeys(name for program in programs for name in _named(program)):
        try:
            pack.words.title(rule.name, name)
        except RuleError:
            yield Fault("words.yaml", names, rule.name, f"no word for {name!r}: expected names: {name}: 中文名")
    labels = _line(pack, "words.yaml", "labels")
    for name, label in dict.fromkeys(pair for program in programs for pair in _labels(program)):
        if label.isascii() and label.islower() and pack.words.label(rule.name, name, label) == label:
            text = f"no word for the label {label!r} of {name}: expected labels: {label}: 中文名"
            yield Fault("words.yaml", labels, rule.name, text)
    for program in programs:
        yield from _unsaid(pack, program)


def _named(program: Program) -> Iterator[str]:
    """Every name of a rule that a page shows."""
    said = {said.name for said in program.graph.said.values()}
    yield from program.inputs
    yield from (name for name in program.meaning if name not in said)
    yield from (name for name in program.conditions if name not in program.meaning)
    yield from program.parameters


def _labels(program: Program) -> Iterator[tuple[str, str]]:
    shown: dict[str, Any] = {**program.inputs, **program.meaning, **program.outputs}
    for name, node in shown.items():
        if isinstance(node, Choice):
            yield from ((name, label) for label in node.labels if not label.endswith("*"))
        elif isinstance(node, Names):
            yield from ((name, label) for label in node.data or ())


def _unsaid(pack: Pack, program: Program) -> Iterator[Fault]:
    """Steps whose formula has no words; a title that lacks is told already."""
    formula = Formula(program, pack.words)
    for name, node in program.meaning.items():
        try:
            formula.of(node)
        except RuleError as fault:
            if not str(fault).startswith("words.yaml"):
                yield _at(program.rule, f"{name}: {fault}")


def _at(rule: Rule, text: str) -> Fault:
    return Fault(Path(rule.file).name, rule.line, rule.name, text)


def _line(pack: Pack, file: str, dotted: str) -> int:
    place = places(pack.folder / file).get(dotted)
    return place.line if place else 0
