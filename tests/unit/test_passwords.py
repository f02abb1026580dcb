"""Which passwords are taken: long ones that nobody tries first. No rule asks for odd signs."""

import pytest

from app.domain.passwords import LONGEST, SHORTEST, refused

NAMES = ("wang.fang", "王芳")


@pytest.mark.parametrize(
    "password",
    [
        "the well is behind the mill",
        "correcthorsebattery",
        "buckwheat 在 磨坊 后面的井旁边等",
        "一口井在磨坊的后面等着我们去打水呢",
        "  spaces at both ends  ",
        "z" + "the ford below the bridge " * 20,
    ],
)
def test_a_long_password_is_taken_whatever_signs_it_has(password: str) -> None:
    assert refused(password, NAMES) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("fourteen chars", "at least"),
        ("P4$$w0rd!", "at least"),
        ("a" * (LONGEST + 1), "at most"),
        ("Wang.Fang wang.fang", "name"),
        ("王芳" * 10, "name"),
        ("wang.fang1234567", "name"),
        ("Plumbline2018准绳", "first"),
        ("纪委监委纪委监委纪委监委纪委监委", "first"),
        ("passwordpassword1", "first"),
        ("aaaaaaaaaaaaaaaaaaaa", "first"),
        ("qwertyuiopasdfghjkl", "first"),
        ("19801980198019801980", "first"),
        ("1qaz2wsx3edc4rfv", "first"),
        ("ILoveYouILoveYou", "first"),
    ],
)
def test_a_password_that_others_try_first_is_not(password: str, why: str) -> None:
    reason = refused(password, NAMES)
    assert reason is not None
    assert why in str(reason)


def test_letters_are_counted_as_people_count_them() -> None:
    """An accent that is written as a sign of its own is no character more."""
    composed, apart = "é" * SHORTEST, "e\u0301" * (SHORTEST - 1)
    assert "at least" not in str(refused(composed, NAMES))
    assert "at least" in str(refused(apart, NAMES))
