"""Nothing typed into a longer form is lost: whoever typed it finds it again, and nobody else."""

from datetime import timedelta
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from app.core import tokens
from app.routers.cookies import SESSION
from app.services import corrections, drafts, housekeeping, petitions, walls
from app.services.corrections import Said
from app.services.petitions import NewPetition
from tests.build_matters import DAY, act, log, sign_all, verified
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import Form, Served, served

Owner = psycopg.Connection[DictRow]

TYPED = {"what": "虚报造林面积，套取补助。", "where": "上岩洲镇"}
RESTORED = "is filled in again"
SCRIPT = {"Accept": "application/json"}


def form_of(page: Served) -> Form:
    return page.form("/log")


def keep(browser: Client, page: Served, **typed: str) -> Served:
    """Presses *Keep as a draft*; the page that it leads to."""
    answer = browser.post("/drafts", data=form_of(page).values(dict(typed)))
    assert answer.status_code == 303, answer.text
    return served(browser.get(answer.headers["location"]))


def by_script(browser: Client, page: Served, **typed: str) -> httpx.Response:
    """What the script sends while somebody types."""
    return browser.post("/drafts", data=form_of(page).values(dict(typed)), headers=SCRIPT)


def what(page: Served) -> str:
    return form_of(page).fields["what"][0].strip()


