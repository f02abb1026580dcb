"""The unit tree: district, townships, villages, departments, the body's own offices, teams."""

from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.ledgers.rows.leads import campaign_key
from app.domain.permissions import Permission
from app.domain.units import UnitKind, UnitPath, label_of
from app.repositories import installation, units
from app.repositories.work import Work


def create_unit(
    tx: Work,
    *,
    code: str,
    name: str,
    kind: UnitKind,
    parent_id: UUID | None = None,
    reporting: bool = False,
    poor_village: bool = False,
) -> UUID:
    """A unit below `parent_id`; only a district stands at the top. Raises Invalid, Forbidden."""
    if (parent_id is None) != (kind is UnitKind.DISTRICT):
        raise errors.Invalid.of(
            "parent_id", N_("A district has no unit above it, any other has one.")
        )
    if poor_village and kind is not UnitKind.VILLAGE:
        raise errors.Invalid.of("poor_village", N_("Only a village can be a poor village."))
    path = _path(tx, code, parent_id)
    if not tx.actor.may_at(Permission.UNITS_WRITE, path):
        raise errors.Forbidden(N_("You administer another part of the unit tree."))
    if units.unit_coded(tx, code) is not None:
        raise errors.Invalid.of("code", N_("Another unit has this code already."))
    unit_id = units.insert_unit(
        tx,
        code=code,
        name=name,
        kind=kind,
        parent_id=parent_id,
        path=path,
        reporting=reporting,
        poor_village=poor_village,
    )
    if kind is UnitKind.DISTRICT and not units.has_district(tx):
        installation.name_installation(tx, district_id=unit_id, body_name=None, body_name_en=None)
    return unit_id


def read_unit(tx: Work, unit_id: UUID) -> Row:
    """Raises NotFound."""
    return _found(units.unit(tx, unit_id))


def read_unit_coded(tx: Work, code: str) -> Row:
    """Raises NotFound."""
    return _found(units.unit_coded(tx, code))


def list_units(
    tx: Work,
    *,
    under: str | None = None,
    kind: UnitKind | None = None,
    search: str | None = None,
    after: str | None = None,
    limit: int,
) -> list[Row]:
    """In the order of the tree. `under` is a unit's code, `search` a part of a name or code.

    Raises Invalid where there is no unit of that code.
    """
    path: UnitPath | None = None
    if under is not None:
        path = UnitPath(unit_coded_in(tx, under, field="under")["path"])
    return units.tree(tx, under=path, kind=kind, search=search, after=after, limit=limit)


def unit_in(tx: Work, unit_id: UUID, *, field: str) -> Row:
    """The unit that a form's field names. Raises Invalid there."""
    found = units.unit(tx, unit_id)
    if found is None:
        raise errors.Invalid.of(field, N_("There is no such unit."))
    return found


def unit_coded_in(tx: Work, code: str, *, field: str) -> Row:
    """The same by code. Raises Invalid there."""
    found = units.unit_coded(tx, code)
    if found is None:
        raise errors.Invalid.of(field, N_("There is no such unit."))
    return found


def find(tx: Work, unit_id: UUID) -> Row | None:
    """The unit, None where there is none."""
    return units.unit(tx, unit_id)


def find_coded(tx: Work, code: str) -> Row | None:
    """The unit of that code, None where there is none."""
    return units.unit_coded(tx, code)


def areas(tx: Work) -> list[Row]:
    """Townships and subdistricts, by code."""
    return units.areas(tx)


def departments(tx: Work) -> list[Row]:
    """Units that somebody heads, to which work is assigned; `heads` names who."""
    return units.departments(tx)


def campaign_in(tx: Work, campaign_id: UUID, *, field: str) -> UUID:
    """The campaign that a form's field names. Raises Invalid there."""
    if not units.campaign_known(tx, campaign_id):
        raise errors.Invalid.of(field, errors.UNKNOWN)
    return campaign_id


def campaigns(tx: Work) -> list[Row]:
    return units.campaigns(tx)


def places(tx: Work) -> list[Row]:
    """Where something can have happened: villages, townships, departments, the district."""
    return units.places(tx)


def full_name(place: Row) -> str:
    """As offices write it: a village with its township before it."""
    return f"{place['parent_name'] or ''}{place['name']}"


def place_named(tx: Work, unit_id: UUID) -> str | None:
    """A place as somebody would type it."""
    return next((full_name(row) for row in units.places(tx) if row["id"] == unit_id), None)


def place_in(tx: Work, text: str, *, field: str) -> UUID:
    """The place that somebody typed: its code, its full name, or its name where only one has it.

    Raises Invalid, naming the candidates where several places have this name.
    """
    wanted = "".join(text.split())
    if not wanted:
        raise errors.Invalid.of(field, N_("Say where it happened."))
    rows = units.places(tx)
    exact = [row for row in rows if wanted in (row["code"], full_name(row))]
    named = exact or [row for row in rows if row["name"] == wanted]
    if not named:
        raise errors.Invalid.of(field, N_("There is no such place. Choose one from the list."))
    if len(named) > 1:
        raise errors.Invalid.of(
            field,
            N_("Several places have this name: {places}. Write which one."),
            places="、".join(full_name(row) for row in named[:6]),
        )
    found: UUID = named[0]["id"]
    return found


def _path(tx: Work, code: str, parent_id: UUID | None) -> UnitPath:
    if parent_id is None:
        return UnitPath(label_of(code, None))
    parent = unit_in(tx, parent_id, field="parent_id")
    if parent["closed_on"] is not None:
        raise errors.Invalid.of("parent_id", N_("This unit is closed."))
    return UnitPath(parent["path"]).child(label_of(code, parent["code"]))


def _found(row: Row | None) -> Row:
    if row is None:
        raise errors.NotFound
    return row


def create_campaign(tx: Work, name: str) -> UUID:
    """A special-topic campaign; its key is its name however it is spelled. Raises Invalid."""
    key = campaign_key(name)
    if not key:
        raise errors.Invalid.of("name", N_("Write something."))
    return units.insert_campaign(tx, key, name.strip())
