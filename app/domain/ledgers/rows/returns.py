"""Returns 退还群众资金清册: what each villager was to get, and how they signed for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.errors import N_, Reason
from app.domain.ledgers.cells import Row
from app.domain.ledgers.findings import Problem, Severity, Source
from app.domain.ledgers.header import Header
from app.domain.ledgers.identity import IdentityNumber
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.texts import one_line
from app.domain.money import Money

SEVERAL = Problem(
    "payee_several",
    Reason(N_("More than one person stands in this cell: who got how much can't be told.")),
    Reason(N_("Write one row for each villager.")),
)
DATE_NEEDED = Problem(
    "return_undated",
    Reason(N_("The money is signed for, but no day is given.")),
    Reason(N_("Write the day on which it was received.")),
)
NO_SIGNATURE = Problem(
    "return_unsigned",
    Reason(N_("Nobody signed for this amount.")),
    Reason(N_("Have it signed for, or let the bank's line stand for it.")),
    Severity.WARNING,
)
NOTHING = Problem(
    "amount_zero",
    Reason(N_("The amount is zero.")),
    Reason(N_("Write what was given back, or take the row out.")),
)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """`received_on` is None only where it is not yet received. `signed`: signature, fingerprint,
    bank or not_yet."""

    source_row: Source
    lead_number: str
    key: str
    name: str
    identity: IdentityNumber | None
    address: str
    amount: Money
    received_on: date | None
    signed: str
    account: str


def read_return(row: Row, header: Header) -> ReturnRow | None:  # noqa: ARG001
    number = row.number("number", required=True)
    named, unnamed = row.names("name")
    row.text("name", required=True)
    if len(named) > 1 or unnamed:
        row.find("name", SEVERAL)
    amount = row.amount("amount", required=True)
    if amount is not None and not amount.fen:
        row.find("amount", NOTHING)
    signed = row.choice("signed") or ("not_yet" if row.has("signed") else "signature")
    received_on = row.date("received_on")
    if signed == "not_yet":
        row.find("signed", NO_SIGNATURE)
    elif received_on is None and not row.rejected:
        row.find("received_on", DATE_NEEDED)
    identity = row.identity("identity")
    row.people += len(named)
    if amount is None or not named:
        return None
    return ReturnRow(
        source_row=row.source,
        lead_number=number,
        key=number_key(number),
        name=named[0].name,
        identity=identity,
        address=one_line(row.known_text("township") + row.known_text("address")),
        amount=amount,
        received_on=received_on,
        signed=signed,
        account=row.number("account"),
    )
