"""`fenghuang evaluate`: grade the firms of a facts file by a method of 亩均评价 (spec/evaluation.md)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from fenghuang.commands.facts_files import TextTable, check_format, read_table, write_columns
from fenghuang.law.methods.cells import CellsRead, read_cells
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.facts import Cell
from fenghuang.law.methods.faults import FactsError, Fault, MethodError, UnusableError
from fenghuang.law.methods.method import Method
from fenghuang.law.methods.reading import find_method
from fenghuang.law.methods.regrading import NoEngineError
from fenghuang.law.methods.result import Evaluation, FirmResult, scope_title

MAX_SHOWN = 200


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the top-level parser."""
    parser = subparsers.add_parser("evaluate", help="按评价方法计算亩均得分、名次与等级")
    parser.add_argument("--method", required=True, metavar="编号或文件", help="方法编号（如 huangyan-2022）或方法文件")
    parser.add_argument("--input", required=True, type=Path, metavar="文件", help="事实文件：CSV、XLSX 或 Parquet")
    parser.add_argument("--output", required=True, type=Path, metavar="文件", help="结果文件：CSV、XLSX 或 Parquet")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the result is written; 2 and one line a fault on standard error when the input is unusable."""
    try:
        evaluation = evaluate_file(args.method, Path(args.input), Path(args.output))
    except UnusableError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    print(f"{args.output}：{len(evaluation)} 家")
    for scope in evaluation.statistics():
        classes = "、".join(f"{grade} 类 {count}" for grade, count in scope.classes.items())
        print(
            f"{scope_title(scope.scope)}：{scope.firms} 家，{classes}，不参评 {scope.not_graded}，待定 {scope.marked}"
        )
    return 0


def evaluate_file(method_name: str, source: Path, target: Path) -> Evaluation:
    """Read, evaluate, write; UnusableError with every fault, and then no file is written."""
    check_format(target)
    method = find_method(method_name)
    table = read_table(source)
    read = _read(method, table, str(source))
    try:
        evaluation = evaluate(method, read.columns, decide_with_engine)
    except FactsError as error:
        raise FactsError(Fault(str(source), f.place, f.found, f.expected) for f in error.faults) from error
    except MethodError as error:  # firms in two scopes: only the facts show it
        raise MethodError(Fault(method.file, f.place, f.found, f.expected) for f in error.faults) from error
    except NoEngineError as error:
        raise UnusableError([Fault(method.file, "", f"规则 {error} 无法运行", "可用的规则引擎")]) from error
    columns, kinds = result_columns(evaluation)
    renamed = {name: f"x_{name}" if name in columns else name for name in read.unused}
    for name, output in renamed.items():
        columns[output] = [text or "" for text in table.columns[name]]
    write_columns(target, columns, kinds)
    for notice in [*evaluation.notices, *_carried(renamed)]:
        print(f"提示：{notice}", file=sys.stderr)
    return evaluation


def _carried(renamed: Mapping[str, str]) -> list[str]:
    if not renamed:
        return []
    shown = [name if name == output else f"{name}（改名 {output}）" for name, output in renamed.items()]
    return [f"本方法未用到的列原样带出：{'、'.join(shown)}"]


def _read(method: Method, table: TextTable, file: str) -> CellsRead:
    """Cells and codes together, so that all their faults are told at once."""
    cells = table.columns
    faults = check_codes(table, file)
    try:
        read = read_cells(method, cells, file, table.rows)
    except FactsError as error:
        raise FactsError([*faults, *error.faults]) from error
    if faults:
        raise FactsError(faults)
    key = "uscc" if "uscc" in cells else "id"
    if key == "uscc" and key in read.columns:
        from stdnum.cn import uscc

        read.columns[key] = [uscc.compact(str(code)) for code in read.columns[key]]
    return read


def check_codes(table: TextTable, file: str) -> list[Fault]:
    """Every firm has a code, once; credit codes with a right check digit (GB 32100-2015)."""
    from stdnum.cn import uscc

    key = "uscc" if "uscc" in table.columns else "id"
    if key not in table.columns:
        return []  # told once, by the evaluation
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for row, cell in zip(table.rows, table.columns[key], strict=True):
        code = (cell or "").strip()
        if not code:
            faults.append(Fault(file, f"第 {row} 行 {key}", "空", "非空的代码"))
            continue
        if key == "uscc":
            if not uscc.is_valid(code):
                faults.append(Fault(file, f"第 {row} 行 {key}", f"“{code}”", "校验位正确的 18 位统一社会信用代码"))
                continue
            code = uscc.compact(code)
        if code in seen:
            faults.append(Fault(file, f"第 {row} 行 {key}", f"“{code}”与第 {seen[code]} 行相同", "不重复的代码"))
        seen.setdefault(code, row)
    return faults[:MAX_SHOWN]


def decide_with_engine(rule: str, inputs: Mapping[str, list[Cell]]) -> Sequence[str | None]:
    """The rule's grade for each row, by the engine, on the policy's default day (spec/rules.yaml, validity)."""
    try:
        from fenghuang.engines.case import today
        from fenghuang.engines.decide import decider
        from fenghuang.law.pack import find
    except ImportError as error:
        raise NoEngineError(rule) from error
    pack = find(rule)
    if pack is None:
        raise NoEngineError(rule)
    return decider(pack.default_day(today()))(rule, inputs)


# --- the result as columns -------------------------------------------------------------------------------------------


def result_columns(evaluation: Evaluation) -> tuple[dict[str, list[str]], dict[str, int | None]]:
    """The columns of the contract as texts, and the decimals of the numeric ones."""
    key = evaluation.table.key
    items = evaluation.method.items()
    kinds: dict[str, int | None] = {
        **dict.fromkeys(items, 4),
        **{f"score_{name}": 18 for name in items},
        **{"score": 4, "group_size": 0, "rank": 0, "percentile": 4},
    }
    names = [
        *(key, *items, *(f"score_{name}" for name in items), "score", "group", "group_size", "rank", "percentile"),
        *("initial_grade", "grade", "adjustments", "regrades", "not_graded", "missing"),
    ]
    rows = [_row(evaluation.firm(i), items) for i in range(len(evaluation))]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in names]
    return dict(zip(names, columns, strict=True)), kinds


def _row(firm: FirmResult, items: Sequence[str]) -> list[str]:
    by_name = {item.name: item for item in firm.items}
    return [
        firm.subject,
        *(by_name[name].shown if name in by_name else "" for name in items),
        *(by_name[name].score_text if name in by_name else "" for name in items),
        firm.score_text,
        firm.group,
        "" if firm.group_size is None else str(firm.group_size),
        "" if firm.rank is None else str(firm.rank),
        firm.percentile,
        firm.initial_grade or "",
        firm.grade or "",
        firm.adjustments_text,
        firm.regrades_text,
        firm.reason,
        firm.missing_text,
    ]
