"""A command that can't do its work says why in one line, in the terminal's language."""

import errno

import psycopg
import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from app.cli.refusals import explained
from app.cli.words import _, terminal_locale
from app.core.embedded import EmbeddedError
from app.core.embedded.errors import DISK_FULL
from app.core.keys import KeyFileError
from app.core.settings import Settings
from app.domain.errors import Denied, FieldError, Invalid, NotFound, Reason


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C")


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.GB18030"}, "zh_CN"),
        ({"LANG": ""}, "en"),
    ],
)
def test_the_terminal_says_its_language_as_the_c_library_reads_it(
    environment: dict[str, str], locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal_locale() == locale


def test_a_chinese_terminal_is_spoken_to_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert explained(EmbeddedError(DISK_FULL, folder="/data")) == [
        "/data所在的磁盘已满：请腾出空间后重新启动。"
    ]
    assert _("Stopped.") == "已停止。"


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (NotFound(), ["There is nothing here that you may see."]),
        (
            Invalid(
                FieldError("login", Reason("Taken: {name}.", {"name": "li"})),
                FieldError("unit", Reason("There is no such unit.")),
            ),
            ["login: Taken: li.", "unit: There is no such unit."],
        ),
        (Denied((Reason("One."), Reason("Two."))), ["One.", "Two."]),
        (KeyFileError("There is no key file {file}.", file="/k"), ["There is no key file /k."]),
        (OSError(errno.ENOSPC, "full"), ["The disk is full: free some space and start again."]),
        (
            OSError(errno.EACCES, "Permission denied", "/f"),
            ["/f can't be used: Permission denied."],
        ),
    ],
    ids=["domain", "fields", "reasons", "keys", "full disk", "file"],
)
def test_what_can_be_mended_is_a_line_each(error: Exception, lines: list[str]) -> None:
    assert explained(error) == lines


def test_a_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_DATABASE_URL", "mysql://somebody:hush@host/db")
    with pytest.raises(ValidationError) as caught:
        Settings()
    lines = explained(caught.value)
    assert lines is not None
    assert len(lines) == 1
    assert lines[0].startswith("PLUMBLINE_DATABASE_URL can't be taken")
    assert "hush" not in lines[0]


def test_a_database_that_is_away_is_one_line() -> None:
    away = psycopg.OperationalError("connection failed: refused\n\tIs the server running?")
    wrapped = sa.exc.OperationalError("SELECT secret", {}, away)
    assert explained(wrapped) == ["The database can't be used: connection failed: refused"]


def test_a_fault_of_ours_stays_a_fault() -> None:
    assert explained(KeyError("x")) is None
    assert explained(psycopg.errors.UndefinedTable("relation does not exist")) is None
