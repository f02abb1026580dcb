"""A request that is sent twice is done once, and both get the same answer.

The answer is kept in the transaction that did the work: either both are there or neither.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.errors import N_, Invalid
from app.repositories import idempotency
from app.repositories.work import Work

KEPT = timedelta(hours=24)
FIELD = "Idempotency-Key"
USED = N_("This key was used for something else already.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the body as it was sent, to the byte."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def taken_up(tx: Work, *, key: str, route: str, body: bytes) -> Answer | None:
    """The answer that this key got before; None if the work is still to be done, by us.

    Two at the same moment: the second waits for the first to commit. Raises Invalid where the
    key was used for something else.
    """
    # Keyed, since a body can hold what a plain hash would let somebody guess.
    digest = hmac.digest(tx.keys.index, body, hashlib.sha256)
    idempotency.forget(tx, older_than=KEPT)
    if idempotency.reserve(tx, key=key, route=route, body_hash=digest):
        return None
    found = idempotency.answer(tx, key=key)
    if found is None or found["status"] is None:
        raise RuntimeError("a kept answer is incomplete")
    if found["route"] != route or not hmac.compare_digest(bytes(found["body_hash"]), digest):
        raise Invalid.of(FIELD, USED)
    return Answer(found["status"], found["answer"]["text"], found["headers"])


def drop(tx: Work, *, key: str) -> None:
    """Nothing was done under it: the next request with this key is a new one."""
    idempotency.drop(tx, key=key)


def keep(tx: Work, *, key: str, answer: Answer) -> None:
    idempotency.keep(
        tx,
        key=key,
        status=answer.status,
        answer={"text": answer.body},
        headers=answer.headers,
    )
