"""Every version of a field of a matter, as far as its reader may know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.core.db import Row
from app.domain import correcting, errors
from app.domain.correcting import Correction, Version
from app.repositories import corrections, matters
from app.repositories.work import Work
from app.services import matters as files
from app.services.corrections import Open, field_at


@dataclass(frozen=True, kw_only=True)
class Versions:
    """A field with all that it ever said, the oldest first."""

    head: Row
    at: Open
    versions: tuple[Version, ...]
    masked: bool


def every_version(
    tx: Work, matter_id: UUID, field: str, involvement_id: UUID | None = None
) -> Versions:
    """Raises NotFound, also for words that the reader does not get. To a reader of less, each
    version but the present one says when and by whom alone."""
    head = matters.matter(tx, matter_id)
    masked = files.reads_less(tx)
    signed = bool(corrections.held_signatures(tx, matter_id))
    at = field_at(tx, head, field, involvement_id, signed=signed)
    if at is None or (masked and at.field.wording):
        raise errors.NotFound
    if masked:
        return Versions(head=head, at=replace(at, person=""), masked=True,
                        versions=_dated(tx, head, at))  # fmt: skip
    made = [
        Correction(
            old=row["old"], new=row["new"], reason=row["reason"], made_on=row["made_on"],
            made_by=row["made_by"], request_id=row["request_id"],
        )
        for row in reversed(corrections.of_matter(tx, matter_id))
        if (row["field"], row["involvement_id"]) == (field, involvement_id)
    ]  # fmt: skip
    found = correcting.versions(
        at.value, made, since=head["opened_on"], by=head["made_by_name"] or ""
    )
    return Versions(head=head, at=at, versions=found, masked=False)


def _dated(tx: Work, head: Row, at: Open) -> tuple[Version, ...]:
    """When something was corrected, and who did it or asked for it, as the history tells everybody:
    not of whom."""
    dated = [(head["opened_on"], head["made_by_name"] or "")]
    asked = ""
    for row in reversed(matters.history(tx, head["id"])):
        form = row["form"] or {}
        if form.get("field") != at.field.name:
            continue
        if row["event"] == "requested":
            asked = row["actor_name"] or ""
        elif row["event"] == "corrected":
            by = asked if form.get("request") else row["actor_name"] or ""
            dated.append((row["happened_on"], by))
    return tuple(
        Version(
            number=n, value=at.value if n == len(dated) else None, since=day, by=by,
            known=n == len(dated),
        )
        for n, (day, by) in enumerate(dated, start=1)
    )  # fmt: skip


def since(rows: Sequence[Row], request: Row) -> list[Row]:
    """Of a matter's corrections, those made after a request was asked, the oldest first."""
    return [row for row in reversed(rows) if row["recorded_at"] > request["recorded_at"]]
