"""What a search is asked and gives."""

from pydantic import BaseModel, Field

from app.domain.kinds import Kind
from app.domain.name_keys import Way
from app.domain.search import By
from app.schemas.base import Answered, OneLine
from app.schemas.matters import MatterRow


class SearchQuery(BaseModel):
    """What is looked for."""

    q: OneLine = Field(
        max_length=100,
        description=(
            "A number, words of a title or note, a unit, or a name: whole, one character off, its"
            " pinyin or its initials. Several words are all wanted in one place."
        ),
        examples=["梁启元"],
    )
    kind: Kind | None = None


class WhyRead(Answered):
    """Why something was found: `said` in the reader's language."""

    by: By = Field(examples=[By.PERSON])
    name: str | None = Field(description="Whose name agrees", examples=["梁启元"])
    way: Way | None = Field(
        description="How a person's name agrees: `one_off` is one character off",
        examples=[Way.WHOLE],
    )
    said: str = Field(examples=["姓名：梁启元"])


class FoundRow(MatterRow):
    """A matter that a search found, and why."""

    why: list[WhyRead]
