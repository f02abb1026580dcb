"""A lead on which five hundred things happened, each entered by the services."""

from __future__ import annotations

from uuid import UUID

from app.repositories.work import Office, Work
from app.services import corrections, leads, matters, requests, workflow
from app.services.corrections import Said

# One for logging it, then notes, corrections, and requests that were taken back.
NOTES, CORRECTIONS, TAKEN_BACK = 259, 80, 80
EVENTS = 1 + NOTES + CORRECTIONS + 2 * TAKEN_BACK


def happen(office: Office, manager: str, unit_id: UUID, room: UUID) -> UUID:
    with office.work(manager, use_case="bench.many_events") as tx:
        lead_id = leads.log_lead(
            tx,
            leads.NewLead(
                source="supervision", received_on=tx.today, what="多领补助", unit_id=unit_id
            ),
        )
        for at in range(TAKEN_BACK):
            _ask_and_take_back(tx, lead_id, room, at)
        for at in range(CORRECTIONS):
            said = Said(field="remark", value=f"见第{at}号谈话笔录", reason="页码有误")
            corrections.correct(tx, lead_id, said)
        for at in range(NOTES):
            matters.add_note(tx, lead_id, text=f"第{at}次核对造林图，与林业站台账不符。")
    return lead_id


def _ask_and_take_back(tx: Work, lead_id: UUID, room: UUID, at: int) -> None:
    form = {"department": str(room), "no_conflict": True}
    workflow.act(tx, lead_id, event="assign", form=form, reason=f"第{at}次：属第一室联系地区")
    [asked] = [row for row in matters.read_matter(tx, lead_id).requests if row["status"] == "open"]
    requests.take_back(tx, asked["id"])
