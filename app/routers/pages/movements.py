"""A movement of money: what it is, undoing it, and the signature of a payee who signs later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_, Denied, Forbidden, Gathered, PlumblineError, Reason
from app.domain.ledger import NO_ITEM, SIGNED, EntryKind, Signed
from app.domain.money import Money
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages.entry import AGAIN, Open
from app.routers.pages.frame import frame_for
from app.routers.pages.money import moved, movement
from app.routers.pages.present import Reader, matter_href
from app.routers.pages.tabs import money_tabs
from app.routers.paging import Paging
from app.routers.parts import Act, Cell, Choice, Column, Filled, Link, Missing, NotYet
from app.routers.templating import render
from app.services import funds, ledger, movements
from app.services.ledger import Posted
from app.services.movements import Movement

router = APIRouter(prefix="/money")

Reading = Annotated[Caller, Page(Permission.MONEY_READ)]
Recorder = Annotated[Caller, Page(Permission.MONEY_RECORD)]
Form = Annotated[Submitted, Depends(submitted)]

HANDS = (
    (N_("Taken in by"), "taken_in_by"),
    (N_("Kept by"), "kept_by"),
    (N_("Decided by"), "decided_by"),
    (N_("Paid out by"), "paid_by"),
)
UNDO = N_("Reverse this movement")
SIGN = N_("Record the payee’s signature")


def href(entry_id: object) -> str:
    """A movement's own page."""
    return f"/money/entries/{entry_id}"


# One movement -------------------------------------------------------------------------------------


@router.get("/entries/{entry_id}")
def read_movement(request: Request, caller: Reading, entry_id: UUID) -> Response:
    with caller.work("money.movement") as tx:
        frame = frame_for(request, caller, tx, current="money")
        found = movements.open_movement(tx, entry_id)
        reader = Reader.of(caller, tx)
        now, later = _acts(reader, found)
    return render(
        request, "pages/movement.html", frame=frame, title=reader.say(N_("Movement of money")),
        crumb=_item_link(reader, found), sentence=_sentence(reader, found),
        facts=_facts(reader, found), now=now, later=later, void=found.undone_by is not None,
        records=found.records and found.undone_by is None,
        receipt=f"{href(entry_id)}/sheet" if found.entry["kind"] == EntryKind.RETURN else "",
    )  # fmt: skip


def _item_link(reader: Reader, found: Movement) -> Link:
    if found.item is None:
        return Link(reader.say(N_("Bank lines that wait")), "/money/bank")
    return Link(found.item["number"], f"{matter_href(found.item['id'])}#money")


def _day(reader: Reader, day: date) -> str:
    """With its year: money is read years later."""
    return i18n.written_date(reader.locale, day)


def _amount(row: Row) -> Money:
    """What moved: in, or out; what undid a movement has the other sign."""
    parts = (row["received"], row["returned"], row["remitted"], row["released"])
    moved = next((each for each in parts if each), row["held"])
    return Money.yuan(abs(moved))


def _sentence(reader: Reader, found: Movement) -> str:
    row, amount = found.entry, _amount(found.entry)
    words = N_("{amount} {what}, on {day}.")
    if found.undoes is not None and found.undone_on is not None:
        words = N_("{amount} {what} on {undone}, with effect from {day}.")
    elif found.undone_by is not None:
        words = N_("{amount} {what}, on {day}, reversed since.")
    return reader.say(
        words, what=moved(reader, row),
        amount=i18n.written_amount(reader.locale, amount.decimal),
        day=_day(reader, row["happened_on"]), undone=_undone(reader, found),
    )  # fmt: skip


def _undone(reader: Reader, found: Movement) -> str:
    return "" if found.undone_on is None else _day(reader, found.undone_on)


def _facts(reader: Reader, found: Movement) -> list[tuple[str, str, str]]:
    """(what, value, where it leads), of those that are known."""
    row, say = found.entry, reader.say
    moment = reader.moment(row["recorded_at"])
    known = (
        (N_("Paid in by"), row["paid_in_by"], ""),
        (N_("Paid to"), row["beneficiary"], ""),
        (N_("Bank reference"), row["bank_reference"], ""),
        (N_("Signed for"), _signed(reader, row), ""),
        (N_("Note"), _told(reader, row), ""),
        (N_("Recorded by"), reader.joined([row["recorded_by_name"] or "", moment]), ""),
        *_undoing(reader, found),
        *((label, found.hands[name], "") for label, name in HANDS if found.hands),
    )
    return [(say(label), str(value), to) for label, value, to in known if value]


def _undoing(reader: Reader, found: Movement) -> list[tuple[str, str, str]]:
    """What undid it, and what it undid, with who did so and why."""
    told = []
    plain = N_("{what} on {day}, recorded by {who}")
    undone = plain if found.undone_on is None else N_("{undone}, with effect from {day}, by {who}")
    for label, other, words in (
        (N_("Reversed on"), found.undone_by, undone),
        (N_("Reverses"), found.undoes, plain),
    ):
        if other is not None:
            text = reader.say(
                words, what=moved(reader, other), undone=_undone(reader, found),
                day=_day(reader, other["happened_on"]), who=other["recorded_by_name"] or "",
            )  # fmt: skip
            told.append((label, text, href(other["id"])))
    if found.undone_by is not None:
        told.append((N_("Why it was reversed"), _told(reader, found.undone_by), ""))
    return told


