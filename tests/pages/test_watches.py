"""Somebody watches a matter or a view: what others did since they looked is told them, and never
what they may not see."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.services import matters, watches
from tests.build_matters import DAY, act, log, verified
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import Served, followed, served

Owner = psycopg.Connection[DictRow]


def watch(browser: Client, lead: UUID) -> Served:
    page = served(browser.get(f"/matters/{lead}"))
    return followed(browser, page.form("/watch").submit(browser))


def note(world: World, who: Someone, lead: UUID) -> None:
    with world.open("matters.note", who) as tx:
        matters.add_note(tx, lead, text="已调取验收表。")


def wall(owner: Owner, matter: UUID, who: Someone) -> None:
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', %s, %s)",
        [new_id(), matter, who.account_id, who.account_id, DAY],
    )


def days_ago(owner: Owner) -> None:
    """Everybody was here the day before yesterday, by the machine's clock."""
    owner.execute("UPDATE visit SET seen_at = seen_at - interval '2 days'")
    owner.execute("UPDATE transition SET recorded_at = recorded_at - interval '3 days'")


def view(browser: Client, address: str = "/leads?open=open") -> Served:
    answer = served(browser.get(address)).form("/views").submit(browser, name="未结")
    return followed(browser, answer)


def test_what_others_do_on_a_watched_matter_is_told_in_sentences(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    browser = doors.browser(world.deputy)
    assert "You watch this matter from now on" in watch(browser, lead).words
    desk = served(browser.get("/desk"))
    assert "Nothing changed in what you watch." in desk.words
    note(world, world.investigator, lead)
    desk = served(browser.get("/desk"))
    assert f"{world.investigator.name} added a note." in desk.words
    assert desk.link("See its history") == f"/matters/{lead}#history"
    page = served(browser.get(f"/matters/{lead}"))  # looking is having looked
    assert "You watch this matter." in page.words
    assert "added a note" not in served(browser.get("/desk")).words


def test_what_the_watcher_did_is_no_news(world: World, doors: Doors) -> None:
    lead = verified(world)
    browser = doors.browser(world.other_investigator)
    watch(browser, lead)
    note(world, world.other_investigator, lead)
    assert "Nothing changed in what you watch." in served(browser.get("/desk")).words


def test_a_watch_that_was_ended_is_begun_again_with_a_press(world: World, doors: Doors) -> None:
    lead = verified(world)
    browser = doors.browser(world.deputy)
    page = watch(browser, lead)
    ended = followed(browser, page.form("/stop").submit(browser))
    assert "You watch this matter no more." in ended.words
    assert "You watch this matter." in followed(browser, ended.form("/watch").submit(browser)).words
    whole = served(browser.get("/watched"))
    gone = followed(browser, whole.form("/stop").submit(browser))
    assert "You watch nothing." in gone.words
    assert "no more. Watch it again" in gone.words
    followed(browser, gone.form("/watch").submit(browser))
    assert "You watch nothing." not in served(browser.get("/watched")).words


def test_a_watch_goes_with_the_sight_of_its_matter_and_leaves_no_trace(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = verified(world)
    browser = doors.browser(world.deputy)
    watch(browser, lead)
    view(browser)
    followed(browser, served(browser.get("/leads?open=open")).form("/watch").submit(browser))
    note(world, world.investigator, lead)
    before = served(browser.get("/watched")).words
    assert "added a note" in before
    assert "1 changed" in before
    wall(owner, lead, world.deputy)
    page = served(browser.get("/watched"))
    assert "Everything" not in page.words
    assert "added a note" not in page.words
    assert "Nothing new since you looked" in page.words  # the view: no number, no "1 less"
    assert "no longer in it" not in page.words
    with world.open("test", world.deputy) as tx:
        found = watches.mine(tx)
        assert (found.matters, found.news) == ([], 0)
        assert tx.value("SELECT count(*) FROM watch WHERE matter_id IS NOT NULL") == 0
        assert tx.value("SELECT count(*) FROM watched_matter") == 0
        assert tx.value("SELECT count(*) FROM visit WHERE matter_id IS NOT NULL") == 0


def test_nobody_watches_what_they_may_not_see(world: World, doors: Doors, owner: Owner) -> None:
    lead = verified(world)
    wall(owner, lead, world.deputy)
    api = doors.api(world.deputy)
    hidden = api.post("/api/v1/me/watches", json={"matter_id": str(lead)})
    absent = api.post("/api/v1/me/watches", json={"matter_id": str(new_id())})
    assert hidden.status_code == absent.status_code == 422
    assert {**hidden.json(), "instance": ""} == {**absent.json(), "instance": ""}
    theirs = view(doors.browser(world.chief)).form("/watch").action.split("/")[2]
    assert api.post("/api/v1/me/watches", json={"view_id": theirs}).status_code == 422


def test_a_watched_view_tells_what_came_left_and_changed(world: World, doors: Doors) -> None:
    lead = log(world, world.investigator)
    browser = doors.browser(world.deputy)
    page = view(browser, "/leads?state=submitted")
    followed(browser, page.form("/watch").submit(browser))
    assert "Nothing new since you looked" in served(browser.get("/watched")).words
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    log(world, world.other_investigator)
    lines = served(browser.get("/desk")).words
    assert "1 new in it: " in lines
    assert "1 no longer in it: " in lines
    whole = served(browser.get("/watched"))
    seen = followed(browser, whole.form("/seen").submit(browser))
    assert "new in it" not in seen.words
    assert "Nothing new since you looked" in seen.words


def test_a_view_in_which_too_much_stands_is_not_watched(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(world, world.investigator)
    log(world, world.investigator)
    browser = doors.browser(world.deputy)
    page = view(browser)
    monkeypatch.setattr(watches, "MOST_LISTED", 1)
    refused = page.form("/watch").submit(browser)
    assert "A view is watched while at most 1 matters stand in it" in served(refused, 409).words


def test_a_view_that_is_forgotten_is_watched_no_more(world: World, doors: Doors) -> None:
    browser = doors.browser(world.deputy)
    page = view(browser)
    page = followed(browser, page.form("/watch").submit(browser))
    page.form("/forget").submit(browser)
    assert "You watch nothing." in served(browser.get("/watched")).words


def test_the_desk_tells_what_changed_since_the_last_visit(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    assert "Since my last visit" not in served(browser.get("/desk")).words  # the first one
    days_ago(owner)
    assert "Since my last visit" not in served(browser.get("/desk")).words
    note(world, world.other_investigator, lead)
    desk = served(browser.get("/desk"))
    assert ": 1 matter changed." in desk.words
    assert f"{world.other_investigator.name} added a note." in desk.words
    served(browser.get(f"/matters/{lead}"))  # seen there, it isn't told again
    assert "1 matter changed" not in served(browser.get("/desk")).words


def test_a_supervisor_is_told_of_what_waits_for_them(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    browser = doors.browser(world.deputy)
    served(browser.get("/desk"))
    days_ago(owner)
    act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True)
    assert ": 1 matter changed." in served(browser.get("/desk")).words


def test_a_matters_history_marks_what_is_new_since_the_last_visit(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    assert "new since" not in served(browser.get(f"/matters/{lead}")).words
    note(world, world.other_investigator, lead)
    note(world, world.investigator, lead)
    owner.execute("UPDATE visit SET seen_at = seen_at - interval '2 days'")
    page = served(browser.get(f"/matters/{lead}"))
    assert "1 new since you were here" in page.words
    assert "History, 1 new" in page.words
    again = served(browser.get(f"/matters/{lead}"))  # still the same visit
    assert "1 new since you were here" in again.words
    owner.execute("UPDATE visit SET seen_at = seen_at - interval '2 days'")
    assert "new since" not in served(browser.get(f"/matters/{lead}")).words


def test_what_others_do_while_a_watcher_is_away_for_minutes_is_new_to_them(
    world: World, doors: Doors
) -> None:
    """A real walk, no clock moved: two sessions, and an event by another in between."""
    lead = verified(world)
    browser = doors.browser(world.deputy)
    page = followed(browser, served(browser.get(f"/matters/{lead}")).form("/watch").submit(browser))
    assert "new since" not in page.words
    served(browser.get("/desk"))
    note(world, world.investigator, lead)
    desk = served(browser.get("/desk"))
    assert ": 1 matter changed." in desk.words
    assert f"{world.investigator.name} added a note." in desk.words
    page = served(browser.get(f"/matters/{lead}"))
    assert "1 new since you were here" in page.words
    assert "History, 1 new" in page.words
    note(world, world.other_investigator, lead)
    assert "2 new since you were here" in served(browser.get(f"/matters/{lead}")).words


def test_reading_what_is_none_of_ones_own_writes_nothing_down(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = verified(world)
    served(doors.browser(world.deputy).get(f"/matters/{lead}"))
    served(doors.browser(world.investigator).get(f"/matters/{lead}"))
    rows = owner.execute("SELECT account_id, xmin FROM visit").fetchall()
    assert [row["account_id"] for row in rows] == [world.investigator.account_id]
    served(doors.browser(world.investigator).get(f"/matters/{lead}"))  # read again: not written
    assert owner.execute("SELECT account_id, xmin FROM visit").fetchall() == rows


def test_watches_and_visits_end_with_their_account(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = verified(world)
    watch(doors.browser(world.deputy), lead)
    owner.execute("UPDATE account SET active = false WHERE id = %s", [world.deputy.account_id])
    assert owner.execute("SELECT 1 FROM watch UNION ALL SELECT 1 FROM visit").fetchall() == []


def test_programs_watch_as_pages_do(world: World, doors: Doors) -> None:
    lead = verified(world)
    api = doors.api(world.deputy)
    key = {"Idempotency-Key": "eins"}
    first = api.post("/api/v1/me/watches", json={"matter_id": str(lead)}, headers=key)
    second = api.post("/api/v1/me/watches", json={"matter_id": str(lead)}, headers=key)
    assert first.status_code == 201
    assert second.json() == first.json()
    note(world, world.investigator, lead)
    item = api.get("/api/v1/me/watches").json()["items"][0]
    assert [each["event"] for each in item["steps"]] == ["noted"]
    assert api.delete(f"/api/v1/me/watches/{item['id']}").status_code == 204
    assert api.get("/api/v1/me/watches").json()["items"] == []
    both = {"matter_id": str(lead), "view_id": str(lead)}
    assert api.post("/api/v1/me/watches", json=both).status_code == 422
