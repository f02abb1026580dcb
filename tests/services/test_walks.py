"""Each machine, walked at random through the database by the district's own people.

Whatever they do, the records hold: no state outside the table, every change with its row of
history and its event, every approval with its signatures and none by the requester, no yuan lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow, dict_row

from app.domain.errors import NotFound, PlumblineError
from app.domain.kinds import Kind
from app.domain.ledger import Intake
from app.domain.money import Money
from app.domain.profile import Profile, builtin_profile
from app.domain.workflow.plans import Action
from app.services import fund_items, funds, ledger, payees, petitions, requests, workflow
from app.services.fund_items import NewItem
from app.services.funds import Payment
from app.services.payees import NewPayee
from app.services.petitions import NewPetition
from tests import build_cases, build_matters
from tests.build_matters import DAY, LIANG, QIU, SITTING
from tests.builders import DistrictPlan, Someone, World
from tests.conftest import Databases
from tests.drawn_forms import Around, Draw, drawn

STEPS = 9
PROFILE: Profile = builtin_profile("cn-discipline")
Owner = psycopg.Connection[DictRow]
Begin = Callable[[World], UUID]
Played = tuple[World, Owner]


def _petition(world: World) -> UUID:
    world.clock.set(DAY)
    with world.open("petitions.log", world.intake_officer) as tx:
        return petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="虚报造林面积。",
                unit_id=world.village.id, subjects=[LIANG],
            ),
        )  # fmt: skip


def _lead(world: World) -> UUID:
    return build_matters.log(world, world.investigator, LIANG, QIU)


def _verified(world: World) -> UUID:
    return build_matters.verified(world, LIANG)


def _investigated(world: World) -> UUID:
    return build_cases.investigated(world, LIANG)


def _adjudicated(world: World) -> UUID:
    case = build_cases.investigated(world, LIANG)
    build_cases.heard(world, case)
    build_cases.adjudicated(world, case)
    return case


def _item(world: World) -> UUID:
    lead = build_matters.verified(world, LIANG)
    with world.open("fund_items.log", world.investigator) as tx:
        return fund_items.create_fund_item(
            tx, lead, NewItem(intake=Intake.SURRENDERED, description="退缴款")
        )


BEGINNINGS: dict[Kind, Sequence[Begin]] = {
    Kind.PETITION: (_petition,),
    Kind.LEAD: (_lead, _verified),
    Kind.CASE: (_investigated, _adjudicated),
    Kind.FUND_ITEM: (_item,),
}


class Walk:
    """One matter and everybody of the district; `draw` says what happens next."""

    def __init__(self, draw: Draw, world: World, owner: Owner, kind: Kind) -> None:
        self.draw, self.world, self.owner, self.kind = draw, world, owner, kind
        self.matter_id = draw(st.sampled_from(BEGINNINGS[kind]), label="where it begins")(world)
        self.other = build_matters.log(world, world.investigator, QIU)
        self.staff = list(world.plan.people.values())
        self.receipts = 0

    def step(self) -> None:
        request = self._waiting()
        if request is not None:
            self._answer(request)
        elif self.kind is Kind.FUND_ITEM and self.draw(st.booleans(), label="money moves"):
            self._money()
        else:
            self._take()

    def _waiting(self) -> DictRow | None:
        return self.owner.execute(
            "SELECT * FROM request WHERE matter_id = %s AND status = 'open'", (self.matter_id,)
        ).fetchone()

    def _take(self) -> None:
        """The first, of people in any order, who is told that they may do something."""
        for who in self.draw(st.permutations(self.staff), label="who looks"):
            open_to = [each for each in self._actions(who) if each.allowed]
            if open_to:
                self._act(who, self.draw(st.sampled_from(open_to), label="what they do"))
                return

    def _actions(self, who: Someone) -> Sequence[Action]:
        try:
            with self.world.open("walk.look", who) as tx:
                return workflow.actions(tx, self.matter_id)
        except NotFound:
            return ()

    def _act(self, who: Someone, action: Action) -> None:
        form = drawn(self.draw, action.fields, self._around())
        self._try(
            who,
            lambda tx: workflow.act(
                tx, self.matter_id, event=action.event, form=form, reason="按程序办理"
            ),
        )

    def _answer(self, request: DictRow) -> None:
        """The requester is refused; whoever's turn it is signs or returns, or it is taken back."""
        asked = self._account(request["requested_by"])
        step = request["chain"][request["next_position"] - 1]
        form: dict[str, object] = dict(SITTING) if step["body"] else {}
        form |= {"handler": str(self.world.investigator.account_id)}

        def sign(tx: Any) -> object:
            return requests.sign(tx, request["id"], reason="同意。", form=form)

        def return_(tx: Any) -> object:
            return requests.return_(tx, request["id"], reason="请补充。")

        assert not self._try(asked, sign), "the requester signed"
        verdict = self.draw(st.sampled_from([sign, sign, sign, return_]), label="verdict")
        others = [each for each in self.staff if each.account_id != asked.account_id]
        if not any(self._try(who, verdict) for who in others):
            self._try(
                asked,
                lambda tx: workflow.act(tx, self.matter_id, event="take_back", reason="撤回"),
            )

    def _money(self) -> None:
        """Money comes in, is listed, goes back, or an entry is reversed, if the rules allow it."""
        does = self.draw(st.sampled_from([self._receive, self._list, self._pay, self._reverse]))
        does()

    def _receive(self) -> None:
        self.receipts += 1
        amount = self.draw(st.sampled_from(["300.00", "0.01", "99999.99"]))
        self._try(
            self.world.investigator,
            lambda tx: funds.record_receipt(
                tx, self.matter_id, amount=amount, happened_on=DAY,
                bank_reference=f"{str(self.matter_id)[:8]}{self.receipts:04d}",
            ),
        )  # fmt: skip

    def _list(self) -> None:
        held = self._held()
        lines = (
            [NewPayee(name="王五", amount=held)] if held else [NewPayee(name="李四", amount="1")]
        )
        self._try(self.world.finance, lambda tx: payees.list_payees(tx, self.matter_id, lines))

    def _pay(self) -> None:
        waiting = self.owner.execute(
            "SELECT id, amount FROM payee WHERE fund_item_id = %s AND paid_entry_id IS NULL",
            (self.matter_id,),
        ).fetchall()
        paid = [Payment(payee_id=row["id"], amount=row["amount"]) for row in waiting]
        self._try(
            self.world.finance,
            lambda tx: funds.pay_returns(tx, self.matter_id, paid, happened_on=DAY),
        )

    def _reverse(self) -> None:
        entry = self.owner.execute(
            "SELECT id FROM journal_entry WHERE fund_item_id = %s ORDER BY id LIMIT 1",
            (self.matter_id,),
        ).fetchone()
        if entry is not None:
            who = self.draw(st.sampled_from([self.world.finance, self.world.investigator]))
            self._try(who, lambda tx: ledger.reverse_entry(tx, entry["id"], reason="记错"))

    def _try(self, who: Someone, do: Callable[[Any], object]) -> bool:
        """Refused or done; an error that the program doesn't know would fail the walk."""
        try:
            with self.world.open("walk.step", who) as tx:
                do(tx)
        except PlumblineError:
            return False
        return True

    def _account(self, account_id: UUID) -> Someone:
        return next(each for each in self.staff if each.account_id == account_id)

    def _held(self) -> str | None:
        if self.kind is not Kind.FUND_ITEM:
            return None
        with self.world.open("walk.held", self.world.finance) as tx:
            held = ledger.balances(tx, [self.matter_id])[self.matter_id].held
        return str(held) if held > Money.zero() else None

    def _around(self) -> Around:
        world = self.world
        people = self.owner.execute(
            "SELECT id FROM involvement WHERE matter_id = %s AND ended_on IS NULL",
            (self.matter_id,),
        ).fetchall()
        clocks = self.owner.execute(
            "SELECT rule FROM clock WHERE matter_id = %s AND stopped_on IS NULL",
            (self.matter_id,),
        ).fetchall()
        return Around(
            profile=PROFILE,
            kind=self.kind,
            today=DAY,
            departments=[str(world.unit("YC-O03").id)],
            accounts=[str(world.investigator.account_id), str(world.other_investigator.account_id)],
            matters=[str(self.other), str(self.matter_id)],
            people=[str(row["id"]) for row in people],
            clocks=[row["rule"] for row in clocks],
            held=self._held(),
        )


