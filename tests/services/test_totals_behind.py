"""A figure opens down to what it counts, and the rows add up to it."""

from datetime import date
from decimal import Decimal

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.totals import Cohort, Totals
from app.repositories.totals import ENTRY_KEYS, MATTER_KEYS, Place
from app.services import totals
from tests.build_history import Past
from tests.build_totals import build_district, d
from tests.builders import Someone, World

DAY = date(2018, 9, 30)
WHOLE = Cohort(as_of=DAY)
PERSONS = {key for key in MATTER_KEYS if key.endswith("_persons")}


@pytest.fixture
def district(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return build_district(Past(world, owner))


def figures(world: World, who: Someone, cohort: Cohort) -> Totals:
    with world.open("totals.read", who) as tx:
        return totals.totals(tx, cohort)


@pytest.mark.parametrize(
    "cohort",
    [
        WHOLE,
        Cohort(as_of=d(4, 30)),
        Cohort(as_of=DAY, known_on=DAY),
        Cohort(as_of=DAY, source="one_click"),
        Cohort(as_of=DAY, method="verification"),
        Cohort(as_of=DAY, since=d(2, 1), until=d(4, 30)),
    ],
)
def test_what_stands_behind_a_figure_adds_up_to_it(district: Past, cohort: Cohort) -> None:
    world = district.world
    found = figures(world, world.chief, cohort).figures()
    with world.open("totals.open", world.chief) as tx:
        for key in sorted(set(MATTER_KEYS) - PERSONS):
            rows = totals.matters_behind(tx, cohort, key, limit=100)
            assert sum(row["adds"] for row in rows) == found[key], key
        for key in ENTRY_KEYS:
            rows = totals.entries_behind(tx, cohort, key, limit=100)
            assert sum(row["amount"] for row in rows) == found[key], key


def test_people_open_to_the_matters_in_which_it_was_decided(district: Past) -> None:
    world = district.world
    with world.open("totals.open", world.chief) as tx:
        rows = totals.matters_behind(tx, WHOLE, "sanctioned_persons")
    assert [(row["kind"], row["adds"]) for row in rows] == [("lead", 1), ("case", 2)]


def test_a_list_goes_on_where_a_part_ended(district: Past) -> None:
    world = district.world
    with world.open("totals.open", world.chief) as tx:
        whole = totals.matters_behind(tx, WHOLE, "leads")
        first = totals.matters_behind(tx, WHOLE, "leads", limit=2)
        last = first[-1]
        rest = totals.matters_behind(
            tx, WHOLE, "leads", after=Place(last["opened_on"], last["id"]), limit=9
        )
        money = totals.entries_behind(tx, WHOLE, "recovered_yuan", limit=1)
        further = totals.entries_behind(
            tx, WHOLE, "recovered_yuan", after=Place(money[0]["happened_on"], money[0]["id"])
        )
    assert [row["id"] for row in first + rest] == [row["id"] for row in whole]
    assert [row["amount"] for row in money + further] == [Decimal("500.00"), Decimal("1000.10")]


def test_an_auditor_opens_entries_without_names(district: Past) -> None:
    world = district.world
    with world.open("totals.open", world.auditor) as tx:
        paid = totals.entries_behind(tx, WHOLE, "returned_yuan")
        listed = totals.matters_behind(tx, WHOLE, "leads")
    assert {row["beneficiary"] for row in paid} == {"赵××", "钱××"}
    assert {row["title"] for row in listed} == {None}


def test_an_operator_opens_nothing_behind_a_figure(district: Past) -> None:
    world = district.world
    with pytest.raises(errors.Forbidden), world.open("totals.open", world.operator) as tx:
        totals.matters_behind(tx, WHOLE, "leads")


def test_a_figure_that_counts_no_matters_does_not_open(district: Past) -> None:
    world = district.world
    with pytest.raises(errors.NotFound), world.open("totals.open", world.chief) as tx:
        totals.matters_behind(tx, WHOLE, "villages")
    with pytest.raises(errors.NotFound), world.open("totals.open", world.chief) as tx:
        totals.entries_behind(tx, WHOLE, "leads")
