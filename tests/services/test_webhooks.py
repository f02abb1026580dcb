"""A subscriber is told on which matters something happened: signed, in order, and never what."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core import outbound
from app.core.settings import Settings
from app.domain import errors
from app.domain.changes import Change
from app.jobs import worker
from app.repositories import instance as instances
from app.repositories.installation import as_owner
from app.repositories.work import Office
from app.services import keys, walls, webhook_sending, webhooks
from app.services.instance import Instance
from app.services.webhooks import NewWebhook
from tests.build_matters import log, verified
from tests.builders import Someone, World
from tests.conftest import Databases
from tests.receivers import Receiver
from tests.services.test_changes import note

Owner = psycopg.Connection[DictRow]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with receiver.listening():
        yield receiver


def subscribed(
    world: World, who: Someone, address: str, *events: Change, confirmed: bool = True
) -> NewWebhook:
    """Confirmed, and its feed begun."""
    with world.open("webhooks.make", who) as tx:
        made = webhooks.subscribe(
            tx, name="归档系统", address=address, events=events, days=30, inside=True
        )
    if confirmed:
        with world.open("webhooks.confirm", world.administrator) as tx:
            webhooks.confirm(tx, made.id)
    look(world)
    return made


def look(world: World) -> None:
    webhook_sending.look_for_changes(world.office, world.operator.session)


def send(world: World, made: NewWebhook, *, inside: bool = True) -> None:
    webhook_sending.send(world.office, world.operator.session, str(made.id), inside=inside)


def due(owner: Owner) -> None:
    """The pause is over."""
    owner.execute("UPDATE webhook_delivery SET next_at = now() - interval '1 second'")


def states(owner: Owner) -> list[tuple[str, int, int | None]]:
    rows = owner.execute("SELECT * FROM webhook_delivery ORDER BY place").fetchall()
    return [(row["state"], row["attempts"], row["status"]) for row in rows]


def test_a_message_is_signed_and_says_number_kind_and_event_alone(
    world: World, receiver: Receiver
) -> None:
    made = subscribed(world, world.chief, receiver.address)
    lead = log(world, world.investigator)
    note(world, world.lead_manager, lead)
    look(world)
    send(world, made)
    logged, noted = receiver.messages
    assert logged.content["type"] == noted.content["type"] == "matter.changed"
    assert noted.content["data"] == {
        "matter_id": str(lead),
        "kind": "lead",
        "number": "YC2018-0001",
        "events": ["note", "step"],
    }
    assert noted.content.keys() == {"type", "timestamp", "data"}
    assert noted.content["timestamp"].endswith(("+00:00", "+08:00"))
    assert abs(int(noted.headers["webhook-timestamp"]) - time.time()) < 60
    signed = f"{noted.headers['webhook-id']}.{noted.headers['webhook-timestamp']}.".encode()
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, signed + noted.body, hashlib.sha256)).decode()
    assert noted.headers["webhook-signature"] == f"v1,{expected}"
    send(world, made)
    assert len(receiver.messages) == 2


def test_nothing_is_sent_before_an_administrator_confirmed_it(
    world: World, receiver: Receiver, owner: Owner
) -> None:
    made = subscribed(world, world.chief, receiver.address, confirmed=False)
    log(world, world.investigator)
    look(world)
    send(world, made)
    assert receiver.messages == []
    for who in (world.chief, world.lead_manager):
        with pytest.raises(errors.NotFound), world.open("webhooks.confirm", who) as tx:
            webhooks.confirm(tx, made.id)
    owner.execute(
        "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
        " SELECT gen_random_uuid(), account_id, 'administrator', unit_id, unit_path, begins_on"
        "   FROM role_held WHERE account_id = %s",
        [world.chief.account_id],
    )
    with pytest.raises(errors.Conflict), world.open("webhooks.confirm", world.chief) as tx:
        webhooks.confirm(tx, made.id)


def test_what_it_is_signed_by_stands_nowhere_in_clear(
    world: World, receiver: Receiver, owner: Owner
) -> None:
    made = subscribed(world, world.chief, receiver.address)
    row = owner.execute("SELECT * FROM webhook").fetchone()
    events = owner.execute("SELECT changes FROM audit_event WHERE table_name = 'webhook'")
    held = str(row) + str(events.fetchall())
    assert made.secret not in held
    assert base64.b64decode(made.secret.removeprefix("whsec_")).hex() not in held
    assert "plk_" not in held


def test_only_what_was_subscribed_to_is_sent(world: World, receiver: Receiver) -> None:
    made = subscribed(world, world.chief, receiver.address, Change.NOTE)
    lead = log(world, world.investigator)
    note(world, world.lead_manager, lead)
    look(world)
    send(world, made)
    assert [each.content["data"]["events"] for each in receiver.messages] == [["note"]]


def test_what_the_subscriber_may_not_see_when_it_is_sent_is_not_sent(
    world: World, receiver: Receiver, owner: Owner
) -> None:
    lead = verified(world)
    made = subscribed(world, world.investigator, receiver.address)
    note(world, world.other_investigator, lead)
    look(world)
    with world.open("matters.keep_off", world.investigator) as tx:
        walls.keep_off(tx, lead, reason="被反映人是我的同学。")
    send(world, made)
    note(world, world.other_investigator, lead)
    look(world)
    send(world, made)
    assert receiver.messages == []
    assert states(owner) == [("withheld", 1, None)]
    with world.open("webhooks.deliveries", world.investigator) as tx:
        assert webhooks.deliveries(tx, made.id, before=None, limit=10) == []


def test_a_failed_message_holds_back_those_of_its_matter_alone(
    world: World, receiver: Receiver, owner: Owner
) -> None:
    made = subscribed(world, world.chief, receiver.address)
    first, second = log(world, world.investigator), log(world, world.investigator)
    for lead in (first, second, first, second):
        note(world, world.lead_manager, lead)
    receiver.answers = lambda message: 500 if str(first) in message.body.decode() else 200
    look(world)
    send(world, made)
    assert receiver.matters == [str(first), *[str(second)] * 3]
    assert states(owner)[0] == ("waiting", 1, 500)
    send(world, made)
    assert len(receiver.messages) == 4  # it pauses
    receiver.answers = lambda _: 200
    due(owner)
    send(world, made)
    assert receiver.matters[4:] == [str(first)] * 3
    events = [each.content["data"]["events"] for each in receiver.messages[4:]]
    assert "logged" in events[0]
    assert events[1:] == [["note", "step"]] * 2
    assert receiver.messages[0].headers["webhook-id"] == receiver.messages[4].headers["webhook-id"]
    assert {state for state, *_ in states(owner)} == {"delivered"}


def test_a_receiver_that_was_away_gets_everything_in_its_order(world: World, owner: Owner) -> None:
    receiver = Receiver()
    with receiver.listening():
        made = subscribed(world, world.chief, receiver.address)
    leads = [log(world, world.investigator) for _ in range(5)]
    note(world, world.lead_manager, leads[0])
    look(world)
    send(world, made)
    tried = [attempts for _, attempts, _ in states(owner)]
    assert sum(tried) == webhook_sending.UNREACHED  # the rest isn't tried in vain
    due(owner)
    with receiver.listening():
        send(world, made)
    assert sorted(receiver.matters[:5]) == sorted(map(str, leads))
    assert receiver.matters.index(str(leads[0])) < 5
    assert receiver.matters[5] == str(leads[0])


@pytest.mark.parametrize("trickles", [False, True])
def test_a_slow_receiver_is_left_after_a_while(
    world: World, receiver: Receiver, owner: Owner, monkeypatch: pytest.MonkeyPatch, trickles: bool
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.6)
    receiver.seconds, receiver.trickles = (0.0, True) if trickles else (2.0, False)
    made = subscribed(world, world.chief, receiver.address)
    log(world, world.investigator)
    look(world)
    began = time.monotonic()
    send(world, made)
    assert time.monotonic() - began < 1.9
    assert states(owner) == [("waiting", 1, None)]


def test_a_redirect_is_no_acceptance_and_is_not_followed(
    world: World, receiver: Receiver, owner: Owner
) -> None:
    receiver.answers = lambda _: 307
    made = subscribed(world, world.chief, receiver.address)
    log(world, world.investigator)
    look(world)
    send(world, made)
    assert [each.path for each in receiver.messages] == ["/hook"]
    assert states(owner) == [("waiting", 1, 307)]


def test_nothing_is_sent_inside_unless_that_is_allowed(
    world: World, receiver: Receiver, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the name was somebody else's when it was subscribed."""
    made = subscribed(world, world.chief, "https://archive.example/hook")
    log(world, world.investigator)
    look(world)
    monkeypatch.setattr(outbound, "addresses", lambda *_: ["127.0.0.1"])
    send(world, made, inside=False)
    assert states(owner) == [("waiting", 1, None)]
    assert receiver.messages == []


