"""Accounts from the command line: the first ones, before anybody can sign in to the pages."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from app.cli.opening import Caller
from app.cli.refusals import one_line
from app.cli.words import _
from app.domain import errors
from app.domain.errors import N_
from app.domain.permissions import Clearance, Role

if TYPE_CHECKING:
    from app.repositories.work import Work

user = typer.Typer(help=_("Accounts: make one, give a new password link."), no_args_is_help=True)

LOGIN = typer.Argument(..., help=_("The name to sign in with."))
ADDRESS = typer.Option(
    None,
    "--address",
    metavar="URL",
    help=_("Where people reach Plumbline, to be put before the link."),
)
AS_JSON = typer.Option(False, "--json", help=_("Print the answer as JSON."))


@user.command(
    "add",
    help=_("Make an account, and print a link with which its holder sets the password, once."),
)
def add(
    context: typer.Context,
    login: str = LOGIN,
    name: str = typer.Option(..., "--name", help=_("The person's name.")),
    role: Role | None = typer.Option(None, "--role", help=_("A role to hold from today.")),
    unit: str | None = typer.Option(
        None, "--unit", metavar="CODE", help=_("The unit to work in, and to hold the role on.")
    ),
    clearance: str = typer.Option(
        "normal", "--clearance", help=_("What it is cleared for: normal, restricted or sealed.")
    ),
    locale: str = typer.Option("zh_CN", "--language", help=_("The pages' language: zh_CN or en.")),
    address: str | None = ADDRESS,
    as_json: bool = AS_JSON,
) -> None:
    from app.services import accounts, units

    with one_line():
        caller: Caller = context.obj
        if role is not None and unit is None and role not in accounts.ON_INSTALLATION:
            raise errors.Invalid.of("--unit", N_("This role is held on a unit: say which."))
        with caller.work("accounts.create") as tx:
            unit_id = units.unit_coded_in(tx, unit, field="--unit")["id"] if unit else None
            account_id = accounts.create_account(
                tx,
                login=login,
                name=name,
                unit_id=unit_id,
                clearance=_clearance(clearance),
                locale=_language(locale),
            )
            if role is not None:
                accounts.grant_role(tx, account_id=account_id, role=role, unit_id=unit_id)
            token = accounts.make_password_link(tx, account_id)
        _print_link(login, token, address, as_json=as_json)


@user.command(
    "link",
    help=_("Print a new link with which an account's holder sets the password; old ones end."),
)
def link(
    context: typer.Context,
    login: str = LOGIN,
    address: str | None = ADDRESS,
    as_json: bool = AS_JSON,
) -> None:
    from app.services import accounts

    with one_line():
        caller: Caller = context.obj
        with caller.work("accounts.make_password_link") as tx:
            token = accounts.make_password_link(tx, _account(tx, login))
        _print_link(login, token, address, as_json=as_json)


@user.command(
    "first",
    help=_("Print a one-use address for the first administrator, while there is none."),
)
def first(context: typer.Context, address: str | None = ADDRESS, as_json: bool = AS_JSON) -> None:
    from app.services import first_start

    with one_line():
        caller: Caller = context.obj
        with caller.work("first_start.make_token") as tx:
            token = first_start.make_token(tx)
        if token is None:
            raise errors.Conflict(N_("There is an administrator already."))
        url = f"{_place(address)}/first-start/{token}"
        days = first_start.LIFETIME.days
        if as_json:
            print(json.dumps({"link": url, "days": days}, ensure_ascii=False))
            return
        print(_("The first administrator begins here, once, within {days} days:", days=days))
        print(url)


def _place(address: str | None) -> str:
    from app.core.settings import Settings

    return (address or Settings().origin).rstrip("/")


def _account(tx: "Work", login: str) -> UUID:
    from app.services import accounts

    found = accounts.list_accounts(tx, search=login, after=None, limit=1000)
    for row in found:
        if row["login"].casefold() == login.casefold():
            account_id: UUID = row["id"]
            return account_id
    raise errors.NotFound(N_("There is no account {login} that you administer."), login=login)


def _clearance(word: str) -> Clearance:
    with suppress(KeyError):
        return Clearance[word.upper()]
    raise typer.BadParameter(_("Say normal, restricted or sealed."), param_hint="--clearance")


def _language(locale: str) -> str:
    if locale not in ("zh_CN", "en"):
        raise typer.BadParameter(_("Say zh_CN or en."), param_hint="--language")
    return locale


def _print_link(login: str, token: str, address: str | None, *, as_json: bool) -> None:
    from app.core.settings import Settings
    from app.services import accounts

    settings = Settings()
    place = (address or f"http://{settings.host}:{settings.port}").rstrip("/")
    url = f"{place}/password/{token}"
    days = accounts.LINK_LIFETIME // timedelta(days=1)
    if as_json:
        print(json.dumps({"login": login, "link": url, "days": days}, ensure_ascii=False))
        return
    print(_("With this link {login} sets a password, once, within {days} days:",
            login=login, days=days))  # fmt: skip
    print(url)
