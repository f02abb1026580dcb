"""A step's own form: its fields as the profile lists them, shown and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core import i18n
from app.domain.errors import N_, Invalid
from app.domain.kinds import Kind
from app.domain.profile import Profile
from app.domain.profile.model import FieldType, FormField
from app.domain.workflow.facts import Facts, MatterSnapshot
from app.repositories.work import Work
from app.routers.deps import Submitted
from app.routers.parts import Choice
from app.services import units, worklists

DESTINATIONS: dict[str, str] = {
    "refund": N_("back to those it was taken from"),
    "treasury": N_("to the treasury"),
    "criminal_case": N_("with the criminal case"),
    "released": N_("released"),
}


@dataclass(frozen=True)
class Shown:
    """A field with what a page needs to lay it out. `rows` are subjects or destinations."""

    field: FormField
    label: str
    hint: str
    choices: tuple[Choice, ...] = ()
    rows: tuple[tuple[str, str, tuple[Choice, ...]], ...] = ()


@dataclass(frozen=True)
class Around:
    """What fields choose from: the matter, its facts, and the reader's words."""

    tx: Work
    profile: Profile
    snapshot: MatterSnapshot
    facts: Facts
    locale: str


def shown(fields: Sequence[FormField], around: Around) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            field=field,
            label=field.label.words(around.locale),
            hint=field.hint.words(around.locale) if field.hint else "",
            choices=_choices(field, around),
            rows=_rows(field, around),
        )
        for field in fields
    )


def _choices(field: FormField, around: Around) -> tuple[Choice, ...]:
    locale = around.locale
    if field.options:
        return tuple(Choice(each.value, each.label.words(locale)) for each in field.options)
    if field.type is FieldType.BOOL:
        return (
            Choice("yes", i18n.translate(locale, N_("yes"))),
            Choice("no", i18n.translate(locale, N_("no"))),
        )
    if field.type is FieldType.DEPARTMENT:
        return tuple(
            Choice(str(row["id"]), row["name"]) for row in units.departments(around.tx)
        )
    if field.type in (FieldType.ACCOUNT, FieldType.ACCOUNTS):
        handlers = around.facts.handlers or {}
        return tuple(
            Choice(str(key), name)
            for key, name in sorted(handlers.items(), key=lambda pair: pair[1])
            if key not in around.facts.conflicted
        )
    if field.type is FieldType.CLOCK:
        clocks = around.profile.machine(around.snapshot.kind).clocks
        return tuple(
            Choice(clock.rule, clocks[clock.rule].label.words(locale))
            for clock in around.snapshot.clocks
            if clock.rule in clocks
        )
    if field.options_from in ("measures", "sanctions"):
        return _measures(around, None)
    if field.options_from == "reviews":
        return tuple(
            Choice(key, text.words(locale))
            for key, text in getattr(around.profile, "reviews", {}).items()
        )
    return ()


def _measures(around: Around, subject: object | None) -> tuple[Choice, ...]:
    """Outcomes that this matter's stage allows; for a subject only those it can receive."""
    from app.domain.outcomes import eligible

    kind = around.snapshot.kind
    found = []
    for key, measure in around.profile.measures.items():
        if measure.stages and kind not in measure.stages:
            continue
        if subject is not None and not eligible(around.profile, key, subject):
            continue
        group = i18n.translate(around.locale, FAMILIES[measure.kind])
        found.append(Choice(key, measure.label.words(around.locale), group=group))
    return tuple(sorted(found, key=lambda choice: list(FAMILIES_SHOWN).index(choice.group) if choice.group in FAMILIES_SHOWN else 9))


FAMILIES: dict[str, str] = {
    "unfounded": N_("not borne out"),
    "handling": N_("organisational handling"),
    "party_sanction": N_("Party sanction"),
    "administrative_sanction": N_("administrative sanction"),
    "exemption": N_("exemption"),
    "filed": N_("filed"),
    "referred": N_("referred"),
    "dismissed": N_("dismissed"),
}
FAMILIES_SHOWN: tuple[str, ...] = ()
