"""The Python client, against a served installation."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from plumbline_client import Plumbline, Problem, is_genuine

from app.domain import webhooks
from app.main import specification
from tests.build_matters import log
from tests.builders import PASSWORD, World
from tests.clients import Doors, served
from tools.make_client import PACKAGE, written


@pytest.fixture
def program(doors: Doors) -> Iterator[Plumbline]:
    """Not signed in."""
    with (
        served(doors.app) as address,
        httpx.Client(base_url=address, timeout=30, trust_env=False) as client,
    ):
        yield Plumbline(address, client=client)


def test_it_is_written_from_the_present_specification() -> None:
    for name, text in written(specification()).items():
        assert (PACKAGE / name).read_text(encoding="utf-8") == text, "run: make client"


def test_a_program_logs_reads_changes_and_follows(world: World, program: Plumbline) -> None:
    program.sign_in_as("investigator", PASSWORD)
    begin = program.list_changes().content["next"]
    made = program.create_person({"name": "张三"}, key="once")
    assert made.status == 201
    assert program.create_person({"name": "张三"}, key="once").location == made.location
    person = made.content["id"]
    changed = program.change_person(
        person, {"position": "村会计"}, if_match=str(made.etag), prefer="return=minimal"
    )
    assert changed.status == 204
    assert not changed.content
    assert program.read_person(person).content["position"] == "村会计"
    leads = [str(log(world, world.investigator)) for _ in range(3)]
    changes, after = program.changes_after(begin)
    assert [each["matter_id"] for each in changes] == leads
    assert program.changes_after(after)[0] == []
    listed = program.every(program.list_matters, kind="lead", sort="number", limit=2)
    assert {each["id"] for each in listed} == set(leads)


def test_a_refusal_is_raised_by_its_type(world: World, program: Plumbline) -> None:
    with pytest.raises(Problem) as refused:
        program.list_people()
    assert (refused.value.status, refused.value.type) == (401, "/problems/not-signed-in")
    program.sign_in_as("investigator", PASSWORD)
    with pytest.raises(Problem) as wrong:
        program.create_person({"name": ""})
    assert wrong.value.type == "/problems/invalid"
    assert wrong.value.errors[0]["field"] == "name"


def test_it_waits_where_the_server_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    answers = iter([httpx.Response(503, headers={"Retry-After": "5"}), httpx.Response(204)])
    client = httpx.Client(
        base_url="http://a.example", transport=httpx.MockTransport(lambda _: next(answers))
    )
    assert Plumbline("", client=client).call("GET", "/").status == 204
    assert waited == [5.0]


def test_it_knows_whose_a_webhooks_message_is() -> None:
    secret = "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I="
    body = webhooks.start_anew(datetime.now(UTC))
    headers = webhooks.headers(secret, uuid4(), datetime.now(UTC), body)
    assert is_genuine(secret, headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    assert not is_genuine("whsec_" + "b3RoZXI=", headers, body)
    old = webhooks.headers(secret, uuid4(), datetime.fromtimestamp(1_000_000, UTC), body)
    assert not is_genuine(secret, old, body)
