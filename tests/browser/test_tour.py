"""The tour of the demo, walked at a browser by its own text.

What a step presses, types into or looks for is the tour's next words in bold, in the reader's
language: so neither the tour nor the demo can change without the other. Here with the demo's
people and two of its matters; with `--thorough` with the whole demo, as `make tour` does.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Locator

from app.core import i18n
from app.core.settings import Settings
from app.domain.demo.cards import CARDS
from app.domain.demo.plan import Plan, make_plan
from app.domain.demo.staff import DEPARTMENT_HEAD
from app.domain.demo.steps import Ref
from app.main import create_app
from app.services import accounts, demo
from app.services.demo.loading import connected
from tests.architecture.test_guide import bold, text
from tests.browser.windows import Window, Windows
from tests.clients import served
from tests.conftest import Databases
from tests.unit.demo_replay import Replay

DAY = "2018-09-28"
AMOUNT = re.compile(r"[\d,]+\.\d\d")


def _shortened(plan: Plan) -> Plan:
    """The histories of two items whose return lists are being paid, one for each language,
    whoever is named in them, whoever has a card to sign in by, and the department of the tour.
    Each account takes a password that is slow to derive by intent."""
    ends = Replay(plan).run().matters
    paid = [
        history
        for history in connected(plan.steps)
        if any(step.matter in ends and ends[step.matter].state == "settling" for step in history)
    ]
    kept = {step.matter for history in paid[: len(i18n.LOCALES)] for step in history}
    steps = tuple(step for step in plan.steps if step.matter in kept)
    named = {key for step in steps for key in (step.actor, *_keys(step.arguments))}
    named |= {card.login for card in CARDS}
    units = {each.unit for each in plan.accounts if each.login == DEPARTMENT_HEAD}
    return replace(
        plan,
        steps=steps,
        people=tuple(each for each in plan.people if each.key in named),
        accounts=tuple(each for each in plan.accounts if each.login in named or each.unit in units),
    )


def _keys(value: object) -> Iterator[str]:
    """Whatever might name somebody, at any depth."""
    if isinstance(value, Ref):
        yield value.key
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _keys(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _keys(each)


@pytest.fixture(scope="module")
def open_tour(
    databases: Databases, installed_template: str, chromium: Browser,
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest,
) -> Iterator[Callable[[str], Window]]:  # fmt: skip
    """Windows before the demo, loaded once."""
    plan = make_plan() if request.config.getoption("--thorough") else _shortened(make_plan())
    name = databases.fresh(installed_template)
    office = databases.office(name)
    password = (databases.secrets / "operator").read_text(encoding="ascii").strip()
    operator = accounts.sign_in(
        office, login="operator", password=password, lifetime=timedelta(hours=1)
    )
    try:
        door = demo.load(
            office,
            owner_url=databases.cluster.url("owner", name),
            operator=operator.session,
            secrets_folder=tmp_path_factory.mktemp("tour"),
            progress=lambda _done, _whole: None,
            plan=plan,
        )
        app = create_app(office, Settings(), door)
        with served(app) as address, Windows(chromium, address, office.keys) as windows:
            yield windows.open
    finally:
        office.engine.dispose()
        databases.cluster.drop_database(name)


@dataclass
class Tour:
    """A reader with the tour in hand: each act takes the next of its words in bold."""

    window: Window
    left: list[str] = field(default_factory=list)
    number: str = ""

    def __post_init__(self) -> None:
        self.left = bold("tour", self.window.locale)
        self.text = " ".join(text("tour", self.window.locale).split())

    def word(self, english: str, chinese: str) -> str:
        """What the tour gives in plain words to be typed or chosen."""
        said = {i18n.ENGLISH: english, i18n.CHINESE: chinese}[self.window.locale]
        assert said in self.text, said
        return said

    def see(self) -> Locator:
        """The next words, wherever they stand; they must be in sight or one scroll away."""
        found = self.window.page.get_by_text(self.left.pop(0)).filter(visible=True).first
        found.wait_for()
        return found

    def press(self) -> None:
        """The next words are, or begin, a link or a button: of the page itself before its frame."""
        words = self.left.pop(0)
        page = self.window.page
        found = [
            control
            for place in (page.locator("main"), page.locator("body"))
            for name in (words, re.compile(rf"^\s*{re.escape(words)}"))
            for role in ("button", "link")
            if (control := place.get_by_role(role, name=name, exact=True)).count()
        ]
        assert found, f"nothing to press says “{words}” on {self.window.path}"
        with page.expect_event("domcontentloaded"):
            found[0].first.click()

    def field(self) -> Locator:
        return self.window.page.get_by_label(self.left.pop(0)).first

    def choose(self, option: str) -> None:
        """From a list, or one of several buttons."""
        words = self.left.pop(0)
        group = self.window.page.get_by_role("group", name=words)
        if group.count():
            group.get_by_label(option).check()
            return
        control = self.window.page.get_by_label(words).first
        offered = control.locator("option", has_text=option).first
        control.select_option(value=offered.get_attribute("value"))

    def send(self) -> None:
        """The button of the page's own form."""
        self.window.send(self.window.form(self.window.path))

    def also(self, **typed: str | list[str]) -> None:
        """What the tour asks for in plain words."""
        self.window.fill(self.window.form(self.window.path), dict(typed))

    def sign(self) -> None:
        self.window.fill(self.window.form("/sign"), {"reason": "同意。"})
        self.window.send(self.window.form("/sign"))

    def find(self) -> None:
        """By its number, in the search above each page."""
        box = self.window.page.get_by_role("searchbox").first
        box.fill(self.number)
        with self.window.page.expect_event("domcontentloaded"):
            box.press("Enter")
        self.open(self.number)

    def open(self, words: str) -> None:
        with self.window.page.expect_event("domcontentloaded"):
            self.window.page.locator("main").get_by_role("link", name=words).first.click()


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_the_tour_leads_from_a_lead_to_a_receipt_by_its_own_words(
    open_tour: Callable[[str], Window], locale: str
) -> None:
    tour = Tour(open_tour(locale))
    tour.window.open("/")
    _logged(tour)
    _assigned(tour)
    _verified(tour)
    amount = _paid(tour)
    _counted(tour, amount)
    assert tour.left == []


