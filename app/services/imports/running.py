"""One import from the first row to the last: known rows are skipped, the others land or wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.ledgers.families import Family
from app.domain.ledgers.numbers import Citations
from app.repositories.imports import lookups
from app.repositories.imports.rows import RowLine
from app.repositories.work import Work
from app.services.imports.arrivals import Arrival, Desk, Gathering, Hashes, tell_apart
from app.services.imports.bank import BankLander
from app.services.imports.cases import CasesLander
from app.services.imports.findings import FindingsLander
from app.services.imports.ground import Ground
from app.services.imports.leads import LeadsLander
from app.services.imports.petitions import PetitionsLander
from app.services.imports.problems import GROUP_REJECTED, NUMBER_TWICE, ROW_TWICE
from app.services.imports.report import Report
from app.services.imports.returns import ReturnsLander
from app.services.imports.sources import Opened, Source, open_source, reading_files
from app.services.imports.units import UnitsLander

CHUNK = 4000
# Their rows need each other: all of them land at once.
_AT_ONCE = frozenset({Family.UNITS, Family.FINDINGS})
_LOOK_ALIKE = frozenset({Family.LEADS, Family.PETITIONS})
_TELL_OF_MONEY = frozenset({Family.LEADS, Family.BANK, Family.RETURNS})

Progress = Callable[[int, float | None], None]
"""Told how many rows were taken, and which share of the file was read where that is known."""


class Lander(Protocol):
    """What a family does with its rows. Each group is one matter; none of its rows is rejected or
    known so far. `finish` comes after the last group was written."""

    def land(self, groups: Sequence[list[Arrival]]) -> None: ...
    def finish(self) -> None: ...


def _lander(ground: Ground, desk: Desk, opened: Opened) -> Lander:
    match ground.family:
        case Family.UNITS:
            return UnitsLander(ground, desk)
        case Family.PETITIONS:
            return PetitionsLander(ground, desk)
        case Family.LEADS:
            return LeadsLander(ground, desk)
        case Family.CASES:
            return CasesLander(ground, desk)
        case Family.FINDINGS:
            return FindingsLander(ground, desk)
        case Family.BANK:
            return BankLander(ground, desk, opened.reading)
        case Family.RETURNS:
            return ReturnsLander(ground, desk)


def run(
    tx: Work,
    source: Source,
    family: Family,
    batch_id: UUID,
    heading_map: Mapping[str, str],
    *,
    trial: bool,
    keep_rejected: bool = False,
    may_lack: bool = False,
    progress: Progress | None = None,
) -> tuple[Report, Opened]:
    """Import a file in the open batch. Raises what makes the file unreadable or unknown.

    Where a column that must be there is missing, there is nothing to judge rows by: with
    `may_lack` the report then only says how the columns were read, else that is Invalid.
    """
    lookups.take_turn(tx)
    ground = Ground.of(tx, batch_id, family, trial=trial)
    citations = None
    if family is Family.BANK:
        citations = Citations(known.number for known in ground.known(Kind.LEAD).values())
    opened = open_source(
        source, family, today=tx.today, heading_map=heading_map, citations=citations
    )
    ground.read(opened.reading)
    report = Report(family.value, source.name, trial, hidden=ground.hidden)
    report.same_file_at = lookups.file_imported_at(tx, source.digest())
    if may_lack and any(plan.mapping.missing for plan in opened.reading.plans):
        report.describe(opened.reading)
        return report, opened
    with reading_files():
        _Run(ground, opened, report, keep_rejected, progress).go()
    return report, opened


class _Run:
    def __init__(
        self,
        ground: Ground,
        opened: Opened,
        report: Report,
        keep_rejected: bool,
        progress: Progress | None,
    ) -> None:
        self._ground = ground
        self._opened = opened
        self._reading = opened.reading
        self._report = report
        self._keep = keep_rejected
        self._progress = progress
        self._desk = Desk(opened.reading)
        self._lander = _lander(ground, self._desk, opened)
        context = opened.reading.header.account_number if ground.family is Family.BANK else ""
        self._hashes = Hashes(ground.family, context)
        self._gathering = Gathering(opened.reading)
        self._left: list[Arrival] = []

    def go(self) -> None:
        chunk: list[Arrival] = []
        at_once = self._ground.family in _AT_ONCE
        for judged in self._reading.rows():
            row_hash, before = self._hashes.of(judged)
            arrival = Arrival(judged, row_hash, known=before)
            if before:
                self._desk.say(arrival, "number", ROW_TWICE)
            chunk.append(arrival)
            if len(chunk) >= CHUNK and not at_once:
                self._take(chunk)
                chunk = []
        self._take(chunk)
        for group in self._gathering.rest():
            self._land([group])
        self._lander.finish()
        self._settle()
        self._ground.flush()
        self._look_over()
        self._report.conclude(self._reading)
        self._tell()

    def _take(self, chunk: list[Arrival]) -> None:
        hashes = [arrival.row_hash for arrival in chunk if not arrival.rejected]
        known = lookups.known_rows(self._ground.tx, self._ground.family.value, hashes)
        groups: list[list[Arrival]] = []
        for arrival in chunk:
            arrival.known = arrival.known or arrival.row_hash in known
            group = self._gathering.take(self._desk.number(arrival.judged), arrival)
            if group is not None:
                groups.append(group)
        self._land(groups)
        self._ground.flush()
        self._tell()

    def _land(self, groups: Sequence[list[Arrival]]) -> None:
        """Known rows are passed over; a matter with a rejected row waits as a whole."""
        ready: list[list[Arrival]] = []
        for group in groups:
            fresh = [arrival for arrival in group if not arrival.known]
            if any(arrival.rejected for arrival in fresh):
                for arrival in fresh:
                    if not arrival.rejected:
                        self._desk.say(arrival, "number", GROUP_REJECTED)
            elif fresh:
                same, *others = tell_apart(fresh) if len(fresh) > 1 else [fresh]
                ready.append(same)
                for arrival in (arrival for other in others for arrival in other):
                    self._desk.say(arrival, "number", NUMBER_TWICE)
        if ready:
            self._lander.land(ready)
        self._left += [arrival for group in groups for arrival in group]
        if self._ground.family is not Family.PETITIONS:
            self._settle()

    def _settle(self) -> None:
        """Rows whose fate is known: counted, and marked so that they are never taken twice."""
        for arrival in self._left:
            self._report.take(arrival, keep=self._keep)
            if not arrival.rejected and not arrival.known:
                source = arrival.judged.source
                self._ground.landing.put(
                    RowLine(
                        new_id(), self._ground.batch_id, self._ground.family.value, source.sheet,
                        source.number, arrival.row_hash, arrival.matter_id, arrival.target_id,
                    )
                )  # fmt: skip
        self._left.clear()

    def _look_over(self) -> None:
        """What only the whole shows: repeats, and what the money contradicts."""
        tx, batch_id = self._ground.tx, self._ground.batch_id
        if self._ground.family in _LOOK_ALIKE and self._report.accepted + self._report.warned:
            lookups.note_repeats(tx, batch_id)
            self._report.add_repeats(lookups.repeats_found(tx, batch_id))
        if self._ground.family in _TELL_OF_MONEY:
            lookups.note_doubts(tx, batch_id)
        self._report.add_doubts(lookups.doubts_found(tx, batch_id))

    def _tell(self) -> None:
        if self._progress is not None:
            share = self._opened.progress
            self._progress(self._report.rows + len(self._left), share() if share else None)
