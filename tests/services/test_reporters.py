"""Who reported is nowhere but under its seal: whatever way it came in, and wherever one looks."""

import json
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import DictRow

from app.core import workbooks
from app.domain.exports import Format, What
from app.domain.permissions import Role
from app.domain.totals import Cohort
from app.services import exports
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]

# Nothing else holds any of these.
NAMES = ("金丝雀一", "金丝雀二", "金丝雀三", "金丝雀四")
CONTACTS = ("19900007771", "19900007772", "19900007773", "19900007774")
ADDRESS, NUMBER = "竹溪村金丝雀巷7号", "990101196607209998"
SECRETS = (*NAMES, *CONTACTS, ADDRESS, NUMBER)
LEDGER = f"""\
信访编号,信访日期,信访形式,署名情况,反映人,联系电话,反映人地址,反映人身份证号,被反映人,主要诉求,属地
XF20180901,2018-03-05,来信,实名,{NAMES[0]},{CONTACTS[0]},{ADDRESS},{NUMBER},张三,虚报造林面积,上岩洲镇竹溪村
XF20180902,2018-13-05,来信,实名,{NAMES[1]},{CONTACTS[1]},,,李四,补助未到账,上岩洲镇竹溪村
"""
UNKNOWN = "无人叫此名"
DAY = "2018-09-03"


@pytest.fixture
def petitions(world: World, doors: Doors) -> list[str]:
    """One by program, one by form, one by ledger; and a rejected row that nobody mends."""
    intake, browser = doors.api(world.intake_officer), doors.browser(world.intake_officer)
    by_program = intake.post(
        "/api/v1/petitions",
        json={
            "channel": "letter",
            "class": "report",
            "received_on": DAY,
            "content": "反映危房改造补助未足额发放。",
            "unit_id": str(world.village.id),
            "reporter": {"name": NAMES[2], "contact": CONTACTS[2]},
        },
        headers={"Idempotency-Key": "once"},
    )
    assert by_program.status_code == 201, by_program.text
    form = served(browser.get("/log/petition")).form("/log/petition")
    by_form = form.submit(
        browser, channel="letter", received_on=DAY, content="反映补助未到账。",
        where=world.village.code, reporter_name=NAMES[3], reporter_contact=CONTACTS[3],
        **{"class": "report"},
    )  # fmt: skip
    assert by_form.status_code == 303, served(by_form, by_form.status_code).words
    _import(intake)
    found = intake.get("/api/v1/matters", params={"kind": "petition"}).json()["items"]
    assert len(found) == 3
    return [row["id"] for row in found]


def _import(client: Client) -> None:
    sent = client.post(
        "/api/v1/imports",
        data={"family": "petitions"},
        files={"file": ("petitions.csv", LEDGER)},
    )
    assert sent.status_code == 201, sent.text
    taken = client.post(
        f"{sent.headers['location']}/commit",
        json={"accept_guesses": True},
        headers={"If-Match": sent.headers["etag"]},
    )
    assert taken.status_code == 200, taken.text
    for answer in (sent, taken, client.get(f"{sent.headers['location']}/rows")):
        assert not any(secret in answer.text for secret in SECRETS)


def test_no_table_holds_it_in_the_clear(world: World, petitions: list[str], owner: Owner) -> None:
    """Every row of every table, as text: events, findings of imports, kept answers and jobs too."""
    tables = owner.execute(
        "SELECT n.nspname AS schema, c.relname AS name"
        "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
        "   AND n.nspname IN ('public', 'guard', 'jobs')"
    ).fetchall()
    assert len(tables) > 40
    for table in tables:
        query = sql.SQL("SELECT t::text AS row FROM {} t").format(
            sql.Identifier(table["schema"], table["name"])
        )
        for row in owner.execute(query):
            assert not any(secret in row["row"] for secret in SECRETS), table
            for secret in SECRETS:
                assert secret.encode().hex() not in row["row"], table
    kept = owner.execute("SELECT count(*) AS n FROM reporter_identity").fetchone()
    assert kept == {"n": len(petitions)}


def test_nobody_finds_a_petition_by_who_sent_it(
    world: World, doors: Doors, petitions: list[str]
) -> None:
    for role in set(Role) - {Role.OPERATOR, Role.ADMINISTRATOR}:
        who = world.holder(role)
        for secret in (NAMES[0], NAMES[2], CONTACTS[3], NUMBER):
            found = doors.api(who).get("/api/v1/search", params={"q": secret})
            assert found.json()["items"] == [], (role, secret)
            pages = [
                doors.browser(who).get("/search", params={"q": typed}).text
                .replace(typed, "").replace(quote(typed), "")
                for typed in (secret, UNKNOWN)
            ]  # fmt: skip
            assert pages[0] == pages[1], (role, secret)


def test_no_page_and_no_answer_tells_it_unasked(
    world: World, doors: Doors, petitions: list[str]
) -> None:
    for role in (Role.INTAKE_OFFICER, Role.PETITIONS_HEAD, Role.LEAD_MANAGER, Role.CHIEF):
        who = world.holder(role)
        api, browser = doors.api(who), doors.browser(who)
        for petition in petitions:
            asked = [api.get(f"/api/v1/matters/{petition}{more}") for more in ("", "/timeline")]
            asked += [browser.get(f"/matters/{petition}"), browser.get("/petitions")]
            for answer in asked:
                assert answer.status_code == 200, (role, answer.url)
                assert not any(secret in answer.text for secret in SECRETS), (role, answer.url)


@pytest.mark.parametrize("format_", list(Format))
def test_no_export_holds_it_whoever_asks_and_for_whatever_reason(
    world: World, petitions: list[str], format_: Format
) -> None:
    for who in (world.chief, world.lead_manager):
        for what in What:
            content = _exported(world, what, format_, named=who is world.chief)
            for secret in SECRETS:
                assert secret not in content, (who.role, what)


def _exported(world: World, what: What, format_: Format, *, named: bool) -> str:
    who = world.chief if named else world.lead_manager
    with world.open("exports.order", who) as tx:
        cohort = Cohort(as_of=tx.today)
        ordered = exports.order(
            tx,
            what=what,
            format=format_,
            cohort=cohort,
            locale="zh_CN",
            names=named,
            reason="向上级报送" if named else None,
        )
    content = b"".join(exports.stream(world.office, who.session, ordered))
    if format_ is not Format.XLSX:
        return content.decode()
    sheets = workbooks.read(content, "export.xlsx").sheets
    return json.dumps([[str(cell) for cell in row] for each in sheets for row in each.rows],
                      ensure_ascii=False)  # fmt: skip


def test_whoever_may_read_it_is_written_down(
    world: World, doors: Doors, petitions: list[str], owner: Owner
) -> None:
    read = [doors.api(world.intake_officer).post(f"/api/v1/petitions/{each}/reporter")
            for each in petitions]  # fmt: skip
    assert {each.json()["name"] for each in read} == {NAMES[0], NAMES[2], NAMES[3]}
    for role in (Role.LEAD_MANAGER, Role.CHIEF, Role.INVESTIGATOR, Role.AUDITOR):
        refused = doors.api(world.holder(role)).post(f"/api/v1/petitions/{petitions[0]}/reporter")
        assert refused.status_code in (403, 404), role
    events = owner.execute(
        "SELECT row_id, actor_id FROM audit_event WHERE use_case = 'petitions.read_reporter'"
        " AND table_name = 'reporter_identity'"
    ).fetchall()
    assert {str(event["row_id"]) for event in events} == set(petitions)
    assert {event["actor_id"] for event in events} == {world.intake_officer.account_id}
