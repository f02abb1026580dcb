"""Papers of a matter: attaching one, looking at it in a frame, and saying that it was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_, Invalid, NotFound, TooLarge
from app.domain.kinds import Kind
from app.domain.papers import written_size
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers import serving
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages.entry import Entry, Open, version_of
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href
from app.routers.parts import Choice, Filled, Item, Link
from app.routers.templating import CONTENT_SECURITY_POLICY, render
from app.services import matters, papers
from app.services.matters import MatterFile
from app.services.papers import Brought

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

PAPER = "/matters/{matter_id}/papers/{paper_id}"
PAGE = N_("{paper}, page {page}")
NOTICES: Mapping[str, str] = {
    "paper_marked": N_("Recorded. A colleague confirms it, or leaves the paper as it was."),
    "paper_withdrawn": N_("Confirmed. Only whoever heads the matter still opens it."),
    "paper_stays": N_("The paper stays as it was."),
}
NAMES: Mapping[str, str] = {
    "application/pdf": N_("PDF"),
    "image/jpeg": N_("Picture"),
    "image/png": N_("Picture"),
}
# What a paper of a petition shows; whoever doesn't keep the original attaches only the other.
SHOWS: Mapping[str, str] = {
    "original": N_("Who reported, or how they put it: it stays with intake"),
    "other": N_("Neither: whoever works on the petition may open it"),
}


def section(tx: Work, reader: Reader, file: MatterFile) -> list[Item]:
    """What is attached, one line each; nothing for who reads less."""
    if file.masked:
        return []
    return [_line(reader, row) for row in papers.of_matter(tx, file.head["id"])]


def _line(reader: Reader, row: Row) -> Item:
    here = f"{matter_href(row['matter_id'])}/papers/{row['id']}"
    return Item(
        link=Link(row["title"], here), text=_standing(reader, row),
        aside=reader.joined([_what(reader, row), reader.written(row["attached_on"])]),
    )  # fmt: skip


def _standing(reader: Reader, row: Row) -> str:
    if row["withdrawn_on"] is not None:
        return reader.say(N_("attached by mistake"))
    if row["marked_on"] is not None:
        return reader.say(N_("by mistake? It waits for a second person"))
    return reader.say(N_("kept by intake")) if row["original"] else ""


def _what(reader: Reader, row: Row) -> str:
    amount, unit = written_size(row["size"])
    size = f"{amount} {unit}"
    if row["pages"] > 1:
        pages = reader.count(N_("{count} page"), N_("{count} pages"), row["pages"])
        return reader.joined([reader.say(NAMES[row["media"]]), pages, size])
    return reader.joined([reader.say(NAMES[row["media"]]), size])


# Attaching ----------------------------------------------------------------------------------------


def _shows(it: Open) -> Mapping[str, object]:
    shown = list(SHOWS)
    if not it.file.own.get("keeps"):
        shown.remove("original")
    choices = [Choice(key, it.reader.say(SHOWS[key])) for key in shown]
    return {
        "shows": choices if it.file.kind is Kind.PETITION else [],
        "enctype": "multipart/form-data",
    }


ATTACH = Entry(
    "pages/paper_new.html", N_("Attach a paper"),
    N_(
        "A PDF, or a picture as JPEG or PNG, of at most 20 MB, attached to {number}. It can't be"
        " taken away later: two people can say that it was attached by mistake."
    ),
    N_("Attach it"), "/papers", "paper_attached", _shows,
)  # fmt: skip


@router.get("/matters/{matter_id}/papers")
def attach_page(request: Request, caller: Reading, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, ATTACH)


@router.post("/matters/{matter_id}/papers")
def attach(request: Request, caller: Reading, matter_id: UUID, form: Form) -> Response:
    try:
        found = brought(form)
    except (Invalid, TooLarge) as error:
        again = refused(form, error)
        return entry.show(request, caller, matter_id, ATTACH, again, refused=of_field(error))

    def do(tx: Work) -> None:
        original = False
        if matters.head(tx, matter_id)["kind"] == Kind.PETITION:
            original = entry.one_of(form, "shows", SHOWS) == "original"
        papers.attach(tx, matter_id, found, title=form.text("title"), original=original)

    return entry.post(request, caller, matter_id, ATTACH, form, do)


def brought(form: Submitted) -> Brought:
    """The picture that was taken, or the file that was chosen; a browser sends empty ones too."""
    sent = [form.data.get(name) for name in ("picture", "file")]
    files = [each for each in sent if isinstance(each, UploadFile)]
    found = [(each.filename, each.file.read()) for each in files if each.filename]
    for each in files:
        each.file.close()
    if not found:
        raise Invalid.of("file", N_("Choose a file, or take a picture."))
    name, content = found[0]
    return papers.look_at(content, name)


def of_field(error: Invalid | TooLarge) -> Invalid:
    """Shown beside the field, whatever kind of refusal it is."""
    if isinstance(error, Invalid):
        return error
    return Invalid.of("file", error.reason.message, **error.reason.values)


def refused(form: Submitted, error: Invalid | TooLarge) -> Filled:
    return Filled.refused(form.values, of_field(error))


# Looking at one -----------------------------------------------------------------------------------


@router.get(PAPER)
def paper(request: Request, caller: Reading, matter_id: UUID, paper_id: UUID) -> Response:
    with caller.work("papers.page") as tx:
        row = papers.paper(tx, matter_id, paper_id)
        head = matters.head(tx, matter_id)
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="ledgers")
        opens = row["withdrawn_on"] is None or papers.heads(tx, matter_id)
        works = not matters.only_reads(tx, head)
        marked_by_me = row["marked_by_id"] == tx.actor.account_id
    page = _page_asked(request, row)
    here = f"{matter_href(matter_id)}/papers/{paper_id}"
    response = render(
        request,
        "pages/paper.html",
        frame=frame,
        crumb=Link(head["number"], f"{matter_href(matter_id)}#papers"),
        notice=NOTICES.get(request.query_params.get("done", "")),
        row=row,
        what=_what(reader, row),
        attached=reader.say(
            N_("Attached by {who} on {day}."),
            who=row["attached_by"], day=reader.written(row["attached_on"]),
        ),
        mistake=_mistake(reader, row),
        works=works,
        waits=works and row["marked_on"] is not None and row["withdrawn_on"] is None,
        marked_by_me=marked_by_me,
        opens=opens,
        page=page,
        caption=reader.say(PAGE, paper=row["title"], page=page),
        address=here,
        version=head["version"],
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def _page_asked(request: Request, row: Row) -> int:
    """Raises NotFound for a page that it hasn't."""
    text = request.query_params.get("page", "1")
    page = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not 1 <= page <= row["pages"]:
        raise NotFound
    return page


