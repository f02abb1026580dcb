"""A matter's past as sentences: every step, and what else was entered on it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain.errors import N_
from app.domain.kinds import Kind, Stage
from app.domain.money import Money
from app.routers.pages import chains
from app.routers.pages.present import Reader, matter_href
from app.routers.parts import Happened
from app.services.matters import MatterFile

# Fields that corrections name; the words stand in sentences.
FIELDS: Mapping[str, str] = {
    "title": N_("title"),
    "source": N_("source"),
    "responsible_leader": N_("responsible leader"),
    "what": N_("what is alleged"),
    "category": N_("kind of problem"),
    "place": N_("place"),
    "happened": N_("time"),
    "amount": N_("amount"),
    "remark": N_("remark"),
    "channel": N_("channel"),
    "brief": N_("facts of the case in brief"),
    "description": N_("description"),
    "campaign_id": N_("campaign"),
    "name": N_("name"),
    "position": N_("position"),
    "rank": N_("rank"),
    "alleged": N_("what is alleged of a person"),
}

# What is entered beside steps: the event, and its sentence without particulars.
ENTERED: Mapping[str, str] = {
    "take_back": N_("{who} took the request back."),
    "noted": N_("{who} added a note."),
    "paper_attached": N_("{who} attached a paper."),
    "paper_marked": N_("{who} said that a paper was attached by mistake."),
    "paper_withdrawn": N_("{who} confirmed that a paper was attached by mistake."),
    "paper_stays": N_("{who} decided that a paper stays."),
    "paper_signature_entered": N_("{who} entered a signature given on paper."),
    "paper_signature_withdrawn": N_("{who} took the entry of a signature on paper back."),
    "paper_signature_rejected": N_("{who} compared a signature on paper: it doesn't match."),
    "paper_signature_acknowledged": N_("{who} said that the signature on paper is theirs."),
    "paper_signature_objected": N_("{who} objected to a signature on paper in their name."),
    "paper_signature_upheld": N_("{who} decided that a signature on paper stands."),
    "paper_signature_set_aside": N_("{who} set a signature on paper aside."),
    "person_added": N_("{who} added a person or organisation."),
    "person_described": N_("{who} completed what the register asks of a person."),
    "statement_recorded": N_("{who} recorded what a person said to the facts."),
    "statement_answered": N_("{who} answered a person’s statement."),
    "task_done": N_("{who} recorded as done what was owed."),
    "summary_written": N_("{who} wrote the summary for the department."),
    "summary_checked": N_("{who} checked the summary: it points to nobody."),
    "repeat_decided": N_("{who} decided on a possible repeat."),
    "bank_line_assigned": N_("{who} assigned a bank line to it."),
    "bank_line_taken_away": N_("{who} took a bank line away from it."),
    "return_signed": N_("{who} recorded that somebody signed for money."),
    "kept_off": N_("{who} keeps off the matter from now on."),
    "link_decided": N_("{who} decided on who goes on with it."),
    "namesake_answered": N_("{who} looked at who the people of this matter are."),
    "release_asked": N_("{who} asked that something sealed be released."),
    "release_decided": N_("{who} decided on a request to release something sealed."),
    "emergency_reviewed": N_("{who} closed the review of an emergency read."),
    "wall_lifted": N_("{who} decided that somebody may work on it again."),
    "split_from": N_("{who} split it off from another matter."),
    "merged_here": N_("{who} merged another matter into it."),
    "unmerged_here": N_("{who} undid a merge into it."),
    "lead_joined": N_("{who} filed another lead into it."),
}

# What moved money: the event, and its sentence with the amount.
MOVED: Mapping[str, str] = {
    "money_received": N_("{who} recorded {amount} yuan received for {item}."),
    "money_returned": N_("{who} recorded {amount} yuan returned from {item}."),
    "money_remitted": N_("{who} recorded {amount} yuan remitted from {item}."),
    "money_released": N_("{who} recorded {amount} yuan released from {item}."),
    "bank_line_assigned": N_("{who} assigned a bank line of {amount} yuan to {item}."),
    "bank_line_taken_away": N_("{who} took a bank line of {amount} yuan away from {item}."),
    "return_signed": N_("{who} recorded that somebody signed for {amount} yuan of {item}."),
    "payees_listed": N_("{who} listed {amount} yuan to be returned from {item}."),
    "payee_unlisted": N_("{who} took {amount} yuan off the return list of {item}."),
    "money_reversed": N_("{who} reversed an entry of {amount} yuan of {item}."),
    "money_to_criminal_case": N_("{who} recorded {amount} yuan of {item} gone with the case."),
}


def entries(
    reader: Reader, file: MatterFile, unseen: Container[int] = frozenset()
) -> list[Happened]:
    """Newest first; `unseen` are versions. Where the reader may not know texts, reasons are left
    out."""
    said = {(row["request_id"], row["account_id"]): row["reason"] for row in file.signatures}
    # By whom a paper was compared, its signer's words stand.
    said |= {
        (row["request_id"], None): row["reason"]
        for row in file.signatures
        if row["manner"] == "paper"
    }
    met = {
        (row["request_id"], row["account_id"]): row
        for row in file.signatures
        if row["study_item_id"] is not None
    }
    return [
        Happened(
            on=row["happened_on"],
            text=_met(reader, sentence(reader, file.kind, row), row, met),
            note="" if file.masked else _note(reader, row, said),
            new=row["version"] in unseen,
            href=versions_of(file, row),
        )
        for row in file.history
    ]


def _met(reader: Reader, said: str, row: Row, met: Mapping[tuple[UUID, UUID | None], Row]) -> str:
    """The last signature of a chain, where it was made in a study meeting."""
    hand = met.get((row["request_id"], row["actor_id"])) if row["request_id"] else None
    return said if hand is None else reader.text(said, chains.met_words(reader, hand))


def _note(reader: Reader, row: Row, said: Mapping[tuple[UUID, UUID | None], str]) -> str:
    """Why, in the words of whoever did it: the last signer's own, not the request's."""
    if row["manner"] == "ledger":
        return reader.say(N_("Taken from a ledger, not signed here."))
    form = row["form"] or {}
    by = None if form.get("on_paper") else row["actor_id"]
    # What a correction says stands in a row of its own, which names the request in its form.
    asked = row["request_id"] or (UUID(form["request"]) if form.get("request") else None)
    own = said.get((asked, by)) if asked else None
    reason = (own or row["reason"] or "").strip()
    return reader.say(N_("“{words}”"), words=reason) if reason else ""


def sentence(reader: Reader, kind: str, row: Row) -> str:
    """What happened, by whom."""
    who = row["actor_name"] or reader.say(N_("The ledger"))
    event, form = row["event"], row["form"] or {}
    if row["manner"] == "ledger":
        return reader.say(
            N_("The ledger says: {state}."), state=reader.state(kind, row["to_state"])
        )
    # What was recorded before its amount was named is told without one.
    if event in ENTERED and (event not in MOVED or "amount" not in form):
        return reader.say(ENTERED[event], who=who)
    if event in MOVED:
        return _moved(reader, event, who, form)
    told = TOLD.get(event)
    if told is not None:
        return told(reader, kind, who, row)
    return _step(reader, kind, who, row)


def _moved(reader: Reader, event: str, who: str, form: Mapping[str, object]) -> str:
    amount = Money.yuan(str(form.get("amount", "0")))
    item = form.get("item") or reader.say(N_("an item"))
    return reader.say(MOVED[event], who=who, amount=f"{amount.decimal:,.2f}", item=item)


def _about_step(message: str) -> Callable[[Reader, str, str, Row], str]:
    """A sentence on a step that was asked for, signed or returned."""

    def told(reader: Reader, kind: str, who: str, row: Row) -> str:
        form = row["form"] or {}
        step = reader.step(kind, str(form.get("step", "")))
        if form.get("field"):
            field = field_words(reader, str(form["field"]))
            step = reader.say(N_("{name}: {task}"), name=step, task=field)
        role = reader.role(str(form["role"])) if form.get("role") else ""
        if form.get("on_paper"):
            return _compared(reader, who, step, form)
        text = reader.say(message, who=who, step=step, role=role)
        if form.get("met_on") is None:
            return text
        day = date.fromisoformat(str(form["met_on"]))
        return reader.text(text, chains.met_words(reader, {"met_on": day}))

    return told


def _compared(reader: Reader, who: str, step: str, form: Mapping[str, object]) -> str:
    """A hand on paper, and who compared it with its scan."""
    return reader.say(
        N_("{signer} answered on paper: {step}. {who} compared it."),
        signer=form["on_paper"], step=step, who=who,
    )  # fmt: skip


def _handed(reader: Reader, _kind: str, who: str, row: Row) -> str:
    form = row["form"] or {}
    if form.get("from"):
        return reader.say(
            N_("{who} handed it over from {former} to {handler}."),
            who=who, former=form["from"], handler=form.get("to") or "",
        )  # fmt: skip
    return reader.say(N_("{who} handed it to {handler}."), who=who, handler=form.get("to") or "")


def _passing(sentence: str) -> Callable[[Reader, str, str, Row], str]:
    """Of what goes from somebody who leaves to somebody else."""

    def told(reader: Reader, _kind: str, who: str, row: Row) -> str:
        form = row["form"] or {}
        return reader.say(
            sentence, who=who, former=form.get("from") or "", handler=form.get("to") or ""
        )

    return told


def _corrected(reader: Reader, _kind: str, who: str, row: Row) -> str:
    form = row["form"] or {}
    named = field_words(reader, str(form.get("field", "")))
    if form.get("request"):
        return reader.say(
            N_("{who} gave the last signature: {field} is corrected."), who=who, field=named
        )
    return reader.say(N_("{who} corrected: {field}."), who=who, field=named)


def field_words(reader: Reader, field: str) -> str:
    """What a field is called, to stand in a sentence."""
    return reader.say(FIELDS[field]) if field in FIELDS else field


def versions_of(file: MatterFile, row: Row) -> str:
    """Where all that a corrected field ever said stands; empty for any other event."""
    form = row["form"] or {}
    if row["event"] != "corrected" or form.get("field") not in FIELDS:
        return ""
    return versions_href(file.head["id"], str(form["field"]), form.get("involvement"))


def versions_href(matter_id: UUID, field: str, involvement_id: object = None) -> str:
    address = f"{matter_href(matter_id)}/fields/{field}"
    return f"{address}?of={involvement_id}" if involvement_id else address


TOLD: Mapping[str, Callable[[Reader, str, str, Row], str]] = {
    "requested": _about_step(N_("{who} asked for: {step}.")),
    "signed": _about_step(N_("{who} ({role}) signed: {step}.")),
    "return": _about_step(N_("{who} returned: {step}.")),
    "handed_to": _handed,
    "left_team": _passing(N_("{who} took {former} off the team, on which {handler} is already.")),
    "request_passed": _passing(N_("{who} passed a request of {former}’s on to {handler}.")),
    "corrected": _corrected,
}


def _step(reader: Reader, kind: str, who: str, row: Row) -> str:
    """A step of the procedure: what was done, and where it led."""
    if row["event"] not in reader.profile.machine(Kind(kind)).events():
        return reader.say(N_("{who} changed something about it."), who=who)
    values = {
        "who": who,
        "step": reader.step(kind, row["event"]),
        "state": reader.state(kind, row["to_state"]),
    }
    on_paper = (row["form"] or {}).get("on_paper")
    if on_paper:
        return reader.say(
            N_(
                "{signer} gave the last signature, on paper: {step}. {who} compared it."
                " Now: {state}."
            ),
            **values, signer=on_paper,
        )  # fmt: skip
    if row["from_state"] == row["to_state"]:
        if row["request_id"] is not None:
            return reader.say(N_("{who} gave the last signature: {step}."), **values)
        return reader.say(N_("{who}: {step}."), **values)
    if row["request_id"] is not None:
        return reader.say(N_("{who} gave the last signature: {step}. Now: {state}."), **values)
    return reader.say(N_("{who}: {step}. Now: {state}."), **values)


def stage_notes(reader: Reader, file: MatterFile) -> dict[Stage, str]:
    """When each stage began and ended, for the line of four under a matter's title. Where it
    stands now the name of its state is beside: of that stage, since when it is in this state."""
    states = reader.profile.machine(file.kind).states
    spans: dict[Stage, tuple[date, date | None]] = {}
    here: Stage | None = None
    since: date | None = None
    was = ""
    for row in reversed(file.turns):
        if row["to_state"] != was:
            was, since = row["to_state"], row["happened_on"]
        state = states.get(row["to_state"])
        stage = state.stage if state else here
        if stage is None or stage is here:
            continue
        if here is not None:
            spans[here] = (spans[here][0], row["happened_on"])
        first = spans[stage][0] if stage in spans else row["happened_on"]
        spans[stage] = (first, None)
        here = stage
    ended = file.head["closed_on"]
    if here is not None and since is not None and ended is None:
        spans[here] = (since, None)
    return {stage: _span(reader, began, until or ended) for stage, (began, until) in spans.items()}


def _span(reader: Reader, began: date, until: date | None) -> str:
    if until is None:
        days = reader.calendar.between(began, reader.today)
        if days == 0:
            return reader.say(N_("since {day}"), day=reader.written(began))
        return reader.say(
            N_("since {day}, working day {count}"), day=reader.written(began), count=days
        )
    if until == began:
        return reader.written(began)
    return reader.say(
        N_("{begin} to {end}"), begin=reader.written(began), end=reader.written(until)
    )


def changed_since(reader: Reader, file: MatterFile, version: int) -> list[Happened]:
    """What others did after the version that somebody saw."""
    newer: Sequence[Row] = [row for row in file.history if row["version"] > version]
    return [Happened(on=row["happened_on"], text=sentence(reader, file.kind, row)) for row in newer]
