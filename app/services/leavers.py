"""Whoever leaves leaves their work where it is: whoever heads a matter hands it over from a list.

Nothing moves by itself. An item that a head may not see isn't in their list: it is in that of
whoever else heads the matter, and stands among what nobody can act on where nobody near can.
"""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.repositories import accounts, leavers, matters, requests
from app.repositories.work import Work
from app.services.matters import hand_over, reads_less, refuse_who_cant_take

MOVABLE = frozenset({"handler", "member"})
"""What is handed over here; the rest takes its own road, or ends."""


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


def refuse_unknown(tx: Work, to_account: UUID) -> None:
    """Before several are handed over. Raises Invalid where nobody has such an account."""
    if accounts.name(tx, to_account) is None:
        raise errors.Invalid.of("to_account", errors.UNKNOWN)


def hand_on(
    tx: Work,
    matter_id: UUID,
    account_id: UUID,
    *,
    to_account: UUID,
    reason: str,
    leaving: bool = False,
) -> None:
    """Give a place on a team that somebody left behind to somebody else: one matter, one person.
    With `leaving` also what somebody holds who is still here.

    Raises NotFound where it isn't in the actor's list, Invalid, Conflict.
    """
    if reads_less(tx):
        raise errors.Forbidden(N_("You may read this matter, not work on it."))
    if not reason.strip():
        raise errors.Invalid.of("reason", N_("Say why."))
    held = {
        row["what"]
        for row in (leavers.held_by(tx, account_id) if leaving else leavers.left_over(tx))
        if row["matter_id"] == matter_id and row["account_id"] == account_id
    } & MOVABLE
    if not held:
        raise errors.NotFound
    if leaving:
        _refuse_unsignable(tx, matter_id, account_id, to_account)
    if "handler" in held:
        hand_over(tx, matter_id, to_account=to_account, reason=reason.strip(), left=True)
    else:
        _replace(tx, matter_id, account_id, to_account=to_account, reason=reason.strip())


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
    team = {row["account_id"] for row in matters.team(tx, matter_id)} - {account_id} | {to_account}
    if any(step["role"] == "team" for step in steps) and team <= {asked["requested_by"]}:
        raise errors.Conflict(
            N_("Whoever takes it asked for a request that only another of the team can sign.")
        )


def _replace(tx: Work, matter_id: UUID, account_id: UUID, *, to_account: UUID, reason: str) -> None:
    refuse_who_cant_take(tx, matter_id, to_account)
    team = {row["account_id"] for row in matters.team(tx, matter_id)}
    if to_account in team:
        raise errors.Invalid.of("to_account", N_("This person is on the team already."))
    form = {"to": accounts.name(tx, to_account), "from": accounts.name(tx, account_id)}
    matters.touch(tx, matter_id, event="handed_to", reason=reason, form=form)
    matters.join_team(tx, matter_id, to_account, "member")
    matters.leave_team(tx, matter_id, account_id)
