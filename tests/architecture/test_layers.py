"""Layers point one way: main, routers, services, repositories, models, domain and core."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import APP, ROOT, modules


def test_imports_keep_their_contracts() -> None:
    """The contracts stand in pyproject.toml."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_package_says_what_it_is_for() -> None:
    """A module begins with what it is for and what it leans on."""
    silent = [
        module.name
        for module in modules(APP)
        if module.text.strip() and not module.text.lstrip().startswith(('"""', "'''", 'r"""'))
    ]
    assert not silent
