"""Somebody leaves a post: everything that they hold, and what becomes of each.

Whoever heads their matters passes on what stands on those; whoever administers their account, its
roles. Neither is told of what only the other may know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.core.ids import new_id
from app.domain.errors import N_, Invalid, NotFound, PlumblineError
from app.domain.permissions import ROLE_LABELS, Permission, Role
from app.domain.profile.staffing import Finding
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.delegations import colleagues
from app.routers.pages.entry import id_in
from app.routers.pages.frame import frame_for
from app.routers.pages.leavers import WHAT, result_words
from app.routers.pages.present import KIND_NAMES, Reader, task_on
from app.routers.parts import Choice, Filled, Link, Task
from app.routers.templating import render
from app.services import accounts, assignments, leavers, staffing

router = APIRouter(prefix="/leaving")

Reading = Annotated[Caller, Page(Permission.MATTERS_READ, Permission.ACCOUNTS_ADMINISTER)]
Heading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Administrator = Annotated[Caller, Page(Permission.ACCOUNTS_ADMINISTER)]
Form = Annotated[Submitted, Depends(submitted)]

FATES: Mapping[str, str] = {
    "handler": N_("Pass it on below: until then it stays with them."),
    "member": N_("Pass it on below: until then it stays with them."),
    "request": N_(
        "Pass it on below: whoever takes it is told what becomes of it, and may take it back."
    ),
    "signing": N_("They sign or return it before they leave, or whoever asked takes it back."),
    "custody": N_(
        "It stays on record as theirs until it is settled: no step of the procedure hands it to"
        " another keeper. Count it together before they leave, and settle it on its own page."
    ),
    "release": N_("It ends with their account. Whoever still needs it asks for one of their own."),
    "grant": N_("It ends with their account, or before that where it was given."),
    "logged": N_("It stays where it is: whoever registers it takes it up."),
}
ENDING: Mapping[str, str] = {
    "key": N_("Key of a program: {name}"),
    "webhook": N_("Webhook: {name}"),
    "stands_in": N_("Stands in for {name}"),
    "stood_in_for": N_("{name} stands in for them"),
}
# Where what isn't passed on here is settled: what the link says, and below the matter's address.
SETTLED: Mapping[str, tuple[str, str]] = {
    "signing": (N_("Open the request"), "#signatures"),
    "custody": (N_("Open its money"), "#money"),
    "release": (N_("Ask for a release"), "/release"),
    "grant": (N_("Open who was let see it"), "/access#grants"),
}
SIGNING = N_("a request waits for their own signature")


@router.get("")
def choose(request: Request, caller: Heading) -> Response:
    """Leads to whom it is about, once they are chosen."""
    login = request.query_params.get("who", "")
    with caller.work("leaving.choose") as tx:
        rows = accounts.colleagues(tx)
    found = next((row["id"] for row in rows if row["login"] == login), None)
    if found is None:
        return RedirectResponse("/hand-overs", status_code=303)
    return RedirectResponse(f"/leaving/{found}", status_code=303)


@router.get("/{account_id}")
def holdings(request: Request, caller: Reading, account_id: UUID) -> Response:
    return _page(request, caller, account_id, Filled(), 200)


@router.post("/{account_id}")
def hand_over(request: Request, caller: Heading, account_id: UUID, form: Form) -> Response:
    """Places on teams to one person; the rest may go to another one. Sent twice, it is one."""
    try:
        handed = _handed(caller, account_id, form)
        with caller.work("leaving.begin") as tx:
            key = f"{form.text('run')[:36]} {hashlib.sha256(handed.digest(tx)).hexdigest()}"
            run = assignments.begin_hand_over(tx, handed, key=key)
    except Invalid as invalid:
        return _page(request, caller, account_id, Filled.refused(form.values, invalid), 422)
    assignments.carry_out(caller.work, run, handed)
    return RedirectResponse(f"/assignments/{run}", status_code=303)


def _handed(caller: Caller, account_id: UUID, form: Submitted) -> assignments.HandedOn:
    items = [id_in(each, "items") for each in form.texts("items")]
    if not items:
        raise Invalid.of("items", N_("Choose at least one."))
    with caller.work("leaving.to") as tx:
        rows = accounts.colleagues(tx)
    to = next((row["id"] for row in rows if row["login"] == form.text("login")), None)
    if to is None:
        raise Invalid.of("login", N_("Choose one of those listed."))
    if not form.text("reason"):
        raise Invalid.of("reason", N_("Say why."))
    return assignments.HandedOn(
        account_id=account_id, to_account=to, reason=form.text("reason"), items=items
    )


@router.post("/{account_id}/roles")
def pass_roles(request: Request, caller: Administrator, account_id: UUID, form: Form) -> Response:
    """Asks for the same roles for somebody else: another administrator gives each."""
    try:
        to = form.text("to_account")
        chosen = [id_in(each, "roles") for each in form.texts("roles")]
        if not chosen:
            raise Invalid.of("roles", N_("Choose at least one."))
        receiver = id_in(to, "to_account")
        if receiver == account_id:
            raise Invalid.of("to_account", N_("Choose one of those listed."))
    except Invalid as invalid:
        return _page(request, caller, account_id, Filled.refused(form.values, invalid), 422)
    results = [_role(caller, account_id, receiver, each) for each in chosen]
    return _page(request, caller, account_id, Filled(), 200, results)


def _role(
    caller: Caller, account_id: UUID, receiver: UUID, role_id: UUID
) -> tuple[str, PlumblineError | None]:
    """The role's name, and why it was refused."""
    label = ""
    try:
        with caller.work("leaving.role") as tx:
            held = accounts.read_account(tx, account_id)["roles"]
            row = next((each for each in held if each["id"] == role_id), None)
            if row is None:
                raise NotFound
            label = i18n.translate(caller.locale, ROLE_LABELS[Role(row["role"])])
            accounts.grant_role(
                tx, account_id=receiver, role=Role(row["role"]), unit_id=row["unit_id"]
            )
    except PlumblineError as refused:
        return label, refused
    return label, None


