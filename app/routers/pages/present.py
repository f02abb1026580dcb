"""From rows to what the macros show: stages, due dates and names in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal
from uuid import UUID

from app.core import i18n
from app.core.db import Row
from app.domain.correcting import CORRECT
from app.domain.deadlines import Level, WorkingCalendar, lateness
from app.domain.errors import N_, Reason
from app.domain.glossary import state_anchor
from app.domain.kinds import Kind, Stage
from app.domain.permissions import ROLE_LABELS, Role
from app.domain.profile import Profile
from app.domain.profile.model import Transition
from app.domain.workflow.chains import Seat
from app.repositories.work import Work
from app.routers.deps import Caller
from app.routers.parts import Due, Link, StageMark, Task
from app.services import profiles

ADDRESSES: Mapping[Kind, str] = {
    Kind.PETITION: "/petitions",
    Kind.LEAD: "/leads",
    Kind.CASE: "/cases",
    Kind.FUND_ITEM: "/funds",
}
KIND_NAMES: Mapping[Kind, str] = {
    Kind.PETITION: N_("Petitions"),
    Kind.LEAD: N_("Leads"),
    Kind.CASE: N_("Cases"),
    Kind.FUND_ITEM: N_("Money and property"),
}
TEAM = N_("member of the team")

LEVELS: Mapping[Level, Literal["later", "soon", "urgent", "overdue"]] = {
    Level.LATER: "later",
    Level.SOON: "soon",
    Level.URGENT: "urgent",
    Level.TODAY: "urgent",
    Level.OVERDUE: "overdue",
}


@dataclass(frozen=True)
class Reader:
    """What a page says depends on: the reader's language, the office's day and clock, the
    procedure."""

    locale: str
    today: date
    profile: Profile
    zone: tzinfo = i18n.OFFICE_ZONE
    apart: timedelta = timedelta()  # of the machine's calendar from the office's: `Work.apart`

    @classmethod
    def of(cls, caller: Caller, tx: Work) -> Reader:
        """By the procedure that new matters follow."""
        _id, profile = profiles.current(tx)
        return cls(caller.locale, tx.today, profile, tx.office.clock.zone, tx.apart)

    def following(self, tx: Work, profile_id: UUID) -> Reader:
        """By the procedure that one matter follows."""
        return replace(self, profile=profiles.of(tx, profile_id))

    def say(self, message: str, **values: object) -> str:
        return i18n.translate(self.locale, message, values or None)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A sentence with `{count}`: `one` where English wants the singular."""
        return self.say(one if number == 1 else many, count=i18n.count(number), **values)

    def reason(self, reason: Reason) -> str:
        return i18n.translate(self.locale, reason.message, reason.values)

    def written(self, day: date) -> str:
        """The year only where it isn't this one."""
        return i18n.written_date(self.locale, day, year=day.year != self.today.year)

    def moment(self, recorded_at: datetime) -> str:
        """The office's moment at which something was recorded: see `Work.moment_of`."""
        return i18n.table_time(recorded_at, self.zone, self.apart)

    def listed(self, words: Sequence[str]) -> str:
        return ("、" if self.locale == i18n.CHINESE else ", ").join(words)

    def joined(self, parts: Sequence[str]) -> str:
        """Parts of one sentence."""
        return ("，" if self.locale == i18n.CHINESE else ", ").join(parts)

    def text(self, *sentences: str) -> str:
        """Sentences one after the other; only English leaves a space between them."""
        gap = "" if self.locale == i18n.CHINESE else " "
        return gap.join(each for each in sentences if each)

    @property
    def calendar(self) -> WorkingCalendar:
        return WorkingCalendar(self.profile.calendar)

    def state(self, kind: str, state: str) -> str:
        return state_label(self.profile, kind, state, self.locale)

    def step(self, kind: str, event: str) -> str:
        """A step's own words; some events have several rows, all with the same words."""
        if event == CORRECT:
            return self.say(N_("Correct what was signed"))
        for row in self.profile.machine(Kind(kind)).transitions:
            if row.event == event:
                return row.label.words(self.locale)
        return event

    def role(self, role: str) -> str:
        """Whoever holds a role, or, for a place of the team's own, somebody of it."""
        return self.say(TEAM if role == Seat.TEAM else ROLE_LABELS[Role(role)])

    def code(self, code: str) -> str:
        """Who a code of the procedure's tables stands for."""
        known = self.profile.roles.get(code)
        return known.label.words(self.locale) if known else code

    def clock(self, kind: str, rule: str) -> str:
        known = self.profile.machine(Kind(kind)).clocks.get(rule)
        return known.label.words(self.locale) if known else rule

    def worded(self, words: Mapping[str, str]) -> str:
        """Words that are stored in every language."""
        return words.get("zh_CN" if self.locale == i18n.CHINESE else "en", "")

    def next_steps(self, kind: str, state: str) -> Sequence[Transition]:
        """What usually comes next: the table's first own step from a state. Where a proposal waits
        for a decision, every one that it could be."""
        machine = self.profile.machine(Kind(kind))
        own = [
            row for row in machine.leaving(state)
            if not row.by_system and not row.shared and not row.on_request
        ]  # fmt: skip
        waits = state in machine.states and machine.states[state].proposal
        several = waits and len({row.label.words(self.locale) for row in own}) > 1
        return own if several else own[:1]

    def rank(self, rank: str | None) -> str:
        known = self.profile.ranks.get(rank or "")
        return known.label.words(self.locale) if known else ""

    def due(self, on: date | None, *, why: str = "") -> Due:
        """When something is due and how near that is, by the procedure's own thresholds."""
        if on is None:
            return Due(None)
        near = lateness(on, self.today, self.calendar, self.profile.thresholds)
        unit: Literal["WD", "D"] = "WD" if near.unit.value == "WD" else "D"
        return Due(on, LEVELS[near.level], near.days, unit, why)

    def waited(self, since: date) -> str:
        """How long something waits, in the words of a cell."""
        days = self.calendar.between(since, self.today)
        if days == 0:
            return self.say(N_("new"))
        return self.count(N_("{count} working day"), N_("{count} working days"), days)

    def waiting(self, since: date) -> str:
        """The same as words of their own."""
        if self.calendar.between(since, self.today) == 0:
            return self.say(N_("only just asked"))
        return self.say(N_("for {time}"), time=self.waited(since))

    def stage_mark(self, row: Row) -> StageMark:
        return stage_mark(self.profile, row, self.locale)

    def quiet(self, message: str, **values: object) -> Link:
        return Link(self.say(message, **values), quiet=True)


