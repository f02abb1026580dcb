"""Every command explains itself, prints data for programs, and ends with 2 where it is misused."""

from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from app.cli.main import cli

# What prints something to read; the others only do something and say so.
DATA = {
    "keys rotate",
    "backup",
    "demo",
    "import",
    "profile check",
    "restore",
    "totals",
    "user add",
    "user first",
    "user link",
}


def _commands() -> dict[str, Any]:
    root: Any = get_command(cli)
    return {
        f"{name} {inner}".strip(): found
        for name, command in root.commands.items()
        for inner, found in getattr(command, "commands", {"": command}).items()
    }


COMMANDS = _commands()


@pytest.mark.parametrize("command", COMMANDS)
def test_its_help_names_every_option(command: str) -> None:
    for asked in ("--help", "-h"):
        told = CliRunner().invoke(cli, [*command.split(), asked], env={"COLUMNS": "200"})
        assert told.exit_code == 0
        for parameter in COMMANDS[command].params:
            assert parameter.opts[-1] in told.output, parameter.name


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_usage_is_two_and_does_nothing(command: str) -> None:
    assert CliRunner().invoke(cli, [*command.split(), "--no-such-option"]).exit_code == 2


@pytest.mark.parametrize("group", sorted({name.split()[0] for name in COMMANDS if " " in name}))
def test_a_group_alone_says_what_is_in_it(group: str) -> None:
    told = CliRunner().invoke(cli, [group, "--help"])
    assert told.exit_code == 0
    assert all(name.split()[1] in told.output for name in COMMANDS if name.startswith(f"{group} "))
    assert CliRunner().invoke(cli, [group]).exit_code == 2


def test_what_prints_data_prints_it_as_json_too() -> None:
    able = {
        name
        for name, command in COMMANDS.items()
        if any("--json" in parameter.opts for parameter in command.params)
    }
    assert able == DATA


def test_none_acts_as_somebody_else_by_an_argument_with_a_password() -> None:
    """Arguments are everybody's to read."""
    for name, command in COMMANDS.items():
        assert not any("password" in " ".join(each.opts) for each in command.params), name
