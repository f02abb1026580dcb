"""A disk that fills up: each command says so in one line, and nothing is half-written."""

import signal
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app.core.shelf import Shelf
from app.domain.errors import Unavailable
from app.services import papers
from tests.build_matters import verified
from tests.build_papers import attach, photo
from tests.builders import World
from tests.commands import Serving, printed, refusal, run
from tests.small_disk import SmallDisk

pytestmark = pytest.mark.needs_mount

FULL = "is full: free some space"
MOST = 600  # attempts until the disk is full for sure


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path / "disk", megabytes=160) as disk:
        yield disk


def test_a_first_start_on_a_full_disk_makes_nothing(disk: SmallDisk) -> None:
    data = disk.place / "data"
    disk.fill(leaving=20_000_000)
    for command in (("db", "upgrade"), ("serve",), ("demo",)):
        assert FULL in refusal(run(*command, data=data))
    disk.free()
    assert run("db", "upgrade", data=data).returncode == 0


def test_a_write_that_finds_no_room_is_refused_whole_and_the_next_one_works(
    disk: SmallDisk,
) -> None:
    data = disk.place / "data"
    with Serving(data) as serving:
        serving.ready()
        password = (data / "secrets" / "operator").read_text().strip()
        with httpx.Client(base_url=serving.address, timeout=60) as client:
            who = {"login": "operator", "password": password}
            token = client.post("/api/v1/sessions", json=who).json()["token"]
            client.headers.update({"Authorization": f"Bearer {token}", "Accept-Language": "en"})
            disk.fill(leaving=100_000)
            answers = Counter[int]()
            while not answers[503] and answers.total() < MOST:
                answers[_new_account(client).status_code] += 1
            refused = _new_account(client)
            assert refused.status_code == 503, answers
            assert refused.json()["detail"] == "The disk is full. Nothing was changed."
            assert client.get("/readyz").status_code == 200  # reading goes on
            disk.free()
            assert _new_account(client).status_code == 201
            made = answers[201] + 2  # and the operator
            assert _accounts(client) == made
        code, said = serving.send(signal.SIGTERM).end()
    assert code == 0
    assert "Traceback" not in said


def test_a_paper_that_finds_no_room_leaves_nothing_and_the_next_one_is_kept(
    world: World, tmp_path: Path
) -> None:
    lead = verified(world)
    with SmallDisk(tmp_path / "small", megabytes=4) as small:
        folder = small.place / "papers"
        there = World(replace(world.office, shelf=Shelf(folder)), world.plan)
        large = photo() + bytes(1_000_000)
        attach(there, there.investigator, lead)
        kept = sorted(folder.rglob("*"))
        small.fill(leaving=100_000)
        with pytest.raises(Unavailable, match="disk is full"):
            attach(there, there.investigator, lead, large)
        files = [each for each in folder.rglob("*") if each.is_file()]
        assert files == [each for each in kept if each.is_file()]
        with there.open("papers.list", there.investigator) as tx:
            assert len(papers.of_matter(tx, lead)) == 1
        small.free()
        attach(there, there.investigator, lead, large)


def test_a_backup_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("db", "upgrade", data=data).returncode == 0
    with SmallDisk(tmp_path / "small", megabytes=8) as small:
        small.fill(leaving=30_000)
        target = small.place / "backup.plumbline"
        assert FULL in refusal(run("backup", str(target), data=data))
        assert [path.name for path in small.place.iterdir()] == ["filler"]
        small.free()
        assert printed(run("backup", str(target), "--json", data=data))["rows"] > 0


def _new_account(client: httpx.Client) -> httpx.Response:
    login = uuid.uuid4().hex
    return client.post(
        "/api/v1/accounts",
        json={"login": login, "name": "满" * 150},
        headers={"Idempotency-Key": login},
    )


def _accounts(client: httpx.Client) -> int:
    found, cursor = 0, ""
    while True:
        page = client.get(f"/api/v1/accounts?limit=100{cursor}").json()
        found += len(page["items"])
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"
