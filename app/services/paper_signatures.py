"""Signatures on paper: one enters with a scan, a second compares, the signer is told.

Nothing follows from what was entered until the second person has seen the scan: only then does the
engine run, with the named signer as the hand. What that signer objects to holds the matter where it
is until somebody who had no part in it decides.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_, Reason
from app.domain.profile.model import Machine
from app.domain.workflow import paper
from app.domain.workflow.chains import SignStep
from app.domain.workflow.signing import Verdict
from app.repositories import access, clocks, leads, requests
from app.repositories import facts as fact_rows
from app.repositories import matters as matter_rows
from app.repositories import paper_signatures as rows
from app.repositories import papers as paper_rows
from app.repositories.work import Work
from app.services import papers, profiles, workflow
from app.services import requests as signing
from app.services.matters import reads_less, refuse_readers
from app.services.papers import Brought
from app.services.workflow import Done, OnPaper

SHOWN = 20
REASON_LIMIT = workflow.REASON_LIMIT
_CANT = N_("This person can't give this signature.")


def entry(tx: Work, entry_id: UUID) -> Row:
    """Raises NotFound, and Forbidden for whoever only reads."""
    _refuse_who_reads_less(tx)
    return rows.entry(tx, entry_id)


def of_request(tx: Work, request_id: UUID) -> list[Row]:
    """All that was ever entered for a request. Raises NotFound, Forbidden."""
    _refuse_who_reads_less(tx)
    requests.request(tx, request_id)
    return rows.of_request(tx, request_id)


def waiting(tx: Work) -> list[Row]:
    """What waits for the actor: `entered` to compare, `stands` in their own name, `objected` to
    decide on. Nothing for who reads less."""
    return [] if reads_less(tx) else rows.waiting(tx, limit=SHOWN)


def accepts(tx: Work, request: Row) -> bool:
    """Whether the place that a request waits at can be signed on paper."""
    if request["status"] != "open" or request["from_state"] is None:
        return False
    step = SignStep.from_json(request["chain"][request["next_position"] - 1])
    return paper.accepts(_machine(tx, request), request["event"], request["from_state"], step)


def _machine(tx: Work, row: Row) -> Machine:
    head = matter_rows.matter(tx, row.get("matter_id") or row["id"])
    return profiles.of(tx, head["profile_id"]).machine(head["kind"])


def entered(tx: Work, request: Row) -> Row | None:
    """What is entered for the place that a request waits at, to be compared; nothing for who reads
    less."""
    if request["status"] != "open" or reads_less(tx):
        return None
    here = rows.of_request(tx, request["id"])
    return next(
        (
            each for each in here
            if (each["position"], each["status"]) == (request["next_position"], "entered")
        ),
        None,
    )  # fmt: skip


# Entering -----------------------------------------------------------------------------------------


def enter(
    tx: Work,
    request_id: UUID,
    *,
    signer_id: UUID | None,
    verdict: Verdict,
    reason: str,
    signed_on: date | None,
    scan: Brought | UUID | None,
    seen_version: int | None = None,
) -> UUID:
    """Copy what a paper says. `scan` is brought with it, or a paper of the matter.

    Whoever works on the matter may, the requester too: they carry the paper to the signer and back,
    and somebody else looks at it. Raises NotFound, Forbidden, Conflict, Stale, Invalid, Unavailable
    where the disk is full.
    """
    _refuse_who_reads_less(tx)
    request = requests.locked(tx, request_id)
    refuse_readers(tx, request["matter_id"])
    if request["status"] != "open":
        raise errors.Conflict(N_("This request is no longer open."))
    if seen_version is not None and request["version"] != seen_version:
        raise errors.Stale
    if not accepts(tx, request):
        raise errors.Conflict(N_("This can't be signed on paper, or not any more."))
    gathered = errors.Gathered()
    with gathered.part():
        _refuse_signer(tx, request, signer_id)
    with gathered.part():
        words = _worded("reason", reason)
    with gathered.part():
        day = _day(tx, request, signed_on)
    with gathered.part():
        if scan is None:
            raise errors.Invalid.of("file", N_("Choose a file, or take a picture."))
    gathered.refuse()
    if signer_id is None or scan is None:
        raise TypeError("refused already")
    if isinstance(scan, Brought):
        scan = papers.attach(tx, request["matter_id"], scan, title="")
    else:
        with errors.named_in("paper_id"):
            papers.paper(tx, request["matter_id"], scan)
    entry_id = rows.insert(
        tx, request, signer_id=signer_id, verdict=verdict, reason=words, signed_on=day,
        paper_id=scan,
    )  # fmt: skip
    _note(tx, request, "paper_signature_entered")
    return entry_id


def _refuse_signer(tx: Work, request: Row, signer_id: UUID | None) -> None:
    if signer_id is None:
        raise errors.Invalid.of("signer_id", N_("This has to be filled in."))
    if signer_id == tx.actor.account_id:
        raise errors.Invalid.of("signer_id", N_("Nobody enters their own signature: sign it here."))
    if all(each["id"] != signer_id for each in signing.next_signers(tx, request)):
        raise errors.Invalid.of("signer_id", _CANT)


def _day(tx: Work, request: Row, signed_on: date | None) -> date:
    if signed_on is None:
        raise errors.Invalid.of("signed_on", N_("The day that stands on the paper."))
    if signed_on > tx.today:
        raise errors.Invalid.of("signed_on", N_("This day has not come yet."))
    if signed_on < request["requested_on"]:
        raise errors.Invalid.of("signed_on", N_("It was signed before it was asked for."))
    for each in requests.signatures(tx, [request["id"]]):
        if signed_on < each["signed_on"]:
            raise errors.Invalid.of(
                "signed_on",
                N_("This day lies before {name}’s signature of {day}, which came first."),
                name=each["name"], day=each["signed_on"].isoformat(),
            )  # fmt: skip
    return signed_on


def withdraw(tx: Work, entry_id: UUID) -> None:
    """Whoever entered it takes it back, before anybody compared it."""
    row = _locked(tx, entry_id)
    if row["entered_by"] != tx.actor.account_id:
        raise errors.Forbidden(N_("Only who entered it takes it back."))
    if row["status"] != "entered":
        raise errors.Conflict(N_("This has been compared already."))
    rows.take_further(tx, row, status="withdrawn")
    _note(tx, row, "paper_signature_withdrawn")


# Comparing ----------------------------------------------------------------------------------------


def hindered(tx: Work, row: Row) -> Reason | None:
    """What keeps the actor from comparing an entry; None where they may."""
    me = tx.actor.account_id
    if row["status"] != "entered":
        return Reason(N_("This has been compared already."))
    if row["request_status"] != "open" or row["next_position"] != row["position"]:
        return Reason(N_("The request has moved on: this paper is no longer needed."))
    if me == row["entered_by"]:
        return Reason(N_("You entered this: somebody else compares it."))
    if me == row["signer_id"]:
        return Reason(
            N_(
                "It is in your own name. Once somebody has compared it you are told, and say here"
                " whether it is yours. Until then you can sign or return the request yourself."
            )
        )
    if me == row["requested_by"]:
        return Reason(N_("You asked for this: somebody else compares the paper."))
    signed = requests.signatures(tx, [row["request_id"]])
    team = matter_rows.team(tx, row["matter_id"])
    if any(each["account_id"] == me for each in (*signed, *team)):
        return Reason(
            N_("A person compares it who had no hand in the request and is none of the team.")
        )
    return None


def unopened(tx: Work, row: Row) -> bool:
    """Whether the actor has not opened the scan since it was entered: then they can't compare."""
    return not paper_rows.has_opened(tx, row["paper_id"], row["recorded_at"])


