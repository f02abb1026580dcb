"""Petitions: logging one, its summary for the handlers, and its sealed reporter."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.api import reads
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing
from app.schemas.matters import MatterRead
from app.schemas.petitions import (
    PetitionCreate,
    ReporterRead,
    ReporterTie,
    ReporterToTell,
    SummaryWrite,
)
from app.services import matters, petitions, reporters
from app.services.openings import Reported
from app.services.petitions import NewPetition, Reporter

router = APIRouter(prefix="/petitions", tags=["petitions"])

Logger = Annotated[Caller, Api(Permission.PETITIONS_LOG)]


@router.post("", status_code=201, response_model=MatterRead, responses=LOCATED)
def log_petition(caller: Logger, once: Once, body: PetitionCreate) -> Response:
    """Log and register a petition. The reporter is sealed as it comes in."""
    with caller.work("petitions.log") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            reporter = body.reporter
            petition_id = petitions.log_petition(
                tx,
                NewPetition(
                    **body.model_dump(exclude={"subjects", "reporter"}),
                    reporter=Reporter(**reporter.model_dump()) if reporter else None,
                    subjects=[Reported(**each.model_dump()) for each in body.subjects],
                ),
            )
            file = matters.read_new(tx, petition_id)
            slot.keep(
                reads.matter(file, caller.locale),
                version=file.head["version"],
                location=f"/api/v1/matters/{petition_id}",
            )
    return slot.response()


@router.get("/reporters-to-tell", response_model=Listing[ReporterToTell])
def list_reporters_to_tell(caller: Logger, paging: Paging) -> Response:
    """Petitions whose reporter waits to be told something, by due date; who it is stays sealed."""
    after = paging.after("to-tell", lambda day, i, rule: (date.fromisoformat(day), UUID(i), rule))
    with caller.work("petitions.to_tell") as tx:
        found = reporters.to_tell(tx, after=after, limit=paging.wanted)
    rows, following = paging.part(
        "to-tell", found, lambda row: (row["due_on"].isoformat(), row["matter_id"], row["rule"])
    )
    items = [ReporterToTell.model_validate(row) for row in rows]
    return answered(Listing[ReporterToTell](items=items, next=following))


@router.post("/{petition_id}/reporter", response_model=ReporterRead)
def read_reporter(caller: Logger, petition_id: UUID) -> Response:
    """Who reported: for intake of this petition alone. A POST, since each reading is recorded."""
    with caller.work("petitions.read_reporter") as tx:
        found = petitions.read_reporter(tx, petition_id)
    known = found is not None
    return answered(
        ReporterRead(
            named=known,
            name=found.name if found else None,
            contact=found.contact if found else None,
        )
    )


@router.post("/{petition_id}/reporter/tie", status_code=204)
def tie_reporter(caller: Logger, petition_id: UUID, body: ReporterTie) -> Response:
    """Say who of the register reported: whoever of them has an account is walled off, near
    relatives too. For intake of this petition alone; the answer is the same for anybody."""
    with caller.work("petitions.tie_reporter") as tx:
        petitions.tie_reporter(tx, petition_id, person_id=body.person_id, id_number=body.id_number)
    return Response(status_code=204)


@router.delete("/{petition_id}/reporter/tie", status_code=204)
def untie_reporter(caller: Logger, petition_id: UUID) -> Response:
    """Tied by mistake: the walls that followed end."""
    with caller.work("petitions.untie_reporter") as tx:
        petitions.untie_reporter(tx, petition_id)
    return Response(status_code=204)


@router.put("/{petition_id}/summary", response_model=MatterRead)
def write_summary(
    caller: Logger, petition_id: UUID, seen: SeenVersion, body: SummaryWrite
) -> Response:
    """What the handlers get to read, without anything that points to the reporter."""
    with caller.work("petitions.summary") as tx:
        petitions.write_summary(tx, petition_id, summary=body.summary, seen_version=seen)
        file = matters.read_matter(tx, petition_id)
    return answered(reads.matter(file, caller.locale), version=file.head["version"])


@router.post("/{petition_id}/summary/check", response_model=MatterRead)
def check_summary(caller: Logger, petition_id: UUID, seen: SeenVersion) -> Response:
    """A second person confirms that the summary points to nobody."""
    with caller.work("petitions.check_summary") as tx:
        petitions.check_summary(tx, petition_id, seen_version=seen)
        file = matters.read_matter(tx, petition_id)
    return answered(reads.matter(file, caller.locale), version=file.head["version"])
