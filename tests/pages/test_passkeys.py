"""Passkeys on the pages: what a script fills in is a form like any other."""

from __future__ import annotations

import json
from typing import Any

import httpx
import psycopg
import pytest
from anyio.from_thread import BlockingPortal
from psycopg.rows import DictRow

from app.core.settings import Settings
from app.main import create_app
from app.repositories.work import Office
from app.routers.cookies import SESSION
from app.routers.csrf import FIELD, token
from tests.authenticators import Authenticator, Credential
from tests.builders import PASSWORD, Someone, World
from tests.clients import Client, Doors
from tests.pages.served import served

PAGE = "/me/second-factor"


def _options(browser: Client, address: str, csrf: str = "") -> dict[str, Any]:
    answer = browser.post(address, data={FIELD: csrf}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["public_key"]
    return found


def _add(doors: Doors, who: Someone, key: Authenticator, name: str = "phone") -> httpx.Response:
    browser = doors.browser(who)
    form = served(browser.get(PAGE)).form("/me/passkeys")
    options = _options(browser, "/me/passkeys/options", token(doors.keys, who.session))
    return form.submit(browser, name=name, credential=json.dumps(key.make(options)))


def _with(doors: Doors, answer: httpx.Response) -> Client:
    (cookie,) = (c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION + "="))
    browser = doors.browser()
    browser.cookies.set(SESSION, cookie.partition(";")[0].partition("=")[2])
    return browser


def _password_given(doors: Doors, login: str, back: str = "/desk") -> httpx.Response:
    browser = doors.browser()
    form = served(browser.get("/sign-in", params={"back": back})).form("/sign-in")
    return form.submit(browser, name=login, password=PASSWORD)


def test_the_first_passkey_comes_with_recovery_codes_and_is_listed(
    world: World, doors: Doors
) -> None:
    shown = served(_add(doors, world.chief, Authenticator(), "铜钥匙"))
    assert "Write these down" in shown.words
    page = served(doors.browser(world.chief).get(PAGE))
    assert "铜钥匙" in page.words
    assert "not used yet" in page.words
    assert "10 recovery codes are left" in page.words
    second = _add(doors, world.chief, Authenticator(), "another")
    assert (second.status_code, second.headers["location"]) == (303, PAGE)


def test_signing_in_takes_the_passkey_and_leads_on(world: World, doors: Doors) -> None:
    key = Authenticator()
    _add(doors, world.chief, key)
    given = _password_given(doors, "chief", "/figures?year=2018")
    browser = _with(doors, given)
    assert browser.get("/figures").status_code == 303
    page = served(browser.get(given.headers["location"]))
    assert "a code works without it" in page.words  # what there is without a script
    options = _options(browser, "/sign-in/passkey/options")
    false = key.but(counter=2, origin="https://evil.test").answer(options)
    wrong = served(page.form("/sign-in/passkey").submit(browser, credential=json.dumps(false)), 422)
    assert "isn't right for this" in wrong.words
    options = _options(browser, "/sign-in/passkey/options")
    answer = json.dumps(key.but(counter=2).answer(options))
    opened = wrong.form("/sign-in/passkey").submit(browser, credential=answer)
    assert opened.headers["location"] == "/figures?year=2018"
    assert _with(doors, opened).get("/figures").status_code == 200
    again = wrong.form("/sign-in/passkey").submit(browser, credential=answer)
    assert again.status_code == 422  # the same answer once more


@pytest.mark.parametrize("login", ["chief", "deputy", "nobody-at-all"])
def test_the_door_says_the_same_of_everybody_before_the_password(
    world: World, doors: Doors, login: str
) -> None:
    _add(doors, world.chief, Authenticator())
    browser = doors.browser()
    wrong = served(browser.get("/sign-in")).form("/sign-in").submit(
        browser, name=login, password="a wrong password"
    )  # fmt: skip
    assert "This name and password don't go together." in served(wrong, 401).words
    assert "passkey" not in wrong.text.lower()
    assert "passkey" not in browser.get("/sign-in/code").text.lower()
    refused = browser.post("/sign-in/passkey/options", headers={"Accept": "application/json"})
    assert refused.status_code == 404
    answer = browser.post("/sign-in/passkey", data={"credential": "{}"})
    assert answer.headers["location"].startswith("/sign-in?back=")


