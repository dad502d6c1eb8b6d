"""The lists of parcels, meters and discrepancies: filters and tables, on pages and in files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from fenghuang.domain.registry import land_queries as queries
from fenghuang.domain.registry.land_checks import KINDS, Discrepancy, built_far, discrepancies
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.lists.registry import FILE_ONLY, Scaled
from fenghuang.platform.ui.numbers import scaled
from fenghuang.platform.ui.templatetags.numbers import DASH, day

if TYPE_CHECKING:
    from django.http import QueryDict

    from fenghuang.platform.accounts.models import User

NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
TITLE = {"td": {"class": "is-title uscc"}}
ASIDE = {**NOWRAP, FILE_ONLY: True}


class LandFilter(forms.Form):
    """Year, place, words and what is missing; every filter is part of the address."""

    q = forms.CharField(label="编号或企业", required=False, max_length=100)
    year = forms.ChoiceField(label="年度", required=False)
    unit = forms.ChoiceField(label="地区", required=False)
    township = forms.CharField(label="乡镇（街道）", required=False, max_length=60)
    lacks = forms.ChoiceField(label="缺什么", required=False)

    def __init__(self, data: QueryDict, user: User, lacks: dict[str, str], title: str = "缺什么") -> None:
        super().__init__(data)
        self.years = queries.years()
        self.choose("year", [(str(year), f"{year} 年") for year in self.years], "最新年度")
        self.choose("unit", [(str(unit.pk), unit.name) for unit in user.units()], "全部地区")
        self.choose("lacks", list(lacks.items()), "全部")
        self.fields["lacks"].label = title
        self.fields["q"].widget.attrs |= {"placeholder": "编号、企业名称或代码", "autocomplete": "off"}
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def choose(self, name: str, found: list[tuple[str, str]], every: str) -> None:
        self.fields[name].choices = [("", every), *found]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """What is valid of it."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}

    @property
    def chosen_year(self) -> int | None:
        """The year asked for, else the newest; None when nothing was delivered."""
        asked = self.chosen["year"]
        return int(asked) if asked else self.years[0] if self.years else None

    @property
    def words(self) -> list[str]:
        """The filter as people say it."""
        said = [f"{self.chosen_year} 年度"]
        for name, value in self.chosen.items():
            if value and name != "year":
                titles = dict(getattr(self.fields[name], "choices", ()))
                said.append(f"{self.fields[name].label}：{titles.get(value, value)}")
        return said

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Of things with a firm those of the place, and those that the words name."""
        chosen = self.chosen
        if chosen["unit"]:
            rows = rows.filter(firm__unit=chosen["unit"])
        if chosen["township"]:
            rows = rows.filter(firm__township=chosen["township"])
        if q := chosen["q"].strip():
            code = q.upper()
            rows = rows.filter(Q(reference__startswith=code) | Q(uscc__startswith=code) | Q(firm__name__contains=q))
        return rows


class ParcelFilter(LandFilter):
    """Of parcels also the park that their contract names."""

    park = forms.CharField(label="所在园区", required=False, max_length=100)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows, park, year = super().narrow(rows), self.chosen["park"].strip(), self.chosen_year
        return queries.in_park(rows, park, year) if park and year else rows


class ThingTable(tables.Table):
    """What parcels and meters have in common: number, holder, place."""

    reference = tables.Column("编号", attrs=TITLE)
    holder = tables.Column("使用权人", accessor="firm__name", empty_values=())
    uscc = tables.Column("统一社会信用代码", attrs={"td": {"class": "uscc"}, FILE_ONLY: True})
    unit = tables.Column("地区", accessor="firm__unit__name", attrs=NOWRAP)
    township = tables.Column("乡镇（街道）", accessor="firm__township", attrs=ASIDE)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = DASH

    page_of = ""

    def render_reference(self, value: str, record: Any) -> str:
        if not value:
            return str(DASH)
        address = reverse(self.page_of, args=[value])
        return format_html('<a href="{}?year={}">{}</a>', address, record.year, value)

    def value_reference(self, value: str) -> str:
        return value

    def render_holder(self, record: Any) -> str:
        if record.firm is None:
            return format_html('{} <span class="badge-soft is-warn">不在名录</span>', record.uscc)
        return format_html('<a href="{}">{}</a>', reverse("cockpit:firm", args=[record.firm.uscc]), record.firm.name)

    def value_holder(self, record: Any) -> str | None:
        return record.firm.name if record.firm else None

    def render_counts(self, value: bool) -> str:
        return "已采用" if value else "隔离待更正"


class ParcelTable(ThingTable):
    """One line a parcel of the year."""

    reference = tables.Column("不动产单元号", attrs=TITLE)
    area = tables.Column("宗地面积（亩）", attrs=NUMBER)
    let = tables.Column("租出（亩）", attrs=NUMBER)
    right = tables.Column("权利性质", accessor="contract_right", attrs=ASIDE)
    end = tables.Column("使用期止", accessor="contract_end", attrs=ASIDE)
    far_min = tables.Column("约定容积率下限", accessor="contract_far", attrs=NUMBER, empty_values=())
    far = tables.Column("建成容积率", accessor="floor", attrs=NUMBER)
    standard = tables.Column("标准地", accessor="contract_standard", attrs=ASIDE)
    park = tables.Column("所在园区", accessor="contract_park", attrs=ASIDE)
    lacks = tables.Column("缺什么", accessor="pk", attrs=NOWRAP)
    counts = tables.Column("状态", attrs=ASIDE)

    class Meta(ThingTable.Meta):
        caption = "宗地"
        sequence = ("reference", "holder", "unit", "township", "area", "let", "...")

    page_of = "land:parcel"

    def render_area(self, value: int) -> str:
        return scaled(value, 4, 4)

    def render_let(self, value: int) -> str:
        return scaled(value, 4, 4)

    def render_end(self, value: Any) -> str:
        return day(value)

    def render_far_min(self, record: Any) -> str:
        if record.contract_far is not None:
            return scaled(record.contract_far, 6)
        return "未约定" if record.contract_agreed is False else str(DASH)

    def render_far(self, value: int, record: Any) -> str:
        found = built_far(value, record.area or 0)
        return str(DASH) if found is None else scaled(found, 6, 2)

    def render_standard(self, value: bool) -> str:
        return "是" if value else "否"

    def render_lacks(self, record: Any) -> str:
        return "、".join(self._lacks(record)) or "齐全"

    def _lacks(self, record: Any) -> list[str]:
        found = []
        if not record.counts:
            found.append("宗地行待更正")
        if record.contract_right is None:
            found.append("合同")
        else:
            if record.contract_end is None:
                found.append("使用期止")
            if record.contract_agreed is None:
                found.append("容积率约定")
        if record.floor is None:
            found.append("建筑物")
        return found

    # --- what the cells are worth in a file

    def _mu(self, value: int) -> Scaled:
        return Scaled(value, 4)

    value_area = value_let = _mu

    def value_end(self, value: Any) -> Any:
        return value

    def value_far_min(self, record: Any) -> Scaled | str | None:
        if record.contract_far is not None:
            return Scaled(record.contract_far, 6)
        return "未约定" if record.contract_agreed is False else None

    def value_far(self, value: int, record: Any) -> Scaled | None:
        found = built_far(value, record.area or 0)
        return None if found is None else Scaled(found, 6)


class MeterTable(ThingTable):
    """One line a meter of the year."""

    reference = tables.Column("户号", attrs=TITLE)
    holder = tables.Column("用户", accessor="firm__name", empty_values=())
    amount = tables.Column("用电量（千瓦时）", attrs=NUMBER)
    shared = tables.Column("分摊合计（%）", attrs=NUMBER, empty_values=())
    gap = tables.Column("没有去向（千瓦时）", accessor="pk", attrs=NUMBER, empty_values=())
    counts = tables.Column("状态", attrs=NOWRAP)

    class Meta(ThingTable.Meta):
        caption = "电表"
        sequence = ("reference", "holder", "unit", "township", "amount", "...")

    page_of = "land:meter"

    def render_amount(self, value: int) -> str:
        return f"{value:,}"

    def render_shared(self, record: Any) -> str:
        return "不分摊" if record.shared is None else scaled(record.shared, 4)

    def render_gap(self, record: Any) -> str:
        found = self.value_gap(record)
        return str(DASH) if found is None else f"{found:,}"

    def value_amount(self, value: int) -> int:
        return value

    def value_shared(self, record: Any) -> Scaled | None:
        return None if record.shared is None else Scaled(record.shared, 4)

    def value_gap(self, record: Any) -> int | None:
        """What goes to nobody because the shares do not add up; negative is given away twice."""
        if record.amount is None:
            return None
        if record.shared is None:
            return 0
        return int(record.amount) - int(record.amount) * int(record.shared) // 1_000_000


# --- discrepancies ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A discrepancy with the firm it is shown under."""

    one: Discrepancy
    year: int
    firm: Firm | None


