"""A district at work on one day, with something on every page, made once for all visits.

What people did stands there by the real services; a backlog beside it is written as an import
leaves it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from app.domain.kinds import Kind
from app.domain.ledger import Intake
from app.domain.passkeys import Place
from app.domain.permissions import Role
from app.repositories import webhooks as webhook_rows
from app.routers.csrf import FIELD, token
from app.services import (
    accounts,
    assignments,
    corrections,
    emergencies,
    fund_items,
    funds,
    involved,
    matters,
    papers,
    passkeys,
    person_files,
    petitions,
    releases,
    saved_views,
    watches,
    webhooks,
)
from app.services.corrections import Said
from app.services.demo_door import Card, DemoDoor
from app.services.fund_items import NewItem
from app.services.funds import Payment
from app.services.petitions import NewPetition, Reporter
from tests import build_matters, build_meetings
from tests.authenticators import NAME, ORIGIN, Authenticator
from tests.build_history import Made, Past
from tests.build_matters import act, sign_all
from tests.build_paper_signatures import one_of_each
from tests.build_papers import attach, mark, pdf, photo
from tests.build_totals import build_district
from tests.builders import PASSWORD, Someone, World
from tests.clients import Doors
from tests.pages.served import served

TODAY = date(2018, 9, 28)
LEAVER = "leaver"  # the login of a handler who has left
LEDGER = """\
线索编号,受理日期,线索来源,被反映人,政治面貌,反映的主要问题,乡镇,村,处置方式,立案日期,党纪处分,办结日期
YC2018-0901,2018-03-05,信访举报,张三,群众,虚报造林面积,上岩洲镇,竹溪村,初步核实,2018-04-01,警告,2018-06-01
YC2018-0902,2018-03-06,巡察移交,李四,,套取危房改造补助,上岩洲镇,没有的村,,,,
"""
TRIES = {
    "en": ("Log a lead in a minute", "Read and sign what waited longest", "See what is due"),
    "zh_CN": ("一分钟内登记一条线索", "阅读并签批等得最久的请求", "看本周到期的事项"),
}


@dataclass
class Standing:
    """The district, ways into the application on it, and what stands there by name."""

    world: World
    doors: Doors
    past: Past
    ids: dict[str, str]

    def put(self, **named: object) -> None:
        self.ids.update({name: str(value) for name, value in named.items()})


def build_standing(world: World, doors: Doors, owner: psycopg.Connection[DictRow]) -> Standing:
    past = Past(world, owner)
    standing = Standing(world, doors, past, {})
    build_district(past)
    _a_ledger(past)
    for build in (
        _leads,
        _watches,
        _corrections,
        _assignment,
        _papers,
        _on_paper,
        _cases,
        _petitions,
        _meetings,
        _emergencies,
        _leavers,
        _money,
        _people,
        _imports,
        _webhooks,
    ):
        build(standing)
    owner.execute(
        'UPDATE doubt SET "values" = \'{"happened_on": "2018-02-01", "received_on": "2018-03-05"}\''
        " WHERE rule = 'received_before_lead'"
    )
    owner.execute(
        "UPDATE installation SET demo = true, demo_day = %s, body_name = '云川区纪委监委',"
        " body_name_en = 'Yunchuan District Commission for Discipline Inspection'",
        (TODAY,),
    )
    world.clock.set(TODAY)
    doors.app.state.demo = _door(world)
    return standing


def _a_ledger(past: Past) -> None:
    """More than one page of leads, of every lateness."""
    for at in range(60):
        past.lead(
            received_on=date(2018, 1 + at % 8, 1 + at % 28), due_on=date(2018, 9, 1 + at % 30),
            title="反映西塘桥村干部虚报造林面积、多领退耕还林补助并长期未予公示的问题",
        )  # fmt: skip


def _leads(standing: Standing) -> None:
    """One verified by a team, one that waits for a signature, one that came back, one to tell."""
    world, owner = standing.world, standing.past.owner
    lead = build_matters.verified(world)
    other = build_matters.log(world, world.inspector)
    owner.execute(
        "INSERT INTO possible_repeat (id, matter_id, other_id, why) VALUES"
        ' (gen_random_uuid(), %s, %s, \'{"reason": "person_and_unit"}\')',
        (other, lead),
    )
    asked = build_matters.log(world, world.investigator)
    act(world, world.lead_manager, asked, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    waits = act(world, world.lead_manager, asked, "assign", department=department, no_conflict=True)
    told = _concluded(world)
    with world.open("read", world.investigator) as tx:
        task = matters.open_matter(tx, told).tasks[0]["id"]
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, lead, text="村支书提供了公示照片三张，拍摄日期可见。")
    person = owner.execute(
        "SELECT person_id AS id FROM involvement WHERE matter_id = %s", (lead,)
    ).fetchone()
    assert person is not None
    with world.open("people.add_post", world.investigator) as tx:
        person_files.add_post(
            tx, person["id"], unit_id=world.village.id, position="村会计", begins="2012-03",
            ends="2016-07",
        )  # fmt: skip
    with world.open("people.open_file", world.lead_manager) as tx:
        person_files.open_file(tx, person["id"], reason="分办前核对与承办人有无关联。")
    guarded = build_matters.verified(world)
    accused, report = standing.past.accused_handler(guarded)
    walled, _report = standing.past.accused_handler(guarded, declared="被反映人是我的同学。")
    standing.put(guarded=guarded, accused=accused, report=report, walled=walled)
    named, involved, namesake = build_matters.namesake(world)
    standing.put(named=named, involved=involved, namesake=namesake)
    standing.put(
        lead=lead, repeated=other, asked=asked, request=waits.request_id, told=told, task=task,
        person=person["id"],
    )  # fmt: skip


def _watches(standing: Standing) -> None:
    """A matter on which somebody else did something since, in a view that is watched too."""
    world, lead = standing.world, UUID(standing.ids["lead"])
    with world.open("watches.begin", world.chief) as tx:
        watches.watch_matter(tx, lead)
        saved_views.keep(tx, Kind.LEAD, name="初核中的线索", query="state=verifying")
        view = saved_views.mine(tx, Kind.LEAD)[0]["id"]
        watches.watch_view(tx, view)
        watch = watches.watch_matter(tx, UUID(standing.ids["told"]))
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, lead, text="公示照片已与影像比对。")
    standing.put(watch=watch, view=view)


def _corrections(standing: Standing) -> None:
    """A title with three versions, a correction that waits for those who signed, and a request
    that somebody reads after what it rests on was corrected."""
    world = standing.world
    corrected, since = (build_matters.log(world, world.investigator) for _ in range(2))
    act(world, world.lead_manager, since, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    waits = act(world, world.lead_manager, since, "assign", department=department, no_conflict=True)
    for lead, title in (
        (corrected, "西塘桥村虚报造林面积二十五亩"),
        (corrected, "西塘桥村虚报造林面积三十五亩"),
        (since, "西塘桥村虚报退耕造林面积"),
    ):
        with world.open("matters.correct", world.investigator) as tx:
            corrections.correct(
                tx, lead, Said(field="title", value=title, reason="与举报信原文核对后更正。")
            )
    signed = build_matters.verified(world)
    with world.open("matters.ask_correction", world.investigator) as tx:
        done = corrections.ask(
            tx,
            signed,
            Said(field="what", value="虚报2016年度造林面积，多领补助。", reason="年度抄错。"),
        )
    standing.put(corrected=corrected, since=waits.request_id, correction=done.request_id)


def _assignment(standing: Standing) -> None:
    """Sent by a lead manager: one waits for a signature already, one isn't theirs to see."""
    world = standing.world
    form = {"department": str(world.unit("YC-O03").id), "no_conflict": True}
    sent = assignments.Sent(
        kind=Kind.LEAD, event="assign", form=form, reason="按职责分工分办。",
        items=[(UUID(standing.ids["asked"]), None), (world.unit("YC").id, None)],
    )  # fmt: skip
    with world.open("assignments.begin", world.lead_manager) as tx:
        assignment = assignments.begin(tx, sent, key="standing")
    assignments.carry_out(
        lambda use_case: world.open(use_case, world.lead_manager), assignment, sent
    )
    standing.put(assignment=assignment, handler=world.investigator.account_id)


