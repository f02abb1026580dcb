"""Money that goes elsewhere than to people on a list, on pages."""

from datetime import date

import psycopg
import pytest
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from app.services import funds
from tests.build_history import Made, Past
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served

DAY = date(2018, 9, 28)


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


def decided(past: Past, **splits: str) -> Made:
    item = past.item_to_repay("settling")
    past.owner.execute("UPDATE fund_item SET splits = %s WHERE id = %s", (Jsonb(splits), item.id))
    return item


def test_the_finance_officer_sends_what_was_decided_to_the_treasury_and_no_more(
    past: Past, doors: Doors
) -> None:
    item = decided(past, treasury="8000.00", **{"return": "4000.00"})
    browser = doors.browser(past.world.finance)
    page = served(browser.get(f"/matters/{item.id}"))
    asked = served(browser.get(page.link("Record money that went elsewhere")))
    form = asked.form("/remittance")
    assert form.choices["to"] == ["treasury"]
    assert "at most 8,000.00 yuan" in asked.words
    refused = served(form.submit(browser, to="treasury", amount="8000.01"), 409)
    assert "The decision gives 8000.00 yuan to this destination" in refused.words
    assert refused.form("/remittance").fields["amount"] == ["8000.01"]
    answer = refused.form("/remittance").submit(browser, amount="8,000.00", note="缴款书0032")
    assert answer.status_code == 303, answer.text[-800:]
    after = served(browser.get(answer.headers["location"]))
    assert "Recorded: it has gone out." in after.words
    assert "Record money that went elsewhere" not in after.words  # nothing is left for it
    with past.world.open("funds.read", past.world.finance) as tx:
        balance = funds.open_item(tx, item.id).balance
    assert (str(balance.remitted), str(balance.held)) == ("8000.00", "4000.00")
    moved = served(browser.get(after.link("to the treasury")))
    assert "Note 缴款书0032" in moved.words


def test_nothing_is_sent_to_where_it_was_not_decided(past: Past, doors: Doors) -> None:
    item = decided(past, **{"return": "12000.00"})
    browser = doors.browser(past.world.finance)
    assert (
        "Record money that went elsewhere" not in served(browser.get(f"/matters/{item.id}")).words
    )
    page = served(browser.get(f"/money/{item.id}/remittance"), 409)
    assert "Nothing may go elsewhere now" in page.words
    assert "typed" not in page.words  # nobody typed anything
    assert not [each for each in page.forms if (each.action or "").endswith("/remittance")]


def test_whoever_does_not_pay_is_not_offered_to_send_money(past: Past, doors: Doors) -> None:
    item = decided(past, treasury="8000.00")
    for who in (past.world.keeper, past.world.investigator, past.world.auditor):
        browser = doors.browser(who)
        assert (
            "Record money that went elsewhere"
            not in served(browser.get(f"/matters/{item.id}")).words
        )
        assert browser.get(f"/money/{item.id}/remittance").status_code == 403


def test_what_has_nothing_to_do_with_the_matter_goes_back_to_its_holder(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("settling")
    past.owner.execute("UPDATE matter SET state = 'released' WHERE id = %s", (item.id,))
    browser = doors.browser(past.world.finance)
    form = served(browser.get(f"/money/{item.id}/remittance")).form("/remittance")
    assert form.choices["to"] == ["release"]
    answer = form.submit(browser, to="release", amount="12000.00")
    assert answer.status_code == 303, answer.text[-800:]
    with past.world.open("funds.read", past.world.finance) as tx:
        balance = funds.open_item(tx, item.id).balance
    assert (str(balance.released), str(balance.held)) == ("12000.00", "0.00")
