"""A demo's office stands on a day of its own: what is recorded today is told as of that day."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.ledger import Signed
from app.domain.permissions import Role
from app.routers.sendings import FIELD
from app.services import accounts, funds
from app.services.funds import Payment
from app.services.openings import Reported
from tests.build_history import Past
from tests.build_matters import log, verified
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import Typed, followed, served

DAY = date(2018, 9, 28)
MACHINE = str(datetime.now(UTC).year)
LEAD: dict[str, Typed] = {
    "source": "supervision", "received_on": "2018-09-28", "what": "多领的补助没有发到户。",
    "where": "上岩洲镇西塘桥村",
}  # fmt: skip

Owner = psycopg.Connection[DictRow]


@pytest.fixture
def past(world: World, owner: Owner) -> Past:
    owner.execute("UPDATE installation SET demo = true, demo_day = %s", (DAY,))
    return Past(world, owner)


def told(browser: Client, address: str, *said: str) -> None:
    """What a page says, and that it names no day of the machine's."""
    page = served(browser.get(address))
    for each in said:
        assert each in page.words, (address, page.words)
    assert MACHINE not in page.words, (address, page.words)


def test_what_somebody_wrote_today_is_of_the_demos_day(past: Past, doors: Doors) -> None:
    world = past.world
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    assert browser.post("/drafts", data=form.values(LEAD)).status_code == 303
    told(browser, "/drafts", "2018-09-28")
    told(browser, "/log", "What you typed until 2018-09-28")
    answer = served(browser.get("/log")).form("/log")
    lead = followed(browser, answer.submit(browser))
    told(browser, f"/sent/{answer.fields[FIELD][0]}", "It was carried out at 2018-09-28")
    assert lead.form("/watch").submit(browser).status_code == 303
    told(browser, "/watched")
    told(browser, "/desk")


def test_what_is_open_for_a_time_ends_by_the_demos_calendar(past: Past, doors: Doors) -> None:
    world = past.world
    lead = verified(world, Reported(name="梁启元"))
    world.clock.days.clear()  # the machine's day from here on
    head = doors.browser(world.department_head)
    form = served(head.get(f"/matters/{lead}/access")).form("/access")
    login = world.team_member.login
    assert form.submit(head, login=login, days="7", reason="核对账目").status_code == 303
    told(head, f"/matters/{lead}/access", "until 4 October")
    guest = doors.browser(world.team_member)
    told(guest, "/desk", "Open to you until 4 October")
    away = served(head.get("/me/standing-in")).form("/me/standing-in")
    login = world.deputy.login
    typed: dict[str, Typed] = {"login": login, "last_day": "2018-10-05", "reason": "休假"}
    assert away.send(head, {**typed, "last_day": "2018-09-27"}).status_code == 422
    assert away.send(head, typed).status_code == 303
    told(head, "/me/standing-in", "from 28 September to 5 October")


def test_roles_sessions_and_keys_say_the_demos_days(past: Past, doors: Doors) -> None:
    world = past.world
    world.clock.days.clear()
    member = world.team_member
    with world.open("accounts.grant_role", world.administrator) as tx:
        role = accounts.grant_role(
            tx, account_id=member.account_id, role=Role.INSPECTOR, unit_id=world.township.id,
            begins_on=DAY, ends_on=DAY + timedelta(days=7),
        )  # fmt: skip
        (asked,) = accounts.waiting_roles(tx)
        assert asked["begins_on"] == DAY
    with world.open("accounts.decide_role", world.operator) as tx:
        accounts.decide_role(tx, role, confirmed=True)
    with world.open("accounts.me", member) as tx:
        assert Role.INSPECTOR in {grant.role for grant in tx.actor.grants}
    page = f"/admin/accounts/{member.account_id}"
    told(doors.browser(world.administrator), page, "since 28 September", "until 4 October")
    browser = doors.browser(world.auditor)
    form = served(browser.get("/me/keys")).form("/me/keys")
    assert form.submit(browser, name="报表", scope="totals:read", days="90").status_code == 200
    told(browser, "/me/keys", "Made 2018-09-28", "ends 2018-12-27")
    told(browser, "/me/sessions", "Signed in 2018-09-28")


def test_who_opened_what_and_when_is_told_by_the_demos_days(past: Past, doors: Doors) -> None:
    world = past.world
    log(world, world.investigator, Reported(name="梁启元", position="村主任"))
    world.clock.days.clear()
    chief = doors.browser(world.chief)
    address = served(chief.get("/people?name=梁")).link("梁启元")
    asked = served(chief.get(address), 403).form("/open")
    followed(chief, asked.submit(chief, reason="核对登记信息。"))
    told(chief, "/openings", "2018-09-28")
    reader = doors.browser(world.other_investigator)
    form = served(reader.get("/sign/emergencies")).form("/sign/emergencies")
    number = "YC2018-0001"
    answer = form.send(reader, {"kind": "lead", "number": number, "reason": "联系不上承办人。"})
    followed(reader, answer)
    told(reader, "/sign/emergencies", "Open to you until 2018-09-2")
    told(doors.browser(world.lead_manager), "/desk", "declared an emergency at 2018-09-28")


def test_money_and_lists_of_it_say_the_demos_days(past: Past, doors: Doors) -> None:
    item = past.item_to_repay("settling")
    with past.world.open("funds.pay", past.world.finance) as tx:
        payee = funds.open_item(tx, item.id).payees[0]
        paid = Payment(payee_id=payee["id"], amount=payee["amount"], signed=Signed.SIGNATURE)
        (posted,) = funds.pay_returns(tx, item.id, [paid], happened_on=DAY)
    told(doors.browser(past.world.finance), f"/money/entries/{posted.entry_id}", "2018-09-28")
    auditor = doors.browser(past.world.auditor)
    for what in ("totals", "returns"):
        text = auditor.get(f"/api/v1/exports/{what}.csv").text
        assert "Made at,2018-09-28" in text
        assert MACHINE not in text
