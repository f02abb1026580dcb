"""Codes of an authenticator, by the numbers that RFC 6238 gives."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import factors

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_the_standards(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert factors.step_of(RFC, code, moment) == seconds // 30
    assert factors.step_of(RFC, f" {code[:3]} {code[3:]} ", moment) == seconds // 30


def test_a_clock_may_differ_by_half_a_minute_and_no_more() -> None:
    moment = datetime.fromtimestamp(1234567890, UTC)
    step = 1234567890 // 30
    for late in (-30, 0, 30):
        assert factors.step_of(RFC, "005924", moment + timedelta(seconds=late)) == step
    for late in (-60, 60):
        assert factors.step_of(RFC, "005924", moment + timedelta(seconds=late)) is None


@pytest.mark.parametrize("typed", ["", "00592", "0059244", "００５９２４", "-05924", "٠٠٥٩٢٤"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert factors.step_of(RFC, typed, datetime.fromtimestamp(1234567890, UTC)) is None


def test_what_is_put_into_an_authenticator_names_us_and_the_account() -> None:
    address = factors.address(RFC, "wang.fang")
    assert address.startswith("otpauth://totp/Plumbline:wang.fang?secret=")
    assert "issuer=Plumbline" in address


def test_recovery_codes_are_told_apart_by_eye() -> None:
    codes = factors.new_recovery_codes()
    assert len(set(codes)) == factors.RECOVERY_CODES
    assert not set("".join(codes)) & set("01ilo")
    assert factors.plain(" ABCDE-fghjk ") == "abcdefghjk"
