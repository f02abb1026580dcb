"""A matter's title as its reader may know it: every list takes it from here."""

from __future__ import annotations


def title(matter: str = "m") -> str:
    """SQL for the title of the matter that goes by this alias in the statement: whole, or with the
    names of people masked for who reads matters without them."""
    return (
        f"CASE WHEN (SELECT guard.reads_content())"
        f" OR {matter}.id = ANY ((SELECT guard.mine())::uuid[]) THEN {matter}.title"
        f" ELSE guard.masked_title({matter}.id) END"
    )
