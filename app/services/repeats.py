"""Possible repeats: two matters that look like the same one. Nothing is merged unasked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.permissions import Role
from app.repositories import matters, repeats
from app.repositories.work import Work
from app.services.matters import refuse_readers

# Who decides, and on whose desk a pair of which kind waits.
DECIDES: Mapping[Role, Kind] = {
    Role.LEAD_MANAGER: Kind.LEAD,
    Role.INTAKE_OFFICER: Kind.PETITION,
    Role.PETITIONS_HEAD: Kind.PETITION,
}


def of_matter(tx: Work, matter_id: UUID) -> list[Row]:
    """What nobody has decided yet about one matter."""
    return repeats.undecided_of(tx, matter_id)


def undecided(tx: Work, *, limit: int = 20) -> list[Row]:
    """What waits for the actor to decide, among the matters that they may see."""
    kinds = {kind for role, kind in DECIDES.items() if tx.actor.holds(role)}
    return repeats.undecided(tx, kinds=sorted(kinds), limit=limit)


def may_decide(tx: Work) -> bool:
    return any(tx.actor.holds(role) for role in DECIDES)


def decide(tx: Work, repeat_id: UUID, decision: Literal["same", "different"]) -> Row:
    """Say whether two matters are the same one. Merging them is a step of its own.

    Raises NotFound, Forbidden, Stale where somebody decided already. Returns the pair.
    """
    pair = repeats.repeat(tx, repeat_id)
    if pair is None:
        raise errors.NotFound
    if not may_decide(tx):
        raise errors.Forbidden(N_("Intake and the lead manager decide on possible repeats."))
    for matter_id in (pair["matter_id"], pair["other_id"]):
        refuse_readers(tx, matter_id)
    repeats.decide(tx, repeat_id, decision)
    for matter_id in sorted((pair["matter_id"], pair["other_id"])):
        matters.touch(tx, matter_id, event="repeat_decided", form={"decision": decision})
    return pair
