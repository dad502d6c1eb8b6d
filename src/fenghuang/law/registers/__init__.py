"""清单 under closed-loop management as data: what a register declares, how it is read, and what makes it sound."""

from __future__ import annotations

from functools import cache

from fenghuang.law.document import Document, documents
from fenghuang.law.faults import Collected, Fault
from fenghuang.law.pack import Pack, packs
from fenghuang.law.registers import reading, soundness
from fenghuang.law.registers.declaration import Register


@cache
def registers() -> dict[str, Register]:
    """Every register of every pack by its name. Faulty when one is not sound: nothing starts on it."""
    found: dict[str, Register] = {}
    collected = Collected()
    for document in documents().values():
        with collected:
            for register in of_document(document):
                if register.name in found:
                    text = f"a second register named {register.name}; the first is in {found[register.name].pack}"
                    collected.faults.append(Fault("registers", 0, "", text))
                found[register.name] = register
    collected.tell()
    return found


def register(name: str) -> Register:
    return registers()[name]


def of_document(document: Document) -> list[Register]:
    """The registers of one pack, each sound; Faulty with every fault."""
    found = []
    collected = Collected()
    for path in sorted((document.pack.folder / "registers").glob("*.yaml")):
        with collected:
            one = reading.read(path, document.pack.id)
            collected.faults += [Fault(path.name, 0, "", text) for text in faults(one, document)]
            found.append(one)
    collected.tell()
    return found


def faults(register: Register, document: Document) -> list[str]:
    """What is wrong with a declaration beside what its document knows."""
    paths = {path for pack in packs().values() for path in pack.parameters}
    rules = {name: _asked(pack, name) for pack in packs().values() for name in pack.rules if name in _named(register)}
    return soundness.faults(register, document.agencies, paths, rules)


def _named(register: Register) -> set[str]:
    return {ask.rule for step in register.steps.values() for ask in step.asks}


def _asked(pack: Pack, rule: str) -> soundness.Asked:
    return soundness.Asked(pack.rules[rule].inputs, tuple(pack.program(rule).outputs))


def pack_of(register: Register) -> Pack:
    return packs()[register.pack]
