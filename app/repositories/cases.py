"""Cases, as far as they differ from other matters."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.models.cases import Case
from app.models.columns import table_of
from app.repositories.work import Work

_CASES = table_of(Case)


def insert_case(
    tx: Work,
    case_id: UUID,
    *,
    filed_on: date | None,
    filing_organ: str | None,
    brief: str | None,
    source_lead: bool,
) -> None:
    tx.insert(
        Case,
        id=case_id,
        filed_on=filed_on,
        party_filed_on=filed_on if filing_organ in ("party", "both") else None,
        supervisory_filed_on=filed_on if filing_organ in ("supervisory", "both") else None,
        filing_organ=filing_organ,
        brief=brief,
        source_lead=source_lead,
    )


def change_case(tx: Work, case_id: UUID, **columns: object) -> None:
    """Raises Stale where the case is not the actor's to change."""
    tx.change(update(_CASES).where(_CASES.c.id == case_id).values(**columns))


def open_to_adjudication(tx: Work, case_id: UUID) -> None:
    """From now on adjudication sees the case, its leads and its fund items."""
    tx.value("SELECT guard.open_to_adjudication(%(id)s)", {"id": case_id})
