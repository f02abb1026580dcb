"""An amount is read as people type it, as long as it can be read in one way only."""

import pytest

from app.domain.money import AmountError, Money, as_typed


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,250.00", 125000),
        ("１２５０", 125000),
        ("１，２５０．５", 125050),
        (" 1,234,567 ", 123456700),
        ("38600.00", 3860000),
        ("-1,250", -125000),
        ("１２５０元", 125000),
        ("1，000.50元", 100050),
    ],
)
def test_separators_and_full_width_digits_are_read(typed: str, fen: int) -> None:
    assert Money.yuan(as_typed(typed)).fen == fen


@pytest.mark.parametrize(
    "typed",
    ["1,25", "12,50.00", "1,250,00", "1.250,00", "1 250", "10²", "1,2345", "3万元", "元", ""],
)
def test_what_can_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(AmountError):
        Money.yuan(as_typed(typed))
