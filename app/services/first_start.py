"""A new installation's first administrator, who comes in by a one-use token.

The start prints it; it works for three days, once, and only while there is no administrator.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from app.core import crypto
from app.core.ids import new_id
from app.domain import errors
from app.domain.errors import N_, FieldError, Reason
from app.repositories import first_start
from app.repositories.work import Work
from app.services.passwords import check_password, proof_of

LIFETIME = timedelta(days=3)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_GONE = N_("This address was used already, or is too old. The command line makes another one.")


def has_administrator(tx: Work) -> bool:
    """Needs no sign-in."""
    return first_start.has_administrator(tx)


def make_token(tx: Work) -> str | None:
    """None where there is an administrator already; earlier tokens end. For the operator at the
    command line. Raises NotFound for everybody else."""
    token = secrets.token_urlsafe(32)
    return token if first_start.make_token(tx, token, LIFETIME) else None


def check(tx: Work, token: str) -> None:
    """Raises NotFound where the token is used, too old or unknown, or nobody needs it any more."""
    if not first_start.works(tx, token):
        raise errors.NotFound(_GONE)


def begin(tx: Work, *, token: str, login: str, name: str, password: str, locale: str) -> str:
    """The first administrator, on the whole installation. Needs no sign-in. Returns the login.

    Raises NotFound, Invalid, Conflict.
    """
    check(tx, token)
    login, name = login.strip().lower(), " ".join(name.split())
    wrong = []
    if not _LOGIN.fullmatch(login):
        wrong.append(
            FieldError("login", Reason(N_("Latin letters and digits, two at least, no spaces.")))
        )
    if not 0 < len(name) <= 200:
        wrong.append(FieldError("name", Reason(N_("Write something."))))
    if wrong:
        raise errors.Invalid(*wrong)
    check_password(password, names=(login, name))
    salt = crypto.new_password_salt()
    begun = first_start.redeem(
        tx, token=token, account_id=new_id(), login=login, name=name, locale=locale, salt=salt,
        proof=proof_of(password, salt),
    )  # fmt: skip
    if not begun:  # somebody else was quicker
        raise errors.NotFound(_GONE)
    return login
