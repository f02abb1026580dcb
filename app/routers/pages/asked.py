"""What a list was asked for: read from its address, put back into one, and said as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from app.core import i18n
from app.core.db import Row
from app.domain import asked as asked_for
from app.domain.asked import DUE, OPEN
from app.domain.errors import N_
from app.domain.kinds import Kind, Stage
from app.domain.sources import CHANNELS, SOURCES
from app.repositories.work import Work
from app.routers.pages.present import ADDRESSES, Reader
from app.routers.parts import Choice, Filter, Link
from app.routers.templating import STAGE_NAMES
from app.services import search, units, worklists


class Asked(asked_for.Asked):
    """The same with the address that asks for it."""

    def href(self, **changed: str | None) -> str:
        held = {**self.chosen(), **changed}
        query = urlencode({name: value for name, value in held.items() if value})
        return f"{ADDRESSES[self.kind]}?{query}" if query else ADDRESSES[self.kind]


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


# What the bar has no field for, as people call it.
NAMED: Mapping[str, str] = {
    "source": N_("Source"),
    "mine": N_("handled by me"),
    "doubtful": N_("with ledger doubts"),
    "sort": N_("Order"),
    "cursor": N_("Page"),
}


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
