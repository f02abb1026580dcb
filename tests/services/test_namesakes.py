"""A person is reported under a colleague's name, and no number says who it is.

Until somebody says whether it is them, the colleague keeps off; whoever works on the matter
already, or logged it, does not. They never learn that it was asked.
"""

from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow

from app.core.db import Row
from app.domain import errors
from app.domain.people import bare_name
from app.domain.permissions import Role
from app.services import (
    access,
    corrections,
    involved,
    matters,
    people,
    person_files,
    walls,
    workflow,
)
from app.services.corrections import Said
from app.services.openings import Reported
from tests.build_matters import act, file, filed_case, log, reported, verified
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]
NAME = "司徒名同"


def hire(world: World, role: Role, unit: str) -> Someone:
    return world.hire("same-name", role, unit, name=NAME)


def colleague(world: World) -> Someone:
    return hire(world, Role.INVESTIGATOR, "YC-O03")


def sees(world: World, who: Someone, matter_id: UUID) -> bool:
    with world.open("matters.read", who) as tx:
        return matters.still_sees(tx, matter_id)


def asked(world: World, who: Someone, matter_id: UUID) -> list[Row]:
    with world.open("walls.namesakes", who) as tx:
        return walls.namesakes(tx, matter_id)


def answer(world: World, who: Someone, matter_id: UUID, *, them: bool) -> None:
    row = asked(world, who, matter_id)[0]
    with world.open("walls.answer_namesake", who) as tx:
        walls.answer_namesake(
            tx, matter_id, involvement_id=row["involvement_id"], account_id=row["account_id"],
            them=them, reason="已核对。",
        )  # fmt: skip


def both_sides_agree(owner: Owner) -> None:
    """Who is walled off from a matter, and what an account is walled off from: one answer."""
    query = (
        "SELECT (SELECT array_agg((m.id, w.account_id) ORDER BY m.id, w.account_id) FROM matter m,"
        " LATERAL (SELECT DISTINCT account_id FROM guard.walled_from(m.id)) w)::text AS one,"
        " (SELECT array_agg((w.matter_id, a.id) ORDER BY w.matter_id, a.id) FROM account a,"
        " LATERAL (SELECT DISTINCT x AS matter_id FROM guard.walls_of(a.id) x) w)::text AS other"
    )
    row = owner.execute(query.encode()).fetchone()
    assert row is not None
    assert row["one"] == row["other"]


def test_a_colleague_of_that_name_keeps_off_until_it_is_somebody_else(
    world: World, owner: Owner
) -> None:
    them = hire(world, Role.DEPUTY, "YC")
    other = log(world, world.lead_manager)
    lead = log(world, world.lead_manager, Reported(name=NAME))
    assert (sees(world, them, lead), sees(world, them, other)) == (False, True)
    [row] = asked(world, world.lead_manager, lead)
    assert (row["person"], row["login"], row["answer"]) == (NAME, them.login, None)
    both_sides_agree(owner)
    answer(world, world.lead_manager, lead, them=False)
    assert sees(world, them, lead)
    assert asked(world, world.lead_manager, lead)[0]["answered_by"] == world.lead_manager.name
    both_sides_agree(owner)


def test_if_it_is_them_they_are_walled_off_like_anybody_named_their_relatives_too(
    world: World, owner: Owner
) -> None:
    them, kin = hire(world, Role.DEPUTY, "YC"), world.chief
    with world.open("people", world.lead_manager) as tx:
        persons = [people.create_person(tx, name=each) for each in (NAME, "某亲")]
    for who, person in zip((them, kin), persons, strict=True):
        owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [person, who.account_id])
    with world.open("people", world.lead_manager) as tx:
        walls.declare_relative(tx, persons[0], relative_id=persons[1], kinship="sibling")
    lead = log(world, world.lead_manager, Reported(name=NAME))
    assert (sees(world, them, lead), sees(world, kin, lead)) == (False, True)
    answer(world, world.lead_manager, lead, them=True)
    assert (sees(world, them, lead), sees(world, kin, lead)) == (False, False)
    both_sides_agree(owner)
    answer(world, world.lead_manager, lead, them=False)  # it was a mistake
    assert (sees(world, them, lead), sees(world, kin, lead)) == (True, True)


def test_a_name_alone_takes_nobody_from_what_they_handle_or_logged(world: World) -> None:
    them = colleague(world)
    lead = log(world, them, Reported(name=NAME))
    assert sees(world, them, lead)
    case = filed_case(world)
    with world.open("team", world.department_head) as tx:
        matters.hand_over(tx, case, to_account=them.account_id, reason="工作需要。")
    with world.open("people", world.department_head) as tx:
        involved.add_subject(tx, case, Reported(name=NAME))
    assert sees(world, them, case)
    for matter_id in (lead, case):
        head = world.lead_manager if matter_id == lead else world.department_head
        assert [row["answer"] for row in asked(world, head, matter_id)] == [None]
        answer(world, head, matter_id, them=True)
        assert not sees(world, them, matter_id)


