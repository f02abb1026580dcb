"""Papers over the API and on pages: what is taken, how it is given out, what a browser may do."""

import io
from base64 import b64encode
from hashlib import sha256
from uuid import UUID

import httpx
import psycopg
import pytest
from PIL import Image
from psycopg.rows import DictRow

from app.domain.papers import MOST
from app.routers.csrf import FIELD, token
from app.services import releases
from tests.build_history import Past
from tests.build_matters import DAY, verified
from tests.build_papers import attach, mark, pdf, photo
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import served

NOTHING = "default-src 'none'; sandbox"


@pytest.fixture
def lead(world: World) -> UUID:
    return verified(world)


@pytest.fixture
def handler(world: World, doors: Doors) -> Client:
    return doors.api(world.investigator)


def send(
    client: Client, lead: UUID, content: bytes, name: str = "收条.jpg", **headers: str
) -> httpx.Response:
    return client.post(
        f"/api/v1/matters/{lead}/papers", files={"file": (name, content)}, headers=headers
    )


def test_a_paper_comes_back_as_it_was_brought(handler: Client, lead: UUID) -> None:
    content = photo()
    sent = send(handler, lead, content)
    assert sent.status_code == 201
    told = sent.json()
    assert (told["title"], told["media"], told["size"]) == ("收条", "image/jpeg", len(content))
    assert handler.get(sent.headers["location"]).json() == told
    assert handler.get(f"/api/v1/matters/{lead}/papers").json()["items"] == [told]
    given = handler.get(f"{sent.headers['location']}/content")
    assert given.content == content
    digest = b64encode(sha256(content).digest()).decode()
    assert given.headers["repr-digest"] == f"sha-256=:{digest}:"


def test_a_paper_is_saved_and_never_shown(handler: Client, lead: UUID) -> None:
    """Whatever it calls itself: a browser that opens it alone runs nothing, and has no origin."""
    for name, content in (("页面.html", photo() + b"<script>"), ("表.pdf", pdf())):
        place = send(handler, lead, content, name).headers["location"]
        given = handler.get(f"{place}/content").headers
        said = given["content-disposition"]
        assert said.startswith('attachment; filename="paper-')
        assert said.endswith((".jpg", ".pdf"))
        assert given["content-type"] in ("image/jpeg", "application/pdf")
        assert given["x-content-type-options"] == "nosniff"
        assert given["content-security-policy"].startswith(NOTHING)
        assert given["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<html>", "no PDF, JPEG or PNG"),
        (b"%PDF-1.4 and no more", "damaged"),
    ],
)
def test_what_is_no_paper_is_refused_with_the_reason(
    handler: Client, lead: UUID, content: bytes, said: str
) -> None:
    refused = send(handler, lead, content, "表.pdf")
    assert refused.status_code == 422
    assert said in refused.json()["errors"][0]["reason"]
    assert handler.get(f"/api/v1/matters/{lead}/papers").json()["items"] == []


def test_twenty_megabytes_are_taken_and_one_byte_more_is_not(handler: Client, lead: UUID) -> None:
    content = photo()
    full = content + bytes(MOST - len(content))
    assert send(handler, lead, full).status_code == 201
    assert send(handler, lead, full + b"x").status_code == 413
    assert send(handler, lead, full * 2).status_code == 413  # unread


def test_only_papers_may_be_large_and_only_from_who_is_signed_in(
    handler: Client, doors: Doors, lead: UUID
) -> None:
    large = photo() + bytes(2_000_000)
    assert send(doors.api(), lead, large).status_code == 413
    notes = handler.post(f"/api/v1/matters/{lead}/notes", json={"text": "x" * 2_000_000})
    assert notes.status_code == 413


