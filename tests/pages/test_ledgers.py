"""Lists of matters: filters as a sentence, pages by keyset, and what an empty one offers."""

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from app.repositories import worklist
from app.services import search, worklists
from tests import build_matters
from tests.build_history import Past
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served

KINDS = ("petitions", "leads", "cases", "funds")


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    return Past(world, owner)


@pytest.mark.parametrize("address", KINDS)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_an_empty_ledger_says_what_will_stand_there(
    world: World, doors: Doors, address: str, language: str
) -> None:
    page = served(doors.browser(world.chief, language=language).get(f"/{address}"))
    assert "once" in page.words or "会列在这里" in page.words


def test_an_empty_ledger_offers_the_first_act_to_whoever_may_do_it(
    world: World, doors: Doors
) -> None:
    assert served(doors.browser(world.investigator).get("/leads")).link("Log a lead") == "/log"
    assert "Log a lead" not in served(doors.browser(world.auditor).get("/leads")).links


def test_fifty_rows_a_page_and_the_rest_by_keyset(world: World, doors: Doors, past: Past) -> None:
    for day in range(1, 29):
        past.lead(received_on=date(2018, 1, day))
        past.lead(received_on=date(2018, 2, day))
    browser = doors.browser(world.chief)
    first = served(browser.get("/leads?sort=number"))
    assert "56 leads" in first.words
    assert "50 rows shown" in first.words
    second = served(browser.get(first.link("Next page ›")))
    assert "6 rows shown" in second.words
    numbers = [text for text in (*first.links, *second.links) if text.startswith("LE2018-")]
    assert len(set(numbers)) == 56
    again = served(browser.get(second.link("‹ Previous page")))
    assert [text for text in again.links if text.startswith("LE2018-")] == numbers[:50]


def test_rows_without_a_due_date_come_last_and_page_on(
    world: World, doors: Doors, past: Past
) -> None:
    for day in range(1, 29):
        past.lead(received_on=date(2018, 1, day), due_on=date(2018, 9, day))
        past.lead(received_on=date(2018, 2, day))
    browser = doors.browser(world.chief)
    first = served(browser.get("/leads"))
    second = served(browser.get(first.link("Next page ›")))
    numbers = [text for text in (*first.links, *second.links) if text.startswith("LE2018-")]
    assert len(set(numbers)) == 56


def test_chosen_filters_read_as_a_sentence_and_each_can_be_taken_away(
    world: World, doors: Doors
) -> None:
    build_matters.log(world, world.investigator)
    browser = doors.browser(world.chief)
    page = served(browser.get("/leads?unit=YC-T01&state=submitted&due=overdue"))
    assert (
        "Leads submitted×, in 上岩洲镇×, overdue×, by due date, nearest first: 0 leads"
        in page.words
    )
    without = served(browser.get("/leads?unit=YC-T01&state=submitted"))
    assert "Leads submitted×, in 上岩洲镇×, by due date, nearest first: 1 lead" in without.words
    assert served(browser.get("/leads?unit=YC-T02")).words.count("Nothing fits these conditions")


UNKNOWN = {
    "unit": "nowhere", "campaign": "0190a6c0-0000-7000-8000-000000000000", "state": "nonsense",
    "stage": "nonsense", "due": "nonsense", "open": "perhaps", "sort": "nonsense", "mine": "yes",
    "doubtful": "x", "source": "<script>",
}  # fmt: skip


def test_what_no_list_knows_is_refused_field_by_field_and_the_rest_of_the_filter_stays(
    world: World, doors: Doors
) -> None:
    """Left out, it answered another question than was asked; met by nothing, it looked empty."""
    browser = doors.browser(world.lead_manager)
    for name, value in (*UNKNOWN.items(), ("campaign", "none")):
        asked = {"unit": "YC-T01", "text": "危房", name: value}
        for address in ("/leads", "/leads/assign", "/ledgers/lead/print"):
            more = {"step": "assign"} if address.endswith("assign") else {}
            served(browser.get(address, params={**asked, **more}), 422)
        page = served(browser.get("/leads", params=asked), 422)
        form = page.form("/leads")
        assert "1 thing to mend" in page.words
        assert form.fields["text"] == ["危房"]
        assert form.fields["unit"] == ([""] if name == "unit" else ["YC-T01"])
        assert name not in form.fields or form.fields[name] == [""]  # not sent once more
    page = served(browser.get("/leads", params=UNKNOWN), 422)
    assert "10 things to mend" in page.words
    assert "State: No procedure here has this state." in page.words
    assert "Source: Nothing states this source, and it isn't offered." in page.words
    assert "<script>" not in page.html
    assert served(browser.get("/leads?text=%25_%5C&state=closed&source=sweep"))


def test_no_character_that_no_text_has_reaches_a_list(world: World, doors: Doors) -> None:
    """NUL broke the query: the page said that the fault was ours."""
    browser = doors.browser(world.lead_manager)
    lists = ["/petitions", "/leads", "/cases", "/funds", "/ledgers/lead/print", "/leads/assign"]
    filters = ["step", "text", "cursor", *UNKNOWN]
    for address, name in [(each, name) for each in lists for name in filters] + [
        ("/search", "q"), ("/figures", "unit"), ("/figures/leads", "source"), ("/log", "petition"),
    ]:  # fmt: skip
        for value in ("\x00", "a\x00"):
            page = served(browser.get(address, params={name: value}), 422)
            assert "This isn't a text." in page.words, (address, name)


