"""Cases of the standard register land: with their people, sanctions and amounts by kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.ledgers.findings import Problem
from app.domain.ledgers.merging import CASE_STATES, merge_cases
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.rows.cases import CaseRow
from app.repositories.imports import lookups
from app.repositories.imports.rows import CaseLine, ClaimLine, NoteLine
from app.services.imports import matters
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.doubts import Doubts
from app.services.imports.ground import Ground
from app.services.imports.leads import known_as
from app.services.imports.matters import Step, Told
from app.services.imports.places import Place
from app.services.imports.problems import (
    CASE_OF_LEAD_KNOWN,
    LEAD_UNKNOWN,
    NO_SUCH_STATE,
    NUMBER_KNOWN,
)


class CasesLander:
    """A group is all rows of one case."""

    def __init__(self, ground: Ground, desk: Desk) -> None:
        self._ground = ground
        self._desk = desk
        self._doubts = Doubts(ground, desk)
        self._known = ground.known(Kind.CASE)
        self._leads = ground.known(Kind.LEAD)
        self._with_case = lookups.cases_of_leads(ground.tx)
        event = matters.event_of
        self._file = event(ground, Kind.CASE, "filing_proposed", "filed", "file")
        self._accept = event(ground, Kind.CASE, "reported", "adjudicating", "accept_file")
        self._decide = event(ground, Kind.CASE, "deliberating", "decided", "decide")
        self._close = event(ground, Kind.CASE, "executing", "closed", "close")

    def land(self, groups: Sequence[list[Arrival]]) -> None:
        ready = [
            (group, value, place)
            for group in groups
            for value in [self._merged(group)]
            for place in [self._place(group, value)]
            if place is not None
        ]
        self._ground.people.look_up(
            (subject, place.id) for _, value, place in ready for subject in value.subjects
        )
        for group, value, place in ready:
            self._write(group, value, place)

    @staticmethod
    def _merged(group: list[Arrival]) -> CaseRow:
        if len(group) == 1:
            value: CaseRow = group[0].value
            return value
        merged = merge_cases([arrival.value for arrival in group])
        group[-1].said += merged.findings
        return merged.value

    def _place(self, group: list[Arrival], value: CaseRow) -> Place | None:
        if value.key in self._known:
            self._refuse(group, "number", NUMBER_KNOWN, met=self._known[value.key].id)
            return None
        if not self._ground.has(Kind.CASE, value.state):
            self._refuse(group, "closed_on", NO_SUCH_STATE)
            return None
        lead = self._leads.get(number_key(value.lead_number)) if value.lead_number else None
        if lead is not None and lead.id in self._with_case:
            brought = self._known.get(number_key(self._with_case[lead.id]))
            met = brought.id if brought else lead.id
            self._refuse(group, "lead_number", CASE_OF_LEAD_KNOWN, met=met)
            return None
        places = lead is not None and lead.id not in self._ground.hidden
        if lead is not None and places and not (value.township or value.village):
            return Place.of_matter(lead.unit_id, lead.unit_path)
        posts = [subject.post for subject in value.subjects if subject.post]
        found = self._ground.places.resolve(
            value.township, value.village, "", [value.reporting_unit, *posts]
        )
        if found.problem is not None:
            self._refuse(group, found.field, found.problem)
        return found.place

    def _refuse(
        self, group: list[Arrival], field: str, problem: Problem, met: UUID | None = None
    ) -> None:
        for arrival in group:
            arrival.met = met
            self._desk.say(arrival, field, problem)

    def _write(self, group: list[Arrival], row: CaseRow, place: Place) -> None:
        ground = self._ground
        lead = self._leads.get(number_key(row.lead_number)) if row.lead_number else None
        told = Told(
            kind=Kind.CASE,
            number=row.number,
            title=matters.title_of(row.brief, row.campaign_text, row.number),
            place=place,
            opened_on=row.filed_on,
            steps=self._steps(row, waits=bool(row.lead_number) and lead is None),
            campaign_id=ground.campaign(row.campaign, row.campaign_text),
            classification=lead.classification if lead else 0,
            effective=row.state == "closed",
        )
        matters.write(ground, told)
        organs = "、".join(dict.fromkeys(o for o in (row.party_organ, row.supervisory_organ) if o))
        ground.landing.put(
            CaseLine(
                told.id, row.filed_on, row.party_filed_on, row.supervisory_filed_on,
                organs or None, row.brief or None, bool(row.lead_number),
                row.adjudicated_on if row.sanctions else None, row.closed_on,
            )
        )  # fmt: skip
        if row.remark:
            ground.landing.put(
                NoteLine(new_id(), told.id, row.remark, ground.actor_id, ground.tx.today)
            )
        parts = matters.involve(ground, told.id, row.subjects, place, row.filed_on)
        since = row.outcomes_on or row.filed_on
        matters.write_sanctions(
            ground, told.id, row.sanctions, parts, since, effective=told.effective
        )
        matters.write_handlings(ground, told.id, row.handlings, parts, since)
        for claim in row.claims:
            part = None if claim.subject is None else parts[claim.subject].id
            ground.landing.put(ClaimLine(new_id(), told.id, part, claim.kind, claim.amount.decimal))
        self._known[row.key] = known_as(told)
        if lead is not None:
            matters.link(ground, "lead_case", lead.id, told.id, row.filed_on)
            self._with_case[lead.id] = row.number
        for arrival in group:
            arrival.matter_id = told.id
            if row.lead_number and (lead is None or lead.id in ground.hidden):
                self._desk.say(arrival, "lead_number", LEAD_UNKNOWN)
            self._doubts.of_row(arrival, told.id, matters.own_parts(arrival, row.subjects, parts))

    def _steps(self, row: CaseRow, *, waits: bool) -> list[Step]:
        form = {"lead_number": row.lead_number} if waits else {}
        steps = [Step(self._file, "investigating", row.filed_on, form=form)]
        reached: list[tuple[str, str, date | None]] = [
            (self._accept, "adjudicating", row.adjudication_accepted_on or row.adjudicated_on),
            (self._decide, "decided", row.adjudicated_on if row.sanctions else None),
            (self._close, "closed", row.closed_on),
        ]
        # Of several people some may be further than the case is.
        last = CASE_STATES.index(row.state)
        steps += [
            Step(event, state, day)
            for event, state, day in reached
            if day is not None and CASE_STATES.index(state) <= last
        ]
        return steps

    def finish(self) -> None:
        """Everything was written case by case."""
