"""Imports of ledgers: tried first, row by row, then taken as a whole or not at all."""

from app.services.imports.ground import families_of
from app.services.imports.importing import Progress, import_file
from app.services.imports.report import Report, RowSaid
from app.services.imports.sources import Source

__all__ = ["Progress", "Report", "RowSaid", "Source", "families_of", "import_file"]
