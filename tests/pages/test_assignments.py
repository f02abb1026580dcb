"""Several matters are assigned with one form, each on its own: nothing is done twice, nothing is
signed, and one that is refused leaves the others done."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.services import assignments, matters
from app.services.assignments import Sent
from tests.build_matters import DAY, act, log, sign_all, state
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import followed, served

Owner = psycopg.Connection[DictRow]
FORM = "/leads/assign?step=assign"


def registered(world: World, count: int) -> list[UUID]:
    leads = [log(world, world.investigator) for _ in range(count)]
    for lead in leads:
        act(world, world.lead_manager, lead, "register", repeats_checked=True)
    return leads


def filled(world: World, browser: Client, address: str = FORM) -> tuple[Any, dict[str, Any]]:
    form = served(browser.get(address)).form(address)
    return form, {
        "items": form.choices["items"],
        "department": str(world.unit("YC-O03").id),
        "no_conflict": "yes",
        "reason": "按职责分工分办。",
    }


def sent(world: World, leads: list[UUID]) -> dict[str, Any]:
    return {
        "kind": "lead",
        "event": "assign",
        "form": {"department": str(world.unit("YC-O03").id), "no_conflict": True},
        "reason": "按职责分工分办。",
        "items": [{"matter_id": str(each)} for each in leads],
    }


def requests_of(owner: Owner, lead: UUID) -> int:
    row = owner.execute("SELECT count(*) AS n FROM request WHERE matter_id = %s", [lead]).fetchone()
    assert row is not None
    return int(row["n"])


def wall(owner: Owner, matter: UUID, who: Someone) -> None:
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', %s, %s)",
        [new_id(), matter, who.account_id, who.account_id, DAY],
    )


def test_each_is_asked_for_on_its_own_and_nothing_is_signed(
    world: World, doors: Doors, owner: Owner
) -> None:
    leads = registered(world, 3)
    browser = doors.browser(world.lead_manager)
    ledger = served(browser.get("/leads"))
    assert ledger.link("Several: Assign to a department") == FORM
    form, typed = filled(world, browser)
    page = followed(browser, form.send(browser, typed))
    assert "Asked for: 3" in page.words
    for lead in leads:
        assert state(world, world.chief, lead) == "registered"
        assert requests_of(owner, lead) == 1
    signed = owner.execute("SELECT 1 FROM signature").fetchall()
    assert signed == []


def test_what_is_refused_says_why_and_leaves_the_others_done(
    world: World, doors: Doors, owner: Owner
) -> None:
    changed, voided, good = registered(world, 3)
    browser = doors.browser(world.lead_manager)
    form, typed = filled(world, browser)
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, changed, text="另有线索。")
    act(world, world.lead_manager, voided, "assign", department=typed["department"],
        no_conflict=True)  # fmt: skip
    answer = form.send(browser, typed)
    page = followed(browser, answer)
    assert "Refused: 2" in page.words
    assert "Asked for: 1" in page.words
    assert "Somebody changed this in the meantime" in page.words
    again = served(browser.get(answer.headers["location"]))  # it can be reached again
    assert again.words == page.words
    assert requests_of(owner, good) == 1


def test_a_double_click_assigns_once(world: World, doors: Doors, owner: Owner) -> None:
    leads = registered(world, 4)
    browser = doors.browser(world.lead_manager)
    form, typed = filled(world, browser)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: form.send(browser, typed), range(2))
    assert first.headers["location"] == second.headers["location"]
    assert "Asked for: 4" in followed(browser, second).words
    assert [requests_of(owner, lead) for lead in leads] == [1, 1, 1, 1]


def test_two_windows_assign_once(world: World, doors: Doors, owner: Owner) -> None:
    (lead,) = registered(world, 1)
    browser = doors.browser(world.lead_manager)
    first, typed = filled(world, browser)
    second, _ = filled(world, browser)
    assert "Asked for: 1" in followed(browser, first.send(browser, typed)).words
    page = followed(browser, second.send(browser, typed))
    assert "Refused: 1" in page.words
    assert requests_of(owner, lead) == 1


def test_a_list_that_broke_off_goes_on_where_it_stopped(world: World, owner: Owner) -> None:
    leads = registered(world, 3)
    department = str(world.unit("YC-O03").id)
    it = Sent(
        kind=assignments.KINDS[0], event="assign", reason="分办。",
        form={"department": department, "no_conflict": True},
        items=[(lead, None) for lead in leads],
    )  # fmt: skip
    left = 2  # units of work until the machine stops: the list, and the first matter

    class Stopped(Exception):
        pass

    def opening(use_case: str) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped
        return world.open(use_case, world.lead_manager)

    with world.open("begin", world.lead_manager) as tx:
        key = assignments.begin(tx, it, key="x")
    with pytest.raises(Stopped):
        assignments.carry_out(opening, key, it)
    with world.open("read", world.lead_manager) as tx:
        outcomes = [row["outcome"] for row in assignments.result(tx, key).items]
    assert outcomes == ["asked", None, None]
    with world.open("begin", world.lead_manager) as tx:
        assert assignments.begin(tx, it, key="x") == key
    assignments.carry_out(lambda use_case: world.open(use_case, world.lead_manager), key, it)
    assert [requests_of(owner, lead) for lead in leads] == [1, 1, 1]


def test_whoever_may_not_take_the_step_has_no_such_page(world: World, doors: Doors) -> None:
    registered(world, 1)
    for who in (world.investigator, world.chief, world.auditor):
        browser = doors.browser(who)
        assert "Several" not in served(browser.get("/leads")).words
        assert browser.get(FORM).status_code == 403


def test_an_incomplete_form_keeps_what_was_typed(world: World, doors: Doors) -> None:
    registered(world, 2)
    browser = doors.browser(world.lead_manager)
    form, typed = filled(world, browser)
    page = served(form.send(browser, {**typed, "items": [], "department": ""}), 422)
    assert "Choose at least one." in page.words
    assert page.form(FORM).fields["reason"] == ["按职责分工分办。"]


def test_programs_get_a_result_for_each(world: World, doors: Doors, owner: Owner) -> None:
    leads = registered(world, 3)
    wall(owner, leads[1], world.lead_manager)
    body = sent(world, [*leads, new_id()])
    api = doors.api(world.lead_manager)
    key = {"Idempotency-Key": "eins"}
    answer = api.post("/api/v1/assignments", json=body, headers=key)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [each["outcome"] for each in items] == ["asked", "refused", "asked", "refused"]
    hidden, absent = items[1], items[3]  # a wall says no more than nothing would
    assert hidden == absent
    assert (hidden["matter_id"], hidden["problem"]["status"]) == (None, 404)
    second = api.post("/api/v1/assignments", json=body, headers=key).json()
    assert second["id"] == answer.json()["id"]
    assert [each["outcome"] for each in second["items"]] == [each["outcome"] for each in items]
    assert requests_of(owner, leads[0]) == 1
    other = api.post("/api/v1/assignments", json={**body, "reason": "另一理由"}, headers=key)
    assert other.status_code == 422
    found = doors.api(world.deputy).get(f"/api/v1/assignments/{answer.json()['id']}")
    assert found.status_code == 404


def test_two_hundred_with_one_bad_among_them(world: World, doors: Doors, owner: Owner) -> None:
    leads = registered(world, 20)
    bad = leads[7]
    act(world, world.lead_manager, bad, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True)  # fmt: skip
    body = sent(world, leads)
    body["items"] += [{"matter_id": str(new_id())} for _ in range(180)]
    items = doors.api(world.lead_manager).post("/api/v1/assignments", json=body).json()["items"]
    assert len(items) == 200
    outcomes = [each["outcome"] for each in items[:20]]
    assert outcomes == ["refused" if lead == bad else "asked" for lead in leads]
    body["items"].append({"matter_id": str(new_id())})
    refused = doors.api(world.lead_manager).post("/api/v1/assignments", json=body)
    assert refused.status_code == 422


def test_nothing_but_assigning_is_done_to_several(world: World) -> None:
    (lead,) = registered(world, 1)
    for event in ("void", "give_back", "close", "suspend"):
        it = Sent(kind=assignments.KINDS[0], event=event, form={}, reason="x", items=[(lead, None)])
        with world.open("begin", world.lead_manager) as tx, pytest.raises(errors.Invalid):
            assignments.begin(tx, it, key=event)


def test_a_department_head_names_a_handler_for_several(
    world: World, doors: Doors, owner: Owner
) -> None:
    leads = registered(world, 2)
    department = str(world.unit("YC-O03").id)
    for lead in leads:
        asked = act(world, world.lead_manager, lead, "assign", department=department,
                    no_conflict=True)  # fmt: skip
        sign_all(world, asked)
    wall(owner, leads[0], world.investigator)  # the handler is kept off one of them
    browser = doors.browser(world.department_head)
    address = "/leads/assign?step=take_on"
    form = served(browser.get(address)).form(address)
    typed: dict[str, Any] = {
        "items": form.choices["items"], "handler": str(world.investigator.account_id),
        "reason": "由其承办。",
    }  # fmt: skip
    page = followed(browser, form.send(browser, typed))
    assert "Done: 1" in page.words
    assert "Refused: 1" in page.words
    assert state(world, world.chief, leads[1]) == "assessing"
    assert state(world, world.chief, leads[0]) == "assigned"


def test_a_result_is_its_senders_and_loses_what_goes_out_of_sight(
    world: World, doors: Doors, owner: Owner
) -> None:
    leads = registered(world, 2)
    browser = doors.browser(world.lead_manager)
    form, typed = filled(world, browser)
    answer = form.send(browser, typed)
    where = answer.headers["location"]
    assert "Asked for: 2" in served(browser.get(where)).words
    wall(owner, leads[0], world.lead_manager)
    assert "Asked for: 1" in served(browser.get(where)).words
    assert doors.browser(world.deputy).get(where).status_code == 404
