"""A signature on paper on the pages: entered with a picture, compared, objected to, decided."""

import re
from uuid import UUID

import httpx
import pytest

from tests.build_matters import DAY, state
from tests.build_paper_signatures import answer, asked, compare, decide, enter, look, proposed
from tests.build_papers import photo
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import Form, Served, followed, served


def page(doors: Doors, who: Someone, address: str, language: str = "en") -> Served:
    return served(doors.browser(who, language=language).get(address))


def sent(browser: Client, form: Form, **typed: str) -> httpx.Response:
    """With a picture, as a phone takes it."""
    fields = form.values(dict(typed))
    for name in ("file", "picture"):
        fields.pop(name, None)
    files = {"picture": ("IMG_0007.jpg", photo(), "image/jpeg")}
    return browser.post(form.action, data=fields, files=files)


def opened_scan(browser: Client, shown: Served) -> None:
    """As a browser does, which fetches what stands in a frame."""
    (frame,) = re.findall(r'<iframe[^>]* src="([^"]+)"', shown.html)
    assert browser.get(frame).status_code == 200


def one(lead: UUID, entry: UUID) -> str:
    return f"/matters/{lead}/paper-signatures/{entry}"


def test_a_request_leads_to_the_form_and_a_picture_is_enough(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    browser = doors.browser(world.department_head)
    shown = served(browser.get(f"/requests/{request}"))
    form = served(browser.get(shown.link("Enter a signature given on paper"))).form(
        "/paper-signatures"
    )
    done = followed(
        browser,
        sent(
            browser, form, signer_id=str(world.chief.account_id), verdict="sign",
            reason="同意初核。", signed_on=DAY.isoformat(),
        ),
    )  # fmt: skip
    assert "Entered. It stands once a colleague has seen the scan." in done.words
    assert "王振华 entered a signature given on paper." in done.words
    assert state(world, world.deputy, lead) == "disposal_proposed"
    shown = served(browser.get(f"/requests/{request}"))
    assert shown.link("A signature on paper in the name of 陈正平 waits to be compared")


def test_what_is_missing_is_said_beside_each_field_and_nothing_typed_is_lost(
    world: World, doors: Doors
) -> None:
    lead, _ = asked(world)
    browser = doors.browser(world.department_head)
    form = served(browser.get(f"/matters/{lead}/paper-signatures")).form("/paper-signatures")
    answered = form.submit(browser, reason="同意。")
    refused = served(answered, 422)
    for missing in (
        "Choose a file, or take a picture.",
        "Choose one of those listed.",
        "The day that stands on the paper.",
    ):
        assert missing in refused.words
    answered = sent(
        browser, form, signer_id=str(world.chief.account_id), verdict="sign", reason="同意。",
        signed_on="2018-09-01",
    )  # fmt: skip
    refused = served(answered, 422)
    assert "It was signed before it was asked for." in refused.words
    assert refused.form("/paper-signatures").fields["reason"] == ["同意。"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Does the scan show", "It waits for a second person", "同意初核。")),
        ("zh-CN", ("扫描件是否为此人对本请求的签批", "等待第二人核对扫描件", "同意初核。")),
    ],
)
def test_whoever_compares_sees_the_scan_beside_what_was_entered(
    world: World, doors: Doors, language: str, said: tuple[str, ...]
) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    shown = page(doors, world.lead_manager, one(lead, entry), language)
    for text in said:
        assert text in shown.words
    assert "<iframe" in shown.html
    assert {form.action.rpartition("/")[2] for form in shown.forms} >= {"matches", "differs"}


