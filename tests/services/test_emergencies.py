"""An emergency read: declared with a reason, for some hours, to read alone, and reviewed.

No wall gives way, nothing sealed opens, nothing is read without a record, and nobody closes the
review of their own.
"""

import statistics
import threading
import time
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors as pg
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.kinds import Kind
from app.domain.permissions import Clearance, Role
from app.domain.policies import Door
from app.services import access, desks, emergencies, matters, petitions, releases, walls
from app.services.petitions import NewPetition, Reporter
from tests.build_matters import DAY, LIANG, log
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]
WHY = "群众来电称今晚转移账册，承办人联系不上。"


@pytest.fixture
def lead(world: World) -> UUID:
    return log(world, world.investigator)


def number_of(world: World, matter: UUID) -> str:
    with world.open("tests", world.chief) as tx:
        return str(matters.head(tx, matter)["number"])


def declare(
    world: World, who: Someone, number: str, kind: Kind = Kind.LEAD, reason: str = WHY
) -> UUID | None:
    with world.open("emergencies.declare", who) as tx:
        return emergencies.declare(tx, kind=kind, number=number, reason=reason)


def declared(world: World, who: Someone, matter: UUID, kind: Kind = Kind.LEAD) -> UUID:
    found = declare(world, who, number_of(world, matter), kind)
    assert found is not None
    return found


def read(world: World, who: Someone, emergency: UUID) -> matters.MatterFile:
    with world.open("emergencies.write_reading", who) as tx:
        reading = emergencies.write_reading(tx, emergency)
    with world.open("emergencies.read", who) as tx:
        return emergencies.read_page(tx, reading)


def review(world: World, who: Someone, matter: UUID, emergency: UUID) -> None:
    with world.open("emergencies.review", who) as tx:
        emergencies.review(tx, matter, emergency, justified=True, words="确有必要。")


def waiting(world: World, who: Someone) -> list[UUID]:
    with world.open("desk", who) as tx:
        return [row["id"] for row in emergencies.to_review(tx)]


def on_desk(world: World, who: Someone) -> list[UUID]:
    with world.open("desk", who) as tx:
        return [row["id"] for row in desks.my_desk(tx).emergencies]


# It opens ---------------------------------------------------------------------------------------


def test_it_opens_the_matter_to_its_reader_alone_and_only_while_it_is_read(
    world: World, owner: Owner, lead: UUID
) -> None:
    reader = world.other_investigator
    emergency = declared(world, reader, lead)
    assert read(world, reader, emergency).head["id"] == lead
    assert read(world, reader, emergency).people[0]["name"] == LIANG.name
    # Nowhere else: no list, search or address shows it.
    with pytest.raises(errors.NotFound), world.open("matters.read", reader) as tx:
        matters.open_matter(tx, lead)
    for who in (world.keeper, world.inspector):
        with pytest.raises(errors.NotFound):
            read(world, who, emergency)
    events = owner.execute(
        "SELECT actor_id FROM audit_event WHERE table_name = 'emergency_reading'"
        " AND matter_id = %s", [lead],
    ).fetchall()  # fmt: skip
    assert [each["actor_id"] for each in events] == [reader.account_id] * 2


def test_place_and_classification_give_way_and_who_would_see_it_anyhow_needs_none(
    world: World, owner: Owner, lead: UUID
) -> None:
    owner.execute("UPDATE matter SET classification = 2 WHERE id = %s", [lead])
    assert read(world, world.deputy, declared(world, world.deputy, lead)).head["id"] == lead
    with pytest.raises(errors.Conflict, match="without an emergency"):
        declare(world, world.chief, number_of(world, lead))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR,
                                  Role.REPORTING_UNIT])  # fmt: skip
def test_who_doesnt_work_on_matters_declares_nothing(
    world: World, owner: Owner, lead: UUID, role: Role
) -> None:
    who, number = world.holder(role), number_of(world, lead)
    owner.execute("UPDATE matter SET classification = 2 WHERE id = %s", [lead])
    with pytest.raises(errors.Forbidden):
        declare(world, who, number)
    with world.open("tests", who) as tx:
        assert tx.value(DECLARE, {"number": number}) is None


