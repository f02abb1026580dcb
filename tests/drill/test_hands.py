"""The services' own checks taken away one by one: the database still refuses, and nothing is left.

Who may know and who may decide is asked twice, by the services for the answer that people read and
by the database for what they can't write past it. Each case removes a check and does what it
refused.

    check of the services                       held by the database as
    who sees a matter, walls                    row security, `works_on` in the guard's functions
    who asks for a step                         trigger asked_for, guard.advance()
    whose signatures it takes                   trigger asked_for: its last is whom the table names
    whose turn it is, in which role             trigger in_turn
    never one's own request, never twice        ck_signature_not_the_requester, trigger in_turn
    where a step leads                          guard.advance()
    four people on money, the balance           checks of fund_item, deferred check of an entry
    another hand undoes an entry                trigger second_recorder
    where a line of the bank's counts           deferred check posting_counts (test_lines.py)
    who lets somebody see, who joins a team     guard.grant_access(), trigger brought_in
    another decides on a release, on a summary  guard.decide_release(), trigger second_reader
    what was signed is frozen                   triggers frozen, asked_for: everybody is asked
    nobody gives themselves a role, freshness   guard.ask_role(), guard.require_fresh()

By the services alone: the guards of a step (what has to be on record before it), which rank a
subject raises a decision to and who reviews on the way, the sanctions' catalogue, who of those who
work on a matter records money, notes, corrections and possible repeats, and what a key that writes
may write.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from app.domain import errors, ledger
from app.domain.permissions import Role
from app.domain.workflow import engine, signers, signing
from app.repositories import access as access_rows
from app.repositories import ledger as journal
from app.repositories import matters as matter_rows
from app.repositories import role_requests
from app.repositories.work import Work
from app.services import access as access_service
from app.services import accounts, funds, matters, petitions, releases, requests, workflow
from app.services import ledger as ledger_service
from tests.build_history import Past
from tests.build_matters import DAY, act, log, verified
from tests.builders import Someone, World
from tests.drill.stage import Db

Patch = pytest.MonkeyPatch


Untouched = Callable[[], dict[str, str]]


@pytest.fixture
def untouched(owner: Db) -> Untouched:
    """How many rows each table has, and how often one was changed, by what is committed."""

    def count() -> dict[str, str]:
        tables = owner.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND relname !~ '^(session|sign_in)'"
        ).fetchall()
        found = {}
        for table in tables:
            query = "SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) AS it FROM"
            row = owner.execute(f'{query} public."{table["relname"]}" t'.encode()).fetchone()
            assert row is not None
            found[table["relname"]] = row["it"]
        return found

    return count


def refused_by_the_database(
    untouched: Untouched,
    world: World,
    who: Someone,
    do: Callable[[Work], object],
) -> errors.PlumblineError:
    before = untouched()
    with pytest.raises(errors.PlumblineError) as refused, world.open("drill", who) as tx:
        do(tx)
    assert isinstance(refused.value.__cause__, psycopg.Error | DBAPIError), vars(refused.value)
    assert untouched() == before
    return refused.value


def _asked(world: World) -> tuple[UUID, UUID]:
    """A registered lead whose assignment waits for the deputy's signature."""
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    done = _assign(world, lead)
    assert done.request_id is not None
    return lead, done.request_id


def _assign(world: World, lead: UUID) -> workflow.Done:
    department = str(world.unit("YC-O03").id)
    return act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True)


def _sign(request: UUID) -> Callable[[Work], object]:
    return lambda tx: requests.sign(tx, request, reason="同意。")


@pytest.fixture
def anybodys_turn(monkeypatch: Patch) -> None:
    monkeypatch.setattr(signing, "_turn", lambda _it, request, _verdict: request.next_step)


@pytest.mark.usefixtures("anybodys_turn")
@pytest.mark.parametrize("who", ["lead_manager", "chief", "secretary", "liaison"])
def test_nobody_signs_out_of_turn_or_what_they_asked_for(
    world: World, untouched: Untouched, who: str
) -> None:
    _, request = _asked(world)
    found = refused_by_the_database(untouched, world, getattr(world, who), _sign(request))
    assert isinstance(found, errors.Forbidden | errors.Conflict)


@pytest.mark.usefixtures("anybodys_turn")
def test_nobody_signs_twice(world: World, untouched: Untouched, monkeypatch: Patch) -> None:
    lead = verified(world)
    done = act(
        world, world.investigator, lead, "report_verification",
        allegations="虚报面积。", findings="虚报二十五亩。", proposal="建议立案。",
    )  # fmt: skip
    assert done.request_id is not None
    request = done.request_id
    first = world.other_investigator
    with world.open("requests.sign", first) as tx:
        chain = requests.open_request(tx, request)["chain"]
    if len(chain) == 1:
        pytest.fail("this step is to be signed by more than one")
    with world.open("requests.sign", first) as tx:
        requests.sign(tx, request, reason="同意。")
    refused_by_the_database(untouched, world, first, _sign(request))