def test_whoever_entered_it_finds_no_way_to_compare_it(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    shown = page(doors, world.department_head, one(lead, entry))
    assert "You entered this: somebody else compares it." in shown.words
    acts = {form.action.rpartition("/")[2] for form in shown.forms}
    assert "withdraw" in acts
    assert not acts & {"matches", "differs", "mine", "object", "uphold", "set-aside"}


def test_until_the_scan_was_opened_comparing_is_refused_with_a_link_to_it(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    browser = doors.browser(world.lead_manager)
    shown = served(browser.get(one(lead, entry)))
    for form, typed in (("/matches", {}), ("/differs", {"remark": "签名不符。"})):
        refused = served(shown.form(form).submit(browser, **typed), 409)
        assert "Open the scan first: you haven't since it was entered." in refused.words
    assert state(world, world.deputy, lead) == "disposal_proposed"
    opened_scan(browser, refused)
    again = served(browser.get(one(lead, entry)))
    assert "Open the scan" not in again.links
    followed(browser, again.form("/matches").submit(browser))
    assert state(world, world.deputy, lead) == "verifying"


def test_until_it_is_compared_the_matter_says_what_waits_on_paper(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    said = "On paper in the name of 陈正平, entered by 王振华 on 3 September, not compared yet."
    for who, address in (
        (world.investigator, f"/matters/{lead}"),
        (world.chief, f"/requests/{request}"),
    ):
        assert said in page(doors, who, address).words
    mine = page(doors, world.chief, one(lead, entry)).words
    assert "Once somebody has compared it you are told, and say here whether it is yours." in mine
    compare(world, entry)
    assert "not compared yet" not in page(doors, world.investigator, f"/matters/{lead}").words


def test_while_an_objection_waits_no_next_step_is_named(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    compare(world, entry)
    answer(world, entry, mine=False)
    words = page(doors, world.investigator, f"/matters/{lead}").words
    assert (
        "Next step First an objection is decided: 陈正平 says that a signature on paper isn’t"
        " theirs" in words
    )
    decide(world, entry, stands=False, by=world.deputy)
    words = page(doors, world.investigator, f"/matters/{lead}").words
    assert "First an objection is decided" not in words


def test_once_it_matches_the_matter_moves_and_says_how(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    browser = doors.browser(world.lead_manager)
    desk = served(browser.get("/desk"))
    shown = served(browser.get(desk.link("Compare")))
    opened_scan(browser, shown)
    done = followed(browser, shown.form("/matches").submit(browser))
    assert "Compared. The signature stands, and its signer is told." in done.words
    for text in (
        "Signed on paper; entered by 王振华, compared by 赵敏.",
        "Its signer has not answered yet.",
        "陈正平 gave the last signature, on paper: Verify. 赵敏 compared it. Now: verifying.",
    ):
        assert text in done.words
    assert state(world, world.deputy, lead) == "verifying"
    assert entry


def test_a_second_comparison_is_refused_on_the_same_page(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(one(lead, entry))).form("/differs")
    compare(world, entry)
    answered = form.submit(browser, remark="签名不符。")
    assert "This has been compared already." in served(answered, 409).words


def test_the_signer_finds_it_on_the_desk_and_objects_with_a_reason(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    compare(world, enter(world, request))
    browser = doors.browser(world.chief)
    desk = served(browser.get("/desk"))
    assert "Signed in your name on paper" in desk.words
    shown = served(browser.get(desk.link("Look at it")))
    refused = served(shown.form("/object").submit(browser), 422)
    assert "Say why." in refused.words
    done = followed(browser, shown.form("/object").submit(browser, objection="我没有签过。"))
    assert "Nothing moves there until your objection is decided." in done.words
    assert "Its signer objects: it isn't theirs." in done.words
    assert "“我没有签过。”" in done.words
    step = page(doors, world.investigator, f"/matters/{lead}")
    assert "Somebody objects to a signature on paper in their name" in step.words


def test_whoever_heads_the_matter_decides_from_the_desk(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    compare(world, entry)
    answer(world, entry, mine=False)
    browser = doors.browser(world.deputy)
    desk = served(browser.get("/desk"))
    assert "Objections to signatures on paper" in desk.words
    shown = served(browser.get(desk.link("Decide")))
    assert "The step is taken back: the matter stands where it stood before" in shown.words
    acts = {form.action.rpartition("/")[2] for form in shown.forms}
    assert "uphold" not in acts  # against the chief's word the deputy can't
    done = followed(browser, shown.form("/set-aside").submit(browser, reason="非本人签名。"))
    assert "Decided: it is set aside." in done.words
    assert "冯立新 set it aside on 3 September." in done.words
    assert "Take back a step signed on paper" in done.words
    assert state(world, world.deputy, lead) == "disposal_proposed"


def test_of_a_request_that_was_returned_on_paper_setting_aside_says_that_it_stays_returned(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    entry = enter(world, request, verdict="return")
    compare(world, entry)
    answer(world, entry, mine=False)
    shown = page(doors, world.deputy, one(lead, entry))
    assert "The request is back with whoever asked, and stays there" in shown.words
    assert "moved on" not in shown.words
    decide(world, entry, stands=False, by=world.deputy)
    assert state(world, world.deputy, lead) == "disposal_proposed"


def test_what_i_signed_tells_paper_from_my_own_hand(world: World, doors: Doors) -> None:
    _, request = asked(world)
    compare(world, enter(world, request))
    shown = page(doors, world.chief, "/sign/signed")
    assert "signed on paper" in shown.words
    assert "0 by your own hand, 1 on paper." in shown.words


def test_another_matters_entry_is_not_found_under_this_one(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    other = proposed(world)
    assert doors.browser(world.lead_manager).get(one(other, entry)).status_code == 404
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(one(lead, entry))).form("/matches")
    look(world, entry)
    moved = browser.post(one(other, entry) + "/matches", data=form.fields)
    assert moved.status_code == 404


def test_the_print_of_a_request_says_what_was_signed_on_paper(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    entry = enter(world, request)
    compare(world, entry)
    answer(world, entry, mine=False)
    decide(world, entry, stands=False, by=world.deputy)
    for address in (f"/requests/{request}", f"/matters/{lead}"):
        told = page(doors, world.department_head, address).words
        assert "approved on paper, and set aside" in told
    shown = page(doors, world.department_head, f"/requests/{request}")
    assert "on paper" in shown.words
    assert "陈正平 (chief): a signature on paper that was set aside" in shown.words
