"""Reading what somebody filled in: each field by its type, plain JSON in the end.

Pages send words, the API sends JSON; both come out the same. Unknown fields are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import JsonValue

from app.domain.days import EARLIEST, TOO_LONG_AGO
from app.domain.errors import N_, FieldError
from app.domain.guards.checks import CHECKS
from app.domain.guards.everywhere import extendable
from app.domain.guards.situation import Situation, Values, wrong
from app.domain.money import AmountError, Money
from app.domain.profile.fields import FieldType, Form, FormField
from app.domain.profile.model import Transition

LINE, TEXT, LISTED = 200, 5000, 100
_TRUE = frozenset({"true", "yes", "on", "1", "y"})
_FALSE = frozenset({"false", "no", "off", "0", "n", ""})


class Unread(Exception):
    """A value that its field can't take; carries what to tell whoever filled it in."""

    def __init__(self, error: FieldError) -> None:
        super().__init__(error.field)
        self.error = error


def fields_of(it: Situation, row: Transition) -> tuple[FormField, ...]:
    """What whoever asks fills in: the step's form, the study meeting, and why."""
    own = _named(it, row.form)
    study = it.profile.study.fields if row.study and it.profile.study else ()
    every = (*own, *study)
    if row.alone or any(field.name == it.profile.reason.name for field in every):
        return every
    return (*every, it.profile.reason)


def sign_fields_of(
    it: Situation, row: Transition, body: str | None, *, last: bool
) -> tuple[FormField, ...]:
    """What a signer fills in: a committee's sitting, and what the last one has to name."""
    sitting = it.profile.sitting.fields if body and it.profile.sitting else ()
    return (*sitting, *(_named(it, row.sign_form) if last else ()))


def _named(it: Situation, name: str | None) -> tuple[FormField, ...]:
    form: Form | None = it.machine.forms.get(name) if name else None
    return form.fields if form else ()


def read(
    it: Situation, fields: Sequence[FormField], given: Values
) -> tuple[dict[str, JsonValue], list[FieldError]]:
    """The values that were given, and everything that is wrong with them."""
    values: dict[str, JsonValue] = {}
    known = {field.name for field in fields}
    found = [wrong(name, N_("There is no such field here.")) for name in given if name not in known]
    for field in fields:
        raw = given.get(field.name)
        try:
            value = None if _empty(raw) else _READERS[field.type](it, field, raw)
        except Unread as unread:
            found.append(unread.error)
            continue
        if value is not None:
            values[field.name] = value
    found += [
        wrong(field.name, _UNTICKED if field.type is FieldType.YES else _MISSING)
        for field in fields
        if field.required
        and field.name not in values
        and not any(error.field.split(".")[0] == field.name for error in found)
        and _asked_for(field, values)
    ]
    return values, found


def checked(it: Situation, row: Transition, values: Values) -> list[FieldError]:
    """What the step's own checks find in a form that reads well, each thing once."""
    found = [error for name in row.checks for error in CHECKS[name](it, values)]
    return list({(error.field, error.reason.message): error for error in found}.values())


_MISSING = N_("This has to be filled in.")
_UNTICKED = N_("Tick this if it is so: without it the step can’t be taken.")


def _empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []


def _asked_for(field: FormField, values: Mapping[str, JsonValue]) -> bool:
    if field.when is None:
        return True
    other, _, wanted = field.when.partition("=")
    given = values.get(other)
    return (str(given).lower() if isinstance(given, bool) else given) == wanted


def _refuse(field: FormField, message: str, **values: object) -> Unread:
    return Unread(wrong(field.name, message, **values))


def _words(field: FormField, raw: object, most: int) -> str:
    if not isinstance(raw, str):
        raise _refuse(field, N_("This has to be words."))
    text = raw.strip()
    if "\x00" in text:
        raise _refuse(field, N_("There are characters in it that can't be kept."))
    if len(text) > most:
        raise _refuse(field, N_("At most {limit} characters."), limit=most)
    return text


def _line(_it: Situation, field: FormField, raw: object) -> JsonValue:
    return " ".join(_words(field, raw, field.most or LINE).split())


def _text(_it: Situation, field: FormField, raw: object) -> JsonValue:
    return _words(field, raw, field.most or TEXT)


def _date(field: FormField, raw: object) -> date:
    if isinstance(raw, date):
        return raw
    try:
        day = date.fromisoformat(_words(field, raw, LINE))
    except ValueError:
        raise _refuse(field, N_("A date such as 2018-09-28.")) from None
    if day < EARLIEST:
        raise _refuse(field, TOO_LONG_AGO)
    return day


def _day(it: Situation, field: FormField, raw: object) -> JsonValue:
    day = _date(field, raw)
    if day > it.today:
        raise _refuse(field, N_("This day is yet to come."))
    return day.isoformat()


def _date_to_come(it: Situation, field: FormField, raw: object) -> JsonValue:
    day = _date(field, raw)
    if day < it.today:
        raise _refuse(field, N_("This day is over."))
    return day.isoformat()


def _number(_it: Situation, field: FormField, raw: object) -> JsonValue:
    if isinstance(raw, str) and raw.strip().isdecimal():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _refuse(field, N_("A whole number."))
    if field.least is not None and raw < field.least:
        raise _refuse(field, N_("At least {least}."), least=field.least)
    if raw > (field.most if field.most is not None else 1_000_000):
        raise _refuse(field, N_("This is too many."))
    return raw


def _bool(_it: Situation, field: FormField, raw: object) -> JsonValue:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise _refuse(field, N_("Yes or no."))


