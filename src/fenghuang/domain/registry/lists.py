"""Parcels, meters and what does not fit, as lists: for their pages, for files and saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import QueryDict

from fenghuang.domain.feeds.models import Delivery
from fenghuang.domain.registry import land_queries as queries
from fenghuang.domain.registry.land_tables import (
    FOUND_KINDS,
    FoundTable,
    LandFilter,
    MeterTable,
    ParcelFilter,
    ParcelTable,
    found_told,
)
from fenghuang.domain.registry.parks import ParkFilter, park_table
from fenghuang.platform.lists.registry import Shown, listing

if TYPE_CHECKING:
    import django_tables2 as tables

    from fenghuang.platform.accounts.models import User


def parcel_form(user: User, query: QueryDict) -> ParcelFilter:
    return ParcelFilter(query, user, queries.LACKS)


def meter_form(user: User, query: QueryDict) -> LandFilter:
    return LandFilter(query, user, queries.METER_LACKS, "情况")


def found_form(user: User, query: QueryDict) -> LandFilter:
    return LandFilter(query, user, FOUND_KINDS, "问题")


def parcel_table(user: User, form: LandFilter) -> ParcelTable:
    """The parcels as the form narrows them."""
    year = form.chosen_year
    rows = queries.parcels_listed(user, year) if year else queries.parcels(user).none()
    return ParcelTable(queries.lacking(form.narrow(rows), form.chosen["lacks"]))


def meter_table(user: User, form: LandFilter) -> MeterTable:
    """The meters, likewise."""
    year = form.chosen_year
    rows = queries.meters_listed(user, year) if year else queries.meters(user).none()
    return MeterTable(queries.meters_lacking(form.narrow(rows), form.chosen["lacks"]))


def found_table(user: User, form: LandFilter) -> FoundTable:
    """The discrepancies, likewise."""
    return FoundTable(found_told(user, form))


@listing("parcels", "宗地", "land:parcels")
def parcels(user: User, query: QueryDict) -> Shown:
    """The parcels of a year."""
    form = parcel_form(user, query)
    return _shown(parcel_table(user, form), form)


@listing("meters", "电表", "land:meters")
def meters(user: User, query: QueryDict) -> Shown:
    """The meters of a year."""
    form = meter_form(user, query)
    return _shown(meter_table(user, form), form)


@listing("parks", "园区", "land:parks")
def parks(user: User, query: QueryDict) -> Shown:
    """The parks of a year."""
    form = ParkFilter(query, user)
    return _shown(park_table(user, form), form)


@listing("land-check", "宗地与电表核对", "land:check")
def check(user: User, query: QueryDict) -> Shown:
    """What does not fit together in a year."""
    form = found_form(user, query)
    return _shown(found_table(user, form), form)


def _shown(table: tables.Table, form: LandFilter) -> Shown:
    is_demo = settings.FENGHUANG_DEMO or Delivery.objects.filter(is_demo=True).exists()
    return Shown(table, form.words, is_demo=is_demo)
