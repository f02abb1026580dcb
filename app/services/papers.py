"""Papers of a matter: attaching and opening one, and saying that one was attached by mistake.

What a paper is, its content says. The file lies in the data folder before its row is committed: a
row whose file is missing can't be, a file without a row is swept (`app.services.housekeeping`).
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.core import scans
from app.core.db import Row
from app.core.shelf import PaperLost
from app.domain import errors, papers
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.repositories import access, walls
from app.repositories import matters as matter_rows
from app.repositories import papers as rows
from app.repositories.work import Work
from app.services.matters import refuse_readers

_FULL = (errno.ENOSPC, errno.EDQUOT)
_LOST = N_("The file of this paper is missing or damaged: whoever runs the system restores it.")


@dataclass(frozen=True)
class Brought:
    """A paper that was looked at: what it is, and under which name it came."""

    content: bytes
    name: str
    scan: scans.Scan


@dataclass(frozen=True)
class Opened:
    """A paper's content, or the picture of a page, and what it is saved as."""

    content: bytes
    media: str
    file_name: str
    digest: str


def look_at(content: bytes, name: str) -> Brought:
    """Before any transaction: it takes a moment. Raises Invalid, TooLarge, Unavailable."""
    if not content:
        raise errors.Invalid.of("file", N_("This file is empty."))
    if len(content) > papers.MOST:
        raise errors.TooLarge(N_("A paper has at most 20 MB: scan it in grey, or in parts."))
    try:
        return Brought(content, name, scans.examine(content))
    except scans.ScanRefused as refused:
        raise errors.Invalid.of("file", refused.message) from None
    except scans.ScansBusy:
        raise errors.Unavailable(scans.BUSY) from None


def of_matter(tx: Work, matter_id: UUID) -> list[Row]:
    """As far as the actor may know them; none for who reads less. Raises NotFound."""
    matter_rows.find(tx, matter_id)
    return rows.of_matter(tx, matter_id)


def paper(tx: Work, matter_id: UUID, paper_id: UUID) -> Row:
    """Raises NotFound."""
    matter_rows.find(tx, matter_id)
    found = rows.paper(tx, matter_id, paper_id)
    if found is None:
        raise errors.NotFound
    return found


def keeps_original(tx: Work, matter_id: UUID) -> bool:
    """Whether the actor keeps who reported and how: only they attach what shows it."""
    own = matter_rows.own_row(tx, Kind.PETITION, matter_id)
    return bool(own and own["keeps"])


def attach(
    tx: Work, matter_id: UUID, brought: Brought, *, title: str, original: bool = False
) -> UUID:
    """Whoever works on a matter may. `original`: it shows how a report was made, or by whom.

    Raises NotFound, Forbidden, Invalid, Unavailable where the disk is full.
    """
    refuse_readers(tx, matter_id)
    if original and not keeps_original(tx, matter_id):
        raise errors.Forbidden(N_("Only intake keeps what shows who reported, or how."))
    name = papers.file_name(brought.name, brought.scan.media)
    title = papers.title(title, name)
    if len(title) > papers.TITLE_LIMIT:
        raise errors.Invalid.of("title", N_("At most {limit} characters."), limit=200)
    rows.hold_shelf(tx)
    paper_id = rows.insert(
        tx, matter_id, title=title, file_name=name, media=brought.scan.media,
        size=len(brought.content), pages=brought.scan.pages, digest=_kept(tx, brought.content),
        original=original,
    )  # fmt: skip
    matter_rows.touch(tx, matter_id, event="paper_attached")
    return paper_id


def _kept(tx: Work, content: bytes) -> str:
    try:
        return tx.office.shelf.put(content)
    except OSError as error:
        if error.errno in _FULL:
            raise errors.Unavailable(N_("The disk is full. Nothing was changed.")) from None
        raise errors.Unavailable(
            N_("The folder of papers can't be written. Nothing was changed.")
        ) from None


def read(tx: Work, matter_id: UUID, paper_id: UUID, *, as_: Literal["picture", "file"]) -> Row:
    """Leads to its file; an event. Raises NotFound, Conflict."""
    paper(tx, matter_id, paper_id)
    walls.write_reading(tx, matter_id)
    return rows.read(tx, paper_id, as_=as_)


def opened(tx: Work, row: Row) -> Opened:
    """What `read` led to, after its transaction. Raises Unavailable where the file is lost."""
    try:
        content = tx.office.shelf.read(row["digest"])
    except PaperLost as lost:
        raise errors.Unavailable(_LOST) from lost
    return Opened(content, row["media"], row["file_name"], row["digest"])


def picture(found: Opened, page: int) -> bytes:
    """A JPEG of one page. Raises NotFound, Unavailable."""
    try:
        return scans.picture(found.content, page)
    except scans.ScanRefused:
        raise errors.NotFound from None
    except scans.ScansBusy:
        raise errors.Unavailable(scans.BUSY) from None


def heads(tx: Work, matter_id: UUID) -> bool:
    """Whether the actor heads a matter: they open what was attached to it by mistake."""
    return access.heads(tx, matter_id)


def mark(
    tx: Work, matter_id: UUID, paper_id: UUID, *, reason: str, seen_version: int | None = None
) -> None:
    """Say that it was attached by mistake, and why; a second person confirms it.

    Raises NotFound, Forbidden, Invalid, Conflict where somebody did before, Stale.
    """
    paper(tx, matter_id, paper_id)
    refuse_readers(tx, matter_id)
    reason = reason.strip()
    if not reason:
        raise errors.Invalid.of("reason", N_("Say why."))
    if len(reason) > papers.REASON_LIMIT:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=2000)
    rows.mark(tx, paper_id, reason=reason, day=tx.today)
    matter_rows.touch(tx, matter_id, event="paper_marked", seen_version=seen_version)


def decide(
    tx: Work, matter_id: UUID, paper_id: UUID, *, mistaken: bool, seen_version: int | None = None
) -> None:
    """Confirm that it was a mistake, or leave it as it was. Confirming takes a second person.

    Raises NotFound, Forbidden, Conflict, Stale.
    """
    paper(tx, matter_id, paper_id)
    refuse_readers(tx, matter_id)
    rows.decide(tx, paper_id, mistaken=mistaken, day=tx.today)
    event = "paper_withdrawn" if mistaken else "paper_stays"
    matter_rows.touch(tx, matter_id, event=event, seen_version=seen_version)


def released(tx: Work, release_id: UUID) -> list[Row]:
    """Scans of the original, while its wording is released to the actor."""
    return rows.released(tx, release_id)


def read_released(tx: Work, release_id: UUID, paper_id: UUID) -> Row:
    """Leads to its file; each reading is recorded. Raises NotFound, NotFresh."""
    tx.require_fresh()
    return rows.read_released(tx, release_id, paper_id)
