"""What an old xls holds: whether it is one, protected, from 1904, and how far its cells reach.

A compound file is a small file system of sectors; only what is needed to find the stream of the
workbook is read of it, and every chain is bounded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.workbooks.archives import MOST_CELLS
from app.core.workbooks.problems import N_, UnreadableFile, damaged, encrypted, not_a_workbook

_END_OF_CHAIN = 0xFFFFFFFC
_HEADER_SECTORS = 109
_ENTRY = 128
_SMALL = 4096

_BOF, _EOF, _FILE_PASS, _DATE_MODE, _MULTIPLE = 0x0809, 0x000A, 0x002F, 0x0022, 0x00BD
_CELL_RECORDS = frozenset({0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, _MULTIPLE})


@dataclass(slots=True)
class CompoundFacts:
    epoch_1904: bool = False


def inspect_compound(content: bytes) -> CompoundFacts:
    """Raises UnreadableFile: encrypted, not_a_workbook, damaged, bomb."""
    try:
        streams = _Streams(content)
        if "EncryptedPackage" in streams.entries:
            raise encrypted()
        name = next((name for name in ("Workbook", "Book") if name in streams.entries), None)
        if name is None:
            raise not_a_workbook()
        return _walk(streams.read(name))
    except (struct.error, IndexError):
        raise damaged() from None


class _Streams:
    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if not 7 <= shift <= 16 or not 4 <= small_shift <= shift:
            raise damaged()
        self._sector: int = 1 << shift
        self._small_sector: int = 1 << small_shift
        first_directory, _, self._cut_off, first_small = struct.unpack_from("<IIII", content, 48)
        self._most = len(content) // self._sector + 2
        self._next = self._table(self._fat_sectors())
        self.entries = dict(self._directory(first_directory))
        self._next_small = self._table(self._chain(first_small, self._next))

    def _at(self, sector: int) -> int:
        return self._sector * (sector + 1)

    def _fat_sectors(self) -> list[int]:
        first, more = struct.unpack_from("<II", self._content, 68)
        sectors = list(struct.unpack_from(f"<{_HEADER_SECTORS}I", self._content, 76))
        while first < _END_OF_CHAIN and more > 0 and len(sectors) <= self._most:
            count = self._sector // 4 - 1
            *found, first = struct.unpack_from(f"<{count + 1}I", self._content, self._at(first))
            sectors += found
            more -= 1
        return [sector for sector in sectors if sector < _END_OF_CHAIN]

    def _table(self, sectors: list[int]) -> list[int]:
        count = self._sector // 4
        table: list[int] = []
        for sector in sectors[: self._most]:
            table += struct.unpack_from(f"<{count}I", self._content, self._at(sector))
        return table

    def _chain(self, first: int, following: list[int]) -> list[int]:
        chain: list[int] = []
        while first < _END_OF_CHAIN:
            chain.append(first)
            if len(chain) > len(following):
                raise damaged()
            first = following[first]
        return chain

    def _directory(self, first: int) -> Iterator[tuple[str, tuple[int, int]]]:
        for sector in self._chain(first, self._next):
            for at in range(self._at(sector), self._at(sector) + self._sector, _ENTRY):
                entry = self._content[at : at + _ENTRY]
                length = struct.unpack_from("<H", entry, 64)[0]
                if entry[66] in {1, 2, 5} and 2 <= length <= 64:
                    name = entry[: length - 2].decode("utf-16-le", "replace")
                    yield name, struct.unpack_from("<II", entry, 116)

    def read(self, name: str) -> bytes:
        first, size = self.entries[name]
        if size >= (self._cut_off or _SMALL):
            return self._joined(first, self._next, size)
        root_first, root_size = self.entries.get("Root Entry", (0, 0))
        small = self._joined(root_first, self._next, root_size)
        step = self._small_sector
        chain = self._chain(first, self._next_small)
        return b"".join(small[n * step : (n + 1) * step] for n in chain)[:size]

    def _joined(self, first: int, following: list[int], size: int) -> bytes:
        chain = self._chain(first, following)
        step = self._sector
        return b"".join(self._content[self._at(n) : self._at(n) + step] for n in chain)[:size]


def _walk(stream: bytes) -> CompoundFacts:
    """All records: only the first two fields of those with cells matter."""
    facts = CompoundFacts()
    at = rows = columns = area = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if record == _FILE_PASS:
            raise encrypted()
        if record == _DATE_MODE and length >= 2:
            facts.epoch_1904 = struct.unpack_from("<H", stream, at)[0] == 1
        elif record in _CELL_RECORDS and length >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            if record == _MULTIPLE:
                column = struct.unpack_from("<H", stream, at + length - 2)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif record == _EOF:
            area += rows * columns
            rows = columns = 0
            if area > MOST_CELLS:
                raise UnreadableFile(
                    "bomb", N_("The sheets of this workbook reach too far. Copy the rows anew.")
                )
        at += length
    return facts
