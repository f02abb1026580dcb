"""Both sides, each a uvicorn process of its own with one worker, and how to speak to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from socket import create_connection, socket

from app.core import tokens
from app.core.keys import Keys
from benchmarks.district import LIFETIME, Bench

PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Sides:
    """The ports of both, the product's process, and the callers' tokens."""

    ours: int
    yardstick: int
    pid: int
    tokens: Mapping[str, str]

    def get(self, path: str, who: str) -> bytes:
        return _head("GET", path, self.tokens[who]) + b"\r\n"

    def post(self, path: str, who: str, body: Mapping[str, object], **headers: str) -> bytes:
        content = json.dumps(body).encode()
        more = {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}
        written = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        return _head("POST", path, self.tokens[who]) + written.encode() + b"\r\n" + content


def _head(method: str, path: str, token: str) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\n"
        f"Authorization: Bearer {token}\r\n"
    ).encode()


@contextmanager
def serving(bench: Bench, folder: Path) -> Iterator[Sides]:
    """Ours logs as it does when it serves, into a file."""
    keys = Keys.read(bench.keys_file)
    issued = {
        who: tokens.issue(keys, session=secret, lifetime=min(LIFETIME, timedelta(hours=12)))
        for who, secret in bench.sessions.items()
    }
    with ExitStack() as stack:
        ours, process = stack.enter_context(_served("benchmarks.product:app", bench, folder))
        theirs, _ = stack.enter_context(_served("benchmarks.yardstick.app:app", bench, folder))
        yield Sides(ours=ours, yardstick=theirs, pid=process.pid, tokens=issued)


@contextmanager
def beside(bench: Bench, folder: Path) -> Iterator[int]:
    """The port of another process of ours."""
    with _served("benchmarks.product:app", bench, folder) as (port, _):
        yield port


@contextmanager
def _served(app: str, bench: Bench, folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = _free_port()
    environment = {**os.environ, "BENCH": bench.as_json()}
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port)]
    command += ["--log-level", "error", "--no-access-log", "--no-server-header"]
    log = folder / f"{app.partition(':')[0]}.log"
    with log.open("ab") as written:
        process = subprocess.Popen(command, env=environment, stderr=written)
    try:
        _wait(process, port, log)
        yield port, process
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])


def _free_port() -> int:
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
