"""Lists of matters, receipts and returns, and the two standard registers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.core import crypto, i18n
from app.domain import exports as shapes
from app.domain import masking
from app.domain.exports import COLUMNS, TITLES, Column, Format
from app.repositories import exports
from app.repositories.totals import make_room
from app.repositories.work import Work
from app.services import totals
from app.services.exports import writers
from app.services.exports.writers import Cell, Table

if TYPE_CHECKING:
    from app.services.exports import Export

# The person's id and sealed number, in which rows end where identity numbers are opened.
_PERSONAL = 2


def written(tx: Work, export: Export) -> Iterator[bytes]:
    make_room(tx)
    columns = COLUMNS[export.what]
    headings = [i18n.translate(export.locale, column.label) for column in columns]
    if export.format is Format.CSV and not export.numbers:
        yield writers.csv_head(export.definition, headings)
        yield from exports.csv_blocks(tx, *_asked(tx, export), **_how(tx, export))
        return
    title = i18n.translate(export.locale, TITLES[export.what])
    table = Table(title, columns, headings, _rows(tx, export))
    write = {
        Format.CSV: writers.csv_file,
        Format.XLSX: writers.xlsx_file,
        Format.JSON: writers.json_file,
    }
    yield from write[export.format](export.definition, [table])


def _asked(tx: Work, export: Export) -> tuple[Any, ...]:
    return export.what, totals.asked(tx, export.cohort), export.key


def _how(tx: Work, export: Export) -> dict[str, Any]:
    return {
        "names": export.names,
        "words": export.words,
        "zone": tx.office.clock.zone.key,
        "body": export.body,
    }


def _rows(tx: Work, export: Export) -> Iterator[Sequence[Cell]]:
    found = exports.rows(tx, *_asked(tx, export), numbers=export.numbers, **_how(tx, export))
    if not export.numbers:
        yield from found
        return
    for row in found:
        person_id, sealed = row[-_PERSONAL:]
        cells = list(row[:-_PERSONAL])
        if sealed is not None:
            number = crypto.unseal(tx.keys, bytes(sealed), bound_to=str(person_id))
            for at, column in enumerate(COLUMNS[export.what]):
                if column.derived:
                    cells[at] = _derived(column, number, export)
        yield cells


def _derived(column: Column, number: str, export: Export) -> Cell:
    if column.key == "identity":
        return number if export.names else masking.identity(number)
    if not export.names:
        return None
    if column.key == "birth":
        return shapes.born(number)
    if column.key == "sex":
        sex = shapes.sex(number)
        return export.words[f"sex.{sex}"] if sex else None
    day = export.cohort.as_of
    return shapes.age(number, day.year, day.month, day.day)
