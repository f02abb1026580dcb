"""Opening what was sent: bytes or a file as a ledger of a family."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core import workbooks
from app.core.workbooks import UnreadableFile
from app.domain import errors
from app.domain.ledgers.families import Family
from app.domain.ledgers.numbers import Citations
from app.domain.ledgers.opening import Options
from app.domain.ledgers.reading import Reading, open_ledger

_CHUNK = 1 << 20
_TOO_LARGE = frozenset({"too_large", "bomb"})


@dataclass(frozen=True)
class Source:
    """A file by its path, or its bytes; `name` is what its owner calls it."""

    content: Path | bytes
    name: str
    most_bytes: int = workbooks.MOST_BYTES

    def digest(self) -> bytes:
        if isinstance(self.content, bytes):
            return hashlib.sha256(self.content).digest()
        found = hashlib.sha256()
        with self.content.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
        return found.digest()


@contextmanager
def reading_files() -> Iterator[None]:
    """Turns what makes a file unreadable into the domain's errors, while it is read as well."""
    try:
        yield
    except UnreadableFile as error:
        if error.code in _TOO_LARGE:
            raise errors.TooLarge(error.message, **error.values) from None
        raise errors.Invalid.of("file", error.message, **error.values) from None


@dataclass(frozen=True)
class Opened:
    """A ledger whose headings are known. `progress` is how much of it was read, if known."""

    reading: Reading
    progress: Callable[[], float] | None


def open_source(
    source: Source,
    family: Family,
    *,
    today: date,
    heading_map: Mapping[str, str],
    citations: Citations | None = None,
) -> Opened:
    """Raises Invalid, TooLarge, LedgerNotRecognised."""
    with reading_files():
        book = workbooks.read(source.content, source.name, most_bytes=source.most_bytes)
        options = Options(
            today=today,
            heading_map=dict(heading_map),
            epoch_1904=book.epoch_1904,
            citations=citations or Citations(),
            hidden_sheets=book.hidden,
            unstored_formulas=book.unstored_formulas,
        )
        return Opened(open_ledger(family, book.sheets, options), book.progress)
