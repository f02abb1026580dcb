"""What stands above a ledger's heading: title, cut-off, unit of money, whose ledger it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.ledgers.amounts import UNITS, YUAN, read_amount
from app.domain.ledgers.dates import DateRules, read_date
from app.domain.ledgers.texts import Cell, narrow, one_line, squash, tidy, without_spaces
from app.domain.ledgers.vocabulary import vocabulary
from app.domain.money import Money

_A_DATE = r"(\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?)"
_CUT_OFF = re.compile(
    rf"(?:截[至止]到?|数据截[至止]|统计(?:截止)?(?:时间|日期|至)?)(?:日期|时间)?[:：]?\s*{_A_DATE}"
)
_LONE_DATE = re.compile(rf"[(（]\s*{_A_DATE}\s*[)）]\s*$")
_UNTIL = re.compile(rf"(?:至|到|[-—~～]+)\s*{_A_DATE}")
_UNIT_OF_MONEY = re.compile(r"单位\s*[:：]\s*[^:：]{0,30}?(百万元|亿元|万元|千元|元)")
_OFFICE = re.compile(
    r"(?:填报|编报|制表|报送|填表|编制|上报)(?:单位|部门|机关)(?:名称)?(?:[(（]盖章[)）])?\s*[:：]\s*([^:：\s]+)"
)
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:自治县|自治旗|林区|特区|区|县|市|旗)")
_BEFORE_DISTRICT = re.compile(r"^(?:附件|附表|表)?\s*\d*\s*[:：.、]?\s*(?:\d{4}\s*年(?:度)?)?\s*")
_ACCOUNT = re.compile(r"(?:账|帐)(?:户)?(?:号|号码)$")
_HOLDER = re.compile(r"(?:户名|账户名称|账户名|单位名称|存款人名称?)$")
_BANK = re.compile(r"(?:开户行|开户银行|开户网点)(?:名称)?$")
_LABELLED = re.compile(r"\s*([^:：]{2,12}?)\s*[:：]\s*(.+)")


@dataclass(frozen=True, slots=True)
class Header:
    """Facts about a sheet. `money` is how many yuan its numbers count in, if it says so.
    `number_prefix` are the letters that its first numbers begin with: a district's code, perhaps.
    """

    title: str = ""
    cut_off: date | None = None
    money: Decimal | None = None
    office: str = ""
    district: str = ""
    account_number: str = ""
    account_holder: str = ""
    account_bank: str = ""
    opening_balance: Money | None = None
    closing_balance: Money | None = None
    account_digits_lost: bool = False
    number_prefix: str = ""


def read_header(rows: Sequence[Sequence[Cell]], rules: DateRules) -> Header:
    """From the rows above the heading."""
    lines = [[text for cell in row if (text := one_line(tidy(cell)))] for row in rows]
    texts = [text for line in lines for text in line]
    labelled = _labelled(rows)
    title = max(
        (line[0] for line in lines if len(line) == 1 and not _LABELLED.fullmatch(line[0])),
        key=len,
        default="",
    )
    number, lost = _account(labelled)
    return Header(
        title=title,
        cut_off=_cut_off(texts, rules),
        money=_unit_of_money(texts),
        office=next((m[1] for text in texts if (m := _OFFICE.search(text))), ""),
        district=_district(title) or _district(_find(labelled, _HOLDER)),
        account_number=number,
        account_holder=_find(labelled, _HOLDER),
        account_bank=_find(labelled, _BANK),
        opening_balance=_balance(labelled, "opening_balance"),
        closing_balance=_balance(labelled, "closing_balance"),
        account_digits_lost=lost,
    )


def _labelled(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, Cell]]:
    """账号：9901… in one cell, or 账号 with the value in the next cell that holds something."""
    found: list[tuple[str, Cell]] = []
    for row in rows:
        cells = [cell for cell in row if tidy(cell)]
        for position, cell in enumerate(cells):
            text = narrow(tidy(cell))
            for part in re.split(r"\s{2,}|\n", text):
                if match := _LABELLED.fullmatch(part):
                    found.append((without_spaces(match[1]), match[2].strip()))
            if position + 1 < len(cells):
                found.append((without_spaces(text).rstrip(":：")[:20], cells[position + 1]))
    return found


def _find(labelled: Sequence[tuple[str, Cell]], label: re.Pattern[str]) -> str:
    return next((tidy(value) for name, value in labelled if label.search(name)), "")


def _account(labelled: Sequence[tuple[str, Cell]]) -> tuple[str, bool]:
    value = next((value for name, value in labelled if _ACCOUNT.search(name)), None)
    lost = isinstance(value, int | float) and abs(value) >= 2**53
    return ("" if lost or value is None else without_spaces(tidy(value))), lost


def _balance(labelled: Sequence[tuple[str, Cell]], words: str) -> Money | None:
    for name, value in labelled:
        if vocabulary(words).find(name):
            found = read_amount(value, YUAN)
            if isinstance(found, Money):
                return found
    return None


def _cut_off(texts: Sequence[str], rules: DateRules) -> date | None:
    for pattern in (_CUT_OFF, _LONE_DATE, _UNTIL):
        for text in texts:
            if match := pattern.search(text):
                found = read_date(match[1], rules)
                if isinstance(found, date):
                    return found
    return None


def _unit_of_money(texts: Sequence[str]) -> Decimal | None:
    for text in texts:
        if match := _UNIT_OF_MONEY.search(narrow(text)):
            return UNITS[match[1]]
    return None


def _district(title: str) -> str:
    match = _DISTRICT.match(_BEFORE_DISTRICT.sub("", narrow(title)))
    return match[0] if match and len(match[0]) > 1 else ""


_COUNTERS = frozenset("甲乙丙丁戊己庚辛abcdef")


def is_footer(texts: Sequence[str]) -> bool:
    """填表人：… 注：…: what stands below a ledger's rows."""
    return (
        bool(texts)
        and len(texts) <= 6
        and bool(
            re.match(
                r"(?:注|说明|备注|填表|制表|审核|填报|单位负责|负责人|联系|打印|编制|报送|复核人|统计|经办|主管|会计)[^:：]{0,8}[:：]",
                texts[0],
            )
            or re.match(r"(?:注\d?|说明)\s*[:：、.\d]", texts[0])
        )
    )


def numbers_columns(texts: Sequence[str]) -> bool:
    """A row that only numbers the columns: 1, 2, 3 … or 甲, 乙, 1, 2 …"""
    plain = [squash(text) for text in texts if squash(text)]
    counted = [text for text in plain if text not in _COUNTERS]
    if len(plain) < 3 or not counted or not all(text.isdigit() for text in counted):
        return False
    first = int(counted[0])
    return first in {1, 1 + len(plain) - len(counted)} and [int(text) for text in counted] == list(
        range(first, first + len(counted))
    )
