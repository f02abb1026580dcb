"""A figure is counted once, and anew as soon as a new count could give another one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.kept import Kept
from app.domain.permissions import Role
from app.domain.totals import Cohort, Totals
from app.repositories.work import Work
from app.services import accounts, corrections, delegations, leads, totals, walls
from app.services.corrections import Said
from tests.build_history import Made, Past
from tests.build_matters import log
from tests.build_totals import build_district
from tests.builders import Someone, World

DAY = date(2018, 9, 30)
Owner = psycopg.Connection[DictRow]

# Tables whose rows decide on a figure, and which no event tells of themselves: why that is no gap.
TOLD_BY_OTHERS = {
    "disposal": "written by a trigger of lead, whose event it is",
    "former_fact": "written by triggers of matter, lead and petition, whose events these are",
    "profile_version": "its keys are part of the mark",
}


@pytest.fixture
def past(world: World, owner: Owner) -> Past:
    world.clock.set(DAY)
    return build_district(Past(world, owner))


def asked(world: World, who: Someone, **more: Any) -> Totals:
    with world.open("totals.read", who) as tx:
        return totals.totals(tx, Cohort(**{"as_of": DAY, **more}))


def counted(world: World, who: Someone, **more: Any) -> Totals:
    """As somebody counts who has kept nothing."""
    office = replace(world.office, kept=Kept())
    with office.work(who.session, use_case="totals.read") as tx:
        return totals.totals(tx, Cohort(**{"as_of": DAY, **more}))


def counts_anew(world: World, who: Someone, held: Totals) -> bool:
    """Whether the next answer is another count, which is then what a first count gives."""
    now = asked(world, who)
    assert now == counted(world, who)
    return now is not held


def test_the_same_question_is_counted_once_for_as_long_as_nothing_is_written(past: Past) -> None:
    world = past.world
    held = asked(world, world.deputy)
    assert held == counted(world, world.deputy)
    assert not counts_anew(world, world.deputy, held)
    assert asked(world, world.deputy, source="inspection").counts.leads == 1
    assert not counts_anew(world, world.deputy, held)


class TakenBackError(Exception):
    pass


@contextmanager
def taken_back(world: World) -> Iterator[Work]:
    """What the block writes is rolled back at its end."""
    with suppress(TakenBackError), world.open("log", world.lead_manager) as tx:
        yield tx
        raise TakenBackError


def _lead(past: Past) -> Made:
    return past.lead(received_on=date(2018, 6, 5), source="sweep")


def _voided(past: Past) -> None:
    past.owner.execute(
        "UPDATE matter SET state = 'voided' WHERE kind = 'lead' AND source = 'sweep'"
    )


def _classified(past: Past) -> None:
    past.owner.execute("UPDATE matter SET classification = 2 WHERE source = 'inspection'")


def _money(past: Past) -> None:
    lead = _lead(past)
    past.receipt(lead, past.item(lead), "70.00", date(2018, 7, 1))


WRITES: dict[str, Callable[[Past], object]] = {
    "a lead": _lead,
    "a case": lambda past: past.case(_lead(past), filed_on=date(2018, 7, 1)),
    "a petition": lambda past: past.petition(received_on=date(2018, 7, 1)),
    "an outcome": lambda past: past.outcome(_lead(past), "handling", date(2018, 7, 1)),
    "a receipt": _money,
    "a line of a bank": lambda past: past.suspended("5.00", date(2018, 7, 2), balance="614.10"),
    "a doubt": lambda past: past.doubt(_lead(past), "received_before_lead"),
    "a lead that is voided": _voided,
    "a classification": _classified,
}


@pytest.mark.parametrize("what", WRITES)
def test_whatever_is_counted_is_counted_anew_once_it_is_written(past: Past, what: str) -> None:
    world = past.world
    for who in (world.deputy, world.auditor):
        asked(world, who)
    before = asked(world, world.deputy)
    WRITES[what](past)
    assert counts_anew(world, world.deputy, before)
    assert asked(world, world.deputy) != before
    asked(world, world.auditor)
    assert not counts_anew(world, world.auditor, asked(world, world.auditor))


def test_what_the_services_write_is_counted_by_whoever_asks_next(past: Past) -> None:
    world = past.world
    lead = log(world, world.lead_manager, day=DAY)
    held = asked(world, world.deputy)
    with world.open("matters.correct", world.lead_manager) as tx:
        said = Said(field="responsible_leader", value="何书记", reason="笔误")
        corrections.correct(tx, lead, said)
    assert counts_anew(world, world.deputy, held)
    held = asked(world, world.deputy)
    with world.open("walls.keep_off", world.deputy) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    assert counts_anew(world, world.deputy, held)
    assert asked(world, world.deputy).counts.leads == held.counts.leads - 1
    _classified(past)
    held = asked(world, world.deputy)
    assert held.counts.inspection_leads == 0
    with world.open("delegate", world.chief) as tx:
        delegations.delegate(
            tx, login=world.deputy.login, reason="年休假。", begins_on=None,
            last_day=tx.value("SELECT guard.today() + 7"),
        )  # fmt: skip
    assert counts_anew(world, world.deputy, held)
    assert asked(world, world.deputy).counts.inspection_leads == 1


def test_a_role_that_ends_takes_its_figures_along_though_nothing_is_written(past: Past) -> None:
    """As a day passes: what is seen by a role, a delegation or a grant ends by itself."""
    world, owner = past.world, past.owner
    _classified(past)
    with world.open("accounts.grant", world.operator) as tx:
        accounts.grant_role(
            tx, account_id=world.deputy.account_id, role=Role.CHIEF, unit_id=world.district.id
        )
    held = asked(world, world.deputy)
    assert held.counts.inspection_leads == 1
    owner.execute("ALTER TABLE role_held DISABLE TRIGGER audit")
    owner.execute(
        "UPDATE role_held SET begins_on = guard.today() - 7, ends_on = guard.today()"
        " WHERE role = 'chief' AND account_id = %s",
        [world.deputy.account_id],
    )
    owner.execute("ALTER TABLE role_held ENABLE TRIGGER audit")
    assert counts_anew(world, world.deputy, held)
    assert asked(world, world.deputy).counts.inspection_leads == 0


def test_the_next_day_is_another_question(past: Past) -> None:
    world = past.world
    held = asked(world, world.deputy)
    world.clock.set(DAY + timedelta(days=1))
    assert counts_anew(world, world.deputy, held)


def test_nobody_is_told_what_another_may_count(past: Past) -> None:
    world = past.world
    _classified(past)
    assert asked(world, world.chief).counts.inspection_leads == 1
    assert asked(world, world.deputy).counts.inspection_leads == 0
    assert asked(world, world.chief).counts.inspection_leads == 1
    other = world.hire("deputy-2", Role.DEPUTY, "YC-T02")
    assert asked(world, other).counts.leads == 1
    assert asked(world, world.deputy).counts.leads == 4


def test_what_is_taken_back_leaves_the_answer_as_it_was(past: Past) -> None:
    world = past.world
    held = asked(world, world.deputy)
    with taken_back(world) as tx:
        _logged(tx, world)
    assert not counts_anew(world, world.deputy, held)


def test_whoever_has_written_counts_what_they_wrote_and_leaves_it_to_nobody(past: Past) -> None:
    world = past.world
    many = asked(world, world.lead_manager).counts.leads
    with taken_back(world) as tx:
        for more in (1, 2):
            _logged(tx, world)
            assert totals.totals(tx, Cohort(as_of=DAY)).counts.leads == many + more
    assert asked(world, world.lead_manager).counts.leads == many


def test_what_commits_late_is_counted_as_soon_as_it_is_there(past: Past) -> None:
    """The one that began first ends last: it has the lower number of the two."""
    world = past.world
    before = asked(world, world.deputy)
    with world.open("log", world.lead_manager) as tx:
        _logged(tx, world)
        assert asked(world, world.deputy) is before
        _lead(past)
        between = asked(world, world.deputy)
        assert between.counts.leads == before.counts.leads + 1
        assert asked(world, world.deputy) is between
    assert asked(world, world.deputy).counts.leads == before.counts.leads + 2
    assert counts_anew(world, world.deputy, between)


def _logged(tx: Work, world: World) -> None:
    leads.log_lead(
        tx, leads.NewLead(source="sweep", received_on=DAY, what="虚报", unit_id=world.village.id)
    )


UNDER_VIEWS = """
WITH RECURSIVE seen (oid) AS (
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = 'guard' AND c.relname LIKE 'counted\\_%' AND c.relkind = 'v'
  UNION
  SELECT d.refobjid FROM seen JOIN pg_rewrite r ON r.ev_class = seen.oid
    JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass
   WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid <> seen.oid)
