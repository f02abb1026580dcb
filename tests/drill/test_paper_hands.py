"""The services' checks on signatures on paper taken away: the database refuses each forgery."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from app.core.ids import new_id
from app.domain import errors
from app.domain.workflow import paper
from app.models.requests import Signature
from app.repositories import matters as matter_rows
from app.repositories.work import Work
from app.services import paper_signatures, papers, requests, workflow
from tests.build_matters import DAY, act, state
from tests.build_paper_signatures import answer, asked, compare, decide, enter, look, proposed
from tests.build_papers import attach
from tests.builders import Someone, World
from tests.drill.stage import Db

Patch = pytest.MonkeyPatch


@pytest.fixture
def unchecked(monkeypatch: Patch) -> None:
    """Of whoever compares or decides nothing is asked by the services any more."""
    for name in ("hindered", "undecidable"):
        monkeypatch.setattr(paper_signatures, name, lambda *_: None)
    monkeypatch.setattr(paper_signatures, "unopened", lambda *_: False)
    monkeypatch.setattr(paper_signatures, "may_uphold", lambda *_: True)
    monkeypatch.setattr(paper, "accepts", lambda *_: True)


def refused(world: World, who: Someone, do: Callable[[Work], object]) -> None:
    with pytest.raises(errors.PlumblineError) as found, world.open("drill", who) as tx:
        do(tx)
    assert isinstance(found.value.__cause__, psycopg.Error | DBAPIError), vars(found.value)


def comparing(entry: UUID) -> Callable[[Work], object]:
    return lambda tx: paper_signatures.compare(tx, entry, matches=True)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    "who", ["lead_manager", "department_head", "investigator", "deputy", "chief"]
)
def test_no_stake_in_it_and_another_hand_than_who_entered_it(world: World, who: str) -> None:
    """Who entered it, who asked, one of the team, who signed before, and the signer."""
    lead, request = asked(world)
    entry = enter(world, request, by=world.lead_manager)
    refused(world, getattr(world, who), comparing(entry))
    assert state(world, world.deputy, lead) == "disposal_proposed"


@pytest.mark.usefixtures("unchecked")
def test_nobody_compares_a_scan_that_they_have_not_opened(world: World) -> None:
    """Neither by what somebody else opened, nor by what they opened before it was entered."""
    lead, request = asked(world)
    scan = attach(world, world.department_head, lead)
    with world.open("papers.picture", world.lead_manager) as tx:
        papers.read(tx, lead, scan, as_="picture")
    entry = enter(world, request, scan=scan)
    look(world, entry, by=world.deputy)
    for matches in (True, False):
        refused(
            world,
            world.lead_manager,
            lambda tx, matches=matches: paper_signatures.compare(  # type: ignore[misc]
                tx, entry, matches=matches, remark="" if matches else "签名不符。"
            ),
        )
    assert state(world, world.deputy, lead) == "disposal_proposed"
    compare(world, entry)
    assert state(world, world.deputy, lead) == "verifying"


def test_no_signature_on_paper_without_an_entry_that_was_compared(world: World) -> None:
    lead, request = asked(world)
    entry = enter(world, request)

    def write(tx: Work) -> None:
        row = requests.open_request(tx, request)
        tx.insert(
            Signature, id=new_id(), request_id=request, matter_id=lead,
            requested_by=row["requested_by"], position=row["next_position"], act="decide",
            role="chief", account_id=world.chief.account_id, verdict="sign", reason="同意初核。",
            manner="paper", signed_on=DAY,
        )  # fmt: skip

    refused(world, world.lead_manager, write)
    assert entry


@pytest.mark.usefixtures("unchecked")
def test_a_step_that_the_profile_does_not_open_is_closed_in_the_database(world: World) -> None:
    lead = proposed(world)
    done = act(world, world.department_head, lead, "close_direct", why="not_checkable")
    assert done.request_id is not None
    with pytest.raises(errors.Conflict):
        enter(world, done.request_id, signer=world.deputy)


def test_whose_place_it_is_and_what_is_no_scan_the_database_says(
    world: World, monkeypatch: Patch
) -> None:
    lead, request = asked(world)
    monkeypatch.setattr(requests, "next_signers", lambda *_: [{"id": world.secretary.account_id}])
    with pytest.raises(errors.Conflict):
        enter(world, request, signer=world.secretary)
    monkeypatch.undo()
    other = attach(world, world.lead_manager, proposed(world))
    monkeypatch.setattr(papers, "paper", lambda *_: None)
    with pytest.raises(errors.Conflict):
        enter(world, request, scan=other)
    assert state(world, world.deputy, lead) == "disposal_proposed"


@pytest.mark.usefixtures("unchecked")
def test_on_an_objection_only_a_head_without_a_hand_in_it_decides(world: World) -> None:
    _, request = asked(world)
    entry = enter(world, request)
    compare(world, entry)
    answer(world, entry, mine=False)
    for who, stands in (
        (world.chief, False),
        (world.lead_manager, False),
        (world.department_head, False),
        (world.investigator, False),
        (world.deputy, True),
    ):
        refused(
            world,
            who,
            lambda tx, stands=stands: paper_signatures.decide(  # type: ignore[misc]
                tx, entry, stands=stands, reason="x"
            ),
        )


def test_while_it_is_objected_to_the_database_takes_no_step(
    world: World, monkeypatch: Patch
) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    compare(world, entry)
    answer(world, entry, mine=False)
    monkeypatch.setattr(paper, "held_up", lambda *_: None)
    done = act(
        world, world.department_head, lead, "suspend", why="appraisal", review_on="2018-12-03"
    )
    assert done.request_id is not None
    refused(
        world, world.deputy, lambda tx: requests.sign(tx, done.request_id or lead, reason="同意。")
    )


def test_only_what_was_set_aside_is_taken_back(world: World) -> None:
    lead, request = asked(world)
    compare(world, enter(world, request))

    def undo(tx: Work) -> None:
        it = workflow.judged(tx, lead)
        plan = paper.taken_back(it.profile, it.snapshot, "verify", "disposal_proposed", "x")
        workflow.carry_out(tx, it, plan)

    for who in (world.deputy, world.chief, world.investigator):
        refused(world, who, undo)
    assert state(world, world.deputy, lead) == "verifying"


def test_what_is_set_aside_leads_nowhere_else(world: World, monkeypatch: Patch) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    compare(world, entry)
    answer(world, entry, mine=False)
    former = paper.taken_back
    monkeypatch.setattr(paper, "taken_back", lambda *args: replace(former(*args), to_state="held"))
    refused(
        world,
        world.deputy,
        lambda tx: paper_signatures.decide(tx, entry, stands=False, reason="x"),
    )
    assert state(world, world.deputy, lead) == "verifying"


def test_an_entry_is_neither_changed_nor_deleted_by_the_application(
    world: World, owner: Db
) -> None:
    _, request = asked(world)
    entry = enter(world, request)
    compare(world, entry)
    for statement in (
        "UPDATE paper_signature SET signed_on = '2018-09-01'",
        "UPDATE paper_signature SET status = 'acknowledged', answered_on = now()",
        "DELETE FROM paper_signature",
    ):
        with (
            pytest.raises(errors.PlumblineError),
            world.open("drill", world.lead_manager) as tx,
        ):
            tx.execute(statement)
    row = owner.execute("SELECT status, signed_on FROM paper_signature").fetchone()
    assert row == {"status": "stands", "signed_on": DAY}
    with world.open("drill", world.deputy) as tx:
        assert matter_rows.history(tx, paper_signatures.entry(tx, entry)["matter_id"])
    decided = enter(world, asked(world)[1])
    with pytest.raises(errors.Conflict):
        decide(world, decided, stands=False, by=world.deputy)
