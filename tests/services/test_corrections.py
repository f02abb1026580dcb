"""What a signature rests on changes with those who signed; all else at once, former words kept."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow
from sqlalchemy.exc import DBAPIError

from app.domain import errors
from app.domain.permissions import Role
from app.domain.workflow import corrections as asking
from app.repositories import leads as lead_rows
from app.repositories import matters as matter_rows
from app.repositories import requests as request_rows
from app.services import accounts, corrections, matters, people, requests, versions, walls
from app.services.corrections import Said
from tests import build_paper_signatures as on_paper
from tests.build_matters import STUDY, act, log, sign_all, state, verified
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]


def said(field: str, value: str, whose: UUID | None = None) -> Said:
    return Said(field=field, value=value, reason="抄录有误。", involvement_id=whose)


def correct(world: World, who: Someone, matter: UUID, field: str, value: str) -> None:
    with world.open("matters.correct", who) as tx:
        corrections.correct(tx, matter, said(field, value))


def ask(
    world: World, who: Someone, matter: UUID, field: str, value: str, whose: UUID | None = None
) -> UUID:
    with world.open("matters.ask_correction", who) as tx:
        done = corrections.ask(tx, matter, said(field, value, whose))
    assert done.request_id is not None
    return done.request_id


def sign(world: World, who: Someone, request: UUID, reason: str = "同意更正。") -> None:
    with world.open("requests.sign", who) as tx:
        requests.sign(tx, request, reason=reason)


def chain(world: World, request: UUID) -> list[tuple[str, str | None]]:
    """The roles asked, and by name whom."""
    with world.open("read", world.chief) as tx:
        row = request_rows.request(tx, request)
    names = {str(each.account_id): each.name for each in world.plan.people.values()}
    return [(step["role"], names.get(step["account"] or "")) for step in row["chain"]]


def what(world: World, lead: UUID) -> str:
    with world.open("read", world.chief) as tx:
        return str(matters.open_matter(tx, lead).own["what"])


def waits_for(world: World, who: Someone, request: UUID) -> bool:
    with world.open("requests.list", who) as tx:
        return requests.waits_for_me(tx, request)


def ended(world: World, who: Someone) -> None:
    with world.open("accounts.end", world.administrator) as tx:
        version = accounts.read_account(tx, who.account_id)["version"]
        accounts.change_account(tx, who.account_id, seen_version=version, changes={"active": False})


def keep_off(world: World, who: Someone, matter: UUID) -> None:
    with world.open("walls.keep_off", who) as tx:
        walls.keep_off(tx, matter, reason="亲属。")


def part_of(world: World, matter: UUID, name: str) -> UUID:
    with world.open("read", world.chief) as tx:
        rows = matters.open_matter(tx, matter).people
    return UUID(str(next(row["id"] for row in rows if row["name"] == name)))


# Asking those who signed --------------------------------------------------------------------------


def test_a_correction_of_what_was_signed_asks_everybody_who_signed(world: World) -> None:
    lead = verified(world)
    with pytest.raises(errors.Conflict, match="Those who signed must agree"):
        correct(world, world.investigator, lead, "what", "虚报造林面积。")
    request = ask(world, world.investigator, lead, "what", "虚报造林面积。")
    assert chain(world, request) == [
        ("department_head", "王振华"), ("deputy", "冯立新"), ("chief", "陈正平"),
    ]  # fmt: skip
    former = what(world, lead)
    for who in (world.department_head, world.deputy, world.chief):
        assert waits_for(world, who, request)
        assert what(world, lead) == former
        sign(world, who, request)
    assert what(world, lead) == "虚报造林面积。"
    with world.open("read", world.investigator) as tx:
        found = versions.every_version(tx, lead, "what").versions
    assert [each.value for each in found] == [former, "虚报造林面积。"]
    assert found[1].request_id == request
    assert state(world, world.chief, lead) == "verifying"


def test_anybody_asked_returns_it_with_a_reason_and_nothing_changes(world: World) -> None:
    lead = verified(world)
    former = what(world, lead)
    request = ask(world, world.investigator, lead, "what", "虚报。")
    sign(world, world.department_head, request)
    with world.open("requests.return", world.deputy) as tx:
        requests.return_(tx, request, reason="原件如此。")
    assert what(world, lead) == former
    with world.open("read", world.investigator) as tx:
        row = requests.open_request(tx, request)
        assert row["status"] == "returned"
        assert [each["id"] for each in request_rows.returned_to(tx, limit=9)] == [request]


def test_whoever_asked_takes_it_back_before_the_first_signature_alone(world: World) -> None:
    lead = verified(world)
    request = ask(world, world.investigator, lead, "title", "虚报")
    with world.open("requests.take_back", world.investigator) as tx:
        requests.take_back(tx, request)
    request = ask(world, world.investigator, lead, "title", "虚报")
    sign(world, world.department_head, request)
    with (
        pytest.raises(errors.Denied),
        world.open("requests.take_back", world.investigator) as tx,
    ):
        requests.take_back(tx, request)


def test_a_second_correction_waits_for_the_first(world: World) -> None:
    lead = verified(world)
    ask(world, world.investigator, lead, "amount", "500.00")
    for field, value in (("amount", "600.00"), ("title", "虚报")):
        with pytest.raises(errors.Conflict, match="waits for signatures already"):
            ask(world, world.other_investigator, lead, field, value)


def test_nobody_corrects_with_their_own_staff_what_they_decided(world: World) -> None:
    lead = verified(world)
    with pytest.raises(errors.Denied, match="let somebody else ask"):
        ask(world, world.chief, lead, "amount", "3.00")
    second = world.hire("chief-2", Role.CHIEF, "YC")
    request = ask(world, world.chief, lead, "amount", "3.00")
    assert chain(world, request)[-1] == ("chief", None)
    for who in (world.department_head, world.deputy):
        sign(world, who, request)
    with pytest.raises(errors.Forbidden, match="You asked for this"):
        sign(world, world.chief, request)
    sign(world, second, request)
    with world.open("read", world.chief) as tx:
        assert str(matters.open_matter(tx, lead).own["amount"]) == "3.00"


def test_the_database_refuses_the_requesters_own_signature(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = verified(world)
    world.hire("chief-2", Role.CHIEF, "YC")
    request = ask(world, world.chief, lead, "amount", "3.00")
    for who in (world.department_head, world.deputy):
        sign(world, who, request)
    monkeypatch.setattr("app.domain.workflow.signing._turn", lambda _it, q, _verdict: q.next_step)
    with pytest.raises((errors.Conflict, errors.Forbidden, DBAPIError)):
        sign(world, world.chief, request)


def test_one_who_alone_decided_is_not_the_one_who_agrees(world: World) -> None:
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    sign_all(
        world,
        act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True),
    )
    with pytest.raises(errors.Denied, match="let somebody else ask"):
        ask(world, world.deputy, lead, "title", "虚报")
    assert chain(world, ask(world, world.lead_manager, lead, "title", "虚报")) == [
        ("deputy", "冯立新")
    ]


def test_an_implicated_superior_neither_asks_nor_learns_of_it(world: World, owner: Owner) -> None:
    """The deputy who signed turns out to be the one reported: to them the matter is gone."""
    lead = verified(world)
    person = part_of(world, lead, "梁启元")
    owner.execute(
        "UPDATE account SET person_id = (SELECT person_id FROM involvement WHERE id = %s)"
        " WHERE id = %s",
        [person, world.deputy.account_id],
    )
    for field, value, whose in (("name", "梁元启", person), ("amount", "1.00", None)):
        with pytest.raises(errors.NotFound):
            ask(world, world.deputy, lead, field, value, whose)
    with pytest.raises(errors.Denied, match="Nobody else can agree"):
        ask(world, world.investigator, lead, "amount", "9.00")


def test_a_persons_name_changes_with_those_who_signed(world: World) -> None:
    lead = verified(world)
    person = part_of(world, lead, "梁启元")
    with world.open("read", world.investigator) as tx:
        row = next(each for each in matters.open_matter(tx, lead).people if each["id"] == person)
        known = people.read_person(tx, row["person_id"])
        with pytest.raises(errors.Conflict, match="Signatures rest on this name"):
            people.change_person(
                tx, row["person_id"], seen_version=known["version"], changes={"name": "梁元启"}
            )
    request = ask(world, world.investigator, lead, "name", "梁元启", person)
    for who in (world.department_head, world.deputy, world.chief):
        sign(world, who, request)
    assert part_of(world, lead, "梁元启") == person


# Who is asked where somebody left -----------------------------------------------------------------


def test_a_signer_who_left_before_is_followed_by_the_present_holder(world: World) -> None:
    lead = verified(world)
    successor = world.hire("deputy-2", Role.DEPUTY, "YC")
    ended(world, world.deputy)
    request = ask(world, world.investigator, lead, "title", "虚报")
    assert chain(world, request) == [
        ("department_head", "王振华"), ("deputy", None), ("chief", "陈正平"),
    ]  # fmt: skip
    for who in (world.department_head, successor, world.chief):
        sign(world, who, request)
    with world.open("read", world.chief) as tx:
        assert matters.open_matter(tx, lead).head["title"] == "虚报"


def test_a_signer_who_leaves_meanwhile_is_followed_by_the_present_holder(world: World) -> None:
    lead = verified(world)
    request = ask(world, world.investigator, lead, "title", "虚报")
    successor = world.hire("deputy-2", Role.DEPUTY, "YC")
    sign(world, world.department_head, request)
    assert not waits_for(world, successor, request)
    with pytest.raises(errors.Forbidden):
        sign(world, successor, request)
    ended(world, world.deputy)
    assert waits_for(world, successor, request)
    with world.open("read", world.investigator) as tx:
        row = requests.open_request(tx, request)
        assert [each["name"] for each in requests.next_signers(tx, row)] == [successor.name]
    sign(world, successor, request)
    sign(world, world.chief, request)


def test_a_signer_behind_a_wall_is_followed_and_does_not_see_it(world: World) -> None:
    lead = verified(world)
    request = ask(world, world.investigator, lead, "title", "虚报")
    successor = world.hire("deputy-2", Role.DEPUTY, "YC")
    sign(world, world.department_head, request)
    keep_off(world, world.deputy, lead)
    assert not waits_for(world, world.deputy, request)
    with pytest.raises(errors.NotFound):
        sign(world, world.deputy, request)
    sign(world, successor, request)
    sign(world, world.chief, request)
    with world.open("read", world.chief) as tx:
        assert matters.open_matter(tx, lead).head["title"] == "虚报"


def test_a_correction_opens_its_matter_to_whom_it_names_and_to_no_other_holder(
    world: World, owner: Owner
) -> None:
    lead = verified(world)
    ask(world, world.investigator, lead, "title", "虚报")
    second = world.hire("head-2", Role.DEPARTMENT_HEAD, "YC")
    owner.execute("UPDATE matter SET classification = 2 WHERE id = %s", [lead])
    with world.open("read", world.department_head) as tx:
        assert matter_rows.sees(tx, lead)
    with world.open("read", second) as tx:
        assert not matter_rows.sees(tx, lead)
    ended(world, world.department_head)
    with world.open("read", second) as tx:
        assert matter_rows.sees(tx, lead)


def test_whoever_asked_and_is_walled_off_since_can_still_be_answered(world: World) -> None:
    lead = verified(world)
    request = ask(world, world.investigator, lead, "title", "虚报")
    keep_off(world, world.investigator, lead)
    for who in (world.department_head, world.deputy, world.chief):
        sign(world, who, request)
    with pytest.raises(errors.NotFound), world.open("read", world.investigator) as tx:
        versions.every_version(tx, lead, "title")


# Two windows, and what waits ----------------------------------------------------------------------


def test_a_clerk_who_corrects_in_two_windows_is_told_in_the_second(world: World) -> None:
    lead = log(world, world.investigator)
    with world.open("read", world.investigator) as tx:
        seen = matters.head(tx, lead)["version"]
    with world.open("matters.correct", world.investigator) as tx:
        corrections.correct(tx, lead, said("place", "下田峪组"), seen_version=seen)
    with (
        pytest.raises(errors.Stale),
        world.open("matters.correct", world.investigator) as tx,
    ):
        corrections.correct(tx, lead, said("place", "上田峪组"), seen_version=seen)
    with world.open("read", world.investigator) as tx:
        found = versions.every_version(tx, lead, "place").versions
    assert [each.value for each in found] == [None, "下田峪组"]


def test_a_signer_who_read_it_before_the_correction_is_refused(world: World) -> None:
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    done = act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True)
    assert done.request_id is not None
    with world.open("read", world.deputy) as tx:
        seen = requests.open_request(tx, done.request_id)["version"]
    correct(world, world.investigator, lead, "what", "虚报十亩。")
    with pytest.raises(errors.Stale), world.open("requests.sign", world.deputy) as tx:
        requests.sign(tx, done.request_id, reason="同意。", seen_version=seen)
    with world.open("requests.sign", world.deputy) as tx:
        requests.sign(tx, done.request_id, reason="同意。", seen_version=seen + 1)


def held_back(world: World) -> tuple[UUID, UUID]:
    """A lead about a village's head, and the request of whoever heads it to put it on hold."""
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    for who, event, form in (
        (world.lead_manager, "assign", {"department": department, "no_conflict": True}),
        (world.department_head, "take_on", {"handler": str(world.investigator.account_id)}),
        (world.investigator, "propose_disposal", {"method": "hold", "plan": "暂存。", **STUDY}),
    ):
        sign_all(world, act(world, who, lead, event, **form))
    done = act(world, world.department_head, lead, "hold", tried="已核。", not_excluded="疑点。")
    assert done.request_id is not None
    return lead, done.request_id


