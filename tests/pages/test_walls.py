"""Deciding who goes on with a matter, and lifting a wall, on pages."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.build_history import Past
from tests.build_matters import verified
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]


@pytest.fixture
def lead(world: World) -> UUID:
    return verified(world)


def test_a_head_decides_from_the_desk_having_read_the_report(
    world: World, doors: Doors, owner: Owner, lead: UUID
) -> None:
    who, report = Past(world, owner).accused_handler(lead)
    browser = doors.browser(world.lead_manager, language="zh-CN")
    address = f"/matters/{lead}/links/{who}/{report}"
    assert f'href="{address}"' in browser.get("/desk").text
    page = served(browser.get(address))
    assert f'href="/matters/{report}"' in page.html
    form = page.form(address)
    unsure = form.submit(browser, reason="待核实")
    assert unsure.status_code == 422  # nothing is preselected
    done = form.submit(browser, answer="off", reason="反映属实的可能性大。")
    assert done.headers["location"] == f"/matters/{lead}?done=link_decided"
    assert "韩立群" in served(browser.get(f"/matters/{lead}/access")).words
    assert address not in browser.get("/desk").text


def test_only_a_head_reads_why_and_lifts(
    world: World, doors: Doors, owner: Owner, lead: UUID
) -> None:
    who, _report = Past(world, owner).accused_handler(lead, declared="被反映人是我的同学。")
    address = f"/matters/{lead}/walls/{who}"
    assert doors.browser(world.investigator).get(address).status_code == 403
    head = doors.browser(world.department_head, language="zh-CN")
    assert address in head.get(f"/matters/{lead}/access").text
    page = served(head.get(address))
    assert "被反映人是我的同学。" in page.words
    done = page.form(address).submit(head, reason="重名，并非同学。")
    assert done.status_code == 303
    assert head.get(address).status_code == 404
