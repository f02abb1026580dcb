"""My desk: what waits for whom, for each role its three things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.core.db import Row
from app.domain.errors import Reason
from app.domain.permissions import Permission, Role
from app.domain.units import UnitPath
from app.domain.workflow.plans import Action
from app.repositories import access, desks, requests, worklist
from app.repositories.work import Work
from app.services import (
    emergencies,
    leavers,
    meetings,
    paper_signatures,
    profiles,
    releases,
    repeats,
    reporters,
    walls,
    workflow,
)
from app.services import requests as signing

SHOWN = 20
WEEK_SHOWN = 10
RETURNED = 50
COUNTED = 1000  # beyond this it is "more than 1,000"

HANDLES = {Role.INVESTIGATOR, Role.INSPECTOR, Role.ADJUDICATOR}
OWES = {Role.INTAKE_OFFICER, Role.PETITIONS_HEAD, Role.INVESTIGATOR}
INTAKE = {Role.INTAKE_OFFICER, Role.PETITIONS_HEAD}
LOGS_ONLY = {Role.INSPECTOR, Role.REPORTING_UNIT}
HEADS = {Role.DEPARTMENT_HEAD, Role.ADJUDICATION_HEAD, Role.DEPUTY, Role.CHIEF, Role.LEAD_MANAGER}

NEAREST = (HEADS - {Role.DEPUTY, Role.CHIEF}) | {Role.PETITIONS_HEAD}
ANSWERS = HEADS | INTAKE
REVIEWS = HEADS | {Role.PETITIONS_HEAD, Role.LIAISON}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """`emergencies` are emergency reads whose review waits for the actor;
    `to_sign` oldest first, and `to_sign_count` how many there are; `mine` by next due date;
    `on_paper` signatures on paper to compare, to own, or objected to;
    `minutes` study meetings whose minutes wait for the actor;
    `returned` with the reason it came back;
    `to_take` are matters that nobody has taken up yet and the actor can; `owed` are notices
    that somebody waits for; `week` is the most urgent of what is late or turns so within the
    week, and `week_count` how much that is, at most COUNTED + 1; `left` what people who left
    still hold; `stuck` are matters that nobody is able to act on;
    `namesakes` are colleagues with the name of somebody reported, to be told whether it is them;
    `links` are handlers whom a linked matter names, to be decided on; `accused` handlers of cases
    whom several reports accuse; `releases` are requests to unseal that wait for the actor, and what
    is released to them; `to_tell` petitions whose reporter waits to be told something;
    `let_see` is what the actor may see for a time; `logged` what they logged, newest first.
    `steps` has the next step of what is `mine` or `to_take`, with what is missing for it;
    `hindered` says of requests in `to_sign` what is missing before they can be signed. What came
    back stands in `returned` alone."""

    emergencies: list[Row]
    to_sign: list[Row]
    to_sign_count: int
    on_paper: list[Row]
    minutes: list[Row]
    mine: list[Row]
    returned: list[Row]
    to_take: list[Row]
    owed: list[Row]
    week: list[Row]
    week_count: int
    left: list[Row]
    stuck: list[Row]
    namesakes: list[Row]
    links: list[Row]
    accused: list[Row]
    releases: list[Row]
    to_tell: list[Row]
    repeats: list[Row]
    let_see: list[Row]
    logged: list[Row]
    steps: Mapping[UUID, Action]
    hindered: Mapping[UUID, Reason]

    @property
    def matters(self) -> list[UUID]:
        """The matters that stand on it."""
        asked = [row["matter_id"] for row in (*self.to_sign[:SHOWN], *self.returned)]
        listed = (*self.mine, *self.to_take, *self.week, *self.stuck)
        return list(dict.fromkeys((*asked, *(row["id"] for row in listed))))


def my_desk(tx: Work, *, waiting: int | None = None) -> Desk:
    """What the actor's roles give them to do today. `waiting`: how many requests wait for them,
    where that was counted before."""
    roles = {grant.role for grant in tx.actor.grants}
    heads = bool(roles & HEADS)
    returned = requests.returned_to(tx, limit=RETURNED)
    back = {row["matter_id"] for row in returned}
    mine = [row for row in _mine(tx) if row["id"] not in back] if roles & HANDLES else []
    to_take = _to_take(tx, roles, back | {row["id"] for row in mine})
    signs = tx.actor.may(Permission.REQUESTS_SIGN)
    waiting = signing.waiting_count(tx) if waiting is None and signs else waiting or 0
    to_sign = requests.waiting_for(tx, limit=SHOWN) if waiting else []
    return Desk(
        emergencies=emergencies.for_desk(tx) if roles & REVIEWS else [],
        to_sign=to_sign,
        to_sign_count=waiting,
        on_paper=paper_signatures.waiting(tx) if tx.actor.may(Permission.REQUESTS_SIGN) else [],
        minutes=meetings.to_sign(tx) if tx.actor.may(Permission.REQUESTS_SIGN) else [],
        mine=mine,
        returned=returned,
        to_take=to_take,
        owed=desks.notices_owed(tx, limit=SHOWN) if roles & OWES else [],
        week=_week(tx, but=back | {row["id"] for row in (*mine, *to_take)}) if heads else [],
        week_count=worklist.count(tx, _due_soon(tx), most=COUNTED) if heads else 0,
        left=leavers.left_over(tx) if roles & NEAREST else [],
        stuck=desks.stuck(tx, limit=SHOWN) if heads else [],
        namesakes=walls.namesakes_to_answer(tx, limit=SHOWN) if roles & ANSWERS else [],
        links=walls.to_decide(tx) if heads else [],
        accused=walls.accused(tx) if heads else [],
        releases=releases.mine(tx),
        to_tell=reporters.to_tell(tx, limit=SHOWN) if roles & INTAKE else [],
        repeats=repeats.undecided(tx, limit=SHOWN) if repeats.may_decide(tx) else [],
        let_see=access.open_to_me(tx, limit=SHOWN),
        logged=worklist.page(tx, worklist.Filter(), sort="opened", limit=SHOWN)
        if roles & LOGS_ONLY
        else [],
        steps=_steps(tx, [*mine, *to_take]),
        hindered=hindered(tx, to_sign),
    )


def hindered(tx: Work, waiting: Sequence[Row]) -> dict[UUID, Reason]:
    """The first thing that is missing for each request that can't be signed yet."""
    found = {row["id"]: signing.hindrances(tx, row) for row in waiting}
    return {request_id: reasons[0] for request_id, reasons in found.items() if reasons}


