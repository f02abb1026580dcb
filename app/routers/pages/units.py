"""People and units: the tree, a unit, the register of persons, a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_, FileClosed, Invalid
from app.domain.name_order import NameOrder
from app.domain.permissions import Permission
from app.domain.units import UnitKind
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import person_files as files
from app.routers.pages import present
from app.routers.pages.access import relatives_of
from app.routers.pages.frame import frame_for
from app.routers.pages.outcomes import outcome_words
from app.routers.pages.persons import register_facts
from app.routers.paging import Paging
from app.routers.parts import Cell, CellKind, Choice, Column, Filled, Link, Node
from app.routers.templating import render
from app.services import desks, people, person_files, profiles, units

router = APIRouter()

Reader = Annotated[Caller, Page(Permission.UNITS_READ)]
Writer = Annotated[Caller, Page(Permission.UNITS_WRITE)]
PeopleReader = Annotated[Caller, Page(Permission.PEOPLE_READ)]
Form = Annotated[Submitted, Depends(submitted)]

KIND_NAMES: dict[UnitKind, str] = {
    UnitKind.DISTRICT: N_("district"),
    UnitKind.TOWNSHIP: N_("township"),
    UnitKind.SUBDISTRICT: N_("subdistrict"),
    UnitKind.VILLAGE: N_("village"),
    UnitKind.DEPARTMENT: N_("department"),
    UnitKind.OFFICE: N_("office of the body"),
    UnitKind.TEAM: N_("joint team"),
}
IDENTITY = {True: N_("presumed"), False: N_("by identity number")}
MOST = 5000


@router.get("/units")
def tree(request: Request, caller: Reader) -> Response:
    """The whole tree: each unit opens to those below it."""
    with caller.work("units.tree") as tx:
        frame = frame_for(request, caller, tx, current="people")
        rows = units.list_units(tx, limit=MOST)
        may_write = tx.actor.may(Permission.UNITS_WRITE)
        may_people = tx.actor.may(Permission.PEOPLE_READ)
        supervises = person_files.supervises(tx)
        heads = any(grant.role in desks.NEAREST for grant in tx.actor.grants)
    return render(
        request,
        "pages/units.html",
        frame=frame,
        nodes=_nodes(rows, caller.locale),
        count=len(rows),
        reporting=sum(1 for row in rows if row["reporting"]),
        villages=sum(1 for row in rows if row["kind"] == UnitKind.VILLAGE),
        may_write=may_write,
        may_people=may_people,
        supervises=supervises,
        heads=heads,
    )


def _nodes(rows: Sequence[Row], locale: str, *, opened: bool = True) -> list[Node]:
    """The tree of these units; `opened`: its roots show what lies below them."""
    below: dict[str, list[Row]] = {}
    paths = {row["path"] for row in rows}
    for row in rows:
        parent = row["path"].rpartition(".")[0]
        below.setdefault(parent if parent in paths else "", []).append(row)

    def node(row: Row, depth: int) -> Node:
        marks = [i18n.translate(locale, KIND_NAMES[UnitKind(row["kind"])])]
        if row["reporting"]:
            marks.append(i18n.translate(locale, N_("reports leads")))
        return Node(
            link=Link(row["name"], f"/units/{row['id']}"),
            aside=" · ".join(marks),
            below=[node(each, depth + 1) for each in below.get(row["path"], ())],
            open=opened and depth == 0,
        )

    return [node(row, 0) for row in below.get("", ())]


@router.get("/units/new")
def new_unit(request: Request, caller: Writer) -> Response:
    parent = request.query_params.get("parent", "")
    return _unit_form(request, caller, Filled({"parent": parent}), 200)


@router.post("/units/new")
def create_unit(request: Request, caller: Writer, form: Form) -> Response:
    try:
        with caller.work("units.create") as tx:
            parent = form.text("parent")
            above = units.unit_coded_in(tx, parent, field="parent") if parent else None
            if form.text("kind") not in set(UnitKind):
                raise Invalid.of("kind", N_("Choose one."))
            unit_id = units.create_unit(
                tx,
                code=form.text("code"),
                name=form.text("name"),
                kind=UnitKind(form.text("kind")),
                parent_id=above["id"] if above else None,
                reporting=form.text("reporting") == "yes",
                poor_village=form.text("poor_village") == "yes",
            )
    except Invalid as invalid:
        return _unit_form(request, caller, Filled.refused(form.values, invalid), 422)
    return RedirectResponse(f"/units/{unit_id}", status_code=303)


def _unit_form(request: Request, caller: Caller, form: Filled, status: int) -> Response:
    with caller.work("units.new") as tx:
        frame = frame_for(request, caller, tx, current="people")
        rows = units.list_units(tx, limit=MOST)
    kinds = [Choice(kind, i18n.translate(caller.locale, KIND_NAMES[kind])) for kind in UnitKind]
    parents = [Choice(row["code"], row["name"]) for row in rows if row["kind"] != UnitKind.VILLAGE]
    return render(
        request, "pages/unit_new.html", frame=frame, form=form, kinds=kinds, parents=parents,
        status_code=status,
    )  # fmt: skip


@router.get("/units/{unit_id}")
def unit(request: Request, caller: Reader, unit_id: UUID) -> Response:
    with caller.work("units.read") as tx:
        frame = frame_for(request, caller, tx, current="people")
        row = units.read_unit(tx, unit_id)
        below = units.list_units(tx, under=row["code"], limit=MOST)
        may_read = tx.actor.may(Permission.MATTERS_READ)
        may_write = tx.actor.may(Permission.UNITS_WRITE)
    kind = i18n.translate(caller.locale, KIND_NAMES[UnitKind(row["kind"])])
    return render(
        request, "pages/unit.html", frame=frame, unit=row, kind=kind,
        nodes=_nodes(
            [each for each in below if each["id"] != unit_id], caller.locale, opened=False
        ),
        may_read=may_read, may_write=may_write,
    )  # fmt: skip


@router.get("/people")
def persons(request: Request, caller: PeopleReader, paging: Paging) -> Response:
    """The register, by pinyin or by strokes; `name` is how it begins."""
    name = request.query_params.get("name", "").strip()[:40]
    order = _order(request)
    after = paging.after(f"people-{order}", lambda last, id_: (last, UUID(id_)))
    with caller.work("people.list") as tx:
        frame = frame_for(request, caller, tx, current="people")
        logs = profiles.may_log(tx, Permission.LEADS_LOG)
        found = people.persons_in_order(
            tx, order, name=name or None, after=after, limit=paging.wanted
        )
    rows, following = paging.part(f"people-{order}", found, lambda row: (row["place"], row["id"]))
    words = caller.locale
    query = {"name": name} if name else {}
    more = urlencode({"cursor": following, "order": order, **query}) if following else None
    return render(
        request,
        "pages/people.html",
        frame=frame,
        columns=_person_columns(words),
        rows=[_person_cells(row, words) for row in rows],
        name=name,
        logs=logs,
        order=order,
        orders=[
            Link(
                i18n.translate(words, label),
                f"/people?{urlencode({'order': each, **query})}",
                current=each is order,
            )
            for each, label in ORDERS.items()
        ],
        following=f"/people?{more}" if more else None,
    )


def _person_columns(locale: str) -> list[Column]:
    def column(key: str, label: str, kind: CellKind = "text") -> Column:
        return Column(key, i18n.translate(locale, label), kind)

    return [
        column("name", N_("Name"), "person"),
        column("position", N_("Position")),
        column("unit", N_("Unit"), "place"),
        column("member", N_("Party member")),
        column("employee", N_("Public employee")),
        column("known", N_("Identity")),
    ]


def _person_cells(row: Row, locale: str) -> dict[str, Cell]:
    identity = N_("presumed") if row["presumed"] else N_("by identity number")
    return {
        "name": Link(row["name"], f"/people/{row['id']}"),
        "position": row["position"] or "",
        "unit": row["unit_name"] or "",
        "member": known(row["member"], locale),
        "employee": known(row["public_employee"], locale),
        "known": i18n.translate(locale, identity),
    }


ORDERS: Mapping[NameOrder, str] = {
    NameOrder.PINYIN: N_("By pinyin"),
    NameOrder.STROKES: N_("By strokes of the surname"),
}


def _order(request: Request) -> NameOrder:
    asked = request.query_params.get("order")
    return NameOrder.STROKES if asked == NameOrder.STROKES else NameOrder.PINYIN


def known(value: bool | None, locale: str) -> str:
    text = {True: N_("yes"), False: N_("no"), None: N_("unknown")}[value]
    return i18n.translate(locale, text)


@router.get("/people/{person_id}")
def person(request: Request, caller: PeopleReader, person_id: UUID) -> Response:
    """A person's file, with the matters that the reader may see, cleared ones with the same
    weight. Who handles none of them is asked first why they open it."""
    try:
        with caller.work("people.read") as tx:
            person_files.open_file(tx, person_id)
    except FileClosed:
        return files.ask(request, caller, person_id)
    return _file(request, caller, person_id)


def _file(request: Request, caller: Caller, person_id: UUID) -> Response:
    with caller.work("people.read") as tx:
        frame = frame_for(request, caller, tx, current="people")
        row = people.read_person(tx, person_id)
        held = people.matters_of(tx, person_id)
        may_write = tx.actor.may(Permission.PEOPLE_WRITE)
        _id, profile = profiles.current(tx)
        reader = present.Reader.of(caller, tx)
        involved = [
            {
                "number": Link(each["number"], f"/matters/{each['matter_id']}"),
                "title": each["title"],
                "stage": reader.following(tx, each["profile_id"]).stage_mark(each),
                "outcome": outcome_words(profile, each, caller.locale),
            }
            for each in held
        ]
        sought = request.query_params.get("relative", "").strip()[:50]
        relatives = relatives_of(tx, reader, person_id, sought)
        posts = files.posts_of(tx, reader, person_id)
        asked = register_facts(reader, row)
    return render(
        request, "pages/person.html", frame=frame, person=row, involved=involved, status_code=200,
        member=known(row["member"], caller.locale),
        employee=known(row["public_employee"], caller.locale), may_write=may_write, asked=asked,
        **relatives, **posts,
    )  # fmt: skip
