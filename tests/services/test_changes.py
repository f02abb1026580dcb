"""The feed of changes misses nothing, repeats nothing, and tells nothing of what lies elsewhere."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.changes import BY_TABLE, Change
from app.repositories import changes as rows
from app.repositories import instance, worklist
from app.repositories import matters as matter_rows
from app.repositories.installation import as_owner
from app.services import access, accounts, changes, matters, petitions, walls
from app.services.changes import Item
from app.services.petitions import NewPetition, Reporter
from tests.build_matters import DAY, act, log, verified
from tests.builders import Someone, World
from tests.conftest import Databases

Owner = psycopg.Connection[DictRow]
WRITERS, WRITES = 6, 12


class Follower:
    """A program that keeps the cursor, and what it was told."""

    def __init__(self, world: World, who: Someone, *, limit: int = 100) -> None:
        self._world, self._who, self._limit = world, who, limit
        self.told: list[Item] = []
        self.lag: int | None = 0
        self.cursor: str | None = None
        self.ask()

    def ask(self) -> bool:
        """Whether there is more at once."""
        with self._world.open("changes.list", self._who) as tx:
            part = changes.follow(tx, self.cursor, limit=self._limit)
        self.told += part.items
        self.cursor, self.lag = part.next, part.lag
        return part.more

    def news(self) -> list[tuple[UUID, list[Change]]]:
        """All that is there now."""
        before = len(self.told)
        while self.ask():
            pass
        return [(item.matter_id, item.events) for item in self.told[before:]]


def note(world: World, who: Someone, matter_id: UUID) -> None:
    with world.open("matters.note", who) as tx:
        matters.add_note(tx, matter_id, text="一条备注。")


@pytest.fixture(params=["by their matters", "through everybody's"])
def door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way in, with pages that end in the middle of a transaction."""
    monkeypatch.setattr(rows, "WALKED", 7)
    if request.param == "through everybody's":
        monkeypatch.setattr(worklist, "HANDFUL", 0)


@pytest.mark.usefixtures("door")
def test_a_follower_misses_nothing_and_repeats_nothing_of_many_writers(world: World) -> None:
    """Some commit late, some write again and again in one transaction, some roll back."""
    leads = [log(world, world.investigator) for _ in range(3)]
    follower = Follower(world, world.chief, limit=3)
    committed: Counter[UUID] = Counter()
    lock, ended = threading.Lock(), threading.Event()

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for at in range(WRITES):
            lead, falls = chance.choice(leads), at % 4 == 3
            try:
                with world.open("matters.note", world.lead_manager) as tx:
                    for _ in range(chance.randint(1, 3)):
                        # Without the lock on the matter, behind which they would wait in turn.
                        matter_rows.insert_note(tx, lead, "一条备注。")
                    time.sleep(chance.choice((0, 0, 0.01, 0.08)))
                    if falls:
                        raise InterruptedError
            except InterruptedError:
                continue
            with lock:
                committed[lead] += 1

    def follow() -> None:
        while not ended.is_set():
            follower.ask()

    with ThreadPoolExecutor(WRITERS) as pool:
        reader = threading.Thread(target=follow)
        reader.start()
        list(pool.map(write, range(WRITERS)))
        ended.set()
        reader.join()
    follower.news()
    assert sum(committed.values()) == WRITERS * WRITES * 3 // 4
    assert Counter(item.matter_id for item in follower.told) == committed
    assert {tuple(item.events) for item in follower.told} == {(Change.NOTE,)}


@pytest.mark.usefixtures("door")
def test_one_item_for_each_matter_in_each_transaction(world: World) -> None:
    follower = Follower(world, world.chief, limit=1)
    first, second = log(world, world.investigator), log(world, world.investigator)
    note(world, world.lead_manager, first)
    act(world, world.lead_manager, first, "register", repeats_checked=True)
    told = follower.news()
    assert [matter for matter, _ in told] == [first, second, first, first]
    assert Change.LOGGED in told[0][1]
    assert Change.CHANGED not in told[0][1]
    assert told[2][1] == [Change.NOTE, Change.STEP]
    assert {Change.CHANGED, Change.DEADLINE, Change.STEP} <= set(told[3][1])
    assert follower.news() == []
    item = follower.told[0]
    assert (item.kind, item.number) == ("lead", "YC2018-0001")
    assert item.at.tzinfo is not None


@pytest.mark.usefixtures("door")
def test_what_commits_late_is_told_late_and_in_its_place(world: World) -> None:
    lead = log(world, world.investigator)
    follower = Follower(world, world.chief)
    with world.open("matters.note", world.lead_manager) as slow:
        matter_rows.insert_note(slow, lead, "先写，后交。")
        other = log(world, world.investigator)
        time.sleep(1.1)
        assert follower.news() == []
        assert follower.lag is not None
        assert follower.lag >= 1
    assert [matter for matter, _ in follower.news()] == [lead, other]
    assert follower.lag == 0


@pytest.mark.usefixtures("door")
def test_nothing_is_told_of_what_the_reader_may_not_see(world: World) -> None:
    lead = verified(world)
    outsider = Follower(world, world.team_member)
    member, leaver = Follower(world, world.other_investigator), Follower(world, world.investigator)
    with world.open("matters.keep_off", world.investigator) as tx:
        walls.keep_off(tx, lead, reason="被反映人是我的同学。")
    note(world, world.other_investigator, lead)
    assert outsider.news() == []
    assert leaver.news() == []
    assert [matter for matter, _ in member.news()] == [lead, lead]


