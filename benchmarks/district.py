"""A district with many matters, loaded by SQL: what both sides are measured on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
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
from app.domain.permissions import Role
from app.domain.units import UnitKind
from app.repositories import accounts as account_rows
from app.repositories.work import Office
from app.services import accounts, installation, units

VILLAGES = 256
# Series that the written leads are spread over: one district each.
DISTRICTS = 64
EXPORT = "SELECT m.number, m.title, m.state, m.opened_on, m.due_on FROM matter m"


@dataclass(frozen=True)
class Bench:
    """Where everything is, and who calls: sessions by role."""

    database: str
    app_url: str
    owner_conninfo: str
    keys_file: Path
    sessions: dict[str, str]
    villages: tuple[UUID, ...]
    department: UUID
    matter: UUID


def clock() -> Clock:
    return Clock(ZoneInfo("Asia/Shanghai"))


def prepare(cluster: Cluster, folder: Path, matters: int) -> Bench:
    """A fresh database with `matters` leads, two thirds of them ended."""
    name = f"bench_{matters}"
    cluster.create_database(name)
    owner_url = cluster.url("owner", name)
    secrets_folder = folder / name
    secrets_folder.mkdir(mode=0o700)
    installation.install(
        owner_url, secrets_folder=secrets_folder, clock=clock(), profile="cn-discipline"
    )
    keys_file = secrets_folder / "keys.json"
    app_url = cluster.url("app", name)
    office = Office(engine=make_engine(app_url), clock=clock(), keys=Keys.make(keys_file))
    password = (secrets_folder / "operator").read_text(encoding="ascii").strip()
    operator = accounts.sign_in(
        office, login="operator", password=password, lifetime=timedelta(hours=2)
    ).session
    villages, department = _units(office, operator)
    sessions = _people(office, operator)
    conninfo = cluster.conninfo("owner", name)
    with psycopg.connect(conninfo) as connection:
        _load(connection, matters)
        matter = connection.execute(
            "SELECT id FROM matter WHERE closed_on IS NULL ORDER BY id LIMIT 1 OFFSET 100"
        ).fetchone()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    office.engine.dispose()
    if matter is None:
        raise RuntimeError("nothing was loaded")
    return Bench(
        database=name,
        app_url=app_url,
        owner_conninfo=conninfo,
        keys_file=keys_file,
        sessions=sessions,
        villages=villages,
        department=department,
        matter=matter[0],
    )


def _units(office: Office, operator: str) -> tuple[tuple[UUID, ...], UUID]:
    with office.work(operator, use_case="bench.units") as tx:
        villages = []
        for at in range(DISTRICTS):
            district = units.create_unit(
                tx, code=f"D{at:02d}", name=f"第{at}区", kind=UnitKind.DISTRICT
            )
            villages.append(
                units.create_unit(
                    tx, code=f"D{at:02d}-V", name=f"第{at}村", kind=UnitKind.VILLAGE,
                    parent_id=district,
                )
            )  # fmt: skip
        district = units.create_unit(tx, code="YC", name="云川区", kind=UnitKind.DISTRICT)
        for at in range(VILLAGES):
            units.create_unit(
                tx, code=f"YC-V{at:03d}", name=f"第{at}村", kind=UnitKind.VILLAGE,
                parent_id=district,
            )  # fmt: skip
        department = units.create_unit(
            tx, code="YC-S1", name="第一室", kind=UnitKind.OFFICE, parent_id=district
        )
    return tuple(villages), department


STAFF = (
    ("manager", Role.LEAD_MANAGER, "YC"),
    ("deputy", Role.DEPUTY, "YC"),
    ("chief", Role.CHIEF, "YC"),
    ("handler", Role.INVESTIGATOR, "YC-S1"),
    ("head", Role.DEPARTMENT_HEAD, "YC-S1"),
)


def _people(office: Office, operator: str) -> dict[str, str]:
    salt = crypto.new_password_salt()
    proof = crypto.password_proof("a password for measuring only", salt)
    sessions = {}
    for login, role, code in STAFF:
        with office.work(operator, use_case="bench.accounts") as tx:
            unit = units.read_unit_coded(tx, code)
            account_id = accounts.create_account(tx, login=login, name=login, unit_id=unit["id"])
            accounts.grant_role(tx, account_id=account_id, role=role, unit_id=unit["id"])
            token = accounts.make_password_link(tx, account_id)
            account_rows.redeem_password_link(tx, token=token, salt=salt, proof=proof)
        secret = secrets.token_urlsafe(32)
        with office.work(None, use_case="bench.sign_in") as tx:
            account_rows.sign_in(
                tx, login=login, proof=proof, secret=secret, lifetime=timedelta(hours=2)
            )
        sessions[login] = secret
    return sessions


_LOAD = """
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, g, v.id AS unit_id, v.path AS unit_path,
       g %% 3 = 0 AS open, date '2015-01-01' + (g * 1300.0 / %(n)s)::int AS day,
       gen_random_uuid() AS person_id
  FROM generate_series(1, %(n)s) g
  JOIN (SELECT id, path, row_number() OVER (ORDER BY path) - 1 AS at FROM unit
         WHERE path <@ 'YC' AND kind = 'village') v ON v.at = g %% %(villages)s
