"""No other site acts in a reader's name, and no address of ours leads away."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from app.routers.csrf import FIELD, token
from app.routers.open_to_all import PUBLIC
from app.routers.pages.gate import safe_back
from tests.builders import World
from tests.clients import Doors

SAFE = {"GET", "HEAD", "OPTIONS"}
AN_ID = "01a223f1-dc53-74c1-b113-52afa1c6d09a"


def _unsafe(doors: Doors) -> list[tuple[str, str, bool]]:
    """(method, address, public) of every route of the pages that changes something."""
    found = []
    for route in iter_route_contexts(doors.app.routes):
        path = route.path or ""
        if not isinstance(route.original_route, APIRoute) or path.startswith("/api/"):
            continue
        for method in set(route.methods or ()) - SAFE:
            address = re.sub(r"\{[^}]*\}", AN_ID, path)
            found.append((method, address, (method, path) in PUBLIC))
    return found


def test_no_page_changes_anything_without_its_own_form(world: World, doors: Doors) -> None:
    """Every unsafe route there is, asked without a form's token and with somebody else's."""
    browser = doors.browser(world.chief)
    others = token(doors.keys, world.deputy.session)
    asked = [(method, address) for method, address, public in _unsafe(doors) if not public]
    assert len(asked) > 40
    for method, address in asked:
        for form in ({}, {FIELD: others}, {FIELD: ""}):
            answer = browser.request(method, address, data=form)
            assert answer.status_code == 403, address
            assert "Not from this page" in answer.text, address


def test_no_page_takes_a_form_from_another_site(world: World, doors: Doors) -> None:
    """Those that need no sign-in included: by what browsers say of where a form stood."""
    browser = doors.browser(world.chief)
    form = {FIELD: token(doors.keys, world.chief.session)}
    for method, address, _ in _unsafe(doors):
        for headers in (
            {"Origin": "https://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
        ):  # fmt: skip
            answer = browser.request(method, address, data=form, headers=headers)
            assert answer.status_code == 403, (address, headers)


AWAY = [
    "https://evil.test", "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test",
    "/\t/evil.test", "\t//evil.test", "/\n/evil.test", "/\r/evil.test", "http:evil.test",
    "javascript:alert(1)", "data:text/html,x", "evil.test", "", "?x", "/\x00/evil.test",
    "//[evil", "/desk\r\nSet-Cookie: a=b", "/\u2028/evil.test",
]  # fmt: skip


@pytest.mark.parametrize("address", AWAY)
def test_no_address_to_go_back_to_leads_away(doors: Doors, address: str) -> None:
    assert safe_back(address) == "/desk"
    answer = doors.browser().post("/preferences", data={"locale": "en", "back": address})
    if "\x00" in address:
        assert answer.status_code == 422
    else:
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


@pytest.mark.parametrize("address", ["/desk", "/leads?due=overdue&unit=YC-T01", "/search?q=a//b"])
def test_an_address_of_ours_is_gone_back_to(address: str) -> None:
    assert safe_back(address) == address
