"""What goes out as a file: its columns, and which of them tell who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.domain.errors import N_


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


MEDIA: Mapping[Format, str] = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}


class What(StrEnum):
    TOTALS = "totals"
    MATTERS = "matters"
    RECEIPTS = "receipts"
    RETURNS = "returns"
    LEAD_REGISTER = "lead_register"  # 线索登记表
    CASE_REGISTER = "case_register"  # 立案登记表


TITLES: Mapping[What, str] = {
    What.TOTALS: N_("Totals"),
    What.MATTERS: N_("Matters behind a figure"),
    What.RECEIPTS: N_("Money received"),
    What.RETURNS: N_("Money returned"),
    What.LEAD_REGISTER: N_("Register of leads"),
    What.CASE_REGISTER: N_("Register of cases"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """`personal` ones are masked or left empty without the right to names and a reason.

    `derived` ones are made from the identity number, which only the application can read.
    """

    key: str
    label: str
    kind: Literal["text", "number", "money", "wan", "date"] = "text"
    personal: bool = False
    derived: bool = False


_FIVE = (
    Column("collected", N_("Collected (ten thousand yuan)"), "wan"),
    Column("confiscated", N_("Confiscated (ten thousand yuan)"), "wan"),
    Column("restitution", N_("Ordered restitution (ten thousand yuan)"), "wan"),
    Column("surrendered", N_("Registered surrender (ten thousand yuan)"), "wan"),
    Column(
        "recovered_loss",
        N_("Loss from dereliction or abuse of office recovered (ten thousand yuan)"),
        "wan",
    ),
)

COLUMNS: Mapping[What, tuple[Column, ...]] = {
    What.MATTERS: (
        Column("number", N_("Number")),
        Column("kind", N_("Kind")),
        Column("standing", N_("Standing")),
        Column("state", N_("State")),
        Column("stage", N_("Stage")),
        Column("area", N_("Township or subdistrict")),
        Column("unit", N_("Unit")),
        Column("opened_on", N_("Received on"), "date"),
        Column("closed_on", N_("Closed on"), "date"),
        Column("source", N_("Source")),
        Column("campaign", N_("Campaign")),
        Column("leader", N_("Responsible leader")),
        Column("method", N_("Disposal")),
        Column("disposed_on", N_("Disposed of on"), "date"),
        Column("filed_on", N_("Filed on"), "date"),
        Column("subjects", N_("Persons reported"), personal=True),
        Column("received", N_("Received, yuan"), "money"),
        Column("returned", N_("Returned, yuan"), "money"),
        Column("doubts", N_("Open doubts"), "number"),
        Column("adds", N_("Adds to the figure"), "number"),
    ),
    What.RECEIPTS: (
        Column("happened_on", N_("Paid in on"), "date"),
        Column("matter", N_("Lead or case")),
        Column("item", N_("Fund item")),
        Column("intake", N_("Kind of intake")),
        Column("amount", N_("Amount, yuan"), "money"),
        Column("paid_in_by", N_("Paid in by"), personal=True),
        Column("reference", N_("Bank reference"), personal=True),
        Column("reversal", N_("Reversal")),
        Column("recorded_at", N_("Recorded at")),
    ),
    What.RETURNS: (
        Column("happened_on", N_("Returned on"), "date"),
        Column("matter", N_("Lead or case")),
        Column("item", N_("Fund item")),
        Column("receipt", N_("Receipt")),
        Column("beneficiary", N_("Returned to"), personal=True),
        Column("identity", N_("Identity number"), personal=True, derived=True),
        Column("address", N_("Address"), personal=True),
        Column("amount", N_("Amount, yuan"), "money"),
        Column("signed", N_("Signed for")),
        Column("signed_on", N_("Signed on"), "date"),
        Column("reversal", N_("Reversal")),
        Column("recorded_at", N_("Recorded at")),
    ),
    What.LEAD_REGISTER: (
        Column("unit", N_("Reporting unit")),
        Column("body", N_("Handling body")),
        Column("number", N_("Lead code")),
        Column("person_code", N_("Person code")),
        Column("opened_on", N_("Received on"), "date"),
        Column("name", N_("Person reported"), personal=True),
        Column("ethnicity", N_("Ethnicity"), personal=True),
        Column("birth", N_("Born (year and month)"), personal=True, derived=True),
        Column("member", N_("Party member")),
        Column("joined", N_("Joined the Party on"), personal=True),
        Column("method", N_("Disposal method")),
        Column("report", N_("Report on the disposal"), personal=True),
        Column("handling", N_("Organisational measures")),
        Column("closed_on", N_("Concluded on"), "date"),
        *_FIVE,
    ),
    What.CASE_REGISTER: (
        Column("number", N_("Case code")),
        Column("person_code", N_("Code of the person involved")),
        Column("name", N_("Person investigated"), personal=True),
        Column("sex", N_("Sex"), personal=True, derived=True),
        Column("age", N_("Age"), "number", personal=True, derived=True),
        Column("education", N_("Education"), personal=True),
        Column("report", N_("Facts in brief"), personal=True),
        Column("filed_on", N_("Filed on"), "date"),
        Column("party_filed_on", N_("Filed by the discipline commission on"), "date"),
        Column("party_organ", N_("Filing organ of the discipline commission")),
        Column("supervisory_filed_on", N_("Filed by the supervisory commission on"), "date"),
        Column("supervisory_organ", N_("Filing organ of the supervisory commission")),
        Column("adjudication_on", N_("Accepted for adjudication on"), "date"),
        Column("decided_on", N_("Adjudicated on"), "date"),
        Column("adjudicated_by", N_("Adjudicating organ")),
        Column("party_sanction", N_("Party sanction")),
        Column("administrative_sanction", N_("Administrative sanction")),
        Column("closed_on", N_("Case closed on"), "date"),
        Column("eight_rules", N_("Against the Eight-point Regulation")),
        Column("confessed", N_("Told of it unasked")),
        *_FIVE,
    ),
}

# Which of the figures each list stands behind, where it stands behind one only.
FIGURES: Mapping[What, str] = {
    What.RECEIPTS: "recovered_yuan",
    What.RETURNS: "returned_yuan",
    What.LEAD_REGISTER: "leads",
}

# The words in which the codes of a list are said, beside those of sources and of the ledger.
ANSWERS: Mapping[str, str] = {"yes": N_("yes"), "no": N_("no"), "reversal": N_("reversal")}
# Until a decision takes effect every list says so, beside the matter itself.
STANDING: Mapping[str, str] = {"alleged": N_("alleged"), "effective": N_("in effect")}


def born(identity: str) -> str | None:
    """Year and month of birth, 1966-07, from an identity number of 18."""
    return f"{identity[6:10]}-{identity[10:12]}" if len(identity) == 18 else None


def sex(identity: str) -> Literal["male", "female"] | None:
    """By the last digit but one."""
    if len(identity) != 18:
        return None
    return "male" if int(identity[16]) % 2 else "female"


SEXES: Mapping[str, str] = {"male": N_("male"), "female": N_("female")}


def age(identity: str, year: int, month: int, day: int) -> int | None:
    """Full years on a day."""
    if len(identity) != 18:
        return None
    before = (month, day) < (int(identity[10:12]), int(identity[12:14]))
    return year - int(identity[6:10]) - before