def _mine(tx: Work) -> list[Row]:
    wanted = worklist.Filter(holder=tx.actor.account_id, open=True)
    return worklist.page(tx, wanted, sort="due", limit=SHOWN)[:SHOWN]


def _due_soon(tx: Work) -> worklist.Filter:
    """What is overdue or falls due within seven days, of the department or of the subtree."""
    return worklist.Filter(open=True, due_by=tx.today + timedelta(days=7), assigned=_department(tx))


def _week(tx: Work, *, but: set[UUID]) -> list[Row]:
    """The most urgent of it, beside what stands on the desk already."""
    found = worklist.page(tx, _due_soon(tx), sort="due", limit=WEEK_SHOWN + len(but))
    return by_handler([row for row in found if row["id"] not in but][:WEEK_SHOWN])


def by_handler(rows: Sequence[Row]) -> list[Row]:
    """Each handler's together; first whoever has the most urgent one, and of theirs that one."""
    most_urgent: dict[str, date] = {}
    for row in rows:
        name = row["holder_name"] or ""
        most_urgent[name] = min(row["due_on"], most_urgent.get(name, row["due_on"]))

    def place(row: Row) -> tuple[date, str, date]:
        name = row["holder_name"] or ""
        return most_urgent[name], name, row["due_on"]

    return sorted(rows, key=place)


def _steps(tx: Work, rows: list[Row]) -> dict[UUID, Action]:
    """Of each matter that waits for nobody's signature, the step that usually comes next."""
    return workflow.usual_of(tx, [row["id"] for row in rows if row["request_id"] is None])


def _to_take(tx: Work, roles: set[Role], elsewhere: set[UUID]) -> list[Row]:
    """What lies on the desks of these roles by the procedure, and waits for no signature."""
    wanted = _taken_up(tx, roles)
    if not wanted:
        return []
    found: dict[object, Row] = {}
    with worklist.planned_anew(tx):
        for each in wanted:
            for row in worklist.page(tx, each, sort="due", limit=SHOWN):
                if row["request_id"] is None and row["id"] not in elsewhere:
                    found.setdefault(row["id"], row)
    return list(found.values())[:SHOWN]


def _taken_up(tx: Work, roles: set[Role]) -> list[worklist.Filter]:
    """What each of these roles takes up, kind by kind."""
    _, profile = profiles.current(tx)
    return [
        worklist.Filter(
            kind=kind, states=states, open=True,
            assigned=_department(tx) if role is Role.DEPARTMENT_HEAD else None,
        )
        for role in sorted(roles)
        for kind, machine in profile.machines.items()
        if (states := machine.taken_up.get(role, ()))
    ]  # fmt: skip


def _department(tx: Work) -> UnitPath | None:
    for grant in tx.actor.grants:
        if grant.role is Role.DEPARTMENT_HEAD:
            return grant.unit
    return None


def since_last_export(tx: Work) -> Row | None:
    """When the actor exported last, and how much was recorded after it, at most COUNTED + 1 of
    each; None if never."""
    return desks.since_last_export(tx, most=COUNTED)


def unsettled_doubts(tx: Work) -> int:
    """Rows of ledgers that contradict a rule, among those that the actor may see."""
    return desks.unsettled_doubts(tx)


def begun(tx: Work) -> Row:
    """How far an installation is."""
    return desks.begun(tx)
