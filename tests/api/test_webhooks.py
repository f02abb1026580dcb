"""Subscribing over the API, and on the pages."""

import re

import pytest

from app.services import webhook_sending
from tests.build_matters import log
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served

MINE, ALL = "/api/v1/me/webhooks", "/api/v1/webhooks"
BODY = {"name": "归档系统", "address": "https://archive.example/hook", "days": 30}


def look(world: World) -> None:
    webhook_sending.look_for_changes(world.office, world.operator.session)


def test_a_subscription_from_its_making_to_its_end(world: World, doors: Doors) -> None:
    mine, administrator = doors.api(world.chief), doors.api(world.administrator)
    made = mine.post(MINE, json=BODY)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert made.json()["confirmed_at"] is None
    (listed,) = mine.get(MINE).json()["items"]
    assert "secret" not in listed
    (waiting,) = administrator.get(ALL).json()["items"]
    assert (waiting["id"], waiting["account_name"]) == (listed["id"], world.chief.name)
    assert administrator.post(f"{ALL}/{listed['id']}/confirm").status_code == 204
    again = administrator.post(f"{ALL}/{listed['id']}/confirm")
    assert again.status_code == 409
    look(world)
    lead = log(world, world.investigator)
    look(world)
    deliveries = f"{MINE}/{listed['id']}/deliveries"
    (sent,) = mine.get(deliveries).json()["items"]
    assert (sent["matter_id"], sent["number"], sent["state"]) == (
        str(lead), "YC2018-0001", "waiting",
    )  # fmt: skip
    assert mine.post(f"{deliveries}/{sent['id']}/resend").status_code == 204
    assert doors.api(world.deputy).get(deliveries).status_code == 404
    assert mine.get(ALL).status_code == 403
    assert mine.delete(f"{MINE}/{listed['id']}").status_code == 204
    assert mine.get(MINE).json()["items"] == []
    assert mine.delete(f"{MINE}/{listed['id']}").status_code == 404


def test_a_key_subscribes_to_nothing(world: World, doors: Doors) -> None:
    """Else a key that runs out could leave another behind."""
    body = {"name": "statistics", "scope": ["matters:read"], "days": 30}
    key = doors.api(world.chief).post("/api/v1/me/keys", json=body).json()["key"]
    program = doors.api()
    program._client.headers["Authorization"] = f"Bearer {key}"
    assert program.post(MINE, json=BODY).status_code == 403
    assert program.get("/api/v1/changes").status_code == 200


@pytest.mark.parametrize("address", ["http://archive.example/", "https://10.0.0.1/", "archive"])
def test_an_address_that_leads_nowhere_is_named(world: World, doors: Doors, address: str) -> None:
    answer = doors.api(world.chief).post(MINE, json={**BODY, "address": address})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "address"


def test_deliveries_are_read_a_part_at_a_time(world: World, doors: Doors) -> None:
    mine = doors.api(world.chief)
    webhook = mine.post(MINE, json=BODY).json()["id"]
    doors.api(world.administrator).post(f"{ALL}/{webhook}/confirm")
    look(world)
    leads = [str(log(world, world.investigator)) for _ in range(3)]
    look(world)
    deliveries = f"{MINE}/{webhook}/deliveries"
    first = mine.get(deliveries, params={"limit": 2}).json()
    rest = mine.get(deliveries, params={"limit": 2, "cursor": first["next"]}).json()
    assert [each["matter_id"] for each in first["items"] + rest["items"]] == leads[::-1]
    assert rest["next"] is None


def test_a_subscription_is_made_confirmed_watched_and_ended_on_the_pages(
    world: World, doors: Doors
) -> None:
    browser, office = doors.browser(world.chief), doors.browser(world.administrator)
    page = served(browser.get(served(browser.get("/me")).link("Webhooks")))
    form = page.form("/me/webhooks")
    wrong = served(form.submit(browser, name="归档", address="http://x.example", days="30"), 422)
    assert "An address begins with https://." in wrong.words
    made = served(
        form.submit(browser, name="归档", address="https://archive.example/hook", days="30")
    )
    secret = re.search(r"whsec_[\w+/=]{44}", made.words)
    assert secret is not None
    mine = served(browser.get("/me/webhooks"))
    assert secret[0] not in mine.html
    assert "waits for an administrator" in mine.words
    waiting = served(office.get(served(office.get("/admin")).link("Webhooks")))
    assert "https://archive.example/hook" in waiting.words
    assert waiting.form("/confirm").submit(office).status_code == 303
    look(world)
    log(world, world.investigator)
    look(world)
    mine = served(browser.get("/me/webhooks"))
    sent = served(browser.get(mine.link("What was sent")))
    assert "YC2018-0001" in sent.words
    assert sent.form("/resend").submit(browser).status_code == 303
    ended = served(office.get("/admin/webhooks")).form("/end").submit(office)
    assert ended.status_code == 303
    assert (
        "No program is told of changes in your name." in served(browser.get("/me/webhooks")).words
    )
