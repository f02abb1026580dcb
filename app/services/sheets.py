"""Papers to print."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.domain.masking import name as masked
from app.repositories import sheets
from app.repositories.work import Work
from app.services.matters import reads_less


def return_sheet(tx: Work, entry_id: UUID) -> Row:
    """A villager's receipt, the name masked for an auditor. Raises NotFound."""
    held = sheets.return_sheet(tx, entry_id)
    if reads_less(tx):
        return {**held, "beneficiary": masked(held["beneficiary"]), "address": None}
    return held
