"""Why a file can't be read as a workbook. The edge translates `message` with its `values`."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a text for translation where it is written, to be translated where it is shown."""
    return message


class UnreadableFile(Exception):
    """`code` is stable: too_large, bomb, encrypted, empty, not_a_workbook, damaged, encoding,
    csv."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        self.code = code
        self.message = message
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(message.format(**self.values))


def damaged() -> UnreadableFile:
    return UnreadableFile(
        "damaged",
        N_("The workbook is damaged: open it in a spreadsheet program and save it again."),
    )


def encrypted() -> UnreadableFile:
    return UnreadableFile(
        "encrypted",
        N_("The workbook is protected by a password: save it without one and try again."),
    )


def not_a_workbook() -> UnreadableFile:
    return UnreadableFile(
        "not_a_workbook",
        N_("This is no workbook, whatever its name: save the ledger as xlsx, xls, ods or csv."),
    )


def too_large(size: int, most: int) -> UnreadableFile:
    return UnreadableFile(
        "too_large",
        N_("The file has {size} MB; at most {most} MB are read. Divide it."),
        size=-(-size // (1 << 20)),
        most=most >> 20,
    )
