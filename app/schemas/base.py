"""What every schema shares: nothing unknown is taken, and no text is endless."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Generic, NoReturn, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from app.domain.days import EARLIEST, TOO_LONG_AGO
from app.domain.errors import N_

# Something to read in one line: no control characters, not only spaces.
ONE_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
# Several lines; NUL is nowhere a character.
LINES = r"^[^\x00]*[^\s\x00][^\x00]*$"

OneLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=ONE_LINE)
]
Paragraphs = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=LINES)
]
# What a step asks for, by the names of its fields; the step itself says what is acceptable.
Form = dict[Annotated[str, StringConstraints(min_length=1, max_length=64)], Any]
Amount = Annotated[str, Field(pattern=r"^\d{1,16}(\.\d{1,2})?$", examples=["16800.00"])]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00]*$")]

Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_out(value: Any) -> Any:
    """Not a number, which would be taken for seconds, nor a moment that happens to be midnight."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise PydanticKnownError("date_type")


def _of_our_time(day: date) -> date:
    if day < EARLIEST:
        refuse(TOO_LONG_AGO)
    return day


Day = Annotated[date, BeforeValidator(_written_out), AfterValidator(_of_our_time)]


# An id in the examples of the specification.
AN_ID = "01920000-0000-7000-8000-000000000001"


def example(**fields: Any) -> ConfigDict:
    """What a body looks like, for the specification; a test sends it."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Sent(BaseModel):
    """What comes in. An unknown field is refused, so that a mistyped one isn't lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answered(BaseModel):
    """What goes out: made from a row, of which only the fields named here leave."""

    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True)


T = TypeVar("T")


class Listing(Answered, Generic[T]):
    """A part of a list. `next` is the cursor of the part that follows, null at the end."""

    items: list[T]
    next: str | None = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """What programs call it: `UnitReadListing`."""
        return f"{params[0].__name__}Listing"


def refuse(message: str, **values: Any) -> NoReturn:
    """For validators: a reason marked with `N_`, translated where it is shown."""
    raise PydanticCustomError("plumbline", message, {**values, "message": message})


def unchanged(preset: Callable[[], Any], **more: Any) -> Any:
    """A field of a change that may be left out but never be null; `preset` is never used."""
    return Field(default_factory=preset, **more)


class Change(Sent):
    """A change of some fields: those that aren't sent stay as they are."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            refuse(N_("Say what to change."))
        return self

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)
