"""What has no yardstick but a patience: totals, and the first page of lists over all matters."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Iterator
from urllib.parse import quote

from benchmarks.district import clerk
from benchmarks.measures.logging import lead
from benchmarks.measures.rounds import Bed
from benchmarks.results import Result, at_most

PATIENCE = 2.0
AGAIN_PATIENCE = 0.05
LIST_PATIENCE = 0.5
SEARCH_PATIENCE = 0.1
# By who reads a district, and by who has thirty matters: each by their own door.
SEARCHES = (
    ("a name", "王伟"),
    ("a name one character off", "张芳四"),
    ("pinyin initials", "zwj"),
    ("a word that many have", "补助"),
    ("a word that one has", "多领"),
    ("a number", "B00000777"),
    ("a unit", "云25村"),
    ("words of a note", "7号：核对"),
    ("what is not there", "没有的词"),
)
LISTS = (
    ("list of a unit", "/api/v1/matters?unit=YC-T03&kind=lead&limit=50"),
    ("list of a source", "/api/v1/matters?source=inspection&kind=lead&limit=50"),
    ("list of what is overdue", "/api/v1/matters?overdue=true&kind=lead&limit=50"),
    ("list by number", "/api/v1/matters?kind=lead&sort=number&limit=50"),
)


def figures(bed: Bed) -> Iterator[Result]:
    for who in ("deputy", "auditor"):
        for name, path in (
            ("totals", "/api/v1/totals"),
            ("totals of last quarter's end", "/api/v1/totals?as_of=2018-06-30"),
            ("totals of a township", "/api/v1/totals?unit=YC-T03"),
        ):
            anew, again = _counted(bed, path, who)
            yield at_most(f"{name}, {who}", "s", round(anew, 2), PATIENCE)
            yield at_most(f"{name}, asked again, {who}", "s", round(again, 3), AGAIN_PATIENCE)


def lists(bed: Bed) -> Iterator[Result]:
    for name, path in LISTS:
        yield at_most(name, "s", round(_seconds(bed, path, "manager"), 3), LIST_PATIENCE)


def search(bed: Bed) -> Iterator[Result]:
    for who in ("manager", "handler"):
        for name, asked in SEARCHES:
            path = f"/api/v1/search?q={quote(asked)}&limit=50"
            seconds = round(_seconds(bed, path, who), 3)
            yield at_most(f"search {name}, {who}", "s", seconds, SEARCH_PATIENCE)


def _counted(bed: Bed, path: str, who: str) -> tuple[float, float]:
    """The medians of counting anew, after somebody logged a lead, and of asking for it again."""
    anew, again = [], []
    for at in range(bed.rounds):
        _log(bed, at)
        anew.append(_once(bed, path, who))
        again.append(_once(bed, path, who))
    return statistics.median(anew), statistics.median(again)


def _log(bed: Bed, at: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", bed.sides.ours, timeout=600)
    connection.request(
        "POST",
        "/api/v1/leads",
        json.dumps(lead(bed, at, 1)),
        {
            "Authorization": f"Bearer {bed.sides.tokens[clerk(0)]}",
            "Content-Type": "application/json",
        },
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 201:
        raise RuntimeError(content.decode(errors="replace")[:300])


def _seconds(bed: Bed, path: str, who: str) -> float:
    """The median of as many answers as there are rounds."""
    return statistics.median(_once(bed, path, who) for _ in range(bed.rounds))


def _once(bed: Bed, path: str, who: str) -> float:
    token = bed.sides.tokens[who]
    connection = http.client.HTTPConnection("127.0.0.1", bed.sides.ours, timeout=600)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    content = answer.read()
    took = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise RuntimeError(content.decode(errors="replace")[:300])
    return took
