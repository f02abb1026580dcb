"""The source as the architecture tests read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"

# UTC's day, as PostgreSQL and Python read it. In China it is the office's from eight in the morning
# on: guard.today() and `Work.today` say which day it is. See docs/adr/0022.
UTC_DAY = (
    r"current_date|localtimestamp|date\.today\(|utcnow\("
    r"|(now\(\)|_at|current_timestamp)\)* *::(date|timestamp)($|[^a-z])"
    r"|_on\)*::timestamptz|'(today|tomorrow|yesterday)'"
)


@dataclass(frozen=True)
class Module:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def name(self) -> str:
        """As in `app/services/leads.py`."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"

    def escapes(self, node: ast.AST, word: str) -> bool:
        """Whether a line of the statement, or the one above it, ends in `# {word}: reason`."""
        first = getattr(node, "lineno", 1)
        last = getattr(node, "end_lineno", first)
        return any(f"# {word}: " in line for line in self.lines[max(first - 2, 0) : last])


@cache
def modules(folder: Path = APP) -> list[Module]:
    """Read and parsed once for all tests of a process."""
    return [Module(path) for path in sorted(folder.rglob("*.py"))]


def called(node: ast.AST) -> str | None:
    """The last name of what a call calls."""
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else None
