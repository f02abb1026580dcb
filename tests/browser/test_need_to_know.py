"""Who may know is decided at pages, from the declaration to what the others see of it.

The same walk in English with scripts and in Chinese without any.
"""

import re
from datetime import UTC, datetime

import psycopg
import pyotp
import pytest
from psycopg.rows import DictRow

from tests.browser.standing import Standing, build_standing
from tests.browser.windows import Window, Windows
from tests.builders import PASSWORD, Someone, World
from tests.clients import Doors

REASON = "核对账目。"


@pytest.fixture
def stood(world: World, doors: Doors, owner: psycopg.Connection[DictRow]) -> Standing:
    return build_standing(world, doors, owner)


@pytest.fixture(params=["en", "zh_CN"])
def window(windows: Windows, request: pytest.FixtureRequest) -> Window:
    return windows.open(request.param, scripts=request.param == "en")


def as_(window: Window, who: Someone, address: str, status: int = 200) -> None:
    window.become(who)
    assert window.open(address).status == status, window.words


def send(window: Window, action: str, **typed: str) -> None:
    form = window.form(action)
    window.fill(form, dict(typed))
    window.send(form)


def test_a_conflict_is_declared_and_a_head_lifts_the_wall(window: Window, stood: Standing) -> None:
    world, lead = stood.world, f"/matters/{stood.ids['lead']}"
    as_(window, world.other_investigator, lead)
    window.follow("Keep off it: I have a conflict")
    send(window, "/keep-off", reason=REASON)
    as_(window, world.other_investigator, lead, 404)

    as_(window, world.department_head, f"{lead}/access")
    assert world.other_investigator.name in window.words
    assert REASON not in window.words  # why is nobody's business here
    as_(window, world.department_head, f"{lead}/walls/{world.other_investigator.account_id}")
    send(window, f"/walls/{world.other_investigator.account_id}", reason="已核实，无利害关系。")
    as_(window, world.other_investigator, lead)


def test_a_head_decides_about_a_handler_whom_a_linked_report_accuses(
    window: Window, stood: Standing
) -> None:
    guarded, accused = stood.ids["guarded"], stood.ids["accused"]
    as_(window, stood.world.lead_manager, "/desk")
    link = f"/matters/{guarded}/links/{accused}/{stood.ids['report']}"
    assert window.page.locator(f"a[href^='{link}']").count()
    window.open(link)
    send(window, link, answer="off", reason=REASON)
    as_(window, stood.world.department_head, f"/matters/{guarded}/access")
    window.see("Keep off it")
    assert "韩立群" in window.words


def test_a_summary_is_written_and_checked_and_what_is_sealed_is_released_once(
    window: Window, stood: Standing
) -> None:
    world = stood.world
    petition, handled = (f"/matters/{stood.ids[each]}" for each in ("petition", "handled"))
    as_(window, world.intake_officer, f"{petition}/summary")
    send(window, "/summary", summary="反映危改补助未足额发放。")
    as_(window, world.petitions_head, petition)
    send(window, "/summary/check")
    assert not window.form("/summary/check").count()

    as_(window, world.investigator, handled)
    assert "亲眼" not in window.words
    release = f"{handled}/releases/{stood.ids['release']}"
    as_(window, world.petitions_head, release)
    send(window, stood.ids["release"], answer="release", reason="仅供核实。")
    as_(window, world.investigator, handled)
    send(window, f"{stood.ids['release']}/read")
    assert "张三丰" in window.words
    as_(window, world.other_investigator, release, 404)


def test_an_emergency_is_declared_read_and_reviewed(window: Window, stood: Standing) -> None:
    world, lead = stood.world, stood.ids["lead"]
    row = stood.past.owner.execute("SELECT number FROM matter WHERE id = %s", [lead]).fetchone()
    assert row is not None
    as_(window, world.team_member, f"/matters/{lead}", 404)
    window.open("/sign/emergencies")
    send(window, "/sign/emergencies", kind="lead", number=row["number"], reason="承办人失联。")
    send(window, "/read")
    assert row["number"] in window.words
    as_(window, world.team_member, f"/matters/{lead}", 404)  # a reading, not a door

    as_(window, world.department_head, "/desk")
    review = window.page.locator("a[href*='/emergencies/']").first.get_attribute("href")
    assert review is not None
    window.open(review)
    send(window, "/review", finding="justified", review="情况属实。")
    as_(window, world.department_head, "/desk")
    assert window.page.locator(f"a[href='{review}']").count() == 0


def test_what_somebody_leaves_is_handed_over(window: Window, stood: Standing) -> None:
    world = stood.world
    gone = world.investigator.account_id
    as_(window, world.administrator, f"/admin/accounts/{gone}")
    window.send(window.form(f"{gone}/active"))
    assert window.open("/hand-overs").status == 403  # an administrator hands nothing over

    as_(window, world.department_head, "/hand-overs")
    assert world.investigator.name in window.words
    form = window.form("/hand-overs")
    left = form.locator("[name=items]").count()
    form.locator("[name=items]").first.check()
    window.fill(form, {"login": world.other_investigator.login, "reason": REASON})
    window.send(form)
    assert window.form("/hand-overs").locator("[name=items]").count() == left - 1


def test_a_second_factor_is_set_up_and_asked_for_and_sessions_end_everywhere(
    window: Window, stood: Standing
) -> None:
    world = stood.world
    window.sign_in(world.chief)
    window.open("/me/second-factor")
    send(window, "/me/second-factor")
    secret = re.search(r"(?:[A-Z2-7]{4} ?){8}", window.words)
    assert secret is not None
    totp = pyotp.TOTP(secret[0].replace(" ", ""))
    send(window, "/me/second-factor/confirm", code=totp.now())
    window.see("Write these down and lock them away. Each lets you in once, without your phone.")
    window.open("/me/sessions")
    send(window, "/me/sessions/end")
    assert window.path == "/sign-in"

    window.page.fill("[name=name]", world.chief.login)
    window.page.fill("[name=password]", PASSWORD)
    window.press("Sign in")
    assert window.path == "/sign-in/code"
    # No code counts twice; the next one counts already, should the half minute end right now.
    next_one = totp.generate_otp(totp.timecode(datetime.now(UTC)) + 1)
    send(window, "/sign-in/code", code=next_one)
    assert window.path == "/desk"
