"""What surrounds every answer: refusals, limits, headers, repeated requests, logs, measures."""

import io
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import structlog
from psycopg.rows import DictRow

from app.core import i18n, log
from app.core.settings import MEBIBYTE
from app.domain.errors import PlumblineError
from app.domain.permissions import Permission
from app.repositories.work import Office
from app.routers import errors
from app.routers.csrf import FIELD, token
from app.routers.deps import Api, Page
from app.routers.problems import KINDS
from tests.builders import PASSWORD, World
from tests.clients import Doors

PEOPLE = "/api/v1/people"
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"name": "\xff\xfe"}', 400),
        (b'{"name": "cut', 400),
        (b"", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": "a\\u0000b"}', 422),
        (b'{"name": " "}', 422),
        (b'{"name": 1}', 422),
        (b'{"name": "x", "nmae": "y"}', 422),
        (b'{"name": "x", "unit_id": "5"}', 422),
        (b'{"name": "x", "member": "perhaps"}', 422),
        (b'{"name": "' + b"x" * 201 + b'"}', 422),
        (b"[" * 100_000, 400),
    ],
)
def test_bad_input_gets_a_problem_that_says_why(
    world: World, doors: Doors, content: bytes, status: int
) -> None:
    answer = doors.api(world.investigator).post(
        PEOPLE, content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert problem["instance"] == answer.headers["X-Request-Id"]
    assert problem["title"]
    assert problem["detail"]


def test_every_wrong_field_is_named_with_its_reason(world: World, doors: Doors) -> None:
    body = {"name": "", "unit_id": "x", "rank": "y" * 300, "colour": "red"}
    answer = doors.api(world.investigator, language="zh-CN").post(PEOPLE, json=body)
    found = {each["field"]: each["reason"] for each in answer.json()["errors"]}
    assert found.keys() == {"name", "unit_id", "rank", "colour"}
    assert found["colour"] == "没有这个字段。"
    assert found["rank"] == "太长：最多200个字符。"
    assert all("\u4e00" <= reason[0] <= "\u9fff" for reason in found.values())


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_only_json_is_taken(world: World, doors: Doors, media: str) -> None:
    answer = doors.api(world.investigator).post(
        PEOPLE, content=b'{"name": "x"}', headers={"Content-Type": media}
    )
    assert answer.status_code == 415


def test_unknown_addresses_and_methods_have_the_same_shape(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    for method, address, status in (
        ("GET", "/api/v1/nothing", 404),
        ("PUT", PEOPLE, 405),
        ("GET", f"{PEOPLE}/not-an-id", 422),
        ("GET", f"{PEOPLE}/", 404),
    ):
        answer = client.request(method, address)
        assert answer.status_code == status, address
        assert answer.headers["Content-Type"] == PROBLEM
    assert "POST" in client.request("PUT", PEOPLE).headers["Allow"]


def test_a_page_that_isnt_there_is_a_page(world: World, doors: Doors) -> None:
    answer = doors.browser(language="zh-CN").get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert 'lang="zh-CN"' in answer.text


def test_a_page_needs_its_own_form_from_its_own_session(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    own = token(doors.keys, world.investigator.session)
    others = token(doors.keys, world.chief.session)
    for form in (
        {},
        {FIELD: ""},
        {FIELD: others},
        {FIELD: own[:-1]},
        {FIELD: token(doors.keys, "")},
    ):
        assert browser.post("/sign-out", data=form).status_code == 403
    for headers in (
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert browser.post("/sign-out", data={FIELD: own}, headers=headers).status_code == 403
    assert browser.get("/api/v1/me").status_code == 200
    assert browser.post("/sign-out", data={FIELD: own}).status_code == 303
    assert doors.browser(world.investigator).get("/api/v1/me").status_code == 401


def test_no_other_site_signs_a_browser_in(world: World, doors: Doors) -> None:
    """Else somebody could work under a name that isn't theirs without noticing."""
    form = {"login": "chief", "password": PASSWORD}
    foreign = {"Origin": "https://evil.test"}
    answer = doors.browser().post("/sign-in", data=form, headers=foreign)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_every_kind_of_problem_explains_itself_at_its_address(doors: Doors) -> None:
    browser = doors.browser(language="zh-CN")
    for code, kind in KINDS.items():
        page = browser.get(f"/problems/{code}")
        assert page.status_code == 200
        assert i18n.translate("zh_CN", kind.title) in page.text
        assert kind.meaning not in page.text
    assert browser.get("/problems/none-of-them").status_code == 404


def test_every_error_is_of_a_kind_that_is_explained() -> None:
    kinds = [PlumblineError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.code for kind in kinds} <= KINDS.keys()


def test_every_answer_carries_the_security_headers(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    for address in ("/healthz", PEOPLE, "/api/v1/nothing", "/nowhere"):
        headers = client.get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_a_body_is_refused_by_what_it_announces(world: World, doors: Doors) -> None:
    """Two hundred megabytes are refused before the first of them is read."""
    read = 0

    async def body() -> Any:
        nonlocal read
        for _ in range(200):
            read += MEBIBYTE
            yield b"x" * MEBIBYTE

    headers = {"Content-Type": "application/json", "Content-Length": str(200 * MEBIBYTE)}
    answer = doors.api(world.investigator).post(PEOPLE, content=body(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"
    assert read <= MEBIBYTE


def test_a_body_is_refused_by_what_it_then_is(world: World, doors: Doors) -> None:
    sent = 0

    async def body() -> Any:
        nonlocal sent
        for _ in range(200):
            sent += MEBIBYTE
            yield b"x" * MEBIBYTE

    headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    answer = doors.api(world.investigator).post(PEOPLE, content=body(), headers=headers)
    assert answer.status_code == 413
    assert sent <= 3 * MEBIBYTE


def test_a_stranger_uploads_nothing_large(doors: Doors) -> None:
    headers = {"Content-Length": str(2 * MEBIBYTE), "Content-Type": "text/csv"}
    answer = doors.api().post("/api/v1/imports", content=b"x", headers=headers)
    assert answer.status_code == 413


def test_the_same_request_again_gets_the_same_answer(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    client = doors.api(world.investigator)
    key = {"Idempotency-Key": "a-key"}
    first = client.post(PEOPLE, json={"name": "张三", "rank": "other"}, headers=key)
    again = client.post(PEOPLE, json={"rank": "other", "name": "张三"}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert first.headers["ETag"] == again.headers["ETag"]
    assert owner.execute("SELECT count(*) AS n FROM person").fetchone() == {"n": 1}


def test_twenty_at_once_under_one_key_are_one(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    client = doors.api(world.investigator)

    def send(_: int) -> tuple[int, bytes]:
        key = {"Idempotency-Key": "at-once"}
        answer = client.post(PEOPLE, json={"name": "张三"}, headers=key)
        return answer.status_code, answer.content

    with ThreadPoolExecutor(20) as threads:
        answers = set(threads.map(send, range(20)))
    assert len(answers) == 1
    assert {status for status, _ in answers} == {201}
    assert owner.execute("SELECT count(*) AS n FROM person").fetchone() == {"n": 1}


def test_a_key_with_another_body_or_address_is_refused(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    key = {"Idempotency-Key": "a-key"}
    client.post(PEOPLE, json={"name": "张三"}, headers=key)
    for address, body in (
        (PEOPLE, {"name": "李四"}),
        ("/api/v1/organisations", {"name": "张三"}),
    ):
        answer = client.post(address, json=body, headers=key)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_a_key_is_its_senders_own(world: World, doors: Doors) -> None:
    key = {"Idempotency-Key": "a-key"}
    mine = doors.api(world.investigator).post(PEOPLE, json={"name": "张三"}, headers=key)
    theirs = doors.api(world.intake_officer).post(PEOPLE, json={"name": "张三"}, headers=key)
    assert mine.json()["id"] != theirs.json()["id"]


def test_what_failed_may_be_tried_again_under_its_key(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    key = {"Idempotency-Key": "a-key"}
    wrong = {"name": "张三", "unit_id": str(world.chief.account_id)}
    assert client.post(PEOPLE, json=wrong, headers=key).status_code == 422
    assert client.post(PEOPLE, json={"name": "张三"}, headers=key).status_code == 201


def test_a_key_is_forgotten_after_a_day(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    client = doors.api(world.investigator)
    key = {"Idempotency-Key": "a-key"}
    first = client.post(PEOPLE, json={"name": "张三"}, headers=key)
    owner.execute("UPDATE idempotent_answer SET recorded_at = now() - interval '25 hours'")
    later = client.post(PEOPLE, json={"name": "李四"}, headers=key)
    assert later.status_code == 201
    assert later.json()["id"] != first.json()["id"]


def test_the_kept_answer_lets_nobody_guess_the_body(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    client = doors.api(world.investigator)
    body = {"name": "张三"}
    client.post(PEOPLE, json=body, headers={"Idempotency-Key": "a-key"})
    kept = owner.execute(
        "SELECT body_hash, sha256(%s) AS plain FROM idempotent_answer", [json.dumps(body).encode()]
    ).fetchone()
    assert kept is not None
    assert kept["body_hash"] != kept["plain"]


@pytest.fixture
def broken(doors: Doors) -> Doors:
    """The application with a route that fails in a way that nobody foresaw."""

    def fail() -> None:
        raise KeyError("张三 took 12,000 yuan")

    doors.app.add_api_route("/api/v1/fail", fail, dependencies=[Api(Permission.SELF)])
    doors.app.add_api_route("/fail", fail, dependencies=[Page(Permission.SELF)])
    return doors


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What the log says, as objects."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    log.configure("INFO")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.reset_defaults()


def test_a_fault_says_nothing_and_logs_its_class_only(
    world: World, broken: Doors, lines: Any
) -> None:
    answer = broken.api(world.investigator).get("/api/v1/fail")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == PROBLEM
    assert "张三" not in answer.text
    assert "KeyError" not in answer.text
    logged = lines()
    assert "张三" not in json.dumps(logged, ensure_ascii=False)
    fault = next(each for each in logged if each["event"] == "fault")
    assert fault["error"].startswith("KeyError")
    assert fault["request_id"] == answer.json()["instance"]


def test_a_fault_in_the_page_of_faults_is_still_an_answer(
    world: World, broken: Doors, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "render", lambda *_, **__: 1 / 0)
    answer = broken.browser(world.investigator).get("/fail")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == PROBLEM
    assert "张三" not in json.dumps(lines(), ensure_ascii=False)


def test_the_log_names_routes_and_ids_never_content(world: World, doors: Doors, lines: Any) -> None:
    client = doors.api(world.investigator)
    made = client.post(PEOPLE, json={"name": "张三丰"})
    client.get(made.headers["Location"])
    client.get(PEOPLE, params={"name": "张三丰"})
    client.get("/api/v1/张三丰")
    doors.api().post("/api/v1/sessions", json={"login": "zhang", "password": "secret secret"})
    logged = lines()
    text = json.dumps(logged, ensure_ascii=False)
    for content in ("张三丰", "%E5%BC%A0", "zhang", "secret secret", made.json()["id"]):
        assert content not in text
    requests = [each for each in logged if each["event"] == "request"]
    assert [each["route"] for each in requests] == [
        PEOPLE,
        f"{PEOPLE}/{{person_id}}",
        PEOPLE,
        "unmatched",
        "/api/v1/sessions",
    ]
    assert requests[0]["account_id"] == str(world.investigator.account_id)


def test_measures_count_templates_not_addresses(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    client.get(f"{PEOPLE}/{world.village.id}")
    client.get("/anything/at/all")
    text = doors.api().get("/metrics").text
    route = f"{PEOPLE}/{{person_id}}"
    assert f'plumbline_requests_total{{method="GET",route="{route}",status="404"}} 1.0' in text
    assert 'route="unmatched"' in text
    assert str(world.village.id) not in text
    assert "anything" not in text


def test_it_lives_and_it_is_ready(doors: Doors) -> None:
    assert doors.api().get("/healthz").json() == {"status": "ok"}
    assert doors.api().get("/readyz").json() == {"status": "ok"}


def test_it_is_not_ready_before_its_migrations(
    doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    owner.execute("UPDATE alembic_version SET version_num = '0000'")
    answer = doors.api().get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == PROBLEM
    assert doors.api().get("/healthz").status_code == 200


def test_it_is_not_ready_without_its_database(doors: Doors, office: Office, databases: Any) -> None:
    office.engine.dispose()
    databases.cluster.drop_database(office.engine.url.database)
    answer = doors.api().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"


def test_more_readers_than_connections_wait_and_are_all_answered(
    world: World, doors: Doors
) -> None:
    """Forty requests over eight connections: nothing hangs between pool and threads."""
    client = doors.api(world.investigator)
    began = time.monotonic()
    with ThreadPoolExecutor(40) as threads:
        statuses = list(threads.map(lambda _: client.get(PEOPLE).status_code, range(80)))
    assert set(statuses) == {200}
    assert time.monotonic() - began < 20
