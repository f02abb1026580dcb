"""Who is kept off a matter: whoever it names, their near relatives, and whoever a row keeps off.

Who reported isn't in this: the guard alone compares sealed ties (`guard.reported_by`).

A matter carries the names of all that was merged into it, and money those of the lead or case
that it belongs to. Nothing else spreads a wall: from a matter that is only linked somebody is
kept off by a decision, so that a bogus petition can't take an investigator from a case; until it
is made, what is sealed is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What walls follow from. `named`: persons by matter; `rows`: accounts by matter, declared or
    decided; `merged`: a matter and what it was merged into; `origins`: money and what it belongs
    to; `persons`: accounts and whose they are; `relatives`: pairs, either way round; `linked`:
    pairs of matters, either way round; `handlers`: accounts by matter; `settled`: of a matter, an
    account and a linked matter, that a head decided; `sealed`: open matters so classified."""

    named: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    rows: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    merged: Mapping[UUID, UUID] = field(default_factory=dict)
    origins: Mapping[UUID, UUID] = field(default_factory=dict)
    persons: Mapping[UUID, UUID] = field(default_factory=dict)
    relatives: frozenset[tuple[UUID, UUID]] = frozenset()
    linked: frozenset[tuple[UUID, UUID]] = frozenset()
    handlers: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    settled: frozenset[tuple[UUID, UUID, UUID]] = frozenset()
    sealed: frozenset[UUID] = frozenset()

    def walled_from(self, matter: UUID) -> frozenset[UUID]:
        """The accounts that are kept off `matter`."""
        origin = self.origins.get(matter, matter)
        whole = self._whole(origin) | {matter}
        kept = set(self._named_in(whole))
        for each in whole:
            kept |= self.rows.get(each, frozenset())
        for each in (matter, origin):
            if each in self.sealed:
                kept |= self.undecided(each)
        return frozenset(kept)

    def undecided(self, matter: UUID) -> frozenset[UUID]:
        """Handlers of a matter whom a linked one names, as long as nobody decided on them."""
        others = {b for a, b in self.linked if a == matter} | {
            a for a, b in self.linked if b == matter
        }
        open_ = self.handlers.get(matter, frozenset()) - self._named_in(self._whole(matter))
        open_ -= self.rows.get(matter, frozenset())
        return frozenset(
            account
            for account in open_
            for other in others
            if account in self._named_in(self._whole(other))
            and (matter, account, other) not in self.settled
        )

    def _named_in(self, matters: set[UUID]) -> frozenset[UUID]:
        """The accounts of whoever any of these names, and of their near relatives."""
        named = {person for each in matters for person in self.named.get(each, ())}
        near = {b for a, b in self.relatives if a in named} | {
            a for a, b in self.relatives if b in named
        }
        return frozenset(
            account for account, person in self.persons.items() if person in named | near
        )

    def _whole(self, matter: UUID) -> set[UUID]:
        """The matter, and all that was merged into it."""
        found = {matter}
        while more := {a for a, b in self.merged.items() if b in found} - found:
            found |= more
        return found
