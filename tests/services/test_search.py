"""Search finds what its reader may see, says why, and tells of nothing else."""

import statistics
import time
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.name_keys import Way
from app.domain.name_order import NameOrder
from app.domain.permissions import Role
from app.domain.search import By
from app.services import corrections, matters, name_keys, people, person_files, search
from app.services.corrections import Said
from app.services.openings import Reported
from tests import build_matters
from tests.build_history import Past
from tests.builders import Someone, World
from tests.conftest import Databases


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    return Past(world, owner)


def found(
    world: World, who: Someone, text: str, kind: Kind | None = None
) -> dict[UUID, search.Hit]:
    with world.open("search", who) as tx:
        return {hit.row["id"]: hit for hit in search.search(tx, text, kind=kind)}


def why(world: World, who: Someone, text: str, matter: UUID) -> list[tuple[By, str | None]]:
    return [(each.by, each.said) for each in found(world, who, text)[matter].why]


def log(world: World, *names: str) -> UUID:
    subjects = [Reported(name=name) for name in names]
    return build_matters.log(world, world.investigator, *subjects)


@pytest.fixture(params=["many", "handful"])
def reader(world: World, request: pytest.FixtureRequest) -> Someone:
    """Each rule holds by either door."""
    return world.chief if request.param == "many" else world.investigator


def test_each_thing_that_agrees_is_said(world: World, reader: Someone) -> None:
    lead = log(world, "单建国")
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, lead, text="周三到村里核对造林图。")
        number = matters.head(tx, lead)["number"]
    assert why(world, reader, number, lead) == [(By.NUMBER, None)]
    assert why(world, reader, number[-7:].lower(), lead) == [(By.NUMBER, None)]
    assert why(world, reader, "单建国", lead) == [(By.PERSON, "单建国")]
    assert why(world, reader, "核对", lead) == [(By.NOTE, None)]
    assert (By.TITLE, None) in why(world, reader, "造林", lead)
    assert (By.UNIT, world.village.name) in why(world, reader, world.village.name, lead)


@pytest.mark.parametrize(
    ("typed", "way"),
    [
        ("单　建国", Way.WHOLE),
        ("单建军", Way.ONE_OFF),
        ("建国", Way.ONE_OFF),
        ("sjg", Way.INITIALS),
        ("djg", Way.INITIALS),
        ("shanjianguo", Way.PINYIN),
    ],
)
def test_a_name_is_found_padded_one_off_and_by_pinyin(
    world: World, reader: Someone, typed: str, way: Way
) -> None:
    lead = log(world, "单建国")
    hit = found(world, reader, typed)[lead]
    assert [(each.by, each.way) for each in hit.why] == [(By.PERSON, way)]


def test_a_name_one_off_comes_after_the_very_name(world: World, reader: Someone) -> None:
    exact = log(world, "单建国")
    near = [log(world, "单建军"), log(world, "单建")]
    assert list(found(world, reader, "单建国")) == [exact, *reversed(near)]


def test_a_list_goes_on_where_it_ended_and_repeats_nothing(world: World, reader: Someone) -> None:
    made = [log(world, "单建国") for _ in range(4)] + [log(world, "单建军") for _ in range(4)]
    seen: list[UUID] = []
    after = None
    with world.open("search", reader) as tx:
        for _ in range(10):
            hits = search.search(tx, "单建国", after=after, limit=3)
            seen += [hit.row["id"] for hit in hits[:3]]
            if len(hits) <= 3:
                break
            after = hits[2].place
    assert len(seen) == len(set(seen))
    assert set(seen) == set(made)
    assert seen[:4] == list(reversed(made[:4]))


def test_a_search_can_be_of_one_kind(world: World) -> None:
    lead = build_matters.verified(world, Reported(name="单建国"))
    case = build_matters.filed_case(world, Reported(name="单建国"))
    assert case in found(world, world.chief, "单建国", Kind.CASE)
    assert lead not in found(world, world.chief, "单建国", Kind.CASE)
    assert {lead, case} <= set(found(world, world.chief, "单建国"))


def test_another_name_leaves_no_key_of_the_former(
    world: World, owner: psycopg.Connection[DictRow]
) -> None:
    lead = log(world, "单建国")
    with world.open("people", world.chief) as tx:
        person = matters.read_matter(tx, lead).people[0]["person_id"]
        seen = people.look_at(tx, person)["version"]
        person_files.open_file(tx, person, reason="核对登记的姓名。")
        people.change_person(tx, person, seen_version=seen, changes={"name": "梁启元"})
    for former in ("单建国", "单建军", "sjg"):
        assert lead not in found(world, world.chief, former)
    assert lead in found(world, world.chief, "lqy")
    # Erased past the application, the keys go as well.
    owner.execute("UPDATE person SET name = '×' WHERE id = %s", [person])
    kept = owner.execute("SELECT 1 FROM person_key WHERE person_id = %s", [person]).fetchall()
    assert kept == []
    assert lead not in found(world, world.chief, "lqy")


def test_another_title_is_found_and_the_former_is_not(world: World, reader: Someone) -> None:
    lead = log(world)
    with world.open("correct", world.investigator) as tx:
        corrections.correct(tx, lead, Said(field="title", value="套取低保金", reason="录入有误。"))
    assert lead in found(world, reader, "低保")
    assert lead not in found(world, reader, "造林面积")


def test_keys_are_written_for_who_was_there_already(
    world: World, owner: psycopg.Connection[DictRow], databases: Databases
) -> None:
    owner_url = databases.cluster.url("owner", owner.info.dbname)
    leads = [log(world, name) for name in ("单建国", "曾国平", "仇英")]
    owner.execute("DELETE FROM person_key")
    assert not set(leads) & set(found(world, world.chief, "曾国平"))
    assert name_keys.fill(owner_url, batch=2) >= 3
    assert name_keys.fill(owner_url) == 0
    assert leads[1] in found(world, world.chief, "zgp")


