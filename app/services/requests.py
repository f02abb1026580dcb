"""Signing and returning requests, one hand at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.correcting import CORRECT
from app.domain.errors import N_, Reason
from app.domain.profile.fields import FormField
from app.domain.workflow import engine, forms, signing
from app.domain.workflow.chains import SignStep
from app.domain.workflow.plans import Corrected, Move, Plan, Signed
from app.repositories import matters, requests, walls
from app.repositories.requests import Waiting
from app.repositories.work import Work
from app.services import corrections, effects, workflow
from app.services.workflow import Done, OnPaper


def open_request(tx: Work, request_id: UUID) -> Row:
    """Raises NotFound."""
    return requests.request(tx, request_id)


def open_on(tx: Work, matter_id: UUID) -> Row | None:
    """The request that waits on a matter, if one does."""
    return requests.open_request(tx, matter_id)


def founding(tx: Work, request_id: UUID) -> tuple[Row, list[Row], list[Row]] | None:
    """The request on another matter by which a case began: its row, signatures and sittings.

    None where the actor may not see that matter.
    """
    try:
        row = requests.request(tx, request_id)
    except errors.NotFound:
        return None
    signed = requests.signatures(tx, [request_id])
    return row, signed, requests.committee_decisions(tx, row["matter_id"])


def waiting(tx: Work, *, after: Waiting | None = None, limit: int) -> list[Row]:
    """What waits for the actor's own signature, oldest first: up to `limit` behind `after`."""
    return requests.waiting_for(tx, after=after, limit=limit)


def waiting_count(tx: Work) -> int:
    """How many requests wait for the actor's signature."""
    return requests.count_waiting(tx)


def place(tx: Work, request: Row) -> tuple[int, int]:
    """(place of a request among those that wait for the actor, how many these are)."""
    before = requests.count_before(tx, (request["requested_on"], request["id"]))
    return before + 1, requests.count_waiting(tx)


def waits_for_me(tx: Work, request_id: UUID) -> bool:
    """Whether the actor's own signature is the next one."""
    return requests.waits_for(tx, request_id)


def signed_by_me(tx: Work, *, after: datetime | None = None, limit: int) -> list[Row]:
    """What the actor signed or returned, newest first, each with the reason."""
    return requests.signed_by(tx, after=after, limit=limit)


def signed_in_all(tx: Work) -> tuple[int, int]:
    """How many answers of the actor's there are: (by their own hand, on paper)."""
    return requests.count_signed(tx)


def next_signers(tx: Work, request: Row) -> list[Row]:
    """Who could sign next: their names and logins, but for those who keep off the matter, as far as
    the actor may know. Empty once nobody is waited for."""
    if request["status"] != "open":
        return []
    step = request["chain"][request["next_position"] - 1]
    able = requests.signers(
        tx,
        request["id"],
        role=step["role"],
        path=step["path"],
        account_id=UUID(step["account"]) if step.get("account") else None,
    )
    kept_off = {row["account_id"] for row in walls.on_matter(tx, request["matter_id"])}
    return [row for row in able if row["id"] not in kept_off]


def fields_to_sign(tx: Work, it: workflow.Judged, request: Row) -> tuple[FormField, ...]:
    """What the next signer fills in: a committee's sitting, and what the last one names."""
    row = it.profile.machine(it.snapshot.kind).of(request["event"], request["from_state"])
    if row is None or request["status"] != "open":
        return ()
    step = SignStep.from_json(request["chain"][request["next_position"] - 1])
    last = step.position == len(request["chain"])
    return forms.sign_fields_of(workflow.situation(tx, it), row, step.body, last=last)


def hindrances(tx: Work, request: Row, it: workflow.Judged | None = None) -> tuple[Reason, ...]:
    """What is still missing before the actor can sign a request that waits for them."""
    it = it or workflow.judged(tx, request["matter_id"], request["form"])
    waiting_ = it.snapshot.request
    if waiting_ is None or waiting_.id != request["id"]:
        return ()
    return signing.hindered(it.profile, it.snapshot, waiting_, tx.actor, it.facts, tx.today)


def signatures(tx: Work, request_ids: Sequence[UUID]) -> list[Row]:
    return requests.signatures(tx, request_ids)


def sign(
    tx: Work,
    request_id: UUID,
    *,
    reason: str,
    form: Mapping[str, object] | None = None,
    seen_version: int | None = None,
    study: Row | None = None,
) -> Done:
    """Sign as the next in the chain; the last signature carries the step out.

    `form` is what a committee's secretary records of the sitting; `study` the item of a meeting's
    agenda that its chair signs. Locks the matter. Raises NotFound, Stale, Conflict where it is no
    longer open, Forbidden, Denied, Invalid.
    """
    return _answer(tx, request_id, "sign", reason, form or {}, seen_version, study=study)


