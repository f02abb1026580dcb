"""The journal itself: what the database refuses whoever writes, and what can be undone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.money import Money
from app.repositories.work import Work
from app.services import bank_lines, funds, ledger
from tests.build_history import Made, Past
from tests.builders import Someone, World

DAY = date(2018, 9, 28)
Owner = psycopg.Connection[DictRow]


@pytest.fixture
def past(world: World, owner: Owner) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


@pytest.fixture
def lead(past: Past) -> Made:
    made = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    past.join(made, past.world.investigator)
    return made


@pytest.fixture
def item(past: Past, lead: Made) -> Made:
    world = past.world
    made = past.item(
        lead, state="settling", taken_in_by=world.investigator, kept_by=world.keeper,
        decided_by=world.chief,
    )  # fmt: skip
    past.receipt(lead, made, "1000.00", date(2018, 5, 2))
    return made


def typed(
    tx: Work, item: Made, kind: str, legs: list[tuple[str, UUID | None, str]], **more: object
) -> UUID:
    """An entry by hand-written SQL, as the application's own role."""
    entry = new_id()
    tx.rows(
        "INSERT INTO journal_entry (id, kind, fund_item_id, happened_on, recorded_by, reverses_id)"
        " VALUES (%(id)s, %(kind)s, %(item)s, %(day)s, %(me)s, %(reverses)s) RETURNING 1",
        {
            "id": entry, "kind": kind, "item": item.id, "day": DAY, "me": tx.actor.account_id,
            "reverses": more.get("reverses"),
        },
    )  # fmt: skip
    for account, of, amount in legs:
        tx.rows(
            "INSERT INTO posting (id, entry_id, account, fund_item_id, amount)"
            " VALUES (%(id)s, %(entry)s, %(account)s, %(item)s, %(amount)s) RETURNING 1",
            {"id": new_id(), "entry": entry, "account": account, "item": of, "amount": amount},
        )
    return entry


Legs = Callable[[UUID], list[tuple[str, UUID | None, str]]]
CROOKED: dict[str, tuple[str, Legs]] = {
    "no postings at all": ("return", lambda _: []),
    "one posting": ("return", lambda item: [("refund", item, "5")]),
    "a cent too much": ("return", lambda item: [("bank", item, "-5"), ("refund", item, "5.01")]),
    "a return that pays the bank": (
        "return",
        lambda item: [("bank", item, "5"), ("refund", item, "-5")],
    ),
    "a receipt that repays a refund": (
        "receipt",
        lambda item: [("bank", item, "5"), ("refund", item, "-5")],
    ),
    "past the bank": ("return", lambda item: [("payer", item, "-5"), ("refund", item, "5")]),
    "into another item": ("return", lambda item: [("bank", item, "-5"), ("refund", None, "5")]),
    "a reversal of nothing": (
        "reversal",
        lambda item: [("bank", item, "5"), ("payer", item, "-5")],
    ),
}


@pytest.mark.parametrize("what", CROOKED)
def test_the_database_refuses_a_crooked_entry_at_commit(
    past: Past, item: Made, owner: Owner, what: str
) -> None:
    kind, legs = CROOKED[what]
    world = past.world
    with (
        pytest.raises(errors.Conflict, match="sum to zero"),
        world.open("attack", world.finance) as tx,
    ):
        typed(tx, item, kind, legs(item.id))
    assert owner.execute("SELECT count(*) AS n FROM journal_entry").fetchone() == {"n": 1}


def test_the_database_refuses_more_than_is_held(past: Past, item: Made) -> None:
    world = past.world
    with (
        pytest.raises(errors.Conflict, match="More would go out"),
        world.open("attack", world.finance) as tx,
    ):
        typed(tx, item, "return", [("bank", item.id, "-1000.01"), ("refund", item.id, "1000.01")])


@pytest.mark.parametrize("hand", ["investigator", "keeper", "chief"])
def test_the_database_refuses_a_payment_by_one_of_the_other_three(
    past: Past, item: Made, hand: str
) -> None:
    world = past.world
    someone: Someone = getattr(world, hand)
    with (
        pytest.raises(errors.Conflict, match="four different people"),
        world.open("attack", someone) as tx,
    ):
        typed(tx, item, "return", [("bank", item.id, "-5"), ("refund", item.id, "5")])


