"""Rows of matters as the API's schemas; one place, so that every route gives the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core import i18n
from app.core.db import Row
from app.domain.errors import Reason
from app.domain.workflow.plans import Action
from app.schemas.matters import (
    ActionRead,
    ClockRead,
    EventRead,
    LinkRead,
    MatterRead,
    MatterRow,
    MemberRead,
    NoteRead,
    OutcomeRead,
    SubjectRead,
    TaskRead,
)
from app.schemas.requests import RequestRead, SignatureRead, StepRead
from app.services.matters import MatterFile


def matter_row(row: Row) -> MatterRow:
    return MatterRow(
        **{key: row[key] for key in ("id", "kind", "number", "title", "state", "stage")},
        unit=f"{row['parent_unit_name'] or ''}{row['unit_name']}",
        opened_on=row["opened_on"],
        due_on=row["due_on"],
        closed_on=row["closed_on"],
        holder=row["holder_name"],
        subjects=[name for name in row["subject_names"] or () if name],
        waits_for=row["waiting_role"],
        alleged=not row["effective"],
        doubtful=row["doubtful"],
        version=row["version"],
    )


def step(row: Mapping[str, Any], locale: str) -> StepRead:
    why = row["why"]
    return StepRead(
        position=row["position"],
        act=row["act"],
        role=row["role"],
        path=row["path"],
        why=i18n.translate(locale, why["message"], why.get("values") or {}),
    )


def request(row: Row, signatures: list[Row], locale: str) -> RequestRead:
    return RequestRead.model_validate(
        {
            **row,
            "chain": [step(each, locale) for each in row["chain"]],
            "signatures": [
                SignatureRead.model_validate(each)
                for each in signatures
                if each["request_id"] == row["id"]
            ],
        }
    )


def matter(file: MatterFile, locale: str) -> MatterRead:
    head = file.head
    hidden = {"id", "keeps", "splits"} if file.masked else {"id", "keeps"}
    return MatterRead(
        **{key: head[key] for key in ("id", "kind", "number", "title", "state", "stage")},
        unit_id=head["unit_id"],
        unit=head["unit_name"],
        assigned_unit_id=head["assigned_unit_id"],
        assigned=head["assigned_name"],
        classification=head["classification"],
        source=head["source"],
        responsible_leader=head["responsible_leader"],
        campaign=head["campaign_name"],
        opened_on=head["opened_on"],
        due_on=head["due_on"],
        closed_on=head["closed_on"],
        alleged=not head["effective"],
        masked=file.masked,
        imported=head["import_batch_id"] is not None,
        particulars={key: value for key, value in file.own.items() if key not in hidden},
        team=[MemberRead.model_validate(row) for row in file.team],
        people=[_subject(row, masked=file.masked) for row in file.people],
        outcomes=[OutcomeRead.model_validate(row) for row in file.outcomes],
        tasks=[TaskRead.model_validate(row) for row in file.tasks],
        requests=[request(row, file.signatures, locale) for row in file.requests],
        clocks=[ClockRead.model_validate(row) for row in file.clocks],
        links=[LinkRead.model_validate(row) for row in file.links],
        notes=[NoteRead.model_validate(row) for row in file.notes],
        version=head["version"],
    )


def _subject(row: Row, *, masked: bool) -> SubjectRead:
    """Masked without ids of the register: they tell who is the same, and since when known."""
    ids = {"person_id": None, "organisation_id": None} if masked else {}
    return SubjectRead.model_validate({**row, **ids})


def event(row: Row) -> EventRead:
    return EventRead.model_validate(row)


def action(each: Action, locale: str) -> ActionRead:
    def words(reason: Reason) -> str:
        return i18n.translate(locale, reason.message, reason.values)

    return ActionRead(
        event=each.event,
        label=each.label.words(locale),
        to_state=each.to_state,
        allowed=each.allowed,
        reasons=[words(reason) for reason in each.reasons],
        needs_signatures=not each.alone,
        chain=[step(place.as_json(), locale) for place in each.chain],
        fields=[field.model_dump(mode="json", exclude_none=True) for field in each.fields],
    )