def _papers(standing: Standing) -> None:
    """A PDF of a lead, a photograph that somebody says is a mistake, and one that was."""
    world, lead = standing.world, UUID(standing.ids["lead"])
    paper = attach(world, world.investigator, lead, pdf(3), name="造林补助验收表.pdf")
    marked, mistaken = (
        attach(world, world.investigator, lead, photo(shade=shade), name=f"收条{shade}.jpg")
        for shade in (180, 220)
    )
    for each in (marked, mistaken):
        mark(world, world.investigator, lead, each)
    with world.open("papers.decide", world.other_investigator) as tx:
        papers.decide(tx, lead, mistaken, mistaken=True)
    standing.put(paper=paper, marked_paper=marked, mistaken_paper=mistaken)


def _on_paper(standing: Standing) -> None:
    """Signatures on paper: one to enter, to compare, to answer, and an objection."""
    standing.put(**one_of_each(standing.world))


def _concluded(world: World) -> Any:
    """A lead that was not borne out, whose person is still to be told."""
    told = build_matters.verified(world)
    sign_all(
        world,
        act(
            world, world.investigator, told, "report_verification",
            allegations="虚报。", findings="无证据。", proposal="查否。",
        ),
    )  # fmt: skip
    with world.open("read", world.investigator) as tx:
        person = str(matters.open_matter(tx, told).people[0]["id"])
    outcomes = [{"subject": person, "measure": "unfounded"}]
    sign_all(
        world,
        act(
            world, world.department_head, told, "conclude", basis="无证据支持。", outcomes=outcomes
        ),
    )
    return told


