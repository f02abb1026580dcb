"""A page's form that is sent twice is done once: a second press, a reload, a program."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg
import pytest
from psycopg.rows import DictRow

from app.routers.sendings import FIELD
from tests.build_history import Past
from tests.build_matters import DAY, log
from tests.build_papers import photo
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import Typed, followed, served

Owner = psycopg.Connection[DictRow]

LEAD: dict[str, Typed] = {
    "source": "supervision",
    "received_on": DAY.isoformat(),
    "what": "多报危房改造面积，多领的补助没有发到户。",
    "where": "上岩洲镇",
}
OTHER = "冒领护林员补助。"


def leads(owner: Owner) -> int:
    return int(owner.execute("SELECT count(*) AS n FROM lead").fetchall()[0]["n"])


def test_a_lead_sent_twice_is_one_and_both_lead_to_it(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    first, second = form.send(browser, LEAD), form.send(browser, LEAD)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert leads(owner) == 1
    assert "Logged" in followed(browser, second).words


def test_a_lead_sent_twice_at_once_is_one_and_both_lead_to_it(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: form.send(browser, LEAD), range(4)))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert leads(owner) == 1


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_with_other_words_it_says_what_the_first_made_and_keeps_the_typing(
    world: World, doors: Doors, owner: Owner, language: str
) -> None:
    browser = doors.browser(world.investigator, language=language)
    form = served(browser.get("/log")).form("/log")
    made = form.send(browser, LEAD).headers["location"].partition("?")[0]
    page = served(form.send(browser, {**LEAD, "what": OTHER}), 409)
    assert leads(owner) == 1
    assert OTHER in page.words
    said = {"en": "Open YC2026-0001", "zh-CN": "查看YC2026-0001"}[language]
    assert page.link(said) == made
    other = page.form("/log").submit(browser)
    assert other.status_code == 303
    assert leads(owner) == 2
    assert OTHER in followed(browser, other).words


def test_each_form_that_is_opened_is_one_of_its_own(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.investigator)
    for _ in range(2):
        assert served(browser.get("/log")).form("/log").send(browser, LEAD).status_code == 303
    assert leads(owner) == 2


def test_a_form_that_was_refused_goes_on_under_its_key(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    again = served(form.send(browser, {**LEAD, "where": "no such place"}), 422).form("/log")
    assert again.fields[FIELD] == form.fields[FIELD]
    for _ in range(2):
        assert again.submit(browser, where="上岩洲镇").status_code == 303
    assert leads(owner) == 1


def test_keeping_a_draft_and_looking_for_repeats_use_nothing_up(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    data = form.values(LEAD)
    kept = browser.post("/drafts", data=data)
    assert browser.post("/log", data={**data, "look": "1"}).status_code == 200
    assert browser.post("/log/look-alikes", data=data).status_code == 200
    assert browser.post("/log", data=data).status_code == 303
    # Begun again from what was kept meanwhile: a form of its own, that no sent one has frozen.
    restored = served(browser.get(kept.headers["location"])).form("/log")
    assert restored.fields[FIELD] != form.fields[FIELD]
    assert restored.send(browser, LEAD).status_code == 303
    assert leads(owner) == 2


def test_somebody_else_with_the_same_key_sends_a_form_of_their_own(
    world: World, doors: Doors, owner: Owner
) -> None:
    browsers = [doors.browser(each) for each in (world.investigator, world.lead_manager)]
    forms = [served(browser.get("/log")).form("/log") for browser in browsers]
    forms[1].fields[FIELD] = forms[0].fields[FIELD]
    for form, browser in zip(forms, browsers, strict=True):
        assert form.send(browser, LEAD).status_code == 303
    assert leads(owner) == 2


def test_a_petition_sent_twice_is_one(world: World, doors: Doors, owner: Owner) -> None:
    browser = doors.browser(world.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    typed: dict[str, Typed] = {
        "channel": "letter", "class": "report", "received_on": DAY.isoformat(),
        "content": "反映补助未足额发放。", "where": "上岩洲镇",
    }  # fmt: skip
    places = {form.send(browser, typed).headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert owner.execute("SELECT count(*) AS n FROM petition").fetchall() == [{"n": 1}]


def test_what_is_shown_once_is_made_once(world: World, doors: Doors, owner: Owner) -> None:
    """The secret of a key for programs isn't kept: the second answer says that it was made."""
    browser = doors.browser(world.investigator)
    form = served(browser.get("/me/keys")).form("/me/keys")
    typed: dict[str, Typed] = {"name": "核对", "days": "30", "scope": form.choices["scope"][:1]}
    assert form.send(browser, typed).status_code == 200
    page = served(form.send(browser, typed), 409)
    assert "it was carried out once" in page.words
    assert not any(each.action.endswith("/me/keys") for each in page.forms)
    keys = owner.execute("SELECT count(*) AS n FROM session WHERE kind = 'key'").fetchall()
    assert keys == [{"n": 1}]


def test_money_received_twice_under_one_form_is_booked_once(
    world: World, doors: Doors, owner: Owner
) -> None:
    past = Past(world, owner)
    lead = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    past.join(lead, world.investigator)
    item = past.item(lead, state="controlled", taken_in_by=world.investigator)
    browser = doors.browser(world.investigator)
    form = served(browser.get(f"/money/{item.id}/receipt")).form("/receipt")
    typed: dict[str, Typed] = {
        "amount": "1,300.00", "happened_on": "2018-06-01", "bank_reference": "00000431"
    }  # fmt: skip
    for _ in range(2):
        page = followed(browser, form.send(browser, typed))
        assert "Received: it is booked." in page.words
        assert "1,300.00" in page.words
    received = owner.execute("SELECT count(*) AS n FROM journal_entry").fetchall()
    assert received == [{"n": 1}]


def test_a_paper_sent_twice_is_attached_once_and_another_file_is_another_content(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead_id = log(world, world.lead_manager)
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(f"/matters/{lead_id}/papers")).form("/papers")

    def sent(shade: int) -> int:
        files = {"file": ("a.jpg", photo(shade=shade), "image/jpeg")}
        return browser.post(form.action, data=form.fields, files=files).status_code

    assert [sent(100), sent(100), sent(200)] == [303, 303, 409]
    assert owner.execute("SELECT count(*) AS n FROM matter_paper").fetchall() == [{"n": 1}]


def test_a_note_sent_twice_is_one(world: World, doors: Doors) -> None:
    lead_id = log(world, world.lead_manager)
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(f"/matters/{lead_id}/notes/new")).form("/notes/new")
    for _ in range(2):
        assert form.submit(browser, text=OTHER).status_code == 303
    assert served(browser.get(f"/matters/{lead_id}")).words.count(OTHER) == 1
