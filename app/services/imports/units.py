"""Units land: parents before children, however the file orders them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from app.core.ids import new_id
from app.domain.ledgers.findings import Problem
from app.domain.ledgers.rows.units import UnitRow
from app.domain.ledgers.texts import squash
from app.domain.units import UnitKind, UnitPath, label_of
from app.repositories import installation
from app.repositories import units as unit_rows
from app.repositories.imports import lookups
from app.repositories.imports.rows import UnitLine
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.ground import Ground
from app.services.imports.places import Place
from app.services.imports.problems import (
    PARENT_AMBIGUOUS,
    PARENT_UNKNOWN,
    UNIT_KNOWN,
    UNIT_NOT_YOURS,
)

_LETTERS = {
    UnitKind.DISTRICT: "X",
    UnitKind.TOWNSHIP: "T",
    UnitKind.SUBDISTRICT: "S",
    UnitKind.VILLAGE: "V",
    UnitKind.DEPARTMENT: "D",
    UnitKind.OFFICE: "O",
    UnitKind.TEAM: "J",
}


class UnitsLander:
    """Takes the whole file at once."""

    def __init__(self, ground: Ground, desk: Desk) -> None:
        self._ground = ground
        self._desk = desk
        self._known = {row["id"]: row for row in lookups.units(ground.tx)}
        self._counts: dict[str, int] = defaultdict(int)

    def land(self, groups: Sequence[list[Arrival]]) -> None:
        waiting = [arrival for group in groups for arrival in group]
        names = _Names(waiting)
        while waiting:
            later = [a for a in waiting if not self._take(a, names)]
            if len(later) == len(waiting):
                for arrival in later:
                    self._desk.say(arrival, "parent", PARENT_UNKNOWN)
                break
            waiting = later
        self._ground.flush()
        self._name_installation()

    def _take(self, arrival: Arrival, names: _Names) -> bool:
        """False while the unit above has yet to be taken."""
        row: UnitRow = arrival.value
        places = self._ground.places
        parent: Place | None = None
        if row.kind is not UnitKind.DISTRICT:
            parent = self._parent(arrival, row)
            if parent is None and not arrival.rejected:
                if names.has(row.parent):
                    return False
                self._desk.say(arrival, "parent", PARENT_UNKNOWN)
            if parent is None:
                return True
        known = places.coded(row.code) if row.code else self._namesake(row, parent)
        if known is not None:
            self._compare(arrival, row, known, parent)
            return True
        code = row.code or self._code(row, parent)
        path = UnitPath(label_of(code, None))
        if parent is not None:
            path = UnitPath(parent.path).child(label_of(code, parent.code))
        if not places.covers(path.value):
            self._desk.say(arrival, "parent", UNIT_NOT_YOURS)
            return True
        unit = Place(new_id(), code, row.name, row.kind, path.value)
        places.add(unit)
        arrival.target_id = unit.id
        self._ground.landing.put(
            UnitLine(
                unit.id, code, row.name, row.kind.value, parent.id if parent else None,
                path.value, row.reporting, row.poor_village and row.kind is UnitKind.VILLAGE,
            )
        )  # fmt: skip
        return True

    def _parent(self, arrival: Arrival, row: UnitRow) -> Place | None:
        """By code, else by name; what names none stands below the only district."""
        places = self._ground.places
        if not row.parent:
            if len(places.districts) == 1:
                return places.districts[0]
            self._desk.say(arrival, "parent", PARENT_UNKNOWN)
            return None
        coded = places.coded(row.parent)
        if coded is not None:
            return coded
        named = [p for p in places.named(row.parent) if squash(p.name) == squash(row.parent)]
        if len(named) > 1:
            self._desk.say(arrival, "parent", PARENT_AMBIGUOUS)
            return None
        return named[0] if named else None

    def _namesake(self, row: UnitRow, parent: Place | None) -> Place | None:
        """A unit without a code is known by its name below the same parent."""
        found = [
            p
            for p in self._ground.places.named(row.name)
            if squash(p.name) == squash(row.name)
            and (parent is None or p.path.rpartition(".")[0] == parent.path)
        ]
        return found[0] if found else None

    def _compare(self, arrival: Arrival, row: UnitRow, known: Place, parent: Place | None) -> None:
        """The same unit again changes nothing; another one under its code is reported."""
        present = self._known.get(known.id)
        arrival.target_id = known.id
        same = (
            squash(known.name) == squash(row.name)
            and known.kind is row.kind
            and (parent is None or known.path.rpartition(".")[0] == parent.path)
        )
        if present is not None:
            same = same and (present["reporting"], present["poor_village"]) == (
                row.reporting, row.poor_village and row.kind is UnitKind.VILLAGE
            )  # fmt: skip
        if same:
            arrival.known = True
        else:
            self._refuse(arrival, UNIT_KNOWN)

    def _refuse(self, arrival: Arrival, problem: Problem) -> None:
        self._desk.say(arrival, "code", problem)

    def _code(self, row: UnitRow, parent: Place | None) -> str:
        """One of our own, where the office gives none."""
        while True:
            stem = f"{parent.code}-" if parent else ""
            letter = _LETTERS[row.kind]
            self._counts[stem + letter] += 1
            code = f"{stem}{letter}{self._counts[stem + letter]:02d}"
            if self._ground.places.coded(code) is None:
                return code

    def _name_installation(self) -> None:
        """The first district is the installation's."""
        districts = self._ground.places.districts
        if districts and not unit_rows.has_district(self._ground.tx):
            installation.name_installation(
                self._ground.tx, district_id=districts[0].id, body_name=None, body_name_en=None
            )

    def finish(self) -> None:
        """Everything was written at once."""


class _Names:
    """Codes and names of the file's own rows, by which a parent may yet come."""

    def __init__(self, arrivals: Sequence[Arrival]) -> None:
        self._names = {squash(a.value.name) for a in arrivals}
        self._codes = {a.value.code.upper() for a in arrivals if a.value.code}

    def has(self, parent: str) -> bool:
        return parent.upper() in self._codes or squash(parent) in self._names