def test_the_database_refuses_a_payment_that_nobody_decided(past: Past, lead: Made) -> None:
    world = past.world
    item = past.item(lead, state="settling", taken_in_by=world.investigator)
    past.receipt(lead, item, "10.00", date(2018, 5, 2))
    with (
        pytest.raises(errors.Conflict, match="four different people"),
        world.open("attack", world.finance) as tx,
    ):
        typed(tx, item, "treasury", [("bank", item.id, "-5"), ("treasury", item.id, "5")])


def test_hand_written_payments_at_the_same_moment_cannot_overdraw(
    past: Past, item: Made, owner: Owner
) -> None:
    world, both = past.world, Barrier(2)

    def pay(_: int) -> str:
        try:
            with world.open("attack", world.finance) as tx:
                typed(
                    tx, item, "return",
                    [("bank", item.id, "-600.00"), ("refund", item.id, "600.00")],
                )  # fmt: skip
                both.wait(10)
        except errors.Conflict:
            return "refused"
        return "paid"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(pay, range(2))) == ["paid", "refused"]
    held = owner.execute("SELECT sum(amount) AS held FROM posting WHERE account = 'bank'")
    assert held.fetchone() == {"held": Decimal("400.00")}


def test_history_of_money_can_be_neither_changed_nor_deleted(past: Past, item: Made) -> None:
    world = past.world
    for attack in (
        "UPDATE posting SET amount = 1",
        "DELETE FROM posting",
        "UPDATE journal_entry SET happened_on = '2018-01-01'",
        "DELETE FROM journal_entry",
    ):
        with (
            pytest.raises(errors.NotFound),  # so the role without the right is answered
            world.open("attack", world.finance) as tx,
        ):
            tx.rows(f"{attack} RETURNING 1")


def paid(past: Past, item: Made, amount: str) -> UUID:
    line = new_id()
    past.insert("payee", id=line, fund_item_id=item.id, name="赵小妹", amount=amount)
    with past.world.open("funds.pay", past.world.finance) as tx:
        (done,) = funds.pay_returns(
            tx, item.id, [funds.Payment(payee_id=line, amount=amount)], happened_on=DAY
        )
    return done.entry_id


def test_a_mistake_is_reversed_by_another_hand_and_both_stay(
    past: Past, item: Made, owner: Owner
) -> None:
    world, entry = past.world, paid(past, item, "400.00")
    with (
        pytest.raises(errors.Forbidden, match="can't reverse it"),
        world.open("funds.reverse", world.finance) as tx,
    ):
        ledger.reverse_entry(tx, entry, reason="付错人")
    with world.open("funds.reverse", world.keeper) as tx:
        ledger.reverse_entry(tx, entry, reason="付错人")
    with world.open("funds.read", world.finance) as tx:
        rows = ledger.entries(tx, item.id)
        file = funds.open_item(tx, item.id)
    assert [(row["kind"], row["returned"], row["balance"]) for row in rows] == [
        ("receipt", Decimal(0), Decimal("1000.00")),
        ("return", Decimal("400.00"), Decimal("600.00")),
        ("reversal", Decimal("-400.00"), Decimal("1000.00")),
    ]
    assert rows[1]["reversed_by_id"] == rows[2]["id"]
    assert file.balance.returned == Money.zero()
    assert [row["paid_entry_id"] for row in file.payees] == [None]


def test_nothing_is_reversed_twice(past: Past, item: Made) -> None:
    world, entry = past.world, paid(past, item, "400.00")
    with world.open("funds.reverse", world.keeper) as tx:
        done = ledger.reverse_entry(tx, entry, reason="付错人")
    with (
        pytest.raises(errors.Conflict, match="reversed already"),
        world.open("funds.reverse", world.keeper) as tx,
    ):
        ledger.reverse_entry(tx, entry, reason="付错人")
    with (
        pytest.raises(errors.Denied, match="record the movement again"),
        world.open("funds.reverse", world.finance) as tx,
    ):
        ledger.reverse_entry(tx, done.entry_id, reason="付对了")
    mirror: list[tuple[str, UUID | None, str]] = [
        ("bank", item.id, "400.00"), ("refund", item.id, "-400.00"),
    ]  # fmt: skip
    with (
        pytest.raises(errors.Conflict),
        world.open("attack", world.keeper) as tx,
    ):
        typed(tx, item, "reversal", mirror, reverses=entry)


