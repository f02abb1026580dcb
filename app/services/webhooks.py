"""Subscriptions: a program of somebody's is told at its own address that something happened.

It is told of what its subscriber may see when the message is sent, by a key of the subscription's
own. A second person, an administrator, confirms each before anything is sent.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core import crypto, outbound
from app.core.db import Row
from app.core.ids import new_id
from app.domain import errors
from app.domain import webhooks as words
from app.domain.changes import Change
from app.domain.errors import N_
from app.domain.permissions import Permission
from app.repositories import webhooks
from app.repositories.work import Work
from app.services import keys

MOST = 10
REASONS = {
    "malformed": N_("An address looks like https://example.org/plumbline."),
    "not-https": N_("An address begins with https://."),
    "inside": N_("This address lies inside a private network, where nothing is sent."),
}


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """`secret` is shown once: by it the receiver knows that a message is ours."""

    id: UUID
    secret: str


def subscribe(
    tx: Work, *, name: str, address: str, events: Sequence[Change], days: int, inside: bool
) -> NewWebhook:
    """`events` are those wanted, none meaning all. Waits for an administrator.

    Raises Invalid, NotFresh, Forbidden for whoever reads no history, Conflict beyond `MOST`.
    """
    if not (tx.actor.reads_content and tx.actor.may(Permission.MATTERS_READ)):
        raise errors.Forbidden(N_("Your role reads no history: ask the lists again instead."))
    try:
        outbound.target(address, inside=inside)
    except outbound.NotAllowed as refused:
        raise errors.Invalid.of("address", REASONS[refused.code]) from None
    if len(webhooks.mine(tx)) >= MOST:
        raise errors.Conflict(N_("You have {most} webhooks: end one that isn't used."), most=MOST)
    key = keys.make_key(tx, name=name, scope=[Permission.MATTERS_READ], days=days)
    webhook_id = new_id()
    secret = words.BEGINS + base64.b64encode(secrets.token_bytes(32)).decode()
    webhooks.insert(
        tx, webhook_id, name=name, address=address, events=sorted(set(events)), key_id=key.id,
        key_sealed=crypto.seal(tx.keys, key.secret, bound_to=f"webhook key:{webhook_id}"),
        secret_sealed=crypto.seal(tx.keys, secret, bound_to=f"webhook secret:{webhook_id}"),
    )  # fmt: skip
    return NewWebhook(webhook_id, secret)


def list_mine(tx: Work) -> list[Row]:
    return webhooks.mine(tx)


def read_mine(tx: Work, webhook_id: UUID) -> Row:
    """Raises NotFound."""
    for row in webhooks.mine(tx):
        if row["id"] == webhook_id:
            return row
    raise errors.NotFound


def list_all(tx: Work) -> list[Row]:
    """Everybody's, for administrators."""
    return webhooks.everybodys(tx)


def confirm(tx: Work, webhook_id: UUID) -> None:
    """Needs fresh authentication. Raises Conflict to its subscriber, and where nothing waits."""
    webhooks.confirm(tx, webhook_id)


def end(tx: Work, webhook_id: UUID) -> None:
    """At once, and its key with it. Raises NotFound."""
    if not webhooks.end(tx, webhook_id):
        raise errors.NotFound


def deliveries(tx: Work, webhook_id: UUID, *, before: int | None, limit: int) -> list[Row]:
    """What was sent and will be, the newest first. Raises NotFound."""
    read_mine(tx, webhook_id)
    return webhooks.deliveries(tx, webhook_id, before=before, limit=limit)


def send_again(tx: Work, webhook_id: UUID, delivery_id: UUID) -> None:
    """Under its own id, so that who had it knows it. Raises NotFound."""
    read_mine(tx, webhook_id)
    if not webhooks.send_again(tx, webhook_id, delivery_id):
        raise errors.NotFound
