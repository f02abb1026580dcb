"""Who a ledger means: by identity number, else by name and unit, presumed to be the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from app.core.crypto import blind_index, seal
from app.core.ids import new_id
from app.core.keys import Keys
from app.domain import name_keys
from app.domain.ledgers.people import Membership, Standing, Subject
from app.domain.name_order import by_pinyin, by_strokes
from app.repositories.imports import lookups
from app.repositories.imports.landing import Landing
from app.repositories.imports.lookups import NOTHING_TOLD, KnownPerson, Particulars
from app.repositories.imports.rows import OrganisationLine, PersonKeyLine, PersonLine
from app.repositories.work import Work

_MEMBER = {Membership.MEMBER: True, Membership.NOT_MEMBER: False}
_EMPLOYED = {Standing.PUBLIC: True, Standing.VILLAGE: False}


@dataclass(slots=True)
class _Person:
    id: UUID
    name: str
    index: bytes | None
    presumed: bool


@dataclass(frozen=True, slots=True)
class Met:
    """The person that a subject is. `others` have the same identity number under other names."""

    id: UUID
    others: tuple[UUID, ...] = ()


def _told_by(subject: Subject) -> Particulars:
    """An identity number tells sex and birthday itself: they are not kept twice."""
    by_number = subject.identity is not None
    return Particulars(
        male=None if by_number else subject.male,
        born=None if by_number else subject.born or None,
        ethnicity=subject.ethnicity or None,
        joined_party=subject.joined_party or None,
        education=subject.education or None,
    )


@dataclass
class People:
    """The registers of persons and organisations, as far as this ledger touches them."""

    tx: Work
    landing: Landing
    _numbered: dict[bytes, list[_Person]] = field(default_factory=lambda: defaultdict(list))
    _named: dict[tuple[str, UUID], list[_Person]] = field(default_factory=lambda: defaultdict(list))
    _asked: set[tuple[str, UUID] | bytes] = field(default_factory=set)
    _indexes: dict[str, bytes] = field(default_factory=dict)
    _organisations: dict[tuple[str, UUID], UUID] = field(default_factory=dict)
    _asked_organisations: set[str] = field(default_factory=set)
    _numbers_given: list[tuple[UUID, bytes, bytes]] = field(default_factory=list)
    _presumed: list[UUID] = field(default_factory=list)
    _fresh: dict[UUID, PersonLine] = field(default_factory=dict)
    _told: dict[UUID, Particulars] = field(default_factory=dict)

    def look_up(self, subjects: Iterable[tuple[Subject, UUID]]) -> None:
        """Ask for all of these at once: those of the register that may be meant."""
        indexes: set[bytes] = set()
        named: set[tuple[str, UUID]] = set()
        organisations: set[str] = set()
        for subject, unit_id in subjects:
            if subject.organisation:
                organisations.add(subject.name)
                continue
            if subject.identity is not None:
                indexes.add(self._index(subject.identity.value))
            named.add((subject.name, unit_id))
        indexes -= self._asked
        named -= self._asked
        if indexes or named:
            for person in lookups.persons(self.tx, list(indexes), list(named)):
                self._remember(person)
            self._asked |= indexes | named
        self._look_up_organisations(organisations - self._asked_organisations)

    def _look_up_organisations(self, names: set[str]) -> None:
        if names:
            for row in lookups.organisations(self.tx, list(names)):
                self._organisations.setdefault((row["name"], row["unit_id"]), row["id"])
            self._asked_organisations |= names

    def _remember(self, known: KnownPerson) -> None:
        person = _Person(known.id, known.name, known.id_index, known.presumed)
        lists: list[list[_Person]] = []
        if known.id_index is not None:
            lists.append(self._numbered[bytes(known.id_index)])
        if known.unit_id is not None:
            lists.append(self._named[(known.name, known.unit_id)])
        same = next((p for each in lists for p in each if p.id == person.id), person)
        for each in lists:
            if same not in each:
                each.append(same)

    def meet(self, subject: Subject, unit_id: UUID) -> Met:
        """The person of a row, entered if nobody of the register can be meant."""
        met = self._met(subject, unit_id)
        told = _told_by(subject)
        if told != NOTHING_TOLD:
            self._learn(met.id, told)
        return met

    def _met(self, subject: Subject, unit_id: UUID) -> Met:
        if subject.identity is None:
            return Met(self._by_name(subject, unit_id))
        index = self._index(subject.identity.value)
        holders = self._numbered[index]
        same = next((p for p in holders if p.name == subject.name), None)
        others = tuple(p.id for p in holders if p.name != subject.name)
        if same is None and not others:
            same = self._give_number(subject, unit_id, index)
        if same is None:
            same = self._enter(subject, unit_id, index)
        return Met(same.id, others)

    def _by_name(self, subject: Subject, unit_id: UUID) -> UUID:
        """One name in one unit is presumed one person; two who differ by number are nobody's to
        guess between, so that a row without a number is then a third."""
        known = self._named[(subject.name, unit_id)]
        unnumbered = [p for p in known if p.index is None]
        if len(known) == 1 or len(unnumbered) == 1:
            person = known[0] if len(known) == 1 else unnumbered[0]
            self._presume(person)
            return person.id
        return self._enter(subject, unit_id, None).id

    def _learn(self, person_id: UUID, told: Particulars) -> None:
        """What a register says of somebody fills what isn't known; nothing is overwritten."""
        fresh = self._fresh.get(person_id)
        if fresh is not None:
            known = Particulars(*(getattr(fresh, name) for name in Particulars._fields))
            self._fresh[person_id] = fresh._replace(**known.filled(told)._asdict())
        else:
            self._told[person_id] = self._told.get(person_id, NOTHING_TOLD).filled(told)

    def _presume(self, person: _Person) -> None:
        if person.presumed:
            return
        person.presumed = True
        fresh = self._fresh.get(person.id)
        if fresh is None:
            self._presumed.append(person.id)
        else:
            self._fresh[person.id] = fresh._replace(presumed=True)

    def _give_number(self, subject: Subject, unit_id: UUID, index: bytes) -> _Person | None:
        """Somebody of that name in that unit, known without a number so far."""
        known = self._named[(subject.name, unit_id)]
        if len(known) != 1 or known[0].index is not None or subject.identity is None:
            return None
        person = known[0]
        person.index = index
        self._numbered[index].append(person)
        sealed = seal(self.keys, subject.identity.value, bound_to=str(person.id))
        fresh = self._fresh.get(person.id)
        if fresh is None:
            self._numbers_given.append((person.id, sealed, index))
        else:
            self._fresh[person.id] = fresh._replace(id_number=sealed, id_index=index)
        return person

    def _enter(self, subject: Subject, unit_id: UUID, index: bytes | None) -> _Person:
        person = _Person(new_id(), subject.name, index, presumed=index is None)
        sealed = None
        if subject.identity is not None:
            sealed = seal(self.keys, subject.identity.value, bound_to=str(person.id))
        self._fresh[person.id] = PersonLine(
            id=person.id,
            name=subject.name,
            id_number=sealed,
            id_index=index,
            position=subject.post or None,
            rank=None,
            unit_id=unit_id,
            member=_MEMBER.get(subject.membership),
            public_employee=_EMPLOYED.get(subject.standing),
            presumed=person.presumed,
        )
        if index is not None:
            self._numbered[index].append(person)
        self._named[(subject.name, unit_id)].append(person)
        return person

    def organisation(self, name: str, unit_id: UUID) -> UUID:
        known = self._organisations.get((name, unit_id))
        if known is None:
            known = self._organisations[(name, unit_id)] = new_id()
            self.landing.put(OrganisationLine(known, name, unit_id))
        return known

    def flush(self) -> None:
        """Hand the new persons over to be written, and write what became known of others."""
        for line in self._fresh.values():
            self.landing.put(line)
            self.landing.put(
                PersonKeyLine(
                    line.id, name_keys.keys(line.name), by_pinyin(line.name), by_strokes(line.name)
                )
            )
        self._fresh.clear()
        lookups.number_persons(self.tx, self._numbers_given)
        self._numbers_given.clear()
        if self._told:
            lookups.tell_of_persons(self.tx, self._told)
            self._told.clear()
        if self._presumed:
            lookups.presume(self.tx, self._presumed)
            self._presumed.clear()

    @property
    def keys(self) -> Keys:
        return self.tx.keys

    def _index(self, number: str) -> bytes:
        found = self._indexes.get(number)
        if found is None:
            found = self._indexes[number] = blind_index(self.keys, number)
        return found
