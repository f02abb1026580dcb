"""Filling in a step's form at random, for walks: right in form, drawn without looking at facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from app.domain.kinds import Kind
from app.domain.profile import Profile
from app.domain.profile.fields import FieldType, FormField

Drawn = TypeVar("Drawn")


class Draw(Protocol):
    """What `data.draw` of hypothesis does."""

    def __call__(self, strategy: st.SearchStrategy[Drawn], label: str | None = None) -> Drawn: ...


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a form may name. `held` is the item's money, as its splits have to add up to."""

    profile: Profile
    kind: Kind
    today: date
    departments: Sequence[str]
    accounts: Sequence[str]
    matters: Sequence[str]
    people: Sequence[str]
    clocks: Sequence[str]
    held: str | None = None


def drawn(draw: Draw, fields: Sequence[FormField], around: Around) -> dict[str, object]:
    return {field.name: _value(draw, field, around) for field in fields}


def _value(draw: Draw, field: FormField, around: Around) -> object:
    options = [option.value for option in field.options] or list(around.profile.reviews)
    made: Mapping[FieldType, Callable[[], object]] = {
        FieldType.DAY: around.today.isoformat,
        FieldType.DATE: (around.today + timedelta(days=9)).isoformat,
        FieldType.NUMBER: lambda: 1,
        FieldType.YES: lambda: True,
        FieldType.BOOL: lambda: draw(st.booleans()),
        FieldType.CHOICE: lambda: draw(st.sampled_from(options)),
        FieldType.CHOICES: lambda: [draw(st.sampled_from(options))],
        FieldType.DEPARTMENT: lambda: draw(st.sampled_from(around.departments)),
        FieldType.ACCOUNT: lambda: draw(st.sampled_from(around.accounts)),
        FieldType.ACCOUNTS: lambda: list(around.accounts[:2]),
        FieldType.MATTER: lambda: draw(st.sampled_from(around.matters)),
        FieldType.NAMES: lambda: ["A", "B", "C"],
        FieldType.OUTCOMES: lambda: _outcomes(draw, around),
        FieldType.SPLITS: lambda: _splits(draw, options, around),
        FieldType.CHILDREN: lambda: [{"title": "t", "subjects": list(around.people[:1])}],
        FieldType.CLOCK: lambda: draw(st.sampled_from(around.clocks or [""])),
    }
    return made.get(field.type, lambda: "words")()


def _outcomes(draw: Draw, around: Around) -> list[dict[str, str]]:
    open_to = [key for key, row in around.profile.measures.items() if around.kind in row.at]
    measure = draw(st.sampled_from(open_to))
    return [{"subject": person, "measure": measure} for person in around.people]


def _splits(draw: Draw, options: Sequence[str], around: Around) -> list[dict[str, str]]:
    if around.held is None:
        return []
    return [{"destination": draw(st.sampled_from(options)), "amount": around.held}]
