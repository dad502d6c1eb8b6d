"""From sheets to things (land_models.py): which columns a sheet gives, and what of its rows cannot be. Writes nothing.

The sheets of land and power make facts (parts.py) and things; those of role `object` make things alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from fenghuang.domain.feeds.standing import QUARANTINED, TAKEN, Judged
from fenghuang.domain.feeds.templates import Template, template
from fenghuang.domain.feeds.values import Problem
from fenghuang.domain.registry import land_models as m
from fenghuang.domain.registry.known import Known
from fenghuang.language.numbers import show_decimal, trim

ON_PARCELS = ("contracts", "buildings")  # sheets whose rows stand on a parcel of the land list
SPANS = ("contracts", "leases")  # sheets with a first and a last day


@dataclass(frozen=True)
class Kind:
    """A model and where its columns come from: column of the model -> field of the sheet."""

    model: type[m.Thing]
    columns: dict[str, str]


def _own(model: type[m.Thing], *fields: str, **renamed: str) -> Kind:
    return Kind(model, {**{name: name for name in fields}, **renamed})


KINDS: dict[str, Kind] = {
    "parcels": _own(m.Parcel, "reference", area="amount"),
    "leases": _own(m.Lease, "reference", "tenant", "tenant_name", "place", "start", "end", area="amount"),
    "meters": _own(m.Meter, "reference", "amount"),
    "meter_shares": _own(m.MeterShare, "reference", "share"),
    "contracts": _own(
        m.Contract, "reference", "right", "use", "area", "start", "end", "granted", "price", "far_agreed", "far_min",
        "far_max", "standard", "agreed_investment", "agreed_tax", "park",
    ),
    "buildings": _own(m.Building, "reference", "building", "floor_area", "storeys", "certified_area", "completed"),
    "parks": _own(m.Park, "park", "unit_id", "category", "stars", "area", "name"),
    "milestones": _own(m.Milestone, "code", "category", "milestone", "planned", "actual"),
}  # fmt: skip


def schema(sheet: str) -> dict[str, Any]:
    """The shape in which versions of the sheet's things are compared."""
    kind, of = KINDS[sheet], template(sheet)
    columns = {ours: pl.String if theirs == "unit_id" else _dtype(of, theirs) for ours, theirs in kind.columns.items()}
    tenant = {"tenant_firm_id": pl.Int64} if sheet == "leases" else {}
    about = {"firm_id": pl.Int64, "uscc": pl.String, "counts": pl.Boolean, "raw_row_id": pl.Int64}
    return {**columns, **tenant, **about}


def _dtype(of: Template, name: str) -> Any:
    column = of.column(name)
    return pl.Int64 if column.is_number else pl.Boolean if column.type == "bool" else pl.String


def blank(sheet: str) -> list[str]:
    """Texts that are "" in the database, not null."""
    fields = {field.attname: field for field in KINDS[sheet].model._meta.concrete_fields}
    return [name for name in schema(sheet) if name in fields and getattr(fields[name], "empty_strings_allowed", False)
            and fields[name].get_internal_type() == "CharField"]  # fmt: skip


def of_sheet(sheet: str, judged: Judged, known: Known) -> pl.DataFrame:
    """What the sheet's readable rows say: those that stand, and those in quarantine that still name their thing."""
    wanted = schema(sheet)
    rows = judged.frame.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED]))
    rows = rows.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in template(sheet).key))
    codes, numbers = list(known.ids), list(known.ids.values())

    def firm(column: str) -> pl.Expr:
        found = pl.col(column).replace_strict(codes, numbers, default=None, return_dtype=pl.Int64)
        return found if codes else pl.lit(None, pl.Int64)

    said = {ours: pl.col(theirs) for ours, theirs in KINDS[sheet].columns.items()}
    if sheet == "leases":
        said |= {"tenant_firm_id": firm("tenant"), "tenant": pl.col("tenant").str.slice(0, 40)}
    return rows.select(
        **said,
        firm_id=firm("uscc"),
        uscc=pl.col("uscc").str.slice(0, 40),
        counts=pl.col("verdict") == TAKEN,
        raw_row_id="id",
    ).select(list(wanted)).cast(pl.Schema(wanted))  # fmt: skip


# --- what cannot be -----------------------------------------------------------------------------------------------


def check_on_parcels(parcels: Judged | None, judged: Judged) -> None:
    """A contract or a building is of a parcel that the year's land list names."""
    have = parcels.frame.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED])) if parcels else None
    known = set(have["reference"].drop_nulls().to_list()) if have is not None else set()
    judged.quarantine(
        [
            Problem(number, "reference", "unknown_parcel", reference)
            for number, reference in judged.taken.select("id", "reference").iter_rows()
            if reference not in known
        ]
    )


def check_span(judged: Judged) -> None:
    """What ends before it begins."""
    wrong = judged.taken.filter(pl.col("end") < pl.col("start")).select("id", "start", "end")
    judged.quarantine(
        [Problem(number, "end", "ends_before_start", end, more=start) for number, start, end in wrong.iter_rows()]
    )


def check_far(contracts: Judged) -> None:
    """A figure where none was agreed, or bounds the wrong way round, is a contradiction only the office can solve."""
    problems = []
    for number, reference, agreed, low, high in contracts.taken.select(
        "id", "reference", "far_agreed", "far_min", "far_max"
    ).iter_rows():
        if agreed is False and (low is not None or high is not None):
            problems.append((number, "far_agreed", reference, "合同未约定容积率，却填了约定的数值"))
        elif low is not None and high is not None and low > high:
            words = f"约定容积率下限 {_ratio(low)} 高于上限 {_ratio(high)}"
            problems.append((number, "far_min", reference, words))
    contracts.quarantine(
        [Problem(number, name, "far_contradicts", ref, more=words) for number, name, ref, words in problems]
    )


def _ratio(value: int) -> str:
    return trim(show_decimal(value, 6))
