"""Subjects written as text, JSON or CSV: every value as it was written, every row with the number its reader counts.

One reader for one subject and for columns, so that both refuse the same files with the same words.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from fenghuang.engines.door import Fault, Faulty

Row = tuple[int, dict[str, Any]]


class Digits(str):
    """JSON other than text by its characters: 0.1 stays one tenth, 1e400 does not become infinite."""

    __slots__ = ()


def decode(data: bytes) -> str:
    """UTF-8 (with or without mark) or GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise Faulty([Fault("", "", "文件是空的")])
        return text
    raise Faulty([Fault("", "", "无法识别文字编码，请另存为 UTF-8 或 GBK")])


def looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("[", "{")


def json_value(text: str) -> Any:
    """Any JSON, numbers by their characters, every name once in its object; Faulty says where it is none."""
    try:
        return json.loads(
            text, parse_float=Digits, parse_int=Digits, parse_constant=Digits, object_pairs_hook=_each_name_once
        )
    except json.JSONDecodeError as fault:
        raise Faulty(
            [Fault("", "", f"不是有效的 JSON：{_in_words(fault.msg)}（第 {fault.colno} 个字符处）", fault.lineno)]
        ) from fault
    except RecursionError as fault:
        raise Faulty([Fault("", "", "不是有效的 JSON：嵌套过深")]) from fault


def json_subjects(text: str) -> list[dict[str, Any]]:
    """An object or an array of objects."""
    found = json_value(text)
    return subjects_of(found if isinstance(found, list) else [found])


def subjects_of(subjects: list[Any]) -> list[dict[str, Any]]:
    """The objects of a JSON array, their fields flat; Faulty for what is no object."""
    faults = [
        Fault("", as_json(subject), "应为 JSON 对象", number)
        for number, subject in enumerate(subjects, 1)
        if not isinstance(subject, dict)
    ]
    if faults:
        raise Faulty(faults)
    return [{name: _flat(value) for name, value in subject.items()} for subject in subjects]


_JSON = {  # what Python's reader says, by its beginning
    "Expecting value": "这里应有一个值",
    "Expecting property name": "这里应有用双引号括起的字段名",
    "Expecting ',' delimiter": "这里应有逗号或结尾的括号",
    "Expecting ':' delimiter": "这里应有冒号",
    "Extra data": "结尾之后还有内容",
    "Unterminated string": "文字缺少结尾的双引号",
    "Invalid control character": "文字中有换行或控制字符",
    "Invalid \\": "反斜杠之后的字符无效",
    "Illegal trailing comma": "结尾的括号前多一个逗号",
}


def _in_words(message: str) -> str:
    return next((words for beginning, words in _JSON.items() if message.startswith(beginning)), "写法有误")


def _flat(value: Any) -> Any:
    """A list or an object inside a subject, which no field expects, as the text it was."""
    return Digits(as_json(value)) if isinstance(value, list | dict) else value


def as_json(value: Any) -> str:
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(as_json, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(k, ensure_ascii=False)}: {as_json(v)}' for k, v in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Faulty([Fault(twice, "", "同一对象中出现了两次")])
    return found


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The header, then every line that is not blank, numbered as a spreadsheet does; Faulty lists ragged rows."""
    header: list[str] = []
    faults: list[Fault] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
            if number == 1:
                header = _header(row)
                yield 1, header
            elif len(row) == len(header):
                yield number, row  # a row of empty cells is a subject of which nothing is known
            elif any(cell.strip() for cell in row) or len(row) > 1:
                faults.append(Fault("", "", f"有 {len(row)} 列，表头有 {len(header)} 列", number))
    except csv.Error as fault:
        raise Faulty([Fault("", "", f"不是有效的 CSV：{fault}")]) from fault
    if faults:
        raise Faulty(faults)


def _header(row: list[str]) -> list[str]:
    names = [cell.strip() for cell in row]
    if not names:
        raise Faulty([Fault("", "", "第一行应为表头", 1)])
    faults = [Fault("", "", f"表头第 {n} 列没有名称", 1) for n, name in enumerate(names, 1) if not name]
    faults += [Fault(name, "", "表头中出现了两次", 1) for n, name in enumerate(names) if name and name in names[:n]]
    if faults:
        raise Faulty(faults)
    return names
