"""Whoever leaves leaves their work where it is: whoever heads a matter hands it over from a list.

A place on a team goes to somebody else. A request that waits keeps who asked for it, and gets
somebody who is told what becomes of it and may take it back. Nothing moves by itself. An item that
a head may not see isn't in their list: it is in that of whoever else heads the matter, and stands
among what nobody can act on where nobody near can.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.permissions import Role
from app.domain.profile import Profile
from app.repositories import accounts, leavers, matters, requests
from app.repositories.work import Work
from app.services import profiles
from app.services.matters import (
    HANDLERS,
    hand_over,
    reads_less,
    refuse_kept_off,
    refuse_who_cant_take,
)

PLACES = frozenset({"handler", "member"})
MOVABLE = PLACES | {"request"}
"""What is handed over here; the rest takes its own road, or ends."""

Handed = Literal["moved", "there"]
"""What became of it: it moved, or whoever takes it is on the team already."""


def left_over(tx: Work) -> list[Row]:
    """What ended accounts still hold on matters that the actor heads, and imports that they didn't
    finish, of which `matter_id` is None. Each says whether it is `movable`: handed over here."""
    rows = [{**row, "family": None} for row in leavers.left_over(tx)]
    rows += [
        {**row, "matter_id": None, "number": None, "what": "import"}
        for row in leavers.left_imports(tx)
    ]
    ordered = sorted(rows, key=lambda row: (row["name"], row["account_id"]))
    return [{**row, "movable": row["what"] in MOVABLE} for row in ordered]


def named(tx: Work, account_id: UUID) -> str:
    """Raises NotFound where nobody has such an account."""
    found = accounts.name(tx, account_id)
    if found is None:
        raise errors.NotFound
    return found


def held_by(tx: Work, account_id: UUID) -> list[Row]:
    """What somebody holds on matters that the actor heads, whether they left or are about to.

    What the actor may not see isn't in it: it is in the list of whoever else heads it.
    Raises NotFound where nobody has such an account.
    """
    named(tx, account_id)
    rows = leavers.held_by(tx, account_id)
    return [{**row, "movable": row["what"] in MOVABLE} for row in rows]


def ends_with(tx: Work, account_id: UUID) -> list[Row]:
    """What ends with an account, as far as the actor administers it."""
    return leavers.ends_with(tx, account_id)


def number(tx: Work, matter_id: UUID) -> str:
    """Of a matter that the actor sees; empty for any other."""
    return str(matters.matter(tx, matter_id)["number"]) if matters.sees(tx, matter_id) else ""


def refuse_unknown(tx: Work, to_account: UUID) -> None:
    """Before several are handed over. Raises Invalid where nobody has such an account."""
    if accounts.name(tx, to_account) is None:
        raise errors.Invalid.of("to_account", errors.UNKNOWN)


def takers(tx: Work, rows: Sequence[Row]) -> list[Row]:
    """Who could take one of these, as far as their roles say: no list offers anybody else."""
    _, profile = profiles.current(tx)
    roles = set(HANDLERS)
    if any(row["what"] == "request" for row in rows):
        for kind in filter(profile.has, Kind):
            for step in profile.machine(kind).transitions:
                roles |= _asking(profile, step.requested_by)
    return accounts.colleagues(tx, limit=500, roles=roles)


def _asking(profile: Profile, codes: Sequence[str]) -> set[Role]:
    return {role for code in codes if (role := profile.roles[code].role) is not None}


def becomes(
    tx: Work, matter_id: UUID, account_id: UUID, *, to_account: UUID, leaving: bool = False
) -> Handed:
    """What handing it over comes to, before it is done."""
    held = _held(tx, matter_id, account_id, leaving=leaving)
    there = held == {"member"} and to_account in _team(tx, matter_id)
    return "there" if there else "moved"


def hand_on(
    tx: Work,
    matter_id: UUID,
    account_id: UUID,
    *,
    to_account: UUID,
    reason: str,
    leaving: bool = False,
) -> Handed:
    """Give to somebody else what somebody left behind on one matter: their place on its team, and
    a request of theirs. With `leaving` also what somebody holds who is still here.

    Raises NotFound where it isn't in the actor's list, Invalid, Conflict.
    """
    if reads_less(tx):
        raise errors.Forbidden(N_("You may read this matter, not work on it."))
    reason = reason.strip()
    if not reason:
        raise errors.Invalid.of("reason", N_("Say why."))
    held = _held(tx, matter_id, account_id, leaving=leaving)
    if not held:
        if matters.handed_from(tx, matter_id, named(tx, account_id)):
            raise errors.Conflict(N_("It was handed over already."))
        raise errors.NotFound
    there = to_account in _team(tx, matter_id)
    if leaving and held & PLACES:
        _refuse_unsignable(tx, matter_id, account_id, to_account)
    form = {"to": accounts.name(tx, to_account), "from": accounts.name(tx, account_id)}
    if "request" in held:
        _pass_request(tx, matter_id, to_account, reason, form, joins=bool(held & PLACES))
    # Last: whoever hands on may lose sight of the matter with it.
    if "handler" in held:
        hand_over(tx, matter_id, to_account=to_account, reason=reason, left=True)
    elif "member" in held:
        if there:
            refuse_kept_off(tx, matter_id, to_account)
        else:
            refuse_who_cant_take(tx, matter_id, to_account)
        event = "left_team" if there else "handed_to"
        matters.touch(tx, matter_id, event=event, reason=reason, form=form)
        if not there:
            matters.join_team(tx, matter_id, to_account, "member")
        matters.leave_team(tx, matter_id, account_id)
    return "there" if there and held == {"member"} else "moved"


def _held(tx: Work, matter_id: UUID, account_id: UUID, *, leaving: bool) -> set[str]:
    """What of it is handed over here."""
    rows = leavers.held_by(tx, account_id) if leaving else leavers.left_over(tx)
    mine = (row for row in rows if row["matter_id"] == matter_id)
    return {row["what"] for row in mine if row["account_id"] == account_id} & MOVABLE


def _team(tx: Work, matter_id: UUID) -> set[UUID]:
    return {row["account_id"] for row in matters.team(tx, matter_id)}


def _pass_request(
    tx: Work, matter_id: UUID, to: UUID, reason: str, form: dict[str, str | None], *, joins: bool
) -> None:
    """To who could have asked for it, is on the team or `joins` it by this. Raises Invalid."""
    asked = requests.open_request(tx, matter_id)
    if asked is None:
        raise errors.Stale
    refuse_kept_off(tx, matter_id, to)
    head = matters.matter(tx, matter_id)
    profile = profiles.of(tx, head["profile_id"])
    row = profile.machine(Kind(head["kind"])).of(asked["event"], asked["from_state"])
    roles = _asking(profile, row.requested_by) if row else set()
    on_team = joins or to in _team(tx, matter_id)
    if not on_team and not accounts.holds_over(tx, to, roles, matter_id):
        raise errors.Invalid.of("to_account", N_("This person couldn’t have asked for it."))
    matters.touch(tx, matter_id, event="request_passed", reason=reason, form=form)
    leavers.pass_request(tx, asked["id"], to)


def _refuse_unsignable(tx: Work, matter_id: UUID, account_id: UUID, to_account: UUID) -> None:
    """Nobody leaves a team whose signature waits for them, or for one of a team in which nobody
    but who asked would be left. Whoever left already is no signer any more."""
    asked = requests.open_request(tx, matter_id)
    if asked is None or accounts.left(tx, account_id):
        return
    steps = asked["chain"][asked["next_position"] - 1 :]
    if any(step["account"] == str(account_id) for step in steps):
        raise errors.Conflict(
            N_(
                "A request waits for their own signature: they sign or return it first, or whoever"
                " asked takes it back."
            )
        )
    team = _team(tx, matter_id) - {account_id} | {to_account}
    if any(step["role"] == "team" for step in steps) and team <= {asked["requested_by"]}:
        raise errors.Conflict(
            N_("Whoever takes it asked for a request that only another of the team can sign.")
        )
