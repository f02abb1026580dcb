"""Opening the installation for one command, and acting in it as somebody."""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli.words import _

if TYPE_CHECKING:
    from app.core.settings import Settings
    from app.repositories.work import Work
    from app.services.instance import Instance

AS_HELP = _(
    "The account to act as, by its login; its password is asked for, or read from standard input"
    " or PLUMBLINE_PASSWORD. Without this, the operator."
)


@dataclass(frozen=True)
class Caller:
    """Who the command line acts as: the account of that login, or the operator."""

    login: str | None

    @contextmanager
    def work(self, use_case: str) -> Iterator["Work"]:
        """A unit of work on the installation that the settings name."""
        from app.core.settings import Settings

        with (
            self.session(Settings()) as (instance, session),
            instance.office.work(session, use_case=use_case) as tx,
        ):
            yield tx

    @contextmanager
    def session(self, settings: "Settings") -> Iterator[tuple["Instance", str]]:
        from app.services.instance import open_instance

        password = None if self.login is None else _password(self.login)
        with open_instance(settings) as instance, instance.acting(self.login, password) as session:
            yield instance, session


def _password(login: str) -> str:
    """Asked for where there is a terminal; never taken from the arguments, which others see."""
    given = os.environ.get("PLUMBLINE_PASSWORD")
    if given is not None:
        return given
    if sys.stdin.isatty():
        return getpass.getpass(_("Password of {login}: ", login=login))
    return sys.stdin.readline().rstrip("\r\n")
