"""Papers of a matter: whoever works on it opens them, and history says so; two take one back.

What shows how a report was made stays with intake, as its wording does, until it is released.
"""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.shelf import Shelf
from app.domain import errors
from app.repositories import papers as rows
from app.services import papers, releases
from app.services.housekeeping import sweep
from tests.build_history import Past
from tests.build_matters import DAY, act, log, sign_all, verified
from tests.build_papers import attach, mark, pdf, photo
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]


@pytest.fixture
def lead(world: World) -> UUID:
    return verified(world)


@pytest.fixture
def petition(world: World, owner: Owner) -> UUID:
    """A named report that an investigator handles."""
    world.clock.set(DAY)
    return Past(world, owner).petition_of(world.investigator, reporter="金丝雀")


def seen(world: World, who: Someone, matter: UUID) -> list[UUID]:
    with world.open("papers.list", who) as tx:
        return [row["id"] for row in papers.of_matter(tx, matter)]


def opened(world: World, who: Someone, matter: UUID, paper: UUID) -> bytes:
    with world.open("papers.download", who) as tx:
        row = papers.read(tx, matter, paper, as_="file")
        return papers.opened(tx, row).content


def decide(world: World, who: Someone, matter: UUID, paper: UUID, *, mistaken: bool = True) -> None:
    with world.open("papers.decide", who) as tx:
        papers.decide(tx, matter, paper, mistaken=mistaken)


# Who sees them ------------------------------------------------------------------------------------


def test_who_works_on_a_matter_opens_its_papers(world: World, lead: UUID) -> None:
    paper = attach(world, world.investigator, lead, photo(shade=7))
    for who in (world.investigator, world.other_investigator, world.lead_manager, world.deputy):
        assert seen(world, who, lead) == [paper]
        assert opened(world, who, lead, paper) == photo(shade=7)


def test_who_only_reads_it_has_none_and_who_does_not_see_it_finds_nothing(
    world: World, lead: UUID
) -> None:
    paper = attach(world, world.investigator, lead)
    assert seen(world, world.auditor, lead) == []
    for who in (world.auditor, world.team_member, world.administrator, world.operator):
        with pytest.raises(errors.NotFound):
            opened(world, who, lead, paper)
    with pytest.raises(errors.Forbidden):
        attach(world, world.auditor, lead)
    with pytest.raises(errors.NotFound):
        attach(world, world.team_member, lead)


def test_a_paper_is_found_at_its_own_matter_alone(world: World, lead: UUID) -> None:
    paper = attach(world, world.investigator, lead)
    with pytest.raises(errors.NotFound):
        opened(world, world.investigator, log(world, world.investigator), paper)


def test_each_opening_is_an_event_and_so_is_attaching(
    world: World, owner: Owner, lead: UUID
) -> None:
    paper = attach(world, world.investigator, lead, name="收条.jpg")
    opened(world, world.deputy, lead, paper)
    with world.open("papers.picture", world.lead_manager) as tx:
        papers.read(tx, lead, paper, as_="picture")
    events = owner.execute(
        "SELECT op, actor_id, changes FROM audit_event WHERE table_name = 'matter_paper'"
        " AND row_id = %s AND matter_id = %s ORDER BY seq",
        [paper, lead],
    ).fetchall()
    assert [(each["op"], each["actor_id"]) for each in events] == [
        ("INSERT", world.investigator.account_id),
        ("READ", world.deputy.account_id),
        ("READ", world.lead_manager.account_id),
    ]
    assert [each["changes"] for each in events[1:]] == [{"as": "file"}, {"as": "picture"}]
    assert "收条" not in str(events)


def test_the_hash_that_leads_to_the_file_comes_with_an_event_alone(
    world: World, lead: UUID
) -> None:
    attach(world, world.investigator, lead)
    for query in (
        "SELECT digest FROM matter_paper",
        "UPDATE matter_paper SET title = 'x'",
        "DELETE FROM matter_paper",
    ):
        with pytest.raises(errors.NotFound), world.open("tests", world.investigator) as tx:
            tx.execute(query)
    with world.open("tests", world.deputy) as tx:
        assert not tx.rows("SELECT 1 FROM audit_personal WHERE \"values\" ? 'digest'")


# The original -------------------------------------------------------------------------------------


