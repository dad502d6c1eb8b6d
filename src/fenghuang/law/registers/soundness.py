"""What a declaration must not be: a dead end, a way out without its exit rule, a state for which nobody answers.

Every fault is told with the path of its entry. A register with a fault does not start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations
from typing import NamedTuple

from fenghuang.language.types import ChoiceType, Type, contract_name
from fenghuang.law.registers.declaration import AGENCY, EXIT, PEOPLE, RETURN, Joint, Register, State, Step, When


class Asked(NamedTuple):
    """What of a rule a declaration can name: its inputs with their types, its outputs."""

    inputs: Mapping[str, Type]
    outputs: Collection[str]


MANAGERS = ("city", "county")  # who may take a case off a register without its exit rule, with reason and document


def faults(
    register: Register, agencies: Collection[str], figures: Collection[str], rules: Mapping[str, Asked]
) -> list[str]:
    """Everything that is wrong beside what the packs know: ids of agencies, paths of parameters, rules by name."""
    found = [*_strangers(register, agencies, figures), *_asks(register, rules), *_parts(register, agencies)]
    if found:  # what follows walks along names that exist
        return found
    return [*_held(register), *_reached(register), *_answers(register), *_exits(register), *_returns(register)]


def _strangers(register: Register, agencies: Collection[str], figures: Collection[str]) -> Iterator[str]:
    """Names that nothing has."""
    if register.lead not in agencies:
        yield f"lead: {register.lead!r} is no agency of the document"
    for name, step in register.steps.items():
        at = f"steps.{name}"
        places = (*step.before, step.after)
        yield from (f"{at}: no state named {one!r}" for one in places if one not in register.states)
        yield from _people(step.by, agencies, f"{at}.by")
        yield from (f"{at}: no field named {one!r}" for one in _unknown_fields(register, step))
        if step.needs_plan and register.plan is None:
            yield f"{at}.needs_plan: the register has no plan"
        if step.when and not all(_can_answer(register, state, step.when.answer) for state in step.before):
            yield f"{at}.when: {step.when.answer!r} is no answer in {'、'.join(step.before)}"
    for name, state in register.states.items():
        if state.held_by:
            yield from _people((state.held_by,), agencies, f"states.{name}.held_by")
        if state.joint:
            yield from _people((f"{AGENCY}{one}" for one in state.joint.agencies), agencies, f"states.{name}.joint")
            if state.joint.accepts and state.joint.accepts not in state.joint.answers:
                yield f"states.{name}.joint.accepts: {state.joint.accepts!r} is no answer"
        yield from _limit(register, state, figures)
    if register.plan:
        yield from (
            f"plan.written_in: no state named {s!r}" for s in register.plan.written_in if s not in register.states
        )
    if register.reopen:
        yield from _people(register.reopen.by, agencies, "reopen.by")
        if register.reopen.to not in register.states or register.states[register.reopen.to].end:
            yield f"reopen.to: {register.reopen.to!r} is no state that a case can be worked on in"
    if register.classes and register.classes not in register.fields:
        yield f"classes: no field named {register.classes!r}"
    yield from _people(register.entry.by_hand, agencies, "entry.by_hand")
    yield from (f"entry.fields: no field named {one!r}" for one in register.entry.fields if one not in register.fields)
    if not (register.entry.found_by or register.entry.by_hand):
        yield "entry: nobody and nothing brings a case onto the register"


def _asks(register: Register, rules: Mapping[str, Asked]) -> Iterator[str]:
    """A rule is asked of fields that bear its inputs' names and types, or of registered facts."""
    for step in register.steps.values():
        for ask in step.asks:
            at = f"steps.{step.name}.asks.{ask.rule}"
            if ask.rule not in rules:
                yield f"{at}: no rule of this name"
                continue
            rule = rules[ask.rule]
            yield from (f"{at}: no output {name!r}" for name in ask.must if name not in rule.outputs)
            yield from (f"{at}.inputs: no input {name!r}" for name in ask.inputs if name not in rule.inputs)
            for name, kind in rule.inputs.items():
                field = ask.field(name)
                if field in register.fields:
                    if not _same(register.fields[field].kind, kind):
                        yield f"fields.{field}.type: the rule {ask.rule} takes {contract_name(kind)}"
                elif name not in register.facts:
                    yield f"{at}: nobody says {name}: expected a field of this name, or an entry in facts"


def _same(mine: Type, its: Type) -> bool:
    """Whether a field's value can be given to an input."""
    if isinstance(mine, ChoiceType) and isinstance(its, ChoiceType):
        return set(mine.labels) <= set(its.labels)
    return replace(mine, optional=False) == replace(its, optional=False)


def _parts(register: Register, agencies: Collection[str]) -> Iterator[str]:
    for name, parts in register.parts.items():
        at = f"parts.{name}"
        yield from _people(parts.by, agencies, f"{at}.by")
        yield from _people(parts.settled_by, agencies, f"{at}.settled_by")
        yield from (f"{at}.added_in: no state named {one!r}" for one in parts.added_in if one not in register.states)
        if parts.settled and not any(name in step.settled for step in register.steps.values()):
            yield f"{at}: no step waits until they are settled"
    for step in register.steps.values():
        strangers = [one for one in step.settled if one not in register.parts or not register.parts[one].settled]
        yield from (f"steps.{step.name}.settled: no parts named {one!r} that are settled" for one in strangers)


