"""What a schema found wrong, in sentences for people."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel

from app.core.i18n import AnyOf
from app.domain.errors import N_, FieldError, Invalid, Reason

MESSAGES: Mapping[str, str] = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("There is no such field."),
    "string_type": N_("This has to be a text."),
    "string_unicode": N_("This text has characters that no text has."),
    "string_too_short": N_("This is too short: at least {min_length} characters."),
    "string_too_long": N_("This is too long: at most {max_length} characters."),
    "string_pattern_mismatch": N_("This is empty, or has characters that don't belong here."),
    "int_type": N_("This has to be a whole number."),
    "int_parsing": N_("This has to be a whole number."),
    "int_parsing_size": N_("This number is too large."),
    "int_from_float": N_("This has to be a whole number."),
    "bool_type": N_("This has to be true or false."),
    "bool_parsing": N_("This has to be true or false."),
    "decimal_type": N_("This has to be an amount."),
    "decimal_parsing": N_("This has to be an amount."),
    "decimal_max_places": N_("At most {decimal_places} decimals: money is exact to the cent."),
    "decimal_max_digits": N_("This number is too large."),
    "decimal_whole_digits": N_("This number is too large."),
    "finite_number": N_("This has to be a number."),
    "greater_than": N_("This has to be more than {gt}."),
    "greater_than_equal": N_("This has to be at least {ge}."),
    "less_than": N_("This has to be less than {lt}."),
    "less_than_equal": N_("This can be at most {le}."),
    "enum": N_("This is none of the values that are known here: {expected}."),
    "literal_error": N_("This is none of the values that are known here: {expected}."),
    "union_tag_invalid": N_("This is none of the values that are known here: {expected_tags}."),
    "union_tag_not_found": N_("This is missing."),
    "uuid_type": N_("This has to be an id."),
    "uuid_parsing": N_("This has to be an id."),
    "date_type": N_("This has to be a day, such as 2018-03-05."),
    "date_parsing": N_("This has to be a day, such as 2018-03-05."),
    "date_from_datetime_parsing": N_("This has to be a day, such as 2018-03-05."),
    "date_from_datetime_inexact": N_("This has to be a day, such as 2018-03-05."),
    "datetime_type": N_("This has to be a moment, such as 2018-03-05T08:30:00Z."),
    "datetime_parsing": N_("This has to be a moment, such as 2018-03-05T08:30:00Z."),
    "list_type": N_("This has to be a list."),
    "too_long": N_("There are too many: at most {max_length}."),
    "too_short": N_("There are too few: at least {min_length}."),
    "dict_type": N_("This has to be a group of fields."),
    "model_type": N_("This has to be a group of fields."),
    "model_attributes_type": N_("This has to be a group of fields."),
    "none_required": N_("This has to be left out."),
}
_OTHERWISE = N_("This isn't acceptable here.")


_EXPECTED = re.compile(r"'[^']*'|\d+")
_OF_A_FEW = frozenset({"enum", "literal_error"})


def reason_of(detail: Mapping[str, Any], *, asked: bool = False) -> Reason:
    """The sentence for one of pydantic's findings. Holds limits, never what was sent. What an
    address `asked` for people read as well: no codes stand in it."""
    if asked and detail["type"] in _OF_A_FEW:
        return Reason(N_("Choose one of those listed."))
    context = dict(detail.get("ctx") or {})
    if detail["type"] == "plumbline":
        message = str(context.pop("message"))
        return Reason(message, {key: str(value) for key, value in context.items()})
    message = MESSAGES.get(detail["type"], _OTHERWISE)
    return Reason(
        message, {key: _told(key, each) for key, each in context.items() if key != "error"}
    )


def _told(key: str, value: object) -> str:
    """pydantic writes what it expected in English alone."""
    text = str(value)
    return AnyOf(_EXPECTED.findall(text)) if key in ("expected", "expected_tags") else text


@contextmanager
def fields_within(part: str, body: BaseModel) -> Iterator[None]:
    """What a step finds wrong with its own fields stands in one `part` of the body: it is
    named from there. Fields of the body itself are named as they are."""
    try:
        yield
    except Invalid as invalid:
        own = type(body).model_fields
        raise Invalid(
            *(
                each
                if each.field.partition(".")[0] in own
                else FieldError(f"{part}.{each.field}", each.reason)
                for each in invalid.errors
            )
        ) from None
