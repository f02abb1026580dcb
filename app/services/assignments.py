"""Assigning several matters with one form: each by the ordinary engine, in its own transaction.

Nothing is signed here: a step that takes signatures is asked for, matter by matter, and whoever
signs reads each. What was sent twice is done once: an item is locked, and settled in the very
transaction that assigned it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.errors import (
    N_,
    Denied,
    IllegalTransition,
    Invalid,
    NotFound,
    NotSignedIn,
    PlumblineError,
    Unavailable,
)
from app.domain.kinds import Kind
from app.domain.profile.fields import FieldType, FormField
from app.domain.profile.model import Machine, Transition
from app.domain.workflow.plans import Effect
from app.repositories import assignments, matters
from app.repositories.work import Work
from app.services import idempotency, leavers, profiles, workflow, worklists
from app.services.worklists import Filter

MOST = 200
RECENT = 5
KINDS = (Kind.LEAD, Kind.PETITION)
ANY, HANDED = "any", "handed_to"  # of a hand-over, in place of a kind and its step
_EFFECTS = {Effect.ASSIGN.value, Effect.NAME_HANDLER.value}
_NAMES = {FieldType.DEPARTMENT, FieldType.ACCOUNT}

Opening = Callable[[str], AbstractContextManager[Work]]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One form for several matters, each with the version that its sender saw, if they say so."""

    kind: Kind
    event: str
    form: Mapping[str, Any]
    reason: str | None
    items: Sequence[tuple[UUID, int | None]]

    def digest(self, tx: Work) -> bytes:
        return _digest(tx, [self.kind.value, self.event, self.form, self.reason, self.items])


@dataclass(frozen=True, kw_only=True)
class HandedOn:
    """What somebody holds or held on several matters, given to one person."""

    account_id: UUID
    to_account: UUID
    reason: str
    items: Sequence[UUID]

    def digest(self, tx: Work) -> bytes:
        return _digest(tx, [self.account_id, self.to_account, self.reason, self.items])


def _digest(tx: Work, said: list[Any]) -> bytes:
    """Keyed, since a form can hold what a plain hash would let somebody guess."""
    text = json.dumps(said, default=str, sort_keys=True).encode()
    return hmac.digest(tx.keys.index, text, hashlib.sha256)


@dataclass(frozen=True)
class Step:
    """A step by which matters are assigned, with what its form must hold for all of them."""

    row: Transition
    fields: tuple[FormField, ...]

    @property
    def event(self) -> str:
        return self.row.event


def steps(tx: Work, kind: Kind) -> list[Step]:
    """Those that the actor's roles ask for, by the procedure that new matters follow."""
    _, profile = profiles.current(tx)
    if kind not in KINDS or not profile.has(kind):
        return []
    held = {grant.role for grant in tx.actor.grants}
    machine = profile.machine(kind)
    return [
        Step(row, _fields(machine, row))
        for row in machine.transitions
        if _assigns(machine, row)
        and any(profile.roles[code].role in held for code in row.requested_by)
    ]


def _assigns(machine: Machine, row: Transition) -> bool:
    return (
        not row.shared
        and not row.by_system
        and bool(_EFFECTS.intersection(row.effects))
        and any(field.type in _NAMES for field in _fields(machine, row))
    )


def _fields(machine: Machine, row: Transition) -> tuple[FormField, ...]:
    """What is the same for all of them: what only some need is asked on their own pages."""
    form = machine.forms.get(row.form) if row.form else None
    return tuple(field for field in form.fields if field.required) if form else ()


def assignable(tx: Work, wanted: Filter, step: Step) -> list[Row]:
    """Of a filtered list what waits for this step and for no signature: one more than MOST at
    most."""
    states = tuple(s for s in step.row.from_ if wanted.states is None or s in wanted.states)
    if not states:
        return []
    found = worklists.page(tx, replace(wanted, states=states, open=True), limit=MOST)
    return [row for row in found if row["request_id"] is None]


def recent(tx: Work, kind: Kind) -> list[Row]:
    """The actor's last sendings, newest first."""
    return assignments.recent(tx, kind, limit=RECENT)


def begin(tx: Work, sent: Sent, *, key: str) -> UUID:
    """Takes the list down, once: the same key gives the same sending again.

    Raises Invalid for a step that assigns nothing, an empty or too long list, and for a key that
    came with something else.
    """
    _check(tx, sent)
    digest = sent.digest(tx)
    return _begun(tx, key, digest, (sent.kind.value, sent.event), list(dict(sent.items).items()))


