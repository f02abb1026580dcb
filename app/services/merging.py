"""Merging a matter into another that is about the same facts, and undoing exactly that.

The survivor takes over the people whom it isn't about yet, what led to the merged matter, the
earlier day of the two, and the earlier limit where both run the same. What it took is noted on
its own history, so that undoing the merge gives back this and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.repositories import clocks, matters, merges, outcomes
from app.repositories.work import Work

_LED_TO_IT = {"petition_lead", "lead_case"}


def merge(tx: Work, head: Row, survivor_id: UUID) -> None:
    """Before the merged matter's limits stop. Raises NotFound where whoever signs last may not
    work on the survivor."""
    matters.insert_link(tx, "merged_into", head["id"], survivor_id)
    taken = {
        "number": head["number"],
        "people": _take_people(tx, head["id"], survivor_id),
        "links": _take_links(tx, head["id"], survivor_id),
        "limits": _take_limits(tx, head["id"], survivor_id),
    }
    matters.touch(tx, survivor_id, event="merged_here", form=taken, changes=_due(tx, survivor_id))
    merges.settle_dates(tx, survivor_id)


def unmerge(tx: Work, head: Row, from_state: str) -> None:
    """The link ends, the survivor gives back what it took, the stopped limits run again."""
    survivor_id = merges.survivor(tx, head["id"])
    merges.end_link(tx, "merged_into", head["id"])
    clocks.run_again(tx, head["id"], since=from_state)
    taken = merges.last_form(tx, survivor_id, "merged_here", head["number"])
    for involvement_id in taken.get("people", ()):
        outcomes.end_involvement_without_outcome(tx, UUID(involvement_id))
    for link in taken.get("links", ()):
        merges.end_link_between(tx, link["kind"], UUID(link["from"]), survivor_id)
    for limit in taken.get("limits", ()):
        _give_back(tx, survivor_id, limit)
    matters.touch(
        tx, survivor_id, event="unmerged_here", form={"number": head["number"]},
        changes=_due(tx, survivor_id),
    )  # fmt: skip
    merges.settle_dates(tx, survivor_id)


def _due(tx: Work, matter_id: UUID) -> Mapping[str, Any]:
    return {"due_on": clocks.nearest_due(tx, matter_id)}


def _take_people(tx: Work, merged_id: UUID, survivor_id: UUID) -> list[str]:
    there = outcomes.involved(tx, survivor_id)
    known = {(row["person_id"], row["organisation_id"]) for row in there}
    found: list[str] = []
    for row in outcomes.involved(tx, merged_id):
        if row["part"] != "subject" or (row["person_id"], row["organisation_id"]) in known:
            continue
        code = f"{len(there) + len(found) + 1:02d}"
        found.append(str(outcomes.copy_involvement(tx, survivor_id, row, code=code)))
    return found


def _take_links(tx: Work, merged_id: UUID, survivor_id: UUID) -> list[dict[str, str]]:
    """What the merged matter came from waits for the survivor now."""
    there = {(row["kind"], row["other_id"]) for row in matters.links(tx, survivor_id)}
    found: list[dict[str, str]] = []
    for row in matters.links(tx, merged_id):
        led = row["kind"] in _LED_TO_IT and not row["outward"]
        if led and (row["kind"], row["other_id"]) not in there:
            matters.insert_link(tx, row["kind"], row["other_id"], survivor_id)
            found.append({"kind": row["kind"], "from": str(row["other_id"])})
    return found


def _take_limits(tx: Work, merged_id: UUID, survivor_id: UUID) -> list[dict[str, Any]]:
    """Of the same limit on both, the one that began earlier counts."""
    earlier = {
        row["rule"]: row for row in clocks.clocks(tx, merged_id) if row["stopped_on"] is None
    }
    found: list[dict[str, Any]] = []
    for row in clocks.clocks(tx, survivor_id):
        other = earlier.get(row["rule"])
        if row["stopped_on"] is None and other and other["started_on"] < row["started_on"]:
            found.append(
                {
                    "rule": row["rule"], "started_on": str(row["started_on"]),
                    "due_on": str(row["due_on"]), "explanation": row["explanation"],
                    "until": str(other["started_on"]),
                }
            )  # fmt: skip
            clocks.change_clock(
                tx, survivor_id, row["rule"], started_on=other["started_on"],
                due_on=other["due_on"], explanation=other["explanation"],
            )  # fmt: skip
    return found


def _give_back(tx: Work, survivor_id: UUID, limit: Mapping[str, Any]) -> None:
    """Unless it ended meanwhile, or was begun anew."""
    row = clocks.running(tx, survivor_id, limit["rule"])
    if row is not None and str(row["started_on"]) == limit["until"]:
        clocks.change_clock(
            tx, survivor_id, limit["rule"],
            started_on=date.fromisoformat(limit["started_on"]),
            due_on=date.fromisoformat(limit["due_on"]), explanation=limit["explanation"],
        )  # fmt: skip
