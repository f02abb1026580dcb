"""Petitions land. Who reported is sealed before it touches the database, and is nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.ledgers.identity import IdentityNumber, read_identity
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.rows.petitions import PetitionRow, SealedReporter
from app.repositories.imports.rows import NoteLine, PetitionLine, ReporterLine
from app.services.imports import matters
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.doubts import Doubts
from app.services.imports.ground import Ground
from app.services.imports.leads import known_as
from app.services.imports.matters import Step, Told
from app.services.imports.places import Place
from app.services.imports.problems import NO_SUCH_STATE, NUMBER_KNOWN, REPEAT_UNKNOWN
from app.services.petitions import Reporter, sealed_reporter, tie_numbered

# From which state the procedure leads to each; its word for the step is looked up there.
_FROM = {
    "accepted": "registered",
    "handed_over": "accepted",
    "closed": "concluded",
    "repeat_filed": "registered",
    "forwarded": "forward_sent",
    "not_accepted": "registered",
}


class PetitionsLander:
    def __init__(self, ground: Ground, desk: Desk) -> None:
        self._ground = ground
        self._desk = desk
        self._doubts = Doubts(ground, desk)
        self._known = ground.known(Kind.PETITION)
        self._register = matters.event_of(
            ground, Kind.PETITION, "received", "registered", "register"
        )
        self._repeats: list[tuple[Arrival, UUID, str, date]] = []
        self._numbered: list[tuple[UUID, str]] = []

    def land(self, groups: Sequence[list[Arrival]]) -> None:
        ready = [
            (arrival, place)
            for group in groups
            for arrival in group
            for place in [self._place(arrival)]
            if place is not None
        ]
        self._ground.people.look_up(
            (subject, place.id) for arrival, place in ready for subject in arrival.value.subjects
        )
        for arrival, place in ready:
            self._write(arrival, place)

    def _place(self, arrival: Arrival) -> Place | None:
        row: PetitionRow = arrival.value
        if row.key in self._known:
            arrival.met = self._known[row.key].id
            self._desk.say(arrival, "number", NUMBER_KNOWN)
            return None
        if not self._ground.has(Kind.PETITION, row.state):
            self._desk.say(arrival, "result", NO_SUCH_STATE)
            return None
        posts = [subject.post for subject in row.subjects if subject.post]
        found = self._ground.places.resolve(row.township, row.village, row.place, posts)
        if found.problem is not None:
            self._desk.say(arrival, found.field, found.problem)
        return found.place

    def _write(self, arrival: Arrival, place: Place) -> None:
        row: PetitionRow = arrival.value
        ground = self._ground
        unit = ground.places.team(row.handling_unit) if row.handling_unit else None
        told = Told(
            kind=Kind.PETITION,
            number=row.number,
            title=matters.title_of(row.content, row.number),
            place=place,
            opened_on=row.received_on,
            steps=self._steps(row),
            team=(unit.id, unit.path) if unit else None,
            source=row.channel,
            leader=row.leader or None,
            campaign_id=ground.campaign(row.campaign, row.campaign_text),
        )
        matters.write(ground, told)
        ground.landing.put(
            PetitionLine(
                told.id, row.received_on, row.channel, row.petition_class, row.named,
                row.place or None, row.content, True,
                row.handling_unit if row.state == "forwarded" else None,
            )
        )  # fmt: skip
        if row.reporter:
            self._seal(told.id, row.reporter)
        if row.remark:
            ground.landing.put(
                NoteLine(new_id(), told.id, row.remark, ground.actor_id, ground.tx.today)
            )
        parts = matters.involve(ground, told.id, row.subjects, place, row.received_on)
        self._known[row.key] = known_as(told)
        arrival.matter_id = told.id
        if row.repeat_of:
            self._repeats.append((arrival, told.id, row.repeat_of, row.received_on))
        self._doubts.of_row(arrival, told.id, parts)

    def _steps(self, row: PetitionRow) -> list[Step]:
        steps = [Step(self._register, "registered", row.received_on)]
        if row.state != "registered":
            came_from = _FROM.get(row.state, "registered")
            event = matters.event_of(self._ground, Kind.PETITION, came_from, row.state, row.state)
            day = row.closed_on or self._ground.cut_off or row.received_on
            if row.state == "repeat_filed":
                day = row.received_on
            steps.append(Step(event, row.state, max(day, row.received_on)))
        return steps

    def _seal(self, petition_id: UUID, reporter: SealedReporter) -> None:
        contact = "；".join(
            text for text in (reporter.contact, reporter.address, reporter.identity) if text
        )
        identity = read_identity(reporter.identity)
        if isinstance(identity, IdentityNumber):
            self._numbered.append((petition_id, identity.value))
        known = Reporter(name=reporter.name, contact=contact or None)
        envelope = sealed_reporter(self._ground.tx.keys, petition_id, known)
        self._ground.landing.put(
            ReporterLine(petition_id, envelope.key_id, envelope.wrapped, envelope.sealed)
        )

    def finish(self) -> None:
        """A repeat names the earlier petition, which may stand below it in the ledger."""
        for arrival, petition_id, number, day in self._repeats:
            earlier = self._known.get(number_key(number))
            alone = earlier is None or earlier.id == petition_id
            if alone or (earlier is not None and earlier.id in self._ground.hidden):
                self._desk.say(arrival, "repeat", REPEAT_UNKNOWN)
            if earlier is not None and not alone:
                matters.link(self._ground, "repeat_of", petition_id, earlier.id, day)
        self._repeats.clear()
        # A reporter who works here is walled off; their number is kept nowhere but sealed.
        self._ground.flush()
        for petition_id, number in self._numbered:
            tie_numbered(self._ground.tx, petition_id, number)
        self._numbered.clear()
