"""Identifiers. UUIDv7 sorts by time, so that new rows land together in an index."""

from uuid import UUID

from uuid_utils import uuid7


def new_id() -> UUID:
    return UUID(int=uuid7().int)
