"""Who can see a matter, and keeping off one, by the pages."""

import pytest

from app.services import access, involved, walls
from app.services.openings import Reported
from tests.build_matters import log, verified
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import followed, served

WORDS = {
    "en": ("Who can see it, and why I can", "handles it", "Keep off it: I have a conflict",
           "You keep off that matter from now on.", "Keep off it"),
    "zh-CN": ("谁能看到，我为什么能看到", "承办本事项", "我需要回避", "自此刻起您已回避该事项。",
              "已回避"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_conflict_is_declared_from_the_matters_page_and_shown_to_colleagues(
    world: World, doors: Doors, language: str
) -> None:
    who, handles, keep, done, kept = WORDS[language]
    lead = verified(world)
    browser = doors.browser(world.investigator, language=language)
    page = served(browser.get(f"/matters/{lead}"))
    assert handles in served(browser.get(page.link(who))).words
    form = served(browser.get(page.link(keep))).form("/keep-off")
    assert done in followed(browser, form.submit(browser, reason="同学关系")).words
    served(browser.get(f"/matters/{lead}"), 404)
    colleague = doors.browser(world.other_investigator, language=language)
    shown = served(colleague.get(f"/matters/{lead}/access")).words
    assert kept in shown
    assert "同学关系" not in shown + served(colleague.get(f"/matters/{lead}")).words


def test_a_conflict_without_a_reason_is_asked_again(world: World, doors: Doors) -> None:
    lead = log(world, world.investigator)
    browser = doors.browser(world.investigator)
    form = served(browser.get(f"/matters/{lead}/keep-off")).form("/keep-off")
    assert form.submit(browser, reason=" ").status_code == 422
    served(browser.get(f"/matters/{lead}"))


def test_an_auditor_is_told_why_they_see_it_and_no_more(world: World, doors: Doors) -> None:
    lead = log(world, world.investigator)
    words = served(doors.browser(world.auditor).get(f"/matters/{lead}/access")).words
    assert "auditor for 云川区: reads it with names masked" in words
    assert world.chief.name not in words


def test_a_relative_is_found_by_name_recorded_and_taken_back(world: World, doors: Doors) -> None:
    client = doors.api(world.lead_manager)
    one = client.post("/api/v1/people", json={"name": "甲某"}).json()["id"]
    client.post("/api/v1/people", json={"name": "乙某"})
    browser = doors.browser(world.lead_manager)
    page = served(browser.get(f"/people/{one}?relative=乙"))
    form = page.form(f"/people/{one}/relatives")
    chosen = form.choices["relative_id"][-1]
    page = followed(browser, form.submit(browser, relative_id=chosen, kinship="child"))
    assert "乙某 · child" in page.words
    page = followed(browser, page.form("/end").submit(browser))
    assert "None on record." in page.words


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_who_was_let_see_a_matter_is_offered_nothing_to_do_but_keeping_off(
    world: World, doors: Doors, language: str
) -> None:
    keep = {"en": "Keep off it: I have a conflict", "zh-CN": "我需要回避"}[language]
    lead = verified(world)
    head = doors.browser(world.department_head, language=language)
    form = served(head.get(f"/matters/{lead}/access")).form("/access")
    login = world.team_member.login
    assert form.submit(head, login=login, days="7", reason="核对账目").status_code == 303
    browser = doors.browser(world.team_member, language=language)
    page = served(browser.get(f"/matters/{lead}"))
    offered = [form.action for form in page.forms if f"/matters/{lead}" in form.action]
    assert offered == [f"/matters/{lead}/watch"]
    for place in ("notes/new", "papers", "people/new", "corrections/new", "hand-over"):
        assert f"/matters/{lead}/{place}" not in page.html
        served(browser.get(f"/matters/{lead}/{place}"), 403)
    api = doors.api(world.team_member)
    assert api.get(f"/api/v1/matters/{lead}").json()["masked"] is False
    assert api.get(f"/api/v1/matters/{lead}/actions").json()["items"] == []
    refused = api.post(f"/api/v1/matters/{lead}/notes", json={"text": "我来记一笔。"})
    assert refused.status_code == 403
    form = served(browser.get(page.link(keep))).form("/keep-off")
    assert form.submit(browser, reason="同学关系").status_code == 303
    served(browser.get(f"/matters/{lead}"), 404)


SECTION = {
    "en": ("Open to you for a time", "Open to you until "),
    "zh-CN": ("限时向您开放", "向您开放至"),
}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_guests_desk_says_what_is_open_to_them_and_until_when(
    world: World, doors: Doors, language: str
) -> None:
    lead = verified(world)
    guest = world.team_member
    browser = doors.browser(guest, language=language)
    assert SECTION[language][0] not in served(browser.get("/desk")).words
    with world.open("let_see", world.department_head) as tx:
        access.let_see(tx, lead, login=guest.login, reason="核对账目。", days=7)
    page = served(browser.get("/desk"))
    for said in SECTION[language]:
        assert said in page.words
    assert f"/matters/{lead}" in page.links.values()
    for who in (world.investigator, world.department_head, world.inspector):
        desk = served(doors.browser(who, language=language).get("/desk"))
        assert SECTION[language][0] not in desk.words, who.login


def test_a_guest_who_is_walled_off_meanwhile_reads_nothing_of_it_on_their_desk(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    guest = world.team_member
    with world.open("let_see", world.department_head) as tx:
        access.let_see(tx, lead, login=guest.login, reason="核对账目。", days=7)
    with world.open("people", world.department_head) as tx:
        involved.add_subject(tx, lead, Reported(name=guest.name))
    page = served(doors.browser(guest).get("/desk"))
    assert SECTION["en"][0] not in page.words
    assert str(lead) not in page.html


def test_nobody_who_keeps_off_is_offered_to_be_let_see_nor_taken(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    browser = doors.browser(world.department_head)
    here = f"/matters/{lead}/access"
    form = served(browser.get(here)).form(here)
    assert {world.team_member.login, world.chief.login} <= set(form.choices["login"])
    with world.open("people", world.department_head) as tx:
        involved.add_subject(tx, lead, Reported(name=world.team_member.name))
    with world.open("walls", world.chief) as tx:
        walls.keep_off(tx, lead, reason="亲戚。")
    again = served(browser.get(here)).form(here)
    assert not {world.team_member.login, world.chief.login} & set(again.choices["login"])
    for login in (world.team_member.login, world.chief.login, world.auditor.login):
        data = {**form.values({"days": "7", "reason": "核对。"}), "login": [login]}
        page = served(browser.post(here, data=data), 409)
        assert "This can't be given to this person." in page.words.replace("’", "'")
