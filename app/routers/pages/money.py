"""Money: what is held for whom, taking it in, the return list, paying it back, the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.domain import return_lists
from app.domain.errors import N_, Conflict, Denied, Gathered, Invalid, PlumblineError
from app.domain.kinds import Kind
from app.domain.ledger import INTAKES, SIGNED, EntryKind, Intake, Signed
from app.domain.money import as_typed
from app.domain.permissions import Permission, Role
from app.domain.totals import Cohort
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry, present
from app.routers.pages.frame import frame_for
from app.routers.pages.tabs import money_tabs
from app.routers.paging import Paging
from app.routers.parts import Cell, CellKind, Choice, Column, Figure, Filled, Link, SignBox
from app.routers.templating import render
from app.services import funds, ledger, payees, sheets, totals, worklists

# What a villager has to know before signing.
COUNT_FIRST = N_(
    "This money is yours, and is returned to you now. Count it first, then sign or press"
    " your finger here."
)
READ_OUT = N_(
    "Whoever can’t write has it read out by a witness and presses a finger; both"
    " witnesses sign. Nobody may ask you for money or a favour in return. If anything is"
    " unclear, ask {unit}."
)

router = APIRouter(prefix="/money")

Reader = Annotated[Caller, Page(Permission.MONEY_READ)]
Recorder = Annotated[Caller, Page(Permission.MONEY_RECORD)]
Lister = Annotated[Caller, Page(Permission.MONEY_READ)]
Form = Annotated[Submitted, Depends(submitted)]

ENTRIES: dict[EntryKind, str] = {
    EntryKind.RECEIPT: N_("money in"),
    EntryKind.RETURN: N_("paid back"),
    EntryKind.TREASURY: N_("to the treasury"),
    EntryKind.CRIMINAL_CASE: N_("with the criminal case"),
    EntryKind.RELEASE: N_("released"),
    EntryKind.REVERSAL: N_("reversed"),
}


COLUMNS: tuple[tuple[str, str, CellKind], ...] = (
    ("number", N_("Number"), "number"),
    ("title", N_("What it is"), "title"),
    ("stage", N_("Stage"), "stage"),
    ("in", N_("Received, yuan"), "amount"),
    ("out", N_("Returned, yuan"), "amount"),
    ("held", N_("In custody, yuan"), "amount"),
)


def movement(reader: present.Reader, row: Row) -> str:
    """What an entry is, and whether somebody undid it."""
    undone = [reader.say(N_("reversed since"))] if row["reversed_by_id"] is not None else []
    return reader.joined([each for each in (moved(reader, row), *undone) if each])


def moved(reader: present.Reader, row: Row) -> str:
    """What an entry is: of money in its kind, of money paid back the receipt."""
    kind = ENTRIES.get(EntryKind(row["kind"]), "")
    if row["kind"] == EntryKind.RECEIPT and row["intake"]:
        kind = INTAKES[Intake(row["intake"])]
    parts = [reader.say(kind) if kind else "", row["receipt_number"] or ""]
    return reader.joined([each for each in parts if each])


@router.get("")
def overview(request: Request, caller: Reader, paging: Paging) -> Response:
    """Every fund item that the reader may see, with what it holds."""
    after = paging.after("money", lambda last, id_: worklists.Place(last, UUID(id_)))
    with caller.work("money.list") as tx:
        frame = frame_for(request, caller, tx, current="money")
        wanted = worklists.Filter(kind=Kind.FUND_ITEM)
        found = worklists.page(tx, wanted, sort="opened", after=after, limit=paging.limit)
        rows, following = paging.part("money", found, lambda row: (row["opened_on"], row["id"]))
        reader = present.Reader.of(caller, tx)
        cells = _cells(tx, reader, rows)
        count = worklists.count(tx, wanted)
        figures = _figures(tx, reader)
    columns = [Column(key, reader.say(label), kind) for key, label, kind in COLUMNS]
    return render(
        request, "pages/money.html", frame=frame, columns=columns, rows=cells, count=count,
        figures=figures, tabs=money_tabs(reader, "items"),
        following=f"/money?cursor={following}" if following else None,
    )  # fmt: skip


def _cells(tx: Work, reader: present.Reader, rows: Sequence[Row]) -> list[dict[str, Cell]]:
    held = ledger.balances(tx, [row["id"] for row in rows])
    return [
        {
            "number": present.number_link(row),
            "title": row["title"],
            "stage": reader.following(tx, row["profile_id"]).stage_mark(row),
            "in": held[row["id"]].received,
            "out": held[row["id"]].returned,
            "held": held[row["id"]].held,
        }
        for row in rows
    ]


def _figures(tx: Work, reader: present.Reader) -> list[Figure]:
    """What all of it adds up to; only for who may read totals."""
    if not tx.actor.may(Permission.TOTALS_READ):
        return []
    sums = totals.totals(tx, Cohort(as_of=tx.today)).counts
    named = {
        N_("Received"): sums.recovered,
        N_("Returned to villagers"): sums.returned,
        N_("In custody"): sums.in_custody,
        N_("To the treasury, with the case, released"): sums.remitted + sums.released,
    }
    shown = i18n.amounts_together(reader.locale, [each.decimal for each in named.values()])
    return [
        Figure(reader.say(label), text, shown.unit, note=exact)
        for label, text, exact in zip(named, shown.texts, shown.exact, strict=True)
    ]


def _intakes(locale: str) -> list[Choice]:
    return [Choice(key.value, i18n.translate(locale, label)) for key, label in INTAKES.items()]


@router.get("/{item_id}/receipt")
def receipt_form(request: Request, caller: Recorder, item_id: UUID) -> Response:
    return _receipt(request, caller, item_id, Filled(), 200)


def _receipt(
    request: Request, caller: Caller, item_id: UUID, form: Filled, status: int
) -> Response:
    with caller.work("money.receipt_form") as tx:
        frame = frame_for(request, caller, tx, current="money")
        file = funds.open_item(tx, item_id)
        ledger.may_record(tx, file.item)
    return render(
        request, "pages/money_receipt.html", frame=frame, form=form, file=file,
        intakes=_intakes(caller.locale), status_code=status,
    )  # fmt: skip


@router.post("/{item_id}/receipt")
def record_receipt(request: Request, caller: Recorder, item_id: UUID, form: Form) -> Response:
    try:
        with caller.work("money.receive") as tx:
            intake, day, gathered = form.text("intake"), None, Gathered()
            with gathered.part():
                day = entry.day_of(form, "happened_on")
            with gathered.part():
                funds.record_receipt(
                    tx,
                    item_id,
                    amount=form.amount("amount"),
                    happened_on=day,
                    bank_reference=form.text("bank_reference"),
                    paid_in_by=form.text("paid_in_by") or None,
                    intake=Intake(intake) if intake in set(Intake) else None,
                )
            gathered.refuse()
    except (Invalid, Denied, Conflict) as refused:
        return _receipt(request, caller, item_id, refilled(form, refused, "amount"), refused.status)
    return RedirectResponse(f"/matters/{item_id}?done=received#money", status_code=303)


def refilled(form: Submitted, refused: PlumblineError, field: str) -> Filled:
    """The same form again; what belongs to no field stands with the one that it is about."""
    if isinstance(refused, Invalid):
        return Filled.refused(form.values, refused)
    return Filled(form.values, {field: refused.reason})


@router.get("/{item_id}/payees")
def payees_form(request: Request, caller: Lister, item_id: UUID) -> Response:
    return _payees(request, caller, item_id, Filled(), 200)


def _payees(request: Request, caller: Caller, item_id: UUID, form: Filled, status: int) -> Response:
    with caller.work("money.payees_form") as tx:
        frame = frame_for(request, caller, tx, current="money")
        file = funds.open_item(tx, item_id)
    return render(
        request, "pages/money_payees.html", frame=frame, form=form, file=file, status_code=status
    )


@router.post("/{item_id}/payees")
def list_payees(request: Request, caller: Lister, item_id: UUID, form: Form) -> Response:
    """One line each: a name and an amount."""
    try:
        with caller.work("money.list_payees") as tx:
            payees.list_payees(tx, item_id, _lines(form.text("lines")))
    except (Invalid, Denied, Conflict) as refused:
        return _payees(request, caller, item_id, _at_lines(form, refused), refused.status)
    return RedirectResponse(f"/money/{item_id}/payees", status_code=303)


def _lines(text: str) -> list[payees.NewPayee]:
    """Raises Invalid that names every line which is none."""
    found, bad = [], []
    each = N_("Write a name, a space and an amount such as 1250.00 on each line. Not so: {lines}.")
    for at, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        read = return_lists.name_and_amount(line)
        try:
            money = ledger.amount_in(as_typed(read[1])) if read else None
        except Invalid:
            money = None
        if read is not None and money is not None:
            found.append(payees.NewPayee(name=read[0], amount=money))
        else:
            bad.append(str(at))
    if bad:
        raise Invalid.of("lines", each, lines=", ".join(bad))
    return found


def _at_lines(form: Submitted, refused: PlumblineError) -> Filled:
    reason = refused.errors[0].reason if isinstance(refused, Invalid) else refused.reason
    return Filled(form.values, {"lines": reason})


@router.post("/{item_id}/payees/{payee_id}/remove")
def unlist_payee(caller: Lister, item_id: UUID, payee_id: UUID, form: Form) -> Response:
    with caller.work("money.unlist_payee") as tx:
        payees.unlist_payee(tx, item_id, payee_id, reason=form.text("reason"))
    return RedirectResponse(f"/money/{item_id}/payees", status_code=303)


@router.get("/{item_id}/return")
def return_form(request: Request, caller: Recorder, item_id: UUID) -> Response:
    return _return(request, caller, item_id, None, 200)


def _return(
    request: Request, caller: Caller, item_id: UUID, form: Filled | None, status: int
) -> Response:
    """An empty form begins with today: money is handed out on the day that it is recorded."""
    with caller.work("money.return_form") as tx:
        form = form or Filled({"happened_on": tx.today.isoformat()})
        frame = frame_for(request, caller, tx, current="money")
        file = funds.open_item(tx, item_id)
        ledger.may_record(tx, file.item, Role.FINANCE)
    signed = [
        Choice(key.value, i18n.translate(caller.locale, label)) for key, label in SIGNED.items()
    ]
    return render(
        request, "pages/money_return.html", frame=frame, form=form, file=file, signed=signed,
        unpaid=[row for row in file.payees if row["paid_entry_id"] is None], status_code=status,
    )  # fmt: skip


@router.post("/{item_id}/return")
def pay_returns(request: Request, caller: Recorder, item_id: UUID, form: Form) -> Response:
    """Pay the lines that were ticked, each by an entry of its own."""
    try:
        with caller.work("money.return") as tx:
            _pay(tx, item_id, form)
    except (Invalid, Denied, Conflict) as refused:
        return _return(request, caller, item_id, refilled(form, refused, "payee"), refused.status)
    return RedirectResponse(f"/matters/{item_id}?done=paid#money", status_code=303)


def _pay(tx: Work, item_id: UUID, form: Submitted) -> None:
    """Raises Invalid that names all that is wrong."""
    file = funds.open_item(tx, item_id)
    ledger.may_record(tx, file.item, Role.FINANCE)
    chosen, how, day, gathered = set(form.texts("payee")), Signed.NOT_YET, None, Gathered()
    ticked = [row for row in file.payees if str(row["id"]) in chosen]
    with gathered.part():
        if not ticked:
            raise Invalid.of("payee", N_("Tick who was paid."))
    with gathered.part():
        day = entry.day_of(form, "happened_on")
    with gathered.part():
        if form.text("signed") not in set(Signed):
            raise Invalid.of("signed", N_("Say how they signed."))
        how = Signed(form.text("signed"))
    payments = [
        funds.Payment(payee_id=row["id"], amount=row["amount"], signed=how) for row in ticked
    ]
    with gathered.part():
        if payments:
            funds.pay_returns(tx, item_id, payments, happened_on=day)
        else:
            funds.day_out(tx, item_id, EntryKind.RETURN, day)
    gathered.refuse()


@router.get("/entries/{entry_id}/sheet")
def receipt_sheet(request: Request, caller: Reader, entry_id: UUID) -> Response:
    """What a villager signs: one page in large type."""
    with caller.work("money.sheet") as tx:
        frame = frame_for(request, caller, tx, current="money")
        held = sheets.return_sheet(tx, entry_id)
        said = void(present.Reader.of(caller, tx), held)

    return render(
        request, "pages/money_sheet.html", frame=frame, held=held, void=said,
        boxes=boxes(caller.locale), pdf=f"/money/entries/{entry_id}/print",
        back=Link(held["number"], f"/matters/{held['item_id']}#money"),
    )  # fmt: skip


def void(reader: present.Reader, held: Row) -> str:
    """What stands on the receipt of a payment that was undone; nothing where it stands."""
    if held["reversed_on"] is None:
        return ""
    return reader.say(
        N_("Reversed on {undone}, with effect from {day} — this receipt is void"),
        undone=i18n.written_date(reader.locale, held["reversed_on"]),
        day=i18n.written_date(reader.locale, held["reversed_from"]),
    )


def boxes(locale: str) -> list[SignBox]:
    """Room for the payee to sign or press a finger, and for two witnesses."""

    def say(message: str) -> str:
        return i18n.translate(locale, message)

    outside = say(N_("signature; does not work on the matter"))
    return [
        SignBox(
            say(N_("Payee")),
            lines=[say(N_("signature or fingerprint"))],
            finger=True,
            date_line=True,
        ),
        SignBox(say(N_("First witness")), lines=[outside], date_line=True),
        SignBox(say(N_("Second witness")), lines=[outside], date_line=True),
    ]
