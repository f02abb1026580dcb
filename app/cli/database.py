"""The database: bringing its schema up to date."""

import typer

from app.cli.refusals import one_line
from app.cli.words import _, say

db = typer.Typer(help=_("The database's schema."), no_args_is_help=True)


@db.callback()
def _db() -> None:
    """Keeps `db` a group, however few commands it has."""


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
