"""A serious step has a page of its own: what it does, its form, who will sign it and why they."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.errors import N_, IllegalTransition, Invalid, NotFound, PlumblineError
from app.domain.permissions import Permission
from app.domain.workflow.plans import Action
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import acts, chains, entry, fields, given
from app.routers.pages.entry import Open, Refusal
from app.routers.pages.fields import Around, Shown
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href
from app.routers.parts import Filled, Link
from app.routers.templating import render
from app.services import matters, workflow

router = APIRouter()

Working = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]


@dataclass(frozen=True)
class Step:
    """One step of a matter as the reader could take it. `action` is None where it is gone."""

    it: Open
    around: Around
    action: Action | None
    shown: Sequence[Shown]


def _opened(caller: Caller, tx: Work, matter_id: UUID, event: str) -> Step:
    it = entry.opened(caller, tx, matter_id)
    around = Around(tx, it.reader, workflow.judged(tx, matter_id), event)
    action = workflow.action(tx, around.judged, event)
    return Step(it, around, action, fields.shown(action.fields, around) if action else ())


@router.get("/matters/{matter_id}/act/{event}")
def step_page(request: Request, caller: Working, matter_id: UUID, event: str) -> Response:
    return _page(request, caller, matter_id, event)


@router.post("/matters/{matter_id}/act/{event}")
def take_step(
    request: Request, caller: Working, matter_id: UUID, event: str, form: Form
) -> Response:
    """Take the step, or ask for the signatures that it needs."""
    seen = entry.version_of(form)
    try:
        with caller.work("matters.act") as tx:
            done = _act(caller, tx, matter_id, event, form, seen)
            sees = matters.still_sees(tx, matter_id)
    except entry.AGAIN as error:
        return _page(request, caller, matter_id, event, form, refused=error, seen=seen)
    told = "moved" if done.moved else "asked"
    back = entry.back_to(matter_id, told, sees=sees)
    return RedirectResponse(back if done.moved else f"{back}#signatures", status_code=303)


def _act(
    caller: Caller, tx: Work, matter_id: UUID, event: str, form: Submitted, seen: int
) -> workflow.Done:
    step = _opened(caller, tx, matter_id, event)
    if step.action is None:
        raise IllegalTransition(N_("This step is not possible from the present state."))
    typed = given.given(step.shown, form, step.around)
    try:
        return workflow.act(tx, matter_id, event=event, form=typed.values, seen_version=seen)
    except Invalid as invalid:
        raise typed.located(invalid) from None


def _page(
    request: Request,
    caller: Caller,
    matter_id: UUID,
    event: str,
    form: Submitted | None = None,
    *,
    refused: PlumblineError | None = None,
    seen: int | None = None,
) -> Response:
    with caller.work("matters.step_form") as tx:
        step = _opened(caller, tx, matter_id, event)
        if step.action is None and form is None:
            raise NotFound
        if form is None:
            filled = Filled(fields.filled(step.shown, step.around, _returned(step, event)))
        else:
            filled = entry.refilled(form, refused) if refused else Filled(form.values)
        why = entry.refusal(refused, step.it, seen)
        frame = frame_for(request, caller, tx, current="ledgers")
    return render(
        request,
        "pages/step.html",
        frame=frame,
        form=filled,
        refusal=why,
        status_code=why.status,
        **_words(step, event, why),
    )


def _returned(step: Step, event: str) -> Mapping[str, object] | None:
    """What the reader asked for last by this step, where it was returned to them."""
    me = step.around.tx.actor.account_id
    last = next((each for each in step.it.file.requests if each["event"] == event), None)
    if last is None or last["status"] != "returned":
        return None
    if me != (last["passed_to"] or last["requested_by"]):
        return None
    form: Mapping[str, object] = last["form"]
    return form


def _words(step: Step, event: str, why: Refusal) -> dict[str, object]:
    reader, head, action = step.it.reader, step.it.file.head, step.action
    here = matter_href(head["id"])
    label = reader.step(head["kind"], event)
    return {
        "head": head,
        "crumb": Link(head["number"], here),
        "title": label,
        "sentence": _sentence(reader, step),
        "due": reader.due(head["due_on"]),
        "fields": step.shown,
        "labels": {each.name: each.label for each in step.shown},
        "chain": chains.preview(reader, action.chain) if action else [],
        "missing": [acts.missing(reader, here, reason) for reason in action.reasons]
        if action and not why.reasons
        else [],
        "allowed": action is not None and action.allowed,
        "alone": action is not None and action.alone,
        "button": reader.say(
            N_("{step}: {number}") if action and action.alone else N_("Ask for: {step} {number}"),
            step=label, number=head["number"],
        ),
        "action": f"{here}/act/{event}",
        "cancel": Link(reader.say(N_("Cancel")), here),
        "version": head["version"],
        "record": _record(reader, step, event),
    }  # fmt: skip


def _sentence(reader: Reader, step: Step) -> str:
    """What it does, to what, and what can't be undone."""
    head, action = step.it.file.head, step.action
    if action is None:
        return reader.say(
            N_("{number} has moved on: it is now “{state}”, and this step is no longer open."),
            number=head["number"], state=reader.state(head["kind"], head["state"]),
        )  # fmt: skip
    values = {
        "number": head["number"],
        "title": head["title"],
        "step": action.label.words(reader.locale),
        "state": reader.state(head["kind"], action.to_state),
    }
    stays = action.to_state == head["state"]
    if action.alone and stays:
        return reader.say(N_("{number}, {title}. It is recorded at once and stays."), **values)
    if action.alone:
        return reader.say(
            N_("{number}, {title}. It becomes “{state}” at once; the step stays in its history."),
            **values,
        )
    if stays:
        return reader.say(
            N_("{number}, {title}. Nothing changes until the last signature."), **values
        )
    return reader.say(
        N_("{number}, {title}. With the last signature it becomes “{state}”; until then it waits."),
        **values,
    )


def _record(reader: Reader, step: Step, event: str) -> str:
    """The paper that the step makes, in the procedure's words."""
    head = step.it.file.head
    row = reader.profile.machine(step.it.file.kind).of(event, head["state"])
    return row.record.words(reader.locale) if row is not None and row.record else ""
