"""Whoever leaves leaves their work where it is; whoever heads a matter hands it over by a list."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.permissions import Permission, Role
from app.services import access, accounts, delegations, desks, keys, leavers, matters, requests
from tests.build_matters import DAY, act, log, sign_all, state, verified
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served

Owner = psycopg.Connection[DictRow]
TABLES = ("matter", "team_member", "request", "task", "signature", "note", "clock", "release")


def end(world: World, who: Someone) -> None:
    with world.open("test", world.administrator) as tx:
        version = accounts.read_account(tx, who.account_id)["version"]
        accounts.change_account(tx, who.account_id, seen_version=version, changes={"active": False})


def listed(world: World, who: Someone) -> set[tuple[str, str]]:
    with world.open("test", who) as tx:
        return {(row["name"], row["what"]) for row in leavers.left_over(tx)}


def hand_on(world: World, who: Someone, lead: UUID, left: Someone, to: Someone) -> None:
    with world.open("test", who) as tx:
        leavers.hand_on(
            tx, lead, left.account_id, to_account=to.account_id, reason="原承办人调离。"
        )


def handlers(world: World, lead: UUID) -> list[tuple[str, str]]:
    with world.open("test", world.chief) as tx:
        return [(row["name"], row["part"]) for row in matters.open_matter(tx, lead).team]


def _wall(owner: Owner, matter: UUID, who: Someone) -> None:
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', %s, %s)",
        [new_id(), matter, who.account_id, who.account_id, DAY],
    )


def test_ending_an_account_moves_nothing(world: World, owner: Owner) -> None:
    verified(world)

    def held() -> list[object]:
        return [
            owner.execute(
                f"SELECT md5(string_agg(t::text, '' ORDER BY t)) FROM {name} t"
            ).fetchone()
            for name in TABLES
        ]

    before = held()
    for who in (world.investigator, world.keeper, world.lead_manager):
        end(world, who)
    assert held() == before


def test_sessions_keys_and_standing_in_end_at_once(world: World, owner: Owner) -> None:
    with world.open("test", world.deputy) as tx:
        key = keys.make_key(tx, name="报表", scope=[Permission.MATTERS_READ], days=9).secret
        delegations.delegate(
            tx, login=world.team_member.login, reason="休假", begins_on=None,
            last_day=tx.value("SELECT guard.today()") + timedelta(days=9),
        )  # fmt: skip
    with world.open("test", world.team_member) as tx:
        assert tx.actor.holds(Role.DEPUTY)
    end(world, world.deputy)
    for secret in (world.deputy.session, key):
        with pytest.raises(errors.NotSignedIn), world.office.work(secret, use_case="test"):
            pass
    with world.open("test", world.team_member) as tx:
        assert not tx.actor.holds(Role.DEPUTY)
    open_ = owner.execute("SELECT 1 FROM delegation WHERE ended_on IS NULL").fetchall()
    assert open_ == []


def test_what_they_held_stands_in_the_list_of_who_heads_it_and_of_nobody_else(
    world: World,
) -> None:
    lead = verified(world)
    end(world, world.investigator)
    mine = {(world.investigator.name, "handler")}
    for who in (world.department_head, world.lead_manager, world.deputy, world.chief):
        assert listed(world, who) == mine
    for who in (world.other_investigator, world.auditor, world.administrator, world.keeper):
        assert listed(world, who) == set()
    with world.open("desk", world.department_head) as tx:
        assert [row["matter_id"] for row in desks.my_desk(tx).left] == [lead]
    hand_on(world, world.department_head, lead, world.investigator, world.team_member)
    assert listed(world, world.department_head) == set()
    assert handlers(world, lead) == [
        (world.team_member.name, "lead_handler"), (world.other_investigator.name, "member"),
    ]  # fmt: skip


def test_a_place_on_the_team_is_handed_on_too(world: World) -> None:
    lead = verified(world)
    end(world, world.other_investigator)
    assert listed(world, world.department_head) == {(world.other_investigator.name, "member")}
    with pytest.raises(errors.Invalid):  # handles none
        hand_on(world, world.department_head, lead, world.other_investigator, world.keeper)
    hand_on(world, world.department_head, lead, world.other_investigator, world.team_member)
    assert (world.team_member.name, "member") in handlers(world, lead)


def test_whoever_is_on_the_team_already_takes_no_second_place(world: World) -> None:
    lead = verified(world)
    end(world, world.other_investigator)
    hand_on(world, world.department_head, lead, world.other_investigator, world.investigator)
    assert handlers(world, lead) == [(world.investigator.name, "lead_handler")]
    with pytest.raises(errors.Conflict, match="handed over already"):
        hand_on(world, world.department_head, lead, world.other_investigator, world.team_member)


def asked_and_left(world: World) -> tuple[UUID, UUID]:
    """A lead that its manager asked to assign before they left, and the request."""
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    asked = act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True)
    end(world, world.lead_manager)
    assert asked.request_id is not None
    return lead, asked.request_id


def test_a_request_is_passed_to_whoever_could_have_asked_for_it(world: World, doors: Doors) -> None:
    successor = world.hire("second-lead-manager", Role.LEAD_MANAGER, "YC")
    lead, request = asked_and_left(world)
    with pytest.raises(errors.Invalid):  # asks for no such thing
        hand_on(world, world.deputy, lead, world.lead_manager, world.team_member)
    with pytest.raises(errors.Forbidden), world.open("test", successor) as tx:
        requests.take_back(tx, request)
    hand_on(world, world.deputy, lead, world.lead_manager, successor)
    assert listed(world, world.deputy) == set()
    page = served(doors.browser(successor).get(f"/requests/{request}"))
    page.form("/take-back")
    words = served(doors.browser(successor).get(f"/matters/{lead}")).words
    assert f"passed a request of {world.lead_manager.name}’s on to {successor.name}" in words
    with world.open("test", world.deputy) as tx:
        requests.return_(tx, request, reason="材料不全。")
    with world.open("test", successor) as tx:
        assert [row["id"] for row in desks.my_desk(tx).returned] == [request]


def test_who_takes_a_request_may_take_it_back_and_passes_it_on_when_they_leave(
    world: World,
) -> None:
    successor = world.hire("second-lead-manager", Role.LEAD_MANAGER, "YC")
    third = world.hire("third-lead-manager", Role.LEAD_MANAGER, "YC")
    lead, request = asked_and_left(world)
    hand_on(world, world.deputy, lead, world.lead_manager, successor)
    end(world, successor)
    assert listed(world, world.deputy) == {(successor.name, "request")}
    hand_on(world, world.deputy, lead, successor, third)
    with world.open("test", third) as tx:
        requests.take_back(tx, request)
    assert state(world, world.chief, lead) == "registered"


def test_a_request_of_theirs_waits_on_and_is_listed(world: World) -> None:
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    asked = act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True)
    end(world, world.lead_manager)
    assert listed(world, world.deputy) == {(world.lead_manager.name, "request")}
    sign_all(world, asked)
    assert listed(world, world.deputy) == set()
    assert state(world, world.chief, lead) == "assigned"


def test_who_doesnt_head_it_hands_nothing_on_and_nobody_active_is_replaced(world: World) -> None:
    lead = verified(world)
    with pytest.raises(errors.NotFound):
        hand_on(world, world.department_head, lead, world.investigator, world.team_member)
    end(world, world.investigator)
    for who in (world.other_investigator, world.keeper, world.auditor):
        with pytest.raises((errors.NotFound, errors.Forbidden)):
            hand_on(world, who, lead, world.investigator, world.team_member)


def test_a_walled_head_finds_nothing_and_who_is_cleared_must_act(
    world: World, owner: Owner
) -> None:
    lead = verified(world)
    for who in (world.department_head, world.lead_manager):
        _wall(owner, lead, who)
    end(world, world.investigator)
    for who in (world.department_head, world.lead_manager):
        assert listed(world, who) == set()
        with world.open("desk", who) as tx:
            desk = desks.my_desk(tx)
        assert (desk.left, desk.stuck) == ([], [])
        with pytest.raises(errors.NotFound):
            hand_on(world, who, lead, world.investigator, world.team_member)
    with world.open("desk", world.deputy) as tx:
        assert [row["why"] for row in desks.my_desk(tx).stuck if row["why"] == "leaver"]
    _wall(owner, lead, world.team_member)
    with pytest.raises(errors.Invalid, match="can't take"):
        hand_on(world, world.deputy, lead, world.investigator, world.team_member)
    third = world.hire("investigator-3", Role.INVESTIGATOR, "YC-O03")
    hand_on(world, world.deputy, lead, world.investigator, third)
    assert (third.name, "lead_handler") in handlers(world, lead)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_several_are_handed_over_at_once_with_a_result_for_each(
    world: World, doors: Doors, owner: Owner, language: str
) -> None:
    first, second = verified(world), verified(world)
    end(world, world.investigator)
    head = doors.browser(world.department_head, language=language)
    assert world.investigator.name in served(head.get("/desk")).words
    form = served(head.get("/hand-overs")).form("/hand-overs")
    served(form.submit(head, login=world.team_member.login, reason="调离"), 422)
    items = form.choices["items"]
    assert len(items) == 2
    _wall(owner, second, world.team_member)
    page = served(
        form.submit(head, items=items, login=world.team_member.login, reason="原承办人调离。")
    )
    with world.open("test", world.chief) as tx:
        numbers = [str(matters.head(tx, each)["number"]) for each in (first, second)]
    said = {"en": (": handed over.", ": This person can't take this matter."),
            "zh-CN": ("：已移交。", "：")}[language]  # fmt: skip
    for number, words in zip(numbers, said, strict=True):
        assert number + words in page.words
    assert page.form("/hand-overs").choices["items"] == [
        each for each in items if each.startswith(str(second))
    ]


def test_a_program_gets_a_result_for_each(world: World, doors: Doors) -> None:
    lead, strange = verified(world), new_id()
    end(world, world.investigator)
    api = doors.api(world.lead_manager)
    (found,) = api.get("/api/v1/left-over").json()["items"]
    assert (found["what"], found["matter_id"]) == ("handler", str(lead))
    who = str(world.investigator.account_id)
    told = api.post(
        "/api/v1/left-over/hand-over",
        json={
            "items": [{"matter_id": str(each), "account_id": who} for each in (strange, lead)],
            "to_account": str(world.team_member.account_id),
            "reason": "原承办人调离。",
        },
    ).json()["items"]
    assert [each["done"] for each in told] == [False, True]
    assert told[0]["refused"] == "There is nothing here that you may see."


def test_what_they_were_let_see_logged_or_began_to_import_is_listed(
    world: World, owner: Owner, doors: Doors
) -> None:
    lead = verified(world)
    with world.open("grant", world.lead_manager) as tx:
        access.let_see(tx, lead, login=world.keeper.login, reason="核对款物", days=9)
    log(world, world.inspector)
    batch = new_id()
    owner.execute(
        "INSERT INTO import_batch (id, family, file_name, file_hash, made_by, happened_on)"
        " VALUES (%s, 'leads', '台账.csv', '', %s, %s)",
        [batch, world.lead_manager.account_id, DAY],
    )
    owner.execute("INSERT INTO import_upload (batch_id, sealed) VALUES (%s, '')", [batch])
    for who in (world.keeper, world.inspector):
        end(world, who)
    assert listed(world, world.deputy) == {
        (world.keeper.name, "grant"), (world.inspector.name, "logged"),
    }  # fmt: skip
    another = world.hire("lead-manager-2", Role.LEAD_MANAGER, "YC")
    end(world, world.lead_manager)
    assert (world.lead_manager.name, "import") in listed(world, another)
    assert (world.lead_manager.name, "import") not in listed(world, world.deputy)
    page = served(doors.browser(another).get("/hand-overs")).words
    for words in ("was let see it for a time", "nobody took it up", "didn’t finish"):
        assert words in page
    rows = doors.api(another).get("/api/v1/left-over").json()["items"]
    (unfinished,) = [row for row in rows if row["what"] == "import"]
    assert (unfinished["matter_id"], unfinished["family"]) == (None, "leads")
    # Once somebody took it up, it is no longer the one who logged it's.
    assert all(not row["movable"] for row in rows)
