"""What can be corrected, and how two versions of a field differ."""

from datetime import date
from time import perf_counter

import pytest

from app.domain.correcting import (
    FIELDS,
    Correction,
    Takes,
    checked,
    differences,
    field_of,
    fields_of,
    versions,
)
from app.domain.errors import Invalid
from app.domain.kinds import Kind

DAY = date(2018, 9, 3)


def whole(pieces: tuple[tuple[str, bool], ...]) -> str:
    return "".join(text for text, _ in pieces)


def test_each_kind_has_a_field_once_and_a_title_that_signatures_rest_on() -> None:
    for kind in Kind:
        names = [field.name for field in fields_of(kind)]
        assert len(names) == len(set(names))
        title = field_of(kind, "title")
        assert title is not None
        assert title.rests


def test_what_decides_who_signs_is_frozen_by_signatures() -> None:
    frozen = {field.name for field in FIELDS if field.rests}
    assert {"title", "what", "amount", "name", "rank", "alleged"} <= frozen
    assert not {"source", "campaign_id", "place", "category", "responsible_leader"} & frozen


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("西塘桥村虚报造林面积", "西塘桥村虚报面积"),
        ("约38600元", "约36800元"),
        ("", "新"),
        ("甲乙丙", "丁戊己"),
        ("同", "同"),
    ],
)
def test_two_versions_in_pieces_are_whole_again(old: str, new: str) -> None:
    before, after = differences(old, new)
    assert (whole(before), whole(after)) == (old, new)
    same = [[text for text, changed in side if not changed] for side in (before, after)]
    assert "".join(same[0]) == "".join(same[1])


def test_the_letters_that_differ_are_marked_and_no_others() -> None:
    before, after = differences("虚报造林面积二十五亩", "虚报造林面积三十五亩")
    assert before == (("虚报造林面积", False), ("二", True), ("十五亩", False))
    assert after == (("虚报造林面积", False), ("三", True), ("十五亩", False))


def test_long_passages_that_repeat_themselves_are_compared_at_once() -> None:
    begun = perf_counter()
    before, after = differences("甲" + "ab" * 2499 + "乙", "丙" + "ba" * 2499 + "丁")
    assert perf_counter() - begun < 1
    assert before[0][1]
    assert after[0][1]


def test_an_amount_is_written_in_yuan_and_more_than_nothing() -> None:
    amount = field_of(Kind.LEAD, "amount")
    assert amount is not None
    assert checked(amount, " 1250.5 ", {}) == "1250.50"
    for wrong in ("0", "-3", "many", "1.234"):
        with pytest.raises(Invalid):
            checked(amount, wrong, {})


def test_a_code_is_one_of_those_that_the_procedure_knows() -> None:
    rank = field_of(Kind.LEAD, "rank")
    assert rank is not None
    assert checked(rank, "other", {Takes.RANK: {"other"}}) == "other"
    with pytest.raises(Invalid):
        checked(rank, "emperor", {Takes.RANK: {"other"}})


def test_the_first_version_is_what_was_logged() -> None:
    made = [
        Correction(old="甲", new="乙", reason="误", made_on=DAY, made_by="李志强"),
        Correction(old="乙", new="丙", reason="再误", made_on=DAY, made_by="周海燕"),
    ]
    found = versions("丙", made, since=DAY, by="赵敏")
    assert [(each.number, each.value, each.by) for each in found] == [
        (1, "甲", "赵敏"), (2, "乙", "李志强"), (3, "丙", "周海燕"),
    ]  # fmt: skip
    assert [each.value for each in versions("甲", [], since=DAY, by="赵敏")] == ["甲"]
