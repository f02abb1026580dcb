"""The special account's statement: sides, balances line by line, mistakes and corrections."""

from __future__ import annotations

import pytest

from app.domain.ledgers.families import Family
from app.domain.ledgers.findings import Verdict
from app.domain.ledgers.rows.bank import intake_of, nature_of
from app.domain.ledgers.texts import Cell
from app.domain.money import Money
from tests.unit.ledger_tables import codes, judged

HEAD: list[Cell] = ["交易日期", "流水号", "摘要", "贷方发生额", "借方发生额", "余额", "对方户名"]
Table = list[list[Cell]]


def statement(*rows: list[Cell], above: Table | None = None) -> Table:
    return [*(above or []), HEAD, *rows]


def line(
    day: int, text: str, credit: Cell, debit: Cell, balance: Cell, who: str = ""
) -> list[Cell]:
    return [f"201803{day:02}", f"{day:08}", text, credit, debit, balance, who]


IN = line(1, "退缴违纪款 A2018-0001", "100.00", "", "100.00", "张三")
OUT = line(2, "退还群众 A2018-0001", "", "40.00", "60.00", "李四")


def test_the_head_gives_the_account_and_the_lines_their_sides() -> None:
    above: Table = [["账号", "99010100000000001"], ["户名：某区纪委专户", "", "开户行：某银行"]]
    reading, (first, second) = judged(Family.BANK, statement(IN, OUT, above=above))
    header = reading.header
    assert (header.account_number, header.account_holder, header.account_bank) == (
        "99010100000000001",
        "某区纪委专户",
        "某银行",
    )
    assert (first.value.credit, first.value.debit) == (Money(10_000), Money(0))
    assert (second.value.credit, second.value.debit) == (Money(0), Money(4_000))
    assert (first.value.nature, first.value.intake) == ("receipt", "not_stated")
    assert (second.value.nature, second.value.intake) == ("return", None)
    assert first.value.cited == second.value.cited == "A20180001"


def test_an_account_number_that_became_a_float_is_not_taken() -> None:
    above: Table = [["账号", 9.9010100000000001e16]]
    reading, _ = judged(Family.BANK, statement(IN, above=above))
    assert reading.header.account_number == ""
    assert [notice.code for notice in reading.notices] == ["account_digits_lost"]


def test_each_balance_must_follow_from_the_one_before() -> None:
    wrong = line(3, "退缴", "5.00", "", "66.00")
    after = line(4, "退缴", "1.00", "", "67.00")
    _, rows = judged(Family.BANK, statement(IN, OUT, wrong, after))
    assert [codes(row) for row in rows] == [[], [], ["bank_balance_wrong"], []]
    assert rows[2].verdict is Verdict.WARNED
    assert str(rows[2].findings[0].reason) == (
        "The balance should be 65.00; the statement says 66.00, 1.00 apart."
    )


@pytest.mark.parametrize(
    ("above", "first", "expected"),
    [
        ([["期初余额：10.00元"]], "110.00", []),
        ([["期初余额", "10.00"]], "100.00", ["bank_balance_wrong"]),
        ([], "110.00", []),
    ],
)
def test_the_opening_balance(above: Table, first: str, expected: list[str]) -> None:
    _, (row,) = judged(Family.BANK, statement(line(1, "退缴", "100", "", first), above=above))
    assert codes(row) == expected


def test_lines_that_only_state_a_balance_are_no_movements() -> None:
    opening: list[Cell] = ["20180301", "", "期初余额", "", "", "10.00", ""]
    closing: list[Cell] = ["", "", "期末余额", "", "", "61.00", ""]
    one, two = line(2, "退缴", "90.00", "", "100.00"), line(3, "退还", "", "40", "60.00")
    reading, rows = judged(Family.BANK, statement(opening, one, two, closing))
    assert [row.findings for row in rows] == [(), ()]
    (control,) = reading.controls
    assert (control.label, str(control.difference)) == ("期末余额", "1.00")


def test_after_a_line_that_can_not_be_read_the_next_balance_is_believed() -> None:
    _, rows = judged(
        Family.BANK,
        statement(IN, line(2, "退还", "", "x", "60.00"), line(3, "退缴", "5", "", "65")),
    )
    assert [row.verdict for row in rows] == [Verdict.ACCEPTED, Verdict.REJECTED, Verdict.ACCEPTED]


@pytest.mark.parametrize(
    ("credit", "debit", "code"),
    [("5", "6", "bank_both_sides"), ("", "", "bank_no_amount"), ("0", "0.00", "bank_no_amount")],
)
def test_a_line_moves_money_on_one_side(credit: str, debit: str, code: str) -> None:
    _, (row,) = judged(Family.BANK, statement(line(1, "退缴", credit, debit, "1")))
    assert (row.verdict, codes(row)) == (Verdict.REJECTED, [code])


# --- the bank's own mistakes


def test_a_mistake_and_its_correction_are_a_pair() -> None:
    mistake = line(3, "他行误汇 待退回", "20", "", "80", "某商行")
    other = line(4, "退缴违纪款 A2018-0002", "20", "", "100", "王五")
    correction = line(5, "冲正 退回误汇款", "", "20", "80", "某商行")
    _, rows = judged(Family.BANK, statement(IN, OUT, mistake, other, correction))
    assert [row.value.nature for row in rows][2:] == ["bank_error", "receipt", "bank_error"]
    assert rows[4].value.corrects == rows[2].source
    assert rows[4].findings == ()


