"""Cases on their way, for tests: announced, heard, adjudicated, decided, served, closed.

Functions that take a `World` first; every step is signed by whoever the procedure asks for.
"""

from datetime import timedelta
from uuid import UUID

from app.services import involved, matters
from app.services.openings import Reported
from tests.build_matters import DAY, STUDY, act, filed_case, people, sign_all
from tests.builders import Someone, World


def investigated(world: World, *subjects: Reported) -> UUID:
    """A case whose filing was announced."""
    case_id = filed_case(world, *subjects)
    sign_all(
        world,
        act(
            world, world.investigator, case_id, "announce_filing",
            announced_on=DAY.isoformat(), unit_told_on=DAY.isoformat(), plan="方案和预案。",
        ),
    )  # fmt: skip
    return case_id


def heard(world: World, case_id: UUID) -> None:
    """The facts were shown, and what the person said has its answer."""
    sign_all(
        world,
        act(
            world, world.investigator, case_id, "meet_on_facts",
            evidence_for="验收表、影像。", evidence_against="2018年春旱，部分枯死。",
        ),
    )  # fmt: skip
    for involvement_id in people(world, case_id).values():
        with world.open("matters.statement", world.investigator) as tx:
            said = involved.record_statement(
                tx, case_id, involvement_id=UUID(involvement_id), said="部分属枯死待补植。"
            )
        with world.open("matters.answer", world.investigator) as tx:
            involved.answer_statement(tx, case_id, said, answer="已核减枯死面积。")


def adjudicated(world: World, case_id: UUID) -> None:
    sign_all(
        world,
        act(
            world, world.investigator, case_id, "report",
            report="虚报二十五亩。", opinion_heard="已听取并答复。", proposal="建议给予警告。",
            crime_suspected=False,
        ),
    )  # fmt: skip
    sign_all(world, act(world, world.adjudicator, case_id, "accept_file", complete=True))
    sign_all(
        world,
        act(
            world, world.adjudicator, case_id, "deliberate",
            talk_held_on=DAY.isoformat(), opinion="事实清楚。", **STUDY,
        ),
    )  # fmt: skip


def decided(
    world: World, case_id: UUID, by: Someone | None = None, **measures: str | tuple[str, ...]
) -> None:
    """What the committee decides for each person, by name; for everybody else a warning."""
    rows = [
        {"subject": involvement_id, "measure": measure}
        for name, involvement_id in people(world, case_id).items()
        for found in [measures.get(name, "party_warning")]
        for measure in ([found] if isinstance(found, str) else found)
    ]
    sign_all(
        world,
        act(world, by or world.adjudicator, case_id, "decide", outcomes=rows, not_aggravated=True),
    )


def served(world: World, case_id: UUID) -> None:
    sign_all(
        world,
        act(
            world, world.investigator, case_id, "serve",
            served_on=DAY.isoformat(), reviews=["party_review"], review_where="本委审理室",
            review_until=(DAY + timedelta(days=90)).isoformat(), opinion_signed=True,
        ),
    )  # fmt: skip


def closed(world: World, case_id: UUID) -> None:
    """Announced, with everything done that was owed, and closed."""
    act(
        world, world.investigator, case_id, "announce",
        announced_on=DAY.isoformat(), announced_to="村党员大会",
    )  # fmt: skip
    with world.open("matters.read", world.chief) as tx:
        tasks = matters.open_matter(tx, case_id).tasks
    for task in tasks:
        with world.open("tasks.finish", world.investigator) as tx:
            involved.finish_task(tx, case_id, task["id"], how="已书面告知")
    sign_all(
        world, act(world, world.investigator, case_id, "close", unit_report_on=DAY.isoformat())
    )
