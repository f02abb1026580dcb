"""A matter as one page: what it says, what it offers, and what it hides."""

from datetime import date
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.routers.pages.acts import LOG_LEAD, MEND
from app.services import corrections, matters, petitions, requests
from app.services.corrections import Said
from app.services.petitions import NewPetition, Reporter
from tests import build_matters
from tests.architecture.test_translations import used
from tests.build_history import Past
from tests.build_paper_signatures import proposed
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import Served, followed, served

LANGUAGES = ("en", "zh-CN")


def page_of(doors: Doors, who: Someone, matter: object, language: str = "en") -> Served:
    return served(doors.browser(who, language=language).get(f"/matters/{matter}"))


def entered(browser: Client, page: Served, link: str, **typed: str) -> Served:
    """What the matter says after one of its forms was filled in."""
    address = page.link(link)
    form = served(browser.get(address)).form(address)
    return followed(browser, form.submit(browser, **typed))


def test_the_head_answers_what_where_who_what_next_and_until_when(
    world: World, doors: Doors
) -> None:
    lead = build_matters.verified(world)
    page = page_of(doors, world.investigator, lead)
    assert "Leads › YC2018-0001 Alleged西塘桥村虚报造林面积" in page.words
    assert "Investigate · verifying" in page.words
    assert "Held by 李志强 · 第一纪检监察室 With 周海燕" in page.words
    assert "Due 2018-11-05" in page.words
    assert "2 months after 2018-09-03; that day is not counted." in page.words
    assert "Next step Hand in the verification report" in page.words
    assert page.link("Hand in the verification report") == (
        f"/matters/{lead}/act/report_verification"
    )
    assert page.html.count('class="button main-action"') == 1


def test_where_a_proposal_could_go_several_ways_each_of_them_is_named(
    world: World, doors: Doors
) -> None:
    lead = proposed(world)
    page = served(doors.browser(world.department_head).get(f"/matters/{lead}"))
    assert (
        "Next step Decide: Talk or letter inquiry · Verify · Put on hold ·"
        " Close without verification" in page.words
    )
    assert page.link("Decide") == "#can"
    page = served(doors.browser(world.department_head).get("/leads"))
    assert "Decide on the proposal" in page.words
    browser = doors.browser(world.department_head, language="zh-CN")
    assert "待决定：谈话函询 · 初步核实" in served(browser.get(f"/matters/{lead}")).words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_may_do_comes_with_who_signs_it(world: World, doors: Doors, language: str) -> None:
    lead = build_matters.verified(world)
    page = page_of(doors, world.investigator, lead, language)
    said = {
        "en": "周海燕 (member of the team) reviews, 王振华 (department head) decides",
        "zh-CN": "周海燕（办案组成员）审核，王振华（承办部门负责人）审批",
    }
    assert said[language] in page.words


def test_what_cannot_be_done_yet_says_what_is_missing_and_where_to_mend_it(
    world: World, doors: Doors
) -> None:
    case = build_matters.filed_case(world)
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, case, "announce_filing",
            announced_on="2018-09-03", unit_told_on="2018-09-03", plan="两人以上。",
        ),
    )  # fmt: skip
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, case, "meet_on_facts",
            evidence_for="验收表。", evidence_against="旱灾证明。",
        ),
    )  # fmt: skip
    page = page_of(doors, world.investigator, case)
    lacks = page.words.split("Not yet, and what is missing")[1].split("Watch this matter")[0]
    assert lacks.strip() == (
        "Report the investigation Statements to the facts that are not recorded: 1."
        " Record statements"
    )
    assert page.link("Record statements") == "#statements"
    assert "/act/report" not in page.html.replace("/act/report_", "")


