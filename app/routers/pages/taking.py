"""A long import as a page that grows: how far it is, and at the end where it went."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from uuid import UUID

from fastapi import Response
from markupsafe import escape

from app.core import i18n
from app.core.log import logger
from app.domain.errors import N_, PlumblineError, Reason
from app.routers.deps import Caller
from app.services.imports import uploads

MARKER = "<!-- how far it is -->"
STEP = 0.05

_Word = tuple[int, float | None] | Reason | None


def taking(caller: Caller, page: Response, batch_id: UUID, version: int) -> Iterator[str]:
    """The page in pieces, while another thread imports: whoever leaves stops nothing."""
    head, _, tail = bytes(page.body).decode().partition(MARKER)
    yield head
    told: SimpleQueue[_Word] = SimpleQueue()
    threading.Thread(
        target=_take, args=(caller, batch_id, version, told), name="import", daemon=False
    ).start()
    shown = 0.0
    while isinstance(word := told.get(), tuple):
        rows, share = word
        if share is None or share - shown >= STEP or share >= 1.0:
            shown = share or shown
            yield f"<p>{escape(_far(caller, rows, share))}</p>\n"
    href = f"/log/import/{batch_id}"
    if word is None:
        done = _say(caller, N_("Everything is taken in."))
        yield f'<p role="status"><strong>{escape(done)}</strong></p>\n'
    else:
        why = i18n.translate(caller.locale, word.message, word.values)
        yield f'<p class="errors" role="alert">{escape(why)}</p>\n'
    yield f'<p><a class="button" href="{href}">{escape(_say(caller, N_("See the result")))}</a></p>'
    yield tail


def _take(caller: Caller, batch_id: UUID, version: int, told: SimpleQueue[_Word]) -> None:
    try:
        with caller.work("imports.commit") as tx:
            uploads.take_in(
                tx, batch_id, seen_version=version,
                progress=lambda rows, share: told.put((rows, share)),
            )  # fmt: skip
    except PlumblineError as error:
        told.put(error.reason)
    except Exception as error:
        logger().error("import_failed", error=type(error).__name__, batch_id=str(batch_id))
        told.put(Reason(N_("Something went wrong on our side. Nothing was taken in.")))
    else:
        told.put(None)


def _far(caller: Caller, rows: int, share: float | None) -> str:
    if share is None:
        words = N_("{count} row") if rows == 1 else N_("{count} rows")
        return _say(caller, words, count=i18n.count(rows))
    return _say(
        caller, N_("Rows: {count}, {share} of the file"), count=i18n.count(rows),
        share=f"{share:.0%}",
    )  # fmt: skip


def _say(caller: Caller, message: str, **values: object) -> str:
    return i18n.translate(caller.locale, message, values)
