"""The figures page where what is asked for is no cohort: its filter bar, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request, Response

from app.domain.errors import N_, Invalid
from app.routers.deps import Caller
from app.routers.pages.cohort import bar, typed
from app.routers.pages.figure_words import Words
from app.routers.pages.frame import frame_for
from app.routers.parts import Filled, Link
from app.routers.templating import render

# What an address may ask for besides, as people call it.
NAMED: Mapping[str, str] = {
    "leader": N_("Responsible leader"),
    "stage": N_("Stage"),
    "method": N_("Disposal"),
    "outcome": N_("Outcome"),
    "cursor": N_("Page"),
}


def refused(request: Request, caller: Caller, invalid: Invalid) -> Response:
    """Nothing typed is lost. What has no field in the bar is said above it, by its name."""
    form = Filled.refused(typed(request), invalid)
    with caller.work("figures") as tx:
        frame = frame_for(request, caller, tx, current="figures")
        filters = bar(tx, Words(caller.locale), form.values, form.errors)
        everything = Link(Words(caller.locale)(N_("Show all")), request.url.path)
    shown = {each.name: each.label for each in filters}
    return render(
        request, "pages/figures_refused.html", frame=frame, form=form, bar=filters, shown=shown,
        named=NAMED, everything=everything, status_code=invalid.status,
    )  # fmt: skip
