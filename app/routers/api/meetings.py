"""Study meetings: drawn up by a recorder, decided, signed by recorder and chair."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.core import i18n
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing
from app.schemas.meetings import (
    MeetingDecision,
    MeetingDraft,
    MeetingItemRead,
    MeetingListed,
    MeetingRead,
    MeetingReason,
    OfferedRead,
    OnAgenda,
    PresentRead,
    RecusedRead,
)
from app.services import meetings
from app.services.meetings import Place

router = APIRouter(prefix="/meetings", tags=["requests"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]
Recorder = Annotated[Caller, Api(Permission.MEETINGS_RECORD)]
Signer = Annotated[Caller, Api(Permission.REQUESTS_SIGN)]


@router.get("", response_model=Listing[MeetingListed])
def list_meetings(caller: Reader, paging: Paging) -> Response:
    """Those that the caller may know of, the newest first."""
    after = paging.after("meetings", lambda day, key: (date.fromisoformat(day), UUID(key)))
    with caller.work("meetings.list") as tx:
        found = meetings.listed(tx, after=after, limit=paging.wanted)
    rows, following = paging.part("meetings", found, lambda row: (row["held_on"], row["id"]))
    items = [MeetingListed.model_validate(row) for row in rows]
    return answered(Listing[MeetingListed](items=items, next=following))


@router.post("", status_code=201, response_model=MeetingRead, responses=LOCATED)
def draft_meeting(caller: Recorder, once: Once, body: MeetingDraft) -> Response:
    """Draw a meeting up that the caller records and somebody else chairs."""
    with caller.work("meetings.draft") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            meeting_id = meetings.draft(tx, **dict(body))
            made = _read(tx, meeting_id, caller.locale)
            slot.keep(made, version=made.version, location=f"/api/v1/meetings/{meeting_id}")
    return slot.response()


@router.get("/{meeting_id}", response_model=MeetingRead)
def read_meeting(caller: Reader, meeting_id: UUID) -> Response:
    """Who was there, and of its agenda what the caller may see."""
    with caller.work("meetings.read") as tx:
        found = _read(tx, meeting_id, caller.locale)
    return answered(found, version=found.version)


@router.put("/{meeting_id}", response_model=MeetingRead)
def change_meeting(
    caller: Recorder, meeting_id: UUID, seen: SeenVersion, body: MeetingDraft
) -> Response:
    """Another day, other people: by its recorder, before they sign."""
    with caller.work("meetings.change") as tx:
        meetings.change(tx, meeting_id, **dict(body), seen_version=seen)
        found = _read(tx, meeting_id, caller.locale)
    return answered(found, version=found.version)


@router.get("/{meeting_id}/offered", response_model=Listing[OfferedRead])
def list_offered_requests(caller: Recorder, meeting_id: UUID) -> Response:
    """What waits for the chair's signature and a meeting may decide: the oldest three hundred."""
    with caller.work("meetings.offered") as tx:
        chair = meetings.read(tx, meeting_id).head["chair_id"]
        rows = meetings.offered(tx, chair)
    return answered(Listing[OfferedRead](items=[OfferedRead.model_validate(row) for row in rows]))


@router.post("/{meeting_id}/items", status_code=201, response_model=MeetingRead)
def put_on_agenda(
    caller: Recorder, once: Once, meeting_id: UUID, seen: SeenVersion, body: OnAgenda
) -> Response:
    """A matter whose request waits comes onto the agenda."""
    with caller.work("meetings.put_on") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            meetings.put_on(tx, meeting_id, body.request_id, seen_version=seen)
            found = _read(tx, meeting_id, caller.locale)
            slot.keep(found, version=found.version)
    return slot.response()


@router.post("/{meeting_id}/items/{item_id}/decide", response_model=MeetingRead)
def decide_item(
    caller: Recorder, meeting_id: UUID, item_id: UUID, seen: SeenVersion, body: MeetingDecision
) -> Response:
    """Record what the meeting decided on one matter, why, and who left for it."""
    with caller.work("meetings.decide") as tx:
        meetings.decide(tx, meeting_id, item_id, **dict(body), seen_version=seen)
        found = _read(tx, meeting_id, caller.locale)
    return answered(found, version=found.version)


@router.post("/{meeting_id}/items/{item_id}/pull", response_model=MeetingRead)
def pull_item(
    caller: Signer, meeting_id: UUID, item_id: UUID, seen: SeenVersion, body: MeetingReason
) -> Response:
    """Take a matter off the agenda: by recorder or chair, until the chair has signed."""
    with caller.work("meetings.pull") as tx:
        meetings.pull(tx, meeting_id, item_id, reason=body.reason, seen_version=seen)
        found = _read(tx, meeting_id, caller.locale)
    return answered(found, version=found.version)


@router.post("/{meeting_id}/sign", response_model=MeetingRead)
def sign_minutes(caller: Signer, meeting_id: UUID, seen: SeenVersion) -> Response:
    """The recorder's signature, or the chair's after it. With the chair's, each matter is signed
    by itself; `items` say what became of it."""
    with caller.work("meetings.sign") as tx:
        if records := meetings.read(tx, meeting_id).records:
            meetings.record(tx, meeting_id, seen_version=seen)
        else:
            meetings.sign(tx, meeting_id, seen_version=seen)
    if not records:
        meetings.carry_out(caller.work, meeting_id)
    return read_meeting(caller, meeting_id)


@router.post("/{meeting_id}/send-back", response_model=MeetingRead)
def send_minutes_back(caller: Signer, meeting_id: UUID, seen: SeenVersion) -> Response:
    """Undo the recorder's signature, so that the minutes can be mended: by recorder or chair."""
    with caller.work("meetings.send_back") as tx:
        meetings.send_back(tx, meeting_id, seen_version=seen)
        found = _read(tx, meeting_id, caller.locale)
    return answered(found, version=found.version)


@router.post("/{meeting_id}/carry-on", response_model=MeetingRead, responses={409: {}})
def carry_on_meeting(caller: Signer, meeting_id: UUID) -> Response:
    """Sign the matters that are left, where it was interrupted after the chair had signed."""
    meetings.carry_out(caller.work, meeting_id)
    return read_meeting(caller, meeting_id)


@router.post("/{meeting_id}/call-off", response_model=MeetingRead)
def call_off_meeting(
    caller: Signer, meeting_id: UUID, seen: SeenVersion, body: MeetingReason
) -> Response:
    """It decides nothing, and its matters are free again: by recorder or chair."""
    with caller.work("meetings.call_off") as tx:
        meetings.call_off(tx, meeting_id, reason=body.reason, seen_version=seen)
        found = _read(tx, meeting_id, caller.locale)
    return answered(found, version=found.version)


def _read(tx: Work, meeting_id: UUID, locale: str) -> MeetingRead:
    it = meetings.read(tx, meeting_id)
    return MeetingRead.model_validate(
        {
            **it.head,
            "present": [PresentRead.model_validate(row) for row in it.present],
            "items": [_item(place, locale) for place in it.places],
        }
    )


def _item(place: Place, locale: str) -> MeetingItemRead:
    why = place.row["result_reason"]
    return MeetingItemRead.model_validate(
        {
            **place.row,
            "recused": [RecusedRead.model_validate(row) for row in place.recused],
            "missing": [i18n.translate(locale, r.message, r.values) for r in place.missing],
            "refused_because": i18n.translate(locale, why["message"], why.get("values") or {})
            if why
            else None,
        }
    )
