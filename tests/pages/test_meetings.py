"""Study meetings at their pages: drawn up, decided matter by matter, signed by two."""

import re
from datetime import timedelta

import pytest

from app.services import meetings
from tests import build_matters
from tests.build_matters import DAY
from tests.build_meetings import (
    closing,
    decide,
    held,
    meeting,
    of,
    put_on,
    read,
    record,
    sign,
    verifying,
)
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import followed, served

HERE = "/sign/meetings"


def test_a_meeting_is_drawn_up_decided_and_signed_at_its_pages(world: World, doors: Doors) -> None:
    lead, request = closing(world)
    recorder = doors.browser(world.lead_manager)
    page = served(recorder.get("/sign"))
    page = served(recorder.get(page.link("Study meetings")))
    assert "No study meeting yet." in page.words
    page = served(recorder.get(page.link("Draw up a meeting")))
    chair, present = str(world.deputy.account_id), [world.chief, world.investigator]
    page = followed(
        recorder,
        page.form("/new").submit(
            recorder, held_on="2018-09-03", chair_id=chair,
            present=[str(each.account_id) for each in present],
        ),
    )  # fmt: skip
    assert "The meeting is drawn up." in page.words
    assert "冯立新, who chairs" in page.words
    page = served(recorder.get(page.link("Put matters on the agenda")))
    page = followed(recorder, page.form("/agenda").submit(recorder, requests=str(request)))
    assert "No decision yet." in page.words
    page = served(recorder.get(page.link("Record the decision")))
    assert "checked" not in page.html.split("<main")[1].split("</main>")[0]
    form = next(form for form in page.forms if "/items/" in form.action)
    page = followed(recorder, form.submit(recorder, decision="sign", reason="一致同意了结。"))
    assert "Agreed: to be signed: “一致同意了结。”" in page.words
    page = served(recorder.get(page.link("Sign the minutes")))
    assert "You sign that these minutes say what the meeting decided." in page.words
    page = followed(recorder, page.form("/sign").submit(recorder))
    assert "You have signed the minutes." in page.words

    chairing = doors.browser(world.deputy)
    address = served(chairing.get(HERE)).link("2018-09-03")
    page = served(chairing.get(address))
    page = served(chairing.get(page.link("Read and sign the minutes")))
    assert "With your signature, 1 matter is signed by you" in page.words
    page = followed(chairing, page.form("/sign").submit(chairing))
    assert "Signed: the step is taken." in page.words
    assert build_matters.state(world, world.chief, lead) == "closed"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Decided in the study meeting of 3 September."),
        ("zh-CN", "经9月3日研判会决定。"),
    ],
)
def test_a_signature_of_a_meeting_says_so_wherever_it_is_shown(
    world: World, doors: Doors, language: str, said: str
) -> None:
    lead, request = closing(world)
    other, passed = verifying(world)
    third, returned = closing(world)
    found = meeting(world, request, passed, returned)
    for each, answer in ((request, "sign"), (passed, "sign"), (returned, "return")):
        decide(world, found, each, answer)
    record(world, found)
    sign(world, found)
    browser = doors.browser(world.chief, language=language)
    for address, times in (
        (f"/requests/{request}", 2),
        (f"/requests/{passed}", 2),
        (f"/matters/{lead}", 2),
        (f"/matters/{other}", 2),
        (f"/matters/{third}", 2),
    ):
        assert served(browser.get(address)).words.count(said) == times, address
    words = served(doors.browser(world.deputy, language="en").get("/sign/signed")).words
    assert words.count("signed in a study meeting") == 2
    assert words.count("returned in a study meeting") == 1
    answer = doors.api(world.chief).get(f"/api/v1/requests/{request}").json()
    assert answer["signatures"][0]["meeting_id"] == str(found)


def test_a_matter_and_its_request_say_that_they_stand_on_an_agenda(
    world: World, doors: Doors
) -> None:
    lead, request = closing(world)
    said = "It stands on the agenda of the study meeting of 3 September, chaired by 冯立新."
    browser = doors.browser(world.chief, language="en")
    assert said not in served(browser.get(f"/matters/{lead}")).words
    found = meeting(world, request)
    for address in (f"/matters/{lead}", f"/requests/{request}"):
        page = served(browser.get(address))
        assert page.link(said) == f"{HERE}/{found}"
    decide(world, found, request)
    record(world, found)
    sign(world, found)
    assert said not in served(browser.get(f"/matters/{lead}")).words


