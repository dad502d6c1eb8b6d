"""A file that cannot be taken: one sentence that says which file, which sheet, what is wrong and what to do."""

from __future__ import annotations


class Fault(ValueError):
    """Nothing is taken of this file."""

    def __init__(self, file: str, what: str, todo: str, sheet: str = "") -> None:
        self.file, self.sheet, self.what, self.todo = file, sheet, what, todo
        place = f"{file}（工作表“{sheet}”）" if sheet else file
        super().__init__(f"{place}：{what}。{todo}。")


class Unrecognised(Fault):
    """The headers are of no template; a person may say which column is which (mapping.py)."""