def compare(tx: Work, entry_id: UUID, *, matches: bool, remark: str = "") -> Done | None:
    """A second person has looked at the scan: the signature stands, or comes to nothing.

    The engine judges the named signer as if they signed here today. Raises NotFound, Forbidden,
    Conflict where they have not opened it too, Denied where guards no longer hold, Invalid without
    a remark on what doesn't match.
    """
    row = _locked(tx, entry_id)
    if (why := hindered(tx, row)) is not None:
        refusal = errors.Conflict if row["status"] != "entered" else errors.Forbidden
        moved = row["request_status"] != "open" or row["next_position"] != row["position"]
        raise (errors.Conflict if moved else refusal)(why.message)
    if unopened(tx, row) and (matches or row["paper_withdrawn_on"] is None):
        raise errors.Conflict(N_("Open the scan first: you haven't since it was entered."))
    by = {"compared_by": tx.actor.account_id, "compared_on": tx.today}
    if not matches:
        words = _worded("remark", remark)
        rows.take_further(tx, row, status="rejected", remark=words, **by)
        _note(tx, row, "paper_signature_rejected", reason=words)
        return None
    rows.take_further(tx, row, status="stands", **by)
    hand = OnPaper(signer=rows.hand(tx, row["signer_id"]), signed_on=row["signed_on"])
    try:
        return signing.sign_on_paper(
            tx, row["request_id"], row["verdict"], reason=row["reason"], on_paper=hand
        )
    except errors.Forbidden:
        # Why they can't is for whoever they are, not for who compares: a wall isn't told.
        raise errors.Conflict(_CANT) from None


# The signer, and who decides ----------------------------------------------------------------------


def answer(tx: Work, entry_id: UUID, *, mine: bool, objection: str = "") -> None:
    """The signer says that the signature is theirs, or objects, with the reason.

    Raises NotFound, Forbidden for anybody else, Conflict where it was said before, Invalid.
    """
    row = _locked(tx, entry_id)
    if row["signer_id"] != tx.actor.account_id:
        raise errors.Forbidden(N_("Only in whose name it was signed answers this."))
    if row["status"] != "stands":
        raise errors.Conflict(N_("You have answered this already, or nobody has compared it yet."))
    if mine:
        rows.take_further(tx, row, status="acknowledged", answered_on=tx.today)
        _note(tx, row, "paper_signature_acknowledged")
        return
    words = _worded("objection", objection)
    rows.take_further(tx, row, status="objected", answered_on=tx.today, objection=words)
    _note(tx, row, "paper_signature_objected", reason=words)


