"""Limits in the database: they stop, stand still, run on, run again, and explain their day."""

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.deadlines import Due
from app.services import matters
from tests.build_matters import DAY, act, log, sign_all, verified
from tests.builders import World

Owner = psycopg.Connection[DictRow]


def running(world: World, matter_id: UUID) -> dict[str, dict[str, Any]]:
    """Limits that run, each with its day, and whether it stands still."""
    with world.open("matters.read", world.chief) as tx:
        clocks = matters.open_matter(tx, matter_id).clocks
    return {row["rule"]: row for row in clocks if row["stopped_on"] is None}


def due_on(world: World, matter_id: UUID) -> date | None:
    with world.open("matters.read", world.chief) as tx:
        found: date | None = matters.open_matter(tx, matter_id).head["due_on"]
    return found


def explained(row: dict[str, Any]) -> date:
    return Due.from_json(row["explanation"]).due_on


@pytest.fixture
def lead(world: World) -> UUID:
    return verified(world)


def test_limits_that_a_merge_stopped_run_again_when_it_is_undone(world: World, lead: UUID) -> None:
    survivor = log(world, world.lead_manager)
    before = running(world, lead)
    assert set(before) == {"verification"}
    form = {"survivor": str(survivor), "same_facts": True}
    sign_all(world, act(world, world.lead_manager, lead, "merge", **form))
    assert running(world, lead) == {}
    assert due_on(world, lead) is None
    world.clock.set(date(2018, 9, 20))
    sign_all(world, act(world, world.lead_manager, lead, "unmerge", wrongly="所涉村不同"))
    after = running(world, lead)
    assert {rule: row["due_on"] for rule, row in after.items()} == {
        rule: row["due_on"] for rule, row in before.items()
    }
    assert due_on(world, lead) == before["verification"]["due_on"]
    with world.open("matters.read", world.chief) as tx:
        assert matters.open_matter(tx, lead).head["state"] == "verifying"


def test_only_what_the_merge_stopped_runs_again(world: World, lead: UUID, owner: Owner) -> None:
    """The disposal's limit had ended the same day, by the step that it was for."""
    survivor = log(world, world.lead_manager)
    form = {"survivor": str(survivor), "same_facts": True}
    sign_all(world, act(world, world.lead_manager, lead, "merge", **form))
    sign_all(world, act(world, world.lead_manager, lead, "unmerge", wrongly="并错"))
    assert set(running(world, lead)) == {"verification"}


def test_a_suspended_limit_stands_still_and_runs_on_by_as_many_days(
    world: World, lead: UUID
) -> None:
    whole = running(world, lead)["verification"]["due_on"]
    assert whole == date(2018, 11, 5)  # two months, the third of November being a Saturday
    world.clock.set(date(2018, 9, 10))
    suspended = act(
        world, world.department_head, lead, "suspend", why="appraisal", review_on="2018-10-08"
    )
    sign_all(world, suspended)
    assert running(world, lead)["verification"]["paused_on"] == date(2018, 9, 10)
    assert due_on(world, lead) == date(2018, 10, 8)  # when the suspension is looked at again
    world.clock.set(date(2018, 9, 30))
    sign_all(world, act(world, world.department_head, lead, "resume", what_changed="鉴定意见已到"))
    resumed = running(world, lead)["verification"]
    assert resumed["paused_on"] is None
    assert resumed["paused_days"] == 20
    assert resumed["due_on"] == explained(resumed) == date(2018, 11, 23)
    assert due_on(world, lead) == resumed["due_on"]
    said = " ".join(reason.message for reason in Due.from_json(resumed["explanation"]).explain())
    assert "Paused for" in said


def test_an_extension_is_explained_by_what_was_added(world: World, lead: UUID) -> None:
    sign_all(
        world,
        act(world, world.investigator, lead, "extend", clock="verification", reason="账目多"),
    )
    row = running(world, lead)["verification"]
    assert row["due_on"] == explained(row) == date(2018, 12, 3)
    assert (row["extended"], row["extensions"], row["started_on"]) == (1, 1, DAY)
