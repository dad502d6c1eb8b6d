"""The grades that another method of 亩均评价 gives the population, where it has the method's facts."""

from __future__ import annotations

from datetime import date

import polars as pl

from fenghuang.engines import batch
from fenghuang.engines.batch import Table
from fenghuang.engines.decide import decider
from fenghuang.engines.door import Fault, Faulty
from fenghuang.language.types import GRADES
from fenghuang.law.methods.cells import read_cells
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.faults import UnusableError
from fenghuang.law.methods.method import Method
from fenghuang.law.methods.reading import find_method
from fenghuang.law.methods.scope_run import MARKED


def method_of(name: str) -> Method:
    """A packaged method or a file; Faulty says why it is none."""
    try:
        return find_method(name)
    except UnusableError as error:
        raise Faulty([Fault("method", name, str(f)) for f in error.faults]) from error


def regraded(method: Method, table: Table, on: date) -> pl.Series:
    """A grade a row as its place in GRADES; null where the method leaves it to people. A firm outside the method's
    scopes or excluded is ungraded. Faulty where the population lacks what the method reads."""
    frame = table.frame
    used = {"uscc", "id", *method.columns_read()}
    cells = {name: batch._text(frame[name]).to_list() for name in frame.columns if name in used}
    try:
        read = read_cells(method, cells, rows=list(table.rows))
        evaluation = evaluate(method, read.columns, decider(on))
    except UnusableError as error:
        said = [Fault("method", method.id, f"人群数据不能按这个方法重新评级：{f}") for f in error.faults]
        raise Faulty(said) from error
    grades = []
    for place in range(len(evaluation)):
        firm = evaluation.firm(place)
        grades.append(None if firm.status == MARKED else GRADES.index(firm.grade or "ungraded"))
    return pl.Series("grade", grades, dtype=pl.Int64)
