"""Who is kept off a matter: whoever it names, their near relatives, and whoever a row keeps off.

A matter carries the names of all that was merged into it, and money those of the lead or case
that it belongs to. Nothing else spreads a wall: from a matter that is only linked somebody is
kept off by a decision, so that a bogus petition can't take an investigator from a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What walls follow from. `named`: persons by matter; `rows`: accounts by matter, declared or
    decided; `merged`: a matter and what it was merged into; `origins`: money and what it belongs
    to; `persons`: accounts and whose they are; `relatives`: pairs, either way round."""

    named: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    rows: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    merged: Mapping[UUID, UUID] = field(default_factory=dict)
    origins: Mapping[UUID, UUID] = field(default_factory=dict)
    persons: Mapping[UUID, UUID] = field(default_factory=dict)
    relatives: frozenset[tuple[UUID, UUID]] = frozenset()

    def walled_from(self, matter: UUID) -> frozenset[UUID]:
        """The accounts that are kept off `matter`."""
        whole = self._whole(self.origins.get(matter, matter)) | {matter}
        named = {person for each in whole for person in self.named.get(each, ())}
        near = {b for a, b in self.relatives if a in named} | {
            a for a, b in self.relatives if b in named
        }
        kept = {account for account, person in self.persons.items() if person in named | near}
        for each in whole:
            kept |= self.rows.get(each, frozenset())
        return frozenset(kept)

    def _whole(self, matter: UUID) -> set[UUID]:
        """The matter, and all that was merged into it."""
        found = {matter}
        while more := {a for a, b in self.merged.items() if b in found} - found:
            found |= more
        return found