def test_a_correction_in_red_is_taken_on_the_other_side() -> None:
    mistake = line(3, "退缴违纪款 A2018-0009", "20", "", "80", "王五")
    red = line(4, "退缴违纪款 A2018-0009", "-20.00", "", "60", "王五")
    _, rows = judged(Family.BANK, statement(IN, OUT, mistake, red))
    assert (rows[3].value.debit, rows[3].value.correction) == (Money(2_000), True)
    assert rows[3].value.corrects == rows[2].source
    assert codes(rows[3]) == ["amount_in_red"]


def test_a_correction_without_its_mistake_says_so() -> None:
    _, rows = judged(Family.BANK, statement(IN, line(2, "冲正", "", "7", "93")))
    assert codes(rows[1]) == ["bank_correction_alone"]


def test_a_mistake_is_corrected_once() -> None:
    lines = [
        line(3, "误汇", "20", "", "80"),
        line(4, "冲正", "", "20", "60"),
        line(5, "冲正", "", "20", "40"),
    ]
    _, rows = judged(Family.BANK, statement(IN, OUT, *lines))
    assert (rows[3].value.corrects, rows[4].value.corrects) == (rows[2].source, None)


# --- other banks' forms


def test_a_statement_with_the_newest_line_first() -> None:
    mistake = line(3, "误汇", "20", "", "80")
    correction = line(4, "冲正", "", "20", "60")
    _, rows = judged(Family.BANK, statement(correction, mistake, OUT, IN))
    assert [row.findings for row in rows] == [(), (), (), ()]
    assert rows[0].value.corrects == rows[1].source


def test_an_offices_own_book_has_receipts_on_the_other_side() -> None:
    head: list[Cell] = ["日期", "摘要", "借方金额", "贷方金额", "余额"]
    rows: Table = [
        ["2018-03-01", "收张三退缴款", "100", "", "100"],
        ["2018-03-02", "退还李四", "", "40", "60"],
        ["2018-03-03", "收王五退缴款", "5", "", "65"],
    ]
    reading, found = judged(Family.BANK, [head, *rows])
    assert [notice.code for notice in reading.notices] == ["bank_swapped"]
    assert [row.value.credit.fen for row in found] == [10_000, 0, 500]


@pytest.mark.parametrize(
    ("inward", "outward"), [("贷", "借"), ("收", "付"), ("转入", "转出"), ("C", "D")]
)
def test_one_column_of_amounts_with_its_direction(inward: str, outward: str) -> None:
    head: list[Cell] = ["日期", "摘要", "借贷标志", "发生额", "余额"]
    rows: Table = [
        ["2018-03-01", "退缴", inward, "100", "100"],
        ["2018-03-02", "退还", outward, "40", "60"],
    ]
    _, (first, second) = judged(Family.BANK, [head, *rows])
    assert (first.value.credit.fen, second.value.debit.fen) == (10_000, 4_000)


def test_one_column_of_amounts_with_signs() -> None:
    head: list[Cell] = ["日期", "摘要", "交易金额", "余额"]
    rows: Table = [["2018-03-01", "退缴", "+100", "100"], ["2018-03-02", "退还", "-40", "60"]]
    _, (first, second) = judged(Family.BANK, [head, *rows])
    assert (first.value.credit.fen, second.value.debit.fen) == (10_000, 4_000)
    assert (first.findings, second.findings) == ((), ())


def test_a_line_without_direction_is_rejected() -> None:
    head: list[Cell] = ["日期", "摘要", "借贷标志", "发生额"]
    _, (row,) = judged(Family.BANK, [head, ["2018-03-01", "退缴", "", "100"]])
    assert codes(row) == ["bank_no_direction"]


# --- what a text says


@pytest.mark.parametrize(
    ("text", "intake"),
    [
        ("收缴违纪所得 A2018-0001", "collected"),
        ("没收违法所得", "confiscated"),
        ("责令退赔款", "restitution"),
        ("登记上交", "surrendered"),
        ("追缴损失", "recovered_loss"),
        ("退缴违纪款", "not_stated"),
        ("转账", "not_stated"),
    ],
)
def test_the_five_kinds_of_intake_are_kept_apart(text: str, intake: str) -> None:
    assert intake_of(text) == intake


@pytest.mark.parametrize(
    ("text", "credit", "cited", "nature"),
    [
        ("退缴违纪款", 1, "A1", "receipt"),
        ("退还群众", 0, "A1", "return"),
        ("结息", 1, None, "interest"),
        ("账户管理费", 0, None, "fee"),
        ("上缴国库", 0, "A1", "treasury"),
        ("他行误汇 待退回", 1, None, "bank_error"),
        ("转账", 1, None, "receipt"),
    ],
)
def test_the_nature_of_a_line(text: str, credit: int, cited: str | None, nature: str) -> None:
    assert nature_of(text, Money(credit), cited) == nature
