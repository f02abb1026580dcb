"""The product's own application on a benchmark database."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI

from app.core import log
from app.core.db import make_engine
from app.core.keys import Keys
from app.core.settings import Settings
from app.core.shelf import Shelf
from app.main import create_app
from app.repositories.work import Office
from benchmarks.district import Bench, clock

# Counted like any other, and never refused.
MEASURED = 10_000_000


def create(bench: Bench) -> FastAPI:
    office = Office(
        engine=make_engine(bench.app_url),
        clock=clock(),
        keys=Keys.read(Path(bench.keys_file)),
        shelf=Shelf(Path(bench.keys_file).with_name("papers")),
    )
    return create_app(office, Settings(requests_per_minute=MEASURED))


if "BENCH" in os.environ:
    log.configure()
    app = create(Bench.from_json(os.environ["BENCH"]))
