"""Reading a matter whole, and what is done to it without changing its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.guards.checks import FIRST_SAY
from app.domain.kinds import Kind
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.repositories import (
    accounts,
    clocks,
    corrections,
    leads,
    matters,
    outcomes,
    requests,
    walls,
)
from app.repositories.work import Work

NOTE_LIMIT = 5000
HANDLERS = frozenset({Role.INVESTIGATOR, Role.ADJUDICATOR})  # who takes a matter
READS_LESS = {Role.AUDITOR, Role.REPORTING_UNIT}


@dataclass(frozen=True, kw_only=True)
class MatterFile:
    """A matter as its reader may know it. For an auditor names are masked and texts left out.

    `only_read`: they may work on nothing of it, as an auditor or as somebody who was let see it.
    `hands_shown`: they may know who works on it, else nothing says whether anybody does.
    `turns` are the steps of `history` by which it came to where it stands; `cut` names the lists
    that have only their newest rows here.
    """

    head: Row
    own: Row
    team: list[Row] = field(default_factory=list)
    people: list[Row]
    outcomes: list[Row] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    signatures: list[Row] = field(default_factory=list)
    committee: list[Row] = field(default_factory=list)
    clocks: list[Row]
    links: list[Row]
    leads: list[Row] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)
    corrections: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    turns: list[Row] = field(default_factory=list)
    cut: frozenset[str] = frozenset()
    hands_shown: bool = True
    masked: bool
    only_read: bool

    @property
    def kind(self) -> Kind:
        return Kind(self.head["kind"])


def hears_its_state(tx: Work) -> bool:
    """Whether the actor is told what became of what it handed in, and nobody who works on it."""
    return bool(tx.actor.grants) and all(
        grant.role is Role.REPORTING_UNIT for grant in tx.actor.grants
    )


def _without_hands(tx: Work, file: MatterFile) -> MatterFile:
    """The same for a reporting unit: where it stands, and what the unit itself did."""
    if not hears_its_state(tx):
        return file
    return replace(
        file,
        head={**file.head, "assigned_name": None},
        hands_shown=False,
        team=[],
        tasks=[],
        requests=[],
        signatures=[],
        committee=[],
        corrections=[],
        history=[row for row in file.history if row["actor_id"] == tx.actor.account_id],
    )


def reads_less(tx: Work) -> bool:
    """Whether the actor reads matters with names masked and without texts."""
    return bool(tx.actor.grants) and all(grant.role in READS_LESS for grant in tx.actor.grants)


def only_reads(tx: Work, head: Row) -> bool:
    """Whether the actor may work on nothing of a matter that they see: they read less, or see it
    for having been let see it alone. `head` is the matter's row."""
    return reads_less(tx) or bool(head["only_let_see"])


def refuse_readers(tx: Work, matter_id: UUID) -> Row:
    """The matter's row, for whoever may work on it. Raises NotFound, Forbidden."""
    head = matters.matter(tx, matter_id)
    if only_reads(tx, head):
        raise errors.Forbidden(N_("You may read this matter, not work on it."))
    return head


# How many of each list stand on a matter's page until somebody asks for all of them.
SHOWN = {"requests": 12, "notes": 25, "corrections": 10, "history": 50}


def open_matter(tx: Work, matter_id: UUID) -> MatterFile:
    """Everything about it. Raises NotFound where the matter is hidden or does not exist."""
    return _opened(tx, matter_id, {})


def open_page(tx: Work, matter_id: UUID, *, whole: str = "") -> MatterFile:
    """What its page shows: of long lists the newest, but for the one that is wanted `whole`.

    Raises NotFound where the matter is hidden or does not exist.
    """
    most = {name: count for name, count in SHOWN.items() if name != whole}
    file = _opened(tx, matter_id, {name: count + 1 for name, count in most.items()})
    rows: dict[str, list[Row]] = {name: getattr(file, name) for name in most}
    return replace(
        file,
        requests=file.requests[: most.get("requests")],
        notes=file.notes[: most.get("notes")],
        corrections=file.corrections[: most.get("corrections")],
        history=file.history[: most.get("history")],
        cut=frozenset(name for name, count in most.items() if len(rows[name]) > count),
    )


def _opened(tx: Work, matter_id: UUID, most: Mapping[str, int]) -> MatterFile:
    file = read_matter(tx, matter_id, most)
    more = leads.of_petition(tx, matter_id) if file.kind is Kind.PETITION else []
    whole = replace(
        file,
        statements=outcomes.statements(tx, matter_id),
        committee=requests.committee_decisions(tx, matter_id),
        leads=[] if file.masked else more,
        corrections=corrections.of_matter(tx, matter_id, most=most.get("corrections")),
        history=matters.history(tx, matter_id, most=most.get("history")),
        turns=matters.turns(tx, matter_id),
    )
    return _without_hands(tx, whole)


def read_matter(tx: Work, matter_id: UUID, most: Mapping[str, int] | None = None) -> MatterFile:
    """What a program is told of it: without statements, sittings, corrections and history."""
    most = most or {}
    file = read_new(tx, matter_id)
    walls.write_reading(tx, matter_id)
    asked = requests.of_matter(tx, matter_id, most=most.get("requests"))
    whole = replace(
        file,
        team=matters.team(tx, matter_id),
        outcomes=outcomes.outcomes(tx, matter_id),
        tasks=outcomes.tasks(tx, matter_id),
        requests=asked,
        signatures=requests.signatures_on(tx, matter_id) if asked else [],
        notes=matters.notes(tx, matter_id, most=most.get("notes")),
    )
    return _without_hands(tx, whole)


