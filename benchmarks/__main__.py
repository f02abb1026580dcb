"""`make bench`: ours beside the yardsticks, interleaved in one run, as ratios.

The machines are noisy: only a ratio of two things measured in turn means something. Each figure
is the median of five rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from socket import create_connection, socket

import psycopg

from app.core import tokens
from app.core.embedded import running
from app.core.keys import Keys
from benchmarks.district import EXPORT, Bench, prepare
from benchmarks.load import Measured, Request, measure

ROUNDS = 5
SECONDS = 3.0
READS, WRITES, EXPORTS = 0.6, 0.5, 0.8


@dataclass(frozen=True)
class Result:
    """One line of bench.json."""

    name: str
    ours: float
    yardstick: float
    ratio: float
    target: float
    met: bool
    ours_p99: float | None = None
    yardstick_p99: float | None = None


def _free_port() -> int:
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _served(app: str, bench: Bench) -> Iterator[int]:
    """A uvicorn process of its own with one worker."""
    port = _free_port()
    environment = {
        **os.environ,
        "BENCH_APP_URL": bench.app_url,
        "BENCH_CONNINFO": bench.app_url.replace("postgresql+psycopg://", "postgresql://"),
        "BENCH_KEYS": str(bench.keys_file),
        "BENCH_SESSIONS": json.dumps(bench.sessions),
    }
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen([*command, "--no-access-log"], env=environment)
    try:
        for _ in range(300):
            try:
                create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _get(path: str, token: str = "") -> Request:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    whole = (head + "\r\n").encode()
    return lambda _at: whole


def _post(path: str, body: Callable[[int], dict[str, object]], token: str = "") -> Request:
    def request(at: int) -> bytes:
        content = json.dumps(body(at)).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content

    return request


def _compared(
    name: str, target: float, ours: tuple[int, Request], theirs: tuple[int, Request]
) -> Result:
    """Medians of rounds that take turns; higher rates are better."""
    rounds: list[tuple[Measured, Measured]] = []
    for port, request in (ours, theirs):  # warm
        measure(port, request, seconds=1.0)
    for _ in range(ROUNDS):
        rounds.append((measure(*ours, seconds=SECONDS), measure(*theirs, seconds=SECONDS)))
    mine = statistics.median(each.rate for each, _ in rounds)
    yard = statistics.median(each.rate for _, each in rounds)
    ratio = statistics.median(each.rate / other.rate for each, other in rounds)
    return Result(
        name=name, ours=round(mine, 1), yardstick=round(yard, 1), ratio=round(ratio, 2),
        target=target, met=ratio >= target,
        ours_p99=round(statistics.median(each.p99 for each, _ in rounds), 1),
        yardstick_p99=round(statistics.median(each.p99 for _, each in rounds), 1),
    )  # fmt: skip


def _export(bench: Bench, port: int, token: str) -> Result:
    """Bytes of CSV a second against psycopg's own COPY by the same role."""
    ours: list[float] = []
    theirs: list[float] = []
    path = "/api/v1/exports/matters.csv"
    for _ in range(ROUNDS):
        began = time.perf_counter()
        size = _download(port, path, token)
        ours.append(size / (time.perf_counter() - began))
        began = time.perf_counter()
        size = _copied(bench)
        theirs.append(size / (time.perf_counter() - began))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return Result(
        name="csv_export_bytes_a_second", ours=round(statistics.median(ours)),
        yardstick=round(statistics.median(theirs)), ratio=round(ratio, 2), target=EXPORTS,
        met=ratio >= EXPORTS,
    )  # fmt: skip


def _download(port: int, path: str, token: str) -> int:
    with create_connection(("127.0.0.1", port)) as connection:
        head = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
        connection.sendall(head.encode())
        size = 0
        first = b""
        while block := connection.recv(1 << 20):
            first = first or block[:15]
            size += len(block)
    if b" 200 " not in first:
        raise RuntimeError(first.decode())
    return size


def _copied(bench: Bench) -> int:
    size = 0
    url = bench.app_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT guard.enter(%s, 'bench', '')", (bench.sessions["manager"],))
        with cursor.copy(f"COPY ({EXPORT}) TO STDOUT (FORMAT csv)") as copy:
            for block in copy:
                size += len(block)
    return size


def _lead(bench: Bench, series: int) -> Callable[[int], dict[str, object]]:
    return lambda at: {
        "source": "supervision",
        "received_on": time.strftime("%Y-%m-%d"),
        "what": f"多领补助，第{at}件",
        "unit_id": str(bench.villages[at % series]),
        "subjects": [{"name": f"某{at % 500}"}],
    }


def measured(bench: Bench, matters: int) -> list[Result]:
    keys = Keys.read(bench.keys_file)

    def token(who: str) -> str:
        return tokens.issue(keys, session=bench.sessions[who], lifetime=timedelta(hours=1))

    manager, handler = token("manager"), token("handler")
    with (
        _served("benchmarks.product:app", bench) as ours,
        _served("benchmarks.yardstick:app", bench) as theirs,
    ):
        api = "/api/v1/matters"
        pages = (
            ("worklist_page", f"{api}?kind=lead&limit=50", "/worklist"),
            ("filtered_list", f"{api}?kind=lead&state=assessing&open=true&limit=50", "/filtered"),
            ("matter_page", f"{api}/{bench.matter}", f"/matter/{bench.matter}"),
        )
        found = [
            _compared(name, READS, (ours, _get(path, manager)), (theirs, _get(yard)))
            for name, path, yard in pages
        ]
        for name, series in (("log_a_lead_64_series", 64), ("log_a_lead_one_series", 1)):
            body = _lead(bench, series)
            mine, yard = _post("/api/v1/leads", body, handler), _post("/leads", body)
            found.append(_compared(name, WRITES, (ours, mine), (theirs, yard)))
        found.append(_export(bench, ours, manager))
    return [Result(**{**asdict(each), "name": f"{each.name}_{matters}"}) for each in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="ten million matters as well")
    parser.add_argument("--matters", type=int, nargs="*", help="other sizes, for trying it out")
    given = parser.parse_args()
    sizes = given.matters or [100_000, 1_000_000, *([10_000_000] if given.large else [])]
    results: list[Result] = []
    with (
        tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder,
        running(Path(folder) / "data") as cluster,
    ):
        for matters in sizes:
            print(f"loading {matters:,} matters", flush=True)
            bench = prepare(cluster, Path(folder), matters)
            for each in measured(bench, matters):
                results.append(each)
                print(_line(each), flush=True)
    Path("bench.json").write_text(
        json.dumps([asdict(each) for each in results], indent=1), encoding="utf-8"
    )
    return 0 if all(each.met for each in results) else 1


def _line(each: Result) -> str:
    verdict = "met" if each.met else "MISSED"
    tail = f", p99 {each.ours_p99} and {each.yardstick_p99} ms" if each.ours_p99 else ""
    return (
        f"{each.name}: {each.ratio} of the yardstick ({each.ours:,} and {each.yardstick:,} a"
        f" second{tail}); target {each.target}: {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
