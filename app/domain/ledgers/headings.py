"""Finding a ledger's heading, in one tier or merged ones, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.errors import N_, Reason
from app.domain.ledgers.amounts import UNITS, YUAN
from app.domain.ledgers.columns import ColumnMapping, How, Mapping, UnitFrom, heading_text
from app.domain.ledgers.families import (
    Family,
    FamilyFields,
    Field,
    FieldKind,
    without_brackets,
)
from app.domain.ledgers.guesses import best_guesses, names_reporter
from app.domain.ledgers.texts import Cell, narrow, one_line, squash, tidy

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""Merged ranges: (row, column) of the first and of the last cell, counted from 0."""

SEARCHED_ROWS = 40
MOST_TIERS = 3
_LONGEST_HEADING = 60
IGNORE = frozenset({"ignore", "ignored", "-", "", "忽略", "不导入"})

_UNIT_IN_HEADING = re.compile(
    r"[(（\[【]\s*(?:金额)?(?:单位\s*[:：]?\s*)?(百万元|亿元|万元|千元|元)\s*[)）\]】]|[/:：、,]?\s*(百万元|亿元|万元|千元)$|[/:：]\s*(元)$"
)
_GENERIC = {
    "姓名": FieldKind.NAMES,
    "名称": FieldKind.NAMES,
    "日期": FieldKind.DATE,
    "时间": FieldKind.DATE,
    "金额": FieldKind.AMOUNT,
    "编号": FieldKind.NUMBER,
    "编码": FieldKind.NUMBER,
}
_STARRED = re.compile(r"^[*＊☆★]+|[*＊]+$|^\d{1,2}[.、．]\s*")


@dataclass(frozen=True)
class Found:
    """The tiers of each column's heading, and where they stand (rows from 0, the last included)."""

    first: int
    last: int
    tiers: tuple[tuple[str, ...], ...]
    score: float


def normal_heading(text: str) -> str:
    """Without unit, stars and numbering: what is looked up."""
    return squash(_UNIT_IN_HEADING.sub("", _STARRED.sub("", one_line(narrow(text)))))


def find_heading(
    rows: Sequence[Sequence[Cell]],
    merged: Merged,
    fields: FamilyFields,
    wanted: dict[str, str],
) -> Found | None:
    """The rows that name the most fields. `wanted` is the reader's own map, normalised."""
    best: Found | None = None
    for depth in range(1, MOST_TIERS + 1):
        for first in range(max(0, min(len(rows), SEARCHED_ROWS) - depth + 1)):
            found = _candidate(rows[first : first + depth], first, merged, fields, wanted)
            if found is not None and (best is None or found.score > best.score):
                best = found
    return best


def _candidate(
    block: Sequence[Sequence[Cell]],
    first: int,
    merged: Merged,
    fields: FamilyFields,
    wanted: dict[str, str],
) -> Found | None:
    last = first + len(block) - 1
    tiers = compose(block, first, merged)
    names = {
        wanted.get(normal_heading(heading_text(column))) or _known(column, fields)
        for column in tiers
        if column
    } - {None}
    if len(names) < 2:
        return None
    strange = sum(
        1 for row in block for cell in row if not isinstance(cell, str) and cell is not None
    ) + sum(1 for column in tiers for tier in column if len(tier) > _LONGEST_HEADING)
    required = sum(1 for field in fields.required if field.name in names)
    return Found(first, last, tiers, len(names) + 2 * required - 3 * strange)


def _known(tiers: Sequence[str], fields: FamilyFields) -> str | None:
    field = known_field(tiers, fields)
    return field.name if field else None


