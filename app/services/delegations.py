"""Standing in for somebody who is away: dated, with a reason, and ended by itself.

Whoever stands in holds the same roles as the other, by their own name: what they ask for somebody
else still signs, and nobody signs twice under one request.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_, FieldError, Reason
from app.repositories import accounts, delegations
from app.repositories.work import Work

LONGEST = 92  # days


def delegate(tx: Work, *, login: str, reason: str, begins_on: date | None, last_day: date) -> UUID:
    """Let a colleague stand in from `begins_on` (today without one) to `last_day`, inclusive.

    Days are the office's. Raises Invalid, and Conflict where it can't be given: to oneself,
    to an auditor or administrator, or where the actor holds nothing that can be passed on.
    """
    apart = tx.lasts_apart()
    today = tx.lasting_day() - apart
    begins = begins_on or today
    account = accounts.by_login(tx, login.strip())
    wrong: list[FieldError] = []
    if account is None:
        wrong.append(FieldError("login", Reason(N_("Nobody signs in by that name."))))
    if begins < today:
        wrong.append(FieldError("begins_on", Reason(N_("From today on, not before."))))
    if last_day < begins:
        wrong.append(FieldError("last_day", Reason(N_("It would end before it begins."))))
    elif (last_day - begins).days >= LONGEST:
        most = Reason(N_("From 1 to {most} days."), {"most": str(LONGEST)})
        wrong.append(FieldError("last_day", most))
    if not reason.strip():
        wrong.append(FieldError("reason", Reason(N_("Say why."))))
    if wrong or account is None:
        raise errors.Invalid(*wrong)
    return delegations.delegate(
        tx, account["id"], reason=reason.strip(), begins_on=begins + apart,
        ends_on=last_day + timedelta(days=1) + apart,
    )  # fmt: skip


def mine(tx: Work) -> list[Row]:
    """From the actor and to them, as long as they last; `ends_on` is exclusive."""
    apart = tx.lasts_apart()
    return [
        {**row, **{name: row[name] - apart for name in ("begins_on", "ends_on")}}
        for row in delegations.mine(tx)
    ]


def end(tx: Work, delegation_id: UUID) -> None:
    """From now on. Raises NotFound where it doesn't last, or isn't the actor's to end."""
    if not delegations.end(tx, delegation_id):
        raise errors.NotFound
