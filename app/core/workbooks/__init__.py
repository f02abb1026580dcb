"""Any office file as sheets of raw cells; and the workbook of rejected rows.

What a file is, its content says, not its name. Guards refuse what would fill the memory before
anything is unpacked.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.core.workbooks.delimited import read_delimited
from app.core.workbooks.office import read_archive, read_compound
from app.core.workbooks.problems import N_, UnreadableFile, not_a_workbook, too_large
from app.core.workbooks.rejects import RejectedRow, RejectSheet, write_rejects
from app.core.workbooks.sheets import Cell, Merged, Sheet, Workbook

__all__ = [
    "MOST_BYTES",
    "Cell",
    "Merged",
    "RejectSheet",
    "RejectedRow",
    "Sheet",
    "UnreadableFile",
    "Workbook",
    "read",
    "write_rejects",
]

MOST_BYTES = 50 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 8192
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OTHERS = (
    b"%PDF",
    b"{\\rtf",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"PK\x05\x06",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8",
)


def read(source: Path | bytes, filename: str, *, most_bytes: int = MOST_BYTES) -> Workbook:
    """The visible sheets of an xlsx, xls, ods or csv. Rows of a csv are read as they are asked
    for, and again from the source each time. Raises UnreadableFile."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > most_bytes:
        raise too_large(size, most_bytes)
    opener = _opener(source)
    with opener() as file:
        head = file.read(_LOOKED_AT)
        if head.startswith((_ZIP, _COMPOUND)):
            content = head + file.read()
            return read_archive(content) if head.startswith(_ZIP) else read_compound(content)
    _require_text(head)
    return read_delimited(opener, Path(filename).stem or "csv")


def _opener(source: Path | bytes) -> Callable[[], BinaryIO]:
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    return lambda: source.open("rb")


def _require_text(head: bytes) -> None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise UnreadableFile("empty", N_("The file is empty."))
    if head.startswith(_OTHERS) or (b"\0" in head and not head.startswith(_UTF16)):
        raise not_a_workbook()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise UnreadableFile(
            "not_a_workbook",
            N_(
                "This is a web page under the name of a workbook: "
                "open it in a spreadsheet program and save it as xlsx."
            ),
        )
