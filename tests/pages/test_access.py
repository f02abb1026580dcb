"""Who can see a matter, and keeping off one, by the pages."""

import pytest

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
