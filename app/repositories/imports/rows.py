"""Rows as an import writes them: the columns of each table that it fills, in the order of fields.

Tuples, not models: a ledger of 100,000 rows becomes a million of them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID


class UnitLine(NamedTuple):
    id: UUID
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    path: str
    reporting: bool = False
    poor_village: bool = False


class CampaignLine(NamedTuple):
    id: UUID
    key: str
    name: str


class PersonLine(NamedTuple):
    id: UUID
    name: str
    id_number: bytes | None
    id_index: bytes | None
    position: str | None
    rank: str | None
    unit_id: UUID | None
    member: bool | None
    public_employee: bool | None
    presumed: bool
    male: bool | None = None
    born: str | None = None
    ethnicity: str | None = None
    joined_party: str | None = None
    education: str | None = None


class PersonKeyLine(NamedTuple):
    person_id: UUID
    keys: list[str]
    pinyin: str
    strokes: str


class OrganisationLine(NamedTuple):
    id: UUID
    name: str
    unit_id: UUID | None


class MatterLine(NamedTuple):
    id: UUID
    kind: str
    district: str
    number: str
    title: str
    state: str
    stage: str
    unit_id: UUID
    unit_path: str
    assigned_unit_id: UUID | None
    assigned_path: str | None
    classification: int
    made_by: UUID
    profile_id: UUID
    version: int
    source: str | None
    responsible_leader: str | None
    campaign_id: UUID | None
    opened_on: date
    closed_on: date | None
    effective: bool
    import_batch_id: UUID


class LeadLine(NamedTuple):
    id: UUID
    received_on: date
    what: str
    category: str | None
    place: str | None
    amount: Decimal | None
    method: str | None
    disposed_on: date | None
    filed_on: date | None
    handled_by: str | None
    reviewed: bool
    remark: str | None


class PetitionLine(NamedTuple):
    """`class_` is the column `class`."""

    id: UUID
    received_on: date
    channel: str
    class_: str
    named: bool
    place: str | None
    content: str
    backlog: bool
    forwarded_to: str | None


class ReporterLine(NamedTuple):
    petition_id: UUID
    key_id: str
    wrapped: bytes | None
    sealed: bytes


class CaseLine(NamedTuple):
    id: UUID
    filed_on: date
    party_filed_on: date | None
    supervisory_filed_on: date | None
    filing_organ: str | None
    brief: str | None
    source_lead: bool
    decided_on: date | None
    closed_on: date | None


class FundItemLine(NamedTuple):
    id: UUID
    origin_id: UUID
    form: str
    intake: str
    description: str
    undivided: bool


class RequestLine(NamedTuple):
    id: UUID
    matter_id: UUID
    event: str
    from_state: str | None
    to_state: str
    requested_on: date
    next_position: int
    status: str
    manner: str
    matter_version: int
    ended_on: date


class SignatureLine(NamedTuple):
    id: UUID
    request_id: UUID
    matter_id: UUID
    position: int
    act: str
    role: str
    signer_name: str
    verdict: str
    manner: str
    signed_on: date


class TransitionLine(NamedTuple):
    """`form` is JSON text."""

    id: UUID
    matter_id: UUID
    version: int
    event: str
    from_state: str | None
    to_state: str
    signer_name: str | None
    request_id: UUID | None
    manner: str
    form: str
    happened_on: date


class InvolvementLine(NamedTuple):
    id: UUID
    matter_id: UUID
    code: str | None
    part: str
    person_id: UUID | None
    organisation_id: UUID | None
    position: str | None
    rank: str | None
    begins_on: date
    eight_rules: bool | None = None
    confessed: bool | None = None


class OutcomeLine(NamedTuple):
    id: UUID
    matter_id: UUID
    involvement_id: UUID | None
    kind: str
    measure: str | None
    form: int | None
    quantity: int
    decided_on: date
    effective_on: date | None
    impact_until: date | None
    manner: str


class ClaimLine(NamedTuple):
    id: UUID
    matter_id: UUID
    involvement_id: UUID | None
    kind: str
    amount: Decimal


class LinkLine(NamedTuple):
    id: UUID
    kind: str
    from_id: UUID
    to_id: UUID
    begins_on: date


class NoteLine(NamedTuple):
    id: UUID
    matter_id: UUID
    text: str
    made_by: UUID
    made_on: date


class RoundLine(NamedTuple):
    id: UUID
    name: str
    begins_on: date
    ends_on: date


class FindingLine(NamedTuple):
    id: UUID
    round_id: UUID
    team: str
    village_id: UUID | None
    lead_id: UUID | None
    cited: str
    what: str
    found_on: date
    import_batch_id: UUID


class BankLineLine(NamedTuple):
    id: UUID
    account_number: str
    serial: str
    happened_on: date
    summary: str
    cited: str | None
    credit: Decimal
    debit: Decimal
    balance: Decimal | None
    counterparty: str | None
    corrects_id: UUID | None
    import_batch_id: UUID


class EntryLine(NamedTuple):
    id: UUID
    kind: str
    matter_id: UUID | None
    fund_item_id: UUID | None
    unit_id: UUID | None
    happened_on: date
    description: str | None
    bank_line_id: UUID | None
    reverses_id: UUID | None
    recorded_by: UUID


class PostingLine(NamedTuple):
    id: UUID
    entry_id: UUID
    account: str
    fund_item_id: UUID | None
    amount: Decimal


class ReceiptLine(NamedTuple):
    entry_id: UUID
    intake: str
    paid_in_by: str | None
    bank_reference: str | None


class ReturnLine(NamedTuple):
    id: UUID
    entry_id: UUID | None
    matter_id: UUID | None
    cited: str | None
    beneficiary_id: UUID | None
    beneficiary: str
    address: str | None
    amount: Decimal
    happened_on: date
    signed: str
    signed_on: date | None
    import_batch_id: UUID


class RowLine(NamedTuple):
    id: UUID
    batch_id: UUID
    family: str
    sheet: str
    row: int
    row_hash: bytes
    matter_id: UUID | None
    target_id: UUID | None


class DoubtLine(NamedTuple):
    """`values` is JSON text."""

    id: UUID
    rule: str
    batch_id: UUID
    row: int | None
    matter_id: UUID | None
    person_id: UUID | None
    subject_id: UUID | None
    values: str


class ReportLine(NamedTuple):
    """`findings` is JSON text."""

    id: UUID
    batch_id: UUID
    sheet: str
    row: int
    verdict: str
    findings: str
    matter_id: UUID | None
