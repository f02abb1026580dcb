"""The keys that seal what is stored: making a file of them, changing the one that seals now."""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.backups import AS_JSON
from app.cli.refusals import REFUSED, one_line
from app.cli.words import _, say
from app.core.i18n import N_

if TYPE_CHECKING:
    from app.services.rotation import Rotated

keys = typer.Typer(help=_("The keys that seal what is stored."), no_args_is_help=True)

SEALED = {
    "reporters": N_("reporters"),
    "identity_numbers": N_("identity numbers"),
    "second_factors": N_("second factors"),
    "uploads": N_("uploaded ledgers"),
    "webhook_keys": N_("keys of webhooks"),
    "webhook_secrets": N_("secrets of webhooks"),
}


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


KEY_ONLY = typer.Option(
    False,
    "--key-only",
    help=_("Only write the new key into the file: bring it to every machine, then run again."),
)
RETIRE = typer.Option(
    False,
    "--retire",
    help=_("Only take keys out of the file that nothing needs any more; seal nothing anew."),
)


@keys.command(
    "rotate",
    help=_(
        "Add a new key to the key file and seal everything with it, in batches, while work goes on."
        " It may be stopped at any moment and run again."
        " A served database needs PLUMBLINE_OWNER_URL for this."
    ),
)
def rotate(key_only: bool = KEY_ONLY, retire: bool = RETIRE, as_json: bool = AS_JSON) -> None:
    if key_only and retire:
        raise typer.BadParameter(_("Choose one of --key-only and --retire."))
    with one_line():
        file = _key_file()
        rotated = _done(file, key_only=key_only, retire=retire)
        if as_json:
            print(json.dumps(dataclasses.asdict(rotated), ensure_ascii=False, indent=1))
        else:
            _report(rotated, file)
    if rotated.unreadable:
        raise typer.Exit(REFUSED)


def _done(file: Path, *, key_only: bool, retire: bool) -> "Rotated":
    from app.core.settings import Settings
    from app.services import rotation
    from app.services.instance import open_instance

    if key_only:
        return rotation.make_key(file)
    with open_instance(Settings()) as instance:
        if retire:
            return rotation.retire(instance, file)
        return rotation.rotate(instance, file, tell=_tell)


def _key_file() -> Path:
    from app.core.settings import Settings
    from app.services.instance import key_file

    return key_file(Settings())


def _tell(what: str, done: int, of: int) -> None:
    say(_("{what}: {done} of {of} sealed anew", what=_(SEALED[what]), done=done, of=of))


def _report(rotated: "Rotated", file: Path) -> None:
    if rotated.made:
        say(_("The new key {key} is in {file}.", key=rotated.made, file=file))
    for what, count in rotated.unreadable.items():
        say(
            _(
                "{what}: {count} can't be opened with their key, and stay as they are."
                " Is a key missing from {file}?",
                what=_(SEALED[what]), count=count, file=file,
            )
        )  # fmt: skip
    if rotated.retired:
        say(
            _(
                "Out of the file: {keys}. Backups made until now need them:"
                " keep a copy of the former file with those.",
                keys=", ".join(rotated.retired),
            )
        )
    if rotated.done and not rotated.unreadable:
        say(_("Everything is sealed with {key}.", key=rotated.key))
    if rotated.kept:
        say(_("Still in the file: {keys}.", keys=", ".join(rotated.kept)))