def _cases(standing: Standing) -> None:
    """A case in its fact meeting, with a statement that has no answer yet."""
    world = standing.world
    case = build_matters.filed_case(world)
    for event, form in (
        ("announce_filing", {"announced_on": "2018-09-03", "unit_told_on": "2018-09-03",
                             "plan": "两人以上。"}),
        ("meet_on_facts", {"evidence_for": "验收表。", "evidence_against": "旱灾。"}),
    ):  # fmt: skip
        sign_all(world, act(world, world.investigator, case, event, **form))
    with world.open("statement", world.investigator) as tx:
        (person,) = matters.open_matter(tx, case).people
        said = involved.record_statement(
            tx, case, involvement_id=person["id"], said="部分属枯死待补植，并非虚报。"
        )
    with world.open("items", world.investigator) as tx:
        item = fund_items.create_fund_item(
            tx, case, NewItem(intake=Intake.COLLECTED, description="退缴造林补助款")
        )
    sign_all(
        world,
        act(
            world, world.investigator, item, "control", measure="retention",
            controlled_on="2018-09-03", witness="村民代表", list_signed=True,
        ),
    )  # fmt: skip
    with world.open("money", world.investigator) as tx:
        funds.record_receipt(
            tx, item, amount="16800.00", happened_on=date(2018, 9, 3), bank_reference="00000431",
            paid_in_by="梁启元",
        )  # fmt: skip
    standing.put(case=case, statement=said, item=item)


def _petitions(standing: Standing) -> None:
    world = standing.world
    world.clock.set(TODAY)
    with world.open("log", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=date(2018, 9, 20),
                content="反映西塘桥村危改补助未足额发放。", unit_id=world.village.id,
                reporter=Reporter(name="张三丰", contact="13800000000"),
            ),
        )  # fmt: skip
    handled = standing.past.petition_of(world.investigator, reporter="张三丰")
    with world.open("release", world.investigator) as tx:
        release = releases.ask(
            tx, handled, reporter=True, wording=True, reason="需向举报人核实面积。"
        )
    standing.put(petition=petition, handled=handled, release=release)


