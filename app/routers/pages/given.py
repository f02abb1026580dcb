"""A step's form as somebody filled it in: read into what the engine takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.errors import N_, FieldError, Invalid, NotFound
from app.domain.kinds import Kind
from app.domain.profile.fields import FieldType
from app.routers.deps import Submitted
from app.routers.pages.fields import Around, Shown
from app.services import worklists


@dataclass(frozen=True)
class Given:
    """What somebody filled in. `places` leads the engine's path of a row, such as `outcomes.1`, to
    the control in which it was typed."""

    values: dict[str, object] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def located(self, invalid: Invalid) -> Invalid:
        """The same errors, each beside the control that it is about."""
        return Invalid(
            *(FieldError(self._place(error.field), error.reason) for error in invalid.errors)
        )

    def _place(self, path: str) -> str:
        parts = path.split(".")
        for length in range(len(parts), 1, -1):
            known = self.places.get(".".join(parts[:length]))
            if known is not None:
                return known
        return parts[0]


def given(fields: Sequence[Shown], form: Submitted, around: Around) -> Given:
    """What was typed, as the engine takes it. Raises Invalid for a matter that isn't there."""
    found = Given()
    for each in fields:
        _READERS.get(each.field.type, _plain)(each, form, found, around)
    return found


def _plain(each: Shown, form: Submitted, found: Given, _around: Around) -> None:
    text = form.text(each.name)
    if text:
        found.values[each.name] = text


def _day(each: Shown, form: Submitted, found: Given, _around: Around) -> None:
    text = form.day(each.name)
    if text:
        found.values[each.name] = text


def _checked(each: Shown, form: Submitted, found: Given, _around: Around) -> None:
    chosen = form.texts(each.name)
    if chosen:
        found.values[each.name] = chosen


def _several(each: Shown, form: Submitted, found: Given, _around: Around) -> None:
    chosen = [text for control in each.controls if (text := form.text(control.name))]
    if chosen:
        found.values[each.name] = chosen


def _matter(each: Shown, form: Submitted, found: Given, around: Around) -> None:
    text = form.text(each.name)
    if not text:
        return
    kind = Kind.CASE if each.name == "case" else around.judged.snapshot.kind
    try:
        matter_id: UUID = worklists.by_number(around.tx, kind, text)
    except NotFound:
        raise Invalid.of(each.name, N_("There is no such matter that you may open.")) from None
    found.values[each.name] = str(matter_id)


def _outcome_rows(each: Shown, form: Submitted, found: Given, _around: Around) -> None:
    rows: list[dict[str, str]] = []
    for control in each.controls:
        measure = form.text(control.name)
        if measure:
            subject = control.name.removeprefix(f"{each.name}-").rsplit("-", 1)[0]
            found.places[f"{each.name}.{len(rows)}"] = control.name
            rows.append({"subject": subject, "measure": measure})
    if rows:
        found.values[each.name] = rows


def _split_rows(each: Shown, form: Submitted, found: Given, _around: Around) -> None:
    rows: list[dict[str, str]] = []
    for control in each.controls:
        amount = form.amount(control.name)
        if amount:
            found.places[f"{each.name}.{len(rows)}"] = control.name
            rows.append(
                {"destination": control.name.removeprefix(f"{each.name}-"), "amount": amount}
            )
    if rows:
        found.values[each.name] = rows


def _child_rows(each: Shown, form: Submitted, found: Given, _around: Around) -> None:
    rows: list[dict[str, object]] = []
    for control in each.controls:
        title, subjects = form.text(control.name), form.texts(f"{control.name}-subjects")
        if title or subjects:
            at = f"{each.name}.{len(rows)}"
            found.places[at] = control.name
            found.places[f"{at}.subjects"] = f"{control.name}-subjects"
            rows.append({"title": title, "subjects": subjects})
    if rows:
        found.values[each.name] = rows


_READERS: Mapping[FieldType, Callable[[Shown, Submitted, Given, Around], None]] = {
    FieldType.DAY: _day,
    FieldType.DATE: _day,
    FieldType.CHOICES: _checked,
    FieldType.ACCOUNTS: _several,
    FieldType.MATTER: _matter,
    FieldType.OUTCOMES: _outcome_rows,
    FieldType.SPLITS: _split_rows,
    FieldType.CHILDREN: _child_rows,
}
