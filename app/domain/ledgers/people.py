"""Several people in a cell, with their posts, memberships, identity numbers and sanctions apart.

Names, posts and the rest stand in columns of their own and correspond by position
("张三、李四" beside "村主任、会计"), or each part names its person ("张三：警告；李四：记过").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.domain.ledgers.identity import IdentityNumber
from app.domain.ledgers.records import record
from app.domain.ledgers.texts import (
    UNKNOWN_WORDS,
    is_unknown,
    narrow,
    one_line,
    tidy,
    without_spaces,
)
from app.domain.ledgers.vocabulary import vocabulary

LONGEST_NAME = 40

_BETWEEN_PEOPLE = re.compile(
    r"[、,;/\n|&＆]+|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2,3}$)"
)
_BETWEEN_NAMED = re.compile(r"[;\n]+|[、,](?=[^、,;:\n]{2,12}:)")
_BETWEEN_VALUES = re.compile(r"[、,;/\n|]+")
_NAMED = re.compile(r"\s*([^:：;]{2,20}?)\s*:\s*(.*)", re.DOTALL)
_NOTE = re.compile(r"[(（\[【](.*?)[)）\]】]")
_MARK = re.compile(r"\0(\d+)\0")  # where a note stood
_OTHERS = re.compile(r"等(?:共)?(\d+|[一二两三四五六七八九十]+)?(?:名|个|位)?(?:人|同志)?$")
_BOTH = re.compile(r"(?:^|、)(?:均为|均系|都是|都为|均|都|同为)")
_ONE_NAME = re.compile(r"[\u4e00-\u9fff]{1,3}(?!等)[\u4e00-\u9fff]")
NOBODY = frozenset({"匿名", "某人", "有关人员", "相关人员", "无名氏"})
_NO_NAMES = UNKNOWN_WORDS | NOBODY
_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]+")
_ORGANISATION = re.compile(
    r"(?:公司|委员会|村委会|居委会|村委|居委|支委|支委会|办公室|管理局|局|管理站|服务站|中心|学校|小学|中学|医院"
    r"|卫生院|合作社|人民政府|政府|党支部|党委|党组|党总支|支部|企业|工厂|银行|信用社|协会|事务所|财政所|工作站|领导小组|班子)$"
)
_COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7} | {
    "八": 8,
    "九": 9,
    "十": 10,
}
_COMPOUND_SURNAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 "
    "濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 "
    "公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 "
    "微生 梁丘 左丘 公伯 西门 第五 公乘 南荣 东里 东宫 即墨 达奚 褚师".split()
)


class Membership(StrEnum):
    MEMBER = "member"
    NOT_MEMBER = "not_member"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Which sanctions somebody's post opens. VILLAGE: manages a village, no public employee."""

    VILLAGE = "village"
    PUBLIC = "public"
    UNKNOWN = "unknown"


@record
class Subject:
    """A person or an organisation reported, as one row states it. `code` is 受理人员编码."""

    name: str
    post: str = ""
    membership: Membership = Membership.UNKNOWN
    identity: IdentityNumber | None = None
    organisation: bool = False
    standing: Standing = Standing.UNKNOWN
    code: str = ""
    male: bool | None = None
    born: str = ""
    ethnicity: str = ""
    joined_party: str = ""
    education: str = ""
    eight_rules: bool | None = None
    confessed: bool | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A name as taken from a cell, with the note in brackets behind it."""

    name: str
    note: str = ""


@lru_cache(maxsize=65536)
def tidy_name(written: str) -> str:
    """张　三 is 张三; a Latin name keeps its single spaces, a middle dot is always ·."""
    name = one_line(narrow(tidy(written))).strip("'’‘`\"“”.。: ")
    name = re.sub(r"\s*[•・‧∙．●]\s*|(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff])", "·", name)
    if _HAN.search(name):
        name = without_spaces(name)
    return name


@lru_cache(maxsize=32768)
def split_names(written: str) -> tuple[tuple[Named, ...], int]:
    """The people that a cell names, and how many more it only counts ("张三等3人").

    Unknown (不详, 匿名) is nobody. The others of 等 are counted, never invented.
    """
    if _ONE_NAME.fullmatch(written) and written not in _NO_NAMES:
        return (Named(written),), 0
    text = narrow(tidy(written))
    if is_unknown(text) or text in NOBODY:
        return (), 0
    notes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        notes.append(match[1].strip())
        return f"\0{len(notes) - 1}\0"

    text = _NOTE.sub(keep, text)
    text, total = _without_others(text)
    named = tuple(
        _named(part, notes)
        for chunk in _BETWEEN_PEOPLE.split(text)
        for part in _split_by_spaces(chunk)
        if part.strip("\0 ")
    )
    named = tuple(one for one in named if one.name)
    return named, max(0, total - len(named))


@lru_cache(maxsize=32768)
def names_in_line(written: str) -> str:
    """The names of a cell as one text, without padding and notes."""
    return "、".join(named.name for named in split_names(written)[0])


def _named(part: str, notes: list[str]) -> Named:
    own = [notes[int(index)] for index in _MARK.findall(part)]
    return Named(tidy_name(_MARK.sub("", part)), "、".join(own))


def _without_others(text: str) -> tuple[str, int]:
    match = _OTHERS.search(text)
    if match is None or not text[: match.start()].strip():
        return text, 0
    count = match[1]
    total = 0 if count is None else int(count) if count.isdigit() else _COUNTS.get(count, 0)
    return text[: match.start()], total


def _split_by_spaces(chunk: str) -> list[str]:
    """Spaces pad names (张　三) and part them (张三 李四): a part of one letter is padding."""
    parts = chunk.split()
    bare = [_MARK.sub("", part) for part in parts]
    if len(parts) < 2 or not all(map(_HAN.fullmatch, bare)):
        return [chunk]
    if any(len(part) == 1 for part in bare) or bare[0] in _COMPOUND_SURNAMES:
        return [chunk] if sum(map(len, bare)) <= 4 else parts
    return parts


def is_organisation(name: str) -> bool:
    return len(name) > 3 and bool(_ORGANISATION.search(name))


@dataclass(frozen=True, slots=True)
class Apart:
    """A cell's parts: for each of the people their text, what names nobody, who is not known."""

    of: tuple[tuple[str, ...], ...]
    unclear: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


