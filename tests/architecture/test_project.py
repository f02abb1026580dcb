"""What is committed besides the code: pins, the image, the composition, the papers about it."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

import app
from app.cli.main import cli
from app.core.settings import Settings

ROOT = Path(__file__).parents[2]
# In pieces, so that this file isn't found itself.
FORBIDDEN = {
    # `somebody` is who the tests of folders make up.
    "a folder of some machine": "/" + r"((work|farm)/[a-z.]|root/\w+/|home/(?!somebody)\w+/)",
    "an address of a package registry": "https?://[^ \"']+/" + r"(simple\b|packages/[0-9a-f]{2}/)",
    "a private key": "BEGIN [A-Z ]*PRIVATE" + " KEY",
    "a folder beside the repository": r"\.\./" + "shared",
}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)(.*)$", re.IGNORECASE)


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_committed_holds(what: str) -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}: {match[0]}" for match in re.finditer(FORBIDDEN[what], text)
        ]
    assert found == []


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    whole = text.replace("\\\n", " ")
    found = {}
    for line in whole.splitlines():
        if not line or line.lstrip().startswith("#"):
            continue
        match = PIN.match(line)
        assert match, f"not pinned: {line[:80]}"
        assert "--hash=sha256:" in match[3], f"without a hash: {match[1]}"
        found[match[1].lower()] = match[2]
    return found


@pytest.mark.parametrize("name", ["app", "dev"])
def test_every_requirement_is_pinned_with_its_hashes_and_no_address(name: str) -> None:
    assert pins(name)
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "make pins" in text.splitlines()[0]


def test_what_is_asked_for_is_pinned_and_the_tests_run_on_the_same_versions() -> None:
    for name in ("app", "dev"):
        asked = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").split()
        wanted = {each.partition("[")[0].lower() for each in asked if not each.endswith(".txt")}
        assert wanted - {"-r", "-c", "app.in"} <= pins(name).keys()
    assert pins("app").items() <= pins("dev").items()


def test_the_version_is_one_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == app.__version__
    assert compose()["services"]["app"]["image"] == f"plumbline:{app.__version__}"
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(app.__version__)}\b", changes, re.MULTILINE)


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert {"make test", "make check"} <= set(script.splitlines())


# The image and the composition ---------------------------------------------------------------


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return read


def test_the_composition_is_valid() -> None:
    program = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
    done = subprocess.run(
        [*program, "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_no_secret_stands_in_the_composition() -> None:
    services = compose()["services"]
    for name, service in services.items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY", key):
                assert key.endswith("_FILE"), f"{name}: {key}"
            assert not re.search("://[^/@]+:[^/@]+@", str(value)), f"{name}: {key}"
    for place in compose()["secrets"].values():
        assert place["file"].startswith("deploy/secrets/")
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_only_the_upgrade_knows_the_owner() -> None:
    knowing = {
        name
        for name, service in compose()["services"].items()
        if "owner_password" in service.get("secrets", ())
    }
    assert knowing == {"database", "upgrade"}


def test_every_service_is_watched_and_none_is_open_to_the_network() -> None:
    services = compose()["services"]
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name, service in services.items():
        if service["restart"] != "no":
            assert "healthcheck" in service or "HEALTHCHECK" in image, name
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name
        if "build" in service:
            assert service["cap_drop"] == ["ALL"]
            assert service["read_only"] is True


def test_the_image_does_not_run_as_root_and_holds_no_secret() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last_stage = lines[max(at for at, line in enumerate(lines) if line.startswith("FROM ")) :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER ")]
    assert users == ["10001:10001"]
    assert not any(re.match("(ARG|ENV).*(PASSWORD|SECRET|TOKEN|KEY)", line) for line in lines)
    assert "--require-hashes" in "\n".join(lines)
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert "*" in sent  # nothing goes in but what is named
    assert {line for line in sent if line.startswith("!")} == {
        "!pyproject.toml",
        "!requirements/app.txt",
        "!alembic",
        "!app",
        "!docs/guide",
    }


# What the papers say -------------------------------------------------------------------------

READMES = ["README.md", "README.zh.md"]


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_names_every_setting_and_no_other(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(PLUMBLINE_[A-Z_]+)`", text, re.MULTILINE))
    assert named == {f"PLUMBLINE_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_names_every_command_and_no_other(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `plumbline ([a-z]+(?: [a-z]+)?)", text, re.MULTILINE))
    assert named == commands()


@pytest.mark.parametrize("readme", READMES)
def test_every_target_that_a_readme_names_exists(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= targets


def typed(readme: str) -> list[str]:
    """What a reader types or finds, without the words beside it."""
    lines = (ROOT / readme).read_text(encoding="utf-8").splitlines()
    code = [line.strip() for line in lines if line.startswith("    ")]
    return [re.split(r"\s{2,}", line)[0] for line in code]


def test_both_readmes_have_the_same_to_type_under_as_many_headings() -> None:
    english, chinese = READMES
    assert typed(english) == typed(chinese)
    assert len(typed(english)) > 30
    headings = [
        [line.partition(" ")[0] for line in (ROOT / readme).read_text("utf-8").splitlines()
         if line.startswith("#")]
        for readme in READMES
    ]  # fmt: skip
    assert headings[0] == headings[1]


def commands() -> set[str]:
    root: Any = get_command(cli)
    return {
        f"{name} {inner}".strip()
        for name, command in root.commands.items()
        for inner in getattr(command, "commands", {"": None})
    }


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_says_what_it_does_in_both_languages(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli.words import _

    node: Any = get_command(cli)
    for name in command.split():
        node = node.commands[name]
    assert node.help
    for option in node.params:
        if option.name not in ("help",):
            assert getattr(option, "help", None), option.name
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert _(node.help) != node.help


def test_papers_that_people_look_for_are_there() -> None:
    for name in ("LICENSE", "CONTRIBUTING.md", "SECURITY.md", "docs/operations.md"):
        assert (ROOT / name).stat().st_size > 500, name
    assert list((ROOT / "docs" / "adr").glob("0001-*.md"))
