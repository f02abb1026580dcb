"""A new installation's first administrator comes in by a one-use address, and only while there is
none."""

import threading

import psycopg
import pytest
from anyio.from_thread import BlockingPortal
from psycopg.rows import dict_row

from app.core.settings import Settings
from app.domain import errors
from app.domain.permissions import Role
from app.main import create_app
from app.repositories.work import Office
from app.services import accounts, first_start
from app.services.installation import OPERATOR
from tests.builders import World
from tests.clients import Doors
from tests.conftest import Databases
from tests.pages.served import served

PASSWORD = "the ford below the old bridge"


def _token(office: Office, databases: Databases) -> str | None:
    password = (databases.secrets / OPERATOR).read_text(encoding="ascii").strip()
    opened = accounts.sign_in(
        office, login=OPERATOR, password=password, lifetime=first_start.LIFETIME
    )
    with office.work(opened.session, use_case="tests") as tx:
        return first_start.make_token(tx)


@pytest.fixture
def token(empty_office: Office, databases: Databases) -> str:
    made = _token(empty_office, databases)
    assert made is not None
    return made


def _begin(office: Office, token: str, login: str = "qinlan") -> None:
    with office.work(None, use_case="tests") as tx:
        first_start.begin(
            tx, token=token, login=login, name="秦岚", password=PASSWORD, locale="zh_CN"
        )


def _owner(databases: Databases, office: Office) -> str:
    name = office.engine.url.database
    assert name is not None
    return databases.cluster.conninfo("owner", name)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_first_administrator_begins_at_a_page(
    portal: BlockingPortal,
    empty_office: Office,
    databases: Databases,
    token: str,
    language: str,
) -> None:
    doors = Doors(portal, create_app(empty_office, Settings()), empty_office.keys)
    browser = doors.browser(None, language=language)
    address = f"/first-start/{token}"
    form = served(browser.get(address)).form(address)
    right = {"name": "秦岚", "login": "qinlan", "password": PASSWORD, "again": PASSWORD}
    for name, typed, status in (
        ("login", "Qin Lan", 422),
        ("login", OPERATOR, 409),
        ("name", " ", 422),
        ("again", "x", 422),
        ("password", "x", 422),
    ):
        page = served(form.send(browser, {**right, name: typed}), status)
        assert PASSWORD not in page.html
    assert page.form(address).fields["name"] == ["秦岚"]
    assert form.send(browser, {**right}).headers["location"] == "/sign-in"
    session = accounts.sign_in(
        empty_office, login="qinlan", password=PASSWORD, lifetime=first_start.LIFETIME
    ).session
    with empty_office.work(session, use_case="tests") as tx:
        assert [grant.role for grant in tx.actor.grants] == [Role.ADMINISTRATOR]
    # Used once, and nobody needs another.
    served(browser.get(address), 404)
    served(form.send(browser, {**right, "login": "another"}), 404)
    assert _token(empty_office, databases) is None


def test_only_the_newest_works_and_not_after_its_time(
    empty_office: Office, databases: Databases, token: str
) -> None:
    newest = _token(empty_office, databases)
    assert newest is not None
    with pytest.raises(errors.NotFound):
        _begin(empty_office, token)
    with psycopg.connect(
        _owner(databases, empty_office), autocommit=True, row_factory=dict_row
    ) as owner:
        kept = owner.execute("SELECT token_hash::text AS h FROM first_token").fetchall()
        assert len(kept) == 1
        assert newest not in str(kept)
        owner.execute("UPDATE first_token SET expires_at = now()")
    with pytest.raises(errors.NotFound):
        _begin(empty_office, newest)


def test_two_at_once_make_one(empty_office: Office, token: str) -> None:
    refused: list[errors.PlumblineError] = []

    def begin(login: str) -> None:
        try:
            _begin(empty_office, token, login)
        except errors.PlumblineError as error:
            refused.append(error)

    threads = [threading.Thread(target=begin, args=[login]) for login in ("one", "two", "three")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [type(each) for each in refused] == [errors.NotFound] * 2


def test_nobody_but_the_operator_at_the_command_line_makes_one(world: World) -> None:
    for who in (world.administrator, world.chief):
        with pytest.raises(errors.NotFound), world.open("tests", who) as tx:
            first_start.make_token(tx)
    with world.open("tests", world.operator) as tx:
        assert first_start.make_token(tx) is None  # there is an administrator