"""
_FILL = (
    """INSERT INTO matter (id, kind, district, number, title, state, stage, unit_id, unit_path,
         assigned_unit_id, assigned_path, made_by, profile_id, version, source, opened_on, due_on,
         closed_on)
       SELECT m.id, 'lead', 'YC', 'B' || lpad(g::text, 8, '0'), '第' || g || '件补助问题',
         CASE WHEN open THEN 'assessing' ELSE 'closed' END,
         CASE WHEN open THEN 'assess' ELSE 'review' END, m.unit_id, m.unit_path, s.id, s.path,
         a.id, p.id, 2, (ARRAY['supervision', 'petition', 'inspection'])[g % 3 + 1], day,
         CASE WHEN open THEN day + 31 END, CASE WHEN open THEN NULL ELSE day + 60 END
         FROM made m, (SELECT id, path FROM unit WHERE code = 'YC-S1') s,
              (SELECT id FROM account WHERE login = 'manager') a,
              (SELECT id FROM profile_version WHERE name = 'cn-discipline' LIMIT 1) p""",
    """INSERT INTO lead (id, received_on, what, amount)
       SELECT id, day, '多领补助', (g % 1000) * 10 FROM made""",
    """INSERT INTO transition (id, matter_id, version, event, to_state, actor_id, happened_on)
       SELECT gen_random_uuid(), m.id, v, CASE v WHEN 1 THEN 'register_new' ELSE 'take_on' END,
              CASE v WHEN 1 THEN 'registered' ELSE 'assessing' END, a.id, day + v
         FROM made m, generate_series(1, 2) v,
              (SELECT id FROM account WHERE login = 'manager') a""",
    """INSERT INTO team_member (id, matter_id, account_id, part, begins_on)
       SELECT gen_random_uuid(), m.id, a.id, 'lead_handler', day FROM made m,
              (SELECT id FROM account WHERE login = 'handler') a WHERE g % 40000 = 0""",
    """INSERT INTO person (id, name, unit_id, presumed)
       SELECT person_id, '某' || g, unit_id, true FROM made""",
    """INSERT INTO involvement (id, matter_id, part, person_id, code, begins_on)
       SELECT gen_random_uuid(), id, 'subject', person_id, '01', day FROM made""",
    """INSERT INTO clock (id, matter_id, rule, amount, unit, started_on, due_on)
       SELECT gen_random_uuid(), id, 'disposal', 1, 'M', day, day + 31 FROM made WHERE open""",
)
_TABLES = ("matter", "lead", "transition", "team_member", "person", "involvement", "clock")


def _load(connection: psycopg.Connection, matters: int) -> None:
    """Rows as the services would write them; events of the past are not what is measured."""
    with connection.transaction():
        for table in _TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit")
        connection.execute(_LOAD, {"n": matters, "villages": VILLAGES})
        for statement in _FILL:
            connection.execute(statement)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _TABLES:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit")
