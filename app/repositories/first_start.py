"""The first administrator's token; all of it through functions of the guard."""

from datetime import timedelta
from uuid import UUID

from app.repositories.work import Work


def has_administrator(tx: Work) -> bool:
    return bool(tx.value("SELECT guard.has_administrator()"))


def make_token(tx: Work, token: str, lifetime: timedelta) -> bool:
    """Ends earlier ones. False where there is an administrator. Raises NotFound for whoever isn't
    the operator at the command line."""
    return bool(
        tx.value(
            "SELECT guard.make_first_token(%(token)s, %(lifetime)s)",
            {"token": token, "lifetime": lifetime},
        )
    )


def works(tx: Work, token: str) -> bool:
    return bool(tx.value("SELECT guard.first_token_works(%(token)s)", {"token": token}))


def redeem(
    tx: Work, *, token: str, account_id: UUID, login: str, name: str, locale: str, salt: str,
    proof: str,
) -> bool:  # fmt: skip
    """False where somebody was quicker. Raises Conflict where the login is taken."""
    return bool(
        tx.value(
            "SELECT guard.redeem_first_token(%(token)s, %(id)s, %(login)s, %(name)s, %(locale)s,"
            " %(salt)s, %(proof)s)",
            {
                "token": token,
                "id": account_id,
                "login": login,
                "name": name,
                "locale": locale,
                "salt": salt,
                "proof": proof,
            },
        )
    )