# What holds after every step ----------------------------------------------------------------------


def check(owner: Owner, kind: Kind, matter_id: UUID) -> None:
    machine = PROFILE.machine(kind)
    [head] = owner.execute("SELECT * FROM matter WHERE id = %s", (matter_id,)).fetchall()
    steps = owner.execute(
        "SELECT * FROM transition WHERE matter_id = %s ORDER BY version", (matter_id,)
    ).fetchall()
    state = machine.states[head["state"]]
    assert head["stage"] == state.stage
    assert (head["closed_on"] is not None) == state.terminal
    assert [row["version"] for row in steps] == list(range(1, head["version"] + 1))
    assert [row["from_state"] for row in steps[1:]] == [row["to_state"] for row in steps[:-1]]
    assert steps[-1]["to_state"] == head["state"]
    for row in steps:
        _by_the_table(kind, row)
    _signed(owner, matter_id)
    _clocks(owner, matter_id, terminal=state.terminal)
    _recorded(owner, matter_id)


def _by_the_table(kind: Kind, step: DictRow) -> None:
    """What moved a matter is a row of the table, and leads where the row says."""
    if step["from_state"] in (None, step["to_state"]):
        return
    row = PROFILE.machine(kind).of(step["event"], step["from_state"])
    assert row is not None, (step["event"], step["from_state"])
    assert row.target(step["from_state"], step["to_state"]) == step["to_state"]