def test_a_reversal_is_a_mirror(past: Past, item: Made) -> None:
    world, entry = past.world, paid(past, item, "400.00")
    askew: list[tuple[str, UUID | None, str]] = [
        ("bank", item.id, "399.00"), ("refund", item.id, "-399.00"),
    ]  # fmt: skip
    with (
        pytest.raises(errors.Conflict, match="sum to zero"),
        world.open("attack", world.keeper) as tx,
    ):
        typed(tx, item, "reversal", askew, reverses=entry)


def test_a_receipt_that_was_paid_out_already_cannot_be_reversed(past: Past, lead: Made) -> None:
    world = past.world
    item = past.item(lead, state="in_custody", taken_in_by=world.investigator)
    with world.open("funds.receive", world.investigator) as tx:
        entry = funds.record_receipt(
            tx, item.id, amount="50", happened_on=DAY, bank_reference="00000431"
        ).entry_id
    past.post(
        "return", DAY, [("bank", item.id, "-20"), ("refund", item.id, "20")],
        matter=lead, item=item, line=past.line("-20", DAY),
    )  # fmt: skip
    with (
        pytest.raises(errors.Denied, match=r"30\.00 yuan is held"),
        world.open("funds.reverse", world.keeper) as tx,
    ):
        ledger.reverse_entry(tx, entry, reason="记错")


def test_a_reversal_says_why_and_is_not_before_the_mistake(past: Past, item: Made) -> None:
    world, entry = past.world, paid(past, item, "400.00")
    for field, given in (
        ("reason", {"reason": "  "}),
        ("happened_on", {"reason": "付错人", "happened_on": date(2018, 9, 27)}),
        ("happened_on", {"reason": "付错人", "happened_on": date(2018, 9, 29)}),
    ):
        with (
            pytest.raises(errors.Invalid) as refused,
            world.open("funds.reverse", world.keeper) as tx,
        ):
            ledger.reverse_entry(tx, entry, **given)
        assert refused.value.errors[0].field == field


def test_balances_as_of_a_day_and_as_known_on_one(past: Past, lead: Made) -> None:
    world = past.world
    item = past.item(lead)
    march, may = date(2018, 3, 10), date(2018, 5, 10)
    past.receipt(lead, item, "100", march, recorded_at=datetime(2018, 3, 11, 8, tzinfo=UTC))
    # Paid in April, heard of in June.
    past.receipt(
        lead, item, "40", date(2018, 4, 1), recorded_at=datetime(2018, 6, 1, 1, tzinfo=UTC)
    )
    with world.open("funds.read", world.finance) as tx:

        def held(day: date, known_on: date | None = None) -> str:
            found = ledger.balances(tx, [item.id], day=day, known_on=known_on)
            return str(found[item.id].held)

        assert held(march) == "100.00"
        assert held(may) == "140.00"
        assert held(may, known_on=may) == "100.00"
        assert held(may, known_on=date(2018, 6, 1)) == "140.00"
        assert held(may, known_on=date(2018, 5, 31)) == "100.00"
        assert held(date(2018, 3, 9)) == "0.00"


def test_a_line_in_suspense_finds_its_item_and_keeps_its_day(past: Past, lead: Made) -> None:
    world, item = past.world, past.item(lead)
    line = past.suspended("77.00", date(2018, 4, 3), counterparty="孙　七")
    with world.open("funds.waiting", world.finance) as tx:
        assert [row["bank_line_id"] for row in bank_lines.waiting_lines(tx, limit=50)] == [line]
    with world.open("funds.assign", world.finance) as tx:
        bank_lines.assign_line(tx, line, item_id=item.id, reason="编号写错")
    with world.open("funds.read", world.finance) as tx:
        assert bank_lines.waiting_lines(tx, limit=50) == []
        row = ledger.entries(tx, item.id, day=date(2018, 4, 3))[0]
        assert (row["received"], row["paid_in_by"]) == (Decimal("77.00"), "孙七")
        with pytest.raises(errors.Conflict, match="already"):
            bank_lines.assign_line(tx, line, item_id=item.id, reason="再来")


