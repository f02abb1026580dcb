"""A district in which every operation of the API has something to work on.

It is built once a process and copied for each operation, so what an id stands for is always the
same. `Seeds` names what was made; `Places` says what there is, and what of it each role sees.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pyotp
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import passkeys as domain_passkeys
from app.domain.kinds import Kind
from app.domain.ledgers.families import Family
from app.domain.permissions import Clearance, Permission, Role
from app.repositories import webhooks as webhook_rows
from app.services import (
    access,
    accounts,
    assignments,
    delegations,
    emergencies,
    factors,
    funds,
    involved,
    keys,
    leads,
    matters,
    passkeys,
    people,
    person_files,
    petitions,
    releases,
    saved_views,
    sessions,
    walls,
    watches,
    webhooks,
)
from app.services.funds import Payment
from app.services.imports import Source, uploads
from app.services.leads import NewLead
from app.services.petitions import NewPetition, Reporter
from tests import build_cases, build_matters, build_meetings
from tests.authenticators import NAME, ORIGIN, Authenticator
from tests.build_history import Made, Past
from tests.build_paper_signatures import look, one_of_each
from tests.build_papers import attach, mark
from tests.build_totals import build_district
from tests.builders import PASSWORD, SESSION, Someone, World

TODAY = date(2018, 9, 28)
LEDGER = """\
线索编号,受理日期,线索来源,被反映人,反映的主要问题,乡镇,村
YC2018-0901,2018-03-05,信访举报,张三,虚报造林面积,上岩洲镇,竹溪村
YC2018-0902,2018-03-06,巡察移交,李四,套取危房改造补助,上岩洲镇,没有的村
"""

Place = Mapping[str, str]
Seeds = dict[str, str]

# What there is, by the names that addresses and bodies have for it.
_PLACES = {
    "unit_id": "SELECT id AS unit_id FROM unit",
    "code": "SELECT code FROM unit",
    "account_id": "SELECT id AS account_id FROM account",
    "person_id": "SELECT id AS person_id FROM person",
    "organisation_id": "SELECT id AS organisation_id FROM organisation",
    "campaign_id": "SELECT id AS campaign_id FROM campaign",
    "matter_id": "SELECT id AS matter_id FROM matter",
    "petition_id": "SELECT id AS petition_id FROM petition",
    "item_id": "SELECT id AS item_id FROM fund_item",
    "item_id payee_id": "SELECT fund_item_id AS item_id, id AS payee_id FROM payee",
    "entry_id": "SELECT id AS entry_id FROM journal_entry",
    "line_id": "SELECT id AS line_id FROM bank_line",
    "request_id": "SELECT id AS request_id FROM request",
    "involvement_id": "SELECT id AS involvement_id FROM involvement",
    "matter_id statement_id": "SELECT matter_id, id AS statement_id FROM statement",
    "matter_id paper_id": "SELECT matter_id, id AS paper_id FROM matter_paper",
    "signature_id": "SELECT id AS signature_id FROM paper_signature",
    "matter_id task_id": "SELECT matter_id, id AS task_id FROM task",
    "batch_id": "SELECT id AS batch_id FROM import_batch",
    "assignment_id": "SELECT id AS assignment_id FROM assignment",
    "watch_id": "SELECT id AS watch_id FROM watch",
    "view_id": "SELECT id AS view_id FROM saved_view",
    "meeting_id": "SELECT id AS meeting_id FROM study_meeting",
    "meeting_id item_id": "SELECT meeting_id, id AS item_id FROM study_item",
    "grant_id": "SELECT id AS grant_id FROM access_grant",
    "delegation_id": "SELECT id AS delegation_id FROM delegation",
    "person_id relative_id": "SELECT person_id, id AS relative_id FROM relative",
    "person_id post_id": "SELECT person_id, id AS post_id FROM former_post",
    "account_id role_id": "SELECT account_id, id AS role_id FROM role_held",
}


@dataclass(frozen=True)
class Places:
    """By the names of an address's parts: what exists, and what of it somebody sees."""

    existing: Mapping[str, list[Place]]
    seen: Mapping[str, Mapping[str, list[Place]]] = field(default_factory=dict)

    def of(self, login: str, names: str) -> list[Place]:
        return self.seen.get(login, {}).get(names) or self.existing.get(names, [])