def test_the_api_refuses_what_no_list_knows_as_the_pages_do(world: World, doors: Doors) -> None:
    api = doors.api(world.lead_manager)
    asked = {name: UNKNOWN[name] for name in ("unit", "state", "source")}
    for kind in ({}, {"kind": "lead"}):
        answer = api.get("/api/v1/matters", params={**asked, **kind})
        assert answer.status_code == 422, answer.text
        assert [each["field"] for each in answer.json()["errors"]] == list(asked)
    assert api.get("/api/v1/matters?state=submitted&source=sweep").status_code == 200
    assert api.get("/api/v1/matters?state=submitted&kind=petition").status_code == 422


def test_a_place_is_found_by_the_keys_of_its_units_as_by_its_path(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_matters.log(world, world.investigator)
    browser = doors.browser(world.chief)
    for _ in ("keys", "path"):
        for unit, there in (("YC", True), ("YC-T01", True), ("YC-T02", False)):
            links = served(browser.get(f"/leads?unit={unit}")).links
            assert ("YC2018-0001" in links) is there, unit
        monkeypatch.setattr(worklist, "A_FEW", 0)


def test_a_list_is_filtered_by_what_search_would_find_as_far_as_its_reader_may(
    world: World, doors: Doors
) -> None:
    build_matters.log(world, world.investigator)
    for words in ("梁启元", "YC2018-0001", "liangqiyuan"):
        page = served(doors.browser(world.chief).get(f"/leads?text={words}&open=open"))
        assert f"with “{words}”×" in page.words
        assert "YC2018-0001" in page.links
        assert (
            "YC2018-0001"
            not in served(doors.browser(world.chief).get(f"/leads?text={words}&open=ended")).links
        )
    assert "YC2018-0001" not in served(doors.browser(world.auditor).get("/leads?text=梁启元")).links


def test_a_filter_by_words_says_when_it_looked_at_the_newest_alone(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MATCHING", 1)
    for _ in range(2):
        build_matters.log(world, world.investigator)
    page = served(doors.browser(world.chief).get("/leads?text=梁启元"))
    assert "with “梁启元”, the newest 1×" in page.words
    assert [text for text in page.links if text.startswith("YC2018-")] == ["YC2018-0002"]


def test_a_cursor_of_another_list_is_refused(world: World, doors: Doors) -> None:
    page = served(doors.browser(world.chief).get("/leads?cursor=abc.def&unit=YC-T01"), 422)
    assert "Page: This cursor isn't one of this list." in page.words
    assert page.link("Show all") == "/leads"
    assert page.form("/leads").fields["unit"] == ["YC-T01"]


def test_columns_sort_by_their_heads(world: World, doors: Doors) -> None:
    build_matters.log(world, world.investigator)
    page = served(doors.browser(world.chief).get("/leads?unit=YC-T01"))
    assert page.link("Number") == "/leads?unit=YC-T01&sort=number"
    sorted_ = served(doors.browser(world.chief).get(page.link("Number")))
    assert 'aria-sort="ascending"' in sorted_.html
    assert sorted_.link("Due") == "/leads?unit=YC-T01"


def test_an_auditor_finds_nobody_by_name(world: World, doors: Doors) -> None:
    build_matters.log(world, world.investigator)
    browser = doors.browser(world.auditor)
    assert "YC2018-0001" not in served(browser.get("/search?q=梁启元")).links
    page = served(browser.get("/leads"))
    assert "YC2018-0001" in page.links
    assert "梁启元" not in page.html
    assert "梁××" in page.words


def test_somebody_elses_leads_are_not_listed(world: World, doors: Doors) -> None:
    build_matters.log(world, world.investigator)
    for who in (world.other_investigator, world.team_member, world.department_head):
        assert "YC2018-0001" not in served(doors.browser(who).get("/leads")).links


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_ended_matters_are_listed_as_ended(
    world: World, doors: Doors, past: Past, language: str
) -> None:
    closed: dict[str, Any] = {"closed_on": date(2018, 3, 1), "due_on": date(2018, 2, 1)}
    past.lead(received_on=date(2018, 1, 5), steps=[("closed", date(2018, 3, 1))], **closed)
    page = served(doors.browser(world.chief, language=language).get("/leads"))
    assert ("ended" if language == "en" else "已结束") in page.words
    assert "overdue 2" not in page.words


def test_the_auditor_of_another_district_sees_nothing(world: World, doors: Doors) -> None:
    build_matters.log(world, world.investigator)
    other = world.hire("other-auditor", world.auditor.role, "YC-T02")
    assert "YC2018-0001" not in served(doors.browser(other).get("/leads")).links


def test_a_list_says_how_much_of_it_is_late_and_counts_no_further_than_anybody_would(
    world: World, doors: Doors, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (1, 2, 3):
        past.lead(received_on=date(2018, 1, day), due_on=date(2018, 9, day))
    past.lead(received_on=date(2018, 2, 1), due_on=date(2099, 12, 21))
    past.lead(received_on=date(2018, 2, 2), due_on=None)
    browser = doors.browser(world.chief)
    assert "of this list: 3 overdue · 0 within two working days · 0 within five · 2 later" in (
        served(browser.get("/leads")).words
    )
    for module in (worklist, worklists):
        monkeypatch.setattr(module, "COUNTED", 2)
        monkeypatch.setattr(module, "LATE_COUNTED", 2)
    page = served(browser.get("/leads"))
    assert "Total more than 2 As of" in page.words
    assert "of this list: more than 2 overdue · 0 within two working days" in page.words
