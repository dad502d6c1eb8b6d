"""What a register (清单) declares: who enters, the states of a case, who moves it on, when it is due, how it leaves.

A declaration is data of a policy pack (registers/*.yaml). It names rules and short code by name: `found_by` finds who
enters, `shown_by` shows on the facts that a case may leave, guards and effects stand at steps. domain/casework knows
them; here only their names are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fenghuang.language import types

SUBJECTS = {
    "firm": "企业",
    "parcel": "宗地",
    "project": "项目",
    "building": "建筑物",
    "park": "园区",
    "person": "自然人",
    "commitment": "承诺",
}
CITY, COUNTY, TOWNSHIP, FIRM = "city", "county", "township", "firm"
AGENCY = "agency:"  # before the id of an agency of the document
PEOPLE = {CITY: "市级专班", COUNTY: "县级经办", TOWNSHIP: "乡镇（街道）经办", FIRM: "企业"}
EXIT, RETURN = "exit", "return"
ENDS = {EXIT: "销号", RETURN: "退出清单"}
# The levels an overdue case rises through, after whoever holds it.
LEVELS = (TOWNSHIP, COUNTY, CITY)

FIELD_TYPES: dict[str, types.Type] = {
    "text": types.TEXT,
    "bool": types.BOOL,
    "date": types.DATE,
    "money": types.MONEY,
    "mu": types.MU,
    "m2": types.AREA,
    "tce": types.ENERGY,
    "t": types.EMISSION,
    "ratio": types.RATIO,
    "int": types.COUNT,
    "years": types.YEARS_LEFT,
    "uscc": types.TEXT,
}


@dataclass(frozen=True, slots=True)
class Field:
    """Something people fill in at a step, in the smallest unit of its type; `choices` are label -> words."""

    name: str
    title: str
    type: str
    choices: Mapping[str, str]
    help: str = ""

    @property
    def kind(self) -> types.Type:
        return types.one_of(*self.choices) if self.type == "choice" else FIELD_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class Joint:
    """A question that several agencies answer in parallel. `accepts` is the answer that agrees to a case's leaving."""

    question: str
    agencies: tuple[str, ...]
    answers: Mapping[str, str]
    accepts: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when a case may stay in a state: days the city sets, a date of a field, or months of the document.

    `months` is the path of a parameter (task.16.zero_land_admission.start_within) counted from the field `since`.
    """

    is_set: bool = False
    field: str = ""
    months: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can be. An end has nobody who holds it; `shown_by` names what shows an exit on the facts."""

    name: str
    title: str
    held_by: str = ""
    limit: Limit | None = None
    joint: Joint | None = None
    pausable: bool = False
    end: str = ""
    shown_by: str = ""
    deliveries: bool = False  # of an exit: the city sets on how many deliveries running the facts must show it
    firm: str = ""  # what the firm concerned has to do meanwhile, as its own pages say it


@dataclass(frozen=True, slots=True)
class When:
    """Which answers of a joint state open the step: all of them, or at least one, are `answer`."""

    how: str  # all | any
    answer: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A rule asked of what is filled in and of registered facts: which values its outputs must have for the step.

    Without any its answer is only kept and shown. An input is the field of its name, unless `inputs` names another.
    """

    rule: str
    must: Mapping[str, tuple[Any, ...]]
    inputs: Mapping[str, str]

    def field(self, name: str) -> str:
        """The field that an input is read from."""
        return self.inputs.get(name, name)


@dataclass(frozen=True, slots=True)
class Step:
    """What leads from one state to another: who may, what must be filled in and brought along, what it does.

    One that leads back to its own state changes what is filled in; the clock runs on. `settled`: the groups of parts
    that must all be settled first.
    """

    name: str
    title: str
    before: tuple[str, ...]
    after: str
    by: tuple[str, ...]
    fields: tuple[str, ...] = ()
    may_fill: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    reason: bool = False
    when: When | None = None
    needs_plan: bool = False
    settled: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """Things of a case, settled one by one (分幢验收, an instalment) or, without `settled`, read by an exit's code."""

    name: str
    title: str
    added_in: tuple[str, ...]
    by: tuple[str, ...]
    fields: Mapping[str, Field]
    due: bool
    settled: str  # what settling one is called
    settled_by: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True)
class Plan:
    """一企一方案: the states in which it is written, and the figures it promises (title and type)."""

    written_in: tuple[str, ...]
    figures: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Entry:
    """How a subject comes onto the register: found by a rule on the facts, or by hand with evidence."""

    found_by: str = ""
    rules: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    evidence: bool = True
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reopening:
    """An ended case taken up again, with a reason."""

    to: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Register:
    """A list under closed-loop management (建清单、一企一方案、限期、闭环、销号)."""

    name: str
    title: str
    clause: str
    pack: str
    subject: str
    lead: str  # the id of the agency that answers for the register
    entry: Entry
    fields: Mapping[str, Field]
    states: Mapping[str, State]
    steps: Mapping[str, Step]
    plan: Plan | None
    parts: Mapping[str, Parts]
    facts: Mapping[str, str]  # an input of a rule -> the code that knows it from the registry
    reopen: Reopening | None
    carries: tuple[str, ...]
    classes: str  # the choice field that divides the cases, or ""
    sha256: str

    @property
    def first(self) -> State:
        """The state that a case begins in: the first one said."""
        return next(iter(self.states.values()))

    def out_of(self, state: str) -> list[Step]:
        """The steps that lead out of a state."""
        return [step for step in self.steps.values() if state in step.before]

    def into(self, state: str) -> list[Step]:
        return [step for step in self.steps.values() if step.after == state]

    @property
    def ends(self) -> list[State]:
        return [state for state in self.states.values() if state.end]

    @property
    def open_states(self) -> list[State]:
        return [state for state in self.states.values() if not state.end]


def who_in_words(by: str, agencies: Mapping[str, str]) -> str:
    """市级专班, 县级经办, or the name of the agency."""
    return agencies[by.removeprefix(AGENCY)] if by.startswith(AGENCY) else PEOPLE[by]
