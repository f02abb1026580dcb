"""The twins, each behind an application of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import psycopg
import sqlalchemy as sa
from anyio.from_thread import BlockingPortal
from psycopg.rows import dict_row

from app.core.settings import Settings
from app.main import create_app
from app.repositories.work import Office, Work, translating
from tests.api.contract_right import Operation
from tests.api.contract_stage import Stage
from tests.api.contract_world import TODAY, Places, Seeds
from tests.builders import DistrictPlan, World
from tests.clients import Doors
from tests.conftest import Databases
from tests.matrix import twins
from tests.matrix.forms import Sheet
from tests.matrix.twins import Barred, Owner

Built = TypeVar("Built")


class Rehearsal(Office):
    """An office in which everything is tried to its end, and nothing is kept."""

    @contextmanager
    def work(self, session: str | None, *, use_case: str, request_id: str = "") -> Iterator[Work]:
        with translating(), self.engine.connect() as connection, connection.begin() as whole:
            tx = Work(connection, self, use_case=use_case, request_id=request_id)
            if session is not None:
                tx.enter(session)
            yield tx
            tx.run(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
            whole.rollback()


@dataclass
class Side:
    """One of the twins: its database, and ways in."""

    world: World
    owner: Owner
    doors: Doors


@dataclass
class Twins:
    """`without` is `within` as it would be if there had never been a matter; in `uncleared` every
    matter is 机密."""

    within: Side
    without: Side
    uncleared: Side
    barred: Barred


@dataclass
class Paged:
    """Twins of the district on whose pages there is always something, and what stands on them."""

    twins: Twins
    sheets: Sequence[Sheet]
    unsent: set[str]


@dataclass
class Contract:
    """Twins of the API's district, and requests that succeed there."""

    twins: Twins
    seeds: Seeds
    places: Places
    operations: Mapping[str, Operation]

    @cached_property
    def stage(self) -> Stage:
        """Knows the present versions of what stands there."""
        side = self.twins.within
        return Stage(address="", world=side.world, owner=side.owner, tokens={})


@contextmanager
def twins_of(
    databases: Databases,
    district_template: tuple[str, DistrictPlan],
    portal: BlockingPortal,
    build: Callable[[Side], Built],
) -> Iterator[tuple[Twins, Built]]:
    template, plan = district_template
    names = [databases.fresh(template)]
    try:
        with _side(databases, names[0], plan, portal, Office) as side:
            barred = twins.hire(side.world, side.owner)
            built = build(side)
            twins.bar(side.owner, barred)
        names += [databases.fresh(names[0]), databases.fresh(names[0])]
        with ExitStack() as stack:
            within, without, uncleared = (
                stack.enter_context(_side(databases, name, barred.plan, portal, Rehearsal))
                for name in names
            )
            twins.take_matters_away(without.owner)
            twins.classify(uncleared.owner)
            yield Twins(within, without, uncleared, barred), built
    finally:
        for name in names:
            databases.cluster.drop_database(name)


@contextmanager
def _side(
    databases: Databases,
    name: str,
    plan: DistrictPlan,
    portal: BlockingPortal,
    kind: type[Office],
) -> Iterator[Side]:
    office = databases.office(name)
    world = World(office, plan)
    world.clock.set(TODAY)
    conninfo = databases.cluster.conninfo("owner", name)
    try:
        with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as owner:
            app = create_app(
                kind(office.engine, office.clock, office.keys, office.shelf), Settings()
            )
            yield Side(world, owner, Doors(portal, app, office.keys))
    finally:
        office.engine.dispose()
