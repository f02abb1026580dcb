"""A backup holds everything but the keys, and is believed only when it proves itself."""

import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core import archive, db
from app.core.keys import Keys
from app.core.settings import Settings
from app.core.shelf import Shelf
from app.domain.errors import Conflict, NotSignedIn
from app.repositories.work import Office
from app.services import accounts, installation
from app.services.backup import restore_backup, write_backup
from app.services.instance import Instance, begin_anew, bring_up, is_vacant
from tests.build_matters import verified
from tests.build_papers import attach, pdf
from tests.builders import SetClock, World
from tests.conftest import Databases

Make = Callable[[str], Instance]


@pytest.fixture
def instance(office: Office, databases: Databases, tmp_path: Path) -> Instance:
    """The district's office with a data folder of its own."""
    name = office.engine.url.database
    assert name is not None
    return _instance(office, databases, name, tmp_path / "original")


@pytest.fixture
def make_empty(databases: Databases, tmp_path: Path) -> Iterator[Make]:
    """Databases in which there is nothing at all."""
    with ExitStack() as stack:

        def make(name: str) -> Instance:
            databases.cluster.create_database(name)
            stack.callback(databases.cluster.drop_database, name)
            office = databases.office(name)
            stack.callback(office.engine.dispose)
            return _instance(office, databases, name, tmp_path / name)

        yield make


def _instance(office: Office, databases: Databases, name: str, folder: Path) -> Instance:
    secrets = folder / "secrets"
    secrets.mkdir(parents=True, mode=0o700)
    password = (databases.secrets / "operator").read_text(encoding="ascii")
    (secrets / "operator").write_text(password, encoding="ascii")
    owner_url = databases.cluster.url("owner", name)
    office = replace(office, shelf=Shelf(folder / "papers"))
    return Instance(office, Settings(), folder, owner_url, databases.cluster)


@pytest.fixture
def backup(instance: Instance, tmp_path: Path) -> Path:
    target = tmp_path / "backup.plumbline"
    with instance.acting() as session:
        write_backup(instance, session, target)
    instance.office.engine.dispose()
    return target


