"""Findings of an inspection land: with their round, their village, and the lead they became."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.ledgers.rows.findings import FindingRow
from app.repositories.imports import lookups
from app.repositories.imports.rows import FindingLine, RoundLine
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.doubts import Doubts
from app.services.imports.ground import Ground
from app.services.imports.places import Place
from app.services.imports.problems import LEAD_UNKNOWN, NO_ROUND_DATES, UNIT_NOT_YOURS


class FindingsLander:
    """A round lasts as long as its teams stay: its dates are those of all rows that name it."""

    def __init__(self, ground: Ground, desk: Desk) -> None:
        self._ground = ground
        self._desk = desk
        self._doubts = Doubts(ground, desk)
        self._leads = ground.known(Kind.LEAD)

    def land(self, groups: Sequence[list[Arrival]]) -> None:
        ready: list[tuple[Arrival, Place]] = []
        for arrival in (arrival for group in groups for arrival in group):
            place = self._village(arrival)
            if place is not None:
                ready.append((arrival, place))
        rounds = self._rounds([arrival for arrival, _ in ready])
        for arrival, place in ready:
            self._write(arrival, place, rounds[arrival.value.round])

    def _village(self, arrival: Arrival) -> Place | None:
        row: FindingRow = arrival.value
        found = self._ground.places.resolve(row.township, row.village, "", [row.problem])
        if found.problem is not None:
            self._desk.say(arrival, found.field, found.problem)
        lead = self._leads.get(row.key)
        if lead is not None and not self._ground.places.covers(lead.unit_path):
            self._desk.say(arrival, "number", UNIT_NOT_YOURS)
            return None
        return found.place

    def _rounds(self, arrivals: Sequence[Arrival]) -> dict[str, UUID]:
        """By the name in the ledger. A known round of that name is the same if the days meet."""
        known = {row["name"]: row for row in lookups.rounds(self._ground.tx)}
        by_name: dict[str, list[Arrival]] = defaultdict(list)
        for arrival in arrivals:
            by_name[arrival.value.round].append(arrival)
        found: dict[str, UUID] = {}
        for name, own in by_name.items():
            begins_on, ends_on = self._dates(own)
            called, same = name or f"{begins_on:%Y}", None
            for candidate in (called, f"{called}（{begins_on:%Y}）", f"{called}（{begins_on}）"):
                called, same = candidate, known.get(candidate)
                if same is None or (same["begins_on"] <= ends_on and begins_on <= same["ends_on"]):
                    break
            if same is None:
                found[name] = new_id()
                self._ground.landing.put(RoundLine(found[name], called, begins_on, ends_on))
            else:
                found[name] = same["id"]
        return found

    def _dates(self, arrivals: Sequence[Arrival]) -> tuple[date, date]:
        rows: list[FindingRow] = [arrival.value for arrival in arrivals]
        begins_on = min((row.arrived_on for row in rows if row.arrived_on), default=None)
        ends_on = max((row.left_on for row in rows if row.left_on), default=None)
        if begins_on is None or ends_on is None:
            self._desk.say(arrivals[0], "arrived_on", NO_ROUND_DATES)
        days = [row.found_on for row in rows]
        begins_on, ends_on = begins_on or min(days), ends_on or max(days)
        return begins_on, max(begins_on, ends_on)

    def _write(self, arrival: Arrival, place: Place, round_id: UUID) -> None:
        row: FindingRow = arrival.value
        lead = self._leads.get(row.key)
        arrival.matter_id = lead.id if lead else None
        arrival.target_id = new_id()
        if lead is None:
            self._desk.say(arrival, "number", LEAD_UNKNOWN)
        self._ground.landing.put(
            FindingLine(
                arrival.target_id, round_id, row.team, place.id, arrival.matter_id, row.key,
                row.problem, row.found_on, self._ground.batch_id,
            )
        )  # fmt: skip
        self._doubts.of_row(arrival, arrival.matter_id, subject_id=arrival.target_id)

    def finish(self) -> None:
        self._ground.flush()
        lookups.name_rounds(self._ground.tx)
