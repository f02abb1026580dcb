"""What row security costs: the same requests by a role before which it stands aside.

Two hundred people hold roles, and fifty thousand walls stand. The officer reads the whole
district, the auditor all of it without names, the member the thirty matters of a team.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import repeat
from pathlib import Path
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import sql

from benchmarks import plans
from benchmarks.district import Bench
from benchmarks.measures import approving, export, logging
from benchmarks.measures.reading import LISTS
from benchmarks.measures.rounds import Bed, compared
from benchmarks.results import Result
from benchmarks.serving import beside

ACTORS, WALLS, HELD = 200, 50_000, 30
COSTS = 0.8  # of the rate without policies: a quarter more time
FREE = "plumbline_free"
PLANS = Path("bench-plans.txt")


def policies(bed: Bed) -> Iterator[Result]:
    """Each budget of the others, with policies and without."""
    held = settle(bed.bench)
    with _unbound(bed.bench) as bench, beside(bench, bed.folder) as port:
        roles = ((bed.bench.app_url, "under row security"), (bench.app_url, "past it"))
        plans.write(PLANS, plans.explained(bed.bench, held, roles))
        both = replace(bed, sides=replace(bed.sides, yardstick=port))
        for who, name, matter in (
            ("manager", "district officer", bed.bench.matter),
            ("auditor", "auditor", bed.bench.matter),
            ("member", f"member of {HELD} teams", held),
        ):
            for what, path in (
                ("worklist page", LISTS),
                ("filtered list", f"{LISTS}&state=verifying&open=true"),
                ("matter page", f"/api/v1/matters/{matter}"),
            ):
                again = partial(repeat, both.sides.get(path, who))
                yield compared(both, f"row security, {what}, {name}", COSTS, again, again)
        yield compared(
            both, "row security, log a lead", COSTS,
            lambda: logging.leads(both, "/api/v1/leads", len(bed.bench.villages)),
            lambda: logging.leads(both, "/api/v1/leads", len(bed.bench.villages)),
        )  # fmt: skip
        yield compared(
            both, "row security, approve a step", COSTS,
            lambda: approving.signings(both, "/api/v1/requests"),
            lambda: approving.signings(both, "/api/v1/requests"),
        )  # fmt: skip
        yield export.beside(both, "row security, CSV export", COSTS)


def settle(bench: Bench) -> UUID:
    """Writes the people, their walls and the member's matters; one of these."""
    with psycopg.connect(bench.admin_conninfo, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "INSERT INTO account (id, login, name, unit_id) SELECT gen_random_uuid(),"
            " 'actor-' || n, '第' || n || '人', a.unit_id FROM account a,"
            " generate_series(1, %s) n WHERE a.login = 'handler'",
            [ACTORS],
        )
        admin.execute(
            "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
            " SELECT gen_random_uuid(), a.id,"
            " (ARRAY['investigator', 'lead_manager', 'auditor', 'deputy'])[1 + row_number() OVER ()"
            " % 4], u.id, u.path, guard.today() FROM account a, unit u"
            " WHERE a.login LIKE 'actor-%' AND u.code = 'YC'"
        )
        admin.execute(
            "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
            " SELECT gen_random_uuid(), m.id, a.id, 'member', guard.today() FROM account a,"
            " (SELECT id FROM matter WHERE kind = 'lead' AND state = 'verifying'"
            "   ORDER BY id OFFSET 20 LIMIT %s) m WHERE a.login = 'member'",
            [HELD],
        )
        # Those who are measured keep off as many matters as anybody, but not of their own.
        admin.execute(
            "WITH people AS (SELECT id, row_number() OVER (ORDER BY login) - 1 AS at FROM account"
            "   WHERE login LIKE 'actor-%%' OR login IN ('manager', 'auditor', 'member')),"
            " chosen AS (SELECT id, row_number() OVER () AS at FROM (SELECT id FROM matter"
            "   WHERE kind = 'lead' AND state = 'closed' ORDER BY md5(id::text) LIMIT %s) m)"
            " INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)"
            " SELECT gen_random_uuid(), s.id, p.id, 'declared', '亲属', p.id, guard.today()"
            " FROM chosen s JOIN people p ON p.at = s.at %% (SELECT count(*) FROM people)",
            [WALLS],
        )
        admin.execute("ANALYZE account, role_held, team_member, wall")
        found = admin.execute(
            "SELECT matter_id FROM team_member t JOIN account a ON a.id = t.account_id"
            " WHERE a.login = 'member' ORDER BY matter_id LIMIT 1"
        ).fetchone()
    if found is None:
        raise RuntimeError("the member has no matter")
    matter: UUID = found[0]
    return matter


@contextmanager
def _unbound(bench: Bench) -> Iterator[Bench]:
    """The same database, for a role that may do what the application may, past row security."""
    password = secrets.token_urlsafe(24)
    with psycopg.connect(bench.admin_conninfo, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS PASSWORD {} IN ROLE plumbline_app").format(
                sql.Identifier(FREE), sql.Literal(password)
            )
        )
    url = sa.make_url(bench.app_url).set(username=FREE, password=password)
    try:
        yield replace(bench, app_url=url.render_as_string(hide_password=False))
    finally:
        with psycopg.connect(bench.admin_conninfo, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(FREE)))
