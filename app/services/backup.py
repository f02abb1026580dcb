"""A backup: one file with the database and the papers, the keys apart; and back again.

What a restored database holds is counted and summed table by table and its figures are computed,
and both must be those of the backup, or it is emptied again. Papers are proved by their names,
which are their hashes; one that was lost before the backup is named in it.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import app
from app.core import archive, db, dump
from app.core.data_folder import private
from app.core.embedded.errors import DISK_FULL, EmbeddedError, explained
from app.core.embedded.programs import client_programs
from app.core.keys import Keys
from app.core.shelf import PaperLost
from app.domain import errors
from app.domain.errors import N_
from app.domain.totals import Cohort
from app.repositories import instance as rows
from app.repositories import papers
from app.repositories.installation import as_owner
from app.repositories.work import Work
from app.services import installation
from app.services.instance import PAPERS, Instance, bring_up
from app.services.totals import totals

FORMAT = 1
DATABASE = "database.dump"
_TABLE = "public.matter_paper"
FULL = (errno.ENOSPC, errno.EDQUOT)


def write_backup(instance: Instance, session: str, target: Path) -> dict[str, Any]:
    """Write a new file and return its manifest. Work may go on meanwhile: it shows one moment.

    `session` is the operator's. The manifest's `lost_papers` are hashes of papers whose files are
    missing or damaged. Raises Unavailable, Conflict where the file is there already.
    """
    if target.exists():
        raise errors.Conflict(
            N_("{file} is there already: name a new file for the backup."), file=target
        )
    conninfo = db.conninfo(instance.owner)
    with _written_to(target.parent) as place, _owner_sees(instance) as tx:
        papers.hold_shelf(tx)
        snapshot = rows.export_snapshot(tx)
        revision, server = rows.revision(tx), rows.server_major(tx)
        contents = rows.contents(tx)
        kept, lost = _kept(instance, papers.digests(tx))
        tx.enter(session)
        manifest = {
            "format": FORMAT,
            "plumbline": app.__version__,
            "revision": revision,
            "postgresql": server,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "keys": fingerprints(instance.office.keys),
            "tables": contents,
            "lost_papers": lost,
            "as_of": tx.today.isoformat(),
            "totals": _figures(tx, tx.today),
        }
        with _told():
            folder = dump.programs(_own_programs(instance), server=server)
            dump.dump(folder, conninfo, snapshot, place / DATABASE)
        files = {DATABASE: place / DATABASE, **kept}
        archive.write(target, manifest, files)
    return archive.read_manifest(target)


def restore_backup(instance: Instance, source: Path) -> dict[str, Any]:
    """Fill an instance in which nobody has worked yet, and return the backup's manifest.

    Ends every session, and gives the operator a new password. Raises Unavailable, Conflict.
    """
    manifest = _manifest(source)
    _check_keys(manifest, instance.office.keys)
    with explained(instance.folder), _work_folder(instance.folder) as place:
        with _told():
            archive.unpack(source, place)
        _make_empty(instance)
        try:
            with _told():
                _fill(instance, place / DATABASE)
            _compare_contents(instance, manifest)
            _compare_papers(instance, manifest)
            bring_up(instance)
            installation.renew_operator(instance.owner, secrets_folder=instance.secrets)
            if manifest["revision"] == installation.newest_revision():
                _compare_totals(instance, manifest)
        except BaseException:
            _clear(instance)
            raise
        _keep_papers(instance, place / PAPERS)
    return manifest


def fingerprints(keys: Keys) -> dict[str, str]:
    """What tells a key from another without telling anything of it. Those that seal rows."""
    sealing = {**{f"fields.{name}": key for name, key in keys.fields.items()}, "index": keys.index}
    return {
        name: hashlib.sha256(b"plumbline key: " + key).hexdigest()[:16]
        for name, key in sealing.items()
    }


def _manifest(source: Path) -> dict[str, Any]:
    with _told():
        manifest = archive.read_manifest(source)
    if manifest.get("format") != FORMAT or DATABASE not in manifest["files"]:
        raise errors.Conflict(N_("{file} is no backup of this program."), file=source)
    if not installation.knows(str(manifest.get("revision"))):
        raise errors.Conflict(
            N_("The backup was made by a newer Plumbline ({version}): use that one."),
            version=manifest.get("plumbline"),
        )
    return manifest


def _check_keys(manifest: Mapping[str, Any], keys: Keys) -> None:
    ours = fingerprints(keys)
    missing = [
        name for name, fingerprint in manifest["keys"].items() if ours.get(name) != fingerprint
    ]
    if missing:
        raise errors.Conflict(
            N_(
                "The key file isn't the one that sealed this backup (it lacks {keys}):"
                " name the right one with PLUMBLINE_KEYS_FILE."
            ),
            keys=", ".join(f"{name} {manifest['keys'][name]}" for name in missing),
        )


def _make_empty(instance: Instance) -> None:
    instance.office.engine.dispose()  # our own idle connections aren't somebody at work
    with as_owner(instance.owner) as tx:
        if not rows.is_vacant(tx) or _papers(instance):
            raise errors.Conflict(
                N_("This installation isn't empty: restore into a new one, under another folder.")
            )
        if rows.in_use(tx):
            raise errors.Conflict(N_("Plumbline is running here: stop it, then restore."))
        rows.clear(tx)
        rows.make_room(tx)


def _clear(instance: Instance) -> None:
    with as_owner(instance.owner) as tx:
        rows.clear(tx)


def _fill(instance: Instance, source: Path) -> None:
    with as_owner(instance.owner) as tx:
        server = rows.server_major(tx)
    # Of two sets of programs the newer reads more dumps.
    folder = dump.programs(_own_programs(instance), server=server)
    dump.restore(
        folder, db.conninfo(instance.owner), source, server=server, made_already=("guard",)
    )


def _compare_contents(instance: Instance, manifest: Mapping[str, Any]) -> None:
    with _owner_sees(instance) as tx:
        found = rows.contents(tx)
    expected: dict[str, list[int | str]] = manifest["tables"]
    different = [
        name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)
    ]
    if different:
        raise errors.Conflict(
            N_("What was restored isn't what was backed up ({tables}): nothing was kept."),
            tables=", ".join(different),
        )


def _compare_papers(instance: Instance, manifest: Mapping[str, Any]) -> None:
    """What the archive proved of its files is what they are named by. A backup that was made before
    there were papers has none."""
    if _TABLE not in manifest["tables"]:
        return
    with _owner_sees(instance) as tx:
        wanted = papers.digests(tx)
    held = {hash_ for name, hash_ in manifest["files"].items() if name == _name_of(hash_)}
    if wanted - held - set(manifest.get("lost_papers", ())):
        raise errors.Conflict(
            N_("The backup lacks papers, or they aren't whole: nothing was kept.")
        )


def _compare_totals(instance: Instance, manifest: Mapping[str, Any]) -> None:
    with instance.acting() as session, _owner_sees(instance) as tx:
        tx.enter(session)
        day = date.fromisoformat(manifest["as_of"])
        tx.today = max(tx.today, day)  # the clock of a machine that stands in may be behind
        found = _figures(tx, day)
    if found != manifest["totals"]:
        raise errors.Conflict(
            N_("The figures of what was restored aren't those of the backup: nothing was kept.")
        )


def _figures(tx: Work, day: date) -> dict[str, object]:
    return totals(tx, Cohort(as_of=day)).published()


@contextmanager
def _owner_sees(instance: Instance) -> Iterator[Work]:
    """One moment of the database, past row security."""
    engine = db.make_engine(instance.owner, pool_size=1)
    try:
        with db.transaction(engine, one_moment=True) as tx:
            yield Work(tx.connection, instance.office, use_case="backup", request_id="")
    finally:
        engine.dispose()


@contextmanager
def _work_folder(beside: Path) -> Iterator[Path]:
    """On the disk that the result goes to."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".plumbline-") as place:
        yield Path(place)


