"""Figures: what is counted, in which unit, over which cohort, as of which day.

A figure's unit is part of it: people and person-times are never one number, and *not yet disposed
of* (received, without any disposal) is never *not yet cleared* (received, not closed off; what is
on hold stays in).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.errors import N_
from app.domain.kinds import Stage
from app.domain.money import Money
from app.domain.units import UnitPath


class Counted(StrEnum):
    """In what a figure counts."""

    LEADS = "leads"  # 条
    ITEMS = "items"  # 件
    TIMES = "times"  # 件次
    PEOPLE = "people"  # 人
    PERSON_TIMES = "person_times"  # 人次
    YUAN = "yuan"  # 元
    UNITS = "units"  # 个
    LINES = "lines"  # 笔
    ROWS = "rows"  # 行


COUNTED: Mapping[Counted, str] = {
    Counted.LEADS: N_("leads"),
    Counted.ITEMS: N_("items"),
    Counted.TIMES: N_("reports"),
    Counted.PEOPLE: N_("people"),
    Counted.PERSON_TIMES: N_("person-times"),
    Counted.YUAN: N_("yuan"),
    Counted.UNITS: N_("units"),
    Counted.LINES: N_("lines"),
    Counted.ROWS: N_("rows"),
}

# One of them, in languages that tell one from several.
COUNTED_ONE: Mapping[Counted, str] = {
    Counted.LEADS: N_("lead"),
    Counted.ITEMS: N_("item"),
    Counted.TIMES: N_("report"),
    Counted.PEOPLE: N_("person"),
    Counted.PERSON_TIMES: N_("person-time"),
    Counted.YUAN: N_("yuan"),
    Counted.UNITS: N_("unit"),
    Counted.LINES: N_("line"),
    Counted.ROWS: N_("row"),
}


class Standing(StrEnum):
    """Where a lead stands: in a stage, or in none since it ended."""

    SHARE = Stage.SHARE
    ASSESS = Stage.ASSESS
    INVESTIGATE = Stage.INVESTIGATE
    REVIEW = Stage.REVIEW
    ENDED = "ended"


# In the place of a source or a leader, and of a campaign: that none is stated.
UNSTATED = "none"
NO_CAMPAIGN = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Over what is counted. `since` and `until` bound each figure by its own day: a lead's
    receipt, an outcome's decision, the day on which money moved; stocks stand as of `as_of`.

    `known_on` leaves out what was recorded later. `unit` stands for its whole subtree, or
    `alone` without what lies below it. `stage`, `method` and `outcome` narrow leads, and what was
    decided and paid on them and on their cases.
    """

    as_of: date
    known_on: date | None = None
    unit: UnitPath | None = None
    alone: bool = False
    campaign_id: UUID | None = None
    source: str | None = None
    leader: str | None = None
    since: date | None = None
    until: date | None = None
    stage: Standing | None = None
    method: str | None = None
    outcome: str | None = None

    @property
    def narrowed(self) -> bool:
        """Whether it is less than everything that the reader may count."""
        return any(
            value is not None
            for value in (
                self.unit, self.campaign_id, self.source, self.leader, self.since, self.until,
                self.stage, self.method, self.outcome,
            )
        )  # fmt: skip

    def whole_on(self, today: date) -> bool:
        """Whether it is all of a place, or all of a campaign, as it stands today: no filter that
        could be laid beside another one to tell a single matter from their difference."""
        plain = replace(self, unit=None, campaign_id=None) == Cohort(as_of=today)
        stated = self.campaign_id != NO_CAMPAIGN
        return plain and stated and (self.unit is None or self.campaign_id is None)


class Facet(StrEnum):
    """By what figures are broken down."""

    STAGE = "stage"
    DISPOSAL = "disposal"
    UNIT = "unit"
    CAMPAIGN = "campaign"
    SOURCE = "source"
    LEADER = "leader"
    MONTH = "month"


@dataclass(slots=True, kw_only=True)
class Counts:
    """One row of figures: of everything, or of one slice."""

    leads: int = 0
    inspection_leads: int = 0
    handled: int = 0
    held: int = 0
    filed: int = 0
    uncleared: int = 0
    petitions: int = 0
    one_click_reports: int = 0
    petitions_received: int = 0
    organisational_handlings: int = 0
    sanction_person_times: int = 0
    sanctioned_persons: int = 0
    party_sanctioned_persons: int = 0
    administratively_sanctioned_persons: int = 0
    accountable_persons: int = 0
    recovered: Money = field(default_factory=Money.zero)
    returned: Money = field(default_factory=Money.zero)
    remitted: Money = field(default_factory=Money.zero)
    released: Money = field(default_factory=Money.zero)
    in_custody: Money = field(default_factory=Money.zero)

    @property
    def outstanding(self) -> int:
        """Not yet disposed of 未处置."""
        return self.leads - self.handled


