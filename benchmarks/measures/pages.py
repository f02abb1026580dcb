"""Pages as a browser asks for them: one reader at a time, each page with its stylesheets and
scripts, without pictures. Sheets and scripts come compressed, pages don't: see app/main.py."""

from __future__ import annotations

import gzip
import http.client
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

from app.routers.cookies import SESSION
from benchmarks.district import Bench
from benchmarks.measures.rounds import Bed
from benchmarks.results import Result, at_most

PATIENCE, SEARCH_PATIENCE = 50.0, 100.0  # milliseconds at the median
WEIGHT, DRAWN = 120.0, 200.0  # thousand bytes
ASKED = 40  # times a round
_GZIP = b"\x1f\x8b"
_DRAWING = re.compile(rb"<svg\b.*?</svg>", re.DOTALL)
_IN_SHEETS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')\s]+)""")
# What a browser fetches, or goes to, by itself or when asked: the attributes that name it.
_NAMES = {"href", "src", "srcset", "action", "formaction", "data", "poster", "xlink:href", "ping"}


@dataclass
class Named(HTMLParser):
    """Every address that a page names, and those of its sheets and scripts."""

    addresses: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.addresses += [value for name, value in given.items() if name in _NAMES]
        if tag == "script" and "src" in given:
            self.parts.append(given["src"])
        if tag == "link" and given.get("rel") == "stylesheet":
            self.parts.append(given["href"])


def named_in_sheet(address: str, text: str) -> list[str]:
    return [urljoin(address, each) for each in _IN_SHEETS.findall(text)]


def hosts_of(addresses: Iterable[str]) -> set[str]:
    return {host for each in addresses if (host := urlsplit(each).netloc)}


def visited(bench: Bench) -> tuple[tuple[str, str, str, float], ...]:
    """(what, its address, who reads it, how long they wait at most)."""
    return (
        ("desk, investigator", "/desk", "handler", PATIENCE),
        ("desk, supervisor", "/desk", "deputy", PATIENCE),
        ("desk, lead manager", "/desk", "manager", PATIENCE),
        ("desk, auditor", "/desk", "auditor", PATIENCE),
        ("desk, intake", "/desk", "intake", PATIENCE),
        ("search of a name", f"/search?q={quote('王伟')}", "manager", SEARCH_PATIENCE),
        ("search of a word that many have", f"/search?q={quote('补助')}", "manager",
         SEARCH_PATIENCE),
        ("figures, deputy", "/figures", "deputy", PATIENCE),
        ("figures, auditor", "/figures", "auditor", PATIENCE),
        ("leads, deputy", "/leads", "deputy", PATIENCE),
        ("leads, handler", "/leads", "handler", PATIENCE),
        ("leads being verified in a township", "/leads?state=verifying&unit=YC-T03", "manager",
         PATIENCE),
        ("leads by number", "/leads?sort=number", "manager", PATIENCE),
        ("lead on which 500 things happened", f"/matters/{bench.busy}", "manager", PATIENCE),
    )  # fmt: skip


def pages(bed: Bed) -> Iterator[Result]:
    for name, path, who, patience in visited(bed.bench):
        with closing(Browser(bed.sides.ours, bed.sides.tokens[who])) as browser:
            first = browser.took(path)
            took = sorted(browser.took(path) for _ in range(ASKED * bed.rounds))
            weight = browser.weighed(path)
        median, late = took[len(took) // 2], took[int(len(took) * 0.99)]
        yield Result(
            name=f"page, {name}", unit="ms", ours=round(median, 1), target=patience,
            met=median <= patience, ours_median=round(median, 1), ours_p99=round(late, 1),
            ours_first=round(first, 1),
        )  # fmt: skip
        yield at_most(f"weight, {name}", "KB", round(weight.page / 1000, 1), WEIGHT)
        if weight.drawn:
            whole = round((weight.page + weight.drawn) / 1000, 1)
            yield at_most(f"weight with what is drawn, {name}", "KB", whole, DRAWN)
        yield at_most(f"other hosts named, {name}", "hosts", len(weight.hosts), 0)


@dataclass(frozen=True)
class Weight:
    """Bytes of a page with its sheets and scripts, those of the pictures that are drawn in it, and
    the hosts that any of them names."""

    page: int
    drawn: int
    hosts: set[str]


class Browser:
    """One reader's connection, kept open as browsers do."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self._headers = {"Cookie": f"{SESSION}={token}", "Accept-Language": "zh"}
        self._headers["Accept-Encoding"] = "gzip"

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str) -> bytes:
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content.decode(errors='replace')[:300]}")
        return content

    def took(self, path: str) -> float:
        """Milliseconds from asking to the last byte."""
        began = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - began) * 1000

    def weighed(self, path: str) -> Weight:
        html = self.get(path)
        named = Named()
        named.feed(html.decode())
        found = {address: self.get(address) for address in set(named.parts)}
        sheets = [
            (at, gzip.decompress(content) if content.startswith(_GZIP) else content)
            for at, content in found.items()
            if urlsplit(at).path.endswith(".css")
        ]
        addresses = list(named.addresses)
        for at, text in sheets:
            addresses += named_in_sheet(at, text.decode())
        hosts = hosts_of(addresses)
        drawn = sum(map(len, _DRAWING.findall(html)))
        return Weight(len(html) - drawn + sum(map(len, found.values())), drawn, hosts)
