"""The whole road at a browser, from a lead that somebody logs to totals that have changed.

By what the pages offer: links and forms, in both languages, with scripts and without.
"""

import re
from dataclasses import dataclass

import pytest

from app.core import i18n
from tests.browser.windows import Typed, Window, Windows
from tests.build_matters import DAY, SITTING, STUDY
from tests.builders import Someone, World
from tests.clients import Client, Doors
from tests.pages.served import followed, served

ON = DAY.isoformat()
AMOUNT = "16800.00"
COMMITTEE: dict[str, Typed] = {
    key: "\n".join(value) if isinstance(value, list) else str(value)
    for key, value in SITTING.items()
    if value != []
}
MEETING: dict[str, Typed] = {
    key: "\n".join(value) if isinstance(value, list) else str(value) for key, value in STUDY.items()
}


# What a walk does at the browser. Between these stand further steps and signatures, for which it
# sends the same forms without a browser; with `--thorough` all of it is done by hand.
BY_HAND = frozenset(
    {"register", "assign", "propose_disposal", "verify", "file", "list_payees", "settle", "close"}
)
SIGNED_BY_HAND = frozenset({"assign", "propose_disposal", "list_payees", "close"})


@dataclass
class Road:
    """A window, and the matter that people in it work on."""

    window: Window
    world: World
    doors: Doors
    whole: bool
    matter: str = ""  # its address
    asked: str = ""  # the last step that was asked for

    def take(self, who: Someone, event: str, **typed: Typed) -> None:
        """Open the matter, follow the step's link, fill in its form, send it."""
        self.asked = event
        by_hand = self.whole or event in BY_HAND
        self._enter(who, f"/act/{event}", _named(typed), by_hand=by_hand)

    def entered(self, who: Someone, address: str, **typed: Typed) -> None:
        """The same for what is entered beside steps; always by hand."""
        self._enter(who, address, _named(typed), by_hand=True)

    def _enter(self, who: Someone, address: str, typed: dict[str, Typed], *, by_hand: bool) -> None:
        if not by_hand:
            client = self._client(who)
            page = served(client.get(self.matter + address))
            followed(client, page.form(address).send(client, typed))
            return
        self.window.become(who)
        self.window.open(self.matter)
        self.window.page.locator(f"main a[href$='{address}']").first.click()
        form = self.window.form(self.window.path)
        self.window.fill(form, typed)
        self.window.send(form)
        assert self.window.path == self.matter, self.window.words

    def signed(self, *people: Someone, **last: Typed) -> None:
        """Each opens the matter, reads what waits for them, and signs."""
        for who in people:
            typed = {**(last if who is people[-1] else {}), "reason": "同意。"}
            if self.whole or (self.asked in SIGNED_BY_HAND and who is people[0]):
                self._signed_by_hand(who, typed)
            else:
                client = self._client(who)
                page = served(client.get(self.matter))
                page = served(client.get(page.link(self.window.say("Read and sign"))))
                followed(client, page.form("/sign").send(client, typed))

    def _signed_by_hand(self, who: Someone, typed: dict[str, Typed]) -> None:
        self.window.become(who)
        self.window.open(self.matter)
        self.window.follow("Read and sign")
        form = self.window.form("/sign")
        self.window.fill(form, typed)
        self.window.send(form)
        assert not self.window.path.startswith("/requests/"), self.window.words

    def _client(self, who: Someone) -> Client:
        return self.doors.browser(who, language=i18n.LANGUAGE_TAGS[self.window.locale])

    def follow_number(self, begins: str) -> None:
        """To the linked matter whose number begins so."""
        self.window.open(self.matter)
        link = self.window.page.get_by_role("link", name=re.compile(rf"^{begins}2018-\d+$")).first
        link.click()
        self.matter = self.window.path

    def control(self, ends: str) -> str:
        """The whole name of a control that belongs to somebody on the matter."""
        found = self.window.page.locator(f"main [name^='{ends}']").first.get_attribute("name")
        assert found is not None
        return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each language once and each way once; with `--thorough` each language both ways."""
    if "scripts" in metafunc.fixturenames:
        every = metafunc.config.getoption("--thorough")
        walks = [
            (locale, scripts)
            for locale in i18n.LOCALES
            for scripts in (True, False)
            if every or scripts is (locale == i18n.CHINESE)
        ]
        names = [f"{locale}-{'scripts' if scripts else 'no-scripts'}" for locale, scripts in walks]
        metafunc.parametrize(("locale", "scripts"), walks, ids=names)


def test_a_lead_becomes_a_case_and_its_money_goes_back(
    windows: Windows, world: World, doors: Doors, request: pytest.FixtureRequest, locale: str,
    scripts: bool,
) -> None:  # fmt: skip
    world.clock.set(DAY)
    window = windows.open(locale, scripts=scripts)
    road = Road(window, world, doors, request.config.getoption("--thorough"))
    before = totals(window, world)
    logged(road)
    verified(road)
    filed(road)
    case = road.matter
    item = taken_in(road)
    road.matter = case
    heard(road)
    road.matter = item
    given_back(road)
    road.matter = case
    closed(road)
    after = totals(window, world)
    for label, was, became in (
        ("Leads received", "0", "1"),
        ("Cases filed", "0", "1"),
        ("Sanctioned", "0", "1"),
        ("Received", "0.00", "16,800.00"),
        ("Returned to villagers", "0.00", "16,800.00"),
        ("In custody", "0.00", "0.00"),
    ):
        said = window.say(label)
        assert (label, before[said], after[said]) == (label, was, became)


def _named(typed: dict[str, Typed]) -> dict[str, Typed]:
    """Names of controls, some of which Python can't spell."""
    return {name.replace("__", "-"): value for name, value in typed.items()}


