"""The door: signing in and out, one's own password, a link that works once, the demo's day."""

from datetime import timedelta

import httpx
import psycopg
import pytest
from anyio.from_thread import BlockingPortal
from psycopg.rows import DictRow

from app.core.settings import Settings
from app.main import create_app
from app.repositories.work import Office
from app.routers.cookies import SESSION as COOKIE
from app.services.demo_door import Card, DemoDoor
from tests.builders import PASSWORD, World
from tests.clients import Client, Doors
from tests.conftest import Databases
from tests.pages.served import served

NEW = "  a new one, with spaces  "


def _signed_in(browser: Client, name: str, password: str) -> httpx.Response:
    form = served(browser.get("/sign-in")).form("/sign-in")
    return form.submit(browser, name=name, password=password)


def _cookie(answer: httpx.Response) -> str:
    found = [each for each in answer.headers.get_list("set-cookie") if COOKIE + "=" in each]
    assert len(found) == 1, answer.headers
    return found[0]


def _browser_with(doors: Doors, answer: httpx.Response) -> Client:
    browser = doors.browser()
    browser.cookies.set(COOKIE, _cookie(answer).partition(";")[0].partition("=")[2])
    return browser


@pytest.fixture
def empty_doors(portal: BlockingPortal, empty_office: Office) -> Doors:
    return Doors(portal, create_app(empty_office, Settings()), empty_office.keys)


def test_signing_in_opens_the_desk_and_signing_out_closes_it(world: World, doors: Doors) -> None:
    answer = _signed_in(doors.browser(), "chief", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    browser = _browser_with(doors, answer)
    page = served(browser.get("/desk"))
    assert world.chief.name in page.words
    out = page.form("/sign-out").submit(browser)
    assert out.headers["location"] == "/sign-in"
    assert "Max-Age=0" in _cookie(out)
    assert doors.browser().get("/desk").status_code == 303
    assert browser.get("/desk").status_code == 303  # whoever kept the cookie, too


def test_the_cookie_is_for_our_own_pages_and_no_script(
    portal: BlockingPortal, office: Office, world: World, doors: Doors
) -> None:
    def attributes(cookie: str) -> set[str]:
        return {each.strip() for each in cookie.split(";")[1:]}

    plain = _cookie(_signed_in(doors.browser(), "chief", PASSWORD))
    assert attributes(plain) == {"Path=/", "HttpOnly", "SameSite=Strict"}
    https = create_app(office, Settings(address="https://plumbline.example"))
    secure = _signed_in(Doors(portal, https, office.keys).browser(), "chief", PASSWORD)
    assert attributes(_cookie(secure)) == {"Path=/", "HttpOnly", "SameSite=Strict", "Secure"}
    assert secure.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_wrong_password_is_said_beside_the_name_and_keeps_it(
    world: World, doors: Doors, language: str
) -> None:
    answer = _signed_in(doors.browser(language=language), "chief", "wrong wrong")
    assert answer.status_code == 401
    page = served(answer, 401)
    said = {"en": "This name and password don't go together.", "zh-CN": "登录名和密码不匹配。"}
    assert said[language] in page.words
    assert page.form("/sign-in").fields["name"] == ["chief"]
    assert page.form("/sign-in").fields["password"] == [""]
    assert COOKIE not in str(answer.headers.get_list("set-cookie"))


def test_people_change_their_own_password_by_the_page_that_their_name_leads_to(
    world: World, doors: Doors
) -> None:
    browser = doors.browser(world.keeper)
    desk = browser.get("/desk").text
    assert '<a class="me" href="/me">' in desk
    form = served(browser.get("/me")).form("/me/password")
    wrong = form.submit(browser, old="wrong wrong", password=NEW, again=NEW)
    assert "This isn't your present password." in served(wrong, 422).words
    unlike = form.submit(browser, old=PASSWORD, password=NEW, again=NEW.strip())
    assert "The two passwords are not the same." in served(unlike, 422).words
    short = form.submit(browser, old=PASSWORD, password="short", again="short")
    assert "at least 15 characters" in served(short, 422).words
    done = form.submit(browser, old=PASSWORD, password=NEW, again=NEW)
    assert done.headers["location"] == "/me?done=1"
    assert "Your password was changed." in served(browser.get("/me?done=1")).words
    assert _signed_in(doors.browser(), "keeper", PASSWORD).status_code == 401
    assert _signed_in(doors.browser(), "keeper", NEW).status_code == 303


def test_an_administrator_hands_over_a_link_that_sets_a_password_once(
    world: World, doors: Doors
) -> None:
    browser = doors.browser(world.administrator)
    account = f"/admin/accounts/{world.finance.account_id}"
    made = served(served(browser.get(account)).form("/link").submit(browser))
    address = next(word for word in made.words.split() if "/password/" in word)
    path = httpx.URL(address).path
    anybody = doors.browser()
    page = served(anybody.get(path))
    assert "finance" in page.words
    form = page.form(path)
    assert "not the same" in served(form.submit(anybody, password=NEW, again="x"), 422).words
    assert form.submit(anybody, password=NEW, again=NEW).headers["location"] == "/sign-in"
    again = form.submit(anybody, password=PASSWORD, again=PASSWORD)
    assert again.status_code == 404
    assert "This link was used already" in again.text
    assert anybody.get(path).status_code == 404
    assert _signed_in(doors.browser(), "finance", NEW).status_code == 303


def test_a_newer_link_ends_the_older_one(world: World, doors: Doors) -> None:
    browser = doors.browser(world.administrator)
    page = served(browser.get(f"/admin/accounts/{world.finance.account_id}"))
    paths = []
    for _ in range(2):
        made = served(page.form("/link").submit(browser))
        address = next(word for word in made.words.split() if "/password/" in word)
        paths.append(httpx.URL(address).path)
    assert [doors.browser().get(path).status_code for path in paths] == [404, 200]


@pytest.mark.parametrize("field", ["clearance", "locale"])
def test_a_choice_that_nobody_offered_is_refused(world: World, doors: Doors, field: str) -> None:
    browser = doors.browser(world.administrator)
    form = served(browser.get("/admin/accounts/new")).form("/accounts/new")
    sent = form.values({"login": "new.person", "name": "新人"}) | {field: ["x"]}
    answer = browser.post("/admin/accounts/new", data=sent)
    assert "Choose one." in served(answer, 422).words


def test_an_empty_installation_opens_on_its_first_steps(
    empty_doors: Doors, databases: Databases
) -> None:
    browser = empty_doors.browser()
    door = served(browser.get("/sign-in"))
    assert "First steps" in door.words
    assert "secrets/operator" in door.words
    password = (databases.secrets / "operator").read_text(encoding="ascii").strip()
    browser = _browser_with(empty_doors, _signed_in(browser, "operator", password))
    page = served(browser.get("/desk"))
    assert "First steps" in page.words
    assert page.words.count("done") == 0
    for words, address in (
        ("Enter the units: district, townships, villages, offices", "/units"),
        ("Make accounts, and give each its roles", "/admin"),
        ("Take in the ledgers that the office has", "/log/import"),
    ):
        assert page.link(words) == address
        assert browser.get(address).status_code == 200
    assert "Have the first lead logged" in page.words


def test_first_steps_are_nothing_for_an_installation_at_work(world: World, doors: Doors) -> None:
    assert "First steps" not in doors.browser().get("/sign-in").text


# The demo's day ------------------------------------------------------------------------------


@pytest.fixture
def demo_doors(
    portal: BlockingPortal,
    office: Office,
    world: World,
    owner: psycopg.Connection[DictRow],
) -> Doors:
    owner.execute("UPDATE installation SET demo = true, demo_day = '2018-09-28'")
    cards = tuple(
        Card(who.login, who.name, who.role, {"en": ("One", "Two", "Three"), "zh_CN": ("一",) * 3})
        for who in (world.chief, world.deputy)
    )
    door = DemoDoor(cards, {card.login: PASSWORD for card in cards})
    return Doors(portal, create_app(office, Settings(), door), office.keys)


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "Demo day: Friday 28 September 2018"), ("zh-CN", "2018年9月28日 星期五")],
)
def test_the_demos_day_stands_in_the_head_of_every_page(
    world: World, demo_doors: Doors, language: str, day: str
) -> None:
    outside = demo_doors.browser(language=language)
    inside = demo_doors.browser(world.lead_manager, language=language)
    admin = demo_doors.browser(world.administrator, language=language)
    pages = [
        *((outside, path) for path in ("/sign-in", "/password/unknown", "/no/such/page")),
        *((inside, path) for path in ("/desk", "/leads", "/petitions", "/me", "/log", "/figures")),
        *((inside, path) for path in ("/units", "/people", "/sign", "/admin", "/matters/x")),
        (admin, "/admin"),
    ]
    for browser, path in pages:
        head = browser.get(path).text.split("</header>")[0]
        assert day in head, path


