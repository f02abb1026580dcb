"""Several people in a cell with what is theirs, and numbers of matters however spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledgers.numbers import (
    Citations,
    is_like_a_number,
    number_key,
    prefix_of,
    tidy_number,
)
from app.domain.ledgers.people import (
    Membership,
    Standing,
    apart,
    complete_posts,
    is_organisation,
    membership_of,
    names_in_line,
    split_names,
    standing_of,
    tidy_name,
)
from app.domain.ledgers.sanctions import SanctionKind, handlings_in, sanctions_in
from app.domain.ledgers.vocabulary import vocabulary


def names(written: str) -> list[str]:
    return [named.name for named in split_names(written)[0]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("张三", ["张三"]),
        ("张　三", ["张三"]),
        ("张 三 丰", ["张三丰"]),
        ("张三、李四", ["张三", "李四"]),
        ("张三，李四；王五", ["张三", "李四", "王五"]),
        ("张三/李四", ["张三", "李四"]),
        ("张三\n李四", ["张三", "李四"]),
        ("张三 李四", ["张三", "李四"]),
        ("张三和李四", ["张三", "李四"]),
        ("和平", ["和平"]),
        ("欧阳　锋", ["欧阳锋"]),
        ("诸葛 孔明", ["诸葛孔明"]),
        ("张　三、李四", ["张三", "李四"]),
        ("买买提•吐尔逊", ["买买提·吐尔逊"]),
        ("John Smith", ["John Smith"]),
        ("张三（村主任）、李四", ["张三", "李四"]),
        ("松山乡民政办公室", ["松山乡民政办公室"]),
        ("不详", []),
        ("匿名", []),
        ("／", []),
        ("", []),
    ],
)
def test_the_people_of_a_cell(written: str, expected: list[str]) -> None:
    assert names(written) == expected


def test_a_note_behind_a_name_is_its_own() -> None:
    people, _ = split_names("张三（村主任）、李四")
    assert [(one.name, one.note) for one in people] == [("张三", "村主任"), ("李四", "")]
    assert names_in_line("张　三（村主任）、李四") == "张三、李四"


@pytest.mark.parametrize(
    ("written", "named", "others"),
    [("张三等3人", 1, 2), ("张三、李四等五人", 2, 3), ("张三等", 1, 0), ("张三等人", 1, 0)],
)
def test_people_who_are_only_counted_are_not_invented(
    written: str, named: int, others: int
) -> None:
    people, unnamed = split_names(written)
    assert (len(people), unnamed) == (named, others)


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=3)


@given(HAN)
def test_padding_a_name_changes_nothing(name: str) -> None:
    assert tidy_name("　".join(name)) == tidy_name(name)
    assert tidy_name(f" {name} ") == tidy_name(name)


@given(st.text(max_size=40))
def test_no_text_makes_the_splitting_fail(text: str) -> None:
    people, others = split_names(text)
    assert others >= 0
    assert all(one.name and one.name.strip() == one.name for one in people)


def test_organisations_are_told_from_people() -> None:
    assert is_organisation("青山村村委会")
    assert is_organisation("某某建筑有限公司")
    assert not is_organisation("张三")
    assert not is_organisation("司马局")


# --- what belongs to whom


@pytest.mark.parametrize(
    ("written", "people", "expected"),
    [
        ("村主任、会计", ["张三", "李四"], [("村主任",), ("会计",)]),
        ("张三：警告；李四：记过", ["张三", "李四"], [("警告",), ("记过",)]),
        ("李四：记过", ["张三", "李四"], [(), ("记过",)]),
        ("张三:警告、免职；李四:记过", ["张三", "李四"], [("警告、免职",), ("记过",)]),
        ("张三、李四：警告", ["张三", "李四"], [("警告",), ("警告",)]),
        ("均为中共党员", ["张三", "李四"], [("中共党员",), ("中共党员",)]),
        ("警告", ["张三"], [("警告",)]),
        ("警告、记过", ["张三"], [("警告、记过",)]),
        ("不详", ["张三", "李四"], [(), ()]),
    ],
)
def test_parts_of_a_cell_go_to_their_people(
    written: str, people: list[str], expected: list[tuple[str, ...]]
) -> None:
    found = apart(written, people)
    assert list(found.of) == expected
    assert found.unclear == ()


def test_what_can_not_be_told_stays_unclear() -> None:
    assert apart("警告", ["张三", "李四"]).unclear == ("警告",)
    assert apart("甲、乙、丙", ["张三", "李四"]).unclear == ("甲、乙、丙",)


def test_somebody_else_in_a_cell_is_named() -> None:
    assert apart("王五：记过", ["张三", "李四"]).others == (("王五", "记过"),)


def test_a_place_said_once_is_every_posts() -> None:
    places = ("松山乡青山村", "松山乡", "青山村")
    posts = complete_posts(["松山乡民政办主任", "扶贫专干"], places)
    assert posts == ["松山乡民政办主任", "松山乡扶贫专干"]
    posts = complete_posts(["松山乡青山村村主任", "会计"], places)
    assert posts == ["松山乡青山村村主任", "松山乡青山村会计"]
    assert complete_posts(["村主任", "会计"], places) == ["村主任", "会计"]


@pytest.mark.parametrize(
    ("post", "standing"),
    [
        ("松山乡清坡店村村主任", Standing.VILLAGE),
        ("竹垭街道松坝塘社区党支部书记", Standing.VILLAGE),
        ("青山村三组组长", Standing.VILLAGE),
        ("某村报账员", Standing.VILLAGE),
        ("村党支部原副书记", Standing.VILLAGE),
        ("松山乡民政办主任", Standing.PUBLIC),
        ("龙冲街道财政所所长", Standing.PUBLIC),
        ("红田镇副镇长", Standing.PUBLIC),
        ("青山村第一书记", Standing.PUBLIC),
        ("驻青山村工作队长", Standing.PUBLIC),
        ("白垭乡扶贫专干", Standing.UNKNOWN),
        ("", Standing.UNKNOWN),
    ],
)
def test_which_sanctions_a_post_opens(post: str, standing: Standing) -> None:
    assert standing_of(post) is standing


@pytest.mark.parametrize(
    ("written", "membership"),
    [
        ("中共党员", Membership.MEMBER),
        ("预备党员", Membership.MEMBER),
        ("是", Membership.MEMBER),
        ("群众", Membership.NOT_MEMBER),
        ("非党员", Membership.NOT_MEMBER),
        ("非中共党员", Membership.NOT_MEMBER),
        ("共青团员", Membership.NOT_MEMBER),
        ("否", Membership.NOT_MEMBER),
        ("", Membership.UNKNOWN),
        ("不详", Membership.UNKNOWN),
    ],
)
def test_party_membership(written: str, membership: Membership) -> None:
    assert membership_of(written) is membership


# --- sanctions and handlings

PARTY, OTHER = SanctionKind.PARTY, SanctionKind.ADMINISTRATIVE


@pytest.mark.parametrize(
    ("written", "kind", "expected"),
    [
        ("警告", PARTY, [(PARTY, "warning", None)]),
        ("警告", OTHER, [(OTHER, "warning", None)]),
        ("党内严重警告处分", PARTY, [(PARTY, "serious_warning", None)]),
        ("留党察看二年", PARTY, [(PARTY, "probation", 2)]),
        ("留党察看（一年）", PARTY, [(PARTY, "probation", 1)]),
        ("撤销党内职务", PARTY, [(PARTY, "removal_from_posts", None)]),
        ("政务记大过", OTHER, [(OTHER, "major_demerit", None)]),
        ("记过", OTHER, [(OTHER, "demerit", None)]),
        ("开除公职", OTHER, [(OTHER, "dismissal", None)]),
        ("开除党籍、开除公职", None, [(PARTY, "expulsion", None), (OTHER, "dismissal", None)]),
        ("党内警告、政务记过", None, [(PARTY, "warning", None), (OTHER, "demerit", None)]),
        ("政务警告", None, [(OTHER, "warning", None)]),
        (
            "党内严重警告、行政警告",
            None,
            [(PARTY, "serious_warning", None), (OTHER, "warning", None)],
        ),
        ("免予处分", PARTY, [(SanctionKind.EXEMPTION, "exemption", None)]),
        ("不予处分", PARTY, []),
        ("无", PARTY, []),
    ],
)
def test_sanctions_in_words(
    written: str,
    kind: SanctionKind | None,
    expected: list[tuple[SanctionKind, str, int | None]],
) -> None:
    assert list(sanctions_in(written, kind)) == expected


def test_handlings_with_their_counts() -> None:
    found = handlings_in("批评教育2人、诫勉谈话1人次，通报批评")
    assert found == [("criticism", 2), ("admonition", 1), ("circular", 1)]


def test_a_word_is_found_whole_first_and_then_by_its_longest_part() -> None:
    words = vocabulary("disposal")
    assert words.find("初步核实（直查）") == "verification"
    assert words.find("谈话函询-函询") == "talk_letter"
    assert words.find("暂存待查") == "hold"
    assert words.find("另行研究") is None


# --- numbers of matters


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("YC2017-0014", "yc2017 - 0014"),
        ("YC2017-0105", "YC２０１７－０１０５"),
        ("YC2017-0170", "YC20170170"),
        ("YC2017-0105", "YC2O17-O1O5"),
        ("2019〔12〕号", "2019[12]"),
        ("2019〔12〕号", "２０１９（12）号"),
        ("FH-19-003", "fh 19 003"),
        ("YC2017-0014", "YC2017—0014"),
    ],
)
def test_spellings_of_one_number_have_one_key(one: str, other: str) -> None:
    assert number_key(one) == number_key(other)


def test_different_numbers_keep_different_keys() -> None:
    assert number_key("FH-19-003") != number_key("FH-19-013")
    assert number_key("A2018-001") != number_key("B2018-001")
    assert tidy_number(" ＹＣ2017－0014 ") == "YC2017-0014"


@pytest.mark.parametrize(
    ("known", "text", "cited"),
    [
        ("YC2018-0114", "退缴违纪款 yc2018 - 0114 第2笔", "YC20180114"),
        ("YC2017-0105", "退还群众YC２０１７－０１０５毛凯", "YC20170105"),
        ("YC2017-0014", "退缴YC2O17-OO14款", "YC20170014"),
        ("2019〔12〕号", "付2019（12）号案退款500元", "201912"),
        ("FH-19-003", "fh19-003退", "FH19003"),
        ("南纪线〔2017〕1号", "退还群众 南纪线[2017] 1号 张三", "南纪线20171"),
    ],
)
def test_a_mistyped_citation_finds_its_number(known: str, text: str, cited: str) -> None:
    citations = Citations([known])
    assert citations.keys_in(text)[0] == cited == number_key(known)
    assert citations.knows(cited)


@pytest.mark.parametrize(
    "text",
    ["他行误汇 待退回", "冲正 退回误汇款", "结息", "2018-03-05 手续费", "尾号1234转入500.00元"],
)
def test_a_text_that_cites_nothing(text: str) -> None:
    assert Citations(["YC2018-0114"]).keys_in(text) == ()
    assert Citations().keys_in(text) == ()


def test_two_numbers_in_a_text_are_both_found_the_known_one_first() -> None:
    citations = Citations(["YC2018-0114"])
    assert citations.keys_in("YC2018-0999、YC2018-0114 合并退款")[0] == "YC20180114"


@given(st.integers(2015, 2030), st.integers(1, 9999), st.sampled_from(["-", " - ", "", "－", "/"]))
def test_any_number_of_a_known_shape_is_found(year: int, count: int, joint: str) -> None:
    citations = Citations(["YC2018-0114"])
    text = f"退缴违纪款 YC{year}{joint}{count:04} 第1笔"
    assert citations.keys_in(text)[0] == f"YC{year}{count:04}"


def test_what_looks_like_a_number_of_a_matter() -> None:
    for number in ("YC2018-0114", "2019〔12〕号", "FH-19-003", "XF20150001"):
        assert is_like_a_number(number)
    for other in ("35000", "张三", "2018-03-05", "3", "青山村3组"):
        assert not is_like_a_number(other)
    assert prefix_of(["YC2017-0001", "yc2018-0002"]) == "YC"
    assert prefix_of(["YC2017-0001", "FH-1"]) == prefix_of([]) == ""