DECLARE = (
    "SELECT guard.declare_emergency(gen_random_uuid(), 'lead', %(number)s, 'x',"
    " interval '4 hours', guard.today())"
)


def test_a_keeper_opens_money_and_no_lead(world: World, lead: UUID) -> None:
    assert declare(world, world.keeper, number_of(world, lead)) is None


def test_it_takes_a_reason_and_a_fresh_sign_in(world: World, owner: Owner, lead: UUID) -> None:
    number = number_of(world, lead)
    for reason in ("", " ", "长" * 2001):
        with pytest.raises(errors.Invalid):
            declare(world, world.other_investigator, number, reason=reason)
    owner.execute("UPDATE session SET fresh_until = now()")
    with pytest.raises(errors.NotFresh):
        declare(world, world.other_investigator, number)
    with pytest.raises(errors.NotFresh), world.open("tests", world.other_investigator) as tx:
        tx.value(DECLARE, {"number": number})


def test_after_some_hours_it_is_gone(world: World, owner: Owner, lead: UUID) -> None:
    emergency = declared(world, world.other_investigator, lead)
    owner.execute(
        "UPDATE emergency SET declared_at = now() - interval '5 hours',"
        " opens_until = now() - interval '1 second'"
    )
    with pytest.raises(errors.Conflict, match="over"):
        read(world, world.other_investigator, emergency)
    with pytest.raises(pg.CheckViolation, match="some_hours"):
        owner.execute("UPDATE emergency SET opens_until = declared_at + interval '25 hours'")


def test_who_needs_it_no_more_ends_it(world: World, lead: UUID) -> None:
    emergency = declared(world, world.other_investigator, lead)
    for who in (world.lead_manager, world.chief, world.keeper):
        with pytest.raises(errors.NotFound), world.open("emergencies.end", who) as tx:
            emergencies.end(tx, emergency)
    with world.open("emergencies.end", world.other_investigator) as tx:
        emergencies.end(tx, emergency)
    with pytest.raises(errors.Conflict):
        read(world, world.other_investigator, emergency)