def test_no_other_database_takes_a_day(world: World, doors: Doors) -> None:
    for browser in (doors.browser(), doors.browser(world.chief)):
        assert "demo-day" not in browser.get("/desk").text
        assert "demo-day" not in browser.get("/no/such/page").text
        assert "demo-day" not in browser.get("/sign-in").text


def test_a_card_signs_in_with_one_click_and_only_whom_it_names(
    world: World, demo_doors: Doors
) -> None:
    browser = demo_doors.browser()
    page = served(browser.get("/sign-in"))
    cards = [form for form in page.forms if "as" in form.fields]
    assert [form.fields["as"] for form in cards] == [["chief"], ["deputy"]]
    assert "Three" in page.words
    assert world.chief.name in page.words
    answer = cards[0].submit(browser)
    assert answer.headers["location"] == "/desk"
    assert world.chief.name in _browser_with(demo_doors, answer).get("/desk").text
    other = browser.post("/sign-in", data={"as": "administrator"})
    assert other.status_code == 401


def test_outside_a_demo_no_card_opens_anything(world: World, doors: Doors) -> None:
    answer = doors.browser().post("/sign-in", data={"as": "chief"})
    assert answer.status_code == 401
    assert COOKIE not in str(answer.headers.get_list("set-cookie"))


def test_a_session_ends_with_the_day_it_was_opened_for(world: World, doors: Doors) -> None:
    """Whatever a browser keeps: the token is renewed only while the session lives."""
    token = doors.token(world.chief, lifetime=timedelta(seconds=-1))
    browser = doors.browser()
    browser.cookies.set(COOKIE, token)
    assert browser.get("/desk").headers["location"].startswith("/sign-in")


def test_the_door_leads_back_only_to_us(world: World, doors: Doors) -> None:
    browser = doors.browser()
    asked = {"name": "chief", "password": PASSWORD}
    for back in ("//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)"):
        answer = browser.post(
            "/sign-in", data={"name": "chief", "password": PASSWORD, "back": back}
        )
        assert answer.headers["location"] == "/desk", back
    answer = browser.post("/sign-in", data=asked | {"back": "/leads?open=1"})
    assert answer.headers["location"] == "/leads?open=1"
