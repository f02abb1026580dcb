"""A district with many matters, loaded by SQL: what both sides are measured on."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from app.core import crypto
from app.core.clock import Clock
from app.core.db import make_engine
from app.core.embedded import Cluster
from app.core.keys import Keys
from app.core.shelf import Shelf
from app.domain.permissions import Role
from app.domain.units import UnitKind
from app.repositories import accounts as account_rows
from app.repositories.work import Office, Work
from app.services import accounts, installation, leads, name_keys, units, workflow
from benchmarks import many_events
from benchmarks.filling import fill

TOWNSHIPS = 24
VILLAGES = 256
# Series that the written leads are spread over: one district each.
DISTRICTS = 64
CAMPAIGNS = ("危房改造", "林业两补", "村级财务", "精准识别")
LIFETIME = timedelta(hours=12)
PASSWORD = "a password for measuring only"  # noqa: S105

STAFF = (
    ("manager", Role.LEAD_MANAGER, "YC"),
    ("deputy", Role.DEPUTY, "YC"),
    ("chief", Role.CHIEF, "YC"),
    ("auditor", Role.AUDITOR, "YC"),
    ("intake", Role.INTAKE_OFFICER, "YC"),
    ("handler", Role.INVESTIGATOR, "YC-S1"),
    ("member", Role.INVESTIGATOR, "YC-S1"),
    ("head", Role.DEPARTMENT_HEAD, "YC-S1"),
)


def clerk(at: int) -> str:
    """Who logs leads in that district: only a hand of its own draws a district's numbers."""
    return f"clerk-{at:02d}"


@dataclass(frozen=True)
class Bench:
    """Where everything is, and who calls: sessions by login.

    `villages` are one a district, `matter` is a lead with a past, `room` its department;
    `waiting` is a lead whose assignment waits for the deputy's signature, `busy` one on which
    five hundred things happened.
    """

    database: str
    app_url: str
    app_conninfo: str
    admin_conninfo: str
    keys_file: Path
    sessions: dict[str, str]
    villages: tuple[UUID, ...]
    room: UUID
    matter: UUID
    waiting: UUID
    busy: UUID
    matters: int

    def as_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @staticmethod
    def from_json(text: str) -> Bench:
        held = json.loads(text)
        return Bench(
            **{
                **held,
                "keys_file": Path(held["keys_file"]),
                "villages": tuple(UUID(each) for each in held["villages"]),
                **{name: UUID(held[name]) for name in ("room", "matter", "waiting", "busy")},
            }
        )


def clock() -> Clock:
    return Clock(ZoneInfo("Asia/Shanghai"))


def prepare(cluster: Cluster, folder: Path, matters: int) -> Bench:
    """A fresh database with about `matters` matters of one district."""
    name = f"bench_{matters}"
    cluster.create_database(name)
    secrets_folder = folder / name
    secrets_folder.mkdir(mode=0o700)
    installation.install(
        cluster.url("owner", name),
        secrets_folder=secrets_folder,
        clock=clock(),
        profile="cn-discipline",
    )
    keys_file = secrets_folder / "keys.json"
    app_url = cluster.url("app", name)
    keys, shelf = Keys.make(keys_file), Shelf(secrets_folder / "papers")
    office = Office(engine=make_engine(app_url), clock=clock(), keys=keys, shelf=shelf)
    password = (secrets_folder / "operator").read_text(encoding="ascii").strip()
    signed_in = accounts.sign_in(office, login="operator", password=password, lifetime=LIFETIME)
    operator = signed_in.session
    villages, home, room = _units(office, operator)
    sessions = {**_people(office, operator), "operator": operator}
    waiting = _wait(office, sessions["manager"], home, room)
    busy = many_events.happen(office, sessions["manager"], home, room)
    office.engine.dispose()
    matter = _filled(cluster, name, matters)
    return Bench(
        database=name,
        app_url=app_url,
        app_conninfo=cluster.conninfo("app", name),
        admin_conninfo=cluster.conninfo("admin", name),
        keys_file=keys_file,
        sessions=sessions,
        villages=villages,
        room=room,
        matter=matter,
        waiting=waiting,
        busy=busy,
        matters=matters,
    )


def _filled(cluster: Cluster, name: str, matters: int) -> UUID:
    """Fills it; a lead that somebody verifies."""
    with psycopg.connect(cluster.conninfo("admin", name), autocommit=True) as admin:
        admin.cursor().executemany(
            "INSERT INTO campaign (id, key, name) VALUES (gen_random_uuid(), %s, %s)",
            [(each, each) for each in CAMPAIGNS],
        )
        fill(admin, matters)
        name_keys.fill(cluster.url("owner", name))
        admin.execute("VACUUM ANALYZE person_key")
        found = admin.execute(
            "SELECT id FROM matter WHERE kind = 'lead' AND state = 'verifying'"
            " ORDER BY id LIMIT 1 OFFSET 10"
        ).fetchone()
    if found is None:
        raise RuntimeError("nothing was loaded")
    matter: UUID = found[0]
    return matter