def test_what_others_may_do_leaves_no_trace(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    page = page_of(doors, world.investigator, lead)
    assert "/act/register" not in page.html
    assert "Do not take up" not in page.words


def test_every_mend_is_for_something_that_a_guard_says() -> None:
    known = used()
    assert [message for message in (*MEND, LOG_LEAD) if message not in known] == []


def test_a_hidden_matter_is_as_absent_as_one_that_never_was(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    hidden = doors.browser(world.other_investigator).get(f"/matters/{lead}")
    absent = doors.browser(world.other_investigator).get(f"/matters/{world.village.id}")
    assert hidden.status_code == absent.status_code == 404
    assert (
        Served(hidden.text).words.split("this code")[0]
        == (Served(absent.text).words.split("this code")[0])
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_auditor_reads_names_masked_and_neither_texts_nor_reasons(
    world: World, doors: Doors, language: str
) -> None:
    lead = build_matters.verified(world)
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, lead, text="十月三日入户。")
    html = page_of(doors, world.auditor, lead, language).html
    for hidden in (
        "梁启元",
        "十月三日入户",
        "按程序办理",
        "虚报2017年度",
        "/people/",
        "/notes/new",
    ):
        assert hidden not in html
    assert "梁××" in html
    for place in ("notes/new", "people/new", "hand-over", "act/void", "corrections/new"):
        answer = doors.browser(world.auditor).get(f"/matters/{lead}/{place}")
        assert answer.status_code == 403


def test_signatures_say_who_signed_who_is_next_and_why_they(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    asked = build_matters.act(
        world, world.lead_manager, lead, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True,
    )  # fmt: skip
    page = page_of(doors, world.lead_manager, lead)
    assert "赵敏 asked for: Assign to a department" in page.words
    assert "冯立新 (deputy in charge) decides, now Decides this step." in page.words
    assert page.link("Read the request") == f"/requests/{asked.request_id}"
    build_matters.sign_all(world, asked)
    page = page_of(doors, world.lead_manager, lead)
    assert "冯立新 (deputy in charge) approved “同意。”" in page.words
    assert "冯立新 gave the last signature: Assign to a department. Now: assigned." in page.words


def test_only_the_two_newest_requests_stand_with_all_their_signatures(
    world: World, doors: Doors
) -> None:
    """Seven requests would push money and notes off the page; the history tells of each hand."""
    lead = build_matters.verified(world)
    html = page_of(doors, world.investigator, lead).html
    whole, earlier = (
        html.split('id="signatures"', 1)[1].split('id="notes"')[0].split("Earlier requests")
    )
    assert whole.count('<ol class="chain">') == 2
    assert "冯立新 (deputy in charge) approved" in earlier
    assert "Assign to a department</a>" in earlier


def test_a_case_shows_the_signatures_by_which_it_was_filed(world: World, doors: Doors) -> None:
    case = build_matters.filed_case(world)
    page = page_of(doors, world.investigator, case)
    assert "File a case (YC2018-0001) approved" in page.words
    assert "陈正平 (chief) approved" in page.words
    assert "Person under investigation" in page.words
    assert "Lead that led to it, filed" in page.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_imported_past_is_told_as_the_ledgers(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow], language: str
) -> None:
    past = Past(world, owner)
    steps = [("assessing", date(2018, 1, 9)), ("closed", date(2018, 3, 1))]
    lead = past.lead(received_on=date(2018, 1, 5), steps=steps, closed_on=date(2018, 3, 1))
    past.outcome(lead, "unfounded", date(2018, 3, 1), person=past.person("汪飞"))
    page = page_of(doors, world.chief, lead.id, language)
    said = {
        "en": ("The ledger says: closed.", "not borne out, decided on", "As the ledger says."),
        "zh-CN": ("台账记载：已了结。", "查否，2018年3月1日决定。", "台账记载。"),
    }
    for text in said[language]:
        assert text in page.words


# What is entered beside steps ---------------------------------------------------------------------


def test_a_note_stands_with_its_writer(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}"))
    page = entered(browser, page, "Add a note", text="拟十月三日入户。<b>")
    assert "拟十月三日入户。<b> 李志强, 3 September" in page.words
    assert "Your note stands at the matter." in page.words
    assert "李志强 added a note." in page.words


def test_a_correction_keeps_both_versions_and_the_reason(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    browser = doors.browser(world.investigator)
    page = served(browser.get(served(browser.get(f"/matters/{lead}")).link(
        "Correct what it says"
    )))  # fmt: skip
    page = served(browser.get(f"/matters/{lead}/corrections/new{page.link('title')}"))
    assert "西塘桥村虚报造林面积" in page.words
    form = page.form("/corrections/new")
    refused = served(form.submit(browser, value="西塘桥村虚报面积", reason=""), 422)
    assert "Say why." in refused.words
    assert refused.form("/corrections/new").fields["value"] == ["西塘桥村虚报面积"]
    after = followed(browser, form.submit(browser, value="西塘桥村虚报面积", reason="抄录有误"))
    assert "Before 西塘桥村虚报[differs: 造林]面积 After 西塘桥村虚报面积" in after.words
    assert "抄录有误" in after.words


def test_a_correction_of_what_was_signed_says_who_has_to_agree(world: World, doors: Doors) -> None:
    lead = build_matters.verified(world)
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}/corrections/new"))
    assert "No signature rests on these. source" in page.words
    page = served(browser.get(f"/matters/{lead}/corrections/new{page.link('title')}"))
    assert "Who has to agree" in page.words
    assert "陈正平 (chief) decides" in page.words
    after = followed(
        browser, page.form("/corrections/new").submit(browser, value="虚报面积", reason="抄录有误")
    )
    assert "Nothing moves until the last signature." in after.words
    assert "李志强 asked for: Correct what was signed: title." in after.words


def test_a_conflict_shows_what_others_did_and_keeps_the_typing(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    browser = doors.browser(world.investigator)
    form = served(browser.get(f"/matters/{lead}/corrections/new?field=place")).form("/new")
    with world.open("note", world.lead_manager) as tx:
        matters.add_note(tx, lead, text="请尽快核对。")
    page = served(form.submit(browser, value="下田峪组", reason="补填"), 412)
    assert "Nothing was changed" in page.words
    assert "赵敏 added a note." in page.words
    again = page.form("/corrections/new")
    assert (again.fields["value"], again.fields["reason"]) == (["下田峪组"], ["补填"])
    assert "下田峪组" in followed(browser, again.submit(browser)).words


def test_somebody_else_takes_over_and_the_former_handler_loses_sight(
    world: World, doors: Doors
) -> None:
    lead = build_matters.log(world, world.inspector)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.lead_manager, lead, "assign", department=department, no_conflict=True
        ),
    )
    build_matters.act(
        world, world.department_head, lead, "take_on", handler=str(world.investigator.account_id)
    )
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}"))
    after = entered(
        browser, page, "Hand over", to_account=str(world.other_investigator.account_id),
        reason="出差。",
    )  # fmt: skip
    assert "My desk" in after.words
    assert "Handed over." in after.words
    assert browser.get(f"/matters/{lead}").status_code == 404
    page = page_of(doors, world.other_investigator, lead)
    assert "李志强 handed it over from 李志强 to 周海燕." in page.words