def compose(
    block: Sequence[Sequence[Cell]], first: int, merged: Merged
) -> tuple[tuple[str, ...], ...]:
    """Each column's tiers from top to bottom. A blank in an upper tier belongs to the heading on
    its left if something stands below it: that is what merged cells look like in a csv."""
    width = max((len(row) for row in block), default=0)
    grid = [[one_line(tidy(cell)) for cell in row] + [""] * (width - len(row)) for row in block]
    for (top, left), (bottom, right) in merged:
        if top < first or top >= first + len(block):
            continue
        text = grid[top - first][left] if left < width else ""
        for tier in range(top - first, min(bottom - first, len(block) - 1) + 1):
            for column in range(left, min(right, width - 1) + 1):
                grid[tier][column] = text
    for tier, texts in enumerate(grid[:-1]):
        for column in range(1, width):
            below = any(lower[column] for lower in grid[tier + 1 :])
            if not texts[column] and below and texts[column - 1]:
                texts[column] = texts[column - 1]
    return tuple(_column(grid, column) for column in range(width))


def _column(grid: list[list[str]], column: int) -> tuple[str, ...]:
    tiers: list[str] = []
    for row in grid:
        if row[column] and (not tiers or tiers[-1] != row[column]):
            tiers.append(row[column])
    return tuple(tiers)


def known_field(tiers: Sequence[str], fields: FamilyFields) -> Field | None:
    """By the synonyms: all tiers together, the last two, the last one; a bare 姓名 or 日期 below
    another field's heading is that field's."""
    if not tiers:
        return None
    table = fields.by_heading
    normal = [normal_heading(tier) for tier in tiers]
    bare = [normal_heading(without_brackets(tier)) for tier in tiers]
    for words in (normal, bare):
        for start in range(max(0, len(words) - 3), len(words) - 1):
            if field := table.get("".join(words[start:])):
                return field
    last = table.get(normal[-1]) or table.get(bare[-1])
    if len(tiers) == 1:
        return last
    parent = table.get(normal[-2]) or table.get(bare[-2])
    generic = _GENERIC.get(bare[-1])
    if generic is not None and parent is not None and parent is not last:
        return parent if parent.kind is generic else None
    return last


def normal_map(given: dict[str, str]) -> dict[str, str]:
    """A map {heading: field}, its headings normalised; `ignore` stays as it is."""
    return {
        normal_heading(heading): "ignore" if field.strip().lower() in IGNORE else field.strip()
        for heading, field in given.items()
    }


def map_columns(
    found: Found,
    sample: Sequence[Sequence[Cell]],
    fields: FamilyFields,
    wanted: dict[str, str],
    unit_of_table: Decimal | None,
) -> Mapping:
    """What each column is. `sample` are rows of data below the heading."""
    columns: dict[int, ColumnMapping] = {}
    taken: dict[str, str] = {}
    cells = {
        index: [row[index] if index < len(row) else None for row in sample]
        for index in range(len(found.tiers))
    }
    for index, tiers in enumerate(found.tiers):
        if (column := _by_map(index, tiers, fields, wanted)) is not None:
            columns[index] = column
            if column.field:
                taken[column.field] = column.heading
    for index, tiers in enumerate(found.tiers):
        if index not in columns:
            column = _by_synonym(index, tiers, cells[index], fields, taken)
            if column is not None:
                columns[index] = column
                if column.field:
                    taken[column.field] = column.heading
    _add_guesses(columns, found, cells, fields, taken)
    with_units = _with_units([columns[index] for index in sorted(columns)], fields, unit_of_table)
    missing = tuple(field for field in fields.required if field.name not in taken)
    return Mapping(
        fields.family, _with_seals(with_units, fields), missing, found.first + 1, found.last + 1
    )


def _by_map(
    index: int, tiers: tuple[str, ...], fields: FamilyFields, wanted: dict[str, str]
) -> ColumnMapping | None:
    heading = heading_text(tiers)
    ways = (heading, tiers[-1] if tiers else "")
    name = next((wanted[way] for way in map(normal_heading, ways) if way and way in wanted), None)
    if name is None:
        return None
    reason = Reason(N_("The map says so."))
    if name == "ignore":
        return ColumnMapping(index, heading, None, How.IGNORED, reason)
    return ColumnMapping(index, heading, fields.by_name[name].name, How.MAP, reason)


