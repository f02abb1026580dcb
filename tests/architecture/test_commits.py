"""House rules that imports can't show. Each says why, and how to be excepted in writing."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import APP, ROOT, UTC_DAY, Module, called, modules

# The unit of work begins and commits; everything else lives inside it.
TRANSACTIONS = {"app/core/db.py", "app/repositories/work.py"}
ENDINGS = {"commit", "rollback", "begin_nested"}
CONNECTIONS = {"connection", "engine", "driver", "session"}

QUERIES = {"rows", "row", "value", "copy_out", "text", "SQL"}
ASSEMBLED = {"format", "replace", "join"}
CONSTANT = re.compile(r"_?_?[A-Z][A-Z0-9_]*")


def test_only_the_unit_of_work_ends_a_transaction() -> None:
    """A commit halfway tells the reader of something that may still fail to happen."""
    found = [
        module.at(node)
        for module in modules()
        if module.name not in TRANSACTIONS
        for node in module.nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in ENDINGS or _begins(node.func))
        and not module.escapes(node, "transaction")
    ]
    assert not found, "only app/core/db.py and the unit of work begin and commit"


def _begins(function: ast.Attribute) -> bool:
    of = function.value
    name = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
    return function.attr == "begin" and name in CONNECTIONS


def test_nothing_assigns_a_matters_state() -> None:
    """guard.advance() is the one writer: it checks the version, the signatures, the sight."""
    found = [
        module.at(node)
        for module in modules()
        for node in module.nodes()
        if _assigns_state(node) or _updates_matter(node)
    ]
    assert not found


def _assigns_state(node: ast.AST) -> bool:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    return any(isinstance(each, ast.Attribute) and each.attr == "state" for each in targets)


def _updates_matter(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(re.search(r"\bupdate\s+(only\s+)?\"?matter\b\"?\s", node.value, re.IGNORECASE))
    if called(node) != "update" or not isinstance(node, ast.Call):
        return False
    return any(isinstance(each, ast.Name) and each.id == "Matter" for each in node.args)


def test_one_function_advances_a_matter() -> None:
    """Who decides, records and starts clocks does so in one place, around one call."""
    callers = [
        module.name
        for module in modules()
        for node in module.nodes()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "guard.advance(" in node.value
        and "SELECT" in node.value.upper()
    ]
    assert len(callers) == 1, callers
    assert callers[0].startswith("app/repositories/")


def test_http_errors_are_the_edges() -> None:
    """Below the routers an error says what is wrong, not which status that is."""
    found = [
        module.at(node)
        for module in modules()
        if not module.name.startswith("app/routers/")
        for node in module.nodes()
        if isinstance(node, ast.Name) and node.id == "HTTPException"
    ]
    assert not found


def test_nothing_goes_by_utcs_day() -> None:
    """Else a role begins at eight in the morning."""
    found = [module.name for module in modules() if re.search(UTC_DAY, module.text, re.IGNORECASE)]
    # A bound of a month, for which a day more or less is nothing.
    assert found == ["app/models/emergencies.py"]


def test_sql_is_composed_of_constants() -> None:
    """What somebody typed goes in as a parameter. `# sql: why` excepts a composed query, and at
    the beginning of a line a whole module."""
    found = [
        module.at(node)
        for module in modules()
        if module.name.startswith(("app/repositories/", "app/core/", "app/jobs/"))
        and module.name != "app/core/db.py"  # which hands on what it is given
        and not re.search(r"^# sql: ", module.text, re.MULTILINE)
        for node in module.nodes()
        if isinstance(node, ast.Call)
        and called(node) in QUERIES
        and any(_composed(each, _literals(module)) for each in node.args)
        and not module.escapes(node, "sql")
    ]
    assert not found


def _literals(module: Module) -> set[str]:
    """Names that the module gives to texts, or to dictionaries and tuples of texts, only."""
    names: dict[str, bool] = {}
    for node in module.nodes():
        if isinstance(node, ast.Assign):
            literal = all(
                isinstance(each, ast.Constant | ast.Dict | ast.Tuple | ast.List | ast.Load)
                for each in ast.walk(node.value)
            )
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names[target.id] = names.get(target.id, True) and literal
    return {name for name, literal in names.items() if literal}


def _composed(argument: ast.expr, literals: set[str]) -> bool:
    """Whether a query is put together from anything but constants of the module."""
    if isinstance(argument, ast.JoinedStr):
        parts = [each.value for each in argument.values if isinstance(each, ast.FormattedValue)]
    elif isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Add | ast.Mod):
        parts = [argument.left, argument.right]
    elif isinstance(argument, ast.Call) and called(argument) in ASSEMBLED:
        parts = [*argument.args, *(each.value for each in argument.keywords)]
        if isinstance(argument.func, ast.Attribute):
            parts.append(argument.func.value)
    else:
        return False
    return not all(_constant(part, literals) for part in parts)


def _constant(value: ast.expr, literals: set[str]) -> bool:
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Subscript):
        return _constant(value.value, literals)
    if isinstance(value, ast.IfExp):
        return _constant(value.body, literals) and _constant(value.orelse, literals)
    if isinstance(value, ast.BinOp | ast.JoinedStr) or called(value) in ASSEMBLED:
        return not _composed(value, literals)
    if isinstance(value, ast.Call) and called(value) == "title":  # of app.repositories.titles
        return all(isinstance(each, ast.Constant) for each in value.args)
    name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
    return name in literals or bool(CONSTANT.fullmatch(name))


def _functions(
    module: Module,
) -> Iterator[tuple[str, int, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in module.nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            begins = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            yield module.at(node), (node.end_lineno or begins) - begins + 1, node


def _measured() -> list[Module]:
    return modules(APP) + modules(ROOT / "tests") + modules(ROOT / "benchmarks")


@pytest.mark.parametrize(("folder", "most"), [("app", 400), ("tests", 600), ("benchmarks", 400)])
def test_files_stay_short(folder: str, most: int) -> None:
    """A file that grows past this becomes a package of the same name."""
    found = [
        f"{module.name}: {len(module.lines)} lines"
        for module in modules(ROOT / folder)
        if len(module.lines) > most
    ]
    assert not found


# One statement that names many values, a line each: cut up, it would only be harder to read.
# A function may be this long where that is all that it is; nothing may be longer.
LONGEST_STATEMENT = 72


def _one_statement(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether what makes it long is a single call or literal of more than twenty lines."""
    return any(
        (each.end_lineno or each.lineno) - each.lineno >= 20
        for each in ast.walk(node)
        if isinstance(each, ast.Call | ast.List | ast.Dict | ast.Tuple)
    )


def test_functions_stay_short() -> None:
    """A function that needs more does more than one thing."""
    found = [
        f"{where}: {length} lines"
        for module in _measured()
        for where, length, node in _functions(module)
        if length > 50 and (length > LONGEST_STATEMENT or not _one_statement(node))
    ]
    assert not found


def test_no_module_is_named_after_nothing() -> None:
    """Such a name collects what nobody thought about."""
    nothing = {"utils", "helpers", "common", "manager", "managers", "misc"}
    found = [module.name for module in _measured() if module.path.stem in nothing]
    assert not found


def test_nothing_swallows_an_exception() -> None:
    """`except …: pass` hides what went wrong; contextlib.suppress at least says what."""
    found = [
        module.at(node)
        for module in modules()
        for node in module.nodes()
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or _is_broad(node.type))
        and all(isinstance(each, ast.Pass) for each in node.body)
    ]
    assert not found


def _is_broad(kind: ast.expr) -> bool:
    return isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}