def test_a_scan_of_the_original_is_intakes_alone(
    world: World, owner: Owner, petition: UUID
) -> None:
    scan = attach(world, world.intake_officer, petition, name="金丝雀的信.jpg", original=True)
    other = attach(world, world.investigator, petition)
    for who in (world.intake_officer, world.petitions_head):
        assert seen(world, who, petition) == [scan, other]
        assert opened(world, who, petition, scan)
    for who in (world.investigator, world.lead_manager, world.deputy, world.chief):
        assert seen(world, who, petition) == [other]
        with pytest.raises(errors.NotFound):
            opened(world, who, petition, scan)
        with world.open("tests", who) as tx:
            told = tx.rows("SELECT values::text AS it FROM audit_personal")
        assert "金丝雀的信" not in str(told)


def test_only_intake_attaches_what_it_alone_keeps(
    world: World, petition: UUID, lead: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(errors.Forbidden):
        attach(world, world.investigator, petition, original=True)
    with pytest.raises(errors.Forbidden):
        attach(world, world.investigator, lead, original=True)
    monkeypatch.setattr(papers, "keeps_original", lambda *_: True)
    with pytest.raises(errors.NotFound):  # by the database as well
        attach(world, world.investigator, petition, original=True)


def test_a_release_of_the_wording_opens_its_scans_to_one_person_for_a_time(
    world: World, owner: Owner, petition: UUID
) -> None:
    scan = attach(world, world.intake_officer, petition, original=True)
    other = attach(world, world.intake_officer, petition)

    def ask(*, wording: bool) -> UUID:
        with world.open("releases.ask", world.investigator) as tx:
            asked = releases.ask(
                tx, petition, reporter=not wording, wording=wording, reason="需核对。"
            )
        with world.open("releases.decide", world.petitions_head) as tx:
            releases.decide(tx, petition, asked, approved=True, reason="仅供核实。")
        return asked

    def read(who: Someone, release: UUID, paper: UUID = scan) -> bytes:
        with world.open("releases.read_paper", who) as tx:
            return papers.opened(tx, papers.read_released(tx, release, paper)).content

    name, wording = ask(wording=False), ask(wording=True)
    with world.open("releases.papers", world.investigator) as tx:
        assert papers.released(tx, name) == []
        assert [row["id"] for row in papers.released(tx, wording)] == [scan]
    assert read(world.investigator, wording) == photo()
    for who, release, paper in (
        (world.investigator, name, scan),
        (world.investigator, wording, other),
        (world.deputy, wording, scan),
        (world.other_investigator, wording, scan),
    ):
        with pytest.raises(errors.NotFound):
            read(who, release, paper)
    with world.open("releases.of", world.petitions_head) as tx:
        counted = {row["id"]: row["readings"] for row in releases.of_petition(tx, petition)}
    assert counted == {name: 0, wording: 1}
    owner.execute("UPDATE release SET decided_at = now() - interval '4 days',"
                  " opens_until = now() - interval '1 day'")  # fmt: skip
    with pytest.raises(errors.NotFound):
        read(world.investigator, wording)


def test_what_is_sealed_and_passed_up_takes_its_papers_with_it(
    world: World, owner: Owner, petition: UUID
) -> None:
    attach(world, world.intake_officer, petition, name="金丝雀.jpg", original=True)
    owner.execute("UPDATE matter SET state = 'received' WHERE id = %s", [petition])
    owner.execute("UPDATE clock SET stopped_on = started_on WHERE matter_id = %s", [petition])
    sign_all(
        world,
        act(world, world.intake_officer, petition, "seal", on_paper=True, chief_reported=False),
    )
    assert owner.execute("SELECT 1 FROM matter_paper").fetchall() == []
    told = owner.execute("SELECT changes::text AS it FROM audit_event").fetchall()
    told += owner.execute("SELECT values::text AS it FROM audit_personal").fetchall()
    assert "金丝雀" not in str(told)


# Attached by mistake ------------------------------------------------------------------------------


def test_two_people_say_that_a_paper_was_a_mistake_and_it_is_kept(
    world: World, owner: Owner, lead: UUID
) -> None:
    paper = attach(world, world.investigator, lead)
    mark(world, world.investigator, lead, paper)
    with pytest.raises(errors.Conflict, match="a colleague confirms it"):
        decide(world, world.investigator, lead, paper)
    assert opened(world, world.investigator, lead, paper)  # nothing is decided yet
    decide(world, world.other_investigator, lead, paper)
    assert seen(world, world.investigator, lead) == [paper]
    for who in (world.investigator, world.other_investigator):
        with pytest.raises(errors.Conflict, match="only whoever heads"):
            opened(world, who, lead, paper)
    assert opened(world, world.lead_manager, lead, paper) == photo()
    row = owner.execute("SELECT * FROM matter_paper WHERE id = %s", [paper]).fetchone()
    assert row is not None
    assert (row["marked_by"], row["withdrawn_by"]) == (
        world.investigator.account_id,
        world.other_investigator.account_id,
    )


def test_the_table_itself_refuses_the_same_hand(owner: Owner, world: World, lead: UUID) -> None:
    paper = attach(world, world.investigator, lead)
    mark(world, world.investigator, lead, paper)
    with pytest.raises(psycopg.errors.CheckViolation, match="second_hand"):
        owner.execute("UPDATE matter_paper SET withdrawn_by = marked_by, withdrawn_on = marked_on")


def test_a_paper_that_was_right_stays_and_may_be_asked_about_again(
    world: World, lead: UUID
) -> None:
    paper = attach(world, world.investigator, lead)
    with pytest.raises(errors.Conflict, match="nothing here"):
        decide(world, world.other_investigator, lead, paper)
    mark(world, world.investigator, lead, paper)
    with pytest.raises(errors.Conflict, match="already"):
        mark(world, world.other_investigator, lead, paper)
    decide(world, world.investigator, lead, paper, mistaken=False)  # changed their mind
    assert opened(world, world.other_investigator, lead, paper)
    mark(world, world.other_investigator, lead, paper)
    decide(world, world.investigator, lead, paper)


def test_a_reason_is_given_and_strangers_say_nothing(world: World, lead: UUID) -> None:
    paper = attach(world, world.investigator, lead)
    with pytest.raises(errors.Invalid), world.open("papers.mark", world.investigator) as tx:
        papers.mark(tx, lead, paper, reason="  ")
    for who in (world.team_member, world.auditor):
        with pytest.raises(errors.NotFound):
            mark(world, who, lead, paper)
    with pytest.raises(errors.NotFound), world.open("tests", world.auditor) as tx:
        rows.mark(tx, paper, reason="x", day=tx.today)  # nor past the service


# The files ----------------------------------------------------------------------------------------


@pytest.fixture
def shelved(world: World, tmp_path: Path) -> tuple[World, Path]:
    """The same district with a shelf of its own."""
    folder = tmp_path / "papers"
    return World(replace(world.office, shelf=Shelf(folder)), world.plan), folder


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.rglob("*") if each.is_file()}


