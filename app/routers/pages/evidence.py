"""What a request rests on: its form in words, and what was corrected since it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core import i18n
from app.core.db import Row
from app.domain.correcting import CORRECT
from app.domain.errors import N_
from app.domain.money import Money
from app.domain.profile.fields import FieldType, FormField
from app.routers.pages.corrected import Sides, sides
from app.routers.pages.entry import Open
from app.routers.pages.fields import Around
from app.routers.pages.present import Reader
from app.routers.parts import Cell, Column
from app.services import corrections, units, versions, workflow, worklists


def columns(reader: Reader) -> list[Column]:
    return [
        Column("what", reader.say(N_("What")), width="c-26"),
        Column("says", reader.say(N_("What it says"))),
    ]


def rows(it: Open, request: Row, around: Around) -> list[dict[str, Cell]]:
    """The form as it was asked with, field by field, in the procedure's words."""
    if it.file.masked:
        return []
    form: Mapping[str, Any] = request["form"] or {}
    known = workflow.fields_of(around.tx, around.judged, request["event"], request["from_state"])
    found: list[dict[str, Cell]] = []
    if request["reason"]:
        found.append({"what": it.reader.say(N_("Why it is asked")), "says": request["reason"]})
    for field in known:
        if field.name in form:
            label = field.label.words(it.reader.locale)
            found.append({"what": label, "says": said(field, form[field.name], around)})
    return found


def said(field: FormField, value: Any, around: Around) -> str:
    """A value of a form in words."""
    reader = around.reader
    if isinstance(value, bool):
        return reader.say(N_("yes")) if value else reader.say(N_("no"))
    teller = _TELLERS.get(field.type)
    if teller is not None:
        return teller(field, value, around)
    if isinstance(value, list):
        return reader.listed([str(each) for each in value])
    return str(value)


def _option(field: FormField, value: Any, around: Around) -> str:
    locale = around.reader.locale
    labels = {each.value: each.label.words(locale) for each in field.options}
    if field.options_from == "reviews":
        reviews = around.judged.profile.reviews
        labels = {key: text.words(locale) for key, text in reviews.items()}
    values = value if isinstance(value, list) else [value]
    return around.reader.listed([labels.get(each, str(each)) for each in values])


def _people(_field: FormField, value: Any, around: Around) -> str:
    facts = around.judged.facts
    names = {str(key): name for key, name in (facts.handlers or {}).items()}
    names |= {
        str(holder.account_id): holder.name
        for held in (facts.holders or {}).values()
        for holder in held
    }
    values = value if isinstance(value, list) else [value]
    return around.reader.listed([names.get(str(each), "—") for each in values])


def _unit(_field: FormField, value: Any, around: Around) -> str:
    found = units.find(around.tx, UUID(str(value)))
    return found["name"] if found else "—"


def _matter(_field: FormField, value: Any, around: Around) -> str:
    return worklists.number_of(around.tx, UUID(str(value))) or "—"


def _outcomes(_field: FormField, value: Any, around: Around) -> str:
    measures = around.judged.profile.measures
    names = {str(each.involvement_id): each.name for each in around.judged.facts.subjects}
    found = []
    for row in value:
        measure = measures.get(str(row["measure"]))
        label = measure.label.words(around.reader.locale) if measure else str(row["measure"])
        name = names.get(str(row["subject"]), "—")
        found.append(around.reader.say(N_("{name}: {task}"), name=name, task=label))
    return "\n".join(found)


def _splits(field: FormField, value: Any, around: Around) -> str:
    labels = {each.value: each.label.words(around.reader.locale) for each in field.options}
    found = []
    for row in value:
        amount = i18n.written_amount(around.reader.locale, Money.yuan(str(row["amount"])).decimal)
        label = labels.get(row["destination"], row["destination"])
        found.append(around.reader.say(N_("{name}: {task}"), name=label, task=amount))
    return "\n".join(found)


def _children(_field: FormField, value: Any, around: Around) -> str:
    names = {str(each.involvement_id): each.name for each in around.judged.facts.subjects}
    found = []
    for row in value:
        people = around.reader.listed([names.get(str(each), "—") for each in row["subjects"]])
        found.append(around.reader.say(N_("{name}: {task}"), name=row["title"], task=people))
    return "\n".join(found)


def _limit(_field: FormField, value: Any, around: Around) -> str:
    return around.reader.clock(around.judged.snapshot.kind, str(value))


_TELLERS: Mapping[FieldType, Callable[[FormField, Any, Around], str]] = {
    FieldType.CHOICE: _option,
    FieldType.CHOICES: _option,
    FieldType.ACCOUNT: _people,
    FieldType.ACCOUNTS: _people,
    FieldType.DEPARTMENT: _unit,
    FieldType.MATTER: _matter,
    FieldType.OUTCOMES: _outcomes,
    FieldType.SPLITS: _splits,
    FieldType.CHILDREN: _children,
    FieldType.CLOCK: _limit,
}


def corrected_since(it: Open, request: Row) -> list[Sides]:
    """What was corrected after the request was made, old and new side by side."""
    return sides(it.tx, it.reader, it.file, versions.since(it.file.corrections, request))


@dataclass(frozen=True)
class Asked:
    """What a request to correct something is about: both versions, and what was signed on it."""

    sides: Sides
    signed: Sequence[str]


def correction(it: Open, request: Row) -> Asked | None:
    """None for a request of any other kind, and for a reader who may not know."""
    form: Mapping[str, Any] = request["form"] or {}
    if request["event"] != CORRECT or it.file.masked or not form.get("field"):
        return None
    whose = UUID(form["involvement"]) if form.get("involvement") else None
    row: Row = {
        "field": form["field"], "involvement_id": whose, "old": form.get("old"),
        "new": form["value"], "made_by": request["requested_by_name"] or "",
        "made_on": request["requested_on"], "reason": request["reason"] or "",
    }  # fmt: skip
    (found,) = sides(it.tx, it.reader, it.file, [row])
    kind = it.file.head["kind"]
    signed = [
        it.reader.say(
            N_("{name} signed “{step}” on {day}."),
            name=each.name, step=it.reader.step(kind, each.event),
            day=it.reader.written(each.signed_on),
        )
        for each in corrections.held_on(it.tx, it.file.head["id"])
    ]  # fmt: skip
    return Asked(found, list(dict.fromkeys(signed)))


def names_in(rows: Sequence[Row], request: Row) -> list[str]:
    """Names that stood in a matter, or would: a print masks them as those that stand there now."""
    form: Mapping[str, Any] = request["form"] or {}
    asked = [form.get("old"), form.get("value")] if form.get("field") == "name" else []
    former = [row[side] for row in rows if row["field"] == "name" for side in ("old", "new")]
    return [str(name) for name in (*asked, *former) if name]
