"""What a ledger is taken with as a doubt is refused when somebody types it today."""

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.ledger import Intake
from app.services import cases, fund_items, funds, involved, leads, people, petitions
from app.services.fund_items import NewItem
from app.services.leads import NewLead
from app.services.openings import Reported
from app.services.petitions import NewPetition
from tests.build_cases import adjudicated, heard, investigated
from tests.build_history import Past
from tests.build_matters import DAY, LIANG, QIU, act, log, sign_all, state, verified
from tests.build_matters import people as named
from tests.builders import World

Owner = psycopg.Connection[DictRow]
NUMBER = "990101196607201234"
MANAGED = Reported(name="某局长", rank="superior_managed")


def test_sanction_not_eligible(world: World) -> None:
    """A village head who is no public employee is not demoted; who is no member is not warned."""
    outsider = Reported(name="罗永安", rank="village_staff", member=False, public_employee=False)
    case_id = investigated(world, outsider)
    heard(world, case_id)
    adjudicated(world, case_id)
    for measure, said in (
        ("administrative_demotion", "village manager"),
        ("party_warning", "Party member"),
    ):
        rows = [{"subject": named(world, case_id)["罗永安"], "measure": measure}]
        with pytest.raises(errors.Invalid, match=said):
            act(world, world.adjudicator, case_id, "decide", outcomes=rows, not_aggravated=True)


def test_handling_on_held_lead(world: World, owner: Owner) -> None:
    """On hold, nothing is decided about anybody: there is no such step, and no way around it."""
    lead_id = verified(world)
    owner.execute("UPDATE matter SET state = 'held', stage = 'assess' WHERE id = %s", (lead_id,))
    rows = [{"subject": named(world, lead_id)["梁启元"], "measure": "criticism"}]
    with pytest.raises(errors.IllegalTransition):
        act(world, world.department_head, lead_id, "conclude", basis="x", outcomes=rows)


@pytest.fixture
def item(world: World, owner: Owner) -> Any:
    """An item of a verified lead that took 100.00 in on the fourth."""
    lead_id = verified(world)
    world.clock.set(date(2018, 9, 5))
    with world.open("funds.create", world.investigator) as tx:
        item_id = fund_items.create_fund_item(
            tx, lead_id, NewItem(intake=Intake.COLLECTED, description="退缴补助款")
        )
    sign_all(
        world,
        act(
            world, world.investigator, item_id, "control", measure="retention",
            controlled_on="2018-09-05", witness="村民代表", list_signed=True,
        ),
    )  # fmt: skip
    return item_id


def test_received_before_lead(world: World, item: Any) -> None:
    with (
        pytest.raises(errors.Invalid, match="before the matter did"),
        world.open("money.receive", world.investigator) as tx,
    ):
        funds.record_receipt(
            tx, item, amount="100.00", happened_on=date(2018, 9, 2), bank_reference="00000431"
        )


def test_returned_before_received(world: World, owner: Owner) -> None:
    past = Past(world, owner)
    world.clock.set(date(2018, 9, 30))
    lead = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 2))])
    settling = past.item(
        lead, state="settling", taken_in_by=world.investigator, kept_by=world.keeper,
        decided_by=world.chief, splits={"refund": "100.00"},
    )  # fmt: skip
    past.receipt(lead, settling, "100.00", date(2018, 5, 1))
    past.insert("payee", id=lead.id, fund_item_id=settling.id, name="赵小妹", amount="100.00")
    with (
        pytest.raises(errors.Denied, match="can't go out"),
        world.open("money.return", world.finance) as tx,
    ):
        funds.pay_returns(
            tx, settling.id, [funds.Payment(payee_id=lead.id, amount="100.00")],
            happened_on=date(2018, 4, 1),
        )  # fmt: skip


def test_finding_outside_round(world: World, owner: Owner) -> None:
    """Findings come in by import alone; typed ones keep to their round, whoever writes them."""
    lead_id = log(world, world.lead_manager)
    owner.execute(
        "INSERT INTO inspection_round (id, name, begins_on, ends_on)"
        " VALUES (%s, '第二轮', '2018-04-09', '2018-05-26')",
        (lead_id,),
    )
    with (
        pytest.raises(errors.Conflict, match="outside its round"),
        world.open("attack", world.lead_manager) as tx,
    ):
        tx.execute(
            "INSERT INTO finding (id, round_id, team, lead_id, cited, what, found_on)"
            " VALUES (gen_random_uuid(), %(id)s, '一组', %(id)s, 'x', 'x', '2018-06-01')",
            {"id": lead_id},
        )


def test_identity_under_two_names(world: World) -> None:
    with world.open("people.create", world.lead_manager) as tx:
        people.create_person(tx, name="张三", id_number="990101197503120016")
    with pytest.raises(errors.Conflict), world.open("people.create", world.lead_manager) as tx:
        people.create_person(tx, name="张山", id_number="990101197503120016")


# Whom a higher body manages -----------------------------------------------------------------------


def lead_about(world: World, *subjects: Reported) -> NewLead:
    return NewLead(
        source="supervision", received_on=DAY, what="反映问题", unit_id=world.village.id,
        subjects=subjects,
    )  # fmt: skip


def test_who_is_managed_above_is_known_by_the_register_too(world: World) -> None:
    world.clock.set(DAY)
    with world.open("people.create", world.lead_manager) as tx:
        person_id = people.create_person(
            tx, name="某局长", rank="superior_managed", unit_id=world.village.id
        )
    for meant in (MANAGED, Reported(person_id=person_id), Reported(name="某局长")):
        with (
            pytest.raises(errors.Denied, match="on paper, sealed"),
            world.open("leads.log", world.lead_manager) as tx,
        ):
            leads.log_lead(tx, lead_about(world, meant))


def test_who_is_managed_above_is_added_to_no_matter(world: World) -> None:
    lead_id = log(world, world.investigator)
    with (
        pytest.raises(errors.Denied, match="on paper, sealed"),
        world.open("matters.add_person", world.lead_manager) as tx,
    ):
        involved.add_subject(tx, lead_id, MANAGED)
    with (
        pytest.raises(errors.Denied, match="on paper, sealed"),
        world.open("cases.propose", world.investigator) as tx,
    ):
        cases.propose_case(
            tx, title="x", unit_id=world.village.id, brief="x", reason="x",
            form={"source": "x", "facts_held": "x"}, subjects=[MANAGED],
        )  # fmt: skip


def test_a_lead_whose_person_turns_out_to_be_managed_above_is_not_registered(
    world: World, owner: Owner
) -> None:
    lead_id = log(world, world.investigator, QIU)
    owner.execute("UPDATE person SET rank = 'superior_managed' WHERE name = '邱国强'")
    owner.execute("UPDATE involvement SET rank = NULL WHERE matter_id = %s", (lead_id,))
    with pytest.raises(errors.Denied, match="on paper, sealed"):
        act(world, world.lead_manager, lead_id, "register", repeats_checked=True)


def test_a_petition_about_them_waits_to_be_sealed_however_it_is_logged(world: World) -> None:
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition_id = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="反映问题",
                unit_id=world.village.id, subjects=[MANAGED, LIANG],
            ),
        )  # fmt: skip
    assert state(world, world.petitions_head, petition_id) == "received"
    with pytest.raises(errors.Denied, match="on paper, sealed"):
        act(
            world, world.intake_officer, petition_id, "register",
            **{"class": "report", "named": False},
        )  # fmt: skip
