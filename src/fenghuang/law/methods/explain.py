"""Why a firm has its grade: `explain(evaluation, i)` gives the record behind the page 为什么是 B 类.

Steps follow the order of the calculation: each indicator, each score, sum, adjustments, total, rank, initial grade with
the distance to the next better one, regrades, grade. Values are text as shown: indicators and totals with 4 decimals.
"""

from __future__ import annotations

from fractions import Fraction

from fenghuang.language.numbers import show_decimal, show_fraction, trim
from fenghuang.language.record import Input, Record, Step
from fenghuang.law.methods.cells import show_cell, show_exact
from fenghuang.law.methods.facts import FACTS, Cell
from fenghuang.law.methods.method import GRADES, RULES
from fenghuang.law.methods.ranking import last_ranks
from fenghuang.law.methods.result import (
    Evaluation,
    FirmResult,
    adjustment_text,
    assumed_sentence,
    group_label,
    regrade_text,
    scope_title,
)
from fenghuang.law.methods.scope_run import DECIMALS, ScopeRun
from fenghuang.law.methods.scoring import UNIT, ItemScores

_STATISTIC = {"mean": "平均值", "median": "中位数", "max": "最高值"}


def explain(evaluation: Evaluation, i: int) -> Record:
    """The record of the i-th firm."""
    firm = evaluation.firm(i)
    found = evaluation.run_of(i)
    steps: list[Step] = []
    if found:
        run, position = found
        for number, scores in enumerate(run.items):
            steps.append(_indicator(run, scores, position))
            steps.append(_score(run, number, position))
        if firm.score is not None:
            steps += _totals(run, position, firm)
            steps += _ranks(run, position, firm)
    steps += _grades(evaluation, i, firm)
    method = evaluation.method
    return Record(
        rule=f"method:{method.id}",
        title=method.title,
        policy=method.id,
        on=str(method.data_year or ""),
        clause="",
        outputs={
            "grade": firm.grade,
            "initial_grade": firm.initial_grade,
            "score": firm.score_text or None,
            "rank": firm.rank,
            "group_size": firm.group_size,
        },
        conditions={},
        missing=_lacking(evaluation, i, firm),
        steps=tuple(steps),
        notes=_notes(evaluation, firm),
        carried={evaluation.table.key: firm.subject},
    )


def _notes(evaluation: Evaluation, firm: FirmResult) -> tuple[str, ...]:
    notes = [sentence for _, sentence in firm.missing]
    if firm.reason:
        notes.append(firm.reason)
    assumed = next((s.assumed for s in evaluation.method.scopes if s.name == firm.scope), ())
    if assumed:
        notes.append(assumed_sentence(assumed))
    return tuple(notes)


def _class(grade: str | None) -> str:
    """A grade as pages say it."""
    return f"{grade} 类" if grade in GRADES else ""


def _figure(value: Fraction, decimals: int, unit: str) -> str:
    """A figure in a sentence; what has no unit is a share, and said as percent."""
    return show_exact(value, decimals) if unit else f"{show_exact(value * 100, decimals - 2)}%"


def _share(value: Fraction | None, unit: str) -> str:
    """The words of a value: only a share needs others than its number."""
    return "" if unit or value is None else _figure(value, 6, unit)


# --- items -----------------------------------------------------------------------------------------------------------


def _indicator(run: ScopeRun, scores: ItemScores, position: int) -> Step:
    indicator = scores.item.indicator
    value = scores.value(position)
    raw = (indicator.numerator, indicator.denominator)
    cells = [run.table.cells(name)[position] for name in raw]
    given = any(cell is None for cell in cells) and value is not None
    inputs = tuple(
        Input(name, FACTS[name].title, show_cell(cell, name, run.table.kinds), FACTS[name].unit)
        for name, cell in zip(raw, cells, strict=True)
    )
    if given:
        inputs = (Input(indicator.name, indicator.title, trim(show_fraction(value or Fraction(0), 6)), indicator.unit),)
    formula = f"{FACTS[raw[0]].title} ÷ {FACTS[raw[1]].title}"
    return Step(
        name=indicator.name,
        title=indicator.title,
        value=None if value is None else show_fraction(value, 4),
        unit=indicator.unit,
        formula="直接填报" if given else formula,
        inputs=inputs,
        text=_share(value, indicator.unit),
        note=run.missing_sentence(scores.item, position) if value is None else "",
    )


