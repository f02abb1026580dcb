"""Writing a matter with the past that its ledger shows: steps and signatures *from a ledger*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.core.ids import new_id
from app.domain.deadlines import months_after
from app.domain.kinds import Kind
from app.domain.ledgers.people import Standing, Subject
from app.domain.ledgers.sanctions import Handling, Sanction, SanctionKind
from app.domain.profile.model import Transition
from app.repositories.imports.batches import as_json
from app.repositories.imports.rows import (
    InvolvementLine,
    LinkLine,
    MatterLine,
    OutcomeLine,
    RequestLine,
    SignatureLine,
    TransitionLine,
)
from app.services.imports.arrivals import Arrival
from app.services.imports.ground import Ground
from app.services.imports.people import Met
from app.services.imports.places import Place

TITLE_LIMIT = 60
LEDGER = "ledger"
NEW = "new"


@dataclass(slots=True)
class Step:
    """Something that the ledger shows to have happened. `signer` is the approver it names."""

    event: str
    to_state: str
    happened_on: date
    signer: str = ""
    role: str = ""
    signed_on: date | None = None
    form: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Told:
    """A matter as a ledger tells it. Its state is that of its last step."""

    kind: Kind
    number: str
    title: str
    place: Place
    opened_on: date
    steps: Sequence[Step]
    id: UUID = field(default_factory=new_id)
    team: tuple[UUID, str] | None = None
    classification: int = 0
    source: str | None = None
    leader: str | None = None
    campaign_id: UUID | None = None
    effective: bool = False


def write(ground: Ground, told: Told) -> UUID:
    """The matter, its steps and the signatures under them."""
    machine = ground.profile.machine(told.kind)
    last = told.steps[-1]
    state = machine.states[last.to_state]
    reached_on = next(step.happened_on for step in told.steps if step.to_state == last.to_state)
    team_id, team_path = told.team or (None, None)
    ground.reserve(told.kind, told.number, told.place)
    ground.landing.put(
        MatterLine(
            told.id, told.kind.value, told.place.district, told.number, told.title,
            last.to_state, state.stage.value, told.place.id, told.place.path, team_id, team_path,
            told.classification, ground.actor_id, ground.profile_id, len(told.steps),
            told.source, told.leader, told.campaign_id, told.opened_on,
            reached_on if state.terminal else None, told.effective, ground.batch_id,
        )
    )  # fmt: skip
    from_state = NEW
    for version, step in enumerate(told.steps, 1):
        request_id = _signed(ground, told.id, version, step, from_state) if step.signer else None
        ground.landing.put(
            TransitionLine(
                new_id(), told.id, version, step.event, None if version == 1 else from_state,
                step.to_state, step.signer or None, request_id, LEDGER,
                as_json(step.form) if step.form else "{}", step.happened_on,
            )
        )  # fmt: skip
        from_state = step.to_state
    return told.id


def _signed(ground: Ground, matter_id: UUID, version: int, step: Step, from_state: str) -> UUID:
    request_id, signed_on = new_id(), step.signed_on or step.happened_on
    ground.landing.put(
        RequestLine(
            request_id, matter_id, step.event, from_state, step.to_state, signed_on, 2,
            "approved", LEDGER, version - 1, signed_on,
        )
    )  # fmt: skip
    ground.landing.put(
        SignatureLine(
            new_id(), request_id, matter_id, 1, "decide", step.role, step.signer, "sign", LEDGER,
            signed_on,
        )
    )  # fmt: skip
    return request_id


def event_of(ground: Ground, kind: Kind, from_state: str, to_state: str, otherwise: str) -> str:
    """The procedure's own word for a step, else `otherwise`."""
    found = _step_of(ground, kind, from_state, to_state)
    return found.event if found is not None else otherwise


def approver_of(ground: Ground, kind: Kind, event: str) -> str:
    """The role whose signature decides the step; the ledger names only the person."""
    for row in ground.profile.machine(kind).transitions:
        if row.event == event and row.approved_by is not None:
            role = ground.profile.roles[row.approved_by].role
            if role is not None:
                return role.value
    return "chief"


