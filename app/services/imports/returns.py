"""What villagers signed for lands: beside the bank's line that paid it, never a second return."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.ledgers.people import Subject
from app.domain.ledgers.rows.returns import ReturnRow
from app.repositories.imports import money
from app.repositories.imports.lookups import KnownMatter
from app.repositories.imports.rows import ReturnLine
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.books import Unpaired, paid
from app.services.imports.doubts import Doubts
from app.services.imports.ground import Ground
from app.services.imports.people import Met
from app.services.imports.problems import LEAD_UNKNOWN, NO_LINE_YET, UNIT_NOT_YOURS


class ReturnsLander:
    def __init__(self, ground: Ground, desk: Desk) -> None:
        self._ground = ground
        self._desk = desk
        self._doubts = Doubts(ground, desk)
        self._leads = ground.known(Kind.LEAD)
        self._unpaired = Unpaired(money.returns_without_signature(ground.tx))
        self._signed: list[tuple[UUID, ReturnRow, UUID | None]] = []

    def land(self, groups: Sequence[list[Arrival]]) -> None:
        ready: list[tuple[Arrival, ReturnRow, KnownMatter | None, UUID | None]] = []
        for arrival in (arrival for group in groups for arrival in group):
            row: ReturnRow = arrival.value
            lead = self._leads.get(row.key)
            if lead is not None and not self._ground.places.covers(lead.unit_path):
                self._desk.say(arrival, "number", UNIT_NOT_YOURS)
                continue
            ready.append((arrival, row, lead, self._home(row, lead)))
        self._ground.people.look_up(
            (_subject(row), home) for _, row, _, home in ready if home is not None
        )
        for arrival, row, lead, home in ready:
            self._write(arrival, row, lead, home)
        self._ground.flush()
        for return_id, row, person_id in self._signed:
            money.sign_return(
                self._ground.tx, return_id, beneficiary_id=person_id, address=row.address or None,
                signed=row.signed, signed_on=row.received_on,
            )  # fmt: skip
        self._signed.clear()

    def _home(self, row: ReturnRow, lead: KnownMatter | None) -> UUID | None:
        """Where the villager lives: as the address says, else where the lead belongs."""
        place = self._ground.places.inside(row.address) if row.address else None
        if place is not None:
            return place.id
        if lead is not None:
            return lead.unit_id
        home = self._ground.places.home
        return home.id if home is not None else None

    def _write(
        self, arrival: Arrival, row: ReturnRow, lead: KnownMatter | None, home: UUID | None
    ) -> None:
        met = self._ground.people.meet(_subject(row), home) if home is not None else None
        self._doubt(arrival, lead, met)
        arrival.matter_id = lead.id if lead else None
        person_id = met.id if met else None
        if row.received_on is not None:
            key = paid(row.key, row.name, row.amount.decimal, row.received_on)
            return_id = self._unpaired.take(key)
            if return_id is not None:
                arrival.target_id = return_id
                self._signed.append((return_id, row, person_id))
                return
        arrival.target_id = new_id()
        self._ground.landing.put(
            ReturnLine(
                arrival.target_id, None, arrival.matter_id, row.key, person_id, row.name,
                row.address or None, row.amount.decimal,
                row.received_on or self._ground.cut_off or self._ground.tx.today, row.signed,
                row.received_on, self._ground.batch_id,
            )
        )  # fmt: skip
        self._desk.say(arrival, "number", NO_LINE_YET if lead else LEAD_UNKNOWN)

    def _doubt(self, arrival: Arrival, lead: KnownMatter | None, met: Met | None) -> None:
        if met is not None and met.others:
            self._doubts.two_names(arrival, lead.id if lead else None, met.id, met.others)

    def finish(self) -> None:
        """Everything was written row by row."""


def _subject(row: ReturnRow) -> Subject:
    return Subject(name=row.name, identity=row.identity)
