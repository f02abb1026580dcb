"""Lines of the bank by hand-written SQL: each counts once, whole, where somebody still decides."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

import pytest

from app.core.ids import new_id
from app.domain import errors, ledger
from app.domain.ledger import EntryKind
from app.repositories.imports import lookups
from app.repositories.work import Work
from app.services import bank_lines
from tests.build_history import STAGES, Past
from tests.builders import Someone, World
from tests.drill.stage import Db

DAY = date(2018, 9, 28)
CAME = date(2018, 6, 3)
ONCE = "counts once, and for its whole amount"


def put(
    tx: Work,
    kind: str,
    amount: str,
    *,
    item: UUID | None = None,
    line: UUID | None = None,
    undoes: UUID | None = None,
    day: date = CAME,
    legs: tuple[str, str] = ("bank", "payer"),
) -> UUID:
    """An entry as the application's role may write one, out of two legs."""
    entry = new_id()
    tx.execute(
        "INSERT INTO journal_entry"
        " (id, kind, fund_item_id, bank_line_id, reverses_id, happened_on, recorded_by) VALUES"
        " (%(id)s, %(kind)s, %(item)s, %(line)s, %(undoes)s, %(day)s, %(me)s)",
        {
            "id": entry, "kind": kind, "item": item, "line": line, "undoes": undoes, "day": day,
            "me": tx.actor.account_id,
        },
    )  # fmt: skip
    for account, sign in zip(legs, ("", "-"), strict=True):
        add(tx, entry, account, f"{sign}{amount}".replace("--", ""), item)
    return entry


def add(tx: Work, entry: UUID, account: str, amount: str, item: UUID | None) -> None:
    tx.execute(
        "INSERT INTO posting (id, entry_id, account, fund_item_id, amount)"
        " VALUES (%(id)s, %(entry)s, %(account)s, %(item)s, %(amount)s)",
        {"id": new_id(), "entry": entry, "account": account, "item": item, "amount": amount},
    )


def standing(tx: Work, line: UUID) -> UUID:
    entry: UUID = tx.value(
        "SELECT e.id FROM journal_entry e WHERE e.bank_line_id = %(line)s AND e.kind <> 'reversal'"
        " AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_id = e.id)",
        {"line": line},
    )
    return entry


@pytest.fixture
def past(world: World, owner: Db) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


WAITED = ("suspense", "payer")


def test_a_line_that_waits_is_booked_whole_or_not_at_all(past: Past) -> None:
    item, line = past.item_to_repay("in_custody"), past.suspended("77.00", CAME)

    def refused(why: str, *steps: Callable[[Work], object]) -> None:
        with (
            pytest.raises(errors.Conflict, match=why),
            past.world.open("attack", past.world.finance) as tx,
        ):
            [step(tx) for step in steps]

    def undo(tx: Work) -> None:
        put(tx, "reversal", "-77", line=line, undoes=standing(tx, line), legs=WAITED)

    book = partial(put, item=item.id, line=line)
    receive = partial(book, kind="receipt", amount="77")
    refused(ONCE, receive)  # beside what it stands for
    refused(ONCE, undo)
    refused(ONCE, undo, partial(book, kind="receipt", amount="70"))
    refused(ONCE, undo, partial(receive, day=DAY))
    refused(ONCE, undo, partial(receive, legs=("bank", "refund")))
    refused(ONCE, undo, partial(book, kind="release", amount="77"))
    mistake = partial(put, kind="bank_error", amount="77", line=line, legs=("bank_error", "payer"))
    refused(ONCE, undo, mistake)
    for state in ("decided", "settling", "settled"):
        past.owner.execute("UPDATE matter SET state = %s WHERE id = %s", (state, item.id))
        refused("It is decided where this item’s money goes", undo, receive)


