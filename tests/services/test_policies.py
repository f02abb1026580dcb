"""The policy in Python and the one in the database: the same answer for every actor and matter."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.kinds import Kind
from app.domain.permissions import Actor, Clearance, Role, RoleGrant
from app.domain.policies import Door, Sight, reasons, sees
from app.domain.units import UnitPath
from app.domain.walls import Register
from app.repositories.work import Work
from tests.builders import World

DAY = date(2018, 9, 3)
PLACES = (
    "YC", "YC.T01", "YC.T01.V01", "YC.T01.V02", "YC.T02", "YC.T02.V01", "YC.D01", "YC.O03",
    "YC.O04", "YC.J01",
)  # fmt: skip
SIGN = (Role.DEPUTY, Role.CHIEF, Role.DEPARTMENT_HEAD, Role.LEAD_MANAGER, Role.SECRETARY)
# What a matter is before anything happened to it: too many columns to vary, and none matters here.
STATES = {Kind.PETITION: "received", Kind.LEAD: "assessing", Kind.CASE: "filed"}


@dataclass
class Drawn:
    """A world drawn by chance, as Python knows it; `write` puts the same into the database."""

    chance: random.Random
    units: dict[str, UUID]
    profile: UUID
    actors: list[Actor] = field(default_factory=list)
    matters: list[Sight] = field(default_factory=list)
    persons: list[UUID] = field(default_factory=list)
    persons_of: dict[UUID, UUID] = field(default_factory=dict)
    teams: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    named: dict[UUID, set[UUID]] = field(default_factory=dict)
    rows: dict[UUID, set[UUID]] = field(default_factory=dict)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    origins: dict[UUID, UUID] = field(default_factory=dict)
    relatives: set[tuple[UUID, UUID]] = field(default_factory=set)
    linked: set[tuple[UUID, UUID]] = field(default_factory=set)
    settled: set[tuple[UUID, UUID, UUID]] = field(default_factory=set)
    ties: dict[UUID, set[UUID]] = field(default_factory=dict)
    came: dict[tuple[UUID, UUID], bool] = field(default_factory=dict)  # and whether late
    emergencies: dict[UUID, dict[UUID, UUID]] = field(default_factory=dict)
    # Of a matter and an account of that name: whether it worked there before, and what was said.
    namesakes: dict[tuple[UUID, UUID], tuple[bool, str | None]] = field(default_factory=dict)

    def place(self) -> UnitPath:
        return UnitPath(self.chance.choice(PLACES))

    def draw(self, actors: int, matters: int) -> None:
        self.persons = [new_id() for _ in range(actors)]
        for _ in range(actors):
            grants = tuple(
                RoleGrant(role, self.place())
                for role in self.chance.sample(sorted(Role), self.chance.choice((1, 1, 1, 2, 3)))
            )
            actor = Actor(new_id(), "x", grants, clearance=Clearance(self.chance.randrange(3)))
            self.actors.append(actor)
            if self.chance.random() < 0.6:
                self.persons_of[actor.account_id] = self.chance.choice(self.persons)
        for _ in range(actors // 4):
            pair = self.chance.sample(self.persons, 2)
            if (pair[1], pair[0]) not in self.relatives:
                self.relatives.add((pair[0], pair[1]))
        for _ in range(matters):
            self._matter()
        for _ in range(actors):
            matter, reader = self.chance.choice(self.matters), self.chance.choice(self.actors)
            self.emergencies.setdefault(reader.account_id, {})[matter.id] = new_id()

    def _matter(self) -> None:
        chance = self.chance
        hosts = [each for each in self.matters if each.kind in (Kind.LEAD, Kind.CASE)]
        kinds = list(Kind) if hosts else list(STATES)
        kind = chance.choice(kinds)
        id_ = new_id()
        team = frozenset(
            chance.choice(self.actors).account_id for _ in range(chance.choice((0, 0, 1, 2)))
        )
        self.teams[id_] = team
        if kind is Kind.FUND_ITEM:
            host = chance.choice(hosts)
            self.origins[id_] = host.id
            team |= host.team
        if chance.random() < 0.15:
            self.named[id_] = {chance.choice(self.persons)}
        if chance.random() < 0.15:
            answer = chance.choice((None, None, "them", "other"))
            account = chance.choice(self.actors).account_id
            self.namesakes[id_, account] = (chance.random() < 0.3, answer)
        if chance.random() < 0.15:
            self.rows[id_] = {chance.choice(self.actors).account_id}
        same = [each for each in self.matters if each.kind is kind]
        if kind is not Kind.FUND_ITEM and same and chance.random() < 0.1:
            self.merged[id_] = chance.choice(same).id
        if kind is not Kind.FUND_ITEM and self.named and chance.random() < 0.4:
            self._link(id_)
        self._report(id_, kind)
        waits = chance.random() < 0.2
        self.matters.append(
            Sight(
                id=id_,
                kind=kind,
                unit=self.place(),
                made_by=chance.choice(self.actors).account_id,
                assigned=self.place() if chance.random() < 0.5 else None,
                classification=Clearance(chance.choice((0, 0, 1, 2))),
                adjudicated=chance.random() < 0.2,
                team=team,
                granted=self._granted(),
                waits_for=(chance.choice(SIGN), self.place()) if waits else None,
            )
        )

    def _link(self, matter: UUID) -> None:
        """To one that names somebody; now and then a head decided on a handler already."""
        other = self.chance.choice(sorted(self.named.keys() - {matter} or {matter}))
        if other == matter:
            return
        self.linked.add((matter, other) if self.chance.random() < 0.5 else (other, matter))
        for handler in sorted(self.teams[matter]):
            if self.chance.random() < 0.3:
                self.settled.add((matter, handler, other))

    def _report(self, matter: UUID, kind: Kind) -> None:
        """Some petitions have a reporter of the register; leads come from petitions and cases from
        leads, now and then linked only after somebody handled them."""
        chance = self.chance
        if kind is Kind.PETITION and chance.random() < 0.5:
            self.ties[matter] = {chance.choice(self.persons)}
        source = {Kind.LEAD: Kind.PETITION, Kind.CASE: Kind.LEAD}.get(kind)
        found = [each.id for each in self.matters if each.kind is source]
        if found and chance.random() < 0.5:
            self.came[chance.choice(found), matter] = chance.random() < 0.4

    def _granted(self) -> frozenset[UUID]:
        lasts = self.chance.random() < 0.1
        return frozenset({self.chance.choice(self.actors).account_id} if lasts else ())

    @property
    def register(self) -> Register:
        return Register(
            named={matter: frozenset(held) for matter, held in self.named.items()},
            rows={matter: frozenset(held) for matter, held in self.rows.items()},
            merged=self.merged,
            origins=self.origins,
            persons=self.persons_of,
            relatives=frozenset(self.relatives),
            linked=frozenset({*self.linked, *self.came}),
            ties={petition: frozenset(held) for petition, held in self.ties.items()},
            came=frozenset(self.came),
            before=frozenset(
                (account, one, after)
                for (one, after), late in self.came.items()
                if late
                for account in self.teams[after]
            ),
            handlers=self.teams,
            settled=frozenset(self.settled),
            asked=self._namesakes(
                lambda account, works, answer: (
                    answer is None and not works and account in self.persons_of
                )
            ),
            them=self._namesakes(lambda _account, _works, answer: answer == "them"),
            sealed=frozenset(
                each.id for each in self.matters if each.classification is Clearance.SEALED
            ),
        )

    def _namesakes(
        self, which: Callable[[UUID, bool, str | None], bool]
    ) -> dict[UUID, frozenset[UUID]]:
        return {
            matter: frozenset({account})
            for (matter, account), (works, answer) in self.namesakes.items()
            if which(account, works, answer)
        }

    def write(self, db: psycopg.Connection[DictRow]) -> None:
        with db.transaction(), db.cursor() as cursor:
            self._write_people(cursor)
            self._write_matters(cursor)
            self._write_reports(cursor)
            self._write_namesakes(cursor)

    def _write_people(self, cursor: psycopg.Cursor[DictRow]) -> None:
        cursor.executemany(
            "INSERT INTO person (id, name) VALUES (%s, '某某')", [[each] for each in self.persons]
        )
        cursor.executemany(
            "INSERT INTO account (id, login, name, clearance, person_id)"
            " VALUES (%s, %s, 'x', %s, %s)",
            [
                [
                    a.account_id,
                    str(a.account_id),
                    int(a.clearance),
                    self.persons_of.get(a.account_id),
                ]
                for a in self.actors
            ],
        )
        cursor.executemany(
            "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
            " VALUES (%s, %s, %s, %s, %s, '2018-01-01')",
            [
                [new_id(), a.account_id, g.role, self.units[g.unit.value], g.unit.value]
                for a in self.actors
                for g in a.grants
            ],
        )
        cursor.executemany(
            "INSERT INTO session (id, account_id, secret_hash, expires_at)"
            " VALUES (%s, %s, %s, now() + interval '1 hour')",
            [[new_id(), a.account_id, sha256(secret(a).encode()).digest()] for a in self.actors],
        )
        cursor.execute(
            "INSERT INTO session_use (session_id) SELECT id FROM session ON CONFLICT DO NOTHING"
        )
        cursor.executemany(
            "INSERT INTO relative (id, person_id, relative_id, kinship, declared_by, declared_on)"
            " VALUES (%s, %s, %s, 'sibling', %s, '2018-01-01')",
            [[new_id(), a, b, self.actors[0].account_id] for a, b in self.relatives],
        )

    def _write_matters(self, cursor: psycopg.Cursor[DictRow]) -> None:
        cursor.executemany(
            "INSERT INTO matter (id, kind, district, number, title, state, stage, unit_id,"
            " unit_path, assigned_unit_id, assigned_path, classification, made_by, profile_id,"
            " opened_on, adjudicated) VALUES (%s, %s, 'YC', %s, 'x', %s, 'share', %s, %s, %s, %s,"
            " %s, %s, %s, %s, %s)",
            [
                [
                    m.id, m.kind.value, str(m.id), STATES.get(m.kind, "identified"),
                    self.units[m.unit.value], m.unit.value,
                    self.units[m.assigned.value] if m.assigned else None,
                    m.assigned.value if m.assigned else None, int(m.classification), m.made_by,
                    self.profile, DAY, m.adjudicated,
                ]
                for m in self.matters
            ],
        )  # fmt: skip
        cursor.executemany(
            "INSERT INTO fund_item (id, origin_id, intake, description)"
            " VALUES (%s, %s, 'collected', 'x')",
            [[item, origin] for item, origin in self.origins.items()],
        )
        cursor.executemany(
            "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
            " VALUES (%s, %s, %s, 'member', '2018-01-01')",
            [
                [new_id(), matter, account]
                for matter, held in self.teams.items()
                for account in held
            ],
        )
        self._write_what_hangs_on_them(cursor)

    def _write_what_hangs_on_them(self, cursor: psycopg.Cursor[DictRow]) -> None:
        cursor.executemany(
            "INSERT INTO request (id, matter_id, event, to_state, requested_by, requested_on,"
            " next_role, next_path, matter_version) VALUES (%s, %s, 'x', 'x', %s, %s, %s, %s, 1)",
            [
                [new_id(), m.id, m.made_by, DAY, m.waits_for[0], m.waits_for[1].value]
                for m in self.matters
                if m.waits_for
            ],
        )
        cursor.executemany(
            "INSERT INTO involvement (id, matter_id, code, part, person_id, begins_on)"
            " VALUES (%s, %s, '01', 'witness', %s, '2018-01-01')",
            [[new_id(), m, person] for m, held in self.named.items() for person in held],
        )
        self._write_emergencies(cursor)
        maker = self.actors[0].account_id
        other = self.actors[-1].account_id
        cursor.executemany(
            "INSERT INTO access_grant (id, matter_id, account_id, reason, begins_on, ends_on,"
            " granted_by) VALUES (%s, %s, %s, 'x', guard.today() - %s, guard.today() + 1, %s)",
            [
                [new_id(), m.id, account, 3, other if account == maker else maker]
                for m in self.matters
                for account in m.granted
            ],
        )
        cursor.executemany(
            "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
            " VALUES (%s, %s, %s, 'declared', %s, '2018-01-01')",
            [[new_id(), m, account, account] for m, held in self.rows.items() for account in held],
        )
        cursor.executemany(
            "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
            " VALUES (%s, 'merged_into', %s, %s, '2018-01-01')",
            [[new_id(), a, b] for a, b in self.merged.items()],
        )
        cursor.executemany(
            "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
            " VALUES (%s, 'repeat_of', %s, %s, '2018-01-01')",
            [[new_id(), a, b] for a, b in self.linked],
        )
        cursor.executemany(
            "INSERT INTO linked_decision (id, matter_id, account_id, linked_id, keeps_off, reason,"
            " decided_by, decided_on) VALUES (%s, %s, %s, %s, false, 'x', %s, '2018-01-01')",
            [
                [new_id(), matter, account, linked, other if account == maker else maker]
                for matter, account, linked in self.settled
            ],
        )

    def _write_namesakes(self, cursor: psycopg.Cursor[DictRow]) -> None:
        """Somebody in the matter has the name that everybody of the register has here."""
        rows = [
            {"matter": matter, "account": account, "works": works, "answer": answer,
             "reason": answer and "x", "day": answer and DAY, "person": new_id(), "id": new_id(),
             "by": answer and next(a.account_id for a in self.actors if a.account_id != account)}
            for (matter, account), (works, answer) in self.namesakes.items()
        ]  # fmt: skip
        cursor.executemany("INSERT INTO person (id, name) VALUES (%(person)s, '某某')", rows)
        cursor.executemany(
            "INSERT INTO involvement (id, matter_id, code, part, person_id, begins_on)"
            " VALUES (%(id)s, %(matter)s, '09', 'subject', %(person)s, '2018-01-01')",
            rows,
        )
        cursor.executemany(
            "INSERT INTO namesake (id, matter_id, involvement_id, account_id, works, answer,"
            " reason, answered_by, answered_on) VALUES (gen_random_uuid(), %(matter)s, %(id)s,"
            " %(account)s, %(works)s, %(answer)s, %(reason)s, %(by)s, %(day)s)",
            rows,
        )

    def _write_reports(self, cursor: psycopg.Cursor[DictRow]) -> None:
        """Who reported, by tokens, and what came of it. Teams began with the year 2018."""
        kinds = {each.id: each.kind for each in self.matters}
        cursor.executemany(
            "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
            " VALUES (%s, %s, %s, %s, %s)",
            [
                [
                    new_id(), "petition_lead" if kinds[a] is Kind.PETITION else "lead_case", a, b,
                    "2018-02-01" if late else "2017-12-01",
                ]
                for (a, b), late in self.came.items()
            ],
        )  # fmt: skip
        cursor.executemany(
            "INSERT INTO petition (id, received_on, channel, class, content)"
            " VALUES (%s, '2018-01-01', 'letter', 'report', 'x')",
            [[each] for each in self.ties],
        )
        cursor.executemany(
            "INSERT INTO person_token (person_id, by, token) VALUES (%s, 'person', %s)",
            [[each, each.bytes] for each in self.persons],
        )
        cursor.executemany(
            "INSERT INTO reporter_tie (petition_id, token) VALUES (%s, %s)",
            [[petition, each.bytes] for petition, held in self.ties.items() for each in held],
        )

    def _write_emergencies(self, cursor: psycopg.Cursor[DictRow]) -> None:
        """Declared and lasting, each with a reading that was just written down."""
        rows = [
            {"matter": matter, "account": account, "reading": reading}
            for account, held in self.emergencies.items()
            for matter, reading in held.items()
        ]
        cursor.executemany(
            "INSERT INTO emergency (id, matter_id, account_id, number, reason, opens_until,"
            " review_by) VALUES (%(reading)s, %(matter)s, %(account)s, 'x', 'x',"
            " now() + interval '4 hours', '2018-09-05')",
            rows,
        )
        cursor.executemany(
            "INSERT INTO emergency_reading (id, emergency_id, matter_id, account_id, session_id)"
            " SELECT %(reading)s, %(reading)s, %(matter)s, %(account)s, id FROM session"
            "  WHERE account_id = %(account)s",
            rows,
        )


def secret(actor: Actor) -> str:
    return f"session of {actor.account_id}"


def drawn_for(world: World, owner: psycopg.Connection[DictRow], seed: int) -> Drawn:
    units = {each.path.value: each.id for each in world.plan.places.values()}
    row = owner.execute("SELECT id FROM profile_version LIMIT 1").fetchone()
    assert row is not None
    return Drawn(random.Random(seed), units, row["id"])


def differences(world: World, drawn: Drawn) -> Iterator[str]:
    register = drawn.register
    walled = {m.id: register.walled_from(m.id) for m in drawn.matters}
    expected = [
        Sight(**{name: getattr(m, name) for name in m.__slots__} | {"walled": walled[m.id]})
        for m in drawn.matters
    ]
    mine = {m.id for m in drawn.matters}
    for actor in drawn.actors:
        with world.office.work(secret(actor), use_case="test", request_id="") as tx:
            seen = {row["id"] for row in tx.rows("SELECT id FROM matter")} & mine
            found = _found(tx, mine)
            guest = set(tx.value("SELECT guard.only_let_see()")) & mine
        told = {m.id for m in expected if sees(actor, m)}
        if seen != told:
            yield f"{actor.grants}: only the database {seen - told}, only Python {told - seen}"
        if guest != (let := {m.id for m in expected if _only_let_see(actor, m)}):
            yield f"{actor.grants}: only let see, by the database {guest}, by Python {let}"
        if found != told:
            yield f"{actor.grants}: search adds {found - told}, lacks {told - found}"
        yield from _in_emergencies(world, drawn, actor, {m.id: m for m in expected}, told)


def _only_let_see(actor: Actor, matter: Sight) -> bool:
    doors = {each.door for each in reasons(actor, matter)}
    return Door.GRANT in doors and doors <= {Door.GRANT, Door.AUDIT}


def _found(tx: Work, mine: set[UUID]) -> set[UUID]:
    """What searching for anything at all finds, through either door of the guard."""
    rows = tx.rows(
        "SELECT matter_id FROM guard.search_among(%(ids)s, '{%%}', '{}', '{}', '{}', NULL,"
        " 'infinity', %(last)s, 9999)",
        {"ids": list(mine), "last": UUID(int=2**128 - 1)},
    )
    handful = tx.value("SELECT guard.handful(1000)")
    found = {row["matter_id"] for row in rows}
    return found if handful is None else found & set(handful)


def _in_emergencies(
    world: World, drawn: Drawn, actor: Actor, expected: dict[UUID, Sight], told: set[UUID]
) -> Iterator[str]:
    """Each opens its own matter, and nothing but it, for as long as it is read."""
    for matter, reading in drawn.emergencies.get(actor.account_id, {}).items():
        declared = replace(expected[matter], emergencies=frozenset({actor.account_id}))
        opens = Door.EMERGENCY in {each.door for each in reasons(actor, declared)}
        seen: set[UUID] | None = None
        with (
            suppress(errors.NotFound),
            world.office.work(secret(actor), use_case="test", request_id="") as tx,
        ):
            tx.value("SELECT guard.open_emergency(%(id)s)", {"id": reading})
            seen = {row["id"] for row in tx.rows("SELECT id FROM matter")} & expected.keys()
        if seen != (told | {matter} if opens else None):
            yield f"{actor.grants} in an emergency on {declared}: {seen}"


def test_python_and_the_database_agree_on_every_actor_and_matter(
    world: World, owner: psycopg.Connection[DictRow]
) -> None:
    drawn = drawn_for(world, owner, 2018)
    drawn.draw(200, 2_000)
    drawn.write(owner)
    assert list(differences(world, drawn)) == []
    register = drawn.register
    walled = {m.id: register.walled_from(m.id) for m in drawn.matters}
    assert sum(map(len, walled.values())) > 500  # walls took part
    without = replace(register, ties={})
    assert any(walled[m.id] != without.walled_from(m.id) for m in drawn.matters)
    assert register.before
    assert register.asked
    assert register.them
    assert any(_only_let_see(actor, m) for actor in drawn.actors for m in drawn.matters)
    rows = owner.execute(
        "SELECT m.id, array_agg(w.account_id) AS walled"
        "  FROM matter m, LATERAL guard.walled_from(m.id) w GROUP BY m.id"
    ).fetchall()
    assert {row["id"]: frozenset(row["walled"]) for row in rows} == {
        matter: held for matter, held in walled.items() if held
    }


@pytest.mark.usefixtures("office")
@settings(
    max_examples=10,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), actors=st.integers(2, 12), matters=st.integers(1, 30))
def test_they_agree_on_small_worlds_too(
    world: World, owner: psycopg.Connection[DictRow], seed: int, actors: int, matters: int
) -> None:
    drawn = drawn_for(world, owner, seed)
    drawn.draw(actors, matters)
    drawn.write(owner)
    assert list(differences(world, drawn)) == []


def test_who_declares_a_relative_or_is_tied_to_a_person_is_walled_before_the_next_read(
    world: World, owner: psycopg.Connection[DictRow]
) -> None:
    drawn = drawn_for(world, owner, 7)
    drawn.draw(30, 100)
    drawn.write(owner)
    matter, persons = next(iter(drawn.named.items()))
    named = next(iter(persons))
    with world.open("matters.read", world.chief) as tx:
        assert tx.row("SELECT id FROM matter WHERE id = %(id)s", {"id": matter}) is not None
    owner.execute(
        "UPDATE account SET person_id = %s WHERE id = %s", [named, world.chief.account_id]
    )
    with world.open("matters.read", world.chief) as tx:
        assert tx.row("SELECT id FROM matter WHERE id = %(id)s", {"id": matter}) is None
