"""The special account 专用账户: what the bank's statements say of it, beside what is booked on it.

Pure. An auditor holds the one against the other: whatever is on no line of the bank's was recorded
by hand, and belongs before the first line, or after the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialAccount:
    """As of a day. `stated` is the last balance that the bank gives, None where it gives none;
    `booked` all that stands on the account by the books. Of that `before`, `within` and `after`
    were recorded by hand: dated before the first line, between it and the last, and later."""

    lines: int
    since: date | None
    until: date | None
    came_in: Money
    went_out: Money
    stated: Money | None
    booked: Money
    before: Money
    within: Money
    after: Money

    @property
    def on_lines(self) -> Money:
        """What is booked from the lines: each counts once, for its whole amount."""
        return self.came_in - self.went_out

    @property
    def earlier(self) -> Money | None:
        """What the bank has beside its lines: from before the first, or by lines not here."""
        return None if self.stated is None else self.stated - self.on_lines

    @property
    def apart(self) -> Money | None:
        """The bank's balance less the books."""
        return None if self.stated is None else self.stated - self.booked
