"""Whoever was let see a matter reads it, and works on nothing there: held by the database alone.

Every table that hangs on a matter is tried, then what the services do with their own check taken
away. Another reason, a role or a place on the team, gives what it gives to everybody.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from app.core.ids import new_id
from app.domain import errors
from app.domain.permissions import Role
from app.repositories import matters as matter_rows
from app.repositories.work import Work
from app.services import (
    access,
    corrections,
    involved,
    matters,
    papers,
    walls,
)
from app.services.corrections import Said
from app.services.openings import Reported
from tests.build_matters import log, verified
from tests.build_papers import pdf
from tests.builders import Someone, World
from tests.drill.stage import Db, Intruder, Stage, enter, stage
from tests.drill.test_hands import (
    Untouched,
    refused_by_the_database,
    untouched,  # noqa: F401  (a fixture)
)
from tests.drill.test_writes import WRITABLE, anew, destructions, inserted

# What somebody keeps for themselves, and that they read: nobody's work on the matter.
THEIR_OWN = {
    "access_grant", "assigned_matter", "audit_event", "draft", "export_record", "import_row",
    "visit", "watch", "watched_matter", "webhook_delivery",
}  # fmt: skip


@pytest.fixture
def here(world: World, owner: Db) -> Stage:
    return stage(world, owner)


def _let_in(owner: Db, world: World, matter_ids: list[UUID], who: Someone) -> Intruder:
    today = owner.execute("SELECT guard.today() AS day").fetchone()
    assert today is not None
    for matter_id in matter_ids:
        owner.execute(
            "INSERT INTO access_grant (id, matter_id, account_id, reason, begins_on, ends_on,"
            " granted_by) VALUES (%s, %s, %s, '协助', %s, %s, %s)",
            [new_id(), matter_id, who.account_id, today["day"], today["day"] + timedelta(days=7),
             world.deputy.account_id],
        )  # fmt: skip
    return Intruder(who.session, who)


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.FINANCE, Role.LEAD_MANAGER])
def test_a_guest_writes_no_row_that_hangs_on_the_matter(
    owner: Db, world: World, here: Stage, role: Role
) -> None:
    own = list(here.own.ids.values())
    matter_ids = [row["id"] for row in here.own.rows["matter"]]
    guest = _let_in(owner, world, matter_ids, world.hire("a-guest", role, "YC-T01"))
    worker = next(
        each for name, each in here.intruders.items() if name == f"{Role.DEPUTY.value} elsewhere"
    )
    tables = {
        row["place"]: row
        for row in owner.execute(WRITABLE).fetchall()
        if row["place"] in here.own.rows and row["place"] not in THEIR_OWN
    }
    assert len(own) > len(tables) / 2
    written: dict[str, set[str]] = {"guest": set(), "worker": set()}
    with here.connected("nobody") as connection:
        for name, intruder in (("guest", guest), ("worker", worker)):
            assert intruder.who is not None
            for place, table in tables.items():
                rows = here.own.rows[place]
                for statement in (
                    each for row in rows[:2] for each in destructions(table, row)
                    if b"FOR UPDATE" not in each.as_bytes(connection)
                    and b"WHERE" in each.as_bytes(connection)
                ):  # fmt: skip
                    connection.rollback()
                    enter(connection, intruder)
                    try:
                        if connection.execute(statement).rowcount:
                            written[name].add(place)
                    except psycopg.Error:
                        continue
                for row in rows[:3] if table["inserts"] else ():
                    made = anew(row, intruder.who.account_id, "")
                    if inserted(connection, intruder, {"place": place}, made) == ("written",):
                        written[name].add(place)
    assert written["guest"] == set()
    assert len(written["worker"]) > 10, written["worker"]


Deed = Callable[[Work, UUID], object]
DEEDS: dict[str, Deed] = {
    "note": lambda tx, lead: matters.add_note(tx, lead, text="我来记一笔。"),
    "correct": lambda tx, lead: corrections.correct(
        tx, lead, Said(field="title", value="另一个标题", reason="写错了。")
    ),
    "attach": lambda tx, lead: papers.attach(
        tx, lead, papers.look_at(pdf(), "账页.pdf"), title="账页"
    ),
    "person": lambda tx, lead: involved.add_subject(tx, lead, Reported(name="某甲")),
    "task": lambda tx, lead: matter_rows.touch(tx, lead, event="task_done"),
    "hand over": lambda tx, lead: matters.hand_over(
        tx, lead, to_account=tx.actor.account_id, reason="工作需要。", left=True
    ),
}


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_the_database_refuses_a_guest_what_the_services_forgot_to(
    world: World,
    untouched: Untouched,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    deed: str,
) -> None:
    lead = log(world, world.lead_manager)  # nobody signed yet: nothing is frozen
    guest = world.hire("a-guest", Role.INVESTIGATOR, "YC-T01")
    with world.open("matters.let_see", world.lead_manager) as tx:
        access.let_see(tx, lead, login=guest.login, reason="核对账目。", days=7)
    with pytest.raises(errors.Forbidden), world.open("drill", guest) as tx:
        DEEDS[deed](tx, lead)
    monkeypatch.setattr(matters, "only_reads", lambda *_: False)
    refused_by_the_database(untouched, world, guest, lambda tx: DEEDS[deed](tx, lead))


def test_a_guest_keeps_off_it_all_the_same_and_leaves_no_trace_in_its_history(
    world: World,
) -> None:
    lead = verified(world)
    with world.open("matters.let_see", world.department_head) as tx:
        access.let_see(tx, lead, login=world.team_member.login, reason="核对账目。", days=7)
    with world.open("matters.keep_off", world.team_member) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    with world.open("matters.read", world.team_member) as tx:
        assert not matters.still_sees(tx, lead)
    with world.open("matters.read", world.department_head) as tx:
        assert "kept_off" not in {row["event"] for row in matters.open_matter(tx, lead).history}


def test_who_was_let_see_what_they_handle_or_head_works_on_it_as_before(
    world: World, owner: Db
) -> None:
    lead = verified(world)
    for who in (world.investigator, world.lead_manager):
        _let_in(owner, world, [lead], who)
        with world.open("matters.note", who) as tx:
            matters.add_note(tx, lead, text="照常办理。")
            assert not matters.open_matter(tx, lead).only_read
