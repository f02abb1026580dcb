"""The matter: the one thing with a state, and what every kind of it has."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.kinds import Kind, Stage
from app.models.columns import (
    JSON,
    MOMENT,
    LTree,
    empty,
    key,
    later_ref,
    one_of,
    preset,
    ref,
    words,
)

RECORDED = {"server_default": text("now()")}


UNTAKEN = "assigned_path IS NULL AND closed_on IS NULL AND import_batch_id IS NULL"
COUNTED = [
    "classification", "opened_on", "recorded_at", "profile_id", "campaign_id", "made_by",
    "adjudicated", "unit_path", "state", "stage", "source", "responsible_leader", "assigned_path",
]  # fmt: skip


class ProfileVersion(SQLModel, table=True):
    """A profile as it was when matters began under it; `hash` is over its whole content."""

    __tablename__ = "profile_version"

    id: UUID = key()
    name: str = words()
    version: str = words()
    hash: str = words(unique=True)
    content: dict[str, Any] = Field(sa_type=JSON)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class Matter(SQLModel, table=True):
    """A number, a state, a unit, a classification. Each kind has a table with the same key.

    `district` is the first label of `unit_path`. `due_on` is a cache of the nearest open clock.
    `made_by` logged it. `adjudicated` is true once its case was handed to adjudication.
    `effective` is true once a decision about it takes effect: until then it is *alleged*.
    """

    __tablename__ = "matter"
    __table_args__ = (
        UniqueConstraint("district", "kind", "number"),
        one_of("kind", list(Kind)),
        one_of("stage", list(Stage)),
        CheckConstraint("classification between 0 and 2", name="classification_known"),
        CheckConstraint("version >= 1", name="version_counts"),
        Index("ix_matter_unit_path", "unit_path", postgresql_using="gist"),
        Index("ix_matter_assigned_path", "assigned_path", postgresql_using="gist"),
        Index("ix_matter_made_by", "made_by"),
        # What somebody logged that nobody has taken up yet, which is little among all.
        Index("ix_matter_untaken", "made_by", postgresql_where=text(UNTAKEN)),
        # All that totals ask of a matter: they read it here, in the order of the kind's own key.
        Index("ix_matter_counted", "kind", "id", postgresql_include=COUNTED),
        Index("ix_matter_kind_opened", "kind", text("opened_on DESC"), text("id DESC")),
        Index("ix_matter_kind_due", "kind", "due_on", "id"),
        Index("ix_matter_open_due", "due_on", "id", postgresql_where=text("closed_on IS NULL")),
        Index(
            "ix_matter_assigned_open_due",
            "assigned_unit_id",
            "due_on",
            "id",
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index("ix_matter_kind_number", "kind", "number", "id"),
        Index("ix_matter_kind_state", "kind", "state", "unit_id"),
        Index("ix_matter_unit_kind_opened", "unit_id", "kind", text("opened_on DESC")),
        Index("ix_matter_opened", text("opened_on DESC"), text("id DESC")),
        Index("ix_matter_district_opened", "district", text("opened_on DESC"), text("id DESC")),
        Index("ix_matter_adjudicated", "id", postgresql_where=text("adjudicated")),
        # Where a search enters.
        Index(
            "ix_matter_number_words",
            text("guard.folded(number) gin_trgm_ops"),
            postgresql_using="gin",
        ),
        Index("ix_matter_title_pairs", text("guard.pairs(title)"), postgresql_using="gin"),
    )

    id: UUID = key()
    kind: str = words()
    district: str = words()
    number: str = words()
    title: str = words()
    state: str = words()
    stage: str = words()
    unit_id: UUID = ref("unit.id", index=False)
    unit_path: str = Field(sa_type=LTree)
    assigned_unit_id: UUID | None = ref("unit.id", nullable=True, index=False)
    assigned_path: str | None = Field(default=None, sa_type=LTree)
    classification: int = preset(0)
    made_by: UUID = ref("account.id", index=False)
    profile_id: UUID = ref("profile_version.id", index=False)
    version: int = preset(1)
    episode: int = preset(1)
    source: str | None = words(nullable=True)
    responsible_leader: str | None = words(nullable=True)
    campaign_id: UUID | None = ref("campaign.id", nullable=True)
    opened_on: date
    closed_on: date | None = None
    due_on: date | None = None
    adjudicated: bool = preset(False)
    effective: bool = preset(False)
    import_batch_id: UUID | None = Field(default=None, foreign_key="import_batch.id", index=True)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class HandlerWanted(SQLModel, table=True):
    """An open matter that wants a handler and has none: kept by triggers, for heads' desks."""

    __tablename__ = "handler_wanted"

    matter_id: UUID = Field(primary_key=True, foreign_key="matter.id")