def survey(world: World, owner: psycopg.Connection[DictRow]) -> Places:
    """Row security itself says what each sees."""
    existing = {
        names: _plain(owner.execute(query.encode()).fetchall()) for names, query in _PLACES.items()
    }
    seen: dict[str, dict[str, list[Place]]] = {}
    for login, who in world.plan.people.items():
        with world.open("contract.survey", who) as tx:
            seen[login] = {names: _plain(tx.rows(query)) for names, query in _PLACES.items()}
    return Places(existing, seen)


def _plain(rows: Sequence[Mapping[str, Any]]) -> list[Place]:
    """In the order in which they were made: ids grow with time."""
    found = [{key: str(value) for key, value in row.items()} for row in rows]
    return sorted(found, key=lambda place: tuple(place.values())[::-1])


def build(world: World, owner: psycopg.Connection[DictRow]) -> Seeds:
    past = Past(world, owner)
    build_district(past)
    work = _at_work(world)
    made = {
        **work,
        **_money(past),
        **_received(world),
        **_staff(world),
        **_passkeys(world, owner),
        **_webhooks(world, owner),
        **_lent(world, work["verified"], work["person"]),
        **_watched(world, work["verified"]),
        **_assigned(world, work["submitted"]),
        **_linked(past),
        **_met(world),
        **_unsealed(past),
        **_urgent(past),
        **_left(past),
        **_attached(world, work["verified"]),
        **_on_paper(world),
        "chief": world.chief.account_id,
        "signed_on_paper": build_matters.DAY,
    }
    return {name: str(value) for name, value in made.items()}


def _at_work(world: World) -> dict[str, UUID]:
    """Leads and a case as the services leave them, and requests that wait."""
    submitted = build_matters.log(world, world.investigator)
    mine = build_matters.verified(world)
    asked = build_matters.log(world, world.lead_manager)
    department = str(world.unit("YC-O03").id)
    done = build_matters.act(
        world, world.lead_manager, asked, "assign", department=department, no_conflict=True
    )
    assert done.request_id is not None
    build_matters.log(world, world.inspector)
    _handed_in(world)
    adjudicated = build_cases.investigated(world)
    build_cases.heard(world, adjudicated)
    build_cases.adjudicated(world, adjudicated)
    case = build_matters.filed_case(world)
    with world.open("contract.build", world.investigator) as tx:
        (person,) = matters.open_matter(tx, case).people
        statement = involved.record_statement(
            tx, case, involvement_id=person["id"], said="部分属枯死待补植。"
        )
        known = people.create_person(tx, name="梁启元", unit_id=world.village.id)
        people.create_organisation(tx, name="松山乡农机合作社", unit_id=world.other_township.id)
    cleared, task = _cleared(world)
    return {
        "submitted": submitted,
        "verified": mine,
        "request": done.request_id,
        "case": case,
        "involvement": person["id"],
        "statement": statement,
        "person": known,
        "cleared": cleared,
        "task": task,
    }


def _watched(world: World, lead: UUID) -> dict[str, UUID]:
    """A matter and a view that the deputy watches."""
    with world.open("contract.build", world.deputy) as tx:
        watch = watches.watch_matter(tx, lead)
        saved_views.keep(tx, Kind.LEAD, name="新报送线索", query="state=submitted")
        view = saved_views.mine(tx, Kind.LEAD)[0]["id"]
        return {"watch": watch, "view_watch": watches.watch_view(tx, view)}


def _assigned(world: World, lead: UUID) -> dict[str, UUID]:
    """Sent too early: the lead isn't registered yet."""
    sent = assignments.Sent(
        kind=Kind.LEAD, event="assign", form={}, reason="分办。", items=[(lead, None)]
    )
    with world.open("contract.build", world.lead_manager) as tx:
        key = assignments.begin(tx, sent, key="contract")
    assignments.carry_out(lambda use: world.open(use, world.lead_manager), key, sent)
    return {"assignment": key, "handler": world.investigator.account_id}


def _handed_in(world: World) -> UUID:
    """A lead of a reporting unit's own."""
    with world.open("contract.build", world.reporting_unit) as tx:
        return leads.log_lead(
            tx,
            NewLead(
                source="supervision", received_on=build_matters.DAY, what="补助未到账。",
                unit_id=world.unit("YC-T02-V01").id,
            ),
        )  # fmt: skip


