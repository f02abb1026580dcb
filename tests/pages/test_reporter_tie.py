"""Saying on the page that who reported works here: the answer is the same whoever it was."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.services import matters, people
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served

NUMBER, UNKNOWN = "990101197503120016", "990101198001010014"
DAY = "2018-09-03"


@pytest.fixture
def colleague(world: World, owner: psycopg.Connection[DictRow]) -> None:
    """The deputy is somebody of the register, with a number."""
    with world.open("people.create", world.lead_manager) as tx:
        known = people.create_person(tx, name="某某", id_number=NUMBER)
    owner.execute(
        "UPDATE account SET person_id = %s WHERE id = %s", [known, world.deputy.account_id]
    )


def logged(world: World, doors: Doors, owner: psycopg.Connection[DictRow], number: str) -> str:
    browser = doors.browser(world.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    made = form.submit(
        browser, channel="letter", received_on=DAY, content="反映补助未到账。",
        where=world.village.code, reporter_name="某某", reporter_number=number,
        **{"class": "report"},
    )  # fmt: skip
    assert made.status_code == 303, served(made, made.status_code).words
    row = owner.execute("SELECT id FROM matter WHERE kind = 'petition'").fetchone()
    assert row is not None
    return str(row["id"])


def sees(world: World, petition: str) -> bool:
    with world.open("matters.read", world.deputy) as tx:
        return matters.still_sees(tx, UUID(petition))


def test_intake_types_the_number_while_it_logs_the_petition(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow], colleague: None
) -> None:
    petition = logged(world, doors, owner, NUMBER)
    assert not sees(world, petition)
    kept = owner.execute("SELECT t::text AS row FROM reporter_tie t").fetchall()
    assert kept
    assert all(NUMBER not in each["row"] for each in kept)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_intake_ties_and_unties_where_who_reported_is_shown(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow], colleague: None, language: str
) -> None:
    petition = logged(world, doors, owner, "")
    browser = doors.browser(world.petitions_head, language=language)
    answers = set()
    for number, hidden in ((NUMBER, True), (None, False), (UNKNOWN, False)):
        page = served(browser.get(f"/matters/{petition}"))
        page = served(page.form("/reporter").submit(browser))
        if number is None:
            answer = page.form("/reporter/untie").submit(browser)
        else:
            answer = page.form("/reporter/tie").submit(browser, id_number=number)
            answers.add((answer.status_code, answer.headers.get("Location")))
        assert sees(world, petition) is not hidden
    assert len(answers) == 1


@pytest.mark.parametrize(("language", "says"), [("en", "identity number"), ("zh-CN", "身份证号")])
def test_a_mistyped_number_comes_back_beside_its_field(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow], language: str, says: str
) -> None:
    petition = logged(world, doors, owner, "")
    browser = doors.browser(world.petitions_head, language=language)
    shown = served(browser.get(f"/matters/{petition}"))
    page = served(shown.form("/reporter").submit(browser))
    back = page.form("/reporter/tie").submit(browser, id_number="99010119750312001")
    again = served(back, 422)
    assert again.form("/reporter/tie").fields["id_number"] == ["99010119750312001"]
    assert 'id="id_number-e"' in again.html
    assert says in again.words
    assert owner.execute("SELECT 1 FROM reporter_tie").fetchall() == []
