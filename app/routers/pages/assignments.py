"""Assigning several matters of a list with one form, and what became of each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.core.ids import new_id
from app.domain.errors import N_, FieldError, Forbidden, Invalid, Reason
from app.domain.kinds import Kind
from app.domain.name_order import by_pinyin
from app.domain.permissions import Permission
from app.domain.profile.fields import FieldType
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import asked as words
from app.routers.pages.asked import Asked
from app.routers.pages.entry import id_in
from app.routers.pages.fields import Shown
from app.routers.pages.frame import frame_for
from app.routers.pages.present import ADDRESSES, KIND_NAMES, Reader, place, task_on
from app.routers.pages.watches import moment_words
from app.routers.parts import Choice, Filled, Link, Task
from app.routers.templating import render
from app.services import assignments, lists, units, workflow
from app.services.assignments import HANDED, MOST, Sent, Step

router = APIRouter()

Working = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

RESULT = "/assignments/{id}"
OUTCOMES: Mapping[str, str] = {
    "moved": N_("Done."),
    "there": N_("Taken off the team; whoever takes it is on the team already."),
    "asked": N_("Asked for: it waits for signatures."),
    "": N_("Not reached: the connection or the server broke off. Send the form again."),
}
UNSEEN = N_("One that isn’t there for you: nothing was done.")


@router.get("/leads/assign")
def assign_leads_page(request: Request, caller: Working) -> Response:
    return _page(request, caller, Kind.LEAD)


@router.get("/petitions/assign")
def assign_petitions_page(request: Request, caller: Working) -> Response:
    return _page(request, caller, Kind.PETITION)


@router.post("/leads/assign")
def assign_leads(request: Request, caller: Working, form: Form) -> Response:
    return _assign(request, caller, Kind.LEAD, form)


@router.post("/petitions/assign")
def assign_petitions(request: Request, caller: Working, form: Form) -> Response:
    return _assign(request, caller, Kind.PETITION, form)


def beside(tx: Work, reader: Reader, asked: Asked) -> list[Link]:
    """The ways from a list to assigning several of it, for whoever may."""
    return [
        Link(
            reader.say(N_("Several: {step}"), step=step.row.label.words(reader.locale)),
            _here(asked, step.event),
        )
        for step in assignments.steps(tx, asked.kind)
    ]


def _here(asked: Asked, event: str) -> str:
    query = {"step": event, **asked.chosen()}
    return f"{ADDRESSES[asked.kind]}/assign?{urlencode(query)}"


# The form -----------------------------------------------------------------------------------------


def _page(
    request: Request, caller: Caller, kind: Kind, form: Filled | None = None, status: int = 200
) -> Response:
    asked = Asked.of(kind, request.query_params)
    with caller.work("assignments.form") as tx:
        reader = Reader.of(caller, tx)
        step = _step(tx, kind, request.query_params.get("step", ""))
        lists.refuse_unknown(tx, kind, request.query_params)
        wanted = lists.wanted(tx, asked)
        rows = assignments.assignable(tx, wanted, step) if wanted is not None else []
        fields = _fields(tx, reader, step, rows)
        frame = frame_for(request, caller, tx, current="ledgers")
        earlier = [_earlier(tx, reader, row) for row in assignments.recent(tx, kind)]
        conditions = words.conditions(tx, asked, reader, wanted)
    return render(
        request, "pages/assign.html", frame=frame, status_code=status,
        title=step.row.label.words(reader.locale),
        crumb=Link(reader.say(KIND_NAMES[kind]), asked.href()),
        under=_under(reader, kind, conditions),
        choices=[_choice(reader, row) for row in rows[:MOST]],
        more=len(rows) > MOST, most=MOST,
        fields=fields, labels={each.name: each.label for each in fields},
        form=form or Filled(), action=_here(asked, step.event), run=new_id(),
        asks=not step.row.alone, earlier=earlier,
        cancel=Link(reader.say(N_("Cancel")), asked.href()),
    )  # fmt: skip


def _step(tx: Work, kind: Kind, event: str) -> Step:
    """Raises Forbidden for whoever may not ask for it."""
    found = next((each for each in assignments.steps(tx, kind) if each.event == event), None)
    if found is None:
        raise Forbidden(N_("This step is not yours to take."))
    return found


def _under(reader: Reader, kind: Kind, conditions: Sequence[Link]) -> str:
    chosen = reader.joined([each.text for each in conditions])
    name = reader.say(KIND_NAMES[kind])
    return reader.say(N_("{kind}: {name}"), kind=name, name=chosen) if chosen else name


def _choice(reader: Reader, row: Row) -> Choice:
    due = i18n.table_date(row["due_on"]) if row["due_on"] else ""
    said = [row["number"], row["title"], place(row), due]
    return Choice(f"{row['id']} {row['version']}", reader.listed([each for each in said if each]))


def _fields(tx: Work, reader: Reader, step: Step, rows: Sequence[Row]) -> list[Shown]:
    """The step's own form, without what only some of its matters need."""
    found = []
    for each in step.fields:
        choices: Sequence[Choice] = ()
        if each.type is FieldType.DEPARTMENT:
            choices = [
                Choice(
                    str(row["id"]),
                    reader.say(N_("{name} ({role})"), name=row["name"], role=row["heads"]),
                )
                for row in units.departments(tx)
            ]
        elif each.type is FieldType.ACCOUNT and rows:
            handlers = workflow.judged(tx, rows[0]["id"]).facts.handlers or {}
            ordered = sorted(handlers.items(), key=lambda pair: (by_pinyin(pair[1]), pair[0]))
            choices = [Choice(str(key), name) for key, name in ordered]
        hint = each.hint.words(reader.locale) if each.hint else ""
        label = each.label.words(reader.locale)
        found.append(Shown(field=each, label=label, hint=hint, choices=tuple(choices)))
    return found