def apart(written: str, names: Sequence[str]) -> Apart:
    """Which part of a cell belongs to which of `names`.

    Parts that name a person go to that person; as many parts as people go by position; one part
    goes to the only person, or to all of them after 均. Whatever can't be told is `unclear`.
    """
    if len(names) == 1 and ":" not in written and "：" not in written:
        return Apart(((narrow(written),),))
    text = narrow(written).strip()
    if is_unknown(text):
        return Apart(tuple(() for _ in names))
    of: list[list[str]] = [[] for _ in names]
    unclear: list[str] = []
    others: list[tuple[str, str]] = []
    position = {name: index for index, name in enumerate(names)}
    waiting: list[str] = []  # 张三、李四：警告 is both people's
    for part in _BETWEEN_NAMED.split(text):
        match = _NAMED.fullmatch(part)
        if match is None:
            (waiting if tidy_name(part) in position else unclear).append(part.strip())
            continue
        named = [*map(tidy_name, waiting), *(one.name for one in split_names(match[1])[0])]
        waiting.clear()
        for name in named:
            if name in position:
                of[position[name]].append(match[2].strip())
            else:
                others.append((name, match[2].strip()))
    unclear += waiting
    unclear = [part for part in unclear if part]
    if unclear and not others and not any(of):
        _by_position(unclear, of)
        unclear = [] if any(of) else unclear
    return Apart(tuple(map(tuple, of)), tuple(unclear), tuple(others))


def _by_position(parts: list[str], of: list[list[str]]) -> None:
    values = [value.strip() for part in parts for value in _BETWEEN_VALUES.split(part)]
    values = [value for value in values if value]
    if len(of) == 1:
        of[0].append("、".join(parts))
    elif len(parts) == len(of):
        for own, part in zip(of, parts, strict=True):
            own.append(part)
    elif len(values) == len(of):
        for own, value in zip(of, values, strict=True):
            own.append(value)
    elif len(values) == 1 and _BOTH.search(values[0]):
        for own in of:
            own.append(_BOTH.sub("", values[0]))


def complete_posts(posts: Sequence[str], places: Sequence[str]) -> list[str]:
    """松山乡民政办主任、扶贫专干: the place that the first post begins with is the others' too."""
    if len(posts) < 2:
        return list(posts)
    first = narrow(posts[0])
    prefix = max(
        (place for place in places if place and first.startswith(place)), key=len, default=""
    )
    return [
        post
        if not post or not prefix or index == 0 or post.startswith(prefix[:2])
        else prefix + post
        for index, post in enumerate(posts)
    ]


_VILLAGE_POST = re.compile(
    r"(?:村|社区|居委会|居委|屯|嘎查|组|片区)"
    r"(?:党总支|党支部|支部|党委|村委会?|居委会?|委会|支两委|两委|村民|村务|监委会|监督委员会|民兵|合作社|集体经济)*"
    r"(?:原|副|老|兼)*"
    r"(?:主任|书记|支书|支部书记|会计|组长|小组长|委员|文书|报账员|出纳|妇女主任|妇联主席|治保主任|连长"
    r"|监督员|干部|专干|护林员|社长|理事长|队长|成员|村长|代表)"
)
_SENT = re.compile(r"第一书记|驻[^村社]{0,6}(?:村|社区)|挂职|下派|选派|包村|联村")
_PUBLIC_POST = re.compile(
    r"(?:镇长|乡长|街道办?主任|党工委书记|党委书记|所长|站长|局长|科长|股长|院长|校长|县长|区长|处长"
    r"|民政办主任|财政所|办公室主任|科员|主任科员|公务员|干事|副镇长|副乡长|纪委书记|纪检员|教师|医生|办主任)"
)


@lru_cache(maxsize=16384)
def standing_of(post: str) -> Standing:
    """From the words of a post. A first secretary in a village is sent, not of the village."""
    text = without_spaces(narrow(post))
    if not text:
        return Standing.UNKNOWN
    if _SENT.search(text):
        return Standing.PUBLIC
    if _VILLAGE_POST.search(text):
        return Standing.VILLAGE
    return Standing.PUBLIC if _PUBLIC_POST.search(text) else Standing.UNKNOWN


def membership_of(text: str) -> Membership:
    """Of one person's words: 中共党员, 群众, 否 …"""
    if is_unknown(text):
        return Membership.UNKNOWN
    words = vocabulary("membership")
    # 非党员 contains 党员: the whole word first, then the longest inside
    key = words.find(text)
    return Membership(key) if key else Membership.UNKNOWN
