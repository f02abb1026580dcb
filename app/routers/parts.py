"""What the macros take: small values that a page's router makes and a template lays out.

Texts are already in the reader's language (or a `Reason`, where the type says so). A text may be
`Markup` made in a template; anything else is escaped. All of these are globals in templates too:
`matter.facts([Fact(_("Held by"), main=holder)])`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.domain.errors import Invalid, Reason
from app.domain.kinds import Stage
from app.domain.money import Money

Level = Literal["later", "soon", "urgent", "overdue", ""]
CellKind = Literal[
    "number", "title", "stage", "person", "place", "holder", "step", "due", "amount", "date", "text"
]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; without `href` just words. `quiet`: secondary ink."""

    text: str
    href: str | None = None
    quiet: bool = False
    current: bool = False  # in tabs
    count: int | None = None


@dataclass(frozen=True, slots=True)
class StageMark:
    """Where a matter stands: its stage, and its state in the reader's words.

    `term` is the state's anchor in the glossary."""

    stage: Stage
    state: str
    term: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A limit. The server decides `level` (the profile says when *soon* and *urgent* begin).

    `days` is what is left, or what is over when the level is `overdue`; `unit` is WD working
    days, D days or h hours. `why` explains the day and opens on demand.
    """

    on: date | None
    level: Level = "later"
    days: int | None = None
    unit: Literal["WD", "D", "h"] = "WD"
    why: str = ""


Cell = str | int | date | Decimal | Money | Link | StageMark | Due | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` gives width and place on a phone's card; `sorted` is how it is sorted
    now, `sort_href` sorts by it; `width` is a class `c-…` where the kind's own doesn't fit."""

    key: str
    label: str
    kind: CellKind = "text"
    width: str = ""
    sort_href: str | None = None
    sorted: Literal["ascending", "descending", ""] = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The row above the first: `text` says over which list and by which date, or `cells` hold
    figures by column key. `label` stands first."""

    label: str
    text: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a select, of radios or of checkboxes."""

    value: str
    label: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the filter bar: a select if it has `choices`, else a text or date field."""

    name: str
    label: str
    value: str = ""
    choices: Sequence[Choice] = ()
    kind: Literal["text", "date", "search"] = "text"
    error: Reason | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the three answers under a matter's stage line."""

    label: str
    main: str = ""
    more: Sequence[str] = ()
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What may be done now."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """One condition that isn't met, and where it can be mended."""

    reason: Reason | str
    mend: Link | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """What can't be done now, with everything that is missing."""

    label: str
    missing: Sequence[Missing]


@dataclass(frozen=True, slots=True)
class Signed:
    """One place in a chain of signatures: `done`, `you` (the reader's, now), or `next`."""

    text: str
    status: Literal["done", "you", "next", "returned"] = "next"
    note: str = ""
    when: datetime | str = ""
    extra: str = ""  # markup, such as "continue as this person"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a history; `new` where its reader hasn't seen it yet. `href` leads to the
    versions of what was corrected."""

    on: date
    text: str
    note: str = ""
    new: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list of links or papers: where it leads, what it is, and an aside."""

    link: Link
    text: str = ""
    aside: str = ""
    number: bool = False  # the link's text is a matter's number
    alleged: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a tree, with those below it."""

    link: Link
    aside: str = ""
    below: Sequence[Node] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits on a desk. `reason` is why it came back or can't be done."""

    text: str
    action: Link | None = None
    number: Link | None = None
    due: Due | None = None
    due_label: str = ""
    alleged: bool = False
    lines: Sequence[str] = ()
    reason: str = ""
    oldest: bool = False  # the first and largest
    main: bool = False  # its action is the page's one filled button


@dataclass(frozen=True, slots=True)
class Figure:
    """A big number with its unit, what it opens, and how it is counted."""

    label: str
    value: str
    unit: str = ""
    href: str | None = None
    note: str = ""  # Markup where it has links


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form holds: what was typed, and what is wrong with it, by field name.

    A field that was sent more than once holds a tuple. `typed` is empty unless somebody filled
    something in and sent it.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, Reason] = field(default_factory=dict)
    typed: Sequence[tuple[str, Sequence[str]]] = ()  # what somebody sent: its labels, its words

    @classmethod
    def refused(cls, values: Mapping[str, object], invalid: Invalid) -> Filled:
        """The same form again, nothing typed being lost. The first error of a field counts."""
        errors: dict[str, Reason] = {}
        for error in invalid.errors:
            errors.setdefault(error.field, error.reason)
        return cls(values, errors)

    def value(self, name: str) -> object:
        held = self.values.get(name)
        return "" if held is None else held

    def holds(self, name: str, choice: object) -> bool:
        held = self.values.get(name)
        if isinstance(held, list | tuple | set | frozenset):
            return str(choice) in {str(each) for each in held}
        return held is not None and str(held) == str(choice)

    def error(self, name: str) -> Reason | None:
        return self.errors.get(name)


@dataclass(frozen=True, slots=True)
class Begun:
    """The draft of a page's form: where the form is, and what is kept of it so far.

    `values` are to be filled in again; `seen` is the version that their writer saw; `others` are
    further drafts of the same form.
    """

    address: str
    id: str = ""
    version: int = 0
    saved_at: datetime | None = None
    values: Mapping[str, object] | None = None
    seen: str = ""
    others: Sequence[tuple[str, datetime]] = ()
    empty: str = ""  # the form with nothing filled in; what is kept stays kept
    thrown: str = ""  # what was just thrown away, and can be brought back


@dataclass(frozen=True, slots=True)
class Decision:
    """One of two equal forms: sign, or return. `button` says the verb and the matter."""

    action: str
    label: str
    button: str
    hint: str = ""
    name: str = "reason"
    hidden: Mapping[str, str] = field(default_factory=dict)
    form: Filled = field(default_factory=Filled)


@dataclass(frozen=True, slots=True)
class RoleCard:
    """Somebody to sign in as in a demo, with things to try."""

    account: str
    name: str
    role: str
    tries: Sequence[str]


@dataclass(frozen=True, slots=True)
class SignBox:
    """A box on paper for a signature."""

    heading: str
    lines: Sequence[str] = ()
    finger: bool = False
    date_line: bool = False


PARTS = (
    *(Act, Choice, Column, Decision, Due, Fact, Figure, Filled, Filter, Happened, Item, Link),
    *(Missing, Node, NotYet, Note, RoleCard, SignBox, Signed, StageMark, Task, Totals),
)
