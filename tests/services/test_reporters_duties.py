"""Named reporters are told of the acceptance and the result, and their handler learns no more than
that it is owed, or done."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.services import desks, matters, petitions, reporters
from app.services.petitions import NewPetition, Reporter
from tests.build_matters import DAY, act, sign_all
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]

NAME, CONTACT = "金丝雀", "19900007771"


@pytest.fixture
def accepted(world: World, owner: Owner) -> UUID:
    """A named report that was accepted, and whose reporter hasn't heard of it."""
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="反映补助未到账。",
                unit_id=world.village.id, reporter=Reporter(name=NAME, contact=CONTACT),
            ),
        )  # fmt: skip
    sign_all(
        world,
        act(world, world.intake_officer, petition, "accept", jurisdiction=True, first_report=True),
    )
    owner.execute(
        "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
        " VALUES (%s, %s, %s, 'lead_handler', %s)",
        [new_id(), petition, world.investigator.account_id, DAY],
    )
    return petition


def test_intakes_desk_says_whom_to_tell_by_when(world: World, accepted: UUID) -> None:
    for who in (world.intake_officer, world.petitions_head):
        with world.open("desk", who) as tx:
            found = desks.my_desk(tx).to_tell
        assert [(row["matter_id"], row["rule"], row["event"]) for row in found] == [
            (accepted, "notice_report", "tell")
        ]
    for who in (world.investigator, world.lead_manager, world.chief):
        with world.open("desk", who) as tx:
            assert desks.my_desk(tx).to_tell == []
        with world.open("reporters.to_tell", who) as tx:
            assert reporters.to_tell(tx, limit=10) == []


def test_told_through_the_sealed_contact_and_the_handler_sees_that_it_is_done(
    world: World, doors: Doors, owner: Owner, accepted: UUID
) -> None:
    address = f"/matters/{accepted}"
    intake, handler = doors.browser(world.intake_officer), doors.browser(world.investigator)
    owed = "Tell the named reporter of the acceptance: owed by"
    assert owed in served(handler.get(address)).words
    assert "Tell them" in served(intake.get("/desk")).words
    told = served(intake.get(f"{address}/tell"))
    assert owed in told.words
    assert NAME not in told.words
    contact = served(told.form("/reporter").submit(intake))
    assert CONTACT in contact.words
    step = served(intake.get(f"{address}/act/tell")).form("/act/tell")
    done = step.submit(intake, told_on=DAY.isoformat())
    assert done.status_code == 303, served(done, done.status_code).words
    page = served(handler.get(address))
    assert "Tell the named reporter of the acceptance: done on" in page.words
    timeline = doors.api(world.investigator).get(f"/api/v1/matters/{accepted}/timeline")
    for text in (page.words, timeline.text):
        assert "金丝雀" not in text
    with world.open("desk", world.intake_officer) as tx:
        assert desks.my_desk(tx).to_tell == []


def test_only_intake_opens_the_page_that_tells(world: World, doors: Doors, accepted: UUID) -> None:
    for who in (world.investigator, world.lead_manager, world.chief):
        assert doors.browser(who).get(f"/matters/{accepted}/tell").status_code == 403


def test_nothing_is_owed_to_who_gave_no_name(world: World) -> None:
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="反映补助未到账。",
                unit_id=world.village.id,
            ),
        )  # fmt: skip
        assert reporters.of_petition(tx, matters.open_matter(tx, petition)) == ()
        assert reporters.to_tell(tx, limit=10) == []
