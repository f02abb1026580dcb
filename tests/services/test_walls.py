"""Whoever a matter touches neither sees it nor learns that it is there."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.permissions import Role
from app.services import access, desks, matters, person_files, walls, workflow
from tests.build_matters import DAY, act, filed_case, log, sign_all, verified
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]


def sees(world: World, who: Someone, matter_id: UUID) -> bool:
    with world.open("matters.read", who) as tx:
        return matters.still_sees(tx, matter_id)


def is_person(owner: Owner, who: Someone, person: UUID) -> None:
    """Ties an account to somebody of the register, as an administrator does."""
    owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [person, who.account_id])


def reported(owner: Owner, matter_id: UUID) -> UUID:
    row = owner.execute(
        "SELECT person_id FROM involvement WHERE matter_id = %s", [matter_id]
    ).fetchone()
    assert row is not None
    found: UUID = row["person_id"]
    return found


def keep_off(world: World, who: Someone, matter_id: UUID) -> None:
    with world.open("matters.keep_off", who) as tx:
        walls.keep_off(tx, matter_id, reason="被反映人是我的同学。")


def test_whoever_declares_a_conflict_sees_the_matter_no_more(world: World) -> None:
    lead = verified(world)
    keep_off(world, world.investigator, lead)
    assert not sees(world, world.investigator, lead)
    assert sees(world, world.other_investigator, lead)
    with pytest.raises(errors.NotFound), world.open("leads.void", world.investigator) as tx:
        workflow.act(tx, lead, event="void", reason="x")


def test_walls_asked_once_by_a_reader_are_asked_anew_after_the_first_thing_written(
    world: World,
) -> None:
    first, second = log(world, world.lead_manager), log(world, world.lead_manager)
    with world.open("walls.keep_off", world.deputy) as tx:
        walls.keep_off(tx, first, reason="亲属。")
    with world.open("walls.keep_off", world.deputy) as tx:
        assert (matters.still_sees(tx, first), matters.still_sees(tx, second)) == (False, True)
        walls.keep_off(tx, second, reason="亲属。")
        assert not matters.still_sees(tx, second)


def test_nobody_writes_themselves_an_answer_without_walls(world: World) -> None:
    lead = log(world, world.lead_manager)
    with world.open("walls.keep_off", world.deputy) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    with world.open("drill", world.deputy) as tx:
        assert not matters.still_sees(tx, lead)
        tx.execute("SELECT set_config('plumbline.walls', '{}', true)")
        assert not matters.still_sees(tx, lead)


def test_why_somebody_keeps_off_is_told_to_no_colleague(world: World) -> None:
    lead = verified(world)
    keep_off(world, world.investigator, lead)
    with world.open("matters.read", world.other_investigator) as tx:
        file = matters.open_matter(tx, lead)
        found = access.who_sees(tx, lead)
    assert file.history[0]["event"] == "kept_off"
    assert file.history[0]["reason"] is None
    assert [row["name"] for row in found.kept_off] == [world.investigator.name]
    assert world.investigator.account_id not in {each.account_id for each in found.seen_by}


def test_an_auditor_can_keep_off_as_well(world: World) -> None:
    lead = log(world, world.investigator)
    keep_off(world, world.auditor, lead)
    assert not sees(world, world.auditor, lead)


def test_nobody_declares_a_conflict_on_what_they_cannot_see(world: World) -> None:
    lead = verified(world)
    with pytest.raises(errors.NotFound):
        keep_off(world, world.team_member, lead)


@pytest.mark.parametrize("role", [Role.CHIEF, Role.LEAD_MANAGER, Role.AUDITOR, Role.LIAISON])
def test_whoever_is_named_is_walled_before_the_first_read(
    world: World, owner: Owner, role: Role
) -> None:
    """No role outweighs it."""
    lead = log(world, world.investigator)
    assert sees(world, world.holder(role), lead)
    is_person(owner, world.holder(role), reported(owner, lead))
    assert not sees(world, world.holder(role), lead)


def test_a_name_added_later_walls_off_from_then_on(world: World, owner: Owner) -> None:
    lead, other = verified(world), log(world, world.investigator)
    is_person(owner, world.other_investigator, reported(owner, other))
    owner.execute("UPDATE involvement SET ended_on = %s WHERE matter_id = %s", [DAY, lead])
    assert sees(world, world.other_investigator, lead)
    owner.execute("UPDATE involvement SET ended_on = NULL WHERE matter_id = %s", [lead])
    assert not sees(world, world.other_investigator, lead)


def test_near_relatives_are_walled_everywhere_at_once_and_either_way_round(
    world: World, owner: Owner
) -> None:
    lead = log(world, world.investigator)
    named = reported(owner, lead)
    cousin = owner.execute(
        "INSERT INTO person (id, name) VALUES (gen_random_uuid(), '某某') RETURNING id"
    ).fetchone()
    assert cousin is not None
    is_person(owner, world.deputy, cousin["id"])
    for one, other in ((named, cousin["id"]), (cousin["id"], named)):
        assert sees(world, world.deputy, lead)
        with world.open("people.declare_relative", world.lead_manager) as tx:
            person_files.open_file(tx, one, reason="核对亲属关系。")
            made = walls.declare_relative(tx, one, relative_id=other, kinship="in_law")
        assert not sees(world, world.deputy, lead)
        with world.open("people.end_relative", world.lead_manager) as tx:
            walls.end_relative(tx, one, made)


def test_a_decided_recusal_takes_the_matter_and_walls_it_off(world: World) -> None:
    lead = verified(world)
    done = act(
        world, world.lead_manager, lead, "recuse",
        recused=str(world.investigator.account_id), ground="interest",
        handler=str(world.team_member.account_id),
    )  # fmt: skip
    sign_all(world, done)
    assert not sees(world, world.investigator, lead)
    with world.open("matters.read", world.chief) as tx:
        team = matters.open_matter(tx, lead).team
    assert world.team_member.account_id in {row["account_id"] for row in team}


def test_what_only_somebody_walled_could_move_on_is_on_the_heads_desk(world: World) -> None:
    lead = verified(world)
    with world.open("desk", world.department_head) as tx:
        assert lead not in {row["id"] for row in desks.my_desk(tx).stuck}
    keep_off(world, world.investigator, lead)
    with world.open("desk", world.department_head) as tx:
        stuck = [row for row in desks.my_desk(tx).stuck if row["id"] == lead]
    assert [row["why"] for row in stuck] == ["no_handler"]  # in routine words
    with world.open("matters.hand_over", world.department_head) as tx:
        matters.hand_over(
            tx, lead, to_account=world.other_investigator.account_id, reason="工作调整。"
        )
    with world.open("desk", world.department_head) as tx:
        assert lead not in {row["id"] for row in desks.my_desk(tx).stuck}


def test_nobody_walled_takes_a_matter_over(world: World) -> None:
    lead = verified(world)
    keep_off(world, world.other_investigator, lead)
    with (
        pytest.raises(errors.Invalid) as refused,
        world.open("matters.hand_over", world.department_head) as tx,
    ):
        matters.hand_over(
            tx, lead, to_account=world.other_investigator.account_id, reason="工作调整。"
        )
    assert refused.value.errors[0].field == "to_account"


def test_a_step_that_only_somebody_walled_could_sign_rises(world: World) -> None:
    """The deputy keeps off: their signature is asked of nobody, and no rule is relaxed."""
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    keep_off(world, world.deputy, lead)
    with (
        pytest.raises(errors.Denied) as refused,
        world.open("leads.assign", world.lead_manager) as tx,
    ):
        workflow.act(
            tx, lead, event="assign", reason="x",
            form={"department": str(world.unit("YC-O03").id), "no_conflict": True},
        )  # fmt: skip
    assert refused.value.reasons


def test_a_case_and_its_money_stand_behind_one_wall(world: World, owner: Owner) -> None:
    case = filed_case(world)
    keep_off(world, world.chief, case)
    assert not sees(world, world.chief, case)
    lead = owner.execute(
        "SELECT from_id AS id FROM matter_link WHERE to_id = %s AND kind = 'lead_case'", [case]
    ).fetchone()
    assert lead is not None
    assert sees(world, world.chief, lead["id"])  # linked only: that is a head's to decide


# Whatever holds a matter's number or key, tables and views alike.
_COLUMNS = """
SELECT n.nspname || '.' || quote_ident(c.relname) AS place, a.attname AS column
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE a.atttypid = 'uuid'::regtype AND a.attnum > 0 AND NOT a.attisdropped
   AND n.nspname IN ('public', 'guard') AND c.relkind IN ('r', 'p', 'v')
   AND NOT c.relispartition AND has_table_privilege('plumbline_app', c.oid, 'SELECT')
 ORDER BY 1, 2
"""


@pytest.fixture
def hanging(world: World, owner: Owner) -> tuple[UUID, list[DictRow]]:
    """A case that much hangs on, and every column that could hold its key."""
    return filed_case(world), owner.execute(_COLUMNS).fetchall()


@pytest.mark.parametrize("role", [Role.CHIEF, Role.AUDITOR, Role.LEAD_MANAGER])
def test_no_table_or_view_shows_a_matter_past_its_wall(
    world: World, hanging: tuple[UUID, list[DictRow]], role: Role
) -> None:
    case, columns = hanging
    who = world.holder(role)
    assert len(columns) > 60
    before = _found(world, who, case, columns)
    assert len(before) > 3
    keep_off(world, who, case)
    # One's own past deeds are known to oneself; what hangs on the matter is not shown even then.
    assert _found(world, who, case, columns) == set()


def _found(world: World, who: Someone, case: UUID, columns: list[DictRow]) -> set[str]:
    with world.open("drill", who) as tx:
        return {
            f"{row['place']}.{row['column']}"
            for row in columns
            if tx.value(
                f"SELECT EXISTS (SELECT 1 FROM {row['place']} WHERE {row['column']} = %(id)s)",
                {"id": case},
            )
        }
