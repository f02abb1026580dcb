"""Chains of signatures: who asked, who signed, who signs next and why they."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from markupsafe import Markup

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.profile.model import Transition
from app.domain.workflow.chains import SignStep
from app.routers.pages.present import Reader
from app.routers.parts import SignBox, Signed
from app.routers.templating import Frame, environment
from app.services.demo_door import DemoDoor

BODIES: Mapping[str, str] = {
    "party_committee": N_("Party committee"),
    "standing_committee": N_("standing committee"),
}
STATUSES: Mapping[str, str] = {
    "open": N_("waits"),
    "approved": N_("approved"),
    "returned": N_("returned"),
    "taken_back": N_("taken back"),
}
SET_ASIDE = N_("approved on paper, and set aside")
NAMED = 2  # of several who could sign, this many are named


@dataclass(frozen=True)
class Waiting:
    """What a page knows of the place that is next: whether it is the reader's, who else's, and
    what was entered for it from paper."""

    mine: bool = False
    signers: Sequence[Row] = ()
    frame: Frame | None = None
    door: DemoDoor | None = None
    back: str = ""
    on_paper: Row | None = None

    def continue_as(self) -> str:
        """In a demo, a button to go on as whoever signs next, rather somebody whom the sign-in
        page has introduced; else nothing."""
        if self.door is None or self.frame is None or self.mine:
            return ""
        introduced = {card.login for card in self.door.cards}
        able = [row for row in self.signers if row["login"] in self.door.passwords]
        someone = min(able, key=lambda row: row["login"] not in introduced, default=None)
        if someone is None:
            return ""
        macros: Any = environment(self.frame.locale, self.frame.zone).get_template(
            "macros/gate.html"
        )
        made: Markup = macros.module.continue_as(
            self.frame, someone["login"], someone["name"], back=self.back
        )
        return made


NOBODY = Waiting()


def who(reader: Reader, step: SignStep, signers: Sequence[Row] = ()) -> str:
    """Who a place in a chain is for: by name where few could sign, always by office."""
    office = reader.say(BODIES[step.body]) if step.body else reader.code(step.code)
    names = [row["name"] for row in signers] or list(step.candidates)
    if not names or len(names) > NAMED:
        return office
    either = reader.say(N_(" or ")).join(names)
    return reader.say(N_("{name} ({role})"), name=either, role=office)


def preview(reader: Reader, chain: Sequence[SignStep]) -> list[Signed]:
    """Who will sign, in which order and why they, before anything is sent."""
    return [
        Signed(
            text=_to_come(reader, step),
            note=_why(reader, step),
            when=reader.say(N_("first")) if step.position == 1 else reader.say(N_("then")),
        )
        for step in chain
    ]


def _to_come(reader: Reader, step: SignStep, signers: Sequence[Row] = ()) -> str:
    message = N_("{who} reviews") if step.act == "review" else N_("{who} decides")
    return reader.say(message, who=who(reader, step, signers))


def in_words(reader: Reader, chain: Sequence[SignStep]) -> str:
    """The chain as one line: "Gao Jing reviews, Peng Sheng decides"."""
    return reader.joined([_to_come(reader, step) for step in chain])


def of_row(reader: Reader, row: Transition) -> str:
    """Who asks for a step and who decides on it, by their offices."""
    asks = reader.say(N_(" or ")).join(dict.fromkeys(reader.code(c) for c in row.requested_by))
    if row.approved_by is None:
        return reader.say(N_("By the {who} alone"), who=asks)
    words = N_("Asked for by the {who}, decided by the {decider}")
    if row.paper:
        words = N_("Asked for by the {who}, decided by the {decider}, who may sign on paper")
    return reader.say(words, who=asks, decider=reader.code(row.approved_by))


def steps_of(request: Row) -> list[SignStep]:
    return [SignStep.from_json(row) for row in request["chain"]]


def signed_chain(
    reader: Reader,
    request: Row,
    signatures: Sequence[Row],
    committee: Sequence[Row] = (),
    waiting: Waiting = NOBODY,
    *,
    reasons: bool = True,
) -> list[Signed]:
    """A request from its asking to its last signature. `reasons`: the reader may know them."""
    steps = {step.position: step for step in steps_of(request)}
    hands = {row["position"]: row for row in signatures if row["request_id"] == request["id"]}
    since = max([request["requested_on"], *(hand["signed_on"] for hand in hands.values())])
    found = [_asked(reader, request, reasons=reasons)]
    for position in sorted({*steps, *hands}):
        step, hand = steps.get(position), hands.get(position)
        if hand is not None:
            sitting = _sitting(request["id"], step, committee)
            found.append(_signed(reader, step, hand, sitting, reasons=reasons))
        elif step is not None and request["status"] == "open":
            now = position == request["next_position"]
            found.append(_awaited(reader, since, step, waiting) if now else _later(reader, step))
    return found


def _asked(reader: Reader, request: Row, *, reasons: bool) -> Signed:
    step = reader.step(request["kind"], request["event"])
    name = request["requested_by_name"]
    if name is None:
        text = reader.say(N_("Asked for, as the ledger shows: {step}"), step=step)
    else:
        text = reader.say(N_("{who} asked for: {step}"), who=name, step=step)
    return Signed(
        text=text,
        status="done",
        note=_quoted(reader, request["reason"]) if reasons else "",
        when=i18n.table_date(request["requested_on"]),
    )


def status(reader: Reader, row: Row, signatures: Sequence[Row]) -> str:
    """What became of a request; where a signature on paper was set aside, it isn't approved."""
    aside = any(
        hand["request_id"] == row["id"] and hand["standing"] == "set_aside" for hand in signatures
    )
    return reader.say(
        SET_ASIDE if aside and row["status"] == "approved" else STATUSES[row["status"]]
    )


