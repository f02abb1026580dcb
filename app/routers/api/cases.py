"""Cases that no lead led to."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.permissions import Clearance, Permission
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once
from app.routers.validation import fields_within
from app.schemas.cases import CasePropose
from app.schemas.requests import Acted
from app.services import cases
from app.services.openings import Reported

router = APIRouter(prefix="/cases", tags=["cases"])


@router.post("", status_code=201, response_model=Acted, responses=LOCATED)
def propose_case(
    caller: Annotated[Caller, Api(Permission.MONEY_RECORD)], once: Once, body: CasePropose
) -> Response:
    """Propose to file a case without a lead; it waits for signatures from the start."""
    with caller.work("cases.propose") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            with fields_within("form", body):
                done = cases.propose_case(
                    tx,
                    title=body.title,
                    unit_id=body.unit_id,
                    brief=body.brief,
                    form=body.form,
                    reason=body.reason,
                    subjects=[Reported(**each.model_dump()) for each in body.subjects],
                    classification=Clearance(body.classification),
                )
            slot.keep(
                Acted.model_validate(done),
                version=done.version,
                location=f"/api/v1/matters/{done.matter_id}",
            )
    return slot.response()
