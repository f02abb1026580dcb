"""How a reporter was told, and what they objected, is intake's alone: in the database as well."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.services import matters, petitions, requests, workflow
from app.services.petitions import NewPetition, Reporter
from tests.build_matters import DAY, act, sign_all
from tests.builders import Someone, World
from tests.clients import Doors

Owner = psycopg.Connection[DictRow]
OBJECTS = "我是村会计金丝雀，账册在我手里。"
TOLD = "电话告知金丝雀本人。"
READERS = ("investigator", "lead_manager", "deputy", "chief")


@pytest.fixture
def told(world: World, owner: Owner) -> UUID:
    """A named claim whose reporter objected when they were told of the result."""
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="反映补助未到账。",
                unit_id=world.village.id, title="反映补助未到账", reporter=Reporter(name="金丝雀"),
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
    with world.open("petitions.tell", world.intake_officer) as tx:
        workflow.act(tx, petition, event="tell", form={"told_on": DAY.isoformat()}, reason=TOLD)
    owner.execute("UPDATE matter SET state = 'concluded' WHERE id = %s", [petition])
    asked = act(
        world, world.intake_officer, petition, "feed_back",
        fed_back_on=DAY.isoformat(), how="call", objects=True, objection=OBJECTS,
    )  # fmt: skip
    assert asked.request_id is not None
    with world.open("requests.sign", world.petitions_head) as tx:
        requests.sign(tx, asked.request_id, reason=f"同意。{OBJECTS}")
    return petition


def everything(world: World, who: Someone) -> str:
    with world.open("drill", who) as tx:
        return "\n".join(
            str(tx.value(f"SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM {table} t"))
            for table in ("transition", "request", "signature", "audit_event", "audit_personal")
        )


def test_nobody_but_intake_reads_it_in_any_table(world: World, told: UUID) -> None:
    for name in READERS:
        assert "金丝雀" not in everything(world, getattr(world, name)), name
        with world.open("drill", getattr(world, name)) as tx:
            assert tx.rows("SELECT * FROM guard.words_of(%(id)s)", {"id": told}) == []
    for who in (world.investigator, world.intake_officer):
        with pytest.raises(errors.NotFound), world.open("drill", who) as tx:
            tx.rows("SELECT * FROM sealed_words")


def test_intake_reads_it_where_the_step_stands(world: World, told: UUID) -> None:
    for who in (world.intake_officer, world.petitions_head):
        with world.open("matters.read", who) as tx:
            file = matters.open_matter(tx, told)
        by_event = {row["event"]: row for row in file.history}
        assert by_event["tell"]["reason"] == TOLD
        assert by_event["tell"]["form"] == {"told_on": DAY.isoformat()}
        assert by_event["feed_back"]["form"]["objection"] == OBJECTS
        (request,) = [row for row in file.requests if row["event"] == "feed_back"]
        assert request["form"]["objection"] == OBJECTS
        (signed,) = [row for row in file.signatures if row["request_id"] == request["id"]]
        assert OBJECTS in signed["reason"]


def test_others_see_that_it_was_done(world: World, doors: Doors, told: UUID) -> None:
    for name in READERS:
        with world.open("matters.read", getattr(world, name)) as tx:
            file = matters.open_matter(tx, told)
        by_event = {row["event"]: row for row in file.history}
        assert {"tell", "feed_back"} <= set(by_event)
        assert by_event["feed_back"]["form"] == {}
    api = doors.api(world.investigator)
    (request,) = [row["id"] for row in file.requests if row["event"] == "feed_back"]
    assert "金丝雀" not in api.get(f"/api/v1/requests/{request}").text
    assert file.head["state"] == "fed_back"


def test_it_goes_with_the_rest_when_a_report_goes_up_on_paper(
    world: World, owner: Owner, told: UUID
) -> None:
    owner.execute("UPDATE matter SET state = 'received' WHERE id = %s", [told])
    owner.execute("UPDATE clock SET stopped_on = started_on WHERE matter_id = %s", [told])
    sign_all(
        world,
        act(world, world.intake_officer, told, "seal", on_paper=True, chief_reported=False),
    )
    assert owner.execute("SELECT 1 FROM sealed_words").fetchall() == []