def test_a_line_on_a_wrong_item_moves_to_the_right_one(past: Past, lead: Made) -> None:
    world, item, other = past.world, past.item(lead), past.item(lead)
    line = past.suspended("77.00", date(2018, 4, 3))
    for target, who in ((other, world.finance), (item, world.keeper)):
        with world.open("funds.assign", who) as tx:
            bank_lines.assign_line(tx, line, item_id=target.id, reason="编号写错")
    with world.open("funds.read", world.finance) as tx:
        found = ledger.balances(tx, [item.id, other.id])
    assert (str(found[item.id].held), str(found[other.id].held)) == ("77.00", "0.00")


def test_a_line_comes_to_no_item_on_which_nobody_would_decide_about_it(
    past: Past, lead: Made, item: Made
) -> None:
    world, thing, kept = past.world, past.item(lead), past.item(lead)
    past.owner.execute("UPDATE fund_item SET form = 'property' WHERE id = %s", (thing.id,))
    line = past.suspended("77.00", date(2018, 4, 3), counterparty="孙七")

    def give(to: Made, who: Someone = world.finance) -> None:
        with world.open("funds.assign", who) as tx:
            bank_lines.assign_line(tx, line, item_id=to.id, reason="编号写错")

    def stands(of: Made, state: str) -> None:
        past.owner.execute("UPDATE matter SET state = %s WHERE id = %s", (state, of.id))

    for to, state, why in (
        (thing, "in_custody", "is property"),
        (item, "identified", "taken in yet"),
        (item, "decided", "It is decided"),
        (item, "settling", "It is decided"),
    ):
        stands(to, state)
        with pytest.raises(errors.Denied, match=why):
            give(to)
    with (
        pytest.raises(errors.Denied, match="is property"),
        world.open("funds.receive", world.finance) as tx,
    ):
        funds.record_receipt(
            tx, thing.id, amount="1.00", happened_on=DAY, bank_reference="00000431"
        )
    with (
        pytest.raises(errors.Conflict, match="is property"),
        world.open("attack", world.finance) as tx,
    ):
        typed(tx, thing, "receipt", [("bank", thing.id, "5"), ("payer", thing.id, "-5")])
    stands(item, "disposal_proposed")  # the decision will count it
    give(item)
    stands(item, "decided")  # and rests on it from now on
    with pytest.raises(errors.Denied, match="A decision rests on this entry"):
        give(kept, world.keeper)
    stands(item, "in_custody")
    past.repaid(lead, item, "1070.00", date(2018, 6, 1), "丁有田")
    with pytest.raises(errors.Denied, match=r"7\.00 yuan is held from that day on: 77\.00"):
        give(kept, world.keeper)


def test_a_debit_in_suspense_meets_the_row_that_was_signed_for(
    past: Past, item: Made, owner: Owner
) -> None:
    world = past.world
    row = new_id()
    past.insert(
        "money_return", id=row, beneficiary="赵小妹", amount="60.00", signed="signature",
        happened_on=date(2018, 6, 3), cited="YC2018-O0O1",
    )  # fmt: skip
    line = past.suspended("-60.00", date(2018, 6, 3), counterparty="赵小妹")
    with world.open("funds.assign", world.finance) as tx:
        done = bank_lines.assign_line(tx, line, item_id=item.id, reason="编号写错")
    found = owner.execute("SELECT id, entry_id, signed FROM money_return").fetchall()
    assert found == [{"id": row, "entry_id": done.entry_id, "signed": "signature"}]


def test_bank_lines_are_not_the_investigators_to_assign(past: Past, item: Made) -> None:
    world = past.world
    line = past.suspended("77.00", date(2018, 4, 3))
    with (
        pytest.raises(errors.Forbidden),
        world.open("funds.assign", world.investigator) as tx,
    ):
        bank_lines.assign_line(tx, line, item_id=item.id, reason="编号写错")
