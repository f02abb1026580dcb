"""Matters of every kind: lists, one whole, its timeline, and what may be done to it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.db import Row
from app.domain.errors import Gathered
from app.domain.permissions import Permission
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.routers.api import reads
from app.routers.asking import Query
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.routers.validation import fields_within
from app.schemas.base import Listing
from app.schemas.matters import (
    Act,
    ActionRead,
    EventRead,
    HandOver,
    LinkRead,
    MatterQuery,
    MatterRead,
    MatterRow,
    NoteCreate,
    StatementAnswer,
    StatementCreate,
    SubjectCreate,
    SubjectDescribe,
    TaskDone,
)
from app.schemas.requests import Acted
from app.services import involved, matters, reporters, units, workflow, worklists
from app.services.openings import Reported
from app.services.worklists import Filter, Place

router = APIRouter(prefix="/matters", tags=["matters"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("", response_model=Listing[MatterRow])
def list_matters(
    caller: Reader, asked: Annotated[MatterQuery, Query(MatterQuery)], paging: Paging
) -> Response:
    """The worklist of every kind, a page at a time."""
    sort = asked.sort
    after = paging.after(f"matters:{sort}", lambda value, id_: Place(value, UUID(id_)))
    with caller.work("matters.list") as tx:
        unit = _known(tx, asked)
        wanted = Filter(
            kind=asked.kind,
            stage=asked.stage,
            states=(asked.state,) if asked.state else None,
            open=asked.open,
            unit=UnitPath(unit["path"]) if unit else None,
            source=asked.source,
            holder=asked.holder,
            due_by=asked.due_by,
            overdue_on=tx.today if asked.overdue else None,
        )
        found = worklists.page(tx, wanted, sort=sort, after=after, limit=paging.limit)
    keys = {"due": "due_on", "opened": "opened_on", "number": "number"}
    rows, following = paging.part(
        f"matters:{sort}", found, lambda row: (row[keys[sort]], row["id"])
    )
    items = [reads.matter_row(row) for row in rows]
    return answered(Listing[MatterRow](items=items, next=following))


def _known(tx: Work, asked: MatterQuery) -> Row | None:
    """The unit that a list is asked for. Raises Invalid for what isn't there: see
    `lists.refuse_unknown`."""
    gathered = Gathered()
    unit = None
    with gathered.part():
        unit = units.unit_coded_in(tx, asked.unit, field="unit") if asked.unit else None
    with gathered.part():
        worklists.refuse_unknown(tx, asked.kind, state=asked.state, source=asked.source)
    gathered.refuse()
    return unit


@router.get("/{matter_id}", response_model=MatterRead)
def read_matter(caller: Reader, matter_id: UUID) -> Response:
    """A matter whole, as far as its reader may know it."""
    with caller.work("matters.read") as tx:
        file = matters.read_matter(tx, matter_id)
    return answered(reads.matter(file, caller.locale), version=file.head["version"])


@router.get("/{matter_id}/timeline", response_model=Listing[EventRead])
def read_timeline(caller: Reader, matter_id: UUID) -> Response:
    """Every step, newest first."""
    with caller.work("matters.timeline") as tx:
        file = reporters.sealed_steps(tx, matters.open_matter(tx, matter_id))
    return answered(Listing[EventRead](items=[reads.event(row) for row in file.history]))


@router.get("/{matter_id}/links", response_model=Listing[LinkRead])
def read_links(caller: Reader, matter_id: UUID) -> Response:
    """Linked matters, as far as the reader may see them."""
    with caller.work("matters.links") as tx:
        file = matters.open_matter(tx, matter_id)
    return answered(Listing[LinkRead](items=[LinkRead.model_validate(row) for row in file.links]))


@router.get("/{matter_id}/actions", response_model=Listing[ActionRead])
def read_actions(caller: Reader, matter_id: UUID) -> Response:
    """What may I do now; and for what I can't do yet, what is missing."""
    with caller.work("matters.actions") as tx:
        found = workflow.actions(tx, matter_id)
    return answered(
        Listing[ActionRead](items=[reads.action(each, caller.locale) for each in found])
    )


