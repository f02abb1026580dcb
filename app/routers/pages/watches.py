"""Watching matters and views, and what changed since somebody was here last, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_, NotFound
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import history
from app.routers.pages.frame import frame_for
from app.routers.pages.present import ADDRESSES, KIND_NAMES, Reader, matter_href, task_on
from app.routers.parts import Link, Task
from app.routers.templating import render
from app.services import saved_views, visits, watches, worklists
from app.services.matters import MatterFile
from app.services.visits import TOLD
from app.services.watches import WatchedMatter, WatchedView

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

HERE = "/watched"
NUMBERS = 5  # of a view's news, told by number

# A view's news: the attribute, and what is said of those matters.
VIEW_NEWS: Sequence[tuple[str, str]] = (
    ("came", N_("{count} new in it: {numbers}")),
    ("left", N_("{count} no longer in it: {numbers}")),
    ("changed", N_("{count} changed: {numbers}")),
)


def moment_words(reader: Reader, tx: Work, moment: datetime) -> str:
    """When somebody was here, by the clock of the office: today, yesterday, or a day."""
    local, now = tx.moment_of(moment), tx.moment_of(tx.now)
    time = f"{local:%H:%M}"
    if local.date() == now.date():
        return reader.say(N_("today at {time}"), time=time)
    if local.date() == now.date() - timedelta(days=1):
        return reader.say(N_("yesterday at {time}"), time=time)
    day = i18n.written_date(reader.locale, local.date(), year=local.year != now.year)
    return reader.say(N_("{day} at {time}"), day=day, time=time)


# On a matter's page -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watching:
    """`watch` is the reader's own, if they watch it. `since` says when they were here last, where
    others did something since: the versions that are `unseen`."""

    watch: UUID | None
    since: str
    unseen: frozenset[int]


def on_matter(tx: Work, reader: Reader, file: MatterFile, *, waits: bool) -> Watching:
    head = file.head
    watch = watches.watch_of_matter(tx, head["id"])
    before = visits.visit_matter(tx, head["id"], version=head["version"], waits=waits)
    if before is None:
        return Watching(watch, "", frozenset())
    me = tx.actor.account_id
    unseen = frozenset(
        row["version"]
        for row in file.history
        if row["version"] > before.version and row["actor_id"] != me
    )
    since = moment_words(reader, tx, before.at) if unseen else ""
    return Watching(watch, since, unseen)


@router.post("/matters/{matter_id}/watch")
def watch_matter(caller: Mine, matter_id: UUID) -> Response:
    with caller.work("watches.matter") as tx:
        watches.watch_matter(tx, matter_id)
    return RedirectResponse(f"{matter_href(matter_id)}?done=watched", status_code=303)


@router.post("/views/{view_id}/watch")
def watch_view(caller: Mine, view_id: UUID) -> Response:
    with caller.work("watches.view") as tx:
        watches.watch_view(tx, view_id)
        view = saved_views.one(tx, view_id)
    return RedirectResponse(_list(view), status_code=303)


@router.post("/watches/{watch_id}/stop")
def stop(caller: Mine, form: Form, watch_id: UUID) -> Response:
    """Back to where it was ended, with the way to begin again."""
    with caller.work("watches.stop") as tx:
        gone = watches.stop(tx, watch_id)
        view = saved_views.one(tx, gone["view_id"]) if gone["view_id"] else None
    if form.text("back") == HERE:
        ended = f"matter={gone['matter_id']}" if view is None else f"view={view['id']}"
        return RedirectResponse(f"{HERE}?{ended}", status_code=303)
    if view is None:
        return RedirectResponse(f"{matter_href(gone['matter_id'])}?done=unwatched", status_code=303)
    return RedirectResponse(_list(view), status_code=303)


@router.post("/watches/{watch_id}/seen")
def seen(caller: Mine, form: Form, watch_id: UUID) -> Response:
    """What stands in a watched view was seen."""
    with caller.work("watches.seen") as tx:
        view = watches.look(tx, watch_id)
    where = HERE if form.text("back") == HERE else _list(view)
    return RedirectResponse(where, status_code=303)


def _list(view: Row) -> str:
    return f"{ADDRESSES[Kind(view['kind'])]}?{view['query']}"


# What one watches ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """Something watched, with what changed; `seen` where that is to be said by its watcher."""

    watch: UUID
    task: Task
    seen: bool = False


@router.get(HERE)
def list_watched(request: Request, caller: Mine) -> Response:
    with caller.work("watches.list") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="desk")
        found = watches.mine(tx)
        lines = [matter_line(tx, reader, each) for each in found.matters]
        views = [view_line(tx, reader, each) for each in found.views]
        again = _again(tx, request.query_params)
    return render(
        request, "pages/watched.html", frame=frame, matters=lines, views=views, again=again
    )


def _again(tx: Work, query: Mapping[str, str]) -> tuple[str, str] | None:
    """(what was just ended, the address that begins it again), as far as it is there."""
    try:
        if "matter" in query:
            matter_id = UUID(query["matter"])
            number = worklists.number_of(tx, matter_id)
            return (number, f"{matter_href(matter_id)}/watch") if number else None
        if "view" in query:
            view = saved_views.one(tx, UUID(query["view"]))
            return view["name"], f"/views/{view['id']}/watch"
    except (ValueError, NotFound):
        return None
    return None


def matter_line(tx: Work, reader: Reader, each: WatchedMatter) -> Line:
    row = each.matter
    since = moment_words(reader, tx, each.seen_at)
    if each.steps:
        words = reader.say(N_("Since you looked {moment}:"), moment=since)
        lines = (words, *sentences(tx, reader, row["kind"], row["profile_id"], each.steps))
    else:
        lines = (reader.say(N_("Nothing new since you looked {moment}."), moment=since),)
    due = reader.due(row["due_on"]) if row["due_on"] and not row["closed_on"] else None
    return Line(each.id, task_on(row, to_history(reader, row["matter_id"]), due=due, lines=lines))


def to_history(reader: Reader, matter_id: UUID) -> Link:
    return Link(reader.say(N_("See its history")), f"{matter_href(matter_id)}#history")


def sentences(
    tx: Work, reader: Reader, kind: str, profile_id: UUID, steps: Sequence[Row]
) -> list[str]:
    """The newest first; that there are more is said."""
    own = reader.following(tx, profile_id)
    told = [history.sentence(own, kind, row) for row in steps[:TOLD]]
    return [*told, reader.say(N_("And more before that."))] if len(steps) > TOLD else told


def view_lines(tx: Work, reader: Reader, each: WatchedView) -> list[str]:
    """What changed in a watched view since its watcher looked."""
    since = moment_words(reader, tx, each.seen_at)
    if each.too_many:
        words = N_("More than {most} matters stand in it now: what changed isn’t compared.")
        return [reader.say(words, most=watches.MOST_LISTED)]
    if not each.news:
        return [reader.say(N_("Nothing new since you looked {moment}."), moment=since)]
    told = [_numbers(reader, words, getattr(each, name)) for name, words in VIEW_NEWS]
    return [
        reader.say(N_("Since you looked {moment}:"), moment=since),
        *(line for line in told if line),
    ]


def view_line(tx: Work, reader: Reader, each: WatchedView) -> Line:
    kind = reader.say(KIND_NAMES[Kind(each.view["kind"])])
    lines = view_lines(tx, reader, each)
    text = reader.say(N_("{kind}: {name}"), kind=kind, name=each.view["name"])
    see = Link(reader.say(N_("Open the list")), _list(each.view))
    return Line(each.id, Task(text=text, lines=lines, action=see), seen=bool(each.news))


def _numbers(reader: Reader, words: str, rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    numbers = [row["number"] for row in rows[:NUMBERS]]
    more = [*numbers, reader.say(N_("and more"))] if len(rows) > NUMBERS else numbers
    return reader.say(words, count=i18n.count(len(rows)), numbers=reader.listed(more))
