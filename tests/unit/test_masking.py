"""What is left of a name, and what a spreadsheet must not run."""

import pytest

from app.domain import masking


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张×"), ("李志强", "李××"), ("欧阳志强", "欧×××"), (" 王五 ", "王×"), ("赵", "赵×")],
)
def test_a_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert masking.name(name) == masked


def test_no_name_leaves_no_trace_of_its_length() -> None:
    assert masking.name("  ") == "×××"


def test_an_identity_number_keeps_its_area_and_its_last_four() -> None:
    assert masking.identity("990101196607201234") == "990101********1234"
    assert masking.identity("99010119741017308X") == "990101********308X"
    assert masking.identity("990101660720123") == "990101*****0123"


@pytest.mark.parametrize("odd", ["12345", "99010119660720123", "不详", ""])
def test_what_is_no_identity_number_is_hidden_whole(odd: str) -> None:
    assert masking.identity(odd) == "*" * 18


def test_a_bank_reference_keeps_its_last_four() -> None:
    assert masking.reference("00000431") == "****0431"
    assert masking.reference("431") == "***"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    assert masking.harmless(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["", "张三", "2018-0001", "a=b", "（1）"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert masking.harmless(text) == text
