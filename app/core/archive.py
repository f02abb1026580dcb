"""One file that holds several, each with its hash, so that what comes out is what went in."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

MANIFEST = "manifest.json"
_BLOCK = 1024 * 1024
_LONGEST_MANIFEST = 64 * _BLOCK


class ArchiveDamaged(ValueError):
    """It isn't an archive of ours, or not all of it is there as it was written."""


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(target: Path, manifest: Mapping[str, Any], files: Mapping[str, Path]) -> None:
    """Write a new file, complete or not there at all; only this user may read it.

    The manifest gets the hash of each file under `files`. Raises FileExistsError.
    """
    hashes = {name: digest(path) for name, path in files.items()}
    content = json.dumps({**manifest, "files": hashes}, ensure_ascii=False, indent=1).encode()
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                header = tarfile.TarInfo(MANIFEST)
                header.size = len(content)
                tar.addfile(header, io.BytesIO(content))
                for name, path in files.items():
                    _add(tar, name, path)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)  # unlike a rename, never replaces another backup
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(source: Path) -> dict[str, Any]:
    """Raises ArchiveDamaged."""
    try:
        with tarfile.open(source, mode="r:") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or first.size > _LONGEST_MANIFEST:
                raise ArchiveDamaged("it doesn't begin with a manifest")
            content = tar.extractfile(first)
            manifest = json.load(content) if content is not None else None
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise ArchiveDamaged(str(error)) from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ArchiveDamaged("its manifest names no files")
    return manifest


def unpack(source: Path, folder: Path) -> None:
    """Write every file below `folder`, which is ours and empty. Raises ArchiveDamaged."""
    hashes: dict[str, str] = read_manifest(source)["files"]
    found = set()
    try:
        with tarfile.open(source, mode="r:") as tar:
            for entry in tar:
                if entry.name == MANIFEST:
                    continue
                if entry.name not in hashes or not entry.isreg() or not _harmless(entry.name):
                    raise ArchiveDamaged(f"it holds {entry.name}, which its manifest doesn't name")
                _extract(tar, entry, folder / entry.name, hashes[entry.name])
                found.add(entry.name)
    except (tarfile.TarError, EOFError) as error:
        raise ArchiveDamaged(str(error)) from None
    if missing := hashes.keys() - found:
        raise ArchiveDamaged(f"it lacks {min(missing)}")


def _add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    header = tarfile.TarInfo(name)
    header.size = path.stat().st_size
    header.mode = 0o600
    with path.open("rb") as file:
        tar.addfile(header, file)


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, target: Path, expected: str) -> None:
    content = tar.extractfile(entry)
    if content is None:
        raise ArchiveDamaged(f"{entry.name} can't be read")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while block := content.read(_BLOCK):
            seen.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if seen.hexdigest() != expected:
        raise ArchiveDamaged(f"{entry.name} isn't what was written")


def _harmless(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name
