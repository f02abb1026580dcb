"""What a form that was sent said is told in its page's words, to whoever sent it."""

import json
from datetime import date

import psycopg
import pytest
from psycopg.rows import DictRow
from starlette.datastructures import FormData

from app.routers import form_words
from app.routers.sendings import FIELD, WORDS
from tests.build_history import Past
from tests.build_matters import DAY, log
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import Served, Typed, served

Owner = psycopg.Connection[DictRow]

PETITION: dict[str, Typed] = {
    "channel": "letter", "class": "report", "received_on": DAY.isoformat(),
    "content": "反映补助未足额发放。", "where": "上岩洲镇", "reporter_name": "周小英",
    "reporter_contact": "13800000000",
}  # fmt: skip


@pytest.fixture
def past(world: World, owner: Owner) -> Past:
    return Past(world, owner)


def after(page: Served, words: str) -> str:
    assert words in page.words, page.words
    return page.words.partition(words)[2]


def test_a_payment_sent_otherwise_names_each_payee_and_amount_on_both_sides(
    past: Past, doors: Doors
) -> None:
    item = past.item_to_repay("settling")
    browser = doors.browser(past.world.finance)
    form = served(browser.get(f"/money/{item.id}/return")).form("/return")
    first, second = form.choices["payee"]
    typed: dict[str, Typed] = {"signed": "signature", "happened_on": "2018-09-01"}
    assert form.send(browser, {**typed, "payee": first}).status_code == 303
    page = served(form.send(browser, {**typed, "payee": [first, second]}), 409)
    differs = after(page, "What is different")
    paid, other = "丁有田 · 1,250.00 yuan", "石桂芳 · 2,360.00 yuan"
    assert f"The first time, carried out {paid} Now, not done {paid} {other}" in differs
    both = after(page, "What was sent the first time")
    assert "Paid on 2018-09-01" in both
    assert "Signed for by signature" in both
    assert page.link(f"Open {item.number}") == f"/matters/{item.id}#money"


def test_a_box_that_was_ticked_and_an_option_that_was_chosen_stand_by_their_labels() -> None:
    form = (
        '<form><input type="hidden" name="form_key" value="1"><h2>Which</h2>'
        '<div><label for="s">Source <span class="may">(may follow)</span></label>'
        '<select id="s" name="s"><option value="">Choose</option><option value="a">A &amp; B'
        '</option></select></div><div class="pick"><input id="c" type="checkbox" name="c"'
        ' value="yes"><label for="c">I agree</label></div>'
        '<input id="t" name="t" list="t-l"><label for="t">Place</label><datalist id="t-l">'
        '<option value="v">V</option></datalist>'
        '<input type="password" name="p" id="p"><label for="p">Password</label>'
        '<button type="submit">Go</button></form>'
    )
    words = form_words.read(form, "Page")
    assert (words.about, words.press) == ("Page · Which", "Go")
    assert [(each.name, each.label) for each in words.fields] == [
        ("s", "Source"), ("c", "I agree"), ("t", "Place"),
    ]  # fmt: skip
    assert words.fields[0].choices == {"": "Choose", "a": "A & B"}
    assert words.fields[1].choices == {"yes": form_words.TICKED}
    assert words.fields[2].choices is None
    assert form_words.unpacked(form_words.packed(words)) == words


@pytest.mark.parametrize(
    "text", ["", "x", "eJw=", "!!!", "é", form_words.packed(form_words.Words())]
)
def test_words_that_no_page_of_ours_wrote_are_none(text: str) -> None:
    assert form_words.unpacked(text) == form_words.Words()


def test_words_that_unfold_without_end_are_none() -> None:
    endless = form_words.packed(form_words.Words("x" * (form_words.LONGEST + 1)))
    assert len(endless) < 2000
    assert form_words.unpacked(endless) == form_words.Words()


