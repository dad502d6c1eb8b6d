"""What an import did, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from fenghuang.domain.feeds.models import Delivery
from fenghuang.domain.feeds.recognise import Sheet


@dataclass
class FileReport:
    """One sheet of a file (or a file that could not be used at all)."""

    file: str
    sheet: str
    status: str  # taken | known | fault
    sentence: str = ""
    template: str = ""
    title: str = ""
    department: str = ""
    delivery: int | None = None
    years: list[int] = field(default_factory=list)
    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    quarantined: int = 0
    notices: int = 0
    remarks: list[str] = field(default_factory=list)
    may_map: bool = False  # a fault that goes when somebody says which column is which

    @classmethod
    def of(cls, sheet: Sheet, status: str, sentence: str, delivery: Delivery | None = None) -> Self:
        template = sheet.template
        report = cls(sheet.file.name, sheet.name, status, sentence, template.name, template.title, template.department)
        if delivery:
            report.delivery = delivery.pk
            for name in ("years", "rows", "taken", "unchanged", "quarantined", "notices", "remarks"):
                setattr(report, name, getattr(delivery, name))
        return report


@dataclass
class Missing:
    """A sheet that no department delivered for a year."""

    year: int
    template: str
    title: str
    department: str


@dataclass
class Report:
    """The whole import. `recording` is null when nothing was taken."""

    files: list[FileReport] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    recording: int | None = None
    firms_added: int = 0
    seconds: float = 0.0

    @property
    def faults(self) -> list[FileReport]:
        return [report for report in self.files if report.status == "fault"]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
