"""The second half of the road: the case is decided, and money goes back to villagers."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.domain import errors
from app.domain.ledger import Intake, Signed
from app.domain.money import Money
from app.services import fund_items, funds, matters, payees
from app.services.fund_items import NewItem
from tests.build_cases import adjudicated, heard, investigated
from tests.build_matters import DAY, act, sign_all, state
from tests.builders import World


def test_a_case_is_decided_by_the_committee_and_takes_effect_when_served(world: World) -> None:
    case_id = investigated(world)
    heard(world, case_id)
    adjudicated(world, case_id)
    with world.open("matters.read", world.adjudicator) as tx:
        (person,) = matters.open_matter(tx, case_id).people
    sign_all(
        world,
        act(
            world, world.adjudicator, case_id, "decide",
            outcomes=[{"subject": str(person["id"]), "measure": "party_warning"}],
            not_aggravated=True,
        ),
    )  # fmt: skip
    assert state(world, world.chief, case_id) == "decided"
    with world.open("matters.read", world.chief) as tx:
        file = matters.open_matter(tx, case_id)
    assert not file.head["effective"]
    assert [row["votes_for"] for row in file.committee] == [5]
    sign_all(
        world,
        act(
            world, world.investigator, case_id, "serve",
            served_on=DAY.isoformat(), reviews=["party_review"], review_where="本委审理室",
            review_until=(DAY + timedelta(days=90)).isoformat(), opinion_signed=True,
        ),
    )  # fmt: skip
    with world.open("matters.read", world.chief) as tx:
        file = matters.open_matter(tx, case_id)
    assert file.head["effective"]
    assert file.outcomes[0]["impact_until"] is not None


def test_no_sanction_before_the_statement_has_its_answer(world: World) -> None:
    case_id = investigated(world)
    sign_all(
        world,
        act(
            world, world.investigator, case_id, "meet_on_facts",
            evidence_for="验收表、影像。", evidence_against="无。",
        ),
    )  # fmt: skip
    with pytest.raises(errors.Denied):
        act(
            world, world.investigator, case_id, "report",
            report="x", opinion_heard="x", proposal="x", crime_suspected=False,
        )  # fmt: skip


def test_adjudication_sees_what_is_taken_in_after_the_case_is_with_it(world: World) -> None:
    case_id = investigated(world)
    heard(world, case_id)
    adjudicated(world, case_id)
    with world.open("funds.create", world.investigator) as tx:
        item_id = fund_items.create_fund_item(
            tx, case_id, NewItem(intake=Intake.COLLECTED, description="退缴补助款")
        )
    assert state(world, world.adjudicator, item_id) == "identified"


def test_money_comes_in_and_goes_back_through_four_hands(world: World) -> None:
    case_id = investigated(world)
    with world.open("funds.create", world.investigator) as tx:
        item_id = fund_items.create_fund_item(
            tx, case_id, NewItem(intake=Intake.COLLECTED, description="退缴补助款")
        )
    sign_all(
        world,
        act(
            world, world.investigator, item_id, "control",
            measure="retention", controlled_on=DAY.isoformat(), witness="村民代表",
            list_signed=True,
        ),
    )  # fmt: skip
    with world.open("money.receive", world.investigator) as tx:
        funds.record_receipt(
            tx, item_id, amount="16800.00", happened_on=DAY, bank_reference="00000431",
            paid_in_by="梁启元",
        )  # fmt: skip
    sign_all(
        world,
        act(world, world.investigator, item_id, "keep", kept_by="keeper", count_agrees=True),
    )
    assert state(world, world.keeper, item_id) == "in_custody"
    heard(world, case_id)
    adjudicated(world, case_id)
    sign_all(
        world,
        act(
            world, world.adjudicator, item_id, "propose_disposal",
            nature="多领的造林补助", owner="青山组二户",
        ),
    )  # fmt: skip
    sign_all(
        world,
        act(
            world, world.adjudicator, item_id, "decide_disposal",
            splits=[{"destination": "refund", "amount": "16800.00"}],
        ),
    )  # fmt: skip
    returned_to_villagers(world, item_id)
    with world.open("money.read", world.finance) as tx:
        balance = funds.open_item(tx, item_id).balance
    assert (balance.received, balance.returned) == (Money.yuan("16800.00"),) * 2
    assert balance.held == Money.zero()
    sign_all(world, act(world, world.finance, item_id, "settle", settled_on=DAY.isoformat()))
    assert state(world, world.chief, item_id) == "settled"


def returned_to_villagers(world: World, item_id: UUID) -> None:
    with world.open("money.list", world.finance) as tx:
        lines = [
            payees.NewPayee(name="秦新", amount="10000.00"),
            payees.NewPayee(name="丁家", amount="6800.00"),
        ]
        ids, _version = payees.list_payees(tx, item_id, lines)
    sign_all(world, act(world, world.finance, item_id, "list_payees", list_published=True))
    with world.open("money.return", world.finance) as tx:
        funds.pay_returns(
            tx,
            item_id,
            [
                funds.Payment(payee_id=ids[0], amount="10000.00", signed=Signed.SIGNATURE),
                funds.Payment(payee_id=ids[1], amount="6800.00", signed=Signed.FINGERPRINT),
            ],
            happened_on=DAY,
        )