def test_a_sum_that_asks_for_other_signatures_has_the_request_asked_anew(
    world: World, owner: Owner
) -> None:
    lead, _request = held_back(world)
    # As a ledger would have brought it: nobody signed here yet.
    owner.execute("UPDATE request SET status = 'returned' WHERE status = 'approved'")
    with pytest.raises(errors.Conflict, match="would need other signatures"):
        correct(world, world.investigator, lead, "amount", "9000000.00")
    correct(world, world.investigator, lead, "amount", "10.00")


def test_a_sum_or_rank_that_goes_higher_is_agreed_to_there_as_well(world: World) -> None:
    lead, request = held_back(world)
    with world.open("requests.sign", world.deputy) as tx:
        requests.sign(tx, request, reason="同意。")
    person = part_of(world, lead, "梁启元")
    below = [("department_head", "王振华"), ("deputy", "冯立新")]
    for field, value, whose, above in (
        ("amount", "10.00", None, []),
        ("amount", "9000000.00", None, [("chief", None)]),
        ("rank", "next_lower_head", person, [("chief", None)]),
    ):
        asked = ask(world, world.investigator, lead, field, value, whose)
        assert chain(world, asked) == below + above
        with world.open("requests.take_back", world.investigator) as tx:
            requests.take_back(tx, asked)