def test_two_clicks_declare_one(world: World, lead: UUID) -> None:
    number, found = number_of(world, lead), []
    threads = [
        threading.Thread(
            target=lambda: found.append(declare(world, world.other_investigator, number))
        )
        for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 4
    assert len(set(found)) == 1


# It only reads ------------------------------------------------------------------------------------


WRITES = (
    "INSERT INTO note (id, matter_id, text, made_by, made_on) VALUES"
    " (gen_random_uuid(), %(id)s, 'x', %(me)s, guard.today())",
    "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
    " VALUES (gen_random_uuid(), %(id)s, %(me)s, 'member', guard.today())",
    "UPDATE lead SET what = 'x' WHERE id = %(id)s",
    "SELECT guard.touch(%(id)s, NULL, gen_random_uuid(), 'noted', guard.today(), NULL, NULL, '{}')",
    "SET LOCAL transaction_read_only = off",
    "SET TRANSACTION READ WRITE",
)


@pytest.mark.parametrize("write", WRITES)
def test_the_database_writes_nothing_in_it(world: World, lead: UUID, write: str) -> None:
    reader = world.other_investigator
    emergency = declared(world, reader, lead)
    with world.open("tests", reader) as tx:
        reading = emergencies.write_reading(tx, emergency)
    with world.open("tests", reader) as tx:
        emergencies.read(tx, reading)
        with pytest.raises((sa.exc.DBAPIError, psycopg.Error), match=r"read-only|read-write"):
            tx.execute(write, {"id": lead, "me": reader.account_id})
        tx.connection.rollback()


def test_what_is_copied_out_of_a_savepoint_opens_nothing_to_who_can_write(
    world: World, lead: UUID
) -> None:
    reader = world.other_investigator
    emergency = declared(world, reader, lead)
    with world.open("tests", reader) as tx:
        reading = emergencies.write_reading(tx, emergency)
    with world.open("tests", reader) as tx:
        tx.execute("SAVEPOINT here", {})
        assert emergencies.read(tx, reading).head["id"] == lead
        held = {
            name: tx.value(f"SELECT current_setting('plumbline.{name}')")
            for name in ("scope", "seal", "looked_up", "looked_up_seal")
        }
        assert held["looked_up"] == str(lead)
        tx.execute("ROLLBACK TO SAVEPOINT here", {})
        for name, value in held.items():
            tx.value(f"SELECT set_config('plumbline.{name}', %(value)s, true)", {"value": value})
        assert tx.rows("SELECT 1 FROM matter WHERE id = %(id)s", {"id": lead}) == []


def test_nothing_opens_before_its_reading_is_on_record(world: World, lead: UUID) -> None:
    reader = world.other_investigator
    emergency = declared(world, reader, lead)
    with pytest.raises(errors.NotFound), world.open("tests", reader) as tx:
        emergencies.read(tx, emergencies.write_reading(tx, emergency))
    with world.open("tests", reader) as tx:
        reading = emergencies.write_reading(tx, emergency)
    for who in (world.keeper, world.team_member):
        with pytest.raises(errors.NotFound), world.open("tests", who) as tx:
            emergencies.read(tx, reading)


def _read_reporter(world: World, who: Someone, petition: UUID, reading: UUID) -> None:
    with world.open("tests", who) as tx:
        emergencies.read(tx, reading)
        petitions.read_reporter(tx, petition)


def _ask_release(world: World, who: Someone, petition: UUID, reading: UUID) -> None:
    with world.open("tests", who) as tx:
        emergencies.read(tx, reading)
        releases.ask(tx, petition, reporter=True, wording=True, reason="x")


def test_who_reported_stays_sealed(world: World, owner: Owner) -> None:
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="我亲眼看见。",
                title="反映虚报面积", unit_id=world.village.id,
                reporter=Reporter(name="金丝雀", contact="19900007771"), subjects=[LIANG],
            ),
        )  # fmt: skip
    owner.execute("UPDATE matter SET classification = 2 WHERE id = %s", [petition])
    for who in (world.petitions_head, world.deputy):
        emergency = declared(world, who, petition, Kind.PETITION)
        file = read(world, who, emergency)
        assert file.own["content"] is None
        assert "金丝雀" not in str(file)
        with world.open("tests", who) as tx:
            reading = emergencies.write_reading(tx, emergency)
        for more in (_read_reporter, _ask_release):
            with pytest.raises(errors.PlumblineError):
                more(world, who, petition, reading)


# Walls --------------------------------------------------------------------------------------------


def _wall(owner: Owner, matter: UUID, who: Someone) -> None:
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', %s, %s)",
        [new_id(), matter, who.account_id, who.account_id, DAY],
    )


def _name(owner: Owner, matter: UUID, who: Someone) -> None:
    owner.execute(
        "UPDATE account SET person_id = (SELECT person_id FROM involvement WHERE matter_id = %s)"
        " WHERE id = %s",
        [matter, who.account_id],
    )


def test_a_wall_answers_as_an_unknown_number_does(world: World, owner: Owner, lead: UUID) -> None:
    number = number_of(world, lead)
    _name(owner, lead, world.chief)
    _wall(owner, lead, world.other_investigator)
    for who in (world.chief, world.other_investigator):
        assert declare(world, who, number) is None
        assert declare(world, who, "YC2018-9999") is None
        kept = owner.execute(
            "SELECT number FROM emergency_try WHERE account_id = %s ORDER BY at", [who.account_id]
        ).fetchall()
        assert [each["number"] for each in kept] == [number, "YC2018-9999"]
    assert owner.execute("SELECT count(*) AS n FROM emergency").fetchone() == {"n": 0}


