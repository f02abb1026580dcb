"""One's own sessions over the API: listed, ended, gone on with, and proven again."""

from datetime import datetime, timedelta

import psycopg
from psycopg.rows import DictRow

from tests.builders import PASSWORD, World
from tests.clients import Doors

SESSIONS = "/api/v1/sessions"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_program_sees_and_ends_its_owners_sessions(world: World, doors: Doors) -> None:
    opened = doors.api().post(SESSIONS, json={"login": "chief", "password": PASSWORD}).json()
    client = doors.api(world.chief)
    listed = client.get(SESSIONS).json()["items"]
    assert [each["kind"] for each in listed if not each["current"]] == ["program"]
    (other,) = (each["id"] for each in listed if not each["current"])
    assert doors.api(world.deputy).delete(f"{SESSIONS}/{other}").status_code == 404
    assert client.delete(f"{SESSIONS}/{other}").status_code == 204
    assert client.get("/api/v1/me", headers=_bearer(opened["token"])).status_code == 401
    assert client.delete(SESSIONS).status_code == 204
    assert client.get(SESSIONS).status_code == 401


def test_a_refresh_token_is_good_once_and_its_reuse_ends_the_family(
    world: World, doors: Doors
) -> None:
    client = doors.api()
    first = client.post(SESSIONS, json={"login": "chief", "password": PASSWORD}).json()
    sent = {"refresh_token": first["refresh_token"]}
    second = client.post(f"{SESSIONS}/refresh", json=sent)
    assert second.status_code == 200
    ends = [datetime.fromisoformat(each["session_ends_at"]) for each in (first, second.json())]
    assert abs(ends[1] - ends[0]) < timedelta(seconds=1)  # it lives no longer
    assert client.get("/api/v1/me", headers=_bearer(second.json()["token"])).status_code == 200
    assert client.get("/api/v1/me", headers=_bearer(first["token"])).status_code == 401
    assert client.post(f"{SESSIONS}/refresh", json=sent).status_code == 401
    assert client.get("/api/v1/me", headers=_bearer(second.json()["token"])).status_code == 401
    last = {"refresh_token": second.json()["refresh_token"]}
    assert client.post(f"{SESSIONS}/refresh", json=last).status_code == 401


def test_a_program_proves_again_who_it_acts_for(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")
    client = doors.api(world.administrator)
    address = f"/api/v1/accounts/{world.finance.account_id}/password-link"
    refused = client.post(address)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/fresh-authentication")
    confirm = f"{SESSIONS}/current/confirm"
    assert client.post(confirm, json={"password": "wrong wrong"}).status_code == 422
    confirmed = client.post(confirm, json={"password": PASSWORD})
    assert confirmed.status_code == 200
    token = _bearer(confirmed.json()["token"])
    assert doors.api().post(address, headers=token).status_code == 201
    assert client.get("/api/v1/me").status_code == 401  # the secret before it is gone


def test_no_password_that_others_try_first_is_set_over_the_api(world: World, doors: Doors) -> None:
    body = {"old": PASSWORD, "new": "passwordpassword1"}
    refused = doors.api(world.chief).post("/api/v1/me/password", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "new"