class FoundTable(tables.Table):
    """One line a discrepancy."""

    kind = tables.Column("问题", accessor="one__title", attrs={"td": {"class": "is-title"}})
    reference = tables.Column("宗地或电表", accessor="one__reference", attrs={"td": {"class": "uscc"}})
    firm = tables.Column("企业", accessor="firm__name")
    uscc = tables.Column("统一社会信用代码", accessor="firm__uscc", attrs={"td": {"class": "uscc"}, FILE_ONLY: True})
    unit = tables.Column("地区", accessor="firm__unit__name", attrs=NOWRAP)
    township = tables.Column("乡镇（街道）", accessor="firm__township", attrs=ASIDE)
    amount = tables.Column("差多少", accessor="one__amount", attrs=NUMBER)
    measure = tables.Column("单位", accessor="one__unit", attrs={**NOWRAP, FILE_ONLY: True})
    words = tables.Column("说明", accessor="one__words")
    todo = tables.Column("怎么办", accessor="one__todo")

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = DASH
        caption = "宗地与电表核对"

    def render_reference(self, value: str, record: Told) -> str:
        page = "land:meter" if record.one.is_power else "land:parcel"
        return format_html('<a href="{}?year={}">{}</a>', reverse(page, args=[value]), record.year, value)

    def value_reference(self, value: str) -> str:
        return value

    def render_firm(self, value: str, record: Told) -> str:
        assert record.firm
        return format_html('<a href="{}">{}</a>', reverse("cockpit:firm", args=[record.firm.uscc]), value)

    def value_firm(self, value: str) -> str:
        return value

    def render_amount(self, value: int, record: Told) -> str:
        return f"{scaled(value, record.one.places)} {record.one.unit}"

    def value_amount(self, value: int, record: Told) -> Scaled:
        return Scaled(value, record.one.places)


