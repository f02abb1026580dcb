"""Nothing is offered under *Log* that is refused wherever it leads."""

import re

import pytest

from app.domain.ledgers.families import Family
from app.domain.permissions import Permission, Role
from app.services import accounts, keys
from tests.builders import STAFF, World
from tests.clients import Client, Doors
from tests.pages.served import Served, served
from tests.pages.test_log import DAY, LEAD, PETITION

PLACES = ("YC", "YC-T01", "YC-T01-V01", "YC-T02", "YC-T02-V01", "YC-D01")
FORMS = {"/log": LEAD, "/log/petition": PETITION}
LOGS_LEADS = {
    Role.INTAKE_OFFICER, Role.LEAD_MANAGER, Role.INVESTIGATOR, Role.INSPECTOR, Role.REPORTING_UNIT
}  # fmt: skip
EVERYBODY = [login for login, *_ in STAFF] + ["operator"]


@pytest.fixture(autouse=True)
def on_the_day(world: World) -> None:
    world.clock.set(DAY)


def offered(browser: Client) -> dict[str, Served]:
    """Every form under *Log* to which the desk's frame leads, by its address."""
    rail = served(browser.get("/desk")).links.values()
    found: dict[str, Served] = {}
    waiting = [href for href in rail if href.startswith("/log")]
    while waiting:
        href = waiting.pop()
        if href in found or not re.fullmatch(r"/log(/petition|/import)?", href):
            continue
        found[href] = served(browser.get(href))
        waiting += found[href].links.values()
    return found


def places(page: Served) -> list[str]:
    codes = re.findall(r'<option value="[^"]+">(YC[^<]*)</option>', page.html)
    return [code for code in codes if code in PLACES]


def logged(browser: Client, page: Served, address: str, place: str) -> int:
    form = page.form(address)
    return form.send(browser, {**FORMS[address], "where": place}).status_code


@pytest.mark.parametrize("login", EVERYBODY)
def test_what_is_offered_under_log_is_taken_wherever_it_leads(
    world: World, doors: Doors, login: str
) -> None:
    who = world.person(login)
    browser = doors.browser(who)
    found = offered(browser)
    assert ("/log" in found) is (who.role in LOGS_LEADS)
    assert ("/log/petition" in found) is (who.role is Role.INTAKE_OFFICER)
    for address in FORMS.keys() & found.keys():
        page = found[address]
        assert places(page), "a form with nowhere to lead"
        for place in places(page):
            again = served(browser.get(address))
            assert logged(browser, again, address, place) == 303, (address, place)
    if "/log/import" in found:
        families = found["/log/import"].form("/log/import").choices["family"]
        assert set(families) & set(Family)


@pytest.mark.parametrize("login", EVERYBODY)
def test_what_is_not_offered_is_refused_and_nothing_else_leads_there(
    world: World, doors: Doors, login: str
) -> None:
    browser = doors.browser(world.person(login))
    found = offered(browser)
    for address in FORMS.keys() - found.keys():
        assert browser.get(address).status_code == 403
        for page in ("/desk", "/leads", "/petitions", "/people?name=无此人", "/log/doubts"):
            answer = browser.get(page)
            if answer.status_code == 200:
                assert address not in served(answer).links.values(), page


def test_a_key_holds_no_logging_that_its_owner_could_do_nowhere(world: World) -> None:
    for who, permission in (
        (world.department_head, Permission.LEADS_LOG),
        (world.petitions_head, Permission.PETITIONS_LOG),
    ):
        with world.open("keys", who) as tx:
            assert tx.actor.may(permission)
            assert permission not in keys.grantable(tx)
    with world.open("keys", world.lead_manager) as tx:
        assert Permission.LEADS_LOG in keys.grantable(tx)


def test_who_registers_leads_in_one_place_and_handles_them_in_another_logs_in_both(
    world: World, doors: Doors
) -> None:
    """Registering is the township's lead manager's: elsewhere the same person submits."""
    both = world.hire("both", Role.LEAD_MANAGER, "YC-T01")
    with world.open("accounts.grant", world.operator) as tx:
        accounts.grant_role(
            tx, account_id=both.account_id, role=Role.INVESTIGATOR,
            unit_id=world.other_township.id,
        )  # fmt: skip
    browser = doors.browser(both)
    for place, state in (("YC-T01-V01", "registered"), ("YC-T02-V01", "submitted")):
        page = served(browser.get("/log"))
        assert place in places(page)
        answer = page.form("/log").send(browser, {**LEAD, "where": place})
        assert state in served(browser.get(answer.headers["location"])).words, place
