"""docs/security/asvs.md says of each requirement how it is met, and names tests that there are."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "security" / "asvs.md"
# The ids of levels 1 and 2 as the standard's own list has them.
KNOWN = TESTS / "data" / "asvs-5.0.0-level-2.txt"
STATES = ("Met: ", "Not applicable: ", "**Not met**: ")


class Row(NamedTuple):
    id: str
    requirement: str
    how: str
    shown_by: list[str]


@cache
def rows() -> list[Row]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| V"):
            number, requirement, how, tests = (each.strip() for each in line.split("|")[1:-1])
            found.append(Row(number, requirement, how, re.findall(r"`([^`]+)`", tests)))
    return found


def test_every_requirement_of_the_standard_stands_there_once_in_its_order() -> None:
    assert [row.id for row in rows()] == KNOWN.read_text(encoding="utf-8").split()


def test_each_is_met_or_not_or_does_not_apply_and_says_how_or_why() -> None:
    for row in rows():
        state = next((each for each in STATES if row.how.startswith(each)), None)
        assert state is not None, row.id
        assert len(row.how) > len(state), row.id
        assert row.requirement, row.id


def test_what_is_met_is_shown_by_a_test_that_there_is() -> None:
    missing = []
    for row in rows():
        if row.how.startswith("Met: ") and not row.shown_by:
            missing.append(f"{row.id} names none")
        for named in row.shown_by:
            path, _, name = named.partition("::")
            if name not in _tests_of(path):
                missing.append(f"{row.id}: {named}")
    assert missing == []


@cache
def _tests_of(path: str) -> frozenset[str]:
    file = TESTS / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def test_the_head_counts_rightly() -> None:
    counted = Counter(next(s for s in STATES if row.how.startswith(s)) for row in rows())
    met, other, missed = (counted[state] for state in STATES)
    head = " ".join(TABLE.read_text(encoding="utf-8").partition("\n##")[0].split())
    said = f"Of {len(rows())}, {met} are met, {other} don't apply, and {missed} are not met."
    assert said in head, said
