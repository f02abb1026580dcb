"""Files that go out: ordered and recorded in one unit of work, streamed in another.

An export is recorded, with its definition and its reason, before the first byte leaves: a reader
who breaks off has read all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core import i18n
from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.exports import COLUMNS, FIGURES, MEDIA, TITLES, Format, What
from app.domain.permissions import Permission
from app.domain.special_account import SpecialAccount
from app.domain.totals import Cohort, Totals
from app.repositories import exports
from app.repositories.totals import MATTER_KEYS
from app.repositories.work import Office, Work
from app.services import installation, profiles, totals
from app.services.exports import figures, lists
from app.services.exports.definition import Definition, define
from app.services.exports.words import said
from app.services.matters import reads_less

LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export that was recorded and may now be streamed, by the same session.

    With `numbers` identity numbers are opened, row by row: to be masked unless `names`.
    """

    id: UUID
    what: What
    format: Format
    cohort: Cohort
    key: str
    names: bool
    numbers: bool
    definition: Definition
    locale: str
    body: str
    today: date
    words: Mapping[str, str]
    figures: Totals | None = None
    account: SpecialAccount | None = None

    @property
    def file_name(self) -> str:
        return f"plumbline-{self.what.value}-{self.cohort.as_of:%Y-%m-%d}.{self.format.value}"

    @property
    def media_type(self) -> str:
        return MEDIA[self.format]


def order(
    tx: Work,
    *,
    what: What,
    format: Format,
    cohort: Cohort,
    locale: str,
    key: str | None = None,
    names: bool = False,
    reason: str | None = None,
) -> Export:
    """Check that the actor may have it, and record it.

    Names and identity numbers are masked unless `names` is asked for with a reason by somebody
    with the right to names. Raises Forbidden, Invalid, NotFound for a figure without matters.
    """
    if not tx.actor.may(Permission.EXPORT_TOTALS):
        raise errors.Forbidden(N_("Your role exports nothing."))
    why = _reason(tx, names, reason)
    figure = FIGURES.get(what, key or "leads")
    if figure not in MATTER_KEYS:
        raise errors.NotFound
    totals.asked(tx, cohort)
    counted = totals.totals(tx, cohort) if what is What.TOTALS else None
    about = installation.about(tx)
    _, profile = profiles.current(tx)
    body = about.body_name if locale == i18n.CHINESE else about.body_name_en
    words = said(profile, locale)
    definition = define(
        tx, title=i18n.translate(locale, TITLES[what]), what=what, figure=figure, cohort=cohort,
        names=names, profile=profile, body=body, locale=locale, words=words,
        outside=counted.outside if counted else None,
    )  # fmt: skip
    record_id = exports.insert_record(
        tx,
        what=what.value,
        format_=format.value,
        definition=definition.recorded,
        names=names,
        reason=why,
    )
    return Export(
        id=record_id, what=what, format=format, cohort=cohort, key=figure, names=names,
        numbers=_opens_numbers(tx, what, names), definition=definition, locale=locale,
        body=body, today=tx.today, words=words, figures=counted,
        account=totals.special_account(tx, cohort) if counted else None,
    )  # fmt: skip


def _opens_numbers(tx: Work, what: What, names: bool) -> bool:
    if not any(column.derived for column in COLUMNS.get(what, ())):
        return False
    return names or (what is What.RETURNS and not reads_less(tx))


def _reason(tx: Work, names: bool, reason: str | None) -> str | None:
    why = (reason or "").strip()
    if len(why) > LONGEST_REASON:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=LONGEST_REASON)
    if names and not tx.actor.may(Permission.EXPORT_NAMES):
        raise errors.Forbidden(N_("Your role exports no names: leave them masked."))
    if names and not why:
        raise errors.Invalid.of("reason", N_("Say why names are needed."))
    if names:
        tx.require_fresh()
    return why or None


def stream(
    office: Office, session: str | None, export: Export, *, request_id: str = ""
) -> Iterator[bytes]:
    """The file, in blocks, read in a unit of work of its own.

    Raises NotSignedIn where the session ended meanwhile.
    """
    if export.figures is not None:
        yield from figures.written(
            export.figures, export.account, export.definition, export.format, export.locale,
            export.words,
        )  # fmt: skip
        return
    with office.work(session, use_case="exports.stream", request_id=request_id) as tx:
        yield from lists.written(tx, export)


def made(tx: Work, *, after: exports.Made | None = None, limit: int) -> list[Row]:
    """The actor's own exports, newest first: up to `limit` behind `after`."""
    return exports.made(tx, after=after, limit=limit)


__all__ = ["Export", "Format", "What", "made", "order", "stream"]
