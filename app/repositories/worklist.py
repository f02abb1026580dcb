"""Lists of matters: the same rows for every kind's ledger, for my desk and for search.

A reader enters by their own door. Whoever reads a whole subtree walks the order's index, and
row security checks each row; whoever has a handful enters by that handful, since nothing in a
policy's OR can be an entrance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind, Stage
from app.domain.ledger import MAY_MOVE, EntryKind
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.repositories.work import Work

# sql: conditions and orders are texts of this module; what a reader asks for is a parameter.

COUNTED = 10_000  # beyond this a count beside a filter says "more than 10,000"
LATE_COUNTED = 1_000  # the same for each of the four counts by lateness

HANDFUL = 1000  # a reader's own matters, looked through one by one
ARMFUL = 20_000  # those that a list is made of
A_FEW = 50  # units of a township with its villages and offices


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What is wanted; None means any. `due_by` includes the day; `overdue_on` asks for what was
    due before it. `holder` is on the handling team; `among` were found by their words before."""

    kind: Kind | None = None
    stage: Stage | None = None
    states: tuple[str, ...] | None = None
    open: bool | None = None
    unit: UnitPath | None = None
    assigned: UnitPath | None = None
    campaign_id: UUID | None = None
    source: str | None = None
    leader: str | None = None
    holder: UUID | None = None
    due_by: date | None = None
    overdue_on: date | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    among: tuple[UUID, ...] | None = None
    doubtful: bool | None = None


@dataclass(frozen=True)
class Place:
    """Where a page ended: the sort value of its last row and that row's id."""

    value: str | None
    id: UUID


_SORTS = {
    "due": ("m.due_on", "ASC", "date"),
    "opened": ("m.opened_on", "DESC", "date"),
    "number": ("m.number", "ASC", "text"),
}
SORTS = tuple(_SORTS)


def _conditions(  # noqa: PLR0912 - a branch a filter
    wanted: Filter, values: dict[str, Any]
) -> list[str]:
    found: list[str] = []

    def add(condition: str, **named: Any) -> None:
        found.append(condition)
        values.update(named)

    if wanted.kind is not None:
        add("m.kind = %(kind)s", kind=wanted.kind.value)
    if wanted.stage is not None:
        add("m.stage = %(stage)s", stage=wanted.stage.value)
    if wanted.states is not None:
        add("m.state = ANY (%(states)s)", states=list(wanted.states))
    if wanted.open is not None:
        found.append("m.closed_on IS NULL" if wanted.open else "m.closed_on IS NOT NULL")
    if wanted.assigned is not None:
        add("m.assigned_path <@ %(assigned)s::ltree", assigned=wanted.assigned.value)
    if wanted.campaign_id is not None:
        add("m.campaign_id = %(campaign)s", campaign=wanted.campaign_id)
    if wanted.source is not None:
        add("m.source = %(source)s", source=wanted.source)
    if wanted.leader is not None:
        add("m.responsible_leader = %(leader)s", leader=wanted.leader)
    if wanted.holder is not None:
        add(
            "m.id IN (SELECT t.matter_id FROM team_member t"
            " WHERE t.account_id = %(holder)s AND t.ends_on IS NULL)",
            holder=wanted.holder,
        )
    if wanted.due_by is not None:
        add("m.due_on <= %(due_by)s AND m.closed_on IS NULL", due_by=wanted.due_by)
    if wanted.overdue_on is not None:
        add("m.due_on < %(overdue_on)s AND m.closed_on IS NULL", overdue_on=wanted.overdue_on)
    if wanted.opened_from is not None:
        add("m.opened_on >= %(opened_from)s", opened_from=wanted.opened_from)
    if wanted.opened_to is not None:
        add("m.opened_on <= %(opened_to)s", opened_to=wanted.opened_to)
    if wanted.among is not None:
        add("m.id = ANY (%(found)s)", found=list(wanted.among))
    if wanted.doubtful is not None:
        doubts = "EXISTS (SELECT 1 FROM doubt d WHERE d.matter_id = m.id AND d.settled_on IS NULL)"
        found.append(doubts if wanted.doubtful else f"NOT {doubts}")
    return found


def handful(tx: Work, most: int = HANDFUL) -> list[UUID] | None:
    """The actor's matters, where they are no more than so many; None for who reads more.

    That somebody reads more is counted once an hour: it decides on a way, not on what is found.
    """
    question = ("reads more", most, tx.actor.account_id, tx.actor.grants)
    hour = tx.now.replace(minute=0, second=0, microsecond=0)
    if tx.office.kept.find(question, hour):
        return None
    found: list[UUID] | None = tx.value("SELECT guard.handful(%(most)s)", {"most": most})
    if found is None:
        tx.office.kept.keep(question, hour, True)
    return found


def _door(tx: Work, values: dict[str, Any]) -> str | None:
    """Where the actor enters, None for those who walk the order of the list. Whoever has few
    matters enters by their keys: by a list that PostgreSQL can't count beforehand it would walk
    through everybody's to find thirty. Whoever has many meets theirs on the way."""
    among = handful(tx, ARMFUL)
    if among is None:
        return None
    values["among"] = among
    return "m.id = ANY (%(among)s)"


def _place(tx: Work, path: UnitPath, values: dict[str, Any]) -> str:
    """What lies in a unit's subtree. A few units are entered by their keys: what compares paths
    isn't trusted to run before row security, so it can be no entrance."""
    units = tx.rows(
        "SELECT u.id FROM unit u WHERE u.path <@ %(path)s::ltree LIMIT %(limit)s",
        {"path": path.value, "limit": A_FEW + 1},
    )
    if len(units) > A_FEW:
        values["unit"] = path.value
        return "m.unit_path <@ %(unit)s::ltree"
    values["units"] = [unit["id"] for unit in units]
    return "m.unit_id = ANY (%(units)s)"


