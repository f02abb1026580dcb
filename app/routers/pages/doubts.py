"""Ledger doubts 台账疑点: rows that contradict a rule, and what explains or corrects them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Invalid
from app.domain.permissions import Permission
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, alleged, matter_href
from app.routers.pages.tabs import log_tabs
from app.routers.paging import Paging
from app.routers.parts import Choice, Column, Filled, Filter, Link
from app.routers.templating import render
from app.services import doubts
from app.services.doubts import Settlement

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

RULES: Mapping[str, str] = {
    "sanction_not_eligible": N_("A sanction that the person can’t receive"),
    "handling_on_held_lead": N_("A handling or sanction on a lead on hold"),
    "received_before_lead": N_("Money received before its lead"),
    "returned_before_received": N_("More went back than had come in"),
    "finding_outside_round": N_("A finding outside the days of its round"),
    "control_total_differs": N_("The ledger’s own sum differs from the money on record"),
    "identity_under_two_names": N_("One identity number under two names"),
}
WHY: Mapping[str, str] = {
    "sanction_not_eligible": N_(
        "Village staff who are no public employees can receive the warning, the demerit and the"
        " major demerit; who is no Party member gets no Party sanction."
    ),
    "handling_on_held_lead": N_("What is on hold has not been decided, so nothing follows yet."),
    "received_before_lead": N_(
        "The bank has the money on {happened_on}, the lead was received on {received_on}."
    ),
    "returned_before_received": N_(
        "On {happened_on} more had gone back to villagers than had come in for this lead."
    ),
    "finding_outside_round": N_(
        "It was found on {found_on}; the team was there from {begins_on} to {ends_on}."
    ),
    "control_total_differs": N_("The ledger says {stated} yuan, {booked} yuan are on record."),
    "identity_under_two_names": N_("Both people are kept apart until it is known whose it is."),
}
SETTLED: Mapping[str, str] = {
    Settlement.EXPLAINED: N_("explained"),
    Settlement.CORRECTED: N_("corrected"),
    Settlement.AGREES_NOW: N_("agrees now"),
}


@router.get("/log/doubts")
def list_doubts(request: Request, caller: Reading, paging: Paging) -> Response:
    rule = request.query_params.get("rule", "")
    settled = request.query_params.get("settled") == "yes"
    after = paging.after("doubts", UUID)
    with caller.work("doubts.list") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="log")
        counts = doubts.open_by_rule(tx)
        found = doubts.list_doubts(
            tx, rule=rule if rule in RULES else None, settled=settled, after=after,
            limit=paging.wanted,
        )  # fmt: skip
        tabs = log_tabs(tx, reader, "doubts")
    rows, following = paging.part("doubts", found, lambda row: (row["id"],))
    more = urlencode({"rule": rule, "settled": "yes" if settled else "", "cursor": following or ""})
    return render(
        request,
        "pages/doubts.html",
        frame=frame,
        tabs=tabs,
        filters=_filters(reader, rule, settled, counts),
        columns=_columns(reader, settled),
        rows=[_row(reader, row) for row in rows],
        count=sum(counts.values()),
        settled=settled,
        following=f"/log/doubts?{more}" if following else None,
    )


def _filters(reader: Reader, rule: str, settled: bool, counts: Mapping[str, int]) -> list[Filter]:
    rules = [Choice("", reader.say(N_("all rules")))] + [
        Choice(key, f"{reader.say(label)} ({counts.get(key, 0)})") for key, label in RULES.items()
    ]
    states = [Choice("", reader.say(N_("open"))), Choice("yes", reader.say(N_("settled")))]
    return [
        Filter("rule", reader.say(N_("Rule")), rule, rules),
        Filter("settled", reader.say(N_("Which")), "yes" if settled else "", states),
    ]


def _columns(reader: Reader, settled: bool) -> list[Column]:
    return [
        Column("number", reader.say(N_("Number")), "number"),
        Column("rule", reader.say(N_("What contradicts which rule"))),
        Column("place", reader.say(N_("Unit")), "place"),
        Column("ledger", reader.say(N_("Ledger and row")), width="c-16"),
        Column("act", reader.say(N_("Settled") if settled else N_("What to do")), width="c-step"),
    ]


def _row(reader: Reader, row: Row) -> dict[str, object]:
    href = f"/log/doubts/{row['id']}"
    if row["settled_on"] is None:
        act = Link(reader.say(N_("Explain or correct")), href)
    else:
        act = Link(f"{reader.say(SETTLED[row['settlement']])} · {row['settled_on']}", href)
    return {
        "number": Link(row["number"], matter_href(row["matter_id"])) if row["number"] else "—",
        "rule": why(reader, row),
        "place": row["unit_name"] or "",
        "ledger": where(reader, row),
        "act": act,
    }


def why(reader: Reader, row: Row) -> str:
    """The rule in words, with what contradicts it."""
    rule = row["rule"]
    head = reader.say(RULES[rule]) if rule in RULES else rule
    person = f" · {row['person_name']}" if row["person_name"] else ""
    values = {key: value or "—" for key, value in row["values"].items()}
    try:
        reason = reader.say(WHY[rule], **values) if rule in WHY else ""
    except KeyError:
        reason = ""
    about = f"{head}{person}"
    return reader.say(N_("{what}: {why}"), what=about, why=reason) if reason else about


def where(reader: Reader, row: Row) -> str:
    if row["row"] is None or row["file_name"] is None:
        return row["file_name"] or ""
    return reader.say(N_("{file}, row {row}"), file=row["file_name"], row=row["row"])


@router.get("/log/doubts/{doubt_id}")
def one_doubt(request: Request, caller: Reading, doubt_id: UUID) -> Response:
    return _page(request, caller, doubt_id, Filled())


@router.post("/log/doubts/{doubt_id}")
def settle(request: Request, caller: Reading, doubt_id: UUID, form: Form) -> Response:
    try:
        with caller.work("doubts.settle") as tx:
            doubts.settle(
                tx, doubt_id, settlement=_settlement(form), explanation=form.text("explanation"),
                seen_version=_version(form),
            )  # fmt: skip
    except Invalid as invalid:
        return _page(request, caller, doubt_id, Filled.refused(form.values, invalid), 422)
    return RedirectResponse("/log/doubts", status_code=303)


def _settlement(form: Submitted) -> Settlement:
    try:
        return Settlement(form.text("settlement"))
    except ValueError:
        raise Invalid.of("settlement", N_("Say whether it is explained or corrected.")) from None


def _version(form: Submitted) -> int:
    text = form.text("version")
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _page(
    request: Request, caller: Caller, doubt_id: UUID, form: Filled, status: int = 200
) -> Response:
    with caller.work("doubts.read") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="log")
        row = doubts.read_doubt(tx, doubt_id)
    ways = [
        Choice(
            Settlement.EXPLAINED, reader.say(N_("Explained: the row is right as it stands")),
        ),
        Choice(
            Settlement.CORRECTED, reader.say(N_("Corrected: what was wrong is put right")),
        ),
    ]  # fmt: skip
    return render(
        request,
        "pages/doubt.html",
        frame=frame,
        status_code=status,
        row=row,
        rule=reader.say(RULES.get(row["rule"], row["rule"])),
        why=why(reader, row),
        where=where(reader, row),
        matter=Link(row["number"], matter_href(row["matter_id"])) if row["number"] else None,
        alleged=bool(row["number"]) and alleged(row),
        settled=reader.say(SETTLED[row["settlement"]]) if row["settlement"] else "",
        ways=ways,
        form=form,
        labels={
            "settlement": reader.say(N_("What ends the doubt")),
            "explanation": reader.say(N_("What explains or corrects it")),
        },
    )
