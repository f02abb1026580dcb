"""Totals as of any day, what stands behind each figure, and exports of both."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from app.domain.exports import MEDIA, Format, What
from app.domain.permissions import Permission
from app.domain.totals import UNITS, Counts, Standing, Totals
from app.routers.cohorts import cohort_of
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.routers.paging import Paging
from app.schemas.base import Code, Day, Listing, OneLine
from app.schemas.totals import (
    ALONE,
    AS_OF,
    CAMPAIGN,
    KNOWN_ON,
    LEADER,
    METHOD,
    OUTCOME,
    SINCE,
    SOURCE,
    STAGE,
    UNIT,
    UNTIL,
    CohortAsked,
    CountsRead,
    EntryBehind,
    ExportAsked,
    ExportRead,
    MatterBehind,
    MeasureRead,
    SliceRead,
    StageRead,
    TotalsRead,
)
from app.services import exports, totals
from app.services.totals import Place

router = APIRouter(tags=["totals"])

Reader = Annotated[Caller, Api(Permission.TOTALS_READ)]
Exporter = Annotated[Caller, Api(Permission.EXPORT_TOTALS)]
Figure = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", examples=["outstanding"])]


async def _asked(
    as_of: Annotated[Day | None, Query(description=AS_OF, examples=["2018-08-31"])] = None,
    known_on: Annotated[Day | None, Query(description=KNOWN_ON)] = None,
    unit: Annotated[Code | None, Query(description=UNIT)] = None,
    alone: Annotated[bool, Query(description=ALONE)] = False,
    campaign_id: Annotated[UUID | None, Query(description=CAMPAIGN)] = None,
    source: Annotated[Code | None, Query(description=SOURCE, examples=["inspection"])] = None,
    leader: Annotated[OneLine | None, Query(description=LEADER)] = None,
    since: Annotated[Day | None, Query(description=SINCE)] = None,
    until: Annotated[Day | None, Query(description=UNTIL)] = None,
    stage: Annotated[Standing | None, Query(description=STAGE)] = None,
    method: Annotated[Code | None, Query(description=METHOD, examples=["hold"])] = None,
    outcome: Annotated[Code | None, Query(description=OUTCOME, examples=["filed"])] = None,
) -> CohortAsked:
    return CohortAsked(
        as_of=as_of, known_on=known_on, unit=unit, alone=alone, campaign_id=campaign_id,
        source=source, leader=leader, since=since, until=until, stage=stage, method=method,
        outcome=outcome,
    )  # fmt: skip


Asked = Annotated[CohortAsked, Depends(_asked)]

FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {
            media.partition(";")[0]: {
                "schema": {"type": "object"}
                if format is Format.JSON
                else {"type": "string", "format": "binary"}
            }
            for format, media in MEDIA.items()
        },
    }
}


def counts_read(counts: Counts) -> CountsRead:
    amounts = ("recovered", "returned", "remitted", "released", "in_custody")
    held = asdict(counts)
    for name in amounts:
        held[f"{name}_yuan"] = getattr(counts, name).decimal
    return CountsRead.model_validate({**held, "outstanding": counts.outstanding})


def totals_read(found: Totals) -> TotalsRead:
    return TotalsRead(
        as_of=found.cohort.as_of,
        known_on=found.cohort.known_on,
        published=found.published(),
        units=dict(UNITS),
        counts=counts_read(found.counts),
        slices={
            facet: [
                SliceRead(key=each.key, label=each.label, counts=counts_read(each.counts))
                for each in rows
            ]
            for facet, rows in found.slices.items()
        },
        stages=[StageRead.model_validate(each) for each in found.stages],
        measures=[MeasureRead.model_validate(each) for each in found.measures],
        intakes={key: amount.decimal for key, amount in found.intakes.items()},
        outside=found.outside,
    )


@router.get("/totals", response_model=TotalsRead)
def read_totals(caller: Reader, asked: Asked) -> Response:
    """Every figure as of a day, and as known on one, over what the caller may see."""
    with caller.work("totals.read") as tx:
        found = totals.totals(tx, cohort_of(tx, asked))
    return answered(totals_read(found))


@router.get("/totals/{key}/matters", response_model=Listing[MatterBehind])
def read_matters_behind(caller: Reader, key: Figure, asked: Asked, paging: Paging) -> Response:
    """The matters that a figure counts, newest first, among those that the caller may open."""
    after = paging.after("totals.matters", _place)
    with caller.work("totals.open") as tx:
        found = totals.matters_behind(
            tx, cohort_of(tx, asked), key, after=after, limit=paging.wanted
        )
    rows, following = paging.part(
        "totals.matters", found, lambda row: (row["opened_on"], row["id"])
    )
    items = [MatterBehind.model_validate({**row, "alleged": not row["effective"]}) for row in rows]
    return answered(Listing[MatterBehind](items=items, next=following))


@router.get("/totals/{key}/entries", response_model=Listing[EntryBehind])
def read_entries_behind(caller: Reader, key: Figure, asked: Asked, paging: Paging) -> Response:
    """The movements that a figure of money sums, down to each villager's receipt."""
    after = paging.after("totals.entries", _place)
    with caller.work("totals.open") as tx:
        found = totals.entries_behind(
            tx, cohort_of(tx, asked), key, after=after, limit=paging.wanted
        )
    rows, following = paging.part(
        "totals.entries", found, lambda row: (row["happened_on"], row["id"])
    )
    items = [EntryBehind.model_validate(row) for row in rows]
    return answered(Listing[EntryBehind](items=items, next=following))


def _place(day: str, last: str) -> Place:
    return Place(date.fromisoformat(day), UUID(last))


@router.get("/exports", response_model=Listing[ExportRead])
def list_exports(caller: Exporter, paging: Paging) -> Response:
    """What the caller exported, newest first."""
    after = paging.after("exports", lambda at, i: (datetime.fromisoformat(at), UUID(i)))
    with caller.work("exports.list") as tx:
        found = exports.made(tx, after=after, limit=paging.wanted)
    rows, following = paging.part(
        "exports", found, lambda row: (row["recorded_at"].isoformat(), row["id"])
    )
    items = [ExportRead.model_validate(row) for row in rows]
    return answered(Listing[ExportRead](items=items, next=following))


@router.get("/exports/{what}.{format}", responses=FILES, response_class=Response)
def download_export(
    caller: Exporter,
    what: What,
    format: Format,
    asked: Asked,
    key: Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")] = None,
) -> Response:
    """A file with names and identity numbers masked. Each download is recorded."""
    return _exported(caller, asked, what=what, format=format, key=key)


@router.post("/exports", responses=FILES, response_class=Response)
def order_export(caller: Exporter, body: ExportAsked) -> Response:
    """The same; with names, for a reason that stays on record, where the caller has the right."""
    return _exported(
        caller, body, what=body.what, format=body.format, key=body.key, names=body.names,
        reason=body.reason,
    )  # fmt: skip


def _exported(caller: Caller, asked: CohortAsked, **wanted: Any) -> Response:
    with caller.work("exports.order") as tx:
        ordered = exports.order(tx, cohort=cohort_of(tx, asked), locale=caller.locale, **wanted)
    return StreamingResponse(
        exports.stream(caller.office, caller.session, ordered, request_id=caller.request_id),
        media_type=ordered.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{ordered.file_name}"',
            "Cache-Control": "no-store",
        },
    )
