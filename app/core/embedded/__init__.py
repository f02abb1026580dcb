"""The embedded PostgreSQL: started when none runs on a data folder, shared when one does."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.core.data_folder import claim, private
from app.core.embedded import errors
from app.core.embedded.cluster import (
    ADMIN,
    Cluster,
    ensure_roles,
    make_passwords,
    read_passwords,
)
from app.core.embedded.creation import create
from app.core.embedded.errors import EmbeddedError, explained, user_name
from app.core.embedded.locks import deciding, open_lock, try_lock, unlock
from app.core.embedded.programs import major, runnable_programs
from app.core.embedded.server import Postmaster, Server
from app.core.embedded.service_user import choose_user
from app.core.embedded.sockets import PORT

__all__ = ["Cluster", "EmbeddedError", "running"]

# Servers left to those who still use them; kept, so that Python doesn't complain of the child.
_left_running: list[subprocess.Popen[bytes]] = []


@contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """PostgreSQL on that folder: started when none runs there, else shared.

    Who started it stops it at the end; were others to lose it by that, it is left to them and
    the last one stops it. A server whose starter was killed belongs to the next who comes.
    The settings count for a server that this call starts, not for one that it shares.
    """
    folder = folder.absolute()
    with explained(folder):
        claim(folder)
        locks = private(folder, "lock")
        users = open_lock(locks / "users")
    starter = os.getpid()
    try:
        with explained(folder), deciding(locks / "start", folder) as start_lock:
            alone = try_lock(users)
            server = _server(folder)
            process, cluster = _enter(server, settings or {}, start_lock, adopt=alone)
            try_lock(users, shared=True)
        try:
            with _space_told(server):
                yield cluster
        finally:
            if os.getpid() == starter:  # not in a fork of it
                _leave(server, process, users)
    finally:
        os.close(users)


@contextmanager
def _space_told(server: Server) -> Iterator[None]:
    """A database without space ends, or refuses; who lost it is told what it was."""
    try:
        yield
    except Exception as error:
        if _of_the_database(error) and server.out_of_space():
            raise EmbeddedError(errors.DISK_FULL, folder=server.folder) from error
        raise


def _of_the_database(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, psycopg.Error | EmbeddedError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _server(folder: Path) -> Server:
    data = folder / "pgdata"
    owner = data.lstat().st_uid if data.exists() else None
    user = choose_user(owner)
    if owner not in {None, user.uid}:
        raise EmbeddedError(errors.OWNED_BY_ANOTHER, folder=data, owner=user_name(owner or 0))
    return Server(folder, user, runnable_programs(user, folder))


def _enter(
    server: Server, settings: Mapping[str, str], start_lock: int, *, adopt: bool
) -> tuple[subprocess.Popen[bytes] | None, Cluster]:
    _prepare(server, settings, start_lock)
    found = server.wait()
    process = server.start(settings) if found is None else None
    try:
        found = found or server.wait()
        if found is None:
            raise server.why_not()
        mine = adopt or process is not None
        cluster = _cluster(server, found, started_here=mine)
        if mine:
            ensure_roles(cluster)
    except BaseException:
        if process is not None:
            server.stop(process)
        raise
    return process, cluster


def _prepare(server: Server, settings: Mapping[str, str], start_lock: int) -> None:
    secrets = private(server.folder, "secrets")
    if not server.data.exists():
        make_passwords(secrets)
        password = read_passwords(secrets)[ADMIN]
        create(
            server.data,
            server.user,
            server.bin_folder,
            password=password,
            start_lock=start_lock,
            durable=settings.get("fsync") != "off",
        )
        return
    found = (server.data / "PG_VERSION").read_text(encoding="ascii").strip()
    ours = major(server.bin_folder, server.user)
    if found != ours:
        raise EmbeddedError(errors.OTHER_VERSION, folder=server.folder, found=found, ours=ours)


def _cluster(server: Server, found: Postmaster, *, started_here: bool) -> Cluster:
    return Cluster(
        folder=server.folder,
        socket_dir=found.socket_dir,
        port=PORT,
        started_here=started_here,
        bin_folder=server.bin_folder,
        log=server.log,
        passwords=read_passwords(server.folder / "secrets"),
    )


def _leave(server: Server, process: subprocess.Popen[bytes] | None, users: int) -> None:
    start = server.folder / "lock" / "start"
    with _undisturbed(), explained(server.folder), deciding(start, server.folder):
        unlock(users)
        if try_lock(users):
            server.stop(process)
        elif process is not None:
            _left_running.append(process)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C doesn't keep the first from ending the server."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if former is None else former)
