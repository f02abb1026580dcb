"""A step's own form: its fields as the procedure lists them, each with what it offers.

Most fields are one control named as the field. Those of several rows get a control a row, named
`field-row`; `app.routers.pages.given` reads both back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain import outcomes
from app.domain.errors import N_
from app.domain.guards.everywhere import extendable
from app.domain.name_order import by_pinyin
from app.domain.permissions import Role
from app.domain.profile.fields import FieldType, FormField
from app.domain.workflow.facts import Subject
from app.repositories.work import Work
from app.routers.pages.outcomes import KINDS
from app.routers.pages.present import Reader, matter_href
from app.routers.parts import Choice, Link
from app.services import units, workflow
from app.services.workflow import Judged

TEAM_PLACES = 4  # how many further people a form can name at once
OUTCOMES_EACH = 2  # outcomes that a form can give one person: a Party and another sanction
CHILDREN = 3  # matters that a form can split off at once

HEADS = (Role.DEPARTMENT_HEAD, Role.DEPUTY, Role.CHIEF, Role.PETITIONS_HEAD, Role.LEAD_MANAGER)


@dataclass(frozen=True)
class Control:
    """One control of a field that has several: its name, label and what it offers.

    `mend` leads to where what it can't offer could be made possible.
    """

    name: str
    label: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    mend: Link | None = None


@dataclass(frozen=True)
class Shown:
    """A field with all that a page needs to lay it out."""

    field: FormField
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    controls: tuple[Control, ...] = ()

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def type(self) -> str:
        return self.field.type.value

    @property
    def optional(self) -> bool:
        return not self.field.required or self.field.when is not None


@dataclass(frozen=True)
class Around:
    """What fields choose from: the matter, its facts, and the reader's words."""

    tx: Work
    reader: Reader
    judged: Judged
    event: str = ""


def shown(fields: Sequence[FormField], around: Around) -> tuple[Shown, ...]:
    return tuple(_shown(each, fields, around) for each in fields)


def _shown(each: FormField, fields: Sequence[FormField], around: Around) -> Shown:
    reader = around.reader
    hint = each.hint.words(reader.locale) if each.hint else ""
    if each.type is FieldType.NAMES and not hint:
        hint = reader.say(N_("One name a line."))
    if each.type is FieldType.MATTER:
        hint = reader.text(hint, reader.say(N_("Its number, such as YC2018-0541.")))
    if each.when is not None:
        hint = reader.text(_only_where(each.when, fields, reader), hint)
    found = Shown(field=each, label=each.label.words(reader.locale), hint=hint)
    offer = _OFFERS.get(each.type)
    return found if offer is None else offer(found, around)


def _only_where(when: str, fields: Sequence[FormField], reader: Reader) -> str:
    """`objects=true` in words: only where "The reporter objects" is yes."""
    name, _, wanted = when.partition("=")
    other = next((each for each in fields if each.name == name), None)
    label = other.label.words(reader.locale) if other else name
    options = (
        {each.value: each.label.words(reader.locale) for each in other.options} if other else {}
    )
    yes_no = {"true": reader.say(N_("yes")), "false": reader.say(N_("no"))}
    answer = options.get(wanted) or yes_no.get(wanted, wanted)
    return reader.say(N_("Only where “{field}” is: {answer}."), field=label, answer=answer)


# What each kind of field offers -------------------------------------------------------------------


def _options(found: Shown, around: Around) -> Shown:
    locale = around.reader.locale
    if found.field.options_from == "reviews":
        reviews = around.judged.profile.reviews
        choices = tuple(Choice(key, text.words(locale)) for key, text in reviews.items())
    else:
        choices = tuple(
            Choice(each.value, each.label.words(locale)) for each in found.field.options
        )
    return replace(found, choices=choices)


def _yes_or_no(found: Shown, around: Around) -> Shown:
    say = around.reader.say
    return replace(found, choices=(Choice("yes", say(N_("yes"))), Choice("no", say(N_("no")))))


def _departments(found: Shown, around: Around) -> Shown:
    rows = units.departments(around.tx)
    named = (
        Choice(
            str(row["id"]),
            around.reader.say(N_("{name} ({role})"), name=row["name"], role=row["heads"]),
        )
        for row in rows
    )
    return replace(found, choices=tuple(named))


def _clocks(found: Shown, around: Around) -> Shown:
    rules = around.judged.profile.machine(around.judged.snapshot.kind).clocks
    locale = around.reader.locale
    choices = (
        Choice(rule, rules[rule].label.words(locale))
        for rule in extendable(workflow.situation(around.tx, around.judged))
    )
    return replace(found, choices=tuple(choices))


def _account(found: Shown, around: Around) -> Shown:
    people = _everybody(around) if found.name == "recused" else handlers(around)
    return replace(found, choices=people)


def _accounts(found: Shown, around: Around) -> Shown:
    people = handlers(around)
    label = around.reader.say
    controls = (
        Control(row_name(found.name, at), label(N_("Member {count}"), count=at), people)
        for at in range(1, TEAM_PLACES + 1)
    )
    return replace(found, controls=tuple(controls))


def handlers(around: Around) -> tuple[Choice, ...]:
    """Who may handle the matter: those of the department first, each group by pinyin."""
    facts, snapshot = around.judged.facts, around.judged.snapshot
    near = set()
    if snapshot.assigned_path is not None and facts.holders is not None:
        near = {
            holder.account_id
            for held in facts.holders.values()
            for holder in held
            if snapshot.assigned_path.covers(holder.unit)
        }
    say = around.reader.say
    here, others = say(N_("Of this department")), say(N_("Others"))
    kept_off = facts.conflicted | facts.asked_about | facts.recused | facts.adjudicators
    found = [
        Choice(str(key), name, group=(here if key in near else others) if near else "")
        for key, name in (facts.handlers or {}).items()
        if key not in kept_off
    ]
    return tuple(
        sorted(found, key=lambda each: (each.group == others, by_pinyin(each.label), each.value))
    )


