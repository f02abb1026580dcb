"""Changing the key that seals, on a database at work: `plumbline keys rotate` as people run it."""

import json
import shutil
import signal
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pyotp
import pytest
from psycopg.rows import DictRow

from app.core import crypto
from app.core.ids import new_id
from app.core.keys import Keys
from app.repositories.sealed import COLUMNS
from app.repositories.work import Office
from app.services import accounts, factors, petitions
from app.services.petitions import NewPetition, Reporter
from tests.builders import PASSWORD, World
from tests.commands import COMMAND, environment, printed, refusal, run
from tests.conftest import Databases

Owner = psycopg.Connection[DictRow]

NUMBERS = 900  # several batches of what is sealed anew


@dataclass
class Installation:
    """The test's database, as the command line reaches it, with a key file of its own."""

    file: Path
    settings: dict[str, str]
    data: Path
    petitions: list[UUID]

    def rotate(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run("keys", "rotate", *arguments, data=self.data, settings=self.settings)

    def held(self) -> dict[str, object]:
        held: dict[str, object] = json.loads(self.file.read_text())
        return held

    @property
    def keys(self) -> Keys:
        return Keys.read(self.file)


@pytest.fixture
def installation(
    databases: Databases, office: Office, world: World, owner: Owner, tmp_path: Path
) -> Installation:
    file = tmp_path / "keys.json"
    shutil.copy(databases.secrets / "keys.json", file)
    name = office.engine.url.database
    assert name is not None
    logged = []
    with world.open("petitions.log", world.intake_officer) as tx:
        for each in range(3):
            logged.append(petitions.log_petition(tx, _named(world, f"举报人{each}")))
    _from_before_data_keys(owner, office.keys, logged[0])
    people = [new_id() for _ in range(NUMBERS)]
    with owner.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO person (id, name, id_number, id_index) VALUES (%s, '某', %s, %s)",
            [
                (each, crypto.seal(office.keys, str(each), bound_to=str(each)), each.bytes)
                for each in people
            ],
        )
    settings = {
        "PLUMBLINE_DATABASE_URL": databases.cluster.url("app", name),
        "PLUMBLINE_OWNER_URL": databases.cluster.url("owner", name),
        "PLUMBLINE_KEYS_FILE": str(file),
    }
    return Installation(file, settings, tmp_path / "data", logged)


def _named(world: World, name: str) -> NewPetition:
    return NewPetition(
        channel="letter", class_="report", received_on=world.clock.today(),
        content="反映补助未到账。", unit_id=world.village.id, reporter=Reporter(name=name),
    )  # fmt: skip


def _from_before_data_keys(owner: Owner, keys: Keys, petition: UUID) -> None:
    text = json.dumps({"name": "举报人0", "contact": None})
    owner.execute(
        "UPDATE reporter_identity SET wrapped = NULL, key_id = %s, sealed = %s"
        " WHERE petition_id = %s",
        (keys.field, crypto.seal(keys, text, bound_to=f"reporter:{petition}"), petition),
    )


def _keys_used(owner: Owner) -> set[str]:
    rows = owner.execute(
        "SELECT key_id AS key FROM reporter_identity UNION"
        " SELECT split_part(encode(substring(id_number FOR 4), 'escape'), ':', 1) FROM person"
        "  WHERE id_number IS NOT NULL"
    ).fetchall()
    return {row["key"] for row in rows}


def _names(world: World, keys: Keys, found: list[UUID]) -> list[str]:
    office = replace(world.office, keys=keys)
    with office.work(world.intake_officer.session, use_case="tests") as tx:
        read = [petitions.read_reporter(tx, each) for each in found]
    return [each.name for each in read if each is not None]


NAMES = ["举报人0", "举报人1", "举报人2"]


def test_a_rotation_killed_in_the_middle_goes_on_where_it_stopped(
    world: World, owner: Owner, installation: Installation
) -> None:
    # Somebody else's lock holds it up in the third batch of identity numbers.
    with psycopg.connect(owner.info.dsn, password=owner.info.password) as at_work:
        at_work.execute(
            "SELECT 1 FROM person WHERE id = (SELECT id FROM person WHERE id_number IS NOT NULL"
            "  ORDER BY id OFFSET 500 LIMIT 1) FOR UPDATE"
        )
        _kill_after_two_batches(installation)
    assert installation.keys.field == "f2"
    assert _keys_used(owner) == {"f1", "f2"}
    assert _names(world, installation.keys, installation.petitions) == NAMES

    told = printed(installation.rotate("--json"))

    assert (told["key"], told["made"]) == ("f2", None)
    assert told["done"]["identity_numbers"] == NUMBERS - 400
    assert _keys_used(owner) == {"f2"}
    assert _names(world, installation.keys, installation.petitions) == NAMES
    numbers = owner.execute("SELECT id, id_number FROM person WHERE id_number IS NOT NULL")
    for row in numbers.fetchall():
        opened = crypto.unseal(installation.keys, row["id_number"], bound_to=str(row["id"]))
        assert opened == str(row["id"])