def test_a_request_that_rests_on_it_is_returned_before_a_correction_is_asked(world: World) -> None:
    lead = verified(world)
    done = act(
        world, world.investigator, lead, "report_verification", allegations="虚报。",
        findings="属实。", proposal="建议立案。",
    )  # fmt: skip
    with pytest.raises(errors.Conflict, match="returned or taken back first"):
        ask(world, world.investigator, lead, "title", "虚报")
    assert done.request_id is not None


def test_while_a_correction_waits_the_matter_does_not_move(world: World) -> None:
    lead = verified(world)
    ask(world, world.investigator, lead, "title", "虚报")
    with pytest.raises(errors.Denied, match="waits for signatures"):
        act(
            world, world.investigator, lead, "report_verification", allegations="虚报。",
            findings="属实。", proposal="建议立案。",
        )  # fmt: skip


def test_what_was_returned_or_taken_back_freezes_nothing(world: World) -> None:
    lead = log(world, world.investigator)
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    done = act(world, world.lead_manager, lead, "assign", department=department, no_conflict=True)
    assert done.request_id is not None
    with world.open("requests.return", world.deputy) as tx:
        requests.return_(tx, done.request_id, reason="请先更正标题。")
    correct(world, world.investigator, lead, "title", "虚报")


# Signatures on paper ------------------------------------------------------------------------------


