"""The registers of persons and of organisations.

An identity number is sealed as it comes in; what comes out is masked. A person is found again by
the number's blind index.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.crypto import unseal
from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_, FieldError
from app.domain.ledgers.identity import IdentityNumber, read_identity
from app.domain.name_order import NameOrder
from app.domain.people import masked_number
from app.repositories import people, person_files, reporter_ties
from app.repositories.work import Work
from app.services import profiles, units

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def create_person(
    tx: Work,
    *,
    name: str,
    id_number: str | None = None,
    position: str | None = None,
    rank: str | None = None,
    unit_id: UUID | None = None,
    member: bool | None = None,
    public_employee: bool | None = None,
    **particulars: Any,
) -> UUID:
    """Without an identity number a person is presumed: known by name and unit only.

    `particulars` are what the standard registers ask: male, born, ethnicity, joined_party,
    education. Raises Invalid, and Conflict where the register holds the number already.
    """
    gathered, number = errors.Gathered(), None
    with gathered.part():
        check_months(tx, particulars, "born", "joined_party")
    with gathered.part():
        profiles.refuse_unknown_ranks(tx, {"rank": rank})
    with gathered.part():
        number = None if id_number is None else number_in(id_number, field="id_number")
    with gathered.part():
        if unit_id is not None:
            units.unit_in(tx, unit_id, field="unit_id")
    gathered.refuse()
    if number is not None:
        _refuse_known(tx, number, besides=None)
    person_id = people.insert_person(
        tx,
        number=number,
        values={
            "name": name,
            "position": position,
            "rank": rank,
            "unit_id": unit_id,
            "member": member,
            "public_employee": public_employee,
            "presumed": number is None,
            **particulars,
        },
    )
    person_files.open_file(tx, person_id, None)
    return person_id


def change_person(tx: Work, person_id: UUID, *, seen_version: int, changes: dict[str, Any]) -> None:
    """Raises NotFound, FileClosed, Stale, Invalid, Conflict."""
    person_files.open_file(tx, person_id, None)
    values, gathered, number = dict(changes), errors.Gathered(), ""
    with gathered.part():
        check_months(tx, values, "born", "joined_party")
    with gathered.part():
        _refuse_unknown_rank(tx, person_id, values)
    with gathered.part():
        if values.get("unit_id") is not None:
            units.unit_in(tx, values["unit_id"], field="unit_id")
    with gathered.part():
        if "id_number" in values:
            number = number_in(values.pop("id_number"), field="id_number")
    gathered.refuse()
    _refuse_signed_name(tx, person_id, values)
    if number:
        _refuse_known(tx, number, besides=person_id)
        values |= people.sealed_number(tx.keys, person_id, number)
        values["presumed"] = False
    people.update_person(tx, person_id, version=seen_version, values=values)
    if "id_index" in values:
        reporter_ties.keep_tokens(tx)


def _refuse_unknown_rank(tx: Work, person_id: UUID, values: Mapping[str, Any]) -> None:
    """One that the register holds may stay, also where the procedure has changed since."""
    if values.get("rank") and values["rank"] != _found(people.person(tx, person_id))["rank"]:
        profiles.refuse_unknown_ranks(tx, {"rank": values["rank"]})


def _refuse_signed_name(tx: Work, person_id: UUID, values: Mapping[str, Any]) -> None:
    """Of what the actor may not see nothing is told: there the name changes with the register."""
    renamed = "name" in values and values["name"] != _found(people.person(tx, person_id))["name"]
    if renamed and people.signed_of(tx, person_id):
        raise errors.Conflict(
            N_(
                "Signatures rest on this name: correct it at the matter, where those who signed"
                " agree to it."
            )
        )


def check_months(tx: Work, values: Mapping[str, Any], *fields: str) -> None:
    """Raises Invalid for a month that is none or is yet to come."""
    gathered = errors.Gathered()
    for field in fields:
        with gathered.part():
            _check_month(tx, values.get(field), field)
    gathered.refuse()


def _check_month(tx: Work, month: str | None, field: str) -> None:
    if month is None:
        return
    if not _MONTH.fullmatch(month):
        raise errors.Invalid.of(field, N_("A year and a month, such as 1966-07."))
    if month > tx.today.isoformat()[:7]:
        raise errors.Invalid.of(field, N_("This month is yet to come."))


def read_person(tx: Work, person_id: UUID) -> Row:
    """The file's own row, with the number masked. Opens it for whoever handles a matter of the
    person's. Raises NotFound, FileClosed, Forbidden for one's own."""
    person_files.open_file(tx, person_id, None)
    return _masked(tx, _found(people.file_of(tx, person_id)))


def look_at(tx: Work, person_id: UUID) -> Row:
    """As lists show somebody: no file is opened. Raises NotFound."""
    return _found(people.person(tx, person_id))


def list_persons(
    tx: Work,
    *,
    name: str | None,
    unit: str | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Row]:
    """By name; `name` is how it begins, `unit` the code of a unit that covers theirs.

    Raises Invalid where there is no unit of that code.
    """
    path: str | None = None
    if unit is not None:
        path = units.unit_coded_in(tx, unit, field="unit")["path"]
    return people.persons(tx, name=name, unit_path=path, after=after, limit=limit)


def persons_in_order(
    tx: Work, order: NameOrder, *, name: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[Row]:
    """By pinyin or by strokes; `name` is how it begins."""
    return people.persons_in_order(tx, order, name=name, after=after, limit=limit)


def look_up(tx: Work, id_number: str) -> list[Row]:
    """Who has this identity number; more than one where a ledger gave it two names."""
    return people.persons_numbered(tx, number_in(id_number, field="id_number"))


def create_organisation(tx: Work, *, name: str, unit_id: UUID | None = None) -> UUID:
    """Raises Invalid."""
    if unit_id is not None:
        units.unit_in(tx, unit_id, field="unit_id")
    return people.insert_organisation(tx, name=name, unit_id=unit_id)


def change_organisation(
    tx: Work, organisation_id: UUID, *, seen_version: int, changes: dict[str, Any]
) -> None:
    """Raises NotFound, Stale, Invalid."""
    _found(people.organisation(tx, organisation_id))
    if changes.get("unit_id") is not None:
        units.unit_in(tx, changes["unit_id"], field="unit_id")
    people.update_organisation(tx, organisation_id, version=seen_version, values=changes)


def read_organisation(tx: Work, organisation_id: UUID) -> Row:
    """Raises NotFound."""
    return _found(people.organisation(tx, organisation_id))


def list_organisations(
    tx: Work, *, name: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[Row]:
    return people.organisations(tx, name=name, after=after, limit=limit)


def number_in(text: str, *, field: str) -> str:
    """The identity number that a field holds, in its normal form. Raises Invalid."""
    read = read_identity(text)
    if isinstance(read, IdentityNumber):
        return read.value
    if read is None:
        raise errors.Invalid.of(field, N_("This is missing."))
    raise errors.Invalid(FieldError(field, read.reason))


def _refuse_known(tx: Work, number: str, *, besides: UUID | None) -> None:
    people.hold_number(tx, number)
    if any(row["id"] != besides for row in people.persons_numbered(tx, number)):
        raise errors.Conflict(N_("The register holds somebody with this identity number already."))


def _masked(tx: Work, row: Row) -> Row:
    sealed = row["id_number"]
    if sealed is None:
        return row
    number = unseal(tx.keys, bytes(sealed), bound_to=str(row["id"]))
    return {**row, "id_number": masked_number(number)}


def _found(row: Row | None) -> Row:
    if row is None:
        raise errors.NotFound
    return row


def matters_of(tx: Work, person_id: UUID) -> list[Row]:
    """What names this person, as far as the actor may see it, each with what came of it."""
    return people.matters_of(tx, person_id)
