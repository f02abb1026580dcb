"""Rows taken as written though they contradict a rule: noted with the rule and what contradicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.core.ids import new_id
from app.repositories.imports.batches import as_json
from app.repositories.imports.rows import DoubtLine
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.ground import Ground
from app.services.imports.matters import Involved
from app.services.imports.problems import TWO_NAMES

UNDER_TWO_NAMES = "identity_under_two_names"


class Doubts:
    """Writes doubts; each person under two names is doubted once an import."""

    def __init__(self, ground: Ground, desk: Desk) -> None:
        self._ground = ground
        self._desk = desk
        self._doubted: set[UUID] = set()

    def of_row(
        self,
        arrival: Arrival,
        matter_id: UUID | None,
        parts: Sequence[Involved] = (),
        subject_id: UUID | None = None,
    ) -> None:
        """What the ledger's own row contradicts. `parts` are those of the row's people."""
        for doubt in arrival.judged.doubts:
            met = parts[doubt.subject].met if doubt.subject is not None and parts else None
            self._note(
                doubt.rule, arrival, matter_id, met.id if met else None, subject_id, doubt.values
            )
        for part in parts:
            if part.met is not None and part.met.others:
                self.two_names(arrival, matter_id, part.met.id, part.met.others)

    def two_names(
        self, arrival: Arrival, matter_id: UUID | None, person_id: UUID, others: Sequence[UUID]
    ) -> None:
        """One identity number under two names is two persons, both doubtful."""
        self._desk.say(arrival, "identity", TWO_NAMES)
        for doubted in (person_id, *others):
            if doubted not in self._doubted:
                self._doubted.add(doubted)
                self._note(UNDER_TWO_NAMES, arrival, matter_id, doubted, None, {})

    def _note(
        self,
        rule: str,
        arrival: Arrival,
        matter_id: UUID | None,
        person_id: UUID | None,
        subject_id: UUID | None,
        values: Mapping[str, str],
    ) -> None:
        self._ground.landing.put(
            DoubtLine(
                new_id(), rule, self._ground.batch_id, arrival.judged.source.number, matter_id,
                person_id, subject_id, as_json(dict(values)),
            )
        )  # fmt: skip
