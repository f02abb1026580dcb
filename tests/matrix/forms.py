"""Pages, and the forms that stand on them, as whoever they are meant for is served them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from app.routers.csrf import FIELD, token
from tests.browser.visits import VISITS
from tests.builders import STAFF, World
from tests.clients import Doors
from tests.pages.served import Form, Served

# In every page's frame, for everybody alike.
FRAME = ("/preferences", "/sign-out")
WORDS = "核对。"
# Pages on which different readers find different forms.
OF_SOMETHING = re.compile("/(matters|people|requests|money)/")
# What is one's own, whoever one is: nobody else has these addresses' parts.
OWN = re.compile("/(me|sign-in|admin|log/import|first-start)(/|$)")


@dataclass(frozen=True)
class Sheet:
    """A page, or a form filled in; `login` is whom it is meant for, or nobody."""

    name: str
    login: str
    address: str
    form: Form | None = None

    def ask(self, doors: Doors, world: World, login: str) -> httpx.Response:
        who = world.person(login) if login else None
        browser = doors.browser(who)
        if self.form is None:
            return browser.get(self.address)
        fields = {name: _filled(name, given, self.form) for name, given in self.form.fields.items()}
        fields |= {
            name: [next((each for each in offered if each), "")]
            for name, offered in self.form.choices.items()
            if not any(fields.get(name, []))
        }
        if who is not None:
            fields[FIELD] = [token(doors.keys, who.session)]
        return browser.post(self.address, data=fields)


def _filled(name: str, given: Sequence[str], form: Form) -> list[str]:
    return list(given) if any(given) or name in form.choices else [WORDS]


def sheets(doors: Doors, world: World, ids: Mapping[str, str]) -> list[Sheet]:
    """Every page that is visited, and each different form on it once, whoever is shown it."""
    found: dict[str, Sheet] = {}
    for visit in VISITS:
        if visit.then is not None:
            continue
        login = getattr(world, visit.who).login if visit.who else ""
        page = Sheet(visit.name, login, visit.path(dict(ids)))
        found[page.name] = page
        others = [each[0] for each in STAFF] if OF_SOMETHING.match(page.address) else []
        for reader in (login, *others):
            for form in Served(page.ask(doors, world, reader).text).forms:
                action = form.action or page.address
                name = f"{visit.name} sends {_generic(action)}"
                if form.method == "post" and action not in FRAME:
                    found.setdefault(name, Sheet(name, reader, action, form))
    return [*found.values(), *_by_hand(ids)]


def _by_hand(ids: Mapping[str, str]) -> Iterator[Sheet]:
    """What stands on a page only once something happened there that hasn't."""
    nothing = "00000000-0000-7000-8000-000000000000"
    alike = {"where": [ids["unit"]], "what": ["虚报2017年度造林面积"], "name": ["梁启元"]}
    begun = {"draft.address": [f"/matters/{ids['lead']}/notes/new"], "text": ["入户。"]}
    for login, address, fields in (
        ("investigator", "/log/look-alikes", alike),
        ("investigator", "/views", {"kind": ["lead"], "query": ["open=open"], "name": ["未结"]}),
        ("investigator", "/views/{nothing}/forget", {}),
        ("chief", "/views/{view}/watch", {}),
        (
            "intake",
            "/petitions/assign?step=hand_over",
            {"items": [ids["petition"] + " 1"], "run": [nothing], "reason": ["交办。"]},
        ),
        ("investigator", "/drafts", begun),
        ("investigator", "/drafts/bring-back", {"draft.thrown": [nothing]}),
        ("investigator", "/drafts/discard", {**begun, "draft.id": [nothing]}),
        ("investigator", "/matters/{handled}/releases/{release}/read", {}),
        ("investigator", "/matters/{handled}/releases/{release}/end", {}),
        ("petitions-head", "/matters/{petition}/summary/check", {}),
        ("department-head", "/matters/{lead}/grants/{nothing}/end", {}),
        ("deputy", "/sign/meetings/{signed_meeting}/carry-on", {}),
        ("intake", "/matters/{handled}/reporter/tie", {"number": ["990101196001010000"]}),
        ("intake", "/matters/{handled}/reporter/untie", {}),
        ("lead-manager", "/people/{person}/relatives", {"relative": [nothing]}),
        ("lead-manager", "/people/{person}/relatives/{nothing}/end", {}),
    ):
        place = address.format(**ids, nothing=nothing)
        yield Sheet(f"by hand {address}", login, place, Form(place, "post", dict(fields)))


def _generic(action: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|[\w-]{43}", "*", action.partition("?")[0])


def unsent(app: FastAPI, found: Sequence[Sheet]) -> set[str]:
    """Addresses that take a form which stands on none of these pages."""
    sent = [sheet.address.split("?")[0] for sheet in found if sheet.form is not None]
    return {path for path in _taking(app) if not any(_like(path, each) for each in sent)}


def _taking(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        takes = isinstance(route.original_route, APIRoute) and "POST" in (route.methods or ())
        path = str(route.path)
        if takes and not (OWN.match(path) or path in FRAME or path.startswith("/api/")):
            yield path


def _like(path: str, address: str) -> bool:
    return re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", path), address) is not None
