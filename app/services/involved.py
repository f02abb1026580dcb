"""Those whom a matter is about: adding one, what they said, and what is owed to them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.guards.everywhere import PAPER_ONLY
from app.domain.kinds import Kind
from app.repositories import matters, outcomes
from app.repositories.work import Work
from app.services import openings, profiles
from app.services.matters import recorded_on, refuse_readers
from app.services.openings import Reported


def _working(tx: Work, matter_id: UUID) -> Row:
    head = refuse_readers(tx, matter_id)
    if head["closed_on"] is not None:
        raise errors.Conflict(N_("This matter has ended."))
    return head


def add_subject(
    tx: Work, matter_id: UUID, reported: Reported, *, seen_version: int | None = None
) -> UUID:
    """Somebody else whom the matter is about. Raises NotFound, Forbidden, Conflict, Stale,
    Invalid, and Denied for somebody whom a higher body manages."""
    openings.refuse_longer(openings.lines_of(reported))
    head = _working(tx, matter_id)
    profiles.refuse_unknown_ranks(tx, {"rank": reported.rank}, head["profile_id"])
    unit_id = head["unit_id"]
    # A petition may still be sealed and passed up, as long as it isn't registered.
    waits = head["kind"] == Kind.PETITION and head["state"] == "received"
    if not waits and openings.on_paper(tx, [reported], unit_id):
        raise errors.Denied((PAPER_ONLY,))
    known = outcomes.involved(tx, matter_id)
    matters.touch(tx, matter_id, event="person_added", seen_version=seen_version)
    return openings.add_subject(tx, matter_id, reported, unit_id, code=f"{len(known) + 1:02d}")


def describe_subject(
    tx: Work,
    matter_id: UUID,
    involvement_id: UUID,
    *,
    changes: dict[str, bool | None],
    seen_version: int | None = None,
) -> None:
    """What the register of cases asks of each person: eight_rules, confessed; None is unknown.

    Raises NotFound, Invalid, Forbidden, Conflict, Stale.
    """
    head = _working(tx, matter_id)
    if head["kind"] != Kind.CASE:
        raise errors.Conflict(N_("Only the register of cases asks for this."))
    _of_matter(tx, matter_id, involvement_id)
    matters.touch(tx, matter_id, event="person_described", seen_version=seen_version)
    outcomes.describe_involvement(tx, involvement_id, changes)


def _of_matter(tx: Work, matter_id: UUID, involvement_id: UUID) -> None:
    if all(row["id"] != involvement_id for row in outcomes.involved(tx, matter_id)):
        raise errors.Invalid.of("involvement_id", N_("Nobody of this matter."))


def record_statement(
    tx: Work, matter_id: UUID, *, involvement_id: UUID, said: str, said_on: date | None = None
) -> UUID:
    """What the person said to the facts. Raises NotFound, Invalid, Forbidden, Conflict."""
    _working(tx, matter_id)
    day = recorded_on(said_on, tx.today, "said_on")
    if not said.strip():
        raise errors.Invalid.of("said", N_("Write something."))
    _of_matter(tx, matter_id, involvement_id)
    statement_id = outcomes.insert_statement(
        tx, matter_id=matter_id, involvement_id=involvement_id, said=said.strip(), said_on=day
    )
    matters.touch(tx, matter_id, event="statement_recorded")
    return statement_id


def answer_statement(
    tx: Work,
    matter_id: UUID,
    statement_id: UUID,
    *,
    answer: str,
    answered_on: date | None = None,
    seen_version: int | None = None,
) -> None:
    """The answer to what a person said. Raises NotFound, Invalid, Stale where it has one."""
    _working(tx, matter_id)
    day = recorded_on(answered_on, tx.today, "answered_on")
    if not answer.strip():
        raise errors.Invalid.of("answer", N_("Write something."))
    matters.touch(tx, matter_id, event="statement_answered", seen_version=seen_version)
    outcomes.answer_statement(
        tx,
        matter_id=matter_id,
        statement_id=statement_id,
        answer=answer.strip(),
        answered_on=day,
    )


def finish_task(
    tx: Work, matter_id: UUID, task_id: UUID, *, how: str, seen_version: int | None = None
) -> None:
    """What was owed is done: told, cleared, announced. Raises NotFound, Invalid, Stale."""
    refuse_readers(tx, matter_id)
    if not how.strip():
        raise errors.Invalid.of("how", N_("Say how it was done."))
    matters.touch(tx, matter_id, event="task_done", seen_version=seen_version)
    outcomes.finish_task(tx, matter_id=matter_id, task_id=task_id, how=how.strip())
