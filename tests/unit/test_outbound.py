"""Whatever address somebody gives us, nothing is sent but to the outside."""

import socket

import pytest

from app.core import outbound
from app.core.outbound import NotAllowed, Unreached, post, target

INSIDE = (
    "127.0.0.1", "127.8.9.1", "0.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::",
    "2002:a00:1::", "fe80::1%eth0",
)  # fmt: skip
OUTSIDE = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14")


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where a connection would have gone: nowhere."""
    tried: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


@pytest.mark.parametrize("address", INSIDE)
def test_no_name_leads_inside(
    address: str, connected: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "addresses", lambda *_: [address])
    with pytest.raises(NotAllowed):
        post(target("https://a.example/", inside=False), b"", {}, inside=False)
    assert connected == []


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_connection_goes_to_the_address_that_was_looked_at(
    address: str, connected: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers otherwise the second time isn't asked a second time."""
    answers = [[address], ["127.0.0.1"]]
    monkeypatch.setattr(outbound, "addresses", lambda *_: answers.pop(0))
    with pytest.raises(Unreached):
        post(target("https://a.example:8443/x", inside=False), b"", {}, inside=False)
    assert connected == [(address, 8443)]
    assert len(answers) == 1


def test_one_address_inside_among_several_is_enough_to_refuse(
    connected: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "addresses", lambda *_: [OUTSIDE[0], "10.0.0.1"])
    with pytest.raises(NotAllowed):
        post(target("https://a.example/", inside=False), b"", {}, inside=False)
    assert connected == []


def test_a_name_that_nobody_knows_is_unreached(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(outbound, "addresses", unknown)
    with pytest.raises(Unreached):
        post(target("https://a.example/", inside=False), b"", {}, inside=False)


@pytest.mark.parametrize(
    "address",
    [
        "", "a.example", "//a.example", "ftp://a.example/", "https:///x", "https://a.example:x/",
        "https://me@a.example/", "https://a.example/ x", "https://a.example/\n", "https://a\\b/",
        "https://a.example/" + "x" * 2000, "https://例子.example/", "http://a.example/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed):
        target(address, inside=False)


def test_an_address_is_taken_apart_as_it_is_asked() -> None:
    found = target("https://a.example:8443/in/box?x=1", inside=False)
    assert (found.host, found.port, found.path) == ("a.example", 8443, "/in/box?x=1")
    assert found.named == "a.example:8443"
    assert target("https://a.example", inside=False).path == "/"
    assert target("http://[::1]:80/", inside=True).named == "[::1]"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1"])
def test_inside_is_reached_where_that_is_allowed(
    address: str, connected: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "addresses", lambda *_: [address])
    with pytest.raises(Unreached):
        post(target("http://a.example/", inside=True), b"", {}, inside=True)
    assert connected == [(address, 80)]
