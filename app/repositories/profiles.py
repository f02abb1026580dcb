"""Profiles as the database keeps them: each matter names the version that it began under."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind
from app.repositories.work import Work


def stored(tx: Work, profile_id: UUID) -> Row | None:
    return tx.row(
        "SELECT id, name, version, hash, content FROM profile_version WHERE id = %(id)s",
        {"id": profile_id},
    )


def newest(tx: Work) -> UUID | None:
    """The version of the installation's profile that new matters begin under."""
    if tx.profile_id is None:
        tx.profile_id = tx.value(
            "SELECT p.id FROM profile_version p JOIN installation i ON i.profile_name = p.name"
            " ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1"
        )
    return tx.profile_id


def has_state(tx: Work, kind: Kind | None, state: str) -> bool:
    """Whether any version that is stored has it, for matters of a kind or of any."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM profile_version p, jsonb_each(p.content -> 'machines') k"
            " WHERE k.key = coalesce(%(kind)s, k.key) AND k.value -> 'states' ? %(state)s)",
            {"kind": kind, "state": state},
        )
    )
