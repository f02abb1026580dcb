"""A meeting's minutes: signed by its recorder, then by its chair, who signs each matter singly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain import meetings as rules
from app.domain.errors import N_, PlumblineError, Reason
from app.repositories import meetings
from app.repositories.work import Work
from app.services import profiles, requests
from app.services.meetings.agenda import GONE, NOT_YET, kept_off, reserved
from app.services.meetings.drafting import drafted, open_, said

Opening = Callable[[str], AbstractContextManager[Work]]
# What a matter's own signature is refused for; anything else is a fault, and it waits.
REFUSALS = (
    errors.NotFound,
    errors.Conflict,
    errors.Forbidden,
    errors.Denied,
    errors.Invalid,
    errors.IllegalTransition,
    errors.Stale,
)


def record(tx: Work, meeting_id: UUID, *, seen_version: int) -> int:
    """The recorder signs the minutes: every matter has its decision, or was pulled.

    Raises NotFound, Forbidden, Conflict, Stale, Denied with what is missing.
    """
    row = drafted(tx, meeting_id)
    items = [each for each in meetings.items(tx, meeting_id) if each["pulled"] is None]
    if missing := unready(tx, row, items):
        raise errors.Denied(missing)
    present = [each["account_id"] for each in meetings.attendance(tx, meeting_id)]
    for item in items:
        declared = {
            each["account_id"] for each in meetings.recusals(tx, meeting_id)
            if (each["item_id"], each["cause"]) == (item["id"], "declared")
        }  # fmt: skip
        left = [each for each in kept_off(tx, item["matter_id"], present) if each not in declared]
        meetings.set_recusals(tx, item, left, cause="kept_off")
    return meetings.change(tx, row, seen_version, status="recorded")


def unready(tx: Work, head: Row, items: Sequence[Row]) -> tuple[Reason, ...]:
    """What keeps the recorder from signing a drafted meeting's minutes."""
    live = [each for each in items if each["pulled"] is None]
    missing = [Reason(NOT_YET)] if head["held_on"] > tx.today else []
    if not live:
        missing.append(Reason(N_("There is no matter on the agenda.")))
    missing += [
        Reason(N_("{number} has no decision yet: decide on it, or pull it."), {"number": number})
        for number in (each["number"] for each in live if each["decision"] is None)
    ]
    return tuple(missing)


def too_few(tx: Work, present: Sequence[Row]) -> Reason | None:
    """Said as soon as a meeting is drawn up; each decision counts anew who stayed for it."""
    least = rules.quorum(profiles.current(tx)[1])
    if 1 + len(present) >= least:
        return None
    words = N_(
        "Who is there: {count}, the chair among them and the recorder apart. For each matter"
        " {least} at least have to stay: put down who else comes."
    )
    return Reason(words, {"count": str(1 + len(present)), "least": str(least)})


def send_back(tx: Work, meeting_id: UUID, *, seen_version: int) -> int:
    """The chair, or the recorder themselves, undoes the recorder's signature: something is to be
    mended. Raises NotFound, Forbidden, Conflict, Stale."""
    row = open_(tx, meeting_id)
    if tx.actor.account_id not in (row["recorder_id"], row["chair_id"]):
        raise errors.Forbidden(N_("Only its recorder or its chair sends the minutes back."))
    if row["status"] != "recorded":
        raise errors.Conflict(N_("The recorder hasn't signed yet."))
    return meetings.change(tx, row, seen_version, status="drafted")


def sign(tx: Work, meeting_id: UUID, *, seen_version: int) -> int:
    """The chair signs the minutes; `carry_out` then signs each matter.

    Raises NotFound, Forbidden, Conflict, Stale.
    """
    row = open_(tx, meeting_id)
    if row["chair_id"] != tx.actor.account_id:
        raise errors.Forbidden(N_("Only the chair signs a meeting's decisions."))
    if row["status"] != "recorded":
        raise errors.Conflict(N_("The recorder signs the minutes first."))
    version = meetings.change(tx, row, seen_version, status="signed")
    meetings.refuse_unseen(tx, meeting_id, rules.UNSEEN)
    return version


def carry_out(work: Opening, meeting_id: UUID) -> None:
    """Sign what a signed meeting decided, each matter in a transaction of its own; again where it
    was interrupted. `work` opens one as the chair. Raises NotFound, Forbidden, Conflict."""
    with work("meetings.carry_out") as tx:
        row = meetings.meeting(tx, meeting_id)
        if row["chair_id"] != tx.actor.account_id:
            raise errors.Forbidden(N_("Only the chair signs a meeting's decisions."))
        if row["status"] != "signed":
            raise errors.Conflict(N_("The minutes are not signed yet."))
        waiting = [each["id"] for each in meetings.items(tx, meeting_id) if _waits(each)]
    for item_id in waiting:
        _carry_out_one(work, item_id)
    with work("meetings.refuse_unseen") as tx:
        meetings.refuse_unseen(tx, meeting_id, rules.UNSEEN)


def _waits(item: Row) -> bool:
    return item["pulled"] is None and item["result"] is None


def _carry_out_one(work: Opening, item_id: UUID) -> None:
    try:
        with work("meetings.sign_item") as tx:
            _sign_one(tx, item_id)
    except REFUSALS as refused:
        with work("meetings.refuse_item") as tx:
            _refuse_one(tx, item_id, _why(refused))


def _sign_one(tx: Work, item_id: UUID) -> None:
    item = meetings.item(tx, item_id, lock=True)
    if not _waits(item):
        return  # in another window
    if item["request_status"] != "open":
        raise errors.Conflict(N_("This request is no longer open."))
    if item["request_version"] != item["seen_version"]:
        raise errors.Conflict(N_("The request has changed since the meeting decided on it."))
    if (why := reserved(tx, item)) is not None:
        raise errors.Denied((why,))
    answer = requests.return_ if item["decision"] == "return" else requests.sign
    done = answer(
        tx,
        item["request_id"],
        reason=item["reason"],
        seen_version=item["seen_version"],
        study=item,
    )
    if item["decision"] == "return":
        result = "returned"
    else:
        result = "carried_out" if done.moved else "passed_on"
    meetings.set_result(tx, item_id, result)


def _refuse_one(tx: Work, item_id: UUID, why: Reason) -> None:
    try:
        item = meetings.item(tx, item_id, lock=True)
    except errors.NotFound:
        return  # a wall came between: `refuse_unseen` says so to everybody else
    if _waits(item):
        meetings.set_result(tx, item_id, "refused", why)


def _why(refused: PlumblineError) -> Reason:
    if isinstance(refused, errors.Denied) and refused.reasons:
        return refused.reasons[0]
    if isinstance(refused, errors.Invalid) and refused.errors:
        return refused.errors[0].reason
    return refused.reason


__all__ = ["GONE", "Opening", "carry_out", "record", "said", "send_back", "sign"]
