"""Two languages: which one, in which words, and how dates and amounts are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from markupsafe import Markup

from app.core import i18n
from app.core.i18n import Together
from app.domain.errors import Reason
from app.routers import templating

FIFTH_OF_MARCH = date(2018, 3, 5)


@pytest.mark.parametrize(
    ("preferred", "header", "expected"),
    [
        ((None,), None, "zh_CN"),
        (("en", "zh_CN"), "zh-CN", "en"),
        ((None, "zh_CN"), "en", "zh_CN"),
        (("fr",), "en-GB,en;q=0.9", "en"),
        ((None,), "de, zh-TW;q=0.8, en;q=0.5", "zh_CN"),
        ((None,), "zh;q=0.2, en;q=0.7", "en"),
        ((None,), "en;q=0", "zh_CN"),
        ((None,), ";;;,q=1,\x00", "zh_CN"),
    ],
)
def test_the_reader_decides_the_language_then_the_browser(
    preferred: tuple[str | None, ...], header: str | None, expected: str
) -> None:
    assert i18n.choose_locale(*preferred, accept_language=header) == expected


def test_a_message_is_said_in_each_language() -> None:
    assert i18n.translate("zh_CN", "Alleged") == "反映"
    assert i18n.translate("en", "Alleged") == "Alleged"


def test_values_are_put_into_the_translation() -> None:
    said = i18n.translate("zh_CN", "Continue as {name}", {"name": "彭胜"})
    assert said == "以彭胜继续"


def test_an_empty_message_is_not_the_header_of_the_catalogue() -> None:
    assert i18n.translate("zh_CN", "") == ""


@pytest.mark.parametrize(
    ("locale", "number", "expected"),
    [
        ("en", 1, "1 working day left"),
        ("en", 4, "4 working days left"),
        ("zh_CN", 1, "还剩1个工作日"),
        ("zh_CN", 4, "还剩4个工作日"),
    ],
)
def test_number_decides_the_form(locale: str, number: int, expected: str) -> None:
    said = i18n.translate_number(
        locale, "{count} working day left", "{count} working days left", number
    )
    assert said == expected


def test_dates_are_short_in_tables_and_written_out_in_text() -> None:
    assert i18n.table_date(FIFTH_OF_MARCH) == "2018-03-05"
    assert i18n.written_date("zh_CN", FIFTH_OF_MARCH) == "2018年3月5日"
    assert i18n.written_date("en", FIFTH_OF_MARCH) == "5 March 2018"
    assert i18n.written_date("zh_CN", FIFTH_OF_MARCH, weekday=True) == "2018年3月5日 星期一"
    assert i18n.written_date("en", FIFTH_OF_MARCH, weekday=True) == "Monday 5 March 2018"
    assert i18n.written_date("zh_CN", FIFTH_OF_MARCH, year=False) == "3月5日"
    assert i18n.written_month("en", FIFTH_OF_MARCH) == "March 2018"
    assert i18n.written_month("zh_CN", FIFTH_OF_MARCH) == "2018年3月"


def test_a_moment_is_shown_on_the_offices_clock() -> None:
    assert i18n.table_time(datetime(2018, 9, 27, 18, 30, tzinfo=UTC)) == "2018-09-28 02:30"


@pytest.mark.parametrize(
    ("yuan", "plain", "wan", "beside"),
    [
        ("0", "0.00", "0.00", ""),
        ("12345", "12,345.00", "1.23", "12,345.00元"),
        ("12350", "12,350.00", "1.24", "12,350.00元"),
        ("6322900.00", "6,322,900.00", "632.29", ""),
        ("-20000", "-20,000.00", "-2.00", ""),
        ("123456789.01", "123,456,789.01", "12,345.68", "123,456,789.01元"),
        ("12.50", "12.50", "0.00", "12.50元"),
    ],
)
def test_an_amount_in_ten_thousands_has_two_decimals_and_what_they_lose_beside_it(
    yuan: str, plain: str, wan: str, beside: str
) -> None:
    amount = Decimal(yuan)
    assert i18n.plain_amount(amount) == plain
    assert i18n.written_amount("zh_CN", amount) == f"{plain}元"
    assert i18n.written_amount("en", amount) == f"{plain} yuan"
    together = [amount, Decimal(5_000_000)]
    chinese = i18n.amounts_together("zh_CN", together)
    assert chinese == Together([wan, "500.00"], "万元", [beside, ""])
    english = i18n.amounts_together("en", together)
    assert english == Together([plain, "5,000,000.00"], "yuan", ["", ""])


def test_sums_side_by_side_have_one_unit_and_large_ones_are_in_ten_thousands() -> None:
    assert i18n.amounts_together("zh_CN", []) == Together([], "元", [])
    small = [Decimal("999999.99"), Decimal("12.50")]
    shown = Together(["999,999.99", "12.50"], "元", ["", ""])
    assert i18n.amounts_together("zh_CN", small) == shown
    assert i18n.amounts_together("zh_CN", [Decimal(1_000_000)]).unit == "万元"


def test_what_a_person_typed_never_becomes_markup() -> None:
    template = templating.environment("en").from_string('{{ _("Continue as {name}", name=name) }}')
    assert template.render(name="<b>x</b>{0}") == "Continue as &lt;b&gt;x&lt;/b&gt;{0}"


def test_markup_made_in_a_template_stays_markup() -> None:
    template = templating.environment("en").from_string('{{ _("Continue as {name}", name=name) }}')
    assert template.render(name=Markup("<b>x</b>")) == "Continue as <b>x</b>"


def test_a_reason_is_said_in_the_readers_words_and_escaped() -> None:
    reason = Reason("Continue as {name}", {"name": "<i>"})
    said = templating.environment("zh_CN").from_string("{{ say(reason) }}").render(reason=reason)
    assert said == "以&lt;i&gt;继续"


@pytest.mark.parametrize(
    ("yuan", "capitals"),
    [
        ("2360.00", "人民币贰仟叁佰陆拾元整"),
        ("16800", "人民币壹万陆仟捌佰元整"),
        ("125000.00", "人民币壹拾贰万伍仟元整"),
        ("1000005.30", "人民币壹佰万零伍元叁角整"),
        ("6322900.04", "人民币陆佰叁拾贰万贰仟玖佰元零肆分"),
        ("10204.56", "人民币壹万零贰佰零肆元伍角陆分"),
        ("107000.53", "人民币壹拾万零柒仟元伍角叁分"),
        ("300000000", "人民币叁亿元整"),
        ("200000010000.00", "人民币贰仟亿零壹万元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("0", "人民币零元整"),
    ],
)
def test_papers_write_amounts_in_capital_numerals(yuan: str, capitals: str) -> None:
    assert i18n.capital_amount(Decimal(yuan)) == capitals
