"""Bank lines that name no known lead, on pages: found, and given to their item."""

from datetime import date
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.services import funds
from tests.build_history import Made, Past
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import Served, served

DAY = date(2018, 9, 28)


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


def test_a_line_that_names_no_lead_is_given_to_its_item_with_the_reason(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("in_custody")
    past.suspended("77.00", date(2018, 6, 3), counterparty="孙七")
    browser = doors.browser(past.world.finance)
    money = served(browser.get("/money"))
    waiting = served(browser.get(money.link("Waiting lines")))
    assert "1 bank line waits" in waiting.words
    assert "孙七" in waiting.words
    [address] = [each for each in waiting.links.values() if "/assignment" in each]
    asked = served(browser.get(address))
    assert "77.00 yuan came in on 3 June 2018" in asked.words
    form = asked.form("/assignment")
    for typed, said in (
        ({"number": "FU2018-9999", "reason": "写错"}, "You see no fund item with this number."),
        ({"number": "FU2018-9999", "reason": ""}, "Say why."),
        ({"number": "", "reason": ""}, "Write the number of the fund item."),
    ):
        refused = served(form.submit(browser, **typed), 422)
        assert said in refused.words
        form = refused.form("/assignment")
        assert form.fields["number"] == [typed["number"]]
    answer = form.submit(browser, number=item.number, reason="摘要写错了编号")
    assert answer.status_code == 303, answer.text[-800:]
    after = served(browser.get(answer.headers["location"]))
    assert "The bank line counts for this item from now on." in after.words
    with past.world.open("funds.read", past.world.finance) as tx:
        assert str(funds.open_item(tx, item.id).balance.held) == "12077.00"
    assert "No bank line waits. They come" in served(browser.get("/money/bank")).words
    # Given to the wrong one, it is given on from its movement.
    other = past.item_to_repay("in_custody")
    entries = doors.api(past.world.finance).get(f"/api/v1/matters/{item.id}/entries").json()
    [entry] = [row["id"] for row in entries["items"] if row["received"] == "77.00"]
    moved = served(browser.get(f"/money/entries/{entry}"))
    stays_once_decided(past, browser, item, f"/money/entries/{entry}", address)
    refuses_who_gave_it(moved, browser, doors.api(past.world.finance), address, other)
    keeper = doors.browser(past.world.keeper)
    moved = served(keeper.get(f"/money/entries/{entry}"))
    again = served(keeper.get(moved.link("Give its bank line to another item")))
    assert f"count for {item.number} now" in again.words
    form = again.form("/assignment")
    answer = form.submit(keeper, number=other.number.lower(), reason="认领错了")
    assert answer.status_code == 303, answer.text[-800:]
    with past.world.open("funds.read", past.world.finance) as tx:
        assert str(funds.open_item(tx, item.id).balance.held) == "12000.00"
        assert str(funds.open_item(tx, other.id).balance.held) == "12077.00"
    both_tell_of_it(browser, past.world.keeper.name, item, other)


def both_tell_of_it(browser: Client, who: str, item: Made, other: Made) -> None:
    for of, said in (
        (item, f"{who} took a bank line of 77.00 yuan away from {item.number}."),
        (other, f"{who} assigned a bank line of 77.00 yuan to {other.number}."),
    ):
        assert said in served(browser.get(f"/matters/{of.id}")).words


def refuses_who_gave_it(
    moved: Served, browser: Client, api: Client, address: str, other: Made
) -> None:
    """Giving a line on undoes what stands: to whoever recorded that, page, form and API say so."""
    said = "Whoever recorded an entry can't reverse it: ask a colleague."
    assert said in moved.words
    assert not [each for each in moved.links.values() if "/assignment" in each]
    form = served(browser.get(address), 409)
    assert said in form.words
    assert not [each for each in form.forms if "/assignment" in (each.action or "")]
    body = {"fund_item_id": str(other.id), "reason": "认领错了"}
    to = address.replace("/money/bank", "/api/v1/bank-lines")
    answer = api.post(to, json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 403, answer.text
    assert said in answer.json()["detail"]


def stays_once_decided(past: Past, browser: Client, item: Made, *addresses: str) -> None:
    """On a movement of what is decided its line can't be given on, and its form is none."""
    state = "UPDATE matter SET state = %s WHERE id = %s"
    past.owner.execute(state, ("decided", item.id))
    for address, status in zip(addresses, (200, 409), strict=True):
        page = served(browser.get(address), status)
        assert "A decision rests on this entry" in page.words
        assert not [each for each in page.forms if "/assignment" in (each.action or "")]
        assert not [each for each in page.links.values() if "/assignment" in each]
    past.owner.execute(state, ("in_custody", item.id))


def test_who_gives_a_line_that_a_colleague_gave_away_meanwhile_is_told_and_takes_nothing(
    past: Past, doors: Doors
) -> None:
    first, second = past.item_to_repay("in_custody"), past.item_to_repay("in_custody")
    line = past.suspended("77.00", date(2018, 6, 3), counterparty="孙七")
    address = f"/money/bank/{line}/assignment"
    finance, keeper = doors.browser(past.world.finance), doors.browser(past.world.keeper)
    late = served(keeper.get(address)).form("/assignment")
    form = served(finance.get(address)).form("/assignment")
    answer = form.submit(finance, number=first.number, reason="摘要写错了")
    assert answer.status_code == 303, answer.text[-800:]
    told = served(late.submit(keeper, number=second.number, reason="应为此项"), 409)
    assert "Somebody gave this bank line to an item in the meantime." in told.words
    assert f"count for {first.number} now" in told.words
    assert told.form("/assignment").fields["reason"] == ["应为此项"]
    with past.world.open("funds.read", past.world.finance) as tx:
        assert str(funds.open_item(tx, first.id).balance.held) == "12077.00"


def test_an_auditor_reads_what_waits_without_names_and_gives_it_to_nobody(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("in_custody")
    line = past.suspended("77.00", date(2018, 6, 3), counterparty="孙七")
    finance = doors.browser(past.world.finance)
    form = served(finance.get(f"/money/bank/{line}/assignment")).form("/assignment")
    auditor = doors.browser(past.world.auditor)
    desk = served(auditor.get("/desk"))
    page = served(auditor.get(desk.link("See the bank lines")))
    assert "77.00" in page.words
    assert "孙七" not in page.words
    whole = "bank-lines/waiting"
    [known] = doors.api(past.world.finance).get(f"/api/v1/{whole}").json()["items"]
    [read] = doors.api(past.world.auditor).get(f"/api/v1/{whole}").json()["items"]
    assert read["serial"] == f"****{known['serial'][-4:]}"
    assert read["serial"] in page.words
    assert known["serial"] not in page.html
    assert not [each for each in page.links.values() if "/assignment" in each]
    answer = form.submit(auditor, number=item.number, reason="我来")
    assert answer.status_code == 403


def test_who_reads_no_money_reads_no_bank_line(past: Past, doors: Doors) -> None:
    line = past.suspended("77.00", date(2018, 6, 3), counterparty="孙七")
    browser = doors.browser(past.world.intake_officer)
    for address in ("/money/bank", f"/money/bank/{line}/assignment", "/money/unsigned"):
        assert browser.get(address).status_code == 403


HEAD = "交易日期,流水号,摘要,贷方发生额,借方发生额,余额,对方户名\n"


def statement(past: Past, doors: Doors, *lines: str) -> str:
    """Taken in by finance, as a file; the report's address."""
    browser = doors.browser(past.world.finance)
    form = served(browser.get("/log/import?family=bank")).form("/log/import")
    content = ("账号,99010100000000001\n" + HEAD + "\n".join(lines)).encode()
    sent = browser.post(
        form.action, data={**form.fields, "family": "bank"}, files={"file": ("流水.csv", content)}
    )
    assert sent.status_code == 303, sent.text[-800:]
    address = sent.headers["location"]
    taken = served(browser.get(address)).form("/commit").submit(browser)
    assert taken.status_code == 303, taken.text[-800:]
    return address


def moved(past: Past, item: Made) -> tuple[str, str, str]:
    """Received, returned, remitted."""
    with past.world.open("funds.read", past.world.finance) as tx:
        it = funds.open_item(tx, item.id).balance
    return str(it.received), str(it.returned), str(it.remitted)


def test_a_statement_is_booked_for_its_lead_only_until_it_is_decided_where_its_money_goes(
    past: Past, doors: Doors
) -> None:
    world = past.world
    item = past.item_to_repay("in_custody")
    lead = past.owner.execute(
        "UPDATE fund_item f SET undivided = true FROM matter m WHERE f.id = %s"
        " AND m.id = f.origin_id RETURNING m.id, m.number", (item.id,)
    ).fetchone()  # fmt: skip
    assert lead is not None
    cites = lead["number"]
    statement(past, doors, f"2018-06-03,00000801,{cites}退缴违纪款,77.00,,12077.00,孙七")
    assert moved(past, item) == ("12077.00", "0.00", "0.00")
    past.owner.execute("UPDATE matter SET state = 'settling' WHERE id = %s", (item.id,))
    report = statement(
        past, doors,
        f"2018-06-04,00000802,{cites}退缴违纪款,88.00,,12165.00,周九",
        f"2018-06-05,00000803,{cites}退还群众款,,10.00,12155.00,丁有田",
        f"2018-06-06,00000804,{cites}上缴国库,,5.00,12150.00,国库",
    )  # fmt: skip
    # What comes in late nobody would decide about.
    assert moved(past, item) == ("12077.00", "10.00", "5.00")
    for language, said in (
        ("en", "It is decided already where the money held for this lead goes"),
        ("zh-CN", "该线索的款项去向已经决定"),
    ):
        rows = served(doors.browser(world.finance, language=language).get(f"{report}/rows")).words
        assert rows.count(said) == 1
    assert "周九" in served(doors.browser(world.finance).get("/money/bank")).words
    gives_a_remittance_on(past, doors, item)
    whoever_is_walled_off_reads_no_line_that_waits_for_the_lead(past, doors, lead["id"], report)


def gives_a_remittance_on(past: Past, doors: Doors, item: Made) -> None:
    """What the bank remitted counts as remitted wherever it is given."""
    past.owner.execute("UPDATE matter SET state = 'in_custody' WHERE id = %s", (item.id,))
    other, keeper = past.item_to_repay("in_custody"), past.world.keeper
    entries = doors.api(keeper).get(f"/api/v1/matters/{item.id}/entries").json()["items"]
    [entry] = [row["id"] for row in entries if row["kind"] == "treasury"]
    browser = doors.browser(keeper)
    page = served(browser.get(f"/money/entries/{entry}"))
    form = served(browser.get(page.link("Give its bank line to another item"))).form("/assignment")
    answer = form.submit(browser, number=other.number, reason="编号写错")
    assert answer.status_code == 303, answer.text[-800:]
    assert moved(past, item) == ("12077.00", "10.00", "0.00")
    assert moved(past, other) == ("12000.00", "0.00", "5.00")


def whoever_is_walled_off_reads_no_line_that_waits_for_the_lead(
    past: Past, doors: Doors, lead: UUID, report: str
) -> None:
    who = past.world.finance
    past.insert(
        "wall", id=new_id(), matter_id=lead, account_id=who.account_id, cause="declared",
        made_by=who.account_id, made_on=DAY,
    )  # fmt: skip
    browser = doors.browser(who)
    waiting = served(browser.get("/money/bank")).words
    assert "周九" not in waiting
    assert "No bank line waits" in waiting
    assert "It is decided already" not in served(browser.get(f"{report}/rows")).words
    with past.world.open("attack", who) as tx:
        assert tx.rows("SELECT 1 FROM journal_entry WHERE kind = 'suspense'") == []
        assert tx.rows("SELECT 1 FROM bank_line WHERE counterparty = '周九'") == []
    assert "周九" in served(doors.browser(past.world.keeper).get("/money/bank")).words
