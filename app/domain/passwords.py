"""Which passwords are taken, as NIST SP 800-63B-4 has it: length, and nothing that others try.

No rule asks for digits or signs: what such rules bring about is guessed first.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.domain.errors import N_, Reason

SHORTEST = 15  # characters, as NIST asks of a password that may stand alone
LONGEST = 1024  # bytes
_BESIDE_NAMES = 8  # characters that must be left when the holder's names are taken out
# What everybody here would think of; docs/operations.md names them.
_OFFICE = ("plumbline", "准绳", "纪委", "监委", "纪检", "监察", "discipline", "commission")
_GUESSES = 10**8  # the first hundred million that somebody would try, by zxcvbn's estimate
_LOOKED_AT = 72  # characters; what is longer isn't among them


def refused(password: str, names: Sequence[str]) -> Reason | None:
    """Why it isn't taken, or None. `names` are the holder's login and name."""
    normal = unicodedata.normalize("NFC", password)
    if len(normal) < SHORTEST:
        return Reason(
            N_("A password has at least {count} characters: four or five words, for instance."),
            {"count": str(SHORTEST)},
        )
    if len(normal.encode()) > LONGEST:
        return Reason(N_("A password has at most {count} bytes."), {"count": str(LONGEST)})
    plain = normal.strip().casefold()
    if len(_without(plain, names)) < _BESIDE_NAMES:
        return Reason(N_("A password can't be the name you sign in with, or your own."))
    if len(_without(plain, _OFFICE)) < _BESIDE_NAMES or plain in _common() or _guessed(plain):
        return Reason(N_("Others try this one first. Take words that don't belong together."))
    return None


def _without(plain: str, names: Sequence[str]) -> str:
    for name in names:
        word = name.strip().casefold()
        if len(word) > 1:
            plain = plain.replace(word, "")
    return plain


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def _guessed(plain: str) -> bool:
    """Repeats, rows of keys, years and the like, and common words put together of two."""
    return float(zxcvbn(plain[:_LOOKED_AT])["guesses"]) < _GUESSES
