"""What a paper is, and pictures of its pages: made by a process apart, with little memory and time.

The libraries that read PDFs and pictures take what strangers made. Whatever such a file does to
them, it does in a process that holds nothing, can write nothing and soon ends.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from app.core.i18n import N_

WIDTH = 1400  # pixels: a page of A4 is read on it

REFUSALS: Mapping[str, str] = {
    "unknown": N_("This is no PDF, JPEG or PNG: its content says so, whatever its name."),
    "damaged": N_("This file is damaged, or not what it begins as: scan it or save it anew."),
    "locked": N_("This PDF asks for a password: save it without one first."),
    "many-pixels": N_("This picture has more than 64 megapixels: take it with fewer."),
    "many-pages": N_("This PDF has more than 2,000 pages: attach it in parts."),
}
BUSY = N_("Too many papers are being looked at just now: try again in a moment.")

_PROGRAM = Path(__file__).with_name("drawing.py")
_AT_ONCE = 2
_PATIENCE = 30.0  # seconds, to begin and to end
_turns = BoundedSemaphore(_AT_ONCE)


class ScanRefused(ValueError):
    """`message` says why, to whoever brought the paper."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.message = REFUSALS[word]


class ScansBusy(RuntimeError):
    """Others are looked at; nothing is wrong with the paper."""


@dataclass(frozen=True)
class Scan:
    """`media` by the content."""

    media: str
    pages: int


def examine(content: bytes) -> Scan:
    """Raises ScanRefused, ScansBusy."""
    found = json.loads(_run(content, "examine"))
    return Scan(found["media"], found["pages"])


def picture(content: bytes, page: int) -> bytes:
    """A JPEG of one page, the first being 1. Raises ScanRefused, ScansBusy."""
    return _run(content, "draw", str(page), str(WIDTH))


def _run(content: bytes, *asked: str) -> bytes:
    if not _turns.acquire(timeout=_PATIENCE):
        raise ScansBusy
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the paper is its input alone
            [sys.executable, "-I", str(_PROGRAM), *asked],
            input=content, capture_output=True, timeout=_PATIENCE, check=False,
            cwd="/", env={}, close_fds=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ScanRefused("damaged") from None
    finally:
        _turns.release()
    if done.returncode == 0:
        return done.stdout
    word = done.stderr.decode(errors="replace")
    raise ScanRefused(word if word in REFUSALS else "damaged")