def totals(window: Window, world: World) -> dict[str, str]:
    """What the figures page says now, each number under its own words."""
    window.become(world.auditor)
    window.open("/figures")
    found = {}
    for each in window.page.locator(".figures > div").all():
        number = each.locator("dd.big")
        unit = number.locator(".unit").inner_text()
        found[each.locator("dt").inner_text()] = number.inner_text().removesuffix(unit).strip()
    return found


def logged(road: Road) -> None:
    """By the desk, after signing in by name and password."""
    window, world = road.window, road.world
    window.sign_in(world.investigator)
    window.follow("Log a lead")
    form = window.form("/log")
    window.fill(
        form,
        {
            "source": "supervision", "received_on": ON, "where": "上岩洲镇西塘桥村",
            "what": "虚报2017年度造林面积，多领补助。", "name": "梁启元",
            "position": "村主任", "rank": "village_staff",
        },
    )  # fmt: skip
    window.press("Log this lead")
    assert window.path.startswith("/matters/"), window.words
    road.matter = window.path
    assert "YC2018-0001" in window.words


def verified(road: Road) -> None:
    """Registered, assigned, assessed, and verified by two."""
    world = road.world
    department = str(world.unit("YC-O03").id)
    road.take(world.lead_manager, "register", repeats_checked="yes")
    road.take(
        world.lead_manager, "assign", department=department, no_conflict="yes", reason="归口。"
    )
    road.signed(world.deputy)
    road.take(world.department_head, "take_on", handler=str(world.investigator.account_id))
    road.take(
        world.investigator, "propose_disposal", method="verification", plan="先核面积。",
        reason="具体可查。", **MEETING,
    )  # fmt: skip
    road.signed(world.department_head)
    road.take(
        world.department_head, "verify", checkable="面积和兑付金额可查。", plan="两人一组。",
        team__2=str(world.other_investigator.account_id), reason="可查。",
    )  # fmt: skip
    road.signed(world.deputy, world.chief)
    road.take(
        world.investigator, "report_verification", allegations="虚报面积。",
        findings="虚报二十五亩。", proposal="建议立案。", reason="事实清楚。",
    )  # fmt: skip
    road.signed(world.other_investigator, world.department_head)


def filed(road: Road) -> None:
    world = road.world
    road.take(
        world.department_head, "file", facts_held="验收表与影像不符。", accountable="yes",
        organ="party", reason="需要追究责任。",
    )  # fmt: skip
    road.signed(world.deputy, world.chief)
    road.follow_number("AJ")
    road.take(
        world.investigator, "announce_filing", announced_on=ON, unit_told_on=ON,
        plan="方案和预案。", reason="已宣布。",
    )  # fmt: skip
    road.signed(world.other_investigator)


def taken_in(road: Road) -> str:
    """Money that is paid in for the case, and kept; gives its card."""
    window, world = road.window, road.world
    window.become(world.investigator)
    window.open(road.matter)
    window.follow("Log something taken in")
    form = window.form("/items/new")
    window.fill(form, {"form": "money", "intake": "collected", "description": "退缴补助款"})
    window.send(form)
    road.matter = window.path
    road.take(
        world.investigator, "control", measure="retention", controlled_on=ON, witness="村民代表",
        list_signed="yes", reason="本人退缴。",
    )  # fmt: skip
    road.signed(world.department_head, world.deputy)
    road.entered(
        world.investigator, "/receipt", amount=AMOUNT, happened_on=ON, bank_reference="00000431",
        paid_in_by="梁启元",
    )  # fmt: skip
    road.take(world.investigator, "keep", kept_by="keeper", count_agrees="yes", reason="清点一致。")
    road.signed(world.keeper)
    return road.matter


