"""Keys for programs over the API and on their page."""

import re

import pytest

from tests import build_matters
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import served

KEYS = "/api/v1/me/keys"
SCOPE = ["matters:read", "units:read"]


def _bearer(doors: Doors, key: str) -> Client:
    client = doors.api()
    client._client.headers["Authorization"] = f"Bearer {key}"
    return client


def _made(doors: Doors, world: World, scope: list[str]) -> dict[str, str]:
    body = {"name": "statistics", "scope": scope, "days": 30}
    answer = doors.api(world.lead_manager).post(KEYS, json=body)
    assert answer.status_code == 201
    return dict(answer.json())


def test_a_program_reads_by_its_key_until_it_is_revoked(world: World, doors: Doors) -> None:
    made = _made(doors, world, SCOPE)
    program, owner = _bearer(doors, made["key"]), doors.api(world.lead_manager)
    assert program.get("/api/v1/units").status_code == 200
    assert program.get("/api/v1/people").status_code == 403  # not in its scope
    listed = owner.get(KEYS).json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert "key" not in listed[0]  # shown once
    assert owner.delete(f"{KEYS}/{made['id']}").status_code == 204
    assert program.get("/api/v1/units").status_code == 401


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/api/v1/me"),
        ("GET", KEYS),
        ("GET", "/api/v1/sessions"),
        ("DELETE", "/api/v1/sessions"),
        ("DELETE", "/api/v1/sessions/current"),
        ("POST", "/api/v1/sessions/current/token"),
        ("DELETE", "/api/v1/me/second-factor"),
    ],
)
def test_what_is_ones_own_is_no_keys(world: World, doors: Doors, method: str, address: str) -> None:
    program = _bearer(doors, _made(doors, world, SCOPE)["key"])
    assert program.request(method, address).status_code == 403


def test_a_key_to_log_leads_works_on_none(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.lead_manager)
    program = _bearer(doors, _made(doors, world, ["leads:log", *SCOPE])["key"])
    assert program.get(f"/api/v1/matters/{lead}").status_code == 200
    note = program.post(f"/api/v1/matters/{lead}/notes", json={"text": "a note"})
    assert note.status_code == 403
    owner = doors.api(world.lead_manager)
    assert owner.post(f"/api/v1/matters/{lead}/notes", json={"text": "a note"}).status_code == 201


def test_a_key_in_a_cookie_opens_nothing(world: World, doors: Doors) -> None:
    made = _made(doors, world, SCOPE)
    browser = doors.browser()
    cookie = {"Cookie": f"plumbline_session={made['key']}"}
    assert browser.get("/leads", headers=cookie).status_code == 303
    assert browser.get("/api/v1/units", headers=cookie).status_code == 401


def test_a_key_is_made_and_revoked_on_its_page(world: World, doors: Doors) -> None:
    browser = doors.browser(world.lead_manager)
    page = served(browser.get(served(browser.get("/me")).link("Keys for programs")))
    form = page.form("/me/keys")
    assert "requests:sign" not in form.choices["scope"]
    refused = served(form.submit(browser, name="statistics", scope=[], days="30"), 422)
    assert "Choose what it may do." in refused.words
    made = served(form.submit(browser, name="statistics", scope=["units:read"], days="30"))
    key = re.search(r"plk_[\w-]{43}", made.words)
    assert key is not None
    assert _bearer(doors, key[0]).get("/api/v1/units").status_code == 200
    later = served(browser.get("/me/keys"))
    assert key[0] not in later.html
    assert "statistics · read units" in later.words
    later.form("/revoke").submit(browser)
    assert "No program has a key of yours." in served(browser.get("/me/keys")).words
    assert _bearer(doors, key[0]).get("/api/v1/units").status_code == 401


def test_a_key_that_only_reads_opens_no_persons_file(world: World, doors: Doors) -> None:
    """An opening is written down, and asks a person why."""
    owner = doors.api(world.lead_manager)
    person = owner.post("/api/v1/people", json={"name": "张三"}).headers["Location"]
    assert owner.get(person).status_code == 200
    program = _bearer(doors, _made(doors, world, ["people:read"])["key"])
    assert program.get("/api/v1/people").status_code == 200
    assert program.get(person).status_code == 403
    reason = {"reason": "核对名册。"}
    assert program.post(f"{person}/openings", json=reason).status_code == 403
