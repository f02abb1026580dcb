"""What a feed of changes is asked and says."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from app.domain.changes import Change
from app.domain.kinds import Kind
from app.schemas.base import Answered


class ChangesQuery(BaseModel):
    """Where to go on."""

    after: str | None = Field(
        default=None,
        min_length=1,
        max_length=400,
        description="`next` of the answer before; leave out to learn where to begin",
    )
    limit: int = Field(default=100, ge=1, le=500, description="Items at most")


class ChangeRead(Answered):
    """That something happened on a matter in one transaction; never what. Read the matter."""

    matter_id: UUID
    kind: Kind
    number: str = Field(examples=["YC2018-0001"])
    events: list[Change] = Field(min_length=1, examples=[[Change.STEP]])
    at: AwareDatetime = Field(description="When its transaction began")


class ChangesRead(Answered):
    """`next` is there always, and where to go on from; ask again at once where there is `more`."""

    items: list[ChangeRead]
    next: str
    more: bool
    lag_seconds: int | None = Field(
        description="How long the oldest unfinished transaction has held back what came after it;"
        " null where it is another program's"
    )
