"""Names stand by pinyin, or by the strokes of the surname, as Chinese readers expect."""

from itertools import pairwise

import pytest

from app.domain.name_keys import folded
from app.domain.name_order import COMPOUND, SURNAMES, NameOrder, by_pinyin, by_strokes, key


def test_names_stand_by_pinyin() -> None:
    wanted = ["安一", "白二", "曹三", "丁四", "李三", "李四", "吕五", "王六", "张七"]
    assert sorted({*wanted}, key=by_pinyin) == wanted


def test_names_stand_by_the_strokes_of_the_surname() -> None:
    wanted = ["丁四", "马五", "王六", "白二", "朱七", "李三", "曹三", "薛九", "魏十"]
    assert sorted({*wanted}, key=by_strokes) == wanted


def test_a_surname_is_read_as_surnames_are() -> None:
    """单 is Shan and not Dan, 仇 is Qiu and not Chou, 尉迟 is Yuchi and 尉 alone Wei."""
    wanted = ["仇一", "任二", "单三", "尉四", "解五", "尉迟六", "曾七", "查八"]
    assert sorted({*wanted}, key=by_pinyin) == wanted


def test_a_syllable_stands_before_a_longer_one_that_begins_with_it() -> None:
    assert by_pinyin("西安") < by_pinyin("先安")
    assert by_pinyin("奚二") < by_pinyin("夏一") < by_pinyin("咸一")


def test_those_who_sound_alike_stand_together_by_surname() -> None:
    names = ["章一", "张一", "张二", "章二", "张三"]
    ordered = sorted(names, key=by_pinyin)
    assert "".join(each[0] for each in ordered) == "张张张章章"  # 7 strokes before 11


@pytest.mark.parametrize("order", NameOrder)
def test_each_name_has_its_place_and_spaces_change_nothing(order: NameOrder) -> None:
    names = ["张三", "张 三", "张　三"]
    assert len({key(each, order) for each in names}) == 1
    others = ["张三", "张四", "张三丰", "赵六", "Ａ公司", "买买提·吐尔逊", "𠮷一"]
    keys = sorted(key(each, order) for each in others)
    assert all(one < other for one, other in pairwise(keys))


def test_the_surnames_are_single_and_the_compound_ones_double() -> None:
    assert {len(each) for each in SURNAMES} == {1}
    assert {len(each) for each in COMPOUND} == {2}
    assert all(folded(each) == each for each in (*SURNAMES, *COMPOUND))
