"""Money that goes back to people: the list, the payment, and the receipt that each signs."""

from datetime import date
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain.permissions import Role
from app.services import access, funds, ledger
from app.services.funds import Payment
from tests import papers_read
from tests.build_history import Past
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served

DAY = date(2018, 9, 28)
PAID = date(2018, 9, 27)


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


def paid(past: Past) -> UUID:
    lead = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    world = past.world
    item = past.item(
        lead, state="settling", taken_in_by=world.investigator, kept_by=world.keeper,
        decided_by=world.chief,
    )  # fmt: skip
    past.receipt(lead, item, "2610.00", date(2018, 5, 3))
    return past.repaid(lead, item, "2360.00", PAID, "石桂芳")


def test_a_receipt_says_the_amount_in_capitals_and_what_the_payee_has_to_know(
    past: Past, doors: Doors
) -> None:
    entry = paid(past)
    browser = doors.browser(past.world.finance, language="zh-CN")
    sheet = served(browser.get(f"/money/entries/{entry}/sheet")).words
    assert "2,360.00元" in sheet
    assert "大写 人民币贰仟叁佰陆拾元整" in sheet
    assert "请当面点清，再签名或按手印。" in sheet
    assert "任何人不得为此向您收钱或要您请客。" in sheet
    assert sheet.count("签名，非承办人员") == 2  # both witnesses


def test_an_english_receipt_has_no_amount_in_capitals(past: Past, doors: Doors) -> None:
    browser = doors.browser(past.world.finance)
    sheet = served(browser.get(f"/money/entries/{paid(past)}/sheet")).words
    assert "In words" not in sheet
    assert "人民币" not in sheet
    assert sheet.count("signature; does not work on the matter") == 2


def test_an_address_that_nobody_wrote_down_leaves_no_empty_line_on_the_receipt(
    past: Past, doors: Doors
) -> None:
    browser = doors.browser(past.world.finance)
    sheet = served(browser.get(f"/money/entries/{paid(past)}/sheet")).words
    assert "Payee 石桂芳 Amount" in sheet