def _units(office: Office, operator: str) -> tuple[tuple[UUID, ...], UUID, UUID]:
    """(a village of each other district, one of the district's own, its department)."""
    with office.work(operator, use_case="bench.units") as tx:
        villages = []
        for at in range(DISTRICTS):
            district = units.create_unit(
                tx, code=f"D{at:02d}", name=f"第{at}区", kind=UnitKind.DISTRICT
            )
            villages.append(_village(tx, f"D{at:02d}-V", f"第{at}村", district))
        district = units.create_unit(tx, code="YC", name="云川区", kind=UnitKind.DISTRICT)
        townships = [
            units.create_unit(
                tx, code=f"YC-T{at:02d}", name=f"第{at}镇", kind=UnitKind.TOWNSHIP,
                parent_id=district,
            )
            for at in range(TOWNSHIPS)
        ]  # fmt: skip
        for at in range(VILLAGES):
            township = at % TOWNSHIPS
            home = _village(tx, f"YC-T{township:02d}-V{at:03d}", f"云{at}村", townships[township])
        room = units.create_unit(
            tx, code="YC-S1", name="第一室", kind=UnitKind.OFFICE, parent_id=district
        )
    return tuple(villages), home, room


def _village(tx: Work, code: str, name: str, parent: UUID) -> UUID:
    return units.create_unit(tx, code=code, name=name, kind=UnitKind.VILLAGE, parent_id=parent)


def _people(office: Office, operator: str) -> dict[str, str]:
    salt = crypto.new_password_salt()
    proof = crypto.password_proof(PASSWORD, salt)
    sessions = {}
    clerks = tuple((clerk(at), Role.INVESTIGATOR, f"D{at:02d}") for at in range(DISTRICTS))
    for login, role, code in (*STAFF, *clerks):
        with office.work(operator, use_case="bench.accounts") as tx:
            unit = units.read_unit_coded(tx, code)
            account_id = accounts.create_account(tx, login=login, name=login, unit_id=unit["id"])
            accounts.grant_role(tx, account_id=account_id, role=role, unit_id=unit["id"])
            token = accounts.make_password_link(tx, account_id)
            account_rows.redeem_password_link(tx, token=token, salt=salt, proof=proof)
        secret = secrets.token_urlsafe(32)
        with office.work(None, use_case="bench.sign_in") as tx:
            account_rows.sign_in(tx, login=login, proof=proof, secret=secret, lifetime=LIFETIME)
        sessions[login] = secret
    return sessions


# The rows of one lead, copied under new keys: whatever the product wrote, once more.
_COPIED = {
    "matter": ("id = %(lead)s", "'id', n.matter_id, 'number', 'Q' || n.matter_id"),
    "lead": ("id = %(lead)s", "'id', n.matter_id"),
    "transition": ("matter_id = %(lead)s", "'id', gen_random_uuid(), 'matter_id', n.matter_id"),
    "clock": ("matter_id = %(lead)s", "'id', gen_random_uuid(), 'matter_id', n.matter_id"),
    "request": ("matter_id = %(lead)s", "'id', n.request_id, 'matter_id', n.matter_id"),
}


def _wait(office: Office, manager: str, unit_id: UUID, room: UUID) -> UUID:
    """A lead whose assignment waits for the deputy's signature, made by the services."""
    with office.work(manager, use_case="bench.wait") as tx:
        lead_id = leads.log_lead(
            tx,
            leads.NewLead(
                source="supervision", received_on=tx.today, what="多领补助", unit_id=unit_id
            ),
        )
        form = {"department": str(room), "no_conflict": True}
        workflow.act(tx, lead_id, event="assign", form=form, reason="属第一室联系地区")
    return lead_id


def ask(bench: Bench, count: int) -> list[UUID]:
    """So many requests that wait for the deputy's signature, each on a lead of its own."""
    with psycopg.connect(bench.admin_conninfo) as admin:
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "CREATE TEMP TABLE n ON COMMIT DROP AS SELECT gen_random_uuid() AS matter_id,"
            " gen_random_uuid() AS request_id FROM generate_series(1, %s)",
            (count,),
        )
        for table, (which, keys) in _COPIED.items():
            admin.execute(
                f"INSERT INTO {table} SELECT c.* FROM n, {table} t, jsonb_populate_record("
                f"NULL::{table}, to_jsonb(t) || jsonb_build_object({keys})) c WHERE t.{which}",
                {"lead": bench.waiting},
            )
        return [row[0] for row in admin.execute("SELECT request_id FROM n").fetchall()]
