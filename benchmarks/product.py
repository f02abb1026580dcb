"""The product's own application on a benchmark database."""

from __future__ import annotations

import os
from pathlib import Path

from app.core.db import make_engine
from app.core.keys import Keys
from app.core.settings import Settings
from app.main import create_app
from app.repositories.work import Office
from benchmarks.district import clock

app = create_app(
    Office(
        engine=make_engine(os.environ["BENCH_APP_URL"]),
        clock=clock(),
        keys=Keys.read(Path(os.environ["BENCH_KEYS"])),
    ),
    Settings(),
)
