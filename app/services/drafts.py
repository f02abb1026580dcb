"""Forms that were begun: nothing typed is lost, whatever ends in the middle.

A draft is its writer's alone, sealed under the key file, and behind the policy of the matter that
its form is about. A window that saves what another one saved since it was opened begins a draft of
its own: neither overwrites the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import crypto
from app.core.db import Row
from app.core.ids import new_id
from app.core.log import logger
from app.domain.errors import N_, Conflict, Invalid, NotFound
from app.repositories import drafts, matters
from app.repositories.work import Office, Work

MOST = 50  # drafts of one account
LONGEST = 100_000  # bytes of one draft
LISTED = 100

_ON_A_MATTER = ("/matters/", "/money/")

Values = Mapping[str, str | list[str]]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Draft:
    """What was typed into the form at `address`. `number` is that of the matter it is about."""

    id: UUID
    address: str
    version: int
    saved_at: datetime
    values: Values
    number: str | None = None


def begun_at(tx: Work, address: str) -> list[Draft]:
    """The actor's drafts of one form, newest first."""
    return _opened(tx, drafts.begun_at(tx, address))


def mine(tx: Work) -> list[Draft]:
    """All of the actor's, newest first."""
    return _opened(tx, drafts.mine(tx, limit=LISTED))


def count(tx: Work) -> int:
    return drafts.count(tx)


def save(
    tx: Work, *, draft_id: UUID | None, version: int, address: str, values: Values
) -> tuple[UUID, int]:
    """Keeps what is typed so far; the draft's key and version to save it by the next time.

    Raises Invalid for what is too long, Conflict where too many are kept already, and NotFound for
    a form on a matter that the actor doesn't see, or no longer.
    """
    text = json.dumps(values, ensure_ascii=False)
    if len(text.encode()) > LONGEST:
        raise Invalid.of("draft", N_("This is too long to be kept as a draft."))
    if draft_id is not None:
        sealed = crypto.seal(tx.keys, text, bound_to=_bound(draft_id))
        if drafts.replace(tx, draft_id=draft_id, address=address, version=version, sealed=sealed):
            return draft_id, version + 1
    matter_id = _matter_of(tx, address)
    if matter_id is None and address.startswith(_ON_A_MATTER):
        raise NotFound
    if drafts.count(tx) >= MOST:
        raise Conflict(N_("You keep {most} drafts already. Throw one away first."), most=MOST)
    made = new_id()
    drafts.insert(
        tx,
        draft_id=made,
        address=address,
        matter_id=matter_id,
        sealed=crypto.seal(tx.keys, text, bound_to=_bound(made)),
    )
    return made, 1


def discard(tx: Work, draft_id: UUID) -> None:
    """It was sent: that it is gone already is no fault."""
    drafts.delete(tx, draft_id)


def throw_away(tx: Work, draft_id: UUID) -> bool:
    """With a way back for an hour. False where it is gone already, which is no fault."""
    return drafts.throw_away(tx, draft_id)


def bring_back(tx: Work, draft_id: UUID) -> str:
    """The address of its form. Raises NotFound after an hour, Conflict where too many are kept."""
    if drafts.count(tx) >= MOST:
        raise Conflict(N_("You keep {most} drafts already. Throw one away first."), most=MOST)
    address = drafts.bring_back(tx, draft_id)
    if address is None:
        raise NotFound
    return address


def keep_for_former(
    office: Office, *, session: str, address: str, values: Values, request_id: str
) -> bool:
    """What was sent when its sign-in had run out meanwhile: a draft of whoever was signed in.

    False where that session was ended by somebody, or long ago, and for what is too long.
    """
    made = new_id()
    text = json.dumps(values, ensure_ascii=False)
    if len(text.encode()) > LONGEST:
        return False
    with office.work(None, use_case="drafts.keep_for_former", request_id=request_id) as tx:
        sealed = crypto.seal(tx.keys, text, bound_to=_bound(made))
        return drafts.keep_for_former(
            tx, session=session, draft_id=made, address=address, sealed=sealed, most=MOST
        )


def _matter_of(tx: Work, address: str) -> UUID | None:
    """The matter that a form's address names, as far as the actor sees it."""
    named = (UUID(each) for each in _UUID.findall(address))
    return next((each for each in named if matters.sees(tx, each)), None)


def _opened(tx: Work, rows: list[Row]) -> list[Draft]:
    found = []
    for row in rows:
        try:
            text = crypto.unseal(tx.keys, bytes(row["sealed"]), bound_to=_bound(row["id"]))
        except crypto.SealBroken:
            logger().warning("draft_unreadable", account_id=str(tx.actor.account_id))
            continue
        found.append(
            Draft(
                id=row["id"],
                address=row["address"],
                version=row["version"],
                saved_at=tx.moment_of(row["saved_at"]),
                values=json.loads(text),
                number=row["number"],
            )
        )
    return found


def _bound(draft_id: UUID) -> str:
    return f"draft:{draft_id}"
