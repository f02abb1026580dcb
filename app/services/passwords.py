"""Passwords: which are taken, and the proof that stands for one.

A password never reaches the database: the argon2 string derived from it does, and the guard's
functions compare. Deriving takes 64 MiB, so only a few run at once.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from app.core import crypto
from app.domain import errors, passwords
from app.domain.errors import N_

_deriving = threading.BoundedSemaphore(4)
_PATIENCE = 20.0  # seconds


def check_password(password: str, *, names: Sequence[str], field: str = "password") -> None:
    """Long enough, not endless, no name of its holder, none that others try first.

    Raises Invalid.
    """
    reason = passwords.refused(password, names)
    if reason is not None:
        raise errors.Invalid(errors.FieldError(field, reason))


def proof_of(password: str, salt: str) -> str:
    """Raises Unavailable where too many wait for one."""
    if len(password.encode()) > passwords.LONGEST:
        password = ""  # no such password was ever taken; an endless one costs nothing
    with _turn():
        return crypto.password_proof(password, salt)


@contextmanager
def _turn() -> Iterator[None]:
    if not _deriving.acquire(timeout=_PATIENCE):
        raise errors.Unavailable(N_("The system is busy. Nothing was changed; try again."))
    try:
        yield
    finally:
        _deriving.release()