def found_told(user: User, form: LandFilter) -> list[Told]:
    """The discrepancies as the form narrows them."""
    year = form.chosen_year
    if year is None:
        return []
    found = discrepancies(user, year)
    ids = {pk for one in found for pk in one.firms if pk}
    firms = Firm.objects.select_related("unit").in_bulk(list(ids)) if len(ids) < 900 else _many(ids)
    seen = None if user.sees_all_units else user.units().values_list("pk", flat=True)
    own = None if seen is None else set(seen)
    told = []
    for one in found:
        named = [firms[pk] for pk in one.firms if pk is not None and pk in firms]
        mine = [firm for firm in named if own is None or firm.unit_id in own]
        told.append(Told(one, year, next(iter(mine or named), None)))
    return [one for one in told if _fits(one, form.chosen)]


def _many(ids: set[int]) -> dict[int, Firm]:
    """By parts: SQLite takes some thousand parameters."""
    every = sorted(ids)
    found: dict[int, Firm] = {}
    for start in range(0, len(every), 900):
        found |= Firm.objects.select_related("unit").in_bulk(every[start : start + 900])
    return found


def _fits(one: Told, chosen: dict[str, str]) -> bool:
    firm = one.firm
    if chosen["lacks"] and one.one.kind != chosen["lacks"]:
        return False
    if chosen["unit"] and (firm is None or firm.unit_id != chosen["unit"]):
        return False
    if chosen["township"] and (firm is None or firm.township != chosen["township"]):
        return False
    q = chosen["q"].strip()
    names = "" if firm is None else f"{firm.name} {firm.uscc}"
    return not q or q in names or q.upper() in names or one.one.reference.startswith(q.upper())


FOUND_KINDS = {kind: short for kind, (short, _) in KINDS.items()}
