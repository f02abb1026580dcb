"""Codes of an authenticator (TOTP, RFC 6238) and codes for who lost it."""

import secrets
from datetime import datetime

import pyotp

ISSUER = "Plumbline"
RECOVERY_CODES = 10
_NEAR = (0, -1, 1)  # half minutes by which clocks may differ
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def new_secret() -> str:
    """160 bits in base 32, as authenticators take them."""
    return pyotp.random_base32()


def address(secret: str, login: str) -> str:
    """What the square code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute that a code belongs to, if it is one near now."""
    typed = plain(code)
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    totp = pyotp.TOTP(secret)
    present = totp.timecode(now)
    for offset in _NEAR:
        if secrets.compare_digest(totp.generate_otp(present + offset), typed):
            return int(present + offset)
    return None


def new_recovery_codes() -> list[str]:
    """Each 123 bits, to be written down: `k7wq2-m9xhd-…`, five groups of five. So many that a plain
    hash of one tells nothing."""
    return ["-".join(_letters() for _ in range(5)) for _ in range(RECOVERY_CODES)]


def plain(code: str) -> str:
    """As it is compared: people leave out dashes and put in spaces."""
    return "".join(code.split()).replace("-", "").lower()


def _letters() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))
