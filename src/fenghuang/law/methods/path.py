"""The path of a firm to the next better grade: for each of its facts the smallest change that alone reaches it.

Found by the model of the present run, corrected by runs of the whole evaluation, and proved by two of them: with the
change the grade is reached, with one unit less it is not (`Change.reached`, `Change.short`).
"""

from __future__ import annotations

from dataclasses import dataclass

from fenghuang.language.numbers import show_decimal
from fenghuang.law.methods.again import Again, Frozen, Outcome, Values, at_least, first_true, sides
from fenghuang.law.methods.cells import show_cell
from fenghuang.law.methods.facts import FACTS, INDICATORS
from fenghuang.law.methods.method import GRADES, Item, Scope
from fenghuang.law.methods.result import Evaluation, regrade_text
from fenghuang.law.methods.scope_run import DECIMALS, EVALUATED

UP = ("tax", "value_added", "revenue", "rnd_expense")  # what a firm can make more of ...
DOWN = ("land_mu", "electricity_kwh", "energy_tce", "emission_t", "employees")  # ... and use less of
HIGHEST = 10**18  # of a fact, in its smallest unit: what the columns of the register can hold
TRIES = 8  # corrections of the model before plain bisection

OTHERS = "本组其他企业的数据不变"
ALONE = "本企业其余数据不变（例如产出不因用地、能耗或人员减少而变化）"
MOVING = "按全组得出的基准或平均得分，已随本企业的变动重新计算"
CROSSING = "评价条件也读取该数据：所示为一处临界点，更小的变动未逐一排除"


@dataclass(frozen=True, slots=True)
class Change:
    """One fact. `amount` in its smallest unit, signed; None where no change of it alone reaches the grade."""

    fact: str
    present: int | None
    amount: int | None
    reason: str = ""
    reached: Outcome | None = None
    short: Outcome | None = None  # with one unit less
    limits: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return FACTS[self.fact].title

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators made of the fact."""
        return tuple(name for name, it in INDICATORS.items() if self.fact in (it.numerator, it.denominator))


@dataclass(frozen=True, slots=True)
class Path:
    """What would take a firm to `target`; an empty target says in `reason` why there is none to take."""

    grade: str | None
    target: str
    reason: str
    changes: tuple[Change, ...]
    again: Again | None


def find_path(evaluation: Evaluation, i: int) -> Path:
    """The single changes of the i-th firm to the next better grade, each proved or with the reason why none can."""
    firm = evaluation.firm(i)
    if firm.status != EVALUATED or firm.grade is None:
        return Path(firm.grade, "", f"尚未定级，先处理：{firm.reason}", (), None)
    if firm.grade == GRADES[0]:
        return Path(firm.grade, "", f"已是 {firm.grade} 类", (), None)
    if firm.initial_grade is None:
        return Path(firm.grade, "", "等级不由名次得出，改变指标不改变等级", (), None)
    target = GRADES[GRADES.index(firm.grade) - 1]
    again = Again(evaluation, i)
    return Path(firm.grade, target, "", tuple(_change(again, target, fact) for fact in movable(again.scope)), again)


def movable(scope: Scope) -> list[str]:
    """The facts behind the scope's items that a firm can move."""
    made_of = {side for item in scope.items for side in (item.indicator.numerator, item.indicator.denominator)}
    return [fact for fact in (*UP, *DOWN) if fact in made_of]


def direction(fact: str) -> int:
    return 1 if fact in UP else -1


def room(fact: str, value: int) -> int:
    """How far a fact can move: down to one unit, for nothing at all is no denominator."""
    return HIGHEST - value if fact in UP else value - 1


# --- one fact --------------------------------------------------------------------------------------------------------


def _change(again: Again, target: str, fact: str) -> Change:
    present = again.value(fact)
    reason = why_not(again, fact)
    if reason or present is None:
        return Change(fact, present, None, reason)
    amount = smallest(again, target, {}, fact)
    sign = direction(fact)
    if amount is None:
        end = again({fact: present + sign * max(0, room(fact, present))})
        return Change(fact, present, None, _out_of_reach(again, target, fact, end))
    reached = again({fact: present + sign * amount})
    short = again({fact: present + sign * (amount - 1)})
    return Change(fact, present, sign * amount, "", reached, short, (*limits(again.scope, [fact]), *strange(reached)))


def why_not(again: Again, fact: str) -> str:
    """Why moving the fact moves nothing, or not upwards; empty where it may help."""
    title, present, model = FACTS[fact].title, again.value(fact), Frozen(again.present)
    if present is None:
        return f"{title}未知，补报后才能测算"
    if direction(fact) < 0 and present <= 0:
        return f"{title}为 0，没有可减少的"
    items = [scores for scores in again.present.run.items if fact in sides(scores)]
    if present == 0 and any(fact == scores.item.indicator.denominator for scores in items):
        return f"{title}为 0，对应指标未能计算，核实后才能测算"
    if not model.touched(fact):
        run, place = again.present.run, again.present.position
        said = [(s.item.indicator.title, run.table.why_missing(s.item.name, place)) for s in items]
        return "；".join(f"{name}未能计算" + (f"（{why}）" if why else "") for name, why in said)
    effects = model.effects(fact)
    if not effects:
        return f"{title}增减都不改变得分（对应指标的分子为 0，或指标不计分）"
    if len(effects) > 1:
        return f"{title}同时影响几项指标，增减对得分互有利弊，不作单项测算"
    if direction(fact) not in effects:
        return f"提高得分须{'减少' if direction(fact) > 0 else '增加'}{title}，不作为提升路径"
    return ""


