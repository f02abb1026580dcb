"""Somebody leaves a post: everything that they hold is passed on, ends, or stays and says why, and
nobody is told on the way of what they may not know."""

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain.permissions import Role
from app.services import accounts, leavers, matters
from tests.build_history import Past
from tests.build_matters import DAY, act, verified
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import Served, followed, served

Owner = psycopg.Connection[DictRow]


def wall(owner: Owner, matter: UUID, who: Someone) -> None:
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', %s, %s)",
        [new_id(), matter, who.account_id, who.account_id, DAY],
    )


def page_of(browser: Client, who: Someone) -> Served:
    return served(browser.get(f"/leaving/{who.account_id}"))


def pass_on(browser: Client, who: Someone, to: Someone, **typed: Any) -> Served:
    form = page_of(browser, who).form(f"/leaving/{who.account_id}")
    given = {"items": form.choices["items"], "login": to.login, "reason": "工作调动。", **typed}
    return followed(browser, form.send(browser, given))


def handler(world: World, lead: UUID) -> list[str]:
    with world.open("read", world.chief) as tx:
        team = matters.open_matter(tx, lead).team
    return [row["name"] for row in team if row["part"] == "lead_handler"]


def held(world: World, reader: Someone, who: Someone) -> set[tuple[UUID, str]]:
    with world.open("read", reader) as tx:
        return {(row["matter_id"], row["what"]) for row in leavers.held_by(tx, who.account_id)}


def test_everything_goes_to_one_person_with_a_result_for_each(world: World, doors: Doors) -> None:
    leads = [verified(world), verified(world)]
    browser = doors.browser(world.department_head)
    served(browser.get("/hand-overs"))
    found = browser.get(f"/leaving?who={world.investigator.login}")
    assert found.headers["location"] == f"/leaving/{world.investigator.account_id}"
    page = pass_on(browser, world.investigator, world.team_member)
    assert "Done: 2" in page.words
    assert [handler(world, each) for each in leads] == [[world.team_member.name]] * 2
    assert held(world, world.department_head, world.investigator) == set()
    assert "Nothing of theirs is yours to pass on." in page_of(browser, world.investigator).words


def test_some_go_to_another(world: World, doors: Doors) -> None:
    leads = [verified(world), verified(world)]
    browser = doors.browser(world.lead_manager)
    pass_on(browser, world.investigator, world.team_member, items=[str(leads[0])])
    assert handler(world, leads[1]) == [world.investigator.name]
    pass_on(browser, world.investigator, world.other_investigator)
    assert handler(world, leads[1]) == [world.other_investigator.name]