def test_a_wall_that_comes_later_closes_it_and_shows_as_an_end(
    world: World, owner: Owner, lead: UUID
) -> None:
    emergency = declared(world, world.other_investigator, lead)
    _name(owner, lead, world.other_investigator)
    with pytest.raises(errors.Conflict, match="over"):
        read(world, world.other_investigator, emergency)
    with world.open("tests", world.other_investigator) as tx:
        assert [row["lasts"] for row in emergencies.mine(tx)] == [False]


def test_numbers_cant_be_tried_one_after_the_other(world: World, owner: Owner, lead: UUID) -> None:
    who, number = world.other_investigator, number_of(world, lead)
    for each in ("YC2018-9997", "YC2018-9998", "YC2018-9999"):
        assert declare(world, who, each) is None
    for each in ("YC2018-9996", number):
        with pytest.raises(errors.Conflict, match="No more for now"):
            declare(world, who, each)
    owner.execute("UPDATE emergency_try SET at = at - interval '25 hours'")
    assert declare(world, who, number) is not None


def test_three_that_wait_for_a_review_are_enough(world: World, owner: Owner) -> None:
    leads = [log(world, world.investigator) for _ in range(4)]
    found = [declared(world, world.other_investigator, each) for each in leads[:3]]
    with pytest.raises(errors.Conflict, match="No more for now"):
        declare(world, world.other_investigator, number_of(world, leads[3]))
    review(world, world.lead_manager, leads[0], found[0])
    assert declare(world, world.other_investigator, number_of(world, leads[3])) is not None


def test_it_takes_no_longer_to_say_no_to_a_wall(world: World, owner: Owner, lead: UUID) -> None:
    """Tried three times at most: what else a machine does may part the two once."""
    walled = number_of(world, lead)
    _name(owner, lead, world.chief)

    def apart() -> float:
        spent: dict[str, list[float]] = {walled: [], "YC2018-9999": []}
        for _ in range(100):
            for each, times in spent.items():
                owner.execute("DELETE FROM emergency_try")
                with world.open("tests", world.chief) as tx:
                    begun = time.perf_counter()
                    assert tx.value(DECLARE, {"number": each}) is None
                    times.append(time.perf_counter() - begun)
        one, other = (statistics.median(times) for times in spent.values())
        return abs(one - other)

    assert any(apart() < 0.001 for _ in range(3))


# The review ---------------------------------------------------------------------------------------


def test_who_heads_it_has_it_on_the_desk_until_the_review_is_closed(
    world: World, lead: UUID
) -> None:
    emergency = declared(world, world.other_investigator, lead)
    assert on_desk(world, world.lead_manager) == [emergency]
    # Whoever stands above may close it as well; it is on their desk once it is late.
    assert on_desk(world, world.chief) == []
    assert waiting(world, world.chief) == [emergency]
    for who in (world.investigator, world.other_investigator, world.department_head,
                world.secretary, world.auditor, world.administrator):  # fmt: skip
        assert waiting(world, who) == []
        with pytest.raises(errors.PlumblineError):
            review(world, who, lead, emergency)
    review(world, world.lead_manager, lead, emergency)
    assert on_desk(world, world.lead_manager) == []
    with pytest.raises(errors.Conflict, match="closed this review"):
        review(world, world.chief, lead, emergency)
    with pytest.raises(errors.Conflict):  # closing ends a reading that still lasts
        read(world, world.other_investigator, emergency)
    with world.open("tests", world.other_investigator) as tx:
        (mine,) = emergencies.mine(tx)
        assert (mine["justified"], mine["reviewer"]) == (True, world.lead_manager.name)


def test_a_late_review_is_on_the_desk_of_who_stands_above(world: World, lead: UUID) -> None:
    emergency = declared(world, world.other_investigator, lead)
    world.clock.set(DAY.replace(day=5))
    assert on_desk(world, world.deputy) == []
    world.clock.set(DAY.replace(day=6))
    for who in (world.lead_manager, world.deputy, world.chief):
        assert on_desk(world, who) == [emergency]
    with world.open("desk", world.chief) as tx:
        assert [row["late"] for row in emergencies.to_review(tx)] == [True]


