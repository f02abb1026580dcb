"""Double entry, without a database."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ledger
from app.domain.ledger import Account, Balance, EntryKind, Hand, Leg, Line
from app.domain.money import AmountError, Money

ITEM = uuid4()
fen = st.integers(min_value=1, max_value=10**15)


def weighed(entry: ledger.Entry) -> int:
    return sum(leg.amount.fen for leg in entry.legs)


@given(fen)
def test_every_kind_of_movement_balances_and_its_reversal_undoes_it(amount: int) -> None:
    money = Money(amount)
    made = [
        ledger.receipt(ITEM, money),
        ledger.returned(ITEM, money),
        ledger.to_treasury(ITEM, money),
        ledger.to_criminal_case(ITEM, money),
        ledger.released(ITEM, money),
        ledger.suspense(money),
        ledger.suspense(-money),
        ledger.bank_error(money),
    ]
    for entry in made:
        assert weighed(entry) == 0
        undone = ledger.reversal(entry)
        assert weighed(undone) == 0
        assert [a.amount + b.amount for a, b in zip(entry.legs, undone.legs, strict=True)] == [
            Money.zero()
        ] * len(entry.legs)


def test_an_entry_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(ledger.Unbalanced):
        ledger.Entry(
            EntryKind.RECEIPT,
            (Leg(Account.BANK, Money(100), ITEM), Leg(Account.PAYER, Money(-99), ITEM)),
        )
    with pytest.raises(ledger.Unbalanced):
        ledger.Entry(EntryKind.RECEIPT, (Leg(Account.BANK, Money(0), ITEM),) * 2)
    with pytest.raises(ledger.Unbalanced):
        ledger.Entry(EntryKind.RECEIPT, (Leg(Account.BANK, Money(0), ITEM),))


@pytest.mark.parametrize("amount", [0.1, 1.0, Decimal("1"), 100, "100"])
def test_a_float_or_bare_number_is_no_amount_of_money(amount: object) -> None:
    with pytest.raises(TypeError):
        ledger.receipt(ITEM, amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        ledger.Entry(
            EntryKind.RECEIPT,
            (Leg(Account.BANK, amount, ITEM), Leg(Account.PAYER, amount, ITEM)),  # type: ignore[arg-type]
        )


def test_a_float_is_refused_where_amounts_are_read() -> None:
    with pytest.raises(AmountError):
        Money.yuan(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_than_nothing_do_not_move(amount: int) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        ledger.receipt(ITEM, Money(amount))
    with pytest.raises(ValueError, match="more than nothing"):
        ledger.returned(ITEM, Money(amount))


def test_a_line_out_of_suspense_becomes_what_its_sign_says() -> None:
    assert ledger.reassigned(ledger.suspense(Money(500)), ITEM) == ledger.receipt(ITEM, Money(500))
    assert ledger.reassigned(ledger.suspense(Money(-500)), ITEM) == ledger.returned(
        ITEM, Money(500)
    )
    other = uuid4()
    assert ledger.reassigned(ledger.receipt(other, Money(7)), ITEM) == ledger.receipt(
        ITEM, Money(7)
    )
    with pytest.raises(ValueError, match="bank_error"):
        ledger.reassigned(ledger.bank_error(Money(5)), ITEM)


@given(st.lists(st.tuples(st.sampled_from(sorted(ledger.PAYMENTS)), fen), max_size=8), fen)
def test_received_is_what_is_held_and_what_went_somewhere(
    out: list[tuple[EntryKind, int]], extra: int
) -> None:
    total = Money(sum(amount for _, amount in out) + extra)
    entries = [ledger.receipt(ITEM, total)]
    entries += [ledger.payment(kind, ITEM, Money(amount)) for kind, amount in out]
    sums: dict[Account, Money] = {}
    for entry in entries:
        for leg in entry.legs:
            sums[leg.account] = sums.get(leg.account, Money.zero()) + leg.amount
    balance = Balance.of(sums)
    assert balance.received == total
    assert balance.held == Money(extra)
    assert balance.received == (
        balance.held + balance.returned + balance.remitted + balance.released
    )


@pytest.mark.parametrize("other", [Hand.TAKEN_IN, Hand.KEPT, Hand.DECIDED, Hand.PAID])
@pytest.mark.parametrize("hand", list(Hand))
def test_four_people_handle_money(other: Hand, hand: Hand) -> None:
    somebody, else_ = uuid4(), uuid4()
    refused = ledger.hand_refused({other: {somebody}}, hand, somebody)
    assert (refused is None) is (other is hand)
    assert ledger.hand_refused({other: {somebody}}, hand, else_) is None


def test_money_moves_only_in_the_states_that_allow_it() -> None:
    states = [
        "identified", "controlled", "in_custody", "disposal_proposed", "decided", "settling",
        "settled", "released", "voided",
    ]  # fmt: skip
    allowed = {
        kind: {state for state in states if ledger.movement_refused(kind, state) is None}
        for kind in ledger.MAY_MOVE
    }
    assert allowed == {
        EntryKind.RECEIPT: {"controlled", "in_custody"},
        EntryKind.RETURN: {"settling"},
        EntryKind.TREASURY: {"settling"},
        EntryKind.CRIMINAL_CASE: {"settling"},
        EntryKind.RELEASE: {"released"},
    }


def test_what_a_decision_rests_on_is_not_reversed() -> None:
    assert ledger.reversal_refused(EntryKind.RECEIPT, "in_custody") is None
    assert ledger.reversal_refused(EntryKind.RECEIPT, "decided") is not None
    assert ledger.reversal_refused(EntryKind.RETURN, "settling") is None
    assert ledger.reversal_refused(EntryKind.RETURN, "settled") is not None
    assert ledger.reversal_refused(EntryKind.REVERSAL, "in_custody") is not None
    assert ledger.reversal_refused(EntryKind.SUSPENSE, "in_custody") is not None


@pytest.mark.parametrize("text", ["00000001", " 2018-0305/77 ", "ABC_9.1"])
def test_a_bank_reference_is_letters_and_digits(text: str) -> None:
    assert ledger.bank_reference(text) == text.strip()


@pytest.mark.parametrize("text", ["", "123", "=1+1", "a b c d", "x" * 41, "收据一二三四", "-12345"])
def test_what_is_no_bank_reference(text: str) -> None:
    assert ledger.bank_reference(text) is None


def test_the_lowest_held_counts_every_later_day() -> None:
    lines = [
        Line(date(2018, 3, 1), Money(1000)),
        Line(date(2018, 3, 10), Money(-700)),
        Line(date(2018, 3, 20), Money(500)),
    ]
    assert ledger.lowest_held(lines, since=date(2018, 2, 1)) == Money(0)
    assert ledger.lowest_held(lines, since=date(2018, 3, 1)) == Money(300)
    assert ledger.lowest_held(lines, since=date(2018, 3, 15)) == Money(300)
    assert ledger.lowest_held(lines, since=date(2018, 3, 20)) == Money(800)
    assert ledger.lowest_held([], since=date(2018, 3, 20)) == Money(0)
