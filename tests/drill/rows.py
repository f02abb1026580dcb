"""A row of each table that hangs on a matter, written past every rule."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from app.core.ids import new_id
from tests.build_history import Made, Past
from tests.builders import World

DAY = date(2018, 9, 3)


def one(owner: psycopg.Connection[DictRow], query: str) -> Any:
    row = owner.execute(query.encode()).fetchone()
    assert row is not None
    return row["id"]


@dataclass
class Hanging:
    """`text` stands wherever somebody could have written."""

    past: Past
    world: World
    lead: Made
    item: Made
    petition: Made
    text: str
    involved: UUID = field(default_factory=new_id)
    request: UUID = field(default_factory=new_id)
    person: UUID = field(default_factory=new_id)

    def write(self) -> None:
        self.past.insert("person", id=self.person, name=f"某{self.person.hex[-4:]}")
        self._people()
        self._papers()
        self._decisions()
        self._met()
        self._namesake()
        self._readers()

    @property
    def _hands(self) -> tuple[UUID, UUID, UUID]:
        """(who recorded it, somebody else, who heads it)."""
        world = self.world
        return world.operator.account_id, world.keeper.account_id, world.deputy.account_id

    def _people(self) -> None:
        put, lead, text, involved = self.past.insert, self.lead, self.text, self.involved
        owner, _, _ = self._hands
        put("involvement", id=involved, matter_id=lead.id, code="01", part="witness",
            person_id=self.person, begins_on=DAY, alleged=text, position=text)  # fmt: skip
        put("claimed_amount", id=new_id(), matter_id=lead.id, involvement_id=involved,
            kind="ledger_recovered", amount=5)  # fmt: skip
        put("statement", id=new_id(), matter_id=lead.id, involvement_id=involved, said=text,
            said_on=DAY, recorded_by=owner)  # fmt: skip
        put("task", id=new_id(), matter_id=lead.id, involvement_id=involved, kind="x", due_on=DAY,
            owed_since=DAY, how=text)  # fmt: skip
        put("payee", id=new_id(), fund_item_id=self.item.id, name=text, amount=5)
        self.past.owner.execute(
            "UPDATE fund_item SET holder_involvement_id = %s WHERE id = %s",
            [involved, self.item.id],
        )

    def _papers(self) -> None:
        put, lead, petition, text = self.past.insert, self.lead, self.petition, self.text
        owner, _, _ = self._hands
        round_, batch = new_id(), one(self.past.owner, "SELECT id FROM import_batch LIMIT 1")
        put("inspection_round", id=round_, name=round_.hex, begins_on=DAY, ends_on=DAY)
        put("note", id=new_id(), matter_id=lead.id, text=text, made_by=owner, made_on=DAY)
        put("matter_paper", id=new_id(), matter_id=lead.id, title=text, file_name=text,
            media="image/png", size=1, pages=1, digest=lead.id.hex * 2, attached_by=owner,
            attached_on=DAY, marked_by=owner, marked_on=DAY, mark_reason=text)  # fmt: skip
        put("correction", id=new_id(), matter_id=lead.id, field="what", old=text, reason=text,
            made_by=owner, made_on=DAY)  # fmt: skip
        put("import_row", id=new_id(), batch_id=batch, family="leads", row=3,
            row_hash=lead.id.bytes, matter_id=lead.id)  # fmt: skip
        put(
            "possible_repeat",
            id=new_id(),
            matter_id=lead.id,
            other_id=petition.id,
            why=Jsonb({"said": text}),
        )
        put("finding", id=new_id(), round_id=round_, team="一", lead_id=lead.id,
            cited=text, what=text, found_on=DAY)  # fmt: skip
        put("former_fact", id=new_id(), matter_id=lead.id, field="source", value=text)
        put("matter_link", id=new_id(), kind="petition_lead", from_id=petition.id, to_id=lead.id,
            begins_on=DAY)  # fmt: skip
        put("disposal", id=new_id(), lead_id=lead.id, method="verification", disposed_on=DAY)
        put("import_finding", id=new_id(), batch_id=batch, sheet=text, row=3, verdict="warned",
            findings=Jsonb({"said": text}), matter_id=lead.id)  # fmt: skip

    def _decisions(self) -> None:
        put, lead, text, request = self.past.insert, self.lead, self.text, self.request
        owner, other, _ = self._hands
        step, outcome, again = new_id(), new_id(), new_id()
        put("request", id=request, matter_id=lead.id, event="file", from_state="verifying",
            to_state="filed", requested_by=owner, requested_on=DAY, matter_version=2, reason=text,
            chain=Jsonb([]))  # fmt: skip
        put("signature", id=new_id(), request_id=request, matter_id=lead.id, requested_by=owner,
            position=1, act="review", role="keeper", account_id=other, verdict="sign", reason=text,
            signed_on=DAY)  # fmt: skip
        paper = one(self.past.owner, "SELECT id FROM matter_paper ORDER BY id DESC LIMIT 1")
        put("paper_signature", id=new_id(), request_id=request, matter_id=lead.id,
            requested_by=owner, position=1, signer_id=other, verdict="sign", reason=text,
            signed_on=DAY, paper_id=paper, entered_by=self.world.chief.account_id, entered_on=DAY,
            status="upheld", compared_by=self.world.lead_manager.account_id, compared_on=DAY,
            answered_on=DAY, objection=text, decided_by=self._hands[2], decided_on=DAY,
            decision=text)  # fmt: skip
        put("committee_decision", id=new_id(), request_id=request, matter_id=lead.id,
            body="party_committee", held_on=DAY, chair=text, present=["x"], recused=[], votes_for=1,
            votes_against=0, abstained=0, minutes=text, recorded_by=owner)  # fmt: skip
        put("transition", id=step, matter_id=lead.id, version=3, event="x", to_state="verifying",
            request_id=request, reason=text, happened_on=DAY)  # fmt: skip
        put("clock", id=new_id(), matter_id=lead.id, rule="x", amount=1, unit="D", started_on=DAY,
            due_on=DAY, started_by=step)  # fmt: skip
        put("outcome", id=outcome, matter_id=lead.id, involvement_id=self.involved, kind="handling",
            decided_on=DAY, transition_id=step)  # fmt: skip
        put("outcome", id=again, matter_id=lead.id, kind="handling", decided_on=DAY)
        put("replacement", outcome_id=outcome, by_id=again, matter_id=lead.id)

    def _met(self) -> None:
        """A meeting that returned it, for which somebody left."""
        put, lead, text = self.past.insert, self.lead, self.text
        owner, other, deputy = self._hands
        meeting, item = new_id(), new_id()
        unit = one(self.past.owner, "SELECT id FROM unit ORDER BY path LIMIT 1")
        put("study_meeting", id=meeting, unit_id=unit, held_on=DAY, chair_id=deputy,
            recorder_id=owner, status="signed", recorded_on=DAY, signed_on=DAY)  # fmt: skip
        put("study_attendance", id=new_id(), meeting_id=meeting, account_id=other)
        put("study_item", id=item, meeting_id=meeting, matter_id=lead.id, request_id=self.request,
            position=1, seen_version=1, decision="sign", reason=text, result="refused",
            result_reason=Jsonb({"message": text}))  # fmt: skip
        put("study_recusal", id=new_id(), item_id=item, matter_id=lead.id, account_id=other,
            cause="declared")  # fmt: skip

    def _namesake(self) -> None:
        _, other, deputy = self._hands
        self.past.insert(
            "namesake", id=new_id(), matter_id=self.lead.id, involvement_id=self.involved,
            account_id=other, works=False, answer="other", reason=self.text, answered_by=deputy,
            answered_on=DAY,
        )  # fmt: skip

    def _readers(self) -> None:
        put, lead, petition, text = self.past.insert, self.lead, self.petition, self.text
        _, other, deputy = self._hands
        session, emergency = one(self.past.owner, "SELECT id FROM session LIMIT 1"), new_id()
        soon = one(self.past.owner, "SELECT now() + interval '1 hour' AS id")
        put("team_member", id=new_id(), matter_id=lead.id, account_id=deputy, part="member",
            begins_on=DAY)  # fmt: skip
        put("access_grant", id=new_id(), matter_id=lead.id, account_id=other, reason=text,
            begins_on=DAY, ends_on=date(2018, 9, 9), granted_by=deputy)  # fmt: skip
        put("draft", id=new_id(), account_id=other, matter_id=lead.id, sealed=text.encode(),
            address=f"/matters/{lead.id}/notes/new")  # fmt: skip
        watch = new_id()
        put("watch", id=watch, account_id=other, matter_id=lead.id)
        put("watched_matter", watch_id=watch, matter_id=lead.id, version=1)
        put("visit", id=new_id(), account_id=other, matter_id=lead.id, version=1)
        put("handler_wanted", matter_id=lead.id)
        sending = new_id()
        put("assignment", id=sending, account_id=other, key=sending.hex, digest=b"x", kind="lead",
            event="assign")  # fmt: skip
        put("assigned_matter", id=new_id(), assignment_id=sending, position=1, matter_id=lead.id,
            outcome="asked")  # fmt: skip
        webhook = new_id()
        put("webhook", id=webhook, account_id=other, name="x", address="https://a.example",
            events=["x"], key_id=new_id(), key_sealed=b"x", secret_sealed=b"x")  # fmt: skip
        put("webhook_delivery", id=new_id(), webhook_id=webhook, matter_id=lead.id,
            events=["matter.logged"], at=soon)  # fmt: skip
        put("release", id=new_id(), petition_id=petition.id, reporter=True, wording=True,
            requested_by=other, reason=text)  # fmt: skip
        put("emergency", id=emergency, matter_id=lead.id, account_id=other, number=lead.number,
            reason=text, opens_until=soon,
            review_by=soon.date())  # fmt: skip
        put("emergency_reading", id=new_id(), emergency_id=emergency, matter_id=lead.id,
            account_id=other, session_id=session)  # fmt: skip
        put("linked_decision", id=new_id(), matter_id=lead.id, account_id=other,
            linked_id=petition.id, keeps_off=False, reason=text, decided_by=deputy,
            decided_on=DAY)  # fmt: skip
        put("linked_reading", id=new_id(), matter_id=lead.id, account_id=other)
        put("person_opening", id=new_id(), person_id=self.person, account_id=other,
            session_id=session, matter_id=lead.id, reason=text, open_until=soon)  # fmt: skip
        put("reporter_identity", petition_id=petition.id, key_id="x", sealed=text.encode())
        put(
            "sealed_words",
            id=new_id(),
            matter_id=petition.id,
            form=Jsonb({"said": text}),
            reason=text,
        )
        put("reporter_tie", petition_id=petition.id, token=text.encode())
        put("wall", id=new_id(), matter_id=lead.id, account_id=other, cause="decided", reason=text,
            request_id=self.request, made_by=deputy, made_on=DAY)  # fmt: skip
