"""A title is taken from the wording, which names people.

Whoever reads a matter with names masked reads no name in its title either, nowhere, and finds
nothing by it; whoever reads names reads it whole.
"""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.services import corrections, leads, matters, watches
from app.services.corrections import Said
from app.services.leads import NewLead
from app.services.openings import Reported
from tests import build_matters
from tests.build_matters import DAY
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served
from tests.pages.test_prints import paper
from tests.papers_read import words

Owner = psycopg.Connection[DictRow]
NAME = "司徒名同"
MASKED = "司×××"
ALLEGED = f"反映{NAME}冒领造林补助，去年由{NAME}经手。"


def alleged(world: World, who: Someone, what: str = ALLEGED, name: str = NAME) -> UUID:
    world.clock.set(DAY)
    with world.open("leads.log", who) as tx:
        return leads.log_lead(
            tx,
            NewLead(
                source="supervision", received_on=DAY, what=what, unit_id=world.village.id,
                subjects=[Reported(name=name)],
            ),
        )  # fmt: skip


def shown(world: World, doors: Doors, who: Someone, lead: UUID) -> Iterator[tuple[str, str]]:
    """(where, what stands there) of every place that tells this reader of the matter."""
    browser, api = doors.browser(who), doors.api(who)
    with world.open("watch", who) as tx:
        watches.watch_matter(tx, lead)
    pages = (
        "/leads", f"/matters/{lead}", "/desk", "/watched", "/search?q=造林补助", "/figures/leads",
        f"/matters/{lead}/fields/title", f"/matters/{lead}/print", "/log/doubts", "/money",
    )  # fmt: skip
    for address in pages:
        answer = browser.get(address)
        if answer.status_code == 200:
            yield address, served(answer).html
    here = f"/api/v1/matters/{lead}"
    for address in (
        "/api/v1/matters?kind=lead", here, f"{here}/timeline", f"{here}/links",
        f"{here}/fields/title/versions", "/api/v1/search?q=造林补助", "/api/v1/changes",
        "/api/v1/totals/leads/matters", "/api/v1/exports/matters.csv",
        "/api/v1/exports/lead_register.csv",
    ):  # fmt: skip
        answer = api.get(address)
        if answer.status_code == 200:
            yield address, answer.text
    yield "print", words(paper(doors, who, f"/matters/{lead}/print", name="title"))
    yield "ledger", words(paper(doors, who, "/ledgers/lead/print", name="titles"))


def test_no_place_tells_an_auditor_a_name_that_stands_in_a_title(
    world: World, doors: Doors
) -> None:
    lead = alleged(world, world.investigator)
    places = dict(shown(world, doors, world.auditor, lead))
    for where, said in places.items():
        assert NAME not in said, where
    for where in ("/leads", f"/matters/{lead}", "/search?q=造林补助", "print", "ledger",
                  f"/api/v1/matters/{lead}", "/api/v1/search?q=造林补助", "/watched"):  # fmt: skip
        assert f"反映{MASKED}冒领造林补助，去年由{MASKED}经手" in places[where], where


@pytest.mark.parametrize("who", ["chief", "lead_manager", "investigator"])
def test_whoever_reads_names_reads_the_title_whole(world: World, doors: Doors, who: str) -> None:
    lead = alleged(world, world.investigator)
    places = dict(shown(world, doors, getattr(world, who), lead))
    for where in ("/leads", f"/matters/{lead}", "/search?q=造林补助", "/watched",
                  f"/api/v1/matters/{lead}"):  # fmt: skip
        assert f"反映{NAME}冒领造林补助" in places[where], where


@pytest.mark.parametrize("typed", [NAME, "名同", "同冒", "由司徒", "STMT", "司徒名冒"])
def test_a_search_by_a_name_finds_nothing_for_who_reads_it_masked(
    world: World, doors: Doors, typed: str
) -> None:
    alleged(world, world.investigator)
    for address in (f"/search?q={typed}", f"/leads?text={typed}"):
        page = served(doors.browser(world.auditor).get(address))
        assert "YC2018-0001" not in page.links, address
    for address in ("/search?q=造林补助", "/search?q=YC2018-0001"):
        page = served(doors.browser(world.auditor).get(address))
        assert "YC2018-0001" in page.links, address
    assert "YC2018-0001" in served(doors.browser(world.chief).get(f"/search?q={NAME}")).links


