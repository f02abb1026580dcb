"""The database and its keys: bringing the schema up to date, making a key file."""

from pathlib import Path

import typer

from app.cli.refusals import one_line
from app.cli.words import _, say

db = typer.Typer(help=_("The database's schema."), no_args_is_help=True)
keys = typer.Typer(help=_("The keys that seal what is stored."), no_args_is_help=True)


@db.callback()
def _db() -> None:
    """Keeps `db` a group, however few commands it has."""


@keys.callback()
def _keys() -> None:
    """Keeps `keys` a group, however few commands it has."""


@db.command(
    "upgrade",
    help=_(
        "Make the installation, or bring its schema to this program's version."
        " A served database needs PLUMBLINE_OWNER_URL for this."
    ),
)
def upgrade() -> None:
    from app.core.settings import Settings
    from app.services import installation
    from app.services.instance import open_instance

    with one_line(), open_instance(Settings(), upgrade=True) as instance:
        say(_("The schema is at {revision}.", revision=installation.newest_revision()))
        say(
            _(
                "The operator's password is in {file}.",
                file=instance.secrets / installation.OPERATOR,
            )
        )


@keys.command(
    "make",
    help=_(
        "Write new keys into a new file, readable by this user only."
        " Whoever loses it loses what it sealed: keep a copy apart from the backups."
    ),
)
def make(file: Path = typer.Argument(..., help=_("The file; it must not be there yet."))) -> None:
    from app.core.keys import Keys

    with one_line():
        if file.exists():
            say(_("{file} is there already; keys are never written over.", file=file))
            raise typer.Exit(1)
        Keys.make(file)
        say(_("The keys are in {file}.", file=file))