def test_a_person_is_added_with_a_row_of_their_own(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}"))
    page = entered(
        browser, page, "Add a person", name="秦秀兰", position="村会计", member="no",
        alleged="收取工作经费",
    )  # fmt: skip
    assert "秦秀兰 村会计, no member of the Party" in page.words
    assert "收取工作经费 no finding yet" in page.words


def test_a_statement_is_recorded_then_answered(world: World, doors: Doors) -> None:
    case = build_matters.filed_case(world)
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{case}"))
    assert "梁启元: no statement recorded yet" in page.words
    with world.open("read", world.investigator) as tx:
        person = str(matters.open_matter(tx, case).people[0]["id"])
    page = entered(
        browser, page, "Record a statement", involvement_id=person, said="旱死了一部分。"
    )
    assert "旱死了一部分。 Not answered yet." in page.words
    page = entered(browser, page, "Answer it", answer="已核对旱灾证明，扣除八亩。")
    assert "Answered on 3 September: 已核对旱灾证明，扣除八亩。" in page.words
    assert "Answer it" not in page.links


def test_what_is_owed_is_recorded_as_done(world: World, doors: Doors) -> None:
    lead = build_matters.verified(world)
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, lead, "report_verification",
            allegations="虚报。", findings="无证据。", proposal="查否。",
        ),
    )  # fmt: skip
    with world.open("read", world.investigator) as tx:
        person = str(matters.open_matter(tx, lead).people[0]["id"])
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.department_head, lead, "conclude", basis="无证据支持。",
            outcomes=[{"subject": person, "measure": "unfounded"}],
        ),
    )  # fmt: skip
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}"))
    assert "not borne out, decided on 3 September" in page.words
    assert "What is still owed to people comes first: 2 open." in page.words
    assert "梁启元: clear the person's name" in page.words
    page = entered(browser, page, "Record as done", how="九月三日当面告知，两人在场。")
    assert "Done on 3 September by 李志强. 九月三日当面告知，两人在场。" in page.words
    assert "1 open" in page.words


