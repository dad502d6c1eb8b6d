"""The upload of departments' files, and the filter of what waits for correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from fenghuang.domain.feeds.queries import delivered_years
from fenghuang.domain.feeds.read import too_large
from fenghuang.domain.feeds.sentences import KINDS
from fenghuang.domain.feeds.templates import templates
from fenghuang.platform.accounts.models import User

ENDINGS = (".xlsx", ".xlsm", ".csv")
MOST = 30


def sheets() -> list[tuple[str, str]]:
    """Templates to choose from."""
    return [(one.name, f"{one.department} · {one.title}") for one in templates().values()]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """One or several files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(one, initial) for one in files]


class UploadForm(forms.Form):
    files = ManyFiles(label="部门文件", help_text="XLSX 或 CSV，可一次选多个；按表头识别，文件名不限。")  # type: ignore[assignment]
    expected = forms.ChoiceField(
        label="是哪张表", required=False, help_text="一般不必选；选定后，别的部门的表会被退回，避免传错。"
    )  # fmt: skip
    note = forms.CharField(label="说明", required=False, max_length=300, help_text="可填来文编号或更正原因，记入日志。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expected"].choices = [("", "按表头识别"), *sheets()]  # type: ignore[attr-defined]

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if len(files) > MOST:
            raise forms.ValidationError(f"一次最多上传 {MOST} 个文件。")
        for file in files:
            if not (file.name or "").lower().endswith(ENDINGS):
                raise forms.ValidationError(f"“{file.name}”不是 XLSX 或 CSV；旧版 .xls 请另存为 .xlsx。")
            if wrong := too_large(file.size or 0):
                raise forms.ValidationError(f"“{file.name}”：{'。'.join(wrong)}。")
        return files


class RowFilter(forms.Form):
    """Which of the rows in quarantine to show."""

    template = forms.ChoiceField(label="部门和表", required=False)
    year = forms.ChoiceField(label="年度", required=False)
    kind = forms.ChoiceField(label="问题", required=False)
    unit = forms.ChoiceField(label="县（市、区）", required=False)

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        units = [(unit.pk, unit.name) for unit in user.units()]
        choices = {
            "template": sheets(),
            "year": [(str(year), f"{year} 年") for year in delivered_years()],
            "kind": list(KINDS.items()),
            "unit": [*units, ("-", "尚不明确")] if user.sees_all_units else units,
        }
        for name, found in choices.items():
            self.fields[name].choices = [("", "全部"), *found]  # type: ignore[attr-defined]

    def title(self, name: str, value: str) -> str:
        """A chosen value as people read it."""
        return str(dict(self.fields[name].choices).get(value, value))  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """What is valid of it."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
