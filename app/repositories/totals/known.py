"""Facts as they were known at an earlier moment: what was corrected since reads as it did then."""
# sql: fragments are constants of this module

from __future__ import annotations

from collections.abc import Mapping

# What is corrected in place, and counted: under which name it is kept, and its type.
_CORRECTED: Mapping[str, tuple[str, str]] = {
    "campaign_id": ("campaign_id", "uuid"),
    "source": ("source", "text"),
    "responsible_leader": ("responsible_leader", "text"),
    "channel": ("channel", "text"),
    # A merge makes both earlier, and its undoing later again.
    "opened_on": ("opened_on", "date"),
    "received_on": ("opened_on", "date"),
}
_MATTER = (
    *("id", "kind", "state", "stage", "unit_path", "campaign_id", "source"),
    *("responsible_leader", "profile_id", "recorded_at"),
)
_OF_MATTER = ("matter_id", "unit_path", "campaign_id", "source", "responsible_leader")

# The guard's views with the columns that totals ask for, and the one that names the matter.
_VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "counted_matter": ("id", (*_MATTER, "opened_on", "closed_on", "effective")),
    "counted_lead": ("id", (*_MATTER, "received_on", "method", "disposed_on", "filed_on")),
    "counted_petition": ("id", (*_MATTER, "received_on", "channel", "class", "backlog")),
    "counted_case": ("id", (*_MATTER, "lead_id", "begins_on", "ends_on")),
    "counted_outcome": (
        "matter_id",
        (*_OF_MATTER, "id", "kind", "measure", "form", "quantity", "decided_on", "recorded_at",
         "person_id"),
    ),
    "counted_posting": (
        "matter_id",
        (*_OF_MATTER, "id", "entry_id", "account", "amount", "fund_item_id", "happened_on",
         "recorded_at", "intake"),
    ),
    "counted_return": (
        "matter_id",
        (*_OF_MATTER, "id", "entry_id", "amount", "happened_on", "beneficiary", "recorded_at",
         "reversed_on", "reversal_recorded_at"),
    ),
    "counted_doubt": (
        "matter_id",
        (*_OF_MATTER, "id", "rule", "settled_on", "settled_at", "recorded_at"),
    ),
}  # fmt: skip

# The first value that was given up after the moment is the one that stood at it.
_THEN = """
  SELECT x.matter_id, jsonb_object_agg(x.field, x.value) AS said
    FROM (SELECT DISTINCT ON (f.matter_id, f.field) f.matter_id, f.field, f.value
            FROM guard.counted_former f WHERE f.recorded_at >= %(before)s
           ORDER BY f.matter_id, f.field, f.recorded_at) x
   GROUP BY x.matter_id"""


def as_then(view: str) -> str:
    """A view of the guard's, to be read from, as its facts were known at `%(before)s`."""
    matter, columns = _VIEWS[view]
    listed = ", ".join(_column(column) for column in columns)
    return (
        f"(SELECT {listed} FROM guard.{view} v LEFT JOIN ({_THEN}) w ON w.matter_id = v.{matter})"
    )


def _column(column: str) -> str:
    if column not in _CORRECTED:
        return f"v.{column}"
    kept, kind = _CORRECTED[column]
    return (
        f"CASE WHEN w.said ? '{kept}' THEN (w.said ->> '{kept}')::{kind}"
        f" ELSE v.{column} END AS {column}"
    )
