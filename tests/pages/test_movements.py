"""A movement of money on pages: what it was, undoing it, and a payee who signs later."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.errors import Conflict
from app.domain.ledger import Signed
from app.services import funds
from app.services.funds import Payment
from tests.build_history import Made, Past
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served

DAY = date(2018, 9, 28)


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


@pytest.fixture
def item(past: Past) -> Made:
    return past.item_to_repay("settling")


def pay(
    past: Past, item: Made, signed: Signed = Signed.SIGNATURE, by: Someone | None = None
) -> Sequence[UUID]:
    """Everybody on the list is paid by the finance officer; the entries in the list's order."""
    with past.world.open("funds.pay", by or past.world.finance) as tx:
        payments = [
            Payment(payee_id=row["id"], amount=row["amount"], signed=signed)
            for row in funds.open_item(tx, item.id).payees
        ]
        posted = funds.pay_returns(tx, item.id, payments, happened_on=DAY)
    return [each.entry_id for each in posted]


def held(past: Past, item: Made) -> str:
    with past.world.open("funds.read", past.world.finance) as tx:
        return str(funds.open_item(tx, item.id).balance.held)


def test_a_movement_says_who_recorded_it_to_whom_it_went_and_how_they_signed(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item)[0]
    browser = doors.browser(past.world.keeper)
    page = served(browser.get(f"/matters/{item.id}"))
    shown = served(browser.get(page.link("paid back, YC-SJ2018-00001")))
    assert f"/money/entries/{entry}" in str(shown.html)
    for words in (
        "1,250.00 yuan paid back, YC-SJ2018-00001, on 28 September 2018.", "Paid to 丁有田",
        "Signed for by signature, on 28 September 2018", "Recorded by",
        past.world.finance.name,
    ):  # fmt: skip
        assert words in shown.words
    assert served(browser.get(shown.link("Receipt to sign"))).words.count("丁有田")


def test_a_colleague_reverses_a_payment_and_its_payee_waits_for_the_money_again(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item)[0]
    assert held(past, item) == "8390.00"
    browser = doors.browser(past.world.keeper)
    page = served(browser.get(f"/money/entries/{entry}"))
    asked = served(browser.get(page.link("Reverse this movement")))
    assert "丁有田 stands on the return list as not paid, and the receipt is void" in asked.words
    answer = asked.form("/reversal").submit(browser, reason="付给了同名的人")
    assert answer.status_code == 303, answer.text[-800:]
    after = served(browser.get(answer.headers["location"]))
    assert "Reversed. Both movements stay readable." in after.words
    assert "YC-SJ2018-00001, reversed since" in after.words
    assert held(past, item) == "9640.00"
    for reader in (browser, doors.browser(past.world.finance)):  # who recorded it, too
        told = served(reader.get(f"/money/entries/{entry}"))
        assert "Reversed: it counts no longer." in told.words
        assert "back, YC-SJ2018-00001, on 28 September 2018, reversed since." in told.words
        assert "What may I do now" not in told.words
        assert "ask a colleague" not in told.words
    assert "Two copies" not in served(browser.get(told.link("Void receipt"))).words
    assert "Why it was reversed 付给了同名的人" in told.words
    paying = served(doors.browser(past.world.finance).get(f"/money/{item.id}/return"))
    assert "丁有田" in paying.words


def test_whoever_recorded_a_movement_reads_that_a_colleague_reverses_it_and_gets_no_form(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item)[0]
    browser = doors.browser(past.world.finance)
    page = served(browser.get(f"/money/entries/{entry}"))
    assert "Whoever recorded an entry can't reverse it: ask a colleague." in page.words
    form = served(browser.get(f"/money/entries/{entry}/reversal"), 409)
    assert "ask a colleague" in form.words
    assert not [each for each in form.forms if (each.action or "").endswith("/reversal")]


def test_a_movement_is_reversed_once_and_its_reversal_never(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item)[0]
    keeper = doors.browser(past.world.keeper)
    form = served(keeper.get(f"/money/entries/{entry}/reversal")).form("/reversal")
    late = served(keeper.get(f"/money/entries/{entry}/reversal")).form("/reversal")
    assert form.submit(keeper, reason="付错人").status_code == 303
    again = served(late.submit(keeper, reason="又一次"), 409)
    assert "What you had typed Why 又一次" in again.words
    assert "still here" not in again.words
    assert held(past, item) == "9640.00"
    told = served(keeper.get(f"/money/entries/{entry}"))
    dated = "28 September 2018, with effect from 28 September 2018"
    undone = told.link(f"{dated}, by {past.world.keeper.name}")
    assert f"Reversed on {dated}" in told.words
    reading = served(doors.browser(past.world.finance).get(undone))
    assert "A reversal is not reversed: record the movement again." in reading.words
    assert f"1,250.00 yuan reversed on {dated}." in reading.words
    # An auditor learns that there is a reason, and not what it says: it may name people.
    auditor = doors.browser(past.world.auditor)
    for address in (f"/money/entries/{entry}", undone):
        shown = served(auditor.get(address)).words
        assert "It is written down. Only who works on the matter reads it" in shown
        assert "付错人" not in shown