def return_(
    tx: Work,
    request_id: UUID,
    *,
    reason: str,
    seen_version: int | None = None,
    study: Row | None = None,
) -> Done:
    """Send the request back to whoever asked, with the reason; the limit keeps running."""
    return _answer(tx, request_id, "return", reason, {}, seen_version, study=study)


def _answer(
    tx: Work,
    request_id: UUID,
    verdict: engine.Verdict,
    reason: str,
    form: Mapping[str, object],
    seen_version: int | None,
    on_paper: OnPaper | None = None,
    study: Row | None = None,
) -> Done:
    request = requests.locked(tx, request_id)
    if request["status"] != "open":
        raise errors.Conflict(N_("This request is no longer open."))
    if seen_version is not None and request["version"] != seen_version:
        raise errors.Stale
    gathered = errors.Gathered()
    with gathered.part():
        _refuse_long(reason)
    it = workflow.judged(tx, request["matter_id"], request["form"])
    waiting_ = it.snapshot.request
    if waiting_ is None or waiting_.id != request_id:
        raise errors.Conflict(N_("This request is no longer open."))
    plan: Plan | None = None
    with gathered.part():
        plan = engine.sign(
            it.profile,
            it.snapshot,
            waiting_,
            on_paper.signer if on_paper else tx.actor,
            verdict,
            it.facts,
            tx.today,
            reason=reason.strip(),
            form=form,
        )
    gathered.refuse()
    if isinstance(plan, Signed):
        return _passed_on(tx, it, request, _met(plan, study), on_paper, study)
    if isinstance(plan, Corrected):
        workflow.write_signature(tx, request, plan.signature)
        return corrections.carry_out(tx, it, request, plan)
    if not isinstance(plan, Move):
        raise TypeError("an answer to a request asks for nothing")
    told = _told(on_paper, study if verdict == "return" else None)
    plan = replace(_met(plan, study), form={**plan.form, **told})
    return workflow.carry_out(tx, it, plan, request=request, on_paper=on_paper)


def _refuse_long(reason: str) -> None:
    if len(reason) > workflow.REASON_LIMIT:
        raise errors.Invalid.of(
            "reason", N_("At most {limit} characters."), limit=workflow.REASON_LIMIT
        )


P = TypeVar("P", Move, Signed)


def _met(plan: P, study: Row | None) -> P:
    """The same, marked as decided in a study meeting."""
    if study is None or plan.signature is None:
        return plan
    return replace(plan, signature=replace(plan.signature, study_item=study["id"]))


def _told(on_paper: OnPaper | None, study: Row | None) -> dict[str, str]:
    """What a step's own row says of a hand that isn't its actor's, or of the meeting behind it."""
    told = {"on_paper": on_paper.signer.name} if on_paper else {}
    return told | ({"met_on": study["held_on"].isoformat()} if study else {})


def sign_on_paper(
    tx: Work, request_id: UUID, verdict: engine.Verdict, *, reason: str, on_paper: OnPaper
) -> Done:
    """A signature that stands on a paper, in the signer's place: the actor has compared it.

    Raises what signing does, of the signer.
    """
    return _answer(tx, request_id, verdict, reason, {}, None, on_paper)


def _passed_on(
    tx: Work,
    it: workflow.Judged,
    request: Row,
    plan: Signed,
    on_paper: OnPaper | None,
    study: Row | None,
) -> Done:
    workflow.write_signature(tx, request, plan.signature, on_paper)
    if plan.sitting:
        effects.record_sitting(tx, request, plan.sitting)
    # The version moves first: handing the turn on may hide the matter from whoever signed.
    version = matters.touch(
        tx,
        it.snapshot.id,
        event="signed",
        seen_version=it.head["version"],
        reason=plan.signature.reason,
        form={
            "step": request["event"],
            "role": plan.signature.role,
            **_field(request),
            **_told(on_paper, study),
        },
    )
    step = plan.next_step
    requests.move_on(
        tx, request, position=step.position, role=step.role.value, path=step.path.value
    )
    return Done(
        matter_id=it.snapshot.id, version=version, state=it.snapshot.state, request_id=request["id"]
    )


def _field(request: Row) -> dict[str, object]:
    """Which field a request is to correct, for the history."""
    return {"field": request["form"].get("field")} if request["event"] == CORRECT else {}


def is_mine(tx: Work, request: Row) -> bool:
    """Whether it is the actor who asked, or whom the request was passed to."""
    return bool((request["passed_to"] or request["requested_by"]) == tx.actor.account_id)


def take_back(tx: Work, request_id: UUID, *, seen_version: int | None = None) -> Done:
    """The requester, or who stands in their place, withdraws it before the first signature.

    Raises Forbidden, Conflict, Stale.
    """
    request = requests.locked(tx, request_id)
    if not is_mine(tx, request):
        raise errors.Forbidden(N_("Only who asked takes a request back."))
    if request["status"] != "open":
        raise errors.Conflict(N_("This request is no longer open."))
    if seen_version is not None and request["version"] != seen_version:
        raise errors.Stale
    return workflow.act(tx, request["matter_id"], event="take_back")
