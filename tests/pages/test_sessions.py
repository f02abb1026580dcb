"""Where somebody is signed in, and the page that asks again who sits there."""

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from app.routers.cookies import KNOWN
from app.routers.cookies import SESSION as COOKIE
from tests.builders import PASSWORD, World
from tests.clients import Client, Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]


def _cookie(answer: httpx.Response, name: str) -> str:
    (found,) = (c for c in answer.headers.get_list("set-cookie") if c.startswith(name + "="))
    return str(found)


def _with(doors: Doors, answer: httpx.Response) -> Client:
    """The browser after an answer that gave it another cookie."""
    browser = doors.browser()
    browser.cookies.set(COOKIE, _cookie(answer, COOKIE).partition(";")[0].partition("=")[2])
    return browser


def _sign_in(doors: Doors, login: str) -> httpx.Response:
    browser = doors.browser()
    form = served(browser.get("/sign-in")).form("/sign-in")
    return form.submit(browser, name=login, password=PASSWORD)


def _stale(owner: Owner) -> None:
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")


def test_my_account_leads_to_where_i_am_signed_in_and_ends_one(world: World, doors: Doors) -> None:
    elsewhere = _with(doors, _sign_in(doors, "chief"))
    browser = doors.browser(world.chief)
    address = served(browser.get("/me")).link("Where I am signed in")
    page = served(browser.get(address))
    assert "The command line · this one" in page.words
    assert "A browser" in page.words
    ends = [form for form in page.forms if form.action.endswith("/end") and "-" in form.action]
    assert len(ends) == 1  # one's own present session ends by signing out
    assert ends[0].submit(browser).headers["location"] == "/me/sessions"
    assert elsewhere.get("/desk").status_code == 303
    assert browser.get("/desk").status_code == 200


def test_signing_out_everywhere_ends_every_session_and_forgets_the_cookie(
    world: World, doors: Doors
) -> None:
    elsewhere = _with(doors, _sign_in(doors, "chief"))
    browser = doors.browser(world.chief)
    out = served(browser.get("/me/sessions")).form("/me/sessions/end").submit(browser)
    assert out.headers["location"] == "/sign-in"
    assert "Max-Age=0" in _cookie(out, COOKIE)
    assert browser.get("/desk").status_code == 303
    assert elsewhere.get("/desk").status_code == 303


def test_a_browser_is_known_by_a_secret_that_only_the_door_sees(doors: Doors, world: World) -> None:
    cookie = _cookie(_sign_in(doors, "chief"), KNOWN)
    attributes = {each.strip() for each in cookie.split(";")[1:]}
    assert {"Path=/sign-in", "HttpOnly", "SameSite=Strict"} < attributes


def test_a_form_that_needs_a_fresh_sign_in_is_kept_while_the_password_is_asked(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.administrator)
    account = f"/admin/accounts/{world.investigator.account_id}"
    form = served(browser.get(account)).form("/roles")
    _stale(owner)
    asked = served(form.submit(browser, role="lead_manager", unit="YC"), 403)
    assert "Say again who you are" in asked.words
    wrong = asked.form("/me/again").submit(browser, password="wrong wrong")
    again = served(wrong, 422)
    assert "This isn't your present password." in again.words

    confirmed = again.form("/me/again").submit(browser, password=PASSWORD)
    page = served(confirmed)
    assert "wasn’t carried out yet" in page.words
    assert doors.browser(world.administrator).get("/desk").status_code == 303  # by the old secret
    browser = _with(doors, confirmed)
    assert "lead manager · 云川区" not in served(browser.get(account)).words
    done = page.form("/roles").submit(browser)
    assert done.headers["location"] == account
    assert "lead manager · 云川区" in served(browser.get(account)).words


def test_the_page_leads_back_to_where_somebody_came_from(world: World, doors: Doors) -> None:
    browser = doors.browser(world.chief)
    asked = served(browser.get("/me/again", params={"back": "/figures?year=2018"}))
    confirmed = asked.form("/me/again").submit(browser, password=PASSWORD)
    assert confirmed.headers["location"] == "/figures?year=2018"
    assert _with(doors, confirmed).get("/figures?year=2018").status_code == 200


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "/\\evil.test"])
def test_it_leads_back_to_our_own_pages_alone(world: World, doors: Doors, back: str) -> None:
    browser = doors.browser(world.chief)
    asked = served(browser.get("/me/again", params={"back": back}))
    assert asked.form("/me/again").submit(browser, password=PASSWORD).headers["location"] == "/desk"
