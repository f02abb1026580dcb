"""A reporter who works here is walled off from what they reported; nobody reads that they are."""

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.ledgers.families import Family
from app.domain.ledgers.identity import check_character
from app.repositories import reporter_ties
from app.services import access, accounts, matters, people, petitions, walls
from app.services.imports import Source, uploads
from app.services.petitions import NewPetition, Reporter
from tests.build_matters import DAY, log
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]
NUMBER = "990101197503120016"
OTHER = "99010119660720999" + check_character("99010119660720999")


def person(world: World, id_number: str | None = None) -> UUID:
    with world.open("people.create", world.lead_manager) as tx:
        return people.create_person(tx, name="赵敏行", id_number=id_number)


def is_person(world: World, owner: Owner, who: Someone, person_id: UUID) -> None:
    owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [person_id, who.account_id])
    with world.open("accounts.change", world.administrator) as tx:
        reporter_ties.keep_tokens(tx)


def petition(world: World, person_id: UUID | None = None, number: str | None = None) -> UUID:
    with world.open("petitions.log", world.intake_officer) as tx:
        return petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=DAY, content="反映补助少发。",
                unit_id=world.village.id,
                reporter=Reporter(name="赵敏行", person_id=person_id, id_number=number),
            ),
        )  # fmt: skip


def lead_from(world: World, owner: Owner, petition_id: UUID) -> UUID:
    lead = log(world, world.lead_manager)
    link(owner, "petition_lead", petition_id, lead)
    return lead


def link(owner: Owner, kind: str, one: UUID, other: UUID, day: date = DAY) -> None:
    owner.execute(
        "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on) VALUES (%s, %s, %s, %s, %s)",
        [new_id(), kind, one, other, day],
    )


def sees(world: World, who: Someone, matter_id: UUID) -> bool:
    with world.open("matters.read", who) as tx:
        return matters.still_sees(tx, matter_id)


@pytest.mark.parametrize("by", ["person", "number"])
def test_who_reported_and_has_an_account_is_walled_off_before_the_first_read(
    world: World, owner: Owner, by: str
) -> None:
    known = person(world, id_number=NUMBER)
    is_person(world, owner, world.deputy, known)
    made = petition(world, known) if by == "person" else petition(world, number=NUMBER)
    assert not sees(world, world.deputy, made)
    assert sees(world, world.lead_manager, made)
    lead = lead_from(world, owner, made)
    assert not sees(world, world.deputy, lead)
    assert sees(world, world.lead_manager, lead)


def test_whoever_gets_an_account_or_a_number_later_is_walled_off_then(
    world: World, owner: Owner
) -> None:
    known = person(world)
    made = petition(world, number=NUMBER)
    assert sees(world, world.deputy, made)
    is_person(world, owner, world.deputy, known)
    assert sees(world, world.deputy, made)
    with world.open("people.change", world.lead_manager) as tx:
        people.change_person(tx, known, seen_version=1, changes={"id_number": NUMBER})
    assert not sees(world, world.deputy, made)
    with world.open("people.change", world.lead_manager) as tx:
        people.change_person(tx, known, seen_version=2, changes={"id_number": OTHER})
    assert sees(world, world.deputy, made)


def test_an_account_that_is_made_for_a_reporter_never_sees_the_petition(
    world: World, owner: Owner
) -> None:
    known = person(world)
    made = petition(world, known)
    with world.open("accounts.create", world.administrator) as tx:
        account = accounts.create_account(
            tx, login="zhao", name="赵敏行", unit_id=world.unit("YC").id, person_id=known
        )
    found = owner.execute("SELECT guard.walls_of(%s) AS id", [account]).fetchall()
    assert [row["id"] for row in found] == [made]


def test_an_account_that_is_tied_to_the_reporter_later_is_walled_off_from_then_on(
    world: World,
) -> None:
    """By two administrators, as any tie of an account."""
    known = person(world)
    made = petition(world, known)
    assert sees(world, world.deputy, made)
    with world.open("accounts.change", world.administrator) as tx:
        version = accounts.read_account(tx, world.deputy.account_id)["version"]
        accounts.change_account(
            tx, world.deputy.account_id, seen_version=version, changes={"person_id": known}
        )
    assert sees(world, world.deputy, made)
    with world.open("accounts.decide", world.operator) as tx:
        [asked] = accounts.waiting_changes(tx)
        accounts.decide_change(tx, asked["id"], confirmed=True)
    assert not sees(world, world.deputy, made)


def test_a_near_relative_of_the_reporter_is_walled_off_too(world: World, owner: Owner) -> None:
    reporter, mine = person(world), person(world)
    is_person(world, owner, world.deputy, mine)
    made = petition(world, reporter)
    assert sees(world, world.deputy, made)
    with world.open("people.declare_relative", world.lead_manager) as tx:
        walls.declare_relative(tx, reporter, relative_id=mine, kinship="sibling")
    assert not sees(world, world.deputy, made)


