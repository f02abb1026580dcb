"""Standing in for somebody."""

from datetime import date
from uuid import UUID

from app.schemas.base import Answered, Code, Day, Paragraphs, Sent, example


class Delegate(Sent):
    """From `begins_on` (today without one) to `last_day`, inclusive."""

    model_config = example(login="zhouhaiyan", reason="年休假。", last_day="2099-12-31")

    login: Code
    reason: Paragraphs
    begins_on: Day | None = None
    last_day: Day


class DelegationRead(Answered):
    """`given` where the reader is away, else they stand in. `ends_on` is exclusive."""

    id: UUID
    from_id: UUID
    from_name: str
    to_id: UUID
    to_name: str
    reason: str
    begins_on: date
    ends_on: date
    given: bool