def test_a_booked_line_leaves_its_item_by_another_hand_while_nobody_decided(past: Past) -> None:
    world, item = past.world, past.item_to_repay("in_custody")
    other = past.item_to_repay("in_custody")
    line = past.suspended("77.00", CAME)
    with world.open("funds.assign", world.finance) as tx:
        booked = bank_lines.assign_line(tx, line, item_id=item.id, reason="编号写错").entry_id

    def give_on(tx: Work) -> None:
        put(tx, "reversal", "-77", item=item.id, line=line, undoes=booked)
        put(tx, "receipt", "77", item=other.id, line=line)

    def away(who: Someone, why: str, kept: type[errors.PlumblineError] = errors.Conflict) -> None:
        with pytest.raises(kept, match=why), world.open("attack", who) as tx:
            give_on(tx)

    def more(tx: Work) -> None:
        add(tx, booked, "bank", "5", item.id)
        add(tx, booked, "payer", "-5", item.id)

    def stands(state: str) -> None:
        past.owner.execute("UPDATE matter SET state = %s WHERE id = %s", (state, item.id))

    away(world.finance, "ask a colleague", errors.Forbidden)
    for who in (world.finance, world.keeper):
        with pytest.raises(errors.Conflict, match=ONCE), world.open("attack", who) as tx:
            put(tx, "reversal", "-77", item=item.id, undoes=booked)  # as if nobody paid it in
    with (
        pytest.raises(errors.Conflict, match="must sum to zero"),
        world.open("attack", world.finance) as tx,
    ):
        more(tx)
    stands("decided")
    away(world.keeper, "A decision rests on this entry")
    stands("in_custody")
    past.repaid(past.lead(received_on=CAME), item, "12070.00", CAME, "丁有田")
    away(world.keeper, "More would go out than was received")


def test_a_leg_is_weighed_whenever_it_comes_and_whichever_checks_were_called_before_it(
    past: Past,
) -> None:
    item, line = past.item_to_repay("in_custody"), past.suspended("77.00", CAME)
    early = "SET CONSTRAINTS {} IMMEDIATE"

    def beside(tx: Work) -> None:
        tx.execute(early.format("posting_counts"))
        put(tx, "receipt", "77", item=item.id, line=line)

    def behind(tx: Work, legs: tuple[str, str]) -> None:
        put(tx, "reversal", "-77", line=line, undoes=standing(tx, line), legs=WAITED)
        booked = put(tx, "receipt", "77", item=item.id, line=line)
        tx.execute(early.format("ALL"))
        tx.execute("SET CONSTRAINTS ALL DEFERRED")
        for account, amount in zip(legs, ("1000", "-1000"), strict=True):
            add(tx, booked, account, amount, item.id)

    for step in (
        beside,
        partial(behind, legs=("bank", "payer")),
        partial(behind, legs=("refund", "payer")),
        partial(behind, legs=("payer", "payer")),
    ):
        with (
            pytest.raises(errors.Conflict, match=ONCE),
            past.world.open("attack", past.world.finance) as tx,
        ):
            step(tx)


class _Enough(Exception):
    """It would have been booked; it isn't."""


def test_services_and_database_say_alike_where_a_line_comes(past: Past) -> None:
    item, line = past.item_to_repay("in_custody"), past.suspended("77.00", CAME)
    repaid = past.suspended("-60.00", CAME)

    def comes(kind: EntryKind, of: UUID, amount: str, account: str) -> bool:
        try:
            with past.world.open("drill", past.world.finance) as tx:
                back = f"-{amount}".replace("--", "")
                put(tx, "reversal", back, line=of, undoes=standing(tx, of), legs=WAITED)
                put(tx, kind, amount, item=item.id, line=of, legs=("bank", account))
                lookups.check_now(tx)
                raise _Enough
        except _Enough:
            return True
        except errors.Conflict:
            return False

    for state in STAGES["fund_item"]:
        past.owner.execute("UPDATE matter SET state = %s WHERE id = %s", (state, item.id))
        for kind, of, amount, account in (
            (EntryKind.RECEIPT, line, "77", "payer"),
            (EntryKind.RETURN, repaid, "-60", "refund"),
            (EntryKind.TREASURY, repaid, "-60", "treasury"),
        ):
            expected = state in ledger.LINE_COMES[kind]
            assert comes(kind, of, amount, account) == expected, (kind, state)