def _yes(it: Situation, field: FormField, raw: object) -> JsonValue:
    if _bool(it, field, raw) is not True:
        raise _refuse(field, N_("This has to be so before the step is taken."))
    return True


def _options(it: Situation, field: FormField) -> set[str]:
    if field.options_from == "reviews":
        return set(it.profile.reviews)
    return {option.value for option in field.options}


def _choice(it: Situation, field: FormField, raw: object) -> JsonValue:
    chosen = _words(field, raw, LINE)
    if chosen not in _options(it, field):
        raise _refuse(field, N_("Choose one of those listed."))
    return chosen


def _choices(it: Situation, field: FormField, raw: object) -> JsonValue:
    chosen = [_words(field, each, LINE) for each in _several(field, raw)]
    if not set(chosen) <= _options(it, field):
        raise _refuse(field, N_("Choose from those listed."))
    return list(dict.fromkeys(chosen))


def _several(field: FormField, raw: object) -> list[object]:
    """A list as JSON has it, or as a form's text area has it: a line each."""
    if isinstance(raw, str):
        raw = raw.splitlines()
    if not isinstance(raw, list | tuple):
        raise _refuse(field, N_("This has to be a list."))
    items = [each for each in raw if not _empty(each)]
    if len(items) > (field.most or LISTED):
        raise _refuse(field, N_("These are too many."))
    return items


def _id(field: FormField, raw: object) -> str:
    try:
        return str(raw if isinstance(raw, UUID) else UUID(_words(field, raw, LINE)))
    except ValueError:
        raise _refuse(field, N_("Choose one of those listed.")) from None


def _any_id(_it: Situation, field: FormField, raw: object) -> JsonValue:
    return _id(field, raw)


def _matter(it: Situation, field: FormField, raw: object) -> JsonValue:
    chosen = _id(field, raw)
    if chosen not in it.facts.matters:
        raise _refuse(field, N_("There is no such matter that you may open."))
    return chosen


def _department(it: Situation, field: FormField, raw: object) -> JsonValue:
    chosen = _id(field, raw)
    if chosen not in it.facts.units:
        raise _refuse(field, N_("There is no such unit."))
    return chosen


def _ids(_it: Situation, field: FormField, raw: object) -> JsonValue:
    return list(dict.fromkeys(_id(field, each) for each in _several(field, raw)))


def _names(_it: Situation, field: FormField, raw: object) -> JsonValue:
    named = [" ".join(_words(field, each, LINE).split()) for each in _several(field, raw)]
    if len(set(named)) < len(named):
        raise _refuse(field, N_("A name stands there twice."))
    return list(named)


def _clock(it: Situation, field: FormField, raw: object) -> JsonValue:
    chosen = _words(field, raw, LINE)
    if chosen not in extendable(it):
        raise _refuse(field, N_("This limit can't be extended now."))
    return chosen


def _rows(field: FormField, raw: object, keys: tuple[str, ...]) -> list[Mapping[str, object]]:
    rows = _several(field, raw)
    for at, row in enumerate(rows):
        if not isinstance(row, Mapping) or set(row) != set(keys):
            name = f"{field.name}.{at}"
            raise Unread(wrong(name, N_("Each line needs: {keys}."), keys=", ".join(keys)))
    return [row for row in rows if isinstance(row, Mapping)]


def _outcomes(_it: Situation, field: FormField, raw: object) -> JsonValue:
    rows = _rows(field, raw, ("subject", "measure"))
    pairs = [(_id(field, row["subject"]), _words(field, row["measure"], LINE)) for row in rows]
    if len(set(pairs)) < len(pairs):
        raise _refuse(field, N_("The same outcome stands there twice."))
    return [{"subject": subject, "measure": measure} for subject, measure in pairs]


def _splits(it: Situation, field: FormField, raw: object) -> JsonValue:
    found: dict[str, JsonValue] = {}
    for at, row in enumerate(_rows(field, raw, ("destination", "amount"))):
        place = field.model_copy(update={"name": f"{field.name}.{at}.amount"})
        destination = _words(field, row["destination"], LINE)
        if destination not in _options(it, field) or destination in found:
            raise _refuse(field, N_("Name each destination once."))
        amount = row["amount"]
        try:
            part = Money.yuan(str(amount) if not isinstance(amount, float) else "")
        except AmountError:
            raise _refuse(place, N_("An amount in yuan with at most two decimals.")) from None
        if part.fen <= 0:
            raise _refuse(place, N_("An amount is more than nothing."))
        found[destination] = str(part)
    return [{"destination": key, "amount": part} for key, part in found.items()]


def _children(_it: Situation, field: FormField, raw: object) -> JsonValue:
    found: list[JsonValue] = []
    for row in _rows(field, raw, ("title", "subjects")):
        subjects = [_id(field, each) for each in _several(field, row["subjects"])]
        found.append({"title": _words(field, row["title"], LINE), "subjects": [*subjects]})
    return found


_READERS: dict[FieldType, Callable[[Situation, FormField, object], JsonValue]] = {
    FieldType.LINE: _line,
    FieldType.TEXT: _text,
    FieldType.DAY: _day,
    FieldType.DATE: _date_to_come,
    FieldType.NUMBER: _number,
    FieldType.YES: _yes,
    FieldType.BOOL: _bool,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.DEPARTMENT: _department,
    FieldType.ACCOUNT: _any_id,
    FieldType.ACCOUNTS: _ids,
    FieldType.MATTER: _matter,
    FieldType.NAMES: _names,
    FieldType.OUTCOMES: _outcomes,
    FieldType.SPLITS: _splits,
    FieldType.CHILDREN: _children,
    FieldType.CLOCK: _clock,
}