def _begun(
    tx: Work,
    key: str,
    digest: bytes,
    what: tuple[str, str],
    items: Sequence[tuple[UUID, int | None]],
) -> UUID:
    kind, event = what
    assignment_id = assignments.begin(tx, key=key, digest=digest, kind=kind, event=event)
    if assignment_id is not None:
        assignments.insert_items(tx, assignment_id, items)
        return assignment_id
    known = assignments.known(tx, key)
    if known is None or not hmac.compare_digest(bytes(known["digest"]), digest):
        raise Invalid.of(idempotency.FIELD, idempotency.USED)
    found: UUID = known["id"]
    return found


def _check(tx: Work, sent: Sent) -> None:
    _, profile = profiles.current(tx)
    known = sent.kind in KINDS and profile.has(sent.kind)
    machine = profile.machine(sent.kind) if known else None
    if machine is None or not any(
        row.event == sent.event and _assigns(machine, row) for row in machine.transitions
    ):
        raise Invalid.of("event", N_("This step assigns nothing."))
    _check_length(sent.items)


def _check_length(items: Sequence[object]) -> None:
    if not items:
        raise Invalid.of("items", N_("Choose at least one."))
    if len(items) > MOST:
        raise Invalid.of("items", N_("At most {most} at once."), most=MOST)


def begin_hand_over(tx: Work, handed: HandedOn, *, key: str) -> UUID:
    """As `begin`. Raises Invalid for an empty or too long list, and for an unknown account."""
    _check_length(handed.items)
    leavers.refuse_unknown(tx, handed.to_account)
    items = [(each, None) for each in dict.fromkeys(handed.items)]
    return _begun(tx, key, handed.digest(tx), (ANY, HANDED), items)


def carry_out(opening: Opening, assignment_id: UUID, sent: Sent | HandedOn) -> None:
    """Each that waits, in a transaction of its own: one that is refused leaves the others done."""
    with opening("assignments.waiting") as tx:
        waiting = assignments.waiting(tx, assignment_id)
    for item_id in waiting:
        try:
            with opening("assignments.assign") as tx:
                _assign(tx, item_id, sent)
        except (NotSignedIn, Unavailable):
            raise  # the rest waits for the same sending to come again
        except PlumblineError as refused:
            with opening("assignments.refuse") as tx:
                if assignments.take(tx, item_id) is not None:
                    assignments.settle(tx, item_id, "refused", problem_of(refused))


def _assign(tx: Work, item_id: UUID, sent: Sent | HandedOn) -> None:
    item = assignments.take(tx, item_id)
    if item is None:
        return
    if item["matter_id"] is None:
        raise NotFound
    if isinstance(sent, HandedOn):
        became = leavers.becomes(
            tx, item["matter_id"], sent.account_id, to_account=sent.to_account, leaving=True
        )
        assignments.settle(tx, item_id, became)
        leavers.hand_on(
            tx, item["matter_id"], sent.account_id, to_account=sent.to_account,
            reason=sent.reason, leaving=True,
        )  # fmt: skip
        return
    head = matters.matter(tx, item["matter_id"])
    row = profiles.of(tx, head["profile_id"]).machine(sent.kind).of(sent.event, head["state"])
    if row is None:
        raise IllegalTransition(N_("This step is not possible from the present state."))
    # Before the step, which may take the matter out of its actor's sight.
    assignments.settle(tx, item_id, "moved" if row.alone else "asked")
    workflow.act(
        tx, item["matter_id"], event=sent.event, form=sent.form, reason=sent.reason,
        seen_version=item["seen_version"],
    )  # fmt: skip


def problem_of(refused: PlumblineError) -> dict[str, Any]:
    """Why, as texts that are translated where they are shown."""
    errors = refused.errors if isinstance(refused, Invalid) else ()
    reasons = refused.reasons if isinstance(refused, Denied) else ()
    return {
        "code": refused.code,
        "status": refused.status,
        "message": refused.reason.message,
        "values": dict(refused.reason.values),
        "errors": [
            {"field": e.field, "message": e.reason.message, "values": dict(e.reason.values)}
            for e in errors
        ],
        "reasons": [{"message": r.message, "values": dict(r.values)} for r in reasons],
    }


@dataclass(frozen=True)
class Result:
    """What became of each, in the order in which they were sent."""

    row: Row
    items: Sequence[Row]


def result(tx: Work, assignment_id: UUID) -> Result:
    """One's own. Raises NotFound."""
    row = assignments.one(tx, assignment_id)
    if row is None:
        raise NotFound
    return Result(row, assignments.items(tx, assignment_id))
