"""Papers that are printed: each is recorded with what it was, and names are masked unless somebody
says why they have to stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain import errors, masking
from app.domain.errors import N_
from app.domain.people import bare_name
from app.repositories import exports
from app.repositories.work import Work
from app.services.matters import reads_less

REASON_LIMIT = 500
MOST_ROWS = 2000  # some eighty sheets of a ledger


def record(tx: Work, *, what: str, of: Mapping[str, str], names: bool, reason: str = "") -> None:
    """Before the paper is made: who breaks off has read all the same.

    Raises Invalid where names are asked for without a reason, Forbidden for who reads them masked.
    """
    reason = reason.strip()
    if names and reads_less(tx):
        raise errors.Forbidden(N_("You read names masked, and print them so."))
    if names and not reason:
        raise errors.Invalid.of("reason", N_("Say what the names are needed for."))
    if len(reason) > REASON_LIMIT:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=REASON_LIMIT)
    exports.insert_record(
        tx, what=what, format_="pdf", definition=dict(of), names=names, reason=reason or None
    )


class Names:
    """Names of people whom a matter is about, masked wherever they stand in a text."""

    def __init__(self, names: Iterable[str | None], *, shown: bool) -> None:
        held = {name.strip() for name in names if name}
        # Written as 高静（副书记）, somebody stands in a text as 高静.
        bare = {short for name in held if (short := bare_name(name)) in name}
        known = {name for name in held | bare if len(name) > 1}
        # Longer ones first: 王小明 before 王小.
        self._names = [] if shown else sorted(known, key=len, reverse=True)
        self.shown = shown

    def __call__(self, text: str) -> str:
        for name in self._names:
            text = text.replace(name, masking.name(name))
        return text
