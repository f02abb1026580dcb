"""One row, asked field by field. Whatever a cell can't answer becomes a finding about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date as Day  # noqa: N812 - `date` is what a row is asked for
from functools import lru_cache
from typing import TypeVar

from app.domain.errors import N_, Reason
from app.domain.ledgers.amounts import (
    NEGATIVE,
    is_about,
    read_amount,
    read_count,
    signed_amount,
    without_about,
)
from app.domain.ledgers.columns import ColumnMapping
from app.domain.ledgers.dates import DateRules, Period, read_date, read_month, read_period
from app.domain.ledgers.families import FamilyFields
from app.domain.ledgers.findings import (
    CellFinding,
    Problem,
    RowDoubt,
    Severity,
    Source,
)
from app.domain.ledgers.identity import OLD_NUMBER, IdentityNumber, is_old_form, read_identity
from app.domain.ledgers.numbers import tidy_number
from app.domain.ledgers.people import Named, names_in_line, split_names
from app.domain.ledgers.texts import LONGEST_UNKNOWN, Cell, is_unknown, shortened, tidy_all
from app.domain.ledgers.vocabulary import Vocabulary, vocabulary
from app.domain.money import Money

ValueT = TypeVar("ValueT")

_NEVER_TOO_LONG = 200
_LONGEST_NUMBER = 60

REQUIRED = Problem(
    "cell_empty",
    Reason(N_("This cell must not be empty.")),
    Reason(N_("Fill it in from the papers.")),
)
ABOUT = Problem(
    "amount_about",
    Reason(N_("The ledger says only about how much; it is taken as this amount.")),
    Reason(N_("Correct it once the exact amount is known.")),
    Severity.WARNING,
)
RED = Problem(
    "amount_in_red",
    Reason(
        N_("A negative amount in a bank statement is a correction: it is taken on the other side.")
    ),
    Reason(N_("Nothing needs to be done.")),
    Severity.WARNING,
)
NOT_A_FLAG = Problem(
    "flag_unreadable",
    Reason(N_("This is neither yes nor no.")),
    Reason(N_("Write 是 or 否.")),
    Severity.WARNING,
)


@dataclass(frozen=True)
class SheetFields:
    """What all rows of a sheet share: each field's column, and the words its cells may hold."""

    columns: dict[str, ColumnMapping]
    fields: FamilyFields
    rules: DateRules
    at: dict[str, int] = field(init=False)
    words: dict[str, Vocabulary] = field(init=False)

    def __post_init__(self) -> None:
        at = {name: column.index for name, column in self.columns.items()}
        object.__setattr__(self, "at", at)
        known = {name: self.fields.by_name[name].vocabulary or "flag" for name in at}
        words = {name: vocabulary(table) for name, table in known.items()}
        object.__setattr__(self, "words", words)

    def row(self, source: Source, cells: list[Cell]) -> Row:
        return Row(source, cells, tidy_all(cells), self)


@lru_cache(maxsize=8)
def _long_ago(rules: DateRules) -> DateRules:
    return replace(rules, earliest=Day(1900, 1, 1))


@lru_cache(maxsize=256)
def too_long(longest: int) -> Problem:
    return Problem(
        "text_too_long",
        Reason(N_("This text is longer than {longest} characters."), {"longest": str(longest)}),
        Reason(N_("Shorten it here and attach the whole text to the matter.")),
    )


@lru_cache(maxsize=256)
def unknown_word(examples: str, severity: Severity) -> Problem:
    return Problem(
        "word_unknown",
        Reason(N_("This word is not known here.")),
        Reason(N_("Use one of: {words}."), {"words": examples}),
        severity,
    )


