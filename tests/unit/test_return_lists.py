"""A line of a return list is read as people type and paste it, where it has one reading."""

import pytest

from app.domain.return_lists import name_and_amount


@pytest.mark.parametrize(
    "line",
    [
        "石桂芳 2,360.00",
        "石桂芳\t2,360.00",
        "石桂芳\u30002,360.00",
        "石桂芳，2,360.00",
        "石桂芳, 2,360.00",
        "石桂芳、2,360.00",
        "石桂芳：2,360.00",
        "  石桂芳 \u3000 2,360.00 ",
        "1\t石桂芳\t2,360.00",
        "12、石桂芳\u30002,360.00",
        "3.石桂芳 2,360.00",
    ],
)
def test_a_name_and_an_amount_are_parted_by_what_either_keyboard_has(line: str) -> None:
    assert name_and_amount(line) == ("石桂芳", "2,360.00")


def test_a_name_keeps_its_own_space_and_an_amount_its_unit() -> None:
    assert name_and_amount("Adil Khan １，２５０元") == ("Adil Khan", "１，２５０元")
    assert name_and_amount("石桂芳\u3000120 元") == ("石桂芳", "120 元")


@pytest.mark.parametrize(
    "line",
    [
        "石桂芳",
        "石桂芳2360",
        "2360",
        "石桂芳 很多",
        "石桂芳 12 360",
        "石桂芳 5101 2360",
        "石桂芳,300,500",
        "1，石桂芳，2，360.00",
        "1 2 3",
        f"石桂芳{' ' * 50_000}元",
        "",
    ],
)
def test_what_has_no_reading_or_two_is_none(line: str) -> None:
    assert name_and_amount(line) is None
