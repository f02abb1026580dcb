"""Ledger doubts 台账疑点: listed until somebody explains or corrects them, which is recorded."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.repositories import doubts
from app.repositories.work import Work

TEXT_LIMIT = 2000


class Settlement(StrEnum):
    """How a doubt ended. `agrees_now` settles by itself, when the money on record agrees."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    AGREES_NOW = "agrees_now"


def list_doubts(
    tx: Work,
    *,
    rule: str | None = None,
    settled: bool = False,
    after: UUID | None = None,
    limit: int,
) -> list[Row]:
    """Those about matters that the reader may see."""
    return doubts.doubts(tx, rule=rule, settled=settled, after=after, limit=limit)


def open_by_rule(tx: Work) -> dict[str, int]:
    return {row["rule"]: row["open"] for row in doubts.counts(tx)}


def read_doubt(tx: Work, doubt_id: UUID) -> Row:
    """Raises NotFound."""
    found = doubts.doubt(tx, doubt_id)
    if found is None:
        raise errors.NotFound
    return found


def settle(
    tx: Work, doubt_id: UUID, *, settlement: Settlement, explanation: str, seen_version: int
) -> None:
    """Say why the row is right as it stands, or what was corrected. Totals no longer call it
    doubtful from that day. Raises NotFound, Invalid, Conflict, Stale."""
    row = read_doubt(tx, doubt_id)
    text = explanation.strip()
    if settlement is Settlement.AGREES_NOW:
        raise errors.Invalid.of("settlement", N_("Say whether it is explained or corrected."))
    if not text:
        raise errors.Invalid.of("explanation", N_("Write what explains or corrects it."))
    if len(text) > TEXT_LIMIT:
        raise errors.Invalid(errors.too_long("explanation", TEXT_LIMIT))
    if row["settled_on"] is not None:
        raise errors.Conflict(N_("This doubt is settled already."))
    if row["version"] != seen_version:
        raise errors.Stale
    if row["matter_id"] is None:
        raise errors.Conflict(N_("The matter that this is about is not on record yet."))
    doubts.settle(
        tx, doubt_id, version=seen_version, day=tx.today, settlement=settlement.value,
        explanation=text,
    )  # fmt: skip
