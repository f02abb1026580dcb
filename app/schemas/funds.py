"""Fund items and their money. Amounts are decimal strings in yuan: a JSON number is refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer

from app.domain.ledger import EntryKind, Intake, Signed
from app.schemas.base import AN_ID, Amount, Answered, Code, Day, OneLine, Paragraphs, Sent, example

Yuan = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
    Field(description="Yuan, to the cent", examples=["16800.00"]),
]
Reason = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class FundItemCreate(Sent):
    """A card for something taken in: describe it, without characterising it."""

    model_config = example(
        origin_id=AN_ID, intake="surrendered", description="退缴多领补助款", found_on="2018-06-01"
    )

    origin_id: UUID = Field(description="The lead or case that it hangs on")
    intake: Intake = Field(examples=["surrendered"])
    description: Paragraphs = Field(max_length=500, examples=["退缴多领补助款"])
    form: Literal["money", "property"] = "money"
    holder: UUID | None = Field(default=None, description="The involvement of whoever had it")
    found_on: Day | None = None


class ReceiptCreate(Sent):
    model_config = example(
        amount="16800.00",
        happened_on="2018-06-01",
        bank_reference="00000431",
        paid_in_by="吕远晓",
    )

    amount: Amount
    happened_on: Day = Field(examples=["2018-06-01"])
    bank_reference: OneLine = Field(examples=["00000431"])
    paid_in_by: OneLine | None = Field(default=None, examples=["吕远晓"])
    intake: Intake | None = Field(default=None, description="Where it differs from the item's")


class PayeeIn(Sent):
    name: OneLine = Field(examples=["魏宇强"])
    amount: Amount
    person_id: UUID | None = None


class PayeesCreate(Sent):
    model_config = example(payees=[{"name": "魏宇强", "amount": "16800.00"}])

    payees: list[PayeeIn] = Field(min_length=1, max_length=500)


class PaymentIn(Sent):
    """A line of the return list that was paid; the amount is compared with the list's."""

    payee_id: UUID
    amount: Amount
    signed: Signed = Signed.NOT_YET
    signed_on: Day | None = None
    address: OneLine | None = None


class ReturnsCreate(Sent):
    model_config = example(
        happened_on="2018-09-28",
        payments=[{"payee_id": AN_ID, "amount": "16800.00", "signed": "fingerprint"}],
    )

    happened_on: Day = Field(examples=["2018-09-28"])
    payments: list[PaymentIn] = Field(min_length=1, max_length=500)


class RemittanceCreate(Sent):
    model_config = example(
        to="treasury", amount="16800.00", happened_on="2018-09-28", note="非税收入"
    )

    to: Literal["treasury", "criminal_case", "release"]
    amount: Amount
    happened_on: Day = Field(examples=["2018-09-28"])
    note: OneLine | None = None


class ReversalCreate(Sent):
    """Without a day, the mistake is undone on the day on which it was made."""

    model_config = example(reason="金额录入有误")

    reason: Reason
    happened_on: Day | None = None


class SignatureCreate(Sent):
    model_config = example(signed="fingerprint", signed_on="2018-09-28")

    signed: Signed = Field(examples=["fingerprint"])
    signed_on: Day = Field(examples=["2018-09-28"])


class RemovalCreate(Sent):
    model_config = example(reason="已由民政补发")

    reason: Reason


class AssignmentCreate(Sent):
    model_config = example(fund_item_id=AN_ID, reason="摘要中的线索编号写错")

    fund_item_id: UUID
    reason: Reason


class BalanceRead(Answered):
    """As of a day, and as known on one. `held` is what is in custody."""

    received: Yuan
    returned: Yuan
    remitted: Yuan
    released: Yuan
    held: Yuan


class PayeeRead(Answered):
    id: UUID
    person_id: UUID | None
    name: str
    amount: Yuan
    paid_entry_id: UUID | None
    receipt_number: str | None = Field(description="Of the paper that they sign")
    paid_on: date | None
    signed: str | None
    signed_on: date | None


class FundItemRead(Answered):
    id: UUID
    number: str
    state: str
    stage: str
    unit: str
    origin_id: UUID
    origin_number: str | None
    origin_kind: str | None
    form: str
    intake: Intake
    description: str | None = Field(description="Null for who reads without texts")
    measure: str | None
    opened_on: date
    closed_on: date | None
    due_on: date | None
    alleged: bool
    balance: BalanceRead
    payees: list[PayeeRead]
    listed: Yuan | None = Field(description="The sum of the return list")
    masked: bool
    version: int


class EntryRead(Answered):
    """A movement, and what its item held after it."""

    id: UUID
    kind: EntryKind
    happened_on: date
    recorded_at: datetime
    recorded_by_name: str | None
    fund_item_id: UUID | None
    item_number: str | None
    received: Yuan
    returned: Yuan
    remitted: Yuan
    released: Yuan
    balance: Yuan
    intake: Intake | None
    paid_in_by: str | None
    bank_reference: str | None
    beneficiary: str | None
    signed: Signed | None
    signed_on: date | None
    description: str | None
    receipt_number: str | None = Field(description="Of the paper that whoever was paid signs")
    reverses_id: UUID | None
    reversed_by_id: UUID | None


class PostedRead(Answered):
    """What was recorded, and the item's version after it."""

    entry_id: UUID
    item_id: UUID
    version: int


class ReturnsRead(Answered):
    entries: list[PostedRead]
    version: int


class PayeesRead(Answered):
    ids: list[UUID]
    version: int


class VersionRead(Answered):
    version: int


class WaitingLineRead(Answered):
    """A bank line in suspense."""

    bank_line_id: UUID
    happened_on: date
    serial: Code
    summary: str | None
    cited: str | None
    credit: Yuan
    debit: Yuan
    counterparty: str | None
