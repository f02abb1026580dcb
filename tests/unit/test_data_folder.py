import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import data_folder as folders
from app.core.data_folder import ForeignFolderError, claim, data_folder, private


@pytest.fixture
def strict_umask() -> Iterator[None]:
    former = os.umask(0o077)
    yield
    os.umask(former)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_named_folder_is_taken_as_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert data_folder("/srv/plumbline") == Path("/srv/plumbline")
    assert data_folder("data") == tmp_path / "data"
    assert data_folder("~/data") == Path("/home/somebody/data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("setting", [None, "", "  "])
def test_a_normal_user_keeps_the_data_in_the_checkout(
    setting: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert data_folder(setting) == folders.CHECKOUT / "var"


def test_an_installed_package_keeps_the_data_in_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(folders, "CHECKOUT", tmp_path / "site-packages")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert data_folder(None) == tmp_path / "share" / "plumbline"


def test_root_keeps_the_data_of_each_checkout_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    one = data_folder(None)
    monkeypatch.setattr(folders, "CHECKOUT", tmp_path / "another")
    other = data_folder(None)
    assert one != other
    assert one.parent == other.parent == Path("/var/lib/plumbline")


def test_a_new_folder_is_entered_by_all_and_listed_by_nobody_else(
    tmp_path: Path, strict_umask: None
) -> None:
    folder = tmp_path / "a" / "b"
    claim(folder)
    assert (mode(folder), mode(folder.parent)) == (0o711, 0o711)
    assert mode(private(folder, "secrets")) == 0o700


def test_an_empty_folder_becomes_ours_and_stays_ours_when_filled(tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    folder.mkdir(0o777)
    (folder / "lost+found").mkdir()
    claim(folder)
    (folder / "anything").touch()
    claim(folder)
    assert mode(folder) == 0o711


def test_a_folder_with_other_things_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(0o700)
    (home / "letter.txt").touch()
    with pytest.raises(ForeignFolderError):
        claim(home)
    assert mode(home) == 0o700
    assert [entry.name for entry in home.iterdir()] == ["letter.txt"]


def test_parents_that_were_there_keep_their_permissions(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(0o700)
    claim(home / "work" / "data")
    assert mode(home) == 0o700


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.touch()
    with pytest.raises(NotADirectoryError):
        claim(place)
    with pytest.raises(NotADirectoryError):
        claim(place / "below")


def test_a_private_folder_is_no_link_to_elsewhere(tmp_path: Path) -> None:
    claim(tmp_path / "data")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data" / "secrets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="another user"):
        private(tmp_path / "data", "secrets")
    shutil.rmtree(tmp_path / "data")
