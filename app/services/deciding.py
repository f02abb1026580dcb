"""What a step decides for each subject, and which earlier decisions give way to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind
from app.domain.outcomes import gives_way, impact_until
from app.domain.profile import Profile
from app.domain.workflow.facts import Subject
from app.repositories import outcomes
from app.repositories.work import Work


def record(
    tx: Work,
    head: Row,
    profile: Profile,
    subjects: Sequence[Subject],
    rows: Sequence[Mapping[str, Any]],
    transition_id: UUID,
) -> None:
    """Write the outcomes of a step. A case's take effect when its decision is served."""
    kind = Kind(head["kind"])
    standing = outcomes.outcomes(tx, head["id"])
    weighing = {each.involvement_id: each.weighing for each in subjects}
    first: dict[UUID, UUID] = {}
    decided: dict[UUID, set[str]] = {}
    for row in rows:
        involvement_id, key = UUID(str(row["subject"])), row["measure"]
        measure = profile.measures[key]
        outcome_id = outcomes.insert_outcome(
            tx,
            matter_id=head["id"],
            involvement_id=involvement_id,
            kind=measure.kind,
            measure=key,
            form=measure.form,
            decided_on=tx.today,
            effective_on=tx.today if kind is not Kind.CASE else None,
            impact_until=impact_until(profile, key, tx.today, weighing.get(involvement_id, ())),
            transition_id=transition_id,
        )
        first.setdefault(involvement_id, outcome_id)
        decided.setdefault(involvement_id, set()).add(measure.kind)
    for row in standing:
        involvement_id = row["involvement_id"]
        if involvement_id in first and gives_way(kind, row["kind"], decided[involvement_id]):
            outcomes.replace_outcome(tx, head["id"], row["id"], by_id=first[involvement_id])
