"""The commands and what they have in common: who acts, how answers and refusals are printed."""

import typer

from app.cli import backups, database, demo, figures, keys, ledgers, profiles, serving, staff
from app.cli.opening import AS_HELP, Caller
from app.cli.words import _

cli = typer.Typer(
    name="plumbline",
    help=_("Case management for disciplinary investigations."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.command("serve", help=serving.SERVE_HELP)(serving.serve)
cli.command("demo", help=demo.DEMO_HELP)(demo.demo)
cli.command("worker", help=serving.WORKER_HELP)(serving.worker)
cli.command("version", help=serving.VERSION_HELP)(serving.version)
cli.command("backup", help=backups.BACKUP_HELP)(backups.backup)
cli.command("restore", help=backups.RESTORE_HELP)(backups.restore)
cli.command("import", help=ledgers.IMPORT_HELP)(ledgers.import_ledger)
cli.command("totals", help=figures.TOTALS_HELP)(figures.totals)
cli.add_typer(profiles.profile, name="profile")
cli.add_typer(database.db, name="db")
cli.add_typer(keys.keys, name="keys")
cli.add_typer(staff.user, name="user")


@cli.callback()
def common(
    context: typer.Context,
    login: str | None = typer.Option(None, "--as", metavar="LOGIN", help=AS_HELP),
) -> None:
    context.obj = Caller(login)


def main() -> None:
    """The entry point. Exit codes: 0 done, 1 refused or findings, 2 wrong usage."""
    cli()
