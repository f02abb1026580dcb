"""The cohort that an address or a body asks for, for the API and the pages alike."""

from __future__ import annotations

from app.domain.errors import N_, Gathered, Invalid
from app.domain.totals import NO_CAMPAIGN, Cohort
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.schemas.totals import CohortAsked
from app.services import totals, units


def cohort_of(tx: Work, asked: CohortAsked) -> Cohort:
    """Raises Invalid for all that it names and that isn't there."""
    gathered, place = Gathered(), None
    with gathered.part():
        if asked.campaign_id and asked.campaign_id != NO_CAMPAIGN:
            units.campaign_in(tx, asked.campaign_id, field="campaign_id")
    with gathered.part():
        place = units.unit_coded_in(tx, asked.unit, field="unit") if asked.unit else None
    with gathered.part():
        if asked.alone and not asked.unit:
            raise Invalid.of("alone", N_("Name the unit as well."))
    cohort = Cohort(
        as_of=asked.as_of or tx.today,
        known_on=asked.known_on,
        unit=UnitPath(place["path"]) if place else None,
        alone=asked.alone,
        campaign_id=asked.campaign_id,
        source=asked.source,
        leader=asked.leader,
        since=asked.since,
        until=asked.until,
        stage=asked.stage,
        method=asked.method,
        outcome=asked.outcome,
    )
    with gathered.part():
        totals.refuse_unknown(tx, cohort)
    gathered.refuse()
    return cohort
