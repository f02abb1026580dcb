"""Papers as PDFs: what stands on each, in both languages, names masked, and each is recorded."""

from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from app.core import i18n
from app.routers.csrf import FIELD, token
from tests.build_history import Past
from tests.build_matters import act, log, verified
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served
from tests.pages.test_money import paid
from tests.papers_read import fonts, largest, pages, sizes, words

PICTURES = Path(__file__).parents[2] / "screenshots" / "papers"
A4 = (595, 842)
LANGUAGES = {"en": "en", "zh_CN": "zh-CN"}
UNIT = {
    "zh_CN": "云川区纪委监委",
    "en": "Yunchuan District Commission for Discipline Inspection",
}
NAME, MASKED = "梁启元", "梁××"


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(date(2018, 9, 28))
    return Past(world, owner)


@pytest.fixture(autouse=True)
def unit(owner: psycopg.Connection[DictRow]) -> None:
    owner.execute("UPDATE installation SET body_name = %s, body_name_en = %s", list(UNIT.values()))


def post(
    doors: Doors, who: Someone, address: str, locale: str = "zh_CN", **typed: str
) -> httpx.Response:
    """What the page's form sends."""
    browser = doors.browser(who, language=LANGUAGES[locale])
    page = served(browser.get(address))
    (form,) = (each for each in page.forms if each.action.endswith("/print"))
    fields = {name: given[0] for name, given in form.fields.items() if given}
    return browser.post(
        form.action, data={**fields, FIELD: token(doors.keys, who.session), **typed}
    )


def paper(
    doors: Doors, who: Someone, address: str, locale: str = "zh_CN", *, name: str, **typed: str
) -> bytes:
    """It stays in `screenshots/papers`, to be looked at."""
    made = post(doors, who, address, locale, **typed)
    assert made.status_code == 200, made.text
    assert made.headers["content-type"] == "application/pdf"
    assert made.headers["content-disposition"].startswith("attachment; filename=")
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.{LANGUAGES[locale]}.pdf").write_bytes(made.content)
    return made.content


def say(locale: str, message: str, **values: object) -> str:
    return "".join(i18n.translate(locale, message, values).split())


def has_the_frame(made: bytes, locale: str, who: Someone) -> None:
    """Unit, mark, who printed it, and on each page which of how many it is; type in the file."""
    read = pages(made)
    for at, page in enumerate(read, start=1):
        assert say(locale, "Classification: {mark}", mark=say(locale, "internal")) in page
        assert "".join(UNIT[locale].split()) in page
        assert who.name in page
        assert say(locale, "Page {page} of {pages}", page=at, pages=len(read)) in page
    held = fonts(made)
    assert held
    assert all(held.values()), held


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_a_matter_is_printed_whole_with_names_masked(
    world: World, doors: Doors, locale: str
) -> None:
    lead = verified(world)
    made = paper(doors, world.investigator, f"/matters/{lead}/print", locale, name="matter")
    has_the_frame(made, locale, world.investigator)
    assert sizes(made) == {A4}
    read = words(made)
    assert MASKED in read
    assert NAME not in read
    for said in ("Alleged", "People and outcomes", "History", "Summary"):
        assert say(locale, said) in read, said
    assert "虚报2017年度造林面积" in read


