"""Opening a ledger: which sheets have a heading of its family, and what each column is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Protocol

from app.domain.errors import N_, FieldError, Invalid, Reason
from app.domain.ledgers.columns import Mapping, UnitFrom
from app.domain.ledgers.dates import DateRules
from app.domain.ledgers.families import Family, FamilyFields, fields_of
from app.domain.ledgers.findings import Notice
from app.domain.ledgers.header import Header, read_header
from app.domain.ledgers.headings import (
    SEARCHED_ROWS,
    Merged,
    find_heading,
    map_columns,
    normal_map,
)
from app.domain.ledgers.numbers import Citations, prefix_of
from app.domain.ledgers.texts import Cell, tidy

SAMPLE = 300


class RawSheet(Protocol):
    """What is read: `rows` can be iterated again; `merged` is empty where it isn't known."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Iterable[list[Cell]]: ...
    @property
    def merged(self) -> Merged: ...


@dataclass(frozen=True)
class Options:
    """`today` is the office's day. `heading_map` is {heading: field}; `ignore` leaves a column
    out. `citations` knows the numbers of leads, for texts of a bank. The rest is what the
    workbook says of itself."""

    today: date
    heading_map: dict[str, str] = field(default_factory=dict)
    epoch_1904: bool = False
    citations: Citations = field(default_factory=Citations)
    hidden_sheets: tuple[str, ...] = ()
    unstored_formulas: int = 0


@dataclass(frozen=True)
class SheetPlan:
    """A sheet, its heading as written and what stands above it, and its first rows of data."""

    sheet: RawSheet
    header: Header
    mapping: Mapping
    above: tuple[tuple[Cell, ...], ...] = ()
    headings: tuple[tuple[Cell, ...], ...] = ()
    sample: tuple[list[Cell], ...] = ()


class LedgerNotRecognised(Invalid):
    """No sheet has a heading of this family; the message says what it looks like instead."""

    code = "ledger-not-recognised"


def plan_sheets(
    fields: FamilyFields, sheets: Sequence[RawSheet], options: Options
) -> tuple[tuple[SheetPlan, ...], list[Notice]]:
    """A plan for every sheet with a heading, a notice for every other one that holds anything.

    Raises LedgerNotRecognised, or Invalid for a map that names a field which there is not.
    """
    wanted = normal_map(options.heading_map)
    _require_fields(wanted, fields)
    plans: list[SheetPlan] = []
    notices: list[Notice] = []
    for sheet in sheets:
        plan = _plan(sheet, fields, wanted, options)
        if plan is not None:
            plans.append(plan)
            notices += _notices(plan)
        elif any(tidy(cell) for row in islice(sheet.rows, SEARCHED_ROWS) for cell in row):
            notices.append(
                Notice(
                    "sheet_skipped",
                    Reason(N_("This sheet has no heading of such a ledger; it is left out.")),
                    sheet.name,
                )
            )
    if not plans:
        raise _not_recognised(fields.family, sheets)
    return tuple(plans), [*_of_workbook(options), *notices]


def _of_workbook(options: Options) -> list[Notice]:
    hidden = Reason(N_("This sheet is hidden; it is left out."))
    found = [Notice("sheet_hidden", hidden, name) for name in options.hidden_sheets]
    if options.unstored_formulas:
        words = (
            N_("One cell holds a formula without a result and reads as empty: open and save it.")
            if options.unstored_formulas == 1
            else N_("{count} cells hold formulas without results and read as empty:"
                    " open and save it.")
        )  # fmt: skip
        reason = Reason(words, {"count": str(options.unstored_formulas)})
        found.append(Notice("formulas_unstored", reason))
    return found


def _require_fields(wanted: dict[str, str], fields: FamilyFields) -> None:
    errors = [
        FieldError(
            f"map.{name}",
            Reason(
                N_("There is no field {field} here; there are {fields}."),
                {"field": name, "fields": ", ".join(fields.by_name)},
            ),
        )
        for name in wanted.values()
        if name != "ignore" and name not in fields.by_name
    ]
    if errors:
        raise Invalid(*errors)


def _plan(
    sheet: RawSheet, fields: FamilyFields, wanted: dict[str, str], options: Options
) -> SheetPlan | None:
    top = list(islice(sheet.rows, SEARCHED_ROWS + SAMPLE))
    found = find_heading(top[:SEARCHED_ROWS], sheet.merged, fields, wanted)
    if found is None:
        return None
    above = top[: found.first]
    sample = tuple(row for row in top[found.last + 1 :] if any(tidy(cell) for cell in row))
    header = read_header(above, DateRules(options.today))
    mapping = map_columns(found, sample, fields, wanted, header.money)
    if (numbers := mapping.fields.get("number")) is not None:
        written = [tidy(row[numbers.index]) for row in sample if len(row) > numbers.index]
        header = replace(header, number_prefix=prefix_of(filter(None, written)))
    headings = tuple(map(tuple, top[found.first : found.last + 1]))
    return SheetPlan(sheet, header, mapping, tuple(map(tuple, above)), headings, sample)


def _notices(plan: SheetPlan) -> list[Notice]:
    found: list[Notice] = []
    assumed = [
        column.heading
        for column in plan.mapping.columns
        if column.unit_from is UnitFrom.ASSUMED and plan.mapping.family is not Family.BANK
    ]
    if assumed:
        reason = Reason(
            N_("No unit of money is stated for {columns}: taken as yuan."),
            {"columns": "、".join(assumed)},
        )
        found.append(Notice("unit_assumed", reason, plan.sheet.name))
    beside = [c.heading for c in plan.mapping.columns if c.unit_from is UnitFrom.NEIGHBOUR]
    if beside:
        reason = Reason(
            N_("No unit of money is stated for {columns}: the unit of the column before is taken."),
            {"columns": "、".join(beside)},
        )
        found.append(Notice("unit_of_neighbour", reason, plan.sheet.name))
    sealed = [column.heading for column in plan.mapping.columns if column.sealed and column.heading]
    if sealed and plan.mapping.family is not Family.PETITIONS:
        reason = Reason(
            N_("Columns that tell who reported are not taken here: {columns}."),
            {"columns": "、".join(sealed)},
        )
        found.append(Notice("reporter_columns", reason, plan.sheet.name))
    if plan.header.account_digits_lost:
        reason = Reason(
            N_("The spreadsheet turned the account number into a number: digits are lost.")
        )
        found.append(Notice("account_digits_lost", reason, plan.sheet.name))
    return found


def _not_recognised(family: Family, sheets: Sequence[RawSheet]) -> LedgerNotRecognised:
    likely = likely_family(sheets)
    if likely is not None and likely is not family:
        reason = Reason(
            N_("No heading of “{family}” was found; this looks like “{likely}”."),
            {"family": family.value, "likely": likely.value},
        )
    else:
        names = "、".join(field.headings[0] for field in fields_of(family).required)
        reason = Reason(
            N_("No row of headings was found; there must be columns such as {names}."),
            {"names": names},
        )
    return LedgerNotRecognised(FieldError("file", reason))


def likely_family(sheets: Sequence[RawSheet]) -> Family | None:
    """Which family the first sheets' headings speak for, if any."""
    best: tuple[float, Family] | None = None
    for family in Family:
        for sheet in sheets[:3]:
            top = list(islice(sheet.rows, SEARCHED_ROWS))
            found = find_heading(top, sheet.merged, fields_of(family), {})
            if found is not None and (best is None or found.score > best[0]):
                best = (found.score, family)
    return best[1] if best else None
