"""Totals and exports, as asked for and as answered. Amounts are decimal strings in yuan."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.exports import Format, What
from app.domain.kinds import Kind, Stage
from app.domain.ledger import EntryKind, Intake, Signed
from app.domain.totals import Counted, Facet, Standing
from app.schemas.base import Answered, Code, Day, Flag, OneLine, Sent, example
from app.schemas.funds import Reason, Yuan

# What a cohort's fields mean, for the parameters of an address as for the fields of a body.
TO_COME = "A day to come, or before 1900, is refused."
AS_OF = f"Figures as of this day; today if left out. {TO_COME}"
KNOWN_ON = f"Leave out what was recorded after this day. {TO_COME}"
SINCE = f"Received, decided or paid from this day on. {TO_COME}"
UNTIL = f"Received, decided or paid up to this day. {TO_COME}"
UNIT = "A unit's code: its whole subtree"
ALONE = "The unit itself, without what lies below it"
CAMPAIGN = "All zeros: what states no campaign"
SOURCE = "`none`: what states no source. One that is neither offered nor stated is refused."
LEADER = "`none`: what states no leader"
STAGE = "Where the lead stands; `ended`: in no stage any more"
METHOD = "The lead's disposal"
OUTCOME = "The state that a lead ended in, held or under_way"


class CohortAsked(Sent):
    """Over what is counted. Left out, `as_of` is today and the rest is everything."""

    as_of: Day | None = Field(default=None, description=AS_OF, examples=["2018-08-31"])
    known_on: Day | None = Field(default=None, description=KNOWN_ON)
    unit: Code | None = Field(default=None, description=UNIT)
    alone: Flag = Field(default=False, description=ALONE)
    campaign_id: UUID | None = Field(default=None, description=CAMPAIGN)
    source: Code | None = Field(default=None, description=SOURCE, examples=["inspection"])
    leader: OneLine | None = Field(default=None, description=LEADER)
    since: Day | None = Field(default=None, description=SINCE)
    until: Day | None = Field(default=None, description=UNTIL)
    stage: Standing | None = Field(default=None, description=STAGE)
    method: Code | None = Field(default=None, description=METHOD, examples=["hold"])
    outcome: Code | None = Field(default=None, description=OUTCOME, examples=["filed"])


class ExportAsked(CohortAsked):
    """`key` names the figure behind which the matters stand. Names need a reason."""

    model_config = example(
        what="matters",
        format="csv",
        key="outstanding",
        as_of="2018-08-31",
        names=True,
        reason="月度核对",
    )

    what: What
    format: Format = Format.CSV
    key: Code | None = Field(default=None, examples=["outstanding"])
    names: Flag = False
    reason: Reason | None = None


class CountsRead(Answered):
    """Figures of the whole, or of one slice."""

    leads: int
    inspection_leads: int
    handled: int
    outstanding: int
    held: int
    filed: int
    uncleared: int
    petitions: int
    one_click_reports: int
    petitions_received: int
    organisational_handlings: int
    sanction_person_times: int
    sanctioned_persons: int
    party_sanctioned_persons: int
    administratively_sanctioned_persons: int
    accountable_persons: int
    recovered_yuan: Yuan
    returned_yuan: Yuan
    remitted_yuan: Yuan
    released_yuan: Yuan
    in_custody_yuan: Yuan


class SliceRead(Answered):
    key: str = Field(description="Empty where it is not stated")
    label: str
    counts: CountsRead


class StageRead(Answered):
    kind: Kind
    stage: Stage
    open: int
    ended: int


class MeasureRead(Answered):
    kind: str
    measure: str
    form: int | None
    person_times: int
    persons: int


class TotalsRead(Answered):
    """`published` holds the figures as a district publishes them."""

    as_of: date
    known_on: date | None
    published: dict[str, Any]
    units: dict[str, Counted] = Field(description="What each figure counts in")
    counts: CountsRead
    slices: dict[Facet, list[SliceRead]]
    stages: list[StageRead]
    measures: list[MeasureRead]
    intakes: dict[str, Yuan]
    outside: int | None = Field(
        description="At least so many matters of the district, township or campaign lie outside"
        " what the reader counts, in fives; null below five, and for anything narrower",
        examples=[35],
    )


class MatterBehind(Answered):
    """A matter that a figure counts. `adds` is what it adds: 1, person-times, yuan or rows."""

    id: UUID
    kind: Kind
    number: str
    title: str | None = Field(description="Null for who reads without texts")
    state: str
    stage: Stage
    unit_name: str
    opened_on: date
    closed_on: date | None
    source: str | None
    alleged: bool
    adds: Yuan


class EntryBehind(Answered):
    """A movement that a figure of money sums."""

    id: UUID
    kind: EntryKind
    happened_on: date
    recorded_at: datetime
    amount: Yuan
    matter_id: UUID | None
    matter_number: str | None
    fund_item_id: UUID | None
    item_number: str | None
    intake: Intake | None
    paid_in_by: str | None
    bank_reference: str | None
    beneficiary: str | None
    signed: Signed | None
    signed_on: date | None
    description: str | None


class ExportRead(Answered):
    id: UUID
    what: What
    format: Format
    definition: dict[str, Any]
    names: bool
    reason: str | None
    recorded_at: datetime