def test_a_walled_colleague_finds_nothing_to_sign_or_move(
    world: World, owner: Db, untouched: Untouched, anybodys_turn: None
) -> None:
    lead, request = _asked(world)
    Past(world, owner).insert(
        "wall", id=request, matter_id=lead, account_id=world.deputy.account_id, cause="declared",
        made_by=world.deputy.account_id, made_on=DAY,
    )  # fmt: skip
    before = untouched()
    with pytest.raises(errors.NotFound), world.open("drill", world.deputy) as tx:
        requests.sign(tx, request, reason="同意。")
    with pytest.raises(errors.NotFound), world.open("drill", world.deputy) as tx:
        matter_rows.touch(tx, lead, event="x")
    assert untouched() == before


def test_nobody_asks_for_or_takes_a_step_that_is_anothers(
    world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = log(world, world.investigator)

    def as_secretary(event: str, **form: object) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(engine, "_asked_by", lambda _it, row, _form: row.requested_by[0])
            refused_by_the_database(
                untouched, world, world.secretary,
                lambda tx: workflow.act(tx, lead, event=event, form=form, reason="按程序办理"),
            )  # fmt: skip

    as_secretary("register", repeats_checked=True)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    as_secretary("assign", department=str(world.unit("YC-O03").id), no_conflict=True)


def test_no_chain_ends_with_a_friend(
    world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    real = signers.chain

    def shortened(*given: Any) -> Any:
        [*_, last] = real(*given)
        return (replace(last, position=1, code="LM", role=Role.LEAD_MANAGER),)

    monkeypatch.setattr(signers, "chain", shortened)
    monkeypatch.setattr(signers, "unsignable", lambda *_: None)
    form = {"department": str(world.unit("YC-O03").id), "no_conflict": True}
    refused_by_the_database(
        untouched, world, world.lead_manager,
        lambda tx: workflow.act(tx, lead, event="assign", form=form, reason="按程序办理"),
    )  # fmt: skip


def test_a_step_leads_nowhere_but_where_its_table_says(
    world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = log(world, world.investigator)
    real = engine.decide

    def elsewhere(*given: Any, **more: Any) -> Any:
        plan: Any = real(*given, **more)
        return replace(plan, to_state="closed")

    monkeypatch.setattr(engine, "decide", elsewhere)
    refused_by_the_database(
        untouched, world, world.lead_manager,
        lambda tx: workflow.act(
            tx, lead, event="register", form={"repeats_checked": True}, reason="按程序办理"
        ),
    )  # fmt: skip


@pytest.mark.parametrize("status", ["approved", "returned", "taken_back"])
def test_no_request_ends_without_its_signatures(
    world: World, untouched: Untouched, status: str
) -> None:
    _, request = _asked(world)
    change = f"UPDATE request SET status = '{status}' WHERE id = %(id)s"
    refused_by_the_database(
        untouched, world, world.deputy, lambda tx: tx.execute(change, {"id": request})
    )

    def rewrite(column: str) -> Callable[[Work], object]:
        return lambda tx: tx.execute(f"UPDATE request SET {column}")

    for column in ("chain = '[]'", "event = 'close'", "form = '{}'"):
        refused_by_the_database(
            untouched, world, world.lead_manager,
            rewrite(column),
        )  # fmt: skip


def test_nobody_brings_a_friend_onto_a_team(
    world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = verified(world)
    monkeypatch.setattr(matters, "may_hand_over", lambda *_: True)
    monkeypatch.setattr(matters, "refuse_who_cant_take", lambda *_: None)
    refused_by_the_database(
        untouched, world, world.other_investigator,
        lambda tx: matters.hand_over(
            tx, lead, to_account=world.team_member.account_id, reason="工作需要。"
        ),
    )  # fmt: skip


def test_nobody_but_who_heads_it_lets_others_see(
    world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = verified(world)
    monkeypatch.setattr(access_rows, "heads", lambda *_: True)
    refused_by_the_database(
        untouched, world, world.investigator,
        lambda tx: access_service.let_see(
            tx, lead, login=world.team_member.login, reason="协助。", days=3
        ),
    )  # fmt: skip


# Money ------------------------------------------------------------------------------------------


@pytest.fixture
def past(world: World, owner: Db) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


def test_four_people_stay_four(
    past: Past, world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = past.lead(received_on=DAY, steps=[("verifying", DAY)])
    past.join(lead, world.investigator)
    item = past.item(lead, state="controlled", kept_by=world.finance)
    monkeypatch.setattr(funds, "check_hand", lambda *_: None)
    found = refused_by_the_database(
        untouched, world, world.finance,
        lambda tx: funds.record_receipt(
            tx, item.id, amount="300.00", happened_on=DAY, bank_reference="00000431"
        ),
    )  # fmt: skip
    assert "four different people" in str(found)


def test_an_entry_balances_and_nothing_goes_out_that_never_came_in(
    past: Past, world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = past.lead(received_on=DAY, steps=[("verifying", DAY)])
    past.join(lead, world.investigator)
    item = past.item(lead, state="controlled")
    real = ledger.receipt

    def lopsided(*given: Any) -> Any:
        entry = real(*given)
        return replace(entry, legs=entry.legs[:1])

    def backwards(*given: Any) -> Any:
        entry = real(*given)
        return replace(entry, legs=tuple(replace(leg, amount=-leg.amount) for leg in entry.legs))

    monkeypatch.setattr(ledger.Entry, "__post_init__", lambda _: None)
    monkeypatch.setattr(ledger_service, "check_held", lambda *_: None)
    for wrong in (lopsided, backwards):
        monkeypatch.setattr(ledger, "receipt", wrong)
        refused_by_the_database(
            untouched, world, world.investigator,
            lambda tx: funds.record_receipt(
                tx, item.id, amount="300.00", happened_on=DAY, bank_reference="00000431"
            ),
        )  # fmt: skip


class _Another:
    """Equal to nobody: a comparison with it never says that somebody did it themselves."""

    def __eq__(self, _other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


def test_another_hand_undoes_an_entry(
    past: Past, world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    lead = past.lead(received_on=DAY, steps=[("verifying", DAY)])
    past.join(lead, world.investigator)
    item = past.item(lead, state="controlled")
    with world.open("funds.receive", world.investigator) as tx:
        posted = funds.record_receipt(
            tx, item.id, amount="300.00", happened_on=DAY, bank_reference="00000431"
        )
    real = journal.entry
    monkeypatch.setattr(
        journal, "entry",
        lambda tx, entry: {**(real(tx, entry) or {}), "recorded_by": _Another()},
    )  # fmt: skip
    refused_by_the_database(
        untouched, world, world.investigator,
        lambda tx: ledger_service.reverse_entry(tx, posted.entry_id, reason="记错了。"),
    )  # fmt: skip


# Names, rights ----------------------------------------------------------------------------------


def test_who_wrote_a_summary_never_checks_it(
    past: Past, world: World, untouched: Untouched, monkeypatch: Patch
) -> None:
    petition = past.petition_of(world.investigator, reporter="张三")
    with world.open("petitions.write", world.intake_officer) as tx:
        petitions.write_summary(tx, petition, summary="反映补助少发。")
    monkeypatch.setattr(matter_rows, "last_actor", lambda *_: None)
    refused_by_the_database(
        untouched, world, world.intake_officer, lambda tx: petitions.check_summary(tx, petition)
    )


@pytest.mark.parametrize("who", ["petitions_head", "investigator", "lead_manager"])
def test_another_decides_on_a_release(
    past: Past, world: World, untouched: Untouched, monkeypatch: Patch, who: str,
    owner: Db,
) -> None:  # fmt: skip
    petition = past.petition_of(world.investigator, reporter="张三")
    with world.open("releases.ask", world.investigator) as tx:
        release = releases.ask(tx, petition, reporter=True, wording=False, reason="核实。")
    monkeypatch.setattr(releases, "question", lambda *_: {})
    if who == "petitions_head":
        monkeypatch.setattr(Work, "require_fresh", lambda _: None)
        owner.execute("UPDATE session SET fresh_until = now()")
    refused_by_the_database(
        untouched, world, getattr(world, who),
        lambda tx: releases.decide(tx, petition, release, approved=True, reason="同意。"),
    )  # fmt: skip


def test_no_administrator_gives_themselves_a_role_or_does_it_alone(
    world: World, owner: Db, untouched: Untouched, monkeypatch: Patch
) -> None:
    me = world.administrator
    given: dict[str, Any] = {"role": Role.CHIEF, "unit_id": world.district.id}

    def to(account: UUID) -> Callable[[Work], object]:
        return lambda tx: accounts.grant_role(tx, account_id=account, **given)

    monkeypatch.setattr(accounts, "_keep_apart", lambda *_: None)
    monkeypatch.setattr(role_requests, "alone", lambda _tx: True)
    refused_by_the_database(untouched, world, me, to(world.auditor.account_id))
    monkeypatch.setattr(role_requests, "alone", lambda _tx: False)
    monkeypatch.setattr(accounts, "_administered", lambda *_: {"version": 1})
    owner.execute("UPDATE session SET fresh_until = now()")
    refused_by_the_database(untouched, world, me, to(world.auditor.account_id))
    owner.execute("UPDATE session SET fresh_until = now() + interval '1 hour'")
    own: dict[str, Any] = {
        "account_id": me.account_id,
        "begins_on": DAY,
        "ends_on": DAY + timedelta(days=9),
    }
    refused_by_the_database(untouched, world, me, lambda tx: role_requests.ask(tx, **own, **given))
