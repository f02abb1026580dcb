"""The handlers on their addresses."""

from __future__ import annotations

import json
import os
from uuid import UUID

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.district import Bench
from benchmarks.yardstick import reads, signing, writes
from benchmarks.yardstick.context import Desk, answer


def create(desk: Desk) -> Starlette:
    def worklist(_request: Request) -> Response:
        return answer(reads.page(desk, reads.WORKLIST))

    def filtered(_request: Request) -> Response:
        return answer(reads.page(desk, reads.FILTERED))

    def matter(request: Request) -> Response:
        return answer(reads.matter(desk, UUID(request.path_params["id"])))

    async def log_lead(request: Request) -> Response:
        body = json.loads(await request.body())
        who = request.query_params["as"]
        return answer(await run_in_threadpool(writes.log_lead, desk, who, body), 201)

    async def sign(request: Request) -> Response:
        reason = json.loads(await request.body())["reason"]
        wanted = UUID(request.path_params["id"])
        return answer(await run_in_threadpool(signing.sign, desk, wanted, reason))

    return Starlette(
        routes=[
            Route("/worklist", worklist),
            Route("/filtered", filtered),
            Route("/matters/{id}", matter),
            Route("/leads", log_lead, methods=["POST"]),
            Route("/requests/{id}/sign", sign, methods=["POST"]),
        ],
    )


if "BENCH" in os.environ:
    app = create(Desk.of(Bench.from_json(os.environ["BENCH"])))