def test_a_name_with_a_title_around_it_is_found_by_the_plain_name_and_is_keyed_anew_once(
    world: World, owner: psycopg.Connection[DictRow], databases: Databases
) -> None:
    lead = log(world, "高静（副书记）")
    log(world, "买买提·吐尔逊")
    assert [each.way for each in found(world, world.chief, "gj")[lead].why] == [Way.INITIALS]
    owner.execute("UPDATE person_key SET keys = '{=高静(副书记)}' WHERE '~gj' = ANY (keys)")
    assert lead not in found(world, world.chief, "高静")
    owner_url = databases.cluster.url("owner", owner.info.dbname)
    assert name_keys.fill(owner_url) == 1
    assert name_keys.fill(owner_url) == 0
    assert [each.way for each in found(world, world.chief, "高静")[lead].why] == [Way.WHOLE]


def test_places_in_lists_are_written_for_names_that_have_keys_already(
    world: World, owner: psycopg.Connection[DictRow], databases: Databases
) -> None:
    owner_url = databases.cluster.url("owner", owner.info.dbname)
    for name in ("单建国", "曾国平"):
        log(world, name)
    owner.execute("UPDATE person_key SET pinyin = NULL, strokes = NULL")
    assert name_keys.fill(owner_url) == 2
    with world.open("people", world.chief) as tx:
        rows = people.persons_in_order(tx, NameOrder.STROKES, name=None, after=None, limit=10)
    assert [row["name"] for row in rows] == ["单建国", "曾国平"]


def test_who_reads_no_register_reads_no_place_of_its_names(world: World) -> None:
    log(world, "单建国")
    with world.open("people", world.auditor) as tx:
        assert people.persons_in_order(tx, NameOrder.PINYIN, name=None, after=None, limit=9) == []


def test_who_reads_no_content_searches_neither_names_nor_notes(world: World) -> None:
    lead = log(world, "单建国")
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, lead, text="周三到村里核对台账。")
        number = matters.head(tx, lead)["number"]
    assert why(world, world.auditor, number, lead) == [(By.NUMBER, None)]
    for typed in ("单建国", "单建军", "sjg", "核对台账"):
        assert found(world, world.auditor, typed) == {}


def test_nobody_finds_what_they_are_walled_off_from_or_stand_outside_of(
    world: World, past: Past, owner: psycopg.Connection[DictRow]
) -> None:
    lead = build_matters.log(world, world.lead_manager, Reported(name="单建国"))
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', '亲戚', %s, '2018-09-01')",
        [new_id(), lead, world.deputy.account_id, world.deputy.account_id],
    )
    with world.open("read", world.chief) as tx:
        head = matters.head(tx, lead)
    for typed in (head["number"], head["title"], "单建国", "单建军", "sjg"):
        assert lead in found(world, world.chief, typed)
        assert lead not in found(world, world.deputy, typed)
        assert lead not in found(world, world.other_investigator, typed)
        assert lead not in found(world, world.administrator, typed)


def test_what_is_withheld_takes_no_longer_than_what_is_not_there(
    world: World, owner: psycopg.Connection[DictRow]
) -> None:
    lead = build_matters.log(world, world.lead_manager, Reported(name="单建国"))
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', '亲戚', %s, '2018-09-01')",
        [new_id(), lead, world.deputy.account_id, world.deputy.account_id],
    )
    took: dict[str, list[float]] = {"单建国": [], "龚未央": []}
    with world.open("search", world.deputy) as tx:
        for _ in range(300):
            for typed, times in took.items():
                began = time.perf_counter()
                assert search.search(tx, typed) == []
                times.append(time.perf_counter() - began)
    hidden, unknown = (statistics.median(times) for times in took.values())
    assert abs(hidden - unknown) < 0.001


def test_the_guards_functions_answer_nobody_with_what_is_hidden(
    world: World, owner: psycopg.Connection[DictRow]
) -> None:
    """Asked directly with a hidden matter's id in mind, as the application's role can."""
    lead = build_matters.log(world, world.lead_manager, Reported(name="单建国"))
    last = ("infinity", UUID(int=2**128 - 1))
    for who in (world.other_investigator, world.administrator):
        with world.open("drill", who) as tx:
            values = {"id": [lead], "on": last[0], "last": last[1], "all": ["%"]}
            for asked in (
                "guard.search_among(%(id)s, %(all)s, '{}', '{}', '{}', NULL, %(on)s, %(last)s, 9)",
                "guard.search_newest(99, %(all)s, '{}', NULL, %(on)s, %(last)s, 9)",
                "guard.search_words(%(all)s, '{造林}', '%%', '{}', NULL, %(on)s, %(last)s, 9)",
                "guard.search_names('{=单建国}', '{}', NULL, %(on)s, %(last)s, 9)",
            ):
                rows = tx.rows(f"SELECT matter_id FROM {asked}", values)
                assert lead not in {row["matter_id"] for row in rows}
            among = {**values, "none": ["{}"]}
            exact = "SELECT e FROM guard.searched_exactly(%(id)s, %(all)s, '{}', '{}', '{}') e"
            assert tx.rows(exact, among) == []


def test_a_reporting_unit_enters_keys_with_whom_it_reports(world: World) -> None:
    who = world.holder(Role.REPORTING_UNIT)
    lead = build_matters.log(world, who, Reported(name="单建国"))
    assert lead in found(world, world.chief, "sjg")
    assert found(world, who, "单建国") == {}
