"""Passkeys at a real browser, with Chromium's virtual authenticator: the script that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from anyio.from_thread import BlockingPortal
from playwright.sync_api import Browser, CDPSession
from psycopg.rows import DictRow

from app.core.settings import Settings
from app.main import create_app
from app.repositories.work import Office
from tests.browser.windows import Window, Windows
from tests.builders import PASSWORD, World
from tests.clients import served
from tests.commands import free_port

PAGE = "/me/second-factor"


@pytest.fixture
def named(chromium: Browser, portal: BlockingPortal, office: Office) -> Iterator[Windows]:
    """Windows before the application under a name: an IP address can't have passkeys."""
    port = free_port()
    app = create_app(office, Settings(port=port))
    with (
        served(app, port=port) as address,
        Windows(chromium, address.replace("127.0.0.1", "localhost"), office.keys) as windows,
    ):
        yield windows


def _authenticator(window: Window, *, verifies: bool = True) -> tuple[CDPSession, str]:
    link = window.page.context.new_cdp_session(window.page)
    link.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": True,
        "hasUserVerification": verifies, "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    made: dict[str, Any] = link.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return link, made["authenticatorId"]


def _add(window: Window, name: str) -> None:
    window.open(PAGE)
    window.page.fill("form[action='/me/passkeys'] [name=name]", name)
    with window.page.expect_navigation():
        window.press("Add a passkey")


def _password(window: Window, login: str) -> None:
    window.open("/sign-in")
    window.page.fill("[name=name]", login)
    window.page.fill("[name=password]", PASSWORD)
    window.press("Sign in")


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_a_passkey_is_added_signs_in_proves_again_and_is_removed(
    named: Windows, world: World, owner: psycopg.Connection[DictRow], locale: str
) -> None:
    window = named.open(locale)
    _authenticator(window)
    window.become(world.chief)
    _add(window, "work key")
    window.see("Write these down and lock them away. Each lets you in once, without your phone.")

    window.become(None)
    _password(window, "chief")
    assert window.path == "/sign-in/code"
    with window.page.expect_navigation():
        window.press("Use a passkey")
    assert window.path == "/desk"

    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")
    window.open(PAGE)
    window.press("Remove this passkey")
    window.see("What comes next touches money, names or rights.")
    with window.page.expect_navigation():
        window.press("Use a passkey instead")
    window.press("Go on with it")
    assert window.path == PAGE
    assert "work key" not in window.words
    window.become(None)
    _password(window, "chief")
    assert window.path == "/desk"


def test_adding_one_late_asks_first_who_sits_there_and_comes_back(
    named: Windows, world: World, owner: psycopg.Connection[DictRow]
) -> None:
    window = named.open()
    _authenticator(window)
    window.become(world.chief)
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")
    _add(window, "work key")
    assert window.path == "/me/again"
    window.page.fill("[name=password]", PASSWORD)
    window.press("It is me")
    assert window.path == PAGE
    _add(window, "work key")
    window.see("Recovery codes")


def test_a_key_that_asks_nobody_signs_in_and_does_not_prove_again(
    named: Windows, world: World, owner: psycopg.Connection[DictRow]
) -> None:
    window = named.open()
    _authenticator(window, verifies=False)
    window.become(world.chief)
    _add(window, "plain key")
    window.become(None)
    _password(window, "chief")
    with window.page.expect_navigation():
        window.press("Use a passkey")
    assert window.path == "/desk"
    window.open("/me/again?back=/figures")
    window.press("Use a passkey instead")
    window.page.get_by_role("alert").wait_for()
    window.see("The authenticator didn’t answer, or was told not to. Try it again.")
    window.page.fill("[name=password]", PASSWORD)  # the other way stays
    window.press("It is me")
    assert window.path == "/figures"


def test_a_counter_that_goes_back_is_refused_and_told(named: Windows, world: World) -> None:
    window = named.open()
    link, authenticator = _authenticator(window)
    window.become(world.chief)
    _add(window, "work key")
    (held,) = link.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})[
        "credentials"
    ]
    window.become(None)
    _password(window, "chief")
    with window.page.expect_navigation():
        window.press("Use a passkey")
    assert window.path == "/desk"
    # A copy of before: the same key, with the counter that it had then.
    link.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    link.send("WebAuthn.addCredential", {
        "authenticatorId": authenticator, "credential": {**held, "signCount": 0},
    })  # fmt: skip
    window.become(None)
    _password(window, "chief")
    with window.page.expect_navigation():
        window.press("Use a passkey")
    assert "counter went back" in window.words
    window.become(world.chief)
    window.open("/desk")
    window.see("A passkey of yours may have been copied: it lets nobody in any more.")


def test_without_a_passkey_the_question_who_sits_there_offers_none(
    named: Windows, world: World
) -> None:
    window = named.open()
    _authenticator(window)
    window.become(world.chief)
    window.open("/me/again?back=/figures")
    window.page.wait_for_load_state("networkidle")
    assert window.say("Use a passkey instead") not in window.words


def test_at_another_address_the_page_leads_to_the_right_one(named: Windows, world: World) -> None:
    window = named.open()
    window.address = named.address.replace("localhost", "127.0.0.1")
    window.become(world.chief)
    window.open(PAGE)
    window.see("Passkeys work at this system’s own address only, and you came by another.")
    link = window.page.get_by_role("link", name="Go there")
    assert link.get_attribute("href") == named.address


@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_without_a_script_or_in_an_old_browser_the_page_says_what_works(
    named: Windows, world: World, locale: str
) -> None:
    plain = named.open(locale, scripts=False)
    plain.become(world.chief)
    plain.open(PAGE)
    plain.see("Passkeys need JavaScript, which this browser has switched off or doesn’t have;"
              " an authenticator’s codes, below, work without it.")  # fmt: skip
    plain.press("Set it up")
    plain.see("Put it into your authenticator")
    old = named.open(locale)
    old.page.add_init_script("delete window.PublicKeyCredential")
    old.become(world.chief)
    old.open(PAGE)
    old.see("This browser is too old for passkeys.")