@pytest.mark.usefixtures("door")
def test_whoever_is_let_see_a_matter_is_told_so_and_nothing_of_before(world: World) -> None:
    lead = verified(world)
    note(world, world.investigator, lead)
    follower = Follower(world, world.inspector)
    note(world, world.investigator, lead)
    with world.open("matters.let_see", world.department_head) as tx:
        grant = access.let_see(tx, lead, login="inspector", reason="协助核查。", days=3)
    note(world, world.investigator, lead)
    told = follower.news()
    assert told[-2:] == [(lead, [Change.ACCESS]), (lead, [Change.NOTE, Change.STEP])]
    with world.open("matters.end_grant", world.department_head) as tx:
        access.end_grant(tx, grant)
    note(world, world.investigator, lead)
    assert follower.news() == []


def test_other_roles_begin_anew(world: World) -> None:
    """What comes into sight with a role has no event of its own."""
    somebody = world.hire("newcomer", world.inspector.role, "YC-T01")
    follower = Follower(world, somebody)
    log(world, world.investigator)
    with world.open("roles.grant", world.operator) as tx:
        accounts.grant_role(
            tx, account_id=somebody.account_id, role=world.lead_manager.role,
            unit_id=world.district.id,
        )  # fmt: skip
    with pytest.raises(errors.StartAnew):
        follower.ask()


def test_a_restored_history_begins_anew_and_tells_nothing_of_before(
    world: World, databases: Databases
) -> None:
    follower = Follower(world, world.chief)
    log(world, world.investigator)
    name = world.office.engine.url.database
    assert name is not None
    with as_owner(databases.cluster.url("owner", name)) as owner:
        instance.begin_era(owner)
    with pytest.raises(errors.StartAnew):
        follower.ask()
    anew = Follower(world, world.chief)
    lead = log(world, world.investigator)
    assert [matter for matter, _ in anew.news()] == [lead]


def test_events_with_numbers_of_another_cluster_are_never_told(world: World, owner: Owner) -> None:
    """A restored history keeps the numbers of its transactions, which are higher or lower."""
    lead = log(world, world.investigator)
    owner.execute(
        "UPDATE audit_event SET xid = (pg_current_xact_id()::text::bigint + 3)::text::xid8"
    )
    owner.execute(
        "INSERT INTO history_era (id, after_seq)"
        " SELECT gen_random_uuid(), last_value FROM audit_event_seq"
    )
    follower = Follower(world, world.chief)
    for _ in range(5):
        note(world, world.lead_manager, lead)
    assert follower.news() == [(lead, [Change.NOTE, Change.STEP])] * 5


def test_a_cursor_tells_nothing_and_is_its_readers_own(world: World) -> None:
    follower = Follower(world, world.chief)
    seen = {follower.cursor}
    for _ in range(3):
        follower.news()
        seen.add(follower.cursor)
    log(world, world.investigator)
    follower.news()
    seen.add(follower.cursor)
    assert len(seen) == 5
    assert len({len(str(cursor)) for cursor in seen}) == 1
    cursor = str(follower.cursor)
    middle = len(cursor) // 2
    changed = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    for who, wrong in (
        (world.deputy, cursor),
        (world.chief, changed),
        (world.chief, cursor[:-8]),
        (world.chief, "号"),
        (world.chief, "x"),
    ):
        with pytest.raises(errors.Invalid), world.open("changes.list", who) as tx:
            changes.follow(tx, wrong, limit=10)


def test_a_cursor_whose_key_is_gone_begins_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(world, world.chief)
    keys = world.office.keys
    monkeypatch.setattr(keys, "fields", {"f9": keys.fields[keys.field]})
    monkeypatch.setattr(keys, "field", "f9")
    monkeypatch.setattr(keys, "file", None)
    with pytest.raises(errors.StartAnew):
        follower.ask()


def test_whoever_reads_no_history_is_told_to_ask_the_lists(world: World) -> None:
    for who in (world.auditor, world.reporting_unit):
        with pytest.raises(errors.Forbidden), world.open("changes.list", who) as tx:
            changes.follow(tx, None, limit=10)


def test_a_petition_looks_the_same_whoever_reported_and_reading_it_is_no_news(
    world: World,
) -> None:
    world.clock.set(DAY)
    follower = Follower(world, world.petitions_head)
    made = []
    for reporter in (None, Reporter(name="金丝雀", contact="19900007771")):
        with world.open("petitions.log", world.intake_officer) as tx:
            made.append(
                petitions.log_petition(
                    tx,
                    NewPetition(
                        channel="letter", class_="report", received_on=DAY,
                        content="反映补助未到账。", unit_id=world.village.id, reporter=reporter,
                    ),
                )
            )  # fmt: skip
    told = follower.news()
    assert [matter for matter, _ in told] == made
    assert told[0][1] == told[1][1]
    with world.open("petitions.reporter", world.intake_officer) as tx:
        assert petitions.read_reporter(tx, made[1]) is not None
    assert follower.news() == []


def test_the_vocabulary_holds_nothing_that_is_kept_from_readers(owner: Owner) -> None:
    held = {
        "emergency", "emergency_reading", "linked_decision", "linked_reading", "matter_link",
        "person_opening", "possible_repeat", "release", "reporter_identity", "reporter_tie",
        "study_item", "study_recusal", "wall",
    }  # fmt: skip
    recorded = owner.execute(
        "SELECT c.relname AS name, t.tgargs AS arguments"
        "  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname LIKE 'audit%'"
    ).fetchall()
    known = {row["name"] for row in recorded if bytes(row["arguments"]).split(b"\0")[0]}
    assert held.isdisjoint(BY_TABLE)
    assert BY_TABLE.keys() <= known
    assert known - BY_TABLE.keys() <= held