def read_new(tx: Work, matter_id: UUID) -> MatterFile:
    """A matter that was logged in this very transaction, when nothing else can be on it yet."""
    head = matters.matter(tx, matter_id)
    own = matters.own_row(tx, Kind(head["kind"]), matter_id) or {}
    if own.get("keeps") is False and own["summary_checked_by"] is None:
        own["summary"] = None  # it may still point to who reported
    people = outcomes.involved(tx, matter_id)
    masked = reads_less(tx)
    if masked:
        people = _masked(tx, people)
        own = {key: value for key, value in own.items() if key not in _TEXTS}
    return MatterFile(
        head=head,
        own=own,
        people=people,
        clocks=clocks.clocks(tx, matter_id),
        links=matters.links(tx, matter_id),
        masked=masked,
        only_read=only_reads(tx, head),
    )


_TEXTS = {"what", "brief", "content", "summary", "remark", "place", "happened", "description"}


def _masked(tx: Work, people: list[Row]) -> list[Row]:
    persons = [row["person_id"] for row in people if row["person_id"] is not None]
    names = outcomes.masked_names(tx, persons)
    return [
        {
            **row,
            "name": names.get(row["person_id"], "×××") if row["person_id"] else row["name"],
            "alleged": None,
            "position": None,
        }
        for row in people
    ]


def head(tx: Work, matter_id: UUID) -> Row:
    """What a page about a matter is headed by. Raises NotFound."""
    return matters.matter(tx, matter_id)


def doubts(tx: Work, matter_id: UUID) -> list[Row]:
    """Where the ledger that a matter came from contradicted a rule."""
    return matters.doubts(tx, matter_id)


def still_sees(tx: Work, matter_id: UUID) -> bool:
    """Whether the actor may still see a matter that they just worked on."""
    return matters.sees(tx, matter_id)


def add_note(tx: Work, matter_id: UUID, *, text: str) -> UUID:
    """Whoever works on a matter may note something on it. Raises NotFound, Forbidden, Invalid."""
    refuse_readers(tx, matter_id)
    text = text.strip()
    if not text:
        raise errors.Invalid.of("text", N_("Write something."))
    if len(text) > NOTE_LIMIT:
        raise errors.Invalid.of("text", N_("At most {limit} characters."), limit=NOTE_LIMIT)
    note_id = matters.insert_note(tx, matter_id, text)
    matters.touch(tx, matter_id, event="noted")
    return note_id


def hand_over(
    tx: Work,
    matter_id: UUID,
    *,
    to_account: UUID,
    reason: str,
    seen_version: int | None = None,
    left: bool = False,
) -> int:
    """Give a matter to another handler: routine words, the same team otherwise.

    The head of the department that holds it, the lead manager, or its handler may; where its
    handler `left`, whoever heads it. Raises Forbidden, Invalid, Stale. Returns the new version.
    """
    head = refuse_readers(tx, matter_id)
    team = matters.team(tx, matter_id)
    present = {row["account_id"]: row for row in team}
    if not left and not may_hand_over(tx, head, team):
        raise errors.Forbidden(
            N_("Only its handler, the head of its department or the lead manager hands it over.")
        )
    refuse_who_cant_take(tx, matter_id, to_account)
    handler = next((row for row in team if row["part"] == "lead_handler"), None)
    if handler is not None and handler["account_id"] == to_account:
        raise errors.Invalid.of("to_account", N_("This person is the handler already."))
    named = accounts.name(tx, to_account)
    form = {"to": named, "from": handler["name"] if handler else None}
    version = matters.touch(
        tx, matter_id, event="handed_to", seen_version=seen_version, reason=reason, form=form
    )
    if to_account in present:
        matters.leave_team(tx, matter_id, to_account)
    matters.join_team(tx, matter_id, to_account, "lead_handler")
    # Last: whoever hands on may lose sight of the matter with it.
    if handler is not None:
        matters.leave_team(tx, matter_id, handler["account_id"])
    return version


def refuse_who_cant_take(tx: Work, matter_id: UUID, account_id: UUID) -> None:
    """Raises Invalid for who handles no matters, or keeps off this one: which, is not said."""
    if not any(accounts.holds_role(tx, account_id, role) for role in HANDLERS):
        raise errors.Invalid.of("to_account", N_("This person does not handle matters."))
    refuse_kept_off(tx, matter_id, account_id)


def refuse_kept_off(tx: Work, matter_id: UUID, account_id: UUID) -> None:
    """Raises Invalid for who is walled off from a matter, or not cleared: which, is not said; and
    for who has the name of somebody in it, until it is said whether they are that person."""
    if account_id != tx.actor.account_id:
        for row in walls.namesakes(tx, matter_id):
            if row["account_id"] == account_id and row["answer"] is None:
                raise errors.Invalid.of("to_account", FIRST_SAY, name=row["name"])
    mark = matters.matter(tx, matter_id)["classification"]
    walled = any(row["account_id"] == account_id for row in walls.on_matter(tx, matter_id))
    if walled or not accounts.cleared(tx, account_id, mark):
        raise errors.Invalid.of("to_account", N_("This person can't take this matter."))


def may_hand_over(tx: Work, head: Row, team: list[Row]) -> bool:
    if head["closed_on"] is not None:
        return False
    me = tx.actor.account_id
    if any(row["account_id"] == me and row["part"] == "lead_handler" for row in team):
        return True
    if tx.actor.holds(Role.LEAD_MANAGER, UnitPath(head["unit_path"])):
        return True
    path = head["assigned_path"]
    return path is not None and tx.actor.holds(Role.DEPARTMENT_HEAD, UnitPath(path))


def recorded_on(day: date | None, today: date, field: str) -> date:
    """`day`, or today where none is given. Raises Invalid for a day that is yet to come."""
    if day is None:
        return today
    if day > today:
        raise errors.Invalid.of(field, N_("This day is yet to come."))
    return day
