"""What a request asks for, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.core.db import Row
from app.domain.correcting import CORRECT
from app.domain.errors import N_
from app.routers.pages import chains, corrected
from app.routers.pages.present import Reader
from app.services.matters import MatterFile


def sentence(reader: Reader, row: Row, file: MatterFile) -> str:
    """What is asked, by whom, what happens after the reader agrees, what can't be undone."""
    values = {
        "who": row["requested_by_name"] or reader.say(N_("The ledger")),
        "step": reader.step(row["kind"], row["event"]),
        "title": file.head["title"],
        "state": reader.state(row["kind"], row["to_state"]),
        "field": _field(reader, row, file),
    }
    correction = row["event"] == CORRECT
    asks = N_("{who} asks to correct {field}: {title}.")
    text = reader.say(asks if correction else N_("{who} asks for “{step}”: {title}."), **values)
    if row["status"] != "open":
        status = chains.status(reader, row, file.signatures)
        return reader.text(text, reader.say(N_("The request is {status}."), status=status))
    steps = chains.steps_of(row)
    later = [each for each in steps if each.position > row["next_position"]]
    if later:
        rest = chains.in_words(reader, later)
        return reader.text(text, reader.say(N_("After this signature: {rest}."), rest=rest))
    if correction:
        last = N_("With this signature it is corrected. A signature can’t be taken back.")
    else:
        last = N_("With this signature it becomes “{state}”. A signature can’t be taken back.")
    return reader.text(text, reader.say(last, **values))


def _field(reader: Reader, row: Row, file: MatterFile) -> str:
    form: Mapping[str, str] = row["form"] or {}
    whose = UUID(form["involvement"]) if form.get("involvement") else None
    return corrected.named(reader, file, form["field"], whose) if form.get("field") else ""