def _cleared(world: World) -> tuple[UUID, UUID]:
    """A lead that was not borne out, and what is owed to the person for it."""
    lead = build_matters.verified(world)
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, lead, "report_verification",
            allegations="虚报。", findings="无证据。", proposal="查否。",
        ),
    )  # fmt: skip
    with world.open("contract.build", world.investigator) as tx:
        (person,) = matters.open_matter(tx, lead).people
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.department_head, lead, "conclude", basis="无证据支持。",
            outcomes=[{"subject": str(person["id"]), "measure": "unfounded"}],
        ),
    )  # fmt: skip
    with world.open("contract.build", world.investigator) as tx:
        task, *_ = matters.open_matter(tx, lead).tasks
    return lead, task["id"]


def _money(past: Past) -> dict[str, UUID]:
    """Fund items on every part of their way, with money on them."""
    world = past.world
    lead = past.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
    past.join(lead, world.investigator)
    hands = {
        "taken_in_by": world.investigator, "kept_by": world.keeper, "decided_by": world.chief
    }  # fmt: skip

    def item(state: str) -> Made:
        made = past.item(lead, state=state, **hands)
        past.receipt(lead, made, "90000.00", date(2018, 5, 2))
        return made

    def payee(of: Made) -> UUID:
        made = new_id()
        past.insert("payee", id=made, fund_item_id=of.id, name="魏宇强", amount="16800.00")
        return made

    controlled = past.item(lead, state="controlled", taken_in_by=world.investigator)
    decided, settling = item("decided"), item("settling")
    unlisted, owed, due = payee(decided), payee(settling), payee(settling)
    return {
        "controlled": controlled.id,
        "decided": decided.id,
        "unlisted": unlisted,
        "settling": settling.id,
        "payee": owed,
        "line": past.suspended("77.00", date(2018, 4, 3), counterparty="孙七"),
        "money_lead": lead.id,
        "paid": _paid(world, settling.id, due),
    }


def _paid(world: World, item_id: UUID, payee_id: UUID) -> UUID:
    """An entry that was recorded by hand, and whose payee hasn't signed yet."""
    world.clock.set(TODAY)
    with world.open("contract.build", world.finance) as tx:
        (done,) = funds.pay_returns(
            tx, item_id, [Payment(payee_id=payee_id, amount="16800.00")], happened_on=TODAY
        )
    return done.entry_id


def _received(world: World) -> dict[str, UUID]:
    """Petitions and ledgers that wait."""
    world.clock.set(TODAY)
    with world.open("contract.build", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=TODAY,
                content="我在村里开店，亲眼看到。", unit_id=world.village.id,
                reporter=Reporter(name="田有福", contact="13900000000"),
            ),
        )  # fmt: skip
        petitions.write_summary(tx, petition, summary="反映补助未足额发放。")
    with world.open("contract.build", world.lead_manager) as tx:
        batch = uploads.receive(tx, Source(LEDGER.encode(), "leads.csv"), Family.LEADS)
    return {"petition": petition, "batch": batch}


def _lent(world: World, matter_id: UUID, person_id: UUID) -> dict[str, UUID | date]:
    """Sight of a matter and a role, each for a time; and near relatives."""
    with world.open("contract.build", world.department_head) as tx:
        grant = access.let_see(tx, matter_id, login="inspector", reason="核对账目。", days=14)
    with world.open("contract.build", world.chief) as tx:
        last_day = tx.lasting_day() + timedelta(days=7)
        delegation = delegations.delegate(
            tx, login="deputy", reason="出差。", begins_on=None, last_day=last_day
        )
    with world.open("contract.build", world.investigator) as tx:
        relative = people.create_person(tx, name="梁启明", unit_id=world.village.id)
        stranger = people.create_person(tx, name="吴秀兰", unit_id=world.village.id)
        kin = walls.declare_relative(tx, person_id, relative_id=relative, kinship="sibling")
        post = person_files.add_post(tx, person_id, place="邻县财政所", begins="2012-03")
    return {
        "grant": grant,
        "delegation": delegation,
        "last_day": last_day,
        "kin": kin,
        "post": post,
        "stranger": stranger,
    }


