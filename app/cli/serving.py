"""Serving the pages and the API, and doing the jobs that they defer."""

import errno
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import typer

import app
from app.cli.refusals import one_line
from app.cli.words import _, say
from app.domain.errors import N_, PlumblineError, Unavailable

if TYPE_CHECKING:
    import uvicorn

    from app.core.embedded import Cluster
    from app.core.settings import Settings
    from app.services.instance import Instance

SERVE_HELP = _(
    "Serve the pages and the API; with the embedded database also its jobs. Ctrl-C stops all."
)
WORKER_HELP = _("Do the jobs of a served database, in a process of their own. Ctrl-C stops it.")
VERSION_HELP = _("Print the version.")
HOST = typer.Option(None, "--host", help=_("The address to listen on; else PLUMBLINE_HOST."))
PORT = typer.Option(
    None, "--port", min=1, max=65535, help=_("The port to listen on; else PLUMBLINE_PORT.")
)

_WATCH = 2.0  # seconds between two looks at the embedded database
_TAKEN = N_(
    "{host}:{port} can't be listened on ({reason}): end what uses it, or name another port with"
    " --port or PLUMBLINE_PORT."
)
_NO_PORT = N_(
    "{host}:{port} can't be listened on ({reason}): name another port with --port or"
    " PLUMBLINE_PORT."
)
_NO_ADDRESS = N_("{host} is no address of this machine: name one with --host or PLUMBLINE_HOST.")


def version() -> None:
    print(app.__version__)


def serve(host: str | None = HOST, port: int | None = PORT) -> None:
    from app.core import log
    from app.services.instance import open_instance

    with one_line():
        settings = settings_of(host, port)
        log.configure(settings.log_level)
        # Before the database: a taken port is known at once.
        with listening(settings) as listener:
            embedded = settings.database_url is None
            with open_instance(settings, upgrade=embedded) as instance:
                _first_administrator(instance, _address(settings, *listener.getsockname()[:2]))
                serve_until_stopped(instance, listener)


def _first_administrator(instance: "Instance", address: str) -> None:
    """While there is none, each start prints a new one-use address for the first one."""
    from app.services import first_start

    with instance.office.work(None, use_case="first_start.asked") as tx:
        if first_start.has_administrator(tx):
            return
    try:
        with (
            instance.acting() as session,
            instance.office.work(session, use_case="first_start.make_token") as tx,
        ):
            token = first_start.make_token(tx)
    except PlumblineError as refused:  # serving doesn't need it; the operator finds out why
        say(_("There is no administrator yet: run plumbline user first ({reason})",
              reason=_(refused.reason.message, **refused.reason.values)))  # fmt: skip
        return
    if token is not None:
        say(
            _(
                "There is no administrator yet. The first one begins here, once, within {days}"
                " days: {link}",
                days=first_start.LIFETIME.days,
                link=f"{address}/first-start/{token}",
            )
        )


def worker(
    alive: bool = typer.Option(
        False, "--alive", help=_("Only ask whether a worker is alive: exit code 0 if so, else 1.")
    ),
) -> None:
    from app.core import log
    from app.core.settings import Settings
    from app.jobs.worker import is_alive, run_until_stopped
    from app.services.instance import open_instance

    with one_line():
        settings = Settings()
        log.configure(settings.log_level)
        with open_instance(settings) as instance:
            if not alive:
                run_until_stopped(instance)
            elif not is_alive(instance):
                raise Unavailable(N_("No worker has given a sign of life lately."))


def serve_until_stopped(instance: "Instance", listener: socket.socket) -> None:
    """Answers until Ctrl-C or SIGTERM; what is under way is finished first."""
    import uvicorn

    from app.core.server import configured
    from app.jobs.worker import beside
    from app.main import create_app
    from app.services.demo_door import DemoDoor

    config = configured(
        create_app(instance.office, instance.settings, DemoDoor.read(instance.secrets))
    )
    address = _address(instance.settings, *listener.getsockname()[:2])
    say(_("Plumbline is at {address} (Ctrl-C stops it).", address=address))
    server = uvicorn.Server(config)
    with ExitStack() as stack:
        if instance.cluster is not None:
            stack.enter_context(beside(instance))
            stack.enter_context(_ending_with(instance.cluster, server))
        # uvicorn raises the signal again once it has stopped: here that is the end we asked for.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


@contextmanager
def _ending_with(cluster: "Cluster", server: "uvicorn.Server") -> Iterator[None]:
    """Serving without the embedded database is no use: it ends, and says why."""
    from app.core.embedded import EmbeddedError
    from app.core.embedded.errors import ENDED

    over, lost = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(_WATCH):
            if not cluster.listens():
                lost.set()
                server.should_exit = True
                return

    thread = threading.Thread(target=watch, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if lost.is_set():
        raise EmbeddedError(ENDED, folder=cluster.folder, log=cluster.log)


def settings_of(host: str | None, port: int | None) -> "Settings":
    from app.core.settings import Settings

    given = {"host": host, "port": port}
    said = {name: value for name, value in given.items() if value is not None}
    return Settings().model_copy(update=said)


def listening(settings: "Settings") -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        said = {"host": settings.host, "port": settings.port}
        say(_(_refusal(error), **said, reason=os.strerror(max(error.errno or 0, 0))))
        raise typer.Exit(1) from None


def _refusal(error: OSError) -> str:
    # A resolver's numbers are negative.
    if error.errno == errno.EADDRNOTAVAIL or (error.errno or 0) < 0:
        return _NO_ADDRESS
    return _TAKEN if error.errno == errno.EADDRINUSE else _NO_PORT


def _address(settings: "Settings", host: str, port: int) -> str:
    """Where people reach it: as it is set, else by this machine's name, for which alone browsers
    keep passkeys."""
    if settings.address is None and not host.startswith("127."):
        return f"http://{_shown(host)}:{port}"
    return settings.origin


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
