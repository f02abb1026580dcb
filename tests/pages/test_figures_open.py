"""Each number of the figures page opens to exactly what it counts."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.build_history import Past
from tests.build_totals import build_district, d
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import Served, served

DAY = date(2018, 9, 30)
NUMBER = re.compile(r"-?[\d,]+(?:\.\d\d)?")
COHORTS = (
    "",
    "as_of=2018-04-30",
    "since=2018-02-01&until=2018-04-30",
    "unit=YC-T02",
    "unit=YC&alone=true",
    "stage=ended",
    "source=none",
    "leader=none",
    "campaign_id=00000000-0000-0000-0000-000000000000",
    "outcome=under_way",
)


@pytest.fixture
def district(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    """With a lead that states hardly anything, and one of the district itself that ended."""
    world.clock.set(DAY)
    past = build_district(Past(world, owner))
    bare = past.lead(received_on=d(6, 1), source="sweep")
    owner.execute("UPDATE matter SET source = NULL WHERE id = %s", (bare.id,))
    past.lead(
        received_on=d(6, 2), source="unit", unit=world.district, method="close",
        disposed_on=d(6, 3), filed_on=d(6, 3), steps=[("closed", d(6, 4))],
    )  # fmt: skip
    return past


def page(browser: Client, query: str) -> Served:
    return served(browser.get(f"/figures?{query}"))


def numbers(html: str) -> Iterator[tuple[Decimal, str]]:
    """Every number that leads somewhere: of tables, of sentences, and of the charts' marks."""
    main = html.partition("<main")[2].partition("</main>")[0]
    for href, text in re.findall(r'<a href="(/figures/[^"]+)">([^<]+)</a>', main):
        yield Decimal(text.replace(",", "")), unescape(href)
    titled = r'<a href="(/figures/[^"]+)" tabindex="-1"><title>([^<]+)</title>'
    for href, text in re.findall(titled, main):
        yield Decimal(text.split()[-1].replace(",", "")), unescape(href)


def behind(browser: Client, href: str) -> tuple[Decimal, int]:
    """(what stands behind adds up to, how many rows are listed)."""
    found = served(browser.get(href))
    if "Nothing is counted here." in found.words:
        return Decimal(0), 0
    _, _, table = found.html.partition('<tr class="totals">')
    whole, _, rows = table.partition("</tr>")
    said = NUMBER.search(re.sub(r"<[^>]+>|data-l=\"[^\"]*\"", " ", whole))
    assert said is not None, href
    return Decimal(said[0].replace(",", "")), rows.count("<tr>")


@pytest.mark.parametrize("query", COHORTS)
def test_what_opens_is_what_the_number_counts(district: Past, doors: Doors, query: str) -> None:
    browser = doors.browser(district.world.chief, language="en")
    found = sorted(set(numbers(page(browser, query).html)), key=str)
    assert len(found) > 5
    wrong = []
    for number, href in found:
        adds, rows = behind(browser, href)
        counted = re.match(r"/figures/(leads|handled|outstanding|held|uncleared|filed)\?", href)
        if number != adds or (counted and rows != number):
            wrong.append((href, number, adds, rows))
    assert wrong == []


@pytest.mark.parametrize("query", ["", "unit=YC-T02", "stage=ended", "source=none"])
def test_no_number_of_a_table_stays_shut(district: Past, doors: Doors, query: str) -> None:
    """But what was in custody at the end of a month, for leads that stood otherwise then."""
    html = page(doors.browser(district.world.chief), query).html
    shut = re.findall(r"<td[^>]*>([\d,.]+)</td>", html)
    if query == "stage=ended":
        shut = [each for each in shut if "." not in each]
    assert {each.strip() for each in shut} <= {"0", "0.00"}


def test_a_point_of_a_line_opens_to_all_until_its_end(district: Past, doors: Doors) -> None:
    browser = doors.browser(district.world.chief, language="en")
    html = page(browser, "").html
    point = re.search(r'<a href="([^"]+)" tabindex="-1"><title>2018-03 received 1,500.10<', html)
    assert point is not None
    assert "since=" not in point[1]
    assert "until=2018-03-31" in point[1]
    assert behind(browser, unescape(point[1])) == (Decimal("1500.10"), 2)


def test_a_month_that_is_not_over_opens_until_its_day(district: Past, doors: Doors) -> None:
    html = page(doors.browser(district.world.chief), "as_of=2018-04-10").html
    assert "until=2018-04-10" in html
    assert "until=2018-04-30" not in html


def test_people_are_said_each_once(district: Past, doors: Doors) -> None:
    browser = doors.browser(district.world.chief, language="en")
    found = served(browser.get("/figures/sanctioned_persons")).words
    assert "Total 2 people, each counted once; matters: 2" in found
    chinese = doors.browser(district.world.chief, language="zh-CN")
    assert "每人只计一次，出自2件事项" in served(chinese.get("/figures/sanctioned_persons")).words


def test_what_states_none_is_said_in_words(district: Past, doors: Doors) -> None:
    browser = doors.browser(district.world.chief, language="en")
    for query, said in (
        ("source=none", "source not stated"),
        ("leader=none", "responsible leader not stated"),
        ("campaign_id=00000000-0000-0000-0000-000000000000", "campaign not stated"),
        ("unit=YC&alone=true", "itself, without what lies below it"),
        ("stage=ended", "ended"),
    ):
        assert f"· {said}" in page(browser, query).words
    export = browser.get("/api/v1/exports/totals.csv?source=none&unit=YC&alone=true")
    assert "Source,not stated" in export.text
    assert ", without what lies below it" in export.text


def test_a_demo_knows_on_its_own_day_what_was_recorded_today(
    world: World, owner: psycopg.Connection[DictRow], doors: Doors
) -> None:
    """Its office stands on a day of its own, while the machine's clock runs on."""
    owner.execute("UPDATE installation SET demo = true, demo_day = %s", (DAY,))
    build_district(Past(world, owner))
    browser = doors.browser(world.auditor, language="en")
    assert "Leads received 5 leads" in page(browser, f"known_on={DAY}").words
    assert "Leads received 0 leads" in page(browser, "known_on=2018-09-29").words
    served(browser.get("/figures?known_on=2018-10-01"), 422)
    assert browser.get("/api/v1/exports/totals.csv").status_code == 200
    assert "Since 30 September:" in served(browser.get("/desk")).words
