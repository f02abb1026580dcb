"""Serving the pages and the API, and doing the jobs that they defer."""

import os
import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

import typer

import app
from app.cli.refusals import one_line
from app.cli.words import _, say
from app.domain.errors import N_, Unavailable

if TYPE_CHECKING:
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

_PATIENCE = 5  # seconds that answers under way are given when it stops


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
                serve_until_stopped(instance, listener)


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

    from app.jobs.worker import beside
    from app.main import create_app
    from app.services.demo_door import DemoDoor

    config = uvicorn.Config(
        create_app(instance.office, instance.settings, DemoDoor.read(instance.secrets)),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
        lifespan="off",
    )
    host, port = listener.getsockname()[:2]
    say(_("Plumbline is at {address} (Ctrl-C stops it).", address=f"http://{_shown(host)}:{port}"))
    with ExitStack() as stack:
        if instance.cluster is not None:
            stack.enter_context(beside(instance))
        # uvicorn raises the signal again once it has stopped: here that is the end we asked for.
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            return


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
        say(
            _(
                "{host}:{port} can't be listened on ({reason}): end what uses it, or name another"
                " port with --port or PLUMBLINE_PORT.",
                host=settings.host,
                port=settings.port,
                reason=os.strerror(error.errno or 0),
            )
        )
        raise typer.Exit(1) from None


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
