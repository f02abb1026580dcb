"""The minutes of a study meeting, of which each reader prints what they may see."""

from __future__ import annotations

from uuid import UUID

from app.domain.errors import N_
from app.repositories.work import Work
from app.routers.pages import met, printed
from app.routers.pages.present import Reader
from app.routers.pages.printed import Sheet
from app.routers.templating import Frame
from app.services import meetings
from app.services.prints import Names


def minutes(tx: Work, reader: Reader, frame: Frame, meeting_id: UUID, *, whole: bool) -> Sheet:
    it = meetings.read(tx, meeting_id)
    names = Names(meetings.named(tx, it), shown=whole)
    day = it.head["held_on"].isoformat()
    content = printed.paper(
        frame, reader, title=met.minutes_title(reader, it.head), source=day,
        classification=max((place.row["classification"] for place in it.places), default=0),
    )  # fmt: skip
    facts = [(each.label, reader.joined([each.main, *each.more])) for each in met.facts(reader, it)]
    rows = [met.cells(reader, it, place) for place in it.places]
    content["sections"] = [
        printed.facts("", facts),
        printed.tabular(
            reader.say(N_("What the meeting decided")),
            printed.table(reader, names, met.columns(reader), rows),
        ),
        printed.boxes("", met.boxes(reader, it)),
    ]
    return Sheet("document", content, f"minutes-{day}")
