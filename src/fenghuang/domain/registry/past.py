"""The day of which a page shows what was known: `?known=YYYY-MM-DD`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fenghuang.domain.registry.models import Recording

OLDEST = 2000  # no data are older than the system


@dataclass(frozen=True, slots=True)
class Past:
    """The day of which the page shows what was known; no day is today."""

    day: date | None = None
    recording: int | None = None  # the last one of that day, null when nothing was recorded yet
    wrong: str = ""  # what was asked and is no day that has been

    @classmethod
    def of(cls, text: str) -> Past:
        """From the address; a day that is none, or is to come, is said and today is shown."""
        if not text:
            return cls()
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return cls(wrong=text[:20])
        if day > timezone.localdate() or day.year < OLDEST:
            return cls(wrong=text[:20])
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)
        recording = Recording.at_time(end)
        return cls(day, recording.pk if recording else None)

    @property
    def is_before_all(self) -> bool:
        """Nothing was recorded yet on that day."""
        return self.day is not None and self.recording is None
