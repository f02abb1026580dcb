"""The road by another profile, through the same services: breaches, as EU 2019/1937 has them."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.permissions import Role
from app.services import desks, involved, leads, matters, petitions
from app.services.leads import NewLead
from app.services.openings import Reported
from app.services.petitions import NewPetition
from tests.build_matters import DAY, act, people, sign_all, state
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import followed, served

Owner = psycopg.Connection[DictRow]


@pytest.fixture
def elsewhere(world: World, owner: Owner) -> World:
    """The same office, working by the second profile."""
    owner.execute("UPDATE installation SET profile_name = 'whistleblowing'")
    world.clock.set(DAY)
    return world


@pytest.fixture
def officer(elsewhere: World) -> Someone:
    return elsewhere.hire("officer", Role.INVESTIGATOR, "YC", name="何超")


def reported(world: World) -> UUID:
    """A report that was handed over to casework."""
    intake = world.intake_officer
    with world.open("petitions.log", intake) as tx:
        report = petitions.log_petition(
            tx,
            NewPetition(
                channel="online", class_="report", received_on=DAY, unit_id=world.village.id,
                content="Invoices were paid twice.",
            ),
        )  # fmt: skip
    assert state(world, intake, report) == "received"
    act(world, intake, report, "acknowledge", acknowledged_on=DAY.isoformat())
    sign_all(world, act(world, intake, report, "triage", assessment="Within scope."))
    asked = act(world, intake, report, "hand_over", summary_neutral=True)
    sign_all(world, asked, handler=str(world.investigator.account_id))
    return report


def opened(world: World, officer: Someone) -> UUID:
    """The investigation that a concern opened."""
    with world.open("leads.log", officer) as tx:
        concern = leads.log_lead(
            tx,
            NewLead(
                source="petition", received_on=DAY, what="Invoices were paid twice.",
                unit_id=world.village.id, subjects=[Reported(name="梁启元")],
            ),
        )  # fmt: skip
    act(world, officer, concern, "take_on")
    sign_all(world, act(world, officer, concern, "propose_plan", plan="Compare the ledgers."))
    sign_all(world, act(world, officer, concern, "inquire"))
    sign_all(world, act(world, officer, concern, "open", scope="Payments of 2017."))
    assert state(world, officer, concern) == "opened"
    with world.open("matters.read", officer) as tx:
        links = matters.open_matter(tx, concern).links
    found: UUID = next(each["other_id"] for each in links if each["kind"] == "lead_case")
    return found


def test_an_investigation_goes_its_whole_way_without_code_of_its_own(
    elsewhere: World, officer: Someone
) -> None:
    world = elsewhere
    case = opened(world, officer)
    team = [str(officer.account_id), str(world.investigator.account_id)]
    plan = {"scope": "Payments of 2017.", "plan": "Bank first.", "no_conflicts": True, "team": team}
    sign_all(world, act(world, officer, case, "plan", **plan))
    sign_all(world, act(world, officer, case, "gather"))
    sign_all(world, act(world, officer, case, "draft", findings="Two were paid twice."))
    act(world, officer, case, "send_draft", sent_on=DAY.isoformat())
    [whom] = people(world, case).values()
    with world.open("matters.statement", officer) as tx:
        said = involved.record_statement(
            tx, case, involvement_id=UUID(whom), said="It was an oversight.", said_on=DAY
        )
        involved.answer_statement(tx, case, said, answer="The bank confirms it.")
    sign_all(world, act(world, officer, case, "report", report="Two invoices were paid twice."))
    found = [{"subject": whom, "measure": "substantiated"}]
    sign_all(world, act(world, officer, case, "decide", outcomes=found))
    remedy = {"measures": "Two sign each invoice.", "remedy_by": "2018-10-31"}
    sign_all(world, act(world, officer, case, "remedy", **remedy))
    with world.open("matters.task", officer) as tx:
        for task in matters.open_matter(tx, case).tasks:
            involved.finish_task(tx, case, task["id"], how="Told in person.")
    sign_all(world, act(world, officer, case, "close", lessons=""))
    assert state(world, officer, case) == "closed"


def on_desk(world: World, who: Someone) -> set[UUID]:
    with world.open("desk", who) as tx:
        return {row["id"] for row in desks.my_desk(tx).to_take}


def test_what_waits_lies_on_the_desks_that_the_profile_names(
    elsewhere: World, officer: Someone
) -> None:
    world = elsewhere
    with world.open("petitions.log", world.intake_officer) as tx:
        report = petitions.log_petition(
            tx,
            NewPetition(
                channel="online", class_="report", received_on=DAY, unit_id=world.village.id,
                content="Invoices were paid twice.",
            ),
        )  # fmt: skip
    assert report in on_desk(world, world.intake_officer)
    act(world, world.intake_officer, report, "acknowledge", acknowledged_on=DAY.isoformat())
    assert report in on_desk(world, world.intake_officer)
    case = opened(world, officer)
    assert case not in on_desk(world, world.intake_officer)


def test_a_report_is_acknowledged_handed_over_fed_back_and_closed(elsewhere: World) -> None:
    world = elsewhere
    report = reported(world)
    told = {"fed_back_on": DAY.isoformat(), "action": "Payments are stopped."}
    sign_all(world, act(world, world.intake_officer, report, "feed_back", **told))
    sign_all(world, act(world, world.intake_officer, report, "close"))
    assert state(world, world.intake_officer, report) == "closed"


def test_pages_log_and_show_what_follows_it_in_its_words(elsewhere: World, doors: Doors) -> None:
    browser = doors.browser(elsewhere.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    typed = {
        "channel": "letter", "class": "report", "received_on": DAY.isoformat(),
        "content": "Invoices were paid twice.", "where": "YC-T01-V01",
    }  # fmt: skip
    page = followed(browser, form.send(browser, {**typed}))
    assert "R2018-0001" in page.words
    assert "Acknowledge" in page.words
    for address in ("/desk", "/figures"):
        served(doors.browser(elsewhere.chief).get(address))
