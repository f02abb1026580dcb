"""Who is involved in a matter, what came of it for each, and what is still owed to them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.core.db import Row
from app.core.ids import new_id
from app.models.columns import table_of
from app.models.outcomes import Involvement, Outcome, Replacement, Statement, Task
from app.repositories.work import Work

_INVOLVED = table_of(Involvement)
_STATEMENTS = table_of(Statement)
_TASKS = table_of(Task)


def insert_involvement(
    tx: Work,
    *,
    matter_id: UUID,
    person_id: UUID | None,
    organisation_id: UUID | None,
    part: str,
    code: str | None,
    position: str | None,
    rank: str | None,
    alleged: str | None,
    eight_rules: bool | None = None,
    confessed: bool | None = None,
) -> UUID:
    involvement_id = new_id()
    tx.insert(
        Involvement,
        id=involvement_id,
        matter_id=matter_id,
        person_id=person_id,
        organisation_id=organisation_id,
        part=part,
        code=code,
        position=position,
        rank=rank,
        alleged=alleged,
        eight_rules=eight_rules,
        confessed=confessed,
        begins_on=tx.today,
    )
    return involvement_id


def involved(tx: Work, matter_id: UUID) -> list[Row]:
    """Everybody in a matter, with what the register knows today."""
    return tx.rows(
        "SELECT i.id, i.code, i.part, i.person_id, i.organisation_id, i.position, i.rank,"
        "       i.alleged, i.eight_rules, i.confessed, coalesce(p.name, o.name) AS name,"
        "       p.member, p.public_employee, p.presumed, i.begins_on"
        "  FROM involvement i LEFT JOIN person p ON p.id = i.person_id"
        "  LEFT JOIN organisation o ON o.id = i.organisation_id"
        " WHERE i.matter_id = %(id)s AND i.ended_on IS NULL ORDER BY i.part, i.code, i.id",
        {"id": matter_id},
    )


def copy_involvement(tx: Work, matter_id: UUID, row: Row, *, code: str | None) -> UUID:
    """Somebody of one matter in another one, as they stand there."""
    return insert_involvement(
        tx,
        matter_id=matter_id,
        person_id=row["person_id"],
        organisation_id=row["organisation_id"],
        part=row["part"],
        code=code,
        position=row["position"],
        rank=row["rank"],
        alleged=row["alleged"],
        eight_rules=row["eight_rules"],
        confessed=row["confessed"],
    )


def describe_involvement(tx: Work, involvement_id: UUID, values: dict[str, bool | None]) -> None:
    """Raises Stale where they are not in the matter any more."""
    tx.change(
        update(_INVOLVED)
        .where(_INVOLVED.c.id == involvement_id, _INVOLVED.c.ended_on.is_(None))
        .values(**values)
    )


def correct_involvement(tx: Work, involvement_id: UUID, field: str, value: str) -> None:
    """Position, rank or what is alleged. Raises Stale where they are not in the matter any more."""
    tx.change(
        update(_INVOLVED)
        .where(_INVOLVED.c.id == involvement_id, _INVOLVED.c.ended_on.is_(None))
        .values(**{field: value})
    )


def end_involvement(tx: Work, involvement_id: UUID) -> None:
    """Raises Stale where they are not in the matter any more."""
    tx.change(
        update(_INVOLVED)
        .where(_INVOLVED.c.id == involvement_id, _INVOLVED.c.ended_on.is_(None))
        .values(ended_on=tx.today)
    )


def end_involvement_without_outcome(tx: Work, involvement_id: UUID) -> None:
    """The same, but for somebody about whom something was decided meanwhile: they stay."""
    tx.execute(
        "UPDATE involvement i SET ended_on = %(day)s WHERE i.id = %(id)s AND i.ended_on IS NULL"
        "   AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.involvement_id = i.id)",
        {"id": involvement_id, "day": tx.today},
    )


def masked_names(tx: Work, people: list[UUID]) -> dict[UUID, str]:
    """Names as an auditor may know them."""
    found = tx.rows("SELECT * FROM guard.masked_names(%(ids)s)", {"ids": people})
    return {row["id"]: row["name"] for row in found}


def insert_outcome(
    tx: Work,
    *,
    matter_id: UUID,
    involvement_id: UUID | None,
    kind: str,
    measure: str | None,
    form: int | None,
    decided_on: date,
    effective_on: date | None,
    impact_until: date | None,
    transition_id: UUID | None,
    quantity: int = 1,
) -> UUID:
    outcome_id = new_id()
    tx.insert(
        Outcome,
        id=outcome_id,
        matter_id=matter_id,
        involvement_id=involvement_id,
        kind=kind,
        measure=measure,
        form=form,
        quantity=quantity,
        decided_on=decided_on,
        effective_on=effective_on,
        impact_until=impact_until,
        transition_id=transition_id,
    )
    return outcome_id


def replace_outcome(tx: Work, matter_id: UUID, outcome_id: UUID, *, by_id: UUID) -> None:
    """What was decided before no longer stands: a later outcome takes its place."""
    tx.insert(Replacement, outcome_id=outcome_id, by_id=by_id, matter_id=matter_id)


def outcomes(tx: Work, matter_id: UUID) -> list[Row]:
    """Outcomes that stand: those that no later one replaces."""
    return tx.rows(
        "SELECT o.* FROM outcome o WHERE o.matter_id = %(id)s"
        "   AND NOT EXISTS (SELECT 1 FROM replacement r WHERE r.outcome_id = o.id)"
        " ORDER BY o.decided_on, o.id",
        {"id": matter_id},
    )


def statements(tx: Work, matter_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT s.*, a.name AS recorded_by_name FROM statement s"
        "  JOIN account a ON a.id = s.recorded_by"
        " WHERE s.matter_id = %(id)s ORDER BY s.said_on, s.id",
        {"id": matter_id},
    )


def insert_statement(
    tx: Work, *, matter_id: UUID, involvement_id: UUID, said: str, said_on: date
) -> UUID:
    statement_id = new_id()
    tx.insert(
        Statement,
        id=statement_id,
        matter_id=matter_id,
        involvement_id=involvement_id,
        said=said,
        said_on=said_on,
        recorded_by=tx.actor.account_id,
    )
    return statement_id


def copy_statement(tx: Work, matter_id: UUID, involvement_id: UUID, said: Row) -> None:
    """What somebody said, with its answer, in the matter that they were split off to."""
    kept = ("said", "said_on", "answer", "answered_on", "recorded_by")
    tx.insert(
        Statement,
        id=new_id(),
        matter_id=matter_id,
        involvement_id=involvement_id,
        **{column: said[column] for column in kept},
    )


def answer_statement(
    tx: Work, *, matter_id: UUID, statement_id: UUID, answer: str, answered_on: date
) -> None:
    """Raises Stale if there is no such statement without an answer."""
    tx.change(
        update(_STATEMENTS)
        .where(_STATEMENTS.c.id == statement_id, _STATEMENTS.c.matter_id == matter_id)
        .where(_STATEMENTS.c.answer.is_(None))
        .values(answer=answer, answered_on=answered_on, version=_STATEMENTS.c.version + 1)
    )


def tasks(tx: Work, matter_id: UUID) -> list[Row]:
    """Open ones first."""
    return tx.rows(
        "SELECT t.*, coalesce(p.name, o.name) AS owed_to, a.name AS done_by_name FROM task t"
        "  LEFT JOIN involvement i ON i.id = t.involvement_id"
        "  LEFT JOIN person p ON p.id = i.person_id"
        "  LEFT JOIN organisation o ON o.id = i.organisation_id"
        "  LEFT JOIN account a ON a.id = t.done_by"
        " WHERE t.matter_id = %(id)s ORDER BY t.done_on NULLS FIRST, t.due_on, t.id",
        {"id": matter_id},
    )


def insert_task(
    tx: Work, *, matter_id: UUID, involvement_id: UUID | None, kind: str, due_on: date | None
) -> UUID:
    task_id = new_id()
    tx.insert(
        Task,
        id=task_id,
        matter_id=matter_id,
        involvement_id=involvement_id,
        kind=kind,
        due_on=due_on,
        owed_since=tx.today,
    )
    return task_id


def finish_task(tx: Work, *, matter_id: UUID, task_id: UUID, how: str) -> None:
    """Raises Stale if it is not there or is done already."""
    tx.change(
        update(_TASKS)
        .where(_TASKS.c.id == task_id, _TASKS.c.matter_id == matter_id)
        .where(_TASKS.c.done_on.is_(None))
        .values(
            done_on=tx.today, done_by=tx.actor.account_id, how=how, version=_TASKS.c.version + 1
        )
    )


def take_effect(tx: Work, matter_id: UUID) -> None:
    """The decision on a matter takes effect today, for every outcome that waited for it."""
    tx.value("SELECT guard.take_effect(%(id)s, %(day)s)", {"id": matter_id, "day": tx.today})
