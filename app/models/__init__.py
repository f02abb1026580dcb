"""The tables. Importing this package gives `metadata` all of them."""

from sqlmodel import SQLModel

from app.models.columns import NAMING

metadata = SQLModel.metadata
metadata.naming_convention = NAMING

from app.models import (  # noqa: E402 - the naming convention comes first
    accounts,
    assignments,
    cases,
    drafts,
    emergencies,
    factors,
    funds,
    imports,
    leads,
    matters,
    meetings,
    outcomes,
    paper_signatures,
    papers,
    people,
    person_files,
    petitions,
    records,
    releases,
    requests,
    saved_views,
    units,
    walls,
    watches,
    webhooks,
)

__all__ = [
    "accounts",
    "assignments",
    "cases",
    "drafts",
    "emergencies",
    "factors",
    "funds",
    "imports",
    "leads",
    "matters",
    "meetings",
    "metadata",
    "outcomes",
    "paper_signatures",
    "papers",
    "people",
    "person_files",
    "petitions",
    "records",
    "releases",
    "requests",
    "saved_views",
    "units",
    "walls",
    "watches",
    "webhooks",
]