def test_a_form_sent_twice_hands_over_once(world: World, doors: Doors, owner: Owner) -> None:
    lead = verified(world)
    browser = doors.browser(world.department_head)
    form = page_of(browser, world.investigator).form(f"/leaving/{world.investigator.account_id}")
    typed: dict[str, Any] = {
        "items": form.choices["items"], "login": world.team_member.login, "reason": "调动。",
    }  # fmt: skip
    first, second = (form.send(browser, typed) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    rows = owner.execute(
        "SELECT 1 FROM transition WHERE matter_id = %s AND event = 'handed_to'", [lead]
    ).fetchall()
    assert len(rows) == 1


@pytest.mark.parametrize("why", ["walled", "not cleared", "handles nothing"])
def test_who_cannot_take_it_does_not(world: World, doors: Doors, owner: Owner, why: str) -> None:
    good, bad = verified(world), verified(world)
    to = world.team_member
    if why == "walled":
        wall(owner, bad, to)
    elif why == "not cleared":
        owner.execute(
            "UPDATE account SET clearance = 1 WHERE id = ANY (%s)",
            [[world.department_head.account_id, world.investigator.account_id]],
        )
        owner.execute("UPDATE matter SET classification = 1 WHERE id = %s", [bad])
    else:
        to = world.keeper
    browser = doors.browser(world.department_head)
    if why == "handles nothing":
        offered = page_of(browser, world.investigator).form(f"/{world.investigator.account_id}")
        assert world.team_member.login in offered.choices["login"]
        for nobody in (to, world.auditor, world.finance, world.chief):
            assert nobody.login not in offered.choices["login"]
        address = f"/api/v1/accounts/{world.investigator.account_id}/hand-over"
        body = {"items": [str(good)], "to_account": str(to.account_id), "reason": "调动。"}
        (item,) = doors.api(world.department_head).post(address, json=body).json()["items"]
        assert item["problem"]["errors"][0]["reason"] == "This person does not handle matters."
        assert handler(world, good) == [world.investigator.name]
    else:
        page = pass_on(browser, world.investigator, to)
        assert "This person can’t take this matter." in page.words.replace("'", "’")
        assert handler(world, good) == [to.name]
    assert handler(world, bad) == [world.investigator.name]


def test_what_is_hidden_from_whoever_hands_over_stands_before_somebody_else(
    world: World, doors: Doors, owner: Owner
) -> None:
    seen, hidden = verified(world), verified(world)
    wall(owner, hidden, world.department_head)
    browser = doors.browser(world.department_head)
    page = page_of(browser, world.investigator)
    assert page.form(f"/leaving/{world.investigator.account_id}").choices["items"] == [str(seen)]
    api = doors.api(world.department_head)
    body = {"items": [str(hidden), str(new_id())], "to_account": str(world.team_member.account_id),
            "reason": "调动。"}  # fmt: skip
    address = f"/api/v1/accounts/{world.investigator.account_id}/hand-over"
    items = api.post(address, json=body).json()["items"]
    assert items[0] == items[1]
    assert items[0]["problem"]["status"] == 404
    assert (hidden, "handler") in held(world, world.lead_manager, world.investigator)
    pass_on(doors.browser(world.lead_manager), world.investigator, world.team_member)
    assert handler(world, hidden) == [world.team_member.name]


def test_a_request_that_waits_for_their_own_signature_keeps_them(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    act(world, world.investigator, lead, "report_verification",
        allegations="虚报。", findings="二十五亩。", proposal="立案。")  # fmt: skip
    browser = doors.browser(world.department_head)
    page = page_of(browser, world.other_investigator)
    assert "They sign or return it before they leave" in page.words
    refused = pass_on(browser, world.other_investigator, world.team_member)
    assert "A request waits for their own signature" in refused.words
    asked = page_of(browser, world.investigator)
    assert "asked for something that waits for signatures" in asked.words
    assert "whoever takes it is told what becomes of it, and may take it back" in asked.words


def test_who_is_on_the_team_already_is_said_and_what_was_sent_before_too(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    browser = doors.browser(world.department_head)
    late = page_of(browser, world.other_investigator).form(
        f"/{world.other_investigator.account_id}"
    )
    page = pass_on(browser, world.other_investigator, world.investigator)
    assert "On the team already: 1" in page.words
    assert "Taken off the team; whoever takes it is on the team already." in page.words
    words = served(browser.get(f"/matters/{lead}")).words
    assert f"took {world.other_investigator.name} off the team" in words
    given: dict[str, Any] = {
        "items": [str(lead)], "login": world.team_member.login, "reason": "调动。",
    }  # fmt: skip
    again = followed(browser, late.send(browser, given))
    assert "It was handed over already." in again.words


def test_what_cannot_be_moved_says_why_and_leads_to_what_settles_it(
    world: World, doors: Doors, owner: Owner
) -> None:
    past = Past(world, owner)
    lead = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    item = past.item(lead, state="in_custody", taken_in_by=world.investigator, kept_by=world.keeper)
    page = page_of(doors.browser(world.lead_manager), world.keeper)
    assert "no step of the procedure hands it to another keeper" in page.words
    assert page.link("Open its money") == f"/matters/{item.id}#money"


def test_a_head_of_department_who_leaves_passes_on_their_roles_by_two_people(
    world: World, doors: Doors
) -> None:
    second = world.hire("second-administrator", Role.ADMINISTRATOR, "YC")
    browser = doors.browser(world.administrator)
    page = page_of(browser, world.department_head)
    assert "department head, 第一纪检监察室" in page.words
    assert "Nobody could take these steps" in page.words
    assert "Take on and name the handler" in page.words
    form = page.form("/roles")
    answer = form.send(
        browser,
        {"roles": form.choices["roles"], "to_account": str(world.other_investigator.account_id)},
    )
    assert "asked for; another administrator gives it" in served(answer).words
    with world.open("read", second) as tx:
        (waiting,) = accounts.waiting_roles(tx)
        accounts.decide_role(tx, waiting["id"], confirmed=True)
    assert "Nobody could take these steps" not in page_of(browser, world.department_head).words


def test_administrators_are_told_of_no_matter_and_heads_of_no_key(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    with world.open("read", world.chief) as tx:
        number = matters.open_matter(tx, lead).head["number"]
    admin = page_of(doors.browser(world.administrator), world.investigator)
    assert number not in admin.words
    assert "administrators see no matter" in admin.words
    head = page_of(doors.browser(world.department_head), world.investigator)
    assert number in head.words
    assert "Ends with the account" not in head.words
    for who in (world.other_investigator, world.auditor, world.keeper):
        other = page_of(doors.browser(who), world.investigator)
        assert number not in other.words
    township = doors.browser(world.person("township-administrator"))
    assert township.get(f"/leaving/{world.investigator.account_id}").status_code == 404


def test_programs_list_and_pass_on(world: World, doors: Doors) -> None:
    lead = verified(world)
    api = doors.api(world.department_head)
    address = f"/api/v1/accounts/{world.investigator.account_id}"
    (item,) = api.get(f"{address}/holdings").json()["items"]
    assert (item["matter_id"], item["what"], item["movable"]) == (str(lead), "handler", True)
    body = {"items": [str(lead)], "to_account": str(world.team_member.account_id),
            "reason": "调动。"}  # fmt: skip
    done = api.post(f"{address}/hand-over", json=body)
    assert done.status_code == 200, done.text
    assert done.json()["items"][0]["outcome"] == "moved"
    assert doors.api(world.keeper).get(f"{address}/holdings").json()["items"] == []
    assert api.get(f"/api/v1/accounts/{new_id()}/holdings").status_code == 404


def test_whoever_heads_matters_finds_the_list_before_anybody_has_left(
    world: World, doors: Doors
) -> None:
    assert 'href="/hand-overs"' in served(doors.browser(world.department_head).get("/units")).html
    assert 'href="/hand-overs"' not in served(doors.browser(world.investigator).get("/units")).html
