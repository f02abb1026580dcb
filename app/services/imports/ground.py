"""What the rows of every family stand on: the batch, the procedure, the places, the people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.core.ids import new_id
from app.domain import errors
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.ledgers.families import Family
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.reading import Reading
from app.domain.numbers import Series
from app.domain.permissions import Actor, Role
from app.domain.profile import Profile
from app.domain.units import UnitKind, UnitPath, label_of
from app.repositories.imports import lookups
from app.repositories.imports.landing import Landing
from app.repositories.imports.lookups import KnownMatter
from app.repositories.imports.rows import CampaignLine, UnitLine
from app.repositories.work import Work
from app.services import profiles
from app.services.imports.people import People
from app.services.imports.places import Place, Places

_OWN_HOUSE = frozenset({Role.OPERATOR, Role.LEAD_MANAGER})
IMPORTERS: Mapping[Family, frozenset[Role]] = {
    Family.UNITS: _OWN_HOUSE,
    Family.PETITIONS: frozenset({Role.OPERATOR, Role.INTAKE_OFFICER, Role.PETITIONS_HEAD}),
    Family.LEADS: _OWN_HOUSE,
    Family.CASES: _OWN_HOUSE,
    Family.FINDINGS: _OWN_HOUSE,
    Family.BANK: frozenset({Role.OPERATOR, Role.FINANCE}),
    Family.RETURNS: frozenset({Role.OPERATOR, Role.FINANCE}),
}
"""Whose ledgers are whose. A petition's tells who reported."""


def families_of(actor: Actor) -> tuple[Family, ...]:
    """What an actor may import, in the order in which an office begins."""
    held = {grant.role for grant in actor.grants}
    return tuple(family for family in Family if held & IMPORTERS[family])


def require_importer(actor: Actor, family: Family) -> None:
    """Raises Forbidden."""
    if family not in families_of(actor):
        raise errors.Forbidden(N_("Your role does not import ledgers of this family."))


@dataclass
class Ground:
    """One import's view of what is on record, kept up to date as rows are taken."""

    tx: Work
    batch_id: UUID
    family: Family
    trial: bool
    profile_id: UUID
    profile: Profile
    landing: Landing
    places: Places
    people: People
    campaigns: dict[str, UUID]
    hidden: frozenset[UUID]  # what the importer is walled off from: as if it weren't on record
    cut_off: date | None = None
    _known: dict[Kind, dict[str, KnownMatter]] = field(default_factory=dict)
    _reserved: dict[tuple[str, str, int], int] = field(default_factory=dict)
    _teams: int = 0

    @classmethod
    def of(cls, tx: Work, batch_id: UUID, family: Family, *, trial: bool) -> Ground:
        profile_id, profile = profiles.current(tx)
        landing = Landing(tx)
        roles = IMPORTERS[family]
        grants = [grant.unit for grant in tx.actor.grants if grant.role in roles]

        def allowed(path: str) -> bool:
            return any(unit.covers(UnitPath(path)) for unit in grants)

        return cls(
            tx=tx,
            batch_id=batch_id,
            family=family,
            trial=trial,
            profile_id=profile_id,
            profile=profile,
            landing=landing,
            places=Places(lookups.units(tx), allowed),
            people=People(tx, landing),
            campaigns=lookups.campaigns(tx),
            hidden=lookups.hidden(tx),
        )

    def read(self, reading: Reading) -> None:
        """What the ledger says about itself: whose district it is, up to which day it goes."""
        self.places.settle_home(reading.header.district)
        self.cut_off = reading.header.cut_off

    @property
    def actor_id(self) -> UUID:
        return self.tx.actor.account_id

    def known(self, kind: Kind) -> dict[str, KnownMatter]:
        """All matters of a kind by the key of their number."""
        if kind not in self._known:
            self._known[kind] = {
                number_key(each.number): each for each in lookups.matters(self.tx, kind)
            }
        return self._known[kind]

    def has(self, kind: Kind, state: str) -> bool:
        """Whether this installation's procedure knows the state."""
        return self.profile.has(kind) and state in self.profile.machine(kind).states

    def campaign(self, key: str, name: str) -> UUID | None:
        if not key:
            return None
        found = self.campaigns.get(key)
        if found is None:
            found = self.campaigns[key] = new_id()
            self.landing.put(CampaignLine(found, key, name))
        return found

    def team(self, name: str) -> Place | None:
        """The joint team or office of this name; a team that is missing comes into being."""
        if not name or self.places.home is None:
            return None
        known = self.places.team(name)
        return known or self._new_team(name, self.places.home)

    def _new_team(self, name: str, home: Place) -> Place:
        while True:
            self._teams += 1
            code = f"{home.code}-J{self._teams:02d}"
            if self.places.coded(code) is None:
                break
        path = UnitPath(home.path).child(label_of(code, home.code)).value
        team = Place(new_id(), code, name, UnitKind.TEAM, path)
        self.places.add(team)
        self.landing.put(UnitLine(team.id, code, name, UnitKind.TEAM.value, home.id, path))
        return team

    def reserve(self, kind: Kind, number: str, place: Place) -> None:
        """A number of our own series pushes the series beyond it."""
        read = Series(self.profile.machine(kind).number).read(number, district=place.district)
        if read is not None:
            series = (kind.value, place.district, read[0])
            self._reserved[series] = max(self._reserved.get(series, 0), read[1])

    def flush(self) -> None:
        """Write what was taken so far. A trial reserves nothing: others would wait for it."""
        if not self.trial:
            for (kind, district, year), used in self._reserved.items():
                lookups.reserve_numbers(self.tx, kind, district, year, used)
        self._reserved.clear()
        self.people.flush()
        self.landing.flush()
