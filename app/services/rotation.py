"""Changing the key that seals: a new one in the key file, and every value under it, in batches.

Killed at any moment, it goes on where it stopped: what isn't under the current key shows in the
rows themselves. Work goes on meanwhile, since every process follows the key file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.core import crypto
from app.core.crypto import Envelope, SealBroken
from app.core.keys import Keys, add_field_key, drop_field_keys
from app.repositories import sealed
from app.repositories.installation import as_owner
from app.repositories.sealed import Column
from app.services.instance import Instance

BATCH = 200  # rows a transaction; few enough that nobody who logs something waits


@dataclass
class Rotated:
    """`made` is the new key, None where a rotation that was cut off went on. `unreadable` counts
    values that their key doesn't open: they stay as they are."""

    key: str
    made: str | None
    done: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


Tell = Callable[[str, int, int], None]


def rotate(instance: Instance, file: Path, *, tell: Tell) -> Rotated:
    """Seal everything with a new key, or with the current one where that was begun already.

    `tell(what, done, of)` hears how far it is. Raises Unavailable without the owner's address,
    KeyFileError.
    """
    keys = Keys.read(file)
    made = None
    if not _left(instance, keys.field):
        made = add_field_key(file, now=datetime.now(UTC))
        keys = Keys.read(file)
    rotated = Rotated(keys.field, made)
    for column in sealed.COLUMNS:
        _seal_anew(instance.owner, keys, column, rotated, tell)
    rotated.kept = sorted(set(keys.fields) - {keys.field})
    return rotated


def make_key(file: Path) -> Rotated:
    """Only the new key: for several machines, which must all have it before anything needs it."""
    made = add_field_key(file, now=datetime.now(UTC))
    return Rotated(made, made, kept=sorted(set(Keys.read(file).fields) - {made}))


def retire(instance: Instance, file: Path) -> Rotated:
    """Take the keys out of the file that nothing needs any more, and seal nothing anew.

    A key that was replaced within the hour stays: what it sealed may not have committed yet.
    """
    with as_owner(instance.owner) as tx:
        used = sealed.keys_in_use(tx)
    gone = drop_field_keys(file, used, now=datetime.now(UTC))
    keys = Keys.read(file)
    return Rotated(keys.field, None, retired=gone, kept=sorted(set(keys.fields) - {keys.field}))


def _left(instance: Instance, current: str) -> bool:
    """Whether a rotation to this key was begun and not finished."""
    with as_owner(instance.owner) as tx:
        return any(sealed.under_another_key(tx, column, current) for column in sealed.COLUMNS)


def _seal_anew(owner: str, keys: Keys, column: Column, rotated: Rotated, tell: Tell) -> None:
    with as_owner(owner) as tx:
        of = sealed.count_old(tx, column, keys.field)
    done = unreadable = 0
    after = sealed.FIRST
    while True:
        with as_owner(owner) as tx:
            sealed.say_why(tx)
            rows = sealed.old_ones(tx, column, keys.field, after=after, limit=BATCH)
            for row in rows:
                held = _held(row["sealed"], row["wrapped"], row["key_id"])
                try:
                    fresh = _fresh(keys, column, held, column.bound_to.format(row["id"]))
                except SealBroken:
                    unreadable += 1
                    continue
                sealed.replace(
                    tx, column, row["id"],
                    sealed=fresh.sealed, key_id=fresh.key_id, wrapped=fresh.wrapped,
                )  # fmt: skip
                done += 1
        if not rows:
            break
        after = rows[-1]["id"]
        tell(column.what, done, max(of, done))
    rotated.done[column.what] = done
    if unreadable:
        rotated.unreadable[column.what] = unreadable


def _held(value: bytes, wrapped: bytes | None, key_id: str | None) -> Envelope:
    value = bytes(value)
    key = key_id if key_id is not None else crypto.sealing_key(value)
    return Envelope(key, None if wrapped is None else bytes(wrapped), value)


def _fresh(keys: Keys, column: Column, held: Envelope, bound_to: str) -> Envelope:
    if column.wrapped:
        return crypto.rewrap(keys, held, bound_to=bound_to)
    opened = crypto.unseal_bytes(keys, held.sealed, bound_to=bound_to)
    again = crypto.seal_bytes(keys, opened, bound_to=bound_to)
    return Envelope(crypto.sealing_key(again), None, again)
