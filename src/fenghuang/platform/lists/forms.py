"""The name under which a filter is kept."""

from __future__ import annotations

from django import forms


class ViewForm(forms.Form):
    name = forms.CharField(label="名称", max_length=60)
    shared = forms.BooleanField(label="共享", required=False)
