"""Two languages, English and Chinese: catalogues, the choice of a locale, dates and amounts.

English texts are the message ids. Chinese stands in `app/locale/zh_CN/*.po`, a file per area,
merged in memory at the first use; no compiled catalogue is kept. A message names its values in
braces: `_("{count} left", count=3)`.
"""

from __future__ import annotations

import gettext as gnu
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CHINESE = "zh_CN"
ENGLISH = "en"
LOCALES = (CHINESE, ENGLISH)
LANGUAGE_TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"

# Where no setting says otherwise. All of China keeps one time, without summer time since 1991.
OFFICE_ZONE = timezone(timedelta(hours=8), "CST")

_WEEKDAYS = {
    CHINESE: ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WAN = Decimal(10000)
_LARGE = 100 * _WAN

# An amount as papers write it, so that no stroke can be added: 人民币贰仟叁佰陆拾元整.
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_WITHIN = ("仟", "佰", "拾", "")
_GROUPS = ("", "万", "亿", "万亿")


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a text of the core for translation; the domain has its own (`app.domain.errors`)."""
    return message


def catalogue_files(locale: str = CHINESE) -> tuple[Path, ...]:
    return tuple(sorted((LOCALE_DIR / locale).glob("*.po")))


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=CHINESE, abort_invalid=True)


@lru_cache
def translations(locale: str) -> gnu.NullTranslations:
    """The merged catalogue of `locale`; English needs none. A test refuses an id in two files."""
    if locale != CHINESE:
        return gnu.NullTranslations()
    merged = Catalog(locale=CHINESE)
    for path in catalogue_files():
        for message in read_catalogue(path):
            if message.id and merged.get(message.id) is None:
                merged.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


class AnyOf(str):
    """Words of which one is meant, as a value of a message: "a, b or c", in Chinese a、b或c."""

    __slots__ = ("words",)
    words: tuple[str, ...]

    def __new__(cls, words: Sequence[str]) -> AnyOf:
        self = super().__new__(cls, _any_of(words, ", ", " or "))
        self.words = tuple(words)
        return self


def _any_of(words: Sequence[str], comma: str, last: str) -> str:
    return last.join([*filter(None, [comma.join(words[:-1])]), *words[-1:]])


def translate(locale: str, message: str, values: Mapping[str, object] | None = None) -> str:
    """`message` in the words of `locale`, with `values` put into its braces."""
    text = translations(locale).gettext(message) if message else ""
    return text.format(**_said(locale, values)) if values else text


def _said(locale: str, values: Mapping[str, object]) -> Mapping[str, object]:
    if locale != CHINESE:
        return values
    return {
        key: _any_of(each.words, "、", "或") if isinstance(each, AnyOf) else each
        for key, each in values.items()
    }


def translate_number(
    locale: str, one: str, many: str, count: int, values: Mapping[str, object] | None = None
) -> str:
    """Like `translate`, by number; `{count}` is always among the values."""
    text = translations(locale).ngettext(one, many, count)
    return text.format(**{"count": count, **(values or {})})


def choose_locale(*preferred: str | None, accept_language: str | None = None) -> str:
    """The first of `preferred` that we have, else the browser's first language, else Chinese."""
    for locale in preferred:
        if locale in LOCALES:
            return locale
    ranked = sorted(_accepted(accept_language or ""), key=lambda entry: -entry[0])
    for _, tag in ranked:
        language = tag.split("-", 1)[0].lower()
        if language == "zh":
            return CHINESE
        if language == "en":
            return ENGLISH
    return CHINESE


def _accepted(header: str) -> list[tuple[float, str]]:
    found = []
    for part in header.split(",")[:20]:
        match = re.fullmatch(r"\s*([A-Za-z-]{1,35})\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*", part)
        if match and float(match[2] or 1) > 0:
            found.append((float(match[2] or 1), match[1]))
    return found


def table_date(day: date) -> str:
    """As tables and addresses write it: 2018-03-05."""
    return f"{day:%Y-%m-%d}" if day.year >= 1000 else day.isoformat()[:10]


def written_date(locale: str, day: date, *, weekday: bool = False, year: bool = True) -> str:
    """As text writes it: 2018年3月5日, 5 March 2018; with its weekday if asked."""
    if locale == CHINESE:
        text = f"{day.year}年" if year else ""
        text += f"{day.month}月{day.day}日"
        return f"{text} {_WEEKDAYS[CHINESE][day.weekday()]}" if weekday else text
    text = f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")
    return f"{_WEEKDAYS[ENGLISH][day.weekday()]} {text}" if weekday else text


def written_month(locale: str, day: date) -> str:
    """2018年3月, March 2018."""
    if locale == CHINESE:
        return f"{day.year}年{day.month}月"
    return f"{_MONTHS[day.month - 1]} {day.year}"


def table_time(moment: datetime, zone: tzinfo = OFFICE_ZONE, apart: timedelta = timedelta()) -> str:
    """A moment on the office's clock: 2018-08-07 16:20. Naive moments are the office's already;
    `apart` is what the machine's calendar is ahead of the office's."""
    local = moment if moment.tzinfo is None else moment.astimezone(zone)
    return f"{local - apart:%Y-%m-%d %H:%M}"


def plain_amount(yuan: Decimal) -> str:
    """Yuan to the cent, without the unit: 12,345.00."""
    return f"{yuan:,.2f}"


def written_amount(locale: str, yuan: Decimal) -> str:
    """With its unit, as in a sentence: 12,345.00元, 12,345.00 yuan."""
    return plain_amount(yuan) + ("元" if locale == CHINESE else " yuan")


@dataclass(frozen=True, slots=True)
class Together:
    """Sums that stand side by side, all in one `unit`. `exact` has for each what must stand beside
    it, in yuan to the cent with the unit; it is empty where the text itself is exact."""

    texts: Sequence[str]
    unit: str
    exact: Sequence[str]


def amounts_together(locale: str, amounts: Sequence[Decimal]) -> Together:
    """Chinese readers take large sums in 万元, to two decimals: 632.29, 万元. More of them nobody
    reads, and fewer digits than there are nobody may be shown alone: what two decimals can't say is
    said beside them to the cent, so that no amount is rounded but next to its exact one. An amount
    that has one place only, and every amount of a table, stays in yuan: `written_amount`,
    `plain_amount`. English readers take all in yuan.
    """
    if locale == CHINESE and max(map(abs, amounts), default=Decimal(0)) >= _LARGE:
        rounded = [(each / _WAN).quantize(Decimal("0.01"), ROUND_HALF_UP) for each in amounts]
        exact = [
            "" if short * _WAN == each else written_amount(locale, each)
            for short, each in zip(rounded, amounts, strict=True)
        ]
        return Together([plain_amount(each) for each in rounded], "万元", exact)
    unit = "元" if locale == CHINESE else "yuan"
    return Together([plain_amount(each) for each in amounts], unit, [""] * len(amounts))


def capital_amount(yuan: Decimal) -> str:
    """In capital numerals, after the rules for filling in bills: 人民币壹仟零伍元叁角整."""
    fen = int((yuan * 100).to_integral_value())
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    text = f"{_capitals(whole)}元" if whole else ""
    if not jiao and not rest:
        return f"人民币{text or '零元'}整"
    if jiao:
        text += f"{_CAPITALS[jiao]}角"
    elif whole:
        text += "零"
    return f"人民币{text}{_CAPITALS[rest]}分" if rest else f"人民币{text}整"


def _capitals(number: int) -> str:
    """A whole number; where digits are skipped within it stands one 零."""
    text, skipped = "", False
    for at in reversed(range(len(_GROUPS))):
        group = number // 10_000**at % 10_000
        for place, digit in enumerate(f"{group:04d}"):
            if digit == "0":
                skipped = bool(text)
                continue
            text += ("零" if skipped else "") + _CAPITALS[int(digit)] + _WITHIN[place]
            skipped = False
        if group:
            text += _GROUPS[at]
    return text


def count(number: int) -> str:
    """1,204"""
    return f"{number:,}"
