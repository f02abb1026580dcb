"""What a list of matters may be asked for, as its address says it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from app.domain.errors import N_, FieldError, Reason
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

# What a list's address may say, where that is one of a few.
CHOICES: Mapping[str, Collection[str]] = {
    "stage": frozenset(Stage),
    "open": OPEN,
    "due": DUE,
    "mine": frozenset({"1"}),
    "doubtful": frozenset({"1"}),
    "sort": ORDERS,
}


def mistaken(query: Mapping[str, str]) -> list[FieldError]:
    """What of an address is none of its field's choices."""
    return [
        FieldError(name, Reason(N_("Choose one of those listed.")))
        for name, known in CHOICES.items()
        if query.get(name) and query[name] not in known
    ]


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
        def known(name: str) -> str:
            return query.get(name, "") if query.get(name, "") in CHOICES[name] else ""

        def said(name: str, most: int) -> str:
            # A saved view's query is decoded after everything that refuses NUL.
            return query.get(name, "").replace("\x00", "").strip()[:most]

        return cls(
            kind=kind,
            stage=known("stage"),
            state=said("state", 64),
            open=known("open"),
            unit=said("unit", 64),
            source=said("source", 64),
            campaign=said("campaign", 36),
            due=known("due"),
            mine=known("mine"),
            text=said("text", 100),
            doubtful=known("doubtful"),
            sort=known("sort") or FIRST,
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