UNITS: Mapping[str, Counted] = {
    "leads": Counted.LEADS,
    "inspection_leads": Counted.LEADS,
    "handled": Counted.LEADS,
    "outstanding": Counted.LEADS,
    "held": Counted.LEADS,
    "uncleared": Counted.LEADS,
    "filed": Counted.ITEMS,
    "petitions": Counted.ITEMS,
    "one_click_reports": Counted.TIMES,
    "petitions_received": Counted.TIMES,
    "organisational_handlings": Counted.PERSON_TIMES,
    "sanction_person_times": Counted.PERSON_TIMES,
    "sanctioned_persons": Counted.PEOPLE,
    "party_sanctioned_persons": Counted.PEOPLE,
    "administratively_sanctioned_persons": Counted.PEOPLE,
    "accountable_persons": Counted.PEOPLE,
    "recovered_yuan": Counted.YUAN,
    "returned_yuan": Counted.YUAN,
    "remitted_yuan": Counted.YUAN,
    "released_yuan": Counted.YUAN,
    "in_custody_yuan": Counted.YUAN,
    "in_suspense_yuan": Counted.YUAN,
    "village_return_yuan": Counted.YUAN,
    "village_return_people": Counted.PEOPLE,
    "beneficiaries": Counted.ROWS,
    "reporting_units": Counted.UNITS,
    "villages": Counted.UNITS,
    "bank_lines": Counted.LINES,
    "bank_closing_yuan": Counted.YUAN,
    "doubtful_rows": Counted.ROWS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One value of a facet. An empty `key` gathers what states none; `code` is a unit's."""

    key: str
    label: str
    counts: Counts
    code: str = ""


HELD, UNDER_WAY = "held", "under_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Leads of one source that were disposed of in one way and came to one outcome; an empty source
    is none stated, an empty method none yet. An outcome is the state that a lead ended in, HELD, or
    UNDER_WAY."""

    source: str
    method: str
    outcome: str
    leads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """Matters of a kind that stand in a stage; `ended` ones have left the stages."""

    kind: str
    stage: str
    open: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCount:
    """How often something was decided, and about how many different people."""

    kind: str
    measure: str
    form: int | None
    person_times: int
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Every figure over a cohort. Bank figures belong to the whole and are None for a part.
    Shared by whoever asks the same: nobody changes one.

    `outside` is how many matters at least the reader doesn't count, in fives; None where that is
    fewer than five, and of anything but a whole district, township or campaign as of today.
    """

    cohort: Cohort
    counts: Counts
    slices: Mapping[Facet, tuple[Slice, ...]]
    stages: tuple[StageCount, ...]
    measures: tuple[MeasureCount, ...]
    intakes: Mapping[str, Money]
    in_suspense: Money
    village_return: Money
    village_return_people: int
    beneficiaries: int
    reporting_units: int
    villages: int
    bank_lines: int | None
    bank_closing: Money | None
    doubts: Mapping[str, int]
    flows: tuple[Flow, ...] = ()
    outside: int | None = None

    @property
    def doubtful_rows(self) -> int:
        """Rows that contradict a rule and are counted all the same."""
        return sum(self.doubts.values())

    def figures(self) -> dict[str, int | Decimal | None]:
        """Every single figure by its key, in the order in which they are read."""
        counts = self.counts
        return {
            **{
                key: getattr(counts, key)
                for key in UNITS
                if hasattr(counts, key) and not key.endswith("_yuan")
            },
            "recovered_yuan": counts.recovered.decimal,
            "returned_yuan": counts.returned.decimal,
            "remitted_yuan": counts.remitted.decimal,
            "released_yuan": counts.released.decimal,
            "in_custody_yuan": counts.in_custody.decimal,
            "in_suspense_yuan": self.in_suspense.decimal,
            "village_return_yuan": self.village_return.decimal,
            "village_return_people": self.village_return_people,
            "beneficiaries": self.beneficiaries,
            "reporting_units": self.reporting_units,
            "villages": self.villages,
            "bank_lines": self.bank_lines,
            "bank_closing_yuan": None if self.bank_closing is None else self.bank_closing.decimal,
            "doubtful_rows": self.doubtful_rows,
        }

    def published(self) -> dict[str, object]:
        """As a district publishes them: amounts as text, campaigns and doubts by name."""
        shown: dict[str, object] = {
            key: str(value) if isinstance(value, Decimal) else value
            for key, value in self.figures().items()
        }
        shown["campaigns"] = {
            each.label: {
                "leads": each.counts.leads,
                "filed": each.counts.filed,
                "recovered_yuan": str(each.counts.recovered),
            }
            for each in self.slices[Facet.CAMPAIGN]
            if each.key
        }
        shown["doubts"] = dict(sorted(self.doubts.items()))
        shown["as_of"] = self.cohort.as_of.isoformat()
        if self.cohort.known_on is not None:
            shown["known_on"] = self.cohort.known_on.isoformat()
        return shown
