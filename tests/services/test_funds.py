"""Money in, listed, out: what each act does, and what it is refused for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.ledger import EntryKind, Intake, Signed
from app.domain.money import Money
from app.domain.permissions import Role
from app.services import funds, ledger, payees
from app.services.ledger import Posted
from app.services.payees import NewPayee
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


def controlled(past: Past, lead: Made) -> Made:
    return past.item(lead, state="controlled", taken_in_by=past.world.investigator)


def settling(past: Past, lead: Made, amount: str = "1000.00", **more: Any) -> Made:
    """An item with money on it, kept, decided, its return list open to be paid."""
    world = past.world
    item = past.item(
        lead, state="settling", taken_in_by=world.investigator, kept_by=world.keeper,
        decided_by=world.chief, **more,
    )  # fmt: skip
    past.receipt(lead, item, amount, date(2018, 5, 2))
    return item


def payee(past: Past, item: Made, name: str, amount: str) -> UUID:
    made = new_id()
    past.insert("payee", id=made, fund_item_id=item.id, name=name, amount=amount)
    return made


def receive(world: World, item: Made, who: Someone, amount: Any = "300.00", **more: Any) -> Posted:
    given = {"happened_on": date(2018, 6, 1), "bank_reference": "00000431", **more}
    with world.open("funds.receive", who) as tx:
        return funds.record_receipt(tx, item.id, amount=amount, **given)


def test_a_receipt_is_counted_held_and_on_both_timelines(
    past: Past, lead: Made, owner: Owner
) -> None:
    world, item = past.world, controlled(past, lead)
    done = receive(
        world, item, world.investigator, intake=Intake.SURRENDERED, paid_in_by=" 王　五 "
    )
    with world.open("funds.read", world.finance) as tx:
        file = funds.open_item(tx, item.id)
        rows = ledger.entries(tx, item.id)
    assert file.balance.received == file.balance.held == Money.yuan("300.00")
    assert file.item["version"] == done.version == 2
    assert [(row["kind"], row["received"], row["balance"]) for row in rows] == [
        ("receipt", Decimal("300.00"), Decimal("300.00"))
    ]
    assert (rows[0]["intake"], rows[0]["bank_reference"]) == ("surrendered", "00000431")
    steps = owner.execute(
        "SELECT matter_id, event FROM transition WHERE event = 'money_received'"
    ).fetchall()
    assert {row["matter_id"] for row in steps} == {item.id, lead.id}


def test_the_team_reads_a_leads_money_with_a_running_balance(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead, "900.00")
    past.receipt(lead, item, "100.00", date(2018, 5, 9))
    line = payee(past, item, "赵小妹", "250.00")
    with world.open("funds.pay", world.finance) as tx:
        funds.pay_returns(
            tx, item.id, [funds.Payment(payee_id=line, amount="250.00")], happened_on=DAY
        )
    with world.open("funds.read", world.investigator) as tx:
        rows = ledger.entries(tx, lead.id)
    assert [row["balance"] for row in rows] == [
        Decimal("900.00"), Decimal("1000.00"), Decimal("750.00")
    ]  # fmt: skip
    assert rows[-1]["beneficiary"] == "赵小妹"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("amount", {"amount": "0"}),
        ("amount", {"amount": "-5"}),
        ("amount", {"amount": "1.005"}),
        ("amount", {"amount": 12.5}),
        ("amount", {"amount": "NaN"}),
        ("amount", {"amount": "99999999999999999"}),
        ("happened_on", {"happened_on": date(2018, 9, 29)}),
        ("bank_reference", {"bank_reference": "=1+1"}),
        ("bank_reference", {"bank_reference": ""}),
        ("paid_in_by", {"paid_in_by": "王" * 201}),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    past: Past, lead: Made, owner: Owner, field: str, given: dict[str, Any]
) -> None:
    item = controlled(past, lead)
    with pytest.raises(errors.Invalid) as refused:
        receive(past.world, item, past.world.investigator, **given)
    assert [error.field for error in refused.value.errors] == [field]
    found = owner.execute("SELECT count(*) AS n FROM journal_entry").fetchone()
    assert found == {"n": 0}


def test_money_does_not_come_in_before_its_lead_did(past: Past, lead: Made) -> None:
    item = controlled(past, lead)
    with pytest.raises(errors.Invalid) as refused:
        receive(past.world, item, past.world.finance, happened_on=date(2018, 2, 28))
    [wrong] = refused.value.errors
    assert (wrong.field, "2018-03-01" in str(wrong.reason)) == ("happened_on", True)


@pytest.mark.parametrize("state", ["identified", "disposal_proposed", "decided", "settled"])
def test_money_does_not_come_in_while_the_item_is_elsewhere(
    past: Past, lead: Made, state: str
) -> None:
    item = past.item(lead, state=state)
    with pytest.raises(errors.Denied, match="controlled or in custody"):
        receive(past.world, item, past.world.investigator)


def test_one_bank_reference_is_received_once(past: Past, lead: Made) -> None:
    item = controlled(past, lead)
    receive(past.world, item, past.world.investigator)
    with pytest.raises(errors.Conflict, match="bank reference"):
        receive(past.world, item, past.world.investigator)


def test_a_stale_version_is_refused(past: Past, lead: Made) -> None:
    item = controlled(past, lead)
    receive(past.world, item, past.world.investigator, seen_version=1)
    with pytest.raises(errors.Stale):
        receive(past.world, item, past.world.investigator, seen_version=1)


def test_whoever_may_not_see_the_item_gets_no_answer(past: Past, lead: Made) -> None:
    item = controlled(past, lead)
    with pytest.raises(errors.NotFound):
        receive(past.world, item, past.world.other_investigator)
    with pytest.raises(errors.NotFound):
        receive(past.world, item, past.world.operator)


def test_an_auditor_reads_money_and_moves_none(past: Past, lead: Made) -> None:
    item = controlled(past, lead)
    with pytest.raises(errors.Forbidden):
        receive(past.world, item, past.world.auditor)


def test_the_keeper_takes_in_nothing_of_what_they_keep(past: Past, lead: Made) -> None:
    item = past.item(lead, taken_in_by=past.world.investigator, kept_by=past.world.keeper)
    with pytest.raises(errors.Denied, match="four different people"):
        receive(past.world, item, past.world.keeper)


def test_whoever_took_an_instalment_in_pays_none_out(past: Past, lead: Made) -> None:
    world = past.world
    item = past.item(lead, taken_in_by=world.investigator, kept_by=world.keeper)
    receive(world, item, world.finance)
    past.owner.execute("UPDATE matter SET state = 'settling' WHERE id = %s", (item.id,))
    past.owner.execute(
        "UPDATE fund_item SET decided_by = %s WHERE id = %s", (world.chief.account_id, item.id)
    )
    line = payee(past, item, "赵小妹", "100.00")
    with (
        pytest.raises(errors.Denied, match="four different people"),
        world.open("funds.pay", world.finance) as tx,
    ):
        funds.pay_returns(
            tx, item.id, [funds.Payment(payee_id=line, amount="100.00")], happened_on=DAY
        )


def test_a_return_pays_the_list_and_is_signed_for(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead)
    first, second = payee(past, item, "赵小妹", "250.00"), payee(past, item, "钱大爷", "750.00")
    with world.open("funds.pay", world.finance) as tx:
        done = funds.pay_returns(
            tx,
            item.id,
            [
                funds.Payment(payee_id=first, amount="250.00", signed=Signed.FINGERPRINT),
                funds.Payment(payee_id=second, amount="750.00"),
            ],
            happened_on=DAY,
        )
    with world.open("funds.sign", world.finance) as tx:
        funds.sign_for_return(tx, done[1].entry_id, signed=Signed.SIGNATURE, signed_on=DAY)
    with world.open("funds.read", world.finance) as tx:
        file = funds.open_item(tx, item.id)
    assert file.balance.returned == Money.yuan("1000.00")
    assert file.balance.held == Money.zero()
    assert {(row["name"], row["signed"], row["paid_on"]) for row in file.payees} == {
        ("赵小妹", "fingerprint", DAY), ("钱大爷", "signature", DAY)
    }  # fmt: skip
    assert file.item["paid_by"] == world.finance.account_id


def test_nothing_goes_out_beyond_what_is_held(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead, "100.00")
    line = payee(past, item, "赵小妹", "100.01")
    with (
        pytest.raises(errors.Denied, match=r"100\.00 yuan is held"),
        world.open("funds.pay", world.finance) as tx,
    ):
        funds.pay_returns(
            tx, item.id, [funds.Payment(payee_id=line, amount="100.01")], happened_on=DAY
        )


def test_nothing_goes_out_on_a_day_before_it_came_in(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead)
    line = payee(past, item, "赵小妹", "10.00")
    with (
        pytest.raises(errors.Denied, match=r"0\.00 yuan is held from that day"),
        world.open("funds.pay", world.finance) as tx,
    ):
        funds.pay_returns(
            tx,
            item.id,
            [funds.Payment(payee_id=line, amount="10.00")],
            happened_on=date(2018, 5, 1),
        )


def test_nothing_goes_out_before_it_was_decided_or_its_list_signed(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead)
    line = payee(past, item, "赵小妹", "10.00")
    decided, signed = date(2018, 6, 1), date(2018, 6, 10)
    for version, state, day in ((2, "decided", decided), (3, "settling", signed)):
        past.insert(
            "transition", id=new_id(), matter_id=item.id, version=version, event="imported",
            from_state="in_custody", to_state=state, manner="ledger", happened_on=day,
        )  # fmt: skip
    past.owner.execute("UPDATE matter SET version = 3 WHERE id = %s", (item.id,))

    def pay(day: date) -> None:
        with world.open("funds.pay", world.finance) as tx:
            paid = [funds.Payment(payee_id=line, amount="10.00")]
            funds.pay_returns(tx, item.id, paid, happened_on=day)

    def remit(day: date) -> None:
        with world.open("funds.remit", world.finance) as tx:
            funds.remit(tx, item.id, to=EntryKind.TREASURY, amount="50.00", happened_on=day)

    for act, first in ((remit, decided), (pay, signed)):
        with pytest.raises(errors.Invalid) as refused:
            act(first - timedelta(days=1))
        [error] = refused.value.errors
        assert (error.field, error.reason.values) == ("happened_on", {"day": first.isoformat()})
        act(first)
    # What went out since is no step of the item: the list is the same one.
    with pytest.raises(errors.Invalid):
        pay(decided)


def test_two_payments_at_the_same_moment_pay_once(past: Past, lead: Made, owner: Owner) -> None:
    world, item = past.world, settling(past, lead)
    second = world.hire("finance-2", Role.FINANCE, "YC")
    line = payee(past, item, "赵小妹", "1000.00")

    def pay(who: Someone) -> str:
        try:
            with world.open("funds.pay", who) as tx:
                funds.pay_returns(
                    tx, item.id, [funds.Payment(payee_id=line, amount="1000.00")], happened_on=DAY
                )
        except errors.PlumblineError as error:
            return error.code
        return "paid"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(pay, [world.finance, second]))
    assert answers == ["conflict", "paid"]
    found = owner.execute("SELECT sum(amount) AS held FROM posting WHERE account = 'bank'")
    assert found.fetchone() == {"held": Decimal("0.00")}


def test_a_payment_is_what_the_list_says(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead)
    line = payee(past, item, "赵小妹", "250.00")
    with (
        pytest.raises(errors.Invalid) as refused,
        world.open("funds.pay", world.finance) as tx,
    ):
        funds.pay_returns(
            tx, item.id, [funds.Payment(payee_id=line, amount="205.00")], happened_on=DAY
        )
    assert refused.value.errors[0].field == "payments.0.amount"


def test_only_finance_pays(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead)
    line = payee(past, item, "赵小妹", "250.00")
    with (
        pytest.raises(errors.Forbidden),
        world.open("funds.pay", world.keeper) as tx,
    ):
        funds.pay_returns(
            tx, item.id, [funds.Payment(payee_id=line, amount="250.00")], happened_on=DAY
        )


def test_the_return_list_is_open_until_it_is_approved(past: Past, lead: Made) -> None:
    world = past.world
    item = past.item(lead, state="decided", taken_in_by=world.investigator, kept_by=world.keeper)
    past.receipt(lead, item, "1000.00", date(2018, 5, 2))
    with world.open("funds.list", world.finance) as tx:
        (first, _), version = payees.list_payees(
            tx, item.id, [NewPayee(name="赵　小妹", amount="400"), NewPayee(name="钱", amount="1")]
        )
    with world.open("funds.list", world.finance) as tx:
        assert (
            payees.unlist_payee(tx, item.id, first, reason="名单有误", seen_version=version)
            == version + 1
        )
    with world.open("funds.list", world.finance) as tx:
        file = funds.open_item(tx, item.id)
    assert [(row["name"], file.listed) for row in file.payees] == [("钱", Money.yuan("1"))]
    with (
        pytest.raises(errors.Denied, match=r"1001\.00 yuan, and 1000\.00 is held"),
        world.open("funds.list", world.finance) as tx,
    ):
        payees.list_payees(tx, item.id, [NewPayee(name="孙", amount="1000")])
    past.owner.execute("UPDATE matter SET state = 'settling' WHERE id = %s", (item.id,))
    with (
        pytest.raises(errors.Denied, match="until it is approved"),
        world.open("funds.list", world.finance) as tx,
    ):
        payees.list_payees(tx, item.id, [NewPayee(name="孙", amount="5")])


def test_no_more_is_remitted_than_the_decision_gives(past: Past, lead: Made) -> None:
    world = past.world
    item = settling(past, lead, splits={"refund": "700.00", "treasury": "300.00"})
    with world.open("funds.remit", world.finance) as tx:
        funds.remit(tx, item.id, to=EntryKind.TREASURY, amount="200", happened_on=DAY)
    for to, amount in [(EntryKind.TREASURY, "100.01"), (EntryKind.CRIMINAL_CASE, "1")]:
        with (
            pytest.raises(errors.Denied, match="The decision gives"),
            world.open("funds.remit", world.finance) as tx,
        ):
            funds.remit(tx, item.id, to=to, amount=amount, happened_on=DAY)
    with world.open("funds.remit", world.finance) as tx:
        funds.remit(tx, item.id, to=EntryKind.TREASURY, amount="100", happened_on=DAY)
        assert funds.open_item(tx, item.id).balance.remitted == Money.yuan("300")


def test_unrelated_money_goes_back_once_its_release_is_approved(past: Past, lead: Made) -> None:
    world = past.world
    item = past.item(lead, state="in_custody", taken_in_by=world.investigator)
    past.receipt(lead, item, "88.00", date(2018, 5, 2))
    with (
        pytest.raises(errors.Denied, match="once its release is approved"),
        world.open("funds.release", world.finance) as tx,
    ):
        funds.remit(tx, item.id, to=EntryKind.RELEASE, amount="88", happened_on=DAY)
    past.owner.execute("UPDATE matter SET state = 'released' WHERE id = %s", (item.id,))
    with world.open("funds.release", world.finance) as tx:
        funds.remit(tx, item.id, to=EntryKind.RELEASE, amount="88", happened_on=DAY)
        assert funds.open_item(tx, item.id).balance.released == Money.yuan("88")


def test_an_auditor_sees_masked_names_and_no_return_list(past: Past, lead: Made) -> None:
    world, item = past.world, settling(past, lead)
    past.repaid(lead, item, "100.00", date(2018, 6, 1), "赵小妹")
    payee(past, item, "钱大爷", "5.00")
    with world.open("funds.read", world.auditor) as tx:
        file = funds.open_item(tx, item.id)
        rows = ledger.entries(tx, lead.id)
    assert file.masked
    assert (file.payees, file.listed, file.item["description"]) == ([], None, None)
    assert [row["beneficiary"] for row in rows] == [None, "赵××"]


def test_the_database_withholds_names_from_an_auditor_whatever_is_asked(
    past: Past, lead: Made
) -> None:
    world, item = past.world, settling(past, lead)
    past.repaid(lead, item, "100.00", date(2018, 6, 1), "赵小妹")
    past.owner.execute(
        "UPDATE money_receipt SET paid_in_by = '孙德福', bank_reference = '12345678'"
    )
    past.owner.execute("UPDATE bank_line SET summary = '退还赵小妹', counterparty = '赵小妹'")
    with world.open("attack", world.auditor) as tx:
        for table in ("money_return", "money_receipt", "bank_line", "payee"):
            assert tx.rows(f"SELECT * FROM {table}") == [], table
        assert tx.rows("SELECT id, name FROM person") == []
        told = [
            row
            for table in ("money_return", "money_receipt", "bank_line")
            for row in tx.rows(f"SELECT * FROM guard.masked_{table}")
        ]
    assert {row.get("beneficiary") for row in told} >= {"赵××"}
    assert {row.get("paid_in_by") for row in told} >= {"孙××"}
    assert not any(name in str(told) for name in ("赵小妹", "孙德福", "12345678"))
    with world.open("read", world.finance) as tx:
        assert tx.value("SELECT beneficiary FROM money_return") == "赵小妹"
        assert tx.rows("SELECT 1 FROM guard.masked_money_return") == []


def test_an_auditor_is_shown_no_money_of_a_matter_that_is_not_theirs(
    past: Past, lead: Made
) -> None:
    item = settling(past, lead)
    past.repaid(lead, item, "100.00", date(2018, 6, 1), "赵小妹")
    past.owner.execute("UPDATE matter SET classification = 2")
    with past.world.open("attack", past.world.auditor) as tx:
        assert tx.rows("SELECT 1 FROM guard.masked_money_return") == []
        assert tx.rows("SELECT 1 FROM guard.masked_money_receipt") == []
