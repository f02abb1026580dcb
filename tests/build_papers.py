"""Papers for tests: a PDF, a picture, and one attached to a matter by somebody."""

import io
from uuid import UUID

import pypdfium2 as pdfium
from PIL import Image

from app.services import papers
from tests.builders import Someone, World


def pdf(pages: int = 1) -> bytes:
    """Empty sheets of A4."""
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def photo(size: tuple[int, int] = (400, 300), *, media: str = "JPEG", shade: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (shade, shade, shade)).save(out, media)
    return out.getvalue()


def attach(
    world: World,
    who: Someone,
    matter: UUID,
    content: bytes = b"",
    *,
    name: str = "收条.jpg",
    original: bool = False,
) -> UUID:
    brought = papers.look_at(content or photo(), name)
    with world.open("papers.attach", who) as tx:
        return papers.attach(tx, matter, brought, title="", original=original)


def mark(world: World, who: Someone, matter: UUID, paper: UUID) -> None:
    with world.open("papers.mark", who) as tx:
        papers.mark(tx, matter, paper, reason="这是另一条线索的收条。")
