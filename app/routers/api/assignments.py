"""Assigning several leads or petitions at once, with a result for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response

from app.core.ids import new_id
from app.domain.errors import FieldError, Reason
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.errors import described
from app.routers.once import answered
from app.schemas.assignments import Assign, AssignedRead, AssignmentRead
from app.schemas.problems import Problem
from app.services import assignments
from app.services.assignments import Result, Sent

router = APIRouter(prefix="/assignments", tags=["matters"])

Worker = Annotated[Caller, Api(Permission.MATTERS_READ)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your choice: the same list sent again under the same key goes on"
        " where it broke off, and nothing is assigned twice",
    ),
]


@router.post("", response_model=AssignmentRead)
def assign_matters(caller: Worker, body: Assign, idempotency_key: Key = None) -> Response:
    """Assign up to two hundred, each on its own: some may be refused while others are done. Nothing
    is signed: what takes signatures is asked for."""
    sent = Sent(
        kind=Kind(body.kind),
        event=body.event,
        form=body.form,
        reason=body.reason,
        items=[(each.matter_id, each.version) for each in body.items],
    )
    key = f"sent {idempotency_key}" if idempotency_key else f"once {new_id()}"
    with caller.work("assignments.begin") as tx:
        assignment_id = assignments.begin(tx, sent, key=key)
    assignments.carry_out(caller.work, assignment_id, sent)
    return read_result(caller, assignment_id)


@router.get("/{assignment_id}", response_model=AssignmentRead)
def read_assignment(caller: Worker, assignment_id: UUID) -> Response:
    """What became of each of them, as far as the reader still sees it; one's own alone."""
    return read_result(caller, assignment_id)


def read_result(caller: Caller, assignment_id: UUID) -> Response:
    with caller.work("assignments.read") as tx:
        result = assignments.result(tx, assignment_id)
    return answered(_read(caller, result))


def _read(caller: Caller, result: Result) -> AssignmentRead:
    return AssignmentRead(
        id=result.row["id"],
        kind=result.row["kind"],
        event=result.row["event"],
        begun_at=result.row["begun_at"],
        items=[
            AssignedRead(
                matter_id=row["matter_id"],
                number=row["number"],
                outcome=row["outcome"] or "waiting",
                problem=_problem(caller, row["problem"]) if row["problem"] else None,
            )
            for row in result.items
        ],
    )


def _problem(caller: Caller, kept: Mapping[str, Any]) -> Problem:
    return described(
        caller.locale,
        caller.request_id,
        kept["status"],
        kept["code"],
        _reason(kept),
        found=[FieldError(each["field"], _reason(each)) for each in kept["errors"]],
        reasons=[_reason(each) for each in kept["reasons"]],
    )


def _reason(kept: Mapping[str, Any]) -> Reason:
    return Reason(kept["message"], kept["values"])
