"""A matter as one page: what it is, where it stands, who holds it, what the reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.core.db import Row
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.domain.units import UnitPath
from app.domain.workflow.plans import Action
from app.repositories.work import Work
from app.routers.deps import Caller, Page
from app.routers.pages import (
    acts,
    chains,
    corrected,
    facts,
    history,
    met,
    namesakes,
    papers,
    sections,
    unsealing,
    watches,
)
from app.routers.pages.acts import Entering
from app.routers.pages.chains import Waiting
from app.routers.pages.frame import frame_for
from app.routers.pages.present import (
    ADDRESSES,
    KIND_NAMES,
    Reader,
    alleged,
    matter_href,
    place,
)
from app.routers.parts import Link, Note, Signed
from app.routers.templating import render
from app.services import (
    funds,
    ledger,
    matters,
    meetings,
    paper_signatures,
    profiles,
    repeats,
    reporters,
    requests,
    walls,
    workflow,
)
from app.services.matters import MatterFile

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]

# What was just done, as the address of the page after it says.
NOTICES: Mapping[str, str] = {
    "asked": N_("Your request is on its way. Nothing moves until the last signature."),
    "moved": N_("The step is taken."),
    "logged": N_("Logged."),
    "received": N_("Received: it is booked."),
    "paid": N_("Paid: each payment is booked."),
    "reversed": N_("Reversed. Both movements stay readable."),
    "signed_for": N_("Recorded: the payee has signed."),
    "remitted": N_("Recorded: it has gone out."),
    "line_assigned": N_("The bank line counts for this item from now on."),
    "signed": N_("Signed. The request goes on to the next signature."),
    "carried_out": N_("Signed. It was the last signature: the step is taken."),
    "returned": N_("Returned, with your reason."),
    "taken_back": N_("Your request is taken back."),
    "noted": N_("Your note stands at the matter."),
    "paper_attached": N_("The paper is attached."),
    "paper_signature_entered": N_("Entered. It stands once a colleague has seen the scan."),
    "paper_signature_withdraw": N_("The entry is taken back."),
    "paper_signature_matches": N_("Compared. The signature stands, and its signer is told."),
    "paper_signature_differs": N_("Recorded: it doesn't match, and comes to nothing."),
    "paper_signature_mine": N_("Recorded: it is yours."),
    "paper_signature_object": N_("Recorded. Nothing moves there until your objection is decided."),
    "paper_signature_uphold": N_("Decided: it stands."),
    "paper_signature_set_aside": N_("Decided: it is set aside."),
    "handed_over": N_("Handed over."),
    "kept_off": N_("You keep off that matter from now on."),
    "link_decided": N_("Your decision is recorded."),
    "namesake_answered": N_("Your answer is recorded."),
    "release_asked": N_("Your request waits for the head of petitions or the chief."),
    "release_decided": N_("Your decision is recorded."),
    "release_ended": N_("It is sealed again."),
    "emergency_reviewed": N_("The review is closed."),
    "wall_lifted": N_("Lifted. They may work on it again."),
    "corrected": N_("Corrected. Both versions stay visible."),
    "person_added": N_("The person is added."),
    "described": N_("What the register asks is recorded."),
    "statement": N_("The statement is recorded."),
    "answered": N_("The answer is recorded."),
    "task_done": N_("Recorded as done."),
    "summary": N_("The summary is written. A second person checks it."),
    "summary_checked": N_("The summary is checked."),
    "repeat": N_("Your decision on the possible repeat is recorded."),
    "watched": N_("You watch this matter from now on: your desk tells what changes."),
    "unwatched": N_("You watch this matter no more."),
}


WHY_ALIKE: Mapping[str, str] = {
    "person_and_unit": N_("the same person in the same place, within a year"),
    "words": N_("alike in words, in the same place"),
    "identical": N_("word for word the same, in the same place"),
}


@dataclass(frozen=True)
class Around:
    """What was read beside the matter itself, in the same transaction."""

    file: MatterFile
    actions: Sequence[Action]
    to_sign: UUID | None
    signers: Sequence[Row]
    money: sections.MoneyShown | None
    repeats: Sequence[Row]
    doubts: Sequence[Row]
    hands_over: bool
    founding: tuple[Row, list[Row], list[Row]] | None
    corrections: Sequence[corrected.Sides]
    meeting: Row | None
    on_paper: Row | None


@router.get("/matters/{matter_id}")
def matter(request: Request, caller: Reading, matter_id: UUID) -> Response:
    with caller.work("matters.page") as tx:
        found = matters.open_page(tx, matter_id, whole=request.query_params.get("all", ""))
        file = reporters.sealed_steps(tx, found)
        reader = Reader.of(caller, tx).following(tx, file.head["profile_id"])
        around = _around(tx, reader, file)
        frame = frame_for(request, caller, tx, current="ledgers")
        entering = _entering(tx, file, around)
        opens_people = tx.actor.may(Permission.PEOPLE_READ) and not file.masked
        reads_reporter = _reads_reporter(file)
        sealed = unsealing.section(tx, reader, file)
        attached = papers.section(tx, reader, file)
        named_like = () if file.only_read else walls.namesakes(tx, matter_id)
        watching = watches.on_matter(tx, reader, file, waits=around.to_sign is not None)
    to_sign = str(around.to_sign) if around.to_sign else None
    asked_of = namesakes.asked(reader, matter_id, named_like)
    asked = _open_request(file)
    waiting = Waiting(
        mine=around.to_sign is not None,
        signers=around.signers,
        frame=frame,
        door=request.app.state.demo,
        back=f"/requests/{asked}" if asked else "",
        on_paper=around.on_paper,
    )
    return render(
        request,
        "pages/matter.html",
        frame=frame,
        status_code=200,
        notice=NOTICES.get(request.query_params.get("done", "")),
        acts=acts.acts(reader, entering, around.actions, to_sign=to_sign, asked=asked_of),
        namesakes=namesakes.said(reader, matter_id, named_like),
        signatures=_signatures(reader, file, waiting, around.founding),
        reads_reporter=reads_reporter,
        sealed=sealed,
        papers=attached,
        on_agenda=met.waits_on(reader, around.meeting),
        checks_summary=_checks_summary(file, entering),
        works=entering.works,
        tasks=sections.tasks(reader, file, works=entering.works),
        statements=sections.statements(reader, file, works=entering.works),
        people=sections.people_rows(reader, file, opens=opens_people),
        **_head(reader, file, around, asked=bool(asked_of)),
        **_texts(reader, file, around),
        watching=watching,
        history=history.entries(reader, file, watching.unseen),
    )


def _entering(tx: Work, file: MatterFile, around: Around) -> Entering:
    return Entering(
        file, tx.actor, hands_over=around.hands_over,
        unpaid=around.money is not None and around.money.unpaid,
        remits=around.money is not None and around.money.remits,
        logs_leads=profiles.may_log(tx, Permission.LEADS_LOG, UnitPath(file.head["unit_path"])),
    )  # fmt: skip


def _head(reader: Reader, file: MatterFile, around: Around, *, asked: bool) -> dict[str, object]:
    """What is seen without scrolling: what it is, where it stands, who holds it until when."""
    return {
        "file": file,
        "head": file.head,
        "alleged": alleged(file.head),
        "address": matter_href(file.head["id"]),
        "crumb": Link(reader.say(KIND_NAMES[file.kind]), ADDRESSES[file.kind]),
        "place": place(file.head),
        "mark": reader.stage_mark(file.head),
        "stage_notes": history.stage_notes(reader, file),
        "tags": _tags(reader, file, around),
        "facts": facts.three(
            reader,
            file,
            around.signers,
            asked=asked,
            unpaid=around.money is not None and around.money.unpaid,
        ),
    }


def _texts(reader: Reader, file: MatterFile, around: Around) -> dict[str, object]:
    """The sections below it."""
    return {
        "summary": sections.summary(reader, file),
        "people_columns": sections.people_columns(reader, file),
        "money": around.money,
        "links": sections.links(reader, file),
        "repeats": [(row, repeats_why(reader, row)) for row in around.repeats],
        "notes": [Note(row["text"], _signed_by(reader, row)) for row in file.notes],
        "corrections": around.corrections,
    }


def _around(tx: Work, reader: Reader, file: MatterFile) -> Around:
    matter_id: UUID = file.head["id"]
    asked = next((row for row in file.requests if row["status"] == "open"), None)
    mine = asked is not None and requests.waits_for_me(tx, asked["id"])
    return Around(
        file=file,
        actions=() if file.only_read else workflow.actions(tx, matter_id),
        to_sign=asked["id"] if asked is not None and mine else None,
        signers=requests.next_signers(tx, asked) if asked is not None else (),
        money=_money(tx, reader, file),
        repeats=() if file.masked else repeats.of_matter(tx, matter_id),
        doubts=matters.doubts(tx, matter_id),
        hands_over=not file.only_read and matters.may_hand_over(tx, file.head, file.team),
        founding=_founding(tx, file),
        corrections=corrected.sides(tx, reader, file, file.corrections),
        meeting=meetings.on_agenda(tx, matter_id) if asked is not None else None,
        on_paper=paper_signatures.entered(tx, asked) if asked is not None else None,
    )


def _founding(tx: Work, file: MatterFile) -> tuple[Row, list[Row], list[Row]] | None:
    """A case that a lead's approval opened has that lead's signatures."""
    first = file.turns[-1]["request_id"] if file.turns and not file.masked else None
    if first is None or any(row["id"] == first for row in file.requests):
        return None
    found = requests.founding(tx, first)
    return None if found is None or found[0]["matter_id"] == file.head["id"] else found


def _money(tx: Work, reader: Reader, file: MatterFile) -> sections.MoneyShown | None:
    if file.kind is Kind.PETITION or not tx.actor.may(Permission.MONEY_READ):
        return None
    matter_id: UUID = file.head["id"]
    entries = ledger.entries(tx, matter_id) if ledger.has_entries(tx, matter_id) else []
    if file.kind is Kind.FUND_ITEM:
        item = funds.open_item(tx, matter_id)
        shown = sections.money(reader, [(item.item, item.balance)], entries, of_item=True)
        return replace(
            shown,
            unpaid=any(row["paid_entry_id"] is None for row in item.payees),
            remits=bool(funds.destinations(tx, item.item)),
        )
    shown = sections.money(reader, funds.items_of(tx, matter_id), entries, of_item=False)
    return shown if shown.items or shown.rows else None


def _reads_reporter(file: MatterFile) -> bool:
    """Only intake of this petition, and only where somebody gave a name."""
    return bool(file.own.get("named")) and bool(file.own.get("keeps"))


def _checks_summary(file: MatterFile, entering: Entering) -> bool:
    """Whether the summary waits for a second person, and the reader could be that."""
    if file.kind is not Kind.PETITION or not entering.open:
        return False
    waits = bool(file.own.get("summary")) and file.own.get("summary_checked_by") is None
    wrote = next((row for row in file.turns if row["event"] == "summary_written"), None)
    another = wrote is None or wrote["actor_id"] != entering.actor.account_id
    return waits and another and entering.actor.may(Permission.PETITIONS_LOG)


def _open_request(file: MatterFile) -> UUID | None:
    return next((row["id"] for row in file.requests if row["status"] == "open"), None)


def _tags(reader: Reader, file: MatterFile, around: Around) -> list[str]:
    found = []
    if file.head["import_batch_id"] is not None:
        found.append(reader.say(N_("from a ledger")))
    if any(row["settled_on"] is None for row in around.doubts):
        found.append(reader.say(N_("ledger doubt")))
    if file.head["classification"]:
        found.append(reader.say(sections.CLEARANCES[file.head["classification"]]))
    if any(row["rule"] == "suspension" and not row["stopped_on"] for row in file.clocks):
        found.append(reader.say(N_("suspended")))
    if file.own.get("backlog"):
        found.append(reader.say(N_("backlog petition")))
    if file.head["episode"] > 1:
        found.append(reader.say(N_("reopened, episode {count}"), count=file.head["episode"]))
    if file.masked:
        found.append(reader.say(N_("names masked")))
    return found


# Signatures, repeats, notes -----------------------------------------------------------------------


def _signatures(
    reader: Reader,
    file: MatterFile,
    waiting: Waiting,
    founding: tuple[Row, list[Row], list[Row]] | None,
) -> list[tuple[str, str, Link, list[Signed]]]:
    """Each request with its chain: the open one first, then newest first."""
    found = []
    for row in file.requests:
        open_ = row["status"] == "open"
        chain = chains.signed_chain(
            reader, row, file.signatures, file.committee,
            waiting if open_ else chains.NOBODY, reasons=not file.masked,
        )  # fmt: skip
        link = Link(reader.say(N_("Read the request")), f"/requests/{row['id']}")
        status = chains.status(reader, row, file.signatures)
        found.append((reader.step(file.kind, row["event"]), status, link, chain))
    if founding is not None:
        row, signed, sittings = founding
        step = reader.step(row["kind"], row["event"])
        heading = reader.say(N_("{step} ({number})"), step=step, number=row["number"])
        link = Link(reader.say(N_("Read the request")), f"/requests/{row['id']}")
        status = chains.status(reader, row, signed)
        found.append((heading, status, link, chains.signed_chain(reader, row, signed, sittings)))
    return found


def repeats_why(reader: Reader, row: Row) -> str:
    """Why two matters look like the same one."""
    why = (row["why"] or {}).get("reason", "")
    return reader.say(WHY_ALIKE[why]) if why in WHY_ALIKE else ""


def _signed_by(reader: Reader, row: Row) -> str:
    return reader.listed([row["made_by"], reader.written(row["made_on"])])
