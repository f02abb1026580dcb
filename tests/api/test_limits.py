"""What is refused before it is read: another host's requests, too many headers, slow senders."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from anyio.from_thread import BlockingPortal

from app.core.server import HEAD_SIZE, Patient
from app.core.settings import Settings
from app.main import create_app
from app.repositories.work import Office
from app.routers import limits
from app.routers.cookies import SESSION
from tests.builders import PASSWORD, World
from tests.clients import Doors, served
from tests.pages.served import served as page_of

HTTPS = "https://plumbline.example"


@pytest.fixture
def behind_tls(portal: BlockingPortal, office: Office) -> Doors:
    return Doors(portal, create_app(office, Settings(address=HTTPS)), office.keys)


@pytest.mark.parametrize(
    "host",
    [
        "evil.test", "evil.test:8000", "localhost.evil.test", "plumbline.example.evil.test",
        "plumbline.example@evil.test", "plumbline.example, evil.test", "plumbline.example:80:80",
        "plumbline.example:x", "[::1]evil.test", "[plumbline.example", "", " ", "xn--evil",
    ],
)  # fmt: skip
def test_a_request_for_another_name_gets_no_answer(behind_tls: Doors, host: str) -> None:
    for address in ("/sign-in", "/api/v1/me", "/static/tokens.css", "/nowhere"):
        answer = behind_tls.api().get(address, headers={"Host": host})
        assert answer.status_code == 421, address
        assert answer.json()["type"] == "/problems/misdirected"


@pytest.mark.parametrize(
    "host",
    ["plumbline.example", "PLUMBLINE.example:443", "localhost", "localhost:8000", "127.0.0.1:1",
     "[::1]:8000", "[::1]"],
)  # fmt: skip
def test_a_request_for_our_name_or_this_machine_is_answered(behind_tls: Doors, host: str) -> None:
    assert behind_tls.browser().get("/sign-in", headers={"Host": host}).status_code == 200


def test_who_watches_the_process_may_call_it_anything(behind_tls: Doors) -> None:
    for address in ("/healthz", "/readyz", "/metrics"):
        assert behind_tls.api().get(address, headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_a_wrong_name_is_said_as_a_page_in_the_readers_language(doors: Doors) -> None:
    answer = doors.browser(language="zh-CN").get("/", headers={"Host": "evil.test"})
    assert answer.status_code == 421
    assert "请求的地址不对" in page_of(answer, 421).words
    assert "evil.test" not in answer.text


def test_two_host_headers_are_none(doors: Doors) -> None:
    with served(doors.app) as address:
        answer = _said(address, b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")


def test_nothing_of_an_answer_repeats_the_host(world: World, doors: Doors) -> None:
    """Links and redirects hold paths alone; what a proxy says of hosts isn't asked."""
    lies = {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    for browser, address in (
        (doors.browser(), "/desk"), (doors.browser(), "/sign-in"),
        (doors.browser(world.chief), "/me"), (doors.browser(world.chief), "/me/sessions"),
    ):  # fmt: skip
        answer = browser.get(address, headers=lies)
        assert "evil" not in answer.text + str(answer.headers)
        assert answer.headers.get("location", "/").startswith("/")


def test_under_https_every_cookie_is_this_hosts_alone(world: World, behind_tls: Doors) -> None:
    browser = behind_tls.browser()
    form = page_of(browser.get("/sign-in")).form("/sign-in")
    opened = form.submit(browser, name="chief", password=PASSWORD)
    looks = browser.post(
        "/preferences", data={"locale": "en", "theme": "dark", "density": "roomy", "back": "/"}
    )
    given = [*opened.headers.get_list("set-cookie"), *looks.headers.get_list("set-cookie")]
    assert len(given) == 5
    for cookie in given:
        attributes = {each.strip() for each in cookie.split(";")[1:]}
        assert cookie.startswith("__Host-"), cookie
        assert {"Path=/", "Secure"} <= attributes, cookie
        assert not any(each.startswith("Domain") for each in attributes), cookie
        assert any(each.startswith("SameSite=") for each in attributes), cookie
    name, _, rest = next(each for each in given if SESSION in each).partition("=")
    inside = behind_tls.browser()
    inside.cookies.set(name, rest.partition(";")[0])
    assert inside.get("/desk").status_code == 200
    planted = behind_tls.browser()  # by a neighbour of the same domain
    planted.cookies.set(SESSION, rest.partition(";")[0])
    assert planted.get("/desk").status_code == 303


def test_https_is_kept_to_for_a_year_on_every_answer(behind_tls: Doors, doors: Doors) -> None:
    for address in ("/sign-in", "/desk", "/api/v1/me", "/static/tokens.css", "/nowhere"):
        told = behind_tls.browser().get(address).headers["Strict-Transport-Security"]
        assert told == "max-age=31536000; includeSubDomains"
        assert "Strict-Transport-Security" not in doors.browser().get(address).headers


def test_a_hundred_headers_are_too_many(doors: Doors) -> None:
    answer = doors.api().get("/healthz", headers={f"X-{each}": "1" for each in range(120)})
    assert answer.status_code == 431
    assert answer.json()["type"] == "/problems/too-many-headers"


def test_a_head_without_end_is_cut_off(doors: Doors) -> None:
    with served(doors.app) as address:
        answer = _said(
            address,
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (HEAD_SIZE + 1),
        )
    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("first", [b"", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_who_never_ends_a_head_is_cut_off(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    """At once, and where a whole request came before on the same connection."""
    monkeypatch.setattr(Patient, "head_time", 0.6)
    with served(doors.app) as address, _link(address) as link:
        link.settimeout(5)
        if first:
            link.sendall(first)
            answer = b""
            while b'{"status":"ok"}' not in answer:
                answer += link.recv(65536)
        began = time.monotonic()
        link.sendall(b"GET /healthz HTTP/1.1\r\n")
        try:
            for _ in range(40):
                link.sendall(b"X: 1\r\n")
                time.sleep(0.1)
                if time.monotonic() - began > 3:
                    raise AssertionError("still waiting")
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert time.monotonic() - began < 2


def test_who_sends_a_body_too_slowly_is_told_and_cut_off(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_TIME", 0.3)
    head = (
        f"POST /api/v1/people HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n"
        f"Authorization: Bearer {doors.token(world.investigator)}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    with served(doors.app) as address:
        began = time.monotonic()
        answer = _said(address, head.encode())
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"didn't arrive in time" in answer
    assert time.monotonic() - began < 3


def test_a_body_that_came_in_time_may_be_worked_on_for_longer(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_TIME", 0.01)
    answer = doors.api(world.investigator).post("/api/v1/people", json={"name": "张三"})
    assert answer.status_code == 201


def test_neither_requests_are_sent_back_nor_folders_listed(world: World, doors: Doors) -> None:
    traced = doors.api(world.chief).request("TRACE", "/api/v1/me", headers={"X-Mine": "secret"})
    assert (traced.status_code, "secret" in traced.text) == (405, False)
    for address in ("/static", "/static/", "/static/../main.py", "/static/%2e%2e/main.py", "/.git"):
        assert doors.browser(world.chief).get(address).status_code in (404, 405), address


def test_texts_say_that_they_are_utf_8(world: World, doors: Doors) -> None:
    for address, media in (
        ("/sign-in", "text/html; charset=utf-8"), ("/static/tokens.css", "text/css; charset=utf-8"),
        ("/api/v1/exports/matters.csv?key=outstanding", "text/csv; charset=utf-8"),
    ):  # fmt: skip
        answer = doors.browser(world.auditor).get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media), address


def test_an_address_is_who_a_proxy_of_this_machine_says_and_nobody_else(
    world: World, portal: BlockingPortal, office: Office
) -> None:
    """Strangers' requests are counted by it: whoever could choose it would never be refused."""
    settings = Settings(requests_per_minute=60)
    app = create_app(office, settings)
    one = {"X-Forwarded-For": "203.0.113.7"}
    with served(app) as address, httpx.Client(base_url=address) as proxy:
        assert {proxy.get("/sign-in", headers=one).status_code for _ in range(65)} == {200, 429}
        two = {"X-Forwarded-For": "203.0.113.8"}
        assert proxy.get("/sign-in", headers=two).status_code == 200
        # What its sender wrote before it, the proxy only passes on: the last one counts.
        lies = {"X-Forwarded-For": "203.0.113.99, 203.0.113.7"}
        assert proxy.get("/sign-in", headers=lies).status_code == 429


def _link(address: str) -> socket.socket:
    where = urlsplit(address)
    return socket.create_connection((where.hostname, where.port), timeout=10)


def _said(address: str, sent: bytes) -> bytes:
    with _link(address) as link:
        link.sendall(sent)
        answer = b""
        try:
            while chunk := link.recv(65536):
                answer += chunk
        except (ConnectionResetError, TimeoutError):
            pass
        return answer
