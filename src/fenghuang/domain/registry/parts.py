"""Sums over pieces: land over parcels and leases, electricity over meters and shares; and the checks across rows.

A firm with a piece in quarantine has no sum: `withheld` says which row stands in the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from fenghuang.domain.feeds.standing import QUARANTINED, TAKEN, Judged
from fenghuang.domain.feeds.templates import Template
from fenghuang.domain.feeds.values import Problem
from fenghuang.domain.registry.known import Known, suspects
from fenghuang.language.numbers import show_decimal, trim

WHOLE = 1_000_000  # 100 % as a ratio of 10^-6
SCHEMA: dict[str, Any] = {
    "firm_id": pl.Int64,
    "fact": pl.String,
    "kind": pl.String,
    "reference": pl.String,
    "other": pl.String,
    "amount": pl.Int64,
    "raw_row_id": pl.Int64,
}
Piece = tuple[int, str, str, str, str, int | None, int]


def frame(pieces: list[Piece]) -> pl.DataFrame:
    return pl.DataFrame(pieces, schema=SCHEMA, orient="row").unique(maintain_order=True)


# --- land ---------------------------------------------------------------------------------------------------------


def check_leases(parcels: Judged | None, leases: Judged) -> None:
    """Nobody lets out what he does not have: on every parcel each firm's own + rented in - rented out is at least 0."""
    have = parcels.frame.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED])) if parcels else None
    known = set(have["reference"].drop_nulls().to_list()) if have is not None else set()
    taken = leases.taken
    leases.quarantine(
        [
            Problem(number, "reference", "unknown_parcel", reference)
            for number, reference in taken.select("id", "reference").iter_rows()
            if reference not in known
        ]
    )
    if parcels is None:
        return
    wrong = _overlet(parcels.taken, leases)
    leases.quarantine(
        [
            Problem(number, "amount", "lease_exceeds_parcel", reference, more=wrong[reference])
            for number, reference in leases.taken.select("id", "reference").iter_rows()
            if reference in wrong
        ]
    )


def _overlet(parcels: pl.DataFrame, leases: Judged) -> dict[str, str]:
    """Parcel -> what is wrong with its leases."""
    area = dict(parcels.select("reference", "amount").iter_rows())
    # A lease in quarantine for its code still takes land; beside it only the whole can be checked.
    counted = leases.frame.filter(
        (pl.col("verdict") == TAKEN)
        | ((pl.col("verdict") == QUARANTINED) & pl.col("amount").is_not_null() & (pl.col("amount") >= 0))
    )
    counted = counted.sort("amount").unique("key", keep="first", maintain_order=True)  # of rows in conflict the least
    doubtful = set(leases.quarantined["reference"].drop_nulls().to_list())
    moves = pl.concat(
        [
            parcels.select("reference", "uscc", "amount"),
            counted.select("reference", "uscc", amount=-pl.col("amount")),
            counted.select("reference", uscc="tenant", amount="amount"),
        ]
    )
    net = moves.group_by("reference", "uscc").agg(pl.col("amount").sum()).filter(pl.col("amount") < 0)
    holders = dict(parcels.select("reference", "uscc").iter_rows())
    wrong: dict[str, str] = {}
    for reference, uscc, short in net.sort("reference", "uscc").iter_rows():
        if reference not in area or (reference in doubtful and uscc != holders[reference]):
            continue
        if uscc == holders[reference]:
            wrong[reference] = f"面积 {_mu(area[reference])} 亩，租出合计超出 {_mu(-short)} 亩"
        else:
            wrong[reference] = f"的出租方 {uscc} 没有足够的可出租面积（差 {_mu(-short)} 亩）"
    return wrong


def _mu(amount: int) -> str:
    return trim(show_decimal(amount, 4))