def _signed(owner: Owner, matter_id: UUID) -> None:
    asked = owner.execute(
        "SELECT r.event, r.status, r.requested_by, jsonb_array_length(r.chain) AS places,"
        "       array(SELECT s.account_id FROM signature s WHERE s.request_id = r.id"
        "              AND s.verdict = 'sign') AS hands"
        "  FROM request r WHERE r.matter_id = %s",
        (matter_id,),
    ).fetchall()
    for row in asked:
        assert row["requested_by"] not in row["hands"]
        assert len(set(row["hands"])) == len(row["hands"])
        if row["status"] == "approved":
            assert len(row["hands"]) == row["places"] > 0, row["event"]


def _clocks(owner: Owner, matter_id: UUID, *, terminal: bool) -> None:
    running = [
        row["rule"]
        for row in owner.execute(
            "SELECT rule FROM clock WHERE matter_id = %s AND stopped_on IS NULL", (matter_id,)
        )
    ]
    assert len(running) == len(set(running))
    assert not (terminal and running)


def _recorded(owner: Owner, matter_id: UUID) -> None:
    """Every row has the event of its making; every version of the matter is an event too."""
    for table in ("transition", "request", "clock", "involvement", "journal_entry"):
        missing = owner.execute(
            f"SELECT t.id FROM {table} t WHERE t.matter_id = %s AND NOT EXISTS ("
            "  SELECT 1 FROM audit_event e"
            "   WHERE e.table_name = %s AND e.row_id = t.id AND e.op = 'INSERT')",
            (matter_id, table),
        ).fetchall()
        assert missing == [], table
    events = owner.execute(
        "SELECT count(*) AS n FROM audit_event"
        " WHERE table_name = 'matter' AND row_id = %s AND op IN ('INSERT', 'UPDATE')",
        (matter_id,),
    ).fetchone()
    version = owner.execute("SELECT version FROM matter WHERE id = %s", (matter_id,)).fetchone()
    assert events
    assert version
    assert events["n"] >= version["version"]


def check_money(owner: Owner, item_id: UUID) -> None:
    """Every entry balances, nothing is held below zero, and what came in is held or went out."""
    lost = owner.execute(
        "SELECT entry_id FROM posting GROUP BY entry_id HAVING sum(amount) <> 0"
    ).fetchall()
    assert lost == []
    sums = {
        row["account"]: row["amount"]
        for row in owner.execute(
            "SELECT account, sum(amount) AS amount FROM posting WHERE fund_item_id = %s"
            " GROUP BY account",
            (item_id,),
        )
    }
    assert sum(sums.values()) == 0
    assert sums.get("bank", 0) >= 0


@contextmanager
def district(databases: Databases, template: tuple[str, DistrictPlan]) -> Iterator[Played]:
    """A district of its own for each walk: nothing there looks like a repeat of anything."""
    name = databases.fresh(template[0])
    office = databases.office(name)
    conninfo = databases.cluster.conninfo("owner", name)
    try:
        with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as owner:
            yield World(office, template[1]), owner
    finally:
        office.engine.dispose()
        databases.cluster.drop_database(name)


@pytest.mark.parametrize("kind", list(BEGINNINGS))
def test_a_walk_leaves_the_records_whole(
    databases: Databases, district_template: tuple[str, DistrictPlan], kind: Kind
) -> None:
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(data=st.data())
    def walked(data: st.DataObject) -> None:
        with district(databases, district_template) as (world, owner):
            walk = Walk(data.draw, world, owner, kind)
            check(owner, kind, walk.matter_id)
            for _ in range(STEPS):
                walk.step()
                check(owner, kind, walk.matter_id)
                if kind is Kind.FUND_ITEM:
                    check_money(owner, walk.matter_id)

    walked()