def test_a_search_by_a_name_finds_nothing_among_a_million_either(
    world: World, owner: Owner
) -> None:
    """By the index of words, behind the newest matters."""
    alleged(world, world.investigator)
    query = (
        "SELECT * FROM guard.search_words(%(patterns)s, guard.pairs(%(typed)s), NULL, '{}', NULL,"
        " 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 50)"
    )
    for who, found in ((world.auditor, 0), (world.chief, 1)):
        with world.open("search", who) as tx:
            values = {"patterns": [f"%{NAME}%"], "typed": NAME}
            assert len(tx.rows(query, values)) == found
            values = {"patterns": ["%造林补助%"], "typed": "造林补助"}
            assert len(tx.rows(query, values)) == 1


@pytest.mark.parametrize(
    ("said", "name", "read"),
    [
        ("反映司徒 名同冒领", "司徒名同", "反映司×××冒领"),
        ("反映阿不都·热西提冒领", "阿不都热西提", "反映阿×××××冒领"),
        ("反映阿不都热西提冒领", "阿不都·热西提", "反映阿×××××冒领"),
        ("高静书记冒领", "高静（副书记）", "高×书记冒领"),
        ("反映高静、高静文冒领", "高静文", "反映高静、高××冒领"),
        ("About li wei and Li Wei", "Li Wei", "About L×××× and L××××"),
        ("反映a.c*冒领", "a.c*", "反映a××冒领"),
    ],
)
def test_a_name_is_masked_however_it_is_written(
    world: World, said: str, name: str, read: str
) -> None:
    lead = alleged(world, world.investigator, said, name)
    with world.open("read", world.auditor) as tx:
        assert matters.open_matter(tx, lead).head["title"] == read


def test_a_name_that_the_end_of_a_title_cut_off_is_masked(world: World) -> None:
    lead = alleged(world, world.investigator, "补" * 197 + NAME + "冒领。")
    with world.open("read", world.auditor) as tx:
        assert matters.open_matter(tx, lead).head["title"] == "补" * 197 + "司×…"


def test_a_former_name_and_one_that_a_linked_matter_knows_are_masked_too(
    world: World, owner: Owner
) -> None:
    lead = alleged(world, world.investigator)
    with world.open("x", world.lead_manager) as tx:
        [person] = matters.open_matter(tx, lead).people
    with world.open("correct", world.lead_manager) as tx:
        said = Said(field="name", value="司徒名异", reason="听错了。", involvement_id=person["id"])
        corrections.correct(tx, lead, said)
    other = alleged(world, world.investigator, f"{NAME}及司徒名异的其他问题", "另一人")
    owner.execute(
        "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
        " VALUES (gen_random_uuid(), 'split_from', %s, %s, guard.today())",
        [other, lead],
    )
    with world.open("read", world.auditor) as tx:
        assert NAME not in matters.open_matter(tx, lead).head["title"]
        assert matters.open_matter(tx, other).head["title"] == f"{MASKED}及{MASKED}的其他问题"
        [link] = matters.open_matter(tx, lead).links
        assert link["title"] == f"{MASKED}及{MASKED}的其他问题"


def test_a_masked_title_is_told_of_no_matter_that_its_reader_may_not_see(world: World) -> None:
    lead = alleged(world, world.investigator)
    for who, told in ((world.auditor, True), (world.inspector, False)):
        with world.open("read", who) as tx:
            said = tx.value("SELECT guard.masked_title(%(id)s)", {"id": lead})
        assert (said is not None) is told


def test_a_step_of_whoever_reads_names_keeps_the_title_whole(world: World) -> None:
    """What is read is never written back masked: a case takes its lead's title."""
    case = build_matters.filed_case(world)
    with world.open("read", world.chief) as tx:
        assert "×" not in matters.open_matter(tx, case).head["title"]