def age(folder: Path) -> None:
    """All of it was written a month ago."""
    for each in folder.rglob("*"):
        before = each.stat().st_mtime - timedelta(days=30).total_seconds()
        os.utime(each, (before, before))


def test_what_is_rolled_back_is_swept_and_what_a_paper_has_stays(
    shelved: tuple[World, Path], lead: UUID
) -> None:
    world, folder = shelved
    attach(world, world.investigator, lead, pdf())
    kept = files(folder)

    def fail_on_the_way() -> None:
        brought = papers.look_at(photo(), "x.jpg")
        with world.open("papers.attach", world.investigator) as tx:
            papers.attach(tx, lead, brought, title="")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail_on_the_way()
    assert len(files(folder)) == 2
    with world.open("jobs.housekeeping", world.operator) as tx:
        assert sweep(tx) == 0  # a moment's grace
    age(folder)
    with world.open("jobs.housekeeping", world.operator) as tx:
        assert sweep(tx) == 1
    assert files(folder) == kept


def test_nothing_is_swept_while_somebody_attaches(shelved: tuple[World, Path], lead: UUID) -> None:
    world, folder = shelved
    brought = papers.look_at(photo(), "x.jpg")
    with world.open("papers.attach", world.investigator) as tx:
        papers.attach(tx, lead, brought, title="")
        age(folder)
        with world.open("jobs.housekeeping", world.operator) as other:
            assert sweep(other) == 0
    assert len(files(folder)) == 1


def test_a_file_that_rotted_is_not_given_out(shelved: tuple[World, Path], lead: UUID) -> None:
    world, folder = shelved
    paper = attach(world, world.investigator, lead)
    (file,) = (each for each in folder.rglob("*") if each.is_file())
    file.write_bytes(photo(shade=1))
    with pytest.raises(errors.Unavailable, match="missing or damaged"):
        opened(world, world.investigator, lead, paper)


def test_only_the_operator_hears_which_files_have_no_paper(world: World, lead: UUID) -> None:
    with pytest.raises(errors.NotFound), world.open("tests", world.chief) as tx:
        rows.unkept(tx, ["0" * 64])
