"""Fund items: money in, the return list, money out. Every change moves the item's version."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.domain.ledger import Balance, EntryKind
from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.schemas.base import Day, Listing
from app.schemas.funds import (
    AssignmentCreate,
    BalanceRead,
    EntryRead,
    FundItemCreate,
    FundItemRead,
    PayeeRead,
    PayeesCreate,
    PayeesRead,
    PostedRead,
    ReceiptCreate,
    RemittanceCreate,
    RemovalCreate,
    ReturnsCreate,
    ReturnsRead,
    ReversalCreate,
    SignatureCreate,
    VersionRead,
    WaitingLineRead,
)
from app.schemas.totals import KNOWN_ON, TO_COME
from app.services import bank_lines, fund_items, funds, ledger, payees
from app.services.fund_items import NewItem
from app.services.funds import ItemFile, Payment
from app.services.payees import NewPayee

router = APIRouter(tags=["fund items"])

Reader = Annotated[Caller, Api(Permission.MONEY_READ)]
Recorder = Annotated[Caller, Api(Permission.MONEY_RECORD)]
# Adjudicators list payees and lead managers assign bank lines; the service says who may.
Desk = Annotated[Caller, Api(Permission.MONEY_RECORD, Permission.MONEY_READ)]
AsOf = Annotated[
    Day | None, Query(description=f"Money as of this day; today if left out. {TO_COME}")
]
KnownOn = Annotated[Day | None, Query(description=KNOWN_ON)]


def item_read(file: ItemFile) -> FundItemRead:
    item = file.item
    names = {"unit": item["unit_name"], "alleged": not item["effective"]}
    return FundItemRead.model_validate(
        {
            **item,
            **names,
            "balance": balance_read(file.balance),
            "payees": [PayeeRead.model_validate(row) for row in file.payees],
            "listed": None if file.listed is None else file.listed.decimal,
            "masked": file.masked,
        }
    )


def balance_read(balance: Balance) -> BalanceRead:
    return BalanceRead(
        received=balance.received.decimal,
        returned=balance.returned.decimal,
        remitted=balance.remitted.decimal,
        released=balance.released.decimal,
        held=balance.held.decimal,
    )


@router.post("/fund-items", status_code=201, response_model=FundItemRead, responses=LOCATED)
def create_fund_item(caller: Recorder, once: Once, body: FundItemCreate) -> Response:
    """A card for something that a lead or case takes in."""
    with caller.work("fund_items.log") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            given = body.model_dump(exclude={"origin_id"})
            item_id = fund_items.create_fund_item(tx, body.origin_id, NewItem(**given))
            made = item_read(funds.open_item(tx, item_id))
            slot.keep(made, version=made.version, location=f"/api/v1/fund-items/{item_id}")
    return slot.response()


@router.get("/fund-items/{item_id}", response_model=FundItemRead)
def read_fund_item(
    caller: Reader, item_id: UUID, as_of: AsOf = None, known_on: KnownOn = None
) -> Response:
    """The item with its money and its return list."""
    with caller.work("funds.read") as tx:
        found = item_read(funds.open_item(tx, item_id, day=as_of, known_on=known_on))
    return answered(found, version=found.version)


@router.get("/matters/{matter_id}/entries", response_model=Listing[EntryRead])
def read_entries(
    caller: Reader, matter_id: UUID, as_of: AsOf = None, known_on: KnownOn = None
) -> Response:
    """Every movement of a lead, case or fund item, oldest first, with running balances."""
    with caller.work("funds.entries") as tx:
        rows = ledger.entries(tx, matter_id, day=as_of, known_on=known_on)
    return answered(Listing[EntryRead](items=[EntryRead.model_validate(row) for row in rows]))


@router.post("/fund-items/{item_id}/receipts", status_code=201, response_model=PostedRead)
def record_receipt(
    caller: Recorder, item_id: UUID, once: Once, seen: SeenVersion, body: ReceiptCreate
) -> Response:
    """Money came in, under a bank reference that is received once."""
    with caller.work("funds.receive") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            done = funds.record_receipt(tx, item_id, seen_version=seen, **body.model_dump())
            slot.keep(PostedRead.model_validate(done), version=done.version)
    return slot.response()


@router.post("/fund-items/{item_id}/payees", status_code=201, response_model=PayeesRead)
def list_payees(
    caller: Desk, item_id: UUID, once: Once, seen: SeenVersion, body: PayeesCreate
) -> Response:
    """Add lines to the return list; all or none."""
    with caller.work("funds.list_payees") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            lines = [NewPayee(**each.model_dump()) for each in body.payees]
            ids, version = payees.list_payees(tx, item_id, lines, seen_version=seen)
            slot.keep(PayeesRead(ids=ids, version=version), version=version)
    return slot.response()


@router.post("/fund-items/{item_id}/payees/{payee_id}/removal", response_model=VersionRead)
def unlist_payee(
    caller: Desk, item_id: UUID, payee_id: UUID, seen: SeenVersion, body: RemovalCreate
) -> Response:
    """Take a line off the return list."""
    with caller.work("funds.unlist_payee") as tx:
        version = payees.unlist_payee(tx, item_id, payee_id, reason=body.reason, seen_version=seen)
    return answered(VersionRead(version=version), version=version)


@router.post("/fund-items/{item_id}/returns", status_code=201, response_model=ReturnsRead)
def pay_returns(
    caller: Recorder, item_id: UUID, once: Once, seen: SeenVersion, body: ReturnsCreate
) -> Response:
    """Money went back to people of the return list; all or none."""
    with caller.work("funds.pay") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            done = funds.pay_returns(
                tx,
                item_id,
                [Payment(**each.model_dump()) for each in body.payments],
                happened_on=body.happened_on,
                seen_version=seen,
            )
            posted = [PostedRead.model_validate(each) for each in done]
            version = done[0].version
            slot.keep(ReturnsRead(entries=posted, version=version), version=version)
    return slot.response()


@router.post("/fund-items/{item_id}/remittances", status_code=201, response_model=PostedRead)
def remit_money(
    caller: Recorder, item_id: UUID, once: Once, seen: SeenVersion, body: RemittanceCreate
) -> Response:
    """Money went to the treasury, with the criminal case, or back to its holder."""
    with caller.work("funds.remit") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            done = funds.remit(
                tx, item_id, to=EntryKind(body.to), amount=body.amount,
                happened_on=body.happened_on, note=body.note, seen_version=seen,
            )  # fmt: skip
            slot.keep(PostedRead.model_validate(done), version=done.version)
    return slot.response()


@router.post("/entries/{entry_id}/reversal", status_code=201, response_model=PostedRead)
def reverse_entry(
    caller: Recorder, entry_id: UUID, once: Once, seen: SeenVersion, body: ReversalCreate
) -> Response:
    """Undo an entry by its mirror; If-Match holds its item's version."""
    with caller.work("funds.reverse") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            done = ledger.reverse_entry(
                tx, entry_id, reason=body.reason, happened_on=body.happened_on, seen_version=seen
            )
            slot.keep(PostedRead.model_validate(done), version=done.version)
    return slot.response()


