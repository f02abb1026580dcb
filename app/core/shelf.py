"""Where papers lie: files under the data folder, each named by the hash of what is in it.

A file is there whole or not at all, and is never written twice. Nothing here knows who may read
one: only its row in the database leads to it.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DRAFT = ".part"


class PaperLost(RuntimeError):
    """The file isn't there, or isn't what was kept."""


class Shelf:
    """`folder` is made when the first paper comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep it, and return its hash once it is safe from a power cut. Raises OSError."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        if self._holds(place, content):
            return digest
        self._folder.mkdir(0o700, exist_ok=True)
        place.parent.mkdir(0o700, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=place.parent, suffix=_DRAFT)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).rename(place)
        except BaseException:
            with suppress(OSError):
                Path(draft).unlink()
            raise
        for folder in (place.parent, self._folder):
            _settle(folder)
        return digest

    def read(self, digest: str) -> bytes:
        """What was kept, proved by its hash. Raises PaperLost."""
        try:
            content = self._place(digest).read_bytes()
        except OSError as error:
            raise PaperLost(f"{digest}: {error.strerror}") from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise PaperLost(f"{digest}: isn't what was kept")
        return content

    def path(self, digest: str) -> Path:
        """Where it lies, proved by its hash. Raises PaperLost."""
        self.read(digest)
        return self._place(digest)

    def names(self) -> Iterator[list[str]]:
        """The hashes of all that is kept, some hundreds at a time."""
        for folder in self._folders():
            yield sorted(each.name for each in folder.iterdir() if _DIGEST.fullmatch(each.name))

    def drop(self, digest: str, *, before: datetime) -> bool:
        """Whether it went: only what was written before that moment does."""
        return _dropped(self._place(digest), before)

    def drop_drafts(self, *, before: datetime) -> int:
        """Away with what a crash left half-written."""
        drafts = [each for folder in self._folders() for each in folder.glob(f"*{_DRAFT}")]
        return sum(_dropped(each, before) for each in drafts)

    def _folders(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(each for each in self._folder.iterdir() if each.is_dir())

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise PaperLost("a paper is named by its hash")
        return self._folder / digest[:2] / digest

    @staticmethod
    def _holds(place: Path, content: bytes) -> bool:
        """A file that rotted is written anew."""
        try:
            return place.read_bytes() == content
        except OSError:
            return False


def _dropped(path: Path, before: datetime) -> bool:
    if path.stat().st_mtime >= before.timestamp():
        return False
    path.unlink()
    return True


def _settle(folder: Path) -> None:
    """A rename is safe once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