def test_a_form_that_was_left_is_filled_in_again(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    keep(browser, served(browser.get("/log")), **TYPED)
    again = served(doors.browser(world.investigator).get("/log"))
    assert what(again) == TYPED["what"]
    assert RESTORED in again.words
    empty = served(browser.get(again.link("Begin with an empty form")))
    assert what(empty) == ""
    assert "Another draft of this form" in empty.words


def test_a_form_that_is_sent_takes_its_draft_along(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    page = keep(browser, served(browser.get("/log")), **TYPED)
    wrong = form_of(page).submit(browser, source="unit", received_on="soon")
    assert wrong.status_code == 422
    assert what(served(browser.get("/log"))) == TYPED["what"]  # refused: nothing was sent
    sent = form_of(served(wrong, 422)).submit(browser, received_on=DAY.isoformat())
    assert sent.status_code == 303, sent.text
    assert what(served(browser.get("/log"))) == ""
    with world.open("drafts.list", world.investigator) as tx:
        assert drafts.mine(tx) == []


def test_looking_for_repeats_sends_nothing_yet(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    page = keep(browser, served(browser.get("/log")), **TYPED)
    looked = browser.post("/log", data={**form_of(page).fields, "look": "1"})
    assert looked.status_code == 200
    assert what(served(browser.get("/log"))) == TYPED["what"]


def test_two_windows_do_not_overwrite_each_other(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    begun = keep(browser, served(browser.get("/log")), **TYPED)
    first, second = (served(browser.get("/log")) for _ in range(2))
    assert what(first) == what(second) == what(begun)
    one = by_script(browser, first, what="第一个窗口。").json()
    two = by_script(browser, second, what="第二个窗口。").json()
    assert one["id"] != two["id"]
    with world.open("drafts.list", world.investigator) as tx:
        kept = {str(each.id): each.values["what"] for each in drafts.mine(tx)}
    assert kept == {one["id"]: "第一个窗口。", two["id"]: "第二个窗口。"}
    newest = served(browser.get("/log"))
    other = next(href for words, href in newest.links.items() if words.startswith("Another draft"))
    assert {what(newest), what(served(browser.get(other)))} == {"第一个窗口。", "第二个窗口。"}


def test_the_same_window_goes_on_with_its_draft(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    page = served(browser.get("/log"))
    first = by_script(browser, page, what="一").json()
    form_of(page).fields |= {"draft.id": [first["id"]], "draft.version": [str(first["version"])]}
    second = by_script(browser, page, what="一二").json()
    assert (second["id"], second["version"]) == (first["id"], 2)


def thrown_away(browser: Client) -> Served:
    """A draft was kept and thrown away; the form that it leads back to."""
    page = keep(browser, served(browser.get("/log")), **TYPED)
    answer = browser.post("/drafts/discard", data=form_of(page).fields)
    assert answer.status_code == 303
    return served(browser.get(answer.headers["location"]))


def brought_back(browser: Client, form: Form) -> httpx.Response:
    return browser.post("/drafts/bring-back", data=form.fields)


def test_what_was_thrown_away_is_brought_back_from_its_form(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    page = thrown_away(browser)
    assert what(page) == ""
    assert "For an hour it can be brought back." in page.words
    assert "No form is begun" in served(browser.get("/drafts")).words
    answer = brought_back(browser, form_of(page))
    assert what(served(browser.get(answer.headers["location"]))) == TYPED["what"]


def test_what_was_thrown_away_is_brought_back_from_the_list(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    keep(browser, served(browser.get("/log")), **TYPED)
    answer = served(browser.get("/drafts")).form("/drafts/discard").submit(browser)
    listed = served(browser.get(answer.headers["location"]))
    answer = brought_back(browser, listed.form("/drafts/bring-back"))
    assert what(served(browser.get(answer.headers["location"]))) == TYPED["what"]


def test_after_an_hour_it_is_gone_and_the_next_one_thrown_away_takes_it_along(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.investigator)
    page = thrown_away(browser)
    owner.execute("UPDATE draft SET thrown_away_at = now() - interval '61 minutes'")
    assert brought_back(browser, form_of(page)).status_code == 404
    thrown_away(browser)
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 1}
    owner.execute("UPDATE draft SET thrown_away_at = now() - interval '61 minutes'")
    with world.open("housekeeping", world.operator) as tx:
        housekeeping.keep_house(tx)
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 0}


def test_nobody_else_brings_it_back_and_an_open_window_does_not_write_into_it(
    world: World, doors: Doors, owner: Owner
) -> None:
    mine, theirs = doors.browser(world.investigator), doors.browser(world.other_investigator)
    begun = keep(mine, served(mine.get("/log")), **TYPED)
    page = thrown_away(mine)
    form = form_of(served(theirs.get("/log")))
    form.fields["draft.thrown"] = form_of(page).fields["draft.thrown"]
    assert brought_back(theirs, form).status_code == 404
    # A window in which it still stands open goes on with a draft of its own.
    kept = by_script(mine, begun, what="另一个窗口。").json()
    assert kept["id"] != form_of(page).fields["draft.thrown"][0]
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 2}


def test_what_was_sent_does_not_come_back(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    page = keep(browser, served(browser.get("/log")), **TYPED)
    key = form_of(page).fields["draft.id"]
    sent = form_of(page).submit(browser, source="unit", received_on=DAY.isoformat())
    assert sent.status_code == 303, sent.text
    form = form_of(served(browser.get("/log")))
    form.fields["draft.thrown"] = key
    assert brought_back(browser, form).status_code == 404


def test_a_draft_is_its_writers_alone(world: World, doors: Doors, owner: Owner) -> None:
    browser = doors.browser(world.investigator)
    keep(browser, served(browser.get("/log")), **TYPED)
    for who in (world.other_investigator, world.lead_manager, world.team_member):
        page = served(doors.browser(who).get("/log"))
        assert what(page) == ""
        with world.open("drill", who) as tx:
            assert tx.value("SELECT count(*) FROM draft") == 0
    row = owner.execute("SELECT d::text AS it FROM draft d").fetchone()
    assert row is not None
    assert TYPED["what"].encode().hex() not in row["it"]
    assert TYPED["what"] not in row["it"]


def test_a_stolen_key_of_a_draft_neither_shows_nor_changes_nor_ends_it(
    world: World, doors: Doors
) -> None:
    mine, theirs = doors.browser(world.investigator), doors.browser(world.other_investigator)
    kept = by_script(mine, served(mine.get("/log")), **TYPED).json()
    page = served(theirs.get(f"/log?draft={kept['id']}"))
    assert what(page) == ""
    form_of(page).fields |= {"draft.id": [kept["id"]], "draft.version": ["1"]}
    assert by_script(theirs, page, what="别人的。").json()["id"] != kept["id"]
    assert theirs.post("/drafts/discard", data=form_of(page).fields).status_code == 303
    assert what(served(mine.get("/log"))) == TYPED["what"]


def test_a_wall_takes_the_drafts_on_its_matter_away(world: World, doors: Doors) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}/notes/new"))
    form = page.form("/notes/new")
    assert browser.post("/drafts", data=form.values({"text": "入户。"})).status_code == 303
    assert "A note" in served(browser.get("/desk")).words
    with world.open("walls.keep_off", world.investigator) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    assert "A note" not in served(browser.get("/desk")).words
    assert "A note" not in served(browser.get("/drafts")).words


def test_a_report_that_goes_up_on_paper_takes_the_drafts_on_it_along(
    world: World, doors: Doors, owner: Owner
) -> None:
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="反映补助未到账。",
                unit_id=world.village.id, title="反映补助未到账",
            ),
        )  # fmt: skip
    for who in (world.intake_officer, world.petitions_head):
        browser = doors.browser(who)
        form = served(browser.get(f"/matters/{petition}/notes/new")).form("/notes/new")
        assert browser.post("/drafts", data=form.values({"text": "来信人。"})).status_code == 303
    owner.execute("UPDATE matter SET state = 'received' WHERE id = %s", [petition])
    sign_all(
        world,
        act(world, world.intake_officer, petition, "seal", on_paper=True, chief_reported=False),
    )
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 0}


def test_the_desk_and_the_list_lead_back_to_what_was_begun(world: World, doors: Doors) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    form = served(browser.get(f"/matters/{lead}/notes/new")).form("/notes/new")
    browser.post("/drafts", data=form.values({"text": "拟十月三日入户。"}))
    desk = served(browser.get("/desk"))
    assert "Drafts" in desk.words
    again = served(browser.get(desk.link("Go on")))
    assert again.form("/notes/new").fields["text"][0].strip() == "拟十月三日入户。"
    listed = served(browser.get("/drafts"))
    assert "YC2018-0001" in listed.words
    assert listed.form("/drafts/discard").submit(browser).status_code == 303
    assert "No form is begun" in served(browser.get("/drafts")).words


def test_what_was_begun_before_something_changed_says_so_when_it_is_sent(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    address = f"/matters/{lead}/hand-over"
    form = served(browser.get(address)).form("/hand-over")
    browser.post("/drafts", data=form.values({"reason": "工作调整。"}))
    with world.open("matters.correct", world.investigator) as tx:
        corrections.correct(
            tx, lead, Said(field="responsible_leader", value="周正", reason="漏填。")
        )
    again = served(browser.get(address)).form("/hand-over")
    assert again.fields["version"] == form.fields["version"]
    refused = again.submit(browser, to_account=str(world.other_investigator.account_id))
    assert refused.status_code == 412
    assert "工作调整。" in refused.text
    assert served(refused, 412).form("/hand-over").fields["version"] != form.fields["version"]


def test_a_window_that_stood_open_keeps_nothing_on_a_matter_that_is_gone(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    form = served(browser.get(f"/matters/{lead}/notes/new")).form("/notes/new")
    with world.open("walls.keep_off", world.investigator) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    assert browser.post("/drafts", data=form.values({"text": "入户。"})).status_code == 404
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 0}


def test_a_draft_of_one_form_is_not_overwritten_by_another(world: World, doors: Doors) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    kept = by_script(browser, served(browser.get("/log")), **TYPED).json()
    note = served(browser.get(f"/matters/{lead}/notes/new")).form("/notes/new")
    note.fields |= {"draft.id": [kept["id"]], "draft.version": ["1"], "text": ["入户。"]}
    assert browser.post("/drafts", data=note.fields, headers=SCRIPT).json()["id"] != kept["id"]
    assert what(served(browser.get("/log"))) == TYPED["what"]


def test_the_drafts_of_an_account_end_with_it(world: World, doors: Doors, owner: Owner) -> None:
    browser = doors.browser(world.investigator)
    keep(browser, served(browser.get("/log")), **TYPED)
    owner.execute(
        "UPDATE account SET active = false WHERE id = %s", [world.investigator.account_id]
    )
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 0}


def run_out(owner: Owner, who: Someone, *, hours: float) -> None:
    owner.execute(
        "UPDATE session_use SET used_at = now() - make_interval(secs => %s) WHERE session_id IN"
        " (SELECT id FROM session WHERE account_id = %s)",
        [hours * 3600, who.account_id],
    )


def wake(owner: Owner, who: Someone) -> None:
    run_out(owner, who, hours=0)


@pytest.mark.parametrize("hours", [1, 20])
def test_what_is_sent_after_the_sign_in_ran_out_is_there_after_the_next(
    world: World, doors: Doors, owner: Owner, hours: int
) -> None:
    browser = doors.browser(world.investigator)
    page = served(browser.get("/log"))
    run_out(owner, world.investigator, hours=hours)
    late = tokens.issue(
        doors.keys, session=world.investigator.session, lifetime=timedelta(minutes=-5)
    )
    browser.cookies.set(SESSION, late)
    answer = form_of(page).submit(browser, source="unit", **TYPED)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?kept=1&back=%2Flog"
    assert "What you typed is kept" in served(browser.get(answer.headers["location"])).words
    wake(owner, world.investigator)
    assert what(served(doors.browser(world.investigator).get("/log"))) == TYPED["what"]


@pytest.mark.parametrize("end", ["signed out", "long ago", "another's form", "left"])
def test_a_session_that_was_ended_keeps_nothing(
    world: World, doors: Doors, owner: Owner, end: str
) -> None:
    browser = doors.browser(world.investigator)
    page = served(browser.get("/log"))
    run_out(owner, world.investigator, hours=30 if end == "long ago" else 13)
    if end == "signed out":
        owner.execute("UPDATE session SET ended_at = now()")
    if end == "left":
        owner.execute(
            "UPDATE account SET active = false WHERE id = %s", [world.investigator.account_id]
        )
    if end == "another's form":
        form_of(page).fields["csrf_token"] = ["0" * 64]
    answer = form_of(page).submit(browser, source="unit", **TYPED)
    assert answer.status_code in (401, 403)
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 0}


