"""Any office file as sheets of raw cells; and the workbook of rejected rows."""

from __future__ import annotations

import io
from pathlib import Path

from app.core.workbooks.delimited import read_delimited
from app.core.workbooks.office import read_office
from app.core.workbooks.problems import UnreadableFile
from app.core.workbooks.sheets import Cell, Merged, Sheet, Workbook

__all__ = ["Cell", "Merged", "Sheet", "UnreadableFile", "Workbook", "read"]


def read(source: Path | bytes, filename: str) -> Workbook:
    opener = (
        (lambda: io.BytesIO(source)) if isinstance(source, bytes) else (lambda: source.open("rb"))
    )
    with opener() as f:
        head = f.read(8)
    if head.startswith(b"PK") or head.startswith(b"\xd0\xcf\x11\xe0"):
        with opener() as f:
            return read_office(f.read(), "xlsx")
    return read_delimited(opener, filename)
