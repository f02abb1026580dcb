"""Declaring an emergency read, and closing its review."""

from datetime import date, datetime
from uuid import UUID

from app.domain.kinds import Kind
from app.schemas.base import Answered, Code, Flag, Paragraphs, Sent, example


class EmergencyDeclare(Sent):
    model_config = example(
        kind="lead", number="YC2018-0541", reason="来电反映今晚转移账册，承办人联系不上。"
    )

    kind: Kind
    number: Code
    reason: Paragraphs


class EmergencyRead(Answered):
    """What the reader declared. It is open while it `lasts`; `justified` is null until the review
    is closed."""

    id: UUID
    number: str
    reason: str
    declared_at: datetime
    opens_until: datetime
    lasts: bool
    readings: int
    reviewer: str | None
    justified: bool | None
    reviewed_at: datetime | None


class EmergencyWaiting(Answered):
    """What waits for a review: `late` after `review_by`."""

    id: UUID
    matter_id: UUID
    number: str
    reader: str
    reason: str
    declared_at: datetime
    opens_until: datetime
    lasts: bool
    readings: int
    review_by: date
    late: bool


class EmergencyOnMatter(Answered):
    """What was declared on a matter, and what its review found."""

    id: UUID
    account_id: UUID
    reader: str
    reason: str
    declared_at: datetime
    opens_until: datetime
    lasts: bool
    readings: int
    review_by: date
    reviewer: str | None
    justified: bool | None
    review: str | None
    reviewed_at: datetime | None


class EmergencyReview(Sent):
    model_config = example(justified=True, review="情况属实，查阅范围与所述理由相符。")

    justified: Flag
    review: Paragraphs