def test_whoever_signed_on_paper_is_asked_until_it_is_set_aside(world: World) -> None:
    lead, request = on_paper.asked(world)
    entry = on_paper.enter(world, request)
    on_paper.compare(world, entry)
    first = ask(world, world.investigator, lead, "title", "虚报")
    assert chain(world, first)[-1] == ("chief", "陈正平")
    with world.open("requests.take_back", world.investigator) as tx:
        requests.take_back(tx, first)
    on_paper.answer(world, entry, mine=False)
    with pytest.raises(errors.Conflict, match="Somebody objects"):
        ask(world, world.investigator, lead, "title", "虚报")
    on_paper.decide(world, entry, stands=False, by=on_paper.second_deputy(world))
    second = ask(world, world.investigator, lead, "title", "虚报")
    assert "chief" not in [role for role, _name in chain(world, second)]


def test_what_a_paper_shows_stays_until_the_paper_is_compared(world: World, owner: Owner) -> None:
    lead = on_paper.proposed(world)
    # As a ledger would have brought it: nobody signed here yet.
    owner.execute("UPDATE request SET status = 'returned' WHERE status = 'approved'")
    done = act(
        world, world.department_head, lead, "verify", checkable="面积。", plan="实地。",
        team=[str(who.account_id) for who in (world.investigator, world.other_investigator)],
    )  # fmt: skip
    assert done.request_id is not None
    entry = on_paper.enter(world, done.request_id, signer=world.deputy)
    with pytest.raises(errors.Conflict, match="first it has to be compared"):
        correct(world, world.investigator, lead, "title", "虚报")
    correct(world, world.investigator, lead, "place", "下田峪组")
    on_paper.compare(world, entry, matches=False)
    correct(world, world.investigator, lead, "title", "虚报")


