"""Many rows at once, and what PostgreSQL's planner then knows of them."""

from __future__ import annotations

import pytest
from deliveries import code
from django.db import connection

from fenghuang.domain.feeds import bulk
from fenghuang.domain.registry.models import Firm, FirmWords

COLUMNS = ("firm_id", "uscc", "names", "latin")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics")
@pytest.mark.parametrize(("rows", "known"), [(bulk.MANY - 1, False), (bulk.MANY, True)])
def test_the_planner_hears_of_many_new_rows_before_they_are_committed(rows: int, known: bool) -> None:
    """A join over tables it takes to be empty runs for minutes."""
    names = [code(number) for number in range(rows)]
    firms = Firm.objects.bulk_create(Firm(uscc=one, name=one) for one in names)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'registry_firmwords'")
        before = cursor.fetchone()[0]
        bulk.insert(FirmWords, COLUMNS, [(one.pk, one.uscc, one.name, "") for one in firms])
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'registry_firmwords'")
        after = cursor.fetchone()[0]
    assert (after == rows) is known
    assert known or after == before