def test_a_summary_is_checked_by_a_second_person(world: World, doors: Doors) -> None:
    world.clock.set(date(2018, 9, 3))
    with world.open("log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=date(2018, 9, 3),
                content="我在村里开店，亲眼看到。", unit_id=world.village.id,
                reporter=Reporter(name="张三丰"),
            ),
        )  # fmt: skip
    browser = doors.browser(world.intake_officer)
    page = served(browser.get(f"/matters/{petition}"))
    page = entered(browser, page, "Write the summary", summary="反映补助未足额发放。")
    assert "/summary/check" not in page.html
    head = doors.browser(world.petitions_head)
    page = served(head.get(f"/matters/{petition}"))
    page = followed(head, page.form("/summary/check").submit(head))
    assert "钱国栋 checked the summary: it points to nobody." in page.words


def alike(world: World, owner: psycopg.Connection[DictRow], reason: str) -> UUID:
    """A lead that may be the same as an earlier one, for a reason."""
    first = build_matters.log(world, world.lead_manager)
    second = build_matters.log(world, world.inspector)
    owner.execute(
        "INSERT INTO possible_repeat (id, matter_id, other_id, why)"
        " VALUES (gen_random_uuid(), %s, %s, jsonb_build_object('reason', %s::text))",
        (second, first, reason),
    )
    return second


