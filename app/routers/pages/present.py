"""From rows to what the macros show: stages, due dates and names in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core import i18n
from app.core.db import Row
from app.domain.deadlines import Level, WorkingCalendar, lateness
from app.domain.errors import N_
from app.domain.kinds import Kind, Stage
from app.domain.profile import Profile
from app.routers.parts import Due, Link, StageMark
from app.routers.pages.frame import ROLE_LABELS
from app.domain.permissions import Role

ADDRESSES: dict[Kind, str] = {
    Kind.PETITION: "/petitions",
    Kind.LEAD: "/leads",
    Kind.CASE: "/cases",
    Kind.FUND_ITEM: "/funds",
}
KIND_NAMES: dict[Kind, str] = {
    Kind.PETITION: N_("Petitions"),
    Kind.LEAD: N_("Leads"),
    Kind.CASE: N_("Cases"),
    Kind.FUND_ITEM: N_("Money and property"),
}
SOURCES: dict[str, str] = {
    "petition": N_("petition"),
    "inspection": N_("inspection"),
    "one_click": N_("one-click report"),
    "supervision": N_("found in supervision"),
    "sweep": N_("full sweep"),
    "transfer": N_("handed over by another body"),
    "superior": N_("assigned by the superior"),
    "self_surrender": N_("surrendered by the person"),
    "audit": N_("audit"),
    "unit": N_("reported by a unit"),
    "letter": N_("letter"),
    "visit": N_("visit"),
    "call": N_("call"),
    "online": N_("online"),
    "other": N_("other"),
}


def matter_href(row: Row, key: str = "id") -> str:
    return f"/matters/{row[key]}"


def number_link(row: Row) -> Link:
    return Link(row["number"], matter_href(row))


def state_label(profile: Profile, kind: str, state: str, locale: str) -> str:
    machine = profile.machine(Kind(kind))
    known = machine.states.get(state)
    return known.label.words(locale) if known else state


def stage_mark(profile: Profile, row: Row, locale: str) -> StageMark:
    label = state_label(profile, row["kind"], row["state"], locale)
    return StageMark(Stage(row["stage"]), label)


def due(profile: Profile, on: date | None, today: date, *, why: str = "") -> Due:
    """When something is due and how near that is, by the profile's own thresholds."""
    if on is None:
        return Due(None)
    near = lateness(on, today, WorkingCalendar(profile.calendar), profile.thresholds)
    level = "urgent" if near.level is Level.TODAY else near.level.value
    if level not in ("later", "soon", "urgent", "overdue"):
        raise ValueError(f"no such level: {level}")
    unit: Any = near.unit.value
    return Due(on, level, near.days, unit, why)  # type: ignore[arg-type]


def place(row: Row) -> str:
    """A village with its township before it, as offices write it."""
    parent = row.get("parent_unit_name")
    return f"{parent}{row['unit_name']}" if parent else str(row["unit_name"])


def people(row: Row, locale: str, names: list[str] | None = None) -> str | Link:
    """The first person reported, and how many more."""
    held = names if names is not None else row["subject_names"]
    if not held:
        return Link(i18n.translate(locale, N_("not yet known")), quiet=True)
    if len(held) == 1:
        return str(held[0])
    return i18n.translate(locale, N_("{name} and {count} more"), {"name": held[0], "count": len(held) - 1})


def role_label(role: str, locale: str) -> str:
    return i18n.translate(locale, ROLE_LABELS[Role(role)])


def waiting_or_next(profile: Profile, row: Row, locale: str) -> str | Link:
    """What happens next: whose signature is awaited, else the state's own next step."""
    if row["closed_on"] is not None:
        return Link(i18n.translate(locale, N_("ended")), quiet=True)
    if row["waiting_role"] is not None:
        who = role_label(row["waiting_role"], locale)
        return Link(i18n.translate(locale, N_("waits for the {role}"), {"role": who}), quiet=True)
    machine = profile.machine(Kind(row["kind"]))
    steps = [each for each in machine.leaving(row["state"]) if not each.by_system]
    return steps[0].label.words(locale) if steps else ""
