"""What waits for a second administrator, roles and changes to accounts: the guard writes and gives
it."""

from datetime import date
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.repositories.work import Work


def alone(tx: Work) -> bool:
    """Whether the actor is the operator at the command line, who needs nobody else."""
    return bool(tx.value("SELECT guard.at_command()"))


def ask(
    tx: Work,
    *,
    account_id: UUID,
    role: str,
    unit_id: UUID | None,
    begins_on: date,
    ends_on: date | None,
) -> UUID:
    request_id = new_id()
    tx.value(
        "SELECT guard.ask_role(%(id)s, %(account)s, %(role)s, %(unit)s, %(begins)s, %(ends)s)",
        {
            "id": request_id,
            "account": account_id,
            "role": role,
            "unit": unit_id,
            "begins": begins_on,
            "ends": ends_on,
        },
    )
    return request_id


def waiting(tx: Work) -> list[Row]:
    """Those that the actor may decide, or asked for; the oldest first. Days are the office's."""
    apart = tx.lasts_apart()
    return [
        {**row, **{name: row[name] and row[name] - apart for name in ("begins_on", "ends_on")}}
        for row in tx.rows("SELECT * FROM guard.role_requests()")
    ]


def decide(tx: Work, request_id: UUID, *, confirmed: bool) -> None:
    tx.value(
        "SELECT guard.decide_role(%(id)s, %(confirmed)s)",
        {"id": request_id, "confirmed": confirmed},
    )


def ask_change(tx: Work, *, account_id: UUID, what: str, value: str) -> UUID:
    """`clearance` to a higher one, `active` again, or another `person` (its id, or empty). Raises
    NotFound out of reach, Conflict where it waits already or there is nothing to confirm."""
    request_id = new_id()
    tx.value(
        "SELECT guard.ask_account(%(id)s, %(account)s, %(what)s, %(value)s)",
        {"id": request_id, "account": account_id, "what": what, "value": value},
    )
    return request_id


def changes(tx: Work) -> list[Row]:
    """Those that the actor may decide, or asked for; the oldest first."""
    return tx.rows("SELECT * FROM guard.account_requests()")


def decide_change(tx: Work, request_id: UUID, *, confirmed: bool) -> None:
    tx.value(
        "SELECT guard.decide_account(%(id)s, %(confirmed)s)",
        {"id": request_id, "confirmed": confirmed},
    )