def _linked(past: Past) -> dict[str, UUID]:
    """A lead whose handler a linked report accuses, and one who keeps off it."""
    lead = build_matters.verified(past.world)
    accused, report = past.accused_handler(lead)
    walled, _report = past.accused_handler(lead, declared="被反映人是我的同学。")
    named, involved, namesake = build_matters.namesake(past.world)
    return {
        "linked": lead, "accused": accused, "report": report, "walled": walled,
        "named": named, "involved": involved, "namesake": namesake,
    }  # fmt: skip


def _met(world: World) -> dict[str, UUID]:
    """Study meetings: one drawn up, one that its recorder signed, one signed by both."""
    asked, offered, recorded, mended, signed = (build_meetings.closing(world)[1] for _ in range(5))
    drafted = build_meetings.meeting(world, asked)
    waiting, mending = (build_meetings.recorded(world, each) for each in (recorded, mended))
    done = build_meetings.held(world, signed)
    (place,) = build_meetings.read(world, world.lead_manager, drafted).places
    return {
        "meeting": drafted,
        "meeting_item": place.row["id"],
        "offered": offered,
        "recorded_meeting": waiting,
        "mended_meeting": mending,
        "signed_meeting": done,
        "chair": world.deputy.account_id,
        "present": world.chief.account_id,
        "also_present": world.investigator.account_id,
    }


def _unsealed(past: Past) -> dict[str, UUID]:
    """Petitions whose handler asked for what is sealed: one waits, two are released."""
    waiting, released, ending = (_asked(past, name) for name in ("甲", "乙", "丙"))
    scan = attach(past.world, past.world.intake_officer, released[0], original=True)
    for petition, release in (released, ending):
        with past.world.open("contract.build", past.world.petitions_head) as tx:
            releases.decide(tx, petition, release, approved=True, reason="仅供核实。")
    return {
        "unsealing": waiting[0],
        "asked_release": waiting[1],
        "released": released[1],
        "ending_release": ending[1],
        "scan": scan,
    }


def _urgent(past: Past) -> dict[str, UUID | str]:
    """Leads that an inspector declared an emergency on; of one the review is to be closed."""
    world = past.world
    leads = [build_matters.log(world, world.investigator) for _ in range(3)]
    found: list[UUID] = []
    for lead in leads:
        with world.open("contract.build", world.chief) as tx:
            number: str = matters.head(tx, lead)["number"]
        with world.open("contract.build", world.inspector) as tx:
            declared = emergencies.declare(
                tx, kind=Kind.LEAD, number=number, reason="承办人联系不上。"
            )
        assert declared is not None
        found.append(declared)
    return {
        "urgent": leads[2],
        "urgent_number": number,
        **dict(zip(("emergency", "ending_emergency", "waiting_emergency"), found, strict=True)),
    }


def _attached(world: World, lead: UUID) -> dict[str, UUID]:
    """Papers of a lead; of one somebody says that it was attached by mistake."""
    paper, marked = (attach(world, world.investigator, lead) for _ in range(2))
    mark(world, world.investigator, lead, marked)
    return {"paper": paper, "marked_paper": marked}


def _on_paper(world: World) -> dict[str, UUID]:
    """Signatures on paper, each as far as the next step of it; and a scan for another."""
    found = one_of_each(world)
    look(world, found["entered"])
    found["scan_of_signature"] = attach(world, world.lead_manager, found["unentered"])
    return found


def _left(past: Past) -> dict[str, UUID]:
    """A lead whose handler has left."""
    world = past.world
    leaver = world.hire("leaver", Role.INVESTIGATOR, "YC-O03")
    lead = build_matters.verified(world)
    with world.open("contract.build", world.investigator) as tx:
        matters.hand_over(tx, lead, to_account=leaver.account_id, reason="换人。")
    with world.open("contract.build", world.administrator) as tx:
        version = accounts.read_account(tx, leaver.account_id)["version"]
        accounts.change_account(
            tx, leaver.account_id, seen_version=version, changes={"active": False}
        )
    return {"left": lead, "leaver": leaver.account_id}