def test_a_reversal_without_a_reason_or_before_its_movement_changes_nothing(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item)[0]
    keeper = doors.browser(past.world.keeper)
    for typed, said in (
        ({"reason": "  ", "happened_on": "明天"}, "Say why."),
        ({"reason": "  ", "happened_on": "明天"}, "A date such as"),
        ({"reason": "付错人", "happened_on": "2018-09-01"}, "before it happened"),
        ({"reason": "付错人", "happened_on": "2018-10-01"}, "yet to come"),
    ):
        form = served(keeper.get(f"/money/entries/{entry}/reversal")).form("/reversal")
        answer = served(form.submit(keeper, **typed), 422)
        assert said in answer.words
        assert answer.form("/reversal").fields["reason"] == [typed["reason"]]
    assert held(past, item) == "8390.00"


def test_what_moved_meanwhile_is_shown_before_somebody_reverses_on_top_of_it(
    past: Past, item: Made, doors: Doors
) -> None:
    first, second = pay(past, item)
    keeper = doors.browser(past.world.keeper)
    stale = served(keeper.get(f"/money/entries/{first}/reversal")).form("/reversal")
    other = served(keeper.get(f"/money/entries/{second}/reversal")).form("/reversal")
    assert other.submit(keeper, reason="付错人").status_code == 303
    answer = served(stale.submit(keeper, reason="也付错了"), 412)
    assert "reversed an entry of 2,360.00 yuan" in answer.words
    assert answer.form("/reversal").submit(keeper, reason="也付错了").status_code == 303


def test_who_only_reads_money_sees_the_movement_masked_and_no_way_to_undo_it(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item, Signed.NOT_YET)[0]
    auditor = doors.browser(past.world.auditor)
    page = served(auditor.get(f"/money/entries/{entry}"))
    assert "丁有田" not in page.words
    assert "1,250.00" in page.words
    assert "What may I do now" not in page.words
    for form in ("reversal", "signature"):
        assert auditor.get(f"/money/entries/{entry}/{form}").status_code == 403


def test_what_was_paid_out_is_undone_by_the_money_desk_and_not_by_whoever_handles_the_matter(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item)[0]
    handler, keeper = doors.browser(past.world.investigator), doors.browser(past.world.keeper)
    form = served(keeper.get(f"/money/entries/{entry}/reversal")).form("/reversal")
    assert "Reverse this movement" not in served(handler.get(f"/money/entries/{entry}")).words
    assert handler.get(f"/money/entries/{entry}/reversal").status_code == 403
    assert form.submit(handler, reason="付错人").status_code == 403
    assert held(past, item) == "8390.00"


def test_a_movement_of_a_matter_that_one_may_not_know_does_not_exist(
    past: Past, item: Made, doors: Doors
) -> None:
    entry = pay(past, item)[0]
    stranger = doors.browser(past.world.adjudicator)
    assert stranger.get(f"/money/entries/{entry}").status_code in (403, 404)
    nothing = doors.browser(past.world.keeper)
    assert nothing.get("/money/entries/00000000-0000-7000-8000-000000000000").status_code == 404


def test_a_payee_who_signs_later_is_found_and_signs_once(
    past: Past, item: Made, doors: Doors
) -> None:
    pay(past, item, Signed.NOT_YET)
    browser = doors.browser(past.world.finance)
    waiting = served(browser.get("/money/unsigned"))
    assert (
        waiting.words.index("丁有田") < waiting.words.index("石桂芳") or "石桂芳" in waiting.words
    )
    page = served(browser.get(waiting.link("丁有田")))
    assert "Signed for not signed yet" in page.words
    asked = served(browser.get(page.link("Record the payee’s signature")))
    form = asked.form("/signature")
    assert form.fields["signed_on"] == [DAY.isoformat()]
    assert "not_yet" not in form.choices["signed"]
    for typed, said in (
        ({"signed_on": "2018-09-29"}, "Choose one of those listed."),
        ({"signed_on": "2018-09-29"}, "yet to come"),
        ({"signed": "fingerprint", "signed_on": ""}, "A date such as"),
        ({"signed": "fingerprint", "signed_on": "2018-09-27"}, "Nobody signs before"),
    ):
        refused = served(form.submit(browser, **typed), 422)
        assert said in refused.words
        form = refused.form("/signature")
    answer = form.submit(browser, signed="fingerprint", signed_on="2018-09-28")
    assert answer.status_code == 303, answer.text[-800:]
    assert "丁有田" not in served(browser.get("/money/unsigned")).words
    told = f"recorded that somebody signed for 1,250.00 yuan of {item.number}."
    assert told in served(browser.get(answer.headers["location"])).words
    after = served(browser.get(page.link("Record the payee’s signature")), 403)
    assert "Nobody’s signature is missing here." in after.words


def test_nobody_signs_for_a_payment_that_was_reversed(past: Past, item: Made, doors: Doors) -> None:
    entry = pay(past, item, Signed.NOT_YET)[0]
    finance, keeper = doors.browser(past.world.finance), doors.browser(past.world.keeper)
    late = served(finance.get(f"/money/entries/{entry}/signature")).form("/signature")
    form = served(keeper.get(f"/money/entries/{entry}/reversal")).form("/reversal")
    assert form.submit(keeper, reason="付错人").status_code == 303
    assert late.submit(finance, signed="signature").status_code in (403, 409)
    assert "丁有田" not in served(finance.get("/money/unsigned")).words
    with (
        past.world.open("funds.sign", past.world.finance) as tx,
        pytest.raises(Conflict, match="nobody signs for it"),
    ):
        funds.sign_for_return(tx, entry, signed=Signed.SIGNATURE, signed_on=DAY)