def _earlier(tx: Work, reader: Reader, row: Row) -> Link:
    when = moment_words(reader, tx, row["begun_at"])
    text = reader.count(
        N_("{moment}: {count} matter"), N_("{moment}: {count} matters"), row["matters"], moment=when
    )
    return Link(text, RESULT.format(id=row["id"]))


def _assign(request: Request, caller: Caller, kind: Kind, form: Submitted) -> Response:
    """The same form sent twice is one sending; changed and sent again it is another."""
    try:
        with caller.work("assignments.begin") as tx:
            step = _step(tx, kind, request.query_params.get("step", ""))
            sent = _sent(kind, step, form)
            key = f"{form.text('run')[:36]} {hashlib.sha256(sent.digest(tx)).hexdigest()}"
            assignment_id = assignments.begin(tx, sent, key=key)
    except Invalid as invalid:
        return _page(request, caller, kind, Filled.refused(form.values, invalid), 422)
    assignments.carry_out(caller.work, assignment_id, sent)
    return RedirectResponse(RESULT.format(id=assignment_id), status_code=303)


def _sent(kind: Kind, step: Step, form: Submitted) -> Sent:
    """Raises Invalid for what the form lacks whatever the matter."""
    missing = Reason(N_("This has to be filled in."))
    values: dict[str, Any] = {each.name: form.text(each.name) for each in step.fields}
    wrong = [FieldError(name, missing) for name, value in values.items() if not value]
    chosen = form.texts("items")
    if not form.text("reason"):
        wrong.append(FieldError("reason", Reason(N_("Say why."))))
    if not chosen:
        wrong.insert(0, FieldError("items", Reason(N_("Choose at least one."))))
    if wrong:
        raise Invalid(*wrong)
    items = [_item(each) for each in chosen]
    return Sent(kind=kind, event=step.event, form=values, reason=form.text("reason"), items=items)


def _item(text: str) -> tuple[UUID, int | None]:
    matter, _, version = text.partition(" ")
    if not version.isdecimal() or len(version) > 9:
        raise Invalid.of("items", N_("Choose one of those listed."))
    return id_in(matter, "items"), int(version)


# What became of them ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Became:
    """One heading's matters: done, asked for, refused."""

    heading: str
    tasks: Sequence[Task]


@router.get("/assignments/{assignment_id}")
def read_assignment(request: Request, caller: Working, assignment_id: UUID) -> Response:
    with caller.work("assignments.read") as tx:
        reader = Reader.of(caller, tx)
        result = assignments.result(tx, assignment_id)
        frame = frame_for(request, caller, tx, current="ledgers")
        when = moment_words(reader, tx, result.row["begun_at"])
    title, crumb, again = _about(reader, result.row)
    return render(
        request, "pages/assigned.html", frame=frame, title=title, crumb=crumb, again=again,
        under=reader.say(N_("Sent {moment}. Each matter was taken on its own."), moment=when),
        parts=_parts(reader, result.items),
    )  # fmt: skip


def _about(reader: Reader, row: Row) -> tuple[str, Link, Link]:
    """(the result's title, the list that it came from, where the next is begun)."""
    if row["event"] == HANDED:
        back = Link(reader.say(N_("Hand-over list")), "/hand-overs")
        return reader.say(N_("Hand over")), back, back
    kind = Kind(row["kind"])
    again = Link(reader.say(N_("Assign others")), _here(Asked.of(kind, {}), row["event"]))
    return (
        reader.step(kind, row["event"]),
        Link(reader.say(KIND_NAMES[kind]), ADDRESSES[kind]),
        again,
    )


def _parts(reader: Reader, items: Sequence[Row]) -> list[Became]:
    """What needs a look first."""
    headings = (
        ("refused", N_("Refused: {count}")),
        ("", N_("Not reached: {count}")),
        ("asked", N_("Asked for: {count}")),
        ("moved", N_("Done: {count}")),
        ("there", N_("On the team already: {count}")),
    )
    found = []
    for outcome, heading in headings:
        rows = [row for row in items if (row["outcome"] or "") == outcome]
        if rows:
            text = reader.say(heading, count=i18n.count(len(rows)))
            found.append(Became(text, [_task(reader, row) for row in rows]))
    return found


def _task(reader: Reader, row: Row) -> Task:
    if row["matter_id"] is None:
        return Task(text=reader.say(UNSEEN))
    if row["problem"] is None:
        lines = [reader.say(OUTCOMES[row["outcome"] or ""])]
    else:
        lines = _reasons(reader, row["problem"])
    href = f"/matters/{row['matter_id']}"
    return task_on(row, Link(reader.say(N_("Open")), href), lines=lines)


def _reasons(reader: Reader, problem: Mapping[str, Any]) -> list[str]:
    """In the words that a single step would have been refused with."""
    said = [*problem["errors"], *problem["reasons"]] or [problem]
    return [reader.reason(Reason(each["message"], each["values"])) for each in said]