@dataclass(slots=True)
class Row:
    """The cells of one row under a sheet's mapping, and what was found about them so far.

    `texts` are the cells as `tidy` text, made once. `days` and `added` keep what was read:
    dates, and what a total would add up.
    """

    source: Source
    cells: list[Cell]
    texts: list[str]
    sheet: SheetFields
    findings: list[CellFinding] = field(default_factory=list)
    doubts: list[RowDoubt] = field(default_factory=list)
    days: dict[str, Day] = field(default_factory=dict)
    added: dict[str, Money | int] = field(default_factory=dict)
    people: int = 0

    def has(self, name: str) -> bool:
        return name in self.sheet.at

    def raw(self, name: str) -> Cell:
        index = self.sheet.at.get(name)
        return None if index is None else self.cells[index]

    def written(self, name: str) -> str:
        index = self.sheet.at.get(name)
        return "" if index is None else self.texts[index]

    def carry(self, index: int, above: Row) -> None:
        """Take over a cell of the row above if this one is empty."""
        if not self.texts[index]:
            self.cells[index], self.texts[index] = above.cells[index], above.texts[index]

    def find(self, name: str, problem: Problem) -> None:
        """Note a problem about a field's cell. A sealed or private cell's value is withheld."""
        column = self.sheet.columns.get(name)
        known = self.sheet.fields.by_name.get(name)
        withheld = known is not None and known.withheld
        heading = column.heading if column else (known.headings[0] if known else "")
        value = ""
        if not withheld:
            # a serial says nothing to people: show the day that it stands for
            serial = name in self.days and not isinstance(self.raw(name), str)
            value = str(self.days[name]) if serial else shortened(self.written(name))
        self.findings.append(CellFinding(self.source, heading, name, value, problem, withheld))

    @property
    def rejected(self) -> bool:
        return any(finding.problem.severity is Severity.ERROR for finding in self.findings)

    def _taken(self, name: str, found: ValueT | Problem | None, required: bool) -> ValueT | None:
        if isinstance(found, Problem):
            self.find(name, found)
            return None
        if found is None and required:
            self.find(name, REQUIRED)
        return found

    def text(self, name: str, *, required: bool = False) -> str:
        index = self.sheet.at.get(name)
        found = "" if index is None else self.texts[index]
        if len(found) > _NEVER_TOO_LONG and len(found) > self.sheet.fields.by_name[name].longest:
            self.find(name, too_long(self.sheet.fields.by_name[name].longest))
            return ""
        if required and not found:
            self.find(name, REQUIRED)
        return found

    def known_text(self, name: str) -> str:
        """Empty where the cell says 不详, / and the like."""
        index = self.sheet.at.get(name)
        if index is None:
            return ""
        found = self.texts[index]
        if len(found) <= LONGEST_UNKNOWN:
            return "" if not found or is_unknown(found) else found
        return found if len(found) <= _NEVER_TOO_LONG else self.text(name)

    def number(self, name: str, *, required: bool = False) -> str:
        written = self.written(name)
        found = tidy_number(written) if written else ""
        if len(found) <= LONGEST_UNKNOWN and is_unknown(found):
            found = ""
        if len(found) > _LONGEST_NUMBER:
            self.find(name, too_long(_LONGEST_NUMBER))
            return ""
        if required and not found:
            self.find(name, REQUIRED)
        return found

    def date(self, name: str, *, required: bool = False) -> Day | None:
        index = self.sheet.at.get(name)
        if index is None or not self.texts[index]:
            if required:
                self.find(name, REQUIRED)
            return None
        taken = self._taken(name, read_date(self.cells[index], self.sheet.rules), required)
        if taken is not None:
            self.days[name] = taken
        return taken

    def month(self, name: str) -> Day | None:
        """A birthday or the like: long ago is no mistake."""
        if not self.written(name):
            return None
        return self._taken(name, read_month(self.raw(name), _long_ago(self.sheet.rules)), False)

    def period(self, name: str) -> Period | None:
        return self._taken(name, read_period(self.raw(name), self.sheet.rules), False)

    def amount(self, name: str, *, required: bool = False, about: bool = False) -> Money | None:
        """In yuan. `about`: 约3.5万元 is taken with a warning, as an estimate may be."""
        index = self.sheet.at.get(name)
        if index is None or not self.texts[index]:
            if required:
                self.find(name, REQUIRED)
            return None
        cell, unit = self.cells[index], self.sheet.columns[name].unit
        found = read_amount(cell, unit)
        if about and isinstance(found, Problem) and isinstance(cell, str) and is_about(cell):
            found = read_amount(without_about(cell), unit)
            if isinstance(found, Money):
                self.find(name, ABOUT)
        taken = self._taken(name, found, required)
        if taken is not None:
            self.added[name] = taken
        return taken

    def signed(self, name: str, *, plain: bool = False) -> Money | None:
        """Like `amount`; a negative one is taken, with a warning unless signs are `plain` here."""
        if not self.written(name):
            return None
        cell, unit = self.raw(name), self.sheet.columns[name].unit
        found = read_amount(cell, unit)
        if found is NEGATIVE:
            found = signed_amount(cell, unit)
            if isinstance(found, Money) and not plain:
                self.find(name, RED)
        taken = self._taken(name, found, False)
        if taken is not None:
            self.added[name] = taken
        return taken

    def count(self, name: str) -> int | None:
        taken = self._taken(name, read_count(self.raw(name)), False)
        if taken is not None:
            self.added[name] = taken
        return taken

    def choice(self, name: str, *, severity: Severity = Severity.WARNING) -> str | None:
        """The key of the cell's word; a word that is not known is a finding."""
        text = self.written(name)
        if not text:
            return None
        words = self.sheet.words[name]
        key = words.find(text)
        if key is None and not is_unknown(text):
            self.find(name, unknown_word(words.examples(), severity))
        return key

    def flag(self, name: str) -> bool | None:
        text = self.written(name)
        if not text:
            return None
        key = self.sheet.words[name].find(text)
        if key is None and not is_unknown(text):
            self.find(name, NOT_A_FLAG)
        return None if key is None else key == "yes"

    def identity(self, name: str) -> IdentityNumber | None:
        if not self.written(name):
            return None
        cell = self.raw(name)
        found = self._taken(name, read_identity(cell), False)
        if found is not None and is_old_form(cell):
            self.find(name, OLD_NUMBER)
        return found

    def names(self, name: str) -> tuple[tuple[Named, ...], int]:
        written = self.written(name)
        return split_names(written) if written else ((), 0)

    def person(self, name: str, *, required: bool = False) -> str:
        """The names of a cell as one text, padding removed: an approver, a handler."""
        written = self.written(name)
        found = names_in_line(written) if written else ""
        if required and not found:
            self.find(name, REQUIRED)
        return found
