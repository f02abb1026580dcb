"""An installation, opened: its database, its keys, and the account that the command line acts as.

Embedded, all of it stands in the data folder and is made at the first start. Served, the
addresses and the key file are given, and only `plumbline db upgrade` changes the schema.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.core import db
from app.core.clock import Clock
from app.core.data_folder import claim, data_folder, private
from app.core.embedded import Cluster, running
from app.core.embedded.errors import explained
from app.core.keys import Keys
from app.core.settings import Settings
from app.core.shelf import Shelf
from app.domain import errors
from app.domain.errors import N_
from app.repositories import instance as rows
from app.repositories.installation import as_owner
from app.repositories.work import Office
from app.services import accounts, installation, name_keys

PAPERS = "papers"  # below the data folder

# A command's or a job's session; it is ended when the work is done.
_LIFETIME = timedelta(hours=4)

_NOT_YET = N_("There is no installation here yet: make it with plumbline db upgrade.")


@dataclass(frozen=True)
class Instance:
    """`cluster` is None where the database is served."""

    office: Office
    settings: Settings
    folder: Path
    owner_url: str | None
    cluster: Cluster | None

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def started_here(self) -> bool:
        """Whether this process started the embedded database, and will stop it."""
        return self.cluster is not None and self.cluster.started_here

    @property
    def owner(self) -> str:
        """The address of the database's owner. Raises Unavailable where none was given."""
        if self.owner_url is None:
            raise errors.Unavailable(
                N_("This needs the database's owner: name its address with PLUMBLINE_OWNER_URL.")
            )
        return self.owner_url

    @contextmanager
    def acting(self, login: str | None = None, password: str | None = None) -> Iterator[str]:
        """The secret of a session that ends with the block; the operator's without a login.

        Raises NotSignedIn, Throttled, Unavailable.
        """
        if login is None or password is None:
            login, password = installation.OPERATOR, self._operator_password()
        session = accounts.sign_in(
            self.office, login=login, password=password, lifetime=_LIFETIME
        ).session
        try:
            yield session
        finally:
            with self.office.work(session, use_case="accounts.sign_out") as tx:
                accounts.sign_out(tx)

    def _operator_password(self) -> str:
        path = self.secrets / installation.OPERATOR
        try:
            return path.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            raise errors.Unavailable(
                N_("The operator's password in {file} can't be read: name an account with --as."),
                file=path,
            ) from None


@contextmanager
def open_instance(
    settings: Settings, *, upgrade: bool = False, vacant: bool = False
) -> Iterator[Instance]:
    """Open the installation that the settings name.

    With `upgrade` it may be made or brought to this program's version; else it must be there
    already. With `vacant` nothing is asked of the schema at all: for restoring.
    Raises Unavailable, also where its days are those of another zone; EmbeddedError, KeyFileError.
    """
    folder = data_folder(str(settings.data) if settings.data else None)
    if settings.database_url is None:
        if not (upgrade or vacant or (folder / "pgdata").exists()):
            raise errors.Unavailable(_NOT_YET)
        with running(folder) as cluster:
            found = _found(cluster.owner_url)
            keys = _keys(settings, folder=folder, installed=found is not None or vacant)
            with _opened(settings, folder, cluster.app_url, cluster.owner_url, keys, cluster) as it:
                _made_ready(it, found, upgrade=upgrade, vacant=vacant)
                yield it
        return
    with explained(folder):
        claim(folder)
        private(folder, "secrets")
    keys = _keys(settings, folder=folder, installed=True)
    url = _address("DATABASE", settings.database_url, settings.database_password_file)
    owner_url = None
    if settings.owner_url is not None:
        owner_url = _address("OWNER", settings.owner_url, settings.owner_password_file)
    found = _found(owner_url if upgrade and owner_url else url)
    with _opened(settings, folder, url, owner_url, keys, None) as it:
        _made_ready(it, found, upgrade=upgrade, vacant=vacant)
        yield it


