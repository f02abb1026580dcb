"""Study meetings: an agenda of matters, one decision on each, and minutes signed by two.

When the chair has signed, each matter is signed by itself, as if the chair had opened its request:
what one of them is refused for holds up no other.
"""

from app.services.meetings.agenda import decide, offered, pull, put_on
from app.services.meetings.drafting import (
    call_off,
    chairs,
    change,
    draft,
    office,
    people,
    records,
    usual,
)
from app.services.meetings.minutes import carry_out, record, send_back, sign
from app.services.meetings.reading import (
    Meeting,
    Place,
    listed,
    named,
    on_agenda,
    read,
    to_sign,
)

__all__ = [
    "Meeting",
    "Place",
    "call_off",
    "carry_out",
    "chairs",
    "change",
    "decide",
    "draft",
    "listed",
    "named",
    "offered",
    "office",
    "on_agenda",
    "people",
    "pull",
    "put_on",
    "read",
    "record",
    "records",
    "send_back",
    "sign",
    "to_sign",
    "usual",
]
