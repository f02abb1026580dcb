"""The import pages: try, settle columns, take in; ledger doubts explained or corrected."""

import re
from datetime import date

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from app.routers.csrf import FIELD, token
from app.routers.pages import imports as pages
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import served

LEADS = """\
线索编号,受理日期,线索来源,被反映人,政治面貌,反映的主要问题,乡镇,村,处置方式,立案日期,党纪处分,办结日期
YC2018-0901,2018-03-05,信访举报,张三,群众,虚报造林面积,上岩洲镇,竹溪村,初步核实,2018-04-01,警告,2018-06-01
YC2018-0902,2018-03-06,巡察移交,李四,,套取危房改造补助,上岩洲镇,没有的村,,,,
"""


@pytest.fixture
def manager(world: World) -> Someone:
    world.clock.set(date(2018, 9, 28))
    return world.lead_manager


@pytest.fixture
def browser(doors: Doors, manager: Someone) -> Client:
    return doors.browser(manager)


def posted(
    doors: Doors, browser: Client, who: Someone, url: str, content: str | None = None, **data: str
) -> httpx.Response:
    """A form as the page sends it."""
    fields = {FIELD: token(doors.keys, who.session), **data}
    files = None if content is None else {"file": ("leads.csv", content.encode())}
    return browser.post(url, data=fields, files=files)


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_ledger_is_tried_and_taken_in(doors: Doors, browser: Client, manager: Someone) -> None:
    form = browser.get("/log/import")
    assert form.status_code == 200
    assert 'type="file"' in form.text
    sent = posted(doors, browser, manager, "/log/import", LEADS, family="leads")
    assert sent.status_code == 303
    preview = browser.get(sent.headers["location"])
    assert "没有的村" in preview.text
    assert "There is no unit of this name in the unit tree." in preview.text
    assert "A sanction that the person can’t receive" in preview.text
    taken = posted(
        doors, browser, manager, f"{sent.headers['location']}/commit",
        version=version_in(preview.text),
    )  # fmt: skip
    assert taken.status_code == 303
    done = browser.get(taken.headers["location"])
    assert "The ledger is taken in" in done.text
    assert "/log/doubts" in done.text
    listed = browser.get("/leads").text
    assert "YC2018-0901" in listed
    assert "YC2018-0902" not in listed


def test_rejected_rows_can_be_downloaded(doors: Doors, browser: Client, manager: Someone) -> None:
    sent = posted(doors, browser, manager, "/log/import", LEADS, family="leads")
    answer = browser.get(f"{sent.headers['location']}/rejects")
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    rows = browser.get(f"{sent.headers['location']}/rows", params={"verdict": "rejected"})
    assert "没有的村" in rows.text


def test_an_open_column_is_settled_by_a_select(
    doors: Doors, browser: Client, manager: Someone
) -> None:
    ledger = LEADS.replace("线索编号", "台账代号甲")
    sent = posted(doors, browser, manager, "/log/import", ledger, family="leads")
    preview = browser.get(sent.headers["location"]).text
    assert "台账代号甲" in preview
    assert f"{sent.headers['location']}/commit" not in preview
    chosen = posted(
        doors, browser, manager, f"{sent.headers['location']}/map",
        **{"heading-0": "台账代号甲", "column-0": "number", "version": version_in(preview)},
    )  # fmt: skip
    assert chosen.status_code == 303
    again = browser.get(sent.headers["location"]).text
    assert f"{sent.headers['location']}/commit" in again


def test_what_is_no_ledger_is_said_beside_the_file(
    doors: Doors, browser: Client, manager: Someone
) -> None:
    answer = posted(doors, browser, manager, "/log/import", "a,b\n1,2\n", family="leads")
    assert answer.status_code == 422
    assert 'id="file-e"' in answer.text
    nothing = posted(doors, browser, manager, "/log/import", family="leads")
    assert nothing.status_code == 422
    assert "Choose the file of the ledger." in nothing.text


def test_somebody_elses_file_is_not_there(
    doors: Doors, browser: Client, manager: Someone, world: World
) -> None:
    sent = posted(doors, browser, manager, "/log/import", LEADS, family="leads")
    other = doors.browser(world.operator)
    assert other.get(sent.headers["location"]).status_code == 404


def test_a_long_ledger_says_how_far_it_is(
    doors: Doors, browser: Client, manager: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LARGE", 1)
    sent = posted(doors, browser, manager, "/log/import", LEADS, family="leads")
    version = version_in(browser.get(sent.headers["location"]).text)
    page = posted(doors, browser, manager, f"{sent.headers['location']}/commit", version=version)
    assert page.status_code == 200
    assert "Everything is taken in." in page.text
    assert page.text.rstrip().endswith("</html>")
    stale = posted(doors, browser, manager, f"{sent.headers['location']}/commit", version=version)
    assert "This file was imported already." in stale.text


def test_an_operator_imports_and_opens_nothing(doors: Doors, world: World) -> None:
    world.clock.set(date(2018, 9, 28))
    browser = doors.browser(world.operator)
    sent = posted(doors, browser, world.operator, "/log/import", LEADS, family="leads")
    preview = browser.get(sent.headers["location"]).text
    posted(
        doors, browser, world.operator, f"{sent.headers['location']}/commit",
        version=version_in(preview),
    )  # fmt: skip
    assert "accepted with a warning 1 row" in served(browser.get(sent.headers["location"])).words
    assert browser.get("/leads").status_code == 403
    assert browser.get("/log/doubts").status_code == 403


def test_a_doubt_is_explained_and_no_longer_counted(
    doors: Doors, browser: Client, manager: Someone, owner: psycopg.Connection[DictRow]
) -> None:
    sent = posted(doors, browser, manager, "/log/import", LEADS, family="leads")
    version = version_in(browser.get(sent.headers["location"]).text)
    posted(doors, browser, manager, f"{sent.headers['location']}/commit", version=version)
    listed = browser.get("/log/doubts", params={"rule": "sanction_not_eligible"}).text
    assert "leads.csv, row 2" in listed
    (row,) = owner.execute("SELECT id FROM doubt").fetchall()
    page = browser.get(f"/log/doubts/{row['id']}").text
    assert "YC2018-0901" in page
    empty = posted(doors, browser, manager, f"/log/doubts/{row['id']}", version="1")
    assert empty.status_code == 422
    settled = posted(
        doors, browser, manager, f"/log/doubts/{row['id']}", version="1",
        settlement="explained", explanation="入党志愿书显示其为党员",
    )  # fmt: skip
    assert settled.status_code == 303
    assert "leads.csv" not in browser.get("/log/doubts").text
    done = browser.get("/log/doubts", params={"settled": "yes"}).text
    assert "explained" in done
    (kept,) = owner.execute(
        "SELECT settled_on, explanation FROM doubt WHERE settled_by IS NOT NULL"
    ).fetchall()
    assert kept == {"settled_on": date(2018, 9, 28), "explanation": "入党志愿书显示其为党员"}
    events = owner.execute("SELECT op FROM audit_event WHERE table_name = 'doubt' ORDER BY seq")
    assert [each["op"] for each in events] == ["INSERT", "UPDATE"]
    again = posted(
        doors, browser, manager, f"/log/doubts/{row['id']}", version="2",
        settlement="explained", explanation="x",
    )  # fmt: skip
    assert again.status_code == 409
