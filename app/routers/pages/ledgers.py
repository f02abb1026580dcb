"""One list page and one filter bar for every kind of matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.kinds import Kind, Stage
from app.domain.permissions import Permission
from app.domain.profile import Profile
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.routers.deps import Caller, Page
from app.routers.paging import Paging
from app.routers.pages import present
from app.routers.pages.frame import frame_for
from app.routers.parts import Choice, Column, Filter, Link, Totals
from app.routers.templating import STAGE_NAMES, render
from app.services import profiles, units, worklists
from app.services.worklists import Place

router = APIRouter()

Reader = Annotated[Caller, Page(Permission.MATTERS_READ)]

KINDS: dict[str, Kind] = {address[1:]: kind for kind, address in present.ADDRESSES.items()}
NOUNS: dict[Kind, str] = {
    Kind.PETITION: N_("petitions"),
    Kind.LEAD: N_("leads"),
    Kind.CASE: N_("cases"),
    Kind.FUND_ITEM: N_("fund items"),
}
COUNTS: dict[Kind, tuple[str, str]] = {
    Kind.PETITION: (N_("{count} petition"), N_("{count} petitions")),
    Kind.LEAD: (N_("{count} lead"), N_("{count} leads")),
    Kind.CASE: (N_("{count} case"), N_("{count} cases")),
    Kind.FUND_ITEM: (N_("{count} item"), N_("{count} items")),
}
OPEN = {"open": N_("not yet ended"), "ended": N_("ended")}
DUE = {
    "overdue": N_("overdue"),
    "urgent": N_("within 2 working days"),
    "month": N_("by the end of the month"),
}
ORDERS = {
    "due": N_("by due date, nearest first"),
    "opened": N_("by date received, newest first"),
    "number": N_("by number"),
}


@dataclass(frozen=True)
class Asked:
    """The filter as it was asked for: plain texts, each empty or known."""

    kind: Kind
    stage: str
    state: str
    open: str
    unit: str
    source: str
    campaign: str
    due: str
    mine: str
    text: str
    doubtful: str
    sort: str

    @classmethod
    def of(cls, kind: Kind, query: Mapping[str, str]) -> Asked:
        def known(name: str, values: Any) -> str:
            return query.get(name, "") if query.get(name, "") in values else ""

        return cls(
            kind=kind,
            stage=known("stage", set(Stage)),
            state=query.get("state", "")[:64],
            open=known("open", OPEN),
            unit=query.get("unit", "")[:64],
            source=query.get("source", "")[:64],
            campaign=query.get("campaign", "")[:36],
            due=known("due", DUE),
            mine=known("mine", {"1"}),
            text=query.get("text", "").strip()[:100],
            doubtful=known("doubtful", {"1"}),
            sort=known("sort", ORDERS) or "due",
        )

    def chosen(self) -> dict[str, str]:
        """What was asked for, as an address holds it."""
        names = ("stage", "state", "open", "unit", "source", "campaign", "due", "mine", "text")
        held = {name: getattr(self, name) for name in (*names, "doubtful")}
        if self.sort != "due":
            held["sort"] = self.sort
        return {name: value for name, value in held.items() if value}

    def href(self, **changed: str | None) -> str:
        held = {**self.chosen(), **changed}
        query = urlencode({name: value for name, value in held.items() if value})
        address = present.ADDRESSES[self.kind]
        return f"{address}?{query}" if query else address


def wanted(tx: Work, asked: Asked, profile: Profile) -> worklists.Filter:
    """The filter as the list takes it. Unknown units and campaigns match nothing else."""
    unit = units.find_coded(tx, asked.unit) if asked.unit else None
    return worklists.Filter(
        kind=asked.kind,
        stage=Stage(asked.stage) if asked.stage else None,
        states=(asked.state,) if asked.state else None,
        open={"open": True, "ended": False}.get(asked.open),
        unit=UnitPath(unit["path"]) if unit else None,
        source=asked.source or None,
        campaign_id=_uuid(asked.campaign),
        holder=tx.actor.account_id if asked.mine else None,
        overdue_on=tx.today if asked.due == "overdue" else None,
        due_by=_due_by(tx.today, asked.due, profile),
        text=asked.text or None,
        doubtful=True if asked.doubtful else None,
    )


def _due_by(today: date, asked: str, profile: Profile) -> date | None:
    if asked == "urgent":
        return worklists.working_days_on(profile, today, profile.thresholds.urgent)
    if asked == "month":
        following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@router.get("/petitions")
def petitions(request: Request, caller: Reader, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.PETITION)


@router.get("/leads")
def leads(request: Request, caller: Reader, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.LEAD)


@router.get("/cases")
def cases(request: Request, caller: Reader, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.CASE)


@router.get("/funds")
def funds(request: Request, caller: Reader, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.FUND_ITEM)


@router.get("/search")
def search(request: Request, caller: Reader) -> Response:
    """Matters of every kind by number, title or name."""
    text = request.query_params.get("q", "").strip()[:100]
    with caller.work("search") as tx:
        found = worklists.search(tx, text) if text else []
        frame = frame_for(request, caller, tx, current="ledgers")
        _id, profile = profiles.current(tx)
        rows = [cells(profile, row, tx.today, caller.locale) for row in found]
    return render(
        request, "pages/search.html", frame=frame, text=text, columns=columns(caller.locale),
        rows=rows,
    )  # fmt: skip


def _ledger(request: Request, caller: Caller, paging: Any, kind: Kind) -> Response:
    asked = Asked.of(kind, request.query_params)
    after = paging.after(f"{kind}:{asked.sort}", lambda value, id_: Place(value, UUID(id_)))
    with caller.work("ledger") as tx:
        _id, profile = profiles.current(tx)
        filter_ = wanted(tx, asked, profile)
        found = worklists.page(tx, filter_, sort=asked.sort, after=after, limit=paging.limit)
        total = worklists.count(tx, filter_)
        late = worklists.lateness(tx, filter_, profile)
        frame = frame_for(request, caller, tx, current="ledgers")
        bar = _bar(tx, asked, profile, caller.locale)
        place = units.find_coded(tx, asked.unit) if asked.unit else None
    keys = {"due": "due_on", "opened": "opened_on", "number": "number"}
    rows, following = paging.part(
        f"{kind}:{asked.sort}", found, lambda row: (row[keys[asked.sort]], row["id"])
    )
    return render(
        request,
        "pages/ledger.html",
        frame=frame,
        title=i18n.translate(caller.locale, present.KIND_NAMES[kind]),
        noun=i18n.translate(caller.locale, NOUNS[kind]),
        tabs=_tabs(caller.locale, kind),
        bar=bar,
        action=present.ADDRESSES[kind],
        counted=_counted(caller.locale, kind, total),
        chosen=_chosen(asked, profile, caller.locale, place),
        order=i18n.translate(caller.locale, ORDERS[asked.sort]),
        columns=columns(caller.locale, asked),
        rows=[cells(profile, row, frame.demo_day or tx.today, caller.locale) for row in rows],
        totals=_totals(caller.locale, kind, total, late, tx.today),
        following=asked.href(cursor=following) if following else None,
        first=asked.href() if after is not None else None,
        shown=len(rows),
        asked=asked,
        log_href="/log/petition" if kind is Kind.PETITION else "/log",
        may_log=kind in (Kind.PETITION, Kind.LEAD),
    )


def _counted(locale: str, kind: Kind, total: int) -> str:
    if total > worklists.COUNTED:
        return i18n.translate(
            locale, N_("more than {count}"), {"count": i18n.count(worklists.COUNTED)}
        )
    return i18n.translate_number(locale, *COUNTS[kind], total)


def _totals(locale: str, kind: Kind, total: int, late: Row, today: date) -> Totals:
    text = i18n.translate(
        locale,
        N_(
            "As of {day}, of this list: {overdue} overdue · {urgent} within two working days"
            " · {soon} within five · {later} later"
        ),
        {
            "day": i18n.written_date(locale, today),
            **{name: i18n.count(late[name]) for name in ("overdue", "urgent", "soon", "later")},
        },
    )
    label = i18n.translate(locale, N_("Total {count}"), {"count": _counted(locale, kind, total)})
    return Totals(label=label, text=text)


def _tabs(locale: str, kind: Kind) -> list[Link]:
    return [
        Link(i18n.translate(locale, name), present.ADDRESSES[each], current=each is kind)
        for each, name in present.KIND_NAMES.items()
    ]


def _bar(tx: Work, asked: Asked, profile: Profile, locale: str) -> list[Filter]:
    def choices(labels: Mapping[str, str], none: str) -> tuple[Choice, ...]:
        first = Choice("", i18n.translate(locale, none))
        rest = (Choice(key, i18n.translate(locale, label)) for key, label in labels.items())
        return (first, *rest)

    def words(text: str) -> str:
        return i18n.translate(locale, text)

    states = {
        key: state.label.words(locale)
        for key, state in profile.machine(asked.kind).states.items()
        if key != "new"
    }
    townships = {row["code"]: row["name"] for row in units.areas(tx)}
    campaigns = {str(row["id"]): row["name"] for row in units.campaigns(tx)}
    stages = {stage.value: STAGE_NAMES[stage] for stage in Stage}
    found = [
        Filter("stage", words(N_("Stage")), asked.stage, choices(stages, N_("every stage"))),
        Filter("state", words(N_("State")), asked.state, choices(states, N_("every state"))),
        Filter("open", words(N_("Progress")), asked.open, choices(OPEN, N_("all"))),
        Filter("unit", words(N_("Place")), asked.unit, choices(townships, N_("everywhere"))),
        Filter("due", words(N_("Due")), asked.due, choices(DUE, N_("any time"))),
    ]
    if campaigns and asked.kind is not Kind.FUND_ITEM:
        label = words(N_("Campaign"))
        found.insert(
            4, Filter("campaign", label, asked.campaign, choices(campaigns, N_("every campaign")))
        )
    found.append(Filter("text", words(N_("Words")), asked.text, kind="search"))
    return found


def _chosen(asked: Asked, profile: Profile, locale: str, place: Row | None) -> list[Link]:
    """Each condition that was chosen, with the list without it."""
    labels: dict[str, str] = {}
    if asked.stage:
        labels["stage"] = i18n.translate(locale, STAGE_NAMES[Stage(asked.stage)])
    if asked.state:
        labels["state"] = present.state_label(profile, asked.kind, asked.state, locale)
    if asked.open:
        labels["open"] = i18n.translate(locale, OPEN[asked.open])
    if asked.unit:
        labels["unit"] = place["name"] if place else asked.unit
    if asked.due:
        labels["due"] = i18n.translate(locale, DUE[asked.due])
    if asked.source:
        known = present.SOURCES.get(asked.source, asked.source)
        labels["source"] = i18n.translate(locale, known)
    if asked.campaign:
        labels["campaign"] = i18n.translate(locale, N_("of one campaign"))
    if asked.mine:
        labels["mine"] = i18n.translate(locale, N_("handled by me"))
    if asked.doubtful:
        labels["doubtful"] = i18n.translate(locale, N_("doubtful"))
    if asked.text:
        labels["text"] = f"“{asked.text}”"
    return [Link(label, asked.href(**{name: None})) for name, label in labels.items()]


def columns(locale: str, asked: Asked | None = None) -> list[Column]:
    def words(text: str) -> str:
        return i18n.translate(locale, text)

    def sorting(name: str) -> dict[str, Any]:
        if asked is None:
            return {}
        href = asked.href(sort=None if name == "due" else name)
        order = "descending" if name == "opened" else "ascending"
        return {"sort_href": href, "sorted": order if asked.sort == name else ""}

    return [
        Column("number", words(N_("Number")), "number", **sorting("number")),
        Column("title", words(N_("What is alleged")), "title"),
        Column("stage", words(N_("Stage")), "stage"),
        Column("person", words(N_("Person reported")), "person"),
        Column("place", words(N_("Place")), "place"),
        Column("holder", words(N_("Handler")), "holder"),
        Column("step", words(N_("Next step")), "step"),
        Column("due", words(N_("Due")), "due", **sorting("due")),
    ]


def cells(profile: Profile, row: Row, today: date, locale: str) -> dict[str, Any]:
    """A row of the list; on a phone the same values make a card."""
    holder = row["holder_name"] or row["assigned_name"]
    return {
        "number": present.number_link(row),
        "title": row["title"],
        "stage": present.stage_mark(profile, row, locale),
        "person": present.people(row, locale),
        "place": present.place(row),
        "holder": holder or Link(i18n.translate(locale, N_("not yet")), quiet=True),
        "step": present.waiting_or_next(profile, row, locale),
        "due": present.due(profile, row["due_on"] if row["closed_on"] is None else None, today),
    }
