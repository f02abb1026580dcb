"""Versions of a field, any two side by side, and a correction read and signed like any request."""

from uuid import UUID

import pytest

from app.services import corrections, matters
from app.services.corrections import Said
from tests import build_matters
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import followed, served


def twice_corrected(world: World) -> UUID:
    lead = build_matters.log(world, world.investigator)
    for title in ("西塘桥村虚报造林二十五亩", "西塘桥村虚报造林三十五亩"):
        with world.open("matters.correct", world.investigator) as tx:
            said = Said(field="title", value=title, reason="与原件核对。")
            corrections.correct(tx, lead, said)
    return lead


def test_any_two_versions_stand_side_by_side_with_what_differs_said(
    world: World, doors: Doors
) -> None:
    lead = twice_corrected(world)
    browser = doors.browser(world.investigator)
    page = served(browser.get(f"/matters/{lead}"))
    page = served(browser.get(page.link("Versions")))
    assert "Version 2 西塘桥村虚报造林[differs: 二]十五亩 Version 3" in page.words
    page = served(browser.get(f"/matters/{lead}/fields/title?from=1&to=3"))
    assert "Version 1 西塘桥村虚报造林[differs: 面积]" in page.words
    assert "Choose two different versions." in served(
        browser.get(f"/matters/{lead}/fields/title?from=2&to=2")
    ).words  # fmt: skip


@pytest.mark.parametrize("asked", ["from=9&to=x", "from=-1", "from=99999999"])
def test_a_version_that_is_not_there_shows_the_last_two(
    world: World, doors: Doors, asked: str
) -> None:
    lead = twice_corrected(world)
    page = served(doors.browser(world.investigator).get(f"/matters/{lead}/fields/title?{asked}"))
    assert "[differs: 二]" in page.words


def test_a_field_that_is_not_there_and_a_matter_that_is_hidden_are_told_alike(
    world: World, doors: Doors
) -> None:
    lead = twice_corrected(world)
    browser = doors.browser(world.investigator)
    for address in ("fields/state", "fields/name", f"fields/name?of={lead}", "fields/name?of=x"):
        assert browser.get(f"/matters/{lead}/{address}").status_code == 404
    assert doors.browser(world.keeper).get(f"/matters/{lead}/fields/title").status_code == 404


def test_an_auditor_reads_when_it_was_corrected_and_not_what_it_said(
    world: World, doors: Doors
) -> None:
    lead = twice_corrected(world)
    words = served(doors.browser(world.auditor).get(f"/matters/{lead}/fields/title")).words
    assert "Former words are not shown to you." in words
    assert "二十五亩" not in words
    assert "与原件核对" not in words


def test_a_correction_is_read_and_signed_and_the_next_request_follows(
    world: World, doors: Doors
) -> None:
    first, second = (build_matters.verified(world) for _ in range(2))
    asked = []
    for lead in (first, second):
        with world.open("matters.ask_correction", world.investigator) as tx:
            said = Said(field="title", value="虚报", reason="抄录有误。")
            asked.append(corrections.ask(tx, lead, said).request_id)
    browser = doors.browser(world.department_head)
    page = served(browser.get(f"/requests/{asked[0]}"))
    assert "李志强 asks to correct title" in page.words
    assert "冯立新 signed “Verify” on 3 September." in page.words
    page = followed(browser, page.form("/sign").submit(browser, reason="同意更正。"))
    assert page.form("/sign").action == f"/requests/{asked[1]}/sign"
    for who in (world.deputy, world.chief):
        browser = doors.browser(who)
        page = served(browser.get(f"/requests/{asked[0]}"))
        reason = f"同意更正，{who.name}。"
        followed(browser, page.form("/sign").submit(browser, reason=reason))
    page = served(doors.browser(world.investigator).get(f"/matters/{first}"))
    assert "陈正平 gave the last signature: title is corrected." in page.words
    at = page.words.index("陈正平 gave the last signature: title is corrected.")
    assert "“同意更正，陈正平。”" in page.words[at : at + 120]
    assert "“抄录有误。”" not in page.words[at : at + 120]
    with world.open("read", world.chief) as tx:
        assert matters.open_matter(tx, first).head["title"] == "虚报"


@pytest.mark.parametrize("role", ["investigator", "auditor"])
def test_a_version_names_who_asked_for_it_not_who_signed_last(
    world: World, doors: Doors, role: str
) -> None:
    lead = build_matters.verified(world)
    with world.open("matters.ask_correction", world.investigator) as tx:
        done = corrections.ask(tx, lead, Said(field="title", value="虚报", reason="抄录有误。"))
    build_matters.sign_all(world, done)
    who = getattr(world, role)
    words = served(doors.browser(who).get(f"/matters/{lead}/fields/title")).words
    assert words.count("李志强, 3 September") >= 2
    assert world.chief.name not in words


@pytest.mark.parametrize(
    ("language", "field", "matter"),
    [
        (
            "en",
            "A correction of this field waits for signatures already.",
            "A correction of this matter waits for signatures already.",
        ),
        ("zh-CN", "此项已有更正正在签批。", "此事项已有一项更正正在签批。"),
    ],
)
def test_that_a_correction_waits_already_is_said_before_anything_is_written(
    world: World, doors: Doors, language: str, field: str, matter: str
) -> None:
    lead = build_matters.verified(world)
    browser = doors.browser(world.investigator, language=language)
    here = f"/matters/{lead}/corrections/new"
    free = served(browser.get(f"{here}?field=title"))
    assert matter not in free.words
    assert "value" in free.form("/corrections/new").fields
    with world.open("matters.ask_correction", world.investigator) as tx:
        said = Said(field="title", value="虚报", reason="抄录有误。")
        asked = corrections.ask(tx, lead, said).request_id
    listed = served(browser.get(here))
    assert matter in listed.words
    read = {"en": "Read the request", "zh-CN": "看请求"}[language]
    page = served(browser.get(f"{here}?field=title"))
    assert field in page.words
    assert page.link(read) == f"/requests/{asked}"
    assert not any(each.action.endswith("/corrections/new") for each in page.forms)
    other = served(browser.get(f"{here}?field=summary"))
    assert field not in other.words


def test_what_was_typed_stays_where_another_correction_came_first(
    world: World, doors: Doors
) -> None:
    lead = build_matters.verified(world)
    browser = doors.browser(world.investigator)
    form = served(browser.get(f"/matters/{lead}/corrections/new?field=title")).form("/new")
    with world.open("matters.ask_correction", world.other_investigator) as tx:
        said = Said(field="title", value="虚报", reason="抄录有误。")
        corrections.ask(tx, lead, said)
    form.fields["version"] = (
        served(browser.get(f"/matters/{lead}/notes/new")).form("/new").fields["version"]
    )
    page = served(form.submit(browser, value="虚报造林面积", reason="抄录。"), 409)
    assert page.form("/corrections/new").fields["value"] == ["虚报造林面积"]
