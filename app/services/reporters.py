"""What named reporters are owed: to be told of the acceptance and of the result.

It goes by the sealed contact: intake alone learns whom to tell, and how. Whoever handles the
petition sees that it is owed, or done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.db import Row
from app.domain.kinds import Kind
from app.domain.profile import Profile
from app.repositories import desks
from app.repositories.work import Work
from app.services import profiles
from app.services.matters import MatterFile

TOUCHES = "release"  # the profile's word for a step that goes through the sealed contact


@dataclass(frozen=True)
class Duty:
    """`rule` is the clock that runs until the reporter is told; `event` the step that says so.
    `told_on` is None while it is owed."""

    rule: str
    event: str
    due_on: date
    told_on: date | None


def steps(profile: Profile) -> Mapping[str, str]:
    """The clock of each duty, and the step with which intake records that it was met."""
    return {
        clock.rule: row.event
        for row in profile.machine(Kind.PETITION).transitions
        if TOUCHES in row.touches
        for clock in row.stop
    }


def of_petition(tx: Work, file: MatterFile) -> Sequence[Duty]:
    """What is or was owed to who reported this petition; nothing to who gave no name."""
    if file.kind is not Kind.PETITION or not file.own.get("named"):
        return ()
    known = steps(profiles.of(tx, file.head["profile_id"]))
    return [
        Duty(row["rule"], known[row["rule"]], row["due_on"], row["stopped_on"])
        for row in file.clocks
        if row["rule"] in known
    ]


def to_tell(tx: Work, *, after: desks.Owed | None = None, limit: int) -> list[Row]:
    """Petitions whose reporter waits to be told, for who keeps the seal; by due date. Each with
    the `rule` of its clock and the `event` that records it."""
    known = steps(profiles.current(tx)[1])
    rows = desks.reporters_to_tell(tx, rules=list(known), after=after, limit=limit)
    return [{**row, "event": known[row["rule"]]} for row in rows]


def sealed_steps(tx: Work, file: MatterFile) -> MatterFile:
    """The same without what was written down when the reporter was told: how they were reached,
    and what they objected, points to them."""
    if file.own.get("keeps") is not False:
        return file
    events = set(steps(profiles.of(tx, file.head["profile_id"])).values())
    return replace(
        file,
        requests=[_silent(row) if row["event"] in events else row for row in file.requests],
        history=[_silent(row) if row["event"] in events else row for row in file.history],
    )


def _silent(row: Row) -> Row:
    return {**row, "form": {}, "reason": None}
