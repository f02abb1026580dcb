"""Every actor × state × event of every machine, against tables that were checked by hand.

A permission that no table lists fails, and so does a listed one that the engine lost.
"""

import csv

import pytest

from app.domain.errors import Denied, Forbidden, IllegalTransition, Invalid
from app.domain.kinds import Kind
from app.domain.permissions import Actor
from app.domain.profile import Profile, builtin_names, builtin_profile
from app.domain.workflow import engine
from app.domain.workflow.facts import Facts, MatterSnapshot
from tests.unit.truth_tables import FOLDER, path, rows, text
from tests.unit.workflow_world import ACTORS, STAFF, TODAY, discipline, done, matter

MACHINES = [
    (builtin_profile(name), kind)
    for name in builtin_names()
    for kind in builtin_profile(name).machines
]
IDS = [path(profile, kind).stem for profile, kind in MACHINES]


@pytest.mark.parametrize(("profile", "kind"), MACHINES, ids=IDS)
def test_the_engine_allows_what_the_table_says_and_nothing_else(
    profile: Profile, kind: Kind
) -> None:
    expected = path(profile, kind).read_text(encoding="utf-8").splitlines()
    found = text(profile, kind).splitlines()
    unlisted, lost = set(found) - set(expected), set(expected) - set(found)
    assert not unlisted, f"not in the table: {sorted(unlisted)}"
    assert not lost, f"no longer possible: {sorted(lost)}"
    assert found == expected


@pytest.mark.parametrize(("profile", "kind"), MACHINES, ids=IDS)
def test_the_post_enforces_what_the_list_of_steps_shows(profile: Profile, kind: Kind) -> None:
    facts = done(profile, kind)
    staff = ACTORS if profile.name == "cn-discipline" else STAFF
    for state in profile.machine(kind).states:
        it = matter(profile, kind, state)
        for actor in staff.values():
            shown = {each.event for each in engine.actions(profile, it, actor, facts, TODAY)}
            for event in profile.machine(kind).events():
                assert _may(profile, it, event, actor, facts) is (event in shown)


def _may(profile: Profile, it: MatterSnapshot, event: str, actor: Actor, facts: Facts) -> bool:
    try:
        engine.decide(profile, it, event, actor, facts, {}, TODAY)
    except (Forbidden, IllegalTransition):
        return False
    except (Denied, Invalid):
        return True
    return True


def test_there_is_a_table_for_each_machine_and_no_other() -> None:
    assert {each.stem for each in FOLDER.glob("*.csv")} == set(IDS)


@pytest.mark.parametrize(("profile", "kind"), MACHINES, ids=IDS)
def test_every_step_of_the_profile_is_in_its_table(profile: Profile, kind: Kind) -> None:
    with path(profile, kind).open(encoding="utf-8") as file:
        listed = {(row["state"], row["event"]) for row in csv.DictReader(file)}
    for row in profile.machine(kind).transitions:
        for state in row.from_:
            # What acts on a request, and what another matter's approval does, is nobody's here.
            if not (row.on_request or row.by_system):
                assert (state, row.event) in listed


def test_nobody_without_a_working_role_may_do_anything() -> None:
    profile = discipline()
    for kind in profile.machines:
        for row in rows(profile, kind):
            asked = set(row["may_ask"].split())
            assert not asked & {"auditor", "administrator", "operator"}


def test_investigators_of_other_teams_may_do_nothing_but_log() -> None:
    profile = discipline()
    for kind in profile.machines:
        for row in rows(profile, kind):
            if row["state"] != "new":
                assert "other_investigator" not in row["may_ask"].split()
                assert "other_department_head" not in row["may_ask"].split()


def test_every_actor_was_tried() -> None:
    profile = discipline()
    asked = {
        n
        for kind in profile.machines
        for row in rows(profile, kind)
        for n in row["may_ask"].split()
    }
    assert {"chief", "deputy", "secretary", "keeper", "finance", "adjudicator"} <= asked
    assert set(ACTORS) - asked == {
        "administrator",
        "auditor",
        "operator",
    }
