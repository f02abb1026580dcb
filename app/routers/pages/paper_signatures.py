"""Signatures on paper: entering one, comparing it, the signer's word, deciding on an objection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import (
    N_,
    Conflict,
    Gathered,
    Invalid,
    NotFound,
    PlumblineError,
    Reason,
    TooLarge,
)
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages import papers as scans
from app.routers.pages.entry import Entry, Open
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href
from app.routers.parts import Choice, Decision, Filled, Link
from app.routers.templating import CONTENT_SECURITY_POLICY, render
from app.services import paper_signatures, papers, requests
from app.services.matters import still_sees
from app.services.papers import Brought

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

HERE = "/matters/{matter_id}/paper-signatures"
VERDICTS: Mapping[str, str] = {"sign": N_("agreed"), "return": N_("returned")}
STANDING: Mapping[str, str] = {
    "entered": N_("It waits for a second person, who looks at the scan."),
    "withdrawn": N_("Whoever entered it took it back."),
    "rejected": N_("It came to nothing: it didn't match the scan."),
    "stands": N_("It stands. The signer is told, and has not answered yet."),
    "acknowledged": N_("It stands: the signer says that it is theirs."),
    "objected": N_("The signer objects. Nothing moves until that is decided."),
    "upheld": N_("The signer objected; it was decided that it stands."),
    "set_aside": N_("The signer objected; it was set aside."),
}
FOLLOWS: Mapping[str, str] = {
    "returned": N_("The request goes back to whoever asked."),
    "taken_back": N_(
        "The step is taken back: the matter stands where it stood before, with its limits. Who came"
        " onto the team with it stays."
    ),
    "stays": N_(
        "The request is back with whoever asked, and stays there: no step rests on this signature."
        " It can be asked for anew."
    ),
    "nothing": N_(
        "The matter has moved on since: what was done is not taken back by this. Decide by the"
        " ordinary steps what has to be done again."
    ),
}


# Entering -----------------------------------------------------------------------------------------


def _request(tx: Work, matter_id: UUID) -> Row:
    """The one that waits. Raises Conflict where none does, or none by paper."""
    row = requests.open_on(tx, matter_id)
    if row is None or not paper_signatures.accepts(tx, row):
        raise Conflict(N_("This can't be signed on paper, or not any more."))
    return row


def _offers(it: Open) -> Mapping[str, object]:
    row = _request(it.tx, it.file.head["id"])
    me = it.tx.actor.account_id
    signers = [each for each in requests.next_signers(it.tx, row) if each["id"] != me]
    return {
        "asked": it.reader.step(row["kind"], row["event"]),
        "signers": [Choice(str(each["id"]), each["name"]) for each in signers],
        "verdicts": [Choice(key, it.reader.say(label)) for key, label in VERDICTS.items()],
        "enctype": "multipart/form-data",
    }


ENTER = Entry(
    "pages/paper_signature_new.html", N_("A signature on paper"),
    N_(
        "Somebody signed {number} on paper: enter what stands there, with a scan. Nothing follows"
        " until a colleague who had no hand in it has compared the two. Then the signer is told,"
        " and can object."
    ),
    N_("Enter it"), "/paper-signatures", "paper_signature_entered", _offers,
)  # fmt: skip


@router.get(HERE)
def enter_page(request: Request, caller: Reading, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, ENTER)


@router.post(HERE)
def enter(request: Request, caller: Reading, matter_id: UUID, form: Form) -> Response:
    scan, unreadable = _scan(form)

    def do(tx: Work) -> None:
        row = _request(tx, matter_id)
        verdict = form.text("verdict")
        day = signer_id = None
        gathered = Gathered()
        with gathered.part():
            if unreadable is not None:
                raise unreadable
        with gathered.part():
            signer_id = entry.id_of(form, "signer_id")
        with gathered.part():
            entry.one_of(form, "verdict", VERDICTS)
        with gathered.part():
            day = entry.day_of(form, "signed_on")
        with gathered.part():
            paper_signatures.enter(
                tx, row["id"], signer_id=signer_id, reason=form.text("reason"), signed_on=day,
                verdict="sign" if verdict == "sign" else "return", scan=scan,
            )  # fmt: skip
        gathered.refuse()

    return entry.post(request, caller, matter_id, ENTER, form, do)


def _scan(form: Submitted) -> tuple[Brought | None, Invalid | None]:
    """What was brought, or why it can't be read: said with all else that the form lacks."""
    try:
        return scans.brought(form), None
    except (Invalid, TooLarge) as error:
        return None, scans.of_field(error)


