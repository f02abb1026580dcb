"""Where papers lie: whole or not at all, under their hashes, for nobody else to read."""

import errno
import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from app.core.shelf import PaperLost, Shelf

CONTENT = b"paper"
DIGEST = sha256(CONTENT).hexdigest()
LATER = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "papers"


def files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def test_a_paper_is_named_by_its_hash_and_kept_once(folder: Path) -> None:
    shelf = Shelf(folder)
    assert shelf.put(CONTENT) == shelf.put(CONTENT) == DIGEST
    assert files(folder) == [folder / DIGEST[:2] / DIGEST]
    assert shelf.read(DIGEST) == CONTENT


def test_nobody_else_enters_the_folder_or_reads_a_file(folder: Path) -> None:
    Shelf(folder).put(CONTENT)
    (file,) = files(folder)
    assert [each.stat().st_mode & 0o777 for each in (folder, file.parent, file)] == [
        0o700, 0o700, 0o600,
    ]  # fmt: skip


@pytest.mark.parametrize("when", ["write", "rename"])
def test_what_is_cut_off_leaves_nothing(
    folder: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*{"write": (os, "fsync"), "rename": (Path, "rename")}[when], full)
    with pytest.raises(OSError, match="No space"):
        Shelf(folder).put(CONTENT)
    assert files(folder) == []


def test_what_rotted_or_is_gone_is_said_and_mended_by_the_same_paper(folder: Path) -> None:
    shelf = Shelf(folder)
    shelf.put(CONTENT)
    (file,) = files(folder)
    file.write_bytes(b"pqper")
    with pytest.raises(PaperLost):
        shelf.read(DIGEST)
    shelf.put(CONTENT)
    assert shelf.read(DIGEST) == CONTENT
    file.unlink()
    with pytest.raises(PaperLost):
        shelf.read(DIGEST)


@pytest.mark.parametrize("name", ["../secrets/keys.json", "/etc/passwd", "", "ab", "A" * 64])
def test_a_name_that_is_no_hash_leads_nowhere(folder: Path, name: str) -> None:
    with pytest.raises(PaperLost):
        Shelf(folder).read(name)


def test_drafts_of_a_crash_go_and_what_is_being_written_stays(folder: Path) -> None:
    shelf = Shelf(folder)
    shelf.put(CONTENT)
    draft = folder / DIGEST[:2] / "tmp123.part"
    draft.touch()
    assert shelf.drop_drafts(before=LATER - timedelta(days=1)) == 0
    assert shelf.drop_drafts(before=LATER) == 1
    assert shelf.read(DIGEST) == CONTENT


def test_an_empty_shelf_has_nothing_to_sweep(folder: Path) -> None:
    assert list(Shelf(folder).names()) == []
    assert Shelf(folder).drop_drafts(before=LATER) == 0
