"""Bank 银行对账单: the special account's lines, their balances, the bank's mistakes."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app.domain.errors import N_, Reason
from app.domain.ledgers.amounts import YUAN, read_amount
from app.domain.ledgers.cells import Row
from app.domain.ledgers.findings import ControlTotal, Problem, Severity, Source
from app.domain.ledgers.header import Header
from app.domain.ledgers.numbers import Citations
from app.domain.ledgers.records import record
from app.domain.ledgers.texts import one_line
from app.domain.ledgers.vocabulary import vocabulary
from app.domain.money import Money

ZERO = Money.zero()
_WORDS = re.compile("余额|结余|承|过次|结转|期初|期末")

BOTH_SIDES = Problem(
    "bank_both_sides",
    Reason(N_("Money comes in and goes out in one line.")),
    Reason(N_("Write two lines, as the bank did.")),
)
NO_SIDE = Problem(
    "bank_no_amount",
    Reason(N_("No money moves in this line.")),
    Reason(N_("Write the amount in its column, or take the line out.")),
)
NO_DIRECTION = Problem(
    "bank_no_direction",
    Reason(N_("Whether the money came in or went out is not said.")),
    Reason(N_("Write 贷 for what came in, 借 for what went out.")),
)
SEVERAL_CITED = Problem(
    "bank_several_cited",
    Reason(N_("The text cites more than one number; the first is taken.")),
    Reason(N_("Divide the line by hand if the money is for several leads.")),
    Severity.WARNING,
)
NO_ORIGINAL = Problem(
    "bank_correction_alone",
    Reason(N_("This corrects a mistake, but no line before it has the amount on the other side.")),
    Reason(N_("Look at the bank's earlier statement.")),
    Severity.WARNING,
)


@record
class BankRow:
    """One line. `credit` is what came in, `debit` what went out, one of them zero.

    `cited` is the key of the lead number in the text (see numbers.number_key), None where it
    cites none. `nature`: receipt, return, treasury, interest, fee, bank_error. `intake` is the
    kind of a receipt as its text names it. `corrects` is the line whose mistake this one undoes.
    """

    source_row: Source
    happened_on: date
    serial: str
    summary: str
    credit: Money
    debit: Money
    balance: Money | None
    counterparty: str
    cited: str | None
    citations: tuple[str, ...]
    nature: str
    intake: str | None
    correction: bool
    corrects: Source | None


@dataclass(slots=True)
class _Line:
    source: Source
    happened_on: date
    credit: Money
    debit: Money
    balance: Money | None
    counterparty: str
    cited: str | None


@dataclass(slots=True)
class BankBook:
    """Follows a statement line by line, from the oldest: balances, and which line corrects which.

    `descending`: the file has the newest line first. `swapped`: an office's own book, where 借方 is
    what came in; both are told by the balances (see `book_for`).
    """

    citations: Citations
    descending: bool = False
    swapped: bool = False
    last: _Line | None = None
    broken: bool = False
    closings: list[ControlTotal] = field(default_factory=list)
    _open: dict[tuple[str, int], deque[_Line]] = field(default_factory=dict)

    def read(self, row: Row, header: Header) -> BankRow | None:
        happened_on = row.date("happened_on", required=True)
        summary = one_line(row.text("summary"))
        sides = _sides(row, self.swapped)
        balance = row.signed("balance") if row.has("balance") else None
        row.added.pop("balance", None)
        if happened_on is None or sides is None or row.rejected:
            self.broken = True
            return None
        credit, debit = sides
        keys = self.citations.keys_in(summary)
        if len(keys) > 1 and not self.citations.knows(keys[0]):
            row.find("summary", SEVERAL_CITED)
        counterparty = row.person("counterparty") or row.known_text("counterparty")
        line = _Line(
            row.source, happened_on, credit, debit, balance, counterparty, keys[0] if keys else None
        )
        self._check_balance(row, line, header)
        red = any(finding.code == "amount_in_red" for finding in row.findings)
        correction = red or vocabulary("correction").find(summary) is not None
        corrects = self._original_of(line) if correction else None
        if correction and corrects is None:
            row.find("summary", NO_ORIGINAL)
        if not correction:
            self._remember(line)
        nature = "bank_error" if correction else nature_of(summary, credit, line.cited)
        return BankRow(
            source_row=row.source,
            happened_on=happened_on,
            serial=row.number("serial"),
            summary=summary,
            credit=credit,
            debit=debit,
            balance=balance,
            counterparty=counterparty,
            cited=line.cited,
            citations=keys,
            nature=nature,
            intake=intake_of(summary) if nature == "receipt" else None,
            correction=correction,
            corrects=corrects,
        )

    def is_balance_line(self, row: Row) -> bool:
        """Whether the line only states a balance (期初余额, 承前页): nothing moves in it."""
        words = next((text for text in row.texts if text and _WORDS.search(text)), "")
        return bool(words) and is_balance_line(words) and not _moves(row)

    def take_balance(self, row: Row) -> None:
        """Go on from the balance that such a line states, or hold a closing one against the last
        line's."""
        balance = row.signed("balance") if row.has("balance") else None
        if balance is None:
            return
        if self.last is None or self.broken:
            self.last = _Line(row.source, row.sheet.rules.today, ZERO, ZERO, balance, "", None)
            self.broken = False
        elif self.last.balance is not None:
            label = next(text for text in row.texts if _WORDS.search(text))
            heading = row.sheet.columns["balance"].heading
            self.closings.append(_closing(row.source, label, heading, balance, self.last.balance))

    def closing_controls(self, header: Header, sheet: str) -> list[ControlTotal]:
        """Closing balances that lines state, and the one above the heading."""
        found = list(self.closings)
        if header.closing_balance is not None and self.last and self.last.balance is not None:
            source, stated = Source(sheet, 0), header.closing_balance
            found.append(_closing(source, "期末余额", "", stated, self.last.balance))
        return found

    def _check_balance(self, row: Row, line: _Line, header: Header) -> None:
        """Each balance must follow from the one before it. After a line that could not be read,
        the next balance is believed."""
        before, self.last = self.last, line
        skipped, self.broken = self.broken, False
        if line.balance is None or skipped:
            return
        if before is None:
            if header.opening_balance is None:
                return
            expected = header.opening_balance + line.credit - line.debit
        elif before.balance is None:
            return
        else:
            expected = before.balance + line.credit - line.debit
        if expected != line.balance:
            row.find("balance", _wrong_balance(expected, line.balance))

    def _remember(self, line: _Line) -> None:
        side = "credit" if line.credit.fen else "debit"
        amount = line.credit.fen or line.debit.fen
        self._open.setdefault((side, amount), deque(maxlen=16)).append(line)

    def _original_of(self, line: _Line) -> Source | None:
        """The line on the other side with the same amount, not yet corrected: rather with the
        same counterparty, rather one that cites what this one cites, rather the latest."""
        side = "debit" if line.credit.fen else "credit"
        waiting = self._open.get((side, line.credit.fen or line.debit.fen))
        if not waiting:
            return None
        best = max(
            waiting,
            key=lambda old: (
                bool(line.counterparty) and old.counterparty == line.counterparty,
                old.cited == line.cited,
                old.happened_on,
            ),
        )
        waiting.remove(best)
        return best.source