def test_only_forms_of_ours_are_kept(world: World, doors: Doors, owner: Owner) -> None:
    browser = doors.browser(world.investigator)
    page = served(browser.get("/log"))
    for address in ("https://elsewhere.example/log", "//elsewhere/log", "/me/password", "/log#x"):
        form_of(page).fields["draft.address"] = [address]
        assert by_script(browser, page, **TYPED).status_code == 404
    assert owner.execute("SELECT count(*) AS n FROM draft").fetchone() == {"n": 0}


def test_a_draft_changes_nothing_of_what_its_form_is_about(world: World, doors: Doors) -> None:
    lead, other = verified(world), verified(world)
    browser = doors.browser(world.investigator)
    page = served(browser.get("/log"))
    form_of(page).fields |= {"petition": [str(other)], "number": ["信2018-0001"]}
    assert by_script(browser, page, **TYPED).status_code == 200
    again = served(browser.get("/log"))
    assert what(again) == TYPED["what"]
    assert not {"petition", "number"} & form_of(again).fields.keys()
    address = f"/matters/{lead}/corrections/new?field=source"
    form = served(browser.get(address)).form("/corrections/new")
    form.fields["field"] = ["title"]
    assert browser.post("/drafts", data=form.values({"reason": "抄错。"})).status_code == 303
    mended = served(browser.get(address)).form("/corrections/new")
    assert mended.fields["reason"][0].strip() == "抄错。"
    assert mended.fields["field"] == ["source"]