def _kill_after_two_batches(installation: Installation) -> None:
    killed = subprocess.Popen(
        [str(COMMAND), "keys", "rotate"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/",
        env=environment(installation.data, **installation.settings),
    )  # fmt: skip
    assert killed.stderr is not None
    told = []
    for line in killed.stderr:
        told.append(line)
        if line.startswith("identity numbers: 400 of"):
            break
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL, told


def test_a_rotation_wraps_data_keys_and_leaves_what_they_seal(
    owner: Owner, installation: Installation
) -> None:
    def values() -> dict[UUID, tuple[bytes, bytes]]:
        rows = owner.execute("SELECT petition_id, wrapped, sealed FROM reporter_identity")
        return {each["petition_id"]: (each["wrapped"], each["sealed"]) for each in rows}

    before = values()
    assert before[installation.petitions[0]][0] is None
    done = installation.rotate()
    assert done.returncode == 0, done.stderr
    assert f"identity numbers: {NUMBERS} of {NUMBERS}" in done.stderr
    after = values()
    assert after[installation.petitions[0]][0] is not None
    for petition in installation.petitions[1:]:
        assert after[petition][0] != before[petition][0]
        assert after[petition][1] == before[petition][1]


def test_a_process_at_work_follows_the_rotation(world: World, installation: Installation) -> None:
    at_work = Keys.read(installation.file)
    assert installation.rotate().returncode == 0
    assert "f2" not in at_work.fields
    assert _names(world, at_work, installation.petitions) == NAMES
    assert at_work.sealing()[0] == "f2"


def test_a_key_leaves_the_file_only_when_nothing_needs_it(
    owner: Owner, installation: Installation
) -> None:
    printed(installation.rotate("--key-only", "--json"))
    assert _keys_used(owner) == {"f1"}
    assert printed(installation.rotate("--retire", "--json"))["retired"] == []
    assert printed(installation.rotate("--json"))["made"] is None

    just_now = printed(installation.rotate("--retire", "--json"))
    assert (just_now["retired"], just_now["kept"]) == ([], ["f1"])

    held = installation.held()
    held["replaced"] = {"f1": "2018-09-28T00:00:00+00:00"}
    installation.file.write_text(json.dumps(held))
    assert printed(installation.rotate("--retire", "--json"))["retired"] == ["f1"]
    assert set(installation.keys.fields) == {"f2"}
    assert installation.file.stat().st_mode & 0o777 == 0o600


def test_what_its_key_does_not_open_stays_and_is_said(
    owner: Owner, installation: Installation
) -> None:
    one, other = installation.petitions[1:]
    owner.execute(
        "UPDATE reporter_identity r SET wrapped = o.wrapped FROM reporter_identity o"
        " WHERE r.petition_id = %s AND o.petition_id = %s", (one, other),
    )  # fmt: skip
    done = installation.rotate("--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["unreadable"] == {"reporters": 1}
    kept = owner.execute(
        "SELECT key_id FROM reporter_identity WHERE petition_id = %s", (one,)
    ).fetchone()
    assert kept == {"key_id": "f1"}


def test_second_factors_go_on_under_the_new_key(
    world: World, owner: Owner, installation: Installation
) -> None:
    """One that is asked for and one that waits for its first code, after the old key is gone."""
    with world.open("test", world.chief) as tx:
        asked_for = factors.begin(tx).secret
    with world.open("test", world.chief) as tx:
        factors.confirm(tx, _code(asked_for, later=-1))
    with world.open("test", world.deputy) as tx:
        begun = factors.begin(tx).secret
    told = printed(installation.rotate("--json"))
    assert told["done"]["second_factors"] == 2
    held = installation.held()
    held["replaced"] = {"f1": "2018-09-28T00:00:00+00:00"}
    installation.file.write_text(json.dumps(held))
    assert printed(installation.rotate("--retire", "--json"))["retired"] == ["f1"]

    office = replace(world.office, keys=installation.keys)
    waiting = accounts.sign_in(
        office, login="chief", password=PASSWORD, lifetime=timedelta(hours=1),
        coming=accounts.Coming("browser"),
    )  # fmt: skip
    assert waiting.waits
    opened = factors.let_in(office, waiting.session, _code(asked_for))
    with office.work(opened, use_case="test") as tx:
        assert tx.signed_in
    with office.work(world.deputy.session, use_case="test") as tx:
        assert factors.begun(tx).secret == begun
        assert len(factors.confirm(tx, _code(begun))) == 10
    moved = owner.execute(
        "SELECT changes FROM audit_event WHERE table_name = 'second_factor'"
        " AND use_case = 'keys.rotate'"
    ).fetchall()
    assert all(not each["changes"] for each in moved)  # that it moved, never what


def _code(secret: str, *, later: int = 0) -> str:
    totp = pyotp.TOTP(secret)
    return str(totp.generate_otp(totp.timecode(datetime.now(UTC)) + later))


def test_a_served_database_is_rotated_by_its_owner_alone(installation: Installation) -> None:
    del installation.settings["PLUMBLINE_OWNER_URL"]
    assert "PLUMBLINE_OWNER_URL" in refusal(installation.rotate())
    assert set(installation.keys.fields) == {"f1"}


def test_rotation_knows_everything_that_is_sealed(owner: Owner) -> None:
    """Else a key could be retired that something still needs."""
    found = owner.execute(
        "SELECT table_name AS table, column_name AS column FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'bytea'"
    ).fetchall()
    sealed = {(each.table, each.sealed) for each in COLUMNS}
    sealed.add(("reporter_identity", "wrapped"))
    # Keyed hashes that are only compared, under the index key, which isn't rotated. The last three
    # tell nothing: an authenticator's name of itself, and what it is asked.
    hashes = (
        *("_hash", "id_index", "salt", "hash", "subject", "verifier", "token", "digest"),
        *("credential_id", "public_key", "challenge"),
    )
    others = {
        (row["table"], row["column"]) for row in found if not row["column"].endswith(hashes)
    } - sealed
    assert others == set()
