"""A ledger's own subtotals and totals, recognised and held against its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.ledgers.amounts import UNITS, exact, read_amount
from app.domain.ledgers.cells import Row
from app.domain.ledgers.columns import ColumnMapping, Mapping
from app.domain.ledgers.families import ADDED_UP, FamilyFields, FieldKind
from app.domain.ledgers.findings import ControlTotal, Source
from app.domain.ledgers.texts import Cell, narrow, tidy, without_spaces
from app.domain.money import Money

_LABEL = re.compile(
    r"(?P<whose>[^\d]{0,12}?)(?P<word>小计|合计|总计|共计|累计|总合计|承前页|过次页|总数)"
    r"[:：]?(?P<count>\d+)?(?P<unit>件|条|人|户|笔|项|个|起|行)?"
)
_OF_BLOCK = re.compile(r"本[页月季周日次批]|小计")
_STATED = re.compile(r"(?P<before>[^\d.]*)(?P<number>[\d,]+(?:\.\d+)?)\s*(?P<unit>\D*)")
_A_COUNT_BESIDE = re.compile(r"[共本].*|\d+[件条人户笔].*")
_KEYS = frozenset({FieldKind.NUMBER, FieldKind.DATE})
_FIRST_CELLS = 3
_NOT_SUMMED = frozenset({"balance", "age"})
_FILLED = frozenset({FieldKind.DATE, FieldKind.CHOICE, FieldKind.SANCTION, FieldKind.FLAG})


def _plain(cell: Cell) -> str:
    return without_spaces(narrow(tidy(cell)))


def total_label(row: Row, keys: Sequence[int]) -> re.Match[str] | None:
    """The label if the row is a subtotal or total: 小计, 合　计, 全区总计：604件 … among its first
    cells. `keys` are the columns of numbers and dates that every row must have: in a total they
    are empty, or hold the label or a count."""
    for index in keys:
        text = row.texts[index]
        if not text or not (text[0].isascii() and text[0].isalnum()):
            break
    else:
        if keys:  # a number and a date: no total has both
            return None
    seen = 0
    match = None
    for cell, text in zip(row.cells, row.texts, strict=True):
        if text:
            seen += 1
            match = _LABEL.fullmatch(_plain(text)) if isinstance(cell, str) else None
            if match is not None or seen == _FIRST_CELLS:
                break
    if match is None:
        return None
    for index in keys:
        text = _plain(row.texts[index])
        if text and not _LABEL.fullmatch(text) and not _A_COUNT_BESIDE.fullmatch(text):
            return None
    return match


def key_columns(mapping: Mapping, fields: FamilyFields) -> tuple[int, ...]:
    return tuple(
        column.index
        for name, column in mapping.fields.items()
        if fields.by_name[name].required and fields.by_name[name].kind in _KEYS
    )


@dataclass(slots=True)
class Sums:
    """What rows give. `added` is in fen for money; `filled` counts cells that hold something,
    by field."""

    rows: int = 0
    people: int = 0
    added: dict[str, int] = field(default_factory=dict)
    filled: Counter[str] = field(default_factory=Counter)
    numbers: set[str] = field(default_factory=set)

    def take(self, row: Row, counted: Sequence[tuple[str, int]]) -> None:
        self.rows += 1
        self.people += row.people
        for name, value in row.added.items():
            amount = value if isinstance(value, int) else value.fen
            self.added[name] = self.added.get(name, 0) + amount
        texts = row.texts
        self.filled.update([name for name, index in counted if texts[index]])
        if number := row.written("number"):
            self.numbers.add(number)

    def fold(self, other: Sums) -> None:
        self.rows += other.rows
        self.people += other.people
        for name, amount in other.added.items():
            self.added[name] = self.added.get(name, 0) + amount
        self.filled.update(other.filled)
        self.numbers |= other.numbers

    def matters(self, stated: Decimal) -> int:
        """Rows, or matters where several rows make one: whichever the ledger counted."""
        return len(self.numbers) if stated == len(self.numbers) else self.rows


class Checker:
    """Adds rows up, and holds each total's row against what lies above it: a subtotal against
    the rows since the last one, a total against the sheet's, or else the whole workbook's."""

    def __init__(self, mapping: Mapping, fields: FamilyFields, earlier_sheets: Sums) -> None:
        self._mapping = mapping
        self._fields = fields
        self._block = Sums()
        self._sheet = Sums()
        self._book = earlier_sheets
        self._counted = tuple(
            (name, column.index)
            for name, column in mapping.fields.items()
            if fields.by_name[name].kind in _FILLED
        )

    def take(self, row: Row) -> None:
        self._block.take(row, self._counted)

    def check(
        self, source: Source, cells: Sequence[Cell], label: re.Match[str]
    ) -> list[ControlTotal]:
        """Every figure of the row, beside what the rows give."""
        block = self.end_block()
        ways = (block,) if _OF_BLOCK.search(label[0]) else (self._sheet, self._book)
        found: list[ControlTotal] = []
        if label["count"]:
            stated, unit = Decimal(label["count"]), label["unit"] or "rows"
            computed = Decimal(ways[0].matters(stated))
            found.append(ControlTotal(source, label[0], "", "", stated, computed, unit))
        for column in self._mapping.columns:
            cell = cells[column.index]
            if column.field is None or column.field in _NOT_SUMMED:
                continue
            if cell is None or _LABEL.fullmatch(_plain(cell)):
                continue
            figure = _Figure(source, label[0], column, cell, self._fields)
            controls = [control for sums in ways if (control := figure.against(sums))]
            if controls:
                found.append(next((c for c in controls if c.agrees), controls[0]))
        return found

    def end_block(self) -> Sums:
        """The rows since the last total, from now on counted with the sheet's."""
        block, self._block = self._block, Sums()
        self._sheet.fold(block)
        self._book.fold(block)
        return block


