"""Chinese and English are complete: every message is translated once, and none is left over."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from app.core import i18n
from app.routers.templating import APP_DIR

Id = str | tuple[str, str]

KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
FILES = i18n.catalogue_files()


@cache
def used() -> dict[Id, str]:
    """Every message id of code and templates, with one place that says it."""
    found: dict[Id, str] = {}
    for path, line, message, _comments, _context in extract_from_dir(
        str(APP_DIR), method_map=METHODS, keywords=KEYWORDS
    ):
        identity: Id = message if isinstance(message, str) else (message[0], message[1])
        found.setdefault(identity, f"{path}:{line}")
    return found


@cache
def translated() -> list[tuple[Path, Message]]:
    return [(path, each) for path in FILES for each in i18n.read_catalogue(path) if each.id]


def identity(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def texts(held: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (held,) if isinstance(held, str) else tuple(held or ())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_messages_are_found_in_code_and_in_templates() -> None:
    places = used().values()
    assert any(place.startswith("templates/") for place in places)
    assert any(place.split(":")[0].endswith(".py") for place in places)


def test_every_message_has_a_chinese_translation() -> None:
    have = {identity(message) for _, message in translated() if all(texts(message.string))}
    assert {str(each): place for each, place in used().items() if each not in have} == {}


def test_no_message_is_translated_in_two_places() -> None:
    counted = Counter(texts(message.id)[0] for _, message in translated())
    assert [message for message, times in counted.items() if times > 1] == []


def test_no_translation_is_left_over() -> None:
    known = used()
    left = [f"{path.name}: {m.id!r}" for path, m in translated() if identity(m) not in known]
    assert left == []


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_translations_name_the_same_values(path: Path) -> None:
    wrong = []
    for message in i18n.read_catalogue(path):
        asked = set().union(*(placeholders(each) for each in texts(message.id)))
        for said in texts(message.string):
            if message.id and placeholders(said) != asked:
                wrong.append(said)
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_no_translation_is_marked_as_a_guess(path: Path) -> None:
    assert [
        message.id for message in i18n.read_catalogue(path) if message.fuzzy and message.id
    ] == []


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_chinese_is_written_with_chinese_punctuation(path: Path) -> None:
    """Between Chinese characters only full-width marks: ，；：？！（）."""
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
    wrong = [
        said
        for message in i18n.read_catalogue(path)
        if message.id
        for said in texts(message.string)
        if half_width.search(said)
    ]
    assert wrong == []
