"""Two districts that differ in one thing: in one there are matters, in the other there never were.

Whoever may know of none of them must get the same answers in both, whatever they ask. The twins
have the same people, units, accounts and sessions: the second is a copy of the first from which
every matter was taken, with all that hangs on it.

Who may not know, and why not, is a `Bar`; there is an account for each role behind each bar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID
from zlib import crc32

import psycopg
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain.permissions import Role
from app.domain.policies import OVER_ALL
from app.domain.units import UnitKind, UnitPath
from app.services import units
from tests.build_matters import DAY
from tests.builders import DistrictPlan, Place, Someone, World

Owner = psycopg.Connection[DictRow]


class Bar(StrEnum):
    """Why somebody may know nothing of a matter, though a role or the team would open it."""

    NAMED = "named"  # the matter names them
    RELATIVE = "relative"  # it names a near relative
    DECLARED = "declared"  # they declared a conflict, or a head decided so
    ENDED = "ended"  # they were let see it, stood in for somebody, or handled it: once
    ELSEWHERE = "elsewhere"  # their role is held over another place
    UNCLEARED = "uncleared"  # it is classified higher than they are cleared for


WALLS = (Bar.NAMED, Bar.RELATIVE, Bar.DECLARED)
CLEARED = OVER_ALL | {Role.DEPUTY}  # whose signature is waited for: that opens what waits
FIGURES = (
    "read_totals", "read_matters_behind", "read_entries_behind", "download_export", "order_export",
    "figures", "money", "desk",
)  # fmt: skip
OPENINGS = ("openings", "list_openings")
EMPTY = "YC-T03"  # a township of which no matter tells


@dataclass(frozen=True)
class Barred:
    """Accounts by role and bar, and whom every matter names. `plan` has them and their places."""

    accounts: Mapping[tuple[Role, Bar], Someone]
    named: UUID
    plan: DistrictPlan


def bars(role: Role) -> tuple[Bar, ...]:
    """What can stand between this role and a matter."""
    if role is Role.OPERATOR:
        return ()  # there is one, who sees no matter: see `Bar.ELSEWHERE` of the administrator
    return tuple(bar for bar in Bar if bar is not Bar.UNCLEARED or role not in CLEARED)


def tried(role: Role, name: str, *, thorough: bool, one_in: int = 1) -> Sequence[Bar]:
    """Behind which bars this role tries a route: all of them if asked, else one, which goes round
    from one route and role to the next; a route in so many where they are slow, another for each
    role."""
    all_ = [bar for bar in bars(role) if not _opens(role, name, bar)]
    if thorough:
        return all_
    turn = crc32(f"{role} {name}".encode())
    return all_[turn // one_in % len(all_) :][:1] if turn % one_in == 0 else ()


def _opens(role: Role, name: str, why: Bar) -> bool:
    """What passes a bar, and is meant to."""
    if name.startswith(OPENINGS):
        # Not even that a file was opened is told of whom a walled matter names: more is withheld
        # than the matter (tests/services/test_person_files.py).
        return why in WALLS
    if name == "declare_emergency":
        return why not in WALLS
    # Figures count matters of every classification: an auditor, who reads none of their texts,
    # has to arrive at what was published.
    return role is Role.AUDITOR and why is Bar.UNCLEARED and name.startswith(FIGURES)


def hire(world: World, owner: Owner) -> Barred:
    """Before there is any matter."""
    world = _with_empty_township(world)
    named, relative = new_id(), new_id()
    for person, name in ((named, "甲某"), (relative, "乙某")):
        owner.execute("INSERT INTO person (id, name) VALUES (%s, %s)", [person, name])
    owner.execute(
        "INSERT INTO relative (id, person_id, relative_id, kinship, declared_by,"
        " declared_on) VALUES (%s, %s, %s, 'sibling', %s, %s)",
        [new_id(), named, relative, world.lead_manager.account_id, DAY],
    )
    accounts = {
        (role, bar): world.hire(
            f"{role}-{bar}".replace("_", "-"),
            role,
            EMPTY if bar in (Bar.ENDED, Bar.ELSEWHERE) else "YC",
        )
        for role in Role
        for bar in bars(role)
    }
    for (_role, bar), who in accounts.items():
        if bar in (Bar.NAMED, Bar.RELATIVE):
            owner.execute(
                "UPDATE account SET person_id = %s WHERE id = %s",
                [named if bar is Bar.NAMED else relative, who.account_id],
            )
    people = {who.login: who for who in accounts.values()}
    plan = DistrictPlan(world.plan.places, {**world.plan.people, **people})
    return Barred(accounts, named, plan)


def _with_empty_township(world: World) -> World:
    with world.open("tests.build", world.operator) as tx:
        unit_id = units.create_unit(
            tx, code=EMPTY, name="青石乡", kind=UnitKind.TOWNSHIP, parent_id=world.district.id
        )
        place = Place(unit_id, EMPTY, "青石乡", UnitPath(units.read_unit(tx, unit_id)["path"]))
    return World(world.office, DistrictPlan({**world.plan.places, EMPTY: place}, world.plan.people))


def bar(owner: Owner, barred: Barred) -> None:
    """Puts each behind their bar, at every matter that there is.

    Everybody behind a wall is on the team as well: the wall has to win over the widest door.
    """
    # Money stands behind its origin's wall.
    matters = "SELECT id, made_by FROM matter WHERE kind <> 'fund_item'"
    owner.execute(
        "INSERT INTO involvement (id, matter_id, code, part, person_id, begins_on)"
        f" SELECT gen_random_uuid(), id, '99', 'witness', %s, %s FROM ({matters}) m",
        [barred.named, DAY],
    )
    for (_role, why), who in barred.accounts.items():
        if why is Bar.DECLARED:
            owner.execute(
                "INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)"
                f" SELECT gen_random_uuid(), id, %s, 'declared', '是我的同学。', %s, %s"
                f" FROM ({matters}) m",
                [who.account_id, who.account_id, DAY],
            )
        if why in WALLS or why is Bar.ENDED:
            owner.execute(
                "INSERT INTO team_member (id, matter_id, account_id, part, begins_on, ends_on)"
                f" SELECT gen_random_uuid(), id, %s, 'member', %s, %s FROM ({matters}) m",
                [who.account_id, DAY, DAY if why is Bar.ENDED else None],
            )
        if why is Bar.ENDED:
            owner.execute(
                "INSERT INTO access_grant (id, matter_id, account_id, reason, begins_on, ends_on,"
                " granted_by, ended_on) SELECT gen_random_uuid(), id, %s, '核对账目。', %s::date,"
                f" %s::date + 30, made_by, %s FROM ({matters}) m",
                [who.account_id, DAY, DAY, DAY],
            )


def classify(owner: Owner) -> None:
    """Everything is 机密 from now on."""
    owner.execute("UPDATE matter SET classification = 2")


# What stays though it hangs on a table whose other rows hang on matters: money of which nobody
# knows yet whose it is, and openings of files that no matter was the reason for.
_SUSPENSE = "SELECT id FROM journal_entry WHERE matter_id IS NULL AND fund_item_id IS NULL"
_STAYS = {
    "journal_entry": f"id IN ({_SUSPENSE})",
    "posting": f"entry_id IN ({_SUSPENSE})",
    "person_opening": "matter_id IS NULL",
}


def take_matters_away(owner: Owner) -> None:
    """What was never there leaves nothing: neither rows nor events."""
    touched = [*_cascaded(owner), "audit_event", "bank_line"]
    with owner.transaction():
        for table in touched:
            owner.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'.encode())
        for table, which in _STAYS.items():
            owner.execute(
                f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table} WHERE {which}".encode()
            )
        owner.execute("DELETE FROM audit_event WHERE matter_id IN (SELECT id FROM matter)")
        owner.execute("TRUNCATE matter CASCADE")
        for table in _STAYS:
            owner.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}".encode())
        owner.execute(
            "DELETE FROM bank_line WHERE id NOT IN (SELECT bank_line_id FROM journal_entry"
            " WHERE bank_line_id IS NOT NULL)"
        )
    with owner.transaction():
        for table in touched:
            owner.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER'.encode())


def _cascaded(owner: Owner) -> list[str]:
    """Tables whose rows hang on a matter's, however far."""
    found = owner.execute(
        "WITH RECURSIVE hanging AS (SELECT 'matter'::regclass::oid AS place"
        " UNION SELECT c.conrelid FROM pg_constraint c JOIN hanging h ON c.confrelid = h.place"
        "  WHERE c.contype = 'f')"
        " SELECT r.relname AS name FROM hanging h JOIN pg_class r ON r.oid = h.place"
    ).fetchall()
    return [row["name"] for row in found]
