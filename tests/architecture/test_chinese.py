"""Chinese texts keep to the habits of Chinese readers: punctuation, gaps, dates."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import i18n
from app.routers.templating import TEMPLATE_DIR
from tests.architecture.source import APP, ROOT

HAN = r"[\u3400-\u9fff]"
# Half-width marks beside Chinese characters, a gap beside full-width ones, straight quotes.
AMISS = re.compile(
    rf"{HAN}\s*[,;:?!]|[,;:?!]\s*{HAN}|{HAN}\.(?!\w)|{HAN}\s*\(|\)\s*{HAN}|\({HAN}|{HAN}\)"
    rf"|[。，；：？！、（“]\s+\S|\S\s+[。，；：？！、）”]|{HAN} +{HAN}|\.\.\.|\""
)
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
EXAMPLE = re.compile(f"(?:如|写成) ?{ISO_DATE.pattern}")  # how a date is typed

FENCE = re.compile(r"```.*?```", re.DOTALL)
CODE = re.compile(r"`[^`]*`|<[^>]*>")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
LEAD = re.compile(r"^\s*(\d+\.|-|#+|>)\s+")
RUN_IN = re.compile(r"\*\*(?P<words>[^*]+[。？！])\*\* ")  # Markdown closes it only before a gap
DOCUMENTS = sorted([*ROOT.glob("*.zh.md"), *(ROOT / "docs").rglob("*.zh.md")])


def catalogue_texts() -> Iterator[tuple[str, str]]:
    for path in i18n.catalogue_files():
        for message in i18n.read_catalogue(path):
            if message.id:
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                yield from ((path.name, str(each)) for each in said)


def table_texts() -> Iterator[tuple[str, str]]:
    """What the profiles, the glossary and other tables say in Chinese."""

    def found(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, each in value.items():
                if key == i18n.CHINESE and isinstance(each, str):
                    yield each
                else:
                    yield from found(each)
        elif isinstance(value, list):
            for each in value:
                yield from found(each)

    for path in sorted(APP.rglob("*.toml")):
        for each in found(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield path.name, each


def prose(path: Path) -> Iterator[str]:
    """A document's words, each cell of a table and each line apart, without code or addresses."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    text = LINK.sub(r"\1", CODE.sub("x", RUN_IN.sub(r"\g<words>", text))).replace("**", "")
    for line in text.splitlines():
        cells = line.split("|") if line.startswith("|") else [LEAD.sub("", line)]
        yield from (cell.strip() for cell in cells)


def test_catalogues_and_tables_are_punctuated_in_full_width() -> None:
    texts = [*catalogue_texts(), *table_texts()]
    assert len(texts) > 2000
    amiss = [(where, text, found[0]) for where, text in texts if (found := AMISS.search(text))]
    assert amiss == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_are_punctuated_in_full_width(path: Path) -> None:
    amiss = [(line, found[0]) for line in prose(path) if (found := AMISS.search(line))]
    assert amiss == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("请写明理由。", True), ("请写明理由.", False), ("是,不是", False), ("（本人）", True),
        ("(本人)", False), ("编号YC2018-0001，版本1.2。", True), ("先登记。 再分办", False),
        ("填写 理由", False), ("“说明”", True), ('"说明"', False), ("等等...", False),
    ],
)  # fmt: skip
def test_what_is_amiss_is_found(text: str, right: bool) -> None:
    assert (AMISS.search(text) is None) is right


def test_catalogues_write_dates_out() -> None:
    dated = [text for _, text in catalogue_texts() if ISO_DATE.search(EXAMPLE.sub("", text))]
    assert dated == []


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATE_DIR.rglob("*.html")):
        yield path.name, path.read_text(encoding="utf-8")


def test_a_date_within_a_sentence_is_written_out() -> None:
    """2018-03-05 is for tables and lists of dates; a message takes 2018年3月5日."""
    within = re.compile(r"\b(?:_|ngettext)\((?:[^()]|\([^()]*\))*\btable_date\b")
    assert within.search('_("since {day}", day=each.begins_on | table_date)')
    assert [name for name, text in templates() if within.search(text)] == []


def test_no_gap_stands_between_two_sentences() -> None:
    """The templates write `gap`, which is none in Chinese."""
    between = re.compile(r"\) \}\}(?:\{% if [^%]*%\})? \{\{ (?:_|ngettext)\(\"[A-Z]")
    assert between.search('{{ _("One.") }} {{ _("Another.") }}')
    assert [name for name, text in templates() if between.search(text)] == []
