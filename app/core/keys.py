"""The keys of an installation: made once, kept apart from the database, never in a default.

The file is JSON with mode 600. Rotation adds a key and makes it current; old ones still open
what they sealed. A process follows its file: it seals with the key that is current now, and opens
what another process sealed with a newer one.
"""

import base64
import dataclasses
import json
import os
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from app.core.i18n import N_

SHORTEST = 32  # bytes
# What sealed with a key that was just replaced may not have committed yet; no request and no import
# takes so long.
RESTS = timedelta(hours=1)

T = TypeVar("T")


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


@dataclasses.dataclass(eq=False)
class Keys:
    """`tokens` sign sign-in tokens, `fields` seal single values and wrap the data keys of
    petitions, `index` finds sealed values again, `forms` protects forms against forgery. Each
    dictionary is key id → key."""

    tokens: dict[str, bytes] = dataclasses.field(repr=False)
    token: str
    fields: dict[str, bytes] = dataclasses.field(repr=False)
    field: str
    index: bytes = dataclasses.field(repr=False)
    forms: bytes = dataclasses.field(repr=False)
    file: Path | None = dataclasses.field(default=None, repr=False)
    _seen: tuple[int, int] | None = dataclasses.field(default=None, repr=False)

    def sealing(self) -> tuple[str, bytes]:
        """The id of the key that seals now, and the key."""
        self._follow()
        return self.field, self.fields[self.field]

    def opening(self, key_id: str) -> bytes | None:
        """The key of that id; None where it is gone."""
        if key_id not in self.fields:
            self._follow()
        return self.fields.get(key_id)

    def _follow(self) -> None:
        """Read the file again where it was replaced since."""
        if self.file is None:
            return
        try:
            now = _mark(self.file)
        except FileNotFoundError:
            return  # taken away after the start: what was read goes on holding
        if now == self._seen:
            return
        fresh = Keys.read(self.file)
        # The keys before the name of the current one: other threads read between the two.
        self.fields = {**self.fields, **fresh.fields}
        self.field = fresh.field
        self._seen = fresh._seen

    @classmethod
    def read(cls, path: Path) -> "Keys":
        """Raises KeyFileError with one line that says what to do."""
        try:
            seen = _mark(path)
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            raise KeyFileError(N_("There is no key file {file}."), file=path) from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(
                N_("The key file {file} can't be read: {reason}."), file=path, reason=error
            ) from None
        if path.stat().st_mode & 0o077:
            raise KeyFileError(N_("Others may read {file}: run chmod 600 on it."), file=path)
        keys = cls.parse(text)
        keys.file, keys._seen = path, seen
        return keys

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

        text = json.dumps(
            {
                "token": "t1",
                "tokens": {"t1": _fresh()},
                "field": "f1",
                "fields": {"f1": _fresh()},
                "index": _fresh(),
                "forms": _fresh(),
            },
            indent=1,
        )
        draft = _draft(path, text)
        try:
            os.link(draft, path)  # unlike a rename, never replaces keys that seal something
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return cls.read(path)


def add_field_key(path: Path, *, now: datetime) -> str:
    """A new key under `fields`, current from this moment on; its id.

    The file is replaced whole: whoever reads it finds the former or the new one.
    """

    def add(held: dict[str, Any]) -> str:
        made = f"f{1 + max((int(k[1:]) for k in held['fields'] if k[1:].isdecimal()), default=0)}"
        held.setdefault("replaced", {})[held["field"]] = now.astimezone(UTC).isoformat()
        held["fields"][made] = _fresh()
        held["field"] = made
        return made

    return _rewrite(path, add)


def drop_field_keys(path: Path, used: Collection[str], *, now: datetime) -> list[str]:
    """Take the keys out of the file that are neither current nor used, and rest long enough."""

    def drop(held: dict[str, Any]) -> list[str]:
        replaced: Mapping[str, str] = held.get("replaced", {})
        gone = [
            key
            for key in held["fields"]
            if key != held["field"] and key not in used and _rested(replaced.get(key), now)
        ]
        for key in gone:
            del held["fields"][key]
            held.get("replaced", {}).pop(key, None)
        return gone

    return _rewrite(path, drop)


def _rested(replaced: str | None, now: datetime) -> bool:
    """A key that was replaced by hand has no day on record."""
    return replaced is None or datetime.fromisoformat(replaced) <= now - RESTS


def _rewrite(path: Path, change: Callable[[dict[str, Any]], T]) -> T:
    Keys.read(path)  # a file that is damaged, or open to others, isn't written on
    held = json.loads(path.read_text(encoding="ascii"))
    before = json.dumps(held)
    told = change(held)
    if json.dumps(held) == before:
        return told
    text = json.dumps(held, indent=1)
    Keys.parse(text)
    draft = _draft(path, text)
    try:
        _same_owner(draft, path)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return told


def _draft(path: Path, text: str) -> Path:
    """The text in a file beside the path, on the disk and for this user only."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _same_owner(draft: Path, path: Path) -> None:
    """Root may rotate the keys of a service that reads them as another user."""
    was, is_ = path.stat(), draft.stat()
    if (was.st_uid, was.st_gid) != (is_.st_uid, is_.st_gid):
        os.chown(draft, was.st_uid, was.st_gid)


def _mark(path: Path) -> tuple[int, int]:
    """Another once the file was replaced."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(SHORTEST)).decode()
