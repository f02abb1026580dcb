"""Why a file can't be read as a workbook. The edge translates `message` with its `values`."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a text for translation where it is written, to be translated where it is shown."""
    return message


class UnreadableFile(Exception):
    """`code` is stable: too_large, bomb, encrypted, not_a_workbook, damaged, encoding, csv."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        self.code = code
        self.message = message
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(message.format(**self.values))
