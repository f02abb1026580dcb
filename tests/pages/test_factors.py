"""The second step at the door, setting a second factor up, and requiring it."""

import re
from datetime import UTC, datetime

import httpx
import pyotp
import pytest

from app.routers.cookies import SESSION as COOKIE
from app.services import factors
from tests.builders import PASSWORD, Someone, World
from tests.clients import Client, Doors
from tests.pages.served import Served, followed, served

PAGE = "/me/second-factor"


def _code(secret: str, *, later: int = 0) -> str:
    totp = pyotp.TOTP(secret)
    return str(totp.generate_otp(totp.timecode(datetime.now(UTC)) + later))


def _set_up(world: World, who: Someone) -> str:
    with world.open("test", who) as tx:
        secret = factors.begin(tx).secret
    with world.open("test", who) as tx:
        factors.confirm(tx, _code(secret, later=-1))
    return secret


def _with(doors: Doors, answer: httpx.Response) -> Client:
    (cookie,) = (c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE + "="))
    browser = doors.browser()
    browser.cookies.set(COOKIE, cookie.partition(";")[0].partition("=")[2])
    return browser


def _password_given(doors: Doors, login: str, back: str = "/desk") -> httpx.Response:
    browser = doors.browser()
    form = served(browser.get("/sign-in", params={"back": back})).form("/sign-in")
    return form.submit(browser, name=login, password=PASSWORD)


def test_the_code_is_asked_for_after_the_password_and_leads_on(world: World, doors: Doors) -> None:
    secret = _set_up(world, world.chief)
    given = _password_given(doors, "chief", "/figures?year=2018")
    browser = _with(doors, given)
    assert browser.get("/figures").status_code == 303  # the password alone opens nothing
    asked = served(browser.get(given.headers["location"]))
    wrong = served(asked.form("/sign-in/code").submit(browser, code="no code"), 422)
    assert "This code isn't right" in wrong.words
    opened = wrong.form("/sign-in/code").submit(browser, code=_code(secret))
    assert opened.headers["location"] == "/figures?year=2018"
    assert _with(doors, opened).get("/figures").status_code == 200


def test_nobody_gets_to_the_code_without_the_password(world: World, doors: Doors) -> None:
    secret = _set_up(world, world.chief)
    browser = doors.browser()
    asked = served(browser.get("/sign-in/code"))
    answer = asked.form("/sign-in/code").submit(browser, code=_code(secret))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "set-cookie" not in answer.headers


def test_a_second_factor_is_set_up_by_a_drawing_or_a_key(world: World, doors: Doors) -> None:
    browser = doors.browser(world.chief)
    page = served(browser.get(served(browser.get("/me")).link("Second factor")))
    shown = served(page.form(PAGE).submit(browser))
    assert "<svg" in shown.html
    assert not re.search(r"<svg[^>]*style=|<(path|rect)[^>]*style=", shown.html)  # strict CSP
    key = re.search(r"type this key: ((?:[A-Z2-7]{4} ?)+)", shown.words)
    assert key is not None
    secret = key[1].replace(" ", "")
    wrong = served(shown.form("/confirm").submit(browser, code="123"), 422)
    assert "<svg" in wrong.html
    done = served(wrong.form("/confirm").submit(browser, code=_code(secret)))
    codes = re.findall(r"\b[a-z2-9]{5}(?:-[a-z2-9]{5}){4}\b", done.words)
    assert len(codes) == 10
    later = served(browser.get(PAGE))
    assert "10 recovery codes are left" in later.words
    assert secret not in later.html.replace(" ", "")
    assert codes[0] not in later.html
    given = _password_given(doors, "chief")
    waits = _with(doors, given)
    form = served(waits.get(given.headers["location"])).form("/sign-in/code")
    assert form.submit(waits, code=codes[0]).headers["location"] == "/desk"


def _required(world: World, doors: Doors, role: str) -> Served:
    administrator = doors.browser(world.administrator)
    rules = served(administrator.get(served(administrator.get("/admin")).link(
        "Who needs a second factor"
    )))  # fmt: skip
    return followed(administrator, rules.form("/admin/second-factor").submit(
        administrator, roles=[role]
    ))  # fmt: skip


def test_whose_role_requires_one_is_led_to_set_it_up_before_anything_else(
    world: World, doors: Doors
) -> None:
    assert "This holds from now on." in _required(world, doors, "chief").words
    browser = _with(doors, _password_given(doors, "chief"))
    for address in ("/desk", "/leads", "/me", "/figures"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert "Your role needs a second factor" in served(browser.get(PAGE)).words
    program = doors.api().post("/api/v1/sessions", json={"login": "chief", "password": PASSWORD})
    bearer = {"Authorization": f"Bearer {program.json()['token']}"}
    refused = doors.api().get("/api/v1/matters", headers=bearer)
    assert refused.json()["type"] == "/problems/second-factor-required"

    shown = served(served(browser.get(PAGE)).form(PAGE).submit(browser))
    key = re.search(r"type this key: ((?:[A-Z2-7]{4} ?)+)", shown.words)
    assert key is not None
    shown.form("/confirm").submit(browser, code=_code(key[1].replace(" ", "")))
    assert served(browser.get("/desk")).words
    assert doors.browser(world.deputy).get("/desk").status_code == 200


def test_who_is_led_there_can_still_sign_out(world: World, doors: Doors) -> None:
    _required(world, doors, "chief")
    browser = _with(doors, _password_given(doors, "chief"))
    out = served(browser.get(PAGE)).form("/sign-out").submit(browser)
    assert out.headers["location"] == "/sign-in"


def test_an_administrator_removes_the_factor_of_who_lost_it(world: World, doors: Doors) -> None:
    _set_up(world, world.chief)
    administrator = doors.browser(world.administrator)
    address = f"/admin/accounts/{world.chief.account_id}"
    form = served(administrator.get(address)).form("/second-factor")
    assert form.submit(administrator).headers["location"] == address
    assert "None is set up." in served(administrator.get(address)).words
    assert _password_given(doors, "chief").headers["location"] == "/desk"


@pytest.mark.parametrize("code", [None, "000000"])
def test_a_program_sends_the_code_with_the_password(
    world: World, doors: Doors, code: str | None
) -> None:
    secret = _set_up(world, world.chief)
    body = {"login": "chief", "password": PASSWORD}
    refused = doors.api().post("/api/v1/sessions", json=body | ({"code": code} if code else {}))
    assert refused.status_code == (422 if code else 401)
    assert refused.json()["type"] == ("/problems/invalid" if code else "/problems/second-factor")
    opened = doors.api().post("/api/v1/sessions", json=body | {"code": _code(secret)})
    assert opened.status_code == 201
