"""What people fill in: amounts in the kind's unit, a document with its file; slips are told beside their field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from fenghuang.domain.ledger.kinds import CLASSES, Kind
from fenghuang.domain.ledger.people import may_enter
from fenghuang.engines import door
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.evidence import HINT, Proof, Unfit, taken


class AmountField(forms.CharField):
    """An amount of a kind's unit, kept as the integer of its smallest unit."""

    def __init__(self, kind: Kind, label: str, **more: Any) -> None:
        self.kind = kind
        super().__init__(label=f"{label}（{kind.unit}）", max_length=40, **more)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            found = door.value(self.kind.type, text)
        except door.Refused as refused:
            raise forms.ValidationError(f"填的是“{text[:40]}”，{refused}") from refused
        if found is not None and int(found) < 0:
            raise forms.ValidationError(f"填的是“{text[:40]}”，不能小于 0；减少请选择相应的事由，记错的请冲正")
        return None if found is None else int(found)


class ProofField(forms.FileField):
    """A file that proves it: looked at, not only named."""

    def __init__(self, **more: Any) -> None:
        super().__init__(label="文件", help_text=HINT, **more)

    def clean(self, data: Any, initial: Any = None) -> Proof | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return taken(file)
        except Unfit as unfit:
            raise forms.ValidationError(str(unfit)) from unfit


def day_field(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, initial=timezone.localdate)


class WithDocument(forms.Form):
    """Reason, number of the document, the file."""

    reason = forms.CharField(label="说明", max_length=500, required=False)
    document = forms.CharField(label="文件编号", max_length=120)
    proof = ProofField()


class CounterForm(WithDocument):
    """Why an entry was wrong."""

    reason = forms.CharField(label="理由", max_length=500)


class OfUnit(forms.Form):
    """For one of the counties for which the person may enter."""

    unit = forms.ModelChoiceField(label="县（市、区）", queryset=Unit.objects.none(), empty_label="请选择")

    def __init__(self, *args: Any, user: User, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        mine = [unit.pk for unit in user.units() if may_enter(user, kind, unit.pk)]
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(pk__in=mine)
        if len(mine) == 1:
            field.initial = mine[0]


class EntryForm(OfUnit, WithDocument):
    """An entry by hand."""

    label = forms.ChoiceField(label="事由")
    year = forms.IntegerField(label="年度")
    on = day_field("日期")
    project = forms.CharField(label="项目名称", max_length=200, required=False)
    project_code = forms.CharField(
        label="项目代码", max_length=60, required=False, help_text="项目库中有的填代码，名称以项目库为准"
    )

    def __init__(self, *args: Any, user: User, kind: Kind, **more: Any) -> None:
        super().__init__(*args, user=user, kind=kind, **more)
        signs = {name: "增" if name in kind.credits else "减" for name in kind.by_hand}
        label = self.fields["label"]
        assert isinstance(label, forms.ChoiceField)
        label.choices = [(name, f"{kind.labels[name]}（{signs[name]}）") for name in kind.by_hand]
        self.fields["amount"] = AmountField(kind, "数量")
        self.fields["year"].initial = timezone.localdate().year
        self.order_fields(["unit", "label", "amount", "year", "on", "project", "project_code", "reason", "document"])
        if "project" not in kind.by_hand:
            del self.fields["project"], self.fields["project_code"]


class ClaimForm(OfUnit):
    """A project's claim."""

    sort = forms.ChoiceField(label="项目类别", choices=list(CLASSES.items()))
    project = forms.CharField(label="项目名称", max_length=200, required=False)
    project_code = forms.CharField(
        label="项目代码", max_length=60, required=False, help_text="项目库中有的填代码，名称以项目库为准"
    )
    applied_on = day_field("申请日期")

    def __init__(self, *args: Any, user: User, kind: Kind, **more: Any) -> None:
        super().__init__(*args, user=user, kind=kind, **more)
        self.fields["amount"] = AmountField(kind, "申请量")


class RevenueForm(WithDocument):
    """A year's land-grant revenue."""

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["amount"] = AmountField(kind, "土地出让收入")
        self.fields["reason"].label = "说明（更改已登记的数时必填）"
        self.order_fields(["amount", "document", "proof", "reason"])
