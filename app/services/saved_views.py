"""Views of lists that somebody comes back to: a filter under a name."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.domain.errors import N_, Conflict, Invalid, NotFound
from app.domain.kinds import Kind
from app.repositories import saved_views
from app.repositories.work import Work

MOST = 20  # of one kind
LONGEST = 40  # characters of a name


def mine(tx: Work, kind: Kind) -> list[Row]:
    """`id`, `name` and `query` of each, in the order in which they were kept."""
    return saved_views.mine(tx, kind)


def one(tx: Work, view_id: UUID) -> Row:
    """`id`, `kind`, `name` and `query`. Raises NotFound where it isn't the actor's."""
    found = saved_views.one(tx, view_id)
    if found is None:
        raise NotFound
    return found


def every(tx: Work) -> list[Row]:
    """All that the actor keeps, of every kind."""
    return saved_views.every(tx)


def keep(tx: Work, kind: Kind, *, name: str, query: str) -> None:
    """Keeps a filter under a name; a name that is there stands for this one from now on.

    Raises Invalid for a name that is missing or too long, Conflict where too many are kept.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise Invalid.of("name", N_("A name of at most {most} characters."), most=LONGEST)
    if saved_views.replace(tx, kind=kind, name=name, query=query):
        return
    if len(saved_views.mine(tx, kind)) >= MOST:
        raise Conflict(N_("You keep {most} views already. Forget one first."), most=MOST)
    saved_views.insert(tx, view_id=new_id(), kind=kind, name=name, query=query)


def forget(tx: Work, view_id: UUID) -> Row:
    """The view that went, to be kept again if that was a mistake. Raises NotFound."""
    found = saved_views.delete(tx, view_id)
    if found is None:
        raise NotFound
    return found