def _logged(tour: Tour) -> None:
    tour.press()  # sign in
    tour.press()  # log a lead
    tour.choose(tour.word("found in supervision", "监督检查发现"))
    tour.field().fill(tour.word(DAY, DAY))
    tour.field().fill("多报造林面积，多领补助。")
    # Not where the reader before was: two leads alike would wait to be told apart.
    place = i18n.LOCALES.index(tour.window.locale)
    village = tour.window.page.locator("datalist option[value$='村']").nth(place)
    tour.field().fill(village.get_attribute("value") or "")
    tour.field().fill("梁试行")
    tour.choose(tour.word("village staff", "村（社区）干部"))
    tour.press()  # log this lead
    found = re.search(r"YC2018-\d+", tour.window.words)
    assert found is not None
    tour.number = found.group()
    tour.see()  # share
    with tour.window.page.expect_event("domcontentloaded"):
        tour.window.page.locator("main a.term").first.click()
    assert tour.window.path == "/glossary"
    tour.window.page.go_back()


def _assigned(tour: Tour) -> None:
    tour.press()  # sign out
    tour.press()  # sign in
    assert tour.field().get_attribute("type") == "search"
    tour.find()
    tour.see()  # what may I do now
    tour.press()  # register
    tour.field().check()
    tour.send()
    tour.press()  # assign to a department
    tour.choose(tour.word("第3联组", "第3联组"))
    tour.field().check()
    tour.also(reason="归口办理。")
    tour.see()  # who will sign
    tour.press()  # ask for it
    tour.see()  # signatures
    tour.press()  # continue as
    tour.see()  # what it rests on
    tour.field().fill("同意。")
    tour.window.send(tour.window.form("/sign"))
    tour.press()  # sign out
    tour.press()  # sign in
    tour.find()
    tour.press()  # take on
    handler = tour.window.page.locator("[name=handler]")
    handler.select_option(label=tour.word("叶晓雨", "叶晓雨"))
    tour.send()


def _verified(tour: Tour) -> None:
    tour.press()  # sign out
    tour.press()  # sign in
    tour.see()  # mine
    tour.open(tour.number)
    tour.press()  # propose the disposal
    tour.choose(tour.word("preliminary verification", "初步核实"))
    tour.field().fill("先核面积。")
    tour.also(
        study_held_on=DAY, study_chair="孔敏", study_present="孔敏\n叶晓雨\n汪飞",
        study_recorder="汪飞", reason="具体可查。",
    )  # fmt: skip
    tour.send()
    tour.press()  # continue as the head of the department
    tour.sign()
    tour.press()  # back to it
    tour.press()  # verify
    tour.also(checkable="面积可查。", plan="两人一组。", reason="具体可查。")
    second = tour.window.page.locator("select[name^='team']").last
    names = second.locator("option").all_inner_texts()
    second.select_option(label=next(each for each in names[1:] if each != "叶晓雨"))
    tour.send()
    for _ in range(2):
        tour.press()  # continue as
        tour.sign()
        tour.press()  # back to it
    tour.see().click()  # why this day


def _paid(tour: Tour) -> Decimal:
    tour.press()  # sign out
    tour.press()  # sign in
    tour.press()  # pay those on the list
    form = tour.window.form("/return")
    payee = form.locator(".pick").first
    found = AMOUNT.search(payee.inner_text())
    assert found is not None
    payee.locator("input").check()
    form.locator("[name=signed]").first.check()
    tour.press()  # log these payments
    return Decimal(found.group().replace(",", ""))


def _counted(tour: Tour, amount: Decimal) -> None:
    page = tour.window.page
    tour.see()  # money
    with page.expect_event("domcontentloaded"):
        payments = re.compile(rf"^{re.escape(tour.left.pop(0))}.+-SJ2018-\d+$")
        page.locator("main").get_by_role("link", name=payments).last.click()
    tour.press()  # receipt to sign
    tour.see()  # print
    assert f"{amount:,.2f}" in page.inner_text("body")
    with page.expect_event("domcontentloaded"):
        page.get_by_role("link", name=re.compile(r"\w+2018-\d+")).first.click()
    tour.press()  # sign out
    tour.press()  # sign in
    tour.press()  # figures
    figure = page.locator(".figures > div", has=page.get_by_text(tour.left.pop(0), exact=True))
    with page.expect_event("domcontentloaded"):
        figure.locator("dd a").first.click()
    tour.press()  # by movement
    row = page.locator("tr", has_text=f"{amount:,.2f}").filter(has_text=DAY).first
    with page.expect_event("domcontentloaded"):
        row.get_by_role("link", name=tour.left.pop(0), exact=True).click()
    assert f"{amount:,.2f}" in page.inner_text("body")