# One of them --------------------------------------------------------------------------------------

Act = Callable[[Work, UUID, str], object]
ACTS: Mapping[str, Act] = {
    "withdraw": lambda tx, id_, _text: paper_signatures.withdraw(tx, id_),
    "matches": lambda tx, id_, _text: paper_signatures.compare(tx, id_, matches=True),
    "differs": lambda tx, id_, text: paper_signatures.compare(tx, id_, matches=False, remark=text),
    "mine": lambda tx, id_, _text: paper_signatures.answer(tx, id_, mine=True),
    "object": lambda tx, id_, text: paper_signatures.answer(tx, id_, mine=False, objection=text),
    "uphold": lambda tx, id_, text: paper_signatures.decide(tx, id_, stands=True, reason=text),
    "set-aside": lambda tx, id_, text: paper_signatures.decide(tx, id_, stands=False, reason=text),
}
FIELDS: Mapping[str, str] = {"differs": "remark", "object": "objection"}


@router.get(HERE + "/{signature_id}")
def one(request: Request, caller: Reading, matter_id: UUID, signature_id: UUID) -> Response:
    return _page(request, caller, matter_id, signature_id)


@router.post(HERE + "/{signature_id}/{act}")
def answer(
    request: Request, caller: Reading, matter_id: UUID, signature_id: UUID, act: str, form: Form
) -> Response:
    if act not in ACTS:
        raise NotFound
    try:
        with caller.work(f"paper_signatures.{act}") as tx:
            if paper_signatures.entry(tx, signature_id)["matter_id"] != matter_id:
                raise NotFound
            ACTS[act](tx, signature_id, form.text(FIELDS.get(act, "reason")))
            sees = still_sees(tx, matter_id)
    except entry.AGAIN as error:
        return _page(request, caller, matter_id, signature_id, act, form, refused=error)
    done = "paper_signature_" + act.replace("-", "_")
    return RedirectResponse(entry.back_to(matter_id, done, sees=sees), status_code=303)


def _page(
    request: Request,
    caller: Caller,
    matter_id: UUID,
    signature_id: UUID,
    act: str = "",
    form: Submitted | None = None,
    *,
    refused: PlumblineError | None = None,
) -> Response:
    with caller.work("paper_signatures.page") as tx:
        row = paper_signatures.entry(tx, signature_id)
        if row["matter_id"] != matter_id:
            raise NotFound
        it = entry.opened(caller, tx, matter_id)
        frame = frame_for(request, caller, tx, current="sign")
        scan = papers.paper(tx, matter_id, row["paper_id"])
        opens = scan["withdrawn_on"] is None or papers.heads(tx, matter_id)
        typed = entry.refilled(form, refused) if form is not None and refused else Filled()
        asked = _asked(tx, Offering(it.reader, row, act, typed))
        why = entry.refusal(refused, it, None)
        mine = row["entered_by"] == tx.actor.account_id
    reader, paper = it.reader, f"{matter_href(matter_id)}/papers/{row['paper_id']}"
    response = render(
        request,
        "pages/paper_signature.html",
        frame=frame,
        status_code=why.status,
        crumb=Link(row["number"], matter_href(matter_id)),
        refusal=why,
        typed=typed,
        row=row,
        sentence=_sentence(reader, row),
        standing=reader.say(STANDING[row["status"]]),
        facts=_facts(reader, row),
        story=story(reader, row),
        scan=paper if opens else "",
        pages=scan["pages"],
        caption=scan["title"],
        withdraws=mine and row["status"] == "entered",
        address=f"{matter_href(matter_id)}/paper-signatures/{signature_id}",
        request_=Link(reader.say(N_("Read the request")), f"/requests/{row['request_id']}"),
        asked=asked,
        hindered=it.reader.reason(asked.hindered) if asked.hindered else "",
    )
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def _sentence(reader: Reader, row: Row) -> str:
    return reader.say(
        N_("“{step}” of {number}, signed on paper in the name of {signer}: {title}."),
        step=reader.step(row["kind"], row["event"]), number=row["number"],
        signer=row["signer_name"], title=row["title"],
    )  # fmt: skip


def _facts(reader: Reader, row: Row) -> list[tuple[str, str]]:
    """What was copied, to be held beside the scan."""
    return [
        (reader.say(N_("Signed by")), row["signer_name"]),
        (reader.say(N_("Answer")), reader.say(VERDICTS[row["verdict"]])),
        (reader.say(N_("Day on the paper")), reader.written(row["signed_on"])),
        (reader.say(N_("Reason")), row["reason"]),
    ]