def state_label(profile: Profile, kind: str, state: str, locale: str) -> str:
    known = profile.machine(Kind(kind)).states.get(state)
    return known.label.words(locale) if known else state


def stage_mark(profile: Profile, row: Row, locale: str) -> StageMark:
    label = state_label(profile, row["kind"], row["state"], locale)
    term = state_anchor(Kind(row["kind"]), row["state"])
    return StageMark(Stage(row["stage"]), label, term)


def matter_href(matter_id: object) -> str:
    return f"/matters/{matter_id}"


def number_link(row: Row, key: str = "id") -> Link:
    return Link(row["number"], matter_href(row[key]))


def alleged(row: Row, kind: str | None = None) -> bool:
    """What a matter tells is alleged until a decision on it takes effect; a thing just is."""
    return not row["effective"] and (kind or row["kind"]) != Kind.FUND_ITEM


def task_on(
    row: Row, action: Link, *, key: str = "matter_id", due: Due | None = None, reason: str = "",
    lines: Sequence[str] = (),
) -> Task:  # fmt: skip
    """Something that waits about a matter, whose key the row has under `key`."""
    return Task(
        text=row["title"], action=action, number=number_link(row, key), due=due,
        alleged=alleged(row), lines=lines, reason=reason,
    )  # fmt: skip


def person_label(reader: Reader, kind: str, *, effective: bool = False) -> str:
    """What somebody is called: reported until a case is filed on them, then investigated; and
    once a decision takes effect, no more than the person concerned."""
    if kind == Kind.FUND_ITEM:
        return reader.say(N_("From whom"))
    if kind != Kind.CASE:
        return reader.say(N_("Person reported"))
    if effective:
        return reader.say(N_("Person concerned"))
    return reader.say(N_("Person under investigation"))


def place(row: Row) -> str:
    """A village with its township before it, as offices write it."""
    return f"{row.get('parent_unit_name') or ''}{row['unit_name']}"


PAY_LIST = N_("Pay those on the list")

# Of what the reader may not know: the same whether there is something or not.
NOT_SHOWN = N_("Not shown to you")


def people(reader: Reader, names: Sequence[str | None] | None) -> str | Link:
    """The first person reported, and how many more."""
    held = [name for name in names or () if name]
    if not held:
        return reader.quiet(N_("not yet known"))
    if len(held) == 1:
        return held[0]
    return reader.say(N_("{name} +{count}"), name=held[0], count=len(held) - 1)


def next_step(reader: Reader, row: Row) -> str | Link:
    """What happens next: whose signature is awaited, whoever is still to be paid, else the state's
    own next step."""
    if row["closed_on"] is not None:
        return reader.quiet(N_("ended"))
    if row["waiting_role"] is not None:
        return reader.quiet(N_("waits for the {role}"), role=reader.role(row["waiting_role"]))
    if row.get("unpaid"):
        return reader.say(PAY_LIST)
    steps = reader.next_steps(row["kind"], row["state"])
    if len(steps) > 1:
        return reader.say(N_("Decide on the proposal"))
    return steps[0].label.words(reader.locale) if steps else ""


def holder(reader: Reader, row: Row) -> str | Link:
    """Whose hands it is in; to whoever may not know that the same, whether it is in any or not."""
    if row.get("hands_hidden"):
        return reader.quiet(NOT_SHOWN)
    found: str | None = row["holder_name"] or row["assigned_name"]
    return found or reader.quiet(N_("nobody yet"))
