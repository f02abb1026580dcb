"""The application, put together. Everything it needs comes in by `office` and `settings`."""

from datetime import date
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from app import __version__
from app.core import tokens
from app.core.metrics import Measures
from app.core.settings import Settings
from app.repositories.work import Office
from app.routers import (
    api,
    edge,
    errors,
    health,
    limits,
    pages,
    preferring,
    public,
    retiring,
    sent_twice,
    throttle,
)
from app.routers.guarded import refuse_unguarded
from app.routers.openapi import describe, name_of
from app.routers.table import Table
from app.routers.templating import STATIC_ADDRESS, STATIC_DIR
from app.services.demo_door import DemoDoor
from app.services.installation import about


def create_app(
    office: Office, settings: Settings | None = None, demo: DemoDoor | None = None
) -> FastAPI:
    settings = settings or Settings()
    app = _framed()
    app.state.office = office
    app.state.settings = settings
    app.state.demo = demo
    app.state.demo_day = _demo_day(office) if demo else None
    app.state.measures = Measures(office.engine)
    app.state.tokens = tokens.Reader(office.keys)
    _table().serve(app)
    # Sheets and scripts alone: in a page secrets stand beside what somebody sent, and how well both
    # compress together would tell of them.
    app.mount(STATIC_ADDRESS, GZipMiddleware(StaticFiles(directory=STATIC_DIR)), name="static")
    errors.install(app)
    sent_twice.install(app)
    describe(app)
    # The last one added is the outermost.
    app.add_middleware(sent_twice.Settled)
    app.add_middleware(retiring.Retiring)
    app.add_middleware(preferring.Preferring)
    app.add_middleware(edge.Renewed, office=office, settings=settings, reader=app.state.tokens)
    app.add_middleware(limits.Limited, settings=settings, reader=app.state.tokens)
    app.add_middleware(limits.Addressed, names=settings.names)
    app.add_middleware(throttle.Throttle, settings=settings, reader=app.state.tokens)
    app.add_middleware(edge.Recorded, routes=app, measures=app.state.measures)
    app.add_middleware(edge.Headed, secure=settings.secure)
    refuse_unguarded(app)
    return app


def specification() -> dict[str, Any]:
    """What the API is, without an installation that serves it."""
    app = _framed()
    _table().serve(app)
    describe(app)
    return app.openapi()


def _framed() -> FastAPI:
    return FastAPI(
        title="Plumbline",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )


@cache
def _table() -> Table:
    """Every route, made once a process."""
    table = Table.named(name_of)
    table.take(health.router)
    table.take(public.router)
    table.take(api.router, prefix="/api/v1")
    table.take(pages.router)
    return table


def _demo_day(office: Office) -> date | None:
    """Asked once: it stands in the head of every page, those that tell of an error included."""
    with office.work(None, use_case="demo.day") as tx:
        return about(tx).demo_day
