"""Papers that are attached to matters: how large they are, and what they are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

MOST = 20 * 1024 * 1024  # bytes of one paper
TITLE_LIMIT = 200
REASON_LIMIT = 2000
_NAME_LIMIT = 120

# By what a paper is: how a file of it ends.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
# Not in a name on some system, or not what it looks like: controls, marks that turn the direction
# of writing round, separators of paths, and what shells and Windows mean something by.
_NO_NAME = re.compile(r'[\\/:*?"<>|%;`$&\'#~^]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_name(given: str, media: str) -> str:
    """What a paper is saved as: the name that it came with, made harmless, and the ending of what
    it is in truth, so that 照片.jpg.exe comes back as 照片.jpg.exe.jpg."""
    stem = _plain(given)
    for ending in ENDINGS[media]:
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)]
            break
    stem = stem[:_NAME_LIMIT].strip(". ")
    if not stem or _DEVICES.fullmatch(stem):
        stem = "paper" + stem
    return stem + ENDINGS[media][0]


def title(typed: str, name: str) -> str:
    """What was typed, else the file's own name without its ending."""
    return " ".join(_visible(typed).split()) or name.rpartition(".")[0]


def _plain(text: str) -> str:
    last = text.replace("\\", "/").rpartition("/")[2]
    return " ".join(_NO_NAME.sub(" ", _visible(last)).split())


def _visible(text: str) -> str:
    """Letters, signs and spaces only: neither controls nor formats, such as marks of direction."""
    text = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)


def written_size(size: int) -> tuple[str, str]:
    """(amount, unit) as people say it: 340 KB, 2.4 MB."""
    if size < 1024 * 1024:
        return str(max(1, round(size / 1024))), "KB"
    return f"{size / (1024 * 1024):.1f}", "MB"
