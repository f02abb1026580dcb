"""Signatures on paper, for tests: a request that waits for the chief, and its scan."""

from datetime import date
from uuid import UUID

from app.domain.permissions import Role
from app.domain.workflow.signing import Verdict
from app.services import paper_signatures, papers, requests
from app.services.workflow import Done
from tests.build_matters import DAY, STUDY, act, log, sign_all
from tests.build_papers import photo
from tests.builders import Someone, World


def proposed(world: World) -> UUID:
    """A lead whose disposal is proposed."""
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    sign_all(
        world,
        act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True),
    )
    act(
        world, world.department_head, lead, "take_on",
        handler=str(world.investigator.account_id),
    )  # fmt: skip
    plan = act(
        world, world.investigator, lead, "propose_disposal", method="verification",
        plan="核对影像和面积。", **STUDY,
    )  # fmt: skip
    sign_all(world, plan)
    return lead


def asked(world: World, lead: UUID | None = None) -> tuple[UUID, UUID]:
    """That it be verified: the deputy has reviewed it, it waits for the chief."""
    lead = lead or proposed(world)
    team = [str(who.account_id) for who in (world.investigator, world.other_investigator)]
    done = act(
        world, world.department_head, lead, "verify", checkable="面积。", team=team, plan="实地。",
    )  # fmt: skip
    assert done.request_id is not None
    with world.open("requests.sign", world.deputy) as tx:
        requests.sign(tx, done.request_id, reason="同意。")
    return lead, done.request_id


def enter(
    world: World,
    request: UUID,
    *,
    by: Someone | None = None,
    signer: Someone | None = None,
    verdict: Verdict = "sign",
    day: date = DAY,
    scan: UUID | None = None,
) -> UUID:
    """The requester brings the paper back from the chief's office."""
    brought = scan or papers.look_at(photo(), "签批单.jpg")
    with world.open("paper_signatures.enter", by or world.department_head) as tx:
        return paper_signatures.enter(
            tx, request, signer_id=(signer or world.chief).account_id, verdict=verdict,
            reason="同意初核。", signed_on=day, scan=brought,
        )  # fmt: skip


def look(world: World, entry: UUID, *, by: Someone | None = None) -> None:
    """Whoever compares opens the scan."""
    with world.open("papers.picture", by or world.lead_manager) as tx:
        row = paper_signatures.entry(tx, entry)
        papers.read(tx, row["matter_id"], row["paper_id"], as_="picture")


def compare(
    world: World, entry: UUID, *, by: Someone | None = None, matches: bool = True
) -> Done | None:
    look(world, entry, by=by)
    with world.open("paper_signatures.compare", by or world.lead_manager) as tx:
        return paper_signatures.compare(
            tx, entry, matches=matches, remark="" if matches else "签名不符。"
        )


def answer(world: World, entry: UUID, *, mine: bool, by: Someone | None = None) -> None:
    with world.open("paper_signatures.answer", by or world.chief) as tx:
        paper_signatures.answer(
            tx, entry, mine=mine, objection="" if mine else "我没有签过这份呈批表。"
        )


def decide(world: World, entry: UUID, *, stands: bool, by: Someone) -> None:
    with world.open("paper_signatures.decide", by) as tx:
        paper_signatures.decide(tx, entry, stands=stands, reason="经核对笔迹。")


def second_deputy(world: World) -> Someone:
    return world.hire("second-deputy", Role.DEPUTY, "YC")


def one_of_each(world: World) -> dict[str, UUID]:
    """A request that nobody entered anything for, and by how far it came: an entry, its matter."""
    bare, request = asked(world)
    found = {"unentered": bare, "unentered_request": request}
    for name in ("entered", "entered_too", "untold", "objected"):
        lead, request = asked(world)
        found[f"{name}_matter"], found[f"{name}_request"] = lead, request
        found[name] = enter(world, request)
        if name in ("untold", "objected"):
            compare(world, found[name])
    answer(world, found["objected"], mine=False)
    return found
