"""A server that dies after it has done the work and before it has said so."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
from psycopg.rows import DictRow

from app.repositories.work import Office
from tests.builders import World
from tests.clients import Doors
from tests.conftest import Databases

PEOPLE = "/api/v1/people"

# Serves on a free port. With "dying" it kills itself once the first answer to a POST is ready:
# the transaction has committed, and nobody has heard of it.
_SERVER = """
import os, signal, sys, threading, time
from pathlib import Path
import uvicorn
from app.core import db
from app.core.clock import Clock
from app.core.keys import Keys
from app.core.server import configured
from app.core.settings import Settings
from app.core.shelf import Shelf
from app.main import create_app
from app.repositories.work import Office

url, keys, dying = sys.stdin.readline().strip(), Path(sys.argv[1]), sys.argv[2] == "dying"

class Dying:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def last(message):
            if dying and scope["method"] == "POST" and message["type"] == "http.response.start":
                os.kill(os.getpid(), signal.SIGKILL)
            await send(message)
        await self.app(scope, receive, last if scope["type"] == "http" else send)

settings = Settings()
held = Keys.read(keys)
office = Office(db.make_engine(url), Clock(settings.zone), held, Shelf(keys.parent))
app = create_app(office, settings)
app.add_middleware(Dying)
server = uvicorn.Server(configured(app, host="127.0.0.1", port=0))

def tell():
    while not server.started:
        time.sleep(0.02)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)

threading.Thread(target=tell, daemon=True).start()
server.run()
"""


@contextmanager
def serving(office: Office, databases: Databases, how: str) -> Iterator[tuple[str, int]]:
    """(its address, its process id)."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(databases.secrets / "keys.json"), how],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        name = office.engine.url.database
        assert name is not None
        process.stdin.write(databases.cluster.url("app", name) + "\n")
        process.stdin.flush()
        yield f"http://127.0.0.1:{int(process.stdout.readline())}", process.pid
        if how == "dying":
            assert process.wait(10) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def test_what_was_done_before_the_server_died_is_not_done_again_under_its_key(
    world: World, doors: Doors, office: Office, databases: Databases,
    owner: psycopg.Connection[DictRow],
) -> None:  # fmt: skip
    headers = {
        "Authorization": f"Bearer {doors.token(world.investigator)}",
        "Idempotency-Key": "before-it-died",
    }

    def send(address: str, name: str = "张三") -> httpx.Response:
        return httpx.post(
            address + PEOPLE, json={"name": name}, headers=headers, timeout=30, trust_env=False
        )

    with serving(office, databases, "dying") as (address, _pid):
        try:
            send(address)
        except httpx.TransportError:
            heard = False
        else:
            heard = True
    assert not heard
    made = owner.execute("SELECT id FROM person").fetchall()
    assert len(made) == 1
    with serving(office, databases, "living") as (address, _pid):
        again = send(address)
        another = send(address, name="李四")
    assert again.status_code == 201
    assert again.headers["Location"] == f"{PEOPLE}/{made[0]['id']}"
    assert another.status_code == 422
    assert owner.execute("SELECT id FROM person").fetchall() == made