def test_who_reported_is_not_kept_with_what_was_sent(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    assert form.send(browser, PETITION).status_code == 303
    words = served(browser.get(f"/sent/{form.fields[FIELD][0]}")).words
    assert "反映补助未足额发放。" in words
    for secret in ("周小英", "13800000000"):
        assert secret not in words
    assert "Reporter’s name This isn’t kept." in words


def test_what_was_sent_is_sealed_and_leaves_no_word_in_the_database(
    world: World, doors: Doors, owner: Owner
) -> None:
    browser = doors.browser(world.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    assert form.send(browser, PETITION).status_code == 303
    row = owner.execute("SELECT answer FROM idempotent_answer WHERE key LIKE 'form %'").fetchone()
    assert row is not None
    assert "told" in row["answer"]
    assert "反映" not in json.dumps(row["answer"], ensure_ascii=False)


def test_a_password_is_neither_kept_nor_shown_whatever_the_browser_calls_it() -> None:
    words = form_words.Words("", "", (form_words.Named("password", "Password"),))
    data = FormData([(WORDS, form_words.packed(words)), ("password", "geheim")])
    told = form_words.Told.of(data, back="/desk", secrets=frozenset({"password"}))
    assert told.lines == ()
    assert (
        form_words.Told.read('["a", "b", [], "/desk"]').locale == ""
    )  # kept by an earlier release
    assert "geheim" not in told.kept()


def test_only_whoever_sent_it_opens_what_was_sent(world: World, doors: Doors) -> None:
    lead = log(world, world.lead_manager)
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(f"/matters/{lead}/notes/new")).form("/notes/new")
    key = form.fields[FIELD][0]
    assert browser.get(f"/sent/{key}").status_code == 404
    assert form.submit(browser, text="已约谈。").status_code == 303
    page = served(browser.get(f"/sent/{key}"))
    assert "已约谈。" in page.words
    assert page.link("Begin with an empty form")
    assert "in the language in which it was sent" not in page.words
    other = served(doors.browser(world.lead_manager, language="zh-CN").get(f"/sent/{key}"))
    assert "Note 已约谈。" in other.words
    assert "表单本身的文字按提交时所用的语言显示。" in other.words
    assert doors.browser(world.chief).get(f"/sent/{key}").status_code == 404


def test_of_a_matter_that_its_writer_does_not_see_any_more_nothing_is_told(
    world: World, doors: Doors, owner: Owner
) -> None:
    lead = log(world, world.lead_manager)
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(f"/matters/{lead}/notes/new")).form("/notes/new")
    assert form.submit(browser, text="已约谈。").status_code == 303
    off = served(browser.get(f"/matters/{lead}/keep-off")).form("/keep-off")
    assert off.submit(browser, reason="亲属关系。").status_code == 303
    assert browser.get(f"/matters/{lead}").status_code == 404
    page = served(browser.get(f"/sent/{form.fields[FIELD][0]}"))
    assert "It was carried out at" in page.words
    assert "已约谈。" not in page.words
    assert str(lead) not in page.html
    again = served(form.submit(browser, text="另记。"), 409)
    assert "已约谈。" not in again.words
    assert str(lead) not in again.html.replace(form.action, "")


def test_a_form_whose_page_changed_in_between_says_that_nothing_filled_in_differs(
    past: Past, doors: Doors
) -> None:
    lead = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    past.join(lead, past.world.investigator)
    browser = doors.browser(past.world.investigator)
    form = served(browser.get(f"/matters/{lead.id}/corrections/new?field=title")).form("/new")
    typed: dict[str, Typed] = {"value": "虚报面积", "reason": "抄录有误。"}
    assert form.send(browser, typed).status_code == 303
    form.fields["version"] = ["99"]
    page = served(form.send(browser, typed), 409)
    assert "What you filled in says the same; the page had changed in between." in page.words


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_sending_it_as_another_one_keeps_its_words(
    world: World, doors: Doors, language: str
) -> None:
    browser = doors.browser(world.lead_manager, language=language)
    lead = log(world, world.lead_manager)
    form = served(browser.get(f"/matters/{lead}/notes/new")).form("/notes/new")
    assert form.submit(browser, text="甲。").status_code == 303
    other = served(form.submit(browser, text="乙。"), 409).form("/notes/new")
    assert other.fields[FIELD] != form.fields[FIELD]
    assert other.submit(browser).status_code == 303
    page = served(browser.get(f"/sent/{other.fields[FIELD][0]}"))
    label = {"en": "Note", "zh-CN": "说明"}[language]
    assert f"{label} 乙。" in page.words, page.words
