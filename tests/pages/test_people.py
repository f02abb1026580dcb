"""The register of persons by its pages: what it holds, what it asks, and what it says of people."""

from itertools import product

import pytest

from app.domain.name_order import NameOrder, key
from app.domain.profile import builtin_profile
from app.services.openings import Reported
from tests import build_cases
from tests.build_matters import DAY, act, log, people, sign_all, verified
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import Served, followed, served


def person_of(doors: Doors, who: Someone, name: str) -> str:
    """The address of somebody's page, found as one finds them."""
    browser = doors.browser(who)
    return served(browser.get(f"/people?name={name}")).link(name)


def opened(browser: Client, address: str) -> Served:
    """A person's file, for a reason."""
    first = browser.get(address)
    if first.status_code == 200:
        return served(first)
    asked = served(first, 403)
    return followed(browser, asked.form("/open").submit(browser, reason="核对登记信息。"))


def shown(doors: Doors, who: Someone, address: str, language: str = "en") -> Served:
    return opened(doors.browser(who, language=language), address)


def test_a_person_is_found_by_how_the_name_begins(world: World, doors: Doors) -> None:
    log(world, world.investigator, Reported(name="梁启元", position="村主任"))
    log(world, world.investigator, Reported(name="周大海", position="村会计"))
    browser = doors.browser(world.investigator)
    page = served(browser.get("/people"))
    assert "梁启元" in page.words
    assert "周大海" in page.words
    page = served(browser.get(f"{page.form('/people').action}?name=梁"))
    assert "梁启元 村主任" in page.words
    assert "周大海" not in page.words


@pytest.mark.parametrize(
    ("language", "outcome", "weight"),
    [
        ("en", "not borne out", "What was not borne out, or cleared, counts exactly as that."),
        ("zh-CN", "查否", "查否、已澄清的，就按查否、已澄清对待。"),
    ],
)
def test_a_persons_page_says_unfounded_as_plainly_as_anything_else(
    world: World, doors: Doors, language: str, outcome: str, weight: str
) -> None:
    cleared = verified(world, Reported(name="赵明", position="村支书", member=True))
    sign_all(
        world,
        act(
            world, world.investigator, cleared, "report_verification",
            allegations="反映虚报面积。", findings="面积属实，补贴未多领。", proposal="建议了结。",
        ),
    )  # fmt: skip
    sign_all(
        world,
        act(
            world, world.department_head, cleared, "conclude", basis="无证据支持。",
            outcomes=[{"subject": people(world, cleared)["赵明"], "measure": "unfounded"}],
        ),
    )  # fmt: skip
    address = person_of(doors, world.chief, "赵明")
    page = shown(doors, world.chief, address, language)
    assert outcome in page.words
    assert weight in page.words


def test_a_person_has_no_finding_until_something_is_decided(world: World, doors: Doors) -> None:
    case = build_cases.investigated(
        world, Reported(name="梁启元", member=True, public_employee=True)
    )
    build_cases.heard(world, case)
    build_cases.adjudicated(world, case)
    address = person_of(doors, world.chief, "梁启元")
    assert "no finding yet" in shown(doors, world.chief, address).words
    build_cases.decided(world, case)
    assert "Party warning: not yet in effect" in shown(doors, world.chief, address).words
    assert "党内警告" in (chinese := shown(doors, world.chief, address, "zh-CN").words)
    assert "尚未生效" in chinese
    build_cases.served(world, case)
    effective = shown(doors, world.chief, address).words
    assert "Party warning" in effective
    assert "not yet in effect" not in effective


def test_what_the_standard_register_asks_is_completed_on_the_persons_page(
    world: World, doors: Doors
) -> None:
    log(world, world.investigator, Reported(name="梁启元"))
    address = person_of(doors, world.lead_manager, "梁启元")
    browser = doors.browser(world.lead_manager)
    opened(browser, address)
    form = served(browser.get(f"{address}/change")).form("/change")
    again = form.submit(browser, born="1966.7", ethnicity="满族")
    assert "A year and a month, such as 1966-07." in served(again, 422).words
    assert 'value="满族"' in again.text
    page = followed(
        browser,
        form.submit(
            browser,
            rank="village_staff", male="yes", born="1966-07", ethnicity="满族",
            joined_party="1990-06", education="高中",
        ),
    )  # fmt: skip
    for said in ("Born: 1966-07", "Sex: male", "Ethnicity: 满族", "Joined the Party in: 1990-06",
                 "Education: 高中"):  # fmt: skip
        assert said in page.words


def test_who_has_an_identity_number_is_not_asked_for_what_it_tells(
    world: World, doors: Doors
) -> None:
    client = doors.api(world.lead_manager)
    made = client.post(
        "/api/v1/people", json={"name": "甲某", "id_number": "990101197503120016"}
    ).json()
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(f"/people/{made['id']}/change")).form("/change")
    assert not {"male", "born"} & {*form.fields, *form.choices}
    page = followed(browser, form.submit(browser, education="高中"))
    assert "Education: 高中" in page.words
    assert "1975" not in page.words


