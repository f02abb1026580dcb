"""What a list was asked for: read from its address, put back into one, and said as a sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.kinds import Kind, Stage
from app.domain.sources import CHANNELS, SOURCES
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.routers.pages.present import ADDRESSES, Reader
from app.routers.parts import Choice, Filter, Link
from app.routers.templating import STAGE_NAMES
from app.services import search, units, worklists

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
    def of(cls, kind: Kind, query: Mapping[str, str]) -> Asked:
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

    def href(self, **changed: str | None) -> str:
        held = {**self.chosen(), **changed}
        query = urlencode({name: value for name, value in held.items() if value})
        return f"{ADDRESSES[self.kind]}?{query}" if query else ADDRESSES[self.kind]


def wanted(tx: Work, asked: Asked, reader: Reader) -> worklists.Filter | None:
    """The filter as the list takes it. None where no matter can fit: an unknown place, say."""
    unit = units.find_coded(tx, asked.unit) if asked.unit else None
    campaign = _uuid(asked.campaign)
    if (asked.unit and unit is None) or (asked.campaign and campaign is None):
        return None
    return worklists.Filter(
        kind=asked.kind,
        stage=Stage(asked.stage) if asked.stage else None,
        states=(asked.state,) if asked.state else None,
        open={"open": True, "ended": False}.get(asked.open),
        unit=UnitPath(unit["path"]) if unit else None,
        source=asked.source or None,
        campaign_id=campaign,
        holder=tx.actor.account_id if asked.mine else None,
        overdue_on=reader.today if asked.due == "overdue" else None,
        due_by=due_by(asked.due, reader),
        among=search.matching(tx, asked.text, asked.kind) if asked.text else None,
        doubtful=True if asked.doubtful else None,
    )


def due_by(asked: str, reader: Reader) -> date | None:
    if asked == "urgent":
        days = reader.profile.thresholds.urgent
        return worklists.working_days_on(reader.calendar, reader.today, days)
    if asked == "month":
        first = reader.today.replace(day=1)
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def bar(tx: Work, asked: Asked, reader: Reader) -> list[Filter]:
    """The fields of the filter bar, filled as asked."""

    def choices(labels: Mapping[str, str], none: str) -> tuple[Choice, ...]:
        rest = (Choice(key, label) for key, label in labels.items())
        return (Choice("", reader.say(none)), *rest)

    def said(labels: Mapping[str, str]) -> dict[str, str]:
        return {key: reader.say(label) for key, label in labels.items()}

    machine = reader.profile.machine(asked.kind)
    states = {
        key: state.label.words(reader.locale)
        for key, state in machine.states.items()
        if key != "new"
    }
    places = {row["code"]: row["name"] for row in units.areas(tx)}
    stages = {stage.value: reader.say(STAGE_NAMES[stage]) for stage in Stage}
    found = [
        Filter("stage", reader.say(N_("Stage")), asked.stage, choices(stages, N_("every stage"))),
        Filter("state", reader.say(N_("State")), asked.state, choices(states, N_("every state"))),
        Filter("open", reader.say(N_("Progress")), asked.open, choices(said(OPEN), N_("all"))),
        Filter("unit", reader.say(N_("Place")), asked.unit, choices(places, N_("everywhere"))),
        Filter("due", reader.say(N_("Due")), asked.due, choices(said(DUE), N_("any time"))),
    ]
    campaigns = {str(row["id"]): row["name"] for row in units.campaigns(tx)}
    if campaigns and asked.kind is not Kind.FUND_ITEM:
        label = reader.say(N_("Campaign"))
        every = choices(campaigns, N_("every campaign"))
        found.insert(4, Filter("campaign", label, asked.campaign, every))
    found.append(Filter("text", reader.say(N_("Words")), asked.text, kind="search"))
    return found


def kept(asked: Asked) -> dict[str, str]:
    """What the bar's form carries along because it has no field for it."""
    return {
        name: value
        for name, value in asked.chosen().items()
        if name in ("source", "mine", "doubtful", "sort")
    }


def conditions(
    tx: Work, asked: Asked, reader: Reader, wanted: worklists.Filter | None
) -> list[Link]:
    """Each condition in words that go on from "Leads …", with the list without it."""
    labels: dict[str, str] = {}
    if asked.stage:
        stage = reader.say(STAGE_NAMES[Stage(asked.stage)])
        labels["stage"] = reader.say(N_("in the stage {stage}"), stage=stage)
    if asked.state:
        labels["state"] = reader.state(asked.kind, asked.state)
    if asked.open:
        labels["open"] = reader.say(OPEN[asked.open])
    if asked.unit:
        unit = units.find_coded(tx, asked.unit)
        named = unit["name"] if unit else asked.unit
        labels["unit"] = reader.say(N_("in {place}"), place=named)
    if asked.due:
        labels["due"] = reader.say(DUE[asked.due])
    if asked.source:
        labels["source"] = _source(asked, reader)
    if asked.campaign:
        labels["campaign"] = _campaign(tx, asked, reader)
    if asked.mine:
        labels["mine"] = reader.say(N_("handled by me"))
    if asked.doubtful:
        labels["doubtful"] = reader.say(N_("with ledger doubts"))
    if asked.text:
        whole = wanted is None or len(wanted.among or ()) < search.MATCHING
        label = N_("with “{words}”") if whole else N_("with “{words}”, the newest {most}")
        labels["text"] = reader.say(label, words=asked.text, most=i18n.count(search.MATCHING))
    return [Link(label, asked.href(**{name: None})) for name, label in labels.items()]


def _source(asked: Asked, reader: Reader) -> str:
    known = CHANNELS if asked.kind is Kind.PETITION else SOURCES
    label = known.get(asked.source)
    return reader.say(label) if label else asked.source


def _campaign(tx: Work, asked: Asked, reader: Reader) -> str:
    rows: list[Row] = units.campaigns(tx)
    name = next((row["name"] for row in rows if str(row["id"]) == asked.campaign), "")
    return reader.say(N_("of the campaign {name}"), name=name)
