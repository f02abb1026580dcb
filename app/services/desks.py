"""My desk: what waits for whom, for each role its three things."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.db import Row
from app.domain.kinds import Kind
from app.domain.permissions import Permission, Role
from app.domain.units import UnitPath
from app.repositories import desks, requests, worklist
from app.repositories.work import Work

SHOWN = 20

HANDLES = {Role.INVESTIGATOR, Role.INSPECTOR, Role.ADJUDICATOR}
HEADS = {Role.DEPARTMENT_HEAD, Role.ADJUDICATION_HEAD, Role.DEPUTY, Role.CHIEF, Role.LEAD_MANAGER}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """`to_sign` oldest first; `mine` by next due date; `returned` with the reason it came back;
    `to_take` are matters that nobody has taken up yet and the actor can; `owed` are notices
    that somebody waits for; `by_handler` counts what turns red within the week."""

    to_sign: list[Row]
    mine: list[Row]
    returned: list[Row]
    to_take: list[Row]
    owed: list[Row]
    by_handler: list[Row]
    repeats: list[Row]


def waiting_count(tx: Work) -> int:
    """How many requests wait for the actor's signature."""
    return requests.count_waiting(tx)


def my_desk(tx: Work) -> Desk:
    """What the actor's roles give them to do today."""
    actor = tx.actor
    roles = {grant.role for grant in actor.grants}
    signs = actor.may(Permission.REQUESTS_SIGN)
    heads = bool(roles & HEADS)
    return Desk(
        to_sign=requests.waiting_for(tx) if signs else [],
        mine=_mine(tx) if roles & HANDLES else [],
        returned=requests.returned_to(tx),
        to_take=_to_take(tx, roles),
        owed=desks.notices_owed(tx, limit=SHOWN)
        if roles & {Role.INTAKE_OFFICER, Role.PETITIONS_HEAD, Role.INVESTIGATOR}
        else [],
        by_handler=desks.red_within(tx, days=7, limit=SHOWN) if heads else [],
        repeats=desks.undecided_repeats(tx, limit=SHOWN)
        if roles & {Role.INTAKE_OFFICER, Role.LEAD_MANAGER}
        else [],
    )


def _mine(tx: Work) -> list[Row]:
    wanted = worklist.Filter(holder=tx.actor.account_id, open=True)
    return worklist.page(tx, wanted, sort="due", limit=SHOWN)


# What each role picks up by itself, by kind and state; the profile's first steps.
_TAKEN_UP: dict[Role, tuple[tuple[Kind, tuple[str, ...]], ...]] = {
    Role.INTAKE_OFFICER: (
        (Kind.PETITION, ("received", "registered", "accepted", "forward_sent", "concluded")),
    ),
    Role.PETITIONS_HEAD: ((Kind.PETITION, ("concluded", "fed_back")),),
    Role.LEAD_MANAGER: ((Kind.LEAD, ("submitted", "registered", "referral_sent")),),
    Role.DEPARTMENT_HEAD: ((Kind.LEAD, ("assigned",)),),
    Role.ADJUDICATOR: ((Kind.CASE, ("reported", "adjudicating")),),
    Role.ADJUDICATION_HEAD: ((Kind.CASE, ("reported",)),),
    Role.KEEPER: ((Kind.FUND_ITEM, ("controlled", "settling")),),
    Role.FINANCE: ((Kind.FUND_ITEM, ("decided", "settling")),),
}


def _to_take(tx: Work, roles: set[Role]) -> list[Row]:
    found: dict[object, Row] = {}
    for role in sorted(roles):
        for kind, states in _TAKEN_UP.get(role, ()):
            assigned = _department(tx) if role is Role.DEPARTMENT_HEAD else None
            wanted = worklist.Filter(kind=kind, states=states, open=True, assigned=assigned)
            for row in worklist.page(tx, wanted, sort="due", limit=SHOWN):
                if row["request_id"] is None:
                    found.setdefault(row["id"], row)
    return list(found.values())[:SHOWN]


def _department(tx: Work) -> UnitPath | None:
    for grant in tx.actor.grants:
        if grant.role is Role.DEPARTMENT_HEAD:
            return grant.unit
    return None