@router.post("/{matter_id}/actions", response_model=Acted)
def take_step(
    caller: Reader, matter_id: UUID, seen: SeenVersion, once: Once, body: Act
) -> Response:
    """Take a step, or ask for the signatures that it needs."""
    with caller.work(f"matters.{body.event}"[:60]) as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            with fields_within("form", body):
                done = workflow.act(
                    tx,
                    matter_id,
                    event=body.event,
                    form=body.form,
                    reason=body.reason,
                    seen_version=seen,
                )
            slot.keep(Acted.model_validate(done), status=200, version=done.version)
    return slot.response()


@router.post("/{matter_id}/notes", status_code=201, response_model=MatterRead)
def add_note(caller: Reader, matter_id: UUID, once: Once, body: NoteCreate) -> Response:
    """Stands with its writer and its day; nothing depends on it."""
    with caller.work("matters.note") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            matters.add_note(tx, matter_id, text=body.text)
            file = matters.read_matter(tx, matter_id)
            slot.keep(reads.matter(file, caller.locale), version=file.head["version"])
    return slot.response()


@router.post("/{matter_id}/hand-over", response_model=Acted)
def hand_over(caller: Reader, matter_id: UUID, seen: SeenVersion, body: HandOver) -> Response:
    """Give the matter to another handler."""
    with caller.work("matters.hand_over") as tx:
        state = matters.read_matter(tx, matter_id).head["state"]
        version = matters.hand_over(
            tx, matter_id, to_account=body.to_account, reason=body.reason, seen_version=seen
        )
    done = Acted(matter_id=matter_id, state=state, moved=False, request_id=None, version=version)
    return answered(done, version=version)


@router.post("/{matter_id}/people", status_code=201, response_model=MatterRead)
def add_subject(
    caller: Reader, matter_id: UUID, seen: SeenVersion, once: Once, body: SubjectCreate
) -> Response:
    """Somebody else whom the matter is about."""
    with caller.work("matters.add_person") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            involved.add_subject(tx, matter_id, Reported(**body.model_dump()), seen_version=seen)
            file = matters.read_matter(tx, matter_id)
            slot.keep(reads.matter(file, caller.locale), version=file.head["version"])
    return slot.response()


@router.patch("/{matter_id}/people/{involvement_id}", response_model=MatterRead)
def describe_subject(
    caller: Reader, matter_id: UUID, involvement_id: UUID, seen: SeenVersion, body: SubjectDescribe
) -> Response:
    """What the register of cases asks of a person. What isn't sent stays."""
    with caller.work("matters.describe_person") as tx:
        involved.describe_subject(
            tx, matter_id, involvement_id, changes=body.changes(), seen_version=seen
        )
        file = matters.open_matter(tx, matter_id)
    return answered(reads.matter(file, caller.locale), version=file.head["version"])


@router.post("/{matter_id}/statements", status_code=201, response_model=MatterRead)
def record_statement(
    caller: Reader, matter_id: UUID, once: Once, body: StatementCreate
) -> Response:
    """What the person said to the facts; a sanction can't be decided before its answer."""
    with caller.work("matters.statement") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            involved.record_statement(tx, matter_id, **body.model_dump())
            file = matters.read_matter(tx, matter_id)
            slot.keep(reads.matter(file, caller.locale), version=file.head["version"])
    return slot.response()


@router.post("/{matter_id}/statements/{statement_id}/answer", response_model=MatterRead)
def answer_statement(
    caller: Reader, matter_id: UUID, statement_id: UUID, seen: SeenVersion, body: StatementAnswer
) -> Response:
    """What the handlers found about what the person said."""
    with caller.work("matters.answer_statement") as tx:
        involved.answer_statement(
            tx, matter_id, statement_id, **body.model_dump(), seen_version=seen
        )
        file = matters.read_matter(tx, matter_id)
    return answered(reads.matter(file, caller.locale), version=file.head["version"])


@router.post("/{matter_id}/tasks/{task_id}/done", response_model=MatterRead)
def finish_task(
    caller: Reader, matter_id: UUID, task_id: UUID, seen: SeenVersion, body: TaskDone
) -> Response:
    """What was owed to somebody is done."""
    with caller.work("matters.finish_task") as tx:
        involved.finish_task(tx, matter_id, task_id, how=body.how, seen_version=seen)
        file = matters.read_matter(tx, matter_id)
    return answered(reads.matter(file, caller.locale), version=file.head["version"])
