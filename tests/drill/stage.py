"""What the drill is about: matters with every table's rows on them, and who tries to get at them.

here = stage(world, owner)
here.hidden      a petition, a lead, a case, money: `ids`, `told` (what may never be read)
here.own         the same again, at a place whose people may work on it
here.intruders   who tries, by a name
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.permissions import Permission, Role
from app.repositories.work import Office
from app.services import emergencies, keys
from tests.build_history import Past
from tests.build_matters import log
from tests.builders import Place, Someone, World
from tests.drill.rows import Hanging, one

Db = psycopg.Connection[DictRow]
DAY = date(2018, 9, 3)
CANARY = "金丝雀"

# Which column of which table names a row of which other.
REFERENCES = """
SELECT c.conrelid::regclass::text AS place, a.attname AS column, c.confrelid::regclass::text AS to
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
  JOIN pg_attribute o ON o.attrelid = c.confrelid AND o.attnum = c.confkey[array_position(
       c.conkey, a.attnum)]
 WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
   AND a.atttypid = 'uuid'::regtype AND o.attname IN ('id', 'entry_id', 'petition_id')
 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Matters:
    """Matters that belong together, and all that hangs on them."""

    ids: Mapping[str, UUID]  # by table, one row's key
    rows: Mapping[str, list[DictRow]]  # by table, all of them
    numbers: tuple[str, ...]

    @property
    def told(self) -> list[str]:
        """Every key, every number, and a word that stands in every text."""
        keys_ = {str(row["id"]) for rows in self.rows.values() for row in rows if "id" in row}
        return sorted(keys_) + list(self.numbers) + [CANARY]


@dataclass(frozen=True)
class Intruder:
    """Whose session they hold, if any. `reading` opens an emergency read in a transaction."""

    session: str
    who: Someone | None = None
    reading: UUID | None = None


