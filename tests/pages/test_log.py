"""Logging: four things are needed, nothing typed is lost, and who reported is sealed."""

from datetime import date

import psycopg
import pytest
from psycopg.rows import DictRow

from tests import build_matters
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import Typed, followed, served

DAY = date(2018, 9, 28)
LEAD: dict[str, Typed] = {
    "source": "supervision",
    "received_on": "2018-09-28",
    "what": "2016年申报危房改造补助时多报面积，多领的补助没有发到户。",
    "where": "上岩洲镇西塘桥村",
}
PETITION: dict[str, Typed] = {
    "channel": "letter",
    "class": "report",
    "received_on": "2018-09-28",
    "content": "反映西塘桥村危改补助未足额发放。",
    "where": "YC-T01-V01",
}


@pytest.fixture(autouse=True)
def on_the_day(world: World) -> None:
    world.clock.set(DAY)


def log(browser: Client, **typed: Typed) -> str:
    """The address of the lead that a form logged."""
    form = served(browser.get("/log")).form("/log")
    answer = form.send(browser, {**LEAD, **typed})
    assert answer.status_code == 303, served(answer, answer.status_code).words
    return str(answer.headers["location"].split("?")[0])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_four_things_are_enough(world: World, doors: Doors, language: str) -> None:
    browser = doors.browser(world.investigator, language=language)
    form = served(browser.get("/log")).form("/log")
    page = followed(browser, form.send(browser, LEAD))
    assert "YC2018-0001" in page.words
    assert "上岩洲镇西塘桥村" in page.words


