"""Names in the orders that Chinese readers know: by pinyin, and by strokes of the surname.

The keys are compared letter by letter (collation C), so a database can keep them in an index. By
pinyin, characters that sound alike stand by their strokes; by strokes, those with as many stand as
Unicode has them, which is by radical.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Protocol, cast

import unicodedataplus
from pypinyin import Style, pinyin

from app.domain.name_keys import folded


class NameOrder(StrEnum):
    PINYIN = "pinyin"
    STROKES = "strokes"


# Surnames whose character is usually read otherwise.
SURNAMES = {
    "单": "shan4", "解": "xie4", "仇": "qiu2", "区": "ou1", "查": "zha1", "曾": "zeng1",
    "任": "ren2", "华": "hua4", "朴": "piao2", "盖": "ge3", "缪": "miao4", "翟": "zhai2",
    "覃": "qin2", "员": "yun4", "种": "chong2", "秘": "bi4", "乐": "yue4", "逄": "pang2",
    "黑": "he4", "折": "she2", "召": "shao4", "冼": "xian3", "洗": "xian3", "宓": "mi4",
    "尉": "wei4", "万": "wan4", "晁": "chao2", "长": "zhang3", "葛": "ge3", "宁": "ning4",
}  # fmt: skip
COMPOUND = {
    "尉迟": ("yu4", "chi2"), "万俟": ("mo4", "qi2"), "长孙": ("zhang3", "sun1"),
    "澹台": ("tan2", "tai2"), "单于": ("chan2", "yu2"), "令狐": ("ling2", "hu2"),
}  # fmt: skip
_MOST = 99  # strokes that two digits write; no character of a name has as many


class _Unicode(Protocol):
    """What is used of a library that says nothing of its types."""

    def total_strokes(self, character: str, /) -> int: ...


_unicode = cast(_Unicode, unicodedataplus)


def key(name: str, order: NameOrder) -> str:
    return by_pinyin(name) if order is NameOrder.PINYIN else by_strokes(name)


def by_pinyin(name: str) -> str:
    """`zhang1 07张 san1 03三`: a syllable ends before any longer one begins with it."""
    bare = folded(name)
    said = [*COMPOUND.get(bare[:2], ())] or [SURNAMES[bare[0]] if bare[:1] in SURNAMES else ""]
    parts = []
    for at, character in enumerate(bare):
        sound = (said[at] if at < len(said) else "") or _sound(character)
        parts.append(f"{sound} {_strokes(character):02}{character}")
    return " ".join(parts)


def by_strokes(name: str) -> str:
    """`07张03三`: fewer strokes first, the surname before the rest."""
    return "".join(f"{_strokes(character):02}{character}" for character in folded(name))


@lru_cache(maxsize=30_000)
def _sound(character: str) -> str:
    """With its tone as a figure, the neutral one last; ü as v. What isn't read stands as it is."""
    (found,) = pinyin(character, style=Style.TONE3, neutral_tone_with_five=True)
    return found[0].replace("ü", "v")


@lru_cache(maxsize=30_000)
def _strokes(character: str) -> int:
    """None for what is no Chinese character: it stands first."""
    return min(_unicode.total_strokes(character), _MOST)