def test_a_heads_own_is_reviewed_above(world: World, owner: Owner, lead: UUID) -> None:
    owner.execute("UPDATE matter SET classification = 2 WHERE id = %s", [lead])
    emergency = declared(world, world.deputy, lead)
    for who in (world.deputy, world.lead_manager, world.department_head):
        assert waiting(world, who) == []
        with pytest.raises(errors.NotFound):
            review(world, who, lead, emergency)
    assert on_desk(world, world.chief) == [emergency]
    review(world, world.chief, lead, emergency)


def test_who_stands_in_for_the_reader_or_for_two_reviews_nothing_of_their_own(
    world: World, owner: Owner, lead: UUID
) -> None:
    owner.execute("UPDATE matter SET classification = 2 WHERE id = %s", [lead])
    emergency = declared(world, world.deputy, lead)
    owner.execute(
        "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
        " VALUES (%s, %s, 'chief', %s, 'YC', '2018-01-01')",
        [new_id(), world.deputy.account_id, world.district.id],
    )
    assert waiting(world, world.deputy) == []
    assert waiting(world, world.chief) == []  # no longer above
    assert waiting(world, world.liaison) == [emergency]
    with pytest.raises(pg.CheckViolation, match="reviewed_by_another"):
        owner.execute(
            "UPDATE emergency SET reviewed_by = account_id, justified = true, review = 'x',"
            " reviewed_at = now(), ended_at = now()"
        )


def test_nobody_walled_reviews_it_and_what_nobody_can_close_is_listed(
    world: World, owner: Owner, lead: UUID
) -> None:
    emergency = declared(world, world.other_investigator, lead)
    _wall(owner, lead, world.lead_manager)
    assert waiting(world, world.lead_manager) == []
    assert on_desk(world, world.deputy) == [emergency]
    for who in (world.deputy, world.liaison):
        _wall(owner, lead, who)
    owner.execute(
        "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
        " VALUES (%s, %s, 'chief', %s, 'YC', '2018-01-01')",
        [new_id(), world.other_investigator.account_id, world.district.id],
    )
    assert waiting(world, world.chief) == []
    with world.open("desk", world.chief) as tx:
        assert [row["why"] for row in desks.my_desk(tx).stuck] == ["no_reviewer"]
    for who in (world.lead_manager, world.deputy, world.other_investigator):
        with world.open("desk", who) as tx:
            assert desks.my_desk(tx).stuck == []


