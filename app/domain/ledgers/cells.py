"""One row, asked field by field. Whatever a cell can't answer becomes a finding about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date as Day  # noqa: N812 - `date` is what a row is asked for
from functools import lru_cache
from typing import TypeVar

from app.domain.errors import N_, Reason
from app.domain.ledgers.amounts import (
    NEGATIVE,
    YUAN,
    is_about,
    read_amount,
    read_count,
    signed_amount,
    without_about,
)
from app.domain.ledgers.columns import ColumnMapping
from app.domain.ledgers.dates import DateRules, Period, read_date, read_month, read_period
from app.domain.ledgers.families import FamilyFields, Field
from app.domain.ledgers.findings import (
    CellFinding,
    Problem,
    RowDoubt,
    Severity,
    Source,
)
from app.domain.ledgers.identity import OLD_NUMBER, IdentityNumber, is_old_form, read_identity
from app.domain.ledgers.numbers import tidy_number
from app.domain.ledgers.people import Named, split_names
from app.domain.ledgers.texts import Cell, is_unknown, shortened, tidy
from app.domain.ledgers.vocabulary import vocabulary
from app.domain.money import Money

ValueT = TypeVar("ValueT")

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
    """The cells of one row under a sheet's mapping, and what was found about them so far."""

    source: Source
    cells: list[Cell]
    columns: dict[str, ColumnMapping]
    fields: FamilyFields
    rules: DateRules
    findings: list[CellFinding] = field(default_factory=list)
    doubts: list[RowDoubt] = field(default_factory=list)
    added: dict[str, Money | int] = field(default_factory=dict)
    people: int = 0

    def has(self, name: str) -> bool:
        return name in self.columns

    def raw(self, name: str) -> Cell:
        column = self.columns.get(name)
        return None if column is None else self.cells[column.index]

    def find(self, name: str, problem: Problem) -> None:
        """Note a problem about a field's cell. A sealed or private cell's value is withheld."""
        column = self.columns.get(name)
        known: Field | None = self.fields.by_name.get(name)
        withheld = known is not None and known.withheld
        heading = column.heading if column else (known.headings[0] if known else "")
        value = "" if withheld else shortened(tidy(self.raw(name)))
        self.findings.append(CellFinding(self.source, heading, name, value, problem, withheld))

    def find_in_row(self, problem: Problem) -> None:
        self.findings.append(CellFinding(self.source, "", "", "", problem))

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
        cell = self.raw(name)
        if cell is None or cell == "":
            found = ""
        else:
            found = tidy(cell)
            if len(found) > 200 and len(found) > self.fields.by_name[name].longest:
                self.find(name, too_long(self.fields.by_name[name].longest))
                return ""
        if required and not found:
            self.find(name, REQUIRED)
        return found

    def known_text(self, name: str) -> str:
        """Empty where the cell says 不详, / and the like."""
        found = self.text(name)
        return "" if found and is_unknown(found) else found

    def number(self, name: str, *, required: bool = False) -> str:
        cell = self.raw(name)
        found = tidy_number(tidy(cell)) if cell is not None and cell != "" else ""
        if is_unknown(found):
            found = ""
        if len(found) > 60:
            self.find(name, too_long(60))
            return ""
        if required and not found:
            self.find(name, REQUIRED)
        return found

    def date(self, name: str, *, required: bool = False) -> Day | None:
        cell = self.raw(name)
        if (cell is None or cell == "") and not required:
            return None
        return self._taken(name, read_date(cell, self.rules), required)

    def quiet_date(self, name: str) -> Day | None:
        """The day of a cell that was read before: no finding a second time."""
        found = read_date(self.raw(name), self.rules)
        return None if isinstance(found, Problem) else found

    def month(self, name: str) -> Day | None:
        """A birthday or the like: long ago is no mistake."""
        cell = self.raw(name)
        if cell is None or cell == "":
            return None
        return self._taken(name, read_month(cell, _long_ago(self.rules)), False)

    def period(self, name: str) -> Period | None:
        return self._taken(name, read_period(self.raw(name), self.rules), False)

    def amount(self, name: str, *, required: bool = False, about: bool = False) -> Money | None:
        """In yuan. `about`: 约3.5万元 is taken with a warning, as an estimate may be."""
        cell = self.raw(name)
        if (cell is None or cell == "") and not required:
            return None
        unit = self.columns[name].unit if name in self.columns else YUAN
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
        cell = self.raw(name)
        if cell is None or cell == "":
            return None
        unit = self.columns[name].unit
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
        cell = self.raw(name)
        if cell is None or cell == "":
            return None
        text = tidy(cell)
        known = self.fields.by_name[name].vocabulary or ""
        key = vocabulary(known).find(text)
        if key is None and not is_unknown(text):
            self.find(name, unknown_word(vocabulary(known).examples(), severity))
        return key

    def flag(self, name: str) -> bool | None:
        cell = self.raw(name)
        if cell is None or cell == "":
            return None
        if isinstance(cell, bool):
            return cell
        text = tidy(cell)
        key = vocabulary(self.fields.by_name[name].vocabulary or "flag").find(text)
        if key is None and not is_unknown(text):
            self.find(name, NOT_A_FLAG)
        return None if key is None else key == "yes"

    def identity(self, name: str) -> IdentityNumber | None:
        cell = self.raw(name)
        if cell is None or cell == "":
            return None
        found = self._taken(name, read_identity(cell), False)
        if found is not None and is_old_form(cell):
            self.find(name, OLD_NUMBER)
        return found

    def names(self, name: str) -> tuple[tuple[Named, ...], int]:
        cell = self.raw(name)
        if cell is None or cell == "":
            return (), 0
        return split_names(tidy(cell))

    def person(self, name: str, *, required: bool = False) -> str:
        """The names of a cell as one text, padding removed: an approver, a handler."""
        found = "、".join(named.name for named in self.names(name)[0])
        if required and not found:
            self.find(name, REQUIRED)
        return found
