"""What a program may ask for beside the thing itself, and what it is told of the future."""

from datetime import date
from email.utils import parsedate_to_datetime

import psycopg
import pytest
from psycopg.rows import DictRow

from app.routers import retiring
from app.routers.retiring import Retirement
from tests.builders import World
from tests.clients import Doors

PEOPLE = "/api/v1/people"
MINIMAL = {"Prefer": "return=minimal"}
# Their answers can't be read again.
SHOWN_ONCE = {
    "begin_factor", "confirm_factor", "make_key", "make_password_link", "refresh_session",
    "renew_recovery_codes", "sign_in",
}  # fmt: skip


@pytest.mark.parametrize(
    "said", ["return=minimal", 'respond-async, Return = "minimal"; x=1', "wait=5,return=minimal"]
)
def test_a_change_is_answered_without_a_body_where_that_is_preferred(
    world: World, doors: Doors, said: str
) -> None:
    client = doors.api(world.investigator)
    made = client.post(PEOPLE, json={"name": "张三"}, headers={"Prefer": said})
    assert (made.status_code, made.content) == (204, b"")
    assert made.headers["Preference-Applied"] == "return=minimal"
    assert "Content-Type" not in made.headers
    assert "Content-Length" not in made.headers
    read = client.get(made.headers["Location"])
    assert read.headers["ETag"] == made.headers["ETag"]
    changed = client.patch(
        made.headers["Location"],
        json={"position": "村会计"},
        headers={**MINIMAL, "If-Match": made.headers["ETag"]},
    )
    assert (changed.status_code, changed.content) == (204, b"")
    again = client.get(made.headers["Location"])
    assert again.headers["ETag"] == changed.headers["ETag"] != made.headers["ETag"]
    assert "Preference-Applied" not in again.headers


@pytest.mark.parametrize("said", ["return=representation", "minimal", "return=minimally", "x=\xff"])
def test_any_other_preference_is_passed_over(world: World, doors: Doors, said: str) -> None:
    headers = {"Prefer": said.encode("latin-1")}
    made = doors.api(world.investigator).post(PEOPLE, json={"name": "张三"}, headers=headers)
    assert made.status_code == 201
    assert made.json()["name"] == "张三"
    assert "Preference-Applied" not in made.headers


def test_a_key_gives_the_same_answer_as_long_or_as_short_as_it_is_preferred(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    client = doors.api(world.investigator)
    key = {"Idempotency-Key": "a-key"}
    short = client.post(PEOPLE, json={"name": "张三"}, headers={**key, **MINIMAL})
    whole = client.post(PEOPLE, json={"name": "张三"}, headers=key)
    assert (short.status_code, whole.status_code) == (204, 201)
    assert short.headers["Location"] == whole.headers["Location"]
    assert owner.execute("SELECT count(*) AS n FROM person").fetchone() == {"n": 1}


def test_a_refusal_is_always_said_whole(world: World, doors: Doors) -> None:
    answer = doors.api(world.investigator).post(PEOPLE, json={"name": ""}, headers=MINIMAL)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"


def test_what_is_shown_once_is_shown(world: World, doors: Doors) -> None:
    body = {"name": "statistics", "scope": ["units:read"], "days": 30}
    made = doors.api(world.lead_manager).post("/api/v1/me/keys", json=body, headers=MINIMAL)
    assert made.status_code == 201
    assert made.json()["key"].startswith("plk_")


def test_the_specification_says_where_an_answer_may_be_short(doors: Doors) -> None:
    found = doors.api().get("/api/v1/openapi.json").json()
    short = set()
    for path in found["paths"].values():
        for operation in path.values():
            if any(each["name"] == "Prefer" for each in operation.get("parameters", ())):
                short.add(operation["operationId"])
                assert "Preference-Applied" in operation["responses"]["204"]["headers"]
                assert {"ETag", "Location"} & operation["responses"]["204"]["headers"].keys()
    assert {"create_person", "change_person", "log_lead", "take_step", "add_note"} <= short
    assert short.isdisjoint(SHOWN_ONCE)


def test_what_will_end_says_so_a_year_before_on_each_of_its_answers(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = Retirement(date(2025, 1, 1), date(2026, 1, 1), "/help/programs")
    monkeypatch.setattr(retiring, "RETIRING", {"list_people": ending})
    client = doors.api(world.investigator)
    for parameters in ({}, {"limit": "none"}):
        answer = client.get(PEOPLE, params=parameters)
        assert answer.headers["Deprecation"] == "@1735689600"
        assert parsedate_to_datetime(answer.headers["Sunset"]).date() == date(2026, 1, 2)
        assert answer.headers["Link"] == '</help/programs>; rel="deprecation"'
    assert "Deprecation" not in client.get("/api/v1/units").headers


def test_nothing_ends_within_a_year_of_its_announcement() -> None:
    with pytest.raises(ValueError, match="a year before"):
        Retirement(date(2025, 1, 1), date(2025, 12, 31), "/help/programs")
