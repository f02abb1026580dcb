"""A matter's sheet, and a request with its signature boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from app.core import i18n
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller
from app.routers.pages import chains, evidence, history, printed, requests, sections
from app.routers.pages.corrected import Sides, whole
from app.routers.pages.present import Reader, alleged, place
from app.routers.pages.printed import Content, Sheet
from app.routers.templating import Frame
from app.services import funds, ledger, matters
from app.services.matters import MatterFile
from app.services.prints import Names

SHEETS: Mapping[Kind, str] = {
    Kind.PETITION: N_("Petition"),
    Kind.LEAD: N_("Lead"),
    Kind.CASE: N_("Case"),
    Kind.FUND_ITEM: N_("Money or property"),
}


def matter_sheet(tx: Work, reader: Reader, frame: Frame, matter_id: UUID, *, whole: bool) -> Sheet:
    """A matter on paper: what it is, where it stands, people, signatures, money, history."""
    file = matters.open_matter(tx, matter_id)
    # How a report was put stays with who keeps it, on no paper.
    file = replace(file, own={**file.own, "content": None})
    reader = reader.following(tx, file.head["profile_id"])
    names = Names((row["name"] for row in file.people), shown=whole)
    head = file.head
    kind = reader.say(SHEETS[file.kind])
    content = printed.paper(
        frame, reader, title=f"{kind} {head['number']}", subject=names(head["title"]),
        alleged=alleged(head), source=head["number"], classification=head["classification"],
    )  # fmt: skip
    content["sections"] = [each for each in _sections(tx, reader, file, names) if each]
    return Sheet("document", content, head["number"])


def _sections(tx: Work, reader: Reader, file: MatterFile, names: Names) -> list[Content | None]:
    summary = sections.summary(reader, file)
    people = sections.people_rows(reader, file, opens=False)
    told = history.entries(reader, file)
    return [
        printed.facts("", [(label, names(said)) for label, said in _facts(reader, file)]),
        printed.paragraphs(reader.say(N_("Summary")), [names(each) for each in summary.texts])
        if summary.texts else None,
        printed.facts("", [(label, names(said)) for label, said in summary.particulars])
        if summary.particulars else None,
        printed.tabular(
            reader.say(N_("People and outcomes")),
            printed.table(reader, names, sections.people_columns(reader, file), people),
        ) if people else None,
        *_signatures(reader, file, names),
        _money(tx, reader, file, names),
        printed.dated(
            reader.say(N_("History")), [(each.on, each.text, each.note) for each in told], names
        ),
    ]  # fmt: skip


def _facts(reader: Reader, file: MatterFile) -> list[tuple[str, str]]:
    head = file.head
    mark = printed.text(reader, reader.stage_mark(head))
    handlers = [row["name"] for row in file.team]
    running = [row["due_on"] for row in file.clocks if row["stopped_on"] is None]
    due = reader.due(min(running)) if running and head["closed_on"] is None else None
    found = [
        (N_("Stage"), mark),
        (N_("Place"), place(head)),
        (N_("Held by"), reader.listed([*handlers, *_department(file)])),
        (N_("Due"), printed.text(reader, due)),
        (N_("Ended"), i18n.table_date(head["closed_on"]) if head["closed_on"] else ""),
    ]
    return [(reader.say(label), said) for label, said in found if said]


def _department(file: MatterFile) -> list[str]:
    return [file.head["assigned_name"]] if file.head["assigned_name"] else []


def _signatures(reader: Reader, file: MatterFile, names: Names) -> list[Content]:
    found = []
    for row in file.requests:
        step = reader.step(file.kind, row["event"])
        status = chains.status(reader, row, file.signatures)
        signed = chains.signed_chain(
            reader, row, file.signatures, file.committee, reasons=not file.masked
        )
        heading = reader.say(N_("Signatures: {step}, {status}"), step=step, status=status)
        found.append(printed.chain(heading, signed, names))
    return found


def _money(tx: Work, reader: Reader, file: MatterFile, names: Names) -> Content | None:
    if file.kind is Kind.PETITION or not tx.actor.may(Permission.MONEY_READ):
        return None
    matter_id: UUID = file.head["id"]
    items = [] if file.kind is Kind.FUND_ITEM else funds.items_of(tx, matter_id)
    shown = sections.money(
        reader, items, ledger.entries(tx, matter_id), of_item=file.kind is Kind.FUND_ITEM
    )
    if not shown.rows:
        return None
    # Who paid or was paid is nobody of the list of people: masked one by one.
    rows = [
        {**row, "who": Names([str(row["who"])], shown=names.shown)(str(row["who"]))}
        for row in shown.rows
    ]
    heading = reader.say(N_("Money, in yuan"))
    return printed.tabular(heading, printed.table(reader, names, shown.columns, rows))


def _correction(
    reader: Reader, asked: evidence.Asked | None, names: Names
) -> tuple[str, list[tuple[str, str]]]:
    """Both versions of what a request would correct, and what was signed on the former."""
    if asked is None:
        return "", []
    sides = asked.sides
    return sides.field, [
        (reader.say(N_("As it stands")), names(whole(sides.old))),
        (reader.say(N_("As it should be")), names(whole(sides.new))),
        (reader.say(N_("Why")), names(sides.reason)),
        (reader.say(N_("Signed on it as it stands")), reader.text(*asked.signed)),
    ]


def _both(reader: Reader, sides: Sides, names: Names) -> str:
    return reader.say(
        N_("from “{old}” to “{new}” ({reason})"),
        old=names(whole(sides.old)), new=names(whole(sides.new)), reason=names(sides.reason),
    )  # fmt: skip


def request_sheet(
    caller: Caller, tx: Work, frame: Frame, request_id: UUID, *, whole: bool
) -> Sheet:
    """A request with what it rests on, who signed, and a box for each who has to."""
    asked = requests.opened(caller, tx, request_id)
    reader, file, row = asked.it.reader, asked.it.file, asked.row
    former = evidence.names_in(file.corrections, row)
    names = Names([*(each["name"] for each in file.people), *former], shown=whole)
    content = printed.paper(
        frame, reader, title=requests.title(reader, row), subject=names(file.head["title"]),
        alleged=alleged(file.head), source=file.head["number"],
        classification=file.head["classification"],
    )  # fmt: skip
    summary = sections.summary(reader, file)
    signed = chains.signed_chain(reader, row, asked.signatures, file.committee)
    rests = [
        (printed.text(reader, each["what"]), names(printed.text(reader, each["says"])))
        for each in asked.rests_on
    ]
    parts = [
        printed.paragraphs(reader.say(N_("Summary")), [names(each) for each in summary.texts]),
        printed.facts(reader.say(N_("What it rests on")), rests),
        printed.facts(*_correction(reader, asked.correction, names)),
        printed.facts(
            reader.say(N_("Corrected since it was asked")),
            [(each.field, _both(reader, each, names)) for each in asked.corrected],
        ),
        printed.chain(reader.say(N_("Signatures")), signed, names),
        printed.boxes("", chains.boxes(reader, row, asked.signatures)),
    ]
    content["sections"] = [each for each in parts if any(each[each["kind"]])]
    return Sheet("document", content, f"{file.head['number']}-request")