@dataclass(frozen=True)
class Stage:
    hidden: Matters
    own: Matters
    intruders: Mapping[str, Intruder]
    office: Office

    @contextmanager
    def connected(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        """A transaction of the application's role, begun as that intruder; rolled back."""
        url = self.office.engine.url.set(drivername="postgresql")
        text = url.render_as_string(hide_password=False)
        with psycopg.connect(text) as connection:
            enter(connection, self.intruders[name])
            yield connection
            connection.rollback()


def enter(connection: psycopg.Connection[Any], intruder: Intruder) -> None:
    connection.execute("SELECT guard.enter(%s, 'drill', '')", [intruder.session])
    if intruder.reading is not None:
        connection.execute("SELECT guard.open_emergency(%s)", [intruder.reading])


def stage(world: World, owner: Db) -> Stage:
    # A leaf apart: nothing that anybody holds reaches it but the district's own.
    past = Past(world, owner)
    elsewhere = {
        role: world.hire(f"elsewhere-{role.value}", role, "YC-T02")
        for role in (
            *(Role.LEAD_MANAGER, Role.KEEPER, Role.FINANCE, Role.AUDITOR, Role.DEPUTY),
            *(Role.INTAKE_OFFICER, Role.ADJUDICATOR, Role.INVESTIGATOR),
        )
    }
    hidden = _matters(past, world, world.village, CANARY)
    own = _matters(past, world, world.unit("YC-T02-V01"), "鹌鹑")
    walled = (world.chief, world.investigator, world.lead_manager, world.auditor, world.finance)
    for each in walled:
        _walled(past, hidden, each)
    today = one(owner, "SELECT guard.today() AS id")
    past.insert(
        "access_grant", id=new_id(), matter_id=hidden.ids["lead"], begins_on=today,
        ends_on=today + timedelta(days=7), reason="协助",
        account_id=world.investigator.account_id, granted_by=world.deputy.account_id,
    )  # fmt: skip
    found = {
        "emergency reader": _emergency(world),  # first: a reading waits for a minute
        "nobody": Intruder(""),
        "forged": Intruder(str(world.chief.account_id)),
        "expired": Intruder(_spent(world, owner, "expired")),
        "ended": Intruder(_spent(world, owner, "ended")),
        "administrator": Intruder(world.administrator.session, world.administrator),
        "reporting unit": Intruder(world.reporting_unit.session, world.reporting_unit),
        **{f"walled {each.role.value}": Intruder(each.session, each) for each in walled},
        **{
            f"{role.value} elsewhere": Intruder(who.session, who) for role, who in elsewhere.items()
        },
        "key": _key(world, elsewhere[Role.LEAD_MANAGER]),
    }
    return Stage(_read(owner, hidden), _read(owner, own), found, world.office)


def _walled(past: Past, hidden: Matters, who: Someone) -> None:
    for matter in ("petition", "lead", "case"):
        past.insert(
            "wall", id=new_id(), matter_id=hidden.ids[matter], account_id=who.account_id,
            cause="declared", made_by=who.account_id, made_on=DAY,
        )  # fmt: skip


def _spent(world: World, owner: Db, how: str) -> str:
    """The secret of a session of a deputy's that lived once."""
    someone = world.hire(how, Role.DEPUTY, "YC")
    column = "expires_at" if how == "expired" else "ended_at"
    past = f"UPDATE session SET {column} = now() - interval '1 second' WHERE secret_hash = %s"
    owner.execute(
        past.encode(),
        [sha256(someone.session.encode()).digest()],
    )
    return someone.session


def _key(world: World, who: Someone) -> Intruder:
    with world.open("keys.make", who) as tx:
        made = keys.make_key(
            tx, name="x", scope=(Permission.MATTERS_READ, Permission.UNITS_READ), days=30
        )
    return Intruder(made.secret, who)


def _emergency(world: World) -> Intruder:
    """Somebody who reads another lead in an emergency."""
    reader = world.hire("in-an-emergency", Role.INVESTIGATOR, "YC-O04")
    other = log(world, world.lead_manager)
    with world.open("tests", world.deputy) as tx:
        number = tx.value("SELECT number FROM matter WHERE id = %(id)s", {"id": other})
    with world.open("emergencies.declare", reader) as tx:
        declared = emergencies.declare(tx, kind=Kind.LEAD, number=number, reason="今晚转移账册。")
    assert declared is not None
    with world.open("emergencies.write_reading", reader) as tx:
        reading = emergencies.write_reading(tx, declared)
    return Intruder(reader.session, reader, reading)


def _matters(past: Past, world: World, place: Place, word: str) -> Matters:
    """Written past every rule: one row at least of each table that hangs on a matter."""
    text = f"{word}写的字"
    petition = past.petition(received_on=DAY, unit=place, title=text, made_by=world.deputy)
    past.owner.execute(
        "UPDATE petition SET content = %s, summary = %s, place = %s WHERE id = %s",
        [text, text, text, petition.id],
    )
    lead = past.lead(received_on=DAY, unit=place, title=text, method="verification",
                     steps=[("verifying", DAY)], made_by=world.deputy)  # fmt: skip
    case = past.case(lead, filed_on=DAY, unit=place, title=text, made_by=world.deputy)
    item = past.item(lead, state="controlled", title=text, made_by=world.deputy)
    paid = past.receipt(lead, item, "900.00", DAY)
    past.owner.execute("UPDATE money_receipt SET paid_in_by = %s WHERE entry_id = %s", [text, paid])
    past.repaid(lead, item, "100.00", DAY, text)
    past.doubt(lead, "received_before_lead", explanation=text)
    person = past.person(f"某{new_id().hex[-4:]}")
    past.outcome(case, "handling", DAY, person=person)
    Hanging(past, world, lead, item, petition, text).write()
    ids = {each.kind: each.id for each in (petition, lead, case, item)}
    return Matters(ids, {}, tuple(each.number for each in (petition, lead, case, item)))


def _read(owner: Db, matters: Matters) -> Matters:
    """Every row that hangs on these matters, however far."""
    known: dict[str, set[UUID]] = {"matter": set(matters.ids.values())}
    references = [
        row
        for row in owner.execute(REFERENCES).fetchall()
        if row["to"] not in ("account", "person", "session", "unit", "import_batch")
    ]
    rows: dict[str, list[DictRow]] = {}
    for _ in range(4):  # no table is further away
        for each in references:
            held = list(known.get(each["to"], ()))
            found = owner.execute(
                f"SELECT t.* FROM {each['place']} t WHERE {each['column']} = ANY (%s)".encode(),
                [held],
            ).fetchall()
            if found:
                kept = rows.setdefault(each["place"], [])
                kept += [row for row in found if row not in kept]
                key = next(
                    name for name in ("id", "entry_id", "petition_id", each["column"])
                    if name in found[0]
                )  # fmt: skip
                known.setdefault(each["place"], set()).update(row[key] for row in found)
    rows["matter"] = owner.execute(
        "SELECT * FROM matter WHERE id = ANY (%s)", [list(known["matter"])]
    ).fetchall()
    ids = {table: next(iter(held)) for table, held in sorted(known.items()) if held}
    return Matters({**ids, **matters.ids}, rows, matters.numbers)