def story(reader: Reader, row: Row) -> list[str]:
    """Who did what about it, in order."""
    say, written = reader.say, reader.written
    told = [
        say(N_("{who} entered it on {day}."), who=row["entered_by_name"],
            day=written(row["entered_on"])),
    ]  # fmt: skip
    if row["compared_by_name"]:
        words = N_("{who} compared it with the scan on {day}.")
        told.append(say(words, who=row["compared_by_name"], day=written(row["compared_on"])))
    if row["remark"]:
        told.append(say(N_("What doesn't match: “{words}”"), words=row["remark"]))
    if row["objection"]:
        told.append(
            say(N_("{who} objected on {day}: “{words}”"), who=row["signer_name"],
                day=written(row["answered_on"]), words=row["objection"])
        )  # fmt: skip
    if row["decision"]:
        told.append(
            say(N_("{who} decided on {day}: “{words}”"), who=row["decided_by_name"],
                day=written(row["decided_on"]), words=row["decision"])
        )  # fmt: skip
    return told


@dataclass(frozen=True)
class Asked:
    """What the reader may do now: answers of the same size, or why there are none."""

    kind: str = ""
    answers: Sequence[Decision] = ()
    hindered: Reason | None = None
    follows: str = ""
    unopened: bool = False


@dataclass(frozen=True)
class Offering:
    """Makes the answers to one entry; what was typed stands in the one that was refused."""

    reader: Reader
    row: Row
    act: str
    typed: Filled

    def answer(self, name: str, label: str, hint: str, button: str) -> Decision:
        say = self.reader.say
        here = f"{matter_href(self.row['matter_id'])}/paper-signatures/{self.row['id']}"
        return Decision(
            action=f"{here}/{name}", label=say(label), button=say(button),
            hint=say(hint) if hint else "",
            name=FIELDS.get(name, "reason"), form=self.typed if name == self.act else Filled(),
        )  # fmt: skip

    def comparing(self, tx: Work) -> Asked:
        if (why := paper_signatures.hindered(tx, self.row)) is not None:
            return Asked(hindered=why)
        answers = (
            self.answer("matches", N_("It matches"), "", N_("It matches: the signature stands")),
            self.answer("differs", N_("What doesn't match"), "", N_("It doesn't match")),
        )
        return Asked("compare", answers, unopened=paper_signatures.unopened(tx, self.row))

    def owning(self) -> Asked:
        hint = N_("Whoever heads the matter reads it. Nothing moves until they decided.")
        answers = (
            self.answer("mine", N_("It is mine"), "", N_("It is mine")),
            self.answer("object", N_("Why it isn't yours"), hint, N_("I object")),
        )
        return Asked("mine", answers)

    def deciding(self, tx: Work) -> Asked:
        if (why := paper_signatures.undecidable(tx, self.row)) is not None:
            return Asked(hindered=why)
        answers = [
            self.answer(
                "uphold", N_("Why it stands all the same"), N_("The signer reads it."),
                N_("It stands"),
            ),
            self.answer(
                "set-aside", N_("Why it is set aside"), N_("The signer reads it, and who asked."),
                N_("Set it aside"),
            ),
        ]  # fmt: skip
        if not paper_signatures.may_uphold(tx, self.row):
            answers = answers[1:]
        follows = self.reader.say(FOLLOWS[paper_signatures.what_follows(tx, self.row)])
        return Asked("decide", answers, follows=follows)


def _asked(tx: Work, offering: Offering) -> Asked:
    row = offering.row
    if row["status"] == "entered":
        return offering.comparing(tx)
    if row["status"] == "stands" and row["signer_id"] == tx.actor.account_id:
        return offering.owning()
    return offering.deciding(tx) if row["status"] == "objected" else Asked()


# Elsewhere ----------------------------------------------------------------------------------------


def beside(tx: Work, reader: Reader, request: Row, entered: Row | None) -> list[Link]:
    """On the request's page: what was entered there from paper, or the way to enter it."""
    here = f"{matter_href(request['matter_id'])}/paper-signatures"
    if not paper_signatures.accepts(tx, request):
        return []
    if entered is not None:
        words = reader.say(
            N_("A signature on paper in the name of {signer} waits to be compared"),
            signer=entered["signer_name"],
        )
        return [Link(words, f"{here}/{entered['id']}")]
    return [Link(reader.say(N_("Enter a signature given on paper")), here)]