def content(instance: Instance, query: str) -> list[DictRow]:
    conninfo = db.conninfo(instance.owner)
    with psycopg.connect(conninfo, row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(query).fetchall()


ACCOUNTS = "SELECT login, name FROM account ORDER BY login"


def test_what_is_restored_is_what_was_there(
    instance: Instance, backup: Path, make_empty: Make
) -> None:
    restored = make_empty("restored")
    manifest = restore_backup(restored, backup)
    assert content(restored, ACCOUNTS) == content(instance, ACCOUNTS)
    assert len(content(restored, ACCOUNTS)) > 10
    assert manifest["tables"]["public.account"][0] == len(content(instance, ACCOUNTS))
    assert set(manifest["totals"]) >= {"leads", "recovered_yuan"}


def test_a_machine_that_stands_in_may_have_its_clock_behind(backup: Path, make_empty: Make) -> None:
    restored = make_empty("restored")
    clock = restored.office.clock
    assert isinstance(clock, SetClock)
    clock.set(clock.today() - timedelta(days=2))
    manifest = restore_backup(restored, backup)
    assert date.fromisoformat(manifest["as_of"]) > clock.today()


def test_whoever_followed_the_history_begins_anew_after_a_restore(
    backup: Path, make_empty: Make, instance: Instance
) -> None:
    restored = make_empty("restored")
    restore_backup(restored, backup)
    eras = "SELECT id, after_seq FROM history_era ORDER BY begun_at"
    before, after = content(instance, eras), content(restored, eras)
    assert after[:-1] == before
    [end] = content(restored, "SELECT coalesce(max(seq), 0) AS seq FROM audit_event")
    assert after[-1]["after_seq"] >= max(0, end["seq"] - 20)


def test_row_security_and_guards_come_back_with_it(
    backup: Path, make_empty: Make, instance: Instance
) -> None:
    """The application's role still owns nothing, and the guard still owns its functions."""
    restored = make_empty("restored")
    restore_backup(restored, backup)
    for query in (
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname",
        "SELECT p.oid::regprocedure::text AS function, r.rolname, p.proacl::text, p.proconfig::text"
        "  FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
        " WHERE p.pronamespace IN ('guard'::regnamespace, 'jobs'::regnamespace) ORDER BY 1",
        "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies"
        " ORDER BY 1, 2",
        "SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t"
        "  JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY 1, 2",
    ):
        assert content(restored, query) == content(instance, query)
        assert content(restored, query)


def test_everybody_signs_in_anew_and_the_operator_with_a_new_password(
    backup: Path, make_empty: Make, world: World
) -> None:
    restored = make_empty("restored")
    before = (restored.secrets / "operator").read_text()
    restore_backup(restored, backup)
    with (
        pytest.raises(NotSignedIn),
        restored.office.work(world.investigator.session, use_case="tests.enter"),
    ):
        pass
    assert (restored.secrets / "operator").read_text() != before
    with restored.acting() as session, restored.office.work(session, use_case="tests.me") as tx:
        assert accounts.me(tx)["login"] == installation.OPERATOR


def test_no_key_and_no_password_is_in_it(instance: Instance, backup: Path) -> None:
    held = backup.read_bytes()
    keys = instance.office.keys
    for key in (*keys.fields.values(), *keys.tokens.values(), keys.index, keys.forms):
        assert key not in held
    with tarfile.open(backup) as tar:
        assert tar.getnames() == [archive.MANIFEST, "database.dump"]
    assert backup.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def paper(instance: Instance, world: World) -> Path:
    """The file of a paper that is attached to a lead."""
    there = World(instance.office, world.plan)
    attach(there, there.investigator, verified(there), pdf())
    return next(each for each in (instance.folder / "papers").rglob("*") if each.is_file())


def written(instance: Instance, target: Path) -> dict[str, Any]:
    with instance.acting() as session:
        return write_backup(instance, session, target)


def test_papers_come_along(
    instance: Instance, paper: Path, make_empty: Make, tmp_path: Path
) -> None:
    orphan = paper.with_name(paper.name[:2] + "0" * 62)
    orphan.touch()
    content = paper.read_bytes()
    manifest = written(instance, tmp_path / "backup.plumbline")
    assert len(manifest["files"]) == 2
    assert manifest["lost_papers"] == []
    restored = make_empty("restored")
    restore_backup(restored, tmp_path / "backup.plumbline")
    there = restored.folder / paper.relative_to(instance.folder)
    assert there.read_bytes() == content
    assert not there.with_name(orphan.name).exists()
    assert restored.office.shelf.read(paper.name) == content


@pytest.mark.parametrize("harm", ["gone", "rotten"])
def test_a_paper_that_is_lost_is_named_and_the_rest_is_saved(
    instance: Instance, paper: Path, make_empty: Make, tmp_path: Path, harm: str
) -> None:
    if harm == "gone":
        paper.unlink()
    else:
        paper.write_bytes(b"something else")
    manifest = written(instance, tmp_path / "backup.plumbline")
    assert manifest["lost_papers"] == [paper.name]
    restored = make_empty("restored")
    assert restore_backup(restored, tmp_path / "backup.plumbline")["lost_papers"] == [paper.name]
    assert list((restored.folder / "papers").rglob("*")) == []


def test_a_backup_from_which_a_paper_was_taken_is_refused(
    instance: Instance, paper: Path, make_empty: Make, tmp_path: Path
) -> None:
    """Or exchanged: the archive's own hashes fit then, and the paper's name doesn't."""
    whole, changed = tmp_path / "backup.plumbline", tmp_path / "changed.plumbline"
    written(instance, whole)
    archive.unpack(whole, tmp_path / "unpacked")
    manifest = archive.read_manifest(whole)
    exchanged = tmp_path / "exchanged"
    exchanged.write_bytes(b"another receipt")
    for name, files in (
        ("taken", {}),
        ("exchanged", {f"papers/{paper.name[:2]}/{paper.name}": exchanged}),
    ):
        changed.unlink(missing_ok=True)
        database = {"database.dump": tmp_path / "unpacked" / "database.dump"}
        archive.write(changed, manifest, {**database, **files})
        empty = make_empty(f"restored_{name}")
        with pytest.raises(Conflict, match="lacks papers"):
            restore_backup(empty, changed)
        assert list((empty.folder / "papers").rglob("*")) == []


def test_other_keys_are_refused_by_name_before_anything_is_touched(
    backup: Path, make_empty: Make, tmp_path: Path
) -> None:
    empty = make_empty("restored")
    others = replace(empty.office, keys=Keys.make(tmp_path / "others.json"))
    with pytest.raises(Conflict, match=r"fields\.f1 [0-9a-f]{16}"):
        restore_backup(replace(empty, office=others), backup)
    assert content(empty, "SELECT to_regclass('account') AS there") == [{"there": None}]


def test_an_installation_in_which_somebody_worked_is_refused(
    instance: Instance, backup: Path
) -> None:
    with pytest.raises(Conflict, match="isn't empty"):
        restore_backup(instance, backup)
    assert len(content(instance, ACCOUNTS)) > 10


def test_a_first_start_is_still_empty(backup: Path, make_empty: Make) -> None:
    started = make_empty("restored")
    installation.install(
        started.owner,
        secrets_folder=started.secrets,
        clock=started.office.clock,
        profile="cn-discipline",
    )
    restore_backup(started, backup)
    assert len(content(started, ACCOUNTS)) > 10


def _changed(backup: Path, target: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The same backup with another manifest, as somebody would forge it."""
    folder = target.with_suffix(".d")
    folder.mkdir()
    archive.unpack(backup, folder)
    manifest = archive.read_manifest(backup)
    change(manifest)
    archive.write(target, manifest, {"database.dump": folder / "database.dump"})
    return target


@pytest.mark.parametrize(
    ("what", "words"),
    [("tables", "isn't what was backed up"), ("totals", "figures")],
)
def test_a_difference_keeps_nothing(
    backup: Path, make_empty: Make, tmp_path: Path, what: str, words: str
) -> None:
    def change(manifest: dict[str, Any]) -> None:
        if what == "tables":
            manifest["tables"]["public.account"][1] = "1"
        else:
            manifest["totals"]["recovered_yuan"] = "0.01"

    empty = make_empty("restored")
    with pytest.raises(Conflict, match=words):
        restore_backup(empty, _changed(backup, tmp_path / "changed.plumbline", change))
    assert content(empty, "SELECT to_regclass('account') AS there") == [{"there": None}]
    restore_backup(empty, backup)  # and the place can still be used


def test_a_restore_that_failed_leaves_room_for_a_first_start(
    backup: Path, make_empty: Make, tmp_path: Path
) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["totals"]["recovered_yuan"] = "0.01"

    empty = make_empty("restored")
    with pytest.raises(Conflict):
        restore_backup(empty, _changed(backup, tmp_path / "changed.plumbline", change))
    bring_up(empty)
    assert content(empty, ACCOUNTS) == [{"login": "operator", "name": "操作员 Operator"}]


def test_what_was_cut_off_begins_anew_with_its_keys(instance: Instance) -> None:
    """As after a demo that was half loaded: nothing of it is left, and a first start is."""
    assert not is_vacant(instance)
    begin_anew(instance)
    assert is_vacant(instance)
    with instance.acting() as session, instance.office.work(session, use_case="tests.me") as tx:
        assert accounts.me(tx)["login"] == installation.OPERATOR


def test_a_backup_to_nowhere_says_where_it_could_not_go(instance: Instance) -> None:
    nowhere = instance.folder / "no" / "such" / "folder" / "backup.plumbline"
    with instance.acting() as session, pytest.raises(Conflict, match=str(nowhere.parent)):
        write_backup(instance, session, nowhere)


@pytest.mark.parametrize("at", [0.3, 0.999], ids=["cut off", "one byte"])
def test_a_damaged_file_is_refused(
    backup: Path, make_empty: Make, tmp_path: Path, at: float
) -> None:
    held = bytearray(backup.read_bytes())
    damaged = tmp_path / "damaged.plumbline"
    if at < 0.5:
        damaged.write_bytes(held[: int(len(held) * at)])
    else:
        held[len(held) // 2] ^= 0xFF
        damaged.write_bytes(held)
    with pytest.raises(Conflict, match="damaged"):
        restore_backup(make_empty("restored"), damaged)


def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    evil.write_text("x")
    source = tmp_path / "evil.tar"
    archive.write(source, {}, {"../outside": evil})
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(archive.ArchiveDamaged):
        archive.unpack(source, folder)
    assert not (tmp_path / "outside").exists()


def test_what_a_newer_program_wrote_is_refused(
    backup: Path, make_empty: Make, tmp_path: Path
) -> None:
    newer = _changed(
        backup, tmp_path / "newer.plumbline", lambda manifest: manifest.update(revision="9999")
    )
    with pytest.raises(Conflict, match="newer"):
        restore_backup(make_empty("restored"), newer)


def test_a_backup_never_replaces_another(instance: Instance, backup: Path) -> None:
    before = backup.read_bytes()
    with instance.acting() as session, pytest.raises(Conflict, match="there already"):
        write_backup(instance, session, backup)
    assert backup.read_bytes() == before


def test_its_manifest_can_be_read_by_anybody(backup: Path) -> None:
    with tarfile.open(backup) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        manifest = json.load(member)
    assert manifest["revision"] == installation.newest_revision()
    assert set(manifest["keys"]) == {"fields.f1", "index"}
    assert set(manifest["files"]) == {"database.dump"}
