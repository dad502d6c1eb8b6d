"""A firm's years and the rows behind them, as one page reads them: once, whichever of its parts asks."""

from __future__ import annotations

from collections.abc import Iterable

from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.domain.registry.queries import seen_years, sources_of
from fenghuang.language.record import Source
from fenghuang.platform.accounts.models import User

Sources = dict[str, tuple[Source, ...]]  # fact -> the cells it was made of


class Traced:
    """Versions of firm-years that were read already, and the sources of those that were asked for."""

    def __init__(self, versions: Iterable[FirmYear] = ()) -> None:
        self.versions = list(versions)
        self._sources: dict[tuple[int, int | None], Sources] = {}

    @classmethod
    def of(cls, user: User, firm: Firm) -> Traced:
        """Every version of the years of a firm that the person may see, newest year first."""
        rows = FirmYear.objects.filter(firm=firm).select_related("unit")
        return cls(seen_years(user, rows).order_by("-year", "-recorded_id"))

    def known(self, recording: int | None) -> list[FirmYear]:
        """As known at a recording (None: today)."""
        return [one for one in self.versions if one.is_known_at(recording)]

    def years(self, wanted: set[tuple[int, int]], recording: int | None) -> list[FirmYear]:
        """Of the (firm, year) wanted what was known at a recording; what was not read yet is read."""
        found = [one for one in self.known(recording) if (one.firm_id, one.year) in wanted]
        rest = wanted - {(one.firm_id, one.year) for one in found}
        if rest:
            rows = FirmYear.objects.as_of(recording).filter(firm__in={firm for firm, _ in rest})
            found += [one for one in rows if (one.firm_id, one.year) in rest]
        return found

    def sources(self, years: Iterable[FirmYear], recording: int | None = None) -> dict[int, Sources]:
        """By id of the firm-year; of sums the pieces as known at a recording (None: those that the version is of)."""
        years = list(years)
        if fresh := [one for one in years if (one.pk, recording) not in self._sources]:
            self._sources |= {(pk, recording): cells for pk, cells in sources_of(fresh, recording).items()}
        return {one.pk: self._sources[one.pk, recording] for one in years}
