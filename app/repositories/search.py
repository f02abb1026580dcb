"""Search over all matters: which ones, newest first, and what of them agrees.

Whoever has a handful of matters is answered from these. Others are answered from the newest
matters of their districts, where a common word is found at once; and what isn't common is looked
up in the indexes of words. Each of these functions asks the policy itself: ADR 0013.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind
from app.domain.search import Question
from app.repositories.work import Work

WALK = 4000  # newest matters that are looked through before an index is asked
UNITS = 200  # that one search looks into
_LAST = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Found:
    """`near` says that only a name one character off was found."""

    near: bool
    opened_on: date
    id: UUID


@dataclass(frozen=True)
class Asked:
    """A question with what it means here: the units and organisations of that name."""

    question: Question
    kind: Kind | None
    units: list[UUID]
    organisations: list[UUID]

    def values(self, after: Found | None, limit: int) -> dict[str, object]:
        """The parameters of every statement below."""
        return {
            "patterns": self.question.patterns,
            "pairs": self.question.pairs,
            "long": self.question.long,
            "units": self.units,
            "organisations": self.organisations,
            "keys": sorted(self.question.name.exact),
            "near": sorted(self.question.name.near),
            "kind": self.kind.value if self.kind else None,
            "on": after.opened_on if after else date.max,
            "id": after.id if after else _LAST,
            "most": limit,
            "walk": WALK,
        }


def asked(tx: Work, question: Question, kind: Kind | None) -> Asked:
    patterns = {"patterns": question.patterns, "limit": UNITS}
    units = tx.rows(
        "SELECT u.id FROM unit u WHERE guard.folded(u.name) LIKE ALL (%(patterns)s)"
        " UNION"
        " SELECT u.id FROM unit p JOIN unit u ON u.parent_id = p.id"
        "  WHERE p.kind IN ('township', 'subdistrict')"
        "    AND guard.folded(p.name) LIKE ALL (%(patterns)s) LIMIT %(limit)s",
        patterns,
    )
    organisations = tx.rows(
        "SELECT o.id FROM organisation o WHERE guard.folded(o.name) LIKE ALL (%(patterns)s)"
        " LIMIT %(limit)s",
        patterns,
    )
    return Asked(question, kind, [row["id"] for row in units], [row["id"] for row in organisations])


_PLACE = "%(kind)s, %(on)s, %(id)s, %(most)s"
_NEWEST = f"SELECT * FROM guard.search_newest(%(walk)s, %(patterns)s, %(units)s, {_PLACE})"
_WORDS = f"SELECT * FROM guard.search_words(%(patterns)s, %(pairs)s, %(long)s, %(units)s, {_PLACE})"
_NAMES = f"""
SELECT * FROM guard.search_names(%(keys)s, %(organisations)s, {_PLACE})
UNION
SELECT * FROM guard.search_notes(%(patterns)s, %(pairs)s, {_PLACE})
"""
_AMONG = f"""
SELECT * FROM guard.search_among(
  %(among)s, %(patterns)s, %(units)s, %(keys)s, %(organisations)s, {_PLACE})
"""
_NEAR = f"SELECT * FROM guard.search_names(%(near)s, '{{}}', {_PLACE})"
_NEAR_AMONG = (
    f"SELECT * FROM guard.search_among(%(among)s, NULL, '{{}}', %(near)s, '{{}}', {_PLACE})"
)
_EXACTLY = """
SELECT e AS id FROM guard.searched_exactly(
  %(found)s, %(patterns)s, %(units)s, %(keys)s, %(organisations)s) e
"""


def exact(
    tx: Work, wanted: Asked, among: list[UUID] | None, *, after: Found | None, limit: int
) -> list[Found]:
    """Up to `limit` by number, title, unit, name or note, newest first."""
    values = wanted.values(after, limit)
    if among is not None:
        return _found(tx.rows(_AMONG, {**values, "among": among}), near=False)
    newest = _found(tx.rows(_NEWEST, values), near=False)
    if len(newest) < limit:
        newest = _found(tx.rows(_WORDS, values), near=False)
    named = _found(tx.rows(_NAMES, values), near=False)
    return _newest({*newest, *named})[:limit]


def near(
    tx: Work, wanted: Asked, among: list[UUID] | None, *, after: Found | None, limit: int
) -> list[Found]:
    """Up to `limit` in which somebody's name is one character off, without the exact ones."""
    found: list[Found] = []
    while len(found) < limit:
        values = wanted.values(after, limit)
        if among is None:
            part = _found(tx.rows(_NEAR, values), near=True)
        else:
            part = _found(tx.rows(_NEAR_AMONG, {**values, "among": among}), near=True)
        known = tx.rows(_EXACTLY, {**values, "found": [each.id for each in part]})
        besides = {row["id"] for row in known}
        found += [each for each in part if each.id not in besides]
        if len(part) < limit:
            break
        after = part[-1]
    return found[:limit]


def _found(rows: list[Row], *, near: bool) -> list[Found]:
    return [Found(near, row["opened_on"], row["matter_id"]) for row in rows]


def _newest(found: set[Found]) -> list[Found]:
    return sorted(found, key=lambda each: (each.opened_on, each.id), reverse=True)


def said(tx: Work, matters: list[UUID]) -> dict[UUID, Row]:
    """Whom and what a reader may search in these matters: people, organisations and notes."""
    rows = tx.rows(
        """
        SELECT m.id,
               ARRAY(SELECT p.name FROM involvement i JOIN person p ON p.id = i.person_id
                      WHERE i.matter_id = m.id AND i.ended_on IS NULL
                      ORDER BY i.code, i.id) AS people,
               ARRAY(SELECT o.name FROM involvement i JOIN organisation o
                         ON o.id = i.organisation_id
                      WHERE i.matter_id = m.id AND i.ended_on IS NULL
                      ORDER BY i.code, i.id) AS organisations,
               ARRAY(SELECT n.text FROM note n WHERE n.matter_id = m.id) AS notes
          FROM matter m WHERE m.id = ANY (%(ids)s)
        """,
        {"ids": matters},
    )
    return {row["id"]: row for row in rows}
