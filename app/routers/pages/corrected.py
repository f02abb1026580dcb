"""Corrections as pages show them: a field's words, what it says, and two versions side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core import i18n
from app.core.db import Row
from app.domain.correcting import FIELDS, Pieces, Takes, differences
from app.domain.errors import N_
from app.domain.sources import CHANNELS, SOURCES
from app.repositories.work import Work
from app.routers.pages import history
from app.routers.pages.present import Reader
from app.routers.parts import Choice
from app.services import units
from app.services.matters import MatterFile

_TAKES: Mapping[str, Takes] = {field.name: field.takes for field in FIELDS}


@dataclass(frozen=True)
class Sides:
    """What was corrected, its two versions in pieces, and who corrected it why. `more` leads to
    all versions."""

    field: str
    old: Pieces
    new: Pieces
    by: str
    reason: str
    more: str = ""


def whole(pieces: Pieces) -> str:
    """A version without its marks."""
    return "".join(text for text, _ in pieces)


class Values:
    """What fields say, in words: a code by its label, an amount as it is written."""

    def __init__(self, tx: Work, reader: Reader) -> None:
        self._reader = reader
        locale = reader.locale
        said = reader.say
        self._labels: Mapping[Takes, Mapping[str, str]] = {
            Takes.SOURCE: {key: said(label) for key, label in SOURCES.items()},
            Takes.CHANNEL: {key: said(label) for key, label in CHANNELS.items()},
            Takes.RANK: {
                key: rank.label.words(locale) for key, rank in reader.profile.ranks.items()
            },
            Takes.CAMPAIGN: {str(row["id"]): row["name"] for row in units.campaigns(tx)},
        }

    def said(self, field: str, value: str | None) -> str:
        if not value:
            return ""
        takes = _TAKES.get(field, Takes.LINE)
        if takes is Takes.AMOUNT:
            return i18n.written_amount(self._reader.locale, Decimal(value))
        return self._labels.get(takes, {}).get(value, value)

    def choices(self, takes: Takes) -> list[Choice]:
        return [Choice(key, label) for key, label in self._labels.get(takes, {}).items()]

    def sides(self, field: str, old: str | None, new: str | None) -> tuple[Pieces, Pieces]:
        """An empty one says so, marked as different."""
        empty = self._reader.say(N_("empty"))
        before, after = self.said(field, old), self.said(field, new)
        if not before or not after:
            return ((before or empty, True),), ((after or empty, True),)
        return differences(before, after)


def named(reader: Reader, file: MatterFile, field: str, involvement_id: object) -> str:
    """What a field is called, with whose it is."""
    words = history.field_words(reader, field)
    whose = next((row["name"] for row in file.people if row["id"] == involvement_id), None)
    return reader.say(N_("{name}: {task}"), name=whose, task=words) if whose else words


def sides(tx: Work, reader: Reader, file: MatterFile, rows: Sequence[Row]) -> list[Sides]:
    """Corrections, each with both versions."""
    if not rows:
        return []
    values = Values(tx, reader)
    found = []
    for row in rows:
        old, new = values.sides(row["field"], row["old"], row["new"])
        found.append(
            Sides(
                field=named(reader, file, row["field"], row["involvement_id"]),
                old=old,
                new=new,
                by=reader.listed([row["made_by"], reader.written(row["made_on"])]),
                reason=row["reason"],
                more=history.versions_href(file.head["id"], row["field"], row["involvement_id"]),
            )
        )
    return found
