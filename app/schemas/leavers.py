"""The hand-over list: what ended accounts left behind, and giving it to somebody else."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Answered, Paragraphs, Sent, example


class LeftOverRead(Answered):
    """Handed over here where it is `movable`: a place on a team, or a request, which gets somebody
    who is told of it and may take it back. Custody, a release and what they were let see end, or
    are settled on their own. Of an import of theirs that isn't finished the `family` is
    told, and no matter."""

    account_id: UUID
    name: str
    unit_name: str | None
    matter_id: UUID | None
    number: str | None
    what: Literal["handler", "member", "request", "custody", "release", "grant", "logged", "import"]
    family: str | None
    since: date
    movable: bool


class LeftItem(Sent):
    matter_id: UUID
    account_id: UUID


class HandOn(Sent):
    """Several at once, each on its own: one that is refused leaves the others done."""

    model_config = example(
        items=[{"matter_id": AN_ID, "account_id": AN_ID}],
        to_account=AN_ID,
        reason="原承办人调离。",
    )

    items: Annotated[list[LeftItem], Field(min_length=1, max_length=200)]
    to_account: UUID
    reason: Paragraphs


class HandedOn(Answered):
    """What became of one item; `refused` says why not, in the reader's words."""

    matter_id: UUID
    account_id: UUID
    done: bool
    refused: str | None


class HoldingRead(Answered):
    """Passed on here where it is `movable`; the rest takes its own road, or ends. `signing` is a
    request that waits for their own signature by name."""

    matter_id: UUID
    number: str
    what: Literal[
        "handler", "member", "request", "signing", "custody", "release", "grant", "logged"
    ]
    since: date
    movable: bool


class PassOn(Sent):
    """Matters on whose teams they are; each on its own: one that is refused leaves the others
    done."""

    model_config = example(items=[AN_ID], to_account=AN_ID, reason="工作调动，移交承办。")

    items: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    to_account: UUID
    reason: Paragraphs
