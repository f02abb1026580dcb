"""Study meetings, for tests: leads that wait to be decided, and a meeting that decides them.

The lead manager records, the deputy chairs, the chief and an investigator are there.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.services import meetings
from app.services.meetings import Meeting, Place
from app.services.openings import Reported
from tests import build_matters
from tests.build_matters import DAY, STUDY, act, sign_all
from tests.builders import Someone, World


def proposed(world: World, *subjects: Reported) -> UUID:
    """A lead whose disposal the department's head can ask for."""
    lead = build_matters.log(world, world.investigator, *subjects)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    sign_all(
        world,
        act(
            world, world.lead_manager, lead, "assign",
            department=str(world.unit("YC-O03").id), no_conflict=True,
        ),
    )  # fmt: skip
    handler = str(world.investigator.account_id)
    act(world, world.department_head, lead, "take_on", handler=handler)
    sign_all(
        world,
        act(
            world, world.investigator, lead, "propose_disposal",
            method="close", plan="无可查性，建议了结。", **STUDY,
        ),
    )  # fmt: skip
    return lead


def closing(world: World, *subjects: Reported) -> tuple[UUID, UUID]:
    """A lead, and the request to close it, which waits for the deputy."""
    lead = proposed(world, *subjects)
    done = act(world, world.department_head, lead, "close_direct", why="not_checkable")
    assert done.request_id is not None
    return lead, done.request_id


def verifying(world: World) -> tuple[UUID, UUID]:
    """A lead, and the request to verify it: the deputy reviews it, the chief decides."""
    lead = proposed(world)
    team = [str(each.account_id) for each in (world.investigator, world.other_investigator)]
    done = act(
        world, world.department_head, lead, "verify",
        checkable="面积和兑付金额可查。", team=team, plan="两人一组，先书证后谈话。",
    )  # fmt: skip
    assert done.request_id is not None
    return lead, done.request_id


def meeting(
    world: World,
    *requests: UUID,
    recorder: Someone | None = None,
    chair: Someone | None = None,
    present: Sequence[Someone] | None = None,
    day: date = DAY,
) -> UUID:
    """One that is drafted, with those requests on its agenda."""
    recorder, chair = recorder or world.lead_manager, chair or world.deputy
    there = present if present is not None else (world.chief, world.investigator)
    with world.open("meetings.draft", recorder) as tx:
        found = meetings.draft(
            tx, held_on=day, chair_id=chair.account_id,
            present=[each.account_id for each in there],
        )  # fmt: skip
    for request in requests:
        put_on(world, found, request, recorder=recorder)
    return found


def put_on(
    world: World, meeting_id: UUID, request: UUID, *, recorder: Someone | None = None
) -> UUID:
    who = recorder or world.lead_manager
    with world.open("meetings.put_on", who) as tx:
        seen = meetings.read(tx, meeting_id).head["version"]
        return meetings.put_on(tx, meeting_id, request, seen_version=seen)


def decide(
    world: World,
    meeting_id: UUID,
    request: UUID,
    decision: str = "sign",
    *,
    reason: str = "会议一致同意。",
    recused: Sequence[Someone] = (),
    recorder: Someone | None = None,
) -> None:
    who = recorder or world.lead_manager
    place = of(read(world, world.lead_manager, meeting_id), request)
    with world.open("meetings.decide", who) as tx:
        it = meetings.read(tx, meeting_id)
        meetings.decide(
            tx, meeting_id, place.row["id"], decision=decision, reason=reason,
            recused=[each.account_id for each in recused],
            request_version=place.row["request_version"], seen_version=it.head["version"],
        )  # fmt: skip


def pull(world: World, who: Someone, meeting_id: UUID, request: UUID) -> None:
    place = of(read(world, world.lead_manager, meeting_id), request)
    with world.open("meetings.pull", who) as tx:
        seen = meetings.read(tx, meeting_id).head["version"]
        meetings.pull(tx, meeting_id, place.row["id"], reason="材料未齐。", seen_version=seen)


def of(it: Meeting, request: UUID) -> Place:
    return next(place for place in it.places if place.row["request_id"] == request)


def read(world: World, who: Someone, meeting_id: UUID) -> Meeting:
    with world.open("meetings.read", who) as tx:
        return meetings.read(tx, meeting_id)


def record(world: World, meeting_id: UUID, *, recorder: Someone | None = None) -> None:
    with world.open("meetings.record", recorder or world.lead_manager) as tx:
        seen = meetings.read(tx, meeting_id).head["version"]
        meetings.record(tx, meeting_id, seen_version=seen)


def sign(world: World, meeting_id: UUID, *, chair: Someone | None = None) -> None:
    """The minutes, and each matter."""
    who = chair or world.deputy
    with world.open("meetings.sign", who) as tx:
        seen = meetings.read(tx, meeting_id).head["version"]
        meetings.sign(tx, meeting_id, seen_version=seen)
    meetings.carry_out(lambda use_case: world.open(use_case, who), meeting_id)


def recorded(world: World, *requests: UUID) -> UUID:
    """A meeting that agreed to all of them, signed by its recorder."""
    found = meeting(world, *requests)
    for request in requests:
        decide(world, found, request)
    record(world, found)
    return found


def held(world: World, *requests: UUID) -> UUID:
    """A meeting that agreed to all of them, signed by both."""
    found = recorded(world, *requests)
    sign(world, found)
    return found


def results(world: World, meeting_id: UUID, who: Someone | None = None) -> list[str | None]:
    it = read(world, who or world.lead_manager, meeting_id)
    return [place.row["result"] for place in it.places]
