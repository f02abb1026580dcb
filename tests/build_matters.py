"""Matters at work, for tests: a lead that is verified, a case that is filed.

Functions that take a `World` first; every step is signed by whoever the procedure asks for.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.permissions import Role
from app.repositories import requests as request_rows
from app.services import leads, matters, requests, workflow
from app.services.leads import NewLead
from app.services.openings import Reported
from app.services.workflow import Done
from tests.builders import Someone, World

DAY = date(2018, 9, 3)

SITTING = {
    "held_on": DAY.isoformat(),
    "chair": "陈正平",
    "present": ["陈正平", "冯立新", "王振华", "沈家和", "赵敏"],
    "recused": [],
    "votes_for": 5,
    "votes_against": 0,
    "abstained": 0,
    "minutes": "会议一致同意。",
}

STUDY = {
    "study_held_on": DAY.isoformat(),
    "study_chair": "王振华",
    "study_present": ["王振华", "李志强", "周海燕"],
    "study_recorder": "周海燕",
}


LIANG = Reported(name="梁启元", position="村主任", rank="village_staff", member=True)
QIU = Reported(
    name="邱国强", position="镇民政办主任", rank="other", member=True, public_employee=True
)


def log(world: World, who: Someone, *subjects: Reported, day: date = DAY) -> UUID:
    """A lead about the village's head, or about those named; none says quite what another does."""
    world.clock.set(day)
    world.logged += 1
    with world.open("leads.log", who) as tx:
        return leads.log_lead(
            tx,
            NewLead(
                source="supervision",
                received_on=day,
                what="虚报2017年度造林面积，多领补助。",
                unit_id=world.village.id,
                title="西塘桥村虚报造林面积",
                happened=None if world.logged == 1 else f"2017年第{world.logged}批",
                subjects=subjects or [LIANG],
            ),
        )


def act(world: World, who: Someone, matter_id: UUID, event: str, **form: object) -> Done:
    with world.open(f"leads.{event}", who) as tx:
        return workflow.act(tx, matter_id, event=event, form=form, reason="按程序办理")


def sign_all(
    world: World, done: Done, *, others: Mapping[Role, Someone] | None = None, **last: object
) -> Done:
    """Every place of the chain signs in turn, each by the first who holds it, or of `others`."""
    while not done.moved:
        assert done.request_id is not None
        with world.open("requests.read", world.chief) as tx:
            row = request_rows.request(tx, done.request_id)
        step = row["chain"][row["next_position"] - 1]
        final = row["next_position"] == len(row["chain"])
        who = (others or {}).get(step["role"]) or signer(world, row, step)
        form = dict(last) if final else {}
        if step["body"]:
            form |= SITTING
        with world.open("requests.sign", who) as tx:
            done = requests.sign(tx, done.request_id, reason="同意。", form=form)
    return done


def signer(world: World, row: dict[str, Any], step: dict[str, Any]) -> Someone:
    if step["role"] == "team":
        team = (world.investigator, world.other_investigator)
        named = step["account"]
        return next(
            each
            for each in team
            if each.account_id != row["requested_by"]
            and (named is None or str(each.account_id) == named)
        )
    return world.holder(Role(step["role"]))


def asked(world: World) -> tuple[UUID, UUID]:
    """A registered lead and the request to assign it, which waits for the deputy."""
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    done = act(
        world, world.lead_manager, lead, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True,
    )  # fmt: skip
    assert done.request_id is not None
    return lead, done.request_id


NAMESAKE = "same-name"  # the colleague's name to sign in with


def namesake(world: World) -> tuple[UUID, UUID, UUID]:
    """(a lead, whom it names, the account of a colleague of that name): nobody said who it is."""
    name = "司徒名同"
    them = world.hire(NAMESAKE, Role.INVESTIGATOR, "YC-O03", name=name)
    lead = log(world, world.lead_manager, Reported(name=name, alleged="多领补助"))
    with world.open("matters.read", world.lead_manager) as tx:
        [person] = matters.open_matter(tx, lead).people
    return lead, person["id"], them.account_id


def state(world: World, who: Someone, matter_id: UUID) -> str:
    with world.open("matters.read", who) as tx:
        return str(matters.open_matter(tx, matter_id).head["state"])


def verified(world: World, *subjects: Reported) -> UUID:
    """A lead that a team of two verifies."""
    lead_id = log(world, world.investigator, *subjects)
    department = world.unit("YC-O03")
    act(world, world.lead_manager, lead_id, "register", repeats_checked=True)
    sign_all(
        world,
        act(
            world, world.lead_manager, lead_id, "assign",
            department=str(department.id), no_conflict=True,
        ),
    )  # fmt: skip
    act(
        world, world.department_head, lead_id, "take_on",
        handler=str(world.investigator.account_id),
    )  # fmt: skip
    sign_all(
        world,
        act(
            world, world.investigator, lead_id, "propose_disposal",
            method="verification", plan="先核面积，再核兑付。", **STUDY,
        ),
    )  # fmt: skip
    team = [str(world.investigator.account_id), str(world.other_investigator.account_id)]
    sign_all(
        world,
        act(
            world, world.department_head, lead_id, "verify",
            checkable="面积和兑付金额可查。", team=team, plan="两人一组，先书证后谈话。",
        ),
    )  # fmt: skip
    return lead_id


def reported(world: World, *subjects: Reported) -> UUID:
    """A verified lead whose result waits to be decided."""
    lead_id = verified(world, *subjects)
    sign_all(
        world,
        act(
            world, world.investigator, lead_id, "report_verification",
            allegations="虚报面积。", findings="虚报二十五亩。", proposal="建议立案。",
        ),
    )  # fmt: skip
    return lead_id


def file(world: World, lead_id: UUID, **more: object) -> UUID:
    """The case that the lead's approved filing opened, or joined."""
    form = {"facts_held": "验收表与影像不符。", "accountable": True, "organ": "party", **more}
    sign_all(world, act(world, world.department_head, lead_id, "file", **form))
    with world.open("matters.read", world.chief) as tx:
        links = matters.open_matter(tx, lead_id).links
    found: UUID = next(each["other_id"] for each in links if each["kind"] == "lead_case")
    return found


def filed_case(world: World, *subjects: Reported) -> UUID:
    """The case that a verified lead's approved filing opened."""
    return file(world, reported(world, *subjects))


def people(world: World, matter_id: UUID) -> dict[str, str]:
    """Whom a matter is about: name → the id of their part in it."""
    with world.open("matters.read", world.chief) as tx:
        rows = matters.open_matter(tx, matter_id).people
    return {row["name"]: str(row["id"]) for row in rows}
