"""Signing in and out over the API, and every way of pretending to have done so."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jose import jwt

from app.core import tokens
from app.repositories.work import Office
from app.routers.cookies import SESSION as COOKIE
from tests.builders import PASSWORD, World
from tests.clients import Client, Doors

ME = "/api/v1/me"


def _bearer(client: Client, token: str) -> int:
    return client.get(ME, headers={"Authorization": f"Bearer {token}"}).status_code


def test_signing_in_gives_a_token_that_says_who_i_am(world: World, doors: Doors) -> None:
    client = doors.api()
    opened = client.post("/api/v1/sessions", json={"login": "chief", "password": PASSWORD})

    assert opened.status_code == 201
    assert "set-cookie" not in opened.headers
    token = opened.json()["token"]
    me = client.get(ME, headers={"Authorization": f"Bearer {token}"}).json()
    assert me["login"] == "chief"
    assert [role["role"] for role in me["roles"]] == ["chief"]
    assert "matters:read" in me["permissions"]


def test_a_wrong_password_gives_away_nothing(world: World, doors: Doors) -> None:
    client = doors.api()
    answers = [
        client.post("/api/v1/sessions", json={"login": login, "password": "wrong wrong"})
        for login in ("chief", "nobody.at.all")
    ]
    known, unknown = [answer.json() | {"instance": ""} for answer in answers]
    assert known == unknown
    assert [answer.status_code for answer in answers] == [401, 401]


def test_the_refusal_speaks_the_readers_language(world: World, doors: Doors) -> None:
    answer = doors.api(language="zh-CN,zh;q=0.9").post(
        "/api/v1/sessions", json={"login": "chief", "password": "wrong wrong"}
    )
    assert answer.json()["detail"] == "登录名和密码不匹配。"
    assert answer.headers["Content-Language"] == "zh-CN"


def test_signing_out_makes_the_token_worthless(world: World, doors: Doors) -> None:
    client = doors.api(world.finance)
    assert client.get(ME).status_code == 200
    assert client.delete("/api/v1/sessions/current").status_code == 204
    assert client.get(ME).status_code == 401
    assert client.post("/api/v1/sessions/current/token").status_code == 401


def test_a_token_is_renewed_while_its_session_lives(world: World, doors: Doors) -> None:
    renewed = doors.api(world.finance).post("/api/v1/sessions/current/token")
    assert renewed.status_code == 200
    assert _bearer(doors.api(), renewed.json()["token"]) == 200


def test_an_expired_token_is_refused(world: World, doors: Doors) -> None:
    old = doors.token(world.chief, lifetime=timedelta(seconds=-1))
    assert _bearer(doors.api(), old) == 401


def _forge(office: Office, secret: str, **changes: Any) -> str:
    """A token as ours would be, but for what `changes` says."""
    now = datetime.now(UTC)
    claims = {"sid": secret, "aud": "plumbline", "iat": now, "exp": now + timedelta(minutes=5)}
    claims = {key: value for key, value in (claims | changes.pop("claims", {})).items() if value}
    keys = office.keys
    return jwt.encode(
        claims,
        changes.pop("key", keys.tokens[keys.token]),
        algorithm=changes.pop("algorithm", tokens.ALGORITHM),
        headers={"kid": keys.token} | changes.pop("headers", {}),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"key": b"k" * 32},
        {"algorithm": "HS512"},
        {"algorithm": "HS384"},
        {"headers": {"kid": "t9"}},
        {"headers": {"kid": "../../dev/null"}},
        {"headers": {"kid": ""}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": None}},
        {"claims": {"exp": None}},
        {"claims": {"iat": None}},
        {"claims": {"exp": datetime.now(UTC) - timedelta(hours=1)}},
        {"claims": {"nbf": datetime.now(UTC) + timedelta(hours=1)}},
        {"claims": {"sid": "some other secret"}},
        {"claims": {"sid": None}},
    ],
    # Not the values: the moments among them differ between the processes of one run.
    ids=lambda changes: "-".join(f"{key}" for key in changes),
)
def test_a_forged_token_opens_nothing(
    office: Office, world: World, doors: Doors, changes: dict[str, Any]
) -> None:
    assert _bearer(doors.api(), _forge(office, world.chief.session)) == 200
    assert _bearer(doors.api(), _forge(office, world.chief.session, **dict(changes))) == 401


def test_a_token_that_names_no_algorithm_opens_nothing(
    office: Office, world: World, doors: Doors
) -> None:
    whole = _forge(office, world.chief.session)
    _, claims, signature = whole.split(".")
    for algorithm in ("none", "None", "NONE", ""):
        head = json.dumps({"alg": algorithm, "typ": "JWT", "kid": office.keys.token})
        start = base64.urlsafe_b64encode(head.encode()).rstrip(b"=").decode()
        for forged in (f"{start}.{claims}.", f"{start}.{claims}.{signature}"):
            assert _bearer(doors.api(), forged) == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "....", "é", "\u4e2d", "x" * 5000])
def test_nonsense_is_no_token(world: World, doors: Doors, token: str) -> None:
    header = f"Bearer {token}".encode()
    answer = doors.api().get(ME, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_sessions_secret_is_not_a_token(world: World, doors: Doors) -> None:
    assert _bearer(doors.api(), world.chief.session) == 401
    assert _bearer(doors.api(), str(world.chief.account_id)) == 401


def test_a_cookie_alone_changes_nothing_over_the_api(world: World, doors: Doors) -> None:
    """A browser sends it by itself, also when another site asks."""
    browser = doors.browser(world.investigator)
    body = {"name": "张三"}
    forged = browser.post("/api/v1/people", json=body)
    assert forged.status_code == 403
    assert forged.json()["type"] == "/problems/forged"

    others = doors.form_header(world.chief)
    assert browser.post("/api/v1/people", json=body, headers=others).status_code == 403

    own = doors.form_header(world.investigator)
    elsewhere = own | {"Origin": "https://evil.test"}
    assert browser.post("/api/v1/people", json=body, headers=elsewhere).status_code == 403
    cross = own | {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/api/v1/people", json=body, headers=cross).status_code == 403

    assert browser.post("/api/v1/people", json=body, headers=own).status_code == 201
    here = own | {"Origin": "http://localhost:8000"}
    assert browser.post("/api/v1/people", json=body, headers=here).status_code == 201


def test_a_cookies_token_is_renewed_when_half_its_life_is_over(world: World, doors: Doors) -> None:
    young = doors.browser(world.chief)
    assert "set-cookie" not in young.get(ME).headers

    old = doors.browser()
    token = doors.token(world.chief, lifetime=timedelta(minutes=5))
    renewed = old.get(ME, headers={"Cookie": f"{COOKIE}={token}"})
    cookie = renewed.headers["set-cookie"]
    assert renewed.status_code == 200
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    fresh = cookie.partition(";")[0]
    assert old.get(ME, headers={"Cookie": fresh}).status_code == 200


def test_renewing_revives_nothing(world: World, doors: Doors) -> None:
    assert doors.api(world.chief).delete("/api/v1/sessions/current").status_code == 204
    token = doors.token(world.chief, lifetime=timedelta(minutes=5))
    answer = doors.browser().get(ME, headers={"Cookie": f"{COOKIE}={token}"})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_choosing_a_language_needs_the_version_that_was_read(world: World, doors: Doors) -> None:
    client = doors.api(world.chief)
    read = client.get(ME)
    assert client.patch(ME, json={"locale": "en"}).status_code == 428
    stale = client.patch(ME, json={"locale": "en"}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    done = client.patch(ME, json={"locale": "en"}, headers={"If-Match": read.headers["ETag"]})
    assert done.status_code == 200
    assert done.json()["locale"] == "en"
    assert done.headers["ETag"] != read.headers["ETag"]


def test_changing_a_password_over_the_api(world: World, doors: Doors) -> None:
    client = doors.api(world.secretary)
    refused = client.post(
        "/api/v1/me/password", json={"old": "wrong wrong", "new": "long enough for 1"}
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "old"
    changed = client.post("/api/v1/me/password", json={"old": PASSWORD, "new": "long enough for 1"})
    assert changed.status_code == 204
    opened = doors.api().post(
        "/api/v1/sessions", json={"login": "secretary", "password": "long enough for 1"}
    )
    assert opened.status_code == 201


def test_too_many_failures_answer_429(world: World, doors: Doors) -> None:
    client = doors.api()
    wrong = {"login": "liaison", "password": "wrong wrong"}
    statuses = [client.post("/api/v1/sessions", json=wrong).status_code for _ in range(10)]
    assert statuses == [401] * 10
    closed = client.post("/api/v1/sessions", json={"login": "liaison", "password": PASSWORD})
    assert closed.status_code == 429
    assert int(closed.headers["Retry-After"]) > 0