def land(parcels: Judged | None, leases: Judged | None, known: Known) -> list[Piece]:
    pieces: list[Piece] = []
    ids = known.ids
    if parcels:
        rows = parcels.taken.select("id", "reference", "uscc", "amount").iter_rows()
        pieces += [(ids[uscc], "land_mu", "own", ref, "", amount, row) for row, ref, uscc, amount in rows]
    if leases:
        for row, ref, uscc, tenant, amount in leases.taken.select(
            "id", "reference", "uscc", "tenant", "amount"
        ).iter_rows():
            pieces.append((ids[uscc], "land_mu", "rented_out", ref, tenant, -amount, row))
            pieces.append((ids[tenant], "land_mu", "rented_in", ref, uscc, amount, row))
    return pieces


# --- electricity --------------------------------------------------------------------------------------------------


def check_shares(meters: Judged | None, shares: Judged) -> None:
    """The shares of a meter add up to exactly 100 %, or neither they nor the meter can be given to anybody."""
    have = meters.frame.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED])) if meters else None
    known = set(have["reference"].drop_nulls().to_list()) if have is not None else set()
    counted = shares.frame.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED]))
    sums = counted.group_by("reference").agg(total=pl.col("share").sum()).filter(pl.col("total") != WHOLE)
    wrong = {ref: f"{trim(show_decimal(total, 4))}%" for ref, total in sums.iter_rows()}
    rows = list(shares.taken.select("id", "reference").iter_rows())
    shares.quarantine(
        [
            Problem(row, "share", "meter_shares_do_not_add", ref, "100%", more=wrong[ref])
            for row, ref in rows
            if ref in wrong
        ]
    )
    shares.quarantine(
        [Problem(row, "reference", "unknown_meter", ref) for row, ref in rows if ref not in known and ref not in wrong]
    )
    if meters:
        meters.quarantine(
            [
                Problem(row, "amount", "meter_without_valid_shares", ref, "100%", more=wrong[ref])
                for row, ref in meters.taken.select("id", "reference").iter_rows()
                if ref in wrong
            ]
        )


def power(meters: Judged | None, shares: Judged | None, known: Known) -> list[Piece]:
    if meters is None:
        return []
    ids = known.ids
    split: dict[str, list[tuple[int, str, int]]] = {}
    if shares:
        for row, ref, uscc, share in (
            shares.frame.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED]))
            .select("id", "reference", "uscc", "share")
            .iter_rows()
        ):
            split.setdefault(ref, []).append((row, uscc, share or 0))
    sharing = set(shares.taken["id"].to_list()) if shares else set()
    pieces: list[Piece] = []
    for row, ref, uscc, amount in meters.taken.select("id", "reference", "uscc", "amount").iter_rows():
        if ref not in split:
            pieces.append((ids[uscc], "electricity_kwh", "meter", ref, "", amount, row))
            continue
        for (share_row, firm, _), part in zip(split[ref], allot(amount, [s for _, _, s in split[ref]]), strict=True):
            if share_row in sharing:
                pieces.append((ids[firm], "electricity_kwh", "share", ref, uscc, part, share_row))
    # A meter in quarantine leaves those who share it without a sum.
    for row, ref in meters.quarantined.select("id", "reference").iter_rows():
        for _, firm, _ in split.get(ref, ()):
            if firm in ids:
                pieces.append((ids[firm], "electricity_kwh", "withheld", ref, "", None, row))
    return pieces


def allot(amount: int, shares: list[int]) -> list[int]:
    """The amount by shares of 10^-6 in whole units that add up to it: the largest remainders are rounded up."""
    parts = [amount * share // WHOLE for share in shares]
    rest = amount - sum(parts)
    order = sorted(range(len(shares)), key=lambda place: (-(amount * shares[place] % WHOLE), place))
    for place in order[:rest]:
        parts[place] += 1
    return parts


# --- what is withheld ---------------------------------------------------------------------------------------------


def withheld(template: Template, judged: Judged, known: Known) -> Iterator[Piece]:
    """For every row in quarantine: the facts that are unknown because of it, of every firm it may be about."""
    for row in judged.quarantined.iter_rows(named=True):
        reference = row.get("reference") or ""
        for code, firms in suspects(template, row, known):
            facts = [*template.facts, *(["tenants"] if template.name == "leases" and code == "uscc" else [])]
            for uscc in firms:
                for fact in facts:
                    yield (known.ids[uscc], fact, "withheld", reference[:60], "", None, row["id"])