def test_a_return_list_adds_up_above_its_rows_and_names_whom_a_button_takes_off(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("in_custody")
    page = served(doors.browser(past.world.investigator).get(f"/money/{item.id}/payees"))
    assert "2 payees 3,610.00" in page.words
    assert page.words.index("2 payees") < page.words.index("石桂芳")
    assert 'aria-label="Take 石桂芳 off the list"' in page.html


def test_a_form_about_money_names_all_that_is_wrong_at_once(past: Past, doors: Doors) -> None:
    browser = doors.browser(past.world.finance)
    amount, day = "An amount in yuan with at most two decimals", "A date such as 2018-09-28."
    taking = past.item_to_repay("in_custody")
    decided, paying = past.item_to_repay("settling"), past.item_to_repay("settling")
    past.insert(
        "transition", id=new_id(), matter_id=decided.id, version=9, event="imported",
        from_state="in_custody", to_state="decided", manner="ledger", happened_on=date(2018, 3, 9),
    )  # fmt: skip
    for address, typed, said in (
        (
            f"{taking.id}/receipt", {"amount": "多", "happened_on": "昨天", "bank_reference": "x"},
            (amount, day, "The bank's reference has 4 to 40 letters and digits."),
        ),
        (
            f"{taking.id}/receipt", {"amount": "多", "happened_on": "2018-02-28"},
            (amount, "Money can't have come in before the matter did, on 2018-03-01."),
        ),
        (
            f"{taking.id}/payees", {"lines": "钱六\u3000120\n石桂芳\n孙七，很多"},
            ("on each line. Not so: 2, 3.",),
        ),
        (
            f"{paying.id}/return", {"happened_on": "2018-09-29"},
            ("Say how they signed.", "Tick who was paid.", "This day is yet to come."),
        ),
        (
            f"{paying.id}/return", {"happened_on": "2018-02-28"},
            (
                "Say how they signed.", "Tick who was paid.",
                "Nobody is paid before the return list was signed, on 2018-03-01.",
            ),
        ),
        (
            f"{decided.id}/remittance",
            {"to": "treasury", "amount": "0", "happened_on": "2018-03-08"},
            (
                "The amount must be more than nothing.",
                "Nothing goes there before that was decided, on 2018-03-09.",
            ),
        ),
        (
            f"{decided.id}/remittance", {"amount": "0", "happened_on": ""},
            ("Choose one of those listed.", "The amount must be more than nothing.", day),
        ),
    ):  # fmt: skip
        here = f"/{address.split('/')[1]}"
        form = served(browser.get(f"/money/{address}")).form(here)
        refused = served(form.submit(browser, **typed), 422)
        for reason in said:
            assert reason in refused.words
        again = refused.form(here).fields
        assert {name: again[name] for name in typed} == {k: [v] for k, v in typed.items()}
    for item in (taking, decided, paying):
        with past.world.open("funds.read", past.world.finance) as tx:
            assert str(funds.open_item(tx, item.id).balance.held) == "12000.00"


def test_a_payment_is_dated_today_unless_somebody_says_otherwise(past: Past, doors: Doors) -> None:
    item = past.item_to_repay("settling")
    browser = doors.browser(past.world.finance)
    page = served(browser.get(f"/money/{item.id}/return"))
    form = page.form("/return")
    assert form.fields["happened_on"] == [DAY.isoformat()]
    again = served(form.submit(browser, happened_on="2018-09-20"), 422)
    assert again.form("/return").fields["happened_on"] == ["2018-09-20"]


def test_whoever_pays_is_led_from_the_item_to_the_people_who_still_wait(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("settling")
    page = served(doors.browser(past.world.finance).get(f"/matters/{item.id}"))
    main = page.html.split('class="button main-action" href="')[1].split('"')[0]
    assert main == f"/money/{item.id}/return"
    assert "Next step Pay those on the list" in page.words
    for lists in (past.world.finance, past.world.keeper):
        listed = served(doors.browser(lists).get("/funds")).words
        assert "Pay those on the list" in listed
        assert "Close the item" not in listed
    assert "12,000.00 yuan are still in custody." in page.words


def test_the_payer_s_desk_leads_to_the_list_that_waits_to_be_paid(past: Past, doors: Doors) -> None:
    item = past.item_to_repay("settling")
    browser = doors.browser(past.world.finance)
    desk = served(browser.get("/desk"))
    assert desk.link("Pay those on the list") == f"/money/{item.id}/return"
    page = served(browser.get(desk.link("Pay those on the list")))
    assert "石桂芳" in page.words


def test_nobody_is_led_to_a_list_on_which_everybody_is_paid(past: Past, doors: Doors) -> None:
    item = past.item_to_repay("settling")
    browser = doors.browser(past.world.finance)
    form = served(browser.get(f"/money/{item.id}/return")).form("/return")
    answer = form.submit(
        browser, payee=form.choices["payee"], signed="signature", happened_on="２０１８年9月28日"
    )
    assert answer.status_code == 303, answer.text[-800:]
    page = served(browser.get(f"/matters/{item.id}"))
    assert "8,390.00 yuan are still in custody." in page.words
    assert "Pay back to people on the list" not in page.words
    assert "Next step Close the item" in page.words
    assert "Close the item" in served(browser.get("/funds")).words
    assert "Pay those on the list" not in served(browser.get("/desk")).words


def test_each_payee_s_receipt_has_a_number_that_stands_wherever_the_payment_does(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("settling")
    first, second = receipts(past, item.id)
    assert (first, second) == ("YC-SJ2018-00001", "YC-SJ2018-00002")
    browser = doors.browser(past.world.finance)
    api = doors.api(past.world.finance)
    payees = api.get(f"/api/v1/fund-items/{item.id}").json()["payees"]
    assert {row["receipt_number"] for row in payees} == {first, second}
    entries = api.get(f"/api/v1/matters/{item.id}/entries").json()["items"]
    assert [row["receipt_number"] for row in entries] == [None, first, second]
    for address in (f"/matters/{item.id}", f"/money/{item.id}/payees"):
        words = served(browser.get(address)).words
        assert first in words
        assert second in words
    sheet = served(browser.get(f"/money/entries/{entries[1]['id']}/sheet")).words
    assert f"No. {first}" in sheet


@pytest.mark.parametrize(
    ("language", "void", "since", "undone"),
    [
        (
            "en",
            "Reversed on 8 October 2018, with effect from 27 September 2018 — this receipt is void",
            "reversed since",
            "reversed an entry of 1,250.00 yuan of FU",
        ),
        (
            "zh-CN",
            "已于2018年10月8日冲销，自2018年9月27日起生效，本收据作废",
            "已冲销",
            "1,250.00元",
        ),
    ],
)
def test_the_receipt_of_a_payment_that_was_reversed_says_that_it_is_void(
    past: Past, doors: Doors, language: str, void: str, since: str, undone: str
) -> None:
    item = past.item_to_repay("settling")
    first, _second = receipts(past, item.id)
    browser = doors.browser(past.world.finance, language=language)
    [entry] = [
        row["id"]
        for row in doors.api(past.world.finance)
        .get(f"/api/v1/matters/{item.id}/entries")
        .json()["items"]
        if row["receipt_number"] == first
    ]
    here = f"/money/entries/{entry}"
    assert void not in served(browser.get(f"{here}/sheet")).words
    past.world.clock.set(date(2018, 10, 8))
    with past.world.open("funds.reverse", past.world.keeper) as tx:
        ledger.reverse_entry(tx, UUID(entry), reason="付错人")
    browser = doors.browser(past.world.finance, language=language)
    sheet = served(browser.get(f"{here}/sheet"))
    assert void in sheet.words
    assert "sign-boxes" not in sheet.html  # nobody signs for it any more
    page = served(browser.get(f"/matters/{item.id}")).words.replace("，", ", ")
    assert f"{first}, {since}" in page
    assert undone in page
    form = served(browser.get(f"{here}/print")).form("/print")
    printed = form.submit(browser).content
    assert "".join(void.split()) in papers_read.words(printed)
    assert first in papers_read.words(printed)
    assert len(papers_read.pages(printed)) == 1


def receipts(past: Past, item_id: UUID) -> list[str]:
    """Everybody on the list is paid: the numbers of their receipts, in order."""
    with past.world.open("funds.pay", past.world.finance) as tx:
        lines = funds.open_item(tx, item_id).payees
        funds.pay_returns(
            tx, item_id, [Payment(payee_id=row["id"], amount=row["amount"]) for row in lines],
            happened_on=PAID,
        )  # fmt: skip
    with past.world.open("funds.read", past.world.finance) as tx:
        rows = ledger.entries(tx, item_id)
    return [row["receipt_number"] for row in rows if row["receipt_number"]]


def test_only_who_may_pay_is_offered_the_payment_and_gets_its_form(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("settling")
    here = f"/money/{item.id}/return"
    keeper = doors.browser(past.world.keeper)
    assert here not in served(keeper.get(f"/matters/{item.id}")).html
    refused = served(keeper.get(here), 403)
    assert "Only the finance officer moves money out." in refused.words
    finance = doors.browser(past.world.finance)
    assert here in served(finance.get(f"/matters/{item.id}")).html
    served(finance.get(here))


def test_who_was_let_see_an_item_gets_no_form_for_its_money(past: Past, doors: Doors) -> None:
    item = past.item_to_repay("settling")
    guest = past.world.hire("a-guest", Role.KEEPER, "YC-T02")
    with past.world.open("matters.let_see", past.world.lead_manager) as tx:
        access.let_see(tx, item.id, login=guest.login, reason="核对款物。", days=7)
    browser = doors.browser(guest)
    served(browser.get(f"/matters/{item.id}"))
    for form in ("return", "receipt"):
        served(browser.get(f"/money/{item.id}/{form}"), 403)
