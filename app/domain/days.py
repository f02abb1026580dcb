"""Days as people type them."""

from __future__ import annotations

from datetime import date

from app.domain.errors import N_

EARLIEST = date(1900, 1, 1)
TOO_LONG_AGO = N_("This day is too long ago: mistyped?")
