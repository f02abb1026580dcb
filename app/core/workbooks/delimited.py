"""Delimited text: which encoding, which delimiter, and rows one at a time in constant memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from app.core.workbooks.problems import N_, UnreadableFile
from app.core.workbooks.sheets import Cell, Rows, Sheet, Workbook

Opener = Callable[[], BinaryIO]

_CHUNK = 1 << 20
_SNIFFED = 64 * 1024
_LONGEST_CELL = 1 << 20
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t;|"


def read_delimited(opener: Opener, name: str) -> Workbook:
    encoding = detect_encoding(opener)
    delimiter = _detect_delimiter(opener, encoding)
    position = _Position()

    def begin() -> Iterator[list[Cell]]:
        return _rows(opener, encoding, delimiter, position)

    with opener() as source:
        position.size = source.seek(0, io.SEEK_END)
    return Workbook("csv", (Sheet(name, Rows(begin)),), encoding=encoding, progress=position.share)


class _Position:
    def __init__(self) -> None:
        self.size = 0
        self.at: Callable[[], int] = lambda: 0

    def share(self) -> float:
        return min(1.0, self.at() / self.size) if self.size else 1.0


def _rows(
    opener: Opener, encoding: str, delimiter: str, position: _Position
) -> Iterator[list[Cell]]:
    with opener() as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        position.at = raw.tell
        lines = csv.reader(text, delimiter=delimiter, strict=True)
        csv.field_size_limit(_LONGEST_CELL)
        start = 1
        try:
            for row in lines:
                yield list(row)
                start = lines.line_num + 1
        except csv.Error as error:
            raise UnreadableFile(
                "csv",
                N_(
                    "The row that begins in line {line} isn't well formed: "
                    "a quotation mark is not closed, or stands inside a cell ({detail})."
                ),
                line=start,
                detail=error,
            ) from None
        finally:
            position.at = lambda: position.size


def detect_encoding(opener: Opener) -> str:
    """UTF-8 (with or without mark), UTF-16 with its mark, or GB18030, of which GBK is a part.

    The whole file is checked: raises UnreadableFile with the first line that is broken.
    """
    with opener() as source:
        head = source.read(4)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            _require(opener, encoding)
            return encoding
    utf8 = _first_broken_line(opener, "utf-8")
    if utf8 is None:
        return "utf-8"
    chinese = _first_broken_line(opener, "gb18030")
    if chinese is None and not _is_mostly_utf8(opener):
        return "gb18030"
    if chinese is None or utf8 >= chinese:
        raise _broken("UTF-8", utf8)
    raise _broken("GB18030", chinese)


def _require(opener: Opener, encoding: str) -> None:
    line = _first_broken_line(opener, encoding)
    if line is not None:
        raise _broken("UTF-8" if encoding == "utf-8-sig" else encoding.upper(), line)


def _broken(encoding: str, line: int) -> UnreadableFile:
    return UnreadableFile(
        "encoding",
        N_("Line {line} has bytes that are no {encoding}: save the file as UTF-8 or GBK again."),
        line=line,
        encoding=encoding,
    )


def _first_broken_line(opener: Opener, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with opener() as source:
        while chunk := source.read(_CHUNK):
            try:
                line += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _is_mostly_utf8(opener: Opener) -> bool:
    """Broken UTF-8 decodes as GB18030 by accident: tell them apart by how much of it is sound."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    sound = broken = 0
    with opener() as source:
        while chunk := source.read(_CHUNK):
            text = decoder.decode(chunk)
            bad = text.count("\ufffd")
            broken += bad
            sound += len(text) - bad - sum(map(text.count, map(chr, range(128))))
    return sound > 5 * broken


def _detect_delimiter(opener: Opener, encoding: str) -> str:
    """The sign that parts the most cells alike, counted outside quotation marks."""
    with opener() as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as source:
        text = source.read(_SNIFFED)
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    counts = {sign: sum(_outside_quotes(line, sign) for line in lines) for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: counts[sign])


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])
