"""Search over the law: clauses, rules, parameters and readings, by title, number, name or pinyin initials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fenghuang.engines.pinyin import pinyin
from fenghuang.language.words import clause_title
from fenghuang.law.addresses import clauses
from fenghuang.law.document import documents
from fenghuang.law.pack import Pack, packs
from fenghuang.law.paraphrase import figures, paraphrase

KINDS = {"clause": "条款", "rule": "规则", "parameter": "参数", "reading": "口径"}
LONGEST, WORDS = 100, 5  # characters and words of a question that are read


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, and where it is shown: on the page of its clause, a rule by its calculator."""

    kind: str  # a key of KINDS
    title: str
    pack: str
    clause: str
    rule: str
    about: str
    words: str  # what is searched, in lower case
    initials: str


def words_of(text: str) -> list[str]:
    """The words of a question."""
    return text[:LONGEST].replace("\0", " ").lower().split()[:WORDS]


def found(text: str) -> dict[str, list[Hit]]:
    """By kind what has every word of the question, titles that begin so first; kinds without hits are left out."""
    words = words_of(text)
    if not words:
        return {}
    hits = [hit for hit in _everything() if all(_has(hit, word) for word in words)]
    hits.sort(key=lambda hit: not hit.words.startswith(words[0]))
    return {kind: those for kind in KINDS if (those := [hit for hit in hits if hit.kind == kind])}


def _has(hit: Hit, word: str) -> bool:
    """An id of a clause is that clause alone: art.1 is not art.10."""
    if any(word in clauses(pack) for pack in packs()):
        return hit.clause == word
    return word in hit.words or hit.initials.startswith(word)


@cache
def _everything() -> tuple[Hit, ...]:
    return tuple(
        hit for pack in packs().values() for part in (_clauses, _rules, _figures, _readings) for hit in part(pack)
    )


def spoken(clause: str) -> str:
    """The number of a clause as people type it: 第10条, 任务16. Pages write 第十条 (clause_title)."""
    kind, _, rest = clause.partition(".")
    return {"art": f"第{rest}条", "task": f"任务{rest}"}.get(kind, clause)


def titles(pack: Pack) -> dict[str, str]:
    """The title of every clause of a pack; a pack without a register has those of its rules."""
    document = documents().get(pack.id)
    if document is None:
        return {rule.clause: pack.words.rule_title(name) for name, rule in pack.rules.items()}
    parts = (entry for part in ("policy", "targets", "tasks", "work") for entry in document.clauses[part])
    said = {entry["id"]: str(entry["title"]) for entry in parts}
    return {clause: _quoted(title) for clause, title in said.items()}


def _quoted(title: str) -> str:
    """Straight quotation marks as Chinese writes them."""
    for mark in "“”" * (title.count('"') // 2):
        title = title.replace('"', mark, 1)
    return title


def _clauses(pack: Pack) -> Iterator[Hit]:
    named, document = titles(pack), documents().get(pack.id)
    for clause in clauses(pack.id):
        said = "".join(paraphrase(document, clause)) if document else ""
        yield _hit(
            "clause", named[clause], pack, clause, "", f"{clause_title(clause)} · {pack.number}", f"{clause} {said}"
        )


def _rules(pack: Pack) -> Iterator[Hit]:
    for name, rule in pack.rules.items():
        about = f"{clause_title(rule.clause)} · {pack.number} {pack.title}"
        yield _hit("rule", pack.words.rule_title(name), pack, rule.clause, name, about, f"{name} {rule.clause}")


def _figures(pack: Pack) -> Iterator[Hit]:
    for path, parameter in pack.parameters.items():
        rule = path.rsplit(".", 2)[1]
        said = "；".join(figures(parameter, label) for label in parameter.figures if label != "others")
        about = f"{said} · {clause_title(parameter.clause)} · {pack.words.rule_title(rule)}"
        yield _hit("parameter", pack.words.title(rule, parameter.name), pack, parameter.clause, rule, about, path)


def _readings(pack: Pack) -> Iterator[Hit]:
    """Also the open ones; one of the whole document stands on the document's own page."""
    for reading in pack.every_reading:
        rule = reading.rule if reading.rule in pack.rules else ""
        clause = pack.rules[rule].clause if rule else ""
        where = f"{clause_title(clause)} · {pack.words.rule_title(rule)}" if rule else f"全文适用 · {pack.number}"
        about = f"默认：{reading.choices[reading.default]} · {where}"
        yield _hit("reading", reading.title, pack, clause, rule, about, reading.name)


def _hit(kind: str, title: str, pack: Pack, clause: str, rule: str, about: str, more: str) -> Hit:
    words = f"{title} {about} {more} {spoken(clause)}".lower()
    return Hit(kind, title, pack.id, clause, rule, about, words, pinyin(title)[0])