def _meetings(standing: Standing) -> None:
    """Study meetings: one drawn up, one whose recorder has signed, one that both have."""
    world = standing.world
    signed = [build_meetings.closing(world)[1] for _ in range(2)]
    meeting = build_meetings.meeting(world, *signed)
    build_meetings.decide(world, meeting, signed[0], reason="反映笼统，无可查性，同意了结。")
    build_meetings.decide(world, meeting, signed[1], "return", reason="先核对村账，再报。")
    build_meetings.record(world, meeting)
    build_meetings.sign(world, meeting)
    standing.put(signed_meeting=meeting)
    _lead, recorded = build_meetings.closing(world)
    standing.put(recorded_meeting=build_meetings.meeting(world, recorded))
    recorded_meeting = UUID(standing.ids["recorded_meeting"])
    build_meetings.decide(world, recorded_meeting, recorded, reason="同意了结。")
    build_meetings.record(world, recorded_meeting)
    lead, asked = build_meetings.closing(world)
    build_meetings.closing(world)  # waits, and could be put on
    drafted = build_meetings.meeting(world, asked)
    (place,) = build_meetings.read(world, world.lead_manager, drafted).places
    standing.put(meeting=drafted, meeting_item=place.row["id"], on_agenda=lead)


def _emergencies(standing: Standing) -> None:
    """A lead of somebody else's that an inspector reads in an emergency."""
    world = standing.world
    urgent = build_matters.log(world, world.investigator, day=TODAY)
    with world.open("number", world.chief) as tx:
        number = matters.head(tx, urgent)["number"]
    with world.open("emergency", world.inspector) as tx:
        emergency = emergencies.declare(
            tx, kind=Kind.LEAD, number=number, reason="群众来电称今晚转移账册，承办人联系不上。"
        )
    standing.put(urgent=urgent, emergency=emergency)


def _leavers(standing: Standing) -> None:
    """A lead whose handler has left."""
    world = standing.world
    leaver = world.hire(LEAVER, Role.INVESTIGATOR, "YC-O03", name="何立群")
    left = standing.past.lead(
        received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))]
    )
    standing.past.join(left, leaver)
    with world.open("leave", world.administrator) as tx:
        version = accounts.read_account(tx, leaver.account_id)["version"]
        accounts.change_account(
            tx, leaver.account_id, seen_version=version, changes={"active": False}
        )


def _money(standing: Standing) -> None:
    """Items at each point where somebody enters money: in, listed, paid back."""
    past, world = standing.past, standing.world
    lead = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    past.join(lead, world.investigator)
    hands = {"taken_in_by": world.investigator, "kept_by": world.keeper}
    held = past.item(lead, state="in_custody", **hands)
    past.receipt(lead, held, "5400.00", date(2018, 5, 1), intake="surrendered")
    decided = past.item(lead, state="decided", decided_by=world.chief, **hands)
    past.receipt(lead, decided, "12000.00", date(2018, 5, 2))
    paying = past.item(lead, state="settling", decided_by=world.chief, **hands)
    past.receipt(lead, paying, "4970.00", date(2018, 5, 3))
    for item in (decided, paying):
        _listed(past, item, "石桂芳", "1360.00")
        _listed(past, item, "丁有田", "1250.00")
    paid = past.repaid(lead, paying, "2360.00", date(2018, 9, 27), "石桂芳")
    line = past.suspended("77.00", date(2018, 4, 3), counterparty="孙七")
    standing.put(held=held.id, decided=decided.id, paying=paying.id, entry=paid, line=line)
    _unsigned(standing)


