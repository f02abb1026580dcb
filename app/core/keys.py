"""The keys of an installation: made once, kept apart from the database, never in a default.

The file is JSON with mode 600. Rotation adds a key and makes it current; old ones still open
what they sealed.
"""

import base64
import dataclasses
import json
import os
import secrets
from pathlib import Path

from app.core.i18n import N_

SHORTEST = 32  # bytes


class KeyFileError(RuntimeError):
    """The key file is missing, readable by others, or holds a key that anybody could guess.

    One line that says what to do; `message` and `values` translate it.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


def _strong(name: str, value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except ValueError:
        raise KeyFileError(N_("The key {name} is not base64."), name=name) from None
    if len(key) < SHORTEST:
        raise KeyFileError(
            N_("The key {name} is shorter than {count} bytes."), name=name, count=SHORTEST
        )
    if len(set(key)) < 8:  # a default such as 32 zeros, or one word repeated
        raise KeyFileError(N_("The key {name} can be guessed: make keys anew."), name=name)
    return key


@dataclasses.dataclass(frozen=True)
class Keys:
    """`tokens` sign sign-in tokens, `fields` seal single values, `index` finds sealed values
    again, `forms` protects forms against forgery. Each dictionary is key id → key."""

    tokens: dict[str, bytes] = dataclasses.field(repr=False)
    token: str
    fields: dict[str, bytes] = dataclasses.field(repr=False)
    field: str
    index: bytes = dataclasses.field(repr=False)
    forms: bytes = dataclasses.field(repr=False)

    @classmethod
    def read(cls, path: Path) -> "Keys":
        """Raises KeyFileError with one line that says what to do."""
        try:
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            raise KeyFileError(N_("There is no key file {file}."), file=path) from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(
                N_("The key file {file} can't be read: {reason}."), file=path, reason=error
            ) from None
        if path.stat().st_mode & 0o077:
            raise KeyFileError(N_("Others may read {file}: run chmod 600 on it."), file=path)
        return cls.parse(text)

    @classmethod
    def parse(cls, text: str) -> "Keys":
        try:
            held = json.loads(text)
            keys = cls(
                tokens={k: _strong(f"tokens.{k}", v) for k, v in held["tokens"].items()},
                token=held["token"],
                fields={k: _strong(f"fields.{k}", v) for k, v in held["fields"].items()},
                field=held["field"],
                index=_strong("index", held["index"]),
                forms=_strong("forms", held["forms"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyFileError(
                N_("The key file is damaged: {reason}."), reason=repr(error)
            ) from None
        if keys.token not in keys.tokens or keys.field not in keys.fields:
            raise KeyFileError(N_("The key file names a current key that isn't among its keys."))
        if any(len(key) != SHORTEST for key in keys.fields.values()):
            raise KeyFileError(N_("Keys under fields have {count} bytes."), count=SHORTEST)
        return keys

    @classmethod
    def make(cls, path: Path) -> "Keys":
        """New keys in a new file; if somebody else made it meanwhile, theirs."""

        def key() -> str:
            return base64.b64encode(secrets.token_bytes(SHORTEST)).decode()

        text = json.dumps(
            {
                "token": "t1",
                "tokens": {"t1": key()},
                "field": "f1",
                "fields": {"f1": key()},
                "index": key(),
                "forms": key(),
            },
            indent=1,
        )
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike a rename, never replaces keys that seal something
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return cls.read(path)
