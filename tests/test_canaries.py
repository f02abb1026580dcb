"""Values that nobody else has are planted as reporters, and looked for in all that is written.

A served process with its own embedded database: its log, the database's files, write-ahead log and
temporary files after a checkpoint, PostgreSQL's log with every statement and parameter in it, what
was left in the folder for temporary files, and a backup.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from app.core import archive, db, tokens
from app.core.embedded import Cluster, running
from app.core.embedded.programs import client_programs
from app.core.keys import Keys
from app.core.shelf import Shelf
from app.repositories.work import Office
from app.routers.cookies import SESSION as COOKIE
from app.routers.csrf import FIELD, token
from tests.builders import SetClock, Someone, World, build_district
from tests.commands import COMMAND, environment, free_port, run
from tests.pages.served import served

NAMES = ("金丝雀甲", "金丝雀乙", "金丝雀丙", "金丝雀丁")
CONTACTS = ("19900007771", "19900007772", "19900007773", "19900007774")
ADDRESS, NUMBER = "竹溪村金丝雀巷7号", "990101196607209998"
SECRETS = (*NAMES, *CONTACTS, ADDRESS, NUMBER)
# What is no secret, so that a search that finds nothing is known to be able to find.
WITNESS = "反映补助款去向不明旁证八八三一"
LEDGER = f"""\
信访编号,信访日期,信访形式,署名情况,反映人,联系电话,反映人地址,反映人身份证号,被反映人,主要诉求,属地
XF20180901,2018-03-05,来信,实名,{NAMES[0]},{CONTACTS[0]},{ADDRESS},{NUMBER},张三,虚报造林面积,上岩洲镇竹溪村
XF20180902,2018-13-05,来信,实名,{NAMES[1]},{CONTACTS[1]},,,李四,补助未到账,上岩洲镇竹溪村
"""
# Every statement with its parameters; and little memory, so that much goes through files.
TALKATIVE = {
    "log_statement": "all",
    "log_parameter_max_length": "-1",
    "log_error_verbosity": "default",
    "log_min_duration_statement": "0",
    "work_mem": "64kB",
    "temp_buffers": "800kB",
}
PATIENCE = 60.0


@dataclass(frozen=True)
class Left:
    """What a day's work left on the disk."""

    data: Path
    temporary: Path
    log: Path
    backup: Path


@pytest.fixture(scope="module")
def left() -> Iterator[Left]:
    with tempfile.TemporaryDirectory(prefix="plumbline-canaries-") as folder:
        root = Path(folder)
        places = Left(root / "data", root / "tmp", root / "serve.log", root / "backup.plumbline")
        places.temporary.mkdir()
        with running(places.data, TALKATIVE) as cluster:
            made = run("db", "upgrade", data=places.data)
            assert made.returncode == 0, made.stderr
            world, keys = _district(places, cluster)
            with Served(places) as address:
                _plant(address, world, keys)
            for command in (("keys", "rotate"), ("backup", str(places.backup))):
                done = run(*command, data=places.data)
                assert done.returncode == 0, done.stderr
            with psycopg.connect(_admin(cluster), autocommit=True) as admin:
                admin.execute("CHECKPOINT")
            yield places


def _admin(cluster: Cluster) -> str:
    return cluster.conninfo("admin", "plumbline")


def _district(places: Left, cluster: Cluster) -> tuple[World, Keys]:
    secrets = places.data / "secrets"
    keys = Keys.read(secrets / "keys.json")
    office = Office(
        engine=db.make_engine(cluster.app_url, pool_size=2),
        clock=SetClock(ZoneInfo("Asia/Shanghai")),
        keys=keys,
        shelf=Shelf(places.data / "papers"),
    )
    password = (secrets / "operator").read_text(encoding="ascii").strip()
    world = World(office, build_district(office, operator_password=password))
    office.engine.dispose()
    return world, keys


class Served:
    """`plumbline serve` on the folder, saying everything that it has to say into a file."""

    def __init__(self, places: Left) -> None:
        self._places = places
        self._port = free_port()

    def __enter__(self) -> str:
        settings = {"PLUMBLINE_LOG_LEVEL": "DEBUG", "TMPDIR": str(self._places.temporary)}
        with self._places.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(COMMAND), "serve", "--port", str(self._port)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env=environment(self._places.data, **settings),
            )  # fmt: skip
        address = f"http://127.0.0.1:{self._port}"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._places.log.read_text()
            try:
                if httpx.get(f"{address}/readyz", timeout=PATIENCE).status_code == 200:
                    return address
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("it was not ready in time")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)