def _quoted(reader: Reader, reason: str | None) -> str:
    return reader.say(N_("“{words}”"), words=reason.strip()) if reason and reason.strip() else ""


def _signed(
    reader: Reader, step: SignStep | None, hand: Row, sitting: Row | None, *, reasons: bool
) -> Signed:
    office = reader.code(step.code) if step else reader.role(hand["role"])
    if hand["verdict"] == "return":
        message, status = N_("{who} returned it"), "returned"
    elif hand["act"] == "review":
        message, status = N_("{who} reviewed and agreed"), "done"
    else:
        message, status = N_("{who} approved"), "done"
    someone = reader.say(N_("{name} ({role})"), name=hand["name"] or "", role=office)
    notes = [_quoted(reader, hand["reason"])] if reasons else []
    if hand["standing"] == "set_aside":
        message, status = N_("{who}: a signature on paper that was set aside"), "returned"
    if sitting is not None:
        notes.append(sitting_words(reader, sitting))
    if hand["manner"] == "ledger":
        notes.append(reader.say(N_("Taken from a ledger, not signed here.")))
    elif hand["manner"] == "paper":
        notes += _on_paper(reader, hand, reasons=reasons)
    if hand["study_item_id"] is not None:
        notes.append(met_words(reader, hand))
    return Signed(
        text=reader.say(message, who=someone),
        status="returned" if status == "returned" else "done",
        note=reader.text(*notes),
        when=i18n.table_date(hand["signed_on"]),
    )


# Of a signature on paper, what came of telling its signer.
_STANDING = {
    "stands": N_("Its signer has not answered yet."),
    "acknowledged": N_("Its signer says that it is theirs."),
}


def _on_paper(reader: Reader, hand: Row, *, reasons: bool) -> list[str]:
    """Who entered and who compared it, and what its signer says."""
    told = [
        reader.say(
            N_("Signed on paper; entered by {who}, compared by {other}."),
            who=hand["entered_by_name"] or "", other=hand["compared_by_name"] or "",
        )
    ]  # fmt: skip
    standing = hand["standing"]
    if standing in _STANDING:
        told.append(reader.say(_STANDING[standing]))
    if standing in ("objected", "upheld", "set_aside"):
        told.append(reader.say(N_("Its signer objects: it isn't theirs.")))
        told += [_quoted(reader, hand["objection"])] if reasons else []
    if standing in ("upheld", "set_aside"):
        words = N_("{who} decided on {day}: it stands.")
        if standing == "set_aside":
            words = N_("{who} set it aside on {day}.")
        day = reader.written(hand["decided_on"])
        told.append(reader.say(words, who=hand["decided_by_name"], day=day))
        told += [_quoted(reader, hand["decision"])] if reasons else []
    return told


