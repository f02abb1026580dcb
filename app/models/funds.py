"""Money and property: fund items, and the double entry behind every figure."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.columns import JSON, MOMENT, MONEY, Amount, key, one_of, preset, ref, words

INTAKES = ["collected", "confiscated", "restitution", "surrendered", "recovered_loss", "not_stated"]
ACCOUNTS = [
    "payer",
    "bank",
    "refund",
    "treasury",
    "criminal_case",
    "released",
    "suspense",
    "bank_error",
]
RECORDED = {"server_default": text("now()")}


class FundItem(SQLModel, table=True):
    """涉案财物: one thing taken in, with its card. `origin_id` is the lead or case it hangs on.

    Who takes it in, keeps it, decides and pays are four different people.
    """

    __tablename__ = "fund_item"
    __table_args__ = (
        one_of("intake", INTAKES),
        one_of("form", ["money", "property"]),
        CheckConstraint("taken_in_by <> kept_by", name="keeper_is_another"),
        CheckConstraint("decided_by NOT IN (taken_in_by, kept_by)", name="decider_is_another"),
        CheckConstraint(
            "paid_by NOT IN (taken_in_by, kept_by, decided_by)", name="payer_is_another"
        ),
    )

    id: UUID = Field(primary_key=True, foreign_key="matter.id")
    origin_id: UUID = ref("matter.id")
    form: str = preset("money")
    intake: str = words()
    description: str = words()
    holder_involvement_id: UUID | None = ref("involvement.id", nullable=True)
    measure: str | None = words(nullable=True)
    controlled_on: date | None = None
    destination: str | None = words(nullable=True)
    splits: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    taken_in_by: UUID | None = ref("account.id", nullable=True, index=False)
    kept_by: UUID | None = ref("account.id", nullable=True)
    decided_by: UUID | None = ref("account.id", nullable=True, index=False)
    paid_by: UUID | None = ref("account.id", nullable=True, index=False)
    undivided: bool = preset(False)


class JournalEntry(SQLModel, table=True):
    """One movement of money: append-only; its postings sum to zero.

    `matter_id` is the lead or case it counts for, None while in suspense. A mistake is
    reversed by another entry, never edited. `receipt_number` is the payee's paper's, of what went
    back to somebody.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        one_of(
            "kind",
            [
                "receipt",
                "return",
                "treasury",
                "criminal_case",
                "release",
                "suspense",
                "assignment",
                "bank_error",
                "reversal",
            ],
        ),
        Index(
            "ix_journal_entry_suspense", "bank_line_id", postgresql_where=text("kind = 'suspense'")
        ),
        Index("ix_journal_entry_happened_on", "happened_on"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("receipt_number IS NULL OR kind = 'return'", name="receipt_of_a_return"),
        Index(
            "uq_journal_entry_receipt_number",
            "receipt_number",
            unique=True,
            postgresql_where=text("receipt_number IS NOT NULL"),
        ),
    )

    id: UUID = key()
    kind: str = words()
    receipt_number: str | None = words(nullable=True)
    matter_id: UUID | None = ref("matter.id", nullable=True)
    fund_item_id: UUID | None = ref("fund_item.id", nullable=True)
    unit_id: UUID | None = ref("unit.id", nullable=True, index=False)
    happened_on: date
    description: str | None = words(nullable=True)
    bank_line_id: UUID | None = ref("bank_line.id", nullable=True)
    reverses_id: UUID | None = ref("journal_entry.id", nullable=True, index=False)
    recorded_by: UUID = ref("account.id", index=False)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class Posting(SQLModel, table=True):
    """An amount on an account, for one fund item where it is known."""

    __tablename__ = "posting"
    __table_args__ = (
        one_of("account", ACCOUNTS),
        CheckConstraint("amount <> 0", name="amount_moves"),
        Index("ix_posting_fund_item_id_account", "fund_item_id", "account"),
    )

    id: UUID = key()
    entry_id: UUID = ref("journal_entry.id")
    account: str = words()
    fund_item_id: UUID | None = ref("fund_item.id", nullable=True, index=False)
    amount: Amount = Field(sa_type=MONEY)


class MoneyReceipt(SQLModel, table=True):
    """Money taken in: kind of intake, from whom, and the bank's reference."""

    __tablename__ = "money_receipt"
    __table_args__ = (one_of("intake", INTAKES),)

    entry_id: UUID = Field(primary_key=True, foreign_key="journal_entry.id")
    intake: str = words()
    paid_in_by: str | None = words(nullable=True)
    bank_reference: str | None = words(nullable=True)


class MoneyReturn(SQLModel, table=True):
    """Money that went back to a villager, and how they signed for it.

    A row of a returns register may come before the bank line that paid it: `entry_id` is then
    None until the line arrives.
    """

    __tablename__ = "money_return"
    __table_args__ = (
        one_of("signed", ["signature", "fingerprint", "bank", "not_yet"]),
        UniqueConstraint("entry_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_money_return_waiting", "cited", postgresql_where=text("entry_id IS NULL")),
        Index(
            "ix_money_return_unsigned",
            "happened_on",
            "entry_id",
            postgresql_where=text("signed = 'not_yet' AND entry_id IS NOT NULL"),
        ),
    )

    id: UUID = key()
    entry_id: UUID | None = ref("journal_entry.id", nullable=True, index=False)
    matter_id: UUID | None = ref("matter.id", nullable=True)
    cited: str | None = words(nullable=True)
    beneficiary_id: UUID | None = ref("person.id", nullable=True)
    beneficiary: str = words()
    address: str | None = words(nullable=True)
    amount: Amount = Field(sa_type=MONEY)
    happened_on: date
    signed: str = words()
    signed_on: date | None = None
    import_batch_id: UUID | None = Field(default=None, foreign_key="import_batch.id", index=True)


class Payee(SQLModel, table=True):
    """A line of a return list 退还清册: who is to get how much of an item."""

    __tablename__ = "payee"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: UUID = key()
    fund_item_id: UUID = ref("fund_item.id")
    person_id: UUID | None = ref("person.id", nullable=True)
    name: str = words()
    amount: Amount = Field(sa_type=MONEY)
    paid_entry_id: UUID | None = ref("journal_entry.id", nullable=True, index=False)


class BankLine(SQLModel, table=True):
    """A line of the special account's statement, as the bank wrote it."""

    __tablename__ = "bank_line"
    __table_args__ = (
        UniqueConstraint("account_number", "serial", "happened_on"),
        CheckConstraint("credit >= 0 and debit >= 0", name="no_negative_side"),
    )

    id: UUID = key()
    account_number: str = words()
    serial: str = words()
    happened_on: date
    summary: str = words()
    cited: str | None = words(nullable=True, index=True)
    credit: Amount = Field(sa_type=MONEY)
    debit: Amount = Field(sa_type=MONEY)
    balance: Amount | None = Field(default=None, sa_type=MONEY)
    counterparty: str | None = words(nullable=True)
    corrects_id: UUID | None = ref("bank_line.id", nullable=True, index=False)
    import_batch_id: UUID | None = Field(default=None, foreign_key="import_batch.id", index=True)
