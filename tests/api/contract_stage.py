"""Where the API is called: one server on a socket, put on a fresh copy of the district at will."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from fastapi import FastAPI
from psycopg.rows import DictRow, dict_row

from app.core import tokens
from tests.api.contract_world import TODAY
from tests.builders import DistrictPlan, World
from tests.conftest import Databases

# Whose version If-Match holds, by the names in an address or a body: the first that is there.
_VERSIONS = {
    "meeting_id": "SELECT version FROM study_meeting WHERE id = %s",
    "fund_item_id": "SELECT version FROM matter WHERE id = %s",
    "item_id": "SELECT version FROM matter WHERE id = %s",
    "matter_id": "SELECT version FROM matter WHERE id = %s",
    "petition_id": "SELECT version FROM matter WHERE id = %s",
    "account_id": "SELECT version FROM account WHERE id = %s",
    "person_id": "SELECT version FROM person WHERE id = %s",
    "organisation_id": "SELECT version FROM organisation WHERE id = %s",
    "request_id": "SELECT version FROM request WHERE id = %s",
    "batch_id": "SELECT version FROM import_batch WHERE id = %s",
    "entry_id": "SELECT m.version FROM journal_entry e JOIN matter m ON m.id = e.fund_item_id"
    " WHERE e.id = %s",
}
# Every business table has its row of history. An emergency that led nowhere is kept all the same.
_WRITTEN = """
SELECT (SELECT count(*) FROM audit_event WHERE table_name <> 'emergency_try')
     + (SELECT count(*) FROM idempotent_answer) AS rows
"""
# And what comes and goes without one.
_SIGNED_IN = """
SELECT (SELECT count(*) FROM session) AS sessions, (SELECT max(ended_at) FROM session) AS ended,
       (SELECT md5(string_agg(secret_hash::text, '' ORDER BY id)) FROM session) AS secrets,
       (SELECT count(*) FROM sign_in_attempt) AS attempts,
       (SELECT count(*) FROM emergency_try) AS tries,
       (SELECT count(*) FROM assignment) AS assignments,
       (SELECT count(*) FROM import_upload) AS uploads,
       (SELECT count(*) FROM watch) AS watches, (SELECT max(looked_at) FROM watch) AS looked,
       (SELECT count(*) FROM refresh_token) AS refreshes,
       (SELECT md5(string_agg(code_hash::text, '' ORDER BY code_hash)) FROM recovery_code) AS codes,
       (SELECT md5(string_agg(challenge::text, '' ORDER BY session_id)) FROM passkey_challenge)
         AS challenges,
       (SELECT sum(sign_count) FROM passkey_use) AS counters,
       (SELECT max(changed_at) FROM credential) AS passwords,
       (SELECT count(*) FROM password_link) AS links,
       (SELECT max(used_at) FROM password_link) AS used
"""


@dataclass
class Stage:
    """A copy of the district with the server standing on it."""

    address: str
    world: World
    owner: psycopg.Connection[DictRow]
    tokens: Mapping[str, str]
    _rows: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.wrote()
        self._first = self._everything()

    def untouched(self) -> bool:
        """Whether it is still as it was at first."""
        self.wrote()
        return self._first == self._everything()

    def _everything(self) -> tuple[int, DictRow | None]:
        return self._rows, self.owner.execute(_SIGNED_IN).fetchone()

    def version(self, login: str, named: Mapping[str, Any]) -> int:
        """The present version of what is named; of one's own account where nothing is."""
        if not named and login:
            named = {"account_id": self.world.person(login).account_id}
        for name, query in _VERSIONS.items():
            try:
                wanted = UUID(str(named[name]))
            except (KeyError, ValueError):
                continue
            row = self.owner.execute(query.encode(), (wanted,)).fetchone()
            if row is not None:
                return int(row["version"])
        return 1

    def wrote(self) -> bool:
        """Whether anything was written since this was asked last."""
        row = self.owner.execute(_WRITTEN).fetchone()
        assert row is not None
        before, self._rows = self._rows, int(row["rows"])
        return self._rows != before


class Theatre:
    """One application for all stages: making it costs a second, a copy of the district little."""

    def __init__(
        self,
        databases: Databases,
        template: str,
        plan: DistrictPlan,
        *,
        app: FastAPI,
        address: str,
    ) -> None:
        self._databases = databases
        self._template = template
        self._plan = plan
        self._app = app
        self._address = address
        self._open: Stage | None = None

    def stage(self) -> Stage:
        """A fresh one, which may be the one before if nothing happened there."""
        if self._open is not None and self._open.untouched():
            return self._open
        self.close()
        name = self._databases.fresh(self._template)
        world = World(self._databases.office(name), self._plan)
        world.clock.set(TODAY)
        self._app.state.office = world.office
        conninfo = self._databases.cluster.conninfo("owner", name)
        self._open = Stage(
            address=self._address,
            world=world,
            owner=psycopg.connect(conninfo, autocommit=True, row_factory=dict_row),
            tokens={
                login: tokens.issue(
                    world.office.keys, session=who.session, lifetime=timedelta(hours=12)
                )
                for login, who in self._plan.people.items()
            },
        )
        return self._open

    def close(self) -> None:
        if self._open is None:
            return
        engine = self._open.world.office.engine
        name = engine.url.database
        assert name is not None
        self._open.owner.close()
        engine.dispose()
        self._databases.cluster.drop_database(name)
        self._open = None