def _step_of(ground: Ground, kind: Kind, from_state: str, to_state: str) -> Transition | None:
    rows = ground.profile.machine(kind).transitions
    return next((r for r in rows if from_state in r.from_ and r.to == to_state), None)


def title_of(*texts: str) -> str:
    """The first text that says anything, as a title."""
    words = " ".join(next((text for text in texts if text.strip()), "").split())
    return words if len(words) <= TITLE_LIMIT else words[: TITLE_LIMIT - 1] + "…"


def link(ground: Ground, kind: str, from_id: UUID, to_id: UUID, day: date) -> None:
    ground.landing.put(LinkLine(new_id(), kind, from_id, to_id, day))


# Those whom a matter is about, and what came of it for each ------------------------------------


@dataclass(frozen=True, slots=True)
class Involved:
    """A subject's part in a matter."""

    id: UUID
    met: Met | None


def involve(
    ground: Ground, matter_id: UUID, subjects: Sequence[Subject], place: Place, day: date
) -> list[Involved]:
    """Each subject once, in the order of the ledger, with its own code."""
    found: list[Involved] = []
    parts: dict[UUID, Involved] = {}
    for at, subject in enumerate(subjects, 1):
        met = None if subject.organisation else ground.people.meet(subject, place.id)
        key = met.id if met else ground.people.organisation(subject.name, place.id)
        if key not in parts:
            parts[key] = Involved(new_id(), met)
            ground.landing.put(
                InvolvementLine(
                    parts[key].id, matter_id, subject.code or f"{at:02d}", "subject",
                    met.id if met else None, None if met else key, subject.post or None,
                    _rank(ground, subject), day, subject.eight_rules, subject.confessed,
                )
            )  # fmt: skip
        found.append(parts[key])
    return found


def _rank(ground: Ground, subject: Subject) -> str | None:
    known = subject.standing is Standing.VILLAGE and "village_staff" in ground.profile.ranks
    return "village_staff" if known else None


def write_handlings(
    ground: Ground,
    matter_id: UUID,
    handlings: Sequence[Handling],
    parts: Sequence[Involved],
    decided_on: date,
) -> None:
    """A count stays a count: nobody is invented."""
    for one in handlings:
        measure = ground.profile.measures.get(one.measure) if one.measure else None
        ground.landing.put(
            OutcomeLine(
                new_id(), matter_id, None if one.subject is None else parts[one.subject].id,
                "handling", one.measure, measure.form if measure else None, one.count,
                decided_on, decided_on,
                months_after(decided_on, measure.impact) if measure and measure.impact else None,
                LEDGER,
            )
        )  # fmt: skip


def write_sanctions(
    ground: Ground,
    matter_id: UUID,
    sanctions: Sequence[Sanction],
    parts: Sequence[Involved],
    decided_on: date,
    *,
    effective: bool,
) -> None:
    for one in sanctions:
        key = measure_key(one)
        measure = ground.profile.measures.get(key)
        day = one.decided_on or decided_on
        ground.landing.put(
            OutcomeLine(
                new_id(), matter_id, parts[one.subject].id, one.kind.value, key,
                measure.form if measure else None, 1, day, day if effective else None,
                months_after(day, measure.impact) if measure and measure.impact else None,
                LEDGER,
            )
        )  # fmt: skip


_PREFIX = {SanctionKind.PARTY: "party_", SanctionKind.ADMINISTRATIVE: "administrative_"}


def measure_key(sanction: Sanction) -> str:
    """As the procedure names its outcomes: party_warning, administrative_demerit …"""
    key = _PREFIX.get(sanction.kind, "") + sanction.measure
    return f"{key}_two_years" if key == "party_probation" and sanction.years == 2 else key


def own_parts(
    arrival: Arrival, subjects: Sequence[Subject], parts: Sequence[Involved]
) -> list[Involved]:
    """The parts of one row's own people among those of the whole matter."""
    found: list[Involved] = []
    for subject in arrival.value.subjects:
        at = next(
            (
                index
                for index, each in enumerate(subjects)
                if each.name == subject.name
                and (not each.identity or not subject.identity or each.identity == subject.identity)
                and (not each.code or not subject.code or each.code == subject.code)
            ),
            0,
        )
        found.append(parts[at])
    return found
