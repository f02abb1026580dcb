"""Leads land: each with its people, its disposal, its outcomes, and its case where it was filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.ledgers.findings import Problem
from app.domain.ledgers.merging import merge_leads
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.rows.leads import LeadRow
from app.repositories.imports import lookups
from app.repositories.imports.lookups import KnownMatter
from app.repositories.imports.rows import (
    CaseLine,
    ClaimLine,
    LeadLine,
    NoteLine,
    OutcomeLine,
)
from app.services.imports import matters
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.doubts import Doubts
from app.services.imports.ground import Ground
from app.services.imports.late import Late
from app.services.imports.matters import Involved, Step, Told
from app.services.imports.places import Place
from app.services.imports.problems import NO_SUCH_STATE, NUMBER_KNOWN

_OWN_CASE = "{number}-立"
_RECOVERED, _RETURNED = "ledger_recovered", "ledger_returned"

# To which state each disposal leads; the procedure says by which of its steps.
_BY_DISPOSAL = {
    "talk_letter": "talk_letter",
    "verification": "verifying",
    "hold": "held",
    "close": "closed",
    "referral": "referred",
}


class LeadsLander:
    """`several` are all rows of one lead."""

    def __init__(self, ground: Ground, desk: Desk) -> None:
        self._ground = ground
        self._desk = desk
        self._doubts = Doubts(ground, desk)
        self._known = ground.known(Kind.LEAD)
        self._cases = ground.known(Kind.CASE)
        self._waiting = {
            number_key(row["lead_number"]): row["id"] for row in lookups.waiting_cases(ground.tx)
        }
        self._late = Late(ground)
        self._events = _Events(ground)

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
    def _merged(group: list[Arrival]) -> LeadRow:
        if len(group) == 1:
            value: LeadRow = group[0].value
            return value
        merged = merge_leads([arrival.value for arrival in group])
        group[-1].said += merged.findings
        return merged.value

    def _place(self, group: list[Arrival], value: LeadRow) -> Place | None:
        """Where the lead belongs, unless something keeps it out."""
        if value.key in self._known:
            self._refuse(group, "number", NUMBER_KNOWN, met=self._known[value.key].id)
            return None
        if not self._ground.has(Kind.LEAD, value.state):
            self._refuse(group, "disposal", NO_SUCH_STATE)
            return None
        posts = [subject.post for subject in value.subjects if subject.post]
        found = self._ground.places.resolve(
            value.township, value.village, value.place, [value.reporting_unit, *posts]
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

    def _write(self, group: list[Arrival], row: LeadRow, place: Place) -> None:
        ground = self._ground
        lead_id = new_id()
        team = ground.team(row.team)
        campaign = ground.campaign(row.campaign, row.campaign_text)
        steps = self._events.of(row)
        told = Told(
            id=lead_id,
            kind=Kind.LEAD,
            number=row.number,
            title=matters.title_of(row.problem, row.report, row.campaign_text, row.number),
            place=place,
            opened_on=row.received_on,
            steps=steps,
            team=(team.id, team.path) if team else None,
            source=row.source,
            campaign_id=campaign,
            effective=row.state == "closed",
        )
        matters.write(ground, told)
        self._write_own(lead_id, row)
        parts = matters.involve(ground, lead_id, row.subjects, place, row.received_on)
        self._write_outcomes(lead_id, row, parts)
        if row.filed_on is not None:
            self._write_case(told, row, place)
        elif row.sanctions:
            matters.write_sanctions(
                ground, lead_id, row.sanctions, parts, _since(row), effective=told.effective
            )
        self._write_claims(lead_id, row, parts)
        self._remember(told)
        for arrival in group:
            arrival.matter_id = lead_id
            self._doubts.of_row(arrival, lead_id, matters.own_parts(arrival, row.subjects, parts))

    def _write_own(self, lead_id: UUID, row: LeadRow) -> None:
        self._ground.landing.put(
            LeadLine(
                lead_id, row.received_on, row.problem or row.campaign_text or row.report, None,
                row.place or None, row.amount.decimal if row.amount else None, row.disposal,
                row.approved_on if row.disposal else None, row.filed_on, row.handler or None,
                row.reviewed, row.report or row.remark or None,
            )
        )  # fmt: skip
        if row.report and row.remark:
            self._ground.landing.put(
                NoteLine(new_id(), lead_id, row.remark, self._ground.actor_id,
                         self._ground.tx.today)
            )  # fmt: skip

    def _write_outcomes(self, lead_id: UUID, row: LeadRow, parts: Sequence[Involved]) -> None:
        matters.write_handlings(self._ground, lead_id, row.handlings, parts, _since(row))
        if row.filed_on is not None and len(parts) == 1:
            measure = "filed" if "filed" in self._ground.profile.measures else None
            self._ground.landing.put(
                OutcomeLine(new_id(), lead_id, parts[0].id, "filed", measure, None, 1,
                            row.filed_on, row.filed_on, None, matters.LEDGER)
            )  # fmt: skip

    def _write_case(self, lead: Told, row: LeadRow, place: Place) -> None:
        """The case of a filed lead: the register's own if that came first, else a new one."""
        ground, filed_on = self._ground, row.filed_on
        if filed_on is None:
            return
        waiting = self._waiting.pop(row.key, None)
        known = self._cases.get(number_key(row.case_number)) if row.case_number else None
        if waiting is not None or known is not None:
            case_id = waiting or (known.id if known else new_id())
            matters.link(ground, "lead_case", lead.id, case_id, filed_on)
            return
        number = row.case_number or _OWN_CASE.format(number=row.number)
        closed = row.case_state == "closed"
        case = Told(
            kind=Kind.CASE,
            number=number,
            title=lead.title,
            place=place,
            opened_on=filed_on,
            steps=self._events.of_case(row, filed_on),
            team=lead.team,
            source=lead.source,
            campaign_id=lead.campaign_id,
            effective=closed,
        )
        matters.write(ground, case)
        self._cases[number_key(number)] = known_as(case)
        ground.landing.put(
            CaseLine(case.id, filed_on, None, None, None, None, True, None, row.closed_on)
        )
        parts = matters.involve(ground, case.id, row.subjects, place, filed_on)
        matters.write_sanctions(
            ground, case.id, row.sanctions, parts, _since(row), effective=closed
        )
        matters.link(ground, "lead_case", lead.id, case.id, filed_on)

    def _write_claims(self, lead_id: UUID, row: LeadRow, parts: Sequence[Involved]) -> None:
        """The ledger's own sums are control totals; they move no money."""
        for kind, amount in ((_RECOVERED, row.recovered), (_RETURNED, row.returned)):
            if amount is not None and amount.fen:
                self._ground.landing.put(ClaimLine(new_id(), lead_id, None, kind, amount.decimal))
        for claim in row.claims:
            part = None if claim.subject is None else parts[claim.subject].id
            self._ground.landing.put(
                ClaimLine(new_id(), lead_id, part, claim.kind, claim.amount.decimal)
            )

    def _remember(self, told: Told) -> None:
        key = number_key(told.number)
        self._known[key] = known = known_as(told)
        self._late.lead(key, known)

    def finish(self) -> None:
        """Money, findings and receipts that waited for these leads find them."""
        self._late.settle()


