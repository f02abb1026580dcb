"""A meeting's agenda: what may stand on it, what was decided on each matter, what was pulled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain import meetings as rules
from app.domain.errors import N_, Reason
from app.domain.kinds import Kind
from app.domain.workflow.chains import SignStep
from app.repositories import meetings, requests, walls
from app.repositories.work import Work
from app.services import profiles, workflow
from app.services.meetings.drafting import drafted, open_, said

OFFERED = 300
MOST = 60  # matters on one agenda
DECISIONS = ("sign", "return")
NOT_YET = N_("The day of the meeting hasn't come yet.")
GONE = N_("This request is no longer open: pull it from the agenda.")


def offered(tx: Work, chair_id: UUID) -> list[Row]:
    """What waits for a signature that a meeting with this chair may give, among what the actor
    may see; the oldest first."""
    found = meetings.offered(tx, chair_id, limit=OFFERED)
    return [row for row in found if reserved(tx, row) is None]


def reserved(tx: Work, row: Row) -> Reason | None:
    """Why no meeting gives a request's next signature; None where one may."""
    machine = profiles.of(tx, row["profile_id"]).machine(Kind(row["kind"]))
    step = SignStep.from_json(row["chain"][row["next_position"] - 1])
    return rules.reserved(machine.of(row["event"], row["from_state"]), step)


def put_on(tx: Work, meeting_id: UUID, request_id: UUID, *, seen_version: int) -> UUID:
    """A matter whose request waits comes onto the agenda.

    Raises NotFound, Forbidden, Conflict, Stale, and Denied with what keeps the meeting from it.
    """
    row = drafted(tx, meeting_id)
    with errors.named_in("request_id"):
        request = requests.request(tx, request_id)
    meetings.change(tx, row, seen_version)
    if request["status"] != "open":
        raise errors.Conflict(N_("This request is no longer open."))
    if missing := standing(tx, request, row["chair_id"]):
        raise errors.Denied(missing)
    if len(meetings.items(tx, meeting_id)) >= MOST:
        raise errors.Conflict(N_("At most {count} matters on one agenda."), count=MOST)
    return meetings.insert_item(tx, meeting_id=meeting_id, request=request)


def standing(tx: Work, request: Row, chair_id: UUID) -> tuple[Reason, ...]:
    """What keeps a meeting with this chair from giving an open request's next signature."""
    it = workflow.judged(tx, request["matter_id"], request["form"])
    waiting = it.snapshot.request
    if waiting is None:
        return (Reason(GONE),)
    step = waiting.next_step
    row = it.profile.machine(it.snapshot.kind).of(waiting.event, waiting.from_state)
    if (why := rules.reserved(row, step)) is not None:
        return (why,)
    holds = meetings.holds(tx, chair_id, step.role.value, step.path.value)
    lacking = rules.lacks(workflow.situation(tx, it), waiting, chair_id, holds=holds)
    return (lacking,) if lacking else ()


def kept_off(tx: Work, matter_id: UUID, accounts: Iterable[UUID]) -> list[UUID]:
    """Who of some keeps off a matter, as far as the actor may know."""
    walled = {row["account_id"] for row in walls.on_matter(tx, matter_id)}
    return [each for each in accounts if each in walled]


def own_item(tx: Work, meeting_id: UUID, item_id: UUID) -> Row:
    """An item of this meeting that nothing was signed on. Raises NotFound, Conflict."""
    item = meetings.item(tx, item_id)
    if item["meeting_id"] != meeting_id:
        raise errors.NotFound
    if item["pulled"] is not None:
        raise errors.Conflict(N_("This matter was pulled from the agenda."))
    return item


def decide(
    tx: Work,
    meeting_id: UUID,
    item_id: UUID,
    *,
    decision: str,
    reason: str,
    recused: Sequence[UUID] = (),
    request_version: int,
    seen_version: int,
) -> int:
    """Record what the meeting decided on one matter, why, and who left for it.

    `request_version` is the request's as the meeting had it before itself. Raises NotFound,
    Forbidden, Conflict, Stale, Invalid, and Denied before its day, where too few stayed, or where
    the chair can't sign.
    """
    row = drafted(tx, meeting_id)
    item = own_item(tx, meeting_id, item_id)
    gathered = errors.Gathered()
    with gathered.part():
        if decision not in DECISIONS:
            raise errors.Invalid.of("decision", N_("Choose one of those listed."))
    with gathered.part():
        reason = said(reason)
    present = [each["account_id"] for each in meetings.attendance(tx, meeting_id)]
    with gathered.part():
        if any(each not in present for each in recused):
            raise errors.Invalid.of("recused", N_("Only who is present leaves for an item."))
    gathered.refuse()
    version = meetings.change(tx, row, seen_version)
    if row["held_on"] > tx.today:
        raise errors.Denied((Reason(NOT_YET),))
    if item["request_status"] != "open":
        raise errors.Conflict(GONE)
    if item["request_version"] != request_version:
        raise errors.Stale
    lacking = list(standing(tx, item, row["chair_id"]))
    away = {*recused, *kept_off(tx, item["matter_id"], present)}
    least = rules.quorum(profiles.of(tx, item["profile_id"]))
    if 1 + len(set(present) - away) < least:
        few = N_("Too few stay for this matter: {least} at least, the chair among them.")
        lacking.append(Reason(few, {"least": str(least)}))
    if lacking:
        raise errors.Denied(tuple(lacking))
    meetings.set_recusals(tx, item, list(dict.fromkeys(recused)))
    meetings.decide(tx, item, decision=decision, reason=reason, seen_version=request_version)
    return version


def pull(tx: Work, meeting_id: UUID, item_id: UUID, *, reason: str, seen_version: int) -> int:
    """Take a matter off the agenda, until the chair has signed. A recorder who has signed already
    signs once more, since the minutes are others now.

    Raises NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    row = open_(tx, meeting_id)
    if tx.actor.account_id not in (row["recorder_id"], row["chair_id"]):
        raise errors.Forbidden(N_("Only its recorder or its chair pulls a matter."))
    item = own_item(tx, meeting_id, item_id)
    why = said(reason)
    version = meetings.change(tx, row, seen_version, status="drafted")
    meetings.pull(tx, item, why)
    return version