def _heads(tx: Work, department: UnitPath) -> bool:
    return any(
        grant.role is Role.DEPARTMENT_HEAD and grant.unit.covers(department)
        for grant in tx.actor.grants
    )


def _department(tx: Work, path: UnitPath, values: dict[str, Any]) -> str | None:
    """A department without offices of its own is entered by its key, in the order of a page."""
    units = tx.rows(
        "SELECT u.id FROM unit u WHERE u.path <@ %(path)s::ltree LIMIT 2", {"path": path.value}
    )
    if len(units) != 1:
        return None
    values["department"] = units[0]["id"]
    return "m.assigned_unit_id = %(department)s"


def _where(tx: Work, wanted: Filter, values: dict[str, Any]) -> str:
    conditions = _conditions(wanted, values)
    if wanted.unit is not None:
        conditions.append(_place(tx, wanted.unit, values))
    if wanted.holder == tx.actor.account_id:
        door = None  # what was asked for already
    elif wanted.assigned is not None and _heads(tx, wanted.assigned):
        # The door of a department's head, too.
        door = _department(tx, wanted.assigned, values)
    else:
        door = _door(tx, values)
    if door is not None:
        conditions.insert(0, door)
    return " AND ".join(conditions) or "true"


def _after(sort: str, place: Place, values: dict[str, Any]) -> str:
    column, direction, kind = _SORTS[sort]
    values.update(after=place.value, after_id=place.id)
    beyond = ">" if direction == "ASC" else "<"
    if place.value is None:
        return f"{column} IS NULL AND m.id > %(after_id)s"
    last = f"%(after)s::{kind}"
    step = f"({column} {beyond} {last} OR ({column} = {last} AND m.id {beyond} %(after_id)s))"
    return f"({step} OR {column} IS NULL)" if sort == "due" else step


def page(
    tx: Work, wanted: Filter, *, sort: str = "due", after: Place | None = None, limit: int
) -> list[Row]:
    """Up to `limit` + 1 rows: one more than asked for tells that there is a next page."""
    values: dict[str, Any] = {"limit": limit + 1}
    where = _where(tx, wanted, values)
    if after is not None:
        where += " AND " + _after(sort, after, values)
    column, direction, _kind = _SORTS[sort]
    nulls = " NULLS LAST" if sort == "due" else ""
    order = f"{column} {direction}{nulls}, m.id {direction}"
    found = tx.rows(
        "SELECT m.* FROM guard.listed(ARRAY("
        f"SELECT m.id FROM matter m WHERE {where} ORDER BY {order} LIMIT %(limit)s)) m"
        f" ORDER BY {order}",
        values,
    )
    return _with_unpaid(tx, found)


def _with_unpaid(tx: Work, found: list[Row]) -> list[Row]:
    """`unpaid`: an item's money goes back now, and somebody on its list waits for it."""
    paying = [
        row["id"]
        for row in found
        if row["kind"] == Kind.FUND_ITEM and row["state"] in MAY_MOVE[EntryKind.RETURN]
    ]
    if not paying:
        return found
    unpaid = tx.rows(
        "SELECT DISTINCT fund_item_id AS id FROM payee"
        " WHERE fund_item_id = ANY (%(ids)s) AND paid_entry_id IS NULL",
        {"ids": paying},
    )
    waiting = {row["id"] for row in unpaid}
    return [{**row, "unpaid": row["id"] in waiting} for row in found]


@contextmanager
def planned_anew(tx: Work) -> Iterator[None]:
    """Plan each statement of the block by its own values. Of a rare state and of a common one
    matters are found by different ways, and a plan for any state walks through all of them."""
    tx.value("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
    yield
    tx.value("SELECT set_config('plan_cache_mode', 'auto', true)")


def rows(tx: Work, ids: list[UUID]) -> list[Row]:
    """These matters as lists show them, in no order."""
    return _with_unpaid(tx, tx.rows("SELECT * FROM guard.listed(%(ids)s)", {"ids": ids}))


def count(tx: Work, wanted: Filter, *, exact: bool = False, most: int = COUNTED) -> int:
    """How many; at most `most` + 1 unless `exact` is asked for."""
    values: dict[str, Any] = {}
    where = _where(tx, wanted, values)
    if exact:
        return int(tx.value(f"SELECT count(*) FROM matter m WHERE {where}", values))
    values["most"] = most + 1
    return int(
        tx.value(
            f"SELECT count(*) FROM (SELECT 1 FROM matter m WHERE {where} LIMIT %(most)s) s",
            values,
        )
    )


def lateness_counts(tx: Work, wanted: Filter, days: dict[str, date]) -> Row:
    """Open matters by lateness: overdue before `today`, by `urgent`, by `soon`, later; of each
    at most LATE_COUNTED + 1. Each is looked for in the order of what is due, and no further."""
    values: dict[str, Any] = {**days, "most": LATE_COUNTED + 1}
    where = _where(tx, wanted, values)
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM matter m WHERE m.closed_on IS NULL AND {due}"
        f" AND {where} ORDER BY m.due_on, m.id LIMIT %(most)s) s) AS {name}"
        for name, due in _LATE.items()
    )
    found = dict(tx.row(f"SELECT {counts}", values) or {})
    undated = found.pop("undated")
    return {**found, "later": found["later"] + undated}


_LATE = {
    "overdue": "m.due_on < %(today)s",
    "urgent": "m.due_on >= %(today)s AND m.due_on <= %(urgent)s",
    "soon": "m.due_on > %(urgent)s AND m.due_on <= %(soon)s",
    "later": "m.due_on > %(soon)s",
    "undated": "m.due_on IS NULL",
}