def test_from_what_is_only_linked_an_unanswered_name_walls_nobody(world: World) -> None:
    them = colleague(world)
    case = filed_case(world)
    with world.open("team", world.department_head) as tx:
        matters.hand_over(tx, case, to_account=them.account_id, reason="工作需要。")
    report = log(world, world.lead_manager, Reported(name=NAME))
    with world.open("links", world.lead_manager) as tx:
        tx.execute(
            "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
            " VALUES (gen_random_uuid(), 'repeat_of', %(one)s, %(other)s, guard.today())",
            {"one": report, "other": case},
        )
    assert (sees(world, them, case), sees(world, them, report)) == (True, False)


def test_they_are_never_asked_themselves_nor_is_a_relative_nor_who_only_handles_it(
    world: World, owner: Owner
) -> None:
    them = hire(world, Role.LEAD_MANAGER, "YC")
    lead = log(world, them, Reported(name=NAME))  # their own hand: they see it, and no question
    assert asked(world, them, lead) == []
    assert len(asked(world, world.lead_manager, lead)) == 1
    [row] = asked(world, world.lead_manager, lead)
    with pytest.raises(errors.NotFound), world.open("x", them) as tx:
        walls.answer_namesake(
            tx, lead, involvement_id=row["involvement_id"], account_id=them.account_id,
            them=False, reason="不是我。",
        )  # fmt: skip
    assert asked(world, world.deputy, lead) != []
    with world.open("x", them) as tx:
        file = matters.open_matter(tx, lead)
        told = str((file, workflow.actions(tx, lead), access.who_sees(tx, lead)))
        events = tx.rows("SELECT table_name FROM audit_event")
    assert "namesake" not in told
    assert {row["table_name"] for row in events} - {"namesake"}
    assert not any(row["table_name"] == "namesake" for row in events)


def test_the_history_says_that_somebody_looked_and_nothing_of_whom(world: World) -> None:
    them = hire(world, Role.DEPUTY, "YC")
    lead = log(world, world.lead_manager, Reported(name=NAME))
    answer(world, world.lead_manager, lead, them=False)
    with world.open("x", them) as tx:
        [row] = [row for row in matters.open_matter(tx, lead).history if "namesake" in row["event"]]
    assert (row["actor_name"], row["reason"], row["form"]) == (world.lead_manager.name, None, {})


def test_nobody_makes_them_a_handler_or_of_the_team_before_it_is_answered(
    world: World,
) -> None:
    them = colleague(world)
    lead = verified(world)
    with world.open("people", world.department_head) as tx:
        involved.add_subject(tx, lead, Reported(name=NAME))
    with pytest.raises(errors.Invalid) as refused, world.open("x", world.department_head) as tx:
        matters.hand_over(tx, lead, to_account=them.account_id, reason="工作需要。")
    assert "First say whether" in refused.value.errors[0].reason.message
    with pytest.raises(errors.Invalid), world.open("x", world.investigator) as tx:
        matters.hand_over(tx, lead, to_account=them.account_id, reason="工作需要。")
    answer(world, world.department_head, lead, them=False)
    with world.open("x", world.department_head) as tx:
        matters.hand_over(tx, lead, to_account=them.account_id, reason="工作需要。")


def test_a_step_that_names_them_says_what_is_missing(world: World) -> None:
    them = colleague(world)
    lead = log(world, them, Reported(name=NAME))
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    with world.open("facts", world.lead_manager) as tx:
        it = workflow.judged(tx, lead)
    assert it.facts.asked_about == {them.account_id}
    assert them.account_id not in it.facts.conflicted


def test_the_database_lets_them_neither_join_nor_sign_before_it_is_answered(world: World) -> None:
    them = colleague(world)
    lead = log(world, them, Reported(name=NAME))
    with pytest.raises(errors.Conflict), world.open("x", world.lead_manager) as tx:
        tx.execute(
            "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
            " VALUES (gen_random_uuid(), %(lead)s, %(who)s, 'member', guard.today())",
            {"lead": lead, "who": them.account_id},
        )


def test_what_was_answered_on_a_lead_holds_on_the_case_that_comes_of_it(world: World) -> None:
    them = hire(world, Role.CHIEF, "YC")
    lead = reported(world, Reported(name=NAME))
    answer(world, world.department_head, lead, them=False)
    case = file(world, lead)
    assert [row["answer"] for row in asked(world, world.deputy, case)] == ["other"]
    assert sees(world, them, case)


def test_who_comes_into_the_office_under_a_reported_name_is_asked_about_then(
    world: World,
) -> None:
    lead = log(world, world.lead_manager, Reported(name=NAME))
    assert asked(world, world.lead_manager, lead) == []
    them = hire(world, Role.DEPUTY, "YC")
    assert [row["login"] for row in asked(world, world.lead_manager, lead)] == [them.login]
    assert not sees(world, them, lead)