def met_words(reader: Reader, hand: Row) -> str:
    """That a signature was made in a study meeting; whoever left for the item learns no day."""
    if hand["met_on"] is None:
        return reader.say(N_("Decided in a study meeting."))
    day = reader.written(hand["met_on"])
    return reader.say(N_("Decided in the study meeting of {day}."), day=day)


def _sitting(request_id: UUID, step: SignStep | None, committee: Sequence[Row]) -> Row | None:
    """What was recorded of the sitting, for the place that a committee decided in."""
    if step is None or step.body is None:
        return None
    return next(
        (row for row in committee if (row["request_id"], row["body"]) == (request_id, step.body)),
        None,
    )


def sitting_words(reader: Reader, row: Row) -> str:
    """A committee's sitting in one sentence."""
    return reader.say(
        N_(
            "Sitting of {day}, chaired by {chair}: {present} present, {recused} recused;"
            " {votes_for} for, {votes_against} against, {abstained} abstained; minutes {minutes}."
        ),
        day=reader.written(row["held_on"]),
        chair=row["chair"],
        present=len(row["present"]),
        recused=len(row["recused"]),
        votes_for=row["votes_for"],
        votes_against=row["votes_against"],
        abstained=row["abstained"],
        minutes=row["minutes"],
    )


def _awaited(reader: Reader, since: date, step: SignStep, waiting: Waiting) -> Signed:
    message = N_("{who} reviews, now") if step.act == "review" else N_("{who} decides, now")
    return Signed(
        text=reader.say(message, who=who(reader, step, waiting.signers)),
        status="you" if waiting.mine else "next",
        note=reader.text(*_entered(reader, waiting.on_paper), _why(reader, step)),
        when=reader.waiting(since),
        extra=waiting.continue_as(),
    )


def _entered(reader: Reader, row: Row | None) -> list[str]:
    """What was entered from paper, and counts for nothing yet."""
    if row is None:
        return []
    words = N_("On paper in the name of {signer}, entered by {who} on {day}, not compared yet.")
    day = reader.written(row["entered_on"])
    return [reader.say(words, signer=row["signer_name"], who=row["entered_by_name"], day=day)]


def _later(reader: Reader, step: SignStep) -> Signed:
    return Signed(text=_to_come(reader, step), note=_why(reader, step), when=reader.say(N_("then")))


def _why(reader: Reader, step: SignStep) -> str:
    """The procedure's own sentence where a rule named this place, else the general one."""
    if step.rule:
        return reader.worded(step.rule)
    return reader.reason(step.why)


def boxes(reader: Reader, row: Row, signatures: Sequence[Row]) -> list[SignBox]:
    """For the print: a box for the request and one for each place in its chain."""
    hands: Mapping[int, Row] = {each["position"]: each for each in signatures}
    day = reader.written(row["requested_on"])
    found = [SignBox(reader.say(N_("Asked by")), [row["requested_by_name"] or "", day])]
    for step in steps_of(row):
        hand = hands.get(step.position)
        office = who(reader, step)
        heading = reader.say(N_("Reviewed by") if step.act == "review" else N_("Decided by"))
        if hand is not None:
            lines = [hand["name"] or "", reader.written(hand["signed_on"])]
            lines += [reader.say(N_("on paper"))] if hand["manner"] == "paper" else []
            lines += [reader.say(N_("set aside"))] if hand["standing"] == "set_aside" else []
            lines += [met_words(reader, hand)] if hand["study_item_id"] is not None else []
            found.append(SignBox(heading, lines))
        else:
            found.append(SignBox(heading, [office, reader.say(N_("Signature      Date"))]))
    return found