def undecidable(tx: Work, row: Row) -> Reason | None:
    """What keeps the actor from deciding on an objection at all; None where they may."""
    if row["status"] != "objected":
        return Reason(N_("No objection waits here."))
    hands = (row["entered_by"], row["compared_by"], row["signer_id"], row["requested_by"])
    if tx.actor.account_id in hands:
        return Reason(N_("Whoever had a hand in this signature doesn't decide on the objection."))
    if not access.heads(tx, row["matter_id"]):
        return Reason(N_("Whoever heads the matter decides on the objection."))
    return None


def may_uphold(tx: Work, row: Row) -> bool:
    """Whether the actor can let it stand against the signer's word."""
    return paper.upholds(tx.actor, SignStep.from_json(row["chain"][row["position"] - 1]))


def what_follows(tx: Work, row: Row) -> str:
    """What setting it aside does: `returned` the request, `taken_back` the step; `stays` where the
    request went back to whoever asked already, and `nothing` where the matter has moved on since.
    """
    if row["request_status"] == "open":
        return "returned"
    if row["request_status"] in ("returned", "taken_back"):
        return "stays"
    rests = row["request_status"] == "approved" and row["verdict"] == "sign"
    last = rests and rows.rests_on(tx, row["matter_id"]) == row["request_id"]
    return "taken_back" if last and row["state"] == row["to_state"] else "nothing"


def decide(tx: Work, entry_id: UUID, *, stands: bool, reason: str) -> None:
    """On an objection: the signature stands, or is set aside, and what rests on it goes back.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    row = _locked(tx, entry_id)
    if (why := undecidable(tx, row)) is not None:
        refusal = errors.Conflict if row["status"] != "objected" else errors.Forbidden
        raise refusal(why.message)
    words = _worded("reason", reason)
    by = {"decided_by": tx.actor.account_id, "decided_on": tx.today, "decision": words}
    if stands:
        if not may_uphold(tx, row):
            raise errors.Forbidden(
                N_("Against the signer's word only who could have signed there, or the chief.")
            )
        rows.take_further(tx, row, status="upheld", **by)
        _note(tx, row, "paper_signature_upheld", reason=words)
        return
    follows = what_follows(tx, row)
    if follows == "taken_back" and requests.open_request(tx, row["matter_id"]) is not None:
        raise errors.Conflict(
            N_("Another request waits on this matter: have it returned or taken back first.")
        )
    rows.take_further(tx, row, status="set_aside", **by)
    _note(tx, row, "paper_signature_set_aside", reason=words)
    if follows in ("returned", "taken_back"):
        _undo(tx, row, follows, words)


def _undo(tx: Work, row: Row, follows: str, reason: str) -> None:
    """Neither who came onto the team goes, nor is what was written since erased."""
    it = workflow.judged(tx, row["matter_id"])
    if follows == "returned":
        request = requests.request(tx, row["request_id"])
        plan = paper.sent_back(it.profile, it.snapshot, row["event"], reason)
        workflow.carry_out(tx, it, plan, request=request)
        return
    machine = it.profile.machine(it.snapshot.kind)
    step = machine.of(row["event"], row["from_state"])
    if step is not None and "set_method" in step.effects:
        taken = rows.taken_before(tx, row["matter_id"], row["request_id"])
        former = paper.former_method(machine, taken)
        # As of today: in figures of the days between, it had been disposed of.
        leads.change_lead(tx, row["matter_id"], method=former, disposed_on=tx.today)
    clocks.as_before(tx, row["matter_id"], row["request_id"])
    plan = paper.taken_back(it.profile, it.snapshot, row["event"], row["from_state"], reason)
    workflow.carry_out(tx, it, plan)


# --------------------------------------------------------------------------------------------------


def _locked(tx: Work, entry_id: UUID) -> Row:
    """The entry, once it is our turn on its matter."""
    found = entry(tx, entry_id)
    fact_rows.lock(tx, found["matter_id"])
    return rows.entry(tx, entry_id)


def _refuse_who_reads_less(tx: Work) -> None:
    if reads_less(tx):
        raise errors.Forbidden(N_("You may read this matter, not work on it."))


def _worded(field: str, text: str) -> str:
    words = text.strip()
    if not words:
        raise errors.Invalid.of(field, N_("Say why."))
    if len(words) > REASON_LIMIT:
        raise errors.Invalid.of(field, N_("At most {limit} characters."), limit=REASON_LIMIT)
    return words


def _note(tx: Work, row: Row, event: str, *, reason: str | None = None) -> None:
    """In the matter's history; `row` is a request or an entry."""
    matter_rows.touch(
        tx, row["matter_id"], event=event, reason=reason,
        form={"step": row["event"], **({"of": row["signer_name"]} if "signer_name" in row else {})},
    )  # fmt: skip