def test_what_became_of_each_matter_stands_on_the_page_and_on_paper(
    world: World, doors: Doors
) -> None:
    _lead, request = closing(world)
    found = held(world, request)
    browser = doors.browser(world.chief, language="en")
    page = served(browser.get(f"{HERE}/{found}"))
    assert "signed by recorder and chair" in page.words
    assert "Signed: the step is taken." in page.words
    assert not [form for form in page.forms if found.hex in form.action.replace("-", "")]
    page = served(browser.get(page.link("Print as PDF")))
    answer = page.form("/print").submit(browser)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_what_keeps_the_chair_from_signing_is_said_beforehand(world: World, doors: Doors) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    with world.open("meetings.change", world.lead_manager) as tx:
        it = meetings.read(tx, found)
        meetings.change(
            tx, found, held_on=it.head["held_on"], chair_id=world.chief.account_id,
            present=[world.deputy.account_id, world.investigator.account_id],
            seen_version=it.head["version"],
        )  # fmt: skip
    browser = doors.browser(world.lead_manager, language="en")
    lacking = "The chair doesn't hold the role that signs this now."
    page = served(browser.get(f"{HERE}/{found}"))
    assert lacking in page.words
    page = served(browser.get(page.link("Record the decision")))
    form = next(form for form in page.forms if "/items/" in form.action)
    answer = form.submit(browser, decision="sign", reason="同意。")
    page = served(answer, 409)
    assert "Nothing was changed" in page.words
    assert page.words.count(lacking) == 2
    assert "同意。" in page.html


def test_minutes_that_wait_stand_on_the_desk_and_among_what_is_to_be_signed(
    world: World, doors: Doors
) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    recorder, chair = (doors.browser(who) for who in (world.lead_manager, world.deputy))
    for address in ("/desk", "/sign"):
        page = served(recorder.get(address))
        assert "Study meeting of 3 September 1 matter has no decision yet." in page.words
        assert page.link("Record what it decided") == f"{HERE}/{found}"
        assert "Minutes of study meetings" not in served(chair.get(address)).words
    decide(world, found, request)
    for address in ("/desk", "/sign"):
        page = served(recorder.get(address))
        assert page.link("Sign the minutes") == f"{HERE}/{found}/sign"
    record(world, found)
    for address in ("/desk", "/sign"):
        page = served(chair.get(address))
        assert page.link("Read and sign the minutes") == f"{HERE}/{found}/sign"
        assert "赵敏 has signed as the recorder. 1 matter" in page.words
        assert "Minutes of study meetings" not in served(recorder.get(address)).words


def test_what_is_missing_before_the_minutes_are_signed_is_said(world: World, doors: Doors) -> None:
    _lead, request = closing(world)
    found = meeting(world, request, present=[world.chief], day=DAY.replace(day=4))
    browser = doors.browser(world.lead_manager)
    page = served(browser.get(f"{HERE}/{found}"))
    assert "Who is there: 2, the chair among them and the recorder apart." in page.words
    assert "Sign the minutes Not yet The day of the meeting hasn't come yet." in page.words
    assert "has no decision yet: decide on it, or pull it." in page.words
    assert "Record the decision" not in page.links
    world.clock.set(DAY.replace(day=4))
    page = served(browser.get(f"{HERE}/{found}"))
    assert "The day of the meeting hasn't come yet." not in page.words
    assert page.link("Record the decision")


def test_meetings_come_in_parts_the_newest_first(world: World, doors: Doors) -> None:
    world.clock.set(DAY)
    days = [DAY + timedelta(days=n) for n in range(51)]
    for day in days:
        meeting(world, day=day)
    browser = doors.browser(world.lead_manager)
    first = served(browser.get(HERE))
    assert str(days[-1]) in first.links
    assert str(days[0]) not in first.links
    second = served(browser.get(first.link("Next page ›")))
    assert str(days[0]) in second.links
    assert str(days[-1]) not in second.links
    api = doors.api(world.lead_manager)
    part = api.get("/api/v1/meetings?limit=50").json()
    rest = api.get("/api/v1/meetings", params={"limit": 50, "cursor": part["next"]}).json()
    assert [row["held_on"] for row in rest["items"]] == [str(days[0])]


def test_what_a_decision_lacks_is_said_at_once(world: World, doors: Doors) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    browser = doors.browser(world.lead_manager)
    page = served(browser.get(f"{HERE}/{found}"))
    page = served(browser.get(page.link("Record the decision")))
    form = next(form for form in page.forms if "/items/" in form.action)
    refused = served(form.submit(browser), 422)
    assert "Choose one of those listed." in refused.words
    assert "Say why." in refused.words