def test_two_at_once_close_it_once(world: World, owner: Owner, lead: UUID) -> None:
    emergency = declared(world, world.other_investigator, lead)
    refused: list[Exception] = []

    def close(who: Someone) -> None:
        try:
            review(world, who, lead, emergency)
        except errors.PlumblineError as error:
            refused.append(error)

    threads = [
        threading.Thread(target=close, args=[who])
        for who in (world.lead_manager, world.deputy, world.chief)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 2
    found = owner.execute(
        "SELECT count(*) AS n FROM audit_event WHERE table_name = 'emergency' AND op = 'UPDATE'"
    ).fetchone()
    assert found == {"n": 1}


# Who can see this ---------------------------------------------------------------------------------


def test_its_reader_stands_among_those_who_see_it_and_can_ask_why(world: World, lead: UUID) -> None:
    reader = world.other_investigator
    emergency = declared(world, reader, lead)
    with world.open("matters.access", world.chief) as tx:
        found = access.who_sees(tx, lead)
        assert [row["reader"] for row in found.emergencies] == [reader.name]
        (seer,) = [each for each in found.seen_by if each.account_id == reader.account_id]
        assert [each.door for each in seer.reasons] == [Door.EMERGENCY]
    with world.open("tests", reader) as tx:
        reading = emergencies.write_reading(tx, emergency)
    with world.open("tests", reader) as tx:
        emergencies.read(tx, reading)
        assert [each.door for each in access.why_i_see(tx, lead).reasons] == [Door.EMERGENCY]
    review(world, world.lead_manager, lead, emergency)
    with world.open("matters.access", world.chief) as tx:
        found = access.who_sees(tx, lead)
        assert reader.account_id not in {each.account_id for each in found.seen_by}
        assert [row["review"] for row in found.emergencies] == ["确有必要。"]


def test_who_keeps_off_is_told_nothing_of_it(world: World, lead: UUID) -> None:
    declared(world, world.other_investigator, lead)
    with world.open("tests", world.lead_manager) as tx:
        walls.keep_off(tx, lead, reason="亲戚")
    assert waiting(world, world.lead_manager) == []
    with world.open("tests", world.lead_manager) as tx:
        assert tx.rows("SELECT * FROM guard.emergencies_on(%(id)s)", {"id": lead}) == []


def test_clearance_alone_makes_nobody_a_reviewer(world: World, owner: Owner, lead: UUID) -> None:
    owner.execute("UPDATE matter SET classification = 1 WHERE id = %s", [lead])
    emergency = declared(world, world.other_investigator, lead)
    assert waiting(world, world.lead_manager) == []
    cleared = world.hire("lm-2", Role.LEAD_MANAGER, "YC", clearance=Clearance.RESTRICTED)
    assert waiting(world, cleared) == [emergency]


def test_a_review_that_nobody_who_heads_it_may_close_falls_to_who_administers(
    world: World, owner: Owner, doors: Doors, lead: UUID
) -> None:
    """So that a role or a clearance can be given; of the matter itself nothing is told."""
    emergency = declared(world, world.inspector, lead)

    def falls_to(who: Someone) -> list[UUID]:
        with world.open("tests", who) as tx:
            return [row["id"] for row in emergencies.for_nobody(tx)]

    assert falls_to(world.administrator) == []
    heads = (
        world.lead_manager, world.deputy, world.chief, world.liaison, world.department_head,
        world.petitions_head, world.adjudication_head,
    )  # fmt: skip
    for who in heads:
        owner.execute(
            "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
            " VALUES (%s, %s, %s, 'declared', %s, %s)",
            [new_id(), lead, who.account_id, who.account_id, DAY],
        )
    for who in (*heads, world.inspector, world.auditor, world.operator):
        assert falls_to(who) == []
        assert waiting(world, who) == []
    assert falls_to(world.administrator) == [emergency]
    page = served(doors.browser(world.administrator).get("/admin")).words
    assert "nobody who heads it may close the review" in page
    assert number_of_row(owner, lead) not in page
    # Somebody is hired above: it is theirs, and nobody's any more.
    hired = world.hire("chief-2", Role.CHIEF, "YC")
    assert falls_to(world.administrator) == []
    assert waiting(world, hired) == [emergency]
    review(world, hired, lead, emergency)


def test_an_administrator_who_is_walled_off_learns_of_no_such_review(
    world: World, owner: Owner, lead: UUID
) -> None:
    declared(world, world.inspector, lead)
    owner.execute("UPDATE role_held SET ends_on = begins_on WHERE role = ANY (%s)", [
        ["lead_manager", "deputy", "chief", "liaison", "department_head"]
    ])  # fmt: skip
    for walled in (False, True):
        if walled:
            owner.execute(
                "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
                " VALUES (%s, %s, %s, 'declared', %s, %s)",
                [new_id(), lead, world.administrator.account_id, world.administrator.account_id,
                 DAY],
            )  # fmt: skip
        with world.open("tests", world.administrator) as tx:
            assert bool(emergencies.for_nobody(tx)) is not walled


def number_of_row(owner: Owner, matter: UUID) -> str:
    row = owner.execute("SELECT number FROM matter WHERE id = %s", [matter]).fetchone()
    assert row is not None
    return str(row["number"])
