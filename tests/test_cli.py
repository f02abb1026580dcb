"""The operator's commands on one installation, each run as a person runs it."""

import json
import re
from pathlib import Path

import pytest

from app.domain.permissions import Role
from tests.commands import printed, refusal, run

DISTRICT = Path(__file__).parent / "data" / "district-2018"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the district's units."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    assert run("db", "upgrade", data=folder).returncode == 0
    taken = run("import", "units", str(DISTRICT / "units.csv"), "--commit", data=folder)
    assert taken.returncode == 0, taken.stderr
    return folder


@pytest.fixture(scope="module")
def token(data: Path) -> str:
    """Somebody's way in: an administrator's first password."""
    answer = printed(
        run("user", "add", "wang", "--name", "王芳", "--role", "administrator", "--unit", "YC",
            "--json", data=data)
    )  # fmt: skip
    return str(answer["link"]).rpartition("/")[2]


def test_every_command_has_help_and_wrong_usage_is_two() -> None:
    told = run("--help")
    assert told.returncode == 0
    assert {"serve", "worker", "demo", "backup", "restore", "import", "totals"} <= set(
        told.stdout.split()
    )
    assert run("import", "leads").returncode == 2
    assert run("nothing-like-it").returncode == 2
    assert re.fullmatch(r"\d+\.\d+\.\d+", run("version").stdout.strip())


def test_a_trial_keeps_nothing_and_says_what_would_happen(data: Path) -> None:
    ledger = str(DISTRICT / "petitions-backlog.csv")
    answer = printed(run("import", "petitions", ledger, "--json", data=data))
    assert answer["trial"] is True
    assert answer["rows"] == 103
    assert printed(run("totals", "--as-of", "2018-09-30", "--json", data=data))["petitions"] == 0


def test_the_same_file_twice_changes_nothing_and_says_so(data: Path) -> None:
    again = run("import", "units", str(DISTRICT / "units.csv"), "--commit", data=data)
    assert again.returncode == 0
    assert "imported before" in again.stdout
    assert "426 known already" in again.stdout


def test_rejected_rows_come_back_in_a_workbook_and_are_a_finding(
    data: Path, tmp_path: Path
) -> None:
    head, *rows = (DISTRICT / "petitions-backlog.csv").read_text("gb18030").splitlines()
    ledger, report = tmp_path / "ledger.csv", tmp_path / "rejected.xlsx"
    broken = re.sub(r"2018/\d\d/\d\d", "2018/13/45", rows[-1])
    ledger.write_text("\n".join([head, broken]), encoding="utf-8")
    done = run("import", "petitions", str(ledger), "--report", str(report), data=data)
    assert done.returncode == 1
    assert "1 rejected" in done.stdout
    assert report.read_bytes().startswith(b"PK")
    said = refusal(run("import", "petitions", str(ledger), "--report", str(report), data=data))
    assert str(report) in said  # never written over


def test_a_map_that_cannot_be_read_is_said(data: Path, tmp_path: Path) -> None:
    words = tmp_path / "map.json"
    words.write_text("{", encoding="utf-8")
    ledger = str(DISTRICT / "units.csv")
    assert "JSON" in refusal(run("import", "units", ledger, "--map", str(words), data=data))


def test_totals_of_a_unit_that_is_not_there(data: Path) -> None:
    assert "no such unit" in refusal(run("totals", "--unit", "XX", "--json", data=data))
    assert run("totals", "--as-of", "30.9.2018", data=data).returncode == 2


def test_a_command_whose_days_turn_elsewhere_does_not_open_the_database(data: Path) -> None:
    elsewhere = {"PLUMBLINE_TIMEZONE": "Europe/Berlin"}
    said = refusal(run("totals", "--json", data=data, settings=elsewhere))
    assert "Asia/Shanghai" in said
    assert "Europe/Berlin" in said


def test_staffing_lists_roles_that_nobody_holds_and_steps_that_nobody_could_take(
    data: Path,
) -> None:
    done = run("profile", "check", "--staffing", "--json", data=data)
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]
    assert {"kind", "event", "role", "what"} <= findings[0].keys()
    steps = [finding for finding in findings if finding["event"]]
    assert {finding["kind"] for finding in steps} == {"petition", "lead", "case", "fund_item"}
    vacant = {finding["role"] for finding in findings if not finding["event"]}
    assert vacant == set(Role) - {Role.ADMINISTRATOR, Role.AUDITOR, Role.OPERATOR}


def test_the_profiles_that_come_with_it_hold_together_without_any_database() -> None:
    assert printed(run("profile", "check", "--json")) == {"findings": []}