def test_a_report_in_a_handlers_name_doesnt_take_them_from_their_own_case(
    world: World, owner: Owner
) -> None:
    known = person(world)
    is_person(world, owner, world.investigator, known)
    own = log(world, world.investigator)
    owner.execute(
        "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
        " VALUES (%s, %s, %s, 'lead_handler', %s)",
        [new_id(), own, world.investigator.account_id, DAY - timedelta(days=1)],
    )
    made = petition(world, known)
    link(owner, "petition_lead", made, own)
    assert sees(world, world.investigator, own)
    assert not sees(world, world.investigator, made)
    owner.execute("UPDATE team_member SET begins_on = %s WHERE matter_id = %s", [DAY, own])
    assert not sees(world, world.investigator, own)


def test_nobody_but_intake_reads_that_somebody_is_walled_off(world: World, owner: Owner) -> None:
    known = person(world)
    is_person(world, owner, world.deputy, known)
    made = petition(world, known)
    for who, told in (
        (world.intake_officer, True),
        (world.petitions_head, True),
        (world.lead_manager, False),
        (world.chief, False),
    ):
        with world.open("matters.access", who) as tx:
            found = access.who_sees(tx, made)
        name = world.deputy.name
        assert (name in [row["name"] for row in found.kept_off]) is told
        # To others they stand where they would stand without: their absence would tell.
        assert (name in [each.name for each in found.seen_by]) is not told
    lead = lead_from(world, owner, made)
    for who in (world.chief, world.lead_manager):
        with world.open("matters.access", who) as tx:
            found = access.who_sees(tx, lead)
        assert world.deputy.name not in [row["name"] for row in found.kept_off]
        assert world.deputy.name in [each.name for each in found.seen_by]


def test_only_intake_of_the_petition_ties_and_unties(world: World, owner: Owner) -> None:
    known = person(world)
    is_person(world, owner, world.deputy, known)
    made = petition(world)
    for who in (world.lead_manager, world.chief, world.investigator):
        with pytest.raises(errors.NotFound), world.open("petitions.tie_reporter", who) as tx:
            petitions.tie_reporter(tx, made, person_id=known)
    with world.open("petitions.tie_reporter", world.petitions_head) as tx:
        petitions.tie_reporter(tx, made, person_id=known)
    assert not sees(world, world.deputy, made)
    with pytest.raises(errors.NotFound), world.open("petitions.untie", world.chief) as tx:
        petitions.untie_reporter(tx, made)
    with world.open("petitions.untie_reporter", world.petitions_head) as tx:
        petitions.untie_reporter(tx, made)
    assert sees(world, world.deputy, made)


def test_a_tie_is_read_by_nobody_and_tells_a_villager_from_nobody(
    world: World, owner: Owner
) -> None:
    """Whoever reads the whole database finds no person beside a petition, unless one works here."""
    villager = person(world, id_number=NUMBER)
    made = petition(world, villager, NUMBER)
    for table in ("reporter_tie", "person_token", "guard.person_near_account"):
        with pytest.raises(errors.NotFound), world.open("drill", world.intake_officer) as tx:
            tx.rows(f"SELECT * FROM {table}")
    for call in ("guard.reported_by(%(id)s)", "guard.reporters_of(ARRAY[%(id)s])"):
        with pytest.raises(errors.NotFound), world.open("drill", world.intake_officer) as tx:
            tx.rows(f"SELECT {call}", {"id": made})
    ties = owner.execute("SELECT token FROM reporter_tie").fetchall()
    assert len(ties) == 2
    assert owner.execute("SELECT 1 FROM person_token").fetchall() == []
    index = owner.execute("SELECT id_index FROM person WHERE id = %s", [villager]).fetchone()
    assert index is not None
    assert bytes(index["id_index"]) not in {bytes(row["token"]) for row in ties}
    events = owner.execute("SELECT 1 FROM audit_event WHERE table_name LIKE '%%tie%%'").fetchall()
    assert events == []


def test_a_ledger_of_petitions_ties_by_the_number_it_holds(world: World, owner: Owner) -> None:
    known = person(world, id_number=NUMBER)
    is_person(world, owner, world.deputy, known)
    ledger = (
        "信访编号,信访日期,信访形式,署名情况,反映人,联系电话,反映人地址,反映人身份证号,被反映人,"
        "主要诉求,属地\n"
        f"XF20180901,2018-03-05,来信,实名,赵敏行,,,{NUMBER},张三,虚报造林面积,上岩洲镇竹溪村\n"
    )
    with world.open("imports.upload", world.intake_officer) as tx:
        batch = uploads.receive(tx, Source(ledger.encode(), "x.csv"), Family.PETITIONS)
    with world.open("imports.commit", world.intake_officer) as tx:
        uploads.take_in(tx, batch, accept_guesses=True)
    row = owner.execute("SELECT id FROM matter WHERE number = 'XF20180901'").fetchone()
    assert row is not None
    assert not sees(world, world.deputy, row["id"])
    assert sees(world, world.lead_manager, row["id"])


def test_a_number_that_is_none_is_refused_without_repeating_it(world: World) -> None:
    made = petition(world)
    with (
        pytest.raises(errors.Invalid) as refused,
        world.open("petitions.tie_reporter", world.intake_officer) as tx,
    ):
        petitions.tie_reporter(tx, made, id_number="990101197503120010")
    assert "990101" not in str(refused.value)
