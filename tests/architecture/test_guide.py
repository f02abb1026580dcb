"""The user guide says what the pages say, in both languages, and its pictures are all there."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.core import i18n
from app.domain.profile import builtin_profile
from app.domain.profile.fields import Row, Text
from app.routers import guide
from app.routers.templating import RAIL
from tests.browser.guide_pictures import GUIDE, PICTURES, SEEN, TAKEN

# Those that say step by step what is pressed; in the others bold is only bold.
STEPS = (
    "administrator", "auditor", "intake", "investigator", "lead-manager", "money-desk",
    "reporting-unit", "supervisor", "tour",
)  # fmt: skip
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINK = re.compile(r"\]\(([^)]+)\)")
MOST = 3_000_000  # bytes of all pictures
SAME = {"CSV", "XLSX"}  # said alike in both languages


def text(topic: str, locale: str) -> str:
    ends = {i18n.ENGLISH: ".md", i18n.CHINESE: ".zh.md"}[locale]
    return (GUIDE / f"{topic}{ends}").read_text(encoding="utf-8")


def bold(topic: str, locale: str) -> list[str]:
    """What a reader is told to press or to look for, in its order."""
    return [" ".join(each.split()) for each in BOLD.findall(text(topic, locale))]


def texts_of(held: object) -> Iterator[Text]:
    """Every text of a profile, at any depth."""
    if isinstance(held, Text):
        yield held
    elif isinstance(held, dict):
        for each in held.values():
            yield from texts_of(each)
    elif isinstance(held, list | tuple):
        for each in held:
            yield from texts_of(each)
    elif isinstance(held, Row):
        for name in type(held).model_fields:
            yield from texts_of(getattr(held, name))


@cache
def pairs() -> set[tuple[str, str]]:
    """What the pages say, in English and in Chinese."""
    found = {
        (str(message.id), str(message.string))
        for path in i18n.catalogue_files()
        for message in i18n.read_catalogue(path)
        if isinstance(message.id, str) and message.id
    }
    found |= {(each.en, each.zh_CN) for each in texts_of(builtin_profile("cn-discipline"))}
    return found | {(each, each) for each in SAME}


@cache
def with_values() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Those that hold a value, as patterns: "Sign: {step} {number}"."""
    return [(pattern(english), pattern(chinese)) for english, chinese in pairs() if "{" in english]


def pattern(message: str) -> re.Pattern[str]:
    words = re.split(r"\{\w+\}", message)
    return re.compile(".+".join(map(re.escape, words)))


def said(english: str, chinese: str) -> bool:
    """Whether a page says the one to English readers and the other to Chinese ones."""
    if (english, chinese) in pairs():
        return True
    return any(
        len(one.pattern) > len(".+") * 3 and one.fullmatch(english) and other.fullmatch(chinese)
        for one, other in with_values()
    )


@pytest.mark.parametrize("topic", STEPS)
def test_what_a_guide_tells_to_press_stands_on_the_pages_in_both_languages(topic: str) -> None:
    english, chinese = (bold(topic, locale) for locale in (i18n.ENGLISH, i18n.CHINESE))
    assert len(english) > 8
    assert len(english) == len(chinese), list(zip(english, chinese, strict=False))
    unknown = [pair for pair in zip(english, chinese, strict=True) if not said(*pair)]
    assert unknown == []


def test_a_word_that_no_page_says_is_found() -> None:
    assert said("My desk", "我的工作台")
    assert not said("My desk", "我的桌子")
    assert said("Sign: Verify YC2018-0001", "签批：初步核实 YC2018-0001")
    assert not said("Sign everything", "全部签批")


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_link_and_picture_of_the_guide_leads_somewhere(locale: str) -> None:
    missing = [
        (topic, href)
        for topic in guide.topics()
        for href in LINK.findall(text(topic, locale))
        if "://" not in href and not (GUIDE / href.partition("#")[0]).exists()
    ]
    assert missing == []


def test_the_guide_is_whole_in_both_languages() -> None:
    every = {each.name.split(".")[0] for each in GUIDE.glob("*.md")}
    assert guide.topics() == every
    assert {*STEPS, guide.BEGIN} <= every
    for topic in every:
        headings = [
            [line.partition(" ")[0] for line in text(topic, locale).splitlines() if line[:1] == "#"]
            for locale in i18n.LOCALES
        ]
        assert headings[0] == headings[1], topic


def test_the_beginning_leads_to_every_topic() -> None:
    for locale in i18n.LOCALES:
        led = {Path(href).name.split(".")[0] for href in LINK.findall(text(guide.BEGIN, locale))}
        assert led == guide.topics()


def test_every_picture_is_taken_by_a_test_and_named_in_the_guide() -> None:
    taken = {picture.file(locale) for picture in TAKEN for locale in i18n.LOCALES}
    there = {each.name for each in PICTURES.glob("*.jpg")}
    named = {
        Path(href).name
        for topic in guide.topics()
        for locale in i18n.LOCALES
        for href in LINK.findall(text(topic, locale))
        if href.endswith(".jpg")
    }
    lines = {line.split(" ")[0] for line in SEEN.read_text(encoding="utf-8").splitlines()}
    assert there == taken == named == lines


def test_the_pictures_stay_small() -> None:
    assert sum(each.stat().st_size for each in PICTURES.glob("*.jpg")) < MOST


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_the_list_of_keys_has_each_letter_of_the_rail(locale: str) -> None:
    said = re.findall(r"\*\*g (\w)\*\*\W+(.+)", text("keys", locale))
    rail = [(entry.key, i18n.translate(locale, entry.label)) for entry in RAIL.values()]
    assert said == rail
