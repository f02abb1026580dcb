"""What of a petition is sealed, on its page: what was asked for, decided and is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.db import Row
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.repositories.work import Work
from app.routers.pages.present import Reader, matter_href
from app.services import releases, reporters
from app.services.matters import MatterFile
from app.services.reporters import Duty

ASKED: Mapping[tuple[bool, bool], str] = {
    (True, False): N_("the reporter’s name and contact"),
    (False, True): N_("the original wording"),
    (True, True): N_("the reporter’s name and contact, and the original wording"),
}


@dataclass(frozen=True)
class Line:
    """One request, as it stands. The addresses are empty where the reader can't do it."""

    text: str
    reason: str
    decide: str = ""
    read: str = ""
    end: str = ""


@dataclass(frozen=True)
class Sealed:
    """`duties` say what is owed to the reporter, or done. `ask` is where to ask; empty for who
    keeps the seal, or asked already."""

    lines: Sequence[Line]
    duties: Sequence[str]
    ask: str


def section(tx: Work, reader: Reader, file: MatterFile) -> Sealed | None:
    """None where nothing was asked for and the reader has nothing to ask for."""
    if file.masked:
        return None
    if file.kind is not Kind.PETITION:
        return _behind(tx, reader, file)
    rows = releases.of_petition(tx, file.head["id"])
    me = tx.actor.account_id
    waits = any(row["requested_by"] == me and row["approved"] is None for row in rows)
    asks = not (file.own.get("keeps") or waits or file.only_read)
    ask = f"{matter_href(file.head['id'])}/release" if asks else ""
    lines = [line(reader, row, mine=row["requested_by"] == me) for row in rows]
    duties = [duty(reader, each) for each in reporters.of_petition(tx, file)]
    return Sealed(lines, duties, ask) if lines or duties or ask else None


def _behind(tx: Work, reader: Reader, file: MatterFile) -> Sealed | None:
    """On a lead or a case: what its handler asked for of the petitions from which it came."""
    if file.kind not in (Kind.LEAD, Kind.CASE):
        return None
    me = tx.actor.account_id
    if not any(member["account_id"] == me for member in file.team):
        return None
    found = releases.behind(tx, file.head["id"])
    if not found:
        return None
    rows = [
        row
        for each in found
        for row in releases.of_petition(tx, each["petition_id"])
        if row["requested_by"] == me
    ]
    waits = {row["petition_id"] for row in rows if row["approved"] is None}
    asks = any(each["petition_id"] not in waits for each in found)
    ask = f"{matter_href(file.head['id'])}/release" if asks else ""
    return Sealed([line(reader, row, mine=True) for row in rows], (), ask)


def duty(reader: Reader, each: Duty) -> str:
    """That it is owed or done; neither to whom nor how."""
    label = reader.clock(Kind.PETITION, each.rule)
    if each.told_on is None:
        return reader.say(N_("{duty}: owed by {day}."), duty=label, day=reader.written(each.due_on))
    return reader.say(N_("{duty}: done on {day}."), duty=label, day=reader.written(each.told_on))


def line(reader: Reader, row: Row, *, mine: bool) -> Line:
    here = f"{matter_href(row['petition_id'])}/releases/{row['id']}"
    return Line(
        text=said(reader, row),
        reason=row["decision"] or row["reason"],
        decide=here if row["decidable"] else "",
        read=f"{here}/read" if row["readable"] else "",
        end=f"{here}/end" if row["lasts"] and mine else "",
    )


def said(reader: Reader, row: Row) -> str:
    """What was asked, and what became of it."""
    what = reader.say(ASKED[row["reporter"], row["wording"]])
    asked = reader.say(N_("{who} asked for {what}."), who=row["requester"], what=what)
    return reader.text(asked, _became(reader, row))


def _became(reader: Reader, row: Row) -> str:
    if row["approved"] is None:
        return reader.say(N_("It waits for a decision."))
    by = row["decider"]
    if not row["approved"]:
        return reader.say(N_("{by} refused it."), by=by)
    read = reader.count(N_("read {count} time"), N_("read {count} times"), row["readings"])
    if row["ended_at"] is not None:
        return reader.say(N_("{by} released it; it was ended, {read}."), by=by, read=read)
    last = reader.written(row["last_day"])
    if not row["lasts"]:
        return reader.say(N_("{by} released it until {last}, {read}."), by=by, last=last, read=read)
    return reader.say(
        N_("{by} released it; open until {last}, {read}."), by=by, last=last, read=read
    )
