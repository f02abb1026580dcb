"""The hand-over list: what somebody left behind, by who left, and giving it to somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.core.db import Row
from app.domain.errors import N_, Invalid, PlumblineError
from app.domain.ledgers.families import Family
from app.domain.permissions import Permission
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.delegations import colleagues
from app.routers.pages.desk_parts import Made
from app.routers.pages.entry import id_in
from app.routers.pages.frame import frame_for
from app.routers.pages.import_words import FAMILIES
from app.routers.pages.present import Reader, number_link
from app.routers.parts import Choice, Filled, Link, Task
from app.routers.templating import render
from app.services import accounts, desks, leavers
from app.services.leavers import Handed

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

HERE = "/hand-overs"
WHAT: Mapping[str, str] = {
    "handler": N_("handles it"),
    "member": N_("is on the team"),
    "request": N_("asked for something that waits for signatures"),
    "custody": N_("keeps its money or property"),
    "release": N_("asked for what is sealed of it"),
    "grant": N_("was let see it for a time"),
    "logged": N_("logged it, and nobody took it up"),
    "import": N_("began to take it in, and didn’t finish"),
}
MOST = 200


@router.get(HERE)
def list_left_over(request: Request, caller: Reading) -> Response:
    return _page(request, caller, Filled(), 200, ())


@router.post(HERE)
def hand_on(request: Request, caller: Reading, form: Form) -> Response:
    """One or several, each on its own; the page says what became of each."""
    try:
        chosen = [_item(each) for each in form.texts("items")[:MOST]]
        if not chosen:
            raise Invalid.of("items", N_("Choose at least one."))
        login = form.text("login")
        with caller.work("leavers.to") as tx:
            offered = leavers.takers(tx, leavers.left_over(tx))
        to = next((row["id"] for row in offered if row["login"] == login), None)
        if to is None:
            raise Invalid.of("login", N_("Choose one of those listed."))
        if not form.text("reason"):
            raise Invalid.of("reason", N_("Say why."))
    except Invalid as invalid:
        return _page(request, caller, Filled.refused(form.values, invalid), 422, ())
    results = [_one(caller, each, to, form.text("reason")) for each in chosen]
    return _page(request, caller, Filled(), 200, results)


def _item(text: str) -> tuple[UUID, UUID]:
    matter, _, account = text.partition(" ")
    return id_in(matter, "items"), id_in(account, "items")


def _one(
    caller: Caller, item: tuple[UUID, UUID], to: UUID, reason: str
) -> tuple[str, PlumblineError | Handed]:
    """The matter's number, as far as the actor may know it, and what became of it."""
    number = ""
    try:
        with caller.work("leavers.hand_on") as tx:
            number = leavers.number(tx, item[0])
            return number, leavers.hand_on(tx, *item, to_account=to, reason=reason)
    except PlumblineError as refused:
        return number, refused


def _page(
    request: Request,
    caller: Caller,
    form: Filled,
    status: int,
    results: Sequence[tuple[str, PlumblineError | Handed]],
) -> Response:
    with caller.work("leavers.list") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="ledgers")
        rows = leavers.left_over(tx)
        heads = {grant.role for grant in tx.actor.grants} & desks.NEAREST
        leave = accounts.colleagues(tx) if heads else []
        movable = [row for row in rows if row["movable"]]
        takers = leavers.takers(tx, movable) if movable else []
    return render(
        request, "pages/hand_overs.html", frame=frame, form=form, status_code=status,
        groups=_groups(reader, rows), people=colleagues(leave), takers=colleagues(takers),
        count=len(rows),
        heads=bool(heads),
        choices=_choices(reader, movable),
        results=[_result(reader, *each) for each in results],
    )  # fmt: skip


DONE = N_("{number}: handed over.")
THERE = N_("{number}: taken off the team; whoever takes it is on the team already.")


def _result(reader: Reader, number: str, became: PlumblineError | Handed) -> str:
    if isinstance(became, PlumblineError):
        return result_words(reader, number, became)
    return result_words(reader, number, None, done=THERE if became == "there" else DONE)


def result_words(
    reader: Reader, number: str, refused: PlumblineError | None, *, done: str = DONE
) -> str:
    """What became of one of several."""
    if refused is None:
        return reader.say(done, number=number)
    reason = refused.errors[0].reason if isinstance(refused, Invalid) else refused.reason
    if not number:
        return reader.reason(reason)
    return reader.say(N_("{number}: {reason}"), number=number, reason=reader.reason(reason))


def _choices(reader: Reader, rows: Sequence[Row]) -> list[Choice]:
    """A matter and a person each, with all that they held on it."""
    found: dict[tuple[UUID, UUID], list[Row]] = {}
    for row in rows:
        found.setdefault((row["matter_id"], row["account_id"]), []).append(row)
    return [
        Choice(
            f"{matter_id} {account_id}",
            reader.listed(
                [
                    held[0]["number"],
                    held[0]["name"],
                    *(reader.say(WHAT[each["what"]]) for each in held),
                ]
            ),
        )
        for (matter_id, account_id), held in found.items()
    ]


def _groups(reader: Reader, rows: Sequence[Row]) -> list[tuple[str, list[Task]]]:
    """By who left; everything that they still hold, what is handed over elsewhere as well."""
    found = []
    for _id, held in groupby(rows, lambda row: row["account_id"]):
        theirs = list(held)
        who = reader.listed([each for each in (theirs[0]["name"], theirs[0]["unit_name"]) if each])
        found.append((who, [_task(reader, row) for row in theirs]))
    return found


def _task(reader: Reader, row: Row) -> Task:
    since = reader.say(
        N_("{what}, since {day}"),
        what=reader.say(WHAT[row["what"]]), day=reader.written(row["since"]),
    )  # fmt: skip
    if row["matter_id"] is None:
        return Task(text=reader.say(FAMILIES[Family(row["family"])]), lines=(since,))
    return Task(
        text=row["title"],
        number=number_link(row, "matter_id"),
        alleged=not row["effective"],
        due=reader.due(row["due_on"]) if row["due_on"] else None,
        lines=(since,),
    )


def on_desk(made: Made, rows: Sequence[Row]) -> None:
    """That there is something to hand over, and from whom."""
    reader = made.reader
    made.counted(N_("{count} left behind"), len(rows))
    names = reader.listed(list(dict.fromkeys(row["name"] for row in rows)))
    text = reader.count(
        N_("{names} left: {count} thing waits to be handed over."),
        N_("{names} left: {count} things wait to be handed over."), len(rows), names=names,
    )  # fmt: skip
    made.tasks(
        N_("Left behind"),
        N_("Nothing moves by itself"),
        [Task(text=text, action=Link(reader.say(N_("Open the hand-over list")), HERE))],
    )
