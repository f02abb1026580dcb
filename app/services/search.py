"""Search over numbers, titles, names, units and notes, as far as the reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind
from app.domain.search import Question, Reason, Searched, reasons
from app.repositories import search as found_by
from app.repositories import worklist
from app.repositories.search import Found
from app.repositories.work import Work
from app.services import worklists

__all__ = ["LONGEST", "MATCHING", "Found", "Hit", "matching", "search"]

LONGEST = 100  # characters of what is looked for
MATCHING = 1000  # matters in which a filter of a list finds its words


@dataclass(frozen=True)
class Hit:
    """A matter as lists show it, why it was found, and where the list goes on after it."""

    row: Row
    why: list[Reason]
    place: Found


def search(
    tx: Work, text: str, *, kind: Kind | None = None, after: Found | None = None, limit: int = 50
) -> list[Hit]:
    """Up to `limit` + 1 rows: what was asked for newest first, then names one character off."""
    question = Question.of(text.replace("\x00", "")[:LONGEST])
    if not question.words:
        return []
    wanted = found_by.asked(tx, question, kind)
    among = worklist.handful(tx)
    found: list[Found] = []
    if after is None or not after.near:
        found = found_by.exact(tx, wanted, among, after=after, limit=limit + 1)
        after = None
    if len(found) <= limit and question.name.near:
        more = limit + 1 - len(found)
        found += found_by.near(tx, wanted, among, after=after, limit=more)
    return _hits(tx, question, found)


def matching(tx: Work, text: str, kind: Kind) -> tuple[UUID, ...]:
    """The newest matters of a kind that say just this, for a list that is filtered by it: at most
    MATCHING, and the list has to say so when there are as many."""
    question = Question.of(text[:LONGEST])
    if not question.words:
        return ()
    wanted = found_by.asked(tx, question, kind)
    among = worklist.handful(tx)
    found = found_by.exact(tx, wanted, among, after=None, limit=MATCHING)
    return tuple(each.id for each in found)


def _hits(tx: Work, question: Question, found: list[Found]) -> list[Hit]:
    ids = [each.id for each in found]
    rows = {row["id"]: row for row in worklists.rows(tx, ids)}
    said = found_by.said(tx, ids)
    return [
        Hit(rows[each.id], reasons(question, _searched(rows[each.id], said[each.id])), each)
        for each in found
        if each.id in rows
    ]


def _searched(row: Row, said: Row) -> Searched:
    units = [name for name in (row["unit_name"], row["parent_unit_name"]) if name]
    return Searched(
        number=row["number"],
        title=row["title"],
        units=units,
        people=said["people"],
        organisations=said["organisations"],
        notes=said["notes"],
    )
