"""Administering accounts over the API."""

from tests.builders import World
from tests.clients import Doors

ACCOUNTS = "/api/v1/accounts"


def test_from_nothing_to_somebody_who_works(world: World, doors: Doors) -> None:
    """An account, a role, a link, a password, a session."""
    admin = doors.api(world.administrator)
    made = admin.post(
        ACCOUNTS,
        json={"login": "hu.min", "name": "胡敏", "unit_id": str(world.unit("YC-O03").id)},
    )
    assert made.status_code == 201
    address = made.headers["Location"]
    body = {"role": "investigator", "unit_id": str(world.unit("YC-O03").id)}
    granted = admin.post(f"{address}/roles", json=body)
    assert granted.status_code == 201
    assert granted.json()["roles"] == []  # over matters: a second administrator gives it
    (waiting,) = admin.get(f"{ACCOUNTS}/role-requests").json()["items"]
    confirm = f"{ACCOUNTS}/role-requests/{waiting['id']}/confirm"
    assert admin.post(confirm).status_code == 409
    given = doors.api(world.operator).post(confirm)
    assert [role["role"] for role in given.json()["roles"]] == ["investigator"]
    link = admin.post(f"{address}/password-link").json()

    anybody = doors.api()
    password = {"token": link["token"], "password": "the ford below the bridge"}
    redeem = "/api/v1/password-links/redeem"
    assert anybody.post(redeem, json=password).status_code == 204
    assert anybody.post(redeem, json=password).status_code == 404
    opened = anybody.post(
        "/api/v1/sessions", json={"login": "hu.min", "password": "the ford below the bridge"}
    )
    token = opened.json()["token"]
    me = anybody.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert "leads:log" in me.json()["permissions"]


def test_an_administrator_lists_their_subtree_only(world: World, doors: Doors) -> None:
    township = doors.api(world.person("township-administrator")).get(ACCOUNTS).json()
    assert {each["login"] for each in township["items"]} == {
        "inspector",
        "township-administrator",
    }
    whole = doors.api(world.operator).get(ACCOUNTS, params={"limit": 200}).json()
    assert {each["login"] for each in whole["items"]} == set(world.plan.people)


def test_accounts_go_on_where_the_list_stopped(world: World, doors: Doors) -> None:
    client = doors.api(world.operator)
    seen: list[str] = []
    shown: dict[str, object] = {"limit": 6}
    while True:
        part = client.get(ACCOUNTS, params=shown).json()
        seen += [each["login"] for each in part["items"]]
        if part["next"] is None:
            break
        shown["cursor"] = part["next"]
    assert seen == sorted(world.plan.people)


def test_accounts_are_searched_by_login_and_name(world: World, doors: Doors) -> None:
    client = doors.api(world.operator)
    for search in ("adjudication", "沈家"):
        found = client.get(ACCOUNTS, params={"search": search}).json()["items"]
        assert [each["login"] for each in found] == ["adjudication-head"]


def test_an_account_out_of_reach_is_not_found(world: World, doors: Doors) -> None:
    client = doors.api(world.person("township-administrator"))
    address = f"{ACCOUNTS}/{world.chief.account_id}"
    assert client.get(address).status_code == 404
    body = {"active": False}
    assert client.patch(address, json=body, headers={"If-Match": '"2"'}).status_code == 404
    assert client.post(f"{address}/password-link").status_code == 404


def test_a_deactivated_account_is_out_within_its_own_token(world: World, doors: Doors) -> None:
    victim = doors.api(world.keeper)
    assert victim.get("/api/v1/me").status_code == 200
    admin = doors.api(world.administrator)
    address = f"{ACCOUNTS}/{world.keeper.account_id}"
    tag = admin.get(address).headers["ETag"]
    ended = admin.patch(address, json={"active": False}, headers={"If-Match": tag})
    assert ended.json()["active"] is False
    assert victim.get("/api/v1/me").status_code == 401


def test_a_role_that_ends_is_gone_with_the_next_request(world: World, doors: Doors) -> None:
    admin = doors.api(world.administrator)
    chief = doors.api(world.chief)
    assert chief.get("/api/v1/people").status_code == 200
    address = f"{ACCOUNTS}/{world.chief.account_id}"
    read = admin.get(address)
    role = f"{address}/roles/{read.json()['roles'][0]['id']}"
    assert admin.delete(role).status_code == 428
    assert admin.delete(role, headers={"If-Match": read.headers["ETag"]}).status_code == 200
    assert chief.get("/api/v1/people").status_code == 403
    assert chief.get("/api/v1/me").json()["roles"] == []


def test_a_role_is_ended_on_the_account_that_holds_it(world: World, doors: Doors) -> None:
    admin = doors.api(world.administrator)
    chief = admin.get(f"{ACCOUNTS}/{world.chief.account_id}").json()["roles"][0]["id"]
    other = admin.get(f"{ACCOUNTS}/{world.deputy.account_id}")
    answer = admin.delete(
        f"{ACCOUNTS}/{world.deputy.account_id}/roles/{chief}",
        headers={"If-Match": other.headers["ETag"]},
    )
    assert answer.status_code == 404


def test_logins_are_plain(world: World, doors: Doors) -> None:
    client = doors.api(world.operator)
    for login in ("张三", "a", "a b", "A.B", "x\x00y", "-x", "x" * 65, ""):
        answer = client.post(ACCOUNTS, json={"login": login, "name": "张三"})
        assert answer.status_code == 422, login
        assert answer.json()["errors"][0]["field"] == "login"


def test_an_account_sent_twice_is_made_once(world: World, doors: Doors) -> None:
    client = doors.api(world.operator)
    key = {"Idempotency-Key": "one-account"}
    body = {"login": "hu.min", "name": "胡敏"}
    first = client.post(ACCOUNTS, json=body, headers=key)
    again = client.post(ACCOUNTS, json=body, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"]
    assert client.post(ACCOUNTS, json=body).status_code == 422