def test_only_where_there_are_two_answers_neither_is_said_to_be_preselected(
    world: World, doors: Doors
) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    decide(world, found, request)
    said = "Neither is preselected"
    assert said not in served(doors.browser(world.lead_manager).get(f"{HERE}/{found}/sign")).words
    record(world, found)
    assert said in served(doors.browser(world.deputy).get(f"{HERE}/{found}/sign")).words


def test_a_second_window_signs_nothing(world: World, doors: Doors) -> None:
    _lead, request = verifying(world)
    found = meeting(world, request)
    decide(world, found, request)
    record(world, found)
    browser = doors.browser(world.deputy, language="en")
    form, second = (served(browser.get(f"{HERE}/{found}/sign")).form("/sign") for _ in range(2))
    followed(browser, form.submit(browser))
    page = served(second.submit(browser), 409)
    assert "The minutes are signed: nothing in them changes any more." in page.words
    place = of(read(world, world.deputy, found), request)
    assert place.row["result"] == "passed_on"


def test_a_matter_is_pulled_with_a_reason(world: World, doors: Doors) -> None:
    _lead, request = closing(world)
    _other, following = closing(world)
    found = meeting(world, request, following)
    for each in (request, following):
        decide(world, found, each)
    record(world, found)
    browser = doors.browser(world.deputy, language="en")
    page = served(browser.get(served(browser.get(f"{HERE}/{found}")).link("Pull it")))
    assert "The recorder has signed the minutes already" in page.words
    page = served(page.form("/pull").submit(browser), 422)
    assert "Say why." in page.words
    page = followed(browser, page.form("/pull").submit(browser, reason="材料未齐。"))
    assert "Pulled by 冯立新: “材料未齐。”" in page.words
    assert "the recorder has not signed yet" in page.words
    put_on(world, meeting(world), request)


def test_who_is_no_part_of_a_meeting_finds_nothing(world: World, doors: Doors) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    for who in (world.finance, world.other_investigator, world.auditor):
        assert doors.browser(who).get(f"{HERE}/{found}").status_code == 404
        assert str(found) not in doors.browser(who).get(HERE).text
    for who, status in ((world.chief, 403), (world.finance, 404)):
        browser = doors.browser(who)
        token = served(browser.get("/me")).form("/me/password").fields["csrf_token"][0]
        sent = {"csrf_token": token, "version": "2"}
        answer = browser.post(f"{HERE}/{found}/sign", data=sent)
        assert answer.status_code == status, who.role


def parts(html: str) -> list[tuple[str, bool]]:
    """Each group of those who could be there, and whether it stands open."""
    found = re.findall(r'<details class="picks-of"( open)?><summary>([^<]+)<span', html)
    return [(name.strip(), bool(stands)) for stands, name in found]


def test_who_could_be_there_stands_unit_by_unit_with_the_usual_ones_and_the_own_office_first(
    world: World, doors: Doors
) -> None:
    browser = doors.browser(world.lead_manager)
    new = served(browser.get(f"{HERE}/new"))
    office = parts(new.html)[0]
    assert office[1]
    assert "At the last meetings" not in new.words
    _, request = closing(world)
    found = meeting(world, request)
    page = served(browser.get(f"{HERE}/new"))
    names = parts(page.html)
    assert names[:2] == [("At the last meetings", True), office]
    assert not any(stands for _, stands in names[2:])
    assert len({name for name, _ in names}) == len(names)
    there = served(browser.get(f"{HERE}/{found}/change"))
    ticked = sum(int(each) for each in re.findall(r"(\d+) of \d+ ticked", there.words))
    assert ticked == len(there.form("/change").fields["present"])
    form = page.form("/new")
    assert len(set(form.choices["present"])) == len(form.choices["present"])


def test_one_set_of_minutes_is_one_on_the_desk(world: World, doors: Doors) -> None:
    desks = [doors.browser(world.deputy, language=each) for each in ("en", "zh-CN")]
    for count in ("1 set of minutes to see to", "2 sets of minutes to see to"):
        _, request = closing(world)
        found = meeting(world, request)
        decide(world, found, request)
        record(world, found)
        assert count in served(desks[0].get("/desk")).words
    assert "待办纪要2份" in served(desks[1].get("/desk")).words
