"""Run a method over the facts of firms: `evaluate(method, columns, decide)`."""

from __future__ import annotations

from collections.abc import Sequence

from fenghuang.language.words import clause_title
from fenghuang.law.methods.expressions import evaluate_columns
from fenghuang.law.methods.facts import DERIVED, INDICATORS, Columns, Table
from fenghuang.law.methods.faults import FactsError, Fault, MethodError
from fenghuang.law.methods.method import ART_8, Method, Scope, columns_absent
from fenghuang.law.methods.regrading import Decide
from fenghuang.law.methods.result import Evaluation, assumed_sentence, scope_title
from fenghuang.law.methods.scope_run import ScopeRun


def evaluate(method: Method, facts: Columns, decide: Decide | None = None) -> Evaluation:
    """Grade the firms of the facts (columns as facts.py describes, one cell a firm) under the method.

    `decide` runs a rule of the policy pack (regrading.Decide); it is called only when a firm falls under one.
    Raises FactsError for a column that is needed and absent, MethodError for firms in two scopes, NoEngineError for a
    rule without `decide`, ReconciliationError when the result does not add up.
    """
    table = Table(facts, method.kinds)
    table.check_subjects()
    _need(table, [name for scope in method.scopes for name in scope.condition.names()])
    place, undetermined = _assign(method.scopes, table)
    members: list[list[int]] = [[] for _ in method.scopes]
    for i, number in enumerate(place):
        if number is not None:
            members[number].append(i)
    for scope, firms in zip(method.scopes, members, strict=True):
        if firms:  # a scope without firms needs nothing
            _need(table, [*scope.facts(), *scope.indicators_read()])
    runs = [
        ScopeRun(scope, _part(table, scope, method, firms), decide) if firms else None
        for scope, firms in zip(method.scopes, members, strict=True)
    ]
    spots: list[tuple[int, int] | None] = [None] * table.size
    for k, firms in enumerate(members):
        for position, i in enumerate(firms):
            spots[i] = (k, position)
    evaluation = Evaluation(method, table, runs, spots, undetermined, _notices(method, table))
    evaluation.reconcile()
    return evaluation


def _need(table: Table, names: Sequence[str]) -> None:
    absent = columns_absent(names, list(table.columns))
    if absent:
        raise FactsError([Fault("", "列", f"缺少 {name}", "方法所需的列（不知道的值留空）") for name in absent])
    table.check([name for name in names if name != DERIVED])


def _assign(scopes: Sequence[Scope], table: Table) -> tuple[list[int | None], dict[int, str]]:
    """The scope of each firm; firms for which a scope's condition is unknown are for people to decide."""
    holds = [evaluate_columns(scope.condition, table.column, table.size) for scope in scopes]
    place: list[int | None] = []
    undetermined: dict[int, str] = {}
    for i, answers in enumerate(zip(*holds, strict=True)):
        inside = [number for number, answer in enumerate(answers) if answer]
        if len(inside) > 1:
            names = " 与 ".join(scope_title(scopes[number].name) for number in inside)
            raise MethodError([Fault("", "scopes", f"{table.subject(i)} 同时属于 {names}", "互不重叠的评价范围")])
        open_scopes = [scopes[number].name for number, answer in enumerate(answers) if answer is None]
        if open_scopes:
            undetermined[i] = f"是否属于评价范围 {'、'.join(map(scope_title, open_scopes))} 未知"
        place.append(inside[0] if inside and not open_scopes else None)
    return place, undetermined


def _part(table: Table, scope: Scope, method: Method, firms: Sequence[int]) -> Table:
    """The scope's firms and the columns that it reads."""
    wanted = {table.key, *scope.columns_read(), *method.rule_facts()}
    names = [name for name in table.columns if name in wanted]
    table.check([name for name in names if name != table.key])
    if len(firms) == table.size:
        return Table({name: table.columns[name] for name in names}, table.kinds)
    columns = {name: [cells[i] for i in firms] for name, cells in table.columns.items() if name in names}
    return Table(columns, table.kinds)


def _notices(method: Method, table: Table) -> list[str]:
    """What people should know about the file, one sentence each."""
    notices = []
    wanted = method.rule_facts()
    if wanted and not any(table.has(name) for name in wanted):
        notices.append(f"没有 {'、'.join(wanted)} 列：不适用重点产业项目的调档（{clause_title(ART_8)}）")
    for name in method.items():
        indicator = INDICATORS[name]
        if table.has(name) and table.has(indicator.numerator) and table.has(indicator.denominator):
            notices.append(f"{name} 与其原始数据并存：有原始数据的以原始数据计算")
    for scope in method.scopes:
        if scope.assumed:
            notices.append(f"{scope_title(scope.name)}：{assumed_sentence(scope.assumed)}")
    return notices
