"""For those who run it: does it live, is it ready, how fast is it. No content, no sign-in."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response

from app.core.metrics import CONTENT_TYPE, Measures
from app.routers.deps import Caller, PublicApi
from app.schemas.base import Answered
from app.services import installation

router = APIRouter(include_in_schema=False)


class Health(Answered):
    status: Literal["ok"] = "ok"


@router.get("/healthz")
async def lives() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz")
def ready(caller: Annotated[Caller, PublicApi()]) -> Health:
    """The database answers, and its schema is this program's. Raises Unavailable."""
    with caller.work("health.ready") as tx:
        installation.check_schema(tx)
    return Health()


@router.get("/metrics")
def measured(request: Request) -> Response:
    """Counts and times by route template, as Prometheus reads them."""
    measures: Measures = request.app.state.measures
    return Response(measures.text(), media_type=CONTENT_TYPE)
