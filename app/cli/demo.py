"""The demo district: loaded once, then served like any other."""

import fcntl
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.refusals import one_line
from app.cli.serving import HOST, PORT, listening, serve_until_stopped, settings_of
from app.cli.words import _, say
from app.domain.errors import N_, Conflict

if TYPE_CHECKING:
    from app.services.demo_door import DemoDoor
    from app.services.instance import Instance

DEMO_HELP = _(
    "Load the invented demo district, the first time, and serve it with a sign-in card per role."
)
LOAD_ONLY = typer.Option(False, "--load-only", help=_("Load it and stop there."))
AS_JSON = typer.Option(False, "--json", help=_("Print names and passwords as JSON."))

Tell = Callable[[int, int], None]
_SECONDS_BETWEEN_LINES = 10


def demo(
    host: str | None = HOST,
    port: int | None = PORT,
    load_only: bool = LOAD_ONLY,
    as_json: bool = AS_JSON,
) -> None:
    from app.core import log
    from app.services.instance import open_instance

    with one_line():
        settings = settings_of(host, port)
        # Who tries it reads names and passwords here, not a line for each request.
        said = "log_level" in settings.model_fields_set
        log.configure(settings.log_level if said else "WARNING")
        if settings.database_url is not None:
            raise Conflict(
                N_("The demo makes a database of its own: unset PLUMBLINE_DATABASE_URL for it.")
            )
        with ExitStack() as stack:
            # Before the database: a taken port is known at once.
            listener = None if load_only else stack.enter_context(listening(settings))
            instance = stack.enter_context(open_instance(settings, upgrade=True))
            _tell(_loaded(instance), as_json=as_json)
            if listener is not None:
                serve_until_stopped(instance, listener)


def _loaded(instance: "Instance") -> "DemoDoor":
    """Load the district unless it is there. A load that was cut off is never taken for one."""
    from app.services import demo as demos
    from app.services.demo_door import DemoDoor

    with _one_at_a_time(instance.folder):
        there = DemoDoor.read(instance.secrets)
        if there is not None:
            return there
        _make_ready(instance)
        with instance.acting() as operator, _progress() as tell:
            return demos.load(
                instance.office,
                owner_url=instance.owner,
                operator=operator,
                secrets_folder=instance.secrets,
                progress=tell,
            )


def _make_ready(instance: "Instance") -> None:
    """A load that was cut off begins anew; anybody's work is never touched."""
    from app.services.installation import about
    from app.services.instance import begin_anew, is_vacant

    with instance.office.work(None, use_case="demo.about") as tx:
        cut_off = about(tx).demo
    if cut_off:
        say(_("Loading the demo was cut off the last time; it begins anew."))
        begin_anew(instance)
    elif not is_vacant(instance):
        raise Conflict(
            N_(
                "The installation in {folder} is in use, and the demo wants an empty one:"
                " name a new folder with PLUMBLINE_DATA."
            ),
            folder=instance.folder,
        )


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two that start at the same moment: the second waits, then finds it loaded."""
    from app.core.data_folder import private

    with (private(folder, "lock") / "demo").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(_("Another process is loading the demo here; waiting for it."))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar at a terminal, a line now and then elsewhere."""
    if sys.stderr.isatty():
        yield from _bar()
    else:
        yield _line_now_and_then()


def _bar() -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(_("Loading the demo district"), total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def _line_now_and_then() -> Tell:
    say(_("Loading the demo district"))
    told = time.monotonic()

    def tell(done: int, whole: int) -> None:
        nonlocal told
        if time.monotonic() - told > _SECONDS_BETWEEN_LINES:
            told = time.monotonic()
            say(f"{100 * done // whole} %")

    return tell


def _tell(door: "DemoDoor", *, as_json: bool) -> None:
    """A name and a password per role; the sign-in page has them as cards as well."""
    if not as_json:
        _print_table(door)
        return
    people = [
        {
            "role": card.role.value,
            "name": card.name,
            "login": card.login,
            "password": door.passwords[card.login],
        }
        for card in door.cards
    ]
    print(json.dumps({"people": people}, ensure_ascii=False, indent=1), flush=True)


def _print_table(door: "DemoDoor") -> None:
    from rich.console import Console
    from rich.table import Table

    from app.cli.words import terminal_locale
    from app.core import i18n
    from app.domain.permissions import ROLE_LABELS

    table = Table(_("Role"), _("Name"), _("User name"), _("Password"))
    for card in door.cards:
        role = i18n.translate(terminal_locale(), ROLE_LABELS[card.role])
        table.add_row(role, card.name, card.login, door.passwords[card.login])
    Console().print(table)
