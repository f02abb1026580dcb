"""A small HTTP load: keep-alive connections on loopback, each with a request under way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

HANDS = 16


@dataclass(frozen=True)
class Measured:
    """Requests a second, and latencies in milliseconds."""

    rate: float
    median: float
    p99: float


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer whole; returns its status and its body, empty where it came in chunks."""
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    status = int(head[9:12])
    if b"transfer-encoding: chunked" in lower:
        while True:
            size = int(await reader.readline(), 16)
            await reader.readexactly(size + 2)
            if size == 0:
                return status, b""
    at = lower.index(b"content-length:") + 15
    length = int(lower[at : lower.index(b"\r\n", at)])
    return status, await reader.readexactly(length)


async def _hand(port: int, requests: Iterator[bytes], until: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        began = time.perf_counter()
        if began >= until:
            break
        writer.write(request)
        status, body = await _read(reader)
        if status >= 300:
            raise RuntimeError(f"answered {status}: {body[:300].decode(errors='replace')}")
        times.append(time.perf_counter() - began)
    writer.close()
    await writer.wait_closed()


async def _hands(port: int, requests: Iterator[bytes], seconds: float) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_hand(port, requests, until, times) for _ in range(HANDS)))
    return times


def measure(port: int, requests: Iterator[bytes], *, seconds: float) -> Measured:
    """Send requests for so long, or until there are no more of them."""
    began = time.perf_counter()
    times = sorted(asyncio.run(_hands(port, requests, seconds)))
    took = time.perf_counter() - began
    return Measured(
        rate=len(times) / took,
        median=times[len(times) // 2] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
    )