def _people(by: Collection[str] | Iterator[str], agencies: Collection[str], at: str) -> Iterator[str]:
    for one in by:
        known = one.removeprefix(AGENCY) in agencies if one.startswith(AGENCY) else one in PEOPLE
        if not known:
            yield f"{at}: {one!r} is nobody: expected {', '.join(PEOPLE)} or agency:<id>"


def _unknown_fields(register: Register, step: Step) -> list[str]:
    return [name for name in (*step.fields, *step.may_fill) if name not in register.fields]


def _can_answer(register: Register, state: str, answer: str) -> bool:
    joint = register.states[state].joint if state in register.states else None
    return joint is not None and answer in joint.answers


def _limit(register: Register, state: State, figures: Collection[str]) -> Iterator[str]:
    """A date that a limit counts from must be there when the state begins."""
    limit = state.limit
    if limit is None:
        return
    at = f"states.{state.name}.limit"
    if limit.months and limit.months not in figures:
        yield f"{at}.months: no parameter {limit.months!r}"
    if name := limit.field or limit.since:
        if name not in register.fields or register.fields[name].type != "date":
            yield f"{at}: {name!r} is no field of type date"
        else:
            for step in register.into(state.name):
                if name not in step.fields and step.before != (state.name,):
                    yield f"{at}: step {step.name} does not ask for {name}"
            if register.first is state and name not in register.entry.fields:
                yield f"{at}: entry does not ask for {name}"


def _held(register: Register) -> Iterator[str]:
    """Somebody answers for every state that is no end, and nobody for an end."""
    for name, state in register.states.items():
        if state.end and (state.held_by or state.joint or state.limit):
            yield f"states.{name}: an end has nobody who holds it, no question and no limit"
        if not state.end and not state.held_by:
            yield f"states.{name}.held_by: nobody is responsible"
        if state.end and register.out_of(name):
            yield f"states.{name}: a step leads out of an end; say `reopen`"
    if register.first.end:
        yield f"states.{register.first.name}: a register begins with an end"


def _reached(register: Register) -> Iterator[str]:
    """From the first state to every state, and from every state to an end."""
    forward = _closure({register.first.name}, lambda s: [step.after for step in register.out_of(s)])
    if register.reopen:
        forward |= _closure({register.reopen.to}, lambda s: [step.after for step in register.out_of(s)])
    for name in register.states:
        if name not in forward:
            yield f"states.{name}: no step leads here"
    ends = {state.name for state in register.ends}
    home = _closure(ends, lambda s: [b for step in register.into(s) for b in step.before])
    for state in register.open_states:
        if state.name not in home:
            yield f"states.{state.name}: a dead end: no way leads from here to an end"
    if not any(state.end == EXIT for state in register.ends):
        yield "states: no end is an exit"


def _closure(start: set[str], after) -> set[str]:  # type: ignore[no-untyped-def]
    found, waiting = set(start), list(start)
    while waiting:
        for one in after(waiting.pop()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _answers(register: Register) -> Iterator[str]:
    """Whatever the agencies answer, a step is open; and a joint state is left only by their answers, or by a return."""
    for name, state in register.states.items():
        if state.joint is None:
            continue
        steps = register.out_of(name)
        for step in steps:
            if step.when is None and register.states[step.after].end != RETURN:
                yield f"steps.{step.name}.when: leaves {name} without asking what the agencies answered"
        for given in _outcomes(state.joint):
            if not any(opens(step, given) for step in steps):
                words = "、".join(state.joint.answers[one] for one in given)
                yield f"states.{name}: a dead end when the agencies answer {words}"


def _outcomes(joint: Joint) -> Iterator[tuple[str, ...]]:
    """Every set of answers that so many agencies can give together."""
    sizes = range(1, min(len(joint.answers), len(joint.agencies)) + 1)
    return chain.from_iterable(combinations(joint.answers, size) for size in sizes)


def opens(step: Step, given: Collection[str]) -> bool:
    """Whether the step's condition holds for the answers given."""
    if step.when is None:
        return True
    return set(given) == {step.when.answer} if step.when.how == "all" else step.when.answer in given


def _exits(register: Register) -> Iterator[str]:
    """An exit is shown on the facts and accepted by agencies: no step goes around either."""
    for state in register.ends:
        if (state.end == EXIT) != bool(state.shown_by):
            yield f"states.{state.name}.shown_by: an exit says what shows it on the facts, a return does not"
        if state.end != EXIT:
            continue
        for step in register.into(state.name):
            for before in step.before:
                if not _accepted(step, register.states[before].joint):
                    yield f"steps.{step.name}: leads to the exit {state.name} without acceptance in {before}"


def _accepted(step: Step, joint: Joint | None) -> bool:
    """Whether all agencies agree before the step is taken."""
    return bool(joint and joint.accepts and step.when == When("all", joint.accepts))


def _returns(register: Register) -> Iterator[str]:
    """Off the register without its exit rule only by county or city, with a reason and a document."""
    for state in register.ends:
        if state.end != RETURN:
            continue
        for step in register.into(state.name):
            if not set(step.by) <= set(MANAGERS):
                yield f"steps.{step.name}.by: a return is for {' or '.join(MANAGERS)}: others would skip the exit rule"
            if not step.reason:
                yield f"steps.{step.name}.reason: a return gives its reason"
            if not step.documents:
                yield f"steps.{step.name}.documents: a return brings the document it stands on"
