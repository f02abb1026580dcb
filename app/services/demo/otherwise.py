"""Steps of the demo that are signed elsewhere than at one's own desk: in a study meeting, on paper;
and a correction that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from app.core.typesetting import typeset
from app.domain.demo.steps import Step
from app.repositories.work import Work
from app.services import corrections, meetings, paper_signatures, papers, requests
from app.services.corrections import Said
from app.services.demo.people import Cast
from app.services.papers import Brought

Arguments = Mapping[str, Any]
REFUSED = "the demo’s meeting could not sign what it decided"


class Known(Protocol):
    """What whoever replays the plan knows: matters and requests by the plan's keys."""

    cast: Cast
    made: dict[str, UUID]
    asked: dict[str, UUID]


def meet(known: Known, tx: Work, step: Step, given: Arguments) -> None:
    """Drawn up, decided, signed by the recorder and by the chair."""
    cast, chair = known.cast, given["chair"].key
    meeting_id = meetings.draft(
        tx, held_on=step.day, chair_id=cast.accounts[chair],
        present=[cast.accounts[each.key] for each in given["present"]],
    )  # fmt: skip
    version = 1
    for item in given["agenda"]:
        request = requests.open_request(tx, known.asked[item["matter"].key])
        item_id = meetings.put_on(tx, meeting_id, request["id"], seen_version=version)
        version = meetings.decide(
            tx, meeting_id, item_id, decision="sign", reason=item["reason"],
            request_version=request["version"], seen_version=version + 1,
        )  # fmt: skip
    version = meetings.record(tx, meeting_id, seen_version=version)
    tx.enter(cast.sessions[chair])
    tx.dated(step.day)
    meetings.sign(tx, meeting_id, seen_version=version)

    @contextmanager
    def within(_use_case: str) -> Iterator[Work]:
        yield tx

    meetings.carry_out(within, meeting_id)
    places = meetings.read(tx, meeting_id).places
    if any(place.row["result"] not in ("carried_out", "passed_on") for place in places):
        raise RuntimeError(REFUSED)


def enter_on_paper(known: Known, tx: Work, step: Step, given: Arguments) -> None:
    request = requests.open_request(tx, known.asked[step.matter])
    signer = given["signer"].key
    paper_signatures.enter(
        tx, request["id"], signer_id=known.cast.accounts[signer], verdict="sign",
        reason=given["reason"], signed_on=given["signed_on"],
        scan=_scan(tx, request, _name(tx, request, known.cast.accounts[signer]), given),
    )  # fmt: skip


def _name(tx: Work, request: Mapping[str, Any], account_id: UUID) -> str:
    found: str = next(
        row["name"] for row in requests.next_signers(tx, dict(request)) if row["id"] == account_id
    )
    return found


def _scan(tx: Work, request: Mapping[str, Any], signer: str, given: Arguments) -> Brought:
    """The sheet that went through the offices, with what the signer wrote on it."""
    day: date = given["signed_on"]
    written = f"{day.year}年{day.month}月{day.day}日"
    content = {
        "lang": "zh", "title": "呈批单", "subject": request["title"], "alleged": True,
        "unit": "演示用扫描件", "source": request["number"],
        "words": {
            "alleged": "反映", "mark": "密级：内部", "page": "第{page}页，共{pages}页",
            "printed": "", "finger": "", "date": "",
        },
        "sections": [
            {"heading": "提请", "kind": "facts", "facts": [
                ("编号", request["number"]), ("提请人", request["requested_by_name"]),
                ("提请理由", request["reason"] or "")]},
            {"heading": "签批", "kind": "boxes", "boxes": [
                {"heading": "领导批示", "lines": [given["reason"], "", signer, written],
                 "finger": False, "dated": False}]},
        ],
    }  # fmt: skip
    return papers.look_at(typeset("document", content, at=tx.now), "呈批单扫描件.pdf")


def compare_on_paper(known: Known, tx: Work, step: Step, _given: Arguments) -> None:
    """Whoever compares opens the scan, as everybody has to."""
    request = requests.open_request(tx, known.asked[step.matter])
    entry = paper_signatures.entered(tx, request)
    if entry is None:
        raise RuntimeError("the demo compares what nobody entered")
    papers.read(tx, request["matter_id"], entry["paper_id"], as_="picture")
    paper_signatures.compare(tx, entry["id"], matches=True)


def ask_correction(known: Known, tx: Work, step: Step, given: Arguments) -> None:
    said = Said(field=given["field"], value=given["value"], reason=given["reason"])
    corrections.ask(tx, known.made[step.matter], said)