def _closing(
    source: Source, label: str, column: str, stated: Money, computed: Money
) -> ControlTotal:
    return ControlTotal(
        source, label, column, "balance", stated.decimal, computed.decimal, "yuan", Decimal("0.01")
    )


def _moves(row: Row) -> bool:
    return any(
        isinstance(found := read_amount(row.raw(name), YUAN), Money) and found.fen
        for name in ("credit", "debit", "amount")
        if row.has(name)
    )


def book_for(sample: Sequence[Row], citations: Citations) -> BankBook:
    """The book whose reading the sample's balances bear out best."""
    lines: dict[bool, list[tuple[Money, Money, Money]]] = {False: [], True: []}
    for row in sample:
        for swapped, found in lines.items():
            sides = _sides(row, swapped)
            balance = row.signed("balance") if row.has("balance") else None
            if sides is not None and balance is not None:
                found.append((*sides, balance))
    best = max(
        ((swapped, descending) for swapped in (False, True) for descending in (False, True)),
        key=lambda way: (_fitting(lines[way[0]], descending=way[1]), not way[0], not way[1]),
    )
    return BankBook(citations, swapped=best[0], descending=best[1])


def _fitting(lines: Sequence[tuple[Money, Money, Money]], *, descending: bool) -> int:
    ordered = lines[::-1] if descending else lines
    return sum(after[2] == before[2] + after[0] - after[1] for before, after in pairwise(ordered))


def _wrong_balance(expected: Money, stated: Money) -> Problem:
    return Problem(
        "bank_balance_wrong",
        Reason(
            N_(
                "The balance should be {expected}; the statement says {stated}, {difference} apart."
            ),
            {
                "expected": str(expected),
                "stated": str(stated),
                "difference": str(stated - expected),
            },
        ),
        Reason(N_("See whether a line is missing before this one, or ask the bank.")),
        Severity.WARNING,
    )


def _sides(row: Row, swapped: bool) -> tuple[Money, Money] | None:
    """(in, out): from two columns, or from one with its direction."""
    if row.has("amount") and not (row.has("credit") and row.has("debit")):
        signed = not row.has("direction")
        amount = row.signed("amount", plain=signed)
        if amount is None or not amount.fen:
            row.find("amount", NO_SIDE)
            return None
        if signed:
            sides = (amount, ZERO) if amount > ZERO else (ZERO, -amount)
        else:
            direction = row.choice("direction", severity=Severity.ERROR)
            if direction is None:
                row.find("direction", NO_DIRECTION)
                return None
            sides = (amount, ZERO) if direction == "in" else (ZERO, amount)
    else:
        sides = (row.signed("credit") or ZERO, row.signed("debit") or ZERO)
    if swapped:
        sides = (sides[1], sides[0])
    credit, debit = sides
    if credit.fen and debit.fen:
        row.find("credit", BOTH_SIDES)
        return None
    if not credit.fen and not debit.fen:
        row.find("credit", NO_SIDE)
        return None
    if credit < ZERO:
        return ZERO, -credit
    return (-debit, ZERO) if debit < ZERO else (credit, debit)


def intake_of(summary: str) -> str:
    """The kind of intake that a text names; `not_stated` where it names none."""
    return vocabulary("intake").find(summary) or "not_stated"


def nature_of(summary: str, credit: Money, cited: str | None) -> str:
    """By the words of the text, where it cites no lead; then by the side."""
    key = vocabulary("bank_text").find(summary)
    if key in {"bank_error", "interest", "fee", "treasury"} and not (
        cited is not None and key == "bank_error"
    ):
        return key or ""
    return "receipt" if credit.fen else "return"


def is_balance_line(words: str) -> bool:
    """期初余额, 承前页, 期末余额."""
    return any(
        vocabulary(name).exactly(words) is not None
        for name in ("opening_balance", "closing_balance")
    )