def test_a_folder_with_a_broken_profile_is_a_finding(tmp_path: Path) -> None:
    done = run("profile", "check", str(tmp_path), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["where"] == "profile.toml"


def test_the_six_ledgers_at_the_terminal_give_the_published_totals(tmp_path: Path) -> None:
    """Without hand work: each file as it is, then every key with its value."""
    folder = tmp_path / "data"
    assert run("db", "upgrade", data=folder).returncode == 0
    for family, file in (
        ("units", "units.csv"),
        ("leads", "leads-ledger.xlsx"),
        ("petitions", "petitions-backlog.csv"),
        ("findings", "inspection-findings.xlsx"),
        ("bank", "bank-statement.csv"),
        ("returns", "returns-register.xlsx"),
    ):
        done = run("import", family, str(DISTRICT / file), "--commit", data=folder)
        assert done.returncode == 0, (file, done.stdout, done.stderr)
    expected = json.loads((DISTRICT / "totals.json").read_text(encoding="utf-8"))
    found = printed(run("totals", "--as-of", "2018-09-30", "--json", data=folder))
    assert {key: found[key] for key in expected} == expected


def test_each_machine_is_drawn(tmp_path: Path) -> None:
    done = run("profile", "diagram", "--out", str(tmp_path / "drawn"))
    assert done.returncode == 0
    drawn = {path.name for path in (tmp_path / "drawn").iterdir()}
    assert drawn == {"petition.svg", "lead.svg", "case.svg", "fund_item.svg"}
    shown = run("profile", "diagram", "whistleblowing", "--kind", "lead", "--language", "en")
    assert shown.stdout.startswith("<")
    assert "</svg>" in shown.stdout
    assert run("profile", "diagram").returncode == 2


def test_a_backup_is_restored_elsewhere_with_equal_totals(data: Path, tmp_path: Path) -> None:
    """As the manual says it: one file, the keys apart, into an installation of its own."""
    ledger = str(DISTRICT / "petitions-backlog.csv")
    assert run("import", "petitions", ledger, "--commit", data=data).returncode == 0
    as_of = ("totals", "--as-of", "2018-09-30", "--json")
    totals = printed(run(*as_of, data=data))
    assert totals["petitions"] == 103
    file = tmp_path / "backup.plumbline"
    told = printed(run("backup", str(file), "--json", data=data))
    assert told["rows"] > 1000
    assert str(file) in refusal(run("backup", str(file), data=data))  # never written over

    restored = tmp_path / "restored"
    without = refusal(run("restore", str(file), data=restored))
    assert "PLUMBLINE_KEYS_FILE" in without
    keys = {"PLUMBLINE_KEYS_FILE": str(data / "secrets" / "keys.json")}
    again = printed(run("restore", str(file), "--json", data=restored, settings=keys))
    assert {**again, "file": ""} == {**told, "file": ""}
    assert printed(run(*as_of, data=restored, settings=keys)) == totals
    assert "isn't empty" in refusal(run("restore", str(file), data=restored, settings=keys))
    assert "isn't empty" in refusal(run("restore", str(file), data=data))


def test_the_demo_touches_no_installation_that_somebody_uses(data: Path) -> None:
    said = refusal(run("demo", "--load-only", data=data))
    assert str(data) in said
    assert "PLUMBLINE_DATA" in said


def test_somebody_else_acts_with_their_password_and_no_more_than_they_may(
    data: Path, token: str
) -> None:
    assert token
    as_wang = ("--as", "wang", "user", "link", "wang", "--json")
    refused = refusal(run(*as_wang, data=data, stdin="not the password\n"))
    assert "don't go together" in refused
    from app.core.embedded import running
    from app.core.settings import Settings
    from app.services import accounts
    from app.services.instance import open_instance

    with running(data):
        settings = Settings(data=data)
        with (
            open_instance(settings) as instance,
            instance.office.work(None, use_case="accounts.redeem_password_link") as tx,
        ):
            accounts.redeem_password_link(tx, token=token, password="a long enough password")
        typed = "a long enough password\n"
        assert printed(run(*as_wang, data=data, stdin=typed))["login"] == "wang"
        by_environment = {"PLUMBLINE_PASSWORD": typed.strip()}
        assert printed(run(*as_wang, data=data, settings=by_environment))["login"] == "wang"
        ledger = str(DISTRICT / "units.csv")
        refusal(run("--as", "wang", "import", "units", ledger, data=data, stdin=typed))


def test_a_new_link_is_for_somebody_who_is_there(data: Path) -> None:
    assert "nobody-of-that-name" in refusal(run("user", "link", "nobody-of-that-name", data=data))
    assert "login" in refusal(run("user", "add", "operator", "--name", "x", data=data))
    assert run("user", "add", "x", "--name", "x", "--clearance", "y", data=data).returncode == 2


def test_keys_are_never_written_over(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    assert run("keys", "make", str(keys)).returncode == 0
    assert keys.stat().st_mode & 0o777 == 0o600
    before = keys.read_bytes()
    assert "written over" in refusal(run("keys", "make", str(keys)))
    assert keys.read_bytes() == before