def test_ranks_are_offered_in_the_order_of_the_profile(world: World, doors: Doors) -> None:
    log(world, world.investigator, Reported(name="梁启元"))
    address = person_of(doors, world.lead_manager, "梁启元")
    browser = doors.browser(world.lead_manager)
    opened(browser, address)
    page = served(browser.get(f"{address}/change"))
    offered = [each for each in page.form("/change").choices["rank"] if each]
    assert offered == list(builtin_profile("cn-discipline").ranks)


def test_whoever_only_reads_the_register_changes_nothing(world: World, doors: Doors) -> None:
    log(world, world.investigator, Reported(name="梁启元"))
    address = person_of(doors, world.chief, "梁启元")
    auditor = doors.browser(world.auditor)
    served(auditor.get(f"{address}/change"), 403)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_the_register_of_cases_asks_stands_at_the_person(
    world: World, doors: Doors, language: str
) -> None:
    words = {
        "en": ("Complete the register", "told of it unasked",
               "completed what the register asks of a person."),
        "zh-CN": ("补充登记信息", "主动交代", "补充了登记表要求的人员信息。"),
    }  # fmt: skip
    link, told, noted = words[language]
    case = build_cases.investigated(world, Reported(name="梁启元", member=True))
    browser = doors.browser(world.investigator, language=language)
    page = served(browser.get(f"/matters/{case}"))
    form = served(browser.get(page.link(link))).form("/people/register")
    chosen = people(world, case)["梁启元"]
    page = followed(
        browser,
        form.submit(browser, involvement_id=chosen, eight_rules="no", confessed="yes"),
    )
    assert told in page.words
    assert noted in page.words
    begun = served(browser.get(f"/matters/{case}/people/register?of={chosen}"))
    assert begun.form("/people/register").fields["confessed"] == ["yes"]


def test_the_register_of_cases_is_completed_over_the_api_too(world: World, doors: Doors) -> None:
    case = build_cases.investigated(world, Reported(name="梁启元", member=True))
    client = doors.api(world.investigator)
    read = client.get(f"/api/v1/matters/{case}")
    who = read.json()["people"][0]["id"]
    changed = client.patch(
        f"/api/v1/matters/{case}/people/{who}",
        json={"eight_rules": True},
        headers={"If-Match": read.headers["ETag"]},
    )
    assert changed.status_code == 200
    [person] = changed.json()["people"]
    assert (person["eight_rules"], person["confessed"]) == (True, None)
    lead = log(world, world.investigator, day=DAY)
    read = client.get(f"/api/v1/matters/{lead}")
    who = read.json()["people"][0]["id"]
    refused = client.patch(
        f"/api/v1/matters/{lead}/people/{who}",
        json={"eight_rules": True},
        headers={"If-Match": read.headers["ETag"]},
    )
    assert refused.status_code == 409


def test_the_register_stands_by_pinyin_or_by_strokes_of_the_surname(
    world: World, doors: Doors
) -> None:
    for name in ("单建国", "丁一", "曾国平", "安民", "魏和"):
        log(world, world.investigator, Reported(name=name))
    browser = doors.browser(world.investigator)

    def names(page: Served) -> list[str]:
        return [words for words, href in page.links.items() if href.startswith("/people/")]

    page = served(browser.get("/people"))
    assert names(page) == ["安民", "丁一", "单建国", "魏和", "曾国平"]
    page = served(browser.get(page.link("By strokes of the surname")))
    assert names(page) == ["丁一", "安民", "单建国", "曾国平", "魏和"]
    found = served(browser.get(page.form("/people").action + "?order=strokes&name=单"))
    assert names(found) == ["单建国"]
    assert found.form("/people").fields["order"] == ["strokes"]


def test_the_register_goes_on_where_it_ended_in_either_order(world: World, doors: Doors) -> None:
    for surname, given in product("丁安白曹魏", "一二三四五六七八九十甲乙"):
        log(world, world.investigator, Reported(name=surname + given))
    browser = doors.browser(world.investigator)
    for order in NameOrder:
        found, address = [], f"/people?order={order}"
        while address:
            page = served(browser.get(address))
            found += [words for words, href in page.links.items() if href.startswith("/people/")]
            address = page.links.get("Next page ›", "")
        assert len(found) == 60
        assert found == sorted(found, key=lambda name: key(name, order))


def test_a_unit_s_page_shows_what_lies_right_below_it_and_folds_the_rest(
    world: World, doors: Doors
) -> None:
    """A district's whole tree would be fifteen screens long."""
    browser = doors.browser(world.investigator)
    assert "<details open>" in served(browser.get("/units")).html
    page = served(browser.get(f"/units/{world.district.id}"))
    assert "<details>" in page.html
    assert "<details open>" not in page.html
