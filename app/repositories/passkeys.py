"""Passkeys. All of it is the guard's, as second factors are."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.core.db import Row, Transaction
from app.core.ids import new_id
from app.domain.passkeys import Known, Made, Purpose
from app.repositories.work import Work


def ways(tx: Transaction, secret: str) -> Row | None:
    """`code` and `passkey`: what a session that waits may go on with; None where none waits."""
    return tx.row("SELECT * FROM guard.waiting_ways(%(secret)s)", {"secret": secret})


def ask(
    tx: Transaction, purpose: Purpose, challenge: bytes, secret: str | None = None
) -> list[Known]:
    """Keeps the challenge for the session; returns what may answer it."""
    rows = tx.rows(
        "SELECT * FROM guard.ask_passkey(%(purpose)s, %(challenge)s, %(secret)s)",
        {"purpose": purpose.value, "challenge": challenge, "secret": secret},
    )
    return [Known(bytes(row["credential_id"]), row["transports"]) for row in rows]


def take(
    tx: Transaction, purpose: Purpose, credential_id: bytes, secret: str | None = None
) -> Row | None:
    """The session's challenge, which is gone once this commits: `account_id`, `challenge`, and
    `passkey_id` and `public_key` of the passkey that has this id, null where it isn't theirs."""
    return tx.row(
        "SELECT * FROM guard.take_challenge(%(purpose)s, %(credential)s, %(secret)s)",
        {"purpose": purpose.value, "credential": credential_id, "secret": secret},
    )


def let_in(
    tx: Transaction,
    secret: str,
    *,
    passkey_id: UUID,
    count: int,
    following: str,
    fresh: timedelta,
) -> str:
    """`passed`, `refused` or `doubted`, which has to be committed."""
    result: str = tx.value(
        "SELECT guard.pass_passkey(%(secret)s, %(id)s, %(count)s, %(following)s, %(fresh)s)",
        {"secret": secret, "id": passkey_id, "count": count, "following": following,
         "fresh": fresh},
    )  # fmt: skip
    return result


def confirm(tx: Work, *, passkey_id: UUID, count: int, secret: str, fresh: timedelta) -> str:
    """`passed`, `refused` or `doubted`, which has to be committed."""
    result: str = tx.value(
        "SELECT guard.confirm_passkey(%(id)s, %(count)s, %(secret)s, %(fresh)s)",
        {"id": passkey_id, "count": count, "secret": secret, "fresh": fresh},
    )
    return result


def mine(tx: Work) -> list[Row]:
    """In the order in which they were made."""
    return tx.rows("SELECT * FROM guard.my_passkeys()")


def doubted(tx: Work) -> bool:
    found: bool = tx.value(
        "SELECT EXISTS (SELECT 1 FROM guard.my_passkeys() WHERE doubted_at IS NOT NULL)"
    )
    return found


def add(tx: Work, name: str, made: Made, codes: Sequence[str]) -> tuple[UUID, bool]:
    """Its id, and whether it is the account's first second factor: then the codes are taken."""
    passkey_id = new_id()
    first: bool = tx.value(
        "SELECT guard.add_passkey(%(id)s, %(name)s, %(credential)s, %(key)s, %(count)s,"
        " %(transports)s, %(verifies)s, %(codes)s)",
        {
            "id": passkey_id,
            "name": name,
            "credential": made.credential_id,
            "key": made.public_key,
            "count": made.sign_count,
            "transports": list(made.transports),
            "verifies": made.verifies,
            "codes": list(codes),
        },
    )
    return passkey_id, first


def rename(tx: Work, passkey_id: UUID, name: str) -> bool:
    """False where there is none."""
    renamed: bool = tx.value(
        "SELECT guard.rename_passkey(%(id)s, %(name)s)", {"id": passkey_id, "name": name}
    )
    return renamed


def drop(tx: Work, passkey_id: UUID) -> bool:
    """False where there is none."""
    dropped: bool = tx.value("SELECT guard.drop_passkey(%(id)s)", {"id": passkey_id})
    return dropped
