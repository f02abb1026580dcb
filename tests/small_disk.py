"""A disk that can be filled: a small file system of its own, mounted for one test."""

import os
import subprocess
from pathlib import Path
from types import TracebackType

from tests.needs import small_disk_at


class SmallDisk:
    def __init__(self, place: Path, *, megabytes: int) -> None:
        self.place = place
        self._megabytes = megabytes

    def __enter__(self) -> "SmallDisk":
        self.place.mkdir()
        refused = small_disk_at(self.place, self._megabytes)
        assert not refused, refused
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        subprocess.run(["umount", "--lazy", str(self.place)], check=True)

    def fill(self, leaving: int) -> None:
        status = os.statvfs(self.place)
        with (self.place / "filler").open("wb") as file:
            file.write(bytes(max(0, status.f_bavail * status.f_frsize - leaving)))

    def free(self) -> None:
        (self.place / "filler").unlink()