def _score(run: ScopeRun, number: int, position: int) -> Step:
    scores, item = run.items[number], run.items[number].item
    points = run.awarded[number][position]
    value = scores.value(position)
    weight = Input(f"weight_{item.name}", "权重", show_exact(item.weight, 6), "分", "parameter")
    unit, read = item.indicator.unit, None if value is None else show_fraction(value, 4)
    inputs = [Input(item.name, item.indicator.title, read, kind="step", text=_share(value, unit))]
    benchmark = scores.benchmark()
    if benchmark is not None:
        title = "本范围最高值" if item.score in ("min_max", "share_of_max") else _benchmark_title(scores)
        inputs.append(
            Input(
                f"benchmark_{item.name}",
                title,
                show_exact(benchmark, 8),
                unit,
                "parameter",
                text=_share(benchmark, unit),
            )
        )
    formula = run.missing_sentence(item, position) if value is None else _score_formula(scores, value)
    if position in run.scale and points is not None:
        formula += f"，再乘 {show_exact(run.scale[position], 6)}（缺项的权重分给其余指标）"
    return Step(
        name=f"score_{item.name}",
        title=f"{item.indicator.title}得分",
        value=None if points is None else show_fraction(Fraction(points, UNIT), 4),
        unit="分",
        formula=formula,
        inputs=(weight, *inputs),
    )


def _benchmark_title(scores: ItemScores) -> str:
    named = scores.item.benchmark
    return f"基准（本范围{_STATISTIC[named]}）" if isinstance(named, str) else "基准"


def _score_formula(scores: ItemScores, value: Fraction) -> str:
    """The formula with the firm's numbers: "30 × 25.1000 ÷ 24.097"."""
    item, top = scores.item, scores.benchmark()
    # enough decimals that the sum can be done again by hand
    unit, weight = item.indicator.unit, show_exact(item.weight, 6)
    shown = _figure(value, 4 if abs(value) >= 1000 else 8, unit)
    if scores.line is None or top is None:
        return "基准无法计算"
    mark = _figure(top, 8, unit)
    if item.score == "min_max":
        bottom = _figure(scores.lowest() or Fraction(0), 8, unit)
        low, span = show_exact(item.low, 6), show_exact(item.high - item.low, 6)
        formula = f"{weight} × （{low} + {span} × （{shown} − {bottom}） ÷ （{mark} − {bottom}））÷ 100"
    elif item.score == "inverse":
        formula = f"（2 − {shown} ÷ {mark}）× {weight} ÷ 2，达到基准两倍起为 0"
    else:
        formula = f"{weight} × {shown} ÷ {mark}"
    limits = [f"最高 {show_exact(item.cap, 6)} 分"] if item.cap is not None else []
    limits += [f"最低 {show_exact(item.floor, 6)} 分"] if item.floor is not None else []
    return "，".join([formula, *limits])


# --- total and rank --------------------------------------------------------------------------------------------------


def _totals(run: ScopeRun, position: int, firm: FirmResult) -> list[Step]:
    parts = tuple(
        Input(
            f"score_{item.name}",
            f"{run.items[k].item.indicator.title}得分",
            None if item.score is None else show_fraction(Fraction(item.score, UNIT), 4),
            "分",
            "step",
        )
        for k, item in enumerate(firm.items)
    )
    items = Fraction(sum(item.score or 0 for item in firm.items), UNIT)
    steps = [
        Step("sum", "指标得分合计", show_fraction(items, 4), "分", formula="各指标得分之和", inputs=parts),
    ]
    inputs = [Input("sum", "指标得分合计", show_fraction(items, 4), "分", "step")]
    for k, adjusted in enumerate(firm.adjustments):
        a = adjusted.adjustment
        points = show_fraction(adjusted.points(items), 4)
        read: tuple[Input, ...] = ()
        if a.per:
            cell = run.table.column(a.per).values[position]
            read = (Input(a.per, FACTS[a.per].title if a.per in FACTS else a.per, show_cell(cell, a.per, {})),)
        unit = "分" if a.kind == "points" else "%"
        formula = adjustment_text(adjusted)
        if adjusted.count is not None:
            formula = f"{show_exact(a.value, 6)} {unit} × {show_exact(adjusted.count, 6)}"
        steps.append(
            Step(f"adjustment_{k + 1}", a.name, points, "分", formula=formula, inputs=read, note=_proof(a.evidence))
        )
        inputs.append(Input(f"adjustment_{k + 1}", a.name, points, "分", "step"))
    formula = "指标得分合计加减调整，四舍五入到 4 位小数" if firm.adjustments else "指标得分合计，四舍五入到 4 位小数"
    steps.append(Step("score", "综合得分", firm.score_text, "分", formula=formula, inputs=tuple(inputs), kind="output"))
    return steps