# The page -----------------------------------------------------------------------------------------


def _page(
    request: Request,
    caller: Caller,
    account_id: UUID,
    form: Filled,
    status: int,
    results: Sequence[tuple[str, PlumblineError | None]] = (),
) -> Response:
    with caller.work("leaving.read") as tx:
        reader = Reader.of(caller, tx)
        reads = tx.actor.may(Permission.MATTERS_READ)
        frame = frame_for(request, caller, tx, current="ledgers" if reads else "admin")
        whom = leavers.named(tx, account_id)
        held = leavers.held_by(tx, account_id) if reads else []
        movable = [row for row in held if row["movable"]]
        offered = leavers.takers(tx, movable) if movable else []
        people = [row for row in offered if row["id"] != account_id]
        office = (
            _office(tx, reader, account_id)
            if tx.actor.may(Permission.ACCOUNTS_ADMINISTER)
            else None
        )
    asked = N_("{number}: asked for; another administrator gives it.")
    return render(
        request, "pages/leaving.html", frame=frame, form=form, status_code=status, whom=whom,
        account_id=account_id, reads=reads, run=new_id(),
        choices=_choices(reader, movable),
        tasks=[_task(reader, row) for row in held if not row["movable"]],
        people=colleagues(people), office=office,
        results=[result_words(reader, name, refused, done=asked) for name, refused in results],
    )  # fmt: skip


def _choices(reader: Reader, rows: Sequence[Row]) -> list[Choice]:
    """A matter each, with all that they hold on it."""
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row["matter_id"], []).append(row)
    return [_choice(reader, held) for held in found.values()]


def _choice(reader: Reader, held: Sequence[Row]) -> Choice:
    row = held[0]
    due = i18n.table_date(row["due_on"]) if row["due_on"] else ""
    what = [reader.say(WHAT[each["what"]]) for each in held]
    said = [row["number"], row["title"], *what, due]
    hint = FATES["request"] if any(each["what"] == "request" for each in held) else ""
    return Choice(
        str(row["matter_id"]), reader.listed([each for each in said if each]),
        hint=reader.say(hint) if hint else "",
    )  # fmt: skip


def _task(reader: Reader, row: Row) -> Task:
    what = SIGNING if row["what"] == "signing" else WHAT[row["what"]]
    since = reader.say(
        N_("{what}, since {day}"), what=reader.say(what), day=reader.written(row["since"])
    )
    label, below = SETTLED.get(row["what"], (N_("Open"), ""))
    open_ = Link(reader.say(label), f"/matters/{row['matter_id']}{below}")
    return task_on(row, open_, lines=(since, reader.say(FATES[row["what"]])))


def _office(tx: Work, reader: Reader, account_id: UUID) -> Mapping[str, object]:
    """What their account holds beside matters; the steps that nobody could take without them."""
    account = accounts.read_account(tx, account_id)
    now = {_step(each) for each in staffing.read_staffing(tx).findings}
    without = staffing.read_staffing(tx, without=account_id).findings
    lacking = [each for each in without if _step(each) not in now]
    roles = [
        Choice(
            str(each["id"]),
            reader.listed(
                [
                    reader.role(each["role"]),
                    each["unit_name"] or reader.say(N_("the whole installation")),
                ]
            ),
        )
        for each in account["roles"]
    ]
    others = accounts.list_accounts(tx, search=None, after=None, limit=500)
    return {
        "active": account["active"],
        "roles": roles,
        "accounts": [
            Choice(str(row["id"]), reader.listed([row["name"], row["login"]]))
            for row in others
            if row["active"] and row["id"] not in (account_id, tx.actor.account_id)
        ],
        "ending": [
            reader.say(ENDING[row["what"]], name=row["name"])
            for row in leavers.ends_with(tx, account_id)
        ],
        "lacking": [
            reader.say(
                N_("{kind}: {name}"),
                kind=reader.say(KIND_NAMES[each.kind]),
                name=each.label.words(reader.locale),
            )
            for each in lacking
        ],
    }


def _step(finding: Finding) -> tuple[str, str, tuple[str, ...]]:
    return finding.kind, finding.event, finding.states