def test_looking_for_repeats_in_an_unknown_place_says_so(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    data = {**form.values({**LEAD, "where": "下田峪村"}), "look": ["1"]}
    page = served(browser.post("/log", data=data), 422)
    assert "Where it happened: There is no such place." in page.words
    assert "Nothing that you may open looks the same." not in page.words
    assert str(LEAD["what"]) in page.html


def test_an_amount_is_read_as_people_type_it(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    address = log(browser, amount="３８，６００．００")
    assert "38,600.00 yuan" in served(browser.get(address)).words


def test_a_lead_logged_again_is_a_possible_repeat_whoever_logged_the_first(
    world: World, doors: Doors
) -> None:
    """Neither of the two sees the other's lead: the lead manager, who sees both, decides."""
    person: dict[str, Typed] = {"name": "廖志安"}
    first = log(doors.browser(world.investigator), **person)
    second = log(doors.browser(world.inspector), **person)
    page = served(doors.browser(world.lead_manager).get(second))
    assert "word for word the same, in the same place" in page.words
    assert first in page.links.values()
    assert "Possible repeats wait to be decided." in page.words


@pytest.mark.parametrize(
    "other",
    [
        {"what": "2016年申报危房改造补助时少报人口。"},
        {"where": "YC-T01"},
        {"name": "石桂芳"},
        {"name": ""},
        {"happened": "2017年"},
    ],
)
def test_a_lead_that_differs_in_what_where_who_or_when_is_no_repeat(
    world: World, doors: Doors, other: dict[str, Typed]
) -> None:
    browser = doors.browser(world.investigator)
    log(browser, name="廖志安")
    second = log(browser, **{"name": "廖志安", **other})
    page = served(doors.browser(world.lead_manager).get(second))
    assert "word for word the same" not in page.words


def test_a_form_needs_no_script_and_asks_for_the_day_by_itself(world: World, doors: Doors) -> None:
    page = served(doors.browser(world.investigator).get("/log"))
    assert page.form("/log").fields["received_on"] == ["2018-09-28"]
    assert page.html.index('id="source"') < page.html.index('id="what"')
    assert " autofocus" in page.html[page.html.index('id="source"') :][:200]


def test_all_that_was_typed_is_logged(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    address = log(
        browser, name="廖志安", position="村主任", rank="village_staff", amount="38600",
        happened="2016年至2017年", place="下田峪组", leader="高静",
    )  # fmt: skip
    words = served(browser.get(address)).words
    for text in ("廖志安", "村主任", "38,600.00 yuan", "2016年至2017年", "下田峪组", "高静"):
        assert text in words


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": ""}, "Where it comes from: Say where it comes from."),
        ({"what": " "}, "What is alleged: Say what is alleged."),
        ({"received_on": "2018-10-28"}, "Received on: This day is yet to come."),
        ({"received_on": "28 September"}, "Received on: A date such as 2018-09-28."),
        ({"received_on": ""}, "Received on: Say when it came in."),
        ({"where": "下田峪村"}, "Where it happened: There is no such place."),
        ({"where": ""}, "Where it happened: Say where it happened."),
        ({"amount": "1.234"}, "Amount, yuan: An amount in yuan"),
        ({"received_on": "1700-01-01"}, "Received on: This day is too long ago: mistyped?"),
        ({"leader": "高" * 201}, "Responsible leader: This is too long: at most 200 characters."),
        ({"amount": "-5"}, "Amount, yuan:"),
    ],
)
def test_a_wrong_field_says_so_and_nothing_typed_is_lost(
    world: World, doors: Doors, wrong: dict[str, Typed], said: str
) -> None:
    browser = doors.browser(world.investigator)
    typed = {**LEAD, "name": "廖志安", **wrong}
    page = served(served(browser.get("/log")).form("/log").send(browser, typed), 422)
    assert said in page.words
    again = page.form("/log").fields
    assert again["name"] == ["廖志安"]
    assert {name: again[name] for name in typed} == {name: [typed[name]] for name in typed}
    (wrong_field,) = wrong
    assert f'href="#{wrong_field}"' in page.html


def test_a_character_that_no_text_has_is_refused_beside_its_field(
    world: World, doors: Doors
) -> None:
    """NUL, which broke the page that was to say so."""
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    for name in ("what", "name", "where"):
        for look in ({}, {"look": ["1"]}):
            data = {**form.values({**LEAD, name: "虚报\x00面积"}), **look}
            page = served(browser.post("/log", data=data), 422)
            assert "1 thing to mend" in page.words, (name, look)
            assert f'<a href="#{name}"' in page.html
            assert "This isn't a text." in page.words
            assert page.form("/log").fields[name] == ["虚报面积"]
        assert browser.post("/log/look-alikes", data=data).status_code == 200
    browser = doors.browser(world.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    data = form.values({**PETITION, "content": "\x00"})
    assert "This isn't a text." in served(browser.post("/log/petition", data=data), 422).words


def test_what_isn_t_offered_is_refused_whoever_sends_it(world: World, doors: Doors) -> None:
    """A source that no list knows, a rank that no procedure knows: one was kept, one was lost."""
    subject: dict[str, str] = {"name": "廖志安", "rank": "king"}
    for door, page, words, api in (
        (world.investigator, "/log", {**LEAD, "source": "letter"}, "/api/v1/leads"),
        (world.intake_officer, "/log/petition", {**PETITION, "channel": "sweep", "class": "x"},
         "/api/v1/petitions"),
    ):  # fmt: skip
        browser = doors.browser(door)
        form = served(browser.get(page)).form(page)
        data = {**form.values({}), **{name: [str(text)] for name, text in words.items()}}
        data |= {name: [text] for name, text in subject.items()}
        again = served(browser.post(page, data=data), 422)
        wrong = [name for name in ("source", "channel", "class") if name in words]
        for name in (*wrong, "rank"):
            assert f'<a href="#{name}"' in again.html, name
        count = len(wrong) + 1
        assert again.words.count("Choose one of those listed.") == 2 * count
        body: dict[str, object] = {name: text for name, text in words.items() if name != "where"}
        body |= {"unit_id": str(world.village.id), "subjects": [subject]}
        if api == "/api/v1/leads":
            answer = doors.api(door).post(api, json=body | {"source": "banana"})
            assert [each["field"] for each in answer.json()["errors"]] == [
                "source", "subjects.0.rank"
            ]  # fmt: skip
        else:
            known = {"channel": "letter", "class": "report"}
            answer = doors.api(door).post(api, json=body | known)
            assert [each["field"] for each in answer.json()["errors"]] == ["subjects.0.rank"]
        assert answer.status_code == 422


def test_all_that_is_missing_is_said_at_once(world: World, doors: Doors) -> None:
    browser = doors.browser(world.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    page = served(form.send(browser, {"received_on": ""}), 422)
    assert "5 things to mend" in page.words
    assert "Petition received on: Say when it came in." in page.words
    for field in ("channel", "class", "received_on", "content", "where"):
        assert f'href="#{field}"' in page.html
    assert page.words.index("How it came: Choose one") < page.words.index("Where it happened: Say")


def test_all_that_is_too_long_or_wrong_is_said_at_once_with_how_long_it_may_be(
    world: World, doors: Doors
) -> None:
    long = "很" * 201
    lines = ("name", "position", "happened", "place", "leader")
    lead: dict[str, Typed] = {
        **LEAD, **dict.fromkeys(lines, long), "what": "长" * 5001, "where": "无此村",
        "received_on": "2018-10-28", "amount": "1.234",
    }  # fmt: skip
    browser = doors.browser(world.investigator)
    page = served(served(browser.get("/log")).form("/log").send(browser, lead), 422)
    assert page.words.count("This is too long: at most 200 characters.") == 2 * len(lines)
    assert "9 things to mend" in page.words
    assert "What is alleged: This is too long: at most 5000 characters." in page.words
    told = [f"{each}: " for each in ("Received on", "What is alleged", "Where it happened")]
    told += ["Person reported: ", "Amount, yuan: ", "When it happened: ", "Responsible leader: "]
    assert sorted(told, key=page.words.index) == told
    assert {name: page.form("/log").fields[name] for name in lead} == {
        name: [text] for name, text in lead.items()
    }
    browser = doors.browser(world.intake_officer)
    reported: dict[str, Typed] = {
        **PETITION, "content": "长" * 20001, "title": long, "reporter_name": long,
        "reporter_contact": long, "name": long,
    }  # fmt: skip
    form = served(browser.get("/log/petition")).form("/log/petition")
    page = served(form.send(browser, reported), 422)
    assert "5 things to mend" in page.words
    assert "What it says: This is too long: at most 20000 characters." in page.words
    assert "How to reach them: This is too long: at most 200 characters." in page.words
    for name, text in reported.items():
        assert page.form("/log/petition").fields[name] == [text], name


def test_a_place_that_several_have_names_them(world: World, doors: Doors) -> None:
    from app.domain.units import UnitKind
    from app.services import units

    with world.open("units", world.operator) as tx:
        units.create_unit(
            tx, code="YC-T02-V09", name="西塘桥村", kind=UnitKind.VILLAGE,
            parent_id=world.other_township.id,
        )  # fmt: skip
    browser = doors.browser(world.investigator)
    form = served(browser.get("/log")).form("/log")
    page = served(form.send(browser, {**LEAD, "where": "西塘桥村"}), 422)
    assert "上岩洲镇西塘桥村、松山乡西塘桥村" in page.words
    assert form.send(browser, {**LEAD, "where": "YC-T02-V09"}).status_code == 303


def test_hints_at_repeats_stand_beside_the_form_and_block_nothing(
    world: World, doors: Doors
) -> None:
    browser = doors.browser(world.investigator)
    log(browser, name="廖志安")
    form = served(browser.get("/log")).form("/log")
    page = served(form.send(browser, {**LEAD, "name": "廖志安", "look": "1"}))
    assert page.link("YC2018-0001").startswith("/matters/")
    assert page.form("/log").fields["name"] == ["廖志安"]
    assert log(browser, name="廖志安")


def test_hints_tell_of_nothing_that_the_writer_may_not_open(world: World, doors: Doors) -> None:
    log(doors.browser(world.investigator), name="廖志安")
    other = doors.browser(world.other_investigator)
    form = served(other.get("/log")).form("/log")
    page = served(form.send(other, {**LEAD, "name": "廖志安", "look": "1"}))
    assert "YC2018-0001" not in page.words
    hints = other.post(
        "/log/look-alikes",
        data={"where": "YC-T01-V01", "name": "廖志安", "csrf_token": form.fields["csrf_token"][0]},
    )
    assert hints.status_code == 200
    assert "YC2018" not in hints.text


def test_a_form_without_its_token_is_refused(world: World, doors: Doors) -> None:
    assert doors.browser(world.investigator).post("/log", data=dict(LEAD)).status_code == 403


def test_only_whoever_logs_gets_the_forms(world: World, doors: Doors) -> None:
    for who in (world.auditor, world.chief, world.keeper, world.administrator):
        assert doors.browser(who).get("/log").status_code == 403
    for who in (world.investigator, world.lead_manager, world.reporting_unit):
        assert doors.browser(who).get("/log/petition").status_code == 403


def test_a_reporting_unit_hands_in_a_lead_and_sees_how_far_it_is(
    world: World, doors: Doors
) -> None:
    browser = doors.browser(world.reporting_unit)
    address = log(browser, where="松山乡北湾村")
    page = served(browser.get(address))
    assert "submitted" in page.words
    assert "Hand over" not in page.links
    assert "YC2018-0001" in served(browser.get("/desk")).links
    # In whose hands it is, if in any, it doesn't say.
    assert "Held by Not shown to you" in page.words
    listed = served(browser.get("/leads")).words
    assert "Not shown to you" in listed
    assert "nobody yet" not in f"{listed}{page.words}".lower()


# Petitions ----------------------------------------------------------------------------------------


def petition(browser: Client, **typed: Typed) -> str:
    form = served(browser.get("/log/petition")).form("/log/petition")
    answer = form.send(browser, {**PETITION, **typed})
    assert answer.status_code == 303, served(answer, answer.status_code).words
    return str(answer.headers["location"].split("?")[0])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_petition_is_logged_and_registered(world: World, doors: Doors, language: str) -> None:
    browser = doors.browser(world.intake_officer, language=language)
    words = served(browser.get(petition(browser))).words
    assert "XF20180001" in words
    assert ("registered" if language == "en" else "已登记") in words


def test_who_reported_stands_on_no_page_and_in_no_event(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    browser = doors.browser(world.intake_officer)
    address = petition(browser, reporter_name="张三丰", reporter_contact="13800001234")
    for who in (world.intake_officer, world.petitions_head, world.lead_manager, world.chief):
        html = doors.browser(who).get(address).text
        assert "张三丰" not in html
        assert "13800001234" not in html
    found = owner.execute(
        "SELECT 1 FROM audit_event e LEFT JOIN audit_personal p ON p.event_id = e.id"
        " WHERE e.changes::text LIKE '%张三丰%' OR p.values::text LIKE '%张三丰%'"
    ).fetchall()
    assert found == []


def test_reading_who_reported_is_a_post_that_is_recorded(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    browser = doors.browser(world.intake_officer)
    address = petition(browser, reporter_name="张三丰", reporter_contact="13800001234")
    assert browser.get(f"{address}/reporter").status_code == 405
    page = served(served(browser.get(address)).form("/reporter").submit(browser))
    assert "张三丰" in page.words
    assert "13800001234" in page.words
    read = owner.execute(
        "SELECT actor_id FROM audit_event WHERE op = 'READ' AND table_name = 'reporter_identity'"
    ).fetchall()
    assert [row["actor_id"] for row in read] == [world.intake_officer.account_id]


def test_nobody_but_intake_is_offered_or_given_the_reporter(world: World, doors: Doors) -> None:
    browser = doors.browser(world.intake_officer)
    address = petition(browser, reporter_name="张三丰")
    token = served(browser.get(address)).form("/reporter").fields["csrf_token"][0]
    for who in (world.chief, world.lead_manager, world.auditor):
        other = doors.browser(who)
        assert "Read who reported" not in other.get(address).text
        assert other.post(f"{address}/reporter", data={"csrf_token": token}).status_code == 403


def test_a_contact_without_a_name_is_asked_about(world: World, doors: Doors) -> None:
    browser = doors.browser(world.intake_officer)
    form = served(browser.get("/log/petition")).form("/log/petition")
    page = served(form.send(browser, {**PETITION, "reporter_contact": "13800001234"}), 422)
    assert "A contact needs a name beside it." in page.words


def test_somebody_whom_a_higher_body_manages_is_not_logged(world: World, doors: Doors) -> None:
    browser = doors.browser(world.intake_officer)
    lead = served(browser.get("/log")).form("/log")
    typed = {**LEAD, "name": "某书记", "rank": "superior_managed"}
    page = served(lead.send(browser, typed), 409)
    assert "on paper, sealed" in page.words
    assert page.form("/log").fields["name"] == ["某书记"]


def test_a_petition_about_such_a_person_waits_to_be_sealed(world: World, doors: Doors) -> None:
    browser = doors.browser(world.intake_officer)
    address = petition(browser, name="某书记", rank="superior_managed")
    page = served(browser.get(address))
    assert "received" in page.words
    assert page.link("Seal and pass up") == f"{address}/act/seal"


def test_a_lead_takes_over_what_its_petition_says_but_never_who_reported(
    world: World, doors: Doors
) -> None:
    browser = doors.browser(world.intake_officer)
    address = petition(browser, reporter_name="张三丰")
    page = served(browser.get(served(browser.get(address)).link("Log a lead from it")))
    form = page.form("/log")
    assert form.fields["source"] == ["petition"]
    assert form.fields["where"] == ["上岩洲镇西塘桥村"]
    assert form.fields["what"] == [""]
    assert "张三丰" not in page.html
    followed(browser, form.send(browser, {"what": "危改补助未足额发放。"}))
    assert "Lead from this petition" in served(browser.get(address)).words


def test_a_logged_lead_has_its_history(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    page = served(doors.browser(world.investigator).get(f"/matters/{lead}"))
    assert "李志强: Log and submit the lead. Now: submitted." in page.words