# The database -------------------------------------------------------------------------------------


def test_the_database_keeps_frozen_what_was_signed(world: World) -> None:
    lead = verified(world)
    person = part_of(world, lead, "梁启元")
    for column, value in (("what", "无事"), ("amount", 1)):
        with (
            pytest.raises((errors.Conflict, DBAPIError)),
            world.open("test", world.investigator) as tx,
        ):
            lead_rows.change_lead(tx, lead, **{column: value})
    with (
        pytest.raises((errors.Conflict, DBAPIError)),
        world.open("test", world.investigator) as tx,
    ):
        tx.execute("UPDATE involvement SET rank = 'other' WHERE id = %(id)s", {"id": person})
    with (
        pytest.raises((errors.Conflict, DBAPIError)),
        world.open("test", world.investigator) as tx,
    ):
        matter_rows.touch(tx, lead, event="noted", changes={"title": "无事"})
    with (
        pytest.raises((errors.Conflict, DBAPIError)),
        world.open("test", world.investigator) as tx,
    ):
        tx.value("SELECT guard.correct_name(%(id)s, '某甲')", {"id": person})


def test_the_database_refuses_a_correction_that_leaves_a_signer_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = verified(world)
    whole = asking.chain
    monkeypatch.setattr(asking, "chain", lambda *given: whole(*given)[:1])
    with pytest.raises((errors.Conflict, DBAPIError)):
        ask(world, world.investigator, lead, "title", "虚报")


def test_an_auditor_learns_when_and_not_what_it_said(world: World) -> None:
    lead = log(world, world.investigator)
    correct(world, world.investigator, lead, "title", "西塘桥村造林")
    with world.open("read", world.auditor) as tx:
        found = versions.every_version(tx, lead, "title").versions
        assert [(each.value, each.known) for each in found] == [
            (None, False), ("西塘桥村造林", True),
        ]  # fmt: skip
        for field in ("what", "place", "remark"):
            with pytest.raises(errors.NotFound):
                versions.every_version(tx, lead, field)
    with pytest.raises(errors.Forbidden), world.open("read", world.auditor) as tx:
        corrections.correct(tx, lead, said("title", "虚报"))