def _plant(address: str, world: World, keys: Keys) -> None:
    """By program, by page and by ledger; taken and refused; and read once."""
    who = world.intake_officer
    secret = tokens.issue(keys, session=who.session, lifetime=timedelta(minutes=15))
    bearer = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=address, headers=bearer, timeout=PATIENCE) as program:
        _by_program(program, world)
        _by_ledger(program)
        petitions = program.get("/api/v1/matters", params={"kind": "petition"}).json()["items"]
        for each in petitions:
            assert program.post(f"/api/v1/petitions/{each['id']}/reporter").status_code == 200
    with httpx.Client(base_url=address, cookies={COOKIE: secret}, timeout=PATIENCE) as browser:
        _by_page(browser, world, keys, who)


def _by_program(program: httpx.Client, world: World) -> None:
    body = {
        "channel": "letter", "class": "report", "received_on": "2018-09-03", "content": WITNESS,
        "unit_id": str(world.village.id), "reporter": {"name": NAMES[2], "contact": CONTACTS[2]},
    }  # fmt: skip
    once = {"Idempotency-Key": "once"}
    for _ in range(2):
        sent = program.post("/api/v1/petitions", json=body, headers=once)
        assert sent.status_code == 201, sent.text
    for wrong in ({"class": "rumour"}, {"received_on": "2118-01-01"}, {"reporter": NAMES[2]}):
        refused = program.post("/api/v1/petitions", json={**body, **wrong})
        assert refused.status_code == 422, refused.text
    broken = json.dumps(body, ensure_ascii=False)[:-1].encode()
    typed = {"Content-Type": "application/json"}
    assert program.post("/api/v1/petitions", content=broken, headers=typed).status_code in (
        400,
        422,
    )


def _by_ledger(program: httpx.Client) -> None:
    sent = program.post(
        "/api/v1/imports",
        data={"family": "petitions"},
        files={"file": ("petitions.csv", LEDGER.encode())},
    )
    assert sent.status_code == 201, sent.text
    taken = program.post(
        f"{sent.headers['location']}/commit",
        json={"accept_guesses": True},
        headers={"If-Match": sent.headers["etag"]},
    )
    assert taken.status_code == 200, taken.text


def _by_page(browser: httpx.Client, world: World, keys: Keys, who: Someone) -> None:
    form = served(browser.get("/log/petition")).form("/log/petition")
    typed = {
        **{name: values[-1] for name, values in form.fields.items() if values},
        FIELD: token(keys, who.session),
        "channel": "letter", "class": "report", "received_on": "2018-09-03",
        "content": "反映补助未到账。", "where": world.village.code,
        "reporter_name": NAMES[3], "reporter_contact": CONTACTS[3],
    }  # fmt: skip
    refused = browser.post("/log/petition", data={**typed, "received_on": "没有这一天"})
    assert refused.status_code == 422
    done = browser.post("/log/petition", data=typed)
    assert done.status_code == 303, done.text[-500:]


def _spelt(text: str) -> set[bytes]:
    """As it could stand in a file."""
    plain = text.encode()
    return {
        plain, plain.hex().encode(), plain.hex().upper().encode(), quote(text).encode(),
        json.dumps(text)[1:-1].encode(), text.encode("utf-16-le"), text.encode("gb18030"),
    }  # fmt: skip


def _holding(folder: Path, texts: tuple[str, ...]) -> set[Path]:
    """Files below the folder that hold one of these, however it is spelt."""
    spelt = set().union(*(_spelt(text) for text in texts))
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {
        path.relative_to(folder)
        for path in files
        for content in [path.read_bytes()]
        if any(each in content for each in spelt)
    }


def test_the_databases_files_hold_no_reporter(left: Left) -> None:
    """Tables, indexes, write-ahead log, temporary files, PostgreSQL's log, papers and secrets."""
    told = {path.parts[:2] for path in _holding(left.data, (WITNESS,))}
    assert {("pgdata", "base"), ("pgdata", "pg_wal"), ("log", "postgresql.log")} <= told
    assert _holding(left.data, SECRETS) == set()


def test_the_log_of_a_served_process_holds_no_reporter(left: Left) -> None:
    said = left.log.read_text(encoding="utf-8")
    assert "/api/v1/petitions" in said
    assert not any(secret in said for secret in (*SECRETS, WITNESS))
    assert _holding(left.log.parent, SECRETS) == set()


def test_temporary_files_of_a_served_process_hold_no_reporter(left: Left) -> None:
    assert _holding(left.temporary, SECRETS) == set()


def test_a_backup_holds_no_reporter(left: Left) -> None:
    """Unpacked: what is compressed hides from a search."""
    with tempfile.TemporaryDirectory(prefix="plumbline-unpacked-") as place:
        folder = Path(place)
        archive.unpack(left.backup, folder)
        subprocess.run(
            [str(client_programs() / "pg_restore"), f"--file={folder / 'script.sql'}",
             str(folder / "database.dump")],
            check=True,
        )  # fmt: skip
        assert Path("script.sql") in _holding(folder, (WITNESS,))
        assert _holding(folder, SECRETS) == set()
