"""A page's form that is sent twice is done once.

A form carries a key that was made when it was shown. The first unit of work of the request takes
it up, in the transaction that does the work: a second press, a reload of the answer or a program
that sends the form again finds it taken, and is answered as the first was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.repositories.work import Work
from app.routers import csrf
from app.services import idempotency
from app.services.idempotency import Former

FIELD = "form_key"
WORDS = "form_words"  # what its page calls its fields: see form_words
BLOCK = 64 * 1024  # bytes of a file at a time
DRAFT = "draft."  # before the names of fields that say where and as what a form is kept


@dataclass(frozen=True, slots=True)
class Sending:
    """A form that was sent, under its key; `content` is what somebody typed and chose."""

    form_key: str
    route: str
    content: bytes
    has_files: bool

    @classmethod
    async def of(cls, request: Request, data: FormData) -> Sending | None:
        """None where the form carries no key of ours: then each is a new one.

        Read at once, since a route may close the files that came along.
        """
        try:
            key = UUID(str(data.get(FIELD, "")))
        except ValueError:
            return None
        files = any(isinstance(each, UploadFile) and each.filename for each in data.values())
        content = await run_in_threadpool(_content, data) if files else _content(data)
        return cls(str(key), f"{request.method} {request.url.path}", content, files)

    @property
    def key(self) -> str:
        return key_of(self.form_key)

    def take_up(self, tx: Work) -> None:
        """Raises SentBefore."""
        if not idempotency.take_up_form(tx, key=self.key, route=self.route, body=self.content):
            raise SentBefore(self)

    def former(self, tx: Work) -> Former | None:
        """What became of the one that was sent before; None where nothing came of it."""
        return idempotency.former_form(tx, key=self.key, route=self.route, body=self.content)


class SentBefore(Exception):
    """This form was sent already. No refusal of the domain's: no route takes it for one."""

    def __init__(self, sending: Sending) -> None:
        super().__init__("this form was sent already")
        self.sending = sending


def key_of(form_key: str) -> str:
    """Apart from the keys that programs choose."""
    return f"form {form_key}"


def _content(data: FormData) -> bytes:
    """Without where it is kept, and whose it is."""
    return json.dumps(
        [
            (name, _digest(value) if isinstance(value, UploadFile) else value)
            for name, value in data.multi_items()
            if name not in (csrf.FIELD, FIELD, WORDS) and not name.startswith(DRAFT)
        ]
    ).encode()


def _digest(upload: UploadFile) -> str:
    digest = hashlib.sha256()
    upload.file.seek(0)
    while block := upload.file.read(BLOCK):
        digest.update(block)
    upload.file.seek(0)
    return f"{upload.filename} {digest.hexdigest()}"
