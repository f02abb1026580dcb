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
REFUSED = 400  # the first status that says so
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
    digest = _digest(tx, body)
    if _reserved(tx, key, route, digest):
        return None
    found = idempotency.answer(tx, key=key)
    if found is None or found["status"] is None:
        raise RuntimeError("a kept answer is incomplete")
    if found["route"] != route or not hmac.compare_digest(bytes(found["body_hash"]), digest):
        raise Invalid.of(FIELD, USED)
    return Answer(found["status"], found["answer"]["text"], found["headers"])


@dataclass(frozen=True, slots=True)
class Former:
    """What became of a page's form that was sent before. `same`: with the same content, to the same
    address; `settled`: it was answered; `location`: where the answer led, if anywhere."""

    same: bool
    settled: bool
    location: str | None


def take_up_form(tx: Work, *, key: str, route: str, body: bytes) -> bool:
    """False where the form was taken up already, whatever stood in it.

    Two at the same moment: the second waits for the first to commit. Its answer is kept by
    `settle_form`, once it is known.
    """
    return _reserved(tx, key, route, _digest(tx, body))


def settle_form(tx: Work, *, key: str, status: int, location: str | None) -> None:
    """How a form that was taken up was answered. Refused, it may be sent again as it is."""
    if status >= REFUSED:
        idempotency.drop(tx, key=key)
        return
    headers = {} if location is None else {"Location": location}
    keep(tx, key=key, answer=Answer(status, "", headers))


def former_form(tx: Work, *, key: str, route: str, body: bytes) -> Former | None:
    """None where nothing came of it."""
    found = idempotency.answer(tx, key=key)
    if found is None:
        return None
    alike = hmac.compare_digest(bytes(found["body_hash"]), _digest(tx, body))
    return Former(
        same=alike and found["route"] == route,
        settled=found["status"] is not None,
        location=(found["headers"] or {}).get("Location"),
    )


def _reserved(tx: Work, key: str, route: str, digest: bytes) -> bool:
    idempotency.forget(tx, older_than=KEPT)
    return idempotency.reserve(tx, key=key, route=route, body_hash=digest)


def _digest(tx: Work, body: bytes) -> bytes:
    """Keyed, since a body can hold what a plain hash would let somebody guess."""
    return hmac.digest(tx.keys.index, body, hashlib.sha256)


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