class TeamMember(SQLModel, table=True):
    """Who handles a matter. `part`: lead_handler (承办人) or member."""

    __tablename__ = "team_member"
    __table_args__ = (
        one_of("part", ["lead_handler", "member"]),
        Index("ix_team_member_account_id_matter_id", "account_id", "matter_id"),
        Index(
            "uq_team_member_present",
            "matter_id",
            "account_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id", index=False)
    account_id: UUID = ref("account.id", index=False)
    part: str = words()
    begins_on: date
    ends_on: date | None = None


class Transition(SQLModel, table=True):
    """One step of a matter's history: append-only. `version` is the matter's after the step.

    `happened_on` is the office's day, `recorded_at` the machine's time. `own` steps were signed
    by the actor; `ledger` ones are shown as taken from an imported ledger.
    """

    __tablename__ = "transition"
    __table_args__ = (
        UniqueConstraint("matter_id", "version"),
        one_of("manner", ["own", "ledger"]),
        Index("ix_transition_happened_on", "happened_on"),
        Index("ix_transition_recorded_at", "recorded_at", postgresql_using="brin"),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id", index=False)
    version: int
    event: str = words()
    from_state: str | None = words(nullable=True)
    to_state: str = words()
    actor_id: UUID | None = ref("account.id", nullable=True, index=False)
    signer_name: str | None = words(nullable=True)
    request_id: UUID | None = ref("request.id", nullable=True)
    manner: str = preset("own")
    reason: str | None = words(nullable=True)
    form: dict[str, Any] = empty(dict)
    happened_on: date
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class Clock(SQLModel, table=True):
    """A limit that runs on a matter; `due_on` can be recomputed from the rest.

    `unit` is D natural days, WD working days, M calendar months, Y years or h hours.
    """

    __tablename__ = "clock"
    __table_args__ = (
        one_of("unit", ["D", "WD", "M", "Y", "h"]),
        CheckConstraint("amount >= 0", name="amount_counts"),
        Index(
            "uq_clock_running",
            "matter_id",
            "rule",
            unique=True,
            postgresql_where=text("stopped_on IS NULL"),
        ),
        Index(
            "ix_clock_rule_due",
            "rule",
            "due_on",
            "matter_id",
            postgresql_where=text("stopped_on IS NULL"),
        ),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    rule: str = words()
    amount: int
    unit: str = words()
    started_on: date
    started_by: UUID | None = later_ref("transition.id")
    extended: int = preset(0)
    extensions: int = preset(0)
    paused_on: date | None = None
    paused_days: int = preset(0)
    due_on: date
    stopped_on: date | None = None
    stopped_by: UUID | None = later_ref("transition.id")
    explanation: dict[str, Any] = empty(dict)


class MatterLink(SQLModel, table=True):
    """A typed relation. A merge is a link that can be ended."""

    __tablename__ = "matter_link"
    __table_args__ = (
        one_of(
            "kind",
            [
                "petition_lead",
                "lead_case",
                "lead_fund_item",
                "case_fund_item",
                "merged_into",
                "repeat_of",
                "split_from",
                "reopens",
            ],
        ),
        Index(
            "ix_matter_link_merged",
            "from_id",
            postgresql_where=text("kind = 'merged_into' AND ends_on IS NULL"),
        ),
        Index(
            "uq_matter_link_live",
            "from_id",
            "to_id",
            "kind",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
        CheckConstraint("from_id <> to_id", name="not_itself"),
    )

    id: UUID = key()
    kind: str = words()
    from_id: UUID = ref("matter.id")
    to_id: UUID = ref("matter.id")
    begins_on: date
    ends_on: date | None = None


class Note(SQLModel, table=True):
    """A remark on a matter; append-only."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_pairs", text("guard.pairs(text)"), postgresql_using="gin"),)

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    text_: str = Field(sa_column_kwargs={"name": "text"}, sa_type=Text)
    made_by: UUID = ref("account.id", index=False)
    made_on: date
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class Correction(SQLModel, table=True):
    """What was corrected: both versions stay. `involvement_id` is whose field it is, where it is
    a person's; `request_id` the request by which those agreed whose signatures rest on it."""

    __tablename__ = "correction"

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    involvement_id: UUID | None = ref("involvement.id", nullable=True)
    request_id: UUID | None = ref("request.id", nullable=True)
    field: str = words()
    old: str | None = words(nullable=True)
    new: str | None = words(nullable=True)
    reason: str = words()
    made_by: UUID = ref("account.id", index=False)
    made_on: date
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class FormerFact(SQLModel, table=True):
    """What a matter said of itself until `recorded_at`, when it was corrected: kept by triggers,
    so that figures can be counted again as they were known on a day.

    `field` is source, responsible_leader, campaign_id, opened_on, or a petition's channel.
    """

    __tablename__ = "former_fact"

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    field: str = words()
    value: str | None = words(nullable=True)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class NumberSeries(SQLModel, table=True):
    """The last number given, per kind, district and year."""

    __tablename__ = "number_series"

    kind: str = Field(primary_key=True, sa_type=Text)
    district: str = Field(primary_key=True, sa_type=Text)
    year: int = Field(primary_key=True)
    last: int
