"""Lists that go out as files, and the record of what went out."""

from app.repositories.exports.lists import Made, csv_blocks, insert_record, made, rows

__all__ = ["Made", "csv_blocks", "insert_record", "made", "rows"]
