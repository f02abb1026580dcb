"""Two clocks. Work is dated by the office's day; sessions and records by the machine's time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """`zone` is where the office is: its midnight turns the day."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """The machine's time, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The office's day."""
        return datetime.now(self.zone).date()