def _asked(past: Past, reporter: str) -> tuple[UUID, UUID]:
    world = past.world
    petition = past.petition_of(world.investigator, reporter=reporter)
    with world.open("contract.build", world.investigator) as tx:
        asked = releases.ask(tx, petition, reporter=True, wording=True, reason="需核实日期。")
    return petition, asked


def _staff(world: World) -> dict[str, UUID | str]:
    """An account that may be changed without anybody missing it."""
    spare = world.hire("spare", Role.INVESTIGATOR, "YC-O03")
    with world.open("contract.build", world.administrator) as tx:
        link = accounts.make_password_link(tx, spare.account_id)
        (role,) = accounts.read_account(tx, spare.account_id)["roles"]
        asked = accounts.grant_role(
            tx, account_id=spare.account_id, role=Role.INSPECTOR, unit_id=world.township.id
        )
        accounts.change_account(
            tx, spare.account_id, changes={"clearance": Clearance.SEALED},
            seen_version=accounts.read_account(tx, spare.account_id)["version"],
        )  # fmt: skip
        (change,) = accounts.waiting_changes(tx)
    opened = accounts.sign_in(
        world.office, login="keeper", password=PASSWORD, lifetime=SESSION,
        coming=accounts.Coming("program"),
    )  # fmt: skip
    with world.office.work(opened.session, use_case="contract.build") as tx:
        refresh = sessions.give_refresh(tx)
        (session,) = (each["id"] for each in sessions.list_sessions(tx) if each["current"])
    return {
        **_second_factors(world, spare),
        "session": session,
        "refresh": refresh,
        "spare": spare.account_id,
        "role": role["id"],
        "role_request": asked,
        "change_request": change["id"],
        "link": link,
        "colleague": world.other_investigator.account_id,
        "district": world.district.id,
        "village": world.village.id,
    }


def _second_factors(world: World, spare: Someone) -> dict[str, str]:
    """Two that are set up, and one that waits for its first code."""
    for who in (world.auditor, spare):
        with world.open("contract.build", who) as tx:
            begun = factors.begin(tx)
        with world.open("contract.build", who) as tx:
            factors.confirm(tx, code_now(begun.secret))
    with world.open("contract.build", world.keeper) as tx:
        begun = factors.begin(tx)
        key = keys.make_key(tx, name="statistics", scope=[Permission.UNITS_READ], days=90)
    return {"key": str(key.id), "authenticator": begun.secret}


def _webhooks(world: World, owner: psycopg.Connection[DictRow]) -> dict[str, str]:
    """One that sends, with a message that waits, and one that nobody has confirmed."""
    address = "https://archive.example/plumbline"
    with world.open("contract.build", world.deputy) as tx:
        sends, waits = (
            webhooks.subscribe(tx, name=name, address=address, events=(), days=30, inside=False)
            for name in ("archive", "screen")
        )
    with world.open("contract.build", world.administrator) as tx:
        webhooks.confirm(tx, sends.id)
    with world.open("contract.build", world.operator) as tx:
        webhook_rows.add_delivery(tx, sends.id, matter_id=None, events=[], at=tx.now)
    row = owner.execute("SELECT id FROM webhook_delivery").fetchone()
    assert row is not None
    return {
        "webhook": str(sends.id),
        "waiting_webhook": str(waits.id),
        "delivery": str(row["id"]),
    }


def _passkeys(world: World, owner: psycopg.Connection[DictRow]) -> dict[str, str]:
    """One that was made, and answers to challenges that wait longer than they would."""
    place = domain_passkeys.Place(NAME, ORIGIN)
    mine, new = Authenticator(), Authenticator()
    with world.open("contract.build", world.finance) as tx:
        made = mine.make(passkeys.begin(tx, place))
        challenge = passkeys.take(tx, made)
        added = passkeys.add(tx, place, challenge, made, "key on the ring")
        answer = mine.but(counter=2).answer(passkeys.ask_again(tx, place))
    with world.open("contract.build", world.keeper) as tx:
        asked = new.make(passkeys.begin(tx, place))
    owner.execute("UPDATE passkey_challenge SET made_at = now() + interval '1 day'")
    return {
        "passkey": str(added.passkey_id),
        "passkey_made": json.dumps(asked),
        "passkey_answer": json.dumps(answer),
    }


def code_now(secret: str) -> str:
    """What an authenticator shows."""
    return str(pyotp.TOTP(secret).now())
