"""What an xlsx or ods holds before anything is unpacked into memory: bombs are refused here.

The sizes that an archive states can lie, and one cell in the last corner of a sheet makes a
reader reserve seventeen thousand million cells. So every part is unpacked once, in pieces, and
the places of its cells are looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from app.core.workbooks.problems import N_, UnreadableFile, damaged, encrypted, not_a_workbook

MOST_UNPACKED = 400 * 1024 * 1024
MOST_RATIO = 200
RATIO_COUNTS_FROM = 8 * 1024 * 1024
MOST_PARTS = 5000
MOST_CELLS = 12_000_000

_CHUNK = 1 << 20
_LONGEST_PIECE = 8 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Za-z]{1,3})(\d{1,7})"')
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_DATE_1904 = re.compile(rb'\bdate1904="(?:1|true)"')
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(slots=True)
class ArchiveFacts:
    """`kind` is xlsx or ods."""

    kind: str
    epoch_1904: bool = False
    unstored_formulas: int = 0


def _too_much() -> UnreadableFile:
    return UnreadableFile(
        "bomb",
        N_(
            "Unpacked, this workbook would be larger than anything that is read here. "
            "Copy the rows into a new workbook."
        ),
    )


def inspect_archive(content: bytes) -> ArchiveFacts:
    """Raises UnreadableFile: bomb, encrypted, damaged, not_a_workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive, len(content))
            facts = ArchiveFacts(_kind(archive))
            unpacked = 0
            for part in archive.infolist():
                unpacked += _inspect_part(archive, part, facts)
                if unpacked > MOST_UNPACKED:
                    raise _too_much()
            return facts
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, expat.ExpatError):
        raise damaged() from None
    except RuntimeError:  # what zipfile says of a part with a password
        raise encrypted() from None


def _check_sizes(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED:
        raise _too_much()
    if total > RATIO_COUNTS_FROM and total > MOST_RATIO * size:
        raise _too_much()
    for part in parts:
        if part.flag_bits & 1:
            raise encrypted()
        if part.file_size > max(RATIO_COUNTS_FROM, MOST_RATIO * max(part.compress_size, 1)):
            raise _too_much()


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        if not archive.read("mimetype").startswith(_ODS):
            raise not_a_workbook()
        manifest = (
            archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        )
        if b"encryption-data" in manifest:
            raise encrypted()
        return "ods"
    raise not_a_workbook()


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, facts: ArchiveFacts) -> int:
    """The part's true length. Parts of a workbook may have any name: all XML is looked at."""
    looked_at: _XlsxCells | _OdsCells | None = None
    if facts.kind == "ods" and part.filename == "content.xml":
        looked_at = _OdsCells()
    elif facts.kind == "xlsx" and not part.filename.endswith("sharedStrings.xml"):
        looked_at = _XlsxCells()
    length = 0
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            if length == 0 and part.filename == "xl/workbook.xml":
                facts.epoch_1904 = _DATE_1904.search(chunk) is not None
            length += len(chunk)
            if looked_at is not None:
                looked_at.take(chunk)
    if looked_at is not None:
        looked_at.end()
        if looked_at.area > MOST_CELLS:
            raise _too_much()
        if isinstance(looked_at, _XlsxCells):
            facts.unstored_formulas += looked_at.unstored_formulas
    return length


class _XlsxCells:
    """The last row and column of a worksheet's cells, by its text, in pieces."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self.unstored_formulas = 0
        self._rest = b""

    @property
    def area(self) -> int:
        return self.rows * self.columns

    def take(self, chunk: bytes) -> None:
        text = self._rest + chunk
        cut = max((match.end() for match in _ROW_END.finditer(text)), default=0)
        if cut == 0 and len(text) > _LONGEST_PIECE:
            cut = max(text.rfind(b"<"), 1)
        self._look_at(text[:cut])
        self._rest = text[cut:]

    def end(self) -> None:
        self._look_at(self._rest)
        self._rest = b""

    def _look_at(self, text: bytes) -> None:
        places = _CELL.findall(text)
        if not places:
            return
        self.rows = max(self.rows, *(int(row) for _, row in places), 0)
        self.columns = max(self.columns, *map(_column_number, {column for column, _ in places}), 0)
        if self.area > MOST_CELLS:
            raise _too_much()
        self.unstored_formulas += len(_NO_RESULT.findall(text))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _OdsCells:
    """How far a spreadsheet's cells reach once repeated rows and cells are written out."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity
        self.area = 0
        self._rows = self._columns = 0
        self._row = self._column = self._filled_to = 0
        self._row_repeats = 1

    def take(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    def end(self) -> None:
        self._parser.Parse(b"", True)

    def _entity(self, *_: object) -> None:
        raise _too_much()

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            self._rows = self._columns = self._row = 0
        elif name == "table:table-row":
            self._column = self._filled_to = 0
            self._row_repeats = _repeats(given, "table:number-rows-repeated")
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._column += _repeats(given, "table:number-columns-repeated")
            if "office:value-type" in given or "calcext:value-type" in given:
                self._filled_to = self._column

    def _end(self, name: str) -> None:
        if name != "table:table-row":
            return
        self._row += self._row_repeats
        if self._filled_to:
            self._rows, self._columns = self._row, max(self._columns, self._filled_to)
            self.area = max(self.area, self._rows * self._columns)
            if self.area > MOST_CELLS:
                raise _too_much()


def _repeats(given: dict[str, str], name: str) -> int:
    text = given.get(name, "1")
    return int(text) if text.isdigit() and len(text) < 10 else 1
