"""A small HTTP load: keep-alive connections on loopback, each with a request under way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

Request = Callable[[int], bytes]


@dataclass(frozen=True)
class Measured:
    """Requests a second and latencies in milliseconds."""

    rate: float
    median: float
    p99: float


async def _read(reader: asyncio.StreamReader) -> int:
    """Read one answer whole; returns its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    status = int(head[9:12])
    if b"transfer-encoding: chunked" in lower:
        while True:
            size = int(await reader.readline(), 16)
            await reader.readexactly(size + 2)
            if size == 0:
                return status
    at = lower.index(b"content-length:") + 15
    length = int(lower[at : lower.index(b"\r\n", at)])
    await reader.readexactly(length)
    return status


async def _connection(
    port: int, request: Request, until: float, at: int, step: int, times: list[float]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(request(at))
        status = await _read(reader)
        if status >= 300:
            raise RuntimeError(f"answered {status}")
        times.append(time.perf_counter() - began)
        at += step
    writer.close()
    await writer.wait_closed()


async def _run(port: int, request: Request, seconds: float, hands: int) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(
        *(_connection(port, request, until, at, hands, times) for at in range(hands))
    )
    return times


def measure(port: int, request: Request, *, seconds: float, hands: int = 16) -> Measured:
    times = sorted(asyncio.run(_run(port, request, seconds, hands)))
    return Measured(
        rate=len(times) / seconds,
        median=times[len(times) // 2] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
    )
