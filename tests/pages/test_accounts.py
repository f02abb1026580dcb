"""An administrator's pages: who there is, what they hold, and how an account begins and ends."""

import pytest

from app.domain.permissions import Role
from app.services import accounts
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import Served, followed, served


def _account(browser: Client, account_id: object) -> Served:
    return served(browser.get(f"/admin/accounts/{account_id}"))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_list_names_everybody_with_their_roles(
    world: World, doors: Doors, language: str
) -> None:
    page = served(doors.browser(world.administrator, language=language).get("/admin"))
    for who in (world.chief, world.investigator, world.auditor):
        assert who.name in page.words
    assert {"en": "department head", "zh-CN": "部门负责人"}[language] in page.words


def test_an_account_is_opened_given_a_role_and_ended(world: World, doors: Doors) -> None:
    browser = doors.browser(world.administrator)
    form = served(browser.get("/admin/accounts/new")).form("/accounts/new")
    empty = form.submit(browser, login="", name="")
    assert "Write something." in served(empty, 422).words
    taken = form.submit(browser, login="chief", name="别人")
    assert "Somebody has this name already." in served(taken, 422).words
    opened = followed(browser, form.submit(browser, login="lu", name="卢静", unit="YC-O03"))
    assert "No role yet: this account can sign in and do nothing." in opened.words
    assert "第一纪检监察室" in opened.words

    given = opened.form("/roles").submit(browser, role="investigator", unit="YC-O03")
    page = followed(browser, given)
    assert "waits for a second administrator" in page.words
    (asked,) = (form for form in page.forms if "/role-requests/" in form.action)
    assert asked.choices["decision"] == ["refuse"]  # whoever asked doesn't give
    second = doors.browser(world.operator)
    seen = served(second.get(served(second.get("/admin")).link("卢静")))
    (form,) = (form for form in seen.forms if "/role-requests/" in form.action)
    assert (
        "investigator第一纪检监察室" in followed(second, form.submit(second, decision="give")).words
    )
    page = served(browser.get(given.headers["location"]))
    wrong = page.form("/roles").submit(browser, role="auditor", unit="YC")
    assert wrong.status_code == 409  # auditing and working are kept apart
    page = followed(browser, page.form("/end").submit(browser))
    assert "No role yet" in page.words

    ended = followed(browser, page.form("/active").submit(browser))
    assert "Let it in again" in ended.words
    again = followed(browser, ended.form("/active").submit(browser))
    (asked,) = (form for form in again.forms if "/change-requests/" in form.action)
    assert asked.choices["decision"] == ["refuse"]
    seen = served(second.get(given.headers["location"]))
    (form,) = (form for form in seen.forms if "/change-requests/" in form.action)
    assert "End this account" in followed(second, form.submit(second, decision="confirm")).words


def test_nobody_gives_a_role_outside_their_own_part_of_the_tree(world: World, doors: Doors) -> None:
    browser = doors.browser(world.person("township-administrator"))
    assert browser.get(f"/admin/accounts/{world.chief.account_id}").status_code == 404
    page = _account(browser, world.inspector.account_id)
    refused = page.form("/roles").submit(browser, role="investigator", unit="YC")
    assert refused.status_code == 403
    assert "You administer another part of the unit tree." in refused.text


def test_an_account_that_works_sees_no_account_but_its_own(world: World, doors: Doors) -> None:
    for who in (world.chief, world.investigator, world.auditor):
        browser = doors.browser(who)
        assert browser.get("/admin").status_code == 403
        assert browser.get(f"/admin/accounts/{who.account_id}").status_code == 403
        assert browser.get("/me").status_code == 200


def test_ending_an_account_by_the_page_ends_its_sessions(world: World, doors: Doors) -> None:
    browser = doors.browser(world.administrator)
    _account(browser, world.keeper.account_id).form("/active").submit(browser)
    assert doors.browser(world.keeper).get("/desk").status_code == 303
    with world.open("test", world.administrator) as tx:
        held = accounts.read_account(tx, world.keeper.account_id)
    assert (held["active"], held["roles"][0]["role"]) == (False, Role.KEEPER)
