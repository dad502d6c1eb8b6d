"""The upload of departments' files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from fenghuang.domain.feeds.read import too_large

ENDINGS = (".xlsx", ".xlsm", ".csv")
MOST = 30


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
    note = forms.CharField(label="说明", required=False, max_length=300, help_text="可填来文编号或更正原因，记入日志。")

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
