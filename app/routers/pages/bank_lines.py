"""Lines of the bank's statement that name no known lead, and giving one to its item."""

from __future__ import annotations

from typing import Annotated
from unicodedata import normalize
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.domain.errors import (
    N_,
    Conflict,
    Denied,
    Forbidden,
    Gathered,
    Invalid,
    NotFound,
    PlumblineError,
)
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages.entry import Refusal, refilled
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href
from app.routers.pages.tabs import money_tabs
from app.routers.paging import Paging
from app.routers.parts import Cell, Column, Filled, Link
from app.routers.templating import render
from app.services import bank_lines, worklists
from app.services.ledger import Posted, reason_in

router = APIRouter(prefix="/money/bank")

Reading = Annotated[Caller, Page(Permission.MONEY_READ)]
Form = Annotated[Submitted, Depends(submitted)]

LIST = "bank-lines"
AT_THE_HEAD = N_("It stands at the head of the item’s page.")
IT_TAKES = N_(
    "It stands at the head of the item’s page. An item of money takes it from when it is taken in"
    " until it is decided where its money goes."
)


@router.get("")
def list_waiting(request: Request, caller: Reading, paging: Paging) -> Response:
    """Oldest first; whoever may give a line to an item is led there."""
    after = paging.after(LIST, UUID)
    with caller.work("money.bank_lines") as tx:
        frame = frame_for(request, caller, tx, current="money")
        reader = Reader.of(caller, tx)
        found = bank_lines.waiting_lines(tx, after=after, limit=paging.wanted)
        count = bank_lines.waiting_lines_count(tx)
        tabs, assigns = money_tabs(reader, "bank"), bank_lines.may_assign(tx)
    rows, following = paging.part(LIST, found, lambda row: (row["bank_line_id"],))
    columns = [
        Column("on", reader.say(N_("Date")), "date"),
        Column("serial", reader.say(N_("Bank line"))),
        Column("who", reader.say(N_("From, or to"))),
        Column("summary", reader.say(N_("What the bank wrote"))),
        Column("cited", reader.say(N_("Number that it names"))),
        Column("in", reader.say(N_("In, yuan")), "amount"),
        Column("out", reader.say(N_("Out, yuan")), "amount"),
    ]
    return render(
        request, "pages/bank_lines.html", frame=frame, tabs=tabs, columns=columns, count=count,
        rows=[_row(row, assigns=assigns) for row in rows], assigns=assigns,
        following=f"/money/bank?cursor={following}" if following else None,
        first="/money/bank" if after else None,
    )  # fmt: skip


def _row(row: Row, *, assigns: bool) -> dict[str, Cell]:
    return {
        "on": row["happened_on"],
        "serial": Link(row["serial"], _assign(row["bank_line_id"]) if assigns else None),
        "who": row["counterparty"] or "",
        "summary": row["summary"] or "",
        "cited": row["cited"] or "",
        "in": row["credit"] or None,
        "out": row["debit"] or None,
    }


def _assign(line_id: object) -> str:
    return f"/money/bank/{line_id}/assignment"


# Giving a line to its item ------------------------------------------------------------------------


@router.get("/{line_id}/assignment")
def assignment_form(request: Request, caller: Reading, line_id: UUID) -> Response:
    return _show(request, caller, line_id, Filled())


def _show(
    request: Request,
    caller: Caller,
    line_id: UUID,
    form: Filled,
    refused: PlumblineError | None = None,
) -> Response:
    with caller.work("money.assignment_form") as tx:
        frame = frame_for(request, caller, tx, current="money")
        reader, line = Reader.of(caller, tx), bank_lines.open_line(tx, line_id)
        of = worklists.number_of(tx, line["fund_item_id"]) if line["fund_item_id"] else None
    stays = line["stays"]
    refused = refused or (Denied((stays,)) if stays is not None else None)
    why = Refusal(status=refused.status if refused else 200)
    if refused is not None and not isinstance(refused, Invalid):
        why = Refusal(refused.whole, status=refused.status)
    return render(
        request, "pages/bank_line_assign.html", frame=frame, head={"number": line["serial"]},
        crumb=Link(reader.say(N_("Bank lines that wait")), "/money/bank"),
        title=reader.say(N_("Give a bank line to its item")), sentence=_sentence(reader, line, of),
        facts=_facts(reader, line), standing=line["id"], fillable=stays is None,
        hint=reader.say(IT_TAKES if line["credit"] else AT_THE_HEAD),
        button=reader.say(N_("Give it to this item")),
        action=_assign(line_id), cancel=Link(reader.say(N_("Cancel")), "/money/bank"),
        form=form, version=None, refusal=why, status_code=why.status,
    )  # fmt: skip


def _sentence(reader: Reader, line: Row, of: str | None) -> str:
    """`of` is the number of the item that it counts for by now."""
    day = i18n.written_date(reader.locale, line["happened_on"])
    amount = i18n.written_amount(reader.locale, line["credit"] or line["debit"])
    if of is not None:
        moved = N_(
            "{amount} on the bank’s line of {day} count for {number} now. Given to another item,"
            " they count there; both movements stay readable."
        )
        return reader.say(moved, amount=amount, day=day, number=of)
    words = (
        N_("{amount} came in on {day} and count for no matter yet. Given to an item, they are money"
           " received for it, on the bank’s day.")
        if line["credit"]
        else N_("{amount} went out on {day} and count for no matter yet. Given to an item, they are"
                " money paid back from it, on the bank’s day.")
    )  # fmt: skip
    return reader.say(words, amount=amount, day=day)


def _facts(reader: Reader, line: Row) -> list[tuple[str, str, str]]:
    known = (
        (N_("Bank line"), line["serial"]),
        (N_("From, or to"), line["counterparty"]),
        (N_("What the bank wrote"), line["summary"]),
        (N_("Number that it names"), line["cited"]),
    )
    return [(reader.say(label), value, "") for label, value in known if value]


@router.post("/{line_id}/assignment")
def assign(request: Request, caller: Reading, line_id: UUID, form: Form) -> Response:
    try:
        with caller.work("money.assign_line") as tx:
            done = _give(tx, line_id, form)
    except (Invalid, Denied, Conflict, Forbidden) as error:
        return _show(request, caller, line_id, refilled(form, error), error)
    return RedirectResponse(
        f"{matter_href(done.item_id)}?done=line_assigned#money", status_code=303
    )


def _give(tx: Work, line_id: UUID, form: Submitted) -> Posted:
    """Raises Invalid that names all that is wrong."""
    item_id, gathered = None, Gathered()
    with gathered.part():
        item_id = _item(tx, form)
    with gathered.part():
        reason_in(form.text("reason"))
    gathered.refuse()
    if item_id is None:
        raise TypeError("refused already")
    return bank_lines.assign_line(
        tx, line_id, item_id=item_id, reason=form.text("reason"),
        standing=entry.id_of(form, "standing"),
    )  # fmt: skip


def _item(tx: Work, form: Submitted) -> UUID:
    """Raises Invalid for no number, and where no item that the writer sees has it."""
    typed = normalize("NFKC", form.text("number")).upper()
    if not typed:
        raise Invalid.of("number", N_("Write the number of the fund item."))
    try:
        return worklists.by_number(tx, Kind.FUND_ITEM, typed)
    except NotFound:
        raise Invalid.of("number", N_("You see no fund item with this number.")) from None
