"""From what a list was asked for to the filter that finds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from app.domain.asked import Asked, mistaken
from app.domain.deadlines import WorkingCalendar
from app.domain.errors import Gathered, Invalid, NotFound, named_in
from app.domain.kinds import Kind, Stage
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.services import profiles, search, units, worklists
from app.services.worklists import Filter


def wanted(tx: Work, asked: Asked) -> Filter | None:
    """The filter as the list takes it. None where no matter can fit: an unknown place, say."""
    unit = units.find_coded(tx, asked.unit) if asked.unit else None
    campaign = _uuid(asked.campaign)
    if (asked.unit and unit is None) or (asked.campaign and campaign is None):
        return None
    return Filter(
        kind=asked.kind,
        stage=Stage(asked.stage) if asked.stage else None,
        states=(asked.state,) if asked.state else None,
        open={"open": True, "ended": False}.get(asked.open),
        unit=UnitPath(unit["path"]) if unit else None,
        source=asked.source or None,
        campaign_id=campaign,
        holder=tx.actor.account_id if asked.mine else None,
        overdue_on=tx.today if asked.due == "overdue" else None,
        due_by=_due_by(tx, asked.due),
        among=search.matching(tx, asked.text, asked.kind) if asked.text else None,
        doubtful=True if asked.doubtful else None,
    )


def refuse_unknown(tx: Work, kind: Kind, query: Mapping[str, str]) -> None:
    """What an address names has to be there: a list that left it out, or met nothing by it, would
    answer another question than was asked. Raises Invalid."""
    asked = Asked.of(kind, query)
    gathered = Gathered()
    with gathered.part():
        if wrong := mistaken(query):
            raise Invalid(*wrong)
    with gathered.part():
        if asked.unit:
            units.unit_coded_in(tx, asked.unit, field="unit")
    with gathered.part(), named_in("campaign"):
        if asked.campaign:
            units.campaign_in(tx, _known_uuid(asked.campaign), field="campaign")
    with gathered.part():
        worklists.refuse_unknown(tx, kind, state=asked.state, source=asked.source)
    gathered.refuse()


def _known_uuid(text: str) -> UUID:
    """Raises NotFound for what names nothing."""
    found = _uuid(text)
    if found is None:
        raise NotFound
    return found


def _due_by(tx: Work, asked: str) -> date | None:
    if asked == "urgent":
        _, profile = profiles.current(tx)
        calendar = WorkingCalendar(profile.calendar)
        return worklists.working_days_on(calendar, tx.today, profile.thresholds.urgent)
    if asked == "month":
        first = tx.today.replace(day=1)
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
