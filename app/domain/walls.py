"""Who is kept off a matter: whoever it names or who reported it, their near relatives, and whoever
a row keeps off.

Who reported is told to nobody: only the guard compares sealed ties. That they are kept off, from
what came of their report as well, is part of the policy all the same, and stands with the rest.

A matter carries the names of all that was merged into it, and money those of the lead or case
that it belongs to. Nothing else spreads a wall: from a matter that is only linked somebody is
kept off by a decision, so that a bogus petition can't take an investigator from a case; until it
is made, what is sealed is withheld.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Register:
    """What walls follow from. `named`: persons by matter; `rows`: accounts by matter, declared or
    decided; `merged`: a matter and what it was merged into; `origins`: money and what it belongs
    to; `persons`: accounts and whose they are; `relatives`: pairs, either way round; `linked`:
    pairs of matters, either way round; `handlers`: accounts by matter; `settled`: of a matter, an
    account and a linked matter, that a head decided; `sealed`: open matters so classified;
    `ties`: persons who reported, by petition; `came`: a petition and its lead, a lead and its case;
    `before`: of an account and such a pair, that it handled what came before that was linked.
    `asked`: accounts by matter with the name of somebody in it, while nobody said whether it is
    them and they didn't work on it before; `them`: those of whom somebody said that it is."""

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
    ties: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    came: frozenset[tuple[UUID, UUID]] = frozenset()
    before: frozenset[tuple[UUID, UUID, UUID]] = frozenset()
    asked: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    them: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)

    def walled_from(self, matter: UUID) -> frozenset[UUID]:
        """The accounts that are kept off `matter`."""
        origin = self.origins.get(matter, matter)
        whole = self._whole(origin) | {matter}
        kept = set(self._named_in(whole)) | {
            account for account, reported in self._reported.items() if reported & whole
        }
        for each in whole:
            kept |= self.rows.get(each, frozenset()) | self.asked.get(each, frozenset())
            kept |= self.them.get(each, frozenset())
        for each in (matter, origin):
            if each in self.sealed:
                kept |= self.undecided(each)
        return frozenset(kept)

    @cached_property
    def _reported(self) -> Mapping[UUID, frozenset[UUID]]:
        """By account, as far as they reported anything: walls ask for it again and again."""
        found = {account: self.reported_by(account) for account in self.persons}
        return {account: reported for account, reported in found.items() if reported}

    def reported_by(self, account: UUID) -> frozenset[UUID]:
        """What an account or a near relative reported, and what came of it. What the account
        handled before it was linked to the report stays theirs: else a report in their name would
        take them from their own case."""
        near = self._near({self.persons[account]}) if account in self.persons else frozenset()
        found = {petition for petition, persons in self.ties.items() if persons & near}
        while (
            more := {
                after
                for one, after in self.came
                if one in found and (account, one, after) not in self.before
            }
            - found
        ):
            found |= more
        return frozenset(found)

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
        them = {account for each in matters for account in self.them.get(each, ())}
        near = self._near(
            {person for each in matters for person in self.named.get(each, ())}
            | {self.persons[account] for account in them if account in self.persons}
        )
        return frozenset(account for account, person in self.persons.items() if person in near)

    def _near(self, persons: Collection[UUID]) -> frozenset[UUID]:
        """These, and their near relatives."""
        return (
            frozenset(persons)
            | {b for a, b in self.relatives if a in persons}
            | {a for a, b in self.relatives if b in persons}
        )

    def _whole(self, matter: UUID) -> set[UUID]:
        """The matter, and all that was merged into it."""
        found = {matter}
        while more := {a for a, b in self.merged.items() if b in found} - found:
            found |= more
        return found
