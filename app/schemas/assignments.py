"""Assigning several matters at once, with a result for each."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Answered, Code, Form, Paragraphs, Sent, Whole, example
from app.schemas.problems import Problem


class AssignedItem(Sent):
    """With `version`, it is refused where somebody changed the matter since."""

    matter_id: UUID
    version: Annotated[Whole, Field(ge=1, le=2_147_483_647)] | None = None


class Assign(Sent):
    """One step that names a department or a handler, for several matters: the step's own form, and
    one reason for all."""

    model_config = example(
        kind="lead",
        event="assign",
        form={"department": AN_ID, "no_conflict": True},
        reason="按职责分工分办。",
        items=[{"matter_id": AN_ID}],
    )

    kind: Literal["lead", "petition"]
    event: Code
    form: Form
    reason: Paragraphs
    items: Annotated[list[AssignedItem], Field(min_length=1, max_length=200)]


class AssignedRead(Answered):
    """`moved` took the step, `asked` asked for its signatures, `refused` says why in `problem`, as
    a single step would have been answered; `waiting` was not reached: send the same again. `there`
    took a leaver off the team on which whoever takes the matter is already. Without a matter where
    there is none of that id that the reader may see."""

    matter_id: UUID | None
    number: str | None
    outcome: Literal["moved", "asked", "there", "refused", "waiting"]
    problem: Problem | None = None


class AssignmentRead(Answered):
    """One sending, which can be read again for ninety days; of `any` kind where it handed over."""

    id: UUID
    kind: Literal["lead", "petition", "any"]
    event: str
    begun_at: datetime
    items: list[AssignedRead]
