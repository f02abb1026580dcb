"""How matters begin: a number, the first state, the first limits, and who they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.ids import new_id
from app.domain import errors
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.numbers import Series
from app.domain.permissions import Clearance, Permission
from app.domain.profile import Profile
from app.domain.units import UnitPath
from app.domain.workflow import engine
from app.domain.workflow.facts import Facts, MatterSnapshot, TeamMember
from app.domain.workflow.plans import Move
from app.repositories import matters, outcomes, people
from app.repositories import units as unit_rows
from app.repositories.work import Work
from app.services import clocks, profiles

TITLE_LIMIT = 200
LINE_LIMIT = 200  # of names and codes on a matter, which indexes hold


@dataclass(frozen=True, kw_only=True)
class Reported:
    """Somebody whom a matter is about: of the register by id, else by name as reported."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    name: str | None = None
    organisation: bool = False
    position: str | None = None
    rank: str | None = None
    alleged: str | None = None
    member: bool | None = None
    public_employee: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What every new matter has. `form` is the first step's own form."""

    kind: Kind
    event: str
    title: str
    unit_id: UUID
    received_on: date
    known: Facts
    form: Mapping[str, object]
    source: str | None = None
    responsible_leader: str | None = None
    campaign_id: UUID | None = None
    classification: Clearance = Clearance.NORMAL
    assigned_unit_id: UUID | None = None
    assigned_path: UnitPath | None = None
    team: tuple[TeamMember, ...] = ()


def begin(tx: Work, new: Beginning) -> tuple[UUID, Move]:
    """Judge the first step and write the matter with its number and limits.

    The kind's own row is the caller's to write. Raises Forbidden, Denied, Invalid.
    """
    unit = unit_rows.unit(tx, new.unit_id)
    if unit is None:
        raise errors.Invalid.of("unit_id", N_("There is no such unit."))
    refuse_longer({"responsible_leader": new.responsible_leader, "source": new.source})
    path = UnitPath(unit["path"])
    profile_id, profile = profiles.current(tx)
    snapshot = MatterSnapshot(
        id=new_id(), kind=new.kind, state="new", unit_path=path, made_by=tx.actor.account_id,
        opened_on=new.received_on, origin_path=new.assigned_path, team=new.team,
    )  # fmt: skip
    plan = engine.decide(
        profile, snapshot, new.event, tx.actor, new.known, new.form, tx.today, reason=None
    )
    if not isinstance(plan, Move):
        raise errors.IllegalTransition(N_("A matter of this kind can't begin with this step."))
    matter_id = matters.insert_matter(
        tx,
        matters.NewMatter(
            kind=new.kind,
            number=draw_number(tx, profile, new.kind, path),
            title=titled(new.title),
            state=plan.to_state,
            stage=plan.to_stage,
            unit_id=new.unit_id,
            unit_path=path,
            profile_id=profile_id,
            opened_on=new.received_on,
            event=plan.event,
            form=dict(plan.form),
            assigned_unit_id=new.assigned_unit_id,
            assigned_path=new.assigned_path,
            classification=new.classification.value,
            source=new.source,
            responsible_leader=new.responsible_leader,
            campaign_id=new.campaign_id,
            due_on=min((clock.due.due_on for clock in plan.clocks_started), default=None),
        ),
    )
    for clock in plan.clocks_started:
        clocks.start(tx, matter_id, clock, None, runs=False)
    return matter_id, plan


def refuse_longer(lines: Mapping[str, str | None], **texts: tuple[str | None, int]) -> None:
    """Lines by their field, and texts with how long each may be, in characters. Raises Invalid for
    all that are longer."""
    limits = {**{name: (line, LINE_LIMIT) for name, line in lines.items()}, **texts}
    found = [
        errors.too_long(name, most)
        for name, (text, most) in limits.items()
        if len(text or "") > most
    ]
    if found:
        raise errors.Invalid(*found)


def lines_of(reported: Reported, field: str = "") -> dict[str, str | None]:
    """By names that begin with `field`."""
    return {
        f"{field}name": reported.name, f"{field}position": reported.position,
        f"{field}rank": reported.rank, f"{field}alleged": reported.alleged,
    }  # fmt: skip


def lines_of_all(reported: Sequence[Reported]) -> dict[str, str | None]:
    """The same of several, each by its place."""
    return {
        name: line
        for at, each in enumerate(reported)
        for name, line in lines_of(each, f"subjects.{at}.").items()
    }


