"""The command line's parser in Chinese: its help, and its errors in one line with exit code 2."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

# argparse asks its own `_` for these; what is missing here is said in English.
TEXTS = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "%(heading)s:": "%(heading)s：",
    "show this help message and exit": "显示这份说明",
    "the following arguments are required: %s": "缺少 %s",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "expected one argument": "后面应有一个值",
    "expected at most one argument": "后面至多有一个值",
    "expected at least one argument": "后面至少有一个值",
    "invalid choice: %(value)r (choose from %(choices)s)": "读到 %(value)r，应为 %(choices)s 之一",
    "invalid %(type)s value: %(value)r": "读到 %(value)r，应为整数",  # int is the only type that refuses
    "unrecognized arguments: %s": "不认识 %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不明确，可能是 %(matches)s",
    "ignored explicit argument %r": "后面不应有值，读到 %r",
}


class Parser(argparse.ArgumentParser):
    """Speaks Chinese; exits with 2 after one line."""

    def error(self, message: str) -> NoReturn:
        print(f"fenghuang: 参数有误：{message}。用 --help 查看用法", file=sys.stderr)
        raise SystemExit(2)


def speak_chinese() -> None:
    """argparse has no other door to its texts: its gettext asks the locale of the machine, which may have none."""
    vars(argparse)["_"] = lambda text: TEXTS.get(text, text)