def _proof(evidence: str) -> str:
    return "须附佐证材料" if evidence == "required" else ""


def _ranks(run: ScopeRun, position: int, firm: FirmResult) -> list[Step]:
    group = run.groups[run.group_of[position]]
    size = len(group.positions)
    label = group_label(scope_title(run.scope.name), group.key)
    steps = [
        Step(
            "rank",
            "名次",
            str(firm.rank),
            "名",
            formula=f"按综合得分由高到低，同分取较优名次；本组 {size} 家（{label}）",
            inputs=(Input("score", "综合得分", firm.score_text, "分", "step"),),
            note=f"位于前 {trim(firm.percentile)}%",
        )
    ]
    if firm.initial_grade is None:
        return steps
    cut = dict(run.scope.cuts)[firm.initial_grade]
    steps.append(
        Step(
            "initial_grade",
            "初评等级",
            firm.initial_grade,
            text=_class(firm.initial_grade),
            formula=cut_sentence(firm.initial_grade, cut, size),
            inputs=(Input("rank", "名次", str(firm.rank), "名", "step"),),
            kind="output",
            distance=distance(run, position, firm),
        )
    )
    return steps


def cut_sentence(grade: str, cut: Fraction, size: int) -> str:
    """ "前 20% 为 A 类：本组 404 家，第 80 名以内（404 × 20% = 80.8，不足一名的不计）"."""
    if cut == 100:
        return f"其余为 {grade} 类：本组 {size} 家"
    ((_, last),) = last_ranks([(grade, cut)], size)
    share, exact = show_exact(cut, 6), cut * size / 100
    rounded = "" if exact == last else f"（{size} × {share}% = {show_exact(exact, 6)}，不足一名的不计）"
    return f"前 {share}% 为 {grade} 类：本组 {size} 家，第 {last} 名以内{rounded}"


def distance(run: ScopeRun, position: int, firm: FirmResult) -> str:
    """How far the next better class is, in points and places; empty for the best, or where no class is above."""
    group = run.groups[run.group_of[position]]
    if firm.initial_grade is None or firm.score is None or firm.rank is None:
        return ""
    for grade in reversed(GRADES[: GRADES.index(firm.initial_grade)]):
        scores = [run.totals[p] for p in group.positions if run.initial.get(p) == grade]
        if scores:
            lowest = min(scores)
            places = firm.rank - dict(group.limits)[grade]
            return (
                f"距 {grade} 类差 {show_decimal(lowest - firm.score, DECIMALS)} 分、{places} 名"
                f"（{grade} 类最后一家 {show_decimal(lowest, DECIMALS)} 分）"
            )
    return ""


# --- grades ----------------------------------------------------------------------------------------------------------


def _lacking(evaluation: Evaluation, i: int, firm: FirmResult) -> tuple[str, ...]:
    """What stands between the firm and a grade. An item scored without its value blocks nothing: it is a note."""
    if firm.grade is not None:
        return ()
    if firm.initial_grade is None:
        return tuple(name for name, _ in firm.missing)
    return tuple(name for name, value in _project(evaluation, i).items() if value is None)


def _project(evaluation: Evaluation, i: int) -> dict[str, Cell]:
    """The facts that the pack's rules read of the firm (art.8)."""
    return {
        name: evaluation.table.cells(name)[i] for name in evaluation.method.rule_facts() if evaluation.table.has(name)
    }


def _grades(evaluation: Evaluation, i: int, firm: FirmResult) -> list[Step]:
    steps = []
    facts = tuple(
        Input(name, FACTS[name].title, show_cell(cell, name, evaluation.method.kinds), FACTS[name].unit)
        for name, cell in _project(evaluation, i).items()
    )
    for k, applied in enumerate(firm.regrades):
        read = facts if applied.name in RULES else ()
        steps.append(
            Step(
                f"regrade_{k + 1}",
                "调档",
                applied.after,
                text=_class(applied.after),
                clause=applied.clause,
                formula=regrade_text(applied),
                inputs=read,
            )
        )
    formula = "初评等级经调档" if firm.regrades else "同初评等级"
    if firm.grade is None:
        formula = firm.reason
    blocked = facts if firm.grade is None and firm.initial_grade is not None else ()
    graded = firm.grade
    steps.append(Step("grade", "评价等级", graded, formula=formula, inputs=blocked, kind="output", text=_class(graded)))
    return steps
