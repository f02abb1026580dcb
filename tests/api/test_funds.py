"""Fund items over HTTP: versions, repeats, and what bad input gets."""

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.build_history import Made, Past
from tests.builders import World
from tests.clients import Doors

DAY = date(2018, 9, 28)
RECEIPT = {"amount": "300.00", "happened_on": "2018-06-01", "bank_reference": "00000431"}


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


@pytest.fixture
def lead(past: Past) -> Made:
    made = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    past.join(made, past.world.investigator)
    return made


@pytest.fixture
def item(past: Past, lead: Made) -> Made:
    return past.item(lead, state="controlled", taken_in_by=past.world.investigator)


def test_an_item_is_logged_received_and_read(doors: Doors, past: Past, lead: Made) -> None:
    api = doors.api(past.world.investigator)
    body = {"origin_id": str(lead.id), "intake": "surrendered", "description": "退缴多领补助款"}
    made = api.post("/api/v1/fund-items", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["balance"]["held"] == "0.00"
    found = api.get(made.headers["Location"])
    assert found.json() == made.json()
    assert found.headers["ETag"] == '"1"'


def test_a_receipt_moves_the_version_and_is_done_once(doors: Doors, past: Past, item: Made) -> None:
    api = doors.api(past.world.investigator)
    address = f"/api/v1/fund-items/{item.id}"
    headers = {"If-Match": '"1"', "Idempotency-Key": "receipt-1"}
    first = api.post(f"{address}/receipts", json=RECEIPT, headers=headers)
    again = api.post(f"{address}/receipts", json=RECEIPT, headers=headers)
    assert (first.status_code, first.headers["ETag"]) == (201, '"2"')
    assert again.json() == first.json()
    other = api.post(f"{address}/receipts", json={**RECEIPT, "amount": "5.00"}, headers=headers)
    assert other.status_code == 422
    read = api.get(address)
    assert (read.headers["ETag"], read.json()["balance"]["received"]) == ('"2"', "300.00")
    earlier = api.get(address, params={"as_of": "2018-05-31"}).json()
    assert earlier["balance"]["received"] == "0.00"
    (entry,) = api.get(f"/api/v1/matters/{item.id}/entries").json()["items"]
    assert (entry["kind"], entry["received"], entry["balance"]) == ("receipt", "300.00", "300.00")


def test_a_change_says_which_version_it_saw(doors: Doors, past: Past, item: Made) -> None:
    api = doors.api(past.world.investigator)
    address = f"/api/v1/fund-items/{item.id}/receipts"
    assert api.post(address, json=RECEIPT).status_code == 428
    stale = api.post(address, json=RECEIPT, headers={"If-Match": '"7"'})
    assert stale.status_code == 412


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("amount", {"amount": 300.0}),
        ("amount", {"amount": "300.005"}),
        ("amount", {"amount": "-300"}),
        ("amount", {"amount": "0.00"}),
        ("amount", {"amount": "1e3"}),
        ("happened_on", {"happened_on": "2018-09-29"}),
        ("happened_on", {"happened_on": "28/09/2018"}),
        ("bank_reference", {"bank_reference": "=1+1"}),
        ("paid_in_by", {"paid_in_by": "x" * 201}),
        ("kind", {"kind": "collected"}),
        ("intake", {"intake": "stolen"}),
    ],
)
def test_bad_input_names_its_field(
    doors: Doors, past: Past, item: Made, field: str, given: dict[str, Any]
) -> None:
    api = doors.api(past.world.investigator)
    answer = api.post(
        f"/api/v1/fund-items/{item.id}/receipts",
        json={**RECEIPT, **given},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert any(error["field"] == field for error in answer.json()["errors"]), answer.text


def test_the_reason_is_said_in_the_readers_language(doors: Doors, past: Past, lead: Made) -> None:
    item = past.item(lead, state="decided")
    for language, words in (("en", "controlled or in custody"), ("zh-CN", "已控制")):
        answer = doors.api(past.world.investigator, language=language).post(
            f"/api/v1/fund-items/{item.id}/receipts", json=RECEIPT, headers={"If-Match": '"1"'}
        )
        assert answer.status_code == 409
        assert words in answer.text


def test_a_hidden_item_and_an_unknown_one_get_the_same_answer(
    doors: Doors, past: Past, item: Made
) -> None:
    api = doors.api(past.world.other_investigator)
    hidden = api.get(f"/api/v1/fund-items/{item.id}")
    unknown = api.get("/api/v1/fund-items/00000000-0000-0000-0000-000000000000")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.json()["type"] == unknown.json()["type"]


@pytest.fixture
def decided(past: Past, lead: Made) -> Made:
    """An item of 1,000 yuan on whose disposal the chief decided."""
    world = past.world
    item = past.item(
        lead, state="decided", taken_in_by=world.investigator, kept_by=world.keeper,
        decided_by=world.chief,
    )  # fmt: skip
    past.receipt(lead, item, "1000.00", date(2018, 5, 2))
    return item


def paid(doors: Doors, past: Past, item: Made) -> tuple[str, str, str]:
    """List two villagers and pay both: (first payee, second entry, the item's ETag)."""
    api, address = doors.api(past.world.finance), f"/api/v1/fund-items/{item.id}"
    people = [{"name": "赵小妹", "amount": "250.00"}, {"name": "钱大爷", "amount": "750.00"}]
    listed = api.post(f"{address}/payees", json={"payees": people}, headers={"If-Match": '"1"'})
    assert (listed.status_code, listed.headers["ETag"]) == (201, '"2"'), listed.text
    first, second = listed.json()["ids"]
    past.owner.execute("UPDATE matter SET state = 'settling' WHERE id = %s", (item.id,))
    payments = [
        {"payee_id": first, "amount": "250.00", "signed": "fingerprint"},
        {"payee_id": second, "amount": "750.00"},
    ]
    done = api.post(
        f"{address}/returns",
        json={"happened_on": "2018-09-28", "payments": payments},
        headers={"If-Match": '"2"'},
    )
    assert done.status_code == 201, done.text
    return first, done.json()["entries"][1]["entry_id"], done.headers["ETag"]


def test_money_is_listed_paid_signed_for_and_a_mistake_reversed(
    doors: Doors, past: Past, decided: Made
) -> None:
    _, entry, version = paid(doors, past, decided)
    api = doors.api(past.world.finance)
    signed = api.post(
        f"/api/v1/entries/{entry}/signature",
        json={"signed": "signature", "signed_on": "2018-09-28"},
        headers={"If-Match": version},
    )
    assert signed.status_code == 200, signed.text
    undone = doors.api(past.world.keeper).post(
        f"/api/v1/entries/{entry}/reversal",
        json={"reason": "付错人"},
        headers={"If-Match": signed.headers["ETag"]},
    )
    assert undone.status_code == 201, undone.text
    read = api.get(f"/api/v1/fund-items/{decided.id}").json()
    assert (read["balance"]["returned"], read["balance"]["held"]) == ("250.00", "750.00")
    assert {payee["name"]: payee["signed"] for payee in read["payees"]} == {
        "赵小妹": "fingerprint", "钱大爷": None
    }  # fmt: skip


def test_a_villager_is_not_paid_twice(doors: Doors, past: Past, decided: Made) -> None:
    first, _, version = paid(doors, past, decided)
    again = doors.api(past.world.finance).post(
        f"/api/v1/fund-items/{decided.id}/returns",
        json={
            "happened_on": "2018-09-28",
            "payments": [{"payee_id": first, "amount": "250.00"}],
        },
        headers={"If-Match": version},
    )
    assert again.status_code == 409


def test_a_bank_line_in_suspense_is_assigned(doors: Doors, past: Past, item: Made) -> None:
    line = past.suspended("77.00", date(2018, 4, 3), counterparty="孙七")
    api = doors.api(past.world.finance)
    (waiting,) = api.get("/api/v1/bank-lines/waiting").json()["items"]
    assert (waiting["bank_line_id"], waiting["credit"]) == (str(line), "77.00")
    answer = api.post(
        f"/api/v1/bank-lines/{line}/assignment",
        json={"fund_item_id": str(item.id), "reason": "编号写错"},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 201, answer.text
    assert api.get("/api/v1/bank-lines/waiting").json()["items"] == []


def test_roles_without_money_are_refused(doors: Doors, past: Past, item: Made) -> None:
    for who in (past.world.intake_officer, past.world.administrator, past.world.operator):
        assert doors.api(who).get(f"/api/v1/fund-items/{item.id}").status_code == 403
    auditor = doors.api(past.world.auditor)
    answer = auditor.post(
        f"/api/v1/fund-items/{item.id}/receipts", json=RECEIPT, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 403
    assert auditor.get(f"/api/v1/fund-items/{item.id}").json()["masked"] is True