def test_an_identity_number_that_says_otherwise_asks_nothing(world: World, owner: Owner) -> None:
    them = hire(world, Role.DEPUTY, "YC")
    with world.open("people", world.lead_manager) as tx:
        mine = people.create_person(tx, name=NAME, id_number="110101196601011237")
        other = people.create_person(tx, name=NAME, id_number="11010119700101237X")
    owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [mine, them.account_id])
    lead = log(world, world.lead_manager, Reported(person_id=other))
    assert asked(world, world.lead_manager, lead) == []
    assert sees(world, them, lead)


def test_a_corrected_name_asks_and_takes_the_question_back(world: World) -> None:
    them = hire(world, Role.DEPUTY, "YC")
    lead = log(world, world.lead_manager, Reported(name="司徒名异"))
    with world.open("x", world.lead_manager) as tx:
        [person] = matters.open_matter(tx, lead).people
    for name, kept in ((NAME, True), ("司徒名异", False)):
        with world.open("correct", world.lead_manager) as tx:
            corrections.correct(
                tx, lead, Said(field="name", value=name, reason="听错了。",
                               involvement_id=person["id"]),
            )  # fmt: skip
        assert sees(world, them, lead) is not kept
        assert bool(asked(world, world.lead_manager, lead)) is kept


def registered(world: World, who: Someone) -> list[UUID]:
    with world.open("people.list", who) as tx:
        found = people.list_persons(tx, name=NAME, unit=None, after=None, limit=10)
        return [row["id"] for row in found]


def test_the_register_tells_a_colleague_of_nobody_in_whose_name_they_are_kept_off(
    world: World,
) -> None:
    who = colleague(world)
    lead = log(world, world.lead_manager, Reported(name=NAME))
    (person,) = registered(world, world.lead_manager)
    assert registered(world, who) == []
    with pytest.raises(errors.NotFound), world.open("people.read", who) as tx:
        person_files.open_file(tx, person, reason="想看看。")
    with pytest.raises(errors.PlumblineError), world.open("people.change", who) as tx:
        people.change_person(tx, person, seen_version=1, changes={"position": "会计"})
    answer(world, world.lead_manager, lead, them=True)
    assert registered(world, who) == []
    answer(world, world.lead_manager, lead, them=False)
    assert registered(world, who) == [person]


# Names with titles around them, and names from before ---------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["司徒名同（副书记）", "司徒名同(村主任)", "司徒名同同志", "司徒名同 主任", "副书记司徒名同",
     "司徒·名同", "【原】司徒名同", "西塘桥村书记司徒名同", "司徒名同（村主任"],
)  # fmt: skip
def test_a_title_beside_a_name_hides_no_colleague(world: World, owner: Owner, written: str) -> None:
    them = hire(world, Role.DEPUTY, "YC")
    lead = log(world, world.lead_manager, Reported(name=written))
    assert not sees(world, them, lead)
    assert [row["login"] for row in asked(world, world.lead_manager, lead)] == [them.login]
    assert registered_as(world, them, written) == []
    both_sides_agree(owner)
    answer(world, world.lead_manager, lead, them=False)
    assert sees(world, them, lead)


def registered_as(world: World, who: Someone, written: str) -> list[UUID]:
    with world.open("people.list", who) as tx:
        name = "".join(written.split())
        found = people.list_persons(tx, name=name, unit=None, after=None, limit=10)
        return [row["id"] for row in found]


def test_a_title_that_is_all_there_is_besides_a_family_name_asks_of_nobody(world: World) -> None:
    world.hire("short", Role.DEPUTY, "YC", name="司徒")
    lead = log(world, world.lead_manager, Reported(name="高书记"))
    assert asked(world, world.lead_manager, lead) == []


@given(said=st.text("高静司徒名同（）()副书记主任同志 ·.村【】原a", min_size=1, max_size=12))
@example("高静（副书记）")
@example("Ms. Li Wei (deputy)")
@example("西塘桥村书记高静")
@example("高副书记")
@example("（不详）")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150,
          deadline=None)  # fmt: skip
def test_python_and_the_database_take_the_same_for_a_name(owner: Owner, said: str) -> None:
    row = owner.execute("SELECT guard.bare_name(%s) AS it", [said]).fetchone()
    assert row == {"it": bare_name(said)}


def test_names_from_before_the_upgrade_are_asked_about_by_it(world: World, owner: Owner) -> None:
    them = hire(world, Role.DEPUTY, "YC")
    maker = world.hire("maker", Role.INVESTIGATOR, "YC-O03", name=NAME)
    lead = log(world, maker, Reported(name=f"{NAME}（村主任）"))
    with owner.transaction():
        owner.execute("SET LOCAL ROLE plumbline_guard")
        owner.execute("DELETE FROM namesake")
    assert sees(world, them, lead)
    for _ in range(2):  # nothing is asked twice
        with owner.transaction():
            owner.execute("SET LOCAL ROLE plumbline_guard")
            owner.execute("SELECT guard.ask_everywhere()")
        found = {row["login"] for row in asked(world, world.lead_manager, lead)}
        assert found == {them.login, maker.login}
        assert (sees(world, them, lead), sees(world, maker, lead)) == (False, True)
    both_sides_agree(owner)