def smallest(again: Again, target: str, others: Values, fact: str, bound: int | None = None) -> int | None:
    """The least amount by which the fact must move, the other changes made, to reach the target; None if it cannot.

    Assumes that the other changes alone do not reach it. Every answer of "reached" is a run of the whole evaluation.
    """
    start, sign = again.value(fact), direction(fact)
    if start is None:
        return None
    most = room(fact, start) if bound is None else bound
    if most < 1:
        return None

    def outcome(amount: int) -> Outcome:
        return again({**others, fact: start + sign * amount})

    def reached(amount: int) -> bool:
        return outcome(amount).reaches(target, again.scope.name)

    low, high = _correct(again, target, {**others, fact: start}, fact, most)
    if high is None:
        step = 1
        while low + step < most and high is None:
            if reached(low + step):
                high = low + step
            else:
                low, step = low + step, step * 64
    if high is None:
        if not reached(most):
            return None
        high = most
    return first_true(reached, low, high)


def _correct(again: Again, target: str, values: Values, fact: str, most: int) -> tuple[int, int | None]:
    """Bounds of the amount (fails, reaches), from the model asked again after every run of the evaluation."""
    start, sign = values[fact], direction(fact)
    low, high = 0, None
    seen = again(values)
    better = list(reversed(GRADES[: GRADES.index(again.present.firm.initial_grade or GRADES[-1])]))
    for _ in range(TRIES):
        if not better:
            break
        model = Frozen(seen)
        total = model.needed(better[0])
        guess = None if total is None else model.least(values, fact, sign, most, total)
        if guess is None:
            break
        guess = max(guess, low + 1) if high is None else min(max(guess, low + 1), high - 1)
        seen = again({**values, fact: start + sign * guess})
        if seen.reaches(target, again.scope.name):
            high = guess
        else:
            low = guess
            if at_least(seen.firm.initial_grade, better[0]):
                better.pop(0)  # a regrade takes it back: a still better rank is needed
        if high is not None and high - low == 1:
            break
    return low, high


def limits(scope: Scope, facts: list[str]) -> tuple[str, ...]:
    """What a change takes for granted."""
    said = [OTHERS, ALONE]
    if any(not is_fixed(item) for item in scope.items):
        said.append(MOVING)
    read = set(scope.facts())
    read |= {side for n in read if n in INDICATORS for side in (INDICATORS[n].numerator, INDICATORS[n].denominator)}
    if read & set(facts):
        said.append(CROSSING)
    return tuple(said)


def is_fixed(item: Item) -> bool:
    """Whether an item scores the firms one by one, without looking at the others."""
    own = item.score in ("ratio", "inverse") and not isinstance(item.benchmark, str)
    return own and item.missing != "group_mean_score"


def strange(outcome: Outcome) -> tuple[str, ...]:
    """What a change would make of a share that no share can well be."""
    found = []
    for scores in outcome.run.items:
        value, it = scores.value(outcome.position), scores.item.indicator
        if not it.unit and value is not None and value > 1:
            top, bottom = FACTS[it.numerator].title, FACTS[it.denominator].title
            found.append(f"变动后{top}超过{bottom}，实际难以做到")
    return tuple(found)


def _out_of_reach(again: Again, target: str, fact: str, end: Outcome) -> str:
    """Why the furthest that the fact can go is not enough."""
    firm, title = end.firm, FACTS[fact].title
    place = show_cell(1, fact, {})
    far = f"{title}即使减至 {place} {FACTS[fact].unit}" if fact in DOWN else f"{title}无论增加多少"
    if firm.scope != again.scope.name:
        return f"{far}，会离开本评价范围"
    if firm.grade is None:
        return f"{far}，仍不能定级：{firm.reason}"
    if at_least(firm.initial_grade, target):
        rules = "；".join(regrade_text(applied) for applied in firm.regrades)
        return f"{far}，初评可到 {firm.initial_grade} 类，但调档仍定为 {firm.grade} 类：{rules}"
    model = Frozen(end)
    needed = model.needed(target)
    if needed is None:
        size = len(end.run.groups[end.run.group_of[end.position]].positions) if end.position in end.run.group_of else 0
        return f"本组 {size} 家，按比例没有 {target} 类名额"
    touched = model.touched(fact)
    value = {s.item.name: s.score(end.position, exact=False) for s in touched}
    capped = [
        s.item.indicator.title
        for s in touched
        if s.line and s.line.high is not None and value[s.item.name] == s.line.high
    ]
    why = f"（{'、'.join(capped)}得分已到上限）" if capped else ""
    return (
        f"{far}，综合得分为 {show_decimal(firm.score or 0, DECIMALS)} 分{why}，"
        f"到 {target} 类须 {show_decimal(needed, DECIMALS)} 分"
    )
