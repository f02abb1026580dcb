"""A list goes out whole or says that it goes on: none is cut in silence. Its titles are what its
reader may know."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORIES = Path(__file__).parents[2] / "app" / "repositories"

# Lists that have a number of their own, each with where its reader is told.
SHORT = {"leads.py: LIMIT 5": "the five newest: said where they are asked for"}


def numbers(source: str) -> Iterator[str]:
    """Limits that a repository sets by itself, in its statements and as its defaults."""
    yield from (found for found in re.findall(r"LIMIT \d+", source) if found not in ONE_OR_TWO)
    for each in ast.walk(ast.parse(source)):
        if isinstance(each, ast.FunctionDef):
            arguments = zip(each.args.kwonlyargs, each.args.kw_defaults, strict=True)
            yield from (
                f"{each.name}(limit={default.value!r})"
                for argument, default in arguments
                if argument.arg == "limit" and isinstance(default, ast.Constant)
            )


ONE_OR_TWO = {"LIMIT 1", "LIMIT 2"}  # the last of something, and whether there is another


def test_a_repository_cuts_no_list_by_a_number_of_its_own() -> None:
    found = {
        f"{path.name}: {number}"
        for path in REPOSITORIES.rglob("*.py")
        for number in numbers(path.read_text())
    }
    assert found == set(SHORT)


# Where a title is taken past `titles.title`: to be compared, or given to who reads content alone.
BARE = {
    "leads.py: similarity(m.title",
    "behind.py: CASE WHEN (SELECT guard.reads_content()) THEN m.title",
    "doubts.py: CASE WHEN (SELECT guard.reads_content()) THEN m.title",
}


def test_a_repository_takes_a_matters_title_from_one_place() -> None:
    """Which masks the names in it for who reads none. `p`, `f` are papers."""
    found = {
        f"{path.name}: {line.strip()}"
        for path in REPOSITORIES.rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"\b[a-oq-z]\.title\b", line) and "f.title AS paper_title" not in line
    }
    unknown = {each for each in found if not any(_known(each, known) for known in BARE)}
    assert not unknown


def _known(found: str, known: str) -> bool:
    file, words = known.split(": ", 1)
    return found.startswith(f"{file}: ") and words in found
