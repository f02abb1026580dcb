"""The smallest parts of a profile: words in every language, and the fields of a step's form."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Row(BaseModel):
    """A table of the profile: nothing unknown is taken, nothing is changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _filled(words: str) -> str:
    if not words.strip():
        raise ValueError("a label is missing")
    return words


Words = Annotated[str, AfterValidator(_filled)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Text(Row):
    """The same words in every language of the product."""

    en: Words
    zh_CN: Words  # noqa: N815 - the locale's own name

    def words(self, locale: str) -> str:
        return self.zh_CN if locale.startswith("zh") else self.en


class FieldType(StrEnum):
    LINE = "line"
    TEXT = "text"
    DAY = "day"  # a day that has come
    DATE = "date"  # today, or a day yet to come
    NUMBER = "number"
    YES = "yes"  # has to be ticked
    BOOL = "bool"
    CHOICE = "choice"
    CHOICES = "choices"
    DEPARTMENT = "department"
    ACCOUNT = "account"
    ACCOUNTS = "accounts"
    MATTER = "matter"
    NAMES = "names"
    OUTCOMES = "outcomes"  # rows of subject and measure, several a subject
    SPLITS = "splits"  # rows of destination and amount
    CHILDREN = "children"  # rows of title and subjects
    CLOCK = "clock"  # one of the matter's running limits


class Option(Row):
    value: str
    label: Text


class FormField(Row):
    """One field of a step's form. `when` is `other=value`: asked for only then.

    `options_from` takes the options from the profile's reviews, or the running limits.
    """

    name: Name
    type: FieldType
    label: Text
    hint: Text | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    options_from: Literal["reviews"] | None = None
    least: int | None = None
    most: int | None = None
    when: str | None = None


class Form(Row):
    fields: tuple[FormField, ...] = ()


class Sitting(Form):
    """What a committee's secretary records; `present_least` is its quorum."""

    present_least: int = Field(ge=1)


class Study(Form):
    """What is recorded of a study meeting; so many have to be present to decide on a matter, the
    chair among them and whoever leaves for it not."""

    present_least: int = Field(default=2, ge=2)
