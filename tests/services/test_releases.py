"""What is sealed of a petition opens to one person, for a time, by another's decision.

The page, the program and the database each refuse the rest.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg import errors as pg
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.permissions import Role
from app.services import desks, matters, petitions, releases
from app.services.petitions import NewPetition, Reporter
from tests.build_matters import DAY, LIANG, log
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]

NAME, CONTACT = "金丝雀", "19900007771"
WORDING = "我是村会计金丝雀，亲眼看见村主任多报了三亩。"
SUMMARY = "反映村主任虚报面积三亩。"


@pytest.fixture
def petition(world: World, owner: Owner) -> UUID:
    """A named report with a checked summary, which an investigator works on."""
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition_id = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content=WORDING,
                title="反映虚报面积", unit_id=world.village.id,
                reporter=Reporter(name=NAME, contact=CONTACT), subjects=[LIANG],
            ),
        )  # fmt: skip
        petitions.write_summary(tx, petition_id, summary=SUMMARY)
    with world.open("petitions.check", world.petitions_head) as tx:
        petitions.check_summary(tx, petition_id)
    _team(owner, petition_id, world.investigator)
    return petition_id


def _team(owner: Owner, matter_id: UUID, who: Someone) -> None:
    owner.execute(
        "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
        " VALUES (%s, %s, %s, 'lead_handler', %s)",
        [new_id(), matter_id, who.account_id, DAY],
    )


def ask(world: World, who: Someone, petition: UUID, *, reporter: bool = True) -> UUID:
    with world.open("releases.ask", who) as tx:
        return releases.ask(
            tx, petition, reporter=reporter, wording=True, reason="需向举报人核实面积。"
        )


def decide(world: World, who: Someone, petition: UUID, release: UUID, *, yes: bool = True) -> None:
    with world.open("releases.decide", who) as tx:
        releases.decide(tx, petition, release, approved=yes, reason="仅供核实。")


def read(world: World, who: Someone, release: UUID) -> tuple[str | None, str | None]:
    with world.open("releases.read", who) as tx:
        found = releases.read(tx, release)
    return found.reporter.name if found.reporter else None, found.wording


@pytest.fixture
def released(world: World, petition: UUID) -> UUID:
    release = ask(world, world.investigator, petition)
    decide(world, world.petitions_head, petition, release)
    return release


# Handlers work without ---------------------------------------------------------------------------


def test_handlers_read_the_summary_and_intake_the_original(
    world: World, doors: Doors, petition: UUID
) -> None:
    for who in (world.investigator, world.lead_manager, world.deputy, world.chief):
        page = served(doors.browser(who).get(f"/matters/{petition}"))
        assert SUMMARY in page.words, who.login
        told = doors.api(who).get(f"/api/v1/matters/{petition}")
        for text in (page.words, told.text):
            assert WORDING not in text, who.login
            assert NAME not in text, who.login
    for who in (world.intake_officer, world.petitions_head):
        assert WORDING in served(doors.browser(who).get(f"/matters/{petition}")).words


def test_an_untyped_title_says_nothing_of_the_wording_and_then_what_the_summary_says(
    world: World, owner: Owner
) -> None:
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition_id = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content=WORDING,
                unit_id=world.village.id,
            ),
        )  # fmt: skip
        title = "反映西塘桥村的信访件，2018年9月3日收到"
        assert matters.open_matter(tx, petition_id).head["title"] == title
        petitions.write_summary(tx, petition_id, summary=SUMMARY)
    with world.open("petitions.check", world.petitions_head) as tx:
        petitions.check_summary(tx, petition_id)
        assert matters.open_matter(tx, petition_id).head["title"] == SUMMARY.removesuffix("。")
    events = "SELECT 1 FROM audit_personal WHERE values::text LIKE '%%金丝雀%%'"
    assert owner.execute(events.replace("%%", "%")).fetchall()
    with world.open("tests", world.chief) as tx:
        assert tx.rows(events) == []


def test_an_unchecked_summary_is_intakes_alone(world: World, petition: UUID) -> None:
    with world.open("petitions.summary", world.intake_officer) as tx:
        petitions.write_summary(tx, petition, summary="村会计反映虚报面积。")
    for who, summary in ((world.chief, None), (world.petitions_head, "村会计反映虚报面积。")):
        with world.open("matters.read", who) as tx:
            assert matters.open_matter(tx, petition).own["summary"] == summary


def test_the_database_refuses_the_original_wording_whatever_is_asked(
    world: World, petition: UUID
) -> None:
    for query in (
        "SELECT content FROM petition WHERE id = %(id)s",
        "SELECT p FROM petition p WHERE id = %(id)s",
        "SELECT to_jsonb(p) FROM petition p WHERE id = %(id)s",
        "UPDATE petition SET place = content WHERE id = %(id)s",
        "SELECT count(*) FROM petition WHERE content LIKE '我%%' AND id = %(id)s",
        "SELECT * FROM release WHERE petition_id = %(id)s",
        "SELECT sealed FROM reporter_identity WHERE petition_id = %(id)s",
    ):
        for who in (world.investigator, world.intake_officer):
            with pytest.raises(errors.NotFound), world.open("tests", who) as tx:
                tx.execute(query, {"id": petition})
    with world.open("tests", world.chief) as tx:
        assert tx.value("SELECT guard.read_wording(%(id)s)", {"id": petition}) is None
        assert not tx.rows("SELECT 1 FROM audit_personal WHERE values::text LIKE '%%金丝雀%%'")


# Asking and deciding ------------------------------------------------------------------------------


def test_released_it_opens_for_that_person_alone_and_each_reading_is_recorded(
    world: World, owner: Owner, petition: UUID, released: UUID
) -> None:
    assert read(world, world.investigator, released) == (NAME, WORDING)
    assert read(world, world.investigator, released) == (NAME, WORDING)
    for who in (world.deputy, world.lead_manager, world.chief, world.petitions_head):
        with pytest.raises(errors.NotFound):
            read(world, who, released)
    events = owner.execute(
        "SELECT actor_id, changes FROM audit_event WHERE op = 'READ' AND matter_id = %s", [petition]
    ).fetchall()
    assert [each["actor_id"] for each in events] == [world.investigator.account_id] * 2
    assert [each["changes"] for each in events] == [{"release": str(released)}] * 2
    with world.open("releases.list", world.intake_officer) as tx:
        assert [row["readings"] for row in releases.of_petition(tx, petition)] == [2]


def test_after_its_time_it_is_gone(
    world: World, owner: Owner, petition: UUID, released: UUID
) -> None:
    with world.open("releases.list", world.investigator) as tx:
        until = releases.of_petition(tx, petition)[0]["opens_until"]
    assert timedelta(days=3) <= until - datetime.now(UTC) <= timedelta(days=14)
    owner.execute(
        "UPDATE release SET requested_at = now() - interval '9 days',"
        " decided_at = now() - interval '8 days', opens_until = now() - interval '1 second'"
    )
    with pytest.raises(errors.Conflict, match="not any more"):
        read(world, world.investigator, released)
    with world.open("desk", world.investigator) as tx:
        assert desks.my_desk(tx).releases == []


def test_who_needs_it_no_more_ends_it_and_so_does_a_custodian(
    world: World, petition: UUID, released: UUID
) -> None:
    with pytest.raises(errors.NotFound), world.open("releases.end", world.lead_manager) as tx:
        releases.end(tx, released)
    with world.open("releases.end", world.chief) as tx:
        releases.end(tx, released)
    with pytest.raises(errors.Conflict):
        read(world, world.investigator, released)
    again = ask(world, world.investigator, petition)
    decide(world, world.chief, petition, again)
    with world.open("releases.end", world.investigator) as tx:
        releases.end(tx, again)
    with pytest.raises(errors.Conflict):
        read(world, world.investigator, again)


def test_who_asks_never_decides(world: World, owner: Owner, petition: UUID) -> None:
    release = ask(world, world.chief, petition)
    with pytest.raises(errors.NotFound):
        decide(world, world.chief, petition, release)
    with pytest.raises(pg.CheckViolation, match="decided_by_another"):
        owner.execute(
            "UPDATE release SET decided_by = requested_by, approved = true, decision = '',"
            " decided_at = now(), opens_until = now() + interval '1 day' WHERE id = %s",
            [release],
        )
    decide(world, world.petitions_head, petition, release)
    assert read(world, world.chief, release) == (NAME, WORDING)


def test_only_the_head_of_petitions_and_the_chief_decide(world: World, petition: UUID) -> None:
    release = ask(world, world.investigator, petition)
    for role in set(Role) - {Role.PETITIONS_HEAD, Role.CHIEF}:
        with pytest.raises((errors.NotFound, errors.Forbidden)):
            decide(world, world.holder(role), petition, release)
    with world.open("desk", world.chief) as tx:
        assert [row["id"] for row in desks.my_desk(tx).releases] == [release]


def test_a_refusal_says_why_and_opens_nothing(world: World, doors: Doors, petition: UUID) -> None:
    release = ask(world, world.investigator, petition)
    decide(world, world.chief, petition, release, yes=False)
    with pytest.raises(errors.Conflict):
        read(world, world.investigator, release)
    page = served(doors.browser(world.investigator).get(f"/matters/{petition}"))
    assert "陈正平 refused it." in page.words
    assert "仅供核实。" in page.words


def test_a_decision_is_taken_once(world: World, petition: UUID, released: UUID) -> None:
    with pytest.raises(errors.NotFound):
        decide(world, world.chief, petition, released, yes=False)


def test_what_was_not_asked_for_stays_sealed(world: World, petition: UUID) -> None:
    release = ask(world, world.investigator, petition, reporter=False)
    decide(world, world.chief, petition, release)
    assert read(world, world.investigator, release) == (None, WORDING)


def test_asking_needs_a_reason_a_right_and_happens_once(world: World, petition: UUID) -> None:
    with pytest.raises(errors.Invalid), world.open("releases.ask", world.investigator) as tx:
        releases.ask(tx, petition, reporter=True, wording=False, reason=" ")
    with pytest.raises(errors.Conflict, match="without a release"):
        ask(world, world.intake_officer, petition)
    for who in (world.other_investigator, world.keeper, world.auditor, world.administrator):
        with pytest.raises((errors.NotFound, errors.Forbidden)):
            ask(world, who, petition)
    ask(world, world.investigator, petition)
    with pytest.raises(errors.Conflict, match="already"):
        ask(world, world.investigator, petition)


# Walls --------------------------------------------------------------------------------------------


def _named(owner: Owner, matter_id: UUID, who: Someone) -> None:
    owner.execute(
        "UPDATE account SET person_id = (SELECT person_id FROM involvement WHERE matter_id = %s)"
        " WHERE id = %s",
        [matter_id, who.account_id],
    )


def _linked_report(world: World, owner: Owner, petition: UUID, who: Someone) -> None:
    """Another report, linked to the petition, names `who`."""
    report = log(world, world.other_investigator)
    person = new_id()
    owner.execute("INSERT INTO person (id, name) VALUES (%s, '某')", [person])
    owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [person, who.account_id])
    owner.execute("UPDATE involvement SET person_id = %s WHERE matter_id = %s", [person, report])
    owner.execute(
        "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
        " VALUES (%s, 'repeat_of', %s, %s, %s)",
        [new_id(), report, petition, DAY],
    )


def test_a_wall_closes_what_was_released(
    world: World, owner: Owner, petition: UUID, released: UUID
) -> None:
    _named(owner, petition, world.investigator)
    with pytest.raises(errors.NotFound):
        read(world, world.investigator, released)


def test_nothing_is_released_to_whom_a_wall_keeps_off(
    world: World, owner: Owner, petition: UUID
) -> None:
    release = ask(world, world.investigator, petition)
    _named(owner, petition, world.investigator)
    with pytest.raises(errors.Conflict):
        decide(world, world.chief, petition, release)
    decide(world, world.chief, petition, release, yes=False)


def test_while_a_link_is_undecided_what_is_sealed_is_withheld(
    world: World, owner: Owner, petition: UUID, released: UUID
) -> None:
    _linked_report(world, owner, petition, world.investigator)
    with pytest.raises(errors.Conflict):
        read(world, world.investigator, released)
    with world.open("releases.end", world.chief) as tx:
        releases.end(tx, released)
    again = ask(world, world.investigator, petition)
    with pytest.raises(errors.Conflict):
        decide(world, world.chief, petition, again)


def test_intake_that_is_named_reads_neither_name_nor_wording(
    world: World, owner: Owner, petition: UUID
) -> None:
    _team(owner, petition, world.intake_officer)
    _linked_report(world, owner, petition, world.intake_officer)
    with pytest.raises(errors.NotFound), world.open("tests", world.intake_officer) as tx:
        petitions.read_reporter(tx, petition)
    with world.open("matters.read", world.intake_officer) as tx:
        assert matters.open_matter(tx, petition).own["content"] is None


# On the pages -------------------------------------------------------------------------------------


def test_asked_decided_and_read_on_the_pages(world: World, doors: Doors, petition: UUID) -> None:
    handler, head = doors.browser(world.investigator), doors.browser(world.petitions_head)
    address = f"/matters/{petition}"
    form = served(handler.get(f"{address}/release")).form("/release")
    again = served(form.send(handler, {"what": "both", "reason": ""}), 422)
    assert "Say why." in again.words
    sent = again.form("/release").submit(handler, what="both", reason="需向举报人核实。")
    assert sent.headers["location"].endswith("done=release_asked")
    desk = served(head.get("/desk"))
    assert "李志强 asked for the reporter’s name and contact" in desk.words
    waiting = doors.api(world.petitions_head).get("/api/v1/releases").json()["items"]
    decision = served(head.get(f"{address}/releases/{waiting[0]['id']}"))
    assert "需向举报人核实。" in decision.words
    decided = decision.form(waiting[0]["id"]).submit(head, answer="release", reason="可以核实。")
    assert decided.status_code == 303, served(decided, decided.status_code).words
    page = served(handler.get(address))
    shown = served(page.form("/read").submit(handler))
    for text in (NAME, CONTACT, WORDING):
        assert text in shown.words
        assert text not in page.words
    ended = served(handler.get(address)).form("/end").submit(handler)
    assert ended.status_code == 303
    assert "It is sealed again." in served(handler.get(ended.headers["location"])).words
