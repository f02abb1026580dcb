"""Leads: logging one, and comparing it with what is there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.domain.money import Money
from app.domain.permissions import Clearance, Permission
from app.routers.api import reads
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.schemas.base import Listing, OneLine
from app.schemas.leads import LeadCreate, LookAlike
from app.schemas.matters import MatterRead
from app.services import leads, matters
from app.services.leads import NewLead
from app.services.openings import Reported

router = APIRouter(prefix="/leads", tags=["leads"])

Logger = Annotated[Caller, Api(Permission.LEADS_LOG)]


@router.post("", status_code=201, response_model=MatterRead, responses=LOCATED)
def log_lead(caller: Logger, once: Once, body: LeadCreate) -> Response:
    """Log a lead; the lead manager's is registered at once, anybody else's is submitted."""
    with caller.work("leads.log") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            given = body.model_dump(exclude={"subjects", "amount", "classification"})
            lead_id = leads.log_lead(
                tx,
                NewLead(
                    **given,
                    amount=Money.yuan(body.amount) if body.amount else None,
                    classification=Clearance(body.classification),
                    subjects=[Reported(**each.model_dump()) for each in body.subjects],
                ),
            )
            file = matters.read_new(tx, lead_id)
            slot.keep(
                reads.matter(file, caller.locale),
                version=file.head["version"],
                location=f"/api/v1/matters/{lead_id}",
            )
    return slot.response()


@router.get("/look-alikes", response_model=Listing[LookAlike])
def list_look_alikes(
    caller: Logger,
    unit_id: UUID,
    what: Annotated[OneLine, Query(description="What is alleged, or a title")],
    name: Annotated[list[OneLine] | None, Query(max_length=20)] = None,
) -> Response:
    """The five newest matters that may tell of the same, among what the caller may open; they
    never block."""
    with caller.work("leads.look_alikes") as tx:
        found = leads.look_alikes(tx, unit_id=unit_id, names=name or [], what=what)
    return answered(Listing[LookAlike](items=[LookAlike.model_validate(row) for row in found]))