def _by_synonym(
    index: int,
    tiers: tuple[str, ...],
    cells: Sequence[Cell],
    fields: FamilyFields,
    taken: dict[str, str],
) -> ColumnMapping | None:
    heading = heading_text(tiers)
    if not tiers:
        if any(tidy(cell) for cell in cells):
            return None
        return ColumnMapping(index, "", None, How.IGNORED, Reason(N_("The column is empty.")))
    field = known_field(tiers, fields)
    if field is not None and field.name not in taken:
        reason = Reason(N_("The table of synonyms has this heading."))
        return ColumnMapping(index, heading, field.name, How.SYNONYM, reason)
    if {normal_heading(tiers[-1]), normal_heading(heading)} & fields.ignored:
        reason = Reason(N_("This column is known and not needed."))
        return ColumnMapping(index, heading, None, How.IGNORED, reason)
    if field is not None:
        return ColumnMapping(
            index,
            heading,
            None,
            How.UNKNOWN,
            Reason(
                N_("The column “{other}” is already taken for the same."),
                {"other": taken[field.name]},
            ),
        )
    return None


def _add_guesses(
    columns: dict[int, ColumnMapping],
    found: Found,
    cells: dict[int, list[Cell]],
    fields: FamilyFields,
    taken: dict[str, str],
) -> None:
    open_columns: dict[int, tuple[str, Sequence[Cell]]] = {
        index: (heading_text(tiers), cells[index])
        for index, tiers in enumerate(found.tiers)
        if index not in columns
    }
    open_fields = [field for field in fields.fields if field.name not in taken]
    guesses = best_guesses(open_columns, open_fields)
    for index, (heading, _) in open_columns.items():
        if (guess := guesses.get(index)) is not None:
            columns[index] = ColumnMapping(
                index, heading, guess.field.name, How.GUESS, guess.reason
            )
            taken[guess.field.name] = heading
        else:
            columns[index] = ColumnMapping(
                index,
                heading,
                None,
                How.UNKNOWN,
                Reason(N_("Nobody said what this column is: name its field, or ignore it.")),
            )


def unit_in(heading: str) -> Decimal | None:
    match = _UNIT_IN_HEADING.search(narrow(heading))
    if match is None:
        return None
    return UNITS[next(unit for unit in match.groups() if unit)]


def _with_units(
    columns: Iterable[ColumnMapping], fields: FamilyFields, unit_of_table: Decimal | None
) -> list[ColumnMapping]:
    """The unit of each column of money: its heading's, the units row's, its neighbour's on the
    left (收缴金额（万元）, 没收金额, …), else yuan."""
    settled: list[ColumnMapping] = []
    neighbour: ColumnMapping | None = None
    for column in columns:
        field = fields.by_name.get(column.field or "")
        if field is None or field.kind is not FieldKind.AMOUNT:
            neighbour = None
            settled.append(column)
            continue
        unit, unit_from = _unit_of(column, neighbour, unit_of_table)
        neighbour = replace(column, unit=unit, unit_from=unit_from)
        settled.append(neighbour)
    return settled


def _unit_of(
    column: ColumnMapping, neighbour: ColumnMapping | None, unit_of_table: Decimal | None
) -> tuple[Decimal, UnitFrom]:
    own = unit_in(column.heading)
    if own is not None:
        return own, UnitFrom.HEADING
    if unit_of_table is not None:
        return unit_of_table, UnitFrom.UNITS_ROW
    if neighbour is not None and neighbour.unit_from is not UnitFrom.ASSUMED:
        return neighbour.unit, UnitFrom.NEIGHBOUR
    return YUAN, UnitFrom.ASSUMED


def _with_seals(
    columns: Sequence[ColumnMapping], fields: FamilyFields
) -> tuple[ColumnMapping, ...]:
    """Columns that tell who reported, by their field or by their words; where there are such,
    what nobody explained may tell it as well."""
    told = {
        column.index
        for column in columns
        if (column.field is not None and fields.by_name[column.field].sealed)
        or names_reporter(column.heading)
    }
    reporters_occur = bool(told) or fields.family is Family.PETITIONS
    return tuple(
        replace(
            column,
            sealed=column.index in told or (reporters_occur and column.how is How.UNKNOWN),
        )
        for column in columns
    )
