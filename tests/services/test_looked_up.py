"""What a transaction has asked of the policy is asked no second time, and lets nobody past it."""

from uuid import UUID

import pytest

from app.domain.permissions import Role
from app.repositories import facts, worklist
from app.repositories.work import Work
from app.services import matters, walls
from tests.build_matters import filed_case, log, verified
from tests.builders import Someone, World

REMEMBERED = "SELECT guard.looked_up()"
SEEN = "SELECT count(*) FROM {table} WHERE {column} = %(id)s"
HANGING = (("matter", "id"), ("lead", "id"), ("involvement", "matter_id"), ("clock", "matter_id"))


def keep_off(world: World, who: Someone, matter_id: UUID) -> None:
    with world.open("walls.keep_off", who) as tx:
        walls.keep_off(tx, matter_id, reason="亲属。")


def rows_seen(tx: Work, matter_id: UUID) -> list[int]:
    return [
        tx.value(SEEN.format(table=table, column=column), {"id": matter_id})
        for table, column in HANGING
    ]


def test_a_matter_that_was_opened_is_remembered_for_its_transaction_alone(world: World) -> None:
    lead = log(world, world.lead_manager)
    with world.open("drill", world.deputy):
        pass  # that a session is used is written once a minute: not by the next
    with world.open("drill", world.deputy) as tx:
        matters.read_matter(tx, lead)
        assert tx.value(REMEMBERED) == [lead]
    with world.open("drill", world.deputy) as tx:
        assert tx.value(REMEMBERED) == []


def test_what_the_reader_may_not_see_is_never_remembered(world: World) -> None:
    lead, other = log(world, world.lead_manager), log(world, world.lead_manager)
    keep_off(world, world.deputy, lead)
    with world.open("drill", world.deputy) as tx:
        assert tx.value("SELECT guard.look_up(%(ids)s)", {"ids": [lead, other]}) == [other]
        assert tx.value(REMEMBERED) == [other]
        assert rows_seen(tx, lead) == [0, 0, 0, 0]
        assert all(rows_seen(tx, other))
    with world.open("drill", world.team_member) as tx:
        assert tx.value("SELECT guard.look_up(%(ids)s)", {"ids": [lead, other]}) == []
        assert rows_seen(tx, other) == [0, 0, 0, 0]


def test_whoever_keeps_off_what_they_opened_reads_none_of_it_by_the_next_statement(
    world: World,
) -> None:
    lead = log(world, world.lead_manager)
    with world.open("walls.keep_off", world.deputy) as tx:
        matters.read_matter(tx, lead)
        walls.keep_off(tx, lead, reason="亲属。")
        assert rows_seen(tx, lead) == [0, 0, 0, 0]


def test_nobody_writes_themselves_a_memory_of_what_they_may_not_see(world: World) -> None:
    """Neither of one's own making, nor the list of one's walls with its seal, nor another's."""
    lead = log(world, world.lead_manager)
    keep_off(world, world.deputy, lead)
    kept = "SELECT set_config('plumbline.looked_up', %(kept)s, true)"
    seal = "SELECT set_config('plumbline.looked_up_seal', {}, true)"
    with world.open("drill", world.deputy) as tx:
        tx.execute(kept, {"kept": str(lead)})
        assert rows_seen(tx, lead) == [0, 0, 0, 0]
        assert not matters.still_sees(tx, lead)  # asks for the walls, so that their seal is there
        assert tx.value("SELECT current_setting('plumbline.walls')") == str(lead)
        tx.execute(seal.format("current_setting('plumbline.walls_seal')"))
        assert rows_seen(tx, lead) == [0, 0, 0, 0]
        assert tx.value(REMEMBERED) == []


def test_a_memory_is_worth_nothing_to_whoever_else_acts_in_the_same_transaction(
    world: World,
) -> None:
    lead = verified(world)
    with world.open("drill", world.lead_manager) as tx:
        matters.read_matter(tx, lead)
        kept, seal = (
            tx.value(f"SELECT current_setting('plumbline.{name}')")
            for name in ("looked_up", "looked_up_seal")
        )
        tx.enter(world.team_member.session)
        for name, value in (("looked_up", kept), ("looked_up_seal", seal)):
            tx.execute(f"SELECT set_config('plumbline.{name}', %(value)s, true)", {"value": value})
        assert tx.value(REMEMBERED) == []
        assert rows_seen(tx, lead) == [0, 0, 0, 0]


def set_to(tx: Work, name: str, value: str) -> None:
    tx.execute(f"SELECT set_config('plumbline.{name}', %(value)s, true)", {"value": value})


def test_a_seal_that_was_lengthened_by_a_key_is_not_the_seal_of_that_key(world: World) -> None:
    """Whose setting is sealed must not decide where it ends: else a memory of nothing, sealed
    behind somebody's own key, would be a memory of that key."""
    lead = log(world, world.lead_manager)
    keep_off(world, world.deputy, lead)
    with world.open("drill", world.deputy) as tx:
        own = tx.value("SELECT current_setting('plumbline.seal')")
        set_to(tx, "seal", own + str(lead))
        assert tx.value("SELECT guard.look_up('{}')") == []
        set_to(tx, "seal", own)
        set_to(tx, "looked_up", str(lead))
        assert tx.value(REMEMBERED) == []
        assert rows_seen(tx, lead) == [0, 0, 0, 0]
    with world.office.engine.begin() as connection:
        for name, value in (("seal", str(lead)), ("looked_up", str(lead))):
            connection.exec_driver_sql(f"SELECT set_config('plumbline.{name}', '{value}', true)")
            connection.exec_driver_sql("SELECT guard.look_up('{}') WHERE %s = 'seal'", (name,))
        connection.exec_driver_sql("SELECT set_config('plumbline.seal', '', true)")
        assert connection.exec_driver_sql(REMEMBERED).scalar() == []
        assert connection.exec_driver_sql("SELECT count(*) FROM matter").scalar() == 0


