"""What a list of matters may be asked for, as its address says it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from app.domain.errors import N_
from app.domain.kinds import Kind, Stage

OPEN: Mapping[str, str] = {"open": N_("not yet ended"), "ended": N_("ended")}
DUE: Mapping[str, str] = {
    "overdue": N_("overdue"),
    "urgent": N_("due within two working days"),
    "month": N_("due by the end of the month"),
}
ORDERS: Mapping[str, str] = {
    "due": N_("by due date, nearest first"),
    "opened": N_("by date received, newest first"),
    "number": N_("by number"),
}
FIRST = "due"


@dataclass(frozen=True)
class Asked:
    """Plain texts, each empty or one that the list knows."""

    kind: Kind
    stage: str = ""
    state: str = ""
    open: str = ""
    unit: str = ""
    source: str = ""
    campaign: str = ""
    due: str = ""
    mine: str = ""
    text: str = ""
    doubtful: str = ""
    sort: str = FIRST

    @classmethod
    def of(cls, kind: Kind, query: Mapping[str, str]) -> Self:
        def known(name: str, values: Collection[str]) -> str:
            return query.get(name, "") if query.get(name, "") in values else ""

        return cls(
            kind=kind,
            stage=known("stage", set(Stage)),
            state=query.get("state", "")[:64],
            open=known("open", OPEN),
            unit=query.get("unit", "")[:64],
            source=query.get("source", "")[:64],
            campaign=query.get("campaign", "")[:36],
            due=known("due", DUE),
            mine=known("mine", {"1"}),
            text=query.get("text", "").strip().replace("\x00", "")[:100],
            doubtful=known("doubtful", {"1"}),
            sort=known("sort", ORDERS) or FIRST,
        )

    def chosen(self) -> dict[str, str]:
        """What was asked for, as an address holds it."""
        held = {
            "stage": self.stage, "state": self.state, "open": self.open, "unit": self.unit,
            "source": self.source, "campaign": self.campaign, "due": self.due,
            "mine": self.mine, "text": self.text, "doubtful": self.doubtful,
            "sort": "" if self.sort == FIRST else self.sort,
        }  # fmt: skip
        return {name: value for name, value in held.items() if value}
