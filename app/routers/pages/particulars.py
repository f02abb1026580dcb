"""What is entered on a matter beside its steps: notes, people, statements, what is owed, money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.errors import N_, Invalid, NotFound
from app.domain.ledger import INTAKES, Intake
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry, sections
from app.routers.pages.entry import Entry, Open, day_of, id_of, known, version_of
from app.routers.pages.present import Reader
from app.routers.parts import Choice, Filled
from app.services import fund_items, involved, matters, repeats
from app.services.fund_items import NewItem
from app.services.openings import Reported

router = APIRouter()

Working = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

NOTE = Entry(
    "pages/note.html", N_("Add a note"), N_("A note on {number}. It can't be taken out later."),
    N_("Add the note"), "/notes/new", "noted",
)  # fmt: skip


@router.get("/matters/{matter_id}/notes/new")
def new_note(request: Request, caller: Working, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, NOTE)


@router.post("/matters/{matter_id}/notes/new")
def add_note(request: Request, caller: Working, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        return matters.add_note(tx, matter_id, text=form.text("text"))

    return entry.post(request, caller, matter_id, NOTE, form, do)


# People -------------------------------------------------------------------------------------------


def ranks(reader: Reader) -> list[Choice]:
    rows = reader.profile.ranks.items()
    return [Choice(key, rank.label.words(reader.locale)) for key, rank in rows]


def _people(it: Open) -> Mapping[str, object]:
    return {"ranks": ranks(it.reader), "yes_no": entry.yes_no(it.reader)}


PERSON = Entry(
    "pages/person_add.html", N_("Add a person or organisation"),
    N_("Somebody else whom {number} is about. Enter no more than the matter needs."),
    N_("Add to {number}"), "/people/new", "person_added", _people,
)  # fmt: skip


def reported(form: Submitted) -> Reported:
    """A person or organisation, as a form names them."""
    return Reported(
        name=form.text("name") or None,
        organisation=form.text("organisation") == "yes",
        position=form.text("position") or None,
        rank=form.text("rank") or None,
        alleged=form.text("alleged") or None,
        member=known(form, "member"),
        public_employee=known(form, "public_employee"),
    )


@router.get("/matters/{matter_id}/people/new")
def new_person(request: Request, caller: Working, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, PERSON)


@router.post("/matters/{matter_id}/people/new")
def add_person(request: Request, caller: Working, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        if not form.text("name"):
            raise Invalid.of("name", N_("Give the name as it was reported."))
        seen = version_of(form)
        return involved.add_subject(tx, matter_id, reported(form), seen_version=seen)

    return entry.post(request, caller, matter_id, PERSON, form, do)


# What the register of cases asks of each person ------------------------------------------------

REGISTER = Entry(
    "pages/person_register.html", N_("Complete the register"),
    N_("What the register of cases asks of each person of {number}, and nothing else hangs on."),
    N_("Record for the register"), "/people/register", "described",
    lambda it: {**_subjects(it), "yes_no": entry.yes_no(it.reader)},
)  # fmt: skip


@router.get("/matters/{matter_id}/people/register")
def describing(request: Request, caller: Working, matter_id: UUID) -> Response:
    """Begun with what is recorded of the one whom `of` names."""
    begun = Filled()
    with caller.work("matters.form") as tx:
        for row in matters.open_matter(tx, matter_id).people:
            if str(row["id"]) == request.query_params.get("of", ""):
                begun = Filled(
                    {"involvement_id": str(row["id"])}
                    | {name: entry.as_known(row[name]) for name in ("eight_rules", "confessed")}
                )
    return entry.show(request, caller, matter_id, REGISTER, begun)


@router.post("/matters/{matter_id}/people/register")
def describe(request: Request, caller: Working, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> None:
        involved.describe_subject(
            tx,
            matter_id,
            id_of(form, "involvement_id"),
            changes={name: known(form, name) for name in ("eight_rules", "confessed")},
            seen_version=version_of(form),
        )

    return entry.post(request, caller, matter_id, REGISTER, form, do)


# Statements ---------------------------------------------------------------------------------------


def _subjects(it: Open) -> Mapping[str, object]:
    subjects = [row for row in it.file.people if row["part"] == "subject"]
    return {"people": [Choice(str(row["id"]), row["name"] or "") for row in subjects]}


STATEMENT = Entry(
    "pages/statement.html", N_("Record a statement"),
    N_("What a person says to the facts of {number}. A decision waits for it, and for its answer."),
    N_("Record the statement"), "/statements/new", "statement", _subjects,
)  # fmt: skip
ANSWER = Entry(
    "pages/statement_answer.html", N_("Answer a statement"),
    N_("The answer to what a person said in {number}. Nobody is treated worse for what they say."),
    N_("Record the answer"), "/statements/{statement_id}/answer", "answered",
    lambda it: {"statements": {str(row["id"]): row for row in it.file.statements}},
)  # fmt: skip


@router.get("/matters/{matter_id}/statements/new")
def new_statement(request: Request, caller: Working, matter_id: UUID) -> Response:
    begun = Filled({"involvement_id": request.query_params.get("of", "")})
    return entry.show(request, caller, matter_id, STATEMENT, begun)


@router.post("/matters/{matter_id}/statements/new")
def record_statement(request: Request, caller: Working, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        return involved.record_statement(
            tx,
            matter_id,
            involvement_id=id_of(form, "involvement_id"),
            said=form.text("said"),
            said_on=day_of(form, "said_on"),
        )

    return entry.post(request, caller, matter_id, STATEMENT, form, do)


@router.get("/matters/{matter_id}/statements/{statement_id}/answer")
def new_answer(request: Request, caller: Working, matter_id: UUID, statement_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, ANSWER, statement_id=statement_id)


@router.post("/matters/{matter_id}/statements/{statement_id}/answer")
def answer_statement(
    request: Request, caller: Working, matter_id: UUID, statement_id: UUID, form: Form
) -> Response:
    def do(tx: Work) -> None:
        involved.answer_statement(
            tx,
            matter_id,
            statement_id,
            answer=form.text("answer"),
            answered_on=day_of(form, "answered_on"),
            seen_version=version_of(form),
        )

    return entry.post(request, caller, matter_id, ANSWER, form, do, statement_id=statement_id)


# What is owed -------------------------------------------------------------------------------------


def _tasks(it: Open) -> Mapping[str, object]:
    return {
        "tasks": {
            str(row["id"]): (sections.task_label(it.reader, it.file.kind, row["kind"]), row)
            for row in it.file.tasks
        }
    }


TASK = Entry(
    "pages/task.html", N_("Record as done"),
    N_("What is owed to people in {number}. Closing waits for it."),
    N_("Record as done"), "/tasks/{task_id}", "task_done", _tasks,
)  # fmt: skip


@router.get("/matters/{matter_id}/tasks/{task_id}")
def open_task(request: Request, caller: Working, matter_id: UUID, task_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, TASK, task_id=task_id)


@router.post("/matters/{matter_id}/tasks/{task_id}")
def finish_task(
    request: Request, caller: Working, matter_id: UUID, task_id: UUID, form: Form
) -> Response:
    def do(tx: Work) -> None:
        seen = version_of(form)
        involved.finish_task(tx, matter_id, task_id, how=form.text("how"), seen_version=seen)

    return entry.post(request, caller, matter_id, TASK, form, do, task_id=task_id)


# Money and property taken in ----------------------------------------------------------------------


def _items(it: Open) -> Mapping[str, object]:
    return {
        **_subjects(it),
        "intakes": [Choice(key, it.reader.say(label)) for key, label in INTAKES.items()],
        "forms": [
            Choice("money", it.reader.say(N_("money"))),
            Choice("property", it.reader.say(N_("property"))),
        ],
    }


ITEM = Entry(
    "pages/item_new.html", N_("Log something taken in"),
    N_("Money or property taken in for {number}: one item, one card. Describe it, don't judge it."),
    N_("Log the item"), "/items/new", "logged", _items,
)  # fmt: skip


@router.get("/matters/{matter_id}/items/new")
def new_item(request: Request, caller: Working, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, ITEM)


@router.post("/matters/{matter_id}/items/new")
def log_item(request: Request, caller: Working, matter_id: UUID, form: Form) -> Response:
    try:
        with caller.work("fund_items.log") as tx:
            item_id = fund_items.create_fund_item(tx, matter_id, _new_item(form))
    except entry.AGAIN as error:
        again = entry.refilled(form, error)
        return entry.show(request, caller, matter_id, ITEM, again, refused=error)
    return RedirectResponse(f"/matters/{item_id}?done=logged", status_code=303)


def _new_item(form: Submitted) -> NewItem:
    return NewItem(
        intake=Intake(entry.one_of(form, "intake", set(Intake))),
        description=form.text("description"),
        form="property" if form.text("form") == "property" else "money",
        holder=id_of(form, "holder") if form.text("holder") else None,
        found_on=day_of(form, "found_on"),
    )


# Possible repeats ---------------------------------------------------------------------------------


@router.post("/repeats/{repeat_id}")
def decide_repeat(caller: Working, repeat_id: UUID, form: Form) -> Response:
    """The same matter or two; whoever decides comes back to the matter that they looked at."""
    decision = form.text("decision")
    with caller.work("repeats.decide") as tx:
        if decision == "same":
            pair = repeats.decide(tx, repeat_id, "same")
        elif decision == "different":
            pair = repeats.decide(tx, repeat_id, "different")
        else:
            raise NotFound
    looked_at = form.text("back")
    back = looked_at if looked_at == str(pair["other_id"]) else pair["matter_id"]
    return RedirectResponse(f"/matters/{back}?done=repeat#repeats", status_code=303)