@contextmanager
def _written_to(folder: Path) -> Iterator[Path]:
    """A work folder where a backup goes, which is no data folder of ours."""
    try:
        with _work_folder(folder) as place:
            yield place
    except OSError as error:
        if error.errno in FULL:
            raise EmbeddedError(DISK_FULL, folder=folder) from error
        raise errors.Conflict(
            N_("A backup can't be written to {folder}: {reason}. Name a file elsewhere."),
            folder=folder,
            reason=error.strerror,
        ) from error


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except archive.ArchiveDamaged as error:
        raise errors.Conflict(N_("The backup is damaged: {reason}."), reason=error) from None
    except dump.DumpFailed as error:
        if os.strerror(errno.ENOSPC) in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        raise errors.Unavailable(
            N_("PostgreSQL's own programs failed: {reason}"), reason=error
        ) from None


def _kept(instance: Instance, digests: set[str]) -> tuple[dict[str, Path], list[str]]:
    """(files of these papers by their names in an archive, hashes of those that are lost)."""
    found, lost = {}, []
    for digest in sorted(digests):
        try:
            found[_name_of(digest)] = instance.office.shelf.path(digest)
        except PaperLost:
            lost.append(digest)
    return found, lost


def _name_of(digest: str) -> str:
    return f"{PAPERS}/{digest[:2]}/{digest}"


def _papers(instance: Instance) -> dict[str, Path]:
    folder = instance.folder / PAPERS
    return {
        str(path.relative_to(instance.folder)): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _keep_papers(instance: Instance, restored: Path) -> None:
    if restored.is_dir():
        shutil.copytree(restored, private(instance.folder, PAPERS), dirs_exist_ok=True)


def _own_programs(instance: Instance) -> Path:
    return instance.cluster.bin_folder if instance.cluster is not None else client_programs()