def _told(reader: Reader, row: Row) -> str:
    """What was written beside a movement; of that a reader without names learns that it is there,
    since names may stand in it."""
    if row["description"]:
        return str(row["description"])
    hidden = N_("It is written down. Only who works on the matter reads it: it may name people.")
    return reader.say(hidden) if row.get("told") else ""


def _signed(reader: Reader, row: Row) -> str:
    if not row["signed"]:
        return ""
    how = reader.say(SIGNED[Signed(row["signed"])])
    if row["signed_on"] is None:
        return how
    return reader.say(N_("{how}, on {day}"), how=how, day=_day(reader, row["signed_on"]))


def _acts(reader: Reader, found: Movement) -> tuple[list[Act], list[NotYet]]:
    """What the reader may do with it now, and what not yet for which reason."""
    if not found.records:
        return [], []
    here, now, later = href(found.entry["id"]), [], []
    if found.unsigned:
        note = reader.say(N_("Somebody was paid and has signed since"))
        now.append(Act(reader.say(SIGN), f"{here}/signature", note))
    give = reader.say(N_("Give its bank line to another item"))
    if found.moves_line and found.stays is not None:
        later.append(NotYet(give, [Missing(found.stays)]))
    elif found.moves_line:
        line = f"/money/bank/{found.entry['bank_line_id']}/assignment"
        note = reader.say(N_("Where it was given to the wrong one"))
        now.append(Act(give, line, note))
    if found.fixed and found.reverses:
        lacks = [Missing(reason) for reason in found.fixed]
        later.append(NotYet(reader.say(UNDO), lacks))
    elif found.reverses:
        note = reader.say(N_("With the reason; both movements stay readable"))
        now.append(Act(reader.say(UNDO), f"{here}/reversal", note))
    return now, later


# Undoing it, and a late signature -----------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A form about one movement: its template, words and address, and what the item then says
    (`matters.NOTICES`)."""

    template: str
    title: str
    button: str
    address: str
    done: str


REVERSAL = Step(
    "pages/movement_reverse.html", UNDO, N_("Reverse it: {amount}"), "reversal", "reversed"
)
SIGNATURE = Step(
    "pages/movement_sign.html", SIGN, N_("Record it: {name} has signed"), "signature", "signed_for"
)


def _show(
    request: Request,
    caller: Caller,
    entry_id: UUID,
    step: Step,
    form: Filled | None = None,
    *,
    refused: PlumblineError | None = None,
    seen: int | None = None,
) -> Response:
    """The step's page; after a refusal with its reasons and all that was typed."""
    with caller.work(f"money.{step.address}_form") as tx:
        found, it = _opened(caller, tx, entry_id)
        frame = frame_for(request, caller, tx, current="money")
        stands = _stops(step, found)
        why = entry.refusal(refused or stands, it, seen)
        filled = form or Filled({"signed_on": tx.today.isoformat()} if step is SIGNATURE else {})
        reader, row = it.reader, found.entry
    words = {
        "amount": i18n.written_amount(reader.locale, _amount(row).decimal),
        "name": row["beneficiary"] or "",
    }
    return render(
        request, step.template, frame=frame, head={"number": it.file.head["number"]},
        crumb=Link(movement(reader, row), href(entry_id)), title=reader.say(step.title),
        sentence=_what_follows(reader, step, found), facts=_facts(reader, found),
        button=reader.say(step.button, **words), action=f"{href(entry_id)}/{step.address}",
        cancel=Link(reader.say(N_("Cancel")), href(entry_id)), form=filled,
        version=it.file.head["version"], refusal=why, fillable=stands is None,
        happened_on=row["happened_on"], signed=_ways(reader), status_code=why.status,
    )  # fmt: skip


def _opened(caller: Caller, tx: Work, entry_id: UUID) -> tuple[Movement, Open]:
    """Raises NotFound, and Forbidden for whoever may not move this item's money."""
    found = movements.open_movement(tx, entry_id)
    if found.item is None:
        raise Denied((Reason(NO_ITEM),))
    ledger.may_record(tx, found.item)
    return found, entry.opened(caller, tx, found.item["id"])


def _stops(step: Step, found: Movement) -> PlumblineError | None:
    """Why there is nothing to fill in."""
    if step is REVERSAL:
        if not found.reverses:
            raise Forbidden(N_("What was paid out the keeper or finance undoes."))
        return Denied(found.fixed) if found.fixed else None
    return None if found.unsigned else Forbidden(N_("Nobody’s signature is missing here."))


def _ways(reader: Reader) -> list[Choice]:
    return [
        Choice(key.value, reader.say(label))
        for key, label in SIGNED.items()
        if key is not Signed.NOT_YET
    ]