def test_a_restored_history_is_told_as_such(
    world: World, receiver: Receiver, databases: Databases
) -> None:
    made = subscribed(world, world.chief, receiver.address)
    log(world, world.investigator)
    name = world.office.engine.url.database
    assert name is not None
    with as_owner(databases.cluster.url("owner", name)) as tx:
        instances.begin_era(tx)
    look(world)
    lead = log(world, world.investigator)
    look(world)
    send(world, made)
    anew, told = receiver.messages
    assert (anew.content["type"], anew.content["data"]) == ("start-anew", {})
    assert told.content["data"]["matter_id"] == str(lead)


def test_it_ends_with_its_key(world: World, receiver: Receiver) -> None:
    made = subscribed(world, world.chief, receiver.address)
    with world.open("keys.revoke", world.chief) as tx:
        (key,) = keys.list_keys(tx)
        keys.revoke_key(tx, key["id"])
    log(world, world.investigator)
    look(world)
    send(world, made)
    assert receiver.messages == []
    with world.open("webhooks.mine", world.chief) as tx:
        assert webhooks.list_mine(tx) == []


def test_whoever_ends_it_ends_its_key(world: World, receiver: Receiver) -> None:
    for who in (world.chief, world.administrator):
        made = subscribed(world, world.chief, receiver.address)
        for stranger in (world.deputy, world.lead_manager):
            with pytest.raises(errors.NotFound), world.open("webhooks.end", stranger) as tx:
                webhooks.end(tx, made.id)
        with world.open("webhooks.end", who) as tx:
            webhooks.end(tx, made.id)
        with world.open("keys.list", world.chief) as tx:
            assert keys.list_keys(tx) == []