def test_no_spelling_of_a_matters_key_keeps_a_draft_from_its_wall(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    browser = doors.browser(world.investigator)
    for key in (str(lead).upper(), lead.hex):
        page = served(browser.get(f"/matters/{key}/notes/new"))
        assert "Keep as a draft" not in page.words
        usual = served(browser.get("/log"))
        form_of(usual).fields["draft.address"] = [f"/matters/{key}/notes/new"]
        assert by_script(browser, usual, **TYPED).status_code == 404


def test_what_is_sent_late_tells_nobody_whether_a_matter_is_there(
    world: World, doors: Doors, owner: Owner
) -> None:
    hidden, nowhere = log(world, world.lead_manager), UUID(int=7)
    browser = doors.browser(world.team_member)
    page = served(browser.get("/me/standing-in"))
    form = page.form("/me/standing-in")
    late = tokens.issue(
        doors.keys, session=world.team_member.session, lifetime=timedelta(minutes=-5)
    )
    browser.cookies.set(SESSION, late)
    run_out(owner, world.team_member, hours=2)
    for address in ("/matters/{}/notes/new", "/money/{}/receipt", "/log?petition={}"):
        told = set()
        for key in (hidden, nowhere):
            form.fields["draft.address"] = [address.format(key)]
            answer = form.submit(browser)
            told.add((answer.status_code, answer.headers["location"].split("&back=")[0]))
        assert told == {(303, "/sign-in?kept=1")}
    wake(owner, world.team_member)
    again = served(doors.browser(world.team_member).get("/drafts"))
    assert "No form is begun" in again.words


def test_too_many_and_too_long_are_refused_in_words(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = doors.browser(world.investigator)
    page = served(browser.get("/log"))
    monkeypatch.setattr(drafts, "LONGEST", 100)
    assert by_script(browser, page, what="长" * 200).status_code == 422
    monkeypatch.setattr(drafts, "LONGEST", 100_000)
    monkeypatch.setattr(drafts, "MOST", 1)
    assert by_script(browser, page, what="一").status_code == 200
    refused = browser.post("/drafts", data=form_of(page).fields)
    assert refused.status_code == 409
    assert "You keep 1 drafts already" in served(refused, 409).words


def test_drafts_of_a_month_ago_are_forgotten(world: World, doors: Doors, owner: Owner) -> None:
    browser = doors.browser(world.investigator)
    keep(browser, served(browser.get("/log")), **TYPED)
    log(world, world.investigator)
    with world.open("housekeeping", world.operator) as tx:
        assert housekeeping.keep_house(tx)["drafts"] == 0
    owner.execute("UPDATE draft SET saved_at = now() - interval '31 days'")
    with world.open("housekeeping", world.operator) as tx:
        assert housekeeping.keep_house(tx)["drafts"] == 1


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_buttons_of_a_draft_speak_the_readers_language(
    world: World, doors: Doors, language: str
) -> None:
    page = served(doors.browser(world.investigator, language=language).get("/log"))
    assert {"en": "Keep as a draft", "zh-CN": "存为草稿"}[language] in page.words
