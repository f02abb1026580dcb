"""Every way in which a command can end, as an exit code and at most a few lines."""

import errno
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import typer

from app.cli.words import _, say, told

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

REFUSED = 1


@contextmanager
def one_line() -> Iterator[None]:
    """Turns what went wrong into a line that says what to do; a fault of ours stays a traceback."""
    signal.signal(signal.SIGTERM, _asked_to_stop)
    signal.signal(signal.SIGHUP, _asked_to_stop)
    try:
        yield
    except KeyboardInterrupt:
        say(_("Stopped."))
        raise typer.Exit(REFUSED) from None
    except Exception as error:
        lines = explained(error)
        if lines is None:
            raise
        for line in lines:
            say(line)
        raise typer.Exit(REFUSED) from None


def explained(error: Exception) -> list[str] | None:
    """One line, more for a form in which several fields are wrong, None where we are at fault."""
    # Imported when something went wrong: --help shall be quick.
    import psycopg
    from pydantic import ValidationError
    from sqlalchemy.exc import DBAPIError

    from app.core.embedded import EmbeddedError
    from app.core.keys import KeyFileError
    from app.core.settings import Settings
    from app.domain.errors import Denied, Invalid, PlumblineError

    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        return explained(error.orig)
    match error:
        case Invalid():
            return [f"{each.field}: {told(each.reason)}" for each in error.errors]
        case Denied() if error.reasons:
            return [told(reason) for reason in error.reasons]
        case PlumblineError():
            return [told(error.reason)]
        case EmbeddedError() | KeyFileError():
            return [_(error.message, **error.values)]
        case ValidationError() if error.title == Settings.__name__:
            return [_setting(each) for each in error.errors()]
        case psycopg.OperationalError():
            reason = str(error).strip().splitlines() or [type(error).__name__]
            return [_("The database can't be used: {reason}", reason=reason[0].strip())]
        case OSError():
            return [_file_trouble(error)]
        case _fault:
            return None


def _file_trouble(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _("The disk is full: free some space and start again.")
    reason = error.strerror or str(error)
    return _("{file} can't be used: {reason}.", file=error.filename or "-", reason=reason)


def _setting(found: "ErrorDetails") -> str:
    # Without the value: an address of the database holds a password.
    from app.routers.validation import reason_of

    name = "PLUMBLINE_" + "_".join(map(str, found["loc"])).upper()
    return _("{setting} can't be taken: {reason}", setting=name, reason=told(reason_of(found)))


def _asked_to_stop(_number: int, _frame: FrameType | None) -> None:
    # Once: what follows is the orderly end, which a second signal must not cut short.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    raise KeyboardInterrupt
