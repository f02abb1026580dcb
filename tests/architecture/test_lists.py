"""A list goes out whole or says that it goes on: none is cut in silence."""

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
