"""Papers of matters: their rows. The guard says where a file is, and writes that down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.models.papers import MatterPaper
from app.repositories.work import Work

# Who attaches shares it, who sweeps and who writes a backup exclude each other from it.
_LOCK = 8_270_496_610

_SHOWN = """
SELECT p.id, p.matter_id, p.title, p.file_name, p.media, p.size, p.pages, p.original,
       p.attached_on, p.recorded_at, a.name AS attached_by, p.attached_by AS attached_by_id,
       m.name AS marked_by, p.marked_by AS marked_by_id, p.marked_on, p.mark_reason,
       w.name AS withdrawn_by, p.withdrawn_on
  FROM matter_paper p JOIN account a ON a.id = p.attached_by
  LEFT JOIN account m ON m.id = p.marked_by LEFT JOIN account w ON w.id = p.withdrawn_by
"""


def of_matter(tx: Work, matter_id: UUID) -> list[Row]:
    """In the order in which they were attached."""
    return tx.rows(
        _SHOWN + " WHERE p.matter_id = %(id)s ORDER BY p.recorded_at, p.id", {"id": matter_id}
    )


def paper(tx: Work, matter_id: UUID, paper_id: UUID) -> Row | None:
    return tx.row(
        _SHOWN + " WHERE p.id = %(id)s AND p.matter_id = %(matter)s",
        {"id": paper_id, "matter": matter_id},
    )


def insert(
    tx: Work,
    matter_id: UUID,
    *,
    title: str,
    file_name: str,
    media: str,
    size: int,
    pages: int,
    digest: str,
    original: bool,
) -> UUID:
    paper_id = new_id()
    tx.insert(
        MatterPaper,
        id=paper_id,
        matter_id=matter_id,
        title=title,
        file_name=file_name,
        media=media,
        size=size,
        pages=pages,
        digest=digest,
        original=original,
        attached_by=tx.actor.account_id,
        attached_on=tx.today,
    )
    return paper_id


def read(tx: Work, paper_id: UUID, *, as_: Literal["picture", "file"]) -> Row:
    """Its hash and what it is; the reading is an event. Raises NotFound, Conflict."""
    row = tx.row("SELECT * FROM guard.read_paper(%(id)s, %(as)s)", {"id": paper_id, "as": as_})
    if row is None:
        raise RuntimeError("the guard lets nothing through without a row")
    return row


def has_opened(tx: Work, paper_id: UUID, since: datetime) -> bool:
    """Whether the actor has opened it since then: as a file, or a page of it as a picture."""
    return bool(
        tx.value("SELECT guard.has_opened(%(id)s, %(since)s)", {"id": paper_id, "since": since})
    )


def mark(tx: Work, paper_id: UUID, *, reason: str, day: date) -> None:
    """Raises NotFound, Conflict where somebody did before."""
    tx.value(
        "SELECT guard.mark_paper(%(id)s, %(reason)s, %(day)s)",
        {"id": paper_id, "reason": reason, "day": day},
    )


def decide(tx: Work, paper_id: UUID, *, mistaken: bool, day: date) -> None:
    """Raises NotFound, Conflict where nothing waits or the same hand confirms."""
    tx.value(
        "SELECT guard.decide_paper(%(id)s, %(mistaken)s, %(day)s)",
        {"id": paper_id, "mistaken": mistaken, "day": day},
    )


def released(tx: Work, release_id: UUID) -> list[Row]:
    """Papers that show the original wording, while it is released to the actor."""
    return tx.rows("SELECT * FROM guard.released_papers(%(id)s)", {"id": release_id})


def read_released(tx: Work, release_id: UUID, paper_id: UUID) -> Row:
    """The reading is an event. Raises NotFound, NotFresh."""
    row = tx.row(
        "SELECT * FROM guard.read_released_paper(%(release)s, %(paper)s)",
        {"release": release_id, "paper": paper_id},
    )
    if row is None:
        raise RuntimeError("the guard lets nothing through without a row")
    return row


def hold_shelf(tx: Work) -> None:
    """Until the end of this transaction nothing is swept from the shelf."""
    tx.value("SELECT pg_advisory_xact_lock_shared(%(lock)s)", {"lock": _LOCK})


def take_shelf(tx: Work) -> bool:
    """Whether nobody is attaching anything, and nobody can until this transaction ends."""
    return bool(tx.value("SELECT pg_try_advisory_xact_lock(%(lock)s)", {"lock": _LOCK}))


def unkept(tx: Work, digests: Sequence[str]) -> list[str]:
    """Which of these no paper has. For the operator."""
    return [
        row["digest"]
        for row in tx.rows(
            "SELECT d AS digest FROM guard.unkept(%(digests)s) d", {"digests": list(digests)}
        )
    ]


def digests(tx: Work) -> set[str]:
    """Every hash that a paper has; for the owner, who sees past row security."""
    return {row["digest"] for row in tx.rows("SELECT DISTINCT digest FROM matter_paper")}