def test_the_same_key_attaches_once(handler: Client, lead: UUID) -> None:
    key = {"Idempotency-Key": "photo-1"}
    first, again = (send(handler, lead, photo(), **key) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(handler.get(f"/api/v1/matters/{lead}/papers").json()["items"]) == 1
    assert send(handler, lead, photo(shade=9), **key).status_code == 422


def test_a_mistake_takes_two_and_the_version_that_was_seen(
    world: World, doors: Doors, handler: Client, lead: UUID
) -> None:
    place = send(handler, lead, photo()).headers["location"]
    assert handler.post(f"{place}/mistake", json={"reason": "错附。"}).status_code == 428

    def post(client: Client, what: str, body: dict[str, object]) -> httpx.Response:
        version = client.get(f"/api/v1/matters/{lead}").headers["etag"]
        return client.post(place + what, json=body, headers={"If-Match": version})

    assert post(handler, "/mistake", {"reason": "错附。"}).json()["mark_reason"] == "错附。"
    same = post(handler, "/mistake/decide", {"mistaken": True})
    assert (same.status_code, same.json()["type"]) == (409, "/problems/conflict")
    other = doors.api(world.other_investigator)
    assert post(other, "/mistake/decide", {"mistaken": True}).json()["withdrawn_by"] == "周海燕"
    assert handler.get(f"{place}/content").status_code == 409
    assert doors.api(world.lead_manager).get(f"{place}/content").status_code == 200


# Pages --------------------------------------------------------------------------------------------


def post_form(doors: Doors, who: Someone, lead: UUID, **files: tuple[str, bytes]) -> httpx.Response:
    browser = doors.browser(who)
    page = served(browser.get(f"/matters/{lead}/papers"))
    (form,) = (each for each in page.forms if each.action.endswith("/papers"))
    fields = {name: given[0] for name, given in form.fields.items() if given}
    fields[FIELD] = token(doors.keys, who.session)
    return browser.post(form.action, data={**fields, "title": "种树款收条"}, files=files)


def test_a_paper_is_attached_at_its_page_from_a_folder_or_a_camera(
    world: World, doors: Doors, lead: UUID
) -> None:
    page = doors.browser(world.investigator).get(f"/matters/{lead}/papers").text
    assert 'accept="image/jpeg,image/png" capture="environment"' in page
    for name in ("file", "picture"):
        done = post_form(doors, world.investigator, lead, **{name: ("IMG_1.jpg", photo())})
        assert (done.status_code, done.headers["location"]) == (
            303, f"/matters/{lead}?done=paper_attached",
        )  # fmt: skip
    there = served(doors.browser(world.investigator).get(f"/matters/{lead}"))
    assert there.words.count("种树款收条") == 2
    assert "李志强 attached a paper." in there.words


def test_what_was_typed_is_kept_when_a_file_is_refused(
    world: World, doors: Doors, lead: UUID
) -> None:
    refused = post_form(doors, world.investigator, lead, file=("x.jpg", b"nothing"))
    assert refused.status_code == 422
    assert 'value="种树款收条"' in refused.text
    assert "This is no PDF, JPEG or PNG" in served(refused, 422).words


def test_a_page_is_shown_as_a_picture_in_a_frame_that_runs_nothing(
    world: World, doors: Doors, lead: UUID
) -> None:
    paper = attach(world, world.investigator, lead, pdf(2), name="表.pdf")
    browser = doors.browser(world.investigator)
    here = f"/matters/{lead}/papers/{paper}"
    page = browser.get(f"{here}?page=2")
    assert f'<iframe class="paper" sandbox src="{here}/frame?page=2"' in page.text
    assert page.headers["content-security-policy"].endswith("frame-src 'self'")
    frame = browser.get(f"{here}/frame?page=2")
    assert frame.headers["content-security-policy"].startswith(NOTHING)
    assert "img-src data:; frame-ancestors 'self'" in frame.headers["content-security-policy"]
    assert frame.headers["x-frame-options"] == "SAMEORIGIN"
    picture = browser.get(f"{here}/picture?page=2")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["content-security-policy"].startswith(NOTHING)
    assert picture.headers["x-frame-options"] == "DENY"
    assert b64encode(picture.content).decode() in frame.text
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"
    for page_number in ("0", "3", "x", "１", "99999999"):
        for address in (here, f"{here}/frame", f"{here}/picture"):
            assert browser.get(f"{address}?page={page_number}").status_code == 404


def test_two_people_take_a_paper_back_at_its_page(world: World, doors: Doors, lead: UUID) -> None:
    paper = attach(world, world.investigator, lead)
    mark(world, world.investigator, lead, paper)
    here = f"/matters/{lead}/papers/{paper}"
    own = served(doors.browser(world.investigator).get(here))
    assert "Confirm: attached by mistake" not in own.words
    browser = doors.browser(world.other_investigator)
    (form,) = (each for each in served(browser.get(here)).forms if each.action.endswith("/decide"))
    done = form.submit(browser, decision="mistaken")
    assert done.headers["location"] == f"{here}?done=paper_withdrawn"
    after = browser.get(here)
    assert "<iframe" not in after.text
    assert "周海燕 confirmed it" in served(after).words


def test_scans_of_the_original_stand_beside_its_wording_while_it_is_released(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    world.clock.set(DAY)
    petition = Past(world, owner).petition_of(world.investigator, reporter="金丝雀")
    attach(world, world.intake_officer, petition, name="来信.jpg", original=True)
    with world.open("releases.ask", world.investigator) as tx:
        asked = releases.ask(tx, petition, reporter=False, wording=True, reason="需核对。")
    with world.open("releases.decide", world.petitions_head) as tx:
        releases.decide(tx, petition, asked, approved=True, reason="仅供核实。")
    browser = doors.browser(world.investigator)
    assert "来信" not in served(browser.get(f"/matters/{petition}")).words
    here = f"/matters/{petition}/releases/{asked}"
    fields = {FIELD: token(doors.keys, world.investigator.session)}
    shown = served(browser.post(f"{here}/read", data=fields))
    assert browser.get(shown.links["来信"]).content == photo()
    browser.post(f"{here}/end", data=fields)
    assert browser.get(shown.links["来信"]).status_code == 404


def test_papers_stand_in_no_search_and_no_export(world: World, doors: Doors, lead: UUID) -> None:
    attach(world, world.investigator, lead, name="金丝雀.jpg")
    for address in ("/search?q=金丝雀", "/api/v1/search?q=金丝雀"):
        answer = doors.browser(world.investigator).get(address)
        assert "金丝雀.jpg" not in answer.text
        assert f"/matters/{lead}" not in answer.text