_FOLLOWS: Mapping[str, str] = {
    EntryKind.RECEIPT: N_(
        "{amount} that came in on {day} for {number} count no longer, as if they had never"
        " come in. Both movements stay readable, and a reversal can’t be undone."
    ),
    EntryKind.RETURN: N_(
        "{amount} that went to {name} on {day} are in custody for {number} again: {name}"
        " stands on the return list as not paid, and the receipt is void. Both movements stay"
        " readable, and a reversal can’t be undone."
    ),
}
_OTHERWISE = N_(
    "{amount} that went out on {day} are in custody for {number} again. Both movements stay"
    " readable, and a reversal can’t be undone."
)
_SIGNS = N_(
    "{name} was paid {amount} on {day} for {number} and had not signed. Say how and when they"
    " have signed since; it can’t be changed afterwards."
)


def _what_follows(reader: Reader, step: Step, found: Movement) -> str:
    row = found.entry
    words = _FOLLOWS.get(row["kind"], _OTHERWISE) if step is REVERSAL else _SIGNS
    amount = i18n.written_amount(reader.locale, _amount(row).decimal)
    return reader.say(
        words, amount=amount, day=_day(reader, row["happened_on"]),
        name=row["beneficiary"] or "", number=row["item_number"] or "",
    )  # fmt: skip


@router.get("/entries/{entry_id}/reversal")
def reversal_form(request: Request, caller: Recorder, entry_id: UUID) -> Response:
    return _show(request, caller, entry_id, REVERSAL)


@router.post("/entries/{entry_id}/reversal")
def reverse(request: Request, caller: Recorder, entry_id: UUID, form: Form) -> Response:
    def do(tx: Work, seen: int) -> Posted:
        day, gathered = None, Gathered()
        with gathered.part():
            day = entry.day_of(form, "happened_on")
        with gathered.part():
            done = ledger.reverse_entry(
                tx, entry_id, reason=form.text("reason"), happened_on=day, seen_version=seen
            )
        gathered.refuse()
        return done

    return _post(request, caller, entry_id, REVERSAL, form, do)


@router.get("/entries/{entry_id}/signature")
def signature_form(request: Request, caller: Recorder, entry_id: UUID) -> Response:
    return _show(request, caller, entry_id, SIGNATURE)


@router.post("/entries/{entry_id}/signature")
def record_signature(request: Request, caller: Recorder, entry_id: UUID, form: Form) -> Response:
    def do(tx: Work, seen: int) -> Posted:
        how, day, gathered = Signed.NOT_YET, None, Gathered()
        with gathered.part():
            how = Signed(entry.one_of(form, "signed", set(Signed)))
        with gathered.part():
            day = entry.day_of(form, "signed_on")
        with gathered.part():
            done = funds.sign_for_return(tx, entry_id, signed=how, signed_on=day, seen_version=seen)
        gathered.refuse()
        return done

    return _post(request, caller, entry_id, SIGNATURE, form, do)


def _post(
    request: Request,
    caller: Caller,
    entry_id: UUID,
    step: Step,
    form: Submitted,
    do: Callable[[Work, int], Posted],
) -> Response:
    """Back to the item; refused, the form again. `do` gets the version that the writer saw."""
    seen = entry.version_of(form)
    try:
        with caller.work(f"money.{step.address}") as tx:
            done = do(tx, seen)
    except AGAIN as error:
        again = entry.refilled(form, error)
        return _show(request, caller, entry_id, step, again, refused=error, seen=seen)
    return RedirectResponse(f"{matter_href(done.item_id)}?done={step.done}#money", status_code=303)


# Those that nobody has signed for -----------------------------------------------------------------


@router.get("/unsigned")
def list_unsigned(request: Request, caller: Reading, paging: Paging) -> Response:
    """Payments whose payee has not signed yet, oldest first."""
    after = paging.after("unsigned", lambda day, id_: (date.fromisoformat(day), UUID(id_)))
    with caller.work("money.unsigned") as tx:
        frame = frame_for(request, caller, tx, current="money")
        reader = Reader.of(caller, tx)
        found = movements.unsigned(tx, after=after, limit=paging.wanted)
        tabs = money_tabs(reader, "unsigned")
    rows, following = paging.part("unsigned", found, lambda row: (row["happened_on"], row["id"]))
    columns = [
        Column("on", reader.say(N_("Paid on")), "date"),
        Column("who", reader.say(N_("Payee"))),
        Column("receipt", reader.say(N_("Receipt"))),
        Column("item", reader.say(N_("Item")), "number"),
        Column("amount", reader.say(N_("Amount, yuan")), "amount"),
    ]
    return render(
        request, "pages/money_unsigned.html", frame=frame, tabs=tabs, columns=columns,
        rows=[_unsigned_row(row) for row in rows],
        following=f"/money/unsigned?cursor={following}" if following else None,
        first="/money/unsigned" if after else None,
    )  # fmt: skip


def _unsigned_row(row: Row) -> dict[str, Cell]:
    return {
        "on": row["happened_on"],
        "who": Link(row["beneficiary"], href(row["id"])),
        "receipt": row["receipt_number"] or "",
        "item": Link(row["number"], f"{matter_href(row['item_id'])}#money"),
        "amount": row["amount"],
    }