def _unsigned(standing: Standing) -> None:
    """Somebody who was paid and has not signed yet."""
    past, world = standing.past, standing.world
    item = past.item_to_repay("settling")
    with world.open("funds.pay", world.finance) as tx:
        row = funds.open_item(tx, item.id).payees[0]
        payment = Payment(payee_id=row["id"], amount=row["amount"])
        [posted] = funds.pay_returns(tx, item.id, [payment], happened_on=date(2018, 9, 28))
    standing.put(unsigned=posted.entry_id)


def _listed(past: Past, item: Made, name: str, amount: str) -> None:
    past.insert("payee", id=past.person(name), fund_item_id=item.id, name=name, amount=amount)


def _people(standing: Standing) -> None:
    world = standing.world
    key, place = Authenticator(counter=5), Place(NAME, ORIGIN)
    with world.open("passkey", world.secretary) as tx:
        made = key.make(passkeys.begin(tx, place))
        passkeys.add(tx, place, passkeys.take(tx, made), made, "工作手机")
    standing.past.owner.execute("UPDATE passkey SET doubted_at = now()")
    # Not today: the guide shows it. They last by the real day, told as far from the demo's.
    standing.past.owner.execute(
        "UPDATE role_held SET begins_on = guard.today() - %s", ((TODAY - date(2018, 1, 1)).days,)
    )
    with world.open("link", world.administrator) as tx:
        link = accounts.make_password_link(tx, world.keeper.account_id)
    standing.put(
        account=world.investigator.account_id, unit=world.township.id, link=link,
    )  # fmt: skip


def _webhooks(standing: Standing) -> None:
    """One that sends, with a message that was answered by an error, and one that waits."""
    world = standing.world
    address = "https://archive.example/plumbline"
    with world.open("webhook", world.deputy) as tx:
        sends, _waits = (
            webhooks.subscribe(tx, name=name, address=address, events=(), days=30, inside=False)
            for name in ("归档系统", "大屏")
        )
    with world.open("webhook", world.administrator) as tx:
        webhooks.confirm(tx, sends.id)
    matter = UUID(standing.ids["lead"])
    with world.open("webhook", world.operator) as tx:
        for events in (["logged", "people"], ["step"]):
            webhook_rows.add_delivery(tx, sends.id, matter_id=matter, events=events, at=tx.now)
    standing.past.owner.execute("UPDATE webhook_delivery SET attempts = 2, status = 502")
    standing.put(webhook=sends.id)


def _imports(standing: Standing) -> None:
    """A ledger that was tried, and one that was taken in with a doubtful row."""
    world, doors = standing.world, standing.doors
    tried, taken = (_sent(doors, world.lead_manager, text) for text in (LEDGER, _another()))
    browser = doors.browser(world.lead_manager)
    form = served(browser.get(f"/log/import/{taken}")).form("/commit")
    served(browser.get(form.submit(browser).headers["location"]))
    doubt = standing.past.owner.execute(
        "SELECT id FROM doubt WHERE settled_on IS NULL AND batch_id = %s", (taken,)
    ).fetchone()
    assert doubt is not None
    standing.put(batch=tried, taken=taken, doubt=doubt["id"])


def _another() -> str:
    return LEDGER.replace("YC2018-09", "YC2018-08")


def _sent(doors: Doors, who: Someone, text: str) -> str:
    answer = doors.browser(who).post(
        "/log/import",
        data={FIELD: token(doors.keys, who.session), "family": "leads"},
        files={"file": ("leads.csv", text.encode())},
    )
    assert answer.status_code == 303, answer.text[-600:]
    return str(answer.headers["location"].rsplit("/", 1)[1])


def _door(world: World) -> DemoDoor:
    people = [world.investigator, world.deputy, world.chief, world.auditor]
    return DemoDoor(
        cards=tuple(Card(who.login, who.name, who.role, TRIES) for who in people),
        passwords={who.login: PASSWORD for who in people},
    )