def test_a_possible_repeat_waits_for_a_decision(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    second = alike(world, owner, "person_and_unit")
    browser = doors.browser(world.lead_manager)
    page = served(browser.get(f"/matters/{second}"))
    assert "the same person in the same place" in page.words
    form = next(form for form in page.forms if form.action.startswith("/repeats/"))
    late = served(browser.get(f"/matters/{second}")).form(form.action)
    page = followed(browser, form.submit(browser, decision="different"))
    assert "Your decision on the possible repeat is recorded." in page.words
    assert "赵敏 decided on a possible repeat." in page.words
    assert late.submit(browser, decision="same").status_code == 404


def test_the_usual_step_waits_openly_instead_of_another_that_turns_the_lead_away(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    second = alike(world, owner, "words")
    browser = doors.browser(world.lead_manager)
    page = served(browser.get(f"/matters/{second}"))
    main = page.html.split('class="button main-action" href="')[1].split('"')[0]
    assert main == "#repeats"
    assert "Not yet: Register. Possible repeats wait to be decided." in (
        served(browser.get("/desk")).words
    )


def test_beside_the_state_stands_since_when_it_is_in_it_and_for_no_working_day_if_since_today(
    world: World, doors: Doors
) -> None:
    lead = build_matters.log(world, world.investigator)
    words = served(doors.browser(world.investigator).get(f"/matters/{lead}")).words
    assert "since 3 September" in words
    assert "working day 0" not in words
    world.clock.set(date(2018, 9, 5))  # in the same stage
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    world.clock.set(date(2018, 9, 6))
    words = served(doors.browser(world.investigator).get(f"/matters/{lead}")).words
    assert "registered since 5 September, working day 1" in words


def test_money_taken_in_stands_on_the_lead_and_on_its_own_card(world: World, doors: Doors) -> None:
    lead = build_matters.verified(world)
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}"))
    page = entered(
        browser, page, "Log something taken in", form="money", intake="surrendered",
        description="退缴现金",
    )  # fmt: skip
    assert "退缴现金" in page.words
    assert page.link("Take it in").endswith("/act/control")
    page = served(browser.get(f"/matters/{lead}"))
    assert "KW2018-0001" in page.links
    assert "Money or property taken in for it, identified" in page.words


def test_somebody_who_only_reads_enters_nothing(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    page = served(doors.browser(world.investigator).get(f"/matters/{lead}/notes/new"))
    token = page.form("/notes/new").fields
    for place in ("notes/new", "people/new", "tasks/" + str(lead)):
        answer = doors.browser(world.auditor).post(
            f"/matters/{lead}/{place}", data={"csrf_token": token["csrf_token"][0], "text": "x"}
        )
        assert answer.status_code == 403
    with world.open("read", world.chief) as tx:
        assert matters.open_matter(tx, lead).notes == []


def test_a_long_past_shows_its_newest_part_and_the_whole_for_the_asking(
    world: World, doors: Doors
) -> None:
    lead = build_matters.log(world, world.lead_manager)
    with world.open("notes", world.lead_manager) as tx:
        for at in range(60):
            matters.add_note(tx, lead, text=f"note no. {at}.")
        for at in range(12):
            said = Said(field="remark", value=f"page {at}", reason="typing error")
            corrections.correct(tx, lead, said)
    page = page_of(doors, world.lead_manager, lead)
    shown = {"note": 25, "correction": 10, "event": 50}
    assert counted(page) == shown
    assert "note no. 59." in page.words
    assert "note no. 34." not in page.words
    whole = {"note": 60, "correction": 12, "event": 73}
    for link, what in (
        ("Show all notes", "note"), ("Show all corrections", "correction"),
        ("Show the whole history", "event"),
    ):  # fmt: skip
        opened = served(doors.browser(world.lead_manager, language="en").get(page.link(link)))
        assert counted(opened) == {**shown, what: whole[what]}
        assert link not in opened.words


def counted(page: Served) -> dict[str, int]:
    return {
        "note": page.html.count('<div class="note">'),
        "correction": page.html.count('<div class="versions">'),
        "event": page.html.partition('<ol class="history">')[2].partition("</ol>")[0].count("<li>"),
    }


def test_a_long_row_of_requests_is_cut_and_the_open_one_stands_first(
    world: World, doors: Doors
) -> None:
    lead = build_matters.log(world, world.lead_manager)
    for at in range(14):
        done = build_matters.act(
            world, world.lead_manager, lead, "assign",
            department=str(world.unit("YC-O03").id), no_conflict=True,
        )  # fmt: skip
        if at < 13:
            assert done.request_id is not None
            with world.open("take_back", world.lead_manager) as tx:
                requests.take_back(tx, done.request_id)
    page = page_of(doors, world.lead_manager, lead)
    assert page.html.count('href="/requests/') == 12
    whole = served(
        doors.browser(world.lead_manager, language="en").get(page.link("Show all requests"))
    )
    assert whole.html.count('href="/requests/') == 14


def test_a_title_that_says_itself_that_it_is_alleged_is_not_marked_so_twice(
    world: World, doors: Doors
) -> None:
    with world.open("petitions.log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=date(2018, 9, 3),
                content="反映补助未发。", title="反映西塘桥村补助未发", unit_id=world.village.id,
            ),
        )  # fmt: skip
    lead = build_matters.log(world, world.investigator)
    browser = doors.browser(world.intake_officer, language="zh-CN")
    words = served(browser.get(f"/matters/{petition}")).words
    assert "反映西塘桥村补助未发" in words
    assert "反映 反映" not in words
    assert "反映反映" not in words.replace(" ", "")
    browser = doors.browser(world.chief, language="zh-CN")
    assert "反映西塘桥村虚报造林面积" in served(browser.get(f"/matters/{lead}")).words
