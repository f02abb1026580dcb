"""Totals and exports over HTTP."""

import json
from datetime import date

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.build_history import Past
from tests.build_totals import build_district
from tests.builders import World
from tests.clients import Doors

DAY = date(2018, 9, 30)


@pytest.fixture
def district(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return build_district(Past(world, owner))


def test_totals_are_read_as_of_a_day(doors: Doors, district: Past) -> None:
    api = doors.api(district.world.auditor)
    now = api.get("/api/v1/totals").json()
    assert now["published"]["recovered_yuan"] == now["counts"]["recovered_yuan"] == "1500.10"
    assert (now["as_of"], now["units"]["sanctioned_persons"]) == ("2018-09-30", "people")
    before = api.get("/api/v1/totals", params={"as_of": "2018-01-31"}).json()
    assert (before["counts"]["leads"], before["counts"]["recovered_yuan"]) == (1, "0.00")
    part = api.get("/api/v1/totals", params={"unit": "YC-T02", "method": "verification"}).json()
    assert part["counts"]["leads"] == 1
    assert part["published"]["bank_lines"] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"unit": "YC-T99"},
        {"as_of": "30.9.2018"},
        {"as_of": "2018-10-01"},
        {"as_of": "2099-01-01"},
        {"stage": "later"},
        {"campaign_id": "x"},
        {"since": "2018-03-01", "until": "2018-02-01"},
        {"leader": "x\u0000"},
        {"known_on": "9999-12-31"},
        {"known_on": "2018-10-01"},
        {"since": "2018-10-01"},
        {"until": "2018-10-01"},
        {"as_of": "0001-01-01"},
        {"until": "1899-12-31"},
        {"source": "nowhere"},
        {"method": "nothing"},
        {"outcome": "registered"},
        {"leader": "nobody"},
        {"alone": "true"},
    ],
)
def test_a_cohort_that_there_is_not_is_refused(
    doors: Doors, district: Past, asked: dict[str, str]
) -> None:
    answer = doors.api(district.world.auditor).get("/api/v1/totals", params=asked)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [list(asked)[-1]]


def test_an_operator_reads_totals_and_opens_nothing(doors: Doors, district: Past) -> None:
    api = doors.api(district.world.operator)
    mine = api.get("/api/v1/totals").json()
    assert mine == doors.api(district.world.auditor).get("/api/v1/totals").json()
    assert api.get("/api/v1/totals/leads/matters").status_code == 403
    assert api.get("/api/v1/exports/totals.csv").status_code == 403
    assert doors.api(district.world.investigator).get("/api/v1/totals").status_code == 403


def test_a_figure_opens_part_by_part(doors: Doors, district: Past) -> None:
    api = doors.api(district.world.auditor)
    numbers: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        part = api.get("/api/v1/totals/leads/matters", params=query).json()
        numbers += [row["number"] for row in part["items"]]
        cursor = part["next"]
        if cursor is None:
            break
    assert len(numbers) == len(set(numbers)) == 5
    paid = api.get("/api/v1/totals/returned_yuan/entries").json()["items"]
    assert {row["beneficiary"] for row in paid} == {"赵××", "钱××"}
    assert api.get("/api/v1/totals/villages/matters").status_code == 404


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json"),
    ],
)
def test_a_file_is_streamed_and_kept_by_nobody(
    doors: Doors, district: Past, form: str, media: str
) -> None:
    api = doors.api(district.world.auditor)
    answer = api.get(f"/api/v1/exports/matters.{form}", params={"key": "outstanding"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(media)
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"plumbline-matters-2018-09-30.{form}" in answer.headers["Content-Disposition"]
    assert answer.content
    (record,) = api.get("/api/v1/exports").json()["items"]
    assert (record["what"], record["names"]) == ("matters", False)


def test_names_leave_only_for_a_reason(doors: Doors, district: Past) -> None:
    body = {"what": "returns", "format": "json", "names": True}
    chief = doors.api(district.world.chief)
    assert chief.post("/api/v1/exports", json=body).status_code == 422
    granted = chief.post("/api/v1/exports", json={**body, "reason": "核对签收"})
    (table,) = json.loads(granted.content)["tables"]
    assert {row["beneficiary"] for row in table["rows"]} == {"赵小妹", "钱大爷"}
    refused = doors.api(district.world.auditor).post(
        "/api/v1/exports", json={**body, "reason": "核对签收"}
    )
    assert refused.status_code == 403
    masked = chief.post("/api/v1/exports", json={**body, "names": False})
    assert "赵小妹" not in masked.text


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_nothing_is_counted_as_of_a_day_that_has_not_come(
    doors: Doors, district: Past, language: str
) -> None:
    """Figures, what is behind them, exports, an item's money and its movements: one answer."""
    says = {"en": "This day has not come yet.", "zh-CN": "日期尚未到来。"}[language]
    lead = district.lead(received_on=DAY, steps=[("verifying", DAY)])
    item = district.item(lead, state="controlled")
    headers = {"Accept-Language": language}
    auditor = doors.api(district.world.auditor)
    day = "2018-10-01"
    answers = [
        auditor.get(address, params={"as_of": day}, headers=headers)
        for address in (
            "/api/v1/totals",
            "/api/v1/totals/leads/matters",
            "/api/v1/totals/recovered_yuan/entries",
            f"/api/v1/fund-items/{item.id}",
            f"/api/v1/matters/{item.id}/entries",
        )
    ]
    answers.append(
        auditor.post(
            "/api/v1/exports", json={"what": "matters", "format": "csv", "as_of": day},
            headers=headers,
        )
    )  # fmt: skip
    for answer in answers:
        assert answer.status_code == 422, answer.text
        [error] = answer.json()["errors"]
        assert (error["field"], error["reason"]) == ("as_of", says)


@pytest.mark.parametrize("name", ["as_of", "known_on"])
def test_an_items_money_is_not_asked_of_a_day_to_come(
    doors: Doors, district: Past, name: str
) -> None:
    lead = district.lead(received_on=DAY, steps=[("verifying", DAY)])
    item = district.item(lead, state="controlled")
    auditor = doors.api(district.world.auditor)
    for address in (f"/api/v1/fund-items/{item.id}", f"/api/v1/matters/{item.id}/entries"):
        answer = auditor.get(address, params={name: "2018-10-01"})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [name]


def test_a_source_that_only_a_matter_states_is_asked_for_as_well(
    doors: Doors, district: Past
) -> None:
    """A program may log a lead from a source of its own."""
    district.lead(received_on=DAY, source="hotline_of_the_town")
    api = doors.api(district.world.chief)
    found = api.get("/api/v1/totals", params={"source": "hotline_of_the_town"})
    assert found.json()["counts"]["leads"] == 1


def test_the_specification_says_which_days_are_refused(doors: Doors, district: Past) -> None:
    paths = doors.api(district.world.chief).get("/api/v1/openapi.json").json()["paths"]
    told = {
        each["name"]: each.get("description", "")
        for each in paths["/api/v1/totals"]["get"]["parameters"]
    }
    for name in ("as_of", "known_on", "since", "until"):
        assert "A day to come, or before 1900, is refused." in told[name]
    assert "refused" in told["source"]
