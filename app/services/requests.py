"""Signing and returning requests, one hand at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.workflow import engine
from app.domain.workflow.plans import Move, Signed
from app.repositories import facts as fact_rows
from app.repositories import matters, requests
from app.repositories.work import Work
from app.services import facts, workflow
from app.services.workflow import Done


def open_request(tx: Work, request_id: UUID) -> Row:
    """Raises NotFound."""
    return requests.request(tx, request_id)


def waiting(tx: Work) -> list[Row]:
    """What waits for the actor's own signature, oldest first."""
    return requests.waiting_for(tx)


def signatures(tx: Work, request_ids: Sequence[UUID]) -> list[Row]:
    return requests.signatures(tx, request_ids)


def sign(
    tx: Work,
    request_id: UUID,
    *,
    reason: str,
    form: Mapping[str, object] | None = None,
    seen_version: int | None = None,
) -> Done:
    """Sign as the next in the chain; the last signature carries the step out.

    `form` is what a committee's secretary records of the sitting. Locks the matter. Raises
    NotFound, Stale, Conflict where it is no longer open, Forbidden, Denied, Invalid.
    """
    return _answer(tx, request_id, "sign", reason, form or {}, seen_version)


def return_(tx: Work, request_id: UUID, *, reason: str, seen_version: int | None = None) -> Done:
    """Send the request back to whoever asked, with the reason; the limit keeps running."""
    return _answer(tx, request_id, "return", reason, {}, seen_version)


def _answer(
    tx: Work,
    request_id: UUID,
    verdict: str,
    reason: str,
    form: Mapping[str, object],
    seen_version: int | None,
) -> Done:
    request = requests.request(tx, request_id)
    fact_rows.lock(tx, request["matter_id"])
    request = requests.request(tx, request_id)
    if request["status"] != "open":
        raise errors.Conflict(N_("This request is no longer open."))
    if seen_version is not None and request["version"] != seen_version:
        raise errors.Stale
    if not reason.strip():
        raise errors.Invalid.of("reason", N_("Say why."))
    if len(reason) > workflow.REASON_LIMIT:
        raise errors.Invalid.of(
            "reason", N_("At most {limit} characters."), limit=workflow.REASON_LIMIT
        )
    it = workflow.judged(tx, request["matter_id"], request["form"])
    plan = engine.sign(
        it.profile, it.snapshot, facts.request_snapshot(tx, request), tx.actor, verdict, it.facts,
        tx.today, reason=reason.strip(), form=form,
    )  # fmt: skip
    _write_signature(tx, request, plan)
    if isinstance(plan, Signed):
        return _passed_on(tx, it, request, plan)
    if plan.request_ends == "returned":
        return _returned(tx, it, request, plan)
    requests.end(tx, request, "approved")
    return workflow.carry_out(tx, it, plan, request=request)


def _write_signature(tx: Work, request: Row, plan: Signed | Move) -> None:
    made = plan.signature
    if made is None:
        raise TypeError("an answer to a request without a signature")
    requests.insert_signature(
        tx,
        request=request,
        position=made.position,
        act=made.act.value,
        role=made.role,
        verdict=made.verdict,
        reason=made.reason or "",
    )


def _passed_on(tx: Work, it: workflow.Judged, request: Row, plan: Signed) -> Done:
    # The version moves first: handing the turn on may hide the matter from whoever signed.
    version = matters.touch(
        tx,
        it.snapshot.id,
        event="signed",
        seen_version=it.head["version"],
        reason=plan.signature.reason,
        form={"step": request["event"], "role": plan.signature.role},
    )
    step = plan.next_step
    requests.move_on(
        tx, request, position=step.position, role=step.role.value, path=step.path.value
    )
    return Done(
        matter_id=it.snapshot.id, version=version, state=it.snapshot.state, request_id=request["id"]
    )


def _returned(tx: Work, it: workflow.Judged, request: Row, plan: Move) -> Done:
    version = matters.touch(
        tx,
        it.snapshot.id,
        event="returned",
        seen_version=it.head["version"],
        reason=plan.reason,
        form={"step": request["event"]},
    )
    requests.end(tx, request, "returned")
    return Done(matter_id=it.snapshot.id, version=version, state=it.snapshot.state)


def take_back(tx: Work, request_id: UUID, *, seen_version: int | None = None) -> Done:
    """The requester withdraws it before the first signature. Raises Forbidden, Conflict, Stale."""
    request = requests.request(tx, request_id)
    fact_rows.lock(tx, request["matter_id"])
    request = requests.request(tx, request_id)
    if request["requested_by"] != tx.actor.account_id:
        raise errors.Forbidden(N_("Only who asked takes a request back."))
    if request["status"] != "open":
        raise errors.Conflict(N_("This request is no longer open."))
    if seen_version is not None and request["version"] != seen_version:
        raise errors.Stale
    if fact_rows.signatures(tx, request_id):
        raise errors.Conflict(N_("Somebody has signed it: it can only be returned."))
    requests.end(tx, request, "taken_back")
    version = matters.touch(
        tx, request["matter_id"], event="taken_back", form={"step": request["event"]}
    )
    return Done(matter_id=request["matter_id"], version=version, state=request["state"])