@dataclass(frozen=True, slots=True)
class _Figure:
    """One cell of a total's row."""

    source: Source
    label: str
    column: ColumnMapping
    cell: Cell
    fields: FamilyFields

    def against(self, sums: Sums) -> ControlTotal | None:
        field_ = self.fields.by_name[self.column.field or ""]
        if field_.kind is FieldKind.AMOUNT:
            return self._amount(sums)
        if field_.kind is FieldKind.DATE and not isinstance(self.cell, str):
            return None
        match = _STATED.fullmatch(_plain(self.cell))
        if match is None:
            return None
        stated, unit = Decimal(match["number"].replace(",", "")), match["unit"]
        if field_.kind in ADDED_UP:
            return self._control(stated, Decimal(sums.added.get(field_.name, 0)), "count")
        if unit[:1] in {"人", "名"} and field_.kind is FieldKind.NAMES:
            return self._control(stated, Decimal(sums.people), unit)
        if field_.kind in _FILLED:
            return self._control(stated, Decimal(sums.filled[field_.name]), unit or "rows")
        return self._control(stated, Decimal(sums.matters(stated)), unit or "rows")

    def _amount(self, sums: Sums) -> ControlTotal | None:
        cell = self.cell
        if isinstance(cell, str):
            cell = re.sub(r"^[^\d.¥￥-]+", "", narrow(tidy(cell)))
        money = read_amount(cell, self.column.unit)
        if not isinstance(money, Money):
            return None
        computed = Money(sums.added.get(self.column.field or "", 0))
        return self._control(money.decimal, computed.decimal, "yuan", _step(cell, self.column.unit))

    def _control(
        self, stated: Decimal, computed: Decimal, unit: str, step: Decimal = Decimal(1)
    ) -> ControlTotal:
        column = self.column
        return ControlTotal(
            self.source,
            self.label,
            column.heading,
            column.field or "",
            stated,
            computed,
            unit,
            step,
        )


def _step(cell: Cell, unit: Decimal) -> Decimal:
    """How much the last digit that is stated stands for: 632.3 in 万元 is exact to 1000 yuan."""
    if isinstance(cell, int | float):
        number = exact(cell)
    else:
        match = _STATED.match(narrow(tidy(cell)))
        if match is None:
            return Decimal("0.01")
        number = Decimal(match["number"].replace(",", ""))
        unit = UNITS.get(match["unit"].strip(), unit)
    exponent = number.as_tuple().exponent
    return unit.scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal("0.01")