SELECT DISTINCT c.relname AS name, EXISTS (
         SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE 'audit%') AS told
  FROM seen JOIN pg_class c ON c.oid = seen.oid WHERE c.relkind = 'r'
"""


def test_every_table_that_is_counted_tells_of_its_changes(owner: Owner) -> None:
    found = {row["name"]: row["told"] for row in owner.execute(UNDER_VIEWS).fetchall()}
    assert {"matter", "lead", "posting", "bank_line", "import_batch"} <= set(found)
    assert {name for name, told in found.items() if not told} <= set(TOLD_BY_OTHERS)
    text = (
        owner.execute("SELECT pg_get_functiondef('guard.counted_mark'::regproc) AS text")
        .fetchall()[0]["text"]
    )  # fmt: skip
    left_out = text.partition("beside text[]")[2].partition("]")[0]
    assert "export_record" in left_out
    for name in (*found, "unit", "campaign", "installation", "role_held", "wall", "access_grant"):
        assert f"'{name}'" not in left_out, name


def test_a_process_keeps_so_many_answers_and_forgets_the_least_used() -> None:
    kept = Kept(most=2)
    for question in ("one", "two"):
        kept.keep(question, "mark", question.upper())
    assert kept.find("one", "mark") == "ONE"
    kept.keep("three", "mark", "THREE")
    assert kept.find("two", "mark") is None
    assert (kept.find("one", "mark"), kept.find("three", "mark")) == ("ONE", "THREE")
    assert kept.find("one", "another mark") is None