def heard(road: Road) -> None:
    """The facts are shown, the statement is answered, and adjudication has the file."""
    window, world = road.window, road.world
    road.take(
        world.investigator, "meet_on_facts", evidence_for="验收表、影像。",
        evidence_against="2018年春旱，部分枯死。", reason="材料齐备。",
    )  # fmt: skip
    road.signed(world.other_investigator)
    window.become(world.investigator)
    window.open(road.matter)
    window.follow("Record a statement")
    person = window.page.locator("[name=involvement_id] option[value*='-']").first
    form = window.form("/statements/new")
    window.fill(
        form,
        {"involvement_id": person.get_attribute("value") or "", "said": "部分属枯死待补植。"},
    )
    window.send(form)
    road.entered(world.investigator, "/answer", answer="已核减枯死面积。")
    road.take(
        world.investigator, "report", report="虚报二十五亩。", opinion_heard="已听取并答复。",
        proposal="建议给予警告。", crime_suspected="no", reason="事实清楚。",
    )  # fmt: skip
    road.signed(world.department_head, world.deputy, world.chief)
    road.take(world.adjudicator, "accept_file", complete="yes", reason="齐全。")
    road.signed(world.adjudication_head)
    road.take(
        world.adjudicator, "deliberate", talk_held_on=ON, opinion="事实清楚。", reason="提请审议。",
        **MEETING,
    )  # fmt: skip
    road.signed(world.adjudication_head, world.deputy, world.chief)


def given_back(road: Road) -> None:
    """Decided by the committee, listed, paid to two villagers, and settled."""
    window, world = road.window, road.world
    road.take(world.adjudicator, "propose_disposal", nature="多领的补助", owner="青山组二户")
    road.take(world.adjudicator, "decide_disposal", splits__refund=AMOUNT, reason="退还群众。")
    road.signed(world.adjudication_head, world.deputy, world.chief, world.secretary, **COMMITTEE)
    window.become(world.finance)
    window.open(road.matter)
    window.follow("Return list")
    form = window.form("/payees")
    window.fill(form, {"lines": "秦新 10000.00\n丁家 6800.00"})
    window.send(form)
    road.take(world.finance, "list_payees", list_published="yes", reason="已公示。")
    road.signed(world.deputy)
    window.become(world.finance)
    window.open(road.matter)
    window.follow("Pay back to people on the list")
    for each in window.page.locator("[name=payee]").all():
        each.check()
    form = window.form("/return")
    window.fill(form, {"happened_on": ON, "signed": "fingerprint"})
    window.send(form)
    road.take(world.finance, "settle", settled_on=ON, reason="已退还。")
    road.signed(world.keeper)


def closed(road: Road) -> None:
    """Decided, served, announced, closed."""
    window, world = road.window, road.world
    known_as_member(road)
    window.become(world.adjudicator)
    window.open(f"{road.matter}/act/decide")
    person = road.control("outcomes-")
    road.take(
        world.adjudicator, "decide", **{person: "party_warning"}, not_aggravated="yes",
        reason="提请决定。",
    )  # fmt: skip
    road.signed(world.secretary, **COMMITTEE)
    road.take(
        world.investigator, "serve", served_on=ON, reviews="party_review",
        review_where="本委审理室", review_until="2018-12-03", opinion_signed="yes",
        reason="已送达。",
    )  # fmt: skip
    road.signed(world.other_investigator)
    road.take(world.investigator, "announce", announced_on=ON, announced_to="村党支部党员大会")
    road.take(world.investigator, "close", unit_report_on=ON, reason="执行完毕。")
    road.signed(world.lead_manager)
    window.become(world.investigator)
    window.open(road.matter)
    assert "2018-09-03" in window.words
    assert not window.page.locator(".main-action").count()
    window.open("/cases")
    assert {"en": "closed", "zh_CN": "已结案"}[window.locale] in window.words


def known_as_member(road: Road) -> None:
    """Nobody said when the lead was logged whether he is in the Party; sanctions hang on it."""
    window, world = road.window, road.world
    window.become(world.adjudicator)
    window.open(f"{road.matter}/act/decide")
    window.see("Record first whether the person is a Party member.")
    window.become(world.investigator)
    window.open(road.matter)
    window.page.get_by_role("link", name="梁启元", exact=True).click()
    window.follow("Complete what is known")
    form = window.form("/change")
    window.fill(form, {"member": "yes"})
    window.send(form)
    assert window.path.startswith("/people/"), window.words