def _mistake(reader: Reader, row: Row) -> list[str]:
    """Who says that it was attached by mistake, and who confirmed it."""
    if row["marked_on"] is None:
        return []
    said = reader.say(
        N_("{who} said on {day} that it was attached by mistake: “{why}”"),
        who=row["marked_by"], day=reader.written(row["marked_on"]), why=row["mark_reason"],
    )  # fmt: skip
    if row["withdrawn_on"] is None:
        return [said]
    confirmed = reader.say(
        N_("{who} confirmed it on {day}. Only whoever heads the matter still opens it."),
        who=row["withdrawn_by"], day=reader.written(row["withdrawn_on"]),
    )  # fmt: skip
    return [said, confirmed]


@router.get(PAPER + "/frame")
def in_frame(request: Request, caller: Reading, matter_id: UUID, paper_id: UUID) -> Response:
    """A page for the frame. Recorded like a download."""
    row, page, picture = _drawn(request, caller, matter_id, paper_id)
    title = i18n.translate(caller.locale, PAGE, {"paper": row["title"], "page": page})
    return serving.framed(picture, lang=i18n.LANGUAGE_TAGS[caller.locale], title=title)


@router.get(PAPER + "/picture")
def picture(request: Request, caller: Reading, matter_id: UUID, paper_id: UUID) -> Response:
    """The same picture by itself."""
    return serving.alone(_drawn(request, caller, matter_id, paper_id)[2])


def _drawn(
    request: Request, caller: Caller, matter_id: UUID, paper_id: UUID
) -> tuple[Row, int, bytes]:
    with caller.work("papers.picture") as tx:
        row = papers.read(tx, matter_id, paper_id, as_="picture")
    page = _page_asked(request, row)
    return row, page, papers.picture(papers.opened(tx, row), page)


@router.get(PAPER + "/content")
def content(caller: Reading, matter_id: UUID, paper_id: UUID) -> Response:
    with caller.work("papers.download") as tx:
        row = papers.read(tx, matter_id, paper_id, as_="file")
    return serving.saved(papers.opened(tx, row))


@router.get("/matters/{matter_id}/releases/{release_id}/papers/{paper_id}")
def released(caller: Reading, matter_id: UUID, release_id: UUID, paper_id: UUID) -> Response:
    """A scan of the original, while it is released to the reader."""
    with caller.work("releases.read_paper") as tx:
        row = papers.read_released(tx, release_id, paper_id)
        if row["matter_id"] != matter_id:
            raise NotFound
    return serving.saved(papers.opened(tx, row))


# By mistake ---------------------------------------------------------------------------------------


def _mark(paper_id: UUID) -> Entry:
    def offers(it: Open) -> Mapping[str, object]:
        return {"paper": papers.paper(it.tx, it.file.head["id"], paper_id)["title"]}

    return Entry(
        "pages/paper_mark.html", N_("Attached by mistake"),
        N_(
            "You say that a paper of {number} doesn't belong there. Once a colleague has confirmed"
            " it, only whoever heads the matter still opens it. It is not deleted."
        ),
        N_("Say so"), f"/papers/{paper_id}/mistake", "paper_marked", offers,
    )  # fmt: skip


@router.get(PAPER + "/mistake")
def mark_page(request: Request, caller: Reading, matter_id: UUID, paper_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, _mark(paper_id))


@router.post(PAPER + "/mistake")
def mark(
    request: Request, caller: Reading, matter_id: UUID, paper_id: UUID, form: Form
) -> Response:
    def do(tx: Work) -> None:
        papers.mark(
            tx, matter_id, paper_id, reason=form.text("reason"), seen_version=version_of(form)
        )

    return entry.post(request, caller, matter_id, _mark(paper_id), form, do)


@router.post(PAPER + "/mistake/decide")
def decide(caller: Reading, matter_id: UUID, paper_id: UUID, form: Form) -> Response:
    mistaken = entry.one_of(form, "decision", ("mistaken", "stays")) == "mistaken"
    with caller.work("papers.decide") as tx:
        papers.decide(tx, matter_id, paper_id, mistaken=mistaken, seen_version=version_of(form))
    done = "paper_withdrawn" if mistaken else "paper_stays"
    here = f"{matter_href(matter_id)}/papers/{paper_id}"
    return RedirectResponse(f"{here}?done={done}", status_code=303)
