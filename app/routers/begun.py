"""Which forms are kept while they are filled in, and what is kept of the one on this page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

from app.domain.errors import N_
from app.repositories.work import Work
from app.routers.deps import SECRETS, Submitted
from app.routers.parts import Begun
from app.routers.sendings import DRAFT
from app.services import drafts
from app.services.drafts import Draft

# Pages with a form of more than three fields, or with one that takes a while to write, and what a
# list of drafts calls them.
FORMS: Mapping[str, str] = {
    "/log": N_("Log a lead"),
    "/log/petition": N_("Log a petition"),
    "/leads/assign": N_("An assignment"),
    "/petitions/assign": N_("An assignment"),
    "/matters/{matter_id}/act/{event}": N_("A step"),
    "/matters/{matter_id}/notes/new": N_("A note"),
    "/matters/{matter_id}/people/new": N_("A person"),
    "/matters/{matter_id}/people/register": N_("A person of the register"),
    "/matters/{matter_id}/statements/new": N_("A statement"),
    "/matters/{matter_id}/statements/{statement_id}/answer": N_("An answer to a statement"),
    "/matters/{matter_id}/tasks/{task_id}": N_("A task"),
    "/matters/{matter_id}/items/new": N_("Money or property"),
    "/matters/{matter_id}/corrections/new": N_("A correction"),
    "/matters/{matter_id}/summary": N_("A summary for handlers"),
    "/matters/{matter_id}/release": N_("A release"),
    "/matters/{matter_id}/emergencies/{emergency_id}/review": N_("A review"),
    "/matters/{matter_id}/hand-over": N_("A hand-over"),
    "/matters/{matter_id}/paper-signatures": N_("A signature on paper"),
    "/leaving/{account_id}": N_("A hand-over"),
    "/matters/{matter_id}/keep-off": N_("Keeping off"),
    "/people/{person_id}": N_("A former post"),
    "/people/{person_id}/change": N_("A change to a person"),
    "/money/{item_id}/receipt": N_("A receipt of money"),
    "/money/{item_id}/return": N_("A return of money"),
    "/money/{item_id}/remittance": N_("Money that went elsewhere"),
    "/units/new": N_("A unit"),
    "/admin/accounts/new": N_("An account"),
    "/me/standing-in": N_("Standing in"),
}
CHOSEN = "draft"  # in an address: which draft is wanted, or NONE
NONE = "none"
THROWN = "thrown"  # in an address: the draft that was just thrown away
# Of the page, not of what somebody typed into it: what a form is about stands in its address, and
# comes from there alone.
_OF_THE_PAGE = frozenset({"look", "petition", "number", "field"})
SEEN = "version"  # of the matter when the writer began: sent again, it shows what changed meanwhile
_PASSING = frozenset({CHOSEN, THROWN, "done"})
# A key as links write it: a draft whose matter isn't recognised would outlive a wall before it.
_KEY = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PATTERNS = {
    re.compile(re.sub(r"\{event\}", "[^/]+", re.sub(r"\{\w+_id\}", _KEY, path))): name
    for path, name in FORMS.items()
}


def kind_of(address: str) -> str | None:
    """What the form at this address is called; None where nothing is kept."""
    path = urlsplit(address).path
    return next((name for each, name in _PATTERNS.items() if each.fullmatch(path)), None)


def of(request: Request, tx: Work) -> Begun | None:
    """What is kept of this page's form: to fill it in, or after a refusal to go on keeping it."""
    if kind_of(request.url.path) is None:
        return None
    sent: Submitted | None = getattr(request.state, "submitted", None)
    if sent is not None:
        return Begun(address_in(sent) or here(request), str(sent.draft or ""), version_in(sent))
    address = here(request)
    kept = drafts.begun_at(tx, address)
    chosen = _chosen(kept, request.query_params.get(CHOSEN, ""))
    others = [(choosing(address, each.id), each.saved_at) for each in kept if each is not chosen]
    if chosen is None:
        thrown = thrown_in(request.query_params.get(THROWN, ""))
        return Begun(address, others=others, thrown=thrown)
    values = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in chosen.values.items()
        if name not in _OF_THE_PAGE | {SEEN}
    }
    seen = chosen.values.get(SEEN, "")
    return Begun(
        address, str(chosen.id), chosen.version, chosen.saved_at, values,
        seen=seen if isinstance(seen, str) and seen.isascii() and seen.isdigit() else "",
        others=others, empty=choosing(address, NONE),
    )  # fmt: skip


def _chosen(kept: list[Draft], wanted: str) -> Draft | None:
    """The one that was asked for, else the newest."""
    if wanted == NONE or not kept:
        return None
    return next((each for each in kept if str(each.id) == wanted), kept[0])


def choosing(address: str, wanted: object) -> str:
    """The form at this address with that draft filled in, or with NONE."""
    return f"{address}{'&' if '?' in address else '?'}{CHOSEN}={wanted}"


def thrown_in(text: str) -> str:
    """The key of a draft that can be brought back; empty for anything else."""
    return text if re.fullmatch(_KEY, text) else ""


def here(request: Request) -> str:
    """The form's address: what it is about, without what passes."""
    held = [pair for pair in parse_qsl(request.url.query) if pair[0] not in _PASSING]
    return request.url.path + (f"?{urlencode(held)}" if held else "")


def address_in(sent: Submitted) -> str | None:
    """Where the form that was sent is, if it is one that is kept."""
    address = sent.secret(DRAFT + "address")[:500]
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    ours = not parts.scheme and not parts.netloc and not parts.fragment and address.isprintable()
    return address if ours and kind_of(address) is not None else None


def values_in(sent: Submitted) -> dict[str, str | list[str]]:
    """What was typed into the form."""
    return {
        name: list(value) if isinstance(value, tuple) else str(value)
        for name, value in sent.values.items()
        if name not in _OF_THE_PAGE | SECRETS
    }


def version_in(sent: Submitted) -> int:
    text = sent.secret(DRAFT + "version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def link(draft: Draft) -> str:
    """To the form, filled in with this draft."""
    return choosing(draft.address, draft.id)
