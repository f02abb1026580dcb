"""The demo is loaded through the services: whatever its plan does, once at least, for real."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from app.domain.demo.plan import Plan, make_plan
from app.domain.demo.steps import Step
from app.repositories.work import Office
from app.services import accounts, demo
from app.services.demo.loading import connected
from tests.conftest import Databases
from tests.unit.demo_replay import Replay


def _does(plan: Plan, steps: Iterable[Step]) -> set[tuple[object, ...]]:
    """Ways of doing something that differ in rule: who, what, to which kind, with what said."""
    roles = {seed.login: seed.role for seed in plan.accounts}
    return {
        (
            roles[step.actor],
            step.verb,
            step.arguments.get("event"),
            step.matter[0],
            frozenset(step.arguments),
            "'not_yet'" in str(step.arguments.get("payments")),
        )
        for step in steps
    }


def _shortened(plan: Plan) -> Plan:
    """The fewest histories, taken greedily, that still do everything that the whole plan does."""
    left = _does(plan, plan.steps)
    kept: set[str] = set()
    histories = [(each, _does(plan, each)) for each in connected(plan.steps)]
    while left:
        steps, does = max(histories, key=lambda pair: len(pair[1] & left) / (len(pair[0]) + 5))
        left -= does
        kept |= {step.matter for step in steps}
    return replace(plan, steps=tuple(step for step in plan.steps if step.matter in kept))


def test_everything_that_the_demo_does_is_done_by_the_services(
    databases: Databases, empty_office: Office, tmp_path: Path
) -> None:
    plan = _shortened(make_plan())
    assert len(plan.steps) < len(make_plan().steps) / 4
    password = (databases.secrets / "operator").read_text(encoding="ascii").strip()
    operator = accounts.sign_in(
        empty_office, login="operator", password=password, lifetime=timedelta(hours=1)
    )
    database = str(empty_office.engine.url.database)
    told: list[tuple[int, int]] = []
    door = demo.load(
        empty_office,
        owner_url=databases.cluster.url("owner", database),
        operator=operator.session,
        secrets_folder=tmp_path,
        progress=lambda done, whole: told.append((done, whole)),
        plan=plan,
    )
    assert demo.loaded(tmp_path)
    assert told[-1] == (len(plan.steps), len(plan.steps))
    assert {card.login for card in door.cards} <= door.passwords.keys()

    planned = Counter((live.kind.value, live.state) for live in Replay(plan).run().matters.values())
    with psycopg.connect(
        databases.cluster.conninfo("owner", database), row_factory=dict_row
    ) as owner:
        loaded = owner.execute("SELECT kind, state, count(*) AS n FROM matter GROUP BY 1, 2")
        assert {(row["kind"], row["state"]): row["n"] for row in loaded} == planned
        unbalanced = owner.execute(
            "SELECT entry_id FROM posting GROUP BY entry_id HAVING sum(amount) <> 0"
        )
        assert unbalanced.fetchall() == []
        # What the money desk still has to see to; and the bank's file leaves no doubt behind.
        waiting = owner.execute(
            "SELECT (SELECT count(*) FROM journal_entry WHERE kind = 'suspense') AS lines,"
            " (SELECT count(*) > 0 FROM money_return WHERE signed = 'not_yet') AS unsigned,"
            " (SELECT count(*) FROM doubt) AS doubts"
        )
        assert waiting.fetchone() == {"lines": 1, "unsigned": True, "doubts": 0}