def test_names_stand_on_a_paper_for_a_reason_alone_and_each_print_is_recorded(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    lead = verified(world)
    here = f"/matters/{lead}/print"
    refused = post(doors, world.investigator, here, names="whole")
    assert refused.status_code == 422
    paper(doors, world.investigator, here, name="matter-names", names="whole", reason="送检察院。")
    whole = post(doors, world.investigator, here, names="whole", reason="送检察院。")
    assert NAME in words(whole.content)
    post(doors, world.deputy, here)
    rows = owner.execute(
        "SELECT made_by, what, format, definition, names, reason FROM export_record"
        " ORDER BY recorded_at, id"
    ).fetchall()
    assert [(row["made_by"], row["names"], row["reason"]) for row in rows] == [
        (world.investigator.account_id, True, "送检察院。"),
        (world.investigator.account_id, True, "送检察院。"),
        (world.deputy.account_id, False, None),
    ]
    assert {(row["what"], row["format"], str(row["definition"])) for row in rows} == {
        ("matter", "pdf", str({"matter": str(lead)}))
    }
    events = owner.execute(
        "SELECT count(*) AS n FROM audit_event WHERE table_name = 'export_record'"
    ).fetchone()
    assert events == {"n": 3}
    own = doors.api(world.deputy).get("/api/v1/exports")
    assert (own.status_code, own.json()["items"]) == (200, [])  # a paper is no export of figures


def test_an_auditor_prints_names_masked_and_is_asked_nothing(world: World, doors: Doors) -> None:
    lead = verified(world)
    here = f"/matters/{lead}/print"
    page = served(doors.browser(world.auditor).get(here))
    assert "In full" not in page.words
    made = paper(doors, world.auditor, here, name="matter-auditor")
    assert NAME not in words(made)
    forced = post(doors, world.auditor, here, names="whole", reason="x")
    assert forced.status_code == 403


def test_who_may_not_see_a_matter_prints_nothing_of_it(world: World, doors: Doors) -> None:
    lead = verified(world)
    browser = doors.browser(world.team_member)
    assert browser.get(f"/matters/{lead}/print").status_code == 404
    sent = browser.post(
        f"/matters/{lead}/print", data={FIELD: token(doors.keys, world.team_member.session)}
    )
    assert sent.status_code == 404


def test_the_original_wording_stands_on_no_paper_for_intake_either(
    past: Past, doors: Doors
) -> None:
    petition = past.petition_of(past.world.investigator, reporter="张三丰")
    for who in (past.world.intake_officer, past.world.petitions_head):
        made = paper(doors, who, f"/matters/{petition}/print", name="petition")
        assert "我在村里开店" not in words(made)
        assert "反映补助未足额发放" in words(made)
        assert "张三丰" not in words(made)


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_a_request_has_a_box_for_each_who_signs(world: World, doors: Doors, locale: str) -> None:
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    done = act(
        world, world.lead_manager, lead, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True,
    )  # fmt: skip
    here = f"/requests/{done.request_id}/print"
    made = paper(doors, world.deputy, here, locale, name="request")
    has_the_frame(made, locale, world.deputy)
    read = words(made)
    assert NAME not in read
    for said in ("Asked by", "Decided by", "Signature      Date"):
        assert say(locale, said) in read, said


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_a_ledger_lies_across_with_its_head_on_each_page(
    past: Past, doors: Doors, locale: str
) -> None:
    for at in range(60):
        past.lead(
            received_on=date(2018, 1 + at % 8, 1 + at % 28), due_on=date(2018, 9, 1 + at % 30),
            title=f"西塘桥村干部虚报造林面积、多领退耕还林补助并长期未予公示的问题之{at}",
        )  # fmt: skip
    here = "/ledgers/lead/print?due=overdue"
    made = paper(doors, past.world.deputy, here, locale, name="ledger")
    has_the_frame(made, locale, past.world.deputy)
    assert sizes(made) == {A4[::-1]}
    read = pages(made)
    assert len(read) > 1
    for page in read:
        for head in ("Number", "What is alleged", "Next step", "Due"):
            assert say(locale, head) in page, head
    assert say(locale, "[alleged] {title}", title="西塘桥村") in words(made)


def test_a_ledger_of_nothing_is_printed_with_its_head(world: World, doors: Doors) -> None:
    made = paper(
        doors, world.chief, "/ledgers/lead/print?due=overdue", "en", name="ledger-of-nothing"
    )
    told = words(made)
    assert "Total0leads" in told
    assert "Number" in told


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_a_return_list_has_room_for_each_payee_to_sign(
    past: Past, doors: Doors, locale: str
) -> None:
    item = past.item_to_repay("settling")
    here = f"/money/{item.id}/payees/print"
    made = paper(doors, past.world.finance, here, locale, name="return-list")
    has_the_frame(made, locale, past.world.finance)
    read = words(made)
    assert "石××" in read
    assert "石桂芳" not in read
    assert "3,610.00" in read
    assert say(locale, "Signature or fingerprint") in read
    whole = post(doors, past.world.finance, here, locale, names="whole", reason="发放签名用。")
    assert "石桂芳" in words(whole.content)


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_a_receipt_is_one_page_in_large_type_with_room_for_a_finger_and_two_witnesses(
    past: Past, doors: Doors, locale: str
) -> None:
    entry: UUID = paid(past)
    here = f"/money/entries/{entry}/print"
    made = paper(doors, past.world.finance, here, locale, name="receipt")
    has_the_frame(made, locale, past.world.finance)
    assert len(pages(made)) == 1
    assert largest(made) >= 24
    read = words(made)
    assert "石桂芳" in read  # it is her own
    for said in ("Fingerprint", "First witness", "Second witness", "Payee"):
        assert say(locale, said) in read, said
    if locale == i18n.CHINESE:
        assert "人民币贰仟叁佰陆拾元整" in read


def test_nothing_that_was_typed_is_read_as_markup(past: Past, doors: Doors) -> None:
    """Neither typst's own nor what would read a file."""
    nasty = '#read("paper.typ") *粗* $x$ #panic() <a> \\ "引号" {y} @z'
    lead = past.lead(received_on=date(2018, 3, 1), title=nasty)
    made = paper(doors, past.world.deputy, f"/matters/{lead.id}/print", name="nasty")
    assert "".join(nasty.split()) in words(made)
