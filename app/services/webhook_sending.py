"""Sending to subscribers: what is new is written down first, then sent in its order.

Nothing is sent inside a transaction. What was sent twice, since a worker died in between, has the
same id twice. Per matter the order holds: what fails holds back what follows it on that matter.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.core import crypto, outbound, queue
from app.core.db import Row
from app.core.log import logger
from app.domain import errors
from app.domain import webhooks as words
from app.domain.changes import Change
from app.domain.kinds import Kind
from app.domain.webhooks import State
from app.repositories import webhooks
from app.repositories.work import Office, Work
from app.services import changes
from app.services.changes import Part

LOOK, SEND = "webhooks.look", "webhooks.send"
PART = 200  # items of the feed in one transaction
AT_ONCE = 200  # messages, after which a worker lets others have their turn
UNREACHED = 3  # in a row, after which the receiver is left alone for a while
KEPT = timedelta(days=30)


def are_live(tx: Work) -> bool:
    """Whether there is anything to look for. Needs no session."""
    return webhooks.are_live(tx)


def look_for_changes(office: Office, session: str) -> None:
    """Write down what each subscriber is to be told, and have it sent. For the operator."""
    with office.work(session, use_case="webhooks.look") as tx:
        live = webhooks.live(tx)
        webhooks.forget(tx, older_than=KEPT)
    for row in live:
        cursor = row["cursor"]
        while True:
            part = _write_down(office, session, {**row, "cursor": cursor})
            if part is None or not part.more:
                break
            cursor = part.next
        with office.work(session, use_case="webhooks.look") as tx:
            due = webhooks.are_due(tx, row["id"])
            if due and not queue.is_waiting(tx, SEND, webhook=row["id"]):
                queue.defer(tx, SEND, webhook=row["id"])


def _write_down(office: Office, session: str, row: Row) -> Part | None:
    """A part of its feed; None where it ended, or another worker is at it."""
    key, anew = _opened(office, row, "key"), False
    try:
        with office.work(key, use_case="webhooks.follow") as tx:
            try:
                part = changes.follow(tx, row["cursor"], limit=PART)
            except errors.StartAnew:
                part, anew = changes.follow(tx, None, limit=PART), True
    except (errors.NotSignedIn, errors.Forbidden):
        # Its key was revoked or has run out, or the account lost its role.
        with office.work(session, use_case="webhooks.end") as tx:
            webhooks.end(tx, row["id"])
        logger().info("webhook_ended", webhook_id=str(row["id"]))
        return None
    with office.work(session, use_case="webhooks.look") as tx:
        if not webhooks.move(tx, row["id"], since=row["cursor"], to=part.next):
            return None
        _add(tx, row, part, anew=anew)
    return part


def _add(tx: Work, row: Row, part: Part, *, anew: bool) -> None:
    if anew:
        webhooks.add_delivery(tx, row["id"], matter_id=None, events=[], at=datetime.now(UTC))
    wanted = set(row["events"]) or set(Change)
    for item in part.items:
        events = [each for each in item.events if each in wanted]
        if events:
            webhooks.add_delivery(
                tx, row["id"], matter_id=item.matter_id, events=events, at=item.at
            )


def send(office: Office, session: str, webhook: str, *, inside: bool) -> None:
    """What is due for one subscriber, one after the other. For the operator."""
    with office.work(session, use_case="webhooks.send") as tx:
        row = next((each for each in webhooks.live(tx) if each["id"] == UUID(webhook)), None)
    if row is None:
        return
    unreached = 0
    for _ in range(AT_ONCE):
        if unreached >= UNREACHED:
            break
        with office.work(session, use_case="webhooks.send") as tx:
            taken = webhooks.take(tx, row["id"])
        if taken is None:
            break
        state, status = _send(office, row, taken, inside=inside)
        unreached = 0 if status or state is State.WITHHELD else unreached + 1
        with office.work(session, use_case="webhooks.send") as tx:
            pause = words.pause(taken["attempts"])
            webhooks.settle(tx, taken["id"], state=state, status=status, pause=pause)


def _send(office: Office, row: Row, taken: Row, *, inside: bool) -> tuple[State, int | None]:
    """(what became of it, the answer's status where there was one)."""
    body = _body(office, row, taken)
    if body is None:
        return State.WITHHELD, None
    secret = _opened(office, row, "secret")
    headers = words.headers(secret, taken["id"], datetime.now(UTC), body)
    status, why = None, ""
    try:
        to = outbound.target(row["address"], inside=inside)
        status = outbound.post(to, body, headers, inside=inside, seconds=outbound.SECONDS)
    except outbound.NotAllowed as refused:
        why = refused.code
    except outbound.Unreached as error:
        why = str(error)
    done = status is not None and words.accepted(status)
    logger().info(
        "webhook_sent", webhook_id=str(row["id"]), delivery_id=str(taken["id"]), status=status,
        error=why or None,
    )  # fmt: skip
    return (State.DELIVERED if done else State.WAITING), status


def _body(office: Office, row: Row, taken: Row) -> bytes | None:
    """As its subscriber may know it now; None where they may not."""
    if taken["matter_id"] is None:
        return words.start_anew(taken["at"])
    found = None
    with (
        suppress(errors.NotSignedIn),
        office.work(_opened(office, row, "key"), use_case="webhooks.send") as tx,
    ):
        found = webhooks.of_matter(tx, taken["matter_id"])
    if found is None:
        return None
    events = [Change(each) for each in taken["events"]]
    return words.changed(
        taken["at"], taken["matter_id"], Kind(found["kind"]), found["number"], events
    )


def _opened(office: Office, row: Row, what: str) -> str:
    sealed = bytes(row[f"{what}_sealed"])
    return crypto.unseal(office.keys, sealed, bound_to=f"webhook {what}:{row['id']}")
