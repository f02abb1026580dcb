"""A day is read as people type it, as long as it can be read in one way only."""

from datetime import date

import pytest

from app.domain.days import as_typed


@pytest.mark.parametrize(
    "typed",
    [
        "2018-09-05", "2018-9-5", "2018.9.5", "2018.09.05", "2018/9/5", "2018年9月5日",
        "２０１８年９月５日", "２０１８－０９－０５", "２０１８．９．５",
        "2018 年 9 月 5 日", "2018-9-5\u3000",
    ],
)  # fmt: skip
def test_a_day_with_its_year_first_is_read(typed: str) -> None:
    assert date.fromisoformat(as_typed(typed)) == date(2018, 9, 5)


@pytest.mark.parametrize(
    "typed",
    [
        "5.9.2018", "9/5/2018", "18-9-5", "2018-9/5", "2018-9", "2018年9月", "9月5日", "2018-13-5",
        "2018-2-30", "2018-9-5-1", "明天", "二〇一八年九月五日", "2018-９-⑤", "",
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|must be in|out of range"):
        date.fromisoformat(as_typed(typed))