@contextmanager
def _opened(
    settings: Settings,
    folder: Path,
    url: str,
    owner_url: str | None,
    keys: Keys,
    cluster: Cluster | None,
) -> Iterator[Instance]:
    engine = db.make_engine(url, pool_size=settings.pool_size)
    try:
        office = Office(
            engine=engine,
            clock=Clock(settings.zone),
            keys=keys,
            shelf=Shelf(folder / PAPERS),
        )
        yield Instance(office, settings, folder, owner_url, cluster)
    finally:
        engine.dispose()


def _made_ready(instance: Instance, found: str | None, *, upgrade: bool, vacant: bool) -> None:
    if vacant:
        return
    if found is not None and not installation.knows(found):
        raise errors.Unavailable(
            N_("The database was written by a newer Plumbline (schema {found}): use that one."),
            found=found,
        )
    if upgrade:
        bring_up(instance)
    elif found is None:
        raise errors.Unavailable(_NOT_YET)
    elif found != installation.newest_revision():
        raise errors.Unavailable(N_("The database waits for an upgrade: run plumbline db upgrade."))
    else:
        with db.transaction(instance.office.engine) as tx:
            installation.check_zone(tx, instance.office.clock.zone)


def bring_up(instance: Instance) -> None:
    """Make the installation, or bring it to this program's version: schema, profiles, operator,
    and keys for names that were entered before there were any."""
    installation.install(
        instance.owner,
        secrets_folder=instance.secrets,
        clock=instance.office.clock,
        profile=instance.settings.profile,
    )
    name_keys.fill(instance.owner)


def is_vacant(instance: Instance) -> bool:
    """Whether it holds nothing but what its first start made."""
    with as_owner(instance.owner) as tx:
        return rows.is_vacant(tx)


def begin_anew(instance: Instance) -> None:
    """Away with all that it holds, then as at its first start; keys stay. For what was cut off
    before anybody could work with it."""
    instance.office.engine.dispose()
    with as_owner(instance.owner) as tx:
        rows.clear(tx)
    bring_up(instance)


def _found(url: str) -> str | None:
    engine = db.make_engine(url, pool_size=1)
    try:
        with db.transaction(engine) as tx:
            return rows.revision(tx)
    finally:
        engine.dispose()


def _address(role: str, url: str, password_file: Path | None) -> str:
    """The whole address. Raises Unavailable where its password is one that anybody tries first."""
    if password_file is not None:
        try:
            url = db.with_password(url, password_file.read_text(encoding="utf-8").strip())
        except (OSError, ValueError):
            raise errors.Unavailable(
                N_("The password file {file} can't be read."), file=password_file
            ) from None
    if db.guessable(url):
        raise errors.Unavailable(
            N_("The password in {place} can be guessed: give that role of the database another."),
            place=password_file or f"PLUMBLINE_{role}_URL",
        )
    return url


def key_file(settings: Settings) -> Path:
    """The given key file, else the one beside the data. Raises Unavailable."""
    if settings.keys_file is not None:
        return settings.keys_file
    if settings.database_url is not None:
        raise errors.Unavailable(
            N_(
                "A served database needs keys of its own: make a file with plumbline keys make,"
                " and name it with PLUMBLINE_KEYS_FILE."
            )
        )
    return data_folder(str(settings.data) if settings.data else None) / "secrets" / "keys.json"


def _keys(settings: Settings, *, folder: Path, installed: bool) -> Keys:
    """The given file's, else those beside the data, which the first start makes."""
    path = key_file(settings)
    if settings.keys_file is not None or path.exists():
        return Keys.read(path)
    if installed:
        raise errors.Unavailable(
            N_(
                "The key file {file} is missing, and what it sealed can't be read without it:"
                " put it back, or name it with PLUMBLINE_KEYS_FILE."
            ),
            file=path,
        )
    with explained(folder):
        return Keys.make(path)
