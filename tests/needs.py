"""What some tests need of the machine. What can't be run here is told at the end, never in silence.

@pytest.mark.needs_root     what root does: there is nothing of it where we aren't root
@pytest.mark.needs_mount    fills a disk: a small file system of its own, mounted for the test
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = os.geteuid() == 0


def small_disk_at(place: Path, megabytes: int) -> str:
    """Mount it; what was said where that is refused, else nothing."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "plumbline-test", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() or ("refused" if done.returncode else "")


@cache
def mounts() -> bool:
    if not ROOT:
        return False
    with tempfile.TemporaryDirectory(prefix="plumbline-mount-") as folder:
        place = Path(folder, "disk")
        place.mkdir()
        refused = small_disk_at(place, 1)
        if not refused:
            subprocess.run(["umount", str(place)], check=True)
        return not refused


NEEDS: Mapping[str, tuple[Callable[[], bool], str]] = {
    "needs_root": (
        lambda: ROOT,
        "Left out: the tests of what root does. Run them as root: sudo make test",
    ),
    "needs_mount": (
        mounts,
        "Left out: the tests that fill a disk. They mount a small file system:"
        " run them as root where that may be mounted",
    ),
}


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those whose needs aren't met here."""
    lacking = [name for name, (met, _words) in NEEDS.items() if not met()]
    left = [item for item in items if any(map(item.get_closest_marker, lacking))]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def left_out() -> list[str]:
    """What the run has to tell at its end."""
    return [words for met, words in NEEDS.values() if not met()]