def test_a_passkey_proves_again_who_sits_there_and_goes_on_with_the_form(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    key = Authenticator()
    _add(doors, world.chief, key)
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")
    browser = doors.browser(world.chief)
    renew = served(browser.get(PAGE)).form("/me/second-factor/codes")
    asked = served(renew.submit(browser), 403)
    csrf = token(doors.keys, world.chief.session)
    options = _options(browser, "/me/again/options", csrf)
    answer = json.dumps(key.but(counter=2).answer(options))
    done = asked.form("/me/again").submit(browser, credential=answer)
    on = served(done)
    assert answer not in done.text
    fresh = _with(doors, done)
    assert "Write these down" in served(on.form("/me/second-factor/codes").submit(fresh)).words


def test_a_password_that_was_typed_again_stands_in_no_page(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    """Also where the form that waits has no fields of its own."""
    _add(doors, world.chief, Authenticator())
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")
    browser = doors.browser(world.chief)
    renew = served(browser.get(PAGE)).form("/me/second-factor/codes")
    asked = served(renew.submit(browser), 403)
    done = asked.form("/me/again").submit(browser, password=PASSWORD)
    assert PASSWORD not in done.text
    on = served(done).form("/me/second-factor/codes")
    assert set(on.fields) == {FIELD}


def test_adding_one_asks_first_who_sits_there(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")
    refused = doors.browser(world.chief).post(
        "/me/passkeys/options",
        data={FIELD: token(doors.keys, world.chief.session)},
        headers={"Accept": "application/json"},
    )
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/fresh-authentication"


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "x" * 100_000, '{"id": 1}', '{"id":"AQ","rawId":"AQ"}']
)
def test_a_field_that_no_script_filled_is_said_so(
    world: World, doors: Doors, credential: str
) -> None:
    browser = doors.browser(world.chief, language="zh-CN")
    form = served(browser.get(PAGE)).form("/me/passkeys")
    refused = served(form.submit(browser, name="x", credential=credential), 422)
    assert "浏览器没有发来通行密钥。" in refused.words
    unnamed = served(form.submit(browser, name="", credential=credential), 422)
    assert "请取一个不超过六十个字符的名称。" in unnamed.words


def test_one_is_renamed_and_removed(world: World, doors: Doors) -> None:
    _add(doors, world.chief, Authenticator(), "old")
    browser = doors.browser(world.chief)
    served(browser.get(PAGE)).form("/name").submit(browser, name="new")
    page = served(browser.get(PAGE))
    assert "new" in page.words
    (remove,) = (form for form in page.forms if form.action.startswith("/me/passkeys/")
                 and form.action.endswith("/remove"))  # fmt: skip
    assert remove.submit(browser).status_code == 303
    assert _password_given(doors, "chief").headers["location"] == "/desk"


def test_a_doubted_one_is_told_to_its_owner(world: World, doors: Doors) -> None:
    key = Authenticator(counter=9)
    _add(doors, world.chief, key)
    waiting = _with(doors, _password_given(doors, "chief"))
    answer: Credential = key.but(counter=8).answer(_options(waiting, "/sign-in/passkey/options"))
    form = served(waiting.get("/sign-in/code")).form("/sign-in/passkey")
    assert "counter went back" in served(
        form.submit(waiting, credential=json.dumps(answer)), 422
    ).words  # fmt: skip
    browser = doors.browser(world.chief)
    assert "somebody may have a copy of it" in served(browser.get(PAGE)).words
    desk = served(browser.get("/desk"))
    assert "A passkey of yours may have been copied" in desk.words
    assert desk.link("See my passkeys") == PAGE


def test_under_an_ip_address_there_are_none_and_the_page_says_so(
    portal: BlockingPortal, office: Office, world: World
) -> None:
    app = create_app(office, Settings(address="http://127.0.0.1:8000"))
    doors = Doors(portal, app, office.keys)
    page = served(doors.browser(world.chief).get(PAGE))
    assert "Passkeys need an address with a name" in page.words
    refused = doors.api(world.chief).post("/api/v1/me/passkeys/options")
    assert refused.status_code == 409