def ranks_of_all(reported: Sequence[Reported]) -> dict[str, str | None]:
    """The rank that is stated of each, by its place."""
    return {f"subjects.{at}.rank": each.rank for at, each in enumerate(reported)}


def titled(text: str) -> str:
    """A line for lists and for the middle of sentences: cut, and without the stop at its end."""
    text = " ".join(text.split()).rstrip("。.；;")
    if not text:
        raise errors.Invalid.of("title", N_("Write something."))
    return text if len(text) <= TITLE_LIMIT else text[: TITLE_LIMIT - 1] + "…"


def draw_number(tx: Work, profile: Profile, kind: Kind, path: UnitPath) -> str:
    """The next number of the district's series for this kind and year."""
    district, year = path.root.value, tx.today.year
    series = Series(profile.machine(kind).number)
    seq = matters.next_number(tx, kind, district, year)
    return series.write(district=district, year=year, seq=seq)


def first_step(tx: Work, logging: Permission, unit_id: UUID) -> str | None:
    """The step by which the actor logs at a unit; None where they may not, or there is no unit."""
    steps = profiles.first_steps(tx, logging)
    if len(steps) > 1:
        unit = unit_rows.unit(tx, unit_id)
        steps = profiles.first_steps(tx, logging, UnitPath(unit["path"])) if unit else []
    return steps[0] if steps else None


def has_step(tx: Work, kind: Kind, event: str, state: str) -> bool:
    """Whether the profile that new matters begin under has this step from this state."""
    _id, profile = profiles.current(tx)
    return profile.machine(kind).of(event, state) is not None


def on_paper(tx: Work, reported: Sequence[Reported], unit_id: UUID) -> bool:
    """Whether somebody among them is managed by a higher body: that goes up on paper.

    By the rank that is stated, or that the register holds of the person who is meant.
    """
    _id, profile = profiles.current(tx)
    stated = {each.rank for each in reported}
    known = people.ranks(
        tx,
        ids=[each.person_id for each in reported if each.person_id is not None],
        names=[each.name for each in reported if each.name and not each.organisation],
        unit_id=unit_id,
    )
    ranks = (profile.ranks.get(rank or "") for rank in stated | known)
    return any(rank is not None and rank.paper_only for rank in ranks)


def involve(tx: Work, matter_id: UUID, reported: Sequence[Reported], unit_id: UUID) -> None:
    """Enter those whom a matter is about, each with a code of its own within the matter."""
    for at, each in enumerate(reported):
        add_subject(
            tx, matter_id, each, unit_id, code=f"{at + 1:02d}", field=f"subjects.{at}."
        )  # fmt: skip


def add_subject(
    tx: Work, matter_id: UUID, each: Reported, unit_id: UUID, *, code: str, field: str = ""
) -> UUID:
    """A person or an organisation reported; without an identity number presumed the same
    person as one of that name in that unit.

    Raises Invalid, for names that begin with `field`.
    """
    _check_register(tx, each, field)
    person_id, organisation_id = each.person_id, each.organisation_id
    if person_id is None and organisation_id is None:
        name = "".join((each.name or "").split()) if not each.organisation else each.name
        if not name:
            raise errors.Invalid.of(f"{field}name", N_("Say who, or leave it out: it may follow."))
        if each.organisation:
            organisation_id = people.find_or_insert_organisation(tx, name, unit_id)
        else:
            person_id = people.find_or_insert_presumed(
                tx,
                name,
                unit_id,
                {
                    "position": each.position,
                    "rank": each.rank,
                    "member": each.member,
                    "public_employee": each.public_employee,
                },
            )
    return outcomes.insert_involvement(
        tx,
        matter_id=matter_id,
        person_id=person_id,
        organisation_id=organisation_id,
        part="subject",
        code=code,
        position=each.position,
        rank=each.rank,
        alleged=each.alleged,
    )


def _check_register(tx: Work, each: Reported, field: str) -> None:
    """An id is of somebody whom the writer may know, and of one only.

    Who reads no register, a reporting unit, is answered by the database's foreign key alone.
    """
    reads = tx.actor.reads_content
    if each.person_id is not None and reads and people.person(tx, each.person_id) is None:
        raise errors.Invalid.of(f"{field}person_id", errors.UNKNOWN)
    if each.organisation_id is not None:
        if each.person_id is not None:
            raise errors.Invalid.of(
                f"{field}organisation_id", N_("Name a person or an organisation, not both.")
            )
        if reads and people.organisation(tx, each.organisation_id) is None:
            raise errors.Invalid.of(f"{field}organisation_id", errors.UNKNOWN)