def test_without_a_session_nothing_is_remembered_whatever_is_set(world: World) -> None:
    lead = log(world, world.lead_manager)
    with world.office.engine.begin() as connection:
        for name, value in (("looked_up", str(lead)), ("looked_up_seal", ""), ("seal", "")):
            connection.exec_driver_sql(f"SELECT set_config('plumbline.{name}', '{value}', true)")
        assert connection.exec_driver_sql(REMEMBERED).scalar() == []
        assert connection.exec_driver_sql("SELECT count(*) FROM matter").scalar() == 0


# What row security answers, table by table, to whoever asks for what a list shows.
BY_TABLES = """
SELECT m.id, q.id AS request_id, q.event AS waiting_event, h.name AS holder_name,
       s.names AS subject_names, s.ids AS subject_ids, u.name AS unit_name,
       EXISTS (SELECT 1 FROM doubt d WHERE d.matter_id = m.id AND d.settled_on IS NULL)
         AS doubtful
  FROM matter m JOIN unit u ON u.id = m.unit_id
  LEFT JOIN request q ON q.matter_id = m.id AND q.status = 'open'
  LEFT JOIN LATERAL (
    SELECT a.name FROM team_member t JOIN account a ON a.id = t.account_id
     WHERE t.matter_id = m.id AND t.ends_on IS NULL
     ORDER BY t.part = 'lead_handler' DESC, t.begins_on LIMIT 1) h ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(coalesce(p.name, o.name) ORDER BY i.code, i.id) AS names,
           array_agg(i.person_id ORDER BY i.code, i.id) AS ids
      FROM involvement i LEFT JOIN person p ON p.id = i.person_id
      LEFT JOIN organisation o ON o.id = i.organisation_id
     WHERE i.matter_id = m.id AND i.part = 'subject' AND i.ended_on IS NULL) s ON true
 WHERE m.id = ANY (%(ids)s) ORDER BY m.id
"""


def test_what_is_asked_of_several_at_once_is_what_each_role_is_told_of_each(world: World) -> None:
    asked = [log(world, world.investigator), verified(world), filed_case(world)]
    keep_off(world, world.chief, asked[2])
    shown = worked = 0
    for role in Role:
        with world.open("drill", world.holder(role)) as tx:
            listed = {row["id"]: row for row in worklist.rows(tx, asked)}
            by_tables = {row["id"]: row for row in tx.rows(BY_TABLES, {"ids": asked})}
            assert listed.keys() == by_tables.keys(), role
            for key, row in by_tables.items():
                assert {name: listed[key][name] for name in row} == row, role
            shown += len(listed)
            told = facts.everything_of(tx, asked)
            alone = {key: found for key in asked if (found := facts.everything(tx, key))}
            assert told == alone, role
            worked += len(told)
    assert shown > len(Role)
    assert worked > len(Role) / 2


def test_whoever_was_found_to_read_many_is_shown_no_more_than_they_may_see(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "ARMFUL", 1)
    lead, other = log(world, world.investigator), log(world, world.investigator)

    def listed() -> set[UUID]:
        with world.open("drill", world.investigator) as tx:
            return {row["id"] for row in worklist.page(tx, worklist.Filter(), limit=20)}

    assert listed() == {lead, other}
    keep_off(world, world.investigator, lead)
    assert listed() == {other}


def test_nobody_writes_themselves_what_they_work_on(world: World) -> None:
    """Neither plainly, nor by having a scope of their own making sealed before it."""
    lead = log(world, world.lead_manager)
    mine = "SELECT guard.mine()"
    with world.open("drill", world.team_member) as tx:
        assert tx.value(mine) == []
        set_to(tx, "mine", str(lead))
        assert tx.value(mine) == []
        own = tx.value("SELECT current_setting('plumbline.scope')")
        set_to(tx, "scope", own + str(lead))
        assert tx.value(mine) == []
        set_to(tx, "scope", own)
        set_to(tx, "mine", str(lead))
        assert tx.value(mine) == []
        assert rows_seen(tx, lead) == [0, 0, 0, 0]


def test_what_one_works_on_is_found_once_by_a_reader_and_anew_after_the_first_thing_written(
    world: World,
) -> None:
    lead = verified(world)
    mine = "SELECT guard.mine()"
    with world.open("drill", world.investigator) as tx:
        assert tx.value(mine) == [lead]
        assert tx.value("SELECT current_setting('plumbline.mine')") == str(lead)
        tx.execute(
            "UPDATE team_member SET ends_on = begins_on WHERE matter_id = %(lead)s", {"lead": lead}
        )
        assert tx.value(mine) == []
