"""Whoever handles what came of a petition may ask for what is sealed of it, without seeing it."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.services import desks, matters, petitions, releases
from app.services.petitions import NewPetition, Reporter
from tests.build_matters import DAY, verified
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]
NAME, WORDING = "金丝雀", "我是村会计金丝雀，亲眼看见。"


@pytest.fixture
def lead(world: World) -> UUID:
    return verified(world)


@pytest.fixture
def petition(world: World, owner: Owner, lead: UUID) -> UUID:
    """Where the lead came from; its handlers don't see it."""
    with world.open("petitions.log", world.intake_officer) as tx:
        made = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content=WORDING,
                title="反映虚报面积", unit_id=world.village.id,
                reporter=Reporter(name=NAME, contact="19900007771"),
            ),
        )  # fmt: skip
    owner.execute(
        "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
        " VALUES (%s, 'petition_lead', %s, %s, %s)",
        [new_id(), made, lead, DAY],
    )
    return made


def ask(world: World, who: Someone, petition: UUID) -> UUID:
    with world.open("releases.ask", who) as tx:
        return releases.ask(tx, petition, reporter=True, wording=True, reason="需核实面积。")


def test_a_handler_of_the_lead_asks_is_answered_and_reads(
    world: World, owner: Owner, lead: UUID, petition: UUID
) -> None:
    with world.open("tests", world.investigator) as tx:
        with pytest.raises(errors.NotFound):
            matters.head(tx, petition)
        (behind,) = releases.behind(tx, lead)
    assert (behind["petition_id"], behind["named"]) == (petition, True)
    release = ask(world, world.investigator, petition)
    with pytest.raises(errors.Conflict, match="already"):
        ask(world, world.investigator, petition)
    with world.open("releases.decide", world.petitions_head) as tx:
        releases.decide(tx, petition, release, approved=True, reason="仅供核实。")
    with world.open("releases.read", world.investigator) as tx:
        found = releases.read(tx, release)
        assert found.reporter is not None
        assert (found.reporter.name, found.wording) == (NAME, WORDING)
    with world.open("desk", world.investigator) as tx:
        (row,) = desks.my_desk(tx).releases
        assert (row["title"], row["readings"]) == (None, 1)
    with world.open("releases.end", world.investigator) as tx:
        releases.end(tx, release)
    with (
        pytest.raises(errors.Conflict, match="not any more"),
        world.open("releases.read", world.investigator) as tx,
    ):
        releases.read(tx, release)


def test_who_isnt_on_its_team_or_is_walled_off_the_petition_can_not_ask(
    world: World, owner: Owner, lead: UUID, petition: UUID
) -> None:
    for who in (world.team_member, world.keeper, world.inspector):
        with pytest.raises(errors.NotFound):
            ask(world, who, petition)
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', %s, %s)",
        [new_id(), petition, world.investigator.account_id, world.investigator.account_id, DAY],
    )
    with pytest.raises(errors.NotFound):
        ask(world, world.investigator, petition)
    with world.open("tests", world.investigator) as tx:
        assert releases.behind(tx, lead) == []
    owner.execute(
        "UPDATE team_member SET ends_on = begins_on WHERE account_id = %s",
        [world.other_investigator.account_id],
    )
    with pytest.raises(errors.NotFound):
        ask(world, world.other_investigator, petition)


def test_asked_decided_and_read_on_the_pages(
    world: World, doors: Doors, lead: UUID, petition: UUID
) -> None:
    handler, head = doors.browser(world.investigator), doors.browser(world.petitions_head)
    page = served(handler.get(f"/matters/{lead}"))
    assert "Ask for what is sealed" in page.words
    form = served(handler.get(f"/matters/{lead}/release")).form("/release")
    asked = form.submit(handler, behind=str(petition), what="both", reason="需核实面积。")
    assert asked.status_code == 303, served(asked, asked.status_code).words
    listed = served(head.get("/sign/releases"))
    assert "李志强 asked for" in listed.words
    with world.open("releases.list", world.petitions_head) as tx:
        (row,) = releases.every(tx)
    address = f"/matters/{petition}/releases/{row['id']}"
    decided = (
        served(head.get(address)).form(address).submit(head, answer="release", reason="仅供核实。")
    )
    assert decided.status_code == 303
    mine = served(handler.get("/sign/releases"))
    assert "It is open" in mine.words
    assert WORDING in served(mine.form(f"{address}/read").submit(handler)).words
    back = served(handler.get("/sign/releases")).form(f"{address}/end").submit(handler)
    assert back.headers["location"] == "/sign/releases?done=release_ended"
    over = served(handler.get("/sign/releases"))
    assert "It is over" in over.words
    assert WORDING not in over.words


def test_others_find_nothing_on_the_page_of_releases(
    world: World, doors: Doors, petition: UUID
) -> None:
    ask(world, world.investigator, petition)
    for who in (world.deputy, world.intake_officer, world.other_investigator):
        page = served(doors.browser(who).get("/sign/releases")).words
        assert "You asked for nothing that is sealed" in page
    assert "李志强 asked for" in served(doors.browser(world.chief).get("/sign/releases")).words
