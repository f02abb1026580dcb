"""What the command line says, in the language of the terminal."""

import os
import sys

from app.core.i18n import CHINESE, ENGLISH, translate
from app.domain.errors import Reason


def terminal_locale() -> str:
    """As the C library reads it: LC_ALL before LC_MESSAGES before LANG; English unless Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return CHINESE if os.environ[name].lower().startswith("zh") else ENGLISH
    return ENGLISH


def _(message: str, **values: object) -> str:
    return translate(terminal_locale(), message, values)


def told(reason: Reason) -> str:
    return translate(terminal_locale(), reason.message, reason.values)


def say(line: str) -> None:
    """To the error stream: what is printed to the other one is data."""
    print(line, file=sys.stderr, flush=True)