def test_what_was_delivered_is_sent_once_more_when_asked(world: World, receiver: Receiver) -> None:
    made = subscribed(world, world.chief, receiver.address)
    log(world, world.investigator)
    look(world)
    send(world, made)
    with world.open("webhooks.deliveries", world.chief) as tx:
        (row,) = webhooks.deliveries(tx, made.id, before=None, limit=10)
    assert (row["state"], row["status"]) == ("delivered", 204)
    with pytest.raises(errors.NotFound), world.open("webhooks.resend", world.deputy) as tx:
        webhooks.send_again(tx, made.id, row["id"])
    with world.open("webhooks.resend", world.chief) as tx:
        webhooks.send_again(tx, made.id, row["id"])
    send(world, made)
    first, second = receiver.messages
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_two_workers_send_each_message_once(world: World, receiver: Receiver) -> None:
    receiver.seconds = 0.05
    made = subscribed(world, world.chief, receiver.address)
    leads = [log(world, world.investigator) for _ in range(6)]
    for lead in leads:
        note(world, world.lead_manager, lead)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: look(world), range(3)))
        list(pool.map(lambda _: send(world, made), range(3)))
    send(world, made)
    ids = [each.headers["webhook-id"] for each in receiver.messages]
    assert len(ids) == len(set(ids)) == 12
    for lead in leads:
        events = [
            each.content["data"]["events"]
            for each in receiver.messages
            if each.content["data"]["matter_id"] == str(lead)
        ]
        assert "logged" in events[0]


def test_the_worker_looks_and_sends_by_itself(
    world: World, office: Office, databases: Databases, receiver: Receiver, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(worker, "LOOK_FOR_SILENT", 0.3)
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    password = (databases.secrets / "operator").read_text(encoding="ascii")
    (secrets / "operator").write_text(password, encoding="ascii")
    subscribed(world, world.chief, receiver.address)
    lead = log(world, world.investigator)
    settings = Settings(webhooks_inside=True)
    with worker.beside(Instance(office, settings, tmp_path, None, None)):
        deadline = time.monotonic() + 30
        while not receiver.messages:
            assert time.monotonic() < deadline, "nothing was sent"
            time.sleep(0.1)
    assert receiver.matters == [str(lead)]


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("http://archive.example/hook", "https://"),
        ("ftp://archive.example", "looks like"),
        ("https://", "looks like"),
        ("https://user:word@archive.example/", "looks like"),
        ("https://archive.example:99999/", "looks like"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://169.254.169.254/latest", "private"),
        ("https://[::ffff:192.168.0.1]/", "private"),
    ],
)
def test_an_address_is_looked_at_when_it_is_given(world: World, address: str, field: str) -> None:
    with pytest.raises(errors.Invalid) as refused, world.open("webhooks.make", world.chief) as tx:
        webhooks.subscribe(tx, name="归档", address=address, events=(), days=30, inside=False)
    assert field in str(refused.value)


def test_whoever_reads_no_history_subscribes_to_none(world: World, receiver: Receiver) -> None:
    for who in (world.auditor, world.administrator):
        with pytest.raises(errors.Forbidden):
            subscribed(world, who, receiver.address)
