"""My desk: for each role what waits, with its one act, and what can't be done yet and why."""

from datetime import UTC, date, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.permissions import Role
from app.services import accounts, desks, petitions
from app.services.petitions import NewPetition
from tests import build_matters
from tests.build_history import Past
from tests.build_matters import asked
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import Served, served

DAY = date(2018, 9, 28)
LANGUAGES = ("en", "zh-CN")


def desk(doors: Doors, who: Someone, language: str = "en") -> Served:
    return served(doors.browser(who, language=language).get("/desk"))


def everybody(world: World) -> list[Someone]:
    return [world.holder(role) for role in Role]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_has_a_desk(world: World, doors: Doors, language: str) -> None:
    build_matters.filed_case(world)
    for who in everybody(world):
        page = desk(doors, who, language)
        assert ("My desk" if language == "en" else "我的工作台") in page.words
        assert page.html.count("button main-action") <= 1


def test_a_clear_desk_says_so(world: World, doors: Doors) -> None:
    assert "Nothing waits for you." in desk(doors, world.chief).words
    assert "Nothing waits for your signature." in desk(doors, world.chief).words


def test_no_rail_has_more_than_seven_entries(world: World, doors: Doors) -> None:
    for who in everybody(world):
        page = desk(doors, who)
        rail = page.html.split('<nav class="rail"')[1].split("</nav>")[0]
        assert 1 <= rail.count("<li>") <= 7, who.role


def test_an_investigator_sees_the_one_next_step_of_each_matter(world: World, doors: Doors) -> None:
    lead = build_matters.verified(world)
    page = desk(doors, world.investigator)
    assert page.link("Log a lead") == "/log"
    assert page.link("Hand in the verification report") == (
        f"/matters/{lead}/act/report_verification"
    )
    assert "1 of mine" in page.words


def test_what_cannot_be_done_yet_says_why(world: World, doors: Doors) -> None:
    case = build_matters.filed_case(world)
    for event, form in (
        ("announce_filing", {"announced_on": "2018-09-03", "unit_told_on": "2018-09-03",
                             "plan": "两人以上。"}),
        ("meet_on_facts", {"evidence_for": "验收表。", "evidence_against": "旱灾。"}),
    ):  # fmt: skip
        build_matters.sign_all(
            world, build_matters.act(world, world.investigator, case, event, **form)
        )
    words = desk(doors, world.investigator).words
    assert "Not yet: Report the investigation. Statements to the facts that are not" in words


def test_what_has_ended_has_no_limit_and_says_nothing_of_one(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.inspector)
    build_matters.sign_all(
        world,
        build_matters.act(
            world,
            world.lead_manager,
            lead,
            "not_take_up",
            why="not_ours",
            sender_told_on="2018-09-03",
        ),
    )
    words = desk(doors, world.inspector).words
    row = words.split("What I handed in")[1]
    assert "YC2018-0001" in row
    assert "ended" in row
    assert "no limit" not in row


def test_a_supervisor_sees_the_oldest_request_first(world: World, doors: Doors) -> None:
    first = registered(world)
    second = registered(world)
    for lead in (first, second):
        build_matters.act(
            world, world.lead_manager, lead, "assign",
            department=str(world.unit("YC-O03").id), no_conflict=True,
        )  # fmt: skip
    world.clock.set(DAY)
    page = desk(doors, world.deputy)
    assert "2 to sign" in page.words
    assert "赵敏 asked for “Assign to a department” on 3 September: for 18" in (page.words)
    oldest = page.html.index("task-oldest")
    assert oldest < page.html.index("YC2018-0001") < page.html.index("YC2018-0002")
    assert page.link("Read and sign").startswith("/requests/")


def registered(world: World) -> UUID:
    lead = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    return lead


def test_what_turns_red_stands_under_its_handler(world: World, doors: Doors) -> None:
    build_matters.verified(world)
    world.clock.set(date(2018, 11, 1))
    page = desk(doors, world.chief)
    assert "To look after: 1 overdue or due within a week." in page.words
    row = page.words.split("Due within a week")[-1]
    assert "李志强 YC2018-0001" in row
    world.clock.set(date(2018, 11, 9))
    assert "overdue 4 days" in desk(doors, world.chief).words


def test_a_matter_without_a_handler_is_somebodys_worry(world: World, doors: Doors) -> None:
    lead = build_matters.verified(world)
    for who in (world.investigator, world.other_investigator):
        with world.open("accounts", world.operator) as tx:
            found = accounts.read_account(tx, who.account_id)
            accounts.change_account(
                tx, who.account_id, seen_version=found["version"], changes={"active": False}
            )
    page = desk(doors, world.deputy)
    assert "Nobody handles it any more." in page.words
    assert page.link("Open") == f"/matters/{lead}"


def test_intake_logs_first_and_sees_what_each_petition_waits_for(
    world: World, doors: Doors
) -> None:
    world.clock.set(DAY)
    with world.open("log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="反映补助未发。",
                unit_id=world.village.id,
            ),
        )  # fmt: skip
    page = desk(doors, world.intake_officer)
    assert page.link("Log a petition") == "/log/petition"
    assert page.link("Accept") == f"/matters/{petition}/act/accept"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_auditor_sees_the_money_and_what_was_not_reconciled(
    world: World, doors: Doors, language: str
) -> None:
    page = desk(doors, world.auditor, language)
    assert page.words.count("0.00") >= 4
    said = {"en": "You have not exported anything yet.", "zh-CN": "您还没有导出过。"}
    assert said[language] in page.words


def test_an_auditor_opens_the_rows_that_contradict_a_rule(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    past = Past(world, owner)
    past.doubt(past.lead(received_on=date(2018, 3, 1)), "received_before_lead")
    page = desk(doors, world.auditor)
    assert "1 row of a ledger contradicts a rule" in page.words
    assert page.link("See the doubtful rows") == "/log/doubts"
    served(doors.browser(world.auditor).get("/log/doubts"))


def test_the_first_steps_stay_until_there_is_a_lead(doors: Doors, world: World) -> None:
    page = desk(doors, world.operator)
    assert "First steps" in page.words
    assert page.link("Make accounts, and give each its roles") == "/admin"
    assert page.words.count("done") == 3
    build_matters.log(world, world.investigator)
    page = desk(doors, world.operator)
    assert "First steps" not in page.words
    assert "Accounts: " in page.words


def test_nobody_reaches_a_desk_without_signing_in(doors: Doors) -> None:
    answer = doors.browser().get("/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=%2Fdesk")


def test_a_desk_that_shows_a_part_of_what_waits_leads_to_all_of_it(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "SHOWN", 1)
    asked(world)
    asked(world)
    page = served(doors.browser(world.deputy).get("/desk"))
    assert "2 to sign" in page.words
    assert 'href="/sign">To sign<' in page.html


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Since 28 September 2018"), ("zh-CN", "2018年9月28日以来")]
)
def test_a_desk_says_the_day_of_an_export_as_the_office_had_it(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    """Shortly after midnight there, while it is the day before elsewhere."""
    made = {"recorded_at": datetime(2018, 9, 27, 17, 40, tzinfo=UTC), "steps": 0, "entries": 0}
    monkeypatch.setattr(desks, "since_last_export", lambda _tx: made)
    assert said in desk(doors, world.auditor, language).words