@router.post("/entries/{entry_id}/signature", response_model=PostedRead)
def sign_for_return(
    caller: Recorder, entry_id: UUID, seen: SeenVersion, body: SignatureCreate
) -> Response:
    """A villager who was paid has now signed; If-Match holds the item's version."""
    with caller.work("funds.sign") as tx:
        done = funds.sign_for_return(
            tx, entry_id, signed=body.signed, signed_on=body.signed_on, seen_version=seen
        )
    return answered(PostedRead.model_validate(done), version=done.version)


@router.get("/bank-lines/waiting", response_model=Listing[WaitingLineRead])
def list_waiting_lines(caller: Reader, paging: Paging) -> Response:
    """Bank lines that name no known lead, oldest first."""
    after = paging.after("bank-lines", UUID)
    with caller.work("funds.waiting") as tx:
        found = bank_lines.waiting_lines(tx, after=after, limit=paging.wanted)
    rows, following = paging.part("bank-lines", found, lambda row: (row["bank_line_id"],))
    items = [WaitingLineRead.model_validate(row) for row in rows]
    return answered(Listing[WaitingLineRead](items=items, next=following))


@router.post("/bank-lines/{line_id}/assignment", status_code=201, response_model=PostedRead)
def assign_bank_line(
    caller: Desk, line_id: UUID, once: Once, seen: SeenVersion, body: AssignmentCreate
) -> Response:
    """Give a bank line to the fund item that it is for; If-Match holds that item's version."""
    with caller.work("funds.assign") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            done = bank_lines.assign_line(
                tx, line_id, item_id=body.fund_item_id, reason=body.reason, seen_version=seen
            )
            slot.keep(PostedRead.model_validate(done), version=done.version)
    return slot.response()
