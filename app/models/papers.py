"""Papers that are attached to matters."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, one_of, preset, ref, words


class MatterPaper(SQLModel, table=True):
    """A PDF or a picture; the file is named by `digest` in the data folder.

    Never deleted: it counts as attached by mistake once `withdrawn_by` confirmed what `marked_by`
    said. `original` ones show how a report was made, or by whom: they stay with who keeps that.
    """

    __tablename__ = "matter_paper"
    __table_args__ = (
        one_of("media", ["application/pdf", "image/jpeg", "image/png"]),
        CheckConstraint("size > 0 AND pages > 0", name="of_something"),
        CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="hashed"),
        CheckConstraint(
            "(marked_on IS NULL) = (marked_by IS NULL)"
            " AND (mark_reason IS NULL) = (marked_by IS NULL)",
            name="marked_whole",
        ),
        CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_by IS NULL OR marked_by IS NOT NULL)",
            name="withdrawn_whole",
        ),
        CheckConstraint("withdrawn_by <> marked_by", name="second_hand"),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    title: str = words()
    file_name: str = words()
    media: str = words()
    size: int
    pages: int
    digest: str = words(index=True)
    original: bool = preset(False)
    attached_by: UUID = ref("account.id", index=False)
    attached_on: date
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )
    marked_by: UUID | None = ref("account.id", index=False, nullable=True)
    marked_on: date | None = None
    mark_reason: str | None = words(nullable=True)
    withdrawn_by: UUID | None = ref("account.id", index=False, nullable=True)
    withdrawn_on: date | None = None