def _everybody(around: Around) -> tuple[Choice, ...]:
    """Whoever works on the matter or decides on it: its team, and the heads above it."""
    facts, snapshot = around.judged.facts, around.judged.snapshot
    found = {member.account_id: member.name for member in snapshot.team}
    place = snapshot.assigned_path or snapshot.unit_path
    for role in HEADS:
        for holder in (facts.holders or {}).get(role, ()):
            if holder.unit.covers(place) or holder.unit.covers(snapshot.unit_path):
                found.setdefault(holder.account_id, holder.name)
    ordered = sorted(found.items(), key=lambda pair: (by_pinyin(pair[1]), pair[0]))
    return tuple(Choice(str(key), name) for key, name in ordered)


def _outcomes(found: Shown, around: Around) -> Shown:
    controls = [
        Control(
            row_name(found.name, subject.involvement_id, at),
            subject.name
            if at == 1
            else around.reader.say(N_("{name}, besides"), name=subject.name),
            *_measures(around, subject),
            _mend(around, subject) if at == 1 else None,
        )
        for subject in around.judged.facts.subjects
        for at in range(1, OUTCOMES_EACH + 1)
    ]
    return replace(found, controls=tuple(controls))


def _mend(around: Around, subject: Subject) -> Link | None:
    """To the people of the matter, from whom the register opens, while something isn't known."""
    if subject.organisation or None not in (subject.member, subject.public_employee):
        return None
    people = f"{matter_href(around.judged.snapshot.id)}#people"
    return Link(around.reader.say(N_("Record it in the register of persons")), people)


def _measures(around: Around, subject: Subject) -> tuple[tuple[Choice, ...], str]:
    """The outcomes that somebody can receive here, and why not the others."""
    reader, kind = around.reader, around.judged.snapshot.kind
    row = around.judged.profile.machine(kind).of(around.event, around.judged.snapshot.state)
    apart = {"filed", "referred"} if row is not None and "nobody_filed" in row.checks else set()
    every = [
        each
        for each in outcomes.choices(around.judged.profile, kind, subject)
        if each.measure.kind not in apart
    ]
    choices = [
        Choice(
            each.key, each.measure.label.words(reader.locale),
            group=reader.say(KINDS[each.measure.kind]),
        )
        for each in every
        if each.allowed
    ]  # fmt: skip
    order = {choice.group: at for at, choice in reversed(list(enumerate(choices)))}
    refused = dict.fromkeys(reader.reason(each.refused) for each in every if each.refused)
    return tuple(sorted(choices, key=lambda each: order[each.group])), reader.text(*refused)


def _splits(found: Shown, around: Around) -> Shown:
    locale = around.reader.locale
    controls = (
        Control(row_name(found.name, each.value), each.label.words(locale))
        for each in found.field.options
    )
    return replace(found, controls=tuple(controls))


def _children(found: Shown, around: Around) -> Shown:
    people = tuple(
        Choice(str(each.involvement_id), each.name) for each in around.judged.facts.subjects
    )
    say = around.reader.say
    controls = (
        Control(row_name(found.name, at), say(N_("Matter {count}"), count=at), people)
        for at in range(1, CHILDREN + 1)
    )
    return replace(found, controls=tuple(controls))


def row_name(name: str, *parts: object) -> str:
    """The control of one row of a field."""
    return "-".join((name, *(str(part) for part in parts)))


_OFFERS: Mapping[FieldType, Callable[[Shown, Around], Shown]] = {
    FieldType.CHOICE: _options,
    FieldType.CHOICES: _options,
    FieldType.BOOL: _yes_or_no,
    FieldType.DEPARTMENT: _departments,
    FieldType.CLOCK: _clocks,
    FieldType.ACCOUNT: _account,
    FieldType.ACCOUNTS: _accounts,
    FieldType.OUTCOMES: _outcomes,
    FieldType.SPLITS: _splits,
    FieldType.CHILDREN: _children,
}


def filled(
    fields: Sequence[Shown], around: Around, before: Mapping[str, object] | None = None
) -> dict[str, object]:
    """What a form begins with: the team that is there already, and `before`, what the reader asked
    for in the same words when it was returned to them. Nothing else is preselected, and what
    somebody vouches for by a tick they tick anew."""
    if before:
        return {name: value for each in fields for name, value in _as_asked(each, before)}
    found: dict[str, object] = {}
    team = [str(member.account_id) for member in around.judged.snapshot.team]
    for each in fields:
        if each.field.type is FieldType.ACCOUNTS:
            found.update(zip((control.name for control in each.controls), team, strict=False))
    return found


def _as_asked(each: Shown, before: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The controls of a field, as the form of a request holds it."""
    held = before.get(each.name)
    names = [control.name for control in each.controls]
    if each.field.type is FieldType.ACCOUNTS and isinstance(held, list):
        yield from zip(names, map(str, held), strict=False)
    elif each.field.type is FieldType.CHOICES and isinstance(held, list):
        yield each.name, tuple(map(str, held))
    elif each.field.type not in (FieldType.BOOL, FieldType.MATTER) and isinstance(held, str):
        yield each.name, held
