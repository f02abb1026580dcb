"""Second factors. All of it is the guard's: a secret comes out sealed, and only to be checked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row, Transaction
from app.repositories.work import Work


def waiting(tx: Transaction, secret: str) -> Row | None:
    """`account_id` and the `sealed` secret, where there is one, of a session that waits for its
    second factor."""
    return tx.row("SELECT * FROM guard.waiting_factor(%(secret)s)", {"secret": secret})


def let_in(
    tx: Transaction,
    secret: str,
    *,
    step: int | None,
    code: str,
    following: str,
    fresh: timedelta | None,
) -> str:
    """`passed`, `refused` or `throttled`. A refusal is counted: let it commit."""
    result: str = tx.value(
        "SELECT guard.pass_factor(%(secret)s, %(step)s, %(code)s, %(following)s, %(fresh)s)",
        {"secret": secret, "step": step, "code": code, "following": following, "fresh": fresh},
    )
    return result


def mine(tx: Work) -> Row:
    """`confirmed_at`, `codes_left`, `required`."""
    found = tx.row("SELECT * FROM guard.my_factor()")
    if found is None:
        raise RuntimeError("nobody acts")
    return found


def begin(tx: Work, sealed: bytes) -> None:
    tx.value("SELECT guard.begin_factor(%(sealed)s)", {"sealed": sealed})


def begun(tx: Work) -> bytes | None:
    """The sealed secret that waits for its first code."""
    sealed: bytes | None = tx.value("SELECT guard.begun_factor()")
    return sealed


def confirm(tx: Work, *, step: int, codes: Sequence[str]) -> None:
    tx.value(
        "SELECT guard.confirm_factor(%(step)s, %(codes)s)", {"step": step, "codes": list(codes)}
    )


def renew_codes(tx: Work, codes: Sequence[str]) -> None:
    tx.value("SELECT guard.renew_codes(%(codes)s)", {"codes": list(codes)})


def drop(tx: Work, account_id: UUID) -> bool:
    """False where there was none."""
    dropped: bool = tx.value("SELECT guard.drop_factor(%(id)s)", {"id": account_id})
    return dropped


def since(tx: Work, account_id: UUID) -> datetime | None:
    """When somebody's was set up, for themselves and their administrator."""
    found: datetime | None = tx.value("SELECT guard.factor_since(%(id)s)", {"id": account_id})
    return found


def roles(tx: Work) -> list[str]:
    """Whose holders must have one."""
    found: list[str] = tx.value("SELECT guard.factor_roles()")
    return found


def require(tx: Work, roles: Sequence[str]) -> None:
    tx.value("SELECT guard.require_factor(%(roles)s)", {"roles": list(roles)})
