"""Looks at one paper and draws one of its pages, in a process of its own that can do little else.

    python -I drawing.py examine < paper     {"media": "application/pdf", "pages": 3}
    python -I drawing.py draw 2 1400 < paper the second page as a JPEG

What a paper is, its first bytes say, and then the library that reads it to the end. A refusal is
one word on the standard error and the exit code 3. Nothing of the application is imported: what
breaks in here breaks alone, and its memory and its time end before anybody else's do.
"""

import io
import json
import resource
import sys
import warnings
from collections.abc import Callable

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageOps

REFUSED = 3
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
BEGINNINGS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
MOST_PIXELS = 64_000_000  # what a good telephone takes; unpacked, a quarter of a gigabyte
MOST_PAGES = 2000
MEMORY = 2 * 1024**3  # bytes of addresses
SECONDS = 20  # of one core


class Refusal(Exception):
    """Its word is one of `app.core.scans.REFUSALS`."""


def media_of(content: bytes) -> str:
    for beginning, media in BEGINNINGS:
        if content.startswith(beginning):
            return media
    raise Refusal("unknown")


def examine(content: bytes) -> dict[str, object]:
    """Reads all of a picture, and of a PDF as much as drawing its first page takes."""
    media = media_of(content)
    if media != PDF:
        _opened(content, media).load()
        return {"media": media, "pages": 1}
    document = _document(content)
    _page(document, 1, 200)
    return {"media": media, "pages": len(document)}


def draw(content: bytes, number: int, width: int) -> bytes:
    """A JPEG at most `width` wide and twice as high; the paper's own bytes are not in it."""
    media = media_of(content)
    if media == PDF:
        image = _page(_document(content), number, width)
    else:
        image = _opened(content, media)
        image.draft("RGB", (width, 2 * width))
        image = ImageOps.exif_transpose(image)
    image = _on_white(image)
    image.thumbnail((width, 2 * width))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, subsampling=0)
    return out.getvalue()


def _opened(content: bytes, media: str) -> Image.Image:
    kinds = ("PNG",) if media == PNG else ("JPEG",)
    image = Image.open(io.BytesIO(content), formats=kinds)
    if image.width * image.height > MOST_PIXELS:
        raise Refusal("many-pixels")
    return image


def _document(content: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        raise Refusal("locked" if locked else "damaged") from None
    if not 0 < len(document) <= MOST_PAGES:
        raise Refusal("many-pages" if len(document) else "damaged")
    return document


def _page(document: pdfium.PdfDocument, number: int, width: int) -> Image.Image:
    page = document[number - 1]
    wide, high = page.get_size()
    if not (wide > 0 and high > 0):
        raise Refusal("damaged")
    drawn: Image.Image = page.render(scale=min(width / wide, 2 * width / high)).to_pil()
    return drawn


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L"):
        return image
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB")


def _narrow() -> None:
    """From here on neither memory nor time without end, no file and no further process."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    Image.preinit()


def main(asked: list[str]) -> int:
    _narrow()
    works: dict[str, Callable[..., bytes]] = {
        "examine": lambda content: json.dumps(examine(content)).encode(),
        "draw": lambda content, number, width: draw(content, int(number), int(width)),
    }
    try:
        found = works[asked[0]](sys.stdin.buffer.read(), *asked[1:])
    except Refusal as refusal:
        word = str(refusal)
    except Image.DecompressionBombError:
        word = "many-pixels"
    except Exception:  # the libraries raise what they like over a broken file
        word = "damaged"
    else:
        sys.stdout.buffer.write(found)
        return 0
    sys.stderr.write(word)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