def known_as(told: Told) -> KnownMatter:
    """A matter that this import wrote, as one that is on record."""
    team_id, team_path = told.team or (None, None)
    return KnownMatter(
        told.id, told.number, told.place.id, told.place.path, told.opened_on,
        told.steps[-1].to_state, told.classification, team_id, team_path, None, None,
    )  # fmt: skip


def _since(row: LeadRow) -> date:
    """From which day outcomes without a date of their own count."""
    return row.outcomes_on or row.closed_on or row.filed_on or row.approved_on or row.received_on


class _Events:
    """The past that a row shows, in the words of the installation's procedure."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        event = matters.event_of
        self._register = event(ground, Kind.LEAD, matters.NEW, "registered", "imported")
        self._file = event(ground, Kind.LEAD, "result_proposed", "filed", "file")
        self._close = event(ground, Kind.LEAD, "notifying", "closed", "close")
        self._dispose = {
            method: self._step(method, state) for method, state in _BY_DISPOSAL.items()
        }

    def _step(self, method: str, state: str) -> tuple[str, str]:
        """(event, role of its approver) for a disposal."""
        for row in self._ground.profile.machine(Kind.LEAD).transitions:
            if row.method == method and "disposal_proposed" in row.from_:
                return row.event, matters.approver_of(self._ground, Kind.LEAD, row.event)
        event = matters.event_of(self._ground, Kind.LEAD, "referral_sent", state, method)
        return event, matters.approver_of(self._ground, Kind.LEAD, event)

    def of(self, row: LeadRow) -> list[Step]:
        steps = [Step(self._register, "registered", row.received_on)]
        if row.disposal is not None:
            steps.append(self._disposal(row, row.disposal))
        if row.filed_on is not None:
            steps.append(Step(self._file, "filed", row.filed_on))
        elif row.state == "closed" and steps[-1].to_state != "closed":
            closed_on = row.closed_on or _since(row)
            steps.append(Step(self._close, "closed", closed_on))
        if row.reviewed:
            steps.append(Step("reviewed", steps[-1].to_state, _since(row)))
        return steps

    def _disposal(self, row: LeadRow, method: str) -> Step:
        event, role = self._dispose[method]
        state = _BY_DISPOSAL[method]
        day = row.approved_on or row.received_on
        if state == "closed" and row.closed_on is not None:
            day = row.closed_on
        return Step(event, state, day, signer=row.approver, role=role, signed_on=row.approved_on)

    def of_case(self, row: LeadRow, filed_on: date) -> list[Step]:
        opened = matters.event_of(self._ground, Kind.CASE, matters.NEW, "filed", "filed_from_lead")
        steps = [Step(opened, "investigating", filed_on)]
        if row.case_state == "closed" and row.closed_on is not None:
            close = matters.event_of(self._ground, Kind.CASE, "executing", "closed", "close")
            steps.append(Step(close, "closed", row.closed_on))
        return steps
