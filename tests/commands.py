"""The command `plumbline`, run as people run it: in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

COMMAND = Path(sys.executable).with_name("plumbline")
REPOSITORY = Path(__file__).parents[1]
PATIENCE = 60.0


def environment(data: Path | None, **more: str) -> dict[str, str]:
    """What a terminal gives, with nothing of the tests' own settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        # Compiled modules are kept, or every command would take seconds to begin.
        if not name.startswith(("PLUMBLINE_", "PYTHONDONTWRITEBYTECODE"))
    }
    own = {} if data is None else {"PLUMBLINE_DATA": str(data)}
    return {**kept, "LC_ALL": "C.UTF-8", **own, **more}


def run(
    *arguments: str,
    data: Path | None = None,
    stdin: str = "",
    settings: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(COMMAND), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        cwd="/",
        env=environment(data, **(settings or {})),
    )


def refusal(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line with which a command says no."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def printed(done: "subprocess.CompletedProcess[str]") -> Any:
    """The JSON that a command printed."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Serving:
    """`plumbline serve`, until it is told to end."""

    def __init__(
        self, data: Path, *arguments: str, settings: Mapping[str, str] | None = None
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [str(COMMAND), "serve", "--port", str(self.port), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env=environment(data, **(settings or {})),
            start_new_session=True,
        )
        self.said = ""

    def __enter__(self) -> "Serving":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.end()

    def ready(self) -> "Serving":
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.end()
            try:
                if httpx.get(f"{self.address}/readyz", timeout=PATIENCE).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("it was not ready in time")

    def send(self, number: signal.Signals) -> "Serving":
        self.process.send_signal(number)
        return self

    def end(self) -> tuple[int, str]:
        """Its exit code and what it said; it must have been told to end."""
        _, said = self.process.communicate(timeout=PATIENCE)
        self.said += said
        return self.process.returncode, self.said


def postgres_of(data: Path) -> Sequence[int]:
    """Processes that work in this folder's database."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.joinpath("cwd").readlink() == data / "pgdata":
                found.append(int(process.name))
        except OSError:
            continue  # it has just ended
    return found
